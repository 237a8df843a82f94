"""The manifest and files replaced whole: damage is survived, nothing changes without need."""

import json
import os
from pathlib import Path

import pytest

from labsite.fingerprint import digest_of
from labsite.manifest import MANIFEST, Manifest, write_if_changed
from labsite.model import PartialDate, Publication, RichText, Source

LONG_AGO = 1_000_000_000
"""A time of change that no file gets by itself."""


def aged(path: Path) -> Path:
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def is_untouched(path: Path) -> bool:
    return path.stat().st_mtime == LONG_AGO


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    manifest = Manifest({"publications/ü": "abc", "index": "def"}, ["b.html", "a/ü 深.bib"])
    manifest.write(tmp_path)
    assert Manifest.read(tmp_path) == manifest
    assert names_in(tmp_path) == [MANIFEST]


def test_manifests_do_not_share_what_they_hold() -> None:
    Manifest().digests["a"] = "b"
    Manifest().files.append("c")
    assert Manifest() == Manifest({}, [])


@pytest.mark.parametrize("missing", ["file", "folder"])
def test_a_missing_manifest_is_empty(tmp_path: Path, missing: str) -> None:
    assert Manifest.read(tmp_path if missing == "file" else tmp_path / "no") == Manifest()


DAMAGED = {
    "empty": b"",
    "cut off": json.dumps({"digests": {"a": "b"}, "files": ["c"]}).encode()[:-4],
    "no JSON": b"<html>",
    "not UTF-8": b'{"digests": {"\xff": "b"}, "files": []}',
    "zeros": bytes(64),
    "a list": b"[]",
    "a number": b"1",
    "nothing": b"null",
    "a text": b'"files digests"',
    "without files": b'{"digests": {"a": "b"}}',
    "without digests": b'{"files": ["c"]}',
    "digests that are a list": b'{"digests": ["a"], "files": []}',
    "digests that are a number": b'{"digests": 1, "files": []}',
    "digests that are nothing": b'{"digests": null, "files": []}',
    "files that are a number": b'{"digests": {}, "files": 1}',
    "files that are nothing": b'{"digests": {}, "files": null}',
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_manifest_is_empty_and_is_replaced(tmp_path: Path, data: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(data)
    assert Manifest.read(tmp_path) == Manifest()
    whole = Manifest({"a": "b"}, ["c"])
    whole.write(tmp_path)
    assert Manifest.read(tmp_path) == whole


def test_a_folder_in_its_place_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).mkdir()
    assert Manifest.read(tmp_path) == Manifest()


def test_a_manifest_that_says_the_same_is_not_written_again(tmp_path: Path) -> None:
    Manifest({"a": "1", "b": "2"}, ["c"]).write(tmp_path)
    path = aged(tmp_path / MANIFEST)
    Manifest({"b": "2", "a": "1"}, ["c"]).write(tmp_path)
    assert is_untouched(path)
    Manifest({"b": "2", "a": "3"}, ["c"]).write(tmp_path)
    assert not is_untouched(path)


def test_a_new_file_gets_its_folders_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.txt"
    write_if_changed(path, b"x\r\ny\n\x00")
    assert path.read_bytes() == b"x\r\ny\n\x00"
    assert names_in(tmp_path) == ["a", "b", "c.txt"]


@pytest.mark.parametrize("data", [b"", b"same", bytes(99_999)], ids=len)
def test_an_unchanged_file_keeps_its_time(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "c.txt"
    path.write_bytes(data)
    write_if_changed(aged(path), data)
    assert is_untouched(path)
    assert names_in(tmp_path) == ["c.txt"]


@pytest.mark.parametrize(
    ("before", "after"), [(b"old", b"new"), (b"old", b""), (b"", b"new"), (b"a\n", b"a\r\n")]
)
def test_a_changed_file_is_replaced(tmp_path: Path, before: bytes, after: bytes) -> None:
    path = tmp_path / "c.txt"
    path.write_bytes(before)
    write_if_changed(aged(path), after)
    assert path.read_bytes() == after
    assert not is_untouched(path)
    assert names_in(tmp_path) == ["c.txt"]


def test_who_has_the_old_file_open_reads_it_to_its_end(tmp_path: Path) -> None:
    """A file is replaced, not written over: what it was linked to stays as it was."""
    path, link = tmp_path / "c.txt", tmp_path / "link.txt"
    path.write_bytes(b"old")
    link.hardlink_to(path)
    write_if_changed(path, b"new")
    assert (path.read_bytes(), link.read_bytes()) == (b"new", b"old")


def test_what_a_build_that_was_killed_left_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "c.txt"
    path.with_name("c.txt.tmp").write_bytes(b"ha")
    write_if_changed(path, b"whole")
    assert path.read_bytes() == b"whole"
    assert names_in(tmp_path) == ["c.txt"]


def test_a_file_that_could_not_be_written_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "c.txt"
    path.write_bytes(b"old")

    def fail(place: str, mode: str) -> None:
        Path(place).write_bytes(b"n")
        raise OSError("no space left on device")

    monkeypatch.setattr("labsite.manifest.open", fail, raising=False)
    with pytest.raises(OSError, match="space"):
        write_if_changed(path, b"new")
    assert path.read_bytes() == b"old"


def test_digests_tell_apart_whatever_differs() -> None:
    record = Publication("k", "k", Source("x", 1), "misc", "other", RichText.from_plain("T"))
    same = Publication("k", "k", Source("x", 1), "misc", "other", RichText.from_plain("T"))
    values = [
        record, record.title, (), [], "", "1", 1, (1, 2), (12,), ("1", "2"), ("12",), ("1, 2",),
        None, False, PartialDate(2025), PartialDate(2025, 1),
    ]  # fmt: skip
    digests = [digest_of(value) for value in values]
    assert len({*digests}) == len(values)
    assert digest_of(same) == digests[0]
    assert all(len(digest) == 20 and digest.isalnum() for digest in digests)
