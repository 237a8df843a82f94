"""The converters of the directives' options."""

import pytest

from labsite.directives import Invalid, kept, one_of, positive, some_of, words, year_range


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("a", ("a",)),
        ("a b", ("a", "b")),
        ("a, b,c", ("a", "b", "c")),
        ("  a\n  b ", ("a", "b")),
        ("a,", ("a",)),
        (", a", ("a",)),
        ("susu-sun, christian-baumgartner", ("susu-sun", "christian-baumgartner")),
    ],
)
def test_words(argument: str, expected: tuple[str, ...]) -> None:
    assert words(argument) == expected


@pytest.mark.parametrize("argument", [None, "", "  ", ",", " , "])
def test_no_words_raise(argument: str | None) -> None:
    with pytest.raises(ValueError, match="expected"):
        words(argument)


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("2025", (2025, 2025)),
        (" 2025 ", (2025, 2025)),
        ("2020-2024", (2020, 2024)),
        ("2020 - 2024", (2020, 2024)),
        ("2020–2024", (2020, 2024)),
        ("2020-2020", (2020, 2020)),
        ("2020-", (2020, 9999)),
        ("-2020", (0, 2020)),
    ],
)
def test_year_range(argument: str, expected: tuple[int, int]) -> None:
    assert year_range(argument) == expected


@pytest.mark.parametrize(
    "argument",
    [
        None,
        "",
        "-",
        "25",
        "20255",
        "2020 2024",
        "20202024",
        "2020--2024",
        "2020-2024-2025",
        "2020, 2021",
        "last year",
        "2020-now",
    ],
)
def test_no_year_range_raises(argument: str | None) -> None:
    with pytest.raises(ValueError, match="2020-2024"):
        year_range(argument)


def test_a_range_that_ends_before_it_begins_raises() -> None:
    with pytest.raises(ValueError, match="2024"):
        year_range("2024-2020")


@pytest.mark.parametrize(("argument", "expected"), [("1", 1), (" 12 ", 12)])
def test_positive(argument: str, expected: int) -> None:
    assert positive(argument) == expected


@pytest.mark.parametrize("argument", [None, "", "0", "-1", "1.5", "many", "1 2"])
def test_not_positive_raises(argument: str | None) -> None:
    with pytest.raises(ValueError, match=r"."):
        positive(argument)


def test_some_of() -> None:
    convert = some_of("paper", "article", "book")
    assert convert("book, paper") == ("book", "paper")
    assert convert("article") == ("article",)


@pytest.mark.parametrize("argument", ["papers", "paper, x", "Paper", "", None])
def test_none_of_some_raises(argument: str | None) -> None:
    with pytest.raises(ValueError, match=r"."):
        some_of("paper", "article")(argument)


def test_the_message_names_the_word_and_the_choices() -> None:
    with pytest.raises(ValueError, match=r"'papers' is not one of paper, article"):
        some_of("paper", "article")("paper, papers")


def test_one_of() -> None:
    assert one_of("year", "type")(" year ") == "year"


@pytest.mark.parametrize("argument", ["years", "year type", "", None])
def test_not_one_of_raises(argument: str | None) -> None:
    with pytest.raises(ValueError, match=r"year"):
        one_of("year", "type")(argument)


def test_kept_gives_the_value_back_with_the_reason_instead_of_raising() -> None:
    assert kept(positive)("3") == 3
    found = kept(some_of("paper", "article"))("papers")
    assert isinstance(found, Invalid)
    assert (found.text, found.reason) == ("papers", "'papers' is not one of paper, article")
    assert kept(words)(None) == Invalid("", "one or more names are expected")
