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
        (b"a\r\nb\rc\n\rd", "a\nb\nc\n\nd"),
    ],
    ids=["empty", "UTF-8", "byte order mark", "line ends"],
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
    assert text.startswith(" " * 9 + "\t\n")
    assert problems


def test_a_file_that_cannot_be_opened_is_one_problem(tmp_path: Path) -> None:
    for path in (tmp_path / "none.bib", tmp_path):
        text, (problem,) = read_text(path, "none.bib")
        assert text == ""
        assert (problem.path, problem.line, problem.subtype) == ("none.bib", 1, "file")


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_by_its_mark(path: Path, name: str) -> None:
    raw = "\ufeffZürich\r\n東京\n".encode(name)
    assert read(path, raw) == ("Zürich\n東京\n", [(1, "bib_encoding")])
    assert read(path, raw + b"x")[1] == [(1, "bib_encoding")]  # half a character at its end


def test_control_characters_are_spaces_and_told_once(path: Path) -> None:
    text, problems = read(path, b"a\tb\nc\x00d\x1b\ne\x7f")
    assert (text, problems) == ("a\tb\nc d \ne ", [(2, "bib_encoding")])


def test_thousands_of_bad_lines_are_not_told_one_by_one(path: Path) -> None:
    assert len(read(path, b"\xe9\n" * 5000)[1]) == 21


def test_a_long_line_makes_no_long_message(path: Path) -> None:
    path.write_bytes(b"\xe9" * 100_000)
    (problem,) = read_text(path, "x.bib")[1]
    assert len(problem.what) < 1100
