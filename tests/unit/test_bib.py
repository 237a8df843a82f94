"""The bib scanner: what pybtex reads it reads too, with lines; and a slip costs nothing else."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from pybtex.database.input.bibtex import Parser

from labsite.bib import parse_bib, read_bib
from labsite.entries import Bibliography, Entry

Facts = dict[str, tuple[str, dict[str, str]]]
"""Key → entry type and field values."""


def by_pybtex(text: str) -> Facts:
    data = Parser(person_fields=()).parse_string(text)
    return {
        key: (
            entry.type,
            {name.lower(): " ".join(value.split()) for name, value in entry.fields.items()},
        )
        for key, entry in data.entries.items()
    }


def facts(bib: Bibliography) -> Facts:
    return {
        entry.key: (entry.type, {name: field.value for name, field in entry.fields.items()})
        for entry in bib.entries
    }


def read(text: str) -> Bibliography:
    return parse_bib(text, "x.bib")


def only_entry(text: str) -> Entry:
    bib = read(text)
    assert not bib.problems
    (entry,) = bib.entries
    return entry


# Well-formed files ------------------------------------------------------------------------------

TORTURE = r"""
This text stands between the entries; it may hold commas, {braces} and (parentheses), and it's fine.
@string{miccai = "Medical Image Computing"}
@STRING ( Springer = {Springer} )
@string{both = miccai # " by " # springer}
@preamble{"\newcommand{\noop}[1]{}" # { more }}
@comment{left out}

@ARTICLE{Upper:Case/2020,
  Title = {The {{T}hree {B}races}: {\"u}, {\'{e}} and {\ss}},
  AUTHOR = "M{\"u}ller, J{\"o}rg and de la Cruz, Ana",
  journal = miccai,
  year = 2020,
  month = sep # "~" # 30,
}

@inproceedings (paren.key_1-x,
  title = {Closes ) inside, and ( too},
  booktitle = MICCAI # " (" # 20 # {24)},
  publisher = Springer
)
@misc{oneline, title={One}, note="two {"} quotes",year="1999"}@misc{next, title = both}
  @book{indented
  ,
    title
    =
    {Comma first}
  , note = "a #b{#}c" # {d#e}
  , edition = {}
  , month = Jan
  }
@misc{nofields,}
@misc{barekey}
@misc{spaced
}
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_torture_file_agrees_with_pybtex(newline: str) -> None:
    text = TORTURE.replace("\n", newline)
    bib = read(text)
    assert bib.problems == ()
    assert facts(bib) == by_pybtex(text)
    assert len(bib.entries) == 8


def test_real_bibliography_agrees_with_pybtex(real_bib: Bibliography, real_bib_path: Path) -> None:
    assert real_bib.problems == ()
    assert facts(real_bib) == by_pybtex(real_bib_path.read_text(encoding="utf-8"))


def test_random_bibliographies_agree_with_pybtex(
    random_bib: Callable[[int], tuple[str, dict[tuple[str, str], int]]],
) -> None:
    for seed in range(400):
        text, lines = random_bib(seed)
        bib = read(text)
        assert bib.problems == (), seed
        assert facts(bib) == by_pybtex(text), seed
        found = {(entry.key, ""): entry.line for entry in bib.entries}
        for entry in bib.entries:
            found |= {(entry.key, name): field.line for name, field in entry.fields.items()}
        assert found == lines, seed


def test_lines_count_blank_and_wrapped_lines() -> None:
    entry = only_entry("\n\n@misc{k,\n\n  title = {a\n  b},\n\n  note = {c}\n}")
    assert (entry.line, entry.fields["title"].line, entry.fields["note"].line) == (3, 5, 8)
    assert entry.line_of("doi", "note") == 8
    assert entry.line_of("doi") == 3


def test_every_line_of_the_real_bibliography_is_right(
    real_bib: Bibliography, real_bib_path: Path
) -> None:
    lines = real_bib_path.read_text(encoding="utf-8").splitlines()
    for entry in real_bib.entries:
        assert lines[entry.line - 1].startswith(f"@{entry.type}{{{entry.key},")
        for name, field in entry.fields.items():
            assert lines[field.line - 1].split("=")[0].strip() == name


def test_raw_is_the_source_of_the_entry_and_its_offsets_frame_the_fields() -> None:
    source = '@misc{k,\n  Title = {A {B}} # "c",\n  year = 2020,\n}'
    entry = only_entry(f"text\n{source}\nmore text")
    assert entry.raw == source
    title, year = entry.fields["title"], entry.fields["year"]
    assert source[title.start : title.end] == 'Title = {A {B}} # "c"'
    assert source[year.start : year.end] == "year = 2020"


def test_fields_keep_the_order_of_the_file() -> None:
    entry = only_entry("@misc{k, year = 1, author = {a}, title = {t}}")
    assert list(entry.fields) == ["year", "author", "title"]


def test_get_returns_the_first_that_is_not_empty() -> None:
    entry = only_entry("@misc{k, journal = {}, booktitle = {B}}")
    assert entry.get("journal", "booktitle") == "B"
    assert entry.get("school") == ""


def test_abbreviations_are_expanded_and_noted() -> None:
    bib = read('@string{abc = "A"}\n@misc{k, title = ABC # { b}, note = abc, month = oct}')
    (entry,) = bib.entries
    assert entry.fields["title"].value == "A b"
    assert entry.fields["month"].value == "October"
    assert entry.strings == ('@string{abc = "A"}',)
    assert bib.strings["abc"] == '@string{abc = "A"}'


def test_a_later_definition_holds_for_what_follows_it() -> None:
    text = '@string{v = "A"}@misc{a, note = v}@string{v = "B"}@misc{b, note = v}'
    assert facts(read(text)) == by_pybtex(text)


def test_an_entry_may_define_nothing_but_its_key() -> None:
    assert only_entry("@misc{k}").key == "k"


def test_entries_inside_a_comment_are_none() -> None:
    bib = read("@comment{ @misc{hidden, title = {x}} }\n@misc{seen, title = {y}}")
    assert list(facts(bib)) == ["seen"]
    assert bib.problems == ()


def test_both_entries_with_one_key_are_kept() -> None:
    bib = read("@misc{k, title = {a}}\n@misc{k, title = {b}}\n@misc{z, title = {c}}")
    assert [entry.get("title") for entry in bib.entries] == ["a", "b", "c"]


def test_an_address_in_a_value_is_no_entry() -> None:
    text = "@misc{k, note = {Write to me@home(at)x.ch or @misc{this}}, year = 2020}"
    assert facts(read(text)) == by_pybtex(text)


@pytest.mark.parametrize("text", ["", "\n", "No entries at all.", "@", "@ {", "%"])
def test_a_file_without_entries_is_empty(text: str) -> None:
    assert read(text) == Bibliography()


def test_byte_order_mark_and_crlf_are_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "x.bib"
    path.write_bytes(b"\xef\xbb\xbf@misc{k,\r\n  title = {Z\xc3\xbcrich\r\n    West},\r\n}\r\n")
    bib = read_bib(path, "x.bib")
    assert bib.problems == ()
    assert bib.entries[0].line == 1
    assert bib.entries[0].get("title") == "Zürich West"


# Slips ------------------------------------------------------------------------------------------

GOOD = """\
@string{press = "University Press"}

@article{alpha,
  title = {First Title},
  author = "Ada One",
  year = {2020},
}

@article{beta,
  title = {Second {T}itle},
  author = {Bob Two and Eve Two},
  journal = "Some Journal",
  doi = {10.1000/b},
  publisher = press,
  year = 2021,
}

@book{gamma,
  title = "Third",
  author = {Cy Three},
  year = {2022},
}
"""
KEYS = ["alpha", "beta", "gamma"]


def test_the_file_that_slips_are_planted_in_has_none() -> None:
    assert read(GOOD).problems == ()
    assert facts(read(GOOD)) == by_pybtex(GOOD)


@dataclass(frozen=True)
class Slip:
    """A slip planted in :data:`GOOD`.

    Attributes:
        line: Where it must be reported.
        changed: The one field whose value may have suffered, if any.
        value: What is still read of that field; ``None``: it does not matter.
    """

    old: str
    new: str
    line: int
    key: str = "beta"
    changed: str = ""
    value: str | None = None
    subtype: str = "bib_syntax"


SLIPS = {
    "comma after a field": Slip("{T}itle},", "{T}itle}", 10),
    "comma after a bare value": Slip("press,", "press", 14),
    "comma after a field, then a blank line": Slip("{T}itle},\n", "{T}itle}\n\n", 10),
    "comma after the key": Slip("beta,", "beta", 9),
    "comma after a field on one line": Slip("{First Title},\n ", "{First Title}", 4, key="alpha"),
    "closing brace of a value": Slip(
        "{T}itle},", "{T}itle,", 10, changed="title", value="Second {T}itle"
    ),
    "closing brace inside a value": Slip("{T}itle}", "{Title}", 10, changed="title"),
    "closing brace of the last value": Slip(
        "{2022},", "{2022,", 21, key="gamma", changed="year", value="2022"
    ),
    "closing brace of the entry": Slip("  year = 2021,\n}", "  year = 2021,", 9),
    "closing brace of the last entry": Slip("{2022},\n}", "{2022},\n", 18, key="gamma"),
    "opening brace of a value": Slip("{Bob Two", "Bob Two", 11, changed="author"),
    "opening brace of an entry": Slip("@article{beta", "@article beta", 9),
    "opening brace of the first entry": Slip("@article{alpha", "@article alpha", 3, key="alpha"),
    "opening brace of an entry, nothing else": Slip("@article{beta", "@articlebeta", 9),
    "brace too many": Slip("{T}itle}", "{T}itle}}", 10, changed="title", value="Second {T}itle"),
    "opening brace too many": Slip("{T}itle", "{{T}itle", 10, changed="title"),
    "closing quote": Slip(
        '"Some Journal"', '"Some Journal', 12, changed="journal", value="Some Journal"
    ),
    "closing quote, none after it": Slip(
        '"Third"', '"Third', 19, key="gamma", changed="title", value="Third"
    ),
    "opening quote": Slip('"Some Journal"', 'Some Journal"', 12, changed="journal"),
    "semicolon for a comma": Slip(
        "{T}itle},", "{T}itle};", 10, changed="title", value="Second {T}itle"
    ),
    "parenthesis for a brace": Slip("{10.1000/b}", "{10.1000/b)", 13, changed="doi"),
    "junk between fields": Slip("  doi", "  what is this\n  doi", 13),
    "name without a value": Slip("  doi", "  note,\n  doi", 13, changed="note"),
    "equals sign without a value": Slip("  doi", "  note = ,\n  doi", 13, changed="note"),
    "white space in a name": Slip("  doi", "  my note = {x},\n  doi", 13, changed="note"),
    "per cent line": Slip("  doi", "  % pages = {1},\n  doi", 13),
    "undefined abbreviation": Slip(
        "= press,", "= pres,", 14, changed="publisher", value="pres", subtype="bib_string"
    ),
    "field twice": Slip("  doi", "  Title = {Another},\n  doi", 13, subtype="bib_field"),
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS.keys())
def test_one_slip_is_one_problem_and_costs_nothing_else(slip: Slip) -> None:
    assert GOOD.count(slip.old) == 1
    bib = read(GOOD.replace(slip.old, slip.new))
    found, expected = facts(bib), facts(read(GOOD))
    assert list(found) == KEYS
    value = found[slip.key][1].pop(slip.changed, None)
    expected[slip.key][1].pop(slip.changed, None)
    assert found == expected
    assert slip.value is None or value == slip.value
    (problem,) = bib.problems
    assert (problem.line, problem.subtype) == (slip.line, slip.subtype)
    assert repr(slip.key) in problem.what
    assert problem.remedy.endswith((".", "?"))


def test_an_entry_that_is_not_well_formed_has_no_raw_source() -> None:
    bib = read(GOOD.replace("{T}itle},", "{T}itle}"))
    assert [bool(entry.raw) for entry in bib.entries] == [True, False, True]


@pytest.mark.parametrize("lines", [1, 8], ids=["first line only", "every line"])
def test_a_commented_out_entry_is_left_out_and_named(lines: int) -> None:
    before, after = GOOD.split("@article{beta", 1)
    beta, gamma = ("@article{beta" + after).split("\n\n@book", 1)
    beta = beta.replace("\n", "\n%") if lines == 8 else beta
    bib = read(f"{before}%{beta}\n\n@book{gamma}")
    expected = facts(read(GOOD))
    del expected["beta"]
    assert facts(bib) == expected
    assert [(problem.line, problem.subtype) for problem in bib.problems] == [(9, "bib_syntax")]
    assert "'beta'" in bib.problems[0].what


def test_a_string_that_is_not_closed_is_one_problem_and_still_defined() -> None:
    bib = read(GOOD.replace('Press"}', 'Press"'))
    assert facts(bib) == facts(read(GOOD))
    assert [problem.line for problem in bib.problems] == [1]
    assert "press" in bib.problems[0].what


@pytest.mark.parametrize("kind", ["comment", "preamble"])
def test_a_comment_that_is_not_closed_hides_no_entry(kind: str) -> None:
    bib = read(f"@{kind}{{never closed\n\n{GOOD}")
    assert facts(bib) == facts(read(GOOD))
    assert [problem.line for problem in bib.problems] == [1]


def test_a_byte_that_is_not_utf8_is_one_problem_at_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.bib"
    path.write_bytes(GOOD.replace("Bob", "Bób").encode("cp1252"))
    bib = read_bib(path, "refs.bib")
    assert facts(bib) == facts(read(GOOD.replace("Bob", "Bób")))
    (problem,) = bib.problems
    assert (problem.path, problem.line, problem.subtype) == ("refs.bib", 11, "bib_encoding")
    assert "Bób" in problem.what


def test_a_byte_that_is_not_utf8_is_reported_with_the_key(tmp_path: Path) -> None:
    path = tmp_path / "x.bib"
    path.write_bytes(GOOD.replace("Bob", "Bób").encode("cp1252"))
    assert "'beta'" in read_bib(path, "x.bib").problems[0].what


def test_a_file_that_is_not_there_is_one_problem(tmp_path: Path) -> None:
    bib = read_bib(tmp_path / "none.bib", "none.bib")
    assert bib.entries == ()
    assert [problem.subtype for problem in bib.problems] == ["file"]


def test_the_nearest_abbreviation_is_suggested() -> None:
    (problem,) = read(GOOD.replace("= press,", "= pres,")).problems
    assert "Did you mean 'press'?" in problem.remedy


def test_problems_come_in_the_order_of_the_lines() -> None:
    text = GOOD.replace("{T}itle},", "{T}itle}").replace("= press,", "= pres,")
    lines = [problem.line for problem in read(f"@misc{{q, a = nothing}}\n{text}").problems]
    assert lines == [1, 11, 15]


def test_slips_in_two_entries_are_two_problems() -> None:
    text = GOOD.replace("{First Title},", "{First Title},\n  x y,").replace("{T}itle},", "{T}itle,")
    bib = read(text)
    assert [entry.key for entry in bib.entries] == KEYS
    assert [problem.line for problem in bib.problems] == [5, 11]


# Every possible slip ----------------------------------------------------------------------------

BODY = GOOD.index("\n") + 1
"""Where the first line, the ``@string``, ends."""


def check_rest(changed: str, position: int) -> Bibliography:
    """All keys are there, and whatever stands in another entry or on another line is untouched."""
    bib = read(changed)
    where = (position, changed[max(position - 10, 0) : position + 10])
    assert [entry.key for entry in bib.entries] == KEYS, where
    line = GOOD.count("\n", 0, position) + 1
    for expected, found in zip(read(GOOD).entries, bib.entries, strict=True):
        assert found.type == expected.type, where
        for name, field in expected.fields.items():
            assert field.line == line or found.get(name) == field.value, (where, name)
        for name in {*found.fields} - {*expected.fields}:
            assert found.fields[name].line == line, (where, name)
    return bib


@pytest.mark.parametrize(
    "position", [at for at, char in enumerate(GOOD) if char in '{},"=' and at >= BODY]
)
def test_deleting_one_sign_costs_one_field_at_most(position: int) -> None:
    bib = check_rest(GOOD[:position] + GOOD[position + 1 :], position)
    assert bib.problems or facts(bib) == facts(read(GOOD))
    assert len(bib.problems) <= 1
    line = GOOD.count("\n", 0, position) + 1
    (hit,) = (
        entry.line
        for entry in read(GOOD).entries
        if entry.line <= line <= entry.line + entry.raw.count("\n")
    )
    assert {problem.line for problem in bib.problems} <= {line, hit}


@pytest.mark.parametrize("position", [at for at, char in enumerate(GOOD[:BODY]) if char in '{}"='])
def test_deleting_a_sign_of_a_string_loses_no_entry(position: int) -> None:
    bib = read(GOOD[:position] + GOOD[position + 1 :])
    assert [entry.key for entry in bib.entries] == KEYS
    assert len(bib.problems) >= 1


def places_in_the_bodies() -> list[int]:
    """Offsets between the lines with the keys and the ends of the entries."""
    starts = [GOOD.index(f"{key},\n") + len(key) + 2 for key in KEYS]
    return [at for start in starts for at in range(start, GOOD.index("\n}", start) + 1)]


@pytest.mark.parametrize("sign", list('{},"'))
def test_adding_one_sign_costs_one_field_at_most(sign: str) -> None:
    for position in places_in_the_bodies():
        check_rest(GOOD[:position] + sign + GOOD[position:], position)


LAYOUTS = {
    "CRLF": GOOD.replace("\n", "\r\n"),
    "brace behind the last value": GOOD.replace(",\n}", "}"),
    "no comma at the end": GOOD.replace(",\n}", "\n}"),
    "no indentation": GOOD.replace("\n  ", "\n"),
    "closing brace indented": GOOD.replace("\n}", "\n  }"),
    "one line each": GOOD.replace(",\n  ", ", ").replace(",\n}", "}"),
    "comma first": GOOD.replace(",\n  ", "\n  , ").replace(",\n}", "\n  }"),
    "title beside the key": GOOD.replace(",\n  title", ", title"),
    "no blank lines": GOOD.replace("\n\n", "\n"),
    "no spaces": GOOD.replace(" = ", "="),
    "parentheses": GOOD.replace("article{", "article(")
    .replace("book{", "book(")
    .replace("\n}", "\n)"),
}


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_in_any_layout_deleting_one_sign_costs_one_line_at_most(text: str) -> None:
    whole = read(text)
    assert whole.problems == ()
    assert facts(whole) == facts(read(GOOD))
    costly = []
    for position in range(text.index("@", 1), len(text)):
        if text[position] not in '{}(),"=':
            continue
        bib = read(text[:position] + text[position + 1 :])
        line = text.count("\n", 0, position) + 1
        same = [entry.key for entry in bib.entries] == KEYS and all(
            found.get(name) == field.value
            for expected, found in zip(whole.entries, bib.entries, strict=True)
            for name, field in expected.fields.items()
            if field.line != line
            or not expected.line <= line <= expected.line + expected.raw.count("\n")
        )
        told = len(bib.problems) == 1 or (not bib.problems and facts(bib) == facts(whole))
        if not same or not told:
            around = (
                f"{text[max(position - 12, 0) : position]}~{text[position + 1 : position + 12]}"
            )
            costly.append((line, around, [problem.what for problem in bib.problems]))
    assert costly == []


@pytest.mark.parametrize("key", KEYS)
def test_a_lost_first_line_of_an_entry_changes_no_other(key: str) -> None:
    line = next(line for line in GOOD.splitlines() if f"{{{key}," in line)
    bib = read(GOOD.replace(f"{line}\n", ""))
    expected = facts(read(GOOD))
    del expected[key]
    assert facts(bib) == expected
    assert len(bib.problems) == 1


def test_marks_of_a_merge_conflict_are_one_problem_and_cost_nothing() -> None:
    ours, theirs = "  doi = {10.1000/b},\n", "  doi = {10.1000/c},\n"
    bib = read(GOOD.replace(ours, f"<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> other\n"))
    assert facts(bib) == facts(read(GOOD))
    assert [problem.line for problem in bib.problems] == [13]


def test_joined_pieces_survive_a_slip_elsewhere() -> None:
    text = GOOD.replace("= press,", '= "The " # press # { of X},').replace("{T}itle},", "{T}itle,")
    entry = read(text).entries[1]
    assert entry.get("publisher") == "The University Press of X"
    assert entry.get("title") == "Second {T}itle"


def test_cutting_the_file_off_keeps_what_stands_before() -> None:
    whole = facts(read(GOOD))
    ends = {entry.key: GOOD.index(entry.raw) + len(entry.raw) for entry in read(GOOD).entries}
    for position in range(len(GOOD)):
        found = facts(read(GOOD[:position]))
        for key, end in ends.items():
            if end <= position:
                assert found[key] == whole[key], position


def test_cutting_an_entry_off_keeps_its_finished_fields() -> None:
    whole = read(GOOD).entries[2]
    start = GOOD.index(whole.raw)
    for position in range(start + len("@book{gamma,"), start + len(whole.raw)):
        found = read(GOOD[:position]).entries[2]
        assert found.key == "gamma"
        for name, field in whole.fields.items():
            if start + field.end <= position:
                assert found.fields[name].value == field.value, (position, GOOD[start:position])


# Anything at all --------------------------------------------------------------------------------

_TOKENS = (
    "@", "article", "{", "}", "(", ")", '"', ",", "=", "#", "%", "\n", "\r\n", " ", "title", "jan",
    "\n@misc{k,", "\\", "é", "\x00", "@string{", "@comment{", "a = {b},", "@book(x, y = ", "12",
)  # fmt: skip


class InMemory:
    """Stands in for the path of a file: writing thousands of files takes long."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def read_bytes(self) -> bytes:
        return self.raw


def test_arbitrary_bytes_never_raise_and_are_read_fast() -> None:
    chance = random.Random(20250930)
    for case in range(2000):
        if case % 2:
            raw = chance.randbytes(chance.randrange(200))
        else:
            raw = "".join(chance.choices(_TOKENS, k=chance.randrange(80))).encode()
        bib = read_bib(cast("Path", InMemory(raw)), "x.bib")
        lines = raw.count(b"\n") + raw.count(b"\r") + 1
        assert all(1 <= problem.line <= lines for problem in bib.problems), raw
        assert all(1 <= entry.line <= lines for entry in bib.entries), raw


@pytest.mark.parametrize(
    "text",
    [
        "@misc{k, note = " + "{" * 20_000 + "}" * 20_000 + "}",
        "@misc{k, note = " + "{" * 20_000,
        "@misc{k, " + "note = {x}, " * 3_000 + "}",
        "@misc{k, note = 1" + " # 1" * 5_000 + "}",
        "@misc{k,\n" + "%\n" * 3_000 + "}",
        "@misc{k" + " " * 50_000 + "}",
        '@misc{k, note = "' * 1_000,
        "@" * 50_000,
    ],
    ids=lambda text: text[:24],
)
def test_no_shape_takes_long(text: str) -> None:
    read(text)


def test_two_thousand_entries_are_read_in_a_moment() -> None:
    text = "".join(GOOD.replace("alpha,", f"alpha{number},") for number in range(700))
    assert len(read(text).entries) == 2100


MERGE = """@article{a, title = {A}, year = 2020}
<<<<<<< HEAD
@article{b, title = {B}, year = 2020}
=======
@article{c, title = {C}, year = 2020}
>>>>>>> a branch {with braces}
@article{d, title = {D}, year = 2020}
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_git_could_not_merge_is_told_and_nothing_is_lost(end: str) -> None:
    bib = parse_bib(MERGE.replace("\n", end), "references.bib")
    assert [entry.key for entry in bib.entries] == list("abcd")
    assert [(problem.line, problem.subtype) for problem in bib.problems] == [
        (2, "bib_syntax"),
        (6, "bib_syntax"),
    ]


@pytest.mark.parametrize(
    "block",
    [
        "@article{e, title = {E}, year = 2020, abstract = {One\n<<<<<<< HEAD\ntwo\n}}",
        '@preamble{"One\n<<<<<<< HEAD\n"}',
        "@string{one = {One\n>>>>>>> HEAD\n}}",
    ],
)
def test_what_git_could_not_merge_in_a_value_is_told(block: str) -> None:
    bib = parse_bib(f"{MERGE.splitlines()[0]}\n{block}\n", "references.bib")
    assert [problem.line for problem in bib.problems] == [3]
    assert "Git could not merge" in bib.problems[0].what


def test_lines_of_signs_in_a_comment_are_no_merge() -> None:
    text = f"{'=' * 40}\n<<<<<<<<<< not one\n{MERGE.splitlines()[0]}\n"
    assert parse_bib(text, "references.bib").problems == ()
