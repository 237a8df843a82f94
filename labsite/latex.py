"""LaTeX in bibliography fields → text with markup.

The reading is pylatexenc's; this module keeps the structure that matters to a reader (emphasis,
sub- and superscripts, math) and drops what only matters to TeX (protecting braces). Capitals are
never changed.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
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

from labsite.model import RichText, Span

MAX_DEPTH: Final = 60
"""Braces nested deeper than this are not read as LaTeX (nobody writes them on purpose)."""
MAX_LENGTH: Final = 50_000
"""What is longer is not read as LaTeX either: it takes a minute a million characters."""

MAX_BRACKETS: Final = 6
"""So many ``[`` behind commands may be open: pylatexenc takes twice as long with each."""
_BRACKET: Final = re.compile(r"(\\(?:[A-Za-z]+|.)[*\s]*\[)|\]")

_STYLES: Final = {
    "emph": "em",
    "textit": "em",
    "textsl": "em",
    "mkbibemph": "em",
    "textbf": "strong",
    "mkbibbold": "strong",
    "texttt": "code",
    "textsc": "smallcaps",
    "textsubscript": "sub",
    "textsuperscript": "sup",
}
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
_NEEDS_READING: Final = re.compile(r"[\\{}$~%]|--|``|''")
BARE_PERCENT: Final = "A bare % starts a comment in LaTeX and hides the rest of the line."
_PERCENT: Final = re.compile(r"(?<!\\)%")
_DOLLAR: Final = re.compile(r"(?<!\\)\$")
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
    {*_STYLES, *_DECLARATIONS, *_TRANSPARENT, *"cHkbdruvt", "enquote", "ensuremath"}
)
_ACTING: Final = frozenset(
    "begin end verb href url unicode newenvironment DeclareMathOperator class style cssId "
    "includegraphics footnote title author date maketitle item section".split()
)
"""Commands that are read here as math or text, but are no signs."""
_SIMPLE_SCRIPT: Final = re.compile(r"\s*([_^])\s*(?:\{([\w+\-*]+)\}|(\w))\s*")

_ONE_ARGUMENT: Final = [*_STYLES, *_TRANSPARENT, "enquote", "ensuremath"]
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

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


@lru_cache(maxsize=4096)  # journals and publishers come again and again, inherited ones above all
def decode(source: str) -> tuple[RichText, tuple[str, ...]]:
    """Turn LaTeX into rich text.

    Args:
        source: A field's value without its outer braces.

    Returns:
        The text, and what could not be read, one whole sentence each. Nothing raises: whatever
        cannot be read as LaTeX stays as it was typed.
    """
    source = " ".join(_CONTROL.sub(" ", source).split())
    if not _NEEDS_READING.search(source):
        return RichText.from_plain(source), ()
    if _depth(source) > MAX_DEPTH:
        text = source.replace("{", "").replace("}", "")
        return RichText.from_plain(text), (f"Braces are nested more than {MAX_DEPTH} deep.",)
    if _open_brackets(source) > MAX_BRACKETS:
        issue = f"More than {MAX_BRACKETS} brackets behind commands are nested or not closed."
        return RichText.from_plain(source), (issue,)
    if len(source) > MAX_LENGTH:
        issue = f"It is longer than {MAX_LENGTH:,} characters, too long to be read as LaTeX."
        return RichText.from_plain(source), (issue,)
    return _read_apart(source) or _read(source)


_PIECE: Final = re.compile(
    r"""
    [^\\{}$~%`'<>!?&#"^_-]+                      # text
    | [{}]
    | [~`'<>!?&#"^_-]+                           # what may be joined to other characters
    | \\[%&#_$,]
    | \\["'`^~=.](?:\{[A-Za-z]\}|[A-Za-z])        # accents
    | \\(?:emph|text(?:bf|it|tt))\{[A-Za-z0-9](?:[A-Za-z0-9 ]*[A-Za-z0-9])?\}
    | \$(?:[^\\{}$%]|\\(?:log|exp|times|alpha|beta|ell|infty)(?![A-Za-z]))+\$
    """,
    re.VERBOSE,
)
"""What can be read by itself, whatever stands beside it."""


def _read_apart(source: str) -> tuple[RichText, tuple[str, ...]] | None:
    """Read plain LaTeX piece by piece, many times faster than as a whole; None if it is not plain.

    Braces only protect here: no command stands before them.
    """
    pieces = _PIECE.findall(source)
    if "$$" in source or sum(map(len, pieces)) != len(source):
        return None
    spans: list[Span] = []
    depth = 0
    for piece in pieces:
        if piece in {"{", "}"}:
            depth += 1 if piece == "{" else -1
            if depth < 0:
                return None
        elif piece[0] in _NOT_TEXT:
            text, issues = _read(piece)
            if issues:
                return None
            spans += text.spans
        else:
            spans.append(Span("text", piece))
    if depth:
        return None
    merged = _merge(spans)
    return RichText(merged, _plain(merged)), ()


_NOT_TEXT: Final = frozenset("\\$~`'<>!?&#\"^_-")


@lru_cache(maxsize=4096)
def _read(source: str) -> tuple[RichText, tuple[str, ...]]:
    """Read LaTeX as a whole."""
    issues: list[str] = []
    mended = source
    if _PERCENT.search(source):
        issues.append(BARE_PERCENT)
        mended = _PERCENT.sub(r"\\%", mended)
    if len(_DOLLAR.findall(mended)) % 2:
        issues.append("A bare $ starts math in LaTeX and nothing ends it.")
        mended = _DOLLAR.sub(r"\\$", mended)
    try:
        walker = LatexWalker(mended, latex_context=_walker_context, tolerant_parsing=True)
        spans = _merge(_spans(walker.get_latex_nodes()[0], issues))
        if _levels(spans) > MAX_DEPTH:
            return RichText.from_plain(source), (
                f"Commands are nested more than {MAX_DEPTH} deep.",
            )
        result = RichText(spans, _plain(spans))
    except Exception as error:  # pylatexenc raises whatever it stumbles over in cut-off macros
        return RichText.from_plain(source), (*issues, f"The LaTeX cannot be read ({error}).")
    return result, tuple(dict.fromkeys(issues))


@lru_cache(maxsize=4096)
def decode_plain(source: str) -> str:
    """Return only the plain text of :func:`decode`, for names and other unmarked fields."""
    return decode(source)[0].plain


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


def _depth(source: str) -> int:
    depth = deepest = 0
    for char in source:
        if char == "{":
            depth += 1
            deepest = max(deepest, depth)
        elif char == "}":
            depth -= 1
    return deepest


def _open_brackets(source: str) -> int:
    depth = deepest = 0
    for match in _BRACKET.finditer(source):
        depth = depth + 1 if match[1] else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _spans(nodes: list[LatexNode], issues: list[str]) -> list[Span]:
    """Convert a node list; a font declaration styles what follows it in its group."""
    spans: list[Span] = []
    for index, node in enumerate(nodes):
        if isinstance(node, LatexMacroNode) and node.macroname in _DECLARATIONS:
            rest = _spans(nodes[index + 1 :], issues)
            return [*spans, Span(_DECLARATIONS[node.macroname], children=_merge(rest))]
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
    if name in _STYLES:
        return [Span(_STYLES[name], children=_merge(_spans(arguments, issues)))]
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
    if match := _SIMPLE_SCRIPT.fullmatch(tex):
        kind = "sub" if match[1] == "_" else "sup"
        return Span(kind, children=(Span("text", match[2] or match[3]),))
    return Span("math", tex)


def _is_math(command: str) -> bool:
    name = f"\\{command}"
    return name in _MATH_COMMANDS or convert_symbol(name) is not None


def _merge(spans: list[Span]) -> tuple[Span, ...]:
    """Join neighbouring text and drop what is empty."""
    merged: list[Span] = []
    for span in spans:
        if span.kind == "text" and merged and merged[-1].kind == "text":
            merged[-1] = Span("text", merged[-1].text + span.text)
        elif span.text or span.children:
            merged.append(span)
    return tuple(merged)


def _levels(spans: tuple[Span, ...]) -> int:
    return 1 + max((_levels(span.children) for span in spans), default=0)


def _plain(spans: tuple[Span, ...]) -> str:
    return "".join(
        span.text
        if span.kind == "text"
        else math_text(span.text)
        if span.kind == "math"
        else _plain(span.children)
        for span in spans
    )
