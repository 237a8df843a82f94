"""From measured costs to medians, ratios, tables and the goals that they meet or miss."""

from __future__ import annotations

import math
import statistics
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Final

from bench.measure import Cost

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

PEERS: Final = {
    "this site": ("stock", "Hugo"),
    "real site": ("empty site",),
}
"""Site → those that it is compared with."""
PEER_STEPS: Final = {"added entry": "changed entry", "changed page": "changed entry"}
"""Step → the nearest one, for peers without that step."""
MEMORY_LIMIT: Final = 600
"""In MB."""
GROWTH_LIMIT: Final = 1.1
"""So many times the growth of the number of publications."""

FigureKey = tuple[str, int, str]
Figures = dict[FigureKey, Cost]
"""Site, number of publications (0: its own) and step → the median of each figure."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal and how far it is met.

    Attributes:
        number: The one of the list it belongs to.
        measured: Name of each figure → ratio or value; NaN where nothing was measured.
        limit: The most that it may be; or, if ``below``, what it must stay under.
    """

    number: int
    text: str
    measured: Mapping[str, float]
    limit: float
    below: bool = False

    @property
    def verdict(self) -> str:
        """``met``, ``not met`` or ``not measured``; all figures must be within the limit."""
        values = [value for value in self.measured.values() if not math.isnan(value)]
        if not values:
            return "not measured"
        within = all(value < self.limit if self.below else value <= self.limit for value in values)
        return "met" if within else "not met"

    def __str__(self) -> str:
        values = ", ".join(f"{name} {number(value)}" for name, value in self.measured.items())
        return f"{self.number}. {self.text}: {values}: {self.verdict}"


def medians(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure by itself."""
    names = [field.name for field in fields(Cost)]
    return Cost(*(statistics.median(getattr(cost, name) for cost in costs) for name in names))


def ratio(part: float, whole: float) -> float:
    """Return ``part / whole``, or NaN where that says nothing."""
    return part / whole if whole > 0 else math.nan


def number(value: float) -> str:
    """Return a number with about three digits, or a dash for NaN."""
    if math.isnan(value):
        return "–"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows, the first one the header, in aligned columns; numbers stand to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [
            text.ljust(width) if place < 2 else text.rjust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def tables(figures: Figures) -> Iterator[str]:
    """Yield a table for each number of publications, then that of the real site."""
    sizes = sorted({size for _, size, _ in figures}, key=lambda size: (size == 0, size))
    for size in sizes:
        here = {key: cost for key, cost in figures.items() if key[1] == size}
        peers = [
            peer
            for site, others in PEERS.items()
            for peer in others
            if (site, size, "full") in here and (peer, size, "full") in here
        ]
        header = ["", "", "wall s", "processor s", "memory MB", "output MB", "files"]
        rows = [[*header, *(f"to {peer}" for peer in peers)]]
        rows += [_row(figures, key, peers) for key in here]
        title = f"{size:,} publications" if size else "The site of this repository"
        yield f"{title}\n\n{table(rows)}"


def _row(figures: Figures, key: FigureKey, peers: Iterable[str]) -> list[str]:
    site, size, step = key
    cost = figures[key]
    row = [site, step, *map(number, (cost.wall, cost.cpu, cost.memory, cost.size))]
    row.append("–" if math.isnan(cost.files) else f"{cost.files:,.0f}")
    for peer in peers:
        ratios = _ratios(figures, key, (peer, size, _peer_step(figures, peer, size, step)))
        if peer not in PEERS.get(site, ()) or all(map(math.isnan, ratios.values())):
            row.append("")
        else:
            row.append(" / ".join(map(number, ratios.values())))
    return row


def _peer_step(figures: Figures, peer: str, size: int, step: str) -> str:
    """Return the step of a peer that a step is compared with: a rebuild with a rebuild."""
    for name in (step, PEER_STEPS.get(step, "no-op")):
        if (peer, size, name) in figures:
            return name
    return "no-op"


def _ratios(figures: Figures, key: FigureKey, other: FigureKey) -> dict[str, float]:
    one, two = figures.get(key), figures.get(other)
    if one is None or two is None:
        return {"wall": math.nan, "processor": math.nan}
    return {"wall": ratio(one.wall, two.wall), "processor": ratio(one.cpu, two.cpu)}


def goals(figures: Figures) -> Iterator[Goal]:
    """Yield the goals, on the largest bench site, the two largest ones, and the real site."""
    sizes = sorted({size for site, size, _ in figures if site == "this site"})
    if sizes:
        yield from _goals_of_size(figures, sizes[-1])
    if len(sizes) > 1:
        yield from _goals_of_growth(figures, sizes[-2], sizes[-1])
    for step, other, most in (
        ("full", "full", 4),
        ("no-op", "no-op", 1.5),
        ("changed entry", "no-op", 1.5),
    ):
        measured = _ratios(figures, ("real site", 0, step), ("empty site", 0, other))
        below = step == "full"
        bound = "under" if below else "at most"
        text = f"real site, {step}, to {other} of an empty pydata site ({bound} {most} times)"
        yield Goal(3, text, measured, most, below)


def _goals_of_size(figures: Figures, size: int) -> Iterator[Goal]:
    for peer, step, most, below in (
        ("stock", "full", 0.2, False),
        ("Hugo", "full", 4, False),
        ("Hugo", "no-op", 1, True),
        ("Hugo", "changed entry", 1, True),
    ):
        measured = _ratios(figures, ("this site", size, step), (peer, size, step))
        bound = "under" if below else "at most"
        yield Goal(
            1, f"{size:,} publications, {step}, to {peer} ({bound} {most})", measured, most, below
        )
    peaks = [cost.memory for key, cost in figures.items() if key[:2] == ("this site", size)]
    text = f"{size:,} publications, peak memory (at most {MEMORY_LIMIT} MB)"
    yield Goal(1, text, {"MB": max(peaks)}, MEMORY_LIMIT)


def _goals_of_growth(figures: Figures, small: int, large: int) -> Iterator[Goal]:
    limit = GROWTH_LIMIT * large / small
    for site, size, step in figures:
        if (site, size) != ("this site", small) or (site, large, step) not in figures:
            continue
        before = asdict(figures[site, small, step])
        after = asdict(figures[site, large, step])
        names = {"cpu": "processor"}
        growth = {names.get(name, name): ratio(after[name], before[name]) for name in before}
        text = f"{small:,} → {large:,} publications, {step} (at most {number(limit)} times)"
        yield Goal(2, text, growth, limit)
