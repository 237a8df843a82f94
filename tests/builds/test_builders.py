"""Every builder and theme of Sphinx copes with a site made for ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.builds.sites import Site

OPTIONS_OF_OUR_THEME: Final = '{"footer_links": "research/index"}'
RESEARCH_ONLY: Final = """
latex_documents = [("research/index", "research.tex", "Research", "Tiny Lab", "manual")]
"""


@pytest.fixture(scope="module")
def site(new_site: Callable[[], Site]) -> Site:
    """Return a site that says nothing that only our theme understands."""
    site = new_site()
    site.edit("conf.py", OPTIONS_OF_OUR_THEME, "{}")
    return site


@pytest.mark.parametrize(
    ("builder", "file", "shown"),
    [
        ("dirhtml", "publications/index.html", "Clear Pictures of the Knee"),
        ("singlehtml", "index.html", "Clear Pictures of the Knee"),
        ("epub", "publications/index.xhtml", "Clear Pictures of the Knee"),
        ("man", "tinylab.1", "Clear Pictures of the Knee"),
        ("texinfo", "tinylab.texi", "Clear Pictures of the Knee"),
        ("gettext", "research.pot", "Scanners can be steady"),
    ],
)
def test_builder(site: Site, builder: str, file: str, shown: str) -> None:
    # An option of the EPUB alone, which Sphinx wants there.
    build = site.build(builder, "-D", "version=1")
    assert (build.status, build.stderr) == (0, "")
    assert shown in build.text(file)


@pytest.mark.parametrize("builder", ["dirhtml", "html"])
def test_people_are_linked_where_they_are(site: Site, builder: str) -> None:
    build = site.build(builder, into=f"links-{builder}")
    page = build.page("index" if builder == "html" else "research/quiet-models/index")
    links = page.select("article p > a.reference.internal")
    assert links
    for link in links:
        target = build.out / page_folder(builder) / str(link["href"]).partition("#")[0]
        assert (target / "index.html" if target.is_dir() else target).is_file(), link["href"]


def page_folder(builder: str) -> str:
    """Return the folder of the page whose links are followed."""
    return "" if builder == "html" else "research/quiet-models"


@pytest.mark.parametrize("theme", ["pydata_sphinx_theme", "alabaster"])
def test_other_theme(site: Site, theme: str) -> None:
    build = site.build("html", "-D", f"html_theme={theme}", into=theme)
    assert (build.status, build.stderr) == (0, "")
    text = build.page("publications/index").get_text()
    assert "Clear Pictures of the Knee" in text


def test_book_of_a_part_names_people_by_their_names(new_site: Callable[[], Site]) -> None:
    site = new_site()
    site.append("conf.py", RESEARCH_ONLY)
    build = site.build("latex")
    assert "[labsite." not in build.stderr
    tex = build.tex()
    assert "Anna Meier" in tex
    assert "Lena Fuchs" in tex
    assert "the late Tom" in tex
    for person in ("anna-meier", "lena-fuchs", "tom-hall", r"anna\sphinxhyphen{}meier"):
        assert person not in tex
