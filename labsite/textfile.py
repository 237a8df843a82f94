"""Reading the maintainer's text files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.diagnostics import Problem

if TYPE_CHECKING:
    from pathlib import Path


def read_text(path: Path, shown_as: str) -> tuple[str, tuple[Problem, ...]]:
    """Read a data file as UTF-8, with or without a byte order mark.

    Args:
        path: The file.
        shown_as: How messages name it.

    Returns:
        Its text and what is wrong with it. A line that is not UTF-8 is read as Windows-1252; of a
        file that cannot be opened the text is empty.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        what = f"The file cannot be opened ({error.strerror})."
        remedy = "Create it, or correct its name in conf.py."
        return "", (Problem(shown_as, 1, "file", what, remedy),)
    try:
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return _decode_lines(raw.removeprefix(b"\xef\xbb\xbf"), shown_as)


def _decode_lines(raw: bytes, shown_as: str) -> tuple[str, tuple[Problem, ...]]:
    lines: list[str] = []
    problems: list[Problem] = []
    for number, line in enumerate(raw.split(b"\n"), start=1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError as error:
            guess = line.decode("cp1252", errors="replace")
            lines.append(guess)
            what = f"Byte {error.start + 1} of this line is not UTF-8; read as {guess.strip()!r}."
            remedy = "Save the file as UTF-8."
            problems.append(Problem(shown_as, number, "bib_encoding", what, remedy))
    return "\n".join(lines), tuple(problems)
