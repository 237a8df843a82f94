"""Records → what machines read in a page's head. Pure functions; templates print what they return.

Sources: schema.org (JSON-LD), ogp.me (Open Graph), signposting.org (typed links).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from labsite.links import doi_href
from labsite.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from labsite.model import Author, NewsItem, Person, Publication

CONTEXT: Final = "https://schema.org"
EXPORTS: Final = {
    "bib": ("BibTeX", "application/x-bibtex"),
    "ris": ("RIS", "application/x-research-info-systems"),
    "json": ("CSL-JSON", "application/vnd.citationstyles.csl+json"),
}
"""Ending of an exported file → name and media type of its format (signposting.org)."""
ATOM: Final = "application/atom+xml"

_DESCRIPTION_LENGTH: Final = 200
_SCHEMA_TYPES: Final = {
    "thesis": "Thesis",
    "book": "Book",
    "chapter": "Chapter",
    "dataset": "Dataset",
    "software": "SoftwareSourceCode",
    "report": "Report",
}
"""Kind of publication → its schema.org type, where that is not ScholarlyArticle alone."""
_CONTAINERS: Final = {
    "article": "Periodical",
    "paper": "Book",
    "chapter": "Book",
    "abstract": "PublicationVolume",
}


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What every page says about the site.

    Attributes:
        name: The group's name.
        tagline: What it does, or empty.
        address: The site's public address, ending in a slash.
        page: Page name → public address.
        person: Person → public address of their page or place, or empty.
    """

    name: str
    tagline: str
    address: str
    page: Callable[[str], str]
    person: Callable[[Person], str]


@dataclass(frozen=True, slots=True)
class HeadLink:
    """A ``link`` element.

    Attributes:
        rel: A registered link relation.
        type: Media type, or empty.
    """

    rel: str
    href: str
    type: str = ""
    title: str = ""


def shorten(text: str, length: int = _DESCRIPTION_LENGTH) -> str:
    """Return the beginning of a text, cut at a word, in one line."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    return (re.sub(r"[\s,;:.–—-]*\S*$", "", cut) or cut) + "…"  # some scripts have no spaces


def publication_description(pub: Publication) -> str:
    """Return a description of its own for a publication's page: what it says, or what it is."""
    if said := (pub.summary or pub.abstract).plain:
        return shorten(said)
    names = [author.name.short for author in pub.authors or pub.editors]
    more = pub.others or len(names) > 3
    who = f"{names[0]} and others" if more and names else author_list(names)
    where = pub.container.plain or pub.abbr.plain or (pub.eprint[0] if pub.eprint else "")
    what = (pub.genre or KINDS[pub.kind][0]) + (f" by {who}" if who else "")
    facts = ", ".join(filter(None, (what, where, str(pub.year or ""))))
    stop = "" if pub.title.plain[-1:] in {".", "?", "!"} else "."
    return shorten(f"{pub.title.plain}{stop} {facts}.")


def author_list(names: Sequence[str]) -> str:
    """Return names as in running text: "A", "A and B", "A, B and C"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def orcid(person: Person) -> str:
    """Return the address of a person's ORCID record, or an empty string."""
    return dict(person.links).get("orcid", "")


def organisation(site: SiteFacts, people: Sequence[Person] = ()) -> dict[str, Any]:
    """Return the group as a schema.org ResearchOrganization, with those who are in it."""
    members = [{"@type": "Person", "name": one.name, **_url(site.person(one))} for one in people]
    return _filled(
        {
            "@type": "ResearchOrganization",
            "@id": f"{site.address}#organization",
            "name": site.name,
            "description": site.tagline,
            "url": site.address,
            "member": members,
        }
    )


def person_data(person: Person, url: str, site: SiteFacts) -> dict[str, Any]:
    """Return a person as a schema.org Person."""
    affiliation = {"@type": "Organization", "name": person.affiliation}
    return _filled(
        {
            "@type": "Person",
            "name": person.name,
            "jobTitle": person.title or person.role,
            "url": url,
            "email": f"mailto:{person.email}" if "@" in person.email else "",
            "affiliation": affiliation if person.affiliation else None,
            "memberOf": _group(site) if person.status == "current" else None,
            "sameAs": sorted(
                (href for _, href in person.links), key=lambda it: it != orcid(person)
            ),
        }
    )


def news_data(item: NewsItem, url: str, site: SiteFacts) -> dict[str, Any]:
    """Return a news item as a schema.org NewsArticle."""
    return _filled(
        {
            "@type": "NewsArticle",
            "headline": item.title,
            "description": item.description,
            "datePublished": item.date.iso,
            "url": url,
            "author": _group(site),
            "publisher": _group(site),
        }
    )


def article(
    pub: Publication, url: str, site: SiteFacts, people: Callable[[str], Person | None]
) -> dict[str, Any]:
    """Return a publication as a schema.org ScholarlyArticle, all authors in order.

    Args:
        pub: The record.
        url: The public address of its page.
        site: About the whole site.
        people: Id → person.
    """
    same = [link.href for link in pub.links if link.role in {"doi", "eprint", "url"}]
    return _filled(
        {
            "@type": "ScholarlyArticle",
            "additionalType": f"{CONTEXT}/{kind}" if (kind := _SCHEMA_TYPES.get(pub.kind)) else "",
            "headline": pub.title.plain,
            "author": [_author(author, site, people) for author in pub.authors],
            "editor": [_author(author, site, people) for author in pub.editors],
            "datePublished": pub.date.iso if pub.date else "",
            "isPartOf": _container(pub),
            "publisher": _publisher(pub),
            "volumeNumber": "" if _container(pub) else pub.volume,
            "pagination": pub.pages,
            "identifier": doi_href(pub.doi) if pub.doi else "",
            "sameAs": same,
            "url": url,
            "mainEntityOfPage": url,
            "description": pub.summary.plain,
            "abstract": pub.abstract.plain,
            "award": pub.award.plain,
            "keywords": list(pub.keywords),
            "inLanguage": pub.language,
            "creativeWorkStatus": "Retracted" if pub.retracted else "",
        }
    )


def breadcrumbs(steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return a schema.org BreadcrumbList.

    Args:
        steps: Name and public address, from home to the page itself.
    """
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": url}
        for position, (name, url) in enumerate(steps, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def signposts(
    pub: Publication, page: str, exports: Iterable[tuple[str, str]], orcids: Iterable[str]
) -> list[HeadLink]:
    """Return the typed links of a landing page (signposting.org, FAIR Signposting level 1).

    Args:
        pub: The record.
        page: The page's public address, to be cited where nothing more lasting is known (RFC 8574).
        exports: Ending (a key of :data:`EXPORTS`) and address of each exported file.
        orcids: ORCID addresses of its authors.
    """
    lasting = {link.role: link.href for link in reversed(pub.links)}
    links = [HeadLink("cite-as", lasting.get("doi") or lasting.get("eprint") or page)]
    links += [HeadLink("author", address) for address in orcids]
    for ending, address in exports:
        name, media_type = EXPORTS[ending]
        links.append(HeadLink("describedby", address, media_type, name))
    kind = _SCHEMA_TYPES.get(pub.kind, "ScholarlyArticle")
    return [*links, HeadLink("type", f"{CONTEXT}/AboutPage"), HeadLink("type", f"{CONTEXT}/{kind}")]


def _group(site: SiteFacts) -> dict[str, Any]:
    name = {"@type": "ResearchOrganization", "name": site.name}
    return {**name, "@id": f"{site.address}#organization", **_url(site.address)}


def _author(
    author: Author, site: SiteFacts, people: Callable[[str], Person | None]
) -> dict[str, Any]:
    if author.name.corporate:
        return {"@type": "Organization", "name": author.name.display}
    person = people(author.person) if author.person else None
    name = author.name
    found: dict[str, Any] = {
        "@type": "Person",
        "name": name.display,
        "givenName": name.given,
        "familyName": name.short,
        "honorificSuffix": name.suffix,
    }
    if person:
        found |= {"url": site.person(person), "sameAs": orcid(person)}
    return _filled(found)


def _container(pub: Publication) -> dict[str, Any] | None:
    kind = _CONTAINERS.get(pub.kind)
    if not (kind and pub.container):
        return None
    if pub.entry_type == "article":
        kind = "Periodical"
    whole: dict[str, Any] = {"@type": kind, "name": pub.container.plain}
    if kind == "Periodical":
        whole["issn"] = pub.issn
        for level, number in (("Volume", pub.volume), ("Issue", pub.number)):
            if number:
                inner = {"@type": f"Publication{level}", f"{level.lower()}Number": number}
                whole = {**inner, "isPartOf": _filled(whole)}
        return _filled(whole)
    series = {"@type": "BookSeries", "name": pub.series.plain}
    if pub.volume:  # which schema.org knows of publication volumes only
        types = list(dict.fromkeys((kind, "PublicationVolume")))
        whole |= {"@type": types, "volumeNumber": pub.volume}
    whole |= {"isbn": pub.isbn}
    return _filled({**whole, "isPartOf": series if pub.series else None})


def _publisher(pub: Publication) -> dict[str, Any] | None:
    name = pub.container if pub.kind in {"thesis", "report"} else pub.publisher
    return {"@type": "Organization", "name": name.plain} if name else None


def _url(address: str) -> dict[str, str]:
    return {"url": address} if address else {}


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not known."""
    return {key: value for key, value in data.items() if value not in ("", None, [])}
