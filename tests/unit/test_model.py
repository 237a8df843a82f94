"""The records: dates of any precision, names, and the little they work out for themselves."""

import pickle
from dataclasses import FrozenInstanceError, replace

import pytest

from labsite.model import (
    KINDS,
    Author,
    Name,
    PartialDate,
    Person,
    Publication,
    RichText,
    Source,
    Span,
)

HERE = Source("x", 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025", PartialDate(2025)),
        ("2025-09", PartialDate(2025, 9)),
        ("2024-02-29", PartialDate(2024, 2, 29)),
        (" 2025 ", PartialDate(2025)),
    ],
)
def test_dates_are_read_as_precisely_as_they_are_given(text: str, expected: PartialDate) -> None:
    assert PartialDate.parse(text) == expected
    assert expected.iso == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "25",
        "2025-9",
        "2025-13",
        "2025-00",
        "2025-09-00",
        "2025-02-30",
        "2025-09-",
        "2025-09-30-1",
        "September 2025",
        "2025/09",
        "0000",
        "-2025",
        "２０２５",
        "202a",
    ],
)
def test_what_is_no_date_raises(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        PartialDate.parse(text)


def test_a_day_needs_a_month() -> None:
    with pytest.raises(ValueError, match="month"):
        PartialDate(2025, day=3)


def test_what_is_not_known_of_a_date_counts_as_earliest() -> None:
    dates = ["2025-09-30", "2025-09", "2025", "2025-01", "2024-12-31"]
    ordered = sorted(dates, key=lambda text: PartialDate.parse(text).sort_key)
    assert ordered == ["2024-12-31", "2025", "2025-01", "2025-09", "2025-09-30"]


def test_years_before_1000_keep_four_digits() -> None:
    assert PartialDate(476).iso == "0476"


@pytest.mark.parametrize(
    ("name", "display", "short"),
    [
        (Name("Sun", "Susu"), "Susu Sun", "Sun"),
        (Name("Beethoven", "Ludwig", prefix="van"), "Ludwig van Beethoven", "van Beethoven"),
        (Name("King", "Martin", suffix="Jr."), "Martin King, Jr.", "King"),
        (Name("The Group", corporate=True), "The Group", "The Group"),
    ],
)
def test_names(name: Name, display: str, short: str) -> None:
    assert name.display == display
    assert name.short == short


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Susu Sun", "SS"),
        ("Christian F. Baumgartner", "CB"),
        ("Jan Nikolas Morshuis", "JM"),
        ("Anna-Lena", "AL"),
        ("Ludwig van Beethoven", "LB"),
        ("Plato", "P"),
        ("éva ördög", "ÉÖ"),
        ("Anna (visiting) Meier", "AM"),
    ],
)
def test_initials(name: str, initials: str) -> None:
    assert Person("x", name, HERE).initials == initials


def test_rich_text_from_plain() -> None:
    assert RichText.from_plain("a <b>") == RichText((Span("text", "a <b>"),), "a <b>")
    assert RichText.from_plain("") == RichText()


def test_empty_rich_text_is_false() -> None:
    assert not RichText()
    assert RichText.from_plain("x")


PUBLICATION = Publication("k", "k", HERE, "article", "article", RichText.from_plain("Title"))


def test_a_publication_without_a_date_has_no_year() -> None:
    assert PUBLICATION.year is None
    assert replace(PUBLICATION, date=PartialDate(2025, 9)).year == 2025


def test_the_venue_is_the_short_name_if_there_is_one() -> None:
    journal, short = RichText.from_plain("Medical Image Analysis"), RichText.from_plain("MedIA")
    assert replace(PUBLICATION, container=journal).venue == journal
    assert replace(PUBLICATION, container=journal, abbr=short).venue == short


def test_authors_and_editors_have_written_a_publication() -> None:
    author, editor = Author(Name("Sun"), "susu-sun"), Author(Name("Koch"), "lisa-koch")
    publication = replace(PUBLICATION, authors=(author,), editors=(editor,))
    assert publication.written_by("susu-sun")
    assert publication.written_by("lisa-koch")
    assert not publication.written_by("sun")


def test_records_are_frozen_and_can_be_pickled() -> None:
    with pytest.raises(FrozenInstanceError):
        PUBLICATION.key = "z"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(PUBLICATION)) == PUBLICATION


def test_every_kind_has_a_singular_and_a_plural() -> None:
    assert all(one and many and one[0].isupper() for one, many in KINDS.values())
