"""The feeds against RFC 4287, and what leads machines to all pages: sitemap and robots.txt."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser
import pytest
from lxml import etree

from tests.site.conftest import ROOT, SITE, is_redirect, page_names, read_page
from tests.site.test_landing_pages import (
    authors,
    displayed,
    entries,
    front_matter,
    one,
    plain,
    text_of,
    words,
)
from tests.site.test_metadata import base, canonical, in_site, news_pages
from tests.site.test_pages import SERVICE, content_pages

LONGEST = 50  # a feed has no more entries than this, the newest
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
DIRECTIONS = sorted(p.stem for p in (ROOT / "docs/research").glob("*.md") if p.stem != "index")
PAGE_OF = {
    "publications/atom.xml": "publications/index.html",
    "news/atom.xml": "news/index.html",
    **{f"research/{name}.atom.xml": f"research/{name}.html" for name in DIRECTIONS},
}
# RFC 4287, sections 4.1.1 and 4.1.2: what a feed and an entry may have, and what only once
ONCE = (
    "id title updated subtitle generator icon logo rights published summary content source".split()
)
OF_FEED = (
    "author category contributor generator icon id link logo rights subtitle title updated entry"
)
OF_ENTRY = (
    "author category content contributor id link published rights source summary title updated"
)


@cache
def added() -> dict[str, str]:
    """Return key → the day it came to the site, for those of which that is known; newest first."""
    known = {
        key: entry.fields["added"] for key, entry in entries().items() if "added" in entry.fields
    }
    return dict(sorted(known.items(), key=lambda item: item[1], reverse=True))


def wanted(path: str) -> dict[str, str]:
    """Return the pages that a feed should have, each with its day, newest first."""
    if path == "news/atom.xml":
        days = {page: first_day(front_matter(f"{page[:-5]}.md")["date"]) for page in news_pages()}
        found = dict(sorted(days.items(), key=lambda item: item[1], reverse=True))
    else:
        direction = path.removeprefix("research/").removesuffix(".atom.xml")
        found = {
            f"publications/{key}.html": day
            for key, day in added().items()
            if direction in words(entries()[key].fields["direction"]) or path.endswith("/atom.xml")
        }
    return dict(list(found.items())[:LONGEST])


def first_day(text: object) -> str:
    """Return a date of which the day may not be known as RFC 3339 wants it."""
    year, month, day = [*str(text).split("-"), "01", "01"][:3]
    return f"{year}-{month}-{day}"


@cache
def feed(path: str) -> Any:
    return etree.fromstring((SITE / path).read_bytes())


def texts(element: Any, name: str) -> list[str]:
    return [found.text or "" for found in element.findall(f"{ATOM}{name}")]


def addresses(element: Any, relation: str) -> list[str]:
    # without rel a link means the same as rel=alternate (RFC 4287, section 4.2.7.2)
    links = element.findall(f"{ATOM}link")
    return [link.get("href") for link in links if link.get("rel", "alternate") == relation]


def feeds_that_exist() -> list[str]:
    return [path for path in PAGE_OF if wanted(path)]


@pytest.mark.parametrize("path", PAGE_OF)
def test_a_feed_exists_where_there_is_something_to_tell(path: str) -> None:
    assert (SITE / path).is_file() == bool(wanted(path))


def test_there_are_no_other_feeds() -> None:
    found = {p.relative_to(SITE).as_posix() for p in SITE.rglob("*atom.xml")}
    assert found == set(feeds_that_exist())
    assert {"publications/atom.xml", "news/atom.xml"} < found


@pytest.mark.parametrize("path", feeds_that_exist())
class TestFeed:
    def test_has_what_rfc_4287_demands_once_and_nothing_unknown(self, path: str) -> None:
        assert feed(path).tag == f"{ATOM}feed"
        assert (SITE / path).read_bytes().startswith(b"<?xml")
        for element in (feed(path), *feed(path).findall(f"{ATOM}entry")):
            known = OF_FEED if element is feed(path) else OF_ENTRY
            assert {child.tag for child in element} <= {f"{ATOM}{n}" for n in known.split()}
            for name in ("id", "title", "updated"):
                (text,) = texts(element, name)
                assert text == text.strip() != ""
            assert not [name for name in ONCE if len(texts(element, name)) > 1]

    def test_text_is_plain(self, path: str) -> None:
        for element in feed(path).iter(f"{ATOM}title", f"{ATOM}summary", f"{ATOM}name"):
            assert element.get("type", "text") == "text" and len(element) == 0
            assert not re.search(r"&\w+;|</?\w+>|\\|[{}]", element.text)

    def test_everybody_has_a_name_and_every_entry_an_author(self, path: str) -> None:
        for element in feed(path).iter(f"{ATOM}author", f"{ATOM}contributor"):
            (name,) = texts(element, "name")
            assert name.strip()
        without = [e for e in feed(path).findall(f"{ATOM}entry") if e.find(f"{ATOM}author") is None]
        assert feed(path).find(f"{ATOM}author") is not None or not without

    def test_dates_are_whole_and_those_of_the_sources(self, path: str) -> None:
        stamps = []
        for entry in feed(path).findall(f"{ATOM}entry"):
            page = in_site(addresses(entry, "alternate")[0])
            (stamp,) = texts(entry, "updated")
            assert stamp[:10] == wanted(path)[page]
            for text in (stamp, *texts(entry, "published")):
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", text)
                assert datetime.fromisoformat(text).tzinfo is not None
            stamps.append(datetime.fromisoformat(stamp))
        assert all(newer >= older for newer, older in pairwise(stamps)), "newest first"
        assert datetime.fromisoformat(texts(feed(path), "updated")[0]) == stamps[0]

    def test_addresses_are_absolute_and_ids_unique(self, path: str) -> None:
        ids = [str(element.text) for element in feed(path).iter(f"{ATOM}id")]
        assert len(ids) == len(set(ids))
        assert all(
            re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", i) for i in ids
        )
        for address in [str(link.get("href")) for link in feed(path).iter(f"{ATOM}link")]:
            parts = urlsplit(address)
            assert parts.scheme in {"http", "https"} and parts.netloc and " " not in address, (
                address
            )

    def test_says_where_it_is_and_which_page_shows_the_same(self, path: str) -> None:
        assert addresses(feed(path), "self") == [urljoin(base(), path)]
        assert addresses(feed(path), "alternate") == [canonical(PAGE_OF[path])]

    def test_has_just_the_entries_it_should(self, path: str) -> None:
        found = []
        for entry in feed(path).findall(f"{ATOM}entry"):
            (address,) = addresses(entry, "alternate")
            page = in_site(address)
            assert address == canonical(page)
            heading = text_of(one(read_page(page), "h1")).removesuffix("#")
            assert texts(entry, "title") == [heading]
            assert texts(entry, "summary")[0].strip(), page
            found.append(page)
        assert len(found) == len(set(found)) and set(found) == set(wanted(path))

    def test_is_read_without_complaint(self, path: str) -> None:
        read = feedparser.parse((SITE / path).read_bytes())
        assert not read.bozo and read.version == "atom10"
        assert len(read.entries) == len(wanted(path))
        for entry in read.entries:
            assert entry.id and entry.link and entry.title and entry.updated_parsed


def test_entries_for_papers_name_their_authors() -> None:
    for entry in feed("publications/atom.xml").findall(f"{ATOM}entry"):
        key = in_site(addresses(entry, "alternate")[0])[len("publications/") : -len(".html")]
        source = entries()[key]
        found = [texts(author, "name") for author in entry.findall(f"{ATOM}author")]
        assert found == [[displayed(person)] for person in authors(source)], key
        if "summary" in source.fields:
            assert texts(entry, "summary") == [plain(source.fields["summary"])], key


def test_no_paper_came_before_it_was_published() -> None:
    assert len(added()) >= 10
    for key, day in added().items():
        assert date.fromisoformat(day).year >= int(entries()[key].fields["year"]), key


def test_the_sitemap_has_exactly_the_pages_worth_finding() -> None:
    urlset = etree.fromstring((SITE / "sitemap.xml").read_bytes())
    assert urlset.tag == f"{SITEMAP}urlset" and len(urlset) < 50_000
    found = []
    for url in urlset:
        assert url.tag == f"{SITEMAP}url"
        allowed = [f"{SITEMAP}{name}" for name in ("loc", "lastmod", "changefreq", "priority")]
        tags = [child.tag for child in url]
        assert tags[0] == allowed[0] and set(tags) <= set(allowed) and len(set(tags)) == len(tags)
        found.append(str(url[0].text))
    assert len(found) == len(set(found))
    assert {in_site(address) for address in found} == set(content_pages())
    assert set(found) == {canonical(name) for name in content_pages()}
    assert not {in_site(address) for address in found} & SERVICE
    assert not [address for address in found if is_redirect(in_site(address))]
    assert len(page_names()) > len(found) > len(entries())


def test_robots_txt_lets_everybody_in_and_names_the_sitemap() -> None:
    lines = (SITE / "robots.txt").read_text(encoding="utf-8").splitlines()
    fields = [tuple(line.split(": ", 1)) for line in lines if line.strip()]
    assert ("Sitemap", f"{base()}sitemap.xml") in fields
    assert ("User-agent", "*") in fields
    assert not [value for name, value in fields if name == "Disallow" and value.strip()]
