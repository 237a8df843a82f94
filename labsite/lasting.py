"""Files written by hand, replaced such that not even a power cut harms them."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def replace_lastingly(path: Path, data: bytes) -> None:
    """Replace a file that somebody writes by hand, whole or not at all.

    Unlike :func:`labsite.manifest.replace_file`, also a power cut leaves the old file or the new
    one; it keeps its mode, and its owner where that is allowed; a link stays one, and what it leads
    to is replaced.

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
