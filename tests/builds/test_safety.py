"""What must not happen: pages out of date, files lost, ids twice, files read by TeX."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Final
from urllib.parse import urldefrag, urljoin

import pytest

from tests.builds.sites import REPOSITORY, differences

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bs4 import BeautifulSoup

    from tests.builds.sites import Build, Site

MANIFEST: Final = ".labsite.json"


def build_only(site: Site, page: str) -> None:
    """Build one page into the folder of the HTML builder, as an editor's preview does."""
    done = subprocess.run(
        [
            sys.executable, "-m", "sphinx", "-N", "-T", "-b", "html", "-c", ".",
            "-d", "_build/doctrees/html", "docs", "_build/html", page,
        ],
        cwd=site.root, env={**os.environ, "LABSITE_ROOT": str(REPOSITORY), "PYTHONUTF8": "1"},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def ids(page: BeautifulSoup) -> Counter[str]:
    """Count the ids of a page."""
    return Counter(str(element["id"]) for element in page.select("[id]"))


def messages(build: Build, text: str = "[labsite.") -> list[str]:
    """Return the warnings that hold a text."""
    return [warned.text for warned in build.warnings() if text in warned.text]


# The output folder


def test_build_of_one_file_does_not_make_the_others_seem_up_to_date(site: Site) -> None:
    site.build()
    site.edit("references.bib", "Clear Pictures of the Knee", "Sharp Pictures of the Knee")
    build_only(site, "docs/people/index.md")
    again, clean = site.build(), site.build(into="clean")
    assert differences(again, clean) == []
    assert "Sharp Pictures" in again.text("publications/index.html")


def test_nothing_outside_the_output_is_deleted(site: Site) -> None:
    build = site.build()
    relative, absolute = site.root / "VICTIM", site.root.parent / "absolute.html"
    for victim in (relative, absolute):
        victim.write_text("precious", encoding="utf-8")
    manifest = build.out / MANIFEST
    data = json.loads(manifest.read_text(encoding="utf-8"))
    outside = ["../../VICTIM", "a/../../../VICTIM", "..\\..\\VICTIM", str(absolute)]
    data["files"] += outside
    manifest.write_text(json.dumps(data), encoding="utf-8")
    again = site.build()
    assert (again.status, again.stderr) == (0, "")
    assert relative.is_file()
    assert absolute.is_file()
    assert not set(outside) & set(json.loads(again.text(MANIFEST))["files"])


@pytest.mark.parametrize("age", [0, 3600])
def test_file_in_the_place_of_a_former_page_stays(site: Site, age: int) -> None:
    site.append("conf.py", 'html_extra_path = ["extra"]\n')
    site.write("extra/keep.txt", "kept")
    site.write("docs/old.md", "---\norphan: true\n---\n\n# Old\n\nWritten in Markdown.\n")
    assert "Written in Markdown" in site.build().text("old.html")
    site.remove("docs/old.md")
    site.write("extra/old.html", "<p>Written in HTML</p>")
    _make_older(site.root / "extra/old.html", age)
    again = site.build()
    assert (again.status, again.stderr) == (0, "")
    assert again.text("old.html") == "<p>Written in HTML</p>"
    assert site.build().text("old.html") == "<p>Written in HTML</p>"


def _make_older(path: Path, seconds: int) -> None:
    time = path.stat().st_mtime - seconds
    os.utime(path, (time, time))


def test_manifest_that_is_a_folder_is_no_crash(site: Site) -> None:
    build = site.build()
    (build.out / MANIFEST).unlink()
    (build.out / MANIFEST).mkdir()
    again = site.build()
    assert len(messages(again)) <= 1
    assert "Clear Pictures" in again.text("publications/index.html")


@pytest.mark.parametrize("text", ["", "[]", "null", '{"digests": [1], "files": 3}', "\x00"])
def test_manifest_that_cannot_be_read_is_as_none(site: Site, text: str) -> None:
    build = site.build()
    (build.out / MANIFEST).write_text(text, encoding="utf-8")
    again = site.build()
    assert (again.status, again.stderr) == (0, "")


# Pages


def test_malformed_citation_is_told_on_every_build(site: Site) -> None:
    site.append("docs/research/index.md", "\nAs {cite:p}`a b` says.\n")
    line = site.line_of("docs/research/index.md", "{cite:p}`a b`")
    for build in (site.build(), site.build()):
        assert build.status == 1
        (warned,) = build.warnings()
        assert (warned.file, warned.line) == ("docs/research/index.md", line)
        assert "'a b'" in warned.text


def test_profile_of_nobody_is_told_and_the_page_keeps_its_heading(site: Site) -> None:
    source = "---\norphan: true\n---\n\n# A Stranger\n\n```{profile} nobody\n```\n\nProse.\n"
    site.write("docs/stranger.md", source)
    for build in (site.build(), site.build()):
        assert build.status == 1
        (warned,) = build.warnings()
        assert (warned.file, warned.line) == ("docs/stranger.md", 7)
        assert "'nobody'" in warned.text
        headings = [heading.get_text() for heading in build.page("stranger").select("h1")]
        assert [heading.rstrip("#¶") for heading in headings] == ["A Stranger"]


WHOLE: Final = "```{publications}\n:group-by: year\n:filter:\n```\n"
BEFORE: Final = {
    "selected": "```{publications}\n:selected:\n```\n\n",
    "of a person": "```{publications}\n:person: anna-meier\n```\n\n",
    "whole too": "```{publications}\n```\n\n",
}


@pytest.mark.parametrize("before", BEFORE)
def test_citations_and_titles_lead_to_pages_whatever_else_stands_there(
    site: Site, before: str
) -> None:
    site.edit("docs/publications/index.md", WHOLE, BEFORE[before] + WHOLE)
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    pages = build.pages()
    anchors = {name: ids(page) for name, page in pages.items()}
    assert {name: twice(page) for name, page in anchors.items() if twice(page)} == {}
    for name, page in pages.items():
        for link in page.select(".ls-cite a, .ls-pub-title a"):
            target, anchor = urldefrag(urljoin(f"{name}.html", str(link["href"])))
            assert not anchor
            assert target.removesuffix(".html") in anchors, f"{name}: {link['href']}"


def twice(counts: Counter[str]) -> list[str]:
    """Return what is counted more than once."""
    return [name for name, count in counts.items() if count > 1]


STRIP: Final = "```{people}\n:layout: strip\n```\n"
OVERLAPPING: Final = {
    "all and some": "```{people}\n```\n\n```{people}\n:status: current\n```\n",
    "some and all": "```{people}\n:status: current\n```\n\n```{people}\n:layout: list\n```\n",
    "the same again": "```{people}\n```\n\n```{people}\n```\n",
    "three": f"{STRIP}\n```{{people}}\n```\n\n```{{people}}\n:layout: list\n```\n",
}


@pytest.mark.parametrize("lists", OVERLAPPING)
def test_overlapping_lists_of_people_give_no_id_twice(site: Site, lists: str) -> None:
    site.write("docs/people/index.md", f"# People\n\n{OVERLAPPING[lists]}")
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    found = ids(build.page("people/index"))
    assert twice(found) == []
    assert {"anna-meier", "chidi-okafor", "lena-fuchs", "tom-hall"} <= set(found)


def test_sphinxs_own_pages_are_no_former_addresses(site: Site) -> None:
    plain = site.build(into="plain")
    addresses = ("search.html", "genindex.html", "404.html")
    source = f"---\norphan: true\nformerly: [{', '.join(addresses)}]\n---\n\n# Taker\n\nText.\n"
    site.write("docs/taker.md", source)
    build = site.build()
    assert build.status == 1
    told = messages(build, "[labsite.redirect]")
    assert len(told) == len(build.warnings()) == len(addresses)
    for address in addresses:
        assert len([text for text in told if f"'{address}'" in text]) == 1
        if (plain.out / address).exists():
            page = build.page(address.removesuffix(".html"))
            assert not page.select('meta[http-equiv="refresh"]')
            expected = plain.page(address.removesuffix(".html")).select_one("h1")
            assert expected is not None
            assert [heading.get_text() for heading in page.select("h1")] == [expected.get_text()]


# LaTeX

ACTING: Final = {  # what is written → what must not reach TeX (a regular expression)
    r"$\input{/etc/hostname}$": r"\\input\s*\{?/etc",
    r"$\input /etc/hostname $": r"\\input\s*\{?/etc",
    r"\input{/etc/hostname}": r"\\input\s*\{?/etc",
    r"$\include{/etc/hostname}$": r"\\include\s*\{?/etc",
    r"$\write18{id}$": r"\\write",
    r"$\immediate\write18{id}$": r"\\immediate",
    r"\write18{id}": r"\\write\s*18",
    r"$\csname input\endcsname{/etc/hostname}$": r"\\csname",
    r"$^^5cinput{/etc/hostname}$": r"\^\^5c",
    r"$\openin5=/etc/hostname$": r"\\openin",
    r"$\def\x{y}\x$": r"\\def\\x",
    r"$\InputIfFileExists{/etc/hostname}{}{}$": r"\\InputIfFileExists",
    r"$\scantokens{x}$": r"\\scantokens",
}


@pytest.fixture(scope="module")
def tex(new_site: Callable[[], Site]) -> str:
    """Return the LaTeX of a site with TeX that acts in titles, venues and remarks."""
    site = new_site()
    for number, written in enumerate(ACTING):
        entry = (
            f"@article{{acting2020x{number},\n  title = {{Acting {number}: {written}}},\n"
            f"  author = {{Meier, Anna}},\n  journal = {{Journal {written}}},\n"
            f"  addendum = {{Remark {written}}},\n  year = {{2020}},\n}}\n"
        )
        site.append("references.bib", f"\n{entry}")
    return site.build("latex").tex()


@pytest.mark.parametrize("written", ACTING)
def test_tex_that_acts_does_not_reach_tex(tex: str, written: str) -> None:
    body = tex[tex.index(r"\begin{document}") :]
    number = list(ACTING).index(written)
    assert f"Acting {number}:" in body
    assert written not in body
    assert re.search(ACTING[written], body) is None


# Drawings

SVG: Final = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h{}"/></svg>\n'


@pytest.fixture
def drawn(site: Site) -> Site:
    """Return a site with a drawing on a page and one on a direction's card."""
    site.append("conf.py", 'templates_path = ["_templates"]\n')
    site.write("_templates/drawings/x.svg", SVG.format(1))
    site.append("docs/people/index.md", "\n```{drawing} x\n```\n")
    site.edit("docs/research/quiet-models.md", "order: 1", "order: 1\ndrawing: x")
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    for page in ("people/index", "research/index", "index"):
        assert build.page(page).select('path[d="M0 0h1"]'), page
    return site


def test_edited_drawing_is_shown(drawn: Site) -> None:
    drawn.write("_templates/drawings/x.svg", SVG.format(2))
    again, clean = drawn.build(), drawn.build(into="clean")
    assert (again.status, again.stderr) == (0, "")
    assert differences(again, clean) == []
    for page in ("people/index", "research/index", "index"):
        assert again.page(page).select('path[d="M0 0h2"]'), page


def test_deleted_drawing_is_told_on_every_build(drawn: Site) -> None:
    (drawn.root / "_templates/drawings/x.svg").unlink()
    clean = drawn.build(into="clean")
    places = {("docs/people/index.md", 6), ("docs/research/quiet-models.md", 3)}
    for build in (drawn.build(), drawn.build(), clean):
        assert build.status == 1
        assert {(warned.file, warned.line) for warned in build.warnings()} == places
        assert len(build.warnings()) == len(places)
    assert differences(drawn.build(), clean) == []
    assert "M0 0h1" not in clean.text("people/index.html")
