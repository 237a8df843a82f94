"""Run a command and note what it took: ``python -m bench.measure FIGURES LOG COMMAND…``.

A process of its own for each command, since Linux lets a process begin with the peak memory of the
one that started it: this one stays small.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
_RSS_UNIT: Final = 1 if sys.platform == "darwin" else 1024
"""Bytes in a unit of ``ru_maxrss``: macOS counts bytes, Linux KiB."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a build took and made.

    Attributes:
        wall: Seconds by the clock.
        cpu: Seconds of processor time, user and system, of all its processes; NaN on Windows.
        memory: Peak of its largest process, in MB (10⁶ bytes); NaN on Windows.
        size: Output in MB.
        files: Files in the output.
    """

    wall: float
    cpu: float
    memory: float
    size: float = math.nan
    files: float = math.nan


class BuildFailed(Exception):
    """A build ended with an error or made something else than it should; the message has it all."""


def measure(command: Sequence[str]) -> Cost:
    """Run a command in the repository's root and return what it took.

    Raises:
        BuildFailed: With the command and its output, if its exit status is not 0.
    """
    with TemporaryDirectory() as scratch:
        figures, log = Path(scratch) / "figures.json", Path(scratch) / "log.txt"
        helper = [sys.executable, "-m", "bench.measure", str(figures), str(log), *command]
        environ = {**os.environ, "PYTHONUTF8": "1"}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody compiles everything with each build
        status = subprocess.run(helper, cwd=ROOT, env=environ, check=False).returncode
        if status:
            said = log.read_text(encoding="utf-8", errors="replace") if log.is_file() else ""
            raise BuildFailed(f"exit status {status}: {' '.join(command)}\n{said.rstrip()}")
        return Cost(**json.loads(figures.read_text(encoding="utf-8")))


def _run(command: Sequence[str], log: Path) -> tuple[int, Cost]:
    """Run a command, its output into a file; return its exit status and its cost."""
    with log.open("wb") as output:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        if sys.platform == "win32":
            status = process.wait()
            return status, Cost(time.perf_counter() - begin, math.nan, math.nan)
        _, ended, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(ended)
    memory = usage.ru_maxrss * _RSS_UNIT / 1e6
    return process.returncode, Cost(wall, usage.ru_utime + usage.ru_stime, memory)


def main(arguments: Sequence[str]) -> int:
    """Run the command, write its cost, and end as it ended."""
    figures, log, *command = arguments
    try:
        status, cost = _run(command, Path(log))
    except OSError as problem:
        Path(log).write_text(str(problem), encoding="utf-8")
        return 127
    Path(figures).write_text(json.dumps(asdict(cost)), encoding="utf-8")
    return 1 if status < 0 else status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
