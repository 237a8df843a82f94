"""What is kept from build to build, and frames made once: faster, and otherwise the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.builds.sites import Build, Site, differences

if TYPE_CHECKING:
    from collections.abc import Callable

CACHE: Final = "_build/doctrees/html/labsite.pickle"
ALWAYS: Final = {".labsite.json", ".buildinfo", "genindex.html", "objects.inv", "searchindex.js"}
"""What Sphinx writes on every build, and what lists everything."""


@pytest.fixture(scope="module")
def base(new_site: Callable[[], Site]) -> Build:
    """Build a site once; every test begins with it."""
    site = new_site()
    site.append("conf.py", 'templates_path = ["_templates"]\n')
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


def written(build: Build, before: dict[str, int]) -> set[str]:
    """Return the files that a build wrote, but for those that every build writes."""
    found = {name for name, time in build.mtimes().items() if before.get(name) != time}
    return {name for name in found - ALWAYS if not name.startswith("_static/")}


def assert_clean(site: Site, build: Build) -> None:
    assert (build.status, build.stderr) == (0, "")
    assert differences(build, site.build(into="clean")) == []


@pytest.mark.parametrize("damage", [b"", b"\x80\x05N.", b"half"])
def test_a_damaged_cache_changes_nothing(site: Site, damage: bytes) -> None:
    whole = (site.root / CACHE).read_bytes()
    site.write(CACHE, whole[: len(whole) // 2] if damage == b"half" else damage)
    site.edit("references.bib", "Clear Pictures of the Knee", "Sharp Pictures of the Knee")
    again = site.build()
    assert "Sharp Pictures" in again.text("publications/meier2025clear.html")
    assert_clean(site, again)


def test_a_lost_cache_writes_nothing_again(site: Site, base: Build) -> None:
    before = base.mtimes()
    site.remove(CACHE)
    assert written(site.build(), before) == set()
    assert (site.root / CACHE).is_file()


def test_a_changed_entry_writes_what_shows_it_and_no_more(site: Site, base: Build) -> None:
    before = base.mtimes()
    site.edit("references.bib", "Clear Pictures of the Knee", "Sharp Pictures of the Knee")
    again = site.build()
    own = {f"publications/meier2025clear.{ending}" for ending in ("html", "bib", "ris", "json")}
    new = written(again, before)
    assert own <= new
    assert {"publications/all.bib", "publications/index.html", "search-data.js"} <= new
    shown = "meier2025clear"
    for name in new - {"publications/all.bib", "publications/all.ris", "publications/all.json"}:
        assert shown in name or shown in again.text(name), name
    untouched = {name for name in before if name.endswith((".html", ".bib"))} - new
    for name in untouched:
        assert "Clear Pictures" not in again.text(name), name
    assert_clean(site, again)


def test_a_missing_file_is_made_again(site: Site, base: Build) -> None:
    for ending in ("html", "ris"):
        (base.out / f"publications/hall2023thesis.{ending}").unlink()
    assert_clean(site, site.build())


OVERRIDES: Final = {
    "a template of a record": (
        "_templates/components/publication-page.html",
        '<h1 class="own">{{ pub.title.plain }}</h1>',
        'h1 class="own"',
    ),
    "pieces of several pages": (
        "_templates/components/pieces.html",
        "{% macro author_mark(author, people, address, orcids) %}{{ author.name.short }}"
        '<i class="own"></i>{% endmacro %}'
        "{% macro member(person, address) %}<li>{{ person.name }}</li>{% endmacro %}"
        "{% macro heading(pub, people, address, main) %}{{ pub.title.plain }}{% endmacro %}"
        "{% macro facts(pub, directions, address) %}{{ pub.year }}{% endmacro %}",
        'class="own"',
    ),
    "a component of the frame": (
        "_templates/components/crumbs.html",
        "<p>Here: {{ crumb or title }}</p>",
        "<p>Here: ",
    ),
    "the layout": (
        "_templates/layout.html",
        '{% extends "!layout.html" %}{% block footer %}<p>{{ motto }}</p>{% endblock %}',
        "<p>Own words</p>",
    ),
}
HANDLER: Final = """
def setup(app):
    app.connect("html-page-context", lambda *args: args[3].update(motto="Own words"))
"""


@pytest.mark.parametrize("override", OVERRIDES)
def test_a_groups_own_templates_change_pages_of_records(
    site: Site, base: Build, override: str
) -> None:
    path, template, expected = OVERRIDES[override]
    page = "publications/hall2023thesis.html"
    assert expected not in base.text(page)
    site.append("conf.py", HANDLER)
    site.write(path, template)
    again = site.build()
    assert expected in again.text(page)
    assert_clean(site, again)
    site.remove(path)
    assert expected not in site.build().text(page)


def test_a_title_with_the_name_of_a_slot_is_a_title(site: Site) -> None:
    title = "On LabsiteSlot-body- and LabsiteSlot-title-"
    site.edit("references.bib", "Clear Pictures of the Knee", title)
    build = site.build()
    page = build.page("publications/meier2025clear")
    assert page.title is not None
    assert page.title.get_text().startswith(title)
    assert [heading.get_text() for heading in page.select("h1")] == [title]
    assert_clean(site, build)
