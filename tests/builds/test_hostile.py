"""Hostile text in every field, seen as text everywhere and never as markup or a link."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest
from bs4 import Tag
from sphinx.util.inventory import InventoryFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bs4 import BeautifulSoup

    from tests.builds.sites import Build, Site

TITLE: Final = '<script>alert(1)</script> "quotes" & {{ slot }} {% raw %}'
IN_LATEX: Final = TITLE.replace("&", r"\&").translate({123: r"\{", 125: r"\}", 37: r"\%"})
IN_MARKDOWN: Final = TITLE.replace("<", r"\<")

BIB: Final = r"""
@article{hostile2020,
  title     = {TITLE},
  author    = {Meier, Anna and {<img src=x onerror=alert(2)>} and E" onclick="alert(3), <b>Eve</b>},
  journal   = {<iframe src=javascript:alert(4)>},
  abbr      = {<svg onload=alert(5)>},
  award     = {<script>alert(6)</script>},
  addendum  = {<script>alert(7)</script>},
  note      = {<script>alert(8)</script>},
  summary   = {<script>alert(9)</script>},
  abstract  = {<script>alert(10)</script>},
  volume    = {<b>11</b>},
  pages     = {<u>12</u>},
  url       = {javascript:alert(13)},
  code      = {data:text/html,<script>alert(14)</script>},
  data      = {vbscript:alert(15)},
  pdf       = {//evil.example.org/x.pdf},
  slides    = {JavaScript:alert(16)},
  poster    = {x"onmouseover="alert(17)},
  video     = {https://evil.example.org/"onmouseover="alert(18)},
  doi       = {10.1000/"><script>alert(19)</script>},
  eprint    = {"><script>alert(20)</script>},
  year      = {2020},
  direction = {quiet-models, <script>alert(21)</script>},
  selected  = {true},
}

@misc{hostile2020math,
  title    = {$\text{<script>alert(22)</script>}$, $\mbox{<img src=x onerror=alert(23)>}$, $a<b$},
  author   = {Meier, Anna},
  year     = {2020},
}

@misc{hostile2020command,
  title    = {A \href{javascript:alert(26)}{command} and \url{javascript:alert(27)}},
  author   = {Meier, Anna},
  year     = {2020},
}

@misc{x'><script>alert(24)</script>,
  title    = {{{ slot }} {% raw %} <script>alert(25)</script>},
  author   = {Meier, Anna},
  year     = {2020},
}
""".replace("TITLE", IN_LATEX)

PEOPLE: Final = """
- id: eve-evil
  name: 'TITLE'
  role: '<img src=x onerror=alert(31)>'
  title: '<img src=x onerror=alert(32)>'
  affiliation: '<img src=x onerror=alert(33)>'
  programme: '<img src=x onerror=alert(34)>'
  next: '<img src=x onerror=alert(35)>'
  email: '"x@y" onclick="alert(36)'
  co_supervisors: ['<img src=x onerror=alert(37)>']
  degrees: ['<img src=x onerror=alert(38)>']
  links:
    '<b>evil</b>': https://evil.example.org/"onmouseover="alert(39)
    homepage: javascript:alert(40)
    github: data:text/html,<script>alert(41)</script>
  aliases: ['E" onclick="alert(3), <b>Eve</b>']
  directions: [quiet-models, '<script>alert(42)</script>']
""".replace("TITLE", TITLE)

NEWS: Final = f"""---
date: "2026-02-02"
people: [anna-meier, eve-evil]
publications: [hostile2020]
description: '"><script>alert(50)</script>'
---

# {IN_MARKDOWN}

By {{person}}`eve-evil`: {{pub}}`hostile2020`, {{cite:p}}`hostile2020`, {{cite:t}}`hostile2020math`.
"""


MATH: Final = r"""
@misc{math2020,
  title    = {$\text{a b}$, $\mbox{a b}$, $x^2+y_1$ and $a<b$},
  author   = {Meier, Anna},
  year     = {2020},
}
"""

LAYOUTS: Final = """
```{people}
:layout: list
```

```{people}
:layout: strip
```
"""


def make_hostile(site: Site) -> None:
    """Fill the site with hostile text."""
    site.append("references.bib", BIB)
    site.append("people.yml", PEOPLE)
    site.write("docs/news/2026-02-02-evil.md", NEWS)
    site.edit("docs/news/index.md", "2025-09-01-award\n", "2026-02-02-evil\n2025-09-01-award\n")
    direction, people = "docs/research/quiet-models.md", "docs/people/index.md"
    site.edit(direction, "# Quiet Models", f"# {IN_MARKDOWN}")
    site.edit(direction, "How loud is a model?", '"<img src=x onerror=alert(51)>"')
    site.edit(direction, "Models that make no noise.", "'\"><script>alert(52)</script>'")
    site.edit("docs/research/index.md", "# Research", r"# Research \<script>alert(53)\</script>")
    site.edit(people, "# People", r"# People \<script>alert(54)\</script> & friends")
    site.append(people, LAYOUTS)


@pytest.fixture(scope="module")
def clean(new_site: Callable[[], Site]) -> Build:
    """Build the site as it is, with all layouts of the people and math."""
    site = new_site()
    site.append("references.bib", MATH)
    site.append("docs/people/index.md", LAYOUTS)
    return site.build()


@pytest.fixture(scope="module")
def site(new_site: Callable[[], Site]) -> Site:
    """Return the hostile site, unbuilt."""
    hostile = new_site()
    make_hostile(hostile)
    return hostile


@pytest.fixture(scope="module")
def build(site: Site) -> Build:
    """Build the hostile site."""
    return site.build()


@pytest.fixture(scope="module")
def pages(build: Build) -> dict[str, BeautifulSoup]:
    """Return the hostile site's pages, parsed."""
    return build.pages()


def elements(pages: dict[str, BeautifulSoup]) -> Iterator[tuple[str, Tag]]:
    """Yield every element of every page, with the page's name."""
    for name, page in pages.items():
        for element in page.find_all(True):
            assert isinstance(element, Tag)
            yield name, element


def active(pages: dict[str, BeautifulSoup]) -> set[str]:
    """Return every element that runs or loads something, as it would be on a page at the top.

    A script of another type than JavaScript's is data, which no browser runs (HTML, 4.12.1).
    """
    found = set()
    for name, element in elements(pages):
        if element.get("type") == "application/ld+json":
            continue
        if element.name in {"script", "img", "iframe", "object", "embed", "base"}:
            source = " ".join(str(element).replace("../", "").replace("./", "").split())
            found.add(source.replace(f"'{name}'", "'PAGE'"))
    return found


def straight(text: str) -> str:
    """Undo what typography does to text: curly quotes in pages, no-break spaces in MathML."""
    return text.translate({0x201C: '"', 0x201D: '"', 0xA0: " "})


def shape(pages: dict[str, BeautifulSoup]) -> set[tuple[str, str]]:
    """Return every element's name with the name of each of its attributes."""
    return {(item.name, name) for _, item in elements(pages) for name in ("", *item.attrs)}


def test_no_element_runs_or_loads_anything(pages: dict[str, BeautifulSoup], clean: Build) -> None:
    found = sorted(active(pages) - active(clean.pages()))
    assert not found, "\n".join(found)


def test_data_blocks_end_where_they_should(pages: dict[str, BeautifulSoup]) -> None:
    blocks = [item for _, item in elements(pages) if item.get("type") == "application/ld+json"]
    assert len(blocks) > len(pages) / 2
    for block in blocks:
        assert json.loads(block.get_text())["@context"] == "https://schema.org"
        assert "<" not in block.get_text()


def test_no_handler(pages: dict[str, BeautifulSoup]) -> None:
    attributes = ((name, key) for name, item in elements(pages) for key in item.attrs)
    assert [found for found in attributes if found[1].lower().startswith("on")] == []


def test_no_element_or_attribute_that_a_clean_site_has_not(
    pages: dict[str, BeautifulSoup], clean: Build
) -> None:
    found = sorted(shape(pages) - shape(clean.pages()))
    assert not found, "\n".join(" ".join(item) for item in found)


def test_every_address_is_harmless(pages: dict[str, BeautifulSoup]) -> None:
    addresses = {"href", "src", "action", "formaction", "xlink:href", "poster", "data", "srcset"}
    found = [
        (name, element.name, element[key])
        for name, element in elements(pages)
        for key in addresses & set(element.attrs)
        if urlsplit(str(element[key]).strip()).scheme.lower() not in {"", "http", "https", "mailto"}
        or str(element[key]).startswith("//")
    ]
    assert found == []


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("publications/index", TITLE),
        ("people/anna-meier", TITLE),
        ("people/eve-evil", TITLE),
        ("people/index", TITLE),
        ("research/quiet-models", TITLE),
        ("index", TITLE),
        ("news/index", TITLE),
        ("news/2026-02-02-evil", TITLE),
        ("publications/index", "<img src=x onerror=alert(2)>"),
        ("publications/index", '<b>Eve</b> E" onclick="alert(3)'),
        ("publications/index", "<svg onload=alert(5)>"),
        ("publications/index", "<script>alert(6)</script>"),
        ("publications/index", "<script>alert(7)</script>"),
        ("index", "<script>alert(9)</script>"),
        ("publications/index", "<script>alert(22)</script>"),
        ("publications/index", "<script>alert(25)</script>"),
        ("people/eve-evil", "<img src=x onerror=alert(34)>"),
        ("people/eve-evil", "<img src=x onerror=alert(37)>"),
        ("people/index", "<img src=x onerror=alert(31)>"),
        ("people/index", "<img src=x onerror=alert(32)>"),
        ("people/index", "People <script>alert(54)</script> & friends"),
        ("people/eve-evil", "People <script>alert(54)</script> & friends"),
        ("research/index", "<img src=x onerror=alert(51)>"),
        ("index", "Research <script>alert(53)</script>"),
        ("research/quiet-models", "Research <script>alert(53)</script>"),
    ],
)
def test_text_is_there_as_written(pages: dict[str, BeautifulSoup], page: str, text: str) -> None:
    assert text in straight(pages[page].get_text())


PAGES_SO_TITLED: Final = ["people/eve-evil", "news/2026-02-02-evil", "research/quiet-models"]


@pytest.mark.parametrize("page", PAGES_SO_TITLED)
def test_title_in_the_head(pages: dict[str, BeautifulSoup], page: str) -> None:
    (title,) = pages[page].select("head > title")
    assert TITLE in straight(title.get_text())


def test_description_in_the_head(pages: dict[str, BeautifulSoup]) -> None:
    (meta,) = pages["news/2026-02-02-evil"].select('meta[name="description"]')
    assert meta["content"] == '"><script>alert(50)</script>'


def test_every_entry_is_listed(pages: dict[str, BeautifulSoup]) -> None:
    keys = {item["data-pub-key"] for item in pages["publications/index"].select(".ls-pub")}
    own = {f"hostile2020{name}" for name in ("", "math", "command")}
    assert keys >= {*own, "x'><script>alert(24)</script>"}


def test_only_addresses_of_the_web_are_linked(pages: dict[str, BeautifulSoup]) -> None:
    entry = pages["publications/index"].select_one('[data-pub-key="hostile2020"]')
    assert entry is not None
    hrefs = {str(link["href"]) for link in entry.select("a.ls-pub-link")}
    assert not [href for href in hrefs if "evil.example.org/x.pdf" in href]
    assert "https://evil.example.org/%22onmouseover=%22alert(18)" in hrefs


def test_inventory_can_be_read(build: Build) -> None:
    inventory = InventoryFile.loads((build.out / "objects.inv").read_bytes(), uri="")
    assert "hostile2020" in inventory.data["labsite:publication"]


def test_the_maintainer_is_told(build: Build) -> None:
    assert build.status == 1
    for link in ("alert(13)", "alert(14)", "alert(15)", "alert(16)", "'homepage'", "'github'"):
        assert link in build.stderr
    for direction in ("alert(21)", "alert(42)"):
        assert direction in build.stderr


def test_text_build(site: Site) -> None:
    build = site.build("text")
    assert build.status == 1
    text = " ".join(build.text("publications/index.txt").split())
    assert TITLE in text
    assert "<img src=x onerror=alert(2)>" in text


def test_latex_build(site: Site) -> None:
    build = site.build("latex")
    assert build.status == 1
    tex = build.tex()
    assert "alert(1)" in tex
    assert re.findall(r"\\(?:sphinx)?href\{(?!https?:|mailto:)[^}]*", tex) == []


HARD: Final = r"""
@misc{hard2020href,
  title    = {Math $\href{javascript:alert(28)}{x}$ with an address},
  author   = {Meier, Anna},
  year     = {2020},
}

@misc{hard2020root,
  title    = {A cube root without anything under it: \sqrt[3]},
  author   = {Meier, Anna},
  year     = {2020},
}

@misc{hard2020command,
  title    = {A command that is no text: \title},
  author   = {Meier, \sqrt[3]},
  year     = {2020},
}
"""


def test_latex_that_cannot_be_read_does_not_end_the_build(new_site: Callable[[], Site]) -> None:
    site = new_site()
    site.append("references.bib", HARD)
    build = site.build()
    page = build.page("publications/index")
    keys = {item["data-pub-key"] for item in page.select(".ls-pub")}
    assert keys >= {"hard2020href", "hard2020root", "hard2020command"}
    assert not page.select('[href^="javascript:"]')
