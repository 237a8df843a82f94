"""What a publication's own page shows beyond its record: the pages, people and papers around it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from labsite.cites import cite_domain, citing_pages
from labsite.domain import texts_of
from labsite.downloads import stem_of
from labsite.fingerprint import digest_of
from labsite.pieces import directions_by_id
from labsite.queries import has_equal_authors

if TYPE_CHECKING:
    from labsite.domain import LabsiteDomain
    from labsite.model import Publication


@dataclass(frozen=True, slots=True)
class Mention:
    """A page that mentions a publication."""

    docname: str
    title: str


def mentions(domain: LabsiteDomain) -> dict[str, tuple[Mention, ...]]:
    """Return slug → the pages that mention a publication: home first, then by name.

    A page mentions what it cites (``{cite}``), what it names (``{pub}``) and, as a news item, what
    stands in its front matter.
    """
    by_key = domain.store.by_key
    found: defaultdict[str, set[str]] = defaultdict(set)
    for key, pages in citing_pages(cite_domain(domain.env)).items():
        if key in by_key:
            found[by_key[key].slug] |= pages
    for docname, references in domain.references.items():
        for reference in references:
            if reference.kind == "pub" and reference.target in by_key:
                found[by_key[reference.target].slug].add(docname)
    for item in domain.news():
        for key in texts_of(domain.front_matter(item.docname).get("publications")):
            if key in by_key:
                found[by_key[key].slug].add(item.docname)
    return {slug: _named(domain, pages) for slug, pages in found.items()}


def _named(domain: LabsiteDomain, docnames: set[str]) -> tuple[Mention, ...]:
    home, titles = domain.env.config.root_doc, domain.env.titles
    known = [name for name in docnames if name in titles]
    return tuple(
        Mention(name, "Home" if name == home else titles[name].astext())
        for name in sorted(known, key=lambda name: (name != home, name))
    )


class Around(NamedTuple):
    """The papers and pages around a publication.

    Attributes:
        versions: Of its work, itself among them.
        related: Related work.
        newer: The one before it in the whole list.
        older: The one after it.
        mentions: The pages that mention it.
    """

    versions: tuple[Publication, ...]
    related: tuple[Publication, ...]
    newer: Publication | None
    older: Publication | None
    mentions: tuple[Mention, ...]


def around(
    domain: LabsiteDomain, pub: Publication, mentioned: dict[str, tuple[Mention, ...]]
) -> Around:
    """Return what is around a publication.

    Args:
        domain: Whose records they are.
        pub: The publication.
        mentioned: From :func:`mentions`.
    """
    relations = domain.store.relations
    newer, older = relations.neighbours(pub)
    mentions = mentioned.get(pub.slug, ())
    return Around(relations.versions(pub), relations.related(pub), newer, older, mentions)


def landing(domain: LabsiteDomain, pub: Publication, beside: Around) -> dict[str, Any]:
    """Return what the template of a publication's page shows."""
    directions = directions_by_id(domain)
    return {
        "pub": pub,
        "equal": has_equal_authors((pub,)),
        "readable": [link for link in pub.links if link.role in {"doi", "eprint"}],
        "known": [directions[name] for name in pub.directions if name in directions],
        "stem": stem_of(domain, pub),
        "versions": beside.versions,
        "final": _final(pub, beside.versions),
        "related": beside.related,
        "mentions": beside.mentions,
        "members": [domain.store.by_id[person] for person in pub.people],
        "newer": beside.newer,
        "older": beside.older,
        "crumb": ", ".join(filter(None, pub.author_year)),
    }


def landing_digest(domain: LabsiteDomain, pub: Publication, beside: Around) -> str:
    """Return a digest of what :func:`landing` returns; of what people are, the frame has one."""
    preview = domain.renderer.pictures.get(pub.preview, "preview") if pub.preview else None
    titles = domain.once("titles of neighbours", _titles)
    return digest_of(
        (
            (pub.digest, pub.author_year, preview),
            pub.source if domain.options.repository else None,  # where to correct it
            [
                (other.listed, domain.publication_page(other))
                for other in (*beside.versions, *beside.related)
            ],
            [other and titles[other.slug] for other in (beside.newer, beside.older)],
            beside.mentions,
        )
    )


def _titles(domain: LabsiteDomain) -> dict[str, str]:
    """Return slug → all that a neighbour's page shows of a publication, each written once."""
    return {
        pub.slug: repr((pub.title, domain.publication_page(pub)))
        for pub in domain.store.publications
    }


def _final(pub: Publication, versions: tuple[Publication, ...]) -> Publication | None:
    """Return the final version, if that is another one and not older than this."""
    if not versions or versions[0] is pub:
        return None
    final = versions[0]
    return None if (final.year or 0) < (pub.year or 0) else final
