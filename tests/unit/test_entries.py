"""Entries as read, and files of BibTeX that stand alone."""

import re
from collections.abc import Iterable, Sequence
from itertools import permutations

import pytest
from pybtex.database.input.bibtex import Parser

from labsite.bib import parse_bib
from labsite.entries import Bibliography, BibTeX, Entry, Field, bibtex_file
from labsite.exports import bibtex
from labsite.model import Publication
from labsite.records import build_publications


def built(*sources: str) -> dict[str, Publication]:
    """Publications of bib files that follow each other, by key."""
    bibs: list[Bibliography] = []
    for number, source in enumerate(sources, 1):
        before = bibs[-1] if bibs else None
        bibs.append(parse_bib(source, f"{number}.bib", before=before))
    return {pub.key: pub for pub in build_publications(bibs, [])[0]}


def file_of(publications: dict[str, Publication], keys: Iterable[str]) -> str:
    return bibtex_file(publications[key].bibtex for key in keys)


def keys_in(text: str) -> list[str]:
    return re.findall(r"^@(?!string)\w+\{(\w+)", text, re.MULTILINE)


def journals(text: str) -> dict[str, str]:
    """What another reader takes for the journal of each entry."""
    data = Parser(person_fields=()).parse_string(text)
    return {key: entry.fields["journal"] for key, entry in data.entries.items()}


# Entries ----------------------------------------------------------------------------------------

ENTRY = Entry(
    "misc",
    "k",
    "x.bib",
    3,
    {"year": Field("year", "", 4), "date": Field("date", "2025", 6)},
    "@misc{k}",
)


def test_the_first_field_that_says_something_is_got() -> None:
    assert ENTRY.get("year", "date") == "2025"
    assert ENTRY.get("date", "year") == "2025"
    assert ENTRY.get("year") == ENTRY.get("month") == ENTRY.get() == ""


def test_the_line_of_the_first_field_that_is_there() -> None:
    assert ENTRY.line_of("year", "date") == 4
    assert ENTRY.line_of("month", "date") == 6
    assert ENTRY.line_of("month") == ENTRY.line_of() == 3


# Files ------------------------------------------------------------------------------------------


def test_a_file_of_nothing_is_empty() -> None:
    assert bibtex_file([]) == ""
    assert str(BibTeX()) == ""


def test_entries_stand_in_their_order_each_ending_its_line() -> None:
    entries = [BibTeX(text=f"@misc{{{key}}}") for key in "cab"]
    assert bibtex_file(iter(entries)) == "@misc{c}\n@misc{a}\n@misc{b}\n"
    assert str(entries[0]) == "@misc{c}"


def test_two_entries_that_read_the_same_are_both_there() -> None:
    assert bibtex_file([BibTeX(text="@misc{a}")] * 2) == "@misc{a}\n@misc{a}\n"


# Abbreviations ----------------------------------------------------------------------------------


def test_an_abbreviation_is_defined_once_before_its_first_use() -> None:
    j, p = '@string{j = "J"}', '@string{p = "P"}'
    entries = [BibTeX(text="@a"), BibTeX((j,), "@b"), BibTeX((j, p), "@c"), BibTeX((p, j), "@d")]
    assert bibtex_file(entries) == "\n".join(["@a", j, "@b", p, "@c", "@d", ""])


def test_an_abbreviation_is_defined_again_where_it_means_something_else() -> None:
    one, two = '@string{j = "One"}', '@string{j = "Two"}'
    entries = [BibTeX((text,), f"@{number}") for number, text in enumerate([one, two, two, one])]
    lines = [one, "@0", two, "@1", "@2", one, "@3", ""]
    assert bibtex_file(entries) == "\n".join(lines)


def test_abbreviations_differ_by_name_without_regard_to_case() -> None:
    lower, upper = '@string{j = "One"}', '@STRING{J = "Two"}'
    entries = [BibTeX((text,), f"@{number}") for number, text in enumerate([lower, upper, lower])]
    assert bibtex_file(entries).count(lower) == 2


@pytest.mark.parametrize("name", ["@string{j", "@string { j ", "@STRING{\n  J\n", "@String {\tj\t"])
def test_abbreviations_differ_by_name_without_regard_to_spaces(name: str) -> None:
    one, two, again = '@string{j = "One"}', f'{name}= "Two"}}', '@string{ j="One" }'
    for first, second in ((one, two), (two, one)):
        entries = [BibTeX((text,), f"@{n}") for n, text in enumerate([first, second, first])]
        assert bibtex_file(entries).count(first) == 2
    entries = [BibTeX((text,), f"@{n}") for n, text in enumerate([one, again, two, again])]
    assert bibtex_file(entries).count(again) == 2


FILES = (
    '@string{j = "One"}\n@article{a, author={A}, title={T}, journal=j, year=2025}\n'
    "@article{b, author={B}, title={T}, journal=j, year=2023}\n",
    "@article{c, author={C}, title={T}, journal=j, year=2024}\n"
    '@string{j = "Two"}\n@article{d, author={D}, title={T}, journal=j # { X}, year=2026}\n',
    "@article{e, author={E}, title={T}, journal=j, year=2022}\n",
)
JOURNALS = {"a": "One", "b": "One", "c": "One", "d": "Two X", "e": "Two"}


@pytest.mark.parametrize("order", [*permutations("abcde")][::7], ids="".join)
def test_each_entry_keeps_the_meaning_it_had_in_its_file(order: Sequence[str]) -> None:
    publications = built(*FILES)
    assert {pub.key: pub.container.plain for pub in publications.values()} == JOURNALS
    text = file_of(publications, order)
    assert journals(text) == JOURNALS
    assert keys_in(text) == list(order)


@pytest.mark.parametrize("key", JOURNALS)
def test_each_entry_alone_keeps_it_too(key: str) -> None:
    assert journals(str(built(*FILES)[key].bibtex)) == {key: JOURNALS[key]}


# Parents ----------------------------------------------------------------------------------------

FAMILY = """\
@inproceedings{one, author={A}, title={One}, crossref={proc}}
@proceedings{proc, title={Proc}, year=2025, xdata={data}}
@inproceedings{two, author={B}, title={Two}, crossref={proc}}
@xdata{data, publisher={Press}}
@misc{three, author={C}, title={Three}, year=2024, xdata={data}}
@misc{four, author={D}, title={Four}, year=2023}
"""


@pytest.mark.parametrize(
    ("listed", "written"),
    [
        ("one", "one proc data"),
        ("one two", "one two proc data"),
        ("proc", "proc data"),
        ("proc one", "one proc data"),
        ("one proc two", "one two proc data"),
        ("proc four one three", "four one three proc data"),
        ("three one", "three one proc data"),
        ("one three two", "one three two proc data"),
        ("three four", "three four data"),
        ("four", "four"),
    ],
)
def test_parents_stand_once_behind_all_that_name_them(listed: str, written: str) -> None:
    text = file_of(built(FAMILY), listed.split())
    assert keys_in(text) == written.split()


@pytest.mark.parametrize("order", [*permutations(["one", "proc", "two", "three"])][::5])
def test_no_parent_stands_before_its_children_in_any_order(order: Sequence[str]) -> None:
    found = keys_in(file_of(built(FAMILY), order))
    assert sorted(found) == ["data", "one", "proc", "three", "two"]
    for child, parent in (("one", "proc"), ("two", "proc"), ("proc", "data"), ("three", "data")):
        assert found.index(child) < found.index(parent)


def test_parents_of_different_children_stand_behind_all_of_them() -> None:
    # the second names a parent of the first's parent only
    low, high = BibTeX(text="@low"), BibTeX(text="@high")
    first, second = BibTeX(text="@1", parents=(low, high)), BibTeX(text="@2", parents=(high,))
    for entries in ([first, second], [second, first], [high, first, low, second]):
        lines = bibtex_file(entries).splitlines()
        assert lines[-2:] == ["@low", "@high"]
        assert sorted(lines[:-2]) == ["@1", "@2"]


def test_who_take_from_each_other_are_both_there_once() -> None:
    source = "@misc{a, author={A}, title={T}, year=2025, crossref={b}}\n"
    source += "@misc{b, author={B}, title={T}, year=2024, crossref={a}}\n"
    assert sorted(keys_in(file_of(built(source), "ab"))) == ["a", "b"]
    assert keys_in(file_of(built(source), "a")) == ["a", "b"]


def test_parents_bring_the_abbreviations_they_use() -> None:
    source = '@string{p = "Press"}\n@misc{k, author={A}, title={T}, crossref={c}}\n'
    source += "@book{c, editor={E}, title={B}, year=2025, publisher=p}\n"
    text = str(built(source)["k"].bibtex)
    assert text.index('@string{p = "Press"}') < text.index("@book{c")
    data = Parser(person_fields=()).parse_string(text)
    assert data.entries["c"].fields["publisher"] == "Press"


def test_a_parent_keeps_its_meaning_of_an_abbreviation() -> None:
    files = (
        '@string{p = "One"}\n@book{c, editor={E}, title={B}, year=2025, publisher=p}\n',
        '@string{p = "Two"}\n@misc{k, author={A}, title=p, crossref={c}}\n',
    )
    data = Parser(person_fields=()).parse_string(file_of(built(*files), "kc"))
    assert data.entries["k"].fields["title"] == "Two"
    assert data.entries["c"].fields["publisher"] == "One"


def test_an_entry_alone_is_its_own_file() -> None:
    bib = parse_bib('@string{j="J"} @misc{k, title=j, code={https://x.org}}', "x.bib")
    made = bibtex(bib.entries[0])
    assert str(made) == bibtex_file([made]).rstrip("\n") == '@string{j="J"}\n@misc{k, title=j}'
