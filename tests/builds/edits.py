"""What maintainers change between two builds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.builds.sites import Site

BEN = """
- id: ben-silva
  name: Ben Silva
  role: PhD student
  status: current
  aliases:
    - Elsewhere, Eve
"""

EARLIER_PAPER = """
@article{meier2025first,
  title     = {The First Paper of the Year},
  author    = {Meier, Anna and Okafor, Chidi},
  journal   = jqi,
  month     = jan,
  year      = {2025},
  direction = {quiet-models},
}
"""

NEWS = """---
date: "2026-01-15"
people: [anna-meier]
description: Something new.
---

# Something new

{person}`anna-meier` tells it.
"""


def cut(text: str, start: str, end: str) -> str:
    """Return the part of a text from ``start`` up to ``end``."""
    begin = text.index(start)
    stop = text.find(end, begin + 1)
    return text[begin:] if stop < 0 else text[begin:stop]


def _nothing(site: Site) -> None:
    pass


def _entry_title(site: Site) -> None:
    site.edit("references.bib", "Clear Pictures of the Knee", "Sharp Pictures of the Knee")


def _entry_added(site: Site) -> None:
    site.append("references.bib", EARLIER_PAPER)  # 2025a: the letters of the others move on


def _entry_removed(site: Site) -> None:
    gone = cut(site.read("references.bib"), "@inproceedings{meier2025clear", "@")
    site.edit("references.bib", gone, "")  # cited: both builds warn


def _uncited_entry_removed(site: Site) -> None:
    gone = cut(site.read("references.bib"), "@misc{fuchs2024early", "@")
    site.edit("references.bib", gone, "")
    site.edit("docs/news/2024-05-start.md", " with {cite:t}`fuchs2024early`", "")


def _alias(site: Site) -> None:
    site.edit("people.yml", "- Okafor, Chidi", "- Okafor, C.")


def _page_title(site: Site) -> None:
    site.edit("docs/research/quiet-models.md", "# Quiet Models", "# Silent Models")


def _question(site: Site) -> None:
    site.edit("docs/research/quiet-models.md", "How loud is a model?", "Who hears a model?")


def _news_date(site: Site) -> None:
    site.edit("docs/news/2024-05-start.md", '"2024-05"', '"2026-05"')


def _news_added(site: Site) -> None:
    site.write("docs/news/2026-01-15-new.md", NEWS)
    site.edit("docs/news/index.md", "2025-09-01-award\n", "2026-01-15-new\n2025-09-01-award\n")


def _person_added(site: Site) -> None:
    site.append("people.yml", BEN)


def _person_removed(site: Site) -> None:
    gone = cut(site.read("people.yml"), "- id: chidi-okafor", "- id:")
    site.edit("people.yml", gone, "")  # pages name him: both builds warn


def _person_left(site: Site) -> None:
    site.edit("people.yml", "PhD student\n  status: current", "PhD student\n  status: alumni")


def _direction_removed(site: Site) -> None:
    site.remove("docs/research/clear-images.md")
    site.edit("docs/research/index.md", "clear-images\n", "")


EDITS: Final[dict[str, Callable[[Site], None]]] = {
    "nothing": _nothing,
    "entry title": _entry_title,
    "entry added": _entry_added,
    "entry removed": _entry_removed,
    "uncited entry removed": _uncited_entry_removed,
    "alias": _alias,
    "page title": _page_title,
    "question of a direction": _question,
    "news date": _news_date,
    "news item added": _news_added,
    "person added": _person_added,
    "person removed": _person_removed,
    "person left": _person_left,
    "direction removed": _direction_removed,
}
