"""LaTeX as pylatexenc reads it → spans, and the nearest plain text of math.

Both pylatexenc and latex2mathml come with this module, so only :mod:`labsite.latex` imports it in a
build, and late.
"""

from __future__ import annotations

import logging
import re
from typing import Final

from latex2mathml import commands
from latex2mathml.symbols_parser import convert_symbol
from pylatexenc.latex2text import LatexNodes2Text, get_default_latex_context_db
from pylatexenc.latexwalker import (
    LatexCharsNode,
    LatexEnvironmentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexMathNode,
    LatexNode,
    LatexSpecialsNode,
    LatexWalker,
)
from pylatexenc.latexwalker import get_default_latex_context_db as get_walker_context_db
from pylatexenc.macrospec import MacroSpec

from labsite.model import Span
from labsite.plaintex import STYLES, lone_script, merge

_DECLARATIONS: Final = {
    "em": "em",
    "it": "em",
    "itshape": "em",
    "sl": "em",
    "bf": "strong",
    "bfseries": "strong",
    "tt": "code",
    "ttfamily": "code",
    "sc": "smallcaps",
    "scshape": "smallcaps",
}
_TRANSPARENT: Final = frozenset(
    {"text", "textrm", "textup", "textnormal", "mbox", "url", "NoCaseChange"}
)
_MATH_COMMANDS: Final = frozenset(
    name
    for value in vars(commands).values()
    if isinstance(value, str | tuple | list | dict | set | frozenset)
    for name in ([value] if isinstance(value, str) else value)
    if isinstance(name, str) and re.fullmatch(r"\\(?!\w*(?:def|command)$).+", name)
)
_TEMPLATE: Final = "%s"
"""What pylatexenc leaves in place of an argument that is not there."""
_COMMAND: Final = re.compile(r"\\\s*([A-Za-z@]+)")
_TOKEN: Final = re.compile(r"\\(?:([A-Za-z@]+)|.|$)|%", re.DOTALL)
_TAME: Final = frozenset(
    {*STYLES, *_DECLARATIONS, *_TRANSPARENT, *"cHkbdruvt", "enquote", "ensuremath"}
)
_ACTING: Final = frozenset(
    "begin end verb href url unicode newenvironment DeclareMathOperator class style cssId "
    "includegraphics footnote title author date maketitle item section".split()
)
"""Commands that are read here as math or text, but are no signs."""
_ONE_ARGUMENT: Final = [*STYLES, *_TRANSPARENT, "enquote", "ensuremath"]
_walker_context = get_walker_context_db()
_walker_context.add_context_category(
    "labsite",
    macros=[MacroSpec("href", "{{"), *(MacroSpec(name, "{") for name in _ONE_ARGUMENT)],
    prepend=True,
)
_text_context = get_default_latex_context_db()
_to_text = LatexNodes2Text(
    latex_context=_text_context, math_mode="text", strict_latex_spaces=True, keep_comments=False
)


# what it says of commands without their arguments is no message for a maintainer
logging.getLogger("pylatexenc").addHandler(logging.NullHandler())


def read_spans(source: str, issues: list[str]) -> list[Span]:
    """Read LaTeX.

    Args:
        source: In which no dollar or per cent stands bare.
        issues: Gets what could not be read, one whole sentence each.

    Raises:
        Exception: pylatexenc raises whatever it stumbles over in cut-off macros.
    """
    walker = LatexWalker(source, latex_context=_walker_context, tolerant_parsing=True)
    return _spans(walker.get_latex_nodes()[0], issues)


def plain_text(spans: tuple[Span, ...]) -> str:
    """Return the text of spans."""
    return "".join(
        span.text
        if span.kind == "text"
        else math_text(span.text)
        if span.kind == "math"
        else plain_text(span.children)
        for span in spans
    )


def is_tame(source: str) -> bool:
    r"""Whether LaTeX has only commands that write signs and styles: none that acts (``\input``)."""
    return not source.count("^^") and all(
        _is_sign(found[1]) if found[1] else found[0] not in {"\\", "%"}
        for found in _TOKEN.finditer(source)
    )


def _is_sign(command: str) -> bool:
    spec = _text_context.get_macro_spec(command)
    written = spec.simplify_repl if spec else ""
    is_sign = isinstance(written, str) and bool(written) and command not in _ACTING
    return is_sign or command in _TAME or (command not in _ACTING and _is_math(command))


def math_text(source: str) -> str:
    r"""Return TeX math as the nearest plain text (``\\alpha`` → α)."""
    walker = LatexWalker(f"${source}$", latex_context=_walker_context, tolerant_parsing=True)
    text = str(_to_text.nodelist_to_text(walker.get_latex_nodes()[0])).strip()
    return source if _TEMPLATE in text else text


def _spans(nodes: list[LatexNode], issues: list[str]) -> list[Span]:
    """Convert a node list; a font declaration styles what follows it in its group."""
    spans: list[Span] = []
    for index, node in enumerate(nodes):
        if isinstance(node, LatexMacroNode) and node.macroname in _DECLARATIONS:
            rest = _spans(nodes[index + 1 :], issues)
            return [*spans, Span(_DECLARATIONS[node.macroname], children=merge(rest))]
        spans.extend(_span(node, issues))
    return spans


def _span(node: LatexNode, issues: list[str]) -> list[Span]:
    if isinstance(node, LatexCharsNode):
        return [Span("text", node.chars)]
    if isinstance(node, LatexGroupNode | LatexEnvironmentNode):
        return _spans(node.nodelist, issues)
    if isinstance(node, LatexMathNode):
        opening, closing = node.delimiters
        return [_math(node.latex_verbatim().removeprefix(opening).removesuffix(closing))]
    if isinstance(node, LatexSpecialsNode) and node.specials_chars in {"&", "#"}:
        return [Span("text", node.specials_chars)]
    if isinstance(node, LatexMacroNode):
        return _macro(node, issues)
    return [Span("text", _to_text.node_to_text(node))]


def _macro(node: LatexMacroNode, issues: list[str]) -> list[Span]:
    name = node.macroname
    arguments = [
        arg for arg in (node.nodeargd.argnlist if node.nodeargd else []) if arg is not None
    ]
    if name in STYLES:
        return [Span(STYLES[name], children=merge(_spans(arguments, issues)))]
    if name in _TRANSPARENT:
        return _spans(arguments, issues)
    if name == "enquote":
        return [Span("text", "‘"), *_spans(arguments, issues), Span("text", "’")]
    if name == "ensuremath":
        return [_math("".join(arg.latex_verbatim() for arg in arguments))]
    if name == "href" and len(arguments) == 2:
        return _spans(arguments[1:], issues)
    known = {spec.macroname for spec in (_text_context.get_macro_spec(name),) if spec}
    cut_off = node.nodeargd is None and not node.macro_post_space
    if name not in known or (cut_off and _TEMPLATE in _to_text.node_to_text(node)):
        issues.append(f"The command \\{name} is not known here and is left out.")
        return _spans(arguments, issues)
    return [Span("text", _to_text.node_to_text(node).replace("\n", " "))]


def _math(tex: str) -> Span:
    r"""Math; a lone sub- or superscript (``T$_2$``) is text, as its author meant.

    Only commands that latex2mathml knows are math: others (``\input``, ``\write``) would act in a
    LaTeX build and are kept as text.
    """
    tex = tex.strip()
    if "^^" in tex or not all(map(_is_math, _COMMAND.findall(tex))):
        return Span("text", tex.replace("\\", ""))
    return lone_script(tex) or Span("math", tex)


def _is_math(command: str) -> bool:
    name = f"\\{command}"
    return name in _MATH_COMMANDS or convert_symbol(name) is not None
