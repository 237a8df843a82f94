"""A rebuild leaves the text pages and the LaTeX document that a clean build makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.builds.edits import EDITS
from tests.builds.sites import Build, Site, differences

if TYPE_CHECKING:
    from collections.abc import Callable

ONLY_IN_HTML: Final = {"question of a direction", "person left", "uncited entry removed"}
"""Edits that show little in plain builds beyond what the other edits show."""


@pytest.fixture(scope="module")
def base(new_site: Callable[[], Site]) -> dict[str, Build]:
    """Build a site once with both builders; every test begins with it."""
    site = new_site()
    builds = {builder: site.build(builder) for builder in ("text", "latex")}
    for build in builds.values():
        assert (build.status, build.stderr) == (0, "")
    site.save()
    return builds


@pytest.fixture
def site(base: dict[str, Build]) -> Site:
    """Return the site as it was after these builds."""
    site = Site(base["text"].site)
    site.restore()
    return site


@pytest.mark.parametrize("edit", sorted(set(EDITS) - ONLY_IN_HTML))
@pytest.mark.parametrize("builder", ["text", "latex"])
def test_rebuild_equals_clean_build(site: Site, builder: str, edit: str) -> None:
    EDITS[edit](site)
    again, clean = site.build(builder), site.build(builder, into="clean")
    assert differences(again, clean) == []
    assert again.status == clean.status
    assert sorted(again.stderr.splitlines()) == sorted(clean.stderr.splitlines())


def test_rebuild_after_nothing_writes_no_text_page(base: dict[str, Build], site: Site) -> None:
    before = base["text"].mtimes()
    again = site.build("text")
    assert "0 added, 0 changed, 0 removed" in again.stdout
    after = again.mtimes()
    assert [name for name in before if name.endswith(".txt") and after[name] != before[name]] == []
