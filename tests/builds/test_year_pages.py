"""A bibliography too large for one page: pages of years come, change and go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bench.generate import generate
from labsite.division import LIMIT
from tests.builds.sites import Build, Site, differences

if TYPE_CHECKING:
    from bs4 import Tag

SIZE = LIMIT + 30
OLDEST = """
@misc{adams%d,
  title      = {An Early Paper},
  author     = {Adams, Ada},
  year       = {%d},
  eprint     = {2401.00001},
  eprinttype = {arxiv},
}
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build a site a little larger than a page once; every test begins with it."""
    root = tmp_path_factory.mktemp("large") / "site"
    generate(SIZE, root)
    site = Site(root.resolve())
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    site.save()
    return build


@pytest.fixture
def site(base: Build) -> Site:
    site = Site(base.site)
    site.restore()
    return site


def years(build: Build) -> set[str]:
    """The pages of years there are."""
    return {path.name for path in (build.out / "publications").glob("*.html") if is_year(path.name)}


def is_year(name: str) -> bool:
    return name[0].isdigit() or name.startswith("undated")


def keys(page: Tag) -> list[str]:
    return [str(item["data-pub-key"]) for item in page.select("[data-pub-key]")]


def written(build: Build, before: dict[str, int]) -> set[str]:
    """The pages of years, and the overview, that a build wrote."""
    new = {name for name, time in build.mtimes().items() if before.get(name) != time}
    pages = {name.removeprefix("publications/") for name in new if name.endswith(".html")}
    return {name for name in pages if "/" not in name and (is_year(name) or name == "index.html")}


def test_the_overview_has_the_newest_and_leads_to_the_rest(base: Build) -> None:
    overview = base.page("publications/index")
    newest = keys(overview)
    assert LIMIT - 40 < len(newest) <= LIMIT
    listed = newest + [key for name in sorted(years(base), reverse=True)
                       for key in keys(base.page(f"publications/{name[:-5]}"))]  # fmt: skip
    assert len(listed) == len(set(listed)) == SIZE
    hrefs = {str(link["href"]) for link in overview.select(".ls-rail a")}
    assert {href for href in hrefs if not href.startswith("#")} == years(base)
    for href in hrefs - years(base):
        assert overview.select(f".ls-pub-group{href}")
    (older,) = overview.select(".ls-pager a[rel=next]")
    assert older["href"] == max(years(base))
    assert overview.select(".ls-filters output")[0].get_text() == f"{SIZE} publications"


def test_a_year_s_page_is_a_page_like_others(base: Build) -> None:
    name = max(years(base))
    page, year = base.page(f"publications/{name[:-5]}"), name[:4]
    assert page.title is not None
    assert page.title.get_text().startswith(f"Publications of {year}")
    (heading,) = page.select("h1")
    assert heading.get_text() == f"Publications of {year}"
    address = f"https://bench.example.org/publications/{name}"
    assert page.select('link[rel="canonical"]')[0]["href"] == address
    (description,) = page.select('meta[name="description"]')
    assert year in str(description["content"])
    assert [link.get_text() for link in page.select(".ls-crumbs a")] == ["Home", "Publications"]
    assert [link.get_text() for link in page.select('.ls-years [aria-current="page"]')] == [year]
    assert page.select(f"#y{year} .ls-pub")
    assert f"<loc>{address}</loc>" in base.text("sitemap.xml")
    (newer,) = page.select(".ls-pager [rel=prev]")
    assert newer["href"] == "index.html"


def test_lists_have_their_bibtex_in_files(base: Build) -> None:
    for name in ("publications/index", "research/clear-reasons", "index"):
        page = base.page(name)
        assert not page.select("pre") and len(page.select("a[data-ls-bibtex]")) == len(keys(page))
        for link in page.select("a[data-ls-bibtex]"):
            assert (base.out / name).parent.joinpath(str(link["href"])).resolve().is_file()


def test_a_list_elsewhere_is_cut_and_says_where_the_rest_is(site: Site) -> None:
    overview = "docs/publications/index.md"
    site.write(
        "docs/everything.md", "---\norphan: true\n---\n# Everything\n\n```{publications}\n```\n"
    )
    bib = re.sub(r"direction +=.*", "direction = {clear-reasons},", site.read("references.bib"))
    site.write("references.bib", bib)
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    for name, href in (
        ("everything", "publications/index.html"),
        ("research/clear-reasons", "../publications/index.html?direction=clear-reasons"),
    ):
        page = build.page(name)
        assert keys(page) == re.findall(r"^@(?!string)\w+\{(\w+)", bib, re.MULTILINE)[:LIMIT]
        (cut,) = page.select(".ls-cut")
        assert cut.get_text().startswith(f"The newest {LIMIT} of {SIZE}: ")
        assert cut.select("a")[0]["href"] == href
    site.write(overview, site.read(overview).replace(":filter:", ":limit: 400"))
    build = site.build()
    assert years(build) == set(), "without a page that has everything, nothing is divided or cut"
    assert len(keys(build.page("research/clear-reasons"))) == SIZE


def _add_year(site: Site) -> None:
    site.append("references.bib", OLDEST % (1990, 1990))


def _add_to_year(site: Site) -> None:
    site.append("references.bib", OLDEST % (2000, 2000))


def _add_undated(site: Site) -> None:
    site.append(
        "references.bib", re.sub(r"  year .*\n", "", OLDEST % (0, 0)).replace("adams0", "adams")
    )


def _empty_year(site: Site) -> None:
    entries = re.split(r"\n(?=@)", site.read("references.bib"))
    kept = [entry for entry in entries if "= {2001}" not in entry]
    assert 0 < len(entries) - len(kept) < 10
    site.write("references.bib", "\n".join(kept))


def _shrink(site: Site) -> None:
    entries = re.split(r"\n(?=@)", site.read("references.bib"))
    site.write("references.bib", "\n".join(entries[:-35]) + "\n")


@pytest.mark.parametrize(
    ("edit", "moved"),
    [
        (_add_year, {"+1990.html"}),
        (_add_to_year, set()),
        (_empty_year, {"-2001.html"}),
        (_shrink, None),
    ],
)
def test_pages_come_and_go_as_in_a_clean_build(
    base: Build, site: Site, edit: object, moved: set[str] | None
) -> None:
    before = years(base)
    assert callable(edit)
    edit(site)
    again, clean = site.build(), site.build(into="clean")
    assert differences(again, clean) == []
    after = years(again)
    if moved is None:
        assert before and after == set()
        assert not (again.out / "filter-data.js").exists()
        assert again.page("publications/index").select(".ls-bibtex pre")
    else:
        assert {f"+{name}" for name in after - before} | {f"-{n}" for n in before - after} == moved


def test_what_has_no_year_has_a_page_too(site: Site) -> None:
    _add_undated(site)
    build = site.build()
    assert "undated.html" in years(build)
    page = build.page("publications/undated")
    assert keys(page) == ["adams"]
    assert page.select("#undated .ls-pub")
    (link,) = build.page("publications/index").select('.ls-rail a[href="undated.html"]')
    assert "data-year" not in link.attrs


def test_only_pages_that_change_are_written(base: Build, site: Site) -> None:
    before = base.mtimes()
    site.build()
    assert written(base, before) == set()
    _add_to_year(site)
    assert written(site.build(), before) == {"2000.html", "index.html"}


def test_a_page_by_hand_takes_the_place_of_a_year_s(site: Site) -> None:
    site.write("docs/publications/2000.md", "---\norphan: true\n---\n# By hand\n")
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    assert build.page("publications/2000").select("h1")[0].get_text().startswith("By hand")
