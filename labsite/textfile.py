"""Reading the maintainer's text files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from labsite.diagnostics import Problem

if TYPE_CHECKING:
    from pathlib import Path


_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MOST_LINES: Final = 20
"""Of so many lines that are not UTF-8 each is told."""


def read_text(path: Path, shown_as: str) -> tuple[str, tuple[Problem, ...]]:
    r"""Read a data file as UTF-8, with or without a byte order mark.

    Args:
        path: The file.
        shown_as: How messages name it.

    Returns:
        Its text, with ``\n`` for every line end, and what is wrong with it. A line that is not
        UTF-8 is read as Windows-1252; UTF-16 is known by its byte order mark; control characters
        become spaces; of a file that cannot be opened the text is empty.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        what = f"The file cannot be opened ({error.strerror})."
        remedy = "Create it, or correct its name in conf.py."
        return "", (Problem(shown_as, 1, "file", what, remedy),)
    return decode_text(raw, shown_as)


def decode_text(raw: bytes, shown_as: str) -> tuple[str, tuple[Problem, ...]]:
    """Return the text of a data file's bytes, as :func:`read_text`."""
    problems: tuple[Problem, ...]
    if raw.startswith(_UTF_16):
        text = raw.decode("utf-16", errors="replace")
        what = "The file is UTF-16, not UTF-8."
        problems = (Problem(shown_as, 1, "bib_encoding", what, "Save the file as UTF-8."),)
    else:
        text, problems = _decode(raw, shown_as)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if control := CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        what = f"The control character U+{ord(control[0]):04X} is read as a space, like all others."
        problems += (Problem(shown_as, line, "bib_encoding", what, "Delete it."),)
        text = CONTROL.sub(" ", text)
    return text, problems


def _decode(raw: bytes, shown_as: str) -> tuple[str, tuple[Problem, ...]]:
    try:
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return _decode_lines(raw.removeprefix(b"\xef\xbb\xbf"), shown_as)


def _decode_lines(raw: bytes, shown_as: str) -> tuple[str, tuple[Problem, ...]]:
    lines: list[str] = []
    problems: list[Problem] = []
    raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for number, line in enumerate(raw.split(b"\n"), start=1):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError as error:
            guess = line.decode("cp1252", errors="replace")
            lines.append(guess)
            if len(problems) > _MOST_LINES:
                continue
            what = f"Byte {error.start + 1} of this line is not UTF-8; read as {guess.strip()!r}."
            if len(problems) == _MOST_LINES:
                what = "From here on, lines that are not UTF-8 are no longer told one by one."
            remedy = "Save the file as UTF-8."
            problems.append(Problem(shown_as, number, "bib_encoding", what, remedy))
    return "\n".join(lines), tuple(problems)
