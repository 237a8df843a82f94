"""Which publications a list shows, and in what groups. Pure functions over the records."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from labsite.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from labsite.model import Direction, Publication

GROUPINGS: Final = ("year", "type", "direction")


@dataclass(frozen=True, slots=True)
class PublicationQuery:
    """The options of a ``publications`` directive.

    Attributes:
        types: BibTeX entry types or keys of :data:`~labsite.model.KINDS`.
        years: First and last year, both included.
        group_by: One of :data:`GROUPINGS`, or empty.
        filter: Offer the reader filters.
    """

    people: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    years: tuple[int, int] | None = None
    selected: bool = False
    limit: int | None = None
    group_by: str = ""
    filter: bool = False


def is_whole(query: PublicationQuery) -> bool:
    """Whether a query asks for all publications, however grouped."""
    return query == PublicationQuery(group_by=query.group_by, filter=query.filter)


@dataclass(frozen=True, slots=True)
class Facets:
    """What occurs in a list and how often, for its filters and its legend.

    Attributes:
        years: In the order of the list.
        resources: How many come with code or data.
        equal: Whether authors are marked as having contributed equally.
    """

    people: Mapping[str, int]
    directions: Mapping[str, int]
    kinds: Mapping[str, int]
    years: Mapping[int, int]
    resources: int
    equal: bool


def facets(publications: Iterable[Publication]) -> Facets:
    """Return what occurs in a list."""
    listed = tuple(publications)
    return Facets(
        people=Counter(person for pub in listed for person in pub.people),
        directions=Counter(item for pub in listed for item in dict.fromkeys(pub.directions)),
        kinds=Counter(pub.kind for pub in listed),
        years=Counter(pub.year for pub in listed if pub.year),
        resources=sum(map(has_resources, listed)),
        equal=has_equal_authors(listed),
    )


def has_equal_authors(publications: Iterable[Publication]) -> bool:
    """Whether authors of some publication are marked as having contributed equally."""
    return any(author.equal for pub in publications for author in pub.authors)


def has_resources(pub: Publication) -> bool:
    """Whether a publication comes with code or data."""
    return any(link.role in {"code", "data"} for link in pub.links)


@dataclass(frozen=True, slots=True)
class Group:
    """A run of publications under one heading; the heading may be empty."""

    id: str
    heading: str
    publications: tuple[Publication, ...]


def select(publications: Iterable[Publication], query: PublicationQuery) -> tuple[Publication, ...]:
    """Return the publications that a query asks for, in list order."""
    found = [pub for pub in publications if _matches(pub, query)]
    return tuple(found[: query.limit])


def _matches(pub: Publication, query: PublicationQuery) -> bool:
    first, last = query.years or (0, 0)
    return (
        (not query.people or any(pub.written_by(person) for person in query.people))
        and (not query.directions or any(item in pub.directions for item in query.directions))
        and (not query.types or pub.entry_type in query.types or pub.kind in query.types)
        and (query.years is None or (pub.year is not None and first <= pub.year <= last))
        and (not query.selected or pub.selected)
    )


def group(
    publications: Sequence[Publication], by: str, directions: Sequence[Direction]
) -> tuple[Group, ...]:
    """Divide a list by year, by type or by main direction, keeping the order within each group.

    What has no year comes last as "Undated"; what has no (known) direction as "Other".
    """
    buckets: defaultdict[str, list[Publication]] = defaultdict(list)
    if by == "year":
        for pub in publications:
            buckets[str(pub.year) if pub.year else ""].append(pub)
        return tuple(
            Group(f"y{year}" if year else "undated", year or "Undated", tuple(items))
            for year, items in buckets.items()
        )
    if by == "type":
        for pub in publications:
            buckets[pub.kind].append(pub)
        return tuple(
            Group(f"type-{kind}", KINDS[kind][1], tuple(buckets[kind]))
            for kind in KINDS
            if kind in buckets
        )
    if by == "direction":
        titles = {direction.id: direction.title for direction in directions}
        for pub in publications:
            main = pub.directions[0] if pub.directions else ""
            buckets[main if main in titles else ""].append(pub)
        order = [*titles, ""]
        return tuple(
            Group(f"direction-{item or 'other'}", titles.get(item, "Other"), tuple(buckets[item]))
            for item in order
            if item in buckets
        )
    return (Group("", "", tuple(publications)),) if publications else ()
