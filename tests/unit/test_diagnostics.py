"""Problems: one vocabulary, a stable order, and the nearest word that exists."""

import pytest

from labsite.diagnostics import SUBTYPES, Problem, suggest


def test_an_unknown_subtype_is_a_mistake_in_the_code() -> None:
    with pytest.raises(ValueError, match="bib_typo"):
        Problem("x.bib", 1, "bib_typo", "What.", "Remedy.")


def test_problems_sort_by_file_then_line() -> None:
    places = [("b", 1), ("a", 10), ("a", 9)]
    found = sorted(Problem(path, line, "file", "What.", "Remedy.") for path, line in places)
    assert [(problem.path, problem.line) for problem in found] == [("a", 9), ("a", 10), ("b", 1)]


def test_every_subtype_says_what_it_stands_for() -> None:
    assert all(meaning and not meaning.endswith(".") for meaning in SUBTYPES.values())


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("artcle", "Did you mean 'article'?"),
        ("ARTICLE", "Did you mean 'article'?"),
        ("bokk", "Did you mean 'Book'?"),
        ("zzz", ""),
        ("", ""),
    ],
)
def test_suggest(word: str, expected: str) -> None:
    assert suggest(word, ["article", "Book", "misc"]) == expected


def test_nothing_is_suggested_out_of_nothing() -> None:
    assert suggest("word", []) == ""
