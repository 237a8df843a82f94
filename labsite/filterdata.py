"""Records → what the filters of a large list know beyond the search's data. Pure functions.

The search's data have titles, authors, venues and years; this has the rest, in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labsite.model import KINDS, NAMED_KINDS
from labsite.queries import has_resources
from labsite.searchdata import script_call

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from labsite.model import Direction, Person, Publication

CALLBACK = "labsiteFilter"


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses relative to the site's root; empty if there is none.

    Attributes:
        bibtex: Of a publication's BibTeX, ``*`` for its slug.
    """

    person: Callable[[Person], str]
    direction: Callable[[Direction], str]
    bibtex: str


def filter_data(
    publications: Sequence[Publication],
    people: Sequence[Person],
    directions: Sequence[Direction],
    places: Places,
) -> str:
    """Return the data as a script that calls ``labsiteFilter``.

    Args:
        publications: In list order.
        people: All there are.
        directions: In their own order.
        places: Where records are.
    """
    kinds = list(KINDS)
    number_of_person = {person.id: number for number, person in enumerate(people)}
    number_of_direction = {item.id: number for number, item in enumerate(directions)}
    archives = [_archive(pub) for pub in publications]
    names = sorted({name for name in archives if name})
    data: dict[str, Any] = {
        "kinds": [[kind, KINDS[kind][0] if kind in NAMED_KINDS else ""] for kind in kinds],
        "people": [[person.id, places.person(person)] for person in people],
        "directions": [
            [item.id, item.title, item.order, places.direction(item)] for item in directions
        ],
        "members": {
            author.name.display: number_of_person[author.person]
            for pub in publications
            for author in (*pub.authors, *pub.editors)
            if author.person in number_of_person
        },
        "bibtex": places.bibtex,
        "kind": [kinds.index(pub.kind) for pub in publications],
        "direction": [
            [number_of_direction[item] for item in pub.directions if item in number_of_direction]
            for pub in publications
        ],
        "person": [[number_of_person[person] for person in pub.people] for pub in publications],
        "code": [int(has_resources(pub)) for pub in publications],
        "archives": names,
        "archive": [names.index(name) + 1 if name else 0 for name in archives],
        "keys": {str(n): pub.key for n, pub in enumerate(publications) if pub.key != pub.slug},
        "others": [number for number, pub in enumerate(publications) if pub.others],
        "retracted": {str(n): pub.retracted for n, pub in enumerate(publications) if pub.retracted},
    }
    return script_call(CALLBACK, data)


def _archive(pub: Publication) -> str:
    """Return what stands in the venue's place if there is none, as ``arXiv``."""
    if pub.venue:
        return ""
    return next((link.label for link in pub.links if link.role == "eprint"), "")
