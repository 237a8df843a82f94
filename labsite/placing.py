"""Where a new entry goes in a bib file, and whether the file is otherwise as it was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from labsite.bib import parse_bib

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from labsite.entries import Bibliography, Entry

_LINE: Final = re.compile("\n")
_BLOCK_BEHIND: Final = re.compile(r"[^\n]*@[ \t]*+[A-Za-z]++\s*+[{(]")


class CannotPlace(Exception):
    """There is no place where the entry would be read as it is; the message says what to mend."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry goes.

    Attributes:
        offset: In the file's text.
        text: What is to be put there: the entry and the blank lines around it.
        line: Of the new entry, in the new text.
    """

    offset: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class _Stretch:
    """An entry in the text; ``end`` is -1 if it is not known where the entry ends."""

    entry: Entry
    start: int
    end: int


def place(text: str, new: Entry, written: str, shown_as: str) -> Place:
    r"""Find the place of a new entry: year down, then key.

    It goes before the first entry that is older, or as old with a key behind its own: right behind
    the entry before that one if the two are of one year, or if nothing of its year follows; else
    before the entry that follows and what is said right above that.

    Args:
        text: Of the file, with ``\n`` for line ends.
        new: The entry, for its key and year.
        written: Its text, as it is to stand in the file.
        shown_as: The file, as messages name it.

    Raises:
        CannotPlace: Nowhere would it, and all that is there, be read as it is.
    """
    before = parse_bib(text, shown_as)
    stretches = _stretches(text, before.entries)
    for offset, addition in _candidates(text, stretches, new, written):
        leading = len(addition) - len(addition.lstrip("\n"))
        found = Place(offset, addition, text.count("\n", 0, offset) + leading + 1)
        if _is_well(text, found, before, new):
            return found
    problem = min(before.problems, default=None)
    where = f"{problem.path}:{problem.line}: {problem.what}" if problem else shown_as
    message = f"The entry cannot be put into the file without harm: it is damaged. {where}"
    raise CannotPlace(f"{message} Mend that first.")


def _candidates(
    text: str, stretches: Sequence[_Stretch], new: Entry, written: str
) -> Iterator[tuple[int, str]]:
    """Yield places, the best first, as offset and what is to be put there."""
    year = _year(new)
    years = [_year(item.entry) for item in stretches]
    own = (-year, new.key.lower())
    keys = [(-then, item.entry.key.lower()) for then, item in zip(years, stretches, strict=True)]
    behind_own = (index for index, key in enumerate(keys) if years[index] and key > own)
    following = next(behind_own, len(stretches))
    if following < len(stretches):
        start = stretches[following].start
        floor = _floor(text, stretches[following - 1]) if following else 0
        before = list(_before(text, floor, start, year, written))
        if following and years[following - 1] != year and years[following] == year:
            yield from before
    else:
        before = []
    if following and (end := stretches[following - 1].end) >= 0:
        yield _behind(text, end, written)
    yield from before
    yield len(text), f"{_gap(text)}{written}\n"


def _floor(text: str, before: _Stretch) -> int:
    """Return where the line ends on which an entry ends, or begins if nobody knows its end."""
    return text.find("\n", max(before.start, before.end)) + 1 or len(text)


def _before(
    text: str, floor: int, start: int, year: int, written: str
) -> Iterator[tuple[int, str]]:
    """Yield the places before an entry, above what is said of it and below.

    Nothing above ``floor`` is said of it: the entry before ends there. What stands on the first
    lines of a file is said of the whole.
    """
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip():  # something else stands on its line
        yield start, f"\n\n{written}\n\n"
        return
    above = text.rfind("\n\n", max(0, floor - 1), line)
    top = above + 2 if above >= 0 else floor
    said = text[top:line]
    if top and said and not (year and str(year) in said):
        yield top, f"{_gap(text[:top])}{written}\n\n"
    yield line, f"{'' if said else _gap(text[:line])}{written}\n\n"


def _behind(text: str, end: int, written: str) -> tuple[int, str]:
    """Return where an entry goes that stands behind another, which ends at ``end``."""
    if _BLOCK_BEHIND.match(text, end):  # the next one begins on the same line
        return end, f"\n\n{written}\n\n"
    line_end = text.find("\n", end)
    return (len(text) if line_end < 0 else line_end), f"\n\n{written}"


def _gap(text: str) -> str:
    """Return what is missing at the end of a file for a blank line."""
    if not text.strip("\n"):
        return ""
    return "\n" * max(0, 2 - (len(text) - len(text.rstrip("\n"))))


def _year(entry: Entry) -> int:
    found = re.search(r"(?<!\d)[12]\d{3}(?!\d)", entry.get("date") or entry.get("year"))
    return int(found[0]) if found else 0


def _stretches(text: str, entries: Sequence[Entry]) -> list[_Stretch]:
    """Find where each entry begins and ends."""
    starts = [0, *(match.end() for match in _LINE.finditer(text))]
    found: list[_Stretch] = []
    position = 0
    for entry in entries:
        position = max(position, starts[entry.line - 1])
        start = text.find(entry.raw or "@", position)
        end = start + len(entry.raw) if entry.raw else -1
        found.append(_Stretch(entry, start, end))
        position = max(end, start + 1)
    return found


def _is_well(text: str, found: Place, before: Bibliography, new: Entry) -> bool:
    """Whether the new text holds the one new entry, and all others as they were."""
    after = parse_bib(text[: found.offset] + found.text + text[found.offset :], new.path)
    added = [entry for entry in after.entries if (entry.key, entry.line) == (new.key, found.line)]
    others = [entry for entry in after.entries if entry not in added]
    return (
        [_values(entry) for entry in added] == [_values(new)]
        and [_facts(entry) for entry in others] == [_facts(entry) for entry in before.entries]
        and len(after.problems) <= len(before.problems)
    )


def _values(entry: Entry) -> dict[str, str]:
    """Return an entry's values, but for the month, whose name a file may define anew."""
    return {name: item.value for name, item in entry.fields.items() if name != "month"}


def _facts(entry: Entry) -> tuple[object, ...]:
    values = [(name, item.value) for name, item in entry.fields.items()]
    return entry.type, entry.key, values, entry.strings, entry.raw
