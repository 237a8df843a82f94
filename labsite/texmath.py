r"""Formulas of registries → TeX math that :mod:`labsite.latex` reads: from TeX, and from MathML."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from labsite.latex import decode
from labsite.texnodes import is_tame

_BETWEEN_DOLLARS: Final = re.compile(r"\$+([^$]+)\$+")
_ENDLESS: Final = re.compile(r"\\(?:begin|end|documentclass|usepackage)\b")
_WHOLE_GROUP: Final = re.compile(r"\{([^{}]*)\}")
_IN_TEXT: Final = re.compile(
    r"""
    (?<!\\)\$\$(?P<display>[^$]+)\$\$
    | (?<!\\)\$(?P<inline>[^\s$](?:[^$]*[^\s$\\])?)\$(?!\d)
    | \\\((?P<bracket>.+?)\\\)
    """,
    re.VERBOSE,
)
_LOOKS_LIKE_MATH: Final = re.compile(r"[\\^_{=<>+]|\A[A-Za-z]\Z")
_SCRIPTS: Final = frozenset({"msub", "msup", "msubsup"})
_ROWS: Final = frozenset({"math", "mrow", "mstyle", "mpadded", "semantics"})
_TOKENS: Final = frozenset({"mi", "mn", "mo", "mtext", "ms"})
_PRIMES: Final = {"′": "'", "'": "'", "″": "''", "‴": "'''"}
_ACCENTS: Final = {
    **dict.fromkeys("^ˆ\u0302", "\\hat"),
    **dict.fromkeys("~˜\u0303", "\\tilde"),
    **dict.fromkeys("¯‾−\u0304\u0305", "\\bar"),
    **dict.fromkeys("→\u20d7", "\\vec"),
    "˙": "\\dot",
}
_SIGNS: Final = {
    "−": "-", "∗": "*", "×": "\\times ", "·": "\\cdot ", "∞": "\\infty ", "ℓ": "\\ell ",
    "±": "\\pm ", "≤": "\\leq ", "≥": "\\geq ", "∈": "\\in ", "→": "\\to ", "∇": "\\nabla ",
    "∂": "\\partial ", "≈": "\\approx ", "\u2061": "", "\u2062": "", "\u2063": "", **_PRIMES,
}  # fmt: skip


def readable_math(tex: str) -> str:
    r"""Return TeX math, without what delimits it, if the site reads it as math; else nothing.

    ``\{`` becomes ``\lbrace``, since BibTeX counts braces; ``{k}`` is ``k``.
    """
    found = _BETWEEN_DOLLARS.search(tex)
    if not found and _ENDLESS.search(tex):
        return ""
    text = " ".join((found[1] if found else tex).split())
    text = re.sub(r"\\\{\s*", r"\\lbrace ", text)
    text = re.sub(r"\\\}", r"\\rbrace ", text).strip()
    if group := _WHOLE_GROUP.fullmatch(text):
        text = group[1].strip()
    if not text or "$" in text or not is_tame(text) or not is_balanced(text):
        return ""
    read, issues = decode(f"${text}$")
    kinds = {span.kind for span in read.spans}
    return text if not issues and kinds and kinds <= {"math", "sub", "sup"} else ""


def is_balanced(text: str) -> bool:
    """Whether braces close as BibTeX counts them."""
    depth = 0
    for char in text:
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth < 0:
            return False
    return depth == 0


def divide(text: str) -> list[tuple[str, str]]:
    r"""Divide a text at what is well-formed TeX math in it: ``$…$``, ``$$…$$`` or ``\(…\)``.

    ``$5 and $6`` is money: between two dollars there must be something that looks like math.

    Returns:
        Texts as they are, each with the math behind it; nothing behind the last.
    """
    pieces: list[tuple[str, str]] = []
    start = 0
    for found in _IN_TEXT.finditer(text):
        inner = (found["display"] or found["inline"] or found["bracket"]).strip()
        tex = readable_math(inner) if _LOOKS_LIKE_MATH.search(inner) else ""
        if tex:
            pieces.append((text[start : found.start()], tex))
            start = found.end()
    return [*pieces, (text[start:], "")]


@dataclass
class Element:
    """An element of markup.

    Attributes:
        parts: Its content as LaTeX.
        data: Its own text, as it is.
        children: Its elements.
        tex: Of a formula, what its source says in TeX.
    """

    tag: str
    parts: list[str] = field(default_factory=list)
    tex: str = ""
    data: str = ""
    children: list[Element] = field(default_factory=list)


def is_plain(element: Element) -> bool:
    """Whether MathML says no more than a text does, with lone sub- and superscripts."""
    if element.tag in _TOKENS:
        return True
    if element.tag in {"msub", "msup"}:
        is_lone = all(child.tag in _TOKENS or child.tag == "mrow" for child in element.children)
        script = element.children[-1] if element.children else element
        return is_lone and script.data.strip() not in _PRIMES and _are_plain(element)
    return element.tag in _ROWS and _are_plain(element)


def _are_plain(element: Element) -> bool:
    return all(map(is_plain, element.children))


def mathml_to_tex(element: Element) -> str:
    """Return TeX for a formula of simple MathML; an empty text if it is not simple."""
    written = _tex(element)
    return readable_math(written) if written else ""


def _tex(element: Element) -> str | None:
    if element.tag in _TOKENS:
        return _token(element)
    if element.data.strip():  # text where none belongs
        return None
    if element.tag == "mover" and len(element.children) == 2:
        base, accent = _tex(element.children[0]), element.children[1].data.strip()
        return f"{_ACCENTS[accent]}{{{base.strip()}}}" if base and accent in _ACCENTS else None
    children = [_tex(child) for child in element.children if not child.tag.startswith("annotation")]
    known = [child for child in children if child is not None]
    if len(known) != len(children):
        return None
    match element.tag, known:
        case tag, _ if tag in _ROWS:
            return "".join(known).strip()
        case "msub", [base, low]:
            return f"{_base(base)}_{_script(low)}"
        case "msup", [base, high]:
            return f"{_base(base)}{_raised(high)}"
        case "msubsup", [base, low, high]:
            return f"{_base(base)}_{_script(low)}{_raised(high)}"
        case "mfrac", [above, below]:
            return f"\\frac{{{above.strip()}}}{{{below.strip()}}}"
        case "msqrt", _ if known:
            return f"\\sqrt{{{''.join(known)}}}"
    return None


def _base(tex: str) -> str:
    return tex if len(tex.strip()) == 1 or re.fullmatch(r"\\[a-z]+\s?", tex) else f"{{{tex}}}"


def _script(tex: str) -> str:
    return tex if len(tex) == 1 else f"{{{tex.strip()}}}"


def _raised(tex: str) -> str:
    return f"^{_script(tex)}" if tex.strip("'") else tex


def _token(element: Element) -> str | None:
    text = " ".join(element.data.split())
    if element.tag in {"mi", "mtext", "ms"} and len(text) > 1 and text.isascii():
        command = "\\mathrm" if text.isalnum() else "\\text"
        is_safe = re.fullmatch(r"[\w .,:()-]*", text) and "_" not in text
        return f"{command}{{{text}}}" if is_safe else None
    written = "".join(_sign(char) or ("" if char in _SIGNS else "\0") for char in text)
    return None if "\0" in written else written


def _sign(char: str) -> str:
    """Return a sign in TeX; an empty text if it is not known."""
    if char in _SIGNS:
        return _SIGNS[char]
    if char.isascii():
        return "" if char in "\\{}$%#&~^_" else char
    name = unicodedata.name(char, "").split()
    if len(name) == 4 and name[0] == "GREEK" and name[2] == "LETTER":
        letter = name[3].lower().replace("lamda", "lambda")
        command = letter if name[1] == "SMALL" else letter.capitalize()
        return f"\\{command} " if readable_math(f"\\{command}") else ""
    return ""
