"""What the last finished build wrote; files are replaced whole or not at all."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST: Final = ".labsite.json"


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
        text = json.dumps({"digests": self.digests, "files": self.files}, indent=0, sort_keys=True)
        write_if_changed(outdir / MANIFEST, text.encode("utf-8"))


def write_if_changed(path: Path, data: bytes) -> None:
    """Replace a file atomically, unless it holds these bytes already."""
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.tmp")
    temporary.write_bytes(data)
    temporary.replace(path)


def digest_of(value: Any) -> str:
    """Return a short digest of anything whose ``repr`` says all about it."""
    return hashlib.sha256(repr(value).encode("utf-8")).hexdigest()[:20]
