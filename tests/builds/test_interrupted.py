"""A build that is killed, or that cannot write: the next one is right."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from string import ascii_lowercase
from typing import TYPE_CHECKING, Final

import pytest

from tests.builds.edits import EDITS
from tests.builds.sites import REPOSITORY, differences

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.builds.sites import Build, Site

FAULT: Final = """
import errno, pathlib, signal

_AT, _KIND = int(os.environ.get("FAULT_AT", 0)), os.environ.get("FAULT", "")
_NAME = os.environ.get("FAULT_NAME", "")
_opened, _tearing = 0, False


def _fault(event, arguments):
    global _opened, _tearing
    if _tearing or event != "open" or not isinstance(arguments[0], str | os.PathLike):
        return
    path, flags = pathlib.Path(arguments[0]), arguments[2] or 0
    if "_build" not in path.parts or not flags & (os.O_WRONLY | os.O_RDWR):
        return
    if _NAME not in path.as_posix():
        return
    _opened += 1
    if _KIND == "count":
        pathlib.Path("opened").write_text(str(_opened))
    elif _KIND == "killed" and _opened == _AT:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<ha")  # torn in the middle of a word
        os.kill(os.getpid(), signal.SIGKILL)
    elif _KIND == "torn":
        _tearing = True
        path.write_text("<ha")
        _tearing = False
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    elif _KIND == "full" and _opened >= _AT:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


if _KIND:
    sys.addaudithook(_fault)
"""
"""In conf.py: something happens when the n-th file of the output is opened to be written, or the
n-th with some name."""


def run(
    site: Site, fault: str, at: int = 0, *, name: str = "", options: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Build a site until something happens to the build."""
    environ = {**os.environ, "LABSITE_ROOT": str(REPOSITORY), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "sphinx", "-N", "-q", *options, "-b", "html", "-c", ".",
               "-d", "_build/doctrees/html", "docs", "_build/html"]  # fmt: skip
    environ |= {"FAULT": fault, "FAULT_AT": str(at), "FAULT_NAME": name}
    return subprocess.run(
        command, cwd=site.root, env=environ, capture_output=True, encoding="utf-8", check=False
    )


@pytest.fixture(scope="module")
def opened(new_site: Callable[[], Site]) -> dict[str, int]:
    """Return how many files a first build, and one after an edit, open to write."""
    site = _faulty(new_site())
    counts = {}
    run(site, "count")
    counts["first"] = int(site.read("opened"))
    EDITS["entry title"](site)
    run(site, "count")
    counts["again"] = int(site.read("opened"))
    return counts


@pytest.fixture(scope="module")
def expected(new_site: Callable[[], Site]) -> Build:
    """Return a clean build of the edited site."""
    site = _faulty(new_site())
    EDITS["entry title"](site)
    return site.build(into="clean")


def _faulty(site: Site) -> Site:
    site.append("conf.py", FAULT)
    return site


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("share", [0.2, 0.55, 0.9])
@pytest.mark.parametrize("when", ["first", "again"])
def test_build_after_a_killed_one_is_as_a_clean_one(
    site: Site, opened: dict[str, int], expected: Build, when: str, share: float
) -> None:
    _interrupt(_faulty(site), "killed", when, opened, share)
    again = site.build()
    assert (again.status, again.stderr) == (0, "")
    assert differences(again, expected) == []


@pytest.mark.parametrize(("when", "share"), [("first", 0.4), ("again", 0.1), ("again", 0.8)])
def test_build_after_a_full_disk_is_as_a_clean_one(
    site: Site, opened: dict[str, int], expected: Build, when: str, share: float
) -> None:
    _interrupt(_faulty(site), "full", when, opened, share)
    again = site.build()
    assert (again.status, again.stderr) == (0, "")
    assert differences(again, expected) == []


def _touched(site: Site) -> None:
    (site.root / "docs/people/index.md").touch()


def _pickle_damaged(site: Site) -> None:
    _damage(site.root / "_build/doctrees/html/environment.pickle")


def _nothing(site: Site) -> None:
    pass


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize(
    ("change", "options"),
    [(_touched, ()), (_nothing, ("-a",)), (_pickle_damaged, ())],
    ids=["touched", "all", "pickle"],
)
def test_a_torn_page_that_showed_nothing_new_is_written_again(
    site: Site, expected: Build, change: Callable[[Site], None], options: Sequence[str]
) -> None:
    EDITS["entry title"](_faulty(site))
    site.build()
    change(site)
    assert run(site, "killed", 1, name="people/index.html", options=options).returncode == -9
    assert site.read("_build/html/people/index.html") == "<ha"
    again = site.build()
    assert (again.status, again.stderr) == (0, "")
    assert differences(again, expected) == []


@pytest.mark.parametrize("when", ["first", "again"])
@pytest.mark.parametrize("name", ["people/index.html", "search.html", "labsite-frame"])
def test_a_page_that_cannot_be_written_fails_the_build(
    site: Site, expected: Build, name: str, when: str
) -> None:
    _faulty(site)
    if when == "again":
        site.build()
        site.edit("conf.py", '"Tiny Lab"\nauthor', '"Tiny Laboratory"\nauthor')  # on every page
    EDITS["entry title"](site)
    done = run(site, "torn", name=name)
    assert done.returncode > 0
    assert "could not be written: No space left" in done.stderr
    if when == "again":
        site.edit("conf.py", '"Tiny Laboratory"\nauthor', '"Tiny Lab"\nauthor')
    again = site.build()
    assert (again.status, again.stderr) == (0, "")
    assert differences(again, expected) == []


def _with_pages(site: Site) -> None:
    for number in range(60):
        site.write(f"docs/many/p{number:02}.md", f"---\norphan: true\n---\n\n# Page {number}\n")


@pytest.mark.skipif(sys.platform == "win32", reason="there is one process")
@pytest.mark.parametrize("when", ["first", "again"])
@pytest.mark.parametrize("fault", ["torn", "killed"])
def test_a_process_of_sphinx_that_fails_fails_the_build(site: Site, fault: str, when: str) -> None:
    """Sphinx forgets it if there is more to begin by then."""
    _with_pages(_faulty(site))
    if when == "again":
        site.build()
        site.edit("conf.py", '"Tiny Lab"\nauthor', '"Tiny Laboratory"\nauthor')  # on every page
    done = run(site, fault, 1, name="many/p03.html", options=("-j", "2"))
    assert done.returncode > 0
    assert "written" in done.stderr
    again = site.build()
    assert (again.status, again.stderr) == (0, "")
    assert differences(again, site.build(into="clean")) == []


def test_a_build_that_cannot_note_that_it_began_writes_nothing(site: Site) -> None:
    _faulty(site)
    before = site.build().files()
    site.save()
    EDITS["entry title"](site)
    done = run(site, "torn", name=".labsite.json")
    assert done.returncode > 0
    assert ".labsite.json could not be written: No space left" in done.stderr
    site.restore()
    again = site.build()
    assert (again.status, again.stderr) == (0, "")
    assert again.files() == before


@pytest.mark.parametrize("info", [b"", b"# Sphinx build info version 1\n", b"\xff", b"x\n" * 4])
def test_a_torn_build_info_is_no_obstacle(site: Site, expected: Build, info: bytes) -> None:
    EDITS["entry title"](_faulty(site))
    site.build()
    site.write("_build/html/.buildinfo", info)
    again = site.build()
    assert (again.status, again.stderr) == (0, "")
    assert differences(again, expected) == []


def test_what_was_not_put_in_its_place_goes(site: Site, expected: Build) -> None:
    _faulty(site)
    site.build()
    written = list((site.root / "_build/html/publications").iterdir())
    for path in written:  # of which most are not written again
        path.with_name(f"{path.name}.tmp").write_text("<ha")
    site.write("_build/html/.labsite.json.tmp", "<ha")
    site.write("_build/html/notes.tmp", "somebody else's")
    EDITS["entry title"](site)
    again = site.build()
    assert differences(again, expected) == ["notes.tmp: only in html"]


def _interrupt(site: Site, fault: str, when: str, opened: dict[str, int], share: float) -> None:
    if when == "again":
        site.build()
    EDITS["entry title"](site)
    done = run(site, fault, 1 + int(share * (opened[when] - 1)))
    if fault == "killed":
        assert done.returncode == -9
    else:
        assert done.returncode > 0
        assert "No space left" in done.stderr


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="the superuser may write anywhere"
)
def test_unwritable_output_folder_is_told(site: Site) -> None:
    folder = site.root / "_build"
    folder.mkdir()
    folder.chmod(0o500)
    done = run(site, "")
    folder.chmod(0o700)
    assert done.returncode > 0
    assert "Permission denied" in done.stderr


def test_output_folder_that_is_a_file_is_told(site: Site) -> None:
    site.write("_build/html", "in the way")
    done = run(site, "")
    assert done.returncode > 0
    assert "_build" in done.stderr


def _damage(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


DAMAGED: Final = (
    *("environment.pickle", "index.doctree", "people/index.doctree", "labsite.pickle"),
    "labsite-templates",
)


@pytest.mark.parametrize("name", [*DAMAGED, "all"])
@pytest.mark.parametrize("edited", [False, True])
def test_damaged_cache_is_made_anew(site: Site, expected: Build, name: str, edited: bool) -> None:
    _faulty(site)
    if not edited:
        EDITS["entry title"](site)
    site.build()
    doctrees = site.root / "_build/doctrees/html"
    place = doctrees if name == "all" else doctrees / name
    paths = [path for path in (place, *sorted(place.rglob("*"))) if path.is_file()]
    assert paths
    for path in paths:
        _damage(path)
    if edited:
        EDITS["entry title"](site)
    again = site.build()
    assert (again.status, again.stderr) == (0, "")
    assert differences(again, expected) == []


def test_two_builds_at_once_do_not_disturb_each_other(site: Site, expected: Build) -> None:
    _faulty(site)
    EDITS["entry title"](site)
    command = [sys.executable, "-m", "sphinx", "-N", "-q", "-W", "-b", "html", "-c", "."]
    environ = {**os.environ, "LABSITE_ROOT": str(REPOSITORY), "PYTHONUTF8": "1"}
    running = [
        subprocess.Popen(
            [*command, "-d", f"_build/doctrees/{name}", "docs", f"_build/{name}"],
            cwd=site.root, env=environ,
        )
        for name in ("one", "other")
    ]  # fmt: skip
    assert [process.wait() for process in running] == [0, 0]
    for name in ("one", "other"):
        assert differences(site.build(into=name), expected) == []


FRONT_MATTER: Final = (
    "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in pairwise(ascii_lowercase)),
    "a: " + "[" * 2_000,
    "date: 2025-02-30",
    "date: 2025-99-99",
    'title: "\\ud800"',
    'title: "\\UFFFFFFFF"',
    "order: " + "9" * 5_000,
    "order: ²",
    "a: !!python/object/apply:os.system [id]",
    "? [a, b]\n: c",
    "a: \x00",
    "- a list",
)


def test_hostile_front_matter_does_not_end_the_build(site: Site) -> None:
    for number, text in enumerate(FRONT_MATTER):
        page = f"---\norphan: true\n{text}\n---\n\n# Page {number}\n\nIts text.\n"
        site.write(f"docs/research/hostile-{number}.md", page)
    build = site.build()
    assert build.status == 1
    for number in range(len(FRONT_MATTER)):
        assert "Its text." in build.text(f"research/hostile-{number}.html")
