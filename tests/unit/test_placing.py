"""Where entries go, and that nothing else moves: also in files that nobody would write."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from labsite.bib import parse_bib
from labsite.entries import Bibliography, Entry
from labsite.placing import CannotPlace, place
from labsite.source import Edit, Source
from labsite.textfile import decode_text
from tools.mutate import BIB, make_case

ROOT = Path(__file__).parents[2]
MARK = b"\xef\xbb\xbf"


def entry(key: str, year: int | str) -> str:
    return f"@misc{{{key},\n  title        = {{On {key}}},\n  year         = {{{year}}},\n}}"


def put(text: str, written: str) -> str:
    (new,) = parse_bib(written, "x.bib").entries
    found = place(text, new, written, "x.bib")
    whole = text[: found.offset] + found.text + text[found.offset :]
    assert whole.split("\n")[found.line - 1].startswith(written.split("\n", maxsplit=1)[0])
    return whole


def keys(text: str) -> list[str]:
    return [item.key for item in parse_bib(text, "x.bib").entries]


THREE = "\n\n".join(["Words above.", entry("b", 2025), entry("d", 2025), entry("c", 2020)]) + "\n"


@pytest.mark.parametrize(
    ("key", "year", "order"),
    [
        ("a", 2025, "abdc"),
        ("c2", 2025, "b c2 d c"),
        ("e", 2025, "bdec"),
        ("a", 2026, "abdc"),
        ("a", 2022, "bdac"),
        ("a", 2020, "bdac"),
        ("e", 2020, "bdce"),
        ("a", 1999, "bdca"),
        ("a", "", "bdca"),
    ],
)
def test_year_down_then_key(key: str, year: int | str, order: str) -> None:
    text = put(THREE, entry(key, year))
    assert keys(text) == (order.split() if " " in order else list(order))
    assert text.count("\n\n\n") == 0
    assert text.endswith("}\n")


def test_empty_file() -> None:
    assert put("", entry("a", 2025)) == entry("a", 2025) + "\n"


def test_file_of_words_only() -> None:
    assert put("Words.", entry("a", 2025)) == "Words.\n\n" + entry("a", 2025) + "\n"


def test_file_without_a_line_end_at_its_end() -> None:
    text = put(entry("b", 2025), entry("a", 2024))
    assert text == entry("b", 2025) + "\n\n" + entry("a", 2024)


def test_what_is_said_right_above_an_entry_stays_with_it() -> None:
    text = f"Words.\n\n% check the pages\n{entry('b', 2024)}\n"
    assert put(text, entry("a", 2024)) == (
        f"Words.\n\n{entry('a', 2024)}\n\n% check the pages\n{entry('b', 2024)}\n"
    )


def test_entries_without_blank_lines() -> None:
    head, new, old = "% head\n", entry("b", 2026), entry("d", 2025)
    assert put(f"{head}{new}\n{old}\n", entry("a", 2025)) == (
        f"{head}{new}\n\n{entry('a', 2025)}\n\n{old}\n"
    )
    assert keys(put(f"{head}{new}\n{old}\n", entry("e", 2025))) == ["b", "d", "e"]
    assert put(f"{head}{new}\n{old}\n", entry("a", 2026)).startswith(f"{head}{entry('a', 2026)}")


def test_comment_right_above_an_entry_belongs_to_it() -> None:
    new, old = entry("b", 2026), entry("d", 2025)
    text = f"{new}\n% of d\n{old}\n"
    for key, year in (("a", 2025), ("c", 2026)):
        assert put(text, entry(key, year)) in {
            f"{new}\n\n{entry(key, year)}\n{gap}% of d\n{old}\n" for gap in ("", "\n")
        }


@pytest.mark.parametrize("behind", ["% me@x.org", "% @", "% @misc", "me@x.org {a}"])
def test_comment_behind_an_entry_stays_there(behind: str) -> None:
    text = f"{entry('b', 2025)} {behind}\n{entry('d', 2025)}\n"
    assert f"}} {behind}\n\n{entry('c', 2025)}\n" in put(text, entry("c", 2025))


def test_heading_of_a_year_stays_above_it() -> None:
    text = f"{entry('b', 2025)}\n\n% --- 2024 ---\n{entry('d', 2024)}\n"
    assert put(text, entry("a", 2024)).startswith(f"{entry('b', 2025)}\n\n% --- 2024 ---\n@misc{{a")
    assert put(text, entry("c", 2025)).startswith(f"{entry('b', 2025)}\n\n{entry('c', 2025)}\n\n%")


def test_words_behind_an_entry_stay_there() -> None:
    text = f"{entry('b', 2025)} % done\n{entry('d', 2025)}\n"
    assert f"}} % done\n\n{entry('c', 2025)}" in put(text, entry("c", 2025))


def test_entries_on_one_line() -> None:
    text = "@misc{b, year=2025}@misc{d, year = 2025} @misc{c, year = 2020}"
    for key, year, order in (
        ("c2", 2025, "b c2 d c"),
        ("e", 2025, "b d e c"),
        ("a", 2026, "a b d c"),
    ):
        assert keys(put(text, entry(key, year))) == order.split()


def test_inside_of_a_comment_is_no_place() -> None:
    text = f"@comment{{\n\nstill one\n}}\n{entry('b', 2024)}\n"
    assert keys(put(text, entry("a", 2024))) == ["a", "b"]


def test_month_that_the_file_defines_anew() -> None:
    text = f'@string{{oct = "Oktober"}}\n\n{entry("b", 2024)}\n'
    assert keys(put(text, entry("a", 2024).replace("\n}", "\n  month = oct,\n}"))) == ["a", "b"]


def test_entry_behind_a_damaged_one_is_read() -> None:
    text = "@misc{b,\n  title = {Open,\n  year = {2025},\n"
    assert keys(put(text, entry("a", 2024))) == ["b", "a"]


def test_real_file_takes_each_of_its_entries_back_where_it_was() -> None:
    text = (ROOT / "references.bib").read_text(encoding="utf-8")
    for item in parse_bib(text, "x.bib").entries:
        start = text.index(item.raw)
        rest = text[:start] + text[start + len(item.raw) :].removeprefix("\n\n").lstrip("\n")
        assert put(rest.rstrip("\n") + "\n", item.raw) == text


# Any file ---------------------------------------------------------------------------------------


def facts(bib: Bibliography) -> list[tuple[object, ...]]:
    return [described(item) for item in bib.entries]


def described(item: Entry) -> tuple[object, ...]:
    return item.type, item.key, item.raw, item.strings


@pytest.mark.parametrize("seed", range(300))
def test_no_other_byte_changes(
    seed: int, tmp_path: Path, random_bib: Callable[[int], tuple[str, object]]
) -> None:
    chance = random.Random(seed)
    start = chance.choice(("", "@string{oct = {X}}\n", "% words\n\n"))
    text = start + random_bib(seed)[0].replace("\r\n", "\n")
    text += "".join(
        chance.choice(("\n\n", "\n", " ", "\n\n\n% words\n")) + entry(f"k{number}", year)
        for number, year in enumerate(chance.choices(range(2018, 2028), k=chance.randrange(6)))
    )
    raw = text.encode()
    end = chance.choice((b"\n", b"\n", b"\r\n", b"\r"))
    raw = raw.replace(b"\n", end)
    if chance.random() < 0.2:  # several kinds in one file
        raw = raw.replace(end, b"\n", chance.randrange(9))
    raw = chance.choice((b"", MARK)) + chance.choice((raw, raw.rstrip(), raw + b"\n\n"))
    path = tmp_path / "x.bib"
    path.write_bytes(raw)
    source = Source.read(path, "x.bib")
    written = entry("new", chance.randrange(2015, 2030))
    (new,) = parse_bib(written, "x.bib").entries
    found = place(source.text, new, written, "x.bib")
    assert source.save(source.edited([Edit(found.offset, found.offset, found.text)]))

    after = path.read_bytes()
    added = len(after) - len(raw)
    cuts = (cut for cut in range(len(raw) + 1) if after[:cut] + after[cut + added :] == raw)
    inserted = {plain(after[cut : cut + added]).strip() for cut in cuts}
    assert written.encode() in inserted
    before_bib, after_bib = (parse_bib(each, "x.bib") for each in (source.text, reread(path)))
    assert facts(before_bib) == [item for item in facts(after_bib) if item[1] != "new"]
    assert [item.key for item in after_bib.entries].count("new") == 1


def plain(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def reread(path: Path) -> str:
    return Source.read(path, "x.bib").text


@pytest.mark.parametrize("seed", range(3))
def test_damaged_files_take_it_unharmed_or_not_at_all(seed: int) -> None:
    corpus = (ROOT / "references.bib").read_bytes()[:6000]
    written, refused = entry("fresh", 2024), 0
    (new,) = parse_bib(written, "x.bib").entries
    for number in range(300):
        text, _ = decode_text(make_case(BIB, corpus, seed, number), "x.bib")
        before = parse_bib(text, "x.bib")
        try:
            found = place(text, new, written, "x.bib")
        except CannotPlace as error:
            refused += 1
            assert "Mend that first" in str(error)
            continue
        after = parse_bib(text[: found.offset] + found.text + text[found.offset :], "x.bib")
        assert facts(before) == [item for item in facts(after) if item[1] != "fresh"]
        assert len(after.entries) == len(before.entries) + 1
    assert refused < 30
