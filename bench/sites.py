"""The sites that are measured: how each is written, edited, built and counted."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bench import hugo
from bench.edits import (
    ADDED,
    MARK,
    NEW_SENTENCE,
    NEW_TITLE,
    added,
    changed,
    edit,
    extended,
    middle_key,
)
from bench.generate import ROOT, generate
from bench.measure import BuildFailed, Cost, measure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Shown = dict[str, str]
"""Page of the output → what must be found in it."""
OWN: Final = ("conf.py", "references.bib", "people.yml", "docs", "_static", "_templates")
"""What the real site is made of."""
STOCK_CONF: Final = """project = author = copyright = "Bench Lab"
language = "en"
extensions = ["sphinxcontrib.bibtex"]
bibtex_bibfiles = ["references.bib"]
html_theme = "basic"
"""
STOCK_PAGE: Final = """Publications
============

.. bibliography::
   :all:
"""
EMPTY_CONF: Final = """project = author = copyright = "Empty"
language = "en"
html_theme = "pydata_sphinx_theme"
"""
EMPTY_PAGE: Final = """Empty
=====

A page.
"""


@dataclass(frozen=True, slots=True)
class Site:
    """Something to build and measure.

    Attributes:
        write: Makes the site with so many publications in a new folder.
        command: Builds the folder's site into its ``_out``.
        edits: Name of each rebuild → what is done to the folder before it, and is then to be seen.
        count: How many publications an output shows, or None if nobody knows how many it should.
    """

    name: str
    write: Callable[[int, Path], None]
    command: Callable[[Path], list[str]]
    edits: dict[str, Callable[[Path], Shown]]
    count: Callable[[Path], int] | None = None


def steps_of(site: Site, size: int, folder: Path) -> Iterator[tuple[str, Cost]]:
    """Build a site, then build it again after each edit; yield the name and cost of each step.

    Raises:
        BuildFailed: If a build fails, shows another number of publications than it should, or does
            not show an edit.
    """
    site.write(size, folder)
    yield "full", _costs(site, folder)
    if site.count and (shown := site.count(folder / "_out")) != size:
        raise BuildFailed(f"{site.name} shows {shown} publications instead of {size}")
    for step, change in site.edits.items():
        shown_then = change(folder)
        yield step, _costs(site, folder)
        for page, text in shown_then.items():
            path = folder / "_out" / page
            if not path.is_file() or text not in path.read_text(encoding="utf-8"):
                raise BuildFailed(f"{site.name}, {step}: {page} does not show {text!r}")


def _costs(site: Site, folder: Path) -> Cost:
    cost = measure(site.command(folder))
    sizes = [path.stat().st_size for path in (folder / "_out").rglob("*") if path.is_file()]
    return Cost(cost.wall, cost.cpu, cost.memory, sum(sizes) / 1e6, len(sizes))


def _sphinx(folder: Path) -> list[str]:
    doctrees, out = str(folder / "_doctrees"), str(folder / "_out")
    return [sys.executable, "-m", "sphinx", "-q", "-j", "auto", "-b", "html", "-c", str(folder),
            "-d", doctrees, str(folder / "docs"), out]  # fmt: skip


def _nothing(_: Path) -> Shown:
    return {}


def _change_entry(folder: Path) -> Shown:
    bib = edit(folder / "references.bib", changed)
    return {f"publications/{middle_key(bib)}.html": MARK}


def _add_entry(folder: Path) -> Shown:
    edit(folder / "references.bib", added)
    return dict.fromkeys((f"publications/{ADDED}.html", "publications/index.html"), NEW_TITLE)


def _change_page(folder: Path) -> Shown:
    edit(folder / "docs/index.md", extended)
    return {"index.html": NEW_SENTENCE}


def _change_for_hugo(folder: Path) -> Shown:
    key = hugo.change_one(folder)
    return dict.fromkeys((f"publications/{key}.html", "publications/index.html"), MARK)


def _write_bench(size: int, folder: Path) -> None:
    generate(size, folder)


def _write_stock(size: int, folder: Path) -> None:
    generate(size, folder)
    shutil.rmtree(folder / "docs")
    _write_page(folder, STOCK_CONF, STOCK_PAGE)


def _write_empty(_: int, folder: Path) -> None:
    _write_page(folder, EMPTY_CONF, EMPTY_PAGE)


def _write_page(folder: Path, conf: str, page: str) -> None:
    (folder / "docs").mkdir(parents=True)
    (folder / "conf.py").write_text(conf, encoding="utf-8", newline="\n")
    (folder / "docs/index.rst").write_text(page, encoding="utf-8", newline="\n")


def _write_real(_: int, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in OWN:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy2(source, folder / name)


def _landing_pages(out: Path) -> int:
    pages = {path.stem for path in (out / "publications").glob("*.html")}
    return len(pages & {path.stem for path in (out / "publications").glob("*.bib")})


def _bibliography_items(out: Path) -> int:
    return (out / "index.html").read_text(encoding="utf-8").count('role="doc-biblioentry"')


def _hugo_pages(out: Path) -> int:
    return sum(path.name != "index.html" for path in (out / "publications").glob("*.html"))


BENCH: Final = Site(
    "this site",
    _write_bench,
    _sphinx,
    {
        "no-op": _nothing,
        "changed entry": _change_entry,
        "added entry": _add_entry,
        "changed page": _change_page,
    },
    _landing_pages,
)
STOCK: Final = Site("stock", _write_stock, _sphinx, {"no-op": _nothing}, _bibliography_items)
HUGO: Final = Site(
    "Hugo",
    hugo.write_site,
    hugo.command,
    {"no-op": _nothing, "changed entry": _change_for_hugo},
    _hugo_pages,
)
REAL: Final = Site(
    "real site", _write_real, _sphinx, {"no-op": _nothing, "changed entry": _change_entry}
)
EMPTY: Final = Site("empty site", _write_empty, _sphinx, {"no-op": _nothing})
