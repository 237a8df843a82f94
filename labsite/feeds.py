"""Records → Atom feeds (RFC 4287). Pure functions; a template prints what they return."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from labsite.model import NewsItem, PartialDate, Publication

LONGEST: Final = 50
"""How many entries a feed has at most, the newest."""

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry.

    Attributes:
        address: Its page, absolute. Also its id: pages keep their address, or redirect.
        updated: When it came, to the second, in UTC.
        published: The same where the day is known, else empty.
        authors: Names.
    """

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
        path: Relative to the site's root.
        address: Its own, absolute; also its id.
        page: Absolute address of the page that shows the same.
    """

    path: str
    title: str
    address: str
    page: str
    entries: tuple[FeedEntry, ...]

    @property
    def updated(self) -> str:
        """When the newest entry came: so a build that brings nothing new changes nothing."""
        return max(entry.updated for entry in self.entries)


def publication_entries(
    publications: Iterable[Publication],
    page: Callable[[Publication], str],
    reference: Callable[[Publication], str],
) -> tuple[FeedEntry, ...]:
    """Return the publications of which it is known when they came to the site, the newest first.

    Args:
        publications: In list order.
        page: Publication → absolute address of its page.
        reference: Publication → its formatted reference, shown where there is no summary.
    """
    dated = [(pub.added, pub) for pub in publications if pub.added]
    dated.sort(key=lambda item: item[0].sort_key, reverse=True)
    return tuple(
        FeedEntry(
            address=page(pub),
            title=xml_text(pub.title.plain),
            updated=timestamp(added),
            published=timestamp(added) if added.day else "",
            summary=xml_text((pub.summary or pub.abstract).plain or reference(pub)),
            authors=tuple(xml_text(author.name.display) for author in pub.authors or pub.editors),
        )
        for added, pub in dated[:LONGEST]
    )


def news_entries(
    news: Iterable[NewsItem], page: Callable[[NewsItem], str]
) -> tuple[FeedEntry, ...]:
    """Return news items as entries, the newest first."""
    return tuple(
        FeedEntry(
            address=page(item),
            title=xml_text(item.title),
            updated=timestamp(item.date),
            published=timestamp(item.date) if item.date.day else "",
            summary=xml_text(item.description),
        )
        for item in list(news)[:LONGEST]
    )


def timestamp(date: PartialDate) -> str:
    """Return a date as RFC 3339 wants it: what is not known counts as the first."""
    return f"{date.year:04d}-{date.month or 1:02d}-{date.day or 1:02d}T00:00:00Z"


def xml_text(text: str) -> str:
    """Return a text without the characters that XML 1.0 cannot hold (section 2.2)."""
    return _NOT_XML.sub("", text)
