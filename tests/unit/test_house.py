"""``format`` and ``check --fix``: what they do not edit stays, byte for byte."""

from __future__ import annotations

import random
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from labsite.bib import parse_bib
from labsite.fixes import FIXED, fixes
from labsite.house import ORDER, HouseError, house_edits
from labsite.keeper_words import protected
from labsite.records import build_publications
from labsite.source import Edit, Source, spans
from labsite.vocabulary import FIELDS, TOOL_FIELDS
from tools.mutate import BIB, make_case

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
TORTURE = ROOT / "tests/torture.bib"

Made = tuple[str, object]


def source(raw: bytes) -> Source:
    return Source.of(raw, Path("some.bib"), "some.bib")


def formatted(raw: bytes) -> bytes:
    read = source(raw)
    return read.edited(house_edits(read))


def fixed(raw: bytes) -> bytes:
    read = source(raw)
    entries = parse_bib(read.text, "some.bib").entries
    return read.edited(edit for fix in fixes(read, entries) for edit in fix.edits)


def styled(text: str) -> str:
    return formatted(text.encode()).decode()


STYLED = """\
@article{key,
  title        = {A title on two lines},
  author       = {Doe, Joan},
  journal      = jot,
  pages        = {12--19},
  year         = {2020},
  month        = "10~" # sep,
  doi          = {10.1000/x},
  x-mine       = {A field that is nobody's},
  y-mine       = {Another},
  added        = {2020-01-01},
}
"""
ODD = """\
@Article (key , ADDED={2020-01-01},
   Year = 2020 ,, title = "A title
       on two\tlines", Author={Doe, Joan},
 Journal = jot, doi="10.1000/x", x-mine = {A field that is nobody's},
 y-mine = {Another}
 , month = "10~"#sep, pages = { 12--19 })"""
STRING = '@STRING( jot="Journal of Things")\n% jot\n\n\n'


def test_house_style() -> None:
    assert styled(STRING + ODD) == STRING + STYLED


def test_house_style_is_left_as_it_is() -> None:
    assert house_edits(source((STRING + STYLED).encode())) == []


def test_the_real_bibliography_is_in_house_style(real_bib_path: Path) -> None:
    raw = real_bib_path.read_bytes()
    assert formatted(raw) == raw


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@misc{a}@misc{b}", "@misc{a,\n}\n\n@misc{b,\n}\n"),
        ("\n\n@misc{a,}\n\n\n\n@misc{b,} \n\n", "\n\n@misc{a,\n}\n\n@misc{b,\n}\n"),
        ("@misc{a,}\nwords\n  @misc{b,}", "@misc{a,\n}\nwords\n  @misc{b,\n}\n"),
        ("@misc{a,}\n@comment{x}\n@misc{b,}\n", "@misc{a,\n}\n@comment{x}\n@misc{b,\n}\n"),
        ("@misc{a,}  % the end", "@misc{a,\n}  % the end"),
        ("@misc{a, title={}}", "@misc{a,\n  title        = {},\n}\n"),
        ('@misc{a, title="{"}x"}', '@misc{a,\n  title        = {{"}x},\n}\n'),
        ("@misc{a, x=1, title={T}, y={2}}",
         "@misc{a,\n  x            = {1},\n  title        = {T},\n  y            = {2},\n}\n"),
        ("@misc{a, title = { a } # {\n b}}", "@misc{a,\n  title        = { a } # { b},\n}\n"),
        ("@misc{a, title={a\u00a0\u2009b\u2028c}}",
         "@misc{a,\n  title        = {a\u00a0\u2009b\u2028c},\n}\n"),
        ("@misc{a, x = {One.\n\n  Two\n lines.}}",
         "@misc{a,\n  x            = {One.\n\n  Two\n lines.},\n}\n"),
        ("@misc{a, averyverylongname = {x}}", "@misc{a,\n  averyverylongname = {x},\n}\n"),
    ],
)  # fmt: skip
def test_what_format_does(before: str, after: str) -> None:
    assert styled(before) == after
    assert styled(after) == after


@pytest.mark.parametrize(
    "value",
    [
        r"{Ends in a space\ }",
        "{Ends in a space\\\n }",
        "{a% not this\n  b}",
        "{a\\\\% not this\n  b}",
        "{One.\n\n    Two.}",
        '"a% not this\n b" # jot',
        "jot # {One.\n \n Two.}",
    ],
)
def test_what_says_something_else_on_one_line_is_left(value: str) -> None:
    text = STRING + "@misc{a, note = NOTE, title = { A \n b }}\n"
    new = styled(text.replace("NOTE", value))
    assert f"  note         = {value},\n" in new
    assert "  title        = {A b},\n" in new
    assert styled(new) == new


def test_a_per_cent_sign_is_no_comment_if_nothing_is_behind_it() -> None:
    text = styled(r"@misc{a, note = {5\%" "\n of them}, url = {\n https://a.org/b%20c}}")
    assert r"= {5\% of them}," in text
    text = styled("@misc{a, url = {\n   https://a.org/b%20c}}")
    assert "= {https://a.org/b%20c}," in text


BROKEN = {
    "comma": "@misc{a, title = {x}\n year={2020}}\n\n\n@misc{b, title={y},}\n",
    "brace": "@misc{a, title = {x, year={2020}\n\n\n@misc{b,title={y},\n}\n",
    "field twice": "@misc{a, title={x}, title={y}}\n",
    "comment inside": "@misc{a,\n% no\n title={x}}\n",
    "no abbreviation": "@misc{a, title=x}\n",
    "no value": "@misc{a, title=, year=2020}\n",
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_not_well_formed_is_left(what: str) -> None:
    broken = BROKEN[what].partition("@misc{b")[0].rstrip()
    assert broken in styled(f"@misc{{z,}}\n\n\n\n{BROKEN[what]}")
    assert styled(f"{broken}\n") == f"{broken}\n"


def test_entries_with_control_characters_are_left() -> None:
    raw = b"@misc{a, title={x\x1by}}\n@misc{b}\x00@misc{c}"
    assert formatted(raw) == b"@misc{a, title={x\x1by}}\n@misc{b,\n}\x00@misc{c,\n}\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_the_byte_order_mark_stay(newline: str, mark: str) -> None:
    raw = (mark + (STRING + ODD).replace("\n", newline)).encode()
    assert formatted(raw) == (mark + (STRING + STYLED).replace("\n", newline)).encode()


def test_every_field_has_its_place() -> None:
    assert len(set(ORDER)) == len(ORDER)
    assert set(ORDER) <= FIELDS - TOOL_FIELDS


def test_what_an_unclosed_abbreviation_takes_in_is_left() -> None:
    with pytest.raises(HouseError, match="First mend what is not well-formed"):
        formatted(b'@string{v = "no {end"}\n@misc{a, title=v}\n@misc(b, note="x")\n')


def test_a_mistake_in_the_code_leaves_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labsite.house.in_house_style", lambda entry: "@misc{other,\n}")
    with pytest.raises(HouseError, match=r"some\.bib would not say the same"):
        formatted(b"@misc{a}")


def disturbed(text: str, chance: random.Random) -> bytes:
    """Return a bibliography with other line ends, a mark, and slips here and there."""
    text = text.replace("\r\n", "\n")
    if chance.random() < 0.3:
        lines = text.split("\n")
        text = "".join(line + chance.choice(("\n", "\n", "\r\n", "\r")) for line in lines)
    else:
        text = text.replace("\n", chance.choice(("\n", "\r\n", "\r")))
    for _ in range(chance.choice((0, 0, 0, 1, 3))):
        at = chance.randrange(len(text) + 1)
        slip = chance.choice(("{", "}", ",", '"', "%", "\x00", "@", "=", "\u2028", " "))
        text = text[:at] + slip + text[at + chance.randrange(2) :]
    return (chance.choice(("", "", "\ufeff")) + text).encode()


def cases(random_bib: Callable[[int], Made], number: int) -> list[bytes]:
    """Return generated bibliographies, and damaged ones that are still UTF-8."""
    made = [disturbed(random_bib(seed)[0], random.Random(seed)) for seed in range(number)]
    corpus = TORTURE.read_bytes()
    for case in range(number):
        raw = make_case(BIB, corpus, 7, case)
        try:
            source(raw)
        except Exception:
            continue
        made.append(raw)
    return made


def keys(raw: bytes) -> list[tuple[str, str, set[str]]]:
    entries = parse_bib(source(raw).text, "some.bib").entries
    return [(item.type, item.key, set(item.fields)) for item in entries]


def records(raw: bytes) -> object:
    """Return what the site is made of, but lines, BibTeX as written, and digests."""
    bib = parse_bib(source(raw).text, "some.bib")
    publications, _ = build_publications([bib], [])
    return [
        replace(pub, source=None, bibtex=None, digest="", listed="", **dict.fromkeys(  # type: ignore[arg-type]
            ("direction_line", "related_line", "preview_line"), 0))
        for pub in publications
    ]  # fmt: skip


def outside(raw: bytes) -> list[str]:
    """Return what stands between the well-formed entries, with its own line ends."""
    read = source(raw)
    letters = raw.removeprefix(b"\xef\xbb\xbf").decode()
    pairs = [match.start() for match in re.finditer("\r\n", letters)]
    pairs = [start - before for before, start in enumerate(pairs)]
    entries = parse_bib(read.text, "some.bib").entries
    place, found = 0, []
    for span in spans(read.text, entries):
        if span:
            start, end = (offset + sum(pair < offset for pair in pairs) for offset in span)
            found.append(letters[place:start])
            place = end
    return [*found, letters[place:]]


def test_format_loses_and_moves_nothing(random_bib: Callable[[int], Made]) -> None:
    changed = 0
    for raw in cases(random_bib, 1500):
        try:
            new = formatted(raw)
        except HouseError as error:
            assert "First mend" in str(error)
            continue
        changed += new != raw
        assert formatted(new) == new, raw
        for before, after in zip(outside(raw), outside(new), strict=True):
            assert before == after or not (before + after).strip(" \t\r\n"), raw
        assert keys(new) == keys(raw), raw
        assert source(new).raw.startswith(b"\xef\xbb\xbf") == raw.startswith(b"\xef\xbb\xbf")
    assert changed > 500


def test_format_and_fix_leave_the_records(random_bib: Callable[[int], Made]) -> None:
    for raw in [TORTURE.read_bytes(), *cases(random_bib, 500)]:
        with suppress(HouseError):
            assert records(formatted(raw)) == records(raw), raw
        assert records(fixed(raw)) == records(raw), raw


def test_fixes_change_only_what_they_name(random_bib: Callable[[int], Made]) -> None:
    """Every letter of the old file is in the new one, in its order, but what a mend replaces."""
    changed = 0
    for raw in [TORTURE.read_bytes(), *cases(random_bib, 1000)]:
        read = source(raw)
        entries = parse_bib(read.text, "some.bib").entries
        found = fixes(read, entries)
        new = read.edited(edit for fix in found for edit in fix.edits)
        changed += new != raw
        assert fixed(new) == new, raw
        assert outside(new) == outside(raw)
        if not any(fix.what in {FIXED["pages"], FIXED["identifier"]} for fix in found):
            kept = iter(new.decode())
            assert all(letter in kept for letter in raw.decode()), raw
    assert changed > 40


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title = {MRI of 5% and PHiSeg}", r"title = {{MRI} of 5\% and {PHiSeg}}"),
        ('title = "MRI\n   and CT"', 'title = "{MRI}\n   and {CT}"'),
        ("title={100%MRI}", r"title={{100\%MRI}}"),
        ("doi = {https://doi.org/10.1000/x}", "doi = {10.1000/x}"),
        ("eprint = {arXiv:2501.01234}", "eprint = {2501.01234}"),
        ("pages = {pp. 12-19}", "pages = {12--19}"),
        ("direction = {a%b}", "direction = {a%b}"),
        (r"note = {\url{https://a.org/b%20c} 5%}", r"note = {\url{https://a.org/b%20c} 5\%}"),
        (r"note = {\href{https://a.org/b%20c}{5%}}", r"note = {\href{https://a.org/b%20c}{5\%}}"),
        ("url = {https://example.org/a%20b}", "url = {https://example.org/a%20b}"),
        ("title = {MRI} # { and CT}", "title = {MRI} # { and CT}"),
        ("title = {MRI}, keeper = {capitals}", "title = {MRI}, keeper = {capitals}"),
        ("pages = {12-19}, keeper = {pages}", "pages = {12-19}, keeper = {pages}"),
        ("title = {MRI WITH A CT}", "title = {MRI WITH A CT}"),
        ("title = {MRI\x00}", "title = {MRI\x00}"),
        ("title = {MRI}\n year = 2020", "title = {MRI}\n year = 2020"),
    ],
)
def test_what_fix_does(before: str, after: str) -> None:
    text = "words % MRI\r\n@misc{{a,\r\n {}}}\r\n"
    assert fixed(text.format(before).encode()).decode() == text.format(after)


def test_pages_are_all_that_fix_changes_on_the_site() -> None:
    """The pages get their dash; see :mod:`labsite.fixes`."""
    raw = (
        rb"@article{a, title = {MRI of 5%}, author = {Doe, Joan}, pages = {pp. 12-19}, year = 2020,"
        rb" doi = {https://doi.org/10.1000/x}, note = {\url{https://a.org/b%20c}}}"
    )
    old, new = (
        build_publications([parse_bib(text.decode(), "a.bib")], [])[0][0]
        for text in (raw, fixed(raw))
    )
    assert (old.pages, new.pages) == ("pp. 12-19", "12–19")
    assert records(fixed(raw).replace(b"12--19", b"pp. 12-19")) == records(raw)


def test_books_keep_their_titles() -> None:
    assert fixed(b"@book{a, title = {MRI}}") == b"@book{a, title = {MRI}}"


def test_fixes_say_where_they_are() -> None:
    read = source(b"@misc{a,\n  year = 2020,\n  title = {MRI and CT},\n}")
    (found,) = fixes(read, parse_bib(read.text, "some.bib").entries)
    assert (found.key, found.line, found.what) == ("a", 3, FIXED["capitals"])
    assert found.edits[:2] == (Edit(35, 35, "{"), Edit(38, 38, "}"))
    assert protected("MRI and CT") == "{MRI} and {CT}"
