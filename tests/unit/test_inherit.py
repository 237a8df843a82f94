"""Fields from ``crossref`` and ``xdata``: what comes, what does not, and that it always ends."""

import random
from collections.abc import Sequence
from itertools import permutations
from time import process_time

import pytest

from labsite.bib import parse_bib
from labsite.diagnostics import Problem
from labsite.entries import Entry
from labsite.inherit import Heir, inherit


def parsed(source: str, path: str = "x.bib") -> tuple[Entry, ...]:
    bib = parse_bib(source, path)
    assert bib.problems == ()
    return bib.entries


def written(key: str, kind: str = "misc", /, **fields: str) -> str:
    lines = "".join(f" {name}={{{value}}}," for name, value in fields.items())
    return f"@{kind}{{{key},{lines}}}\n"


def heirs(source: str) -> dict[str, Heir]:
    entries = parsed(source)
    found, problems = inherit(entries)
    assert problems == []
    assert [heir.entry.key for heir in found] == [entry.key for entry in entries]
    return {heir.entry.key: heir for heir in found}


def fields(heir: Heir) -> dict[str, str]:
    return {name: field.value for name, field in heir.entry.fields.items()}


def ancestors(heir: Heir) -> list[str]:
    return [entry.key for entry in heir.ancestors]


def problems_of(source: str) -> list[Problem]:
    return inherit(parsed(source))[1]


# What is inherited ------------------------------------------------------------------------------


def test_who_names_nobody_inherits_nothing() -> None:
    entries = parsed(written("a", title="A") + written("b", title="B", year="2025"))
    found, problems = inherit(entries)
    assert [heir.entry for heir in found] == list(entries)
    assert [heir.ancestors for heir in found] == [(), ()]
    assert problems == []
    assert inherit([]) == ([], [])


@pytest.mark.parametrize("name", ["crossref", "xdata"])
def test_fields_come_from_a_parent_before_or_behind_and_own_ones_win(name: str) -> None:
    child = written("k", publisher="Own", **{name: "P"})
    parent = written("p", publisher="Press", location="Cham", year="2025", abbr="P 25")
    for source in (child + parent, parent + child):
        found = heirs(source)
        inherited = {"location": "Cham", "year": "2025", "abbr": "P 25"}
        assert fields(found["k"]) == {**inherited, "publisher": "Own", name: "P"}
        assert ancestors(found["k"]) == ["p"]
        assert ancestors(found["p"]) == []
        assert "Own" not in fields(found["p"]).values()


def test_a_field_keeps_its_line_and_an_entry_all_else() -> None:
    entries = parsed("@misc{k, xdata={x}}\n\n@xdata{x,\n  year={2025}}\n")
    before, heir = entries[0], inherit(entries)[0][0]
    assert heir.entry.fields["year"].line == 4
    assert (heir.entry.key, heir.entry.raw, heir.entry.line) == ("k", before.raw, 1)
    assert "year" not in before.fields  # the entry as it was written stays as it was


@pytest.mark.parametrize(
    "name",
    "doi url eprint eprinttype eprintclass ids key options abstract related relatedtype addendum "
    "note entrysubtype pages eid crossref added award code data direction model pdf poster "
    "retracted selected slides summary video".split(),
)
@pytest.mark.parametrize("how", ["crossref", "xdata"])
def test_what_describes_the_parent_alone_stays_there(name: str, how: str) -> None:
    parent = {"publisher": "Press", name: "q" if name == "crossref" else "2025"}
    found = heirs(written("k", **{how: "p"}) + written("p", **parent) + written("q"))
    assert fields(found["k"]) == {how: "p", "publisher": "Press"}


@pytest.mark.parametrize(
    ("kind", "whole"),
    [("proceedings", "book"), ("book", "book"), ("collection", "book"), ("periodical", "journal")],
)
def test_the_titles_of_a_crossref_are_those_of_the_whole(kind: str, whole: str) -> None:
    parent = written("p", kind, title="Whole", subtitle="Sub", titleaddon="Addition")
    found = heirs(written("k", "inproceedings", title="Part", crossref="p") + parent)
    assert fields(found["k"]) == {
        "title": "Part",
        "crossref": "p",
        f"{whole}title": "Whole",
        f"{whole}subtitle": "Sub",
        f"{whole}titleaddon": "Addition",
    }


def test_a_crossref_with_a_whole_of_its_own_passes_that_on() -> None:
    parent = written("p", "inbook", title="Part", booktitle="Whole")
    assert fields(heirs(written("k", crossref="p") + parent)["k"])["booktitle"] == "Whole"


def test_the_titles_of_xdata_stay_titles() -> None:
    parent = written("x", "xdata", title="T", subtitle="S", booktitle="B")
    found = fields(heirs(written("k", xdata="x") + parent)["k"])
    assert (found["title"], found["subtitle"], found["booktitle"]) == ("T", "S", "B")


ALIASES = [
    ("date", "year"),
    ("journal", "journaltitle"),
    ("number", "issue"),
    ("school", "institution"),
    ("address", "location"),
    ("language", "langid"),
]


@pytest.mark.parametrize(
    ("own", "inherited"), [pair for both in ALIASES for pair in permutations(both)]
)
def test_an_own_field_wins_over_the_same_under_another_name(own: str, inherited: str) -> None:
    source = written("k", xdata="x", **{own: "2024"})
    source += written("x", "xdata", publisher="P", **{inherited: "2025"})
    assert fields(heirs(source)["k"]) == {"xdata": "x", own: "2024", "publisher": "P"}


@pytest.mark.parametrize(
    ("own", "parent", "expected"),
    [
        ({}, {"year": "2025", "month": "9"}, {"year": "2025", "month": "9"}),
        ({"year": "2025"}, {"year": "2025", "month": "9"}, {"year": "2025", "month": "9"}),
        ({"year": "2024"}, {"year": "2025", "month": "9"}, {"year": "2024"}),
        ({"year": "2025"}, {"date": "2025-09"}, {"year": "2025"}),
        ({"month": "3"}, {"year": "2025", "month": "9"}, {"year": "2025", "month": "3"}),
    ],
)
def test_a_month_of_another_year_is_not_taken(
    own: dict[str, str], parent: dict[str, str], expected: dict[str, str]
) -> None:
    source = written("k", crossref="p", **own) + written("p", "proceedings", **parent)
    assert fields(heirs(source)["k"]) == {"crossref": "p", **expected}


def test_notes_on_names_come_with_the_names_only() -> None:
    parent = written("p", **{"author": "A and B", "author+an": "1=equal", "editor": "E"})
    children = written("own", xdata="p", author="C") + written("heir", xdata="p")
    found = heirs(children + parent)
    assert "author+an" not in fields(found["own"])
    assert fields(found["heir"])["author+an"] == "1=equal"
    assert fields(found["own"])["editor"] == "E"


# From whom --------------------------------------------------------------------------------------


def test_of_several_parents_the_first_wins_and_crossref_goes_before_xdata() -> None:
    names = ["publisher", "series", "volume", "edition"]
    source = written("k", xdata="x, y,z x", crossref="c")
    for position, key in enumerate("cxyz"):  # each has one field that those before it lack
        source += written(key, "book", **dict.fromkeys(names[: position + 1], key))
    found = heirs(source)["k"]
    assert [fields(found)[name] for name in names] == ["c", "x", "y", "z"]
    assert ancestors(found) == ["c", "x", "y", "z"]


def test_each_field_comes_from_the_first_parent_that_has_it() -> None:
    source = written("k", xdata="x y") + written("y", "xdata", series="y", volume="y")
    found = heirs(source + written("x", "xdata", series="x"))["k"]
    assert (fields(found)["series"], fields(found)["volume"]) == ("x", "y")


def test_another_name_of_a_field_from_the_first_parent_wins_too() -> None:
    source = written("k", xdata="x y") + written("y", "xdata", year="2024")
    assert "year" not in fields(heirs(source + written("x", "xdata", date="2025-03-01"))["k"])


def test_nested_data_comes_through_every_layer() -> None:
    layers = [
        written("k", "inproceedings", crossref="p", title="Part"),
        written("p", "proceedings", xdata="x", title="Whole"),
        written("x", "xdata", xdata="y", publisher="X", series="X"),
        written("y", "xdata", publisher="Y", location="Y", title="Not this"),
    ]
    for order in permutations(layers):
        found = heirs("".join(order))["k"]
        assert fields(found) == {
            "crossref": "p",
            "title": "Part",
            "booktitle": "Whole",
            "publisher": "X",
            "series": "X",
            "location": "Y",
        }
        assert ancestors(found) == ["p", "x", "y"]


@pytest.mark.parametrize("order", [*permutations("kpqx")], ids="".join)
def test_ancestors_stand_once_and_before_their_own_parents(order: Sequence[str]) -> None:
    names = {"k": "x q p", "p": "x", "q": "p", "x": ""}
    source = "".join(written(key, xdata=names[key], **{f"user{key}": key}) for key in order)
    assert ancestors(heirs(source.replace("userx", "usera"))["k"]) == ["q", "p", "x"]


def test_of_one_key_the_first_entry_is_the_parent_even_of_the_second() -> None:
    source = written("p", year="2024") + written("P", year="2025") + written("k", crossref="p")
    assert fields(heirs(source)["k"])["year"] == "2024"
    found = inherit(parsed(written("p", year="2024") + written("p", crossref="p")))
    assert fields(found[0][1])["year"] == "2024"
    assert found[1] == []


# Circles and chains -----------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["a", "b"])
@pytest.mark.parametrize("how", ["crossref", "xdata"])
def test_two_that_take_from_each_other_both_have_all(first: str, how: str) -> None:
    entries = {
        "a": written("a", series="A", volume="1", **{how: "b"}),
        "b": written("b", series="B", edition="2", **{how: "a"}),
    }
    second = "b" if first == "a" else "a"
    found = heirs(entries[first] + entries[second])
    for key, other in (("a", "b"), ("b", "a")):
        expected = {how: other, "series": key.upper(), "volume": "1", "edition": "2"}
        assert fields(found[key]) == expected
        assert ancestors(found[key]) == [other]


@pytest.mark.parametrize("order", [*permutations("abcd")], ids="".join)
def test_a_circle_of_three_ends_and_nobody_is_his_own_ancestor(order: Sequence[str]) -> None:
    parents = {"a": "b", "b": "c", "c": "a", "d": "a"}
    source = "".join(written(key, xdata=parents[key], publisher=key) for key in order)
    for key, heir in heirs(source).items():
        assert fields(heir)["publisher"] == key
        assert key not in ancestors(heir)
        assert parents[key] in ancestors(heir)
        assert len({*ancestors(heir)}) == len(ancestors(heir))


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize("downwards", [False, True])
def test_a_chain_of_thousands_passes_everything_on(shuffled: bool, downwards: bool) -> None:
    last = 4999
    entries = [*parsed("".join(written(f"k{n}", xdata=f"k{n + 1}") for n in range(last)))]
    entries += parsed(written(f"k{last}", publisher="Press"))
    if shuffled:
        random.Random(1).shuffle(entries)
    elif downwards:
        entries.reverse()
    started = process_time()
    found, problems = inherit(entries)
    assert process_time() - started < 5
    assert problems == []
    assert {heir.entry.get("publisher") for heir in found} == {"Press"}
    for heir in found:  # each of them is exported with it, so there are not thousands
        number = int(heir.entry.key[1:])
        nearest = range(number + 1, min(number + 20, last) + 1)
        assert ancestors(heir) == [f"k{n}" for n in nearest]


def test_a_circle_of_thousands_ends() -> None:
    count = 3000
    source = "".join(written(f"k{n}", xdata=f"k{(n + 1) % count}", title="T") for n in range(count))
    found, problems = inherit(parsed(source))
    assert (len(found), problems) == (count, [])


def test_thousands_of_children_and_of_parents() -> None:
    children = "".join(written(f"k{n}", "inproceedings", crossref="p") for n in range(3000))
    parents = " ".join(f"k{n}" for n in range(3000))
    source = children + written("p", "proceedings", title="P") + written("all", xdata=parents)
    entries = parsed(source)
    started = process_time()
    found, (problem,) = inherit(entries)
    assert process_time() - started < 5
    assert {heir.entry.get("booktitle") for heir in found[:-2]} == {"P"}
    assert ancestors(found[-1]) == [f"k{n}" for n in range(20)]
    assert "'all' takes fields from more than 20 entries" in problem.what


# Parents that are missing -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "remedy"),
    [
        ("conf2024", "Did you mean 'Conf2025'?"),
        ("zzzzzz", "Correct the key, or add that entry."),
        ("chi1d", "Correct the key, or add that entry."),  # its own key is no help
    ],
)
@pytest.mark.parametrize("how", ["crossref", "xdata"])
def test_a_missing_parent_is_told_once_at_its_line(target: str, remedy: str, how: str) -> None:
    source = f"@misc{{child,\n  year = 2025,\n  {how} = {{{target}}},\n}}\n"
    (problem,) = problems_of(source + written("Conf2025") + written("grandchild", xdata="child"))
    assert (problem.path, problem.line, problem.subtype) == ("x.bib", 3, "bib_crossref")
    assert "'child'" in problem.what
    assert repr(target) in problem.what
    assert problem.remedy == remedy


def test_each_missing_parent_is_told_and_the_others_are_inherited() -> None:
    source = written("k", xdata="nobody, x noone nobody") + written("x", "xdata", year="2025")
    found, problems = inherit(parsed(source))
    assert fields(found[0])["year"] == "2025"
    assert ancestors(found[0]) == ["x"]
    assert [problem.what.split("'")[3] for problem in problems] == ["nobody", "noone"]


def test_nobody_is_his_own_parent() -> None:
    for how in ("crossref", "xdata"):
        found, (problem,) = inherit(parsed(written("k", title="T", **{how: "K"})))
        assert fields(found[0]) == {"title": "T", how: "K"}
        assert found[0].ancestors == ()
        assert "'K'" in problem.what


@pytest.mark.parametrize("value", ["", " ", ",", " , ,"])
def test_an_empty_list_names_nobody(value: str) -> None:
    assert problems_of(written("k", xdata=value, crossref=value)) == []
