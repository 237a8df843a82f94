"""Entries that are as they were: what reading them came to is what reading them anew comes to."""

import pickle
from pathlib import Path

import pytest

from labsite.bib import parse_bib
from labsite.entries import Bibliography
from labsite.readings import LaterFields

BIB = """\
@string{j = {Journal}} @string{k = j # { of Things}}
@article{one, title = {First {of {all}}}, journal = k, month = sep, year = 2024,
  author = "A {"}B",
}
@misc{two, title={Second}, note={a}, NOTE={b}} @misc(three, title={Third})
text @misc{four,
  title = {Fourth}}
@misc{five, title={Fifth}, journal = j}
@misc{five, title={Fifth again}}
@misc{ six , }
% @misc{seven, title={Seventh}}
"""
TORTURE = Path(__file__).parents[1] / "torture.bib"
EDITS = {
    "nothing": ("", ""),
    "a line": ("@string{j", "\n\n@string{j"),
    "a value": ("{Fourth}", "{Forth}"),
    "an abbreviation": ("{Journal}", "{Other}"),
    "an abbreviation of an abbreviation": ("of Things", "of Others"),
    "no abbreviation": ("@string{j = {Journal}}", ""),
    "a month": ("@string{j", "@string{sep = {Fall}} @string{j"),
    "the same in other words": ("@string{j = {Journal}}", '@string{j = "Journal"}'),
    "a field behind": ("{Fourth}}", "{Fourth}}\n  year = {2020},\n}"),
    "a brace": ("{Fourth}}", "{Fourth}"),
    "a brace too many": ("{Fourth}}", "{Fourth}}}"),
    "a brace before": ("@article{one", "{ @article{one"),
    "a percent sign": ("text @misc", "% @misc"),
    "a value that goes on": ("year = 2024", "year = 2024 # j"),
    "an order": ("@misc{two", "@misc{five, title={Fifth}, journal = j} @misc{two"),
    "a key": ("{four,", "{one,"),
    "all of it": (BIB, ""),
}


def assert_same(one: Bibliography, other: Bibliography) -> None:
    assert one == other
    assert one.readings == other.readings
    for entry, same in zip(one.entries, other.entries, strict=True):
        assert list(entry.fields.items()) == list(same.fields.items())
        assert (entry.get("none", "title"), entry.line_of("year")) == (
            same.get("none", "title"),
            same.line_of("year"),
        )


@pytest.mark.parametrize("old, new", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("ends", ["", "% the end {", "@misc{x, title = {a"])
def test_what_was_read_is_what_would_be_read(old: str, new: str, ends: str) -> None:
    known = pickle.loads(pickle.dumps(parse_bib(BIB, "a.bib").readings))
    assert len(known) == 4
    changed = BIB.replace(old, new) + ends if old else BIB + ends
    assert_same(parse_bib(changed, "a.bib", known=known), parse_bib(changed, "a.bib"))


def test_torture_is_read_as_before() -> None:
    text = TORTURE.read_text(encoding="utf-8")
    known = parse_bib(text, "t.bib").readings
    for start in range(0, len(text), len(text) // 40):
        cut = text[:start] + text[start + 7 :]
        assert_same(parse_bib(cut, "t.bib", known=known), parse_bib(cut, "t.bib"))


def test_fields_are_read_when_somebody_asks_for_them() -> None:
    known = parse_bib(BIB, "a.bib").readings
    entry = parse_bib(f"\n\n{BIB}", "a.bib", known=known).entries[0]
    assert isinstance(entry.fields, LaterFields)
    assert ("title" in entry.fields, "none" in entry.fields, len(entry.fields)) == (True, False, 5)
    with pytest.raises(KeyError):
        entry.fields["none"]
    assert entry.fields["author"].line == 5
    assert entry.get("journal") == "Journal of Things"


def test_what_expands_too_far_is_read_anew() -> None:
    strings = "@string{a = {" + 1000 * "x" + "}}\n"
    entry = "@misc{%s, title = " + " # ".join(600 * ["a"]) + "}\n"
    text = strings + entry % "one"
    known = parse_bib(text, "a.bib").readings
    assert list(known) == ["one"]
    more = "".join(entry % f"k{number}" for number in range(3))
    for bib in (strings + more + entry % "one", text + more):
        assert_same(parse_bib(bib, "a.bib", known=known), parse_bib(bib, "a.bib"))
