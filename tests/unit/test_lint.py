"""The rules for entries: each finds its fault at its line, names the key, and nothing else."""

import time

import pytest

from labsite.bib import parse_bib
from labsite.diagnostics import Problem
from labsite.entries import Bibliography
from labsite.lint import (
    bare_percents,
    bare_signs,
    check_entry,
    check_keys,
    check_related,
    check_required,
    divided,
    is_safe_key,
    month_number,
)


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
    "end of a range that is none": ("year = {2025}", "date = {2022-01/2022-99}", 6, "bib_value"),
    "day of a reading that is none": ("pages = {1--2}", "urldate = {2022-77}", 8, "bib_value"),
    "day that no month has": ("pages = {1--2}", "day = {99}", 8, "bib_value"),
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
    "year that cannot be": ("{2025}", "{2205}", 6, "bib_value"),
    "arXiv number that is none": ("pages = {1--2}", "eprint = {2513.1}", 8, "bib_link"),
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
        ("@online{k, organization={ACME}, title={T}, year=2025}", []),
        ("@standard{k, institution={ISO}, title={T}, year=2025}", []),
        ("@misc{k, howpublished={A website}, title={T}, year=2025}", []),
        ("@article{k, organization={ACME}, title={T}, journal={J}, year=2025}", ["author"]),
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


@pytest.mark.parametrize(
    "field",
    [
        "date = {2022-01/2022-03}", "date = {2022/}", "date = {2022/..}", "date = {2022-01/2023}",
        "urldate = {2022-07-01}", "urldate = {1 July 2022}", "urldate = {2022-07-01T10:00:00}",
        "day = {12--14}", "day = 7",
    ],
)  # fmt: skip
def test_dates_that_are_right_are_no_fault(field: str) -> None:
    assert check(f"@misc{{k, author={{A}}, title={{T}}, year=2025, {field}}}") == []


def test_what_well_known_exporters_write_is_no_fault() -> None:
    names = (
        "collaboration adsurl adsnote mrnumber zblnumber reportnumber acmid issue_date bdsk-url-7 "
        "bdsk-file-12 biburl"
    ).split()
    fields = ", ".join(f"{name} = {{https://a.org/b%20c}}" for name in names)
    assert check(f"@misc{{k, author={{A}}, title={{T}}, year=2025, {fields}}}") == []


def test_a_year_to_come_has_a_field() -> None:
    (problem,) = check("@misc{k, author={A}, title={T}, year={in press}}")
    assert "pubstate = {inpress}" in problem.remedy


def test_a_slip_in_ten_thousand_entries_takes_no_time() -> None:
    text = "\n".join(f"@misc{{k{i}, author={{A}}, title={{T}}, yaer=2025}}" for i in range(5000))
    bib = parse_bib(text, "x.bib")
    before = time.process_time()
    found = [item for entry in bib.entries for item in check_entry(entry)]
    assert time.process_time() - before < 1
    assert {item.remedy for item in found} == {"Did you mean 'year'?"}


def test_a_per_cent_is_no_fault_in_an_address_in_a_text() -> None:
    for note in (r"\url{https://a.org/b%20c}", r"See \href{https://a.org/b%20c}{this}, 5\%."):
        assert check(f"@misc{{k, author={{A}}, title={{T}}, year=2025, note={{{note}}}}}") == []
    note = r"\url{https://a.org/b%20c} is 5% of it, \url{b%c}"
    (problem,) = check(f"@misc{{k, author={{A}}, title={{T}}, year=2025, note={{{note}}}}}")
    assert "a bare %" in problem.what


@pytest.mark.parametrize("command", ["url", "nolinkurl", "path", "href"])
def test_a_sign_is_no_fault_in_an_address_in_a_text(command: str) -> None:
    address = rf"\{command} {{https://a.org/b_c%20d?e&f#g}}"
    assert (bare_percents(address), bare_signs(address)) == ([], [])
    assert bare_percents(f"{address}%") == bare_signs(f"{address}&") == [len(address)]


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


def related(text: str) -> list[Problem]:
    return list(check_related(parse_bib(text, "x.bib").entries))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@misc{a}",
        "@misc{a, related={}}",
        "@misc{a, related={b}} @misc{b}",
        "@misc{a, related={b}} @misc{b, related={a}}",
        "@misc{a, related={ c,b , c,}} @misc{b} @misc{c}",
        "@misc{a, related={old}} @misc{b, ids={older, old}}",
        "@misc{a, related={b}} @xdata{b}",
    ],
)
def test_related_entries_that_exist_are_no_fault(text: str) -> None:
    assert related(text) == []


@pytest.mark.parametrize(
    ("target", "remedy"),
    [
        ("sun2024", "Did you mean 'Sun2025'?"),
        ("SUN2025", "Did you mean 'Sun2025'?"),  # keys that differ in case are two to biber
        ("former", "Did you mean 'former2'?"),
        ("zzzzzzz", "Correct the key, or add that entry."),
        ("koch2025", "Correct the key, or add that entry."),  # itself
        ("koch202", "Correct the key, or add that entry."),  # which would be no help
    ],
)
def test_a_related_entry_that_does_not_exist_is_one_problem(target: str, remedy: str) -> None:
    text = "@misc{Sun2025}\n@misc{koch2025,\n  note={N},\n  related={Sun2025, ?},\n}\n"
    (problem,) = related(text.replace("?", target) + "@misc{b, ids={former2}}")
    assert (problem.path, problem.line, problem.subtype) == ("x.bib", 4, "bib_crossref")
    assert "'koch2025'" in problem.what
    assert repr(target) in problem.what
    assert problem.remedy == remedy


def test_each_related_entry_that_does_not_exist_is_told_once() -> None:
    found = related("@misc{a, related={p, q, p}}\n@misc{b, related={p}}")
    assert [(problem.line, problem.what.split("'")[3]) for problem in found] == [
        (1, "p"), (1, "q"), (2, "p"),
    ]  # fmt: skip


def taken(text: str) -> list[tuple[int, str]]:
    """Line of each problem among the keys, and whose key it is."""
    found = list(check_keys(parse_bib(text, "x.bib").entries))
    assert all(problem.subtype == "bib_duplicate_key" and problem.remedy for problem in found)
    return [(problem.line, problem.what.rpartition(" ")[2]) for problem in found]


@pytest.mark.parametrize(
    "text",
    [
        "@misc{a, ids={old, older}}\n@misc{b, ids={oldest}}",
        "@misc{a, ids={old, old,old}}",
        "@misc{a, ids={}}\n@misc{b, ids={ , }}",
        "@misc{a, ids={A}}",
    ],
)
def test_earlier_keys_that_are_free_are_no_fault(text: str) -> None:
    assert taken(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@misc{a,\n  ids={b}}\n@misc{b}", [(2, "x.bib:3.")]),
        ("@misc{b}\n@misc{a,\n  ids={b}}", [(3, "x.bib:1.")]),
        ("@misc{a,\n  ids={B}}\n@misc{b}", [(2, "x.bib:3.")]),
        ("@misc{a, ids={old}}\n@misc{b,\n  ids={new, old}}", [(3, "x.bib:1.")]),
        ("@misc{a, ids={old}}\n@misc{b, ids={OLD}}", [(2, "x.bib:1.")]),
        ("@misc{a,\n  ids={a}}", [(2, "x.bib:1.")]),
        (
            "@misc{a, ids={x, y}}\n@misc{x, ids={y}}\n@misc{y}",
            [(1, "x.bib:2."), (1, "x.bib:3."), (2, "x.bib:3.")],
        ),
    ],
)
def test_an_earlier_key_that_is_taken_is_a_problem_of_who_claims_it(
    text: str, expected: list[tuple[int, str]]
) -> None:
    assert taken(text) == expected


def test_a_problem_of_an_earlier_key_names_both() -> None:
    text = "@misc{a, ids={b}}\n@misc{b}"
    (problem,) = check_keys(parse_bib(text, "x.bib").entries)
    assert "'a'" in problem.what
    assert "'b'" in problem.what
    assert problem.remedy == "Delete it from 'ids'."


@pytest.mark.parametrize(
    ("value", "separator", "expected"),
    [
        ("", ",", ()),
        ("a", ",", ("a",)),
        (" b , a,b,,", ",", ("b", "a")),
        ("a b;c", ",", ("a b;c",)),
        ("a b; c,d", "[,;]", ("a b", "c", "d")),
    ],
)
def test_a_list_in_a_field_is_divided(
    value: str, separator: str, expected: tuple[str, ...]
) -> None:
    assert divided(value, separator) == expected
