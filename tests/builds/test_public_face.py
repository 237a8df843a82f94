"""What other people's pages, tools and links rely on: ids, citations, links, the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urldefrag, urljoin

import pytest
from sphinx.util.inventory import InventoryFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import Tag

    from tests.builds.sites import Build, Site

KEYS: Final = [  # newest first
    "meier2025clear",
    "meier2025steady",
    "okafor2024three",
    "fuchs2024early",
    "hall2023thesis",
    "garcia2022accents",
]


@pytest.fixture(scope="module")
def build(new_site: Callable[[], Site]) -> Build:
    """Build the tiny site."""
    return new_site().build()


def keys(page: Tag) -> list[str]:
    """Return the publications that a page lists, in its order."""
    return [str(item["data-pub-key"]) for item in page.select("[data-pub-key]")]


def text(page: Tag, selector: str) -> list[str]:
    """Return the texts of elements, less extra white space."""
    return [" ".join(item.get_text().split()) for item in page.select(selector)]


def links(page: Tag, selector: str) -> list[tuple[str, str]]:
    """Return text and address of links."""
    addresses = [str(link["href"]) for link in page.select(selector)]
    return list(zip(text(page, selector), addresses, strict=True))


# Lists of publications


def test_every_publication_once_newest_first(build: Build) -> None:
    assert keys(build.page("publications/index")) == KEYS


def test_every_publication_has_its_anchor(build: Build) -> None:
    items = build.page("publications/index").select("[data-pub-key]")
    assert [item["id"] for item in items] == [f"pub-{key}" for key in KEYS]


def test_list_is_grouped_by_year(build: Build) -> None:
    page = build.page("publications/index")
    assert text(page, ".ls-group-heading") == ["2025", "2024", "2023", "2022"]
    ids = [str(group["id"]) for group in page.select(".ls-pub-group")]
    assert ids == ["y2025", "y2024", "y2023", "y2022"]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("index", ["meier2025steady"]),  # selected
        ("research/clear-images", ["meier2025clear", "okafor2024three", "garcia2022accents"]),
        (
            "research/quiet-models",  # by type
            ["meier2025steady", "meier2025clear", "hall2023thesis", "fuchs2024early"],
        ),
        ("people/anna-meier", ["meier2025clear", "meier2025steady"]),
        ("people/chidi-okafor", ["meier2025clear", "meier2025steady", "okafor2024three"]),
    ],
)
def test_other_lists(build: Build, page: str, expected: list[str]) -> None:
    assert keys(build.page(page)) == expected


@pytest.mark.parametrize("page", ["index", "research/clear-images", "people/chidi-okafor"])
def test_other_lists_have_no_anchors_but_links(build: Build, page: str) -> None:
    items = build.page(page).select("[data-pub-key]")
    up = "../" * page.count("/")
    for item in items:
        assert "id" not in item.attrs
        (link,) = item.select(".ls-pub-title a")
        assert link["href"] == f"{up}publications/{item['data-pub-key']}.html"


def test_ids_are_unique_on_each_page(build: Build) -> None:
    for name, page in build.pages().items():
        ids = [str(element["id"]) for element in page.select("[id]")]
        assert len(ids) == len(set(ids)), name


def test_status_of_the_filter_counts(build: Build) -> None:
    page = build.page("publications/index")
    assert text(page, '.ls-filters [role="status"]') == ["6 publications"]


# Entries


def entry(build: Build, key: str) -> Tag:
    """Return an entry of the whole list."""
    (found,) = build.page("publications/index").select(f'[data-pub-key="{key}"]')
    return found


def test_latex_becomes_text_and_markup(build: Build) -> None:
    (title,) = entry(build, "garcia2022accents").select(".ls-pub-title")
    assert title.get_text().strip() == "The T2 time of Gödel's knee – 95% of it"
    assert (text(title, "em"), text(title, "sub")) == (["T"], ["2"])


def test_members_are_linked_and_equal_authors_marked(build: Build) -> None:
    found = entry(build, "okafor2024three")
    assert links(found, ".ls-pub-authors a") == [
        ("Chidi Okafor", "../people/chidi-okafor.html"),
        ("Lena Fuchs", "../people/index.html#lena-fuchs"),
    ]
    assert len(found.select(".ls-equal")) == 2
    assert "The Knee Consortium" in found.select(".ls-pub-authors")[0].get_text()


def test_stranger_is_not_linked(build: Build) -> None:
    authors = entry(build, "garcia2022accents").select(".ls-pub-authors")[0]
    assert authors.get_text() == "Inés García, Jan van der Berg"
    assert authors.find_all(True) == []


def test_buttons_are_those_the_entry_has(build: Build) -> None:
    hidden = " of Steady MRI at 3 T"
    assert links(entry(build, "meier2025steady"), "a.ls-pub-link") == [
        (f"DOI{hidden}", "https://doi.org/10.1000/steady.2025"),
        (f"Code{hidden}", "https://git.example.org/steady"),
    ]
    assert [href for _, href in links(entry(build, "fuchs2024early"), "a.ls-pub-link")] == [
        "https://arxiv.org/abs/2401.00001"
    ]
    assert links(entry(build, "hall2023thesis"), "a.ls-pub-link") == []


def test_bibtex_stands_alone_without_our_fields(build: Build) -> None:
    (element,) = entry(build, "meier2025steady").select(".ls-bibtex pre")
    source = element.get_text()
    definition, _, own = source.partition("\n")
    assert definition == "@string{jqi = {Journal of Quiet Images}}"
    assert own.startswith("@article{meier2025steady,")
    assert "title     = {Steady {MRI} at 3 {T}}" in own
    for field in ("direction", "code", "selected"):
        assert field not in source


# Citations and cross-references


@pytest.mark.parametrize(
    ("page", "number", "expected"),
    [
        ("index", 0, "Meier and Okafor (2025b)"),
        ("research/quiet-models", 1, "Hall (2023)"),
        ("research/clear-images", 0, "(Okafor et al., 2024)"),
        ("news/2024-05-start", 0, "Fuchs and Elsewhere (2024)"),
    ],
)
def test_citation_text(build: Build, page: str, number: int, expected: str) -> None:
    assert text(build.page(page), ".ls-cite")[number] == expected


def test_citations_come_in_the_order_written(build: Build) -> None:
    cited = text(build.page("research/quiet-models"), ".ls-cite")[0]
    assert cited.index("2025a") < cited.index("2025b")


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("index", ["publications/meier2025clear.html"]),
        ("research/clear-images", ["../publications/okafor2024three.html"]),
        ("news/2024-05-start", ["../publications/fuchs2024early.html"]),
    ],
)
def test_citation_leads_to_the_entry(build: Build, page: str, expected: list[str]) -> None:
    assert [href for _, href in links(build.page(page), ".ls-cite a")] == expected


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("index", ("Anna Meier", "people/anna-meier.html")),
        ("publications/index", ("Chidi Okafor", "../people/chidi-okafor.html")),
        ("research/quiet-models", ("Anna Meier", "../people/anna-meier.html")),
        ("research/quiet-models", ("Lena Fuchs", "../people/index.html#lena-fuchs")),
        ("research/quiet-models", ("the late Tom", "../people/index.html#tom-hall")),
        ("research/index", ("Three of a Kind", "../publications/okafor2024three.html")),
        (
            "research/clear-images",
            ("the accents paper", "../publications/garcia2022accents.html"),
        ),
        (
            "news/2025-09-01-award",
            ("Clear Pictures of the Knee", "../publications/meier2025clear.html"),
        ),
    ],
)
def test_roles_link_records(build: Build, page: str, expected: tuple[str, str]) -> None:
    assert expected in links(build.page(page), "article p > a.reference.internal")


def test_role_with_its_own_text_is_not_code(build: Build) -> None:
    assert text(build.page("research/quiet-models"), "article p > a code") == []
    assert text(build.page("research/clear-images"), "article p > a code") == []


# People


def test_people_who_are_current_have_pages(build: Build) -> None:
    names = {path.name for path in (build.out / "people").glob("*.html")}
    left = {"lena-fuchs.html", "tom-hall.html"}  # which redirect to the overview
    assert names == {"index.html", "anna-meier.html", "chidi-okafor.html"} | left
    for name in left:
        assert 'http-equiv="refresh"' in (build.out / "people" / name).read_text("utf-8")
    assert text(build.page("people/anna-meier"), "h1") == ["Anna Meier"]


def test_everyone_has_an_anchor_in_the_overview(build: Build) -> None:
    page = build.page("people/index")
    ids = [str(item["id"]) for item in page.select("[id]") if item["id"] != "people"]
    for person in ("anna-meier", "chidi-okafor", "lena-fuchs", "tom-hall"):
        assert ids.count(person) == 1
    linked = {href for _, href in links(page, ".ls-people a")}
    assert linked == {"anna-meier.html", "chidi-okafor.html"}


def test_news_comes_newest_first(build: Build) -> None:
    assert links(build.page("news/index"), ".ls-news a") == [
        ("A prize for clear pictures", "2025-09-01-award.html"),
        ("The group begins", "2024-05-start.html"),
    ]
    times = build.page("news/index").select(".ls-news time")
    assert [str(time["datetime"]) for time in times] == ["2025-09-01", "2024-05"]
    assert len(build.page("index").select(".ls-news a")) == 1


def test_directions_come_in_their_order(build: Build) -> None:
    assert links(build.page("research/index"), ".ls-cards a") == [
        ("Quiet Models", "quiet-models.html"),
        ("Clear Images", "clear-images.html"),
    ]


# All links


def test_every_internal_link_leads_somewhere(build: Build) -> None:
    pages = build.pages()
    ids = {name: {str(item["id"]) for item in page.select("[id]")} for name, page in pages.items()}
    broken = []
    for name, page in pages.items():
        for href in {str(link["href"]) for link in page.select("a[href]")}:
            if ":" in href:
                continue
            path, anchor = urldefrag(urljoin(f"/{name}.html", href))
            if not path.endswith(".html") and (build.out / path[1:]).is_file():
                continue  # a file to download
            goal = path.removeprefix("/").removesuffix(".html")
            if goal not in ids or (anchor and anchor not in ids[goal]):
                broken.append((name, href))
    assert broken == []


# The inventory


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("publication", KEYS),
        ("person", ["anna-meier", "chidi-okafor", "lena-fuchs", "tom-hall"]),
        ("direction", ["quiet-models", "clear-images"]),
    ],
)
def test_inventory(build: Build, kind: str, names: list[str]) -> None:
    inventory = InventoryFile.loads((build.out / "objects.inv").read_bytes(), uri="").data
    found = inventory[f"labsite:{kind}"]
    assert sorted(found) == sorted(names)
    for name in names:
        page, _, anchor = found[name].uri.partition("#")
        assert page.endswith(".html")
        target = build.page(page.removesuffix(".html"))
        assert not anchor or target.find(id=anchor) is not None, found[name].uri


def test_inventory_has_addresses_and_titles(build: Build) -> None:
    inventory = InventoryFile.loads((build.out / "objects.inv").read_bytes(), uri="").data
    paper = inventory["labsite:publication"]["meier2025clear"]
    assert (paper.uri, paper.display_name) == (
        "publications/meier2025clear.html",
        "Clear Pictures of the Knee",
    )
    assert inventory["labsite:person"]["anna-meier"].uri == "people/anna-meier.html"
    assert inventory["labsite:person"]["tom-hall"].uri == "people/index.html#tom-hall"
    assert inventory["labsite:direction"]["quiet-models"].uri == "research/quiet-models.html"
