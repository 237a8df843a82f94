"""How findings are said: to people, to programs, and on GitHub; and what is said meanwhile."""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import unicodedata
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from labsite.keeper import Finding

_COLOURS: Final = {"error": "\x1b[31m", "warning": "\x1b[33m", "place": "\x1b[1m"}
_PLAIN: Final = "\x1b[0m"
_PATIENCE: Final = 1.0
"""Seconds after which a command says what it is doing."""


def has_colours(stream: TextIO) -> bool:
    """Whether a stream is a terminal, and nobody has asked for no colours (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def as_text(found: Sequence[Finding], entries: int, colours: bool = False, mended: int = 0) -> str:
    """Return findings as lines, one each, as compilers write them, and a summary."""

    def coloured(text: str, name: str) -> str:
        return f"{_COLOURS[name]}{text}{_PLAIN}" if colours else text

    lines = []
    for finding in found:
        problem = finding.problem
        place = coloured(printable(f"{problem.path}:{problem.line}:"), "place")
        severity = coloured(f"{finding.severity}:", finding.severity)
        said = printable(f"{problem.what} {problem.remedy}")
        lines.append(f"{place} {severity} {said} [{problem.subtype}]")
    return "\n".join([*lines, summary(found, entries, mended)]) + "\n"


def printable(text: str) -> str:
    """Return a text with escapes for what a terminal would obey, or turn the line around with.

    A data file may hold such characters, and messages name its values.
    """
    if text.isprintable():
        return text
    return "".join(
        char
        if char.isprintable() or unicodedata.category(char) == "Zs"
        else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def summary(found: Sequence[Finding], entries: int, mended: int = 0) -> str:
    """Return what there is to mend, and how much has been mended, in one line."""
    errors = sum(finding.severity == "error" for finding in found)
    counted = [
        counts(number, word)
        for number, word in ((errors, "error"), (len(found) - errors, "warning"))
        if number
    ]
    what = " and ".join(counted) if counted else "Nothing to mend"
    before = f"{counts(mended, 'finding')} mended. " if mended else ""
    return f"{before}{what} in {counts(entries, 'entry', 'entries')}."


def counts(number: int, word: str, several: str = "") -> str:
    """Return ``1 entry`` or ``2,000 entries``."""
    return f"{number:,} {word if number == 1 else several or f'{word}s'}"


def as_json(found: Sequence[Finding], entries: int) -> str:
    """Return findings as JSON."""
    listed = [
        {
            "file": finding.problem.path,
            "line": finding.problem.line,
            "key": finding.key,
            "kind": finding.problem.subtype,
            "severity": finding.severity,
            "what": finding.problem.what,
            "remedy": finding.problem.remedy,
        }
        for finding in found
    ]
    return (
        json.dumps({"entries": entries, "findings": listed}, indent=2) + "\n"
    )  # ASCII: any terminal


def as_github(found: Sequence[Finding], entries: int) -> str:
    """Return findings as annotations (GitHub: workflow commands for Actions)."""
    lines = []
    for finding in found:
        problem = finding.problem
        where = f"file={_property(problem.path)},line={problem.line}"
        title = f"title={_property(problem.subtype)}"
        said = _data(f"{problem.what} {problem.remedy}")
        lines.append(f"::{finding.severity} {where},{title}::{said}")
    return "\n".join([*lines, summary(found, entries)]) + "\n"


def _data(text: str) -> str:
    lines = "\n".join(map(printable, re.split("\r\n|\r|\n", text)))
    return lines.replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS: Final[dict[str, Callable[[Sequence[Finding], int], str]]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
}


class Progress:
    """Says on a terminal what is being done, once it takes longer than a second.

    Use it as ``with Progress() as progress: progress.step("Reading …")``.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._lock = threading.Lock()
        self._timer = threading.Timer(_PATIENCE, self._appear)
        self._timer.daemon = True
        self._what, self._width = "", 0
        self._is_late = False  # it has taken a while
        self._pauses = 0

    def __enter__(self) -> Progress:
        if self._stream.isatty():
            self._timer.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._pauses += 1  # to the end: the timer may be on its way
            self._what = ""
            self._write("")

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Leave the line to what is printed meanwhile; it comes back with the next step."""
        with self._lock:
            self._pauses += 1
            self._what = ""
            self._write("")
        try:
            yield
        finally:
            with self._lock:
                self._pauses -= 1
                self._show()

    def step(self, what: str) -> None:
        """Say what is done from now on."""
        with self._lock:
            self._what = what
            self._show()

    def _appear(self) -> None:
        with self._lock:
            self._is_late = True
            self._show()

    def _show(self) -> None:
        if self._is_late and not self._pauses and self._what:
            self._write(printable(self._what))

    def _write(self, text: str) -> None:
        if not (text or self._width):
            return
        self._stream.write(f"\r{text:<{self._width}}" if text else f"\r{'':<{self._width}}\r")
        self._stream.flush()
        self._width = len(text)
