"""An entry in the house style, before it stands in a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from labsite.authors import ascii_of
from labsite.bib import parse_bib
from labsite.entries import MONTHS
from labsite.house import written
from labsite.lint import is_safe_key
from labsite.markup import JOINERS

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

_SKIPPED: Final = frozenset(
    "a an the is are was do does can will on of in at to for from by with and or how what why when "
    "where which who".split()
)
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be.

    Attributes:
        fields: Name → value in LaTeX, without its braces; a month is its abbreviation.
    """

    type: str
    key: str
    fields: Mapping[str, str]

    def __str__(self) -> str:
        values = ((name, value) for name, value in self.fields.items() if value)
        return written(
            self.type, self.key, [(name, _braced(name, value)) for name, value in values]
        )


def unreadable(draft: Draft) -> str:
    """Name what of a draft would not be read as it was meant, or return an empty text.

    The last line of defence: whatever a registry sends, only what was drafted gets into the file.
    """
    text = str(draft)
    bib = parse_bib(text, "")
    if bib.problems or [(item.type, item.key) for item in bib.entries] != [(draft.type, draft.key)]:
        return "the entry"
    read = {name: item.value for name, item in bib.entries[0].fields.items()}
    meant = {name: value for name, value in draft.fields.items() if value}
    for name in [*meant, *read]:
        value = meant.get(name, "")
        is_same = read.get(name) == value or (name == "month" and value in MONTHS)
        if not is_same or not all(char.isprintable() or char in JOINERS for char in value):
            return f"its {name}" if name in meant else "the entry"
    return ""


def _braced(name: str, value: str) -> str:
    return value if name == "month" and value in MONTHS else f"{{{value}}}"


def propose_key(family: str, year: int, title: str, taken: Container[str]) -> str:
    """Return a key: family name, year, first word of the title, and a letter if it is taken.

    Args:
        family: With what belongs to it; of a work without authors, anything that names it.
        year: 0 if it is not known.
        title: In plain text.
        taken: Keys in small letters.
    """
    words = [word for word in map(_letters, re.findall(r"[^\W_]+", title)) if word]
    counted = [word for word in words if word not in _SKIPPED]
    key = f"{_letters(family)}{year or ''}{next(iter(counted or words), '')}"[:80]
    key = key if key[:1].isalpha() else f"work{key}"
    candidates = [key, *(f"{key}{letter}" for letter in _LETTERS)]
    candidates += [f"{key}{one}{other}" for one in _LETTERS for other in _LETTERS]
    free = (item for item in candidates if item not in taken and is_safe_key(item))
    return next(free, "")


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", ascii_of(text))
