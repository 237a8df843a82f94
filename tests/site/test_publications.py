"""The real bibliography against the real pages, read by pybtex and PyYAML, not by labsite."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest
import yaml
from bs4 import BeautifulSoup, Tag
from pybtex.database import BibliographyData, Person, parse_file

from tests.site.conftest import ROOT, read_page


@pytest.fixture(scope="module")
def bibliography() -> BibliographyData:
    return parse_file(str(ROOT / "references.bib"), bib_format="bibtex")


@pytest.fixture(scope="module")
def people() -> list[dict[str, object]]:
    loaded = yaml.safe_load((ROOT / "people.yml").read_text(encoding="utf-8"))
    assert isinstance(loaded, list)
    return loaded


def keys_on(page: BeautifulSoup | Tag) -> list[str]:
    return [str(item["data-pub-key"]) for item in page.select("[data-pub-key]")]


def written(person: Person) -> str:
    """`von Family, Given` without braces: the form of the aliases."""
    family = " ".join([*person.prelast_names, *person.last_names])
    given = " ".join([*person.first_names, *person.middle_names])
    return re.sub(r"[{}]", "", f"{family}, {given}" if given else family)


def keys_of_authors(bibliography: BibliographyData, aliases: list[str]) -> set[str]:
    return {
        key
        for key, entry in bibliography.entries.items()
        if any(written(author) in aliases for author in entry.persons.get("author", ()))
    }


def test_every_publication_is_listed_once(bibliography: BibliographyData) -> None:
    listed = keys_on(read_page("publications/index.html"))
    assert sorted(listed) == sorted(bibliography.entries)


def test_the_list_is_grouped_by_year_newest_first(bibliography: BibliographyData) -> None:
    by_year = defaultdict(set)
    for key, entry in bibliography.entries.items():
        by_year[entry.fields["year"]].add(key)
    groups = read_page("publications/index.html").select(".ls-pub-group")
    headings = [group.select_one(".ls-group-heading").get_text() for group in groups]  # type: ignore[union-attr]
    assert headings == sorted(by_year, reverse=True)
    for heading, group in zip(headings, groups, strict=True):
        assert set(keys_on(group)) == by_year[heading]


def test_the_year_rail_counts_and_leads_to_each_year(bibliography: BibliographyData) -> None:
    page = read_page("publications/index.html")
    years = [entry.fields["year"] for entry in bibliography.entries.values()]
    links = page.select(".ls-rail a")
    assert len(links) == len(set(years))
    for link in links:
        year = link.select_one(".ls-rail-year").get_text()  # type: ignore[union-attr]
        count = link.select_one(".ls-rail-count").get_text()  # type: ignore[union-attr]
        assert int(count.split()[0]) == years.count(year)
        target = page.find(id=str(link["href"]).lstrip("#"))
        assert isinstance(target, Tag)
        assert target.select_one(".ls-group-heading").get_text() == year  # type: ignore[union-attr]


def test_authors_have_their_publications_on_their_pages(
    bibliography: BibliographyData, people: list[dict[str, object]]
) -> None:
    current = [person for person in people if person["status"] == "current"]
    assert current
    for person in current:
        aliases = person.get("aliases", [])
        assert isinstance(aliases, list)
        page = read_page(f"people/{person['id']}.html")
        assert set(keys_on(page)) == keys_of_authors(bibliography, aliases), person["id"]
        h1 = page.find("h1")
        assert h1 is not None and str(person["name"]) in h1.get_text()


def test_directions_have_their_publications_on_their_pages(bibliography: BibliographyData) -> None:
    wanted = defaultdict(set)
    for key, entry in bibliography.entries.items():
        for direction in re.split(r"[\s,]+", entry.fields["direction"]):
            wanted[direction].add(key)
    pages = {path.stem for path in (ROOT / "docs/research").glob("*.md")} - {"index"}
    assert pages == set(wanted)
    for direction, keys in wanted.items():
        assert set(keys_on(read_page(f"research/{direction}.html"))) == keys, direction


def test_members_and_nobody_else_are_linked_in_author_lists(
    people: list[dict[str, object]], bibliography: BibliographyData
) -> None:
    aliases = {
        alias: person["id"]
        for person in people
        for alias in person.get("aliases", ())  # type: ignore[attr-defined]
    }
    page = read_page("publications/index.html")
    for key, entry in bibliography.entries.items():
        item = page.select_one(f'[data-pub-key="{key}"]')
        assert item is not None
        members = [str(link["href"]) for link in item.select(".ls-pub-authors .ls-member")]
        ids = [aliases[name] for name in map(written, entry.persons["author"]) if name in aliases]
        assert [re.split(r"[/#]", href)[-1].removesuffix(".html") for href in members] == ids, key


def test_titles_and_venues_are_as_in_the_bib(bibliography: BibliographyData) -> None:
    page = read_page("publications/index.html")
    for key, entry in bibliography.entries.items():
        item = page.select_one(f'[data-pub-key="{key}"]')
        assert item is not None
        title = item.select_one(".ls-pub-title")
        assert title is not None
        plain = re.sub(r"[{}]", "", entry.fields["title"]).replace("\\&", "&")
        assert title.get_text() == plain
        assert entry.fields.get("abbr", "").replace("\\&", "&") in item.get_text()


def test_links_are_those_of_the_bib(bibliography: BibliographyData) -> None:
    page = read_page("publications/index.html")
    for key, entry in bibliography.entries.items():
        item = page.select_one(f'[data-pub-key="{key}"]')
        assert item is not None
        found = {str(link["href"]) for link in item.select("a.ls-pub-link")}
        fields = entry.fields
        wanted = {fields[name] for name in ("code", "url") if name in fields}
        if "doi" in fields:
            wanted.add(f"https://doi.org/{fields['doi']}")
        archive = {"arxiv": "https://arxiv.org/abs/", "medrxiv": "https://www.medrxiv.org/content/"}
        if "eprint" in fields:
            wanted.add(archive[fields["eprinttype"]] + fields["eprint"])
        assert found == wanted, key


def test_the_bibtex_of_each_entry_reads_back(bibliography: BibliographyData) -> None:
    from pybtex.database import parse_string

    page = read_page("publications/index.html")
    for key, entry in bibliography.entries.items():
        item = page.select_one(f'[data-pub-key="{key}"] pre')
        assert item is not None
        read = parse_string(item.get_text(), "bibtex").entries[key]
        assert read.persons == entry.persons
        own = {"abbr", "added", "award", "code", "direction", "model", "related", "relatedtype"}
        own |= {"selected", "summary"}
        assert dict(read.fields) == {k: v for k, v in entry.fields.items() if k.lower() not in own}
