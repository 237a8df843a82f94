"""How a large bibliography is divided over pages."""

from __future__ import annotations

import random
from itertools import chain

import pytest

from labsite.division import LIMIT, Division, divide
from labsite.model import PartialDate, Publication, RichText, Source


def publications(*years: int | None) -> tuple[Publication, ...]:
    return tuple(
        Publication(
            key := f"k{number}",
            key,
            Source("x.bib", number),
            "misc",
            "other",
            RichText.from_plain(key),
            date=PartialDate(year) if year else None,
        )
        for number, year in enumerate(years)
    )


def summary(division: Division) -> tuple[int, list[tuple[str, int]]]:
    return len(division.overview), [(page.name, len(page.publications)) for page in division.pages]


def test_what_fits_on_one_page_stays_there() -> None:
    listed = publications(2025, 2025, 2024, None)
    division = divide(listed, 4)
    assert (division.overview, division.pages) == (listed, ())
    assert [(year.id, year.heading, year.count, year.page) for year in division.years] == [
        ("y2025", "2025", 2, ""),
        ("y2024", "2024", 1, ""),
        ("undated", "Undated", 1, ""),
    ]


@pytest.mark.parametrize(
    ("years", "limit", "expected"),
    [
        ((), 3, (0, [])),
        ((2025, 2024, 2024, 2023), 3, (3, [("2023", 1)])),
        # a small year behind one that has no room does not overtake it
        ((2025, 2025, 2024, 2024, 2023), 3, (2, [("2024", 2), ("2023", 1)])),
        ((2025, 2025, 2024, 2024, 2024, 2024), 3, (2, [("2024", 3), ("2024-2", 1)])),
        # in January: a year that has just begun does not leave the overview nearly empty
        ((2025, 2024, 2024, 2024, 2024), 3, (3, [("2024-2", 2)])),
        ((2025, *(2024,) * 6, 2023), 4, (4, [("2024-2", 3), ("2023", 1)])),
        # the overview is the first part of a newest year that is too large for it
        ((2025,) * 7, 3, (3, [("2025-2", 3), ("2025-3", 1)])),
        ((2025, 2025, 2024), 1, (1, [("2025-2", 1), ("2024", 1)])),
        ((2025, None, None), 1, (1, [("undated", 1), ("undated-2", 1)])),
    ],
)
def test_the_newest_whole_years_come_first(
    years: tuple[int | None, ...], limit: int, expected: tuple[int, list[tuple[str, int]]]
) -> None:
    assert summary(divide(publications(*years), limit)) == expected


def test_a_page_says_what_part_of_its_year_it_is() -> None:
    pages = divide(publications(*(2025,) * 3, *(2024,) * 5), 3).pages
    about = [(page.title, page.year, page.part, page.parts, page.total) for page in pages]
    assert about == [
        ("Publications of 2024, part 1", 2024, 1, 2, 5),
        ("Publications of 2024, part 2", 2024, 2, 2, 5),
    ]
    (undated,) = divide(publications(2025, None), 1).pages
    assert (undated.title, undated.year) == ("Publications without a year", None)


def test_the_years_know_where_they_begin() -> None:
    division = divide(publications(2025, 2025, 2025, 2024, None), 2)
    assert [(year.year, year.count, year.page) for year in division.years] == [
        (2025, 3, ""),
        (2024, 1, "2024"),
        (None, 1, "undated"),
    ]


@pytest.mark.parametrize("seed", range(30))
def test_everything_stands_somewhere_once_and_in_order(seed: int) -> None:
    draw = random.Random(seed)
    years = sorted((draw.randrange(1990, 2026) for _ in range(draw.randrange(400))), reverse=True)
    listed = publications(*years, *[None] * draw.randrange(5))
    limit = draw.choice((1, 7, 40, LIMIT))
    division = divide(listed, limit)
    pages = [division.overview, *(page.publications for page in division.pages)]
    assert tuple(chain(*pages)) == listed
    assert all(len(page) <= limit for page in pages)
    assert len(division.overview) >= min(len(listed), limit / 2)
    names = [page.name for page in division.pages]
    assert len(set(names)) == len(names)
    assert sum(year.count for year in division.years) == len(listed)
    assert {year.page for year in division.years} <= {"", *names}
