"""``check --fix``: what can be mended without a doubt.

A mend changes how a value is written, never what it says: titles and texts read the same on the
site before and after, addresses lead to the same place. Pages get the sign of a range, and lose the
``pp.`` before it. Everything else is for somebody who knows the paper.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from labsite.keeper import changes_capitals
from labsite.keeper_words import (
    bare_doi,
    bare_eprint,
    is_shouted,
    loose_capitals,
    mended_pages,
)
from labsite.latex import decode
from labsite.lint import LATEX_FIELDS, SIGN_FIELDS, bare_percents, bare_signs, divided
from labsite.source import Edit, spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from labsite.entries import Entry, Field
    from labsite.source import Source

FIXED: Final = {
    "capitals": "braces around capitals that BibTeX would make small",
    "identifier": "a DOI or an archive's number without what stands before or behind it",
    "pages": "two hyphens in a range, no 'pp.' before it",
    "bib_latex": "a backslash before a sign that LaTeX reads otherwise",
}
"""Kind → what is done about it; other findings of these kinds are left to the maintainer."""

_TEXTS: Final = frozenset(name for names in LATEX_FIELDS for name in names)
_VALUE: Final = re.compile(r"[^=]*=\s*")


@dataclass(frozen=True, slots=True)
class Fix:
    """One mend: the edits belong together.

    Attributes:
        line: Of the field.
        what: Of :data:`FIXED`.
    """

    key: str
    line: int
    what: str
    edits: tuple[Edit, ...]


def fixes(source: Source, entries: Sequence[Entry]) -> list[Fix]:
    """Return what can be mended in a file.

    Args:
        source: The file.
        entries: All of its entries, as parsed from its text.
    """
    found: list[Fix] = []
    for entry, place in zip(entries, spans(source.text, entries), strict=True):
        if place is None:
            continue  # not well-formed: what ends where is a guess
        known_right = divided(entry.get("keeper"))
        for name, item in entry.fields.items():
            for kind, mend in _MENDS:
                if kind not in known_right:
                    found.extend(_fixed(source, entry, item, place[0], (kind, name, mend)))
    return found


_Mend: TypeAlias = "Callable[[Entry, str, str], list[Edit]]"


def _fixed(
    source: Source, entry: Entry, item: Field, start: int, rule: tuple[str, str, _Mend]
) -> Iterator[Fix]:
    kind, name, mend = rule
    written = entry.raw[item.start : item.end]
    before = _VALUE.match(written)
    begin = before.end() if before else 0
    if not _is_one_piece(written[begin:]):
        return
    inner = written[begin + 1 : -1]
    edits = mend(entry, name, inner)
    place = start + item.start + begin + 1
    if not edits or not source.is_plain(place, place + len(inner)):
        return
    if kind in {"capitals", "bib_latex"} and not _reads_the_same(inner, edits):
        return
    moved = tuple(Edit(place + edit.start, place + edit.end, edit.new) for edit in edits)
    yield Fix(entry.key, item.line, FIXED[kind], moved)


def _is_one_piece(value: str) -> bool:
    """Whether a value is one group in braces or quotation marks."""
    if value[:1] == '"':
        depth, sign = 0, '"'
    elif value[:1] == "{":
        depth, sign = 1, "}"
    else:
        return False
    for index, char in enumerate(value[1:], start=1):
        depth += {"{": 1, "}": -1}.get(char, 0)
        if char == sign and depth == 0:
            return index == len(value) - 1
    return False


def _reads_the_same(inner: str, edits: list[Edit]) -> bool:
    new = inner
    for edit in sorted(edits, reverse=True):
        new = new[: edit.start] + edit.new + new[edit.end :]
    return decode(new)[0].plain == decode(inner)[0].plain


def _capitals(entry: Entry, name: str, inner: str) -> list[Edit]:
    if name != "title" or not changes_capitals(entry) or is_shouted(inner):
        return []
    return [
        edit
        for start, end in loose_capitals(inner)
        for edit in (Edit(start, start, "{"), Edit(end, end, "}"))
    ]


def _identifier(entry: Entry, name: str, inner: str) -> list[Edit]:
    bare = {"doi": bare_doi, "eprint": bare_eprint}.get(name)
    return _whole(inner, bare(inner)) if bare else []


def _pages(entry: Entry, name: str, inner: str) -> list[Edit]:
    return _whole(inner, mended_pages(inner)) if name == "pages" else []


def _signs(entry: Entry, name: str, inner: str) -> list[Edit]:
    if name not in _TEXTS:
        return []
    places = set(bare_percents(inner))
    if name in SIGN_FIELDS:
        places |= set(bare_signs(inner))
    return [Edit(place, place, "\\") for place in sorted(places)]


def _whole(inner: str, new: str) -> list[Edit]:
    return [Edit(0, len(inner), new)] if new != inner and new != inner.strip() else []


_MENDS: Final[tuple[tuple[str, _Mend], ...]] = (
    ("bib_latex", _signs),
    ("capitals", _capitals),
    ("identifier", _identifier),
    ("pages", _pages),
)
