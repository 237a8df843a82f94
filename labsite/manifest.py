"""What the last finished build wrote; files are replaced whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
import stat
import sys
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


def replace_lastingly(path: Path, data: bytes) -> None:
    """Replace a file that somebody writes by hand, whole or not at all.

    Unlike :func:`replace_file`, also a power cut leaves the old file or the new one; it keeps its
    mode, and its owner where that is allowed; a link stays one, and what it leads to is replaced.

    Raises:
        OSError: It cannot be written, or is write-protected.
    """
    path = path.resolve()
    is_new = not path.exists()
    if not is_new and not _may_be_written(path):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    # one that is there already, be it a link, is not taken; who may not read the old file may not
    # read this one either, at no time
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(temporary, flags, 0o666 if is_new else 0o600), "wb") as file:
        try:
            if not is_new:
                _keep_owner(path, temporary)
                shutil.copymode(path, temporary)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            file.close()
            temporary.unlink(missing_ok=True)
            raise
    try:
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # not every system opens folders
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _may_be_written(path: Path) -> bool:
    """Whether a file is not write-protected; nobody may want the superuser to pass over that."""
    return bool(path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)) and os.access(
        path, os.W_OK
    )


def _keep_owner(path: Path, temporary: Path) -> None:
    if sys.platform != "win32":
        with suppress(OSError):  # only the superuser may give files away
            old = path.stat()
            os.chown(temporary, old.st_uid, old.st_gid)
