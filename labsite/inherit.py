"""``crossref`` and ``xdata``: fields that entries take from others (biblatex manual, app. B)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from labsite.diagnostics import Problem, Suggestions
from labsite.vocabulary import SITE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from labsite.entries import Entry, Field

_NOT_INHERITED: Final = (SITE_FIELDS - {"abbr"}) | frozenset(
    "key ids options abstract crossref xdata doi url eprint eprinttype eprintclass related "
    "relatedtype addendum note entrysubtype pages eid".split()
)
"""What describes the parent only. biblatex is wider, but a reader would take the proceedings' DOI
or pages for the paper's."""
_PARENTS: Final = ("crossref", "xdata")
"""The fields that name whom an entry takes fields from."""
_MOST_ANCESTORS: Final = 20
"""How many ancestors an entry has at most, and how many entries it may name itself; nobody has more
but by a mistake, and each of them is exported with it."""


@dataclass(frozen=True, slots=True)
class Heir:
    """An entry with what it takes from others.

    Attributes:
        entry: The fields of its own and the inherited ones.
        ancestors: Whom it takes them from, nearest first, each once and before its own parents.
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
    children = []
    for entry in entries:
        if any(name in entry.fields for name in _PARENTS):
            children.append(entry)
        else:
            known[id(entry)] = Heir(entry, ())
    for entry in children:
        _settle(entry, by_key, known)
    heirs = [known[id(entry)] for entry in entries]
    suggestions = Suggestions(entry.key for entry in by_key.values())
    return heirs, [found for entry in children for found in _problems(entry, by_key, suggestions)]


def _settle(entry: Entry, by_key: Mapping[str, Entry], known: dict[int, Heir]) -> None:
    """Work out what an entry inherits, after its parents; a circle ends where it began."""
    waiting, begun = [entry], set[int]()
    while waiting:
        entry = waiting[-1]
        begun.add(id(entry))
        parents = list(_parents(entry, by_key))
        ahead = [item for _, item in parents if id(item) not in known and id(item) not in begun]
        if ahead:
            waiting += reversed(ahead)
            continue
        waiting.pop()
        if id(entry) not in known:
            known[id(entry)] = _heir(entry, parents, known)


def _heir(entry: Entry, parents: Sequence[tuple[str, Entry]], known: Mapping[int, Heir]) -> Heir:
    """Collect from the parents, the first before the second."""
    if not parents:
        return Heir(entry, ())
    fields, line = dict(entry.fields), [parent for _, parent in parents]
    for how, parent in parents:
        heir = known.get(id(parent), Heir(parent, ()))  # not known yet: it is in a circle
        fields = {**_passed_on(heir.entry, how, fields), **fields}
        line += heir.ancestors
    last_places = {id(item): item for item in reversed(line) if item is not entry}
    ancestors = tuple(reversed(last_places.values()))[:_MOST_ANCESTORS]
    return Heir(replace(entry, fields=fields), ancestors)


_SAME: Final = (
    {"date", "year"},
    {"journal", "journaltitle"},
    {"number", "issue"},
    {"school", "institution"},
    {"address", "location"},
    {"language", "langid"},
)
"""Fields that say the same in BibTeX's and in biblatex's words."""


def _passed_on(parent: Entry, how: str, own: Mapping[str, Field]) -> dict[str, Field]:
    """Return what a parent gives to an entry that has fields of its own."""
    passed = {name: item for name, item in parent.fields.items() if name not in _NOT_INHERITED}
    if how == "crossref":  # what the parent is called tells where the heir appeared
        whole = "journal" if parent.type == "periodical" else "book"
        for name in ("title", "subtitle", "titleaddon"):
            if title := passed.pop(name, None):
                passed.setdefault(f"{whole}{name}", title)
    if "year" in own and own["year"].value != parent.get("year"):
        passed.pop("month", None)  # it is a month of another year
    said = {name for names in _SAME if names & own.keys() for name in names}
    said |= {f"{name}+an" for name in own}  # notes on the parent's names, not on these
    return {name: item for name, item in passed.items() if name not in said}


def _parent_keys(entry: Entry) -> Iterator[tuple[str, str]]:
    for name in _PARENTS:
        for key in dict.fromkeys(filter(None, re.split(r"[\s,]+", entry.get(name)))):
            yield name, key


def _parents(entry: Entry, by_key: Mapping[str, Entry]) -> Iterator[tuple[str, Entry]]:
    for name, key in islice(_parent_keys(entry), _MOST_ANCESTORS):
        parent = by_key.get(key.lower())
        if parent is not None and parent is not entry:
            yield name, parent


def _problems(
    entry: Entry, by_key: Mapping[str, Entry], suggestions: Suggestions
) -> Iterator[Problem]:
    for place, (name, key) in enumerate(_parent_keys(entry)):
        if place == _MOST_ANCESTORS:
            what = f"Entry {entry.key!r} takes fields from more than {place} entries."
            remedy = f"Name {place} at most; the others are left out."
            yield Problem(entry.path, entry.line_of(name), "bib_crossref", what, remedy)
            return
        parent = by_key.get(key.lower())
        if parent is None or parent is entry:
            remedy = suggestions.near(key, entry.key)
            what = f"Entry {entry.key!r} takes fields from {key!r}, which does not exist."
            yield Problem(
                entry.path,
                entry.line_of(name),
                "bib_crossref",
                what,
                remedy or "Correct the key, or add that entry.",
            )
