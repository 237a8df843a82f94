"""What the last finished build wrote; files are replaced whole or not at all."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

MANIFEST: Final = ".labsite.json"
TEMPORARY: Final = ".tmp"
"""What stands behind a file's name until it is whole."""


@dataclass(slots=True)
class Manifest:
    """What the last finished build wrote into an output folder.

    Attributes:
        digests: Page or file → digest of what it shows.
        files: Paths of the files that are ours to delete, relative to the output folder.
    """

    digests: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, outdir: Path) -> Manifest:
        """Read an output folder's manifest; a missing or damaged one is empty."""
        try:
            data = json.loads((outdir / MANIFEST).read_text(encoding="utf-8"))
            return cls(dict(data["digests"]), [str(item) for item in data["files"]])
        except (OSError, ValueError, KeyError, TypeError):
            return cls()

    def write(self, outdir: Path) -> None:
        """Write it whole or not at all, and only if it changed."""
        text = json.dumps({"digests": self.digests, "files": self.files}, sort_keys=True)
        write_if_changed(outdir / MANIFEST, text.encode("utf-8"))


def write_if_changed(path: Path | str, data: bytes) -> None:
    """Replace a file atomically, unless it holds these bytes already."""
    with suppress(OSError):  # it is not there, or cannot be read: replacing it will tell
        if Path(path).read_bytes() == data:
            return
    replace_file(path, data)


def replace_file(path: Path | str, data: bytes) -> None:
    """Write a file whole or not at all, and the folders that it is in."""
    temporary = f"{path}{TEMPORARY}"
    write_file(temporary, data)
    os.replace(temporary, path)  # noqa: PTH105


def write_file(path: Path | str, data: bytes) -> None:
    """Write a file in place, and the folders that it is in.

    Paths may be texts: a large site is forty thousand files, and objects would take a quarter of
    the time.
    """
    try:
        _write(path, data)
    except FileNotFoundError:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        _write(path, data)


def _write(path: Path | str, data: bytes) -> None:
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(data)
