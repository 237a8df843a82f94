"""Exports: what the maintainer wrote, less what only this site knows, readable anywhere."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pybtex.database.input.bibtex import Parser

from labsite.bib import parse_bib
from labsite.entries import Bibliography, Entry
from labsite.exports import NOT_EXPORTED, bibtex
from labsite.vocabulary import SITE_FIELDS

Facts = dict[str, tuple[str, dict[str, str]]]


def read_back(text: str) -> Facts:
    data = Parser(person_fields=()).parse_string(text)
    return {
        key: (
            entry.type,
            {name.lower(): " ".join(value.split()) for name, value in entry.fields.items()},
        )
        for key, entry in data.entries.items()
    }


def facts(entry: Entry) -> Facts:
    fields = {name: field.value for name, field in entry.fields.items() if name not in NOT_EXPORTED}
    return {entry.key: (entry.type, fields)}


def exported(text: str, key: str = "k") -> str:
    bib = parse_bib(text, "x.bib")
    entry = next(entry for entry in bib.entries if entry.key == key)
    return str(bibtex(entry))


def test_real_entries_are_the_source_less_the_lines_of_site_fields(
    real_bib: Bibliography, real_bib_path: Path
) -> None:
    lines = real_bib_path.read_text(encoding="utf-8").splitlines()
    for entry in real_bib.entries:
        end = lines.index("}", entry.line - 1)
        kept = [
            line
            for line in lines[entry.line - 1 : end + 1]
            if line.split("=")[0].strip() not in NOT_EXPORTED
        ]
        assert str(bibtex(entry)) == "\n".join(kept)


def test_real_entries_read_back_as_the_same_facts(real_bib: Bibliography) -> None:
    for entry in real_bib.entries:
        assert read_back(str(bibtex(entry))) == facts(entry)


def test_random_entries_read_back_as_the_same_facts(
    random_bib: Callable[[int], tuple[str, object]],
) -> None:
    for seed in range(300):
        bib = parse_bib(random_bib(seed)[0], "x.bib")
        for entry in bib.entries:
            assert read_back(str(bibtex(entry))) == facts(entry), seed


def test_random_entries_leave_no_empty_field_between_two_commas(
    random_bib: Callable[[int], tuple[str, object]],
) -> None:
    """BibTeX itself stops at ``,,``, unlike pybtex."""
    for seed in range(100):
        bib = parse_bib(random_bib(seed)[0], "x.bib")
        for entry in bib.entries:
            assert ",," not in re.sub(r"\s", "", str(bibtex(entry))), seed


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "@misc{k,\n  title = {T},\n  code = {C},\n  year = 1,\n}",
            "@misc{k,\n  title = {T},\n  year = 1,\n}",
        ),
        ("@misc{k,\n  title = {T},\n  code = {C},\n}", "@misc{k,\n  title = {T},\n}"),
        ("@misc{k,\n  code = {C},\n  Selected = {true},\n}", "@misc{k,\n}"),
        (
            "@misc{k,\n  title = {code = {C}},\n  code = {C {D}\n    E},\n}",
            "@misc{k,\n  title = {code = {C}},\n}",
        ),
    ],
    ids=["in the middle", "last", "all", "as text in another field"],
)
def test_site_fields_go_and_leave_no_trace(source: str, expected: str) -> None:
    assert exported(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "@misc{k, title = {T}, code = {C}, year = 1}",
        "@misc{k\n  , title = {T}\n  , code = {C}\n  , year = 1\n}",
        "@misc{k, code = {C}\n, title = {T}, data = {D}\n, year = 1, pdf = {P}}",
        "@misc{k,\n  title = {T},\n  year = 1,\n  code = {C}\n}",
    ],
    ids=["one line", "comma first", "mixed", "no comma at the end"],
)
def test_site_fields_go_from_any_layout(source: str) -> None:
    text = re.sub(r"\s", "", exported(source))
    assert text.replace(",}", "}") == "@misc{k,title={T},year=1}"


@pytest.mark.parametrize("name", sorted(SITE_FIELDS))
def test_every_site_field_is_left_out(name: str) -> None:
    assert name not in exported(f"@misc{{k,\n  title = {{T}},\n  {name} = {{x}},\n}}")


def test_latex_stays_as_it_was_written() -> None:
    source = '@misc{k,\n  title = {H$_2$O \\& {\\"u} 50\\%},\n  doi = {10.1000/foo_bar},\n}'
    assert exported(source) == source


def test_line_ends_are_evened_out() -> None:
    source = '@string{v =\r\n  "V"}\r\n@misc{k,\r\n  code = {C},\r\n  title = v,\r\n}'
    text = exported(source)
    assert "\r" not in text
    assert text.endswith("@misc{k,\n  title = v,\n}")


# Abbreviations ----------------------------------------------------------------------------------


def test_only_the_abbreviations_used_come_along() -> None:
    text = exported('@string{a = "A"}\n@string{b = "B"}\n@misc{k, title = B # b}')
    assert text == '@string{b = "B"}\n@misc{k, title = B # b}'


def test_months_need_no_definition() -> None:
    assert exported("@misc{k, month = sep}") == "@misc{k, month = sep}"


def test_an_abbreviation_in_a_site_field_is_not_needed() -> None:
    assert read_back(exported('@string{a = "A"}\n@misc{k, abbr = a, title = {T}}')) == {
        "k": ("misc", {"title": "T"})
    }


def test_abbreviations_made_of_others_stand_alone() -> None:
    text = '@string{a = "A"}\n@string{b = a # "B"}\n@string{c = b # "C"}\n@misc{k, title = c}'
    assert read_back(exported(text)) == {"k": ("misc", {"title": "ABC"})}


def test_an_abbreviation_defined_again_later_keeps_its_meaning() -> None:
    text = '@string{a = "old"}\n@misc{k, title = a}\n@string{a = "new"}\n@misc{z, title = a}'
    assert read_back(exported(text)) == {"k": ("misc", {"title": "old"})}
    assert read_back(exported(text, "z")) == {"z": ("misc", {"title": "new"})}


# Entries that were not well-formed --------------------------------------------------------------

GOOD = """\
@string{press = "University Press"}

@article{alpha,
  title = {First {T}itle},
  author = "Ada One",
  publisher = press,
  code = {https://example.org},
  year = {2020},
}
"""


@pytest.mark.parametrize(
    "change",
    [
        ("alpha,", "alpha"),
        ("{T}itle},", "{T}itle}"),
        ("  author", "  % note = {x},\n  author"),
        ("  author", "  title = {Again},\n  author"),
        ("press,", "pres,"),
        ("2020},\n}", "2020},\n"),
    ],
    ids=["comma after key", "comma", "per cent", "twice", "undefined", "closing brace"],
)
def test_an_entry_that_was_not_well_formed_comes_out_well_formed(change: tuple[str, str]) -> None:
    bib = parse_bib(GOOD.replace(*change), "x.bib")
    assert bib.problems
    (entry,) = bib.entries
    assert read_back(str(bibtex(entry))) == facts(entry)
    assert len(entry.fields) == 5


@pytest.mark.parametrize(
    "position", [at for at, char in enumerate(GOOD) if char in '{},"=' and at > GOOD.index("@a")]
)
def test_whatever_sign_is_missing_the_export_is_well_formed(position: int) -> None:
    bib = parse_bib(GOOD[:position] + GOOD[position + 1 :], "x.bib")
    (entry,) = bib.entries
    assert read_back(str(bibtex(entry))) == facts(entry)


def test_counted_fields_of_a_reference_manager_are_left_out() -> None:
    text = exported("@misc{k,\n  title = {T},\n  bdsk-url-7 = {https://a.org},\n}")
    assert text == "@misc{k,\n  title = {T},\n}"
