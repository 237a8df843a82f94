"""A site large enough to be written by several processes is the same with any number of them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Final

import pytest

from bench.edits import added, changed
from bench.generate import generate
from labsite.workers import FEW
from tests.builds.sites import REPOSITORY, Build, Site, differences

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


def test_rebuilds_by_several_processes_equal_clean_builds(large: Site) -> None:
    large.build("html", "-j", "2", into="again")
    for change in (changed, added):
        large.write("references.bib", change(large.read("references.bib")))
        build = large.build("html", "-j", "2", into="again")
        assert (build.status, build.stderr) == (0, "")
    large.write("references.bib", large.read("references.bib").replace("direction ", "keywords "))
    build = large.build("html", "-j", "2", into="again")
    assert differences(build, large.build("html", "-j", "1", into="fresh")) == []


SLOW: Final = """
import pathlib, sys, time

def _slow(event, arguments):
    if event == "open" and "slow" in pathlib.Path(str(arguments[0])).parts and arguments[2] & 3:
        time.sleep(0.1 if "many" in str(arguments[0]) else 0.02)

if pathlib.Path("be-slow").exists():
    sys.addaudithook(_slow)
"""
"""In conf.py: each file takes its time."""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize(("folder", "count"), [("publications", 20), ("many", 4)])
def test_what_a_killed_build_had_begun_does_not_write_over_the_next(
    tmp_path: Path, folder: str, count: int
) -> None:
    generate(FEW + 20, tmp_path / "site")
    large = Site((tmp_path / "site").resolve())
    large.append("conf.py", SLOW)
    for number in range(60):
        large.write(f"docs/many/p{number}.md", f"---\norphan: true\n---\n\n# Page {number}\n")
    large.write("be-slow", "")
    command = [sys.executable, "-m", "sphinx", "-N", "-q", "-j", "2", "-b", "html", "-c", ".",
               "-d", "_build/doctrees/slow", "docs", "_build/slow"]  # fmt: skip
    environ = {**os.environ, "LABSITE_ROOT": str(REPOSITORY), "PYTHONUTF8": "1"}
    killed = subprocess.Popen(command, cwd=large.root, env=environ)
    written = large.root / "_build/slow" / folder
    while killed.poll() is None and len(list(written.glob("*.html"))) < count:
        time.sleep(0.02)
    assert killed.poll() is None, "it was not slow"
    killed.kill()
    killed.wait()
    large.remove("be-slow")
    bib = large.read("references.bib")
    large.write("references.bib", re.sub(r"(\n\s*title\s*=\s*\{)", r"\1Later ", bib))
    for page in (large.root / "docs/many").iterdir():
        page.write_text(page.read_text().replace("# Page", "# Later page"))
    build = large.build("html", "-j", "2", into="slow")
    assert (build.status, build.stderr) == (0, "")
    time.sleep(2)  # orphans would be at work for some seconds more
    assert differences(build, large.build("html", "-j", "1", into="later")) == []


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
