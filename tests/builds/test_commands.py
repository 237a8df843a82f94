"""What the commands write gives the same site."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.builds.sites import REPOSITORY

if TYPE_CHECKING:
    from tests.builds.sites import Build, Site


def command(site: Site, *arguments: str) -> int:
    environ = {**os.environ, "PYTHONPATH": str(REPOSITORY), "LABSITE_ROOT": str(REPOSITORY)}
    return subprocess.run(
        [sys.executable, "-m", "labsite", *arguments], cwd=site.root, env=environ, check=False
    ).returncode


def shown(build: Build) -> dict[str, str]:
    """Return the text of every page, without BibTeX, which is shown as it was written."""
    pages = {}
    for name, page in build.pages().items():
        for source in page.select("pre"):
            source.decompose()
        pages[name] = re.sub(r"\s+", " ", page.get_text())
    return pages


def links(build: Build) -> dict[str, list[str]]:
    """Return the links of every page, without the lines that lead to an entry's place."""
    return {
        name: [re.sub(r"#L\d+.*", "", str(link["href"])) for link in page.select("a[href]")]
        for name, page in build.pages().items()
    }


def test_a_formatted_bibliography_gives_the_same_pages(site: Site) -> None:
    text = site.read("references.bib")
    odd = re.sub(r"= \{([^{}\n]*)\},\n", r'="\1" ,\n\n', text).replace("@article{", "@ARTICLE { ")
    site.write("references.bib", odd)
    before = site.build(into="before")
    assert command(site, "format") == 0
    assert site.read("references.bib") != odd
    after = site.build(into="after")
    assert (before.status, after.status) == (0, 0)
    assert before.files().keys() == after.files().keys()
    assert shown(before) == shown(after)
    assert links(before) == links(after)


def test_the_tiny_site_has_nothing_to_mend(site: Site) -> None:
    assert command(site, "check") == 0
