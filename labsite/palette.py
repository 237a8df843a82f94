"""The colours of card images, as the style sheets have them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

_COLOUR: Final = r"#((?:[0-9a-f]{3}){1,2})"
_DECLARATION: Final = re.compile(
    rf"(?is)\s*--ls-([\w-]+)\s*:\s*(?:light-dark\(\s*{_COLOUR}\s*,.*\)|{_COLOUR})\s*(?:!.*)?"
)


@dataclass(frozen=True, slots=True)
class Palette:
    """A card's colours, each as ``#rrggbb``; ``marks`` are those of the directions."""

    paper: str = "#fcfbf8"
    ink: str = "#17212b"
    soft: str = "#4b5865"
    accent: str = "#0a5c73"
    line: str = "#dfdcd3"
    marks: tuple[str, ...] = ("#0a5c73", "#8a4a12", "#5b3f92", "#2f6b35")


def read_palette(css: str) -> Palette:
    """Read the light colours out of style sheets, joined in the order in which they apply.

    Args:
        css: Their text. ``--ls-paper: light-dark(#fff, #000)`` and ``--ls-paper: #ffffff`` are
            understood. What stands in a rule for dark pages or within ``@media`` does not count.

    Returns:
        The colours; what cannot be read keeps its default.
    """
    found: dict[str, str] = {}
    rules: list[str] = []
    pieces = re.split("([{};])", re.sub(r"(?s)/\*.*?\*/", " ", css))
    for text, end in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        if end == "{":
            rules.append(text.strip())
            continue
        match = _DECLARATION.fullmatch(text)
        if match and not any("dark" in rule or rule.startswith("@media") for rule in rules):
            digits = (match[2] or match[3]).lower()
            found[match[1]] = "#" + "".join(digit * (6 // len(digits)) for digit in digits)
        if end == "}" and rules:
            rules.pop()
    marks = tuple(found.get(f"d{n}", mark) for n, mark in enumerate(Palette().marks, 1))
    names = found.keys() & {"paper", "ink", "soft", "accent", "line"}
    return replace(Palette(), marks=marks, **{name: found[name] for name in names})
