"""A rebuild leaves the website that a clean build of the same sources makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.builds.edits import EDITS
from tests.builds.sites import Build, Site, differences

if TYPE_CHECKING:
    from collections.abc import Callable

MOVED: Final = {  # edit → pages that appear (+) or disappear (-)
    "entry added": {"+publications/meier2025first.html"},
    "entry removed": {"-publications/meier2025clear.html"},
    "uncited entry removed": {"-publications/fuchs2024early.html"},
    "news item added": {"+news/2026-01-15-new.html"},
    "person added": {"+people/ben-silva.html"},
    # a person who left has a redirect in the page's place
    "person removed": {"-people/chidi-okafor.html"},
    "direction removed": {"-research/clear-images.html"},
}


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


def pages(build: Build) -> set[str]:
    """Return the HTML files there are now."""
    return {name for name in build.mtimes() if name.endswith(".html")}


@pytest.mark.parametrize("edit", EDITS)
def test_rebuild_equals_clean_build(base: Build, site: Site, edit: str) -> None:
    before = pages(base)
    EDITS[edit](site)
    again, clean = site.build(), site.build(into="clean")
    after = pages(again)
    assert differences(again, clean) == []
    moved = {f"+{name}" for name in after - before} | {f"-{name}" for name in before - after}
    assert moved == MOVED.get(edit, set())
    assert again.status == clean.status
    assert sorted(again.stderr.splitlines()) == sorted(clean.stderr.splitlines())


def written(build: Build, before: dict[str, int]) -> set[str]:
    """Return the files that a build wrote."""
    return {name for name, time in build.mtimes().items() if before.get(name) != time}


def test_rebuild_after_nothing_reads_and_writes_no_source_page(base: Build, site: Site) -> None:
    before = base.mtimes()
    again = site.build()
    assert "0 added, 0 changed, 0 removed" in again.stdout
    sources = (path.relative_to(site.root / "docs") for path in site.root.glob("docs/**/*.md"))
    assert (
        written(again, before) & {path.with_suffix(".html").as_posix() for path in sources} == set()
    )


def test_edit_of_an_entry_writes_only_pages_that_show_it(base: Build, site: Site) -> None:
    before = base.mtimes()
    site.edit("references.bib", "The Knee Consortium", "The Ankle Consortium")
    again = site.build()
    assert "0 added, 0 changed, 0 removed" in again.stdout
    new = written(again, before)
    assert {"publications/index.html", "research/clear-images.html"} <= new
    assert new.isdisjoint({"news/index.html", "news/2024-05-start.html", "people/index.html"})
