"""A bibliography too large for one page, divided over an overview and pages of years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from labsite.queries import group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labsite.model import Publication

LIMIT: Final = 250
"""How many publications a page lists at most: with some 2.5 kB of HTML each, well under 1 MB."""
UNDATED: Final = "undated"
"""Name of the page with what has no year. No key: see ``vocabulary.is_reserved_key``."""


@dataclass(frozen=True, slots=True)
class YearPage:
    """A page with publications of one year.

    Attributes:
        name: The page's name in the publications' folder: ``2015``, ``2015-2``, ``undated``. A key
            never begins with a digit. A year whose first part is in the overview begins with its
            second page.
        year: None for what has no year.
        part: Which part of the year, from 1; of one year the overview may have the first.
        parts: How many the year has.
        total: How many publications the whole year has.
    """

    name: str
    year: int | None
    part: int
    parts: int
    total: int
    publications: tuple[Publication, ...]

    @property
    def title(self) -> str:
        """The page's title."""
        what = f"Publications of {self.year}" if self.year else "Publications without a year"
        return f"{what}, part {self.part}" if self.parts > 1 else what


@dataclass(frozen=True, slots=True)
class Year:
    """A year and where its publications begin.

    Attributes:
        id: Of the year's group in the page.
        heading: ``2015`` or ``Undated``.
        page: Name of a :class:`YearPage`; empty for the overview.
    """

    id: str
    heading: str
    year: int | None
    count: int
    page: str


@dataclass(frozen=True, slots=True)
class Division:
    """What stands where: every publication once.

    Attributes:
        overview: The newest.
        pages: What the overview has no room for, newest first; empty if all is in the overview.
        years: All years, newest first.
    """

    overview: tuple[Publication, ...] = ()
    pages: tuple[YearPage, ...] = ()
    years: tuple[Year, ...] = ()


def divide(publications: Sequence[Publication], limit: int = LIMIT) -> Division:
    """Divide a list, which is in list order, if it is longer than ``limit``.

    The overview gets whole years, as many as there is room for. If that would not fill half of it,
    as in each January of a large institute, it gets the beginning of one more year, which goes on
    in its second part.
    """
    overview: list[Publication] = []
    pages: list[YearPage] = []
    years: list[Year] = []
    for one in group(publications, "year", ()):
        listed, year = one.publications, one.publications[0].year
        room = 0 if pages else limit - len(overview)
        fits = len(listed) <= room
        here = len(listed) if fits else room if len(overview) < limit / 2 else 0
        overview += listed[:here]
        found = _parts(listed, year, limit, here)
        first = found[0].name if found and not here else ""
        years.append(Year(one.id, one.heading, year, len(listed), first))
        pages += found
    return Division(tuple(overview), tuple(pages), tuple(years))


def _parts(
    listed: Sequence[Publication], year: int | None, limit: int, here: int
) -> list[YearPage]:
    """Return the pages of a year; its first ``here`` publications are its part of the overview."""
    name = str(year or UNDATED)
    starts = range(here, len(listed), limit)
    cuts = [tuple(listed[start : start + limit]) for start in starts]
    begun = 1 if here else 0
    return [
        YearPage(
            name if part == 1 else f"{name}-{part}",
            year,
            part,
            begun + len(cuts),
            len(listed),
            cut,
        )
        for part, cut in enumerate(cuts, start=begun + 1)
    ]
