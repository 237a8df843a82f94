"""What a publication's own page shows beyond its record: the pages, people and papers around it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labsite.cites import cite_domain, citing_pages
from labsite.domain import texts_of
from labsite.downloads import stem_of
from labsite.fingerprint import digest_of

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


def landing(
    domain: LabsiteDomain, pub: Publication, mentioned: dict[str, tuple[Mention, ...]]
) -> dict[str, Any]:
    """Return what the template of a publication's page shows.

    Args:
        domain: Whose records they are.
        pub: The publication.
        mentioned: From :func:`mentions`.
    """
    relations = domain.store.relations
    versions = relations.versions(pub)
    newer, older = relations.neighbours(pub)
    return {
        "pub": pub,
        "stem": stem_of(domain, pub),
        "versions": versions,
        "final": _final(pub, versions),
        "related": relations.related(pub),
        "mentions": mentioned.get(pub.slug, ()),
        "members": [domain.store.by_id[person] for person in pub.people],
        "newer": newer,
        "older": older,
        "crumb": ", ".join(filter(None, pub.author_year)),
    }


def landing_digest(domain: LabsiteDomain, record: dict[str, Any]) -> str:
    """Return a digest of what :func:`landing` returned; of what people are, the frame has one."""
    pub: Publication = record["pub"]
    preview = domain.renderer.pictures.get(pub.preview, "preview") if pub.preview else None
    others = [other for other in (record["newer"], record["older"]) if other]
    return digest_of(
        (
            (pub.digest, pub.author_year, preview),
            pub.source if domain.options.repository else None,  # where to correct it
            [
                (other.listed, domain.publication_page(other))
                for other in (*record["versions"], *record["related"])
            ],
            [(other.title, domain.publication_page(other)) for other in others],
            (others and others[0] is record["newer"], record["mentions"]),
        )
    )


def _final(pub: Publication, versions: tuple[Publication, ...]) -> Publication | None:
    """Return the final version, if that is another one and not older than this."""
    if not versions or versions[0] is pub:
        return None
    final = versions[0]
    return None if (final.year or 0) < (pub.year or 0) else final
