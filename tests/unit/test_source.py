"""A data file that a command changes: nothing outside the edits moves, and it is whole or old."""

from __future__ import annotations

import os
import random
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from labsite.bib import parse_bib
from labsite.source import Edit, Source, SourceError, spans

TEXTS = {
    "plain": b"one\ntwo\nthree\n",
    "no end": b"one\ntwo",
    "empty": b"",
    "windows": b"one\r\ntwo\r\nthree\r\n",
    "old mac": b"one\rtwo\rthree\r",
    "mixed": b"one\r\ntwo\nthree\rfour\r\n\r\r\n\n",
    "mark": b"\xef\xbb\xbfone\r\ntwo\n",
    "two marks": b"\xef\xbb\xbf\xef\xbb\xbfone\n",
    "mixed again": b"a\rb\nc\r\nd\n\re\r\r\nf\n\n\r",
    "control": b"o\x00ne\r\nt\x1bwo\x7f\n",
    "unicode": "Flühmann – \U0001f98a\u2028\x85 深\r\n".encode(),
}


def source(raw: bytes) -> Source:
    return Source.of(raw, Path("some.bib"), "some.bib")


@pytest.mark.parametrize("raw", TEXTS.values(), ids=TEXTS)
def test_without_edits_every_byte_stays(raw: bytes) -> None:
    assert source(raw).edited([]) == raw


@pytest.mark.parametrize("raw", TEXTS.values(), ids=TEXTS)
def test_an_edit_anywhere_changes_what_it_names_only(raw: bytes) -> None:
    """Reading the result gives the text with the same edits, whichever they are."""
    for seed in range(300):
        chance = random.Random(seed)
        read = source(raw)
        places = sorted(chance.choices(range(len(read.text) + 1), k=2 * chance.randrange(1, 4)))
        pairs = list(zip(places[::2], places[1::2], strict=True))
        new = [chance.choice(("", "\n", "\n\n", f"<{place}\n>", "x", "\ny")) for place in pairs]
        edits = [Edit(*pair, text) for pair, text in zip(pairs, new, strict=True)]
        text = read.text
        for edit in sorted(edits, reverse=True):
            text = text[: edit.start] + edit.new + text[edit.end :]
        chance.shuffle(edits)
        assert source(read.edited(edits)).text == text


def test_bytes_around_an_edit_stay() -> None:
    raw = TEXTS["mark"]
    assert source(raw).edited([Edit(4, 7, "2")]) == b"\xef\xbb\xbfone\r\n2\n"
    assert source(TEXTS["control"]).edited([Edit(5, 6, "T")]) == b"o\x00ne\r\nT\x1bwo\x7f\n"
    assert source(TEXTS["mixed"]).edited([Edit(4, 7, "")]) == (b"one\r\n\nthree\rfour\r\n\r\r\n\n")


@pytest.mark.parametrize(
    ("raw", "end"),
    [
        (b"a\nb\n", b"\n"),
        (b"a\r\nb\r\n", b"\r\n"),
        (b"a\rb\r", b"\r"),
        (b"a\r\nb\r\nc\n", b"\r\n"),
        (b"a", b"\n"),
    ],
)
def test_what_is_inserted_has_the_line_ends_of_the_file(raw: bytes, end: bytes) -> None:
    read = source(raw)
    assert read.edited([Edit(len(read.text), len(read.text), "x\ny")]) == raw + b"x" + end + b"y"


def test_insertions_at_one_place_come_in_the_order_of_their_text() -> None:
    assert source(b"ab").edited([Edit(1, 1, "2"), Edit(1, 1, "1")]) == b"a12b"


@pytest.mark.parametrize(
    "edits", [[Edit(0, 2, ""), Edit(1, 3, "")], [Edit(2, 9, "")], [Edit(-1, 0, "")]]
)
def test_edits_that_cannot_be_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(ValueError, match="overlaps"):
        source(b"abc").edited(edits)


@pytest.mark.parametrize(
    ("raw", "line"),
    [(b"a\r\nb\rc\n\xfc", 4), ("a\n".encode("utf-16"), 1), (b"\xef\xbb\xbfa\n\xed\xa0\x80", 2)],
)
def test_what_is_not_utf_8_is_refused_with_its_line(raw: bytes, line: int) -> None:
    with pytest.raises(SourceError, match=f"^some.bib:{line} is not UTF-8"):
        source(raw)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no\.bib cannot be opened"):
        Source.read(tmp_path / "no.bib", "no.bib")


def test_control_characters_are_known() -> None:
    read = source(b"a\r\nb\x00c\r\nd")
    assert read.text == "a\nb c\nd"
    assert [read.is_plain(at, at + 1) for at in range(7)] == [True] * 3 + [False] + [True] * 3
    assert read.problems[0].line == 2


def saved(path: Path, raw: bytes) -> Source:
    path.write_bytes(raw)
    return Source.read(path, path.name)


def test_a_file_is_replaced_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    read = saved(tmp_path / "a.bib", b"old")
    assert read.save(b"new")
    assert (tmp_path / "a.bib").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.bib"]


def test_a_file_that_stays_the_same_is_not_written(tmp_path: Path) -> None:
    read = saved(tmp_path / "a.bib", b"old")
    os.utime(tmp_path / "a.bib", (1_000_000_000, 1_000_000_000))
    assert not read.save(b"old")
    assert (tmp_path / "a.bib").stat().st_mtime == 1_000_000_000


def test_a_file_that_somebody_else_changed_is_left_to_them(tmp_path: Path) -> None:
    read = saved(tmp_path / "a.bib", b"old")
    (tmp_path / "a.bib").write_bytes(b"theirs")
    with pytest.raises(SourceError, match="has changed since it was read"):
        read.save(b"new")
    assert (tmp_path / "a.bib").read_bytes() == b"theirs"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such modes")
def test_the_mode_is_kept(tmp_path: Path) -> None:
    read = saved(tmp_path / "a.bib", b"old")
    (tmp_path / "a.bib").chmod(0o640)
    read.save(b"new")
    assert stat.S_IMODE((tmp_path / "a.bib").stat().st_mode) == 0o640


def test_a_write_protected_file_is_left(tmp_path: Path) -> None:
    read = saved(tmp_path / "a.bib", b"old")
    (tmp_path / "a.bib").chmod(0o444)
    with pytest.raises(SourceError, match=r"a.bib cannot be written \(Permission denied\)"):
        read.save(b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.bib", b"old")]
    (tmp_path / "a.bib").chmod(0o644)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such modes")
def test_nobody_else_can_read_a_private_file_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int]] = []

    def synced(descriptor: int) -> None:
        seen.append((stat.S_IMODE(os.fstat(descriptor).st_mode), os.fstat(descriptor).st_size))

    read = saved(tmp_path / "a.bib", b"old")
    (tmp_path / "a.bib").chmod(0o600)
    monkeypatch.setattr(os, "umask", lambda mask: 0)
    monkeypatch.setattr(os, "fsync", synced)
    read.save(b"new")
    assert seen[0] == (0o600, 3)


def test_the_temporary_file_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = saved(tmp_path / "a.bib", b"old")
    monkeypatch.setattr("labsite.lasting.secrets.token_hex", lambda size: "taken")
    (tmp_path / ".a.bib.taken.tmp").write_bytes(b"somebody's")
    with pytest.raises(SourceError, match="cannot be written"):
        read.save(b"new")
    assert (tmp_path / ".a.bib.taken.tmp").read_bytes() == b"somebody's"
    assert (tmp_path / "a.bib").read_bytes() == b"old"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_what_a_link_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there/b.bib").write_bytes(b"old")
    (tmp_path / "a.bib").symlink_to("there/b.bib")
    Source.read(tmp_path / "a.bib", "a.bib").save(b"new")
    assert (tmp_path / "a.bib").is_symlink()
    assert (tmp_path / "there/b.bib").read_bytes() == b"new"


def test_what_cannot_be_written_is_said_and_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    read = saved(tmp_path / "a.bib", b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SourceError, match=r"a.bib cannot be written \(No space left"):
        read.save(b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.bib", b"old")]


def test_entries_stand_where_they_are_said_to(
    random_bib: Callable[[int], tuple[str, object]],
) -> None:
    for seed in range(200):
        text = random_bib(seed)[0].replace("\r\n", "\n")
        entries = parse_bib(text, "some.bib").entries
        places = spans(text, entries)
        assert [text[place[0] : place[1]] for place in places if place] == [
            entry.raw for entry in entries if entry.raw
        ]


def test_entries_that_look_the_same_stand_at_different_places() -> None:
    text = "@misc{a, title = {x}} @misc{a, title = {x}}\n@misc{b\n@misc{a, title = {x}}"
    assert spans(text, parse_bib(text, "some.bib").entries) == [(0, 21), (22, 43), None, (52, 73)]
