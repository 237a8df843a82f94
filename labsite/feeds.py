"""Records → Atom feeds (RFC 4287). Pure functions; a template prints what they return."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from labsite.model import NewsItem, PartialDate, Publication

LONGEST: Final = 50
"""How many entries a feed has at most, the newest."""

_NOT_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry.

    Attributes:
        id: Stays the same whatever becomes of its address (section 4.2.6).
        address: Its page, absolute.
        updated: When it came, to the second, in UTC.
        published: The same for news, where the day is known, else empty.
        authors: Names.
    """

    id: str
    address: str
    title: str
    updated: str
    published: str = ""
    summary: str = ""
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed.

    Attributes:
        id: Stays the same whatever becomes of its address.
        path: Relative to the site's root.
        address: Its own, absolute.
        page: Absolute address of the page that shows the same.
    """

    id: str
    path: str
    title: str
    address: str
    page: str
    entries: tuple[FeedEntry, ...]

    @property
    def updated(self) -> str:
        """When the newest entry came: so a build that brings nothing new changes nothing."""
        return max(entry.updated for entry in self.entries)


def lasting_id(*names: str) -> str:
    """Return an id made of names that do not change: the group's, and a record's first one."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "/".join(names)).urn


def publication_entries(
    group: str,
    publications: Iterable[Publication],
    page: Callable[[Publication], str],
    reference: Callable[[Publication], str],
) -> tuple[FeedEntry, ...]:
    """Return the publications of which it is known when they came to the site, the newest first.

    Args:
        group: The group's name, which is part of the ids.
        publications: In list order. The first of a publication's earlier keys is part of its id.
        page: Publication → absolute address of its page.
        reference: Publication → its formatted reference, shown where there is no summary.
    """
    dated = [(pub.added, pub) for pub in publications if pub.added]
    dated.sort(key=lambda item: item[0].sort_key, reverse=True)
    return tuple(
        FeedEntry(
            id=lasting_id(group, "publications", (*pub.aliases, pub.slug)[0]),
            address=page(pub),
            title=xml_text(pub.title.plain),
            updated=timestamp(added),
            summary=xml_text((pub.summary or pub.abstract).plain or reference(pub)),
            authors=tuple(xml_text(author.name.display) for author in pub.authors or pub.editors),
        )
        for added, pub in dated[:LONGEST]
    )


def news_entries(
    group: str, news: Iterable[NewsItem], page: Callable[[NewsItem], str]
) -> tuple[FeedEntry, ...]:
    """Return news items as entries, the newest first."""
    newest = sorted(news, key=lambda item: item.date.sort_key, reverse=True)
    return tuple(
        FeedEntry(
            id=lasting_id(group, item.docname),
            address=page(item),
            title=xml_text(item.title),
            updated=timestamp(item.date),
            published=timestamp(item.date) if item.date.day else "",
            summary=xml_text(item.description),
        )
        for item in newest[:LONGEST]
    )


def timestamp(date: PartialDate) -> str:
    """Return a date as RFC 3339 wants it: what is not known counts as the first."""
    return f"{date.year:04d}-{date.month or 1:02d}-{date.day or 1:02d}T00:00:00Z"


def xml_text(text: str) -> str:
    """Return a text without the characters that XML 1.0 cannot hold (section 2.2)."""
    return _NOT_XML.sub("", text)
