"""LaTeX in bibliography fields → text with markup.

What matters to a reader is kept (emphasis, sub- and superscripts, math), what only matters to TeX
is dropped (protecting braces). Capitals are never changed. Plain LaTeX is read piece by piece
(:mod:`labsite.plaintex`); the rest is pylatexenc's to read (:mod:`labsite.texnodes`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from labsite.model import RichText, Span
from labsite.plaintex import merge, read_apart

MAX_DEPTH: Final = 60
"""Braces nested deeper than this are not read as LaTeX (nobody writes them on purpose)."""
MAX_LENGTH: Final = 50_000
"""What is longer is not read as LaTeX either: it takes a minute a million characters."""

MAX_BRACKETS: Final = 6
"""So many ``[`` behind commands may be open: pylatexenc takes twice as long with each."""
_BRACKET: Final = re.compile(r"(\\(?:[A-Za-z]+|.)[*\s]*\[)|\]")

_NEEDS_READING: Final = re.compile(r"[\\{}$~%]|--|``|''")
BARE_PERCENT: Final = "A bare % starts a comment in LaTeX and hides the rest of the line."
_PERCENT: Final = re.compile(r"(?<!\\)%")
_DOLLAR: Final = re.compile(r"(?<!\\)\$")
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
    apart = read_apart(source, _read)
    return _read(source) if apart is None else (apart, ())


@lru_cache(maxsize=4096)
def _read(source: str) -> tuple[RichText, tuple[str, ...]]:
    """Read LaTeX as a whole."""
    # and pylatexenc with it: only now, as hardly any rebuild needs it
    from labsite.texnodes import plain_text, read_spans

    issues: list[str] = []
    mended = source
    if _PERCENT.search(source):
        issues.append(BARE_PERCENT)
        mended = _PERCENT.sub(r"\\%", mended)
    if len(_DOLLAR.findall(mended)) % 2:
        issues.append("A bare $ starts math in LaTeX and nothing ends it.")
        mended = _DOLLAR.sub(r"\\$", mended)
    try:
        spans = merge(read_spans(mended, issues))
        if _levels(spans) > MAX_DEPTH:
            return RichText.from_plain(source), (
                f"Commands are nested more than {MAX_DEPTH} deep.",
            )
        result = RichText(spans, plain_text(spans))
    except Exception as error:  # pylatexenc raises whatever it stumbles over in cut-off macros
        return RichText.from_plain(source), (*issues, f"The LaTeX cannot be read ({error}).")
    return result, tuple(dict.fromkeys(issues))


@lru_cache(maxsize=4096)
def decode_plain(source: str) -> str:
    """Return only the plain text of :func:`decode`, for names and other unmarked fields."""
    return decode(source)[0].plain


def load_parser() -> None:
    """Load what :func:`decode` loads when it meets the first field that is not plain.

    It is for work that may be shared among processes: each would load that again.
    """
    from labsite import texnodes  # noqa: F401


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


def _levels(spans: tuple[Span, ...]) -> int:
    return 1 + max((_levels(span.children) for span in spans), default=0)
