"""A site large enough to be written by several processes is the same with any number of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.generate import generate
from labsite.workers import FEW
from tests.builds.sites import Build, Site, differences

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder: Path = tmp_path_factory.mktemp("large") / "site"
    generate(FEW + 20, folder)
    return Site(folder.resolve())


@pytest.fixture(scope="module")
def alone(large: Site) -> Build:
    build = large.build("html", "-j", "1")
    assert (build.status, build.stderr) == (0, "")
    return build


@pytest.mark.parametrize("processes", [2, 8])
def test_any_number_of_processes_writes_the_same(large: Site, alone: Build, processes: int) -> None:
    build = large.build("html", "-j", str(processes), into=f"html-{processes}")
    assert (build.status, build.stderr) == (0, "")
    assert differences(build, alone) == []
    assert not list(build.out.parent.rglob("labsite-frame*"))


def test_a_template_that_fails_in_a_process_fails_the_build(large: Site) -> None:
    large.write(
        "_templates/components/publication-page.html",
        "{% if pub.title.plain %}{{ 1 / 0 }}{% endif %}",
    )
    large.append("conf.py", '\ntemplates_path = ["_templates"]\n')
    build = large.build("html", "-j", "2", crash=True)
    assert build.status != 0
    assert "ZeroDivisionError" in build.stderr
    large.remove("_templates/components/publication-page.html")
    again = large.build("html", "-j", "2")
    assert (again.status, again.stderr) == (0, "")
    assert differences(again, large.build("html", "-j", "1", into="after")) == []
