"""What a bib file holds, before anything is decoded, and what is given to others of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from labsite.diagnostics import Problem

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        name: Lower case.
        value: With abbreviations expanded, without outer braces and line breaks.
        start: Offset of the name in :attr:`Entry.raw`.
        end: Offset behind the value in :attr:`Entry.raw`.
    """

    name: str
    value: str
    line: int
    start: int = 0
    end: int = 0


class Reading(NamedTuple):
    """What reading a well-formed entry came to: the same text gives it again.

    Attributes:
        raw: As :attr:`Entry.raw`.
        names: Of its fields, in their order.
        uses: The abbreviations it uses, lower case, with the text and the definition of each.
        expanded: How many characters they came to.
    """

    raw: str
    names: tuple[str, ...]
    uses: tuple[tuple[str, str, str], ...]
    expanded: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it was written.

    Attributes:
        type: Entry type, lower case.
        fields: Lower-case field name → field, in the order of the file.
        raw: The entry's own text, from ``@`` to its closing brace; empty if it is not well-formed.
        strings: The definitions of the ``@string`` abbreviations it uses, as they stood here.
    """

    type: str
    key: str
    path: str
    line: int
    fields: Mapping[str, Field]
    raw: str
    strings: tuple[str, ...] = ()

    def get(self, *names: str) -> str:
        """Return the value of the first of ``names`` that is there and not empty."""
        for name in names:
            if (found := self.fields.get(name)) and found.value:
                return found.value
        return ""

    def line_of(self, *names: str) -> int:
        """Return the line of the first of ``names`` that is there, else the entry's."""
        return next((self.fields[name].line for name in names if name in self.fields), self.line)


@dataclass(frozen=True, slots=True)
class Bibliography:
    """What a bib file holds.

    Attributes:
        strings: Abbreviation (lower case) → its definition as written.
        values: Abbreviation (lower case) → the text it stands for.
        readings: Key → how its entry was read, for the next time.
    """

    entries: tuple[Entry, ...] = ()
    strings: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    readings: Mapping[str, Reading] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class BibTeX:
    """An entry as the maintainer wrote it, less the site's own fields.

    Attributes:
        strings: The ``@string`` definitions it uses.
        text: The entry.
        parents: What it takes fields from (``crossref``, ``xdata``), nearest first. BibTeX wants
            them behind it.
    """

    strings: tuple[str, ...] = ()
    text: str = ""
    parents: tuple[BibTeX, ...] = ()

    def __str__(self) -> str:
        return bibtex_file([self]).rstrip("\n")


def bibtex_file(entries: Iterable[BibTeX]) -> str:
    """Join entries to a file that stands alone.

    An abbreviation is defined before its first use, and again where it comes to stand for something
    else; parents come once, behind all that refer to them.
    """
    listed = tuple(entries)
    parents: dict[str, BibTeX] = {}
    for parent in (parent for entry in listed for parent in entry.parents):
        parents.pop(parent.text, None)  # its last place, behind all that name it
        parents[parent.text] = parent
    defined: dict[str, str] = {}
    lines: list[str] = []
    for entry in (*(entry for entry in listed if entry.text not in parents), *parents.values()):
        for definition in entry.strings:
            name = re.split(r"[{(]", definition.partition("=")[0])[-1].strip().casefold()
            if defined.get(name) != definition:
                lines.append(definition)
                defined[name] = definition
        lines.append(entry.text)
    return "".join(f"{line}\n" for line in lines)
