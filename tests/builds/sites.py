"""Copies of the tiny sites in ``tests/roots``, built by Sphinx in a process of its own.

A process, because only there ``-W`` decides the exit status, and because what a build leaves in
memory must not help the next one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bs4 import BeautifulSoup

REPOSITORY: Final = Path(__file__).parents[2]
ROOTS: Final = REPOSITORY / "tests" / "roots"

_MESSAGE: Final = re.compile(r"(?:(?P<file>.+?):(?:(?P<line>\d+):)? )?(?:WARNING|ERROR|CRITICAL): ")
_SUMMARY: Final = re.compile(r"build (?:succeeded|finished)\b")
_INDEX: Final = re.compile(r"Search\.setIndex\((.*)\)\s*", re.DOTALL)


@dataclass(frozen=True)
class Warned:
    """One warning of a build.

    Attributes:
        file: Relative to the site's folder, with ``/``; empty if it names none.
        text: The whole line.
    """

    file: str
    line: int
    text: str


@dataclass(frozen=True)
class Build:
    """What came out of one run of Sphinx."""

    site: Path
    builder: str
    out: Path
    status: int
    stdout: str
    stderr: str

    def warnings(self) -> list[Warned]:
        """Return every line of stderr that is not a summary, as a warning."""
        lines = (line for line in self.stderr.splitlines() if line.strip())
        return [self._warned(line) for line in lines if not _SUMMARY.match(line)]

    def _warned(self, line: str) -> Warned:
        match = _MESSAGE.match(line)
        if not match or not match["file"]:
            return Warned("", 0, line)
        file = Path(match["file"])
        named = file.relative_to(self.site) if file.is_relative_to(self.site) else file
        return Warned(named.as_posix(), int(match["line"] or 0), line)

    def text(self, name: str) -> str:
        """Return a file of the output as text."""
        return (self.out / name).read_text(encoding="utf-8")

    def page(self, name: str) -> BeautifulSoup:
        """Return a parsed HTML page; ``name`` is without its ending."""
        return BeautifulSoup(self.text(f"{name}.html"), "lxml")

    def pages(self) -> dict[str, BeautifulSoup]:
        """Return all parsed HTML pages by name."""
        paths = (path.relative_to(self.out).with_suffix("") for path in self.out.rglob("*.html"))
        names = sorted(path.as_posix() for path in paths if path.parts[0] != "_static")
        return {name: self.page(name) for name in names}

    def tex(self) -> str:
        """Return the LaTeX document."""
        (file,) = self.out.glob("*.tex")
        return file.read_text(encoding="utf-8")

    def files(self) -> dict[str, bytes]:
        """Return the output: path → content, less what differs from run to run by design."""
        found = (path for path in self.out.rglob("*") if path.is_file())
        return {
            path.relative_to(self.out).as_posix(): path.read_bytes()
            for path in sorted(found)
            if path.name != ".buildinfo.bak"
        }

    def mtimes(self) -> dict[str, int]:
        """Return when each file of the output was last written."""
        return {name: (self.out / name).stat().st_mtime_ns for name in self.files()}


class Site:
    """A tiny site that a test may edit and build."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def copy(cls, name: str, root: Path) -> Site:
        """Copy ``tests/roots/<name>``; its files are an hour old, so that edits are newer."""
        shutil.copytree(ROOTS / name, root, ignore=shutil.ignore_patterns("__pycache__"))
        site = cls(root.resolve())
        past = time.time() - 3600
        for path in site.root.rglob("*"):
            os.utime(path, (past, past))
        return site

    def read(self, name: str) -> str:
        """Return a source file's text."""
        return (self.root / name).read_text(encoding="utf-8")

    def write(self, name: str, text: str | bytes) -> None:
        """Write a source file, as of now to the nanosecond."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
        now = time.time_ns()
        os.utime(path, ns=(now, now))

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace what stands in a source file exactly once."""
        text = self.read(name)
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def append(self, name: str, text: str) -> None:
        """Add to the end of a source file."""
        self.write(name, self.read(name) + text)

    def remove(self, name: str) -> None:
        """Delete a source file."""
        (self.root / name).unlink()

    def line_of(self, name: str, text: str) -> int:
        """Return the line, from 1, of a text that stands in a source file exactly once."""
        source = (self.root / name).read_bytes().decode("utf-8", errors="replace")
        assert source.count(text) == 1, f"{text!r} is {source.count(text)} times in {name}"
        return source[: source.index(text)].count("\n") + 1

    def build(
        self,
        builder: str = "html",
        *options: str,
        into: str = "",
        crash: bool = False,
        files: tuple[str, ...] = (),
    ) -> Build:
        """Build with warnings as failures, into the same folders as last time.

        Args:
            builder: Sphinx's name of it.
            options: Further arguments of ``sphinx-build``.
            into: Another name for the output folder, for a build that knows nothing of others.
            crash: It is meant to end with a traceback.
            files: The only ones to be written, if they changed.
        """
        name = into or builder
        out = self.root / "_build" / name
        command = [
            sys.executable, "-m", "sphinx", "-N", "-T", "-W", "--keep-going", "-n",
            "-b", builder, "-c", ".", "-d", f"_build/doctrees/{name}", *options,
            "docs", f"_build/{name}", *files,
        ]  # fmt: skip
        unwanted = {"FORCE_COLOR", "PYTHONPATH", "PYTHONWARNINGS"}
        environ = {key: value for key, value in os.environ.items() if key not in unwanted}
        environ |= {"LABSITE_ROOT": str(REPOSITORY), "PYTHONUTF8": "1"}
        done = subprocess.run(
            command, cwd=self.root, env=environ, capture_output=True, encoding="utf-8", check=False
        )
        _, trace, rest = done.stderr.partition("Traceback (most recent call last)")
        assert bool(trace) == crash, rest
        return Build(self.root, builder, out, done.returncode, done.stdout, done.stderr)

    def sources(self) -> set[str]:
        """Return every file and folder beside the output, seen from the site's parent folder."""
        parent = self.root.parent
        found = (path.relative_to(parent) for path in parent.rglob("*"))
        built = (self.root / "_build").relative_to(parent)
        return {path.as_posix() for path in found if not path.is_relative_to(built)}

    def save(self) -> None:
        """Keep the site as it is now, output included, for :meth:`restore`."""
        shutil.copytree(self.root, self._saved())

    def restore(self) -> None:
        """Put back what :meth:`save` kept, times included, in the same place."""
        shutil.rmtree(self.root)
        shutil.copytree(self._saved(), self.root)

    def _saved(self) -> Path:
        return self.root.with_name(f"{self.root.name}.saved")


def differences(one: Build, other: Build) -> list[str]:
    """Return how the output of two builds differs, a line for each file."""
    left, right = one.files(), other.files()
    found = [f"{name}: only in {one.out.name}" for name in left.keys() - right.keys()]
    found += [f"{name}: only in {other.out.name}" for name in right.keys() - left.keys()]
    for name in left.keys() & right.keys():
        if name == "searchindex.js":
            same = search_index(left[name]) == search_index(right[name])
        else:
            same = left[name] == right[name]
        if not same:
            found.append(f"{name}: {_first_difference(left[name], right[name])}")
    return sorted(found)


def _first_difference(left: bytes, right: bytes) -> str:
    lines = zip(left.splitlines(), right.splitlines(), strict=False)
    return next((f"{one[:200]!r} / {other[:200]!r}" for one, other in lines if one != other), "end")


def search_index(script: bytes) -> dict[str, Any]:
    """Return Sphinx's search index without the stems that no page has any more."""
    match = _INDEX.fullmatch(script.decode("utf-8"))
    assert match, "searchindex.js has another form"
    index: dict[str, Any] = json.loads(match[1])
    for part in ("terms", "titleterms"):
        index[part] = {stem: pages for stem, pages in index[part].items() if pages != []}
    return index
