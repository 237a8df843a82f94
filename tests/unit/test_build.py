"""What a build knows of the last one: enough to leave alone what it left, and no more."""

from pathlib import Path

import pytest

from labsite.build import Build
from labsite.manifest import Manifest


@pytest.fixture
def build(tmp_path: Path) -> Build:
    (tmp_path / "a").mkdir()
    for name in ("x.html", "a/y.bib", "a/y.ris"):
        (tmp_path / name).write_bytes(b"old")
    return Build(tmp_path, before=Manifest({"x": "1", "a/y.*": "2", "gone": "3"}, []))


@pytest.mark.parametrize(
    ("name", "digest", "paths", "left"),
    [
        ("x", "1", ["x.html"], True),
        ("x", "2", ["x.html"], False),
        ("a/y.*", "2", ["a/y.bib", "a/y.ris"], True),
        ("a/y.*", "2", ["a/y.bib", "a/y.ris", "a/y.json"], False),
        ("gone", "3", ["gone.html"], False),
        ("new", "", ["x.html"], False),
    ],
)
def test_left_is_what_shows_the_same_and_is_there(
    build: Build, name: str, digest: str, paths: list[str], left: bool
) -> None:
    assert build.is_left(name, digest, paths) is left
    assert build.digests == {name: digest}


def test_files_are_written_where_they_belong(build: Build, tmp_path: Path) -> None:
    before = (tmp_path / "x.html").stat().st_mtime_ns
    for path, data in (("x.html", b"old"), ("a/y.bib", b"new"), ("b/c/z.json", b"new")):
        build.write(path, data)
        assert (tmp_path / path).read_bytes() == data
    assert (tmp_path / "x.html").stat().st_mtime_ns == before
    assert not list(tmp_path.rglob("*.tmp"))


def test_a_new_file_beside_those_of_a_finished_build_comes_whole_or_not_at_all(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(path: str, data: bytes) -> None:
        Path(path).write_bytes(data[:1])
        raise OSError("no space left on device")

    monkeypatch.setattr("labsite.manifest._write", half)
    with pytest.raises(OSError, match="no space"):
        build.write("a/z.bib", b"new")
    assert not (tmp_path / "a" / "z.bib").exists()


def test_what_a_first_build_left_half_is_written_again(tmp_path: Path) -> None:
    Build(tmp_path).write("a/z.bib", b"new")
    (tmp_path / "a" / "z.bib").write_bytes(b"n")
    Build(tmp_path).write("a/z.bib", b"new")
    assert (tmp_path / "a" / "z.bib").read_bytes() == b"new"


def test_what_is_worked_out_is_worked_out_once_until_forgotten(build: Build) -> None:
    found: list[int] = []
    for _ in range(2):
        build.once("a", lambda: found.append(1))
    assert found == [1]
    build.forget()
    build.once("a", lambda: found.append(2))
    assert found == [1, 2]
