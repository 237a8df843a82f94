"""Rules about journals and conferences: one is written in one way."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from labsite.diagnostics import Problem
from labsite.keeper_facts import fold
from labsite.latex import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.keeper_facts import Facts, Work

_FIELDS: Final = ("journal", "journaltitle", "booktitle")
_WORD: Final = re.compile(r"[^\W_]+")
_LITTLE: Final = frozenset("a an and for in of on the to und der die das für de la et".split())
_LEADING: Final = re.compile(r"^(?:in )?(?:proceedings of (?:the )?|proc (?:of (?:the )?)?|the )")
_MEETING: Final = re.compile(
    r"(?:(?:annual|international|european) )*(?:conference|workshop|symposium) on (.+)"
)
_ACRONYM: Final = re.compile(r"[A-Z]{4,10}")
_SHORTEST: Final = 12
_MOST_ALIKE: Final = 40


@dataclass(eq=False)
class _Venue:
    """One spelling.

    Attributes:
        even: Its words, folded, without the little ones before them.
        number: How many works have it.
        work: The first of them.
        place: How many spellings stand before it.
        is_known: Whether one of them says that it is right.
    """

    written: str
    even: str
    work: Work
    field: str
    place: int
    number: int = 0
    is_known: bool = False


def venues(facts: Facts) -> Iterator[Problem]:
    """Yield each spelling of a venue that is likely another one's, where it first stands."""
    found = _spellings(facts)
    told: set[int] = set()
    for one, other in (*_same(found), *_abbreviated(found), *_slips(found)):
        rarer, usual = _in_order(one, other)
        if id(rarer) in told or rarer.is_known:
            continue
        told.add(id(rarer))
        entry = rarer.work.entry
        what = (
            f"Entry {entry.key!r} appeared in {rarer.written!r}, which is likely "
            f"{usual.written!r} of {usual.work.place}."
        )
        wanted = repr(usual.written) if usual.number > rarer.number else "one of them"
        remedy = f"Write {wanted} in both, or say keeper = {{venue}} if they are two."
        yield Problem(entry.path, entry.line_of(rarer.field), "venue", what, remedy)
    yield from _short_forms(facts)


def _in_order(one: _Venue, other: _Venue) -> tuple[_Venue, _Venue]:
    """Return what to mend and what to mend it to: the one more often written, in full, earlier."""
    rarer, usual = sorted((one, other), key=lambda item: (item.number, len(item.even), -item.place))
    return rarer, usual


def _spellings(facts: Facts) -> list[_Venue]:
    found: dict[str, _Venue] = {}
    for work in facts.works:
        name = next((name for name in _FIELDS if work.entry.get(name)), "")
        if not name:
            continue
        written = decode(work.entry.get(name))[0].plain
        venue = found.get(written) or found.setdefault(
            written, _Venue(written, _even(written), work, name, len(found))
        )
        venue.number += 1
        venue.is_known = venue.is_known or "venue" in work.known_right
    return list(found.values())


def _even(written: str) -> str:
    words = _WORD.findall(fold(written.replace("&", " and ")))
    return _LEADING.sub("", " ".join(words))


def _same(found: list[_Venue]) -> Iterator[tuple[_Venue, _Venue]]:
    """Yield spellings that differ in capitals, marks, accents or little words before them."""
    groups: defaultdict[str, list[_Venue]] = defaultdict(list)
    for venue in found:
        groups[venue.even].append(venue)
    for group in groups.values():
        usual = max(group, key=lambda venue: venue.number)
        yield from ((venue, usual) for venue in group if venue is not usual)


def _abbreviated(found: list[_Venue]) -> Iterator[tuple[_Venue, _Venue]]:
    """Yield ``IEEE Trans. Med. Imaging`` with what it stands for."""
    in_full: defaultdict[str, list[_Venue]] = defaultdict(list)
    for venue in found:
        if "." not in venue.written:
            in_full[_initials(venue)].append(venue)
    for venue in found:
        if "." in venue.written:
            likely = in_full.get(_initials(venue), [])[:_MOST_ALIKE]
            matching = [other for other in likely if _stands_for(venue, other)]
            if len(matching) == 1:
                yield venue, matching[0]
        else:
            likely = in_full.get(_initials(venue), [])[:_MOST_ALIKE]
            likely = [other for other in likely if other is not venue and _is_cut(venue, other)]
            if len(likely) == 1:
                yield venue, likely[0]
    yield from _acronyms(found)


def _is_cut(short: _Venue, long: _Venue) -> bool:
    """Whether words are cut although no dot says so: ``Magn Reson Med``."""
    pairs = list(zip(_weighty(short), _weighty(long), strict=True))
    cut = [len(part) + 1 < len(word) for part, word in pairs]
    return sum(cut) > 1 and all(len(part) > 2 and word.startswith(part) for part, word in pairs)


def _acronyms(found: list[_Venue]) -> Iterator[tuple[_Venue, _Venue]]:
    """Yield ``JMLR`` with the only venue whose initials these are."""
    in_full: defaultdict[str, list[_Venue]] = defaultdict(list)
    for venue in found:
        in_full[_initials(venue)].append(venue)
        if below := _MEETING.match(venue.even):
            words = [word for word in below[1].split() if word not in _LITTLE]
            in_full["".join(word[0] for word in words)].append(venue)
    for venue in found:
        if _ACRONYM.fullmatch(venue.written):
            likely = [other for other in in_full.get(venue.even, []) if other is not venue]
            if len(likely) == 1:
                yield venue, likely[0]


def _weighty(venue: _Venue) -> list[str]:
    return [word for word in venue.even.split() if word not in _LITTLE]


def _initials(venue: _Venue) -> str:
    return "".join(word[0] for word in _weighty(venue))


def _stands_for(short: _Venue, long: _Venue) -> bool:
    pairs = list(zip(_weighty(short), _weighty(long), strict=True))
    return len(pairs) > 1 and all(
        word.startswith(part) or (part[-1] == word[-1] and len(part) > 2 and part[0] == word[0])
        for part, word in pairs
    )


def _slips(found: list[_Venue]) -> Iterator[tuple[_Venue, _Venue]]:
    """Yield spellings that differ by one letter, missing, wrong or swapped."""
    near: defaultdict[str, list[_Venue]] = defaultdict(list)
    for venue in found:
        if _SHORTEST <= len(venue.even) <= 200:
            for place in range(len(venue.even)):
                near[venue.even[:place] + venue.even[place + 1 :]].append(venue)
            near[venue.even].append(venue)
    for group in near.values():
        for place, other in enumerate(group[:_MOST_ALIKE]):
            for one in group[:place]:
                if one.even != other.even and _is_slip(one.even, other.even):
                    yield one, other


def _is_slip(one: str, other: str) -> bool:
    """Whether a letter of a longer word differs: not a number, a volume or another little word."""
    mine, theirs = one.split(), other.split()
    if len(mine) != len(theirs):
        return False
    pairs = [pair for pair in zip(mine, theirs, strict=True) if pair[0] != pair[1]]
    if len(pairs) != 1:
        return False
    word, near = pairs[0]
    return min(len(word), len(near)) >= 5 and word.isalpha() and near.isalpha()


def _short_forms(facts: Facts) -> Iterator[Problem]:
    """Yield journals whose ``abbr`` is not the same everywhere."""
    journals: defaultdict[str, list[Work]] = defaultdict(list)
    for work in facts.works:
        journal = work.entry.get("journal", "journaltitle")
        if journal and work.entry.get("abbr"):
            journals[_even(decode(journal)[0].plain)].append(work)
    for works in journals.values():
        forms = [decode(work.entry.get("abbr"))[0].plain for work in works]
        numbers = Counter(forms)
        usual = numbers.most_common(1)[0][0]
        told = {usual}
        for work, form in zip(works, forms, strict=True):
            if form in told or re.sub(r"\d", "", form) == re.sub(r"\d", "", usual):
                continue
            told.add(form)
            entry = work.entry
            what = (
                f"Entry {entry.key!r} shortens {entry.get('journal', 'journaltitle')!r} to "
                f"{form!r}, where others have {usual!r}."
            )
            wanted = f"abbr = {{{usual}}}" if numbers[usual] > numbers[form] else "one of them"
            remedy = f"Write {wanted}, or say keeper = {{venue}} if it is right."
            yield Problem(entry.path, entry.line_of("abbr"), "venue", what, remedy)
