"""What can be wrong with the data, and how it is said.

Every finding is a :class:`Problem`: file, line, what is wrong (with the key it concerns) and the
remedy. All modules report through :func:`warn`, so that ``suppress_warnings``, ``-W`` and the table
in ``maintaining/warnings.md`` see one vocabulary.
"""

from __future__ import annotations

import difflib
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sphinx.util import logging

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_MESSAGE: Final = 1000
_LONGEST_WORD: Final = 100
_NEIGHBOURS: Final = 20
_logger = logging.getLogger(__name__)

WARNING_TYPE: Final = "labsite"

SUBTYPES: Final[dict[str, str]] = {
    "bib_syntax": "references.bib is not well-formed BibTeX at this line",
    "bib_encoding": "a data file is not UTF-8, or has control characters",
    "bib_duplicate_key": "two entries have the same key (upper and lower case count as the same)",
    "bib_key": "a key that cannot be used in an address",
    "bib_type": "an entry type that BibTeX and biblatex do not know",
    "bib_field": "a field that BibTeX, biblatex and this site do not know, or one given twice",
    "bib_required": "a field that this type of entry needs is missing",
    "bib_value": "a field's value cannot be read (year, month, name, number)",
    "bib_string": "an @string abbreviation that is not defined",
    "bib_latex": "LaTeX in a field that cannot be turned into text",
    "bib_link": "an address that is not http, https or mailto",
    "bib_crossref": "an entry takes fields from, or is related to, one that does not exist",
    "bib_direction": "a direction that has no page",
    "people_syntax": "people.yml is not well-formed YAML at this line",
    "people_value": "a person's entry lacks something or has a value that cannot be used",
    "people_alias": "one name is claimed by two people",
    "reference": "a page names a person, a publication or a direction that does not exist",
    "front_matter": "a page's front matter lacks something or cannot be read",
    "redirect": "a former address that cannot be one, or that is taken",
    "option": "a directive's option has a value that it does not know",
    "image": "a picture that cannot be used, or that has no text for those who cannot see it",
    "html": "HTML or a size on a page that the site's policy does not let work",
    "file": "a data file cannot be opened",
}
"""Subtype → what it stands for. Interface: maintainers put these in ``suppress_warnings``."""


KEEPER_KINDS: Final[dict[str, str]] = {
    "duplicate_id": "two entries have the same DOI, or the same number in an archive",
    "duplicate_title": "two entries have nearly the same title, and are not related",
    "version": "a preprint and the paper it became are both there, and not related",
    "retraction": "a retracted paper has no address of its notice",
    "identifier": "a DOI or a number in an archive is written with what does not belong to it",
    "address": "a web address that cannot be right",
    "pages": "pages that cannot be read, or a range that is no range",
    "missing_file": "a file of this site that is not there",
    "name": "two names that are likely one person's",
    "venue": "a journal or a conference that is written in two ways",
    "capitals": "capitals in a title that BibTeX makes small",
    "keeper": "the field 'keeper' names a kind of finding that does not exist",
}
"""Kind → what it stands for: what ``python -m labsite check`` finds and a build does not look for.
Interface: maintainers put these in the field ``keeper`` and in ``suppress_warnings``."""

LIKELY: Final = frozenset({"duplicate_title", "version", "name", "venue", "capitals"})
"""The kinds that are only likely to be wrong."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding in the maintainer's data.

    Attributes:
        path: File, as it is shown to the maintainer.
        line: Line in that file, counted from 1.
        subtype: A key of :data:`SUBTYPES` or :data:`KEEPER_KINDS`.
        what: What is wrong, naming the key concerned. A whole sentence.
        remedy: What to do about it. A whole sentence.
    """

    path: str
    line: int
    subtype: str
    what: str
    remedy: str

    def __post_init__(self) -> None:
        if self.subtype not in SUBTYPES and self.subtype not in KEEPER_KINDS:
            raise ValueError(f"unknown warning subtype {self.subtype!r}")
        if len(self.what) > _LONGEST_MESSAGE:  # it names a key or a value that is no such thing
            half = _LONGEST_MESSAGE // 2
            object.__setattr__(self, "what", f"{self.what[:half]} […] {self.what[-half:]}")


def warn(problem: Problem) -> None:
    """Emit ``problem`` as a Sphinx warning of type ``labsite``."""
    _logger.warning(
        "%s %s",
        problem.what,
        problem.remedy,
        location=f"{problem.path}:{problem.line}",
        type=WARNING_TYPE,
        subtype=problem.subtype,
    )


def suggest(word: str, known: Iterable[str]) -> str:
    """Return ``"Did you mean 'x'?"`` for the nearest of ``known``, or an empty string."""
    if len(word) > _LONGEST_WORD:
        return ""
    folded = {candidate.casefold(): candidate for candidate in known}
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return f"Did you mean {folded[near[0]]!r}?" if near else ""


class Suggestions:
    """:func:`suggest` for many words and thousands of known ones.

    Looks only at those that begin or end nearly as the word does, so that a thousand wrong keys
    among ten thousand do not take minutes.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = sorted(set(known))
        self._by_ending = sorted(candidate[::-1] for candidate in self._known)

    def near(self, word: str, but: str) -> str:
        """Return ``"Did you mean 'x'?"`` for the nearest word ``but`` one, or an empty string."""
        if len(word) > _LONGEST_WORD:
            return ""
        alike = _around(self._known, word)
        alike += [candidate[::-1] for candidate in _around(self._by_ending, word[::-1])]
        return suggest(word, (candidate for candidate in alike if candidate != but))


def _around(ordered: list[str], word: str) -> list[str]:
    place = bisect_left(ordered, word)
    return ordered[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS]
