"""What the keeper's rules look at, worked out once: publications with their titles and names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from labsite.inherit import inherit
from labsite.latex import decode
from labsite.lint import (
    check_entry,
    check_keys,
    check_latex,
    check_related,
    check_required,
    directions_of,
    divided,
    is_listed,
    unknown_direction,
)
from labsite.model import name_key
from labsite.names import parse_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from labsite.diagnostics import Problem
    from labsite.entries import Entry
    from labsite.model import Name
    from labsite.siteconfig import Data

_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Letters that Unicode does not divide into a plain one and a mark."""
_WORD: Final = re.compile(r"[^\W_]+")
_PREPRINTS: Final = re.compile(r"\b(?:arxiv|corr|biorxiv|medrxiv|preprint)\b", re.IGNORECASE)
_VENUES: Final = ("journal", "journaltitle", "booktitle")


def fold(text: str) -> str:
    """Return a text in small letters without accents, for comparisons."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(char for char in parts if not unicodedata.combining(char))


@dataclass(frozen=True, eq=False)
class Work:
    """One publication.

    Attributes:
        entry: As written.
        whole: The same with what it inherits.
    """

    entry: Entry
    whole: Entry

    @cached_property
    def title(self) -> str:
        """Its title as plain text."""
        return decode(self.whole.get("title"))[0].plain

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of its title and subtitle, folded."""
        subtitle = self.whole.get("subtitle")
        text = f"{self.title} {decode(subtitle)[0].plain}" if subtitle else self.title
        return tuple(_WORD.findall(fold(text)))

    @cached_property
    def authors(self) -> tuple[Name, ...]:
        """Its authors, or else its editors, but those that are no persons."""
        names = parse_names(self.whole.get("author", "editor"))[0]
        return tuple(name for name in names if not name.corporate)

    @cached_property
    def families(self) -> frozenset[str]:
        """The family names of its authors, folded."""
        return frozenset(fold(name.family) for name in self.authors)

    @cached_property
    def known_right(self) -> frozenset[str]:
        """The kinds of findings that the maintainer knows to be none here."""
        return frozenset(divided(self.entry.get("keeper")))

    @cached_property
    def is_preprint(self) -> bool:
        """Whether it has only been put into an archive."""
        if self.entry.type == "unpublished":
            return True
        where = self.whole.get(*_VENUES)
        if where or self.whole.get("school", "institution"):
            return bool(_PREPRINTS.search(where))
        how = self.whole.get("howpublished", "publisher")
        return bool(self.whole.get("eprint") or _PREPRINTS.search(how))

    @property
    def place(self) -> str:
        """Where it stands, as messages name it."""
        return f"{self.entry.path}:{self.entry.line}"


@dataclass(frozen=True)
class Facts:
    """The data files of a site, as rules look at them.

    Attributes:
        data: As read.
        works: The publications, in the order of the files.
        problems: What a build says of the same files.
    """

    data: Data
    works: tuple[Work, ...]
    problems: tuple[Problem, ...]

    @cached_property
    def by_key(self) -> Mapping[str, Work]:
        """Key, or earlier key, → the first work that has it."""
        found = {work.entry.key: work for work in reversed(self.works)}
        for work in self.works:
            for key in divided(work.entry.get("ids")):
                found.setdefault(key, work)
        return found

    @cached_property
    def relations(self) -> frozenset[tuple[str, str]]:
        """Pairs of keys of which one entry names the other, in both orders.

        The second of them is empty for an entry that names one that does not exist.
        """
        pairs = set()
        for work in self.works:
            for key in divided(work.entry.get("related")):
                other = self.by_key[key].entry.key if key in self.by_key else ""
                pairs |= {(work.entry.key, other), (other, work.entry.key)}
        return frozenset(pairs)

    def are_related(self, one: Work, other: Work) -> bool:
        """Whether one of two works names the other, or something that may be meant for it."""
        pairs = {(one.entry.key, other.entry.key), (one.entry.key, ""), (other.entry.key, "")}
        return not pairs.isdisjoint(self.relations)

    @cached_property
    def people(self) -> Mapping[str, str]:
        """Alias, as names are compared, → id of the person who has it."""
        found: dict[str, str] = {}
        for person in self.data.people.people:
            for alias in person.aliases:
                found.setdefault(name_key(alias), person.id)
        return found


def look(data: Data) -> Facts:
    """Read the data of a site as a build does, and note what it would say."""
    entries = data.entries
    heirs, missing = inherit(entries)
    problems: set[Problem] = {*data.people.problems, *missing}
    for bib in data.bibliographies:
        problems.update(bib.problems)
    problems.update(check_keys(entries), check_related(entries), _directions(data))
    works = []
    for entry, heir in zip(entries, heirs, strict=True):
        problems.update(check_entry(entry), check_required(heir.entry))
        if is_listed(entry):
            problems.update(check_latex(heir.entry))
            works.append(Work(entry, heir.entry))
            _ = works[-1].title, works[-1].authors  # now, while they have just been read
    return Facts(data, tuple(works), tuple(sorted(problems)))


def _directions(data: Data) -> Iterator[Problem]:
    folder = data.site.options.directions_folder
    named: list[tuple[str, str, int, Iterable[str]]] = [
        (f"Entry {entry.key!r}", entry.path, entry.line_of("direction"), directions_of(entry))
        for entry in data.entries
        if is_listed(entry)
    ]
    for person in data.people.people:
        for item, line in zip(person.directions, person.direction_lines, strict=True):
            named.append((f"Person {person.id!r}", person.source.path, line, [item]))
    for who, path, line, items in named:
        for item in items:
            if item not in data.directions:
                yield unknown_direction(who, path, line, item, data.directions, folder)
