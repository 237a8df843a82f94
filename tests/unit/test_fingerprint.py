"""The digest of the code: another one whenever something else may come out."""

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from labsite import fingerprint

Edit = Callable[[Path], object]


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of two modules, in the place of ours."""
    (tmp_path / "one.py").write_bytes(b"a = 1\n")
    (tmp_path / "two.py").write_bytes(b"b = 2\n")
    monkeypatch.setattr(fingerprint, "_FOLDER", tmp_path)
    return tmp_path


def digest() -> str:
    """The digest, worked out anew."""
    fingerprint.code_digest.cache_clear()
    try:
        return fingerprint.code_digest()
    finally:
        fingerprint.code_digest.cache_clear()


def _swap(code: Path) -> None:
    one, two = (code / "one.py").read_bytes(), (code / "two.py").read_bytes()
    (code / "one.py").write_bytes(two)
    (code / "two.py").write_bytes(one)


def _move_a_line(code: Path) -> None:
    (code / "one.py").write_bytes(b"a = 1\nb = 2\n")
    (code / "two.py").write_bytes(b"")


@pytest.mark.parametrize(
    "edit",
    [
        lambda code: (code / "one.py").write_bytes(b"a = 3\n"),
        lambda code: (code / "one.py").write_bytes(b"a = 1\r\n"),
        lambda code: (code / "one.py").rename(code / "three.py"),
        lambda code: (code / "one.py").unlink(),
        lambda code: (code / "three.py").write_bytes(b""),
        _swap,
        _move_a_line,
    ],
)
def test_another_code_has_another_digest(code: Path, edit: Edit) -> None:
    before = digest()
    edit(code)
    assert digest() != before


def test_the_same_code_has_the_same_digest(code: Path) -> None:
    before = digest()
    (code / "notes.txt").write_text("no module", encoding="utf-8")
    (code / "one.py").touch()
    assert digest() == before
    assert len(before) == 20


def test_another_python_has_another_digest(code: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest()
    monkeypatch.setattr("sys.version", "3.99")
    assert digest() != before


@pytest.mark.parametrize("package", fingerprint._PACKAGES)
def test_another_package_has_another_digest(
    code: Path, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest()
    monkeypatch.setattr(
        "labsite.fingerprint.version", lambda name: "0.99" if name == package else version(name)
    )
    assert digest() != before
