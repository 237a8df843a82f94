"""How the entries that are there write a journal or conference, and its short form."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from labsite.authors import ascii_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from labsite.entries import Entry

VENUES: Final = ("journal", "booktitle", "school", "institution")
_YEAR: Final = "\0"
_NUMBERED: Final = re.compile(r"\d+(?:st|nd|rd|th)")
_MUCH_MORE: Final = 3
"""One of two spellings is the usual one if it is there so many times as often."""


def as_written(name: str, value: str, year: int, entries: Sequence[Entry]) -> str:
    """Return a venue as other entries write it, also of other years, if it is clear how.

    Args:
        name: The field.
        value: The record's spelling.
        year: Of the publication.
        entries: All there are.
    """
    if name not in VENUES:
        return value
    written = [(text, entry.get("year")) for entry in entries for text in _venues(entry)]
    same = {text for text, _ in written if _fold(text) == _fold(value)}
    if len(same) == 1:
        return same.pop()
    if same or not year:
        return value
    series = _series(value, str(year))
    found = _usual(_any_year(text, when) for text, when in written if _series(text, when) == series)
    return value if not found or re.search(r"\d", found) else found.replace(_YEAR, str(year))


def short_form(venue: str, year: int, entries: Sequence[Entry]) -> str:
    """Return the short venue that all entries of the same venue have, with this one's year."""
    if not venue or not year:
        return ""
    series = _series(venue, str(year))
    known = {
        _any_year(abbr, when)
        for entry in entries
        if (abbr := entry.get("abbr")) and (when := entry.get("year"))
        if any(_series(text, when) == series for text in _venues(entry))
    }
    found = known.pop() if len(known) == 1 else ""
    return "" if re.search(r"\d{4}", found) else found.replace(_YEAR, str(year))


def _venues(entry: Entry) -> Iterator[str]:
    return (text for name in VENUES if (text := entry.get(name)))


def _usual(texts: Iterable[str]) -> str:
    counted = Counter(texts).most_common(2)
    is_clear = len(counted) == 1 or (counted and counted[0][1] >= _MUCH_MORE * counted[1][1])
    return counted[0][0] if is_clear else ""


def _fold(venue: str) -> str:
    words = re.findall(r"[a-z0-9]+", ascii_of(venue.replace("\\&", " and ")))
    return " ".join(words[1:] if words[:1] == ["the"] else words)


def _series(venue: str, year: str) -> str:
    """Return a venue without what is another every year: ``2014 IEEE 11th Symposium``."""
    words = _fold(venue).split()
    return " ".join(word for word in words if word != year and not _NUMBERED.fullmatch(word))


def _any_year(text: str, year: str) -> str:
    return text.replace(year, _YEAR) if year else text
