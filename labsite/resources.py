"""Code, data and models of a bibliography, each with its papers. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from labsite.links import host_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from labsite.model import Publication

RESOURCE_KINDS: Final = {"code": "Code", "data": "Data", "model": "Models"}
"""Kind, which is also the name of the bib field → its heading, in the order shown."""

_OF_PUBLICATIONS: Final = {"software": "code", "dataset": "data"}
"""Kind of publication that is a resource itself → kind of resource."""


@dataclass(frozen=True, slots=True)
class ResourceQuery:
    """The options of a ``resources`` directive.

    Attributes:
        kinds: Keys of :data:`RESOURCE_KINDS`; empty for all.
    """

    kinds: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resource:
    """Something to use.

    Attributes:
        kind: A key of :data:`RESOURCE_KINDS`.
        href: Where it is.
        name: What it is called there, such as ``group/repository``.
        host: Who keeps it, such as ``github.com``.
        publications: The papers it belongs to, in list order.
    """

    kind: str
    href: str
    name: str
    host: str
    publications: tuple[Publication, ...]


def resources(publications: Iterable[Publication]) -> tuple[Resource, ...]:
    """Return all resources: by kind, then that of the newest paper first; each address once."""
    found: dict[tuple[str, str], tuple[str, list[Publication]]] = {}
    for pub in publications:
        for kind, href in _offered(pub):
            papers = found.setdefault((kind, _same(href)), (href, []))[1]
            if pub not in papers:
                papers.append(pub)
    order = list(RESOURCE_KINDS)
    return tuple(
        Resource(kind, href, _name(kind, href, papers[0]), host_of(href), tuple(papers))
        for (kind, _), (href, papers) in sorted(
            found.items(), key=lambda item: order.index(item[0][0])
        )
    )


def _offered(pub: Publication) -> Iterator[tuple[str, str]]:
    own = _OF_PUBLICATIONS.get(pub.kind)
    places = (link.href for link in pub.links if link.role in {own, "doi", "eprint", "url"})
    if own and (place := next(places, "")):
        yield own, place
    for link in pub.links:
        if link.role in RESOURCE_KINDS:
            yield link.role, link.href


def _same(href: str) -> str:
    """Return what an address has in common with others that lead to the same repository."""
    return href.rstrip("/").removesuffix(".git")


def _name(kind: str, href: str, pub: Publication) -> str:
    if _OF_PUBLICATIONS.get(pub.kind) == kind:
        return pub.title.plain
    return urlsplit(href).path.strip("/").removesuffix(".git") or host_of(href)
