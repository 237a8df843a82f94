"""What a picture is on a page: the files made of it, where it is shown, why it may be unfit.

Whoever makes such files imports this, be it of photos (:mod:`labsite.images`) or of drawings
(:mod:`labsite.drawings`), and whoever shows them.
"""

from __future__ import annotations

import os
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_XML: Final = rb"\xef\xbb\xbf|\s+|<\?.*?\?>|<!--.*?-->|<!doctype[^>[]*(?:\[.*?\]\s*)?>"
SVG_START: Final = rb"(?is)(?>" + _XML + rb")*+<svg\b"  # nothing is tried twice, however long it is
"""How a vector drawing begins."""


class ImageProblem(ValueError):
    """A picture that cannot be used, or is not what it seems; two whole sentences say why."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)  # both, as it may have to pass between processes
        self.what, self.remedy = what, remedy


@dataclass(frozen=True, slots=True)
class Place:
    """Where pictures are shown."""

    widths: tuple[int, ...]  # wanted, in pixels, such as 144 and 288 for plain and fine screens
    ratio: float | None = None  # of width to height, to which they are cropped; None: as they are
    sizes: str = "100vw"  # the HTML attribute of this name


@dataclass(frozen=True, slots=True)
class Variant:
    """One file: name, size in pixels, media type."""

    path: str
    width: int
    height: int
    type: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's variants, each tuple from the narrowest to the widest."""

    sources: tuple[tuple[str, tuple[Variant, ...]], ...]  # by media type, smallest files first
    fallback: tuple[Variant, ...]  # JPEG or PNG, for every browser
    width: int  # of the widest variant
    height: int
    sizes: str  # as the place has it


def readable_stem(source: Path) -> str:
    """Return the readable part of a variant's name."""
    stem = unicodedata.normalize("NFKD", source.stem).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", stem)[:40].strip("-") or "picture"


def is_vector(source: Path) -> bool:
    """Tell a vector drawing (SVG), by its beginning."""
    with suppress(OSError, ValueError), source.open("rb") as file:
        return (
            source.suffix.lower() == ".svgz" or re.match(SVG_START, file.read(65_536)) is not None
        )
    return False


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")  # whoever else writes the same
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
