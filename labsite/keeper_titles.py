"""Rules about works that are the same, or that became one another."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from labsite.diagnostics import Problem
from labsite.keeper_facts import fold
from labsite.keeper_words import bare_doi
from labsite.links import doi_of, eprint_number, plain_address
from labsite.vocabulary import KIND_OF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.entries import Entry
    from labsite.keeper_facts import Facts, Work

_RAREST: Final = 4
_MOST_ALIKE: Final = 12
"""Titles are compared that share one of their rarest pairs of words, of those that so many have."""
FEWEST_WORDS: Final = 4
_LONGEST: Final = 300  # characters
_LITTLE: Final = frozenset("a an the of for in on and to with by from via using".split())
_ROMAN: Final = re.compile(r"[ivx]+")
_ABOUT_ANOTHER: Final = re.compile(
    r"\W*(?:(?:author|publisher)?\s*(?:correction|erratum|corrigendum|addendum|reply|response)|"
    r"retraction(?: notice| note)?|notice of retraction|withdrawal(?: notice)?|"
    r"expression of concern|comments?|commentary|editorial|letter)\s*(?::|\b(?:to|on|for|of)\b)\W*",
    re.IGNORECASE,
)
_NOTICE: Final = re.compile(
    r"\W*(?:retraction(?: notice| note)?|notice of retraction|withdrawal(?: notice)?)"
    r"\s*(?::|\b(?:to|for|of)\b)\W*(.+)",
    re.IGNORECASE,
)
_BEGINS_RETRACTED: Final = re.compile(
    r"\W*(?:retracted|withdrawn)(?: article| paper| chapter)?\s*(?:[\]):–—.]|-\s)", re.IGNORECASE
)
_SAYS_RETRACTED: Final = re.compile(
    r"[(\[](?:retracted|withdrawn)(?: article| paper| chapter)?[)\]]", re.IGNORECASE
)
_NOTED: Final = re.compile(
    r"(?:^\W*|[.;!(\[–—]\s*)(?:this\s+)?(?:(?:article|paper|chapter|preprint|work)\s+)?"
    r"(?:(?:was|is|has\s+been)\s+)?(?:(?:retracted|withdrawn)\b"
    r"(?!\s+(?:participants?|patients?|data|cases|subjects|studies|articles|papers)\b)"
    r"|(?:retraction|withdrawal)(?= notice| note|:))",
    re.IGNORECASE,
)
"""At the beginning of a note or of a sentence, or in brackets: data may be withdrawn, too."""
_VERSION: Final = re.compile(r"v[0-9]+$")
_DOI_ADDRESS: Final = re.compile(r"https?://(?:dx\.)?doi\.org/10\.", re.IGNORECASE)
_ARXIV_ADDRESS: Final = re.compile(r"https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/", re.IGNORECASE)
_ARXIV_NOTE: Final = re.compile(
    r"\W*(?:preprint,?\s+)?(?:arxiv\s+preprint\s+)?arxiv:\s*(\S+?)(?:\s*\[[\w.-]+\])?\W*",
    re.IGNORECASE,
)
_NOTES: Final = ("note", "addendum", "howpublished", "pubstate", "titleaddon")


def same_works(facts: Facts) -> Iterator[Problem]:
    """Yield works that are there twice, and preprints whose published version is."""
    told: set[tuple[str, str]] = set()
    for one, other, name, number in (*_same_numbers(facts), *_numbers_elsewhere(facts)):
        if one.is_preprint != other.is_preprint and name != "doi":
            if problem := _version(facts, one, other, told):
                yield problem
        else:
            told |= {(one.entry.key, other.entry.key), (other.entry.key, one.entry.key)}
            field = name if name in {"doi", "eprint"} else f"number (in its {name})"
            what = (
                f"Entry {other.entry.key!r} has the {field} of {one.entry.key!r} at {one.place}, "
                f"{number!r}."
            )
            remedy = "Correct one of them, or delete one of the two entries."
            line = other.entry.line_of(name)
            yield Problem(other.entry.path, line, "duplicate_id", what, remedy)
    for one, other in _same_titles(facts):
        if one.is_preprint != other.is_preprint:
            if problem := _version(facts, one, other, told):
                yield problem
        elif not facts.are_related(one, other) and (one.entry.key, other.entry.key) not in told:
            if "duplicate_title" in one.known_right:
                continue
            what = (
                f"Entry {other.entry.key!r} has nearly the title of {one.entry.key!r} at "
                f"{one.place}."
            )
            remedy = (
                "Delete one of the two. If they are two publications, relate them: "
                f"related = {{{one.entry.key}}}, relatedtype = {{version}}."
            )
            line = other.entry.line_of("title")
            yield Problem(other.entry.path, line, "duplicate_title", what, remedy)


def _version(facts: Facts, one: Work, other: Work, told: set[tuple[str, str]]) -> Problem | None:
    """Return that a preprint does not name the paper it became, unless that is known."""
    pair = (one.entry.key, other.entry.key)
    if pair in told or facts.are_related(one, other):
        return None
    told.add(pair)
    preprint, paper = (one, other) if one.is_preprint else (other, one)
    if "version" in paper.known_right:
        return None
    what = (
        f"Entry {preprint.entry.key!r} is a preprint of {paper.entry.key!r} at {paper.place}, and "
        "they are not related."
    )
    remedy = f"Add related = {{{paper.entry.key}}} and relatedtype = {{version}} to the preprint."
    return Problem(preprint.entry.path, preprint.entry.line, "version", what, remedy)


def _same_numbers(facts: Facts) -> Iterator[tuple[Work, Work, str, str]]:
    """Yield pairs of works with one number: the first that has it, and another."""
    dois: dict[str, Work] = {}
    eprints: dict[tuple[str, str, bool], Work] = {}
    for work in facts.works:
        doi = doi_of(bare_doi(plain_address(work.entry.get("doi")))).lower()
        if doi and (first := dois.setdefault(doi, work)) is not work:
            yield first, work, "doi", doi
        number = eprint_number(plain_address(work.entry.get("eprint"))).lower()
        if number:
            number = re.sub(r"v[0-9]+$", "", number)
            archive = work.entry.get("eprinttype", "archiveprefix").lower() or "arxiv"
            alike = eprints.setdefault((archive, number, work.is_preprint), work)
            if alike is not work:
                yield alike, work, "eprint", number
            elif counterpart := eprints.get((archive, number, not work.is_preprint)):
                yield counterpart, work, "eprint", number


def _numbers_elsewhere(facts: Facts) -> Iterator[tuple[Work, Work, str, str]]:
    """Yield works with a number of another's in an address or a note, not in its own field.

    Such an address may also be of the volume, or of a paper that this one is about: only works of
    one kind and of the same people count.
    """
    known: dict[str, Work] = {}
    for work in facts.works:
        archive = work.entry.get("eprinttype", "archiveprefix").lower() or "arxiv"
        numbers = [doi_of(plain_address(work.entry.get("doi")))]
        if archive == "arxiv":
            numbers.append(eprint_number(plain_address(work.entry.get("eprint"))))
        for number in filter(None, numbers):
            known.setdefault(_VERSION.sub("", number.lower()), work)
    for work in facts.works:
        for name in ("url", "note"):
            number = _number_in(work.entry, name)
            other = known.get(number) if number else None
            if other is None or other is work or not _may_be_same(other, work):
                continue
            if _kind(other) == _kind(work) or "arxiv" in work.entry.get(name).lower():
                yield other, work, name, number


def _number_in(entry: Entry, name: str) -> str:
    """Return the number that an address leads to, or that is all of a note, if it has no field."""
    value = plain_address(entry.get(name))
    if name == "url":
        is_doi, is_arxiv = bool(_DOI_ADDRESS.match(value)), bool(_ARXIV_ADDRESS.match(value))
    else:
        noted = _ARXIV_NOTE.fullmatch(value)
        is_doi, is_arxiv, value = False, bool(noted), noted[1] if noted else ""
    if is_doi and not entry.get("doi"):
        return doi_of(value).lower()
    if is_arxiv and not entry.get("eprint"):
        return _VERSION.sub("", eprint_number(value).lower())
    return ""


def _kind(work: Work) -> str:
    return KIND_OF_TYPE.get(work.entry.type, "")


def _same_titles(facts: Facts) -> Iterator[tuple[Work, Work]]:
    """Yield pairs of works whose titles are nearly the same, in the order of the files."""
    works = [work for work in facts.works if not _ABOUT_ANOTHER.match(work.title)]
    exact: defaultdict[tuple[str, ...], list[Work]] = defaultdict(list)
    for work in works:
        exact[work.words].append(work)
    for words, group in exact.items():
        if len(words) >= FEWEST_WORDS - 1:
            yield from _alike(group)
    first = [group[0] for words, group in exact.items() if len(words) >= FEWEST_WORDS]
    yield from _near(first)


def _alike(group: list[Work]) -> Iterator[tuple[Work, Work]]:
    """Yield each of some works with one title after the nearest before it of the same people."""
    for place, work in enumerate(group):
        before = group[max(0, place - _MOST_ALIKE) : place]
        known = next((one for one in reversed(before) if _may_be_same(one, work)), None)
        if known:
            yield known, work


def _near(works: list[Work]) -> Iterator[tuple[Work, Work]]:
    pairs = [frozenset(pairwise(work.words)) for work in works]
    frequency = Counter(pair for found in pairs for pair in found)
    shared: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for index, found in enumerate(pairs):
        alike = [pair for pair in found if 1 < frequency[pair] <= _MOST_ALIKE]
        for pair in sorted(alike, key=lambda pair: (frequency[pair], pair))[:_RAREST]:
            shared[pair].append(index)
    candidates = {
        (one, other)
        for indices in shared.values()
        for place, other in enumerate(indices)
        for one in indices[:place]
    }
    for one, other in sorted(candidates, key=lambda pair: (pair[1], pair[0])):
        if are_near(works[one].words, works[other].words) and _may_be_same(
            works[one], works[other]
        ):
            yield works[one], works[other]


def _may_be_same(one: Work, other: Work) -> bool:
    return not (one.families and other.families) or bool(one.families & other.families)


def are_near(words: tuple[str, ...], other_words: tuple[str, ...]) -> bool:
    """Whether two titles, as folded words, differ by a slip only, and not in a number or a part."""
    mine, theirs = set(words) - _LITTLE, set(other_words) - _LITTLE
    only_mine, only_theirs = mine - theirs, theirs - mine
    if len(only_mine) > 2 or len(only_theirs) != len(only_mine):
        return False
    if not all(any(_is_slip(word, near) for near in only_theirs) for word in only_mine):
        return False
    title, other_title = " ".join(words)[:_LONGEST], " ".join(other_words)[:_LONGEST]
    return SequenceMatcher(None, title, other_title, autojunk=False).ratio() > 0.9


def _is_slip(word: str, other: str) -> bool:
    """Whether two words are likely meant to be the same: not ``2d`` and ``3d``, or opposites."""
    if not (word.isalpha() and other.isalpha()) or word[0] != other[0]:
        return False
    if _ROMAN.fullmatch(word) or _ROMAN.fullmatch(other):
        return False
    return SequenceMatcher(None, word, other, autojunk=False).ratio() > 0.8


def retractions(facts: Facts) -> Iterator[Problem]:
    """Yield works that were retracted and do not name the notice."""
    titles = {work.words: work for work in reversed(facts.works)}
    notices: dict[int, str] = {}
    for work in facts.works:
        if (notice := _NOTICE.match(work.title)) and not work.entry.get("retracted"):
            about = tuple(re.findall(r"[^\W_]+", fold(notice[1])))
            if (original := titles.get(about)) and original is not work:
                notices[id(original)] = f"Entry {work.entry.key!r} at {work.place} is its notice"
    for work in facts.works:
        entry = work.entry
        if entry.get("retracted"):
            continue
        reason, line = notices.get(id(work), ""), entry.line
        if _BEGINS_RETRACTED.match(work.title) or _SAYS_RETRACTED.search(work.title):
            reason, line = "Its title says so", entry.line_of("title")
        for name in _NOTES:
            if not reason and _NOTED.search(entry.get(name)) and not _NOTICE.match(work.title):
                reason, line = f"Its field {name!r} says so", entry.line_of(name)
        if reason:
            what = f"Entry {entry.key!r} was retracted, but does not name the notice. {reason}."
            remedy = "Add retracted = {…} with the notice's address; every list then says it."
            yield Problem(entry.path, line, "retraction", what, remedy)
