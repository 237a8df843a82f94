"""sphinxcontrib-bibtex's own directives keep working in pages that use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.builds.sites import Build, Site

LOCAL: Final = """
# A page with its own list

Here {cite:p}`meier2025steady` and {cite:t}`hall2023thesis` lead down this page.

```{bibliography}
:filter: docname in docnames
```
"""

EVERYTHING: Final = """
# A page with everything

Here {cite:p}`all-garcia2022accents` leads down this page, {cite:p}`okafor2024three` to the list.

```{bibliography}
:all:
:keyprefix: all-
```
"""

FEET: Final = """
# A page with footnotes

It has been said {footcite}`okafor2024three`, and early {footcite:p}`fuchs2024early`.

```{footbibliography}
```
"""


@pytest.fixture(scope="module")
def site(new_site: Callable[[], Site]) -> Site:
    """Return a site with three pages that use the stock directives."""
    stock = new_site()
    stock.edit("docs/index.md", "news/index\n", "news/index\nlocal\neverything\nfeet\n")
    stock.write("docs/local.md", LOCAL)
    stock.write("docs/everything.md", EVERYTHING)
    stock.write("docs/feet.md", FEET)
    return stock


@pytest.fixture(scope="module")
def builds(site: Site) -> dict[str, Build]:
    """Build it with each builder."""
    return {builder: site.build(builder) for builder in ("html", "text", "latex")}


@pytest.mark.parametrize("builder", ["html", "text", "latex"])
def test_no_warning(builds: dict[str, Build], builder: str) -> None:
    assert (builds[builder].status, builds[builder].stderr) == (0, "")


def test_local_list_has_what_the_page_cites(builds: dict[str, Build]) -> None:
    entries = builds["html"].page("local").select("div.citation")
    texts = [" ".join(entry.get_text().split()) for entry in entries]
    assert len(texts) == 2
    assert any("Steady MRI at 3 T" in text and "Anna Meier" in text for text in texts)
    assert any("On Bayesian Patience" in text for text in texts)


def test_capitals_are_kept(builds: dict[str, Build]) -> None:
    texts = " ".join(builds["html"].page("everything").get_text().split())
    for title in ("Steady MRI at 3 T", "Clear Pictures of the Knee", "Three of a Kind"):
        assert title in texts


def test_whole_list_has_every_entry(builds: dict[str, Build]) -> None:
    assert len(builds["html"].page("everything").select("div.citation")) == 6


def hrefs(build: Build, page: str) -> list[str]:
    """Return where the citations of a page lead to."""
    links = build.page(page).select(".bibtex-citation a[href]")
    return [str(link["href"]) for link in links]


def test_cite_leads_to_the_local_entry(builds: dict[str, Build]) -> None:
    page = builds["html"].page("local")
    ids = {str(entry["id"]) for entry in page.select("div.citation")}
    found = hrefs(builds["html"], "local")
    assert len(found) == 2
    assert {href.removeprefix("#") for href in found} == ids


def test_cite_elsewhere_leads_to_the_publications(builds: dict[str, Build]) -> None:
    html = builds["html"]
    assert hrefs(html, "research/quiet-models") == [
        f"../publications/{key}.html"
        for key in ("meier2025steady", "meier2025clear", "hall2023thesis")
    ]
    assert "publications/okafor2024three.html" in hrefs(html, "everything")


def test_prefixed_cite_leads_to_the_prefixed_entry(builds: dict[str, Build]) -> None:
    page = builds["html"].page("everything")
    (href,) = [href for href in hrefs(builds["html"], "everything") if href.startswith("#")]
    entry = page.find(id=href[1:])
    assert entry is not None
    assert "Gödel" in entry.get_text()


def test_footnotes(builds: dict[str, Build]) -> None:
    page = builds["html"].page("feet")
    notes = {str(note["id"]): note.get_text() for note in page.select("aside.footnote")}
    links = [str(link["href"])[1:] for link in page.select("a.footnote-reference")]
    assert len(notes) == 2
    assert set(links) == set(notes)
    assert "Three of a Kind" in notes[links[0]]
    assert "An Early Note" in notes[links[1]]


def test_text_pages_carry_their_entries(builds: dict[str, Build]) -> None:
    for page, title in (("local", "On Bayesian Patience"), ("feet", "Three of a Kind")):
        assert title in " ".join(builds["text"].text(f"{page}.txt").split())


def test_other_pages_are_as_without(builds: dict[str, Build], new_site: Callable[[], Site]) -> None:
    plain = new_site().build()
    for name in ("publications/index", "research/clear-images", "people/anna-meier"):
        articles = [build.page(name).select_one("article") for build in (plain, builds["html"])]
        assert str(articles[0]) == str(articles[1])


def test_rebuild_after_nothing_says_nothing(site: Site, builds: dict[str, Build]) -> None:
    before = builds["html"].files()
    again = site.build()
    assert (again.status, again.stderr) == (0, "")
    assert again.files() == before
