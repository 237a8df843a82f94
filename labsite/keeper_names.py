"""Rules about names: spellings that are likely one person's, and aliases that are missing."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from labsite.diagnostics import Problem
from labsite.keeper_facts import fold
from labsite.model import Name, even_name, name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from labsite.keeper_facts import Facts, Work

_GIVEN: Final = re.compile(r"[^\W_]+")
_MERGED: Final = re.compile(r"[A-Z]{2,3}")
_MOST_ALIKE: Final = 40
"""More people with one family name and one initial are told apart by their whole names only."""
_SHORTEST: Final = 5
"""A slip in a family name of fewer letters is likely another name."""


@dataclass(eq=False)
class _Spelling:
    """One form of a name.

    Attributes:
        person: Id of the person whose alias (or name in ``people.yml``) it is.
        given: The given names, folded.
        place: How many spellings stand before it.
        works: Where it stands; none for a name that only ``people.yml`` has.
    """

    name: Name
    person: str
    family: str
    given: tuple[str, ...]
    place: int
    works: list[Work] = field(default_factory=list)
    _coauthors: frozenset[str] | None = None

    @property
    def written(self) -> str:
        """``Family, Given``."""
        family = f"{self.name.prefix} {self.name.family}".strip()
        return ", ".join(filter(None, (family, self.name.suffix, self.name.given)))

    @property
    def is_claimed(self) -> bool:
        """Whether an author of this name is linked to a person already, or it is no author's."""
        return bool(self.person)

    def coauthors(self, facts: Facts) -> frozenset[str]:
        """Return who wrote its works, but the people of ``people.yml``; worked out once."""
        if self._coauthors is None:
            self._coauthors = frozenset(
                name.display
                for work in self.works
                for name in work.authors
                if even_name(name.display) not in facts.people
            )
        return self._coauthors

    def known_right(self) -> bool:
        """Whether the maintainer has said of one of its works that the name is right."""
        return any("name" in work.known_right for work in self.works)


def names(facts: Facts) -> Iterator[Problem]:
    """Yield each spelling of a name that is likely another one's, where it first stands."""
    spellings = _without_unread(facts, _spellings(facts))
    told: set[int] = set()
    for one, other in (
        *_compatible(spellings),
        *_swapped(facts, spellings),
        *_slips(facts, spellings),
    ):
        rarer, usual = _in_order(one, other)
        if id(rarer) in told or rarer.known_right():
            continue
        told.add(id(rarer))
        yield _problem(facts, rarer, usual)


def _problem(facts: Facts, rarer: _Spelling, usual: _Spelling) -> Problem:
    work = rarer.works[0]
    entry = work.entry
    if usual.person:
        people = facts.data.site.options.people_file
        what = (
            f"Entry {entry.key!r} names {rarer.written!r}, which is likely the person "
            f"{usual.person!r}, but no alias of theirs."
        )
        remedy = f"Add '- {rarer.written}' to their aliases in {people}"
        is_alias = even_name(usual.name.display) in facts.people
        remedy += f", or write {usual.written!r} here." if is_alias else "."
    else:
        what = (
            f"Entry {entry.key!r} names {rarer.written!r}, which is likely {usual.written!r} of "
            f"{usual.works[0].place}."
        )
        remedy = "Write the name in one way, or say keeper = {name} if they are two people."
    return Problem(entry.path, entry.line_of("author", "editor"), "name", what, remedy)


def _in_order(one: _Spelling, other: _Spelling) -> tuple[_Spelling, _Spelling]:
    """Return the spelling to mend, and the one to mend it to: a person's, or the usual one."""
    if bool(one.person) != bool(other.person):
        return (other, one) if one.person else (one, other)
    rarer, usual = sorted(
        (one, other), key=lambda item: (len(item.works), len(item.written), -item.place)
    )
    return rarer, usual


def _spellings(facts: Facts) -> list[_Spelling]:
    found: dict[tuple[str, ...], _Spelling] = {}
    for work in facts.works:
        for name in work.authors:
            if not name.given:
                continue
            key = (name.family, name.given, name.prefix, name.suffix)
            if key not in found:
                person = facts.people.get(even_name(name.display), "")
                found[key] = _spelling(name, person, len(found))
            if not found[key].works or found[key].works[-1] is not work:
                found[key].works.append(work)
    in_people = [
        (_name(text), person.id)
        for person in facts.data.people.people
        for text in dict.fromkeys((person.name, *person.aliases))
    ]
    claimed = {name_key(item.name.display) for item in found.values() if item.person}
    absent = [
        _spelling(name, identity, len(found))
        for name, identity in in_people
        if name.given and name_key(name.display) not in claimed
    ]
    return [*found.values(), *absent]


def _without_unread(facts: Facts, spellings: list[_Spelling]) -> list[_Spelling]:
    """Leave out whoever may be a person whose entry cannot be read: the aliases are not known."""
    people = facts.data.people
    unread = [person.name for person in people.people if person.id in people.unread]
    absent = [_spelling(_name(name), "", 0) for name in unread]
    return [item for item in spellings if not any(_may_be_one(item, one) for one in absent)]


def _name(text: str) -> Name:
    """Read a name of ``people.yml``: ``Family, Given`` or ``Given Family``."""
    family, comma, given = text.partition(",")
    if not comma:
        given, _, family = text.rpartition(" ")
    return Name(family.strip(), given.strip())


def _spelling(name: Name, person: str, place: int) -> _Spelling:
    given = tuple(_initials(name.given))
    return _Spelling(name, person, _family(name.family), given, place)


def _initials(given: str) -> Iterator[str]:
    words = _GIVEN.findall(given)
    for word in words:
        if _MERGED.fullmatch(word) and (len(words) == 1 or len(word) == 2):  # JN for J. N.
            yield from fold(word)
        else:
            yield fold(word)


def _family(family: str) -> str:
    return "".join(_GIVEN.findall(fold(family)))


def _plain(family: str) -> str:
    """Return a family name in which ``ü`` and ``ue`` are the same."""
    return re.sub("(?<=[aou])e", "", family)


def _compatible(spellings: list[_Spelling]) -> Iterator[tuple[_Spelling, _Spelling]]:
    """Yield pairs with one family name whose given names do not contradict each other."""
    buckets: defaultdict[tuple[str, str], list[_Spelling]] = defaultdict(list)
    for item in spellings:
        if item.given:
            buckets[_plain(item.family), item.given[0][0]].append(item)
    for bucket in buckets.values():
        if len(bucket) > _MOST_ALIKE:
            same: defaultdict[tuple[str, ...], list[_Spelling]] = defaultdict(list)
            for item in bucket:
                same[item.given].append(item)
            groups: Iterable[list[_Spelling]] = same.values()
        else:
            groups = [bucket]
        for group in groups:
            if 1 < len(group) <= _MOST_ALIKE:
                yield from _in_group(group)


def _in_group(group: list[_Spelling]) -> Iterator[tuple[_Spelling, _Spelling]]:
    likely = [
        [other for other in group if other is not item and _may_be_one(item, other)]
        for item in group
    ]
    unsure = {id(item) for item, others in zip(group, likely, strict=True) if _are_several(others)}
    for item, others in zip(group, likely, strict=True):
        sure = [other for other in others if id(other) not in unsure]
        if sure and id(item) not in unsure and not item.is_claimed:
            yield item, max(sure, key=lambda other: (bool(other.person), len(other.works)))


def _are_several(spellings: list[_Spelling]) -> bool:
    """Whether they cannot all be one person: ``Wang, J.`` may be Jian or Jing."""
    if len({item.person for item in spellings if item.person}) > 1:
        return True
    return any(
        not _agree(one.given, other.given)
        for place, one in enumerate(spellings)
        for other in spellings[:place]
    )


def _may_be_one(one: _Spelling, other: _Spelling) -> bool:
    if not _agree(one.given, other.given) or _meet(one, other):
        return False
    if one.name.suffix != other.name.suffix:
        return False
    if one.family == other.family:
        return True  # ü and ue are the same only if somebody wrote ü
    return not (one.name.family.isascii() and other.name.family.isascii())


def _meet(one: _Spelling, other: _Spelling) -> bool:
    """Whether both are authors of one work: then they are two people."""
    return not {id(work) for work in one.works}.isdisjoint(id(work) for work in other.works)


def _agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether given names may be one person's: initials stand for names, later ones may miss."""
    if one == other or "".join(one) == "".join(other):
        return True
    return all(
        mine == theirs or (min(len(mine), len(theirs)) == 1 and mine[0] == theirs[0])
        for mine, theirs in zip(one, other, strict=False)
    )


def _swapped(facts: Facts, spellings: list[_Spelling]) -> Iterator[tuple[_Spelling, _Spelling]]:
    """Yield names whose family and given name have changed places.

    They must be somebody's in ``people.yml``, or have published with the same people.
    """
    by_parts = {(item.family, item.given[0]): item for item in spellings if item.given}
    for (family, given), item in by_parts.items():
        other = by_parts.get((given, family))
        if other is None or other is item or item.is_claimed or _meet(item, other):
            continue
        if other.person or _have_common_coauthor(facts, item, other):
            yield item, other


def _slips(facts: Facts, spellings: list[_Spelling]) -> Iterator[tuple[_Spelling, _Spelling]]:
    """Yield family names that differ by a letter left out, doubled or swapped, given names equal.

    Those with one given name only must have published with the same people besides.
    """
    near: defaultdict[tuple[tuple[str, ...], str], list[_Spelling]] = defaultdict(list)
    for item in spellings:
        if len(item.family) >= _SHORTEST and all(len(word) > 1 for word in item.given[:1]):
            for form in _with_one_less(item.family):
                near[item.given, form].append(item)
    for group in near.values():
        for place, other in enumerate(group[:_MOST_ALIKE]):
            for one in group[:place]:
                if (
                    one.family != other.family
                    and not (one.is_claimed and other.is_claimed)
                    and _is_slip(one.family, other.family)
                    and not _meet(one, other)
                    and (len(one.given) > 1 or _have_common_coauthor(facts, one, other))
                ):
                    yield one, other


def _with_one_less(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}


def _is_slip(one: str, other: str) -> bool:
    """Whether one letter is missing, or two neighbours have changed places."""
    if len(one) != len(other):
        return True
    places = [place for place in range(len(one)) if one[place] != other[place]]
    if len(places) != 2 or places[1] != places[0] + 1:
        return False
    first, second = places
    return one[first] == other[second] and one[second] == other[first]


def _have_common_coauthor(facts: Facts, one: _Spelling, other: _Spelling) -> bool:
    return not one.coauthors(facts).isdisjoint(other.coauthors(facts))
