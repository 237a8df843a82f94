"""Where a command speaks and asks: a person at a terminal, or a file, a pipe, a test."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TextIO


@dataclass(slots=True)
class Console:
    """The three streams of a command.

    Attributes:
        out: Results.
        err: Trouble.
    """

    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)
    source: TextIO = field(default_factory=lambda: sys.stdin)

    def say(self, text: str = "") -> None:
        """Write a result."""
        print(text, file=self.out, flush=True)

    def complain(self, text: str) -> None:
        """Write what went wrong."""
        print(text, file=self.err, flush=True)

    @property
    def can_ask(self) -> bool:
        """Whether somebody is there who can answer."""
        return self.source.isatty()

    def confirm(self, question: str) -> bool:
        """Ask; everything but yes is no."""
        print(f"{question} [y/N] ", end="", file=self.out, flush=True)
        return self.source.readline().strip().lower() in {"y", "yes"}
