"""What publications are in exported files, cut out of the files that an earlier build wrote.

Nothing depends on it but time: what is not found is made anew. Where each part stands is kept
beside Sphinx's own pickle, with a digest of each file; of one that was changed since, all is new.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from labsite.cache import read_cache, write_cache

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

EXPORTS: Final = "labsite-exports.pickle"


@dataclass(frozen=True, slots=True)
class Written:
    """A file as it was written.

    Attributes:
        path: Relative to the output folder.
        digest: Of its bytes.
        places: Where each part begins and ends, in characters.
    """

    path: str
    digest: bytes
    places: tuple[tuple[int, int], ...]


def written(path: str, text: str, parts: Sequence[str]) -> Written:
    """Return where parts stand in a file that has all of them, in their order."""
    places, end = [], 0
    for part in parts:
        begin = text.index(part, end)
        end = begin + len(part)
        places.append((begin, end))
    return Written(path, _digest(text.encode("utf-8")), tuple(places))


def keep_parts(cache: Path, digests: Sequence[str], files: Sequence[Written]) -> None:
    """Keep where parts stand, for the next build.

    Args:
        cache: Where that is kept.
        digests: Of the records that the parts are of, in the order of the parts.
        files: Which have one part of each of them.
    """
    write_cache(cache, (tuple(digests), tuple(files)))


def read_parts(cache: Path, outdir: Path) -> dict[tuple[str, str], str]:
    """Return path and digest of a record → its part of that file, as far as they are there."""
    found: dict[tuple[str, str], str] = {}
    digests, files = read_cache(cache) or ((), ())
    for file in files:
        try:
            data = (outdir / file.path).read_bytes()
        except OSError:
            continue
        if _digest(data) == file.digest:
            text = data.decode("utf-8")
            for digest, (begin, end) in zip(digests, file.places, strict=True):
                found[file.path, digest] = text[begin:end]
    return found


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
