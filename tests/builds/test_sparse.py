"""A site with parts missing: it builds, with a clear message or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.builds.sites import Build, Site

HOME: Final = """
# Tiny Lab

```{directions}
```

```{publications}
```

```{people}
```

```{news-list}
```

```{toctree}
:hidden:
:glob:

*/*
```
"""


def _reduce(site: Site) -> None:
    """Leave pages that name no record by themselves."""
    for name in ("2025-09-01-award", "2024-05-start"):
        site.remove(f"docs/news/{name}.md")
    site.write("docs/index.md", HOME)
    site.write("docs/news/index.md", "# News\n\n```{news-list}\n```\n")
    site.write("docs/research/index.md", "# Research\n\n```{directions}\n```\n")
    site.edit("docs/publications/index.md", ", with papers of {person}`chidi-okafor`", "")
    for name in ("quiet-models", "clear-images"):
        lists = f"```{{publications}}\n:direction: {name}\n```\n"
        site.write(f"docs/research/{name}.md", f"# {name}\n\n{lists}")


def _no_research(site: Site) -> None:
    _reduce(site)
    for name in ("index", "quiet-models", "clear-images"):
        site.remove(f"docs/research/{name}.md")
    site.edit("conf.py", '{"footer_links": "research/index"}', "{}")
    lines = site.read("references.bib").splitlines(keepends=True)
    site.write("references.bib", "".join(line for line in lines if "direction" not in line))
    people = site.read("people.yml")
    for name in ("quiet-models", "clear-images"):
        people = people.replace(f"  directions:\n    - {name}\n", "")
    site.write("people.yml", people)


def _no_publication(site: Site) -> None:
    _reduce(site)
    site.write("references.bib", "")


def _no_person(site: Site) -> None:
    _reduce(site)
    site.write("people.yml", "# Nobody yet.\n")


def _nothing(site: Site) -> None:
    _no_research(site)
    site.write("references.bib", "")
    site.write("people.yml", "[]\n")


SILENT: Final[dict[str, Callable[[Site], None]]] = {
    "no research folder": _no_research,
    "no publication": _no_publication,
    "no person": _no_person,
    "nothing at all": _nothing,
}


@pytest.mark.parametrize("missing", SILENT)
def test_site_without(site: Site, missing: str) -> None:
    SILENT[missing](site)
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    assert build.page("publications/index").select_one("h1") is not None


def test_plain_builders_of_a_site_without_anything(site: Site) -> None:
    _nothing(site)
    for builder in ("text", "latex"):
        build = site.build(builder)
        assert (build.status, build.stderr) == (0, "")


def told(build: Build) -> list[str]:
    """Return what a build says, without places."""
    return [item.text.partition("WARNING: ")[2] for item in build.warnings()]


def test_research_folder_taken_away_is_told(site: Site) -> None:
    for name in ("index", "quiet-models", "clear-images"):
        site.remove(f"docs/research/{name}.md")
    site.edit("conf.py", '{"footer_links": "research/index"}', "{}")
    site.edit("docs/index.md", "research/index\n", "")
    build = site.build()
    assert build.status == 1
    assert len(told(build)) == 9  # 7 mentions by 6 entries, and 2 by people
    assert all("which has no page" in text for text in told(build))


@pytest.mark.parametrize("file", ["references.bib", "people.yml"])
def test_missing_file_is_told_once(site: Site, file: str) -> None:
    _reduce(site)
    site.remove(file)
    build = site.build()
    assert build.status == 1
    (warned,) = build.warnings()
    assert (warned.file, warned.line) == (file, 1)
    assert "cannot be opened" in warned.text


def test_people_without_an_overview(site: Site) -> None:
    _reduce(site)
    site.remove("docs/people/index.md")
    build = site.build()
    assert (build.status, build.stderr) == (0, "")


def test_publications_without_a_list(site: Site) -> None:
    site.remove("docs/publications/index.md")
    site.edit("docs/index.md", "publications/index\n", "")
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    pages = build.pages()
    for name, page in pages.items():
        assert not page.select('a[href*="publications/index"]'), name
    assert pages["publications/meier2025clear"].select("h1")
