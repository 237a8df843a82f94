"""Entries of feeds: which, in what order, when they came, and nothing that XML cannot hold."""

import random
import uuid
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import pytest

from labsite.feeds import (
    LONGEST,
    Feed,
    FeedEntry,
    lasting_id,
    news_entries,
    publication_entries,
    timestamp,
    xml_text,
)
from labsite.model import Author, Name, NewsItem, PartialDate, Publication, RichText, Source

rich = RichText.from_plain

LAB = "The Lab"

NOT_XML = "\x00\x01\x08\x0b\x0c\x0e\x1b\x1f\ud800\udfff\ufffe\uffff"


def made(key: str = "k", added: str = "", **fields: Any) -> Publication:
    facts = {"key": key, "slug": key, "source": Source("x.bib", 1), "title": rich(f"Title {key}")}
    day = PartialDate.parse(added) if added else None
    kinds = {"entry_type": "article", "kind": "article", "added": day}
    return Publication(**{**facts, **kinds, **fields})


def entries(*publications: Publication) -> tuple[FeedEntry, ...]:
    return publication_entries(
        LAB,
        publications,
        lambda pub: f"https://x.org/{pub.slug}",
        lambda pub: f"Reference {pub.key}",
    )


def item(name: str, date: str, **fields: Any) -> NewsItem:
    return NewsItem(f"news/{name}", f"Title {name}", PartialDate.parse(date), **fields)


def news(*items: NewsItem) -> tuple[FeedEntry, ...]:
    return news_entries(LAB, items, lambda one: f"https://x.org/{one.docname}.html")


def titles(found: tuple[FeedEntry, ...]) -> list[str]:
    return [entry.title.removeprefix("Title ") for entry in found]


def test_an_entry_has_every_fact_in_its_field() -> None:
    pub = made(
        added="2026-03-14",
        authors=(Author(Name("Sun", "Susu")), Author(Name("The Group", corporate=True))),
        editors=(Author(Name("Koch")),),
        date=PartialDate(2019, 1, 1),
        summary=rich("In short."),
        abstract=rich("At length."),
    )
    assert entries(pub) == (
        FeedEntry(
            id=uuid.uuid5(uuid.NAMESPACE_URL, "The Lab/publications/k").urn,
            address="https://x.org/k",
            title="Title k",
            updated="2026-03-14T00:00:00Z",
            published="",
            summary="In short.",
            authors=("Susu Sun", "The Group"),
        ),
    )


def test_a_summary_or_an_abstract_or_the_reference_is_shown() -> None:
    first, second, third = entries(
        made("a", "2026", summary=rich("In short."), abstract=rich("At length.")),
        made("b", "2026", abstract=rich("At length.")),
        made("c", "2026"),
    )
    summaries = [first.summary, second.summary, third.summary]
    assert summaries == ["In short.", "At length.", "Reference c"]


def test_editors_stand_in_for_authors() -> None:
    (entry,) = entries(made(added="2026", editors=(Author(Name("Koch", "Lisa")),)))
    assert entry.authors == ("Lisa Koch",)


def test_only_what_is_known_to_have_come_is_in_a_feed() -> None:
    new = PartialDate(2026, 3, 14)
    assert titles(entries(made("a", date=new), made("b", "2020"), made("c"))) == ["b"]
    assert entries(made("a", date=new)) == ()


def test_the_newest_is_first_and_equals_stay_in_list_order() -> None:
    dates = ["2025", "2026-03-14", "2025-12-31", "2026-03-15", "2025-01", "2026-03-14", "2026-03"]
    found = entries(*(made(key, date) for key, date in zip("abcdefg", dates, strict=True)))
    assert titles(found) == list("dbfgcea")
    updated = [entry.updated for entry in found]
    assert updated == sorted(updated, reverse=True)


def test_a_feed_ends_after_the_newest() -> None:
    dated = [made(f"k{number:03}", f"{1900 + number}") for number in range(LONGEST + 20)]
    expected = [pub.key for pub in dated[: -LONGEST - 1 : -1]]
    random.Random(1).shuffle(dated)
    assert titles(entries(*dated)) == expected
    assert len(entries(*dated[:LONGEST])) == LONGEST


def test_news_has_every_fact_in_its_field() -> None:
    assert news(item("a", "2026-03-14", description="A prize", people=("sun",))) == (
        FeedEntry(
            id=uuid.uuid5(uuid.NAMESPACE_URL, "The Lab/news/a").urn,
            address="https://x.org/news/a.html",
            title="Title a",
            updated="2026-03-14T00:00:00Z",
            published="2026-03-14T00:00:00Z",
            summary="A prize",
        ),
    )


def test_news_comes_newest_first_and_ends_after_the_newest() -> None:
    items = [item(f"n{number:03}", f"{1900 + number}-05") for number in range(LONGEST + 20)]
    expected = [one.title.removeprefix("Title ") for one in items[: -LONGEST - 1 : -1]]
    assert titles(news(*items)) == titles(news(*items[::-1])) == expected
    assert titles(news(item("a", "2026"), item("b", "2026"))) == ["a", "b"]


@pytest.mark.parametrize(
    ("date", "updated"),
    [
        ("2026-03-14", "2026-03-14T00:00:00Z"),
        ("2026-03", "2026-03-01T00:00:00Z"),
        ("2026", "2026-01-01T00:00:00Z"),
        ("0476", "0476-01-01T00:00:00Z"),
    ],
)
def test_news_is_published_on_its_day_if_that_is_known_and_papers_never(
    date: str, updated: str
) -> None:
    assert timestamp(PartialDate.parse(date)) == updated
    (paper,), (told,) = entries(made(added=date)), news(item("a", date))
    assert paper.updated == told.updated == updated
    assert paper.published == ""  # it came to the site on that day, but was published elsewhere
    assert told.published == (updated if len(date) == 10 else "")


def test_a_feed_is_as_new_as_its_newest_entry_whatever_the_order() -> None:
    years = (2024, 2026, 2025)
    some = tuple(FeedEntry(f"{y}", "a", "A", timestamp(PartialDate(y))) for y in years)
    feed = Feed("f", "atom.xml", "Feed", "https://x.org/atom.xml", "https://x.org/", some)
    assert feed.updated == "2026-01-01T00:00:00Z"


# Ids --------------------------------------------------------------------------------------------


def test_an_id_is_a_urn_of_all_its_names_in_their_order() -> None:
    names = [(LAB, "a"), ("Lab", "a"), (LAB, "b"), ("a", LAB), (LAB, "a", "b"), ("Ü 深", "&<>")]
    found = [lasting_id(*each) for each in names]
    assert found == [lasting_id(*each) for each in names]
    assert len({*found}) == len(names)
    for urn in found:
        assert urn.startswith("urn:uuid:")
        assert uuid.UUID(urn).version == 5


def test_an_id_outlives_every_change_but_that_of_the_first_key() -> None:
    old = made("old", "2026-03-14")
    renamed = made("new", "2025", aliases=("old", "older"), title=rich("Other"), slug="x")
    assert entries(renamed)[0].id == entries(old)[0].id
    again = replace(renamed, key="newest", slug="newest", aliases=("old", "older", "new"))
    assert entries(again)[0].id == entries(old)[0].id
    assert entries(made("new", "2026"))[0].id != entries(old)[0].id


def test_an_id_outlives_the_sites_address() -> None:
    papers, items = [made("a", "2026"), made("b", "2026")], [item("a", "2026"), item("b", "2026")]
    ids = []
    for base in ("https://x.org", "https://elsewhere.example/lab"):

        def paper_at(pub: Publication, base: str = base) -> str:
            return f"{base}/{pub.slug}"

        def news_at(one: NewsItem, base: str = base) -> str:
            return f"{base}/{one.docname}"

        there = publication_entries(LAB, papers, paper_at, str)
        told = news_entries(LAB, items, news_at)
        assert all(entry.address.startswith(base) for entry in (*there, *told))
        ids.append([entry.id for entry in (*there, *told)])
    assert ids[0] == ids[1]
    assert len({*ids[0]}) == 4


def test_two_groups_with_the_same_paper_have_two_ids() -> None:
    found = [publication_entries(lab, [made(added="2026")], str, str)[0].id for lab in ("A", "B")]
    assert found[0] != found[1]


@pytest.mark.parametrize("char", NOT_XML, ids=lambda char: f"U+{ord(char):04X}")
def test_what_xml_cannot_hold_goes(char: str) -> None:
    assert xml_text(f"a{char}b{char}") == "ab"


def test_what_xml_can_hold_stays() -> None:
    text = 'a\tb\nc\r <&>" ü 深 \ud7ff\ue000\ufffd\U00010000\U0010ffff\u2028'
    assert xml_text(text) == text
    assert ET.fromstring(f"<a>{xml_text(NOT_XML)}b</a>").text == "b"


def test_every_character_goes_or_stays_as_xml_1_0_has_it() -> None:
    every = "".join(map(chr, range(0x110000)))
    kept = [*"\t\n\r"]  # section 2.2, production 2: Char
    for first, last in ((0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF)):
        kept += map(chr, range(first, last + 1))
    assert xml_text(every) == "".join(kept)


def test_no_field_of_an_entry_holds_what_xml_cannot() -> None:
    bad = f"x{NOT_XML}y"
    author = Author(Name(bad, bad))
    facts: dict[str, Any] = {"title": rich(bad), "authors": (author,), "summary": rich(bad)}
    found = [*entries(made(added="2026", **facts))]
    found += publication_entries(LAB, [made(added="2026")], lambda pub: "a", lambda pub: bad)
    found += news_entries(LAB, [NewsItem("n", bad, PartialDate(2026), bad)], lambda one: "a")
    texts = [text for one in found for text in (one.title, one.summary, *one.authors)]
    assert texts == ["xy", "xy", "xy xy", "Title k", "xy", "xy", "xy"]
