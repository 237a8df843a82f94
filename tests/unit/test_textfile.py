"""Reading text files: UTF-8 as it is, anything else line by line with a message."""

from pathlib import Path

import pytest

from labsite.textfile import read_text


def read(path: Path, raw: bytes) -> tuple[str, list[tuple[int, str]]]:
    path.write_bytes(raw)
    text, problems = read_text(path, "shown.bib")
    assert all(problem.path == "shown.bib" for problem in problems)
    return text, [(problem.line, problem.subtype) for problem in problems]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.bib"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        ("Zürich 東京\n".encode(), "Zürich 東京\n"),
        (b"\xef\xbb\xbfa\n", "a\n"),
        (b"a\r\nb\r\n", "a\r\nb\r\n"),
        (b"a\x00b", "a\x00b"),
    ],
    ids=["empty", "UTF-8", "byte order mark", "CRLF", "null"],
)
def test_utf8_is_read_as_it_is(path: Path, raw: bytes, text: str) -> None:
    assert read(path, raw) == (text, [])


def test_a_line_that_is_not_utf8_is_read_as_windows_1252(path: Path) -> None:
    raw = "eins\nZürich – ".encode("cp1252") + b"\n" + "東京\n".encode()
    assert read(path, raw) == ("eins\nZürich – \n東京\n", [(2, "bib_encoding")])


def test_each_such_line_is_one_problem(path: Path) -> None:
    assert read(path, b"\xe9\xe9\na\n\xe9")[1] == [(1, "bib_encoding"), (3, "bib_encoding")]


def test_the_byte_order_mark_is_no_text_of_such_a_file(path: Path) -> None:
    assert read(path, b"\xef\xbb\xbfa \xe9\n") == ("a é\n", [(1, "bib_encoding")])


def test_the_message_shows_the_place_and_the_line(path: Path) -> None:
    path.write_bytes(b"a\nna\xefve\n")
    (problem,) = read_text(path, "x.bib")[1]
    assert "Byte 3" in problem.what
    assert "naïve" in problem.what
    assert "UTF-8" in problem.remedy


def test_bytes_that_mean_nothing_do_not_raise(path: Path) -> None:
    text, problems = read(path, bytes(range(256)))
    assert text.startswith("\x00")
    assert problems


def test_a_file_that_cannot_be_opened_is_one_problem(tmp_path: Path) -> None:
    for path in (tmp_path / "none.bib", tmp_path):
        text, (problem,) = read_text(path, "none.bib")
        assert text == ""
        assert (problem.path, problem.line, problem.subtype) == ("none.bib", 1, "file")
