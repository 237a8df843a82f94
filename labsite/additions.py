"""A registry's record → an entry in the house style, and what a maintainer should know of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from labsite.authors import ascii_of, name_list, nearly
from labsite.bib import parse_bib
from labsite.capitals import protect_capitals, protected_names
from labsite.diagnostics import suggest
from labsite.draft import Draft, propose_key, unreadable
from labsite.duplicates import Known, find_known
from labsite.entries import MONTHS
from labsite.keeper_words import is_shouted
from labsite.lint import divided, is_safe_key
from labsite.records import build_publications
from labsite.serials import VENUES, as_written, short_form
from labsite.versions import taken_direction, unlisted, version_notes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from labsite.entries import Entry
    from labsite.found import Found
    from labsite.identifiers import Identifier
    from labsite.model import Person, Publication, Span

_ARCHIVES: Final = {"arxiv": "arXiv", "medrxiv": "medRxiv", "biorxiv": "bioRxiv"}


class NotAdded(Exception):
    """The paper is not added; the message says why, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the maintainer asks for.

    Attributes:
        added: The day for ``added``.
        key: Instead of the proposed one.
        version_of: Key of another version of the same work.
    """

    added: str
    directions: tuple[str, ...] = ()
    key: str = ""
    version_of: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """What the site has already.

    Attributes:
        directions: Ids of the pages of directions.
    """

    entries: tuple[Entry, ...]
    publications: tuple[Publication, ...]
    people: tuple[Person, ...]
    directions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Addition:
    """An entry to add.

    Attributes:
        pub: The same, as the site reads it.
        notes: What a maintainer should know, a line each.
        doubt: Why it may not be what the maintainer wants to add, or empty.
    """

    draft: Draft
    pub: Publication
    notes: tuple[str, ...]
    doubt: str = ""


def make_addition(found: Found, group: Group, wishes: Wishes) -> Addition:
    """Make an entry of a record.

    Raises:
        NotAdded: It is there already, or would not be read as the record says.
    """
    draft = Draft(found.type, "new", _fields(found, group))
    pub = _read(draft, group.people, found.registry)
    known = find_known(pub, found.others, group.publications)
    related = _related(known, wishes)
    fields = {**draft.fields, **_house_fields(found, draft, group, wishes, related)}
    key = wishes.key or _key(pub, found, group)
    if not key:
        raise NotAdded("No key could be made for it. Name one with --key.")
    draft = Draft(found.type, key, fields)
    pub = _read(draft, group.people, found.registry)
    unlisted_note, doubt = unlisted(found, related)
    notes = (
        *found.remarks,
        *version_notes(pub, related, known, group.entries, group.publications),
        *([unlisted_note] if unlisted_note else []),
        *_venue_notes(found, fields),
        *_author_notes(found),
        *_people_notes(pub, group.people),
        *_direction_notes(wishes, related, group),
        *_missing_notes(fields),
    )
    return Addition(draft, pub, notes, found.doubt or doubt)


def _read(draft: Draft, people: Sequence[Person], registry: str) -> Publication:
    if what := unreadable(draft):
        raise NotAdded(f"{registry}'s record cannot be written safely: {what} would be damaged.")
    publications, _ = build_publications([parse_bib(str(draft), "")], people)
    return publications[0]


def check_wishes(group: Group, wishes: Wishes) -> None:
    """Check what was asked for, before a registry is asked.

    Raises:
        NotAdded: It cannot be.
    """
    for direction in wishes.directions:
        if direction not in group.directions:
            listed = f"There are: {', '.join(sorted(group.directions)) or 'none'}."
            hint = suggest(direction, group.directions) or listed
            raise NotAdded(f"There is no direction {direction!r}. {hint}")
    taken = _taken(group.entries)
    if wishes.key and not is_safe_key(wishes.key):
        hint = "Begin with a letter; use letters, digits, '_', '.' and '-'."
        raise NotAdded(f"The key {wishes.key!r} cannot be part of an address. {hint}")
    if wishes.key.lower() in taken:
        where = taken[wishes.key.lower()]
        raise NotAdded(f"The key {wishes.key!r} is taken by the entry at {where}.")
    keys = {entry.key for entry in group.entries}
    if wishes.version_of and wishes.version_of not in keys:
        hint = suggest(wishes.version_of, keys)
        raise NotAdded(f"There is no entry {wishes.version_of!r}. {hint}".strip())


def _taken(entries: Sequence[Entry]) -> dict[str, str]:
    """Return all keys, also earlier ones, in small letters → where they stand."""
    return {
        key.lower(): f"{entry.path}:{entry.line}"
        for entry in entries
        for key in (entry.key, *divided(entry.get("ids")))
    }


def _key(pub: Publication, found: Found, group: Group) -> str:
    names = pub.authors or pub.editors
    family = names[0].name.short if names else ""
    words = family if ascii_of(family) else found.registry
    return propose_key(words, pub.year or 0, _words(pub.title.spans), _taken(group.entries))


def _words(spans: Sequence[Span]) -> str:
    """Return a text without its formulas, and without commands that are left as text."""
    pieces = (span.text if span.kind == "text" else _words(span.children) for span in spans)
    return re.sub(r"\\[A-Za-z]+", " ", "".join(pieces))


# Fields ------------------------------------------------------------------------------------------


def _fields(found: Found, group: Group) -> dict[str, str]:
    """Return what the record says, in the words of this house."""
    year, month = found.date
    names = protected_names(entry.get("title") for entry in group.entries)
    archive, number = found.eprint
    return {
        "title": found.title if is_shouted(found.title) else protect_capitals(found.title, names),
        "author": name_list(found.authors, group.publications),
        "editor": name_list(found.editors, group.publications),
        **{name: as_written(name, value, year, group.entries) for name, value in found.fields},
        "year": str(year or ""),
        "month": MONTHS[month - 1] if month else "",
        "doi": found.doi,
        "eprint": number,
        "eprinttype": archive,
    }


def _house_fields(
    found: Found, draft: Draft, group: Group, wishes: Wishes, related: Sequence[str]
) -> dict[str, str]:
    """Return the fields that are the site's own."""
    fields = {
        "abbr": _abbreviation(found, draft, group.entries),
        "direction": ", ".join(wishes.directions) or taken_direction(related, group.entries)[0],
        "related": ", ".join(related),
        "relatedtype": "version" if related else "",
        "added": wishes.added,
    }
    preprint = next((item for item in found.others if item.kind == "arxiv"), None)
    if preprint and not found.is_preprint and not _has_entry(preprint, related, group):
        fields |= {"eprint": preprint.value, "eprinttype": "arxiv"}
    return fields


def _has_entry(preprint: Identifier, related: Sequence[str], group: Group) -> bool:
    """Whether the preprint is in an entry already: it needs to be linked only once."""
    return any(
        pub.eprint == ("arXiv", preprint.value) or (pub.key in related and pub.kind == "preprint")
        for pub in group.publications
    )


def _abbreviation(found: Found, draft: Draft, entries: Sequence[Entry]) -> str:
    """Return the short venue that all entries of the same venue have, with its own year."""
    year = found.date[0]
    if found.eprint[0] in _ARCHIVES and found.is_preprint and year:
        return f"{_ARCHIVES[found.eprint[0]]} {year}"
    own = next((draft.fields[name] for name in VENUES if draft.fields.get(name)), "")
    return short_form(own, year, entries)


# Other versions ----------------------------------------------------------------------------------


def _related(known: Sequence[Known], wishes: Wishes) -> tuple[str, ...]:
    """Return the keys of other versions.

    Raises:
        NotAdded: One is no other version, but the same.
    """
    same = [item for item in known if not item.is_version and item.pub.key != wishes.version_of]
    if same:
        one = same[0]
        where = f"{one.pub.source.path}:{one.pub.source.line}"
        message = f"It is there already: {one.pub.key!r} at {where} has {one.why}."
        if "link" in one.why:
            raise NotAdded(f"{message} A preprint that is only a link needs no entry of its own.")
        if "title" in one.why:
            message += f" If this is another version of it: --version-of {one.pub.key}"
        raise NotAdded(message)
    keys = [item.pub.key for item in known if item.is_version]
    return tuple(dict.fromkeys([*([wishes.version_of] if wishes.version_of else []), *keys]))


# Notes -------------------------------------------------------------------------------------------


def _venue_notes(found: Found, fields: Mapping[str, str]) -> list[str]:
    return [
        f"{name} is written as in other entries; the record has {value!r}."
        for name, value in found.fields
        if fields.get(name, value) != value
    ]


def _author_notes(found: Found) -> list[str]:
    """Say if a registry has names in capitals, or in small letters, throughout."""
    names = [item.family or item.name for item in found.authors if not item.is_organisation]
    given = " ".join(f"{item.given} {item.name}" for item in found.authors)
    if any(map(str.islower, names)) and not any(map(str.isupper, given)):
        return ["The record has authors in small letters: write their names as they do."]
    if (
        names
        and all(map(str.isupper, names))
        and any(re.search(r"[^\W\d_]{4}", name) for name in names)
    ):
        return ["The record has its authors in capitals: compare their names with the paper."]
    return []


def _direction_notes(wishes: Wishes, related: Sequence[str], group: Group) -> list[str]:
    direction, key = taken_direction(related, group.entries)
    if wishes.directions or not direction:
        return []
    return [f"direction is that of {key}, {direction}; --direction ID gives it another."]


def _people_notes(pub: Publication, people: Sequence[Person]) -> list[str]:
    by_id = {person.id: person for person in people}
    names = [by_id[identity].name for identity in pub.people]
    notes = [f"Of the group: {', '.join(names)}."] if names else []
    for author in (*pub.authors, *pub.editors):
        if author.person:
            continue
        for person in nearly(author.name, people):
            if person.id not in pub.people:
                name = author.name
                alias = ", ".join(part for part in (name.short, name.suffix, name.given) if part)
                where = f"{person.source.path}:{person.source.line}"
                notes.append(
                    f"{alias!r} may be {person.name}: if so, add this spelling to the aliases at "
                    f"{where}."
                )
    return notes or ["Nobody of the group is among the authors, by the aliases in people.yml."]


def _missing_notes(fields: Mapping[str, str]) -> list[str]:
    notes = []
    if not fields["direction"]:
        notes.append("It has no direction yet: --direction ID, or a line in the entry.")
    if not fields["abbr"]:
        notes.append("abbr, the short venue, is yours to write.")
    if fields.get("series", "").startswith("Lecture Notes in ") and not fields.get("volume"):
        notes.append("The record has no volume of its series: look it up.")
    if is_shouted(fields["title"]):
        notes.append("The title is all in capitals: type it anew.")
    return notes
