"""Which files stand beside the pages for reference managers and feed readers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from labsite.feeds import (
    Feed,
    FeedEntry,
    lasting_id,
    news_entries,
    publication_entries,
    xml_text,
)
from labsite.model import Direction, Person, Publication
from labsite.queries import PublicationQuery
from labsite.reference import reference_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from labsite.domain import LabsiteDomain, Subject
    from labsite.metadata import SiteFacts

ALL: Final = "all"
"""Name of the files with all publications."""


def stem_of(domain: LabsiteDomain, subject: Subject | None) -> str:
    """Return the path, less its ending, of a record's exported files; of all, if it is None."""
    options = domain.options
    if isinstance(subject, Publication):
        return f"{options.publications_folder}/{subject.slug}".lstrip("/")
    if isinstance(subject, Person):
        return f"{options.people_folder}/{subject.id}".lstrip("/")
    if isinstance(subject, Direction):
        return subject.docname
    return f"{options.publications_folder}/{ALL}".lstrip("/")


def stem_of_list(domain: LabsiteDomain, query: PublicationQuery) -> str:
    """Return the path, less its ending, of the files that hold just what a list shows, or ''."""
    asked = replace(query, group_by="", filter=False)
    if asked == PublicationQuery():
        return stem_of(domain, None)
    for identity in asked.people:
        if asked == PublicationQuery(people=(identity,)) and identity in domain.store.by_id:
            return stem_of(domain, domain.store.by_id[identity])
    for direction in domain.directions():
        if asked == PublicationQuery(directions=(direction.id,)):
            return stem_of(domain, direction)
    return ""


def exports(domain: LabsiteDomain) -> Sequence[tuple[str, tuple[Publication, ...]]]:
    """Return path, less its ending, and publications of every exported file.

    People have theirs also when they have left: an address that was given out stays.
    """
    found: list[tuple[str, tuple[Publication, ...]]]
    found = domain.once("exports", lambda domain: [*_exports(domain)])
    return found


def _exports(domain: LabsiteDomain) -> Iterator[tuple[str, tuple[Publication, ...]]]:
    publications = domain.store.publications
    by_direction: defaultdict[str, list[Publication]] = defaultdict(list)
    for pub in publications:
        yield stem_of(domain, pub), (pub,)
        for direction in dict.fromkeys(pub.directions):
            by_direction[direction].append(pub)
    if publications:
        yield stem_of(domain, None), publications
    for identity, written in written_by(domain).items():
        yield stem_of(domain, domain.store.by_id[identity]), written
    for item in domain.directions():
        if item.id in by_direction:
            yield stem_of(domain, item), tuple(by_direction[item.id])


def written_by(domain: LabsiteDomain) -> dict[str, tuple[Publication, ...]]:
    """Return person → their publications, of those who have some; in list order."""
    found: dict[str, tuple[Publication, ...]] = domain.once("written by", _written_by)
    return found


def _written_by(domain: LabsiteDomain) -> dict[str, tuple[Publication, ...]]:
    by_person: defaultdict[str, list[Publication]] = defaultdict(list)
    for pub in domain.store.publications:
        for person in pub.people:
            by_person[person].append(pub)
    return {person: tuple(listed) for person, listed in by_person.items()}


def feeds(domain: LabsiteDomain, site: SiteFacts) -> tuple[Feed, ...]:
    """Return the feeds that have entries: new publications, news, new publications by direction.

    A feed's links are absolute (RFC 4287 wants ids that are), so that a site without a public
    address has none.
    """
    if not site.address or not domain.has_views:
        return ()
    options, publications = domain.options, domain.store.publications
    papers, found = f"{site.name}: new publications", []
    entries = _publications(domain, site, publications)
    path = feed_path(stem_of(domain, None))
    found.append(_feed(site, path, papers, options.publications_page, entries))
    news = news_entries(site.name, domain.news(), lambda item: site.page(item.docname))
    page = f"{options.news_folder}/index"
    page = page if page in domain.env.found_docs else domain.env.config.root_doc
    found.append(_feed(site, f"{options.news_folder}/atom.xml", f"{site.name}: news", page, news))
    for item in domain.directions():
        chosen = tuple(pub for pub in publications if item.id in pub.directions)
        entries = _publications(domain, site, chosen)
        title = f"{papers}, {item.title}"
        found.append(_feed(site, feed_path(item.docname), title, item.docname, entries))
    return tuple(feed for feed in found if feed.entries)


def feed_path(stem: str) -> str:
    """Return where the feed of a list stands, by the path of its exported files."""
    folder, slash, name = stem.rpartition("/")
    return f"{folder}{slash}atom.xml" if name == ALL else f"{stem}.atom.xml"


def _publications(
    domain: LabsiteDomain, site: SiteFacts, publications: tuple[Publication, ...]
) -> tuple[FeedEntry, ...]:
    return publication_entries(
        site.name,
        publications,
        lambda pub: site.page(domain.publication_page(pub)[0]),
        reference_text,
    )


def _feed(
    site: SiteFacts, path: str, title: str, page: str, entries: tuple[FeedEntry, ...]
) -> Feed:
    return Feed(
        lasting_id(site.name, path),
        path,
        xml_text(title),
        f"{site.address}{quote(path)}",
        site.page(page),
        entries,
    )
