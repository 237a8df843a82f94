"""Publications' own pages and the files beside them, built, built again and changed."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any, Final

import pytest
from sphinx.util.inventory import InventoryFile

from tests.builds.sites import Build, Site, differences

if TYPE_CHECKING:
    from collections.abc import Callable

ENDINGS: Final = ("html", "bib", "ris", "json")


@pytest.fixture(scope="module")
def base(new_site: Callable[[], Site]) -> Build:
    """Build a site once; every test begins with it."""
    site = new_site()
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    site.save()
    return build


@pytest.fixture
def site(base: Build) -> Site:
    """Return the site as it was after that build."""
    site = Site(base.site)
    site.restore()
    return site


def mentions(build: Build, key: str) -> dict[str, str]:
    """Return the pages under 'cited on': address → text."""
    links = build.page(f"publications/{key}").select("#cited-on a")
    return {str(link["href"]): link.get_text() for link in links}


def changed(build: Build, before: dict[str, bytes]) -> set[str]:
    """Return the HTML files whose content is another one."""
    now = build.files()
    return {name for name in now if name.endswith(".html") and now[name] != before.get(name)}


def written(build: Build, before: dict[str, int]) -> set[str]:
    """Return the HTML files that a build wrote, but for two that Sphinx always writes."""
    now = build.mtimes()
    found = {name for name in now if name.endswith(".html") and now[name] != before.get(name)}
    return found - {"search.html", "genindex.html"}


# Cited on

WAYS: Final = {
    "home": ("docs/index.md", "{cite:p}`garcia2022accents`", "../index.html", "Home"),
    "a direction": (
        "docs/research/quiet-models.md",
        "{cite:t}`garcia2022accents`",
        "../research/quiet-models.html",
        "Quiet Models",
    ),
    "a news item": (
        "docs/news/2024-05-start.md",
        "{pub}`garcia2022accents`",
        "../news/2024-05-start.html",
        "The group begins",
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_citation_appears_and_vanishes_and_only_pages_that_change_are_written(
    site: Site, base: Build, way: str
) -> None:
    file, role, address, title = WAYS[way]
    page = file.removeprefix("docs/").replace(".md", ".html")
    paper = "publications/garcia2022accents.html"
    before = base.files(), base.mtimes()
    assert address not in mentions(base, "garcia2022accents")

    source = site.read(file)
    site.append(file, f"\nSee {role}.\n")
    more = site.build()
    assert (more.status, more.stderr) == (0, "")
    assert mentions(more, "garcia2022accents")[address] == title
    assert changed(more, before[0]) == written(more, before[1]) == {page, paper}
    assert differences(more, site.build(into="clean")) == []

    times = more.mtimes()
    site.write(file, source)
    less = site.build()
    assert address not in mentions(less, "garcia2022accents")
    assert written(less, times) == {page, paper}
    assert changed(less, before[0]) == set()


def test_news_front_matter_counts_as_a_mention(site: Site) -> None:
    site.edit(
        "docs/news/2024-05-start.md",
        'date: "2024-05"',
        'date: "2024-05"\npublications: [hall2023thesis]',
    )
    assert "../news/2024-05-start.html" in mentions(site.build(), "hall2023thesis")


def test_change_that_only_a_landing_page_shows_is_written(site: Site, base: Build) -> None:
    before = base.files()
    site.edit(
        "references.bib",
        "award     = {Best paper},",
        "award     = {Best paper},\n  summary = {It is clear.},",
    )
    again = site.build()
    assert "publications/meier2025clear.html" in changed(again, before)
    (summary,) = again.page("publications/meier2025clear").select("#summary p")
    assert summary.get_text() == "It is clear."
    assert differences(again, site.build(into="clean")) == []


def test_rebuild_after_nothing_writes_nothing_of_ours(site: Site, base: Build) -> None:
    before = base.mtimes()
    again = site.build()
    assert written(again, before) == set()
    after, others = again.mtimes(), (".bib", ".ris", ".json", ".xml", ".png", "robots.txt")
    ours = (name for name in after if name.endswith(others) and name != ".labsite.json")
    assert [name for name in ours if after[name] != before[name]] == []


# Nothing stale


def inventory(build: Build) -> set[str]:
    """Return the keys in objects.inv."""
    found = InventoryFile.loads((build.out / "objects.inv").read_bytes(), uri="").data
    return set(found["labsite:publication"])


def everywhere(build: Build, key: str) -> list[str]:
    """Return where a key is still to be found in the output, names and contents."""
    found = [name for name in build.files() if key in name]
    for name, data in build.files().items():
        if name != "objects.inv" and key.encode() in data:
            found.append(name)
    return [*found, *(["objects.inv"] if key in inventory(build) else [])]


DATED: Final = """
@article{meier2026gone,
  title     = {Gone Tomorrow},
  author    = {Meier, Anna},
  journal   = {Journal of Quiet Images},
  year      = {2026},
  direction = {quiet-models},
  code      = {https://git.example.org/gone},
  added     = {2026-02-03},
}
"""


def test_entry_comes_and_goes_without_a_trace(site: Site, base: Build) -> None:
    before = base.files()
    source = site.read("references.bib")
    site.append("references.bib", DATED)
    there = site.build()
    assert (there.status, there.stderr) == (0, "")
    assert {f"publications/meier2026gone.{ending}" for ending in ENDINGS} <= set(there.files())
    for place in (
        *("publications/all.bib", "people/anna-meier.ris", "research/quiet-models.json"),
        *("publications/atom.xml", "research/quiet-models.atom.xml", "sitemap.xml"),
        *("search-data.js", "objects.inv", "people/anna-meier.html"),
    ):
        assert place in everywhere(there, "meier2026gone"), place
    assert not (there.out / "research/clear-images.atom.xml").exists()

    site.write("references.bib", source)
    gone = site.build()
    assert everywhere(gone, "meier2026gone") == []
    assert not (gone.out / "publications/atom.xml").exists()
    assert {name for name in gone.files() if name not in before} == set()
    assert differences(gone, site.build(into="clean")) == []


def test_renamed_entry_redirects_and_still_cites(site: Site) -> None:
    site.edit(
        "references.bib",
        "@phdthesis{hall2023thesis,",
        "@phdthesis{hall2023patience,\n  ids = {hall2023thesis},",
    )
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    old = build.page("publications/hall2023thesis")
    (refresh,) = old.select("meta[http-equiv=refresh]")
    assert refresh["content"] == "0; url=hall2023patience.html"
    for ending in ENDINGS[1:]:
        assert not (build.out / f"publications/hall2023thesis.{ending}").exists()
    cites = build.page("research/quiet-models").select(
        '.ls-cite a[href="../publications/hall2023patience.html"]'
    )
    assert [cite.get_text() for cite in cites] == ["2023"]
    assert {"hall2023thesis", "hall2023patience"} <= inventory(build)
    assert "../research/quiet-models.html" in mentions(build, "hall2023patience")
    assert "publications/hall2023thesis.html" not in build.text("sitemap.xml")
    assert differences(build, site.build(into="clean")) == []


def test_earlier_key_that_is_taken_is_told(site: Site) -> None:
    site.edit(
        "references.bib",
        "@phdthesis{hall2023thesis,",
        "@phdthesis{hall2023thesis,\n  ids = {fuchs2024early},",
    )
    for build in (site.build(), site.build()):
        (warned,) = build.warnings()
        assert (warned.file, warned.line) == (
            "references.bib",
            site.line_of("references.bib", "ids = "),
        )
        assert "'fuchs2024early'" in warned.text


def test_unknown_related_entry_is_told(site: Site) -> None:
    site.edit(
        "references.bib",
        "@phdthesis{hall2023thesis,",
        "@phdthesis{hall2023thesis,\n  related = {fuchs2024earlz},",
    )
    (warned,) = site.build().warnings()
    assert (warned.file, warned.line) == (
        "references.bib",
        site.line_of("references.bib", "related ="),
    )
    assert "Did you mean 'fuchs2024early'?" in warned.text


# What a page says of its entry


def test_retracted_paper_says_so_wherever_it_stands(site: Site) -> None:
    site.edit(
        "references.bib", "award     = {Best paper},", "retracted = {https://notice.example.org/1},"
    )
    build = site.build()
    notice = build.page("publications/meier2025clear").select_one(".ls-notice-retracted a")
    assert notice is not None and notice["href"] == "https://notice.example.org/1"
    for page in ("publications/index", "research/clear-images", "people/anna-meier"):
        (link,) = build.page(page).select('[data-pub-key="meier2025clear"] a.ls-retracted')
        assert link["href"] == "https://notice.example.org/1"


VERSIONS: Final = """
@misc{meier2024clear,
  title       = {Clear Pictures, Early},
  author      = {Meier, Anna},
  eprint      = {2403.00002},
  eprinttype  = {arxiv},
  year        = {2024},
  related     = {meier2025clear},
  relatedtype = {version},
}

@article{meier2026clear,
  title       = {Clear Pictures, Extended},
  author      = {Meier, Anna},
  journal     = {Journal of Quiet Images},
  year        = {2026},
  related     = {meier2025clear},
  relatedtype = {extends},
}
"""


def test_versions_are_joined_the_final_one_first(site: Site) -> None:
    site.append("references.bib", VERSIONS)
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    family = ["meier2026clear", "meier2025clear", "meier2024clear"]
    for key in family:
        page = build.page(f"publications/{key}")
        assert [str(item["data-pub-key"]) for item in page.select("#versions li")] == family
        assert page.select_one("#versions [aria-current]") is not None
        notice = page.select_one(".ls-notice a")
        assert (notice and notice["href"]) == (None if key == family[0] else "meier2026clear.html")
        related = {str(item["data-pub-key"]) for item in page.select("#related [data-pub-key]")}
        assert related.isdisjoint(family)


PROCEEDINGS: Final = """
@inproceedings{x2020one, title={1}, author={Meier, Anna}, year={2020}, crossref={x2020all}}
@inproceedings{x2020two, title={2}, author={Meier, Anna}, year={2020}, crossref={x2020all}}
@proceedings{x2020all, title={All}, editor={Hall, Tom}, year={2020}, options={skipbib}}
"""


def test_proceedings_go_along_in_exports(site: Site) -> None:
    site.append("references.bib", PROCEEDINGS)
    build = site.build()
    own = build.text("publications/x2020one.bib")
    assert own.index("x2020one,") < own.index("@proceedings{x2020all")
    whole = build.text("publications/all.bib")
    assert whole.count("@proceedings{x2020all") == 1
    assert whole.index("x2020two,") < whole.index("@proceedings{x2020all")
    assert not (build.out / "publications/x2020all.html").exists()


# Sites that are otherwise


def test_page_written_by_hand_is_the_publication_s(site: Site) -> None:
    site.write(
        "docs/publications/hall2023thesis.md", "---\norphan: true\n---\n\n# Patience\n\nBy hand.\n"
    )
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    page = build.page("publications/hall2023thesis")
    assert "By hand." in page.get_text()
    assert page.select_one('meta[name="citation_title"]')["content"] == "On Bayesian Patience"  # type: ignore[index]
    assert page.select_one('link[rel="cite-as"]') is not None
    assert not page.select(".Z3988")


def test_site_without_an_address_has_no_feeds_and_no_map(site: Site) -> None:
    site.edit("conf.py", 'html_baseurl = "https://tiny.example.org/"', 'html_baseurl = ""')
    site.append("references.bib", DATED)
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    names = set(build.files())
    assert not {"sitemap.xml", "robots.txt", "publications/atom.xml", "cards/home.png"} & names
    assert "publications/all.bib" in names
    for name, page in build.pages().items():
        assert not page.select('link[type="application/atom+xml"], meta[property="og:image"]'), name
        for block in page.select('script[type="application/ld+json"]'):
            json.loads(block.get_text())


def test_own_robots_file_stays(site: Site) -> None:
    site.write("extra/robots.txt", "User-agent: *\nDisallow: /\n")
    site.append("conf.py", '\nhtml_extra_path = ["extra"]\n')
    assert site.build().text("robots.txt") == "User-agent: *\nDisallow: /\n"


def test_folders_for_pages(site: Site) -> None:
    build = site.build("dirhtml")
    assert (build.status, build.stderr) == (0, "")
    page = (build.out / "publications/meier2025clear/index.html").read_text(encoding="utf-8")
    assert 'href="../meier2025clear.bib"' in page
    assert "https://tiny.example.org/publications/meier2025clear/" in build.text("sitemap.xml")
    assert (build.out / "publications/meier2025clear.bib").is_file()


def search_data(build: Build) -> dict[str, Any]:
    """Return the page search's data."""
    text = build.text("search-data.js").strip()
    found: dict[str, Any] = json.loads(text.removeprefix("labsiteSearch(").removesuffix(");"))
    return found


def test_search_knows_papers_by_title_author_venue_and_year(base: Build) -> None:
    data = search_data(base)
    papers = {slug: rest for slug, *rest in data["publications"]}
    title, authors, venue, year, _ = papers["okafor2024three"]
    names = [data["authors"][number] for number in authors]
    assert (title, names) == (
        "Three of a Kind",
        ["Chidi Okafor", "Lena Fuchs", "The Knee Consortium"],
    )
    assert (data["venues"][venue], year) == ("Proceedings of Tiny Imaging", 2024)
    assert data["address"] == "publications/*.html"


def test_search_knows_pages_people_and_news(base: Build) -> None:
    kinds = {address: kind for address, _, kind, _, _ in search_data(base)["pages"]}
    assert kinds["index.html"] == "page"
    assert kinds["research/quiet-models.html"] == "direction"
    assert kinds["people/anna-meier.html"] == kinds["people/index.html#tom-hall"] == "person"
    assert kinds["news/2024-05-start.html"] == "news"
    assert "404.html" not in kinds and "search.html" not in kinds
    assert not (base.out / "searchindex.js").exists()


NEIGHBOUR: Final = """
project = "Neighbour"
extensions = ["myst_parser", "sphinx.ext.intersphinx"]
intersphinx_mapping = {{"tiny": ("https://tiny.example.org/", {inventory!r})}}
"""
LINKS: Final = """
# A neighbour

[](inv:tiny:labsite:publication#meier2025clear)
[Anna](inv:tiny:labsite:person#anna-meier)
[](inv:tiny:labsite:direction#quiet-models)
"""


def test_another_project_links_here_by_intersphinx(site: Site) -> None:
    inventory = (site.build().out / "objects.inv").as_posix()
    neighbour = Site(site.root.parent / "neighbour")
    neighbour.write("conf.py", NEIGHBOUR.format(inventory=inventory))
    neighbour.write("docs/index.md", LINKS)
    try:
        build = neighbour.build()
        assert (build.status, build.stderr) == (0, "")
        links = build.page("index").select("a.reference.external")
        assert [(link.get_text(), link["href"]) for link in links] == [
            (
                "Clear Pictures of the Knee",
                "https://tiny.example.org/publications/meier2025clear.html",
            ),
            ("Anna", "https://tiny.example.org/people/anna-meier.html"),
            ("Quiet Models", "https://tiny.example.org/research/quiet-models.html"),
        ]
    finally:
        shutil.rmtree(neighbour.root)


# What an earlier build left


def test_failed_build_leaves_nothing_for_good(site: Site) -> None:
    """The files of a build that did not end are known to the next one."""
    source = site.read("references.bib")
    site.append("references.bib", DATED)
    site.append("conf.py", BREAK)
    assert site.build(crash=True).status != 0
    site.edit("conf.py", BREAK, "")
    site.write("references.bib", source)
    again = site.build()
    assert (again.status, again.stderr) == (0, "")
    assert everywhere(again, "meier2026gone") == []
    assert differences(again, site.build(into="clean")) == []


BREAK: Final = """

def setup(app):
    def fail(app):
        yield "index2", {"body": "", "title": "", "meta": {}}, "no-such-template.html"

    app.connect("html-collect-pages", fail, priority=900)
"""


def test_rename_by_case_only_leaves_one_page(site: Site) -> None:
    site.edit("references.bib", "@phdthesis{hall2023thesis,", "@phdthesis{Hall2023thesis,")
    for path in ("docs/research/quiet-models.md",):
        site.write(path, site.read(path).replace("hall2023thesis", "Hall2023thesis"))
    build = site.build()
    names = [name for name in build.files() if "hall2023thesis" in name.lower()]
    assert sorted(names) == sorted(f"publications/Hall2023thesis.{end}" for end in ENDINGS)


def test_page_with_a_space_in_its_name_goes_too(site: Site) -> None:
    site.write(
        "docs/news/2025-10-01 prize.md", '---\ndate: "2025-10-01"\norphan: true\n---\n\n# P\n'
    )
    assert (site.build().out / "news/2025-10-01 prize.html").is_file()
    site.remove("docs/news/2025-10-01 prize.md")
    assert not (site.build().out / "news/2025-10-01 prize.html").exists()


def test_new_page_writes_only_those_that_show_it(site: Site, base: Build) -> None:
    before = base.mtimes()
    site.write("docs/note.md", "---\norphan: true\n---\n\n# A note\n\nNothing more.\n")
    again = site.build()
    assert (again.status, again.stderr) == (0, "")
    assert written(again, before) == {"note.html"}


def test_moved_line_writes_only_pages_that_link_to_it(site: Site, base: Build) -> None:
    before = base.mtimes()
    site.write("references.bib", "\n" + site.read("references.bib"))
    new = written(site.build(), before)
    assert new == {name for name in new if name.startswith("publications/")} - {
        "publications/index.html"
    }
    assert "publications/hall2023thesis.html" in new


@pytest.mark.parametrize("name", ["_static/group.css", "_static/css/components/paper.css"])
def test_changed_style_sheet_is_asked_for_by_every_page(site: Site, name: str) -> None:
    site.append("conf.py", '\nhtml_static_path = ["_static"]\nhtml_css_files = ["group.css"]\n')
    site.write("_static/group.css", "/* \u00a9 */ p { color: red; }\n".encode("cp1252"))
    site.build()
    site.write(name, "p { color: blue; }\n")
    again = site.build()
    assert differences(again, site.build(into="clean")) == []


def test_repository_s_address_changes_everywhere(site: Site) -> None:
    site.edit("conf.py", "https://git.example.org/tiny/site", "https://git.example.org/moved")
    again = site.build()
    assert not [name for name, data in again.files().items() if b"tiny/site/" in data]
    assert differences(again, site.build(into="clean")) == []


def test_paper_in_another_language_says_so(site: Site) -> None:
    site.edit("references.bib", "award     = {Best paper},", "langid = {german},")
    build = site.build()
    (heading,) = build.page("publications/meier2025clear").select("h1")
    assert heading["lang"] == "de"
    for item in build.page("publications/index").select(".ls-pub-title"):
        assert item.get("lang") == ("de" if "Knee" in item.get_text() else None)


def test_list_on_a_publication_s_own_page_has_no_context_objects(site: Site) -> None:
    source = "---\norphan: true\n---\n\n# Patience\n\n```{publications}\n```\n"
    site.write("docs/publications/hall2023thesis.md", source)
    page = site.build().page("publications/hall2023thesis")
    assert len(page.select(".ls-pub")) == 6
    assert not page.select(".Z3988")


@pytest.mark.parametrize("builder", ["epub", "singlehtml"])
def test_other_html_builders_end_well_twice(site: Site, builder: str) -> None:
    for _ in range(2):
        build = site.build(builder, "-Dversion=1")  # which books want
        assert (build.status, build.stderr) == (0, "")
