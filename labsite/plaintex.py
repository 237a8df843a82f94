"""LaTeX that needs no parser: braces that protect, accents, dashes, quotes, styled words.

Of most bibliographies that is nearly every field. What it reads, it reads as
:mod:`labsite.texnodes` does, many times faster.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from labsite.model import RichText, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

STYLES: Final = {
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
"""Command → kind of span that its argument becomes."""
_SIMPLE_SCRIPT: Final = re.compile(r"\s*([_^])\s*(?:\{([\w+\-*]+)\}|(\w))\s*")
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
_ACCENTS: Final = dict(zip("\"'`^~=.", "\u0308\u0301\u0300\u0302\u0303\u0304\u0307", strict=True))
"""Command → the combining character that stands for its accent."""
_SIGNS: Final = {
    **{"---": "—", "--": "–", "``": "“", "''": "”", "!`": "¡", "?`": "¿"},
    "~": "\u00a0",
}
_SIGN: Final = re.compile("---?|``|''|[!?]`|~")
_NOT_TEXT: Final = frozenset("\\$~`'<>!?&#\"^_-")


def read_apart(
    source: str, read_math: Callable[[str], tuple[RichText, tuple[str, ...]]]
) -> RichText | None:
    """Read plain LaTeX piece by piece; None if it is not plain.

    Braces only protect here: no command stands before them.

    Args:
        source: LaTeX, its white space evened out.
        read_math: Reads a formula, its dollars included; returns it and what is wrong with it.
    """
    pieces = _PIECE.findall(source)
    if "$$" in source or sum(map(len, pieces)) != len(source):
        return None
    spans: list[Span] = []
    plain: list[str] = []
    depth = 0
    for piece in pieces:
        if piece in {"{", "}"}:
            depth += 1 if piece == "{" else -1
            if depth < 0:
                return None
        elif span := _span(piece):
            spans.append(span)
            plain.append(span.text or span.children[0].text)
        else:
            text, issues = read_math(piece)
            if issues:
                return None
            spans += text.spans
            plain.append(text.plain)
    return None if depth else RichText(merge(spans), "".join(plain))


def _span(piece: str) -> Span | None:
    """Read a piece that is no brace; None if it is a formula."""
    if piece[0] not in _NOT_TEXT:
        return Span("text", piece)
    if piece[0] == "$":
        return lone_script(piece[1:-1])
    if piece[0] != "\\":
        return Span("text", _SIGN.sub(lambda sign: _SIGNS[sign[0]], piece))
    if piece[1] in _ACCENTS:
        letter = piece[2:].strip("{}")
        return Span("text", unicodedata.normalize("NFC", letter + _ACCENTS[piece[1]]))
    if len(piece) == 2:
        return Span("text", " " if piece[1] == "," else piece[1])
    command, _, words = piece[1:-1].partition("{")
    return Span(STYLES[command], children=(Span("text", words),))


def lone_script(tex: str) -> Span | None:
    """Return a lone sub- or superscript (``T$_2$``), which is text, as its author meant."""
    if not (match := _SIMPLE_SCRIPT.fullmatch(tex)):
        return None
    kind = "sub" if match[1] == "_" else "sup"
    return Span(kind, children=(Span("text", match[2] or match[3]),))


def merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Join neighbouring text and drop what is empty."""
    merged: list[Span] = []
    for span in spans:
        if span.kind == "text" and merged and merged[-1].kind == "text":
            merged[-1] = Span("text", merged[-1].text + span.text)
        elif span.text or span.children:
            merged.append(span)
    return tuple(merged)
