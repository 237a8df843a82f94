"""The publication list of a bench site with 10,000 entries: fast, light, complete."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page, expect
from pybtex.database import parse_file

from bench.generate import generate
from labsite.bib import parse_bib
from labsite.entries import Entry
from tests.browser.conftest import ROOT, NewPage
from tests.browser.test_everyone import too_wide, violations
from tools.serve import serve

SIZE = 10_000
LIST = "publications/index.html"


@pytest.fixture(scope="session")
def large_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built bench site. It takes a minute or two."""
    folder = tmp_path_factory.mktemp("large")
    generate(SIZE, folder)
    out = folder / "_build"
    command = [
        *(sys.executable, "-m", "sphinx", "-q", "-N", "-W", "--keep-going", "-n", "-b", "html"),
        *("-c", str(folder), str(folder / "docs"), str(out)),
    ]
    environ = os.environ | {"LABSITE_ROOT": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return out


@pytest.fixture(scope="session")
def entries(large_site: Path) -> dict[str, Entry]:
    """Key → what the bib says."""
    path = large_site.parent / "references.bib"
    return {entry.key: entry for entry in parse_bib(path.read_text("utf-8"), path.name).entries}


@pytest.fixture(scope="session")
def large(large_site: Path) -> Iterator[str]:
    """The address of the served bench site."""
    with serve(large_site) as served:
        yield served


def keys(page: Page) -> list[str]:
    shown: list[str] = page.eval_on_selector_all(
        ".ls-pub", "(all) => all.filter((e) => e.checkVisibility()).map((e) => e.dataset.pubKey)"
    )
    return shown


def said(page: Page, text: str) -> None:
    expect(page.locator(".ls-filters [role=status]")).to_have_text(text, timeout=20_000)


def use_filters(page: Page) -> None:
    """Put the focus into the filters and wait until their data are there."""
    page.get_by_label("Title, author or venue").focus()
    expect(page.locator(".ls-found")).to_be_attached(timeout=20_000)


def test_every_page_is_light(large_site: Path) -> None:
    pages = {path: path.stat().st_size for path in large_site.rglob("*.html")}
    assert len(pages) > SIZE
    assert {path.name: size for path, size in pages.items() if size > 1_000_000} == {}


def pages_of_the_list(large_site: Path) -> list[Path]:
    years = (large_site / "publications").glob("[0-9]*.html")
    return [large_site / LIST, *sorted(years)]


def test_without_scripts_every_publication_is_listed_once(
    large_site: Path, entries: dict[str, Entry]
) -> None:
    """The overview leads to all pages of years, and together they have everything."""
    listed: Counter[str] = Counter()
    linked: set[str] = set()
    for path in pages_of_the_list(large_site):
        page = BeautifulSoup(path.read_bytes(), "lxml")
        items = [str(item["data-pub-key"]) for item in page.select(".ls-pub")]
        assert 0 < len(items) <= 250
        listed.update(items)
        links = page.select(".ls-rail a, .ls-years a, .ls-pager a")
        linked |= {urlsplit(str(link["href"])).path for link in links}
        if path.stem[0].isdigit():
            assert {entries[key].get("year") for key in items} == {path.stem[:4]}
    assert listed == Counter(list(entries))
    assert {path.name for path in pages_of_the_list(large_site)} <= linked


def test_a_reader_without_scripts_walks_through_the_years(new_page: NewPage, large: str) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(large + LIST)
    expect(page.locator(".ls-filters")).to_be_hidden()
    page.locator('.ls-rail a[data-year="2015"]').click()
    page.wait_for_url("**/publications/2015.html")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Publications of 2015")
    expect(page.get_by_label("Breadcrumb").get_by_role("link").last).to_have_text("Publications")
    page.get_by_role("link", name="Older").click()
    page.wait_for_url("**/publications/2015-2.html")
    page.locator(".ls-pub-title a").first.click()
    expect(page.locator("article.ls-paper")).to_be_visible()


def test_a_keystroke_draws_a_page_of_results_and_no_more(new_page: NewPage, large: str) -> None:
    """What keeps it quick; how quick it is says ``nox -s bench``, as no test goes by a clock."""
    page = new_page()
    page.goto(large + LIST)
    use_filters(page)
    page.evaluate(
        """() => {
            window.drawn = [];
            new MutationObserver((all) => window.drawn.push(all.reduce((sum, one) =>
                sum + [...one.addedNodes].filter((node) => node.matches?.('.ls-pub') ||
                    node.querySelector?.('.ls-pub')).length, 0)))
                .observe(document.querySelector('.ls-listing'), { childList: true, subtree: true });
        }"""
    )
    page.keyboard.type("segmentation")
    expect(page.locator(".ls-filters [role=status]")).to_contain_text(f"of {SIZE}")
    drawn = page.evaluate("window.drawn")
    assert drawn and max(drawn) <= 60, drawn
    assert 0 < len(keys(page)) <= 50


def test_a_first_search_moves_little(new_page: NewPage, large: str, large_site: Path) -> None:
    page = new_page()
    page.goto(large + LIST)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path.lstrip("/")))
    page.keyboard.press("Control+k")
    page.get_by_role("searchbox").last.press_sequentially("segmentation")
    expect(page.locator(".ls-results li").first).to_be_visible(timeout=20_000)
    moved = {name: len(gzip.compress((large_site / name).read_bytes(), 6)) for name in asked}
    assert "search-data.js" in moved
    assert sum(moved.values()) <= 600_000, moved


def test_nothing_is_loaded_before_somebody_uses_the_filters(new_page: NewPage, large: str) -> None:
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(large + LIST)
    said(page, f"{SIZE} publications")
    assert not [name for name in asked if "data" in name or "large" in name]
    expect(page.locator("select[name=direction] option").first).to_have_text(f"All ({SIZE})")
    use_filters(page)
    loaded = {name.rpartition("/")[2] for name in asked}
    assert {"large-list.js", "search-data.js", "filter-data.js"} <= loaded


def test_the_results_are_right(
    new_page: NewPage, large: str, large_site: Path, entries: dict[str, Entry]
) -> None:
    page = new_page()
    page.goto(f"{large}{LIST}?direction=clear-reasons&year=2019-2020&code=1&q=self+mri")

    def matches(entry: Entry) -> bool:
        text = entry.get("title") + entry.get("author")
        return (
            "clear-reasons" in entry.get("direction")
            and entry.get("year") in {"2019", "2020"}
            and bool(entry.get("code"))
            and all(word in text.lower() for word in ("self", "mri"))
        )

    wanted = [key for key, entry in entries.items() if matches(entry)]
    said(page, f"{len(wanted)} of {SIZE} publications")
    assert keys(page) == wanted and 0 < len(wanted) <= 50
    years = page.locator(".ls-rail button[aria-pressed=true] .ls-rail-number").all_inner_texts()
    assert sum(map(int, years)) == len(wanted)
    first = page.locator(f'[data-pub-key="{wanted[0]}"]')
    expect(first.locator(".ls-pub-title a")).to_have_attribute(
        "href", f"../publications/{wanted[0]}.html"
    )
    for link in first.locator("a").all():
        href = str(link.get_attribute("href"))
        assert (large_site / "publications" / href).resolve().is_file(), href
    page.locator(".ls-pub-title a:visible").first.click()
    expect(page.locator("article.ls-paper")).to_be_visible()
    page.go_back()
    said(page, f"{len(wanted)} of {SIZE} publications")


def test_an_entry_looks_as_it_does_in_the_page(new_page: NewPage, large: str) -> None:
    page = new_page()
    page.goto(large + LIST)

    def look() -> list[Any]:
        found: list[Any] = page.eval_on_selector_all(
            ".ls-pub",
            """(all) => all.filter((e) => e.checkVisibility()).slice(0, 50).map((e) => [
                e.dataset.pubKey,
                ...['.ls-pub-title', '.ls-pub-authors', '.ls-venue', '.ls-kind', '.ls-direction']
                    .map((part) => e.querySelector(part)?.textContent.normalize('NFKD')),
                [...e.querySelectorAll('.ls-member, .ls-direction, .ls-pub-title a')]
                    .map((link) => link.href),
            ])""",
        )
        return found

    in_page = look()
    use_filters(page)
    drawn = look()
    assert len(drawn) == len(in_page) == 50
    for one, two in zip(in_page, drawn, strict=True):
        if "T_2" not in str(two[1]) and "O(" not in str(two[1]):  # a formula is drawn as its TeX
            assert two == one


def test_more_is_shown_on_demand(new_page: NewPage, large: str, entries: dict[str, Entry]) -> None:
    page = new_page()
    page.goto(f"{large}{LIST}?type=thesis")
    wanted = [key for key, entry in entries.items() if entry.type == "phdthesis"]
    said(page, f"{len(wanted)} of {SIZE} publications")
    assert keys(page) == wanted[:50]
    more = page.get_by_role("button", name=f"Show 50 more of {len(wanted) - 50}")
    more.focus()
    page.keyboard.press("Enter")
    assert keys(page) == wanted[:100]
    focused = page.evaluate("document.activeElement.closest('.ls-pub').dataset.pubKey")
    assert focused == wanted[50]
    page.keyboard.press("Escape")
    said(page, f"{SIZE} publications")
    assert keys(page) == list(entries)[:50]


@pytest.mark.parametrize("query", ["q=dementia&code=1&year=2020", "type=article&year=2012"])
def test_what_is_found_is_exported(
    new_page: NewPage, large: str, entries: dict[str, Entry], tmp_path: Path, query: str
) -> None:
    """Few come from their own files, many out of the file of all."""
    page = new_page()
    page.goto(f"{large}{LIST}?{query}")
    expect(page.locator(".ls-found .ls-pub").first).to_be_visible(timeout=20_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download these").click()
    path = tmp_path / "some.bib"
    download.value.save_as(path)
    found = parse_file(str(path), bib_format="bibtex").entries
    if "type" in query:
        years = {
            key: entry.get("year") for key, entry in entries.items() if entry.type == "article"
        }
        assert list(found) == [key for key, year in years.items() if year == "2012"]
        assert len(found) > 100
    else:
        assert list(found) == keys(page) and 0 < len(found) <= 50
    for key, entry in found.items():
        own = entries[key]
        assert entry.fields["title"] == own.get("title")
        if own.get("journal"):
            assert entry.fields["journal"] == own.get("journal")


PARENTS = """@string{jqi = {Journal of Quiet Images}}
@string{used = {Nowhere}}
%s
@proceedings{parent,
  title = {The Parent},
  crossref = {grandparent},
}
@proceedings{other,
  title = {Not Wanted},
}
@proceedings{grandparent,
  title = {The Parent of the Parent},
}
"""


def test_parents_and_abbreviations_come_along(
    new_page: NewPage, large: str, entries: dict[str, Entry], tmp_path: Path
) -> None:
    theses = [key for key, entry in entries.items() if entry.type == "phdthesis"]
    texts = [f"@misc{{{key},\n  crossref = {{parent}},\n  note = jqi,\n}}" for key in theses]
    page = new_page()
    file = PARENTS % "\n".join(texts)
    page.route("**/publications/all.bib", lambda route: route.fulfill(body=file))
    page.goto(f"{large}{LIST}?type=thesis")
    expect(page.locator(".ls-found .ls-pub").first).to_be_visible(timeout=20_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download these").click()
    download.value.save_as(path := tmp_path / "theses.bib")
    found = re.findall(r"^@\w+\{(\w+)", path.read_text("utf-8"), re.MULTILINE)
    assert found == ["jqi", *theses, "parent", "grandparent"]


def test_it_works_from_disk(new_page: NewPage, large_site: Path) -> None:
    page = new_page()
    page.goto((large_site / LIST).as_uri())
    page.get_by_label("Title, author or venue").fill("lung wei")
    expect(page.locator(".ls-found .ls-pub").first).to_be_visible(timeout=20_000)
    assert 0 < len(keys(page)) <= 50
    expect(page.get_by_role("button", name="Download these")).to_be_hidden()


def test_a_year_that_moved_to_its_own_page_is_found(new_page: NewPage, large: str) -> None:
    page = new_page()
    page.goto(f"{large}{LIST}#y2012")
    page.wait_for_url("**/publications/2012.html")


def test_a_failed_load_says_so_and_leaves_the_list(new_page: NewPage, large: str) -> None:
    page = new_page()
    page.route("**/filter-data.js", lambda route: route.abort())
    page.goto(large + LIST)
    shown = keys(page)
    page.get_by_label("Title, author or venue").fill("mri")
    said(page, "The filter could not be loaded.")
    assert keys(page) == shown
    page.unroute("**/filter-data.js")
    page.get_by_label("Title, author or venue").fill("mri brain")
    expect(page.locator(".ls-filters [role=status]")).to_contain_text(f"of {SIZE}")


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_of_a_large_list_are_accessible(
    new_page: NewPage, large: str, width: int, mode: str
) -> None:
    page = new_page(width=width, color_scheme=mode, reduced_motion="reduce")
    for name in (f"{LIST}?q=stroke", "publications/2015-2.html"):
        page.goto(large + name)
        expect(page.locator(".ls-pub:visible").first).to_be_visible()
        if "?" in name:
            expect(page.locator(".ls-found .ls-pub").first).to_be_visible(timeout=20_000)
        assert too_wide(page) == []
        assert violations(page) == []
