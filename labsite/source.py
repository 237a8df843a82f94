r"""A data file that a command changes: all bytes outside the edits stay as they are.

Rules look at text whose line ends are all ``\n`` (:mod:`labsite.textfile`); the file may have a
byte order mark, Windows' line ends, or several kinds of them. A :class:`Source` knows both.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from labsite.lasting import replace_lastingly
from labsite.textfile import CONTROL, decode_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from labsite.diagnostics import Problem
    from labsite.entries import Entry

_MARK: Final = b"\xef\xbb\xbf"
_LINE_END: Final = re.compile("\r\n|\r|\n")


class SourceError(Exception):
    """A file cannot be changed; the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    r"""What stands from ``start`` to ``end`` of :attr:`Source.text` gives way to ``new``.

    Line ends in ``new`` are ``\n``.
    """

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Source:
    r"""One data file as it was read.

    Attributes:
        path: The file.
        shown_as: How messages name it.
        raw: Its bytes.
        text: What they say, as :func:`labsite.textfile.read_text` gives it: line ends are ``\n``,
            control characters are spaces, a byte order mark is left out.
        problems: What is wrong with the text, as of the same function.
    """

    path: Path
    shown_as: str
    raw: bytes
    text: str
    problems: tuple[Problem, ...]
    _letters: str = field(repr=False)  # the same with its own line ends
    _newline: str = field(repr=False)
    _pairs: tuple[int, ...] = field(repr=False)  # offsets in text of line ends of two characters
    _controls: tuple[int, ...] = field(repr=False)

    @classmethod
    def read(cls, path: Path, shown_as: str) -> Source:
        """Read a file.

        Raises:
            SourceError: It cannot be opened, or is not UTF-8.
        """
        try:
            return cls.of(path.read_bytes(), path, shown_as)
        except OSError as error:
            raise SourceError(f"{shown_as} cannot be opened ({error.strerror}).") from error

    @classmethod
    def of(cls, raw: bytes, path: Path, shown_as: str) -> Source:
        """Make one of the bytes of a file, as :meth:`read` does."""
        body = raw.removeprefix(_MARK)
        try:
            letters = body.decode("utf-8")
        except UnicodeDecodeError as error:
            line = len(_LINE_END.findall(body[: error.start].decode("utf-8", "replace"))) + 1
            message = f"{shown_as}:{line} is not UTF-8, so the file was not changed."
            raise SourceError(f"{message} Save it as UTF-8 first.") from error
        ends = list(_LINE_END.finditer(letters))
        pairs = [match.start() for match in ends if match[0] == "\r\n"]
        text, problems = decode_text(raw, shown_as)
        return cls(
            path, shown_as, raw, text, problems, letters,
            _most_common([match[0] for match in ends]),
            tuple(start - before for before, start in enumerate(pairs)),
            tuple(match.start() for match in CONTROL.finditer(_LINE_END.sub("\n", letters))),
        )  # fmt: skip

    def is_plain(self, start: int, end: int) -> bool:
        """Whether a stretch of the text has no control character: one that can be written anew."""
        return bisect_left(self._controls, start) == bisect_left(self._controls, end)

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """Return the file's bytes with some edits; what is written anew has its line ends.

        Raises:
            ValueError: Two edits overlap.
        """
        parts: list[str] = []
        position = 0
        for edit in sorted(edits):
            start, end = self._place(edit.start), self._place(edit.end)
            if not position <= start <= end <= len(self._letters):
                raise ValueError(f"{edit} overlaps with another, or is outside the text")
            parts += self._letters[position:start], edit.new.replace("\n", self._newline)
            position = end
        text = _joined([*parts, self._letters[position:]])
        return (_MARK if self.raw.startswith(_MARK) else b"") + text.encode("utf-8")

    def save(self, new: bytes) -> bool:
        """Replace the file, whole or not at all; return whether it was different.

        Raises:
            SourceError: It cannot be written, or somebody else has changed it since it was read.
        """
        try:
            if self.path.read_bytes() != self.raw:
                message = f"{self.shown_as} has changed since it was read; it was not written."
                raise SourceError(f"{message} Run the command again.")
            if new == self.raw:
                return False
            replace_lastingly(self.path, new)
        except OSError as error:
            message = f"{self.shown_as} cannot be written ({error.strerror}); it is as it was."
            raise SourceError(message) from error
        return True

    def _place(self, offset: int) -> int:
        """Return the offset in the text with its own line ends."""
        return offset + bisect_left(self._pairs, offset)


def spans(text: str, entries: Iterable[Entry]) -> list[tuple[int, int] | None]:
    """Return from where to where each entry of a file stands in its text.

    Args:
        text: As :attr:`Source.text`.
        entries: All of that file, in its order.

    Returns:
        Offsets of the ``@`` and behind the closing brace; None for an entry that is not
        well-formed.
    """
    lines = [0, *(match.end() for match in re.finditer("\n", text))]
    found: list[tuple[int, int] | None] = []
    position = 0
    for entry in entries:
        if not entry.raw:
            found.append(None)
            continue
        start = text.index(entry.raw, max(position, lines[entry.line - 1]))
        position = start + len(entry.raw)
        found.append((start, position))
    return found


def _joined(parts: Iterable[str]) -> str:
    r"""Join texts so that a ``\r`` at the end of one and a ``\n`` behind it stay two line ends."""
    text: list[str] = []
    for part in filter(None, parts):
        if text and text[-1].endswith("\r") and part.startswith("\n"):
            text.append("\r")
        text.append(part)
    return "".join(text)


def _most_common(ends: list[str]) -> str:
    return max(ends, key=ends.count) if len(set(ends)) > 1 else ends[0] if ends else "\n"
