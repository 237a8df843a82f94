"""Records kept from one build to the next, beside Sphinx's own pickle of the pages it has read.

Nothing depends on it but time: a file that is not whole, or that another version wrote, is none.
"""

from __future__ import annotations

import hashlib
import pickle
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from labsite.fingerprint import code_digest
from labsite.manifest import replace_file

if TYPE_CHECKING:
    from pathlib import Path

CACHE: Final = "labsite.pickle"
_DIGEST_SIZE: Final = hashlib.sha256().digest_size


def read_cache(path: Path) -> Any:
    """Return what :func:`write_cache` kept, or None if it is not there as it was written.

    Like Sphinx's own pickle it lies in the folder of the doctrees, which only builds write to.
    """
    try:
        data = memoryview(path.read_bytes())
        if data[:_DIGEST_SIZE] != _seal(data[_DIGEST_SIZE:]):
            return None
        return pickle.loads(data[_DIGEST_SIZE:])
    except Exception:  # unpickling raises anything
        return None


def write_cache(path: Path, value: Any) -> None:
    """Keep a value for the next build; a full disk costs that build its time, and no more."""
    data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    with suppress(OSError):
        replace_file(path, _seal(data) + data)


def _seal(data: bytes | memoryview) -> bytes:
    """Return what stands before the data: another one for other data and for other code."""
    return hashlib.sha256(code_digest().encode("ascii") + hashlib.sha256(data).digest()).digest()
