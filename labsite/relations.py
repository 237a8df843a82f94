"""How publications hang together: versions of one work, and related work. Pure functions."""

from __future__ import annotations

import math
import re
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from labsite.model import Publication

Traits: TypeAlias = tuple[str, ...]
"""What a publication may share with others."""


class Nearest(NamedTuple):
    """What is nearest to each publication, and what that was found from.

    Attributes:
        most: How many are found for one, at most.
        traits: For each publication, by position.
        positions: For each publication, by position: of what is nearest to it, the nearest first.
    """

    most: int = 0
    traits: Sequence[Traits] = ()
    positions: Sequence[tuple[int, ...]] = ()


VERSION_TYPES: Final = frozenset(
    "version extends extendedby preprint preprintof published translationof translationas "
    "translationfrom reprintof reprintas reprintfrom origpubas origpubin".split()
)
"""``relatedtype`` of entries about the same work: biblatex's own (manual, section 3.5) and those of
this site. Entries related in another way are related work."""
_LATER: Final = frozenset({"extendedby", "preprintof", "published"})
_EARLIER: Final = frozenset({"extends", "preprint"})
_LESS_FINAL: Final = {"abstract": 1, "preprint": 2}
_ENOUGH: Final = 0.45
"""From which part of the rarest thing's weight on a paper counts as related: about what a direction
and an author in common weigh."""
_NEAR: Final = 8
"""How far to either side, in the list of a direction or an author, related work is looked for."""


@dataclass(frozen=True)
class Relations:
    """All relations of a bibliography.

    Attributes:
        publications: In list order.
        by_key: Key, also an earlier one → publication.
        limit: How many related works a publication has, unless its entry names more.
        before: :attr:`nearest` as it was found in an earlier build.
        known: Digest of a publication → its traits, as they were found then.
    """

    publications: tuple[Publication, ...]
    by_key: Mapping[str, Publication]
    limit: int = 4
    before: Nearest = field(default_factory=Nearest)
    known: Mapping[str, Traits] = field(default_factory=dict)

    def versions(self, pub: Publication) -> tuple[Publication, ...]:
        """Return all versions of a publication's work, the final one first; alone it has none.

        Preprints come last, after abstracts; what extends another comes before it; then the newer.
        """
        family = self._families.get(pub.slug, ())
        return family if len(family) > 1 else ()

    def related(self, pub: Publication) -> tuple[Publication, ...]:
        """Return related work: all that entries name, then up to the limit what has most in common.

        That is directions, people and words of the title; what is in few papers says more than what
        is in most (inverse document frequency). Equally near ones come in list order; what has too
        little in common is left out.
        """
        named = {self._position[other.slug] for other in self._named.get(pub.slug, ())}
        versions = {self._position[other.slug] for other in self._families.get(pub.slug, (pub,))}
        near = self.nearest.positions[self._position[pub.slug]]
        first = sorted(named - versions)
        others = [other for other in near if other not in versions and other not in named]
        found = [*first, *others[: max(0, self.limit - len(first))]]
        return tuple(self.publications[position] for position in found)

    @cached_property
    def nearest(self) -> Nearest:
        """What has most in common with each publication.

        As many as :meth:`related` can need, were all that is left out of it among them.
        """
        enough = _ENOUGH * math.log(len(self.publications) + 1)
        families, named = self._families.values(), self._named.values()
        most = self.limit + max(map(len, families), default=1) + max(map(len, named), default=0)
        kept = self._kept(most)
        found = [
            kept[own] if own in kept else self._near(own, enough, most)
            for own in range(len(self.publications))
        ]
        return Nearest(most, self._traits, found)

    def _near(self, own: int, enough: float, most: int) -> tuple[int, ...]:
        """Return what is nearest to the publication at ``own``, up to ``most``."""
        scores = self._scores(own)
        last = sorted(scores.values())[-most:][:1] or [0.0]
        least = max(enough, last[0] - 1e-5)  # scores are compared rounded
        near = [(-round(score, 6), it) for it, score in scores.items() if score >= least]
        return tuple([other for _, other in sorted(near)[:most]])

    def _kept(self, most: int) -> dict[int, tuple[int, ...]]:
        """Return what is found as before: where no trait went to or from another publication."""
        before, now = self.before, self._traits
        if before.most != most or len(before.traits) != len(now):
            return {}
        pairs = enumerate(zip(before.traits, now, strict=True))
        changed = {place: {*old} ^ {*new} for place, (old, new) in pairs if old != new}
        moved = set[str]().union(*changed.values())
        touched = set(changed).union(*(self._sharing.get(item, ()) for item in moved))
        return {
            place: found for place, found in enumerate(before.positions) if place not in touched
        }

    def neighbours(self, pub: Publication) -> tuple[Publication | None, Publication | None]:
        """Return the publications before (newer) and after (older) one in the whole list."""
        position, last = self._position[pub.slug], len(self.publications) - 1
        return (
            self.publications[position - 1] if position else None,
            self.publications[position + 1] if position < last else None,
        )

    @cached_property
    def _by_slug(self) -> dict[str, Publication]:
        return {pub.slug: pub for pub in self.publications}

    @cached_property
    def _position(self) -> dict[str, int]:
        return {pub.slug: index for index, pub in enumerate(self.publications)}

    @cached_property
    def _named(self) -> dict[str, list[Publication]]:
        """Slug → what is related otherwise than as a version, said on either side."""
        found: defaultdict[str, list[Publication]] = defaultdict(list)
        for pub in self.publications:
            for relation in pub.related:
                other = self.by_key.get(relation.key)
                if other and other is not pub and relation.type not in VERSION_TYPES:
                    found[pub.slug].append(other)
                    found[other.slug].append(pub)
        return found

    @cached_property
    def _traits(self) -> list[Traits]:
        """For each publication, by position."""
        return [self.known.get(pub.digest) or _traits(pub) for pub in self.publications]

    @cached_property
    def _sharing(self) -> dict[str, list[int]]:
        """Trait → the positions of those that have it."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for position, traits in enumerate(self._traits):
            for item in traits:
                found[item].append(position)
        return dict(found)

    def _scores(self, own: int) -> dict[int, float]:
        """Return position → how much a publication has in common with the one at ``own``."""
        scores: dict[int, float] = {}
        total = len(self.publications) + 1
        for item in self._traits[own]:
            sharing = self._sharing[item]
            if len(sharing) == 1:
                continue
            weight, place = math.log(total / len(sharing)), bisect_left(sharing, own)
            for other in sharing[max(0, place - _NEAR) : place + _NEAR + 1]:
                scores[other] = scores.get(other, 0.0) + weight
        scores.pop(own, None)
        return scores

    @cached_property
    def _families(self) -> dict[str, tuple[Publication, ...]]:
        """Slug → the versions of its work in order, where there are several."""
        links: defaultdict[str, set[str]] = defaultdict(set)
        later: defaultdict[str, set[str]] = defaultdict(set)
        for pub in self.publications:
            for relation in pub.related:
                other = self.by_key.get(relation.key)
                if other is None or other is pub or relation.type not in VERSION_TYPES:
                    continue
                links[pub.slug].add(other.slug)
                links[other.slug].add(pub.slug)
                if relation.type in _LATER:
                    later[pub.slug].add(other.slug)
                elif relation.type in _EARLIER:
                    later[other.slug].add(pub.slug)
        families: dict[str, tuple[Publication, ...]] = {}
        for slug in links:
            if slug not in families:
                family = self._ordered(_reachable(slug, links), later)
                families |= {pub.slug: family for pub in family}
        return families

    def _ordered(
        self, slugs: Iterable[str], later: Mapping[str, set[str]]
    ) -> tuple[Publication, ...]:
        def rank(slug: str) -> tuple[int, int, int]:
            outdated = len(_reachable(slug, later)) - 1
            return _LESS_FINAL.get(self._by_slug[slug].kind, 0), outdated, self._position[slug]

        return tuple(self._by_slug[slug] for slug in sorted(slugs, key=rank))


def _traits(pub: Publication) -> Traits:
    """Return a publication's traits: directions, authors, words of the title."""
    directions = (f"direction {item}" for item in pub.directions)
    names = (f"name {author.name.short} {author.name.given[:1]}" for author in pub.authors)
    words = re.findall(r"[^\W\d_]{4,}", f"{pub.title.plain} {' '.join(pub.keywords)}".lower())
    traits = (*directions, *names, *(f"word {word[:7]}" for word in words))
    return tuple(dict.fromkeys(map(sys.intern, traits)))  # kept once for all that share them


def _reachable(start: str, links: Mapping[str, set[str]]) -> set[str]:
    """Return all that can be reached over links, the start among it."""
    found, waiting = {start}, [start]
    while waiting:
        new = links.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found
