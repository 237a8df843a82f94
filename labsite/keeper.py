"""``check``: all that is wrong with the data files, or likely to be.

What a build warns of comes from the build's own rules; what is looked for here besides takes other
entries into account, or is a matter of care. Each rule is a generator of problems.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from labsite.capitals import is_sentence, protected_names
from labsite.diagnostics import KEEPER_KINDS, LIKELY, WARNING_TYPE, Problem, suggest
from labsite.keeper_facts import look
from labsite.keeper_names import names
from labsite.keeper_titles import retractions, same_works
from labsite.keeper_venues import venues
from labsite.keeper_words import (
    address_fault,
    bare_doi,
    bare_eprint,
    impossible_in_doi,
    is_shouted,
    loose_capitals,
    pages_fault,
)
from labsite.links import doi_of, plain_address, safe_href, safe_path
from labsite.vocabulary import KIND_OF_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from labsite.entries import Entry
    from labsite.keeper_facts import Facts
    from labsite.siteconfig import Data

_ADDRESSES: Final = (
    "url",
    "code",
    "data",
    "model",
    "video",
    "retracted",
    "pdf",
    "slides",
    "poster",
)
_PUBLISHED_FILES: Final = ("pdf", "slides", "poster")
_TITLES_STAY: Final = frozenset({"phdthesis", "manual"})
"""Types, besides books, whose titles BibTeX's styles leave as they are."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing to mend.

    Attributes:
        problem: Where, what and what to do.
        key: Of the entry that it is in, or the id of the person; empty if it is in none.
        severity: ``error`` for what is wrong, ``warning`` for what is only likely to be.
    """

    problem: Problem
    key: str
    severity: str


def findings(data: Data) -> tuple[Finding, ...]:
    """Return all that is wrong with the data of a site, in the order of files and lines."""
    facts = look(data)
    problems = {*facts.problems}
    for rule in _RULES:
        problems.update(rule(facts))
    place = _Places(data)
    known_right = {(work.entry.path, work.entry.line): work.known_right for work in facts.works}
    suppressed = set(data.site.suppressed)
    found = []
    for problem in sorted(problems):
        if {WARNING_TYPE, f"{WARNING_TYPE}.*", f"{WARNING_TYPE}.{problem.subtype}"} & suppressed:
            continue
        key, start = place.of(problem)
        right = known_right.get((problem.path, start), frozenset())
        if problem.subtype in KEEPER_KINDS and problem.subtype in right:
            continue
        severity = "warning" if problem.subtype in LIKELY else "error"
        found.append(Finding(problem, key, severity))
    return tuple(found)


class _Places:
    """Which entry or person a line belongs to."""

    def __init__(self, data: Data) -> None:
        self._starts: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for entry in data.entries:
            self._starts[entry.path].append((entry.line, entry.key))
        for person in data.people.people:
            self._starts[person.source.path].append((person.source.line, person.id))
        for starts in self._starts.values():
            starts.sort()

    def of(self, problem: Problem) -> tuple[str, int]:
        """Return the key of the entry that a problem is in, and the line where that begins."""
        starts = self._starts.get(problem.path, [])
        index = bisect_right(starts, problem.line, key=lambda start: start[0])
        return (starts[index - 1][1], starts[index - 1][0]) if index else ("", 0)


def _values(facts: Facts) -> Iterator[Problem]:
    for work in facts.works:
        yield from _pages(work.entry)
        yield from _identifiers(work.entry)
        yield from _addresses(work.entry)


def _pages(entry: Entry) -> Iterator[Problem]:
    if (pages := entry.get("pages")) and (fault := pages_fault(pages)):
        what = f"Entry {entry.key!r} has the pages {pages!r}: {fault}."
        remedy = "Write them like 12--19, S3--S9 or 103895."
        yield Problem(entry.path, entry.line_of("pages"), "pages", what, remedy)


def _identifiers(entry: Entry) -> Iterator[Problem]:
    doi, number = plain_address(entry.get("doi")), plain_address(entry.get("eprint"))
    if (bare := bare_doi(doi)) != doi:
        what = f"Entry {entry.key!r} has the DOI {doi!r} with what does not belong to it."
        yield Problem(
            entry.path, entry.line_of("doi"), "identifier", what, f"Write doi = {{{bare}}}."
        )
    elif doi_of(doi) and (char := impossible_in_doi(doi)):
        what = f"Entry {entry.key!r} has the DOI {doi!r}; no DOI has the character {char!r}."
        yield Problem(entry.path, entry.line_of("doi"), "identifier", what, "Correct the DOI.")
    if (bare := bare_eprint(number)) != number:
        what = f"Entry {entry.key!r} has the eprint {number!r} with what does not belong to it."
        yield Problem(
            entry.path, entry.line_of("eprint"), "identifier", what, f"Write eprint = {{{bare}}}."
        )


def _addresses(entry: Entry) -> Iterator[Problem]:
    for name in _ADDRESSES:
        for address in plain_address(entry.get(name)).split():
            if fault := address_fault(address):
                what = f"Entry {entry.key!r}, field {name!r}: {address!r} cannot be right: {fault}."
                yield Problem(
                    entry.path, entry.line_of(name), "address", what, "Correct the address."
                )


def changes_capitals(entry: Entry) -> bool:
    """Whether BibTeX's styles write the title of such an entry in small letters."""
    kind = KIND_OF_TYPE.get(entry.type, "book")  # of an unknown type nobody knows
    return kind != "book" and entry.type not in _TITLES_STAY


_GROUP: Final = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}|\$[^$]*\$|\\[A-Za-z]+")
_CAPITALISED: Final = re.compile(r"(?<![\w'’\\-])[^\W\d_a-z][^\W\d_A-Z]{2,}(?![\w{'’-])")
_AT_START: Final = re.compile(r"(?:^|[:?!.–—])\W*\Z")


def _is_german(entry: Entry) -> bool:
    return entry.get("langid", "language").lower() in _GERMAN


_GERMAN: Final = frozenset("german ngerman austrian naustrian nswissgerman swissgerman".split())


def _capitals(facts: Facts) -> Iterator[Problem]:
    titles = [work.entry.get("title") for work in facts.works]
    in_small = set(re.findall(r"\b[a-z]+\b", " ".join(titles)))
    names = {name for name in protected_names(titles) if name.lower() not in in_small}
    for work in facts.works:
        entry, title = work.entry, work.entry.get("title")
        if not title or not changes_capitals(entry):
            continue
        if is_shouted(work.title):
            what = f"Entry {entry.key!r} has a title in capitals."
            remedy = "Write it as a sentence; names and abbreviations in braces."
            yield Problem(entry.path, entry.line_of("title"), "capitals", what, remedy)
            continue
        if _is_german(entry) and (nouns := _CAPITALISED.findall(_GROUP.sub("", title))[1:]):
            what = f"Entry {entry.key!r}: BibTeX's styles make small {nouns[0]!r} in a German title"
            what = f"{what}, and all its nouns."
            remedy = "Put the whole of it into braces once more: title = {{…}}."
            yield Problem(entry.path, entry.line_of("title"), "capitals", what, remedy)
            continue
        loose = [title[start:end] for start, end in loose_capitals(title)]
        if not loose and is_sentence(title):
            loose = [name for name in _CAPITALISED.findall(_GROUP.sub("{}", title)) if name in names
                     and not _AT_START.search(title[: title.index(name)])]  # fmt: skip
        if loose:
            listed = ", ".join(dict.fromkeys(loose))
            what = f"Entry {entry.key!r}: BibTeX's styles make small what is capital in {listed}."
            remedy = f"Put braces around it: {{{loose[0]}}}."
            yield Problem(entry.path, entry.line_of("title"), "capitals", what, remedy)


def _files(facts: Facts) -> Iterator[Problem]:
    site = facts.data.site
    for work in facts.works:
        entry = work.entry
        named = plain_address(entry.get("preview"))
        preview = safe_path(named)
        if named and not preview:
            what = f"Entry {entry.key!r} names the picture {named!r}, which is no file of this site"
            what = f"{what}: the paper is shown without one."
            remedy = "Write its path from the folder of conf.py, without '..'."
            yield Problem(entry.path, entry.line_of("preview"), "missing_file", what, remedy)
        elif preview and not site.has_file(preview):
            yield _missing(entry.path, entry.line_of("preview"), f"Entry {entry.key!r}", preview)
        for name in _PUBLISHED_FILES:
            for address in plain_address(entry.get(name)).split():
                path = "" if safe_href(address) else safe_path(address)
                if path and not site.is_published(PurePosixPath(path)):
                    line = entry.line_of(name)
                    yield _missing(entry.path, line, f"Entry {entry.key!r}", path, True)
    for person in facts.data.people.people:
        if person.photo and not site.has_file(person.photo):
            yield _missing(
                person.source.path, person.photo_line, f"Person {person.id!r}", person.photo
            )


def _missing(path: str, line: int, who: str, name: str, published: bool = False) -> Problem:
    what = f"{who} names the file {name!r}, which is not there."
    remedy = (
        "Put it into a folder that html_extra_path or html_static_path in conf.py names."
        if published
        else "Add it; its path is from the folder of conf.py."
    )
    return Problem(path, line, "missing_file", what, remedy)


def _known_right(facts: Facts) -> Iterator[Problem]:
    for work in facts.works:
        for kind in sorted(work.known_right - KEEPER_KINDS.keys()):
            what = f"Entry {work.entry.key!r}, field 'keeper': there is no finding {kind!r}."
            remedy = suggest(kind, KEEPER_KINDS) or f"There are {', '.join(KEEPER_KINDS)}."
            yield Problem(work.entry.path, work.entry.line_of("keeper"), "keeper", what, remedy)


_RULES: Final[tuple[Callable[[Facts], Iterator[Problem]], ...]] = (
    _values,
    _capitals,
    _files,
    _known_right,
    same_works,
    retractions,
    names,
    venues,
)
