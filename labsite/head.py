"""What machines read in a page's head: description, Open Graph, JSON-LD, typed links, Scholar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from labsite.citation import scholar_tags
from labsite.downloads import feed_path, stem_of
from labsite.metadata import (
    ATOM,
    CONTEXT,
    EXPORTS,
    HeadLink,
    article,
    breadcrumbs,
    news_data,
    orcid,
    organisation,
    person_data,
    signposts,
)
from labsite.model import Direction, NewsItem, Person, Publication

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from labsite.domain import LabsiteDomain, Subject
    from labsite.feeds import Feed
    from labsite.metadata import SiteFacts

CARDS: Final = {"home": "", "research": "Research", "publications": "Publications",
                "people": "People", "news": "News"}  # fmt: skip
"""Kind of page → what its card image says; one image serves all pages of a kind."""
_OG_TYPES: Final = {Publication: "article", NewsItem: "article", Person: "profile"}


@dataclass(frozen=True, slots=True)
class Head:
    """What a page's head says to machines.

    Attributes:
        names: ``meta`` elements by name.
        properties: ``meta`` elements by property (Open Graph).
        data: JSON-LD objects.
    """

    names: tuple[tuple[str, str], ...]
    properties: tuple[tuple[str, str], ...]
    links: tuple[HeadLink, ...]
    data: tuple[dict[str, Any], ...]


def page_head(
    domain: LabsiteDomain,
    site: SiteFacts,
    feeds: Sequence[Feed],
    page: str,
    title: str,
    description: str,
    steps: Sequence[tuple[str, str]] = (),
) -> Head:
    """Return a page's head.

    Args:
        domain: Knows what the page is about.
        site: About the whole site.
        feeds: All feeds of the site.
        page: Its name.
        title: Plain text.
        description: Plain text.
        steps: Name and public address of the pages above it, home first; empty for home itself.
    """
    subject = domain.subject(page)
    data = [*_data(domain, site, page, subject)]
    if steps and site.address:
        data.append(breadcrumbs([*steps, (title, site.page(page))]))
    names = [("description", description)] if description else []
    names += [("twitter:card", "summary_large_image")] if site.address else []
    links = list(_feed_links(domain, feeds, subject))
    if isinstance(subject, Publication):
        pdf = _hosted_pdf(site, page, subject)
        names += scholar_tags(subject, page_url=site.page(page), pdf_url=pdf)
        links += _signposts(domain, site, page, subject)
    return Head(
        names=tuple(names),
        properties=tuple(_open_graph(domain, site, page, title, description)),
        links=tuple(links),
        data=tuple({"@context": CONTEXT, **item} for item in data),
    )


def card_of(domain: LabsiteDomain, page: str) -> str:
    """Return which card image a page has, a key of :data:`CARDS`."""
    folders = {
        domain.options.publications_folder: "publications",
        domain.options.people_folder: "people",
        domain.options.directions_folder: "research",
        domain.options.news_folder: "news",
    }
    folder = page.rpartition("/")[0]
    return folders.get(folder, "home") if folder else "home"


def _open_graph(
    domain: LabsiteDomain, site: SiteFacts, page: str, title: str, description: str
) -> Iterator[tuple[str, str]]:
    yield "og:site_name", site.name
    yield "og:title", title
    if page == domain.env.config.root_doc:
        yield "og:type", "website"
    else:
        yield "og:type", _OG_TYPES.get(type(domain.subject(page)), "website")
    if description:
        yield "og:description", description
    subject = domain.subject(page)
    if isinstance(subject, Publication | NewsItem) and subject.date and subject.date.day:
        yield "article:published_time", subject.date.iso
    if site.address:
        yield "og:url", site.page(page)
    if site.address and domain.has_views:
        kind = card_of(domain, page)
        yield "og:image", f"{site.address}{card_path(kind)}"
        yield "og:image:width", "1200"
        yield "og:image:height", "630"
        yield "og:image:alt", ", ".join(filter(None, (site.name, site.tagline, CARDS[kind])))


def card_path(kind: str) -> str:
    """Return where a card image stands, relative to the site's root."""
    return f"cards/{kind}.png"


def _data(
    domain: LabsiteDomain, site: SiteFacts, page: str, subject: Subject | None
) -> Iterator[dict[str, Any]]:
    """Yield what the page is about as schema.org data."""
    url = site.page(page) if site.address else ""
    if page == domain.env.config.root_doc:
        current = [person for person in domain.store.people if person.status == "current"]
        yield organisation(site, current)
    elif isinstance(subject, Publication):
        yield article(subject, url, site, domain.store.by_id.get)
    elif isinstance(subject, Person):
        yield person_data(subject, url, site)
    elif isinstance(subject, NewsItem):
        yield news_data(subject, url, site)


def _feed_links(
    domain: LabsiteDomain, feeds: Sequence[Feed], subject: Subject | None
) -> Iterator[HeadLink]:
    """Yield the feeds to subscribe to from any page, and on a direction's page its own."""
    general = domain.once("general feeds", lambda domain: _general_feeds(domain, feeds))
    own = feed_path(subject.docname) if isinstance(subject, Direction) else ""
    for feed in feeds if own else general:
        if feed in general or feed.path == own:
            yield HeadLink("alternate", feed.address, ATOM, feed.title)


def _general_feeds(domain: LabsiteDomain, feeds: Sequence[Feed]) -> list[Feed]:
    """Return the feeds that are not of one direction."""
    of_one = {feed_path(item.docname) for item in domain.directions()}
    return [feed for feed in feeds if feed.path not in of_one]


def _signposts(
    domain: LabsiteDomain, site: SiteFacts, page: str, pub: Publication
) -> list[HeadLink]:
    if not site.address:  # typed links are absolute
        return []
    people = (domain.store.by_id[author.person] for author in pub.authors if author.person)
    orcids = dict.fromkeys(filter(None, map(orcid, people)))
    stem = quote(stem_of(domain, pub))
    exports = [(ending, f"{site.address}{stem}.{ending}") for ending in EXPORTS]
    return signposts(pub, site.page(page), exports, orcids)


def _hosted_pdf(site: SiteFacts, page: str, pub: Publication) -> str:
    """Return the address of the paper's PDF if it stands beside its page, as Scholar wants it."""
    folder = site.page(page).rpartition("/")[0]
    for link in pub.links:
        address = f"{site.address}{quote(link.href)}"
        beside = site.address and address.rpartition("/")[0] == folder
        if link.role == "pdf" and ":" not in link.href and beside:
            return address
    return ""
