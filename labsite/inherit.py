"""``crossref`` and ``xdata``: fields that entries take from others (biblatex manual, app. B)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from labsite.diagnostics import Problem, suggest
from labsite.vocabulary import SITE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from labsite.entries import Entry, Field

_NOT_INHERITED: Final = (SITE_FIELDS - {"abbr"}) | frozenset(
    "key ids options abstract crossref xdata doi url eprint eprinttype eprintclass related "
    "relatedtype addendum note entrysubtype".split()
)
"""What describes the parent only. biblatex is wider, but a reader would take the proceedings' DOI
for the paper's."""


@dataclass(frozen=True, slots=True)
class Heir:
    """An entry with what it takes from others.

    Attributes:
        entry: The fields of its own and the inherited ones.
        ancestors: Whom it takes them from, nearest first, each once.
    """

    entry: Entry
    ancestors: tuple[Entry, ...]


def inherit(entries: Sequence[Entry]) -> tuple[list[Heir], list[Problem]]:
    """Give each entry the fields it inherits.

    Returns:
        The heirs in the order of ``entries``, and a problem for every parent that does not exist.
    """
    by_key = {entry.key.lower(): entry for entry in reversed(entries)}
    known: dict[int, Heir] = {}
    heirs = [_heir(entry, by_key, known, 0) for entry in entries]
    return heirs, [problem for entry in entries for problem in _missing(entry, by_key)]


_GENERATIONS: Final = 20
"""How far up entries inherit; nobody goes farther but a circle or a mistake."""


def _heir(entry: Entry, by_key: Mapping[str, Entry], known: dict[int, Heir], depth: int) -> Heir:
    """Collect from parents and theirs, each looked at once; a circle ends where it began."""
    if found := known.get(id(entry)):
        return found
    known[id(entry)] = Heir(entry, ())  # what a circle finds here
    fields = dict(entry.fields)
    ancestors: dict[str, Entry] = {}
    for name, key in _parent_keys(entry):
        parent = by_key.get(key.lower())
        if parent is None or parent is entry or depth == _GENERATIONS:
            continue
        heir = _heir(parent, by_key, known, depth + 1)
        fields = {**_passed_on(heir.entry, name, fields), **fields}
        for item in (parent, *heir.ancestors):
            if item is not entry:
                ancestors.setdefault(item.key, item)
    known[id(entry)] = Heir(replace(entry, fields=fields), tuple(ancestors.values()))
    return known[id(entry)]


_SAME: Final = (
    {"date", "year"},
    {"journal", "journaltitle"},
    {"number", "issue"},
    {"school", "institution"},
    {"address", "location"},
)
"""Fields that say the same in BibTeX's and in biblatex's words."""


def _passed_on(parent: Entry, how: str, own: Mapping[str, Field]) -> dict[str, Field]:
    """Return what a parent gives to an entry that has fields of its own."""
    passed = {name: item for name, item in parent.fields.items() if name not in _NOT_INHERITED}
    if how == "crossref" and (title := passed.pop("title", None)):
        passed.setdefault("booktitle", title)
    said = {name for names in _SAME if names & own.keys() for name in names}
    return {name: item for name, item in passed.items() if name not in said}


def _parent_keys(entry: Entry) -> Iterator[tuple[str, str]]:
    for name in ("crossref", "xdata"):
        for key in filter(None, re.split(r"[\s,]+", entry.get(name))):
            yield name, key


def _missing(entry: Entry, by_key: Mapping[str, Entry]) -> Iterator[Problem]:
    for name, key in _parent_keys(entry):
        parent = by_key.get(key.lower())
        if parent is None or parent is entry:
            remedy = suggest(key, by_key.keys() - {entry.key.lower()})
            what = f"Entry {entry.key!r} takes fields from {key!r}, which does not exist."
            yield Problem(
                entry.path,
                entry.line_of(name),
                "bib_crossref",
                what,
                remedy or "Correct the key, or add that entry.",
            )
