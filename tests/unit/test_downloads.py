"""Which files stand beside the pages, where, and what is in them."""

from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from labsite.config import Options
from labsite.domain import LabsiteDomain
from labsite.downloads import exports, feed_path, feeds, stem_of, stem_of_list
from labsite.feeds import lasting_id
from labsite.metadata import SiteFacts
from labsite.model import (
    Author,
    Direction,
    Name,
    NewsItem,
    PartialDate,
    Person,
    Publication,
    RichText,
    Source,
)
from labsite.queries import PublicationQuery
from labsite.store import Store

HERE = Source("x.bib", 1)
BASE = "https://example.org/site/"
SITE = SiteFacts("The Lab", "", BASE, lambda page: f"{BASE}{page}.html", lambda person: "")

SUN = Person("sun", "Susu Sun", HERE)
LEFT = Person("koch", "Lisa Koch", HERE, status="alumni")
IDLE = Person("idle", "Ida Idle", HERE)

ROBUST = Direction("robust", "research/robust", "Robustness")
EMPTY = Direction("empty", "research/empty", "Nothing yet")


def made(key: str, people: str = "", directions: str = "", added: str = "") -> Publication:
    return Publication(
        key,
        key,
        HERE,
        "article",
        "article",
        RichText.from_plain(f"Title {key}"),
        authors=tuple(Author(Name(person), person) for person in people.split()),
        directions=tuple(directions.split()),
        added=PartialDate.parse(added) if added else None,
    )


A = made("a", "sun koch", "robust unknown", "2026-03-14")
B = made("b", "koch", "robust robust")
C = replace(made("c", "sun", added="2026-03-15"), slug="c-2")


@dataclass
class Data:
    """What a site is made of."""

    publications: tuple[Publication, ...] = (A, B, C)
    news: tuple[NewsItem, ...] = ()
    page: str = "publications/index"
    people_page: str = "people/index"
    has_views: bool = True
    pages: tuple[str, ...] = ("index", "publications/index", "news/index", "research/robust")

    def domain(self) -> LabsiteDomain:
        people = (SUN, LEFT, IDLE)
        options = Options(
            people_file="people.yml",
            publications_page=self.page,
            people_page=self.people_page,
            directions_folder="research",
            news_folder="news",
            repository="",
        )
        stand_in: Any = SimpleNamespace(
            options=options,
            store=Store(
                publications=self.publications,
                people=people,
                by_id={person.id: person for person in people},
            ),
            directions=lambda: (ROBUST, EMPTY),
            news=lambda: self.news,
            has_views=self.has_views,
            env=SimpleNamespace(found_docs={*self.pages}, config=SimpleNamespace(root_doc="index")),
            publication_page=lambda pub: (f"{options.publications_folder}/{pub.slug}", ""),
            once=lambda name, work_out: work_out(stand_in),
        )
        return cast("LabsiteDomain", stand_in)


DOMAIN = Data().domain()


# Exports ----------------------------------------------------------------------------------------


def test_files_stand_beside_the_pages() -> None:
    assert stem_of(DOMAIN, A) == "publications/a"
    assert stem_of(DOMAIN, C) == "publications/c-2"
    assert stem_of(DOMAIN, SUN) == "people/sun"
    assert stem_of(DOMAIN, ROBUST) == "research/robust"
    assert stem_of(DOMAIN, None) == "publications/all"


def test_files_of_a_list_at_the_root_stand_at_the_root() -> None:
    domain = Data(page="publications", people_page="people").domain()
    assert stem_of(domain, A) == "a"
    assert stem_of(domain, SUN) == "sun"
    assert stem_of(domain, None) == "all"


def test_everything_that_has_publications_has_a_file_with_just_them() -> None:
    found = list(exports(DOMAIN))
    assert dict(found) == {
        "publications/a": (A,),
        "publications/b": (B,),
        "publications/c-2": (C,),
        "publications/all": (A, B, C),
        "people/sun": (A, C),
        "people/koch": (A, B),
        "research/robust": (A, B),
    }
    assert len(found) == 7


def test_without_publications_there_are_no_files() -> None:
    assert list(exports(Data(publications=()).domain())) == []


def test_who_is_author_and_editor_is_counted_once() -> None:
    edited = replace(A, editors=A.authors, authors=(*A.authors, *A.authors))
    found = dict(exports(Data(publications=(edited,)).domain()))
    assert found["people/sun"] == found["people/koch"] == (edited,)


@pytest.mark.parametrize(
    ("query", "stem"),
    [
        (PublicationQuery(), "publications/all"),
        (PublicationQuery(group_by="year", filter=True), "publications/all"),
        (PublicationQuery(people=("sun",)), "people/sun"),
        (PublicationQuery(people=("koch",), group_by="type"), "people/koch"),
        (PublicationQuery(directions=("robust",), filter=True), "research/robust"),
        (PublicationQuery(people=("nobody",)), ""),
        (PublicationQuery(directions=("nothing",)), ""),
        (PublicationQuery(people=("sun", "koch")), ""),
        (PublicationQuery(people=("sun",), directions=("robust",)), ""),
        (PublicationQuery(people=("sun",), types=("article",)), ""),
        (PublicationQuery(people=("sun",), limit=5), ""),
        (PublicationQuery(directions=("robust",), years=(2020, 2025)), ""),
        (PublicationQuery(directions=("robust", "empty")), ""),
        (PublicationQuery(selected=True), ""),
        (PublicationQuery(limit=5), ""),
        (PublicationQuery(years=(2020, 2025)), ""),
        (PublicationQuery(types=("article",)), ""),
    ],
    ids=repr,
)
def test_a_list_has_the_file_that_holds_just_what_it_shows(
    query: PublicationQuery, stem: str
) -> None:
    assert stem_of_list(DOMAIN, query) == stem


# Feeds ------------------------------------------------------------------------------------------

NEWS = (
    NewsItem("news/2026-03-b", "Newer", PartialDate(2026, 3), "B"),
    NewsItem("news/2026-02-01-a", "Older", PartialDate(2026, 2, 1), "A"),
)


@pytest.mark.parametrize(
    ("stem", "path"),
    [
        ("publications/all", "publications/atom.xml"),
        ("all", "atom.xml"),
        ("research/robust", "research/robust.atom.xml"),
        ("research/all-purpose", "research/all-purpose.atom.xml"),
        ("all/robust", "all/robust.atom.xml"),
        ("overall", "overall.atom.xml"),
    ],
)
def test_a_feed_stands_beside_the_exports(stem: str, path: str) -> None:
    assert feed_path(stem) == path


def test_the_feeds_of_a_site() -> None:
    found = feeds(Data(news=NEWS).domain(), SITE)
    assert [(feed.path, feed.title, feed.page) for feed in found] == [
        (
            "publications/atom.xml",
            "The Lab: new publications",
            f"{BASE}publications/index.html",
        ),
        ("news/atom.xml", "The Lab: news", f"{BASE}news/index.html"),
        (
            "research/robust.atom.xml",
            "The Lab: new publications, Robustness",
            f"{BASE}research/robust.html",
        ),
    ]
    assert [feed.address for feed in found] == [f"{BASE}{feed.path}" for feed in found]
    assert [[entry.address for entry in feed.entries] for feed in found] == [
        [f"{BASE}publications/c-2.html", f"{BASE}publications/a.html"],
        [f"{BASE}news/2026-03-b.html", f"{BASE}news/2026-02-01-a.html"],
        [f"{BASE}publications/a.html"],
    ]
    assert [feed.updated[:10] for feed in found] == ["2026-03-15", "2026-03-01", "2026-03-14"]


def test_feeds_without_entries_are_left_out() -> None:
    assert feeds(Data(publications=(B,)).domain(), SITE) == ()
    (only,) = feeds(Data(publications=(B,), news=NEWS).domain(), SITE)
    assert only.path == "news/atom.xml"
    (only,) = feeds(Data(publications=(C,)).domain(), SITE)
    assert only.path == "publications/atom.xml"


def test_a_site_without_an_address_has_no_feeds() -> None:
    assert feeds(Data(news=NEWS).domain(), replace(SITE, address="")) == ()


def test_without_pages_of_their_own_publications_have_no_feeds() -> None:
    assert feeds(Data(news=NEWS, has_views=False).domain(), SITE) == ()


def test_news_without_an_overview_leads_home() -> None:
    found = feeds(Data((), NEWS, pages=("index", "news/2026-03-b")).domain(), SITE)
    assert [(feed.path, feed.page) for feed in found] == [("news/atom.xml", f"{BASE}index.html")]


def test_every_feed_keeps_an_id_of_its_own_wherever_the_site_is() -> None:
    here = feeds(Data(news=NEWS).domain(), SITE)
    there = feeds(Data(news=NEWS).domain(), replace(SITE, address="https://new.example/"))
    assert [feed.address for feed in here] != [feed.address for feed in there]
    assert [feed.id for feed in here] == [feed.id for feed in there]
    assert [feed.id for feed in here] == [lasting_id("The Lab", feed.path) for feed in here]
    ids = {feed.id for feed in here} | {entry.id for feed in here for entry in feed.entries}
    assert len(ids) == 3 + 4  # a paper has the same id in its direction's feed


def test_titles_of_feeds_hold_nothing_that_xml_cannot() -> None:
    bad = replace(SITE, name="The\x0b Lab\x00")
    titles = [feed.title for feed in feeds(Data(news=NEWS).domain(), bad)]
    assert titles == [feed.title for feed in feeds(Data(news=NEWS).domain(), SITE)]


def test_where_there_is_no_summary_the_reference_is_shown() -> None:
    found = feeds(DOMAIN, SITE)[0].entries
    assert found[0].summary == "sun (n.d.). Title c."


def test_feeds_change_only_with_their_own_entries() -> None:
    before = {feed.path: feed for feed in feeds(Data(news=NEWS).domain(), SITE)}
    new = made("new", "sun", "", "2026-04-01")
    after = {feed.path: feed for feed in feeds(Data((new, A, B, C), NEWS).domain(), SITE)}
    changed = [path for path in before if after[path] != before[path]]
    assert changed == ["publications/atom.xml"]
