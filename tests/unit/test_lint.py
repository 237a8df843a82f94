"""The rules for entries: each finds its fault at its line, names the key, and nothing else."""

import pytest

from labsite.bib import parse_bib
from labsite.diagnostics import Problem
from labsite.entries import Bibliography
from labsite.lint import check_entry, check_keys, check_required, is_safe_key, month_number


def check(text: str) -> list[Problem]:
    bib = parse_bib(text, "x.bib")
    assert bib.problems == ()
    return [
        *check_keys(bib.entries),
        *(
            problem
            for entry in bib.entries
            for problem in (*check_entry(entry), *check_required(entry))
        ),
    ]


GOOD = """\

@article{sun2025,
  title = {A Title with 50\\%},
  author = {Sun, Susu and {The Group} and others},
  journal = {A Journal},
  year = {2025},
  month = sep,
  pages = {1--2},
  doi = {10.1000/a%20b},
  url = {https://example.org/a%20b mailto:a@example.org},
  pdf = {files/sun2025.pdf},
  code = {https://example.org/code},
  selected = {true},
  added = {2025-09-30},
}
"""


def test_an_entry_without_a_fault_has_no_problem() -> None:
    assert check(GOOD) == []


def test_the_real_bibliography_has_none(real_bib: Bibliography) -> None:
    assert list(check_keys(real_bib.entries)) == []
    for entry in real_bib.entries:
        assert [*check_entry(entry), *check_required(entry)] == []


FAULTS = {
    "key outside the site": ("{sun2025,", "{../x,", 2, "bib_key"),
    "key with a sign": ("{sun2025,", "{sun:2025,", 2, "bib_key"),
    "key that begins with a digit": ("{sun2025,", "{2025sun,", 2, "bib_key"),
    "key with a letter that is not ASCII": ("{sun2025,", "{müller2025,", 2, "bib_key"),
    "key that ends in a dot": ("{sun2025,", "{sun.,", 2, "bib_key"),
    "reserved key": ("{sun2025,", "{Index,", 2, "bib_key"),
    "empty key": ("{sun2025,", "{,", 2, "bib_key"),
    "unknown type": ("@article", "@artcle", 2, "bib_type"),
    "unknown field": ("  pages", "  pagess", 8, "bib_field"),
    "no author": ("  author = {Sun, Susu and {The Group} and others},\n", "", 2, "bib_required"),
    "no title": ("  title = {A Title with 50\\%},\n", "", 2, "bib_required"),
    "empty title": ("{A Title with 50\\%}", "{}", 2, "bib_required"),
    "no journal": ("  journal = {A Journal},\n", "", 2, "bib_required"),
    "no year": ("  year = {2025},\n", "", 2, "bib_required"),
    "year in words": ("{2025}", "{in press}", 6, "bib_value"),
    "year with a letter": ("{2025}", "{2025a}", 6, "bib_value"),
    "unknown month": ("month = sep", "month = {Herbst}", 7, "bib_value"),
    "month 13": ("month = sep", "month = 13", 7, "bib_value"),
    "day that does not exist": ("{2025-09-30}", "{2025-09-31}", 14, "bib_value"),
    "day in another form": ("{2025-09-30}", "{30.9.2025}", 14, "bib_value"),
    "date that is none": ("year = {2025}", "date = {2025-13}", 6, "bib_value"),
    "too many commas in a name": ("{Sun, Susu and", "{Sun, Su, su, x and", 4, "bib_value"),
    "bare per cent": ("50\\%", "50%", 3, "bib_latex"),
    "script for an address": (
        "{https://example.org/code}",
        "{javascript:alert(1)}",
        12,
        "bib_link",
    ),
    "address without https": ("{https://example.org/code}", "{example.org/code}", 12, "bib_link"),
    "one bad address of two": ("mailto:a@example.org", "example.org", 10, "bib_link"),
    "file outside the site": ("files/sun2025.pdf", "../sun2025.pdf", 11, "bib_link"),
    "file from the root": ("files/sun2025.pdf", "/sun2025.pdf", 11, "bib_link"),
    "DOI that is none": ("10.1000/a%20b", "abc", 9, "bib_link"),
}


@pytest.mark.parametrize(("old", "new", "line", "subtype"), FAULTS.values(), ids=FAULTS.keys())
def test_each_fault_is_one_problem_at_its_line(old: str, new: str, line: int, subtype: str) -> None:
    assert GOOD.count(old) == 1
    text = GOOD.replace(old, new)
    (problem,) = check(text)
    assert (problem.path, problem.line, problem.subtype) == ("x.bib", line, subtype)
    assert repr(text.split("{")[1].split(",")[0]) in problem.what
    assert problem.remedy


@pytest.mark.parametrize(
    ("old", "new", "nearest"),
    [("@article", "@artcle", "'article'"), ("  pages", "  pagess", "'pages'")],
)
def test_the_nearest_word_is_suggested(old: str, new: str, nearest: str) -> None:
    (problem,) = check(GOOD.replace(old, new))
    assert problem.remedy == f"Did you mean {nearest}?"


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("@inproceedings{k, author={A}, title={T}, year=2025}", ["booktitle"]),
        ("@incollection{k, author={A}, title={T}, year=2025}", ["booktitle"]),
        ("@phdthesis{k, author={A}, title={T}, year=2025}", ["school"]),
        ("@techreport{k, author={A}, title={T}, year=2025}", ["institution"]),
        ("@book{k, title={T}, year=2025}", ["author"]),
        ("@book{k, editor={E}, title={T}, year=2025}", []),
        ("@misc{k}", ["author", "title", "year"]),
        ("@proceedings{k, title={T}, year=2025}", []),
        ("@misc{k, author={A}, title={T}, date={2025-09}}", []),
        ("@article{k, author={A}, title={T}, journaltitle={J}, date=2025}", []),
        ("@xdata{k, journal={J}}", []),
        ("@set{k, entryset={a,b}}", []),
    ],
)
def test_what_each_type_needs(source: str, missing: list[str]) -> None:
    found = check(source)
    assert all(problem.subtype == "bib_required" for problem in found)
    assert [problem.remedy.split()[1] for problem in found] == missing


def test_a_per_cent_is_no_fault_in_an_address() -> None:
    for name in ("url", "code", "data", "video", "pdf", "slides", "poster", "doi"):
        value = "10.1000/a%20b" if name == "doi" else "https://example.org/a%20b"
        assert check(f"@misc{{k, author={{A}}, title={{T}}, year=2025, {name}={{{value}}}}}") == []


@pytest.mark.parametrize(
    ("second", "subtype"), [("Sun2025", "bib_duplicate_key"), ("sun2025", "bib_duplicate_key")]
)
def test_a_key_taken_twice_is_reported_at_the_second(second: str, subtype: str) -> None:
    text = GOOD + GOOD.replace("sun2025,", f"{second},") + GOOD.replace("sun2025,", "other,")
    (problem,) = check(text)
    assert (problem.line, problem.subtype) == (17, subtype)
    assert repr(second) in problem.what
    assert "x.bib:2" in problem.what


def test_a_key_in_another_case_shows_the_other_spelling() -> None:
    (problem,) = check(GOOD + GOOD.replace("sun2025,", "SUN2025,"))
    assert "(written 'sun2025')" in problem.what


@pytest.mark.parametrize("key", ["a", "Sun2025", "sun-2025_a.b", "x--y"])
def test_safe_keys(key: str) -> None:
    assert is_safe_key(key)


@pytest.mark.parametrize(
    "key",
    [
        "", "1a", "-a", ".a", "a.", "a b", "a/b", "../a", "a:b", "ü", "a\n", "a%", "all", "Atom",
        "index", "SEARCH", "genindex", "con", "NUL", "aux", "prn", "com1", "LPT9", "con.x",
        "aux.2020",
    ],
)  # fmt: skip
def test_keys_that_are_no_file_name_everywhere_or_taken(key: str) -> None:
    assert not is_safe_key(key)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("September", 9),
        ("sep", 9),
        ("Sept.", 9),
        ("DEC", 12),
        (" 1 ", 1),
        ("01", 1),
        ("12", 12),
        ("0", None),
        ("13", None),
        ("", None),
        ("s", None),
        ("autumn", None),
        ("²", None),
    ],
)
def test_month_number(value: str, number: int | None) -> None:
    assert month_number(value) == number
