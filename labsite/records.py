"""Entries and people → publications: decoded, linked, in the order of every list."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from labsite.decoding import lines_in, make_publication, moved_lines
from labsite.exports import bibtex
from labsite.fingerprint import digest_of
from labsite.inherit import inherit
from labsite.latex import load_parser
from labsite.lint import (
    LONGEST_KEY,
    check_entry,
    check_keys,
    check_related,
    check_required,
    is_listed,
    is_safe_key,
)
from labsite.model import Publication, Source, name_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from labsite.diagnostics import Problem
    from labsite.entries import Bibliography, BibTeX, Entry
    from labsite.inherit import Heir
    from labsite.model import Person

_NOT_LISTED: Final = frozenset({"abstract", "added", "ids", "keywords", "related", "relatedtype"})
"""Fields that no list shows, but in its BibTeX."""
_MANY: Final = 100  # entries, of which some have more than plain LaTeX


Read: TypeAlias = "tuple[int, Publication | None, list[Problem]]"
"""Place among the entries, the record if lists have it, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class _Unread:
    """An entry that is still to be decoded.

    Attributes:
        place: Among all entries.
    """

    place: int
    entry: Entry
    heir: Heir
    slug: str
    digest: str


def build_publications(
    bibliographies: Iterable[Bibliography],
    people: Iterable[Person],
    known: Mapping[str, Publication] | None = None,
    share: Callable[..., list[Read]] | None = None,
) -> tuple[tuple[Publication, ...], tuple[Problem, ...]]:
    """Turn what the bib files hold into records.

    Args:
        bibliographies: The files' contents, in the order of the files.
        people: Group members; their aliases link author names to them.
        known: Digest → a record made earlier of an entry in which nothing is wrong: what has that
            digest is not decoded again.
        share: Does work on a list, perhaps in several processes.

    Returns:
        The publications in list order (year down, then month and day down where given, then the
        order of the files), and every problem found. No entry is dropped: one whose key is taken or
        unsafe gets a safe :attr:`~labsite.model.Publication.slug`.
    """
    entries = [entry for bib in bibliographies for entry in bib.entries]
    problems = [*check_keys(entries), *check_related(entries)]
    inherited, found_missing = inherit(entries)
    problems.extend(found_missing)
    aliases, known = _aliases(people), known or {}
    claimed = digest_of(sorted(aliases.items()))
    found: dict[int, Publication] = {}
    unread = []
    heirs = zip(entries, inherited, _slugs(entries), strict=True)
    for place, (entry, heir, slug) in enumerate(heirs):
        digest = digest_of((claimed, slug, *_as_written(heir)))
        if pub := known.get(digest):
            found[place] = _placed(pub, heir)
        else:
            unread.append(_Unread(place, entry, heir, slug, digest))

    if len(unread) >= _MANY:
        load_parser()

    def read(some: Sequence[_Unread]) -> list[Read]:
        written: dict[int, BibTeX] = {}
        return [_read(one, aliases, claimed, written) for one in some]

    for place, made, faults in share(read, unread) if share else read(unread):
        problems += faults
        if made:
            found[place] = made
    listed = [found[place] for place in sorted(found)]
    listed.sort(key=lambda pub: pub.date.sort_key if pub.date else (0, 0, 0), reverse=True)
    return _with_labels(listed), tuple(problems)


def _read(
    unread: _Unread, aliases: Mapping[str, str], claimed: str, written: dict[int, BibTeX]
) -> Read:
    entry, heir = unread.entry, unread.heir
    problems = [*check_entry(entry), *check_required(heir.entry)]
    if not is_listed(entry):
        return unread.place, None, problems
    source = _with_parents(entry, heir, written)
    listed = _listed(heir.entry, unread.slug, claimed, source)
    digests = {"digest": unread.digest, "listed": listed}
    pub = make_publication(heir.entry, unread.slug, aliases, source, problems, digests)
    return unread.place, replace(pub, faulty=True) if problems else pub, problems


def _as_written(heir: Heir) -> tuple[object, ...]:
    """Return all that a record is made of, but the place in the file."""
    one = heir.entry
    if one.raw and not heir.ancestors:  # its own text and abbreviations say all
        return one.type, one.key, one.raw, one.strings
    return tuple(
        (entry.type, entry.key, entry.raw, entry.strings, _values(entry))
        for entry in (one, *heir.ancestors)
    )


def _values(entry: Entry) -> list[tuple[str, str]]:
    return [(field.name, field.value) for field in entry.fields.values()]


def _placed(pub: Publication, heir: Heir) -> Publication:
    """Return a record with the lines on which its entry stands now."""
    entry, before = heir.entry, pub.source
    if (before.path, before.line) == (entry.path, entry.line):
        return pub
    same = entry.raw and not heir.ancestors  # then its lines have all moved by as many
    lines = moved_lines(pub, entry.line - before.line) if same else lines_in(entry)
    return replace(pub, source=Source(entry.path, entry.line), **lines)


def _listed(entry: Entry, slug: str, claimed: str, source: BibTeX) -> str:
    """Return a digest of what lists show of a publication, and of little more."""
    shown = [field for field in _values(entry) if field[0] not in _NOT_LISTED]
    return digest_of((claimed, slug, entry.type, entry.key, shown, source))


def _with_parents(entry: Entry, heir: Heir, written: dict[int, BibTeX]) -> BibTeX:
    """Return an entry's BibTeX with that of its ancestors, of which there is one copy each."""
    for one in (entry, *heir.ancestors):
        if id(one) not in written:
            written[id(one)] = bibtex(one)
    parents = tuple(written[id(parent)] for parent in heir.ancestors)
    return replace(written[id(entry)], parents=parents)


def _aliases(people: Iterable[Person]) -> dict[str, str]:
    aliases: dict[str, str] = {}
    for person in people:
        for alias in person.aliases:
            aliases.setdefault(name_key(alias), person.id)
    return aliases


def _slugs(entries: Sequence[Entry]) -> list[str]:
    """Return a safe page name for each entry, unique without regard to case."""
    taken = {entry.key.lower() for entry in entries if is_safe_key(entry.key)}
    used: set[str] = set()
    numbers: defaultdict[str, int] = defaultdict(lambda: 2)
    slugs = []
    for entry in entries:
        slug = entry.key
        if not is_safe_key(slug) or slug.lower() in used:
            base = re.sub(r"[^A-Za-z0-9_-]+", "-", slug[:LONGEST_KEY]).strip("-_") or "entry"
            base = base if base[0].isalpha() else f"entry-{base}"
            while True:
                slug = f"{base}-{numbers[base.lower()]}"
                if slug.lower() not in taken and slug.lower() not in used:
                    break
                numbers[base.lower()] += 1
        used.add(slug.lower())
        slugs.append(slug)
    return slugs


def _with_labels(publications: list[Publication]) -> tuple[Publication, ...]:
    """Add author–year labels; what would read the same gets a, b, c from the oldest on."""
    alike: defaultdict[tuple[str, str], list[Publication]] = defaultdict(list)
    for pub in publications:
        alike[_who(pub), str(pub.year) if pub.year else "n.d."].append(pub)
    labels: dict[str, tuple[str, str]] = {}
    for (who, year), group in alike.items():
        group.sort(key=lambda pub: (pub.date.sort_key if pub.date else (0, 0, 0), pub.slug))
        for index, pub in enumerate(group):
            letters = _letters(index) if len(group) > 1 else ""
            labels[pub.slug] = (who, year + letters)
    return tuple(
        pub if pub.author_year == labels[pub.slug] else replace(pub, author_year=labels[pub.slug])
        for pub in publications
    )


def _letters(index: int) -> str:
    """Return a … z, aa, ab … for 0, 1 …."""
    letters = ""
    while True:
        letters = chr(ord("a") + index % 26) + letters
        index = index // 26 - 1
        if index < 0:
            return letters


def _who(pub: Publication) -> str:
    names = [author.name.short for author in pub.authors or pub.editors]
    if not names:
        return pub.key
    if len(names) > 2 or pub.others:
        return f"{names[0]} et al."
    return " and ".join(names)
