"""What a command is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from labsite.report import Progress


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        summary: A line, for the list of commands.
        description: What its ``--help`` says above the arguments.
        examples: What it says below them.
        arguments: Declares its arguments.
        run: Does it; returns the exit status. May raise SiteError and SourceError.
    """

    name: str
    summary: str
    description: str
    examples: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Progress], int]
