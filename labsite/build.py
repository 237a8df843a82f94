"""What one build knows: when it began, what the last one left, what its pages and files show."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labsite.manifest import TEMPORARY, Manifest, replace_file, write_file, write_if_changed
from labsite.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass
class Build:
    """The state of one build.

    Attributes:
        outdir: The output folder.
        started: When it began, in nanoseconds since the epoch.
        is_first: Nothing was in the output folder when it began.
        before: What the last finished build left in the output folder.
        digests: Page or file → digest of what it shows.
        common_digest: Digest of what every page shows.
        workers: Its processes.
        begun: Pages with a source that Sphinx has begun to write.
    """

    outdir: Path = Path()
    started: int = 0
    is_first: bool = False
    before: Manifest = field(default_factory=Manifest)
    digests: dict[str, str] = field(default_factory=dict)
    common_digest: str = ""
    workers: Workers = field(default_factory=Workers)
    begun: set[str] = field(default_factory=set)
    _once: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def begin(cls, outdir: Path, workers: Workers) -> Build:
        """Return the state of a build that begins now."""
        is_first = not any(path.is_file() for path in outdir.glob("*"))
        return cls(outdir, started=time.time_ns(), is_first=is_first, workers=workers)

    def is_left(self, name: str, digest: str, paths: Iterable[str]) -> bool:
        """Note what a page or some files show, and say whether the last build left them so.

        Args:
            name: Of the page, or of the files together.
            digest: Of all that they show.
            paths: The files, relative to the output folder.
        """
        self.digests[name] = digest
        return self.before.digests.get(name) == digest and self._files.issuperset(paths)

    def write(self, path: str, data: bytes) -> None:
        """Write a file, by its path relative to the output folder, if it is new or another one."""
        self.workers.stop_if_orphaned()
        place = f"{self.outdir}{os.sep}{path}"
        if path in self._files:
            write_if_changed(place, data)
        elif self.is_first:  # nobody can have anything of it yet; renaming takes as long as writing
            write_file(place, data)
        else:
            replace_file(place, data)

    def left_over(self) -> set[str]:
        """Return the files that a build that was ended could not put in their places."""
        return {path for path in self._files if path.endswith(TEMPORARY)}

    @cached_property
    def _files(self) -> frozenset[str]:
        """The files in the output folder: one look at each folder instead of one at each file."""
        found = set[str]()
        for folder, _, names in os.walk(self.outdir):
            inner = Path(folder).relative_to(self.outdir).as_posix()
            found.update(names if inner == "." else [f"{inner}/{name}" for name in names])
        return frozenset(found)

    def forget(self) -> None:
        """Work everything out anew: pages have been read since."""
        self._once = {}

    def once(self, name: str, work_out: Callable[[], Any]) -> Any:
        """Return what is worked out from records and pages once a build."""
        if name not in self._once:
            self._once[name] = work_out()
        return self._once[name]
