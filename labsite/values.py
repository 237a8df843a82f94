"""The values of fields: pieces joined by ``#``, and the abbreviations among them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from labsite.bibtext import SyntaxFault
from labsite.diagnostics import suggest
from labsite.entries import MONTHS

if TYPE_CHECKING:
    from labsite.bibtext import BibText
    from labsite.entries import Reading

_MONTH_NAMES: Final = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
_BARE: Final = re.compile(r"[^\s,{}()=\"#%']+")
_HASH: Final = re.compile(r"\s*#\s*")
_MOST_EXPANDED: Final = 1_000_000
"""How many characters abbreviations may expand to, besides ten times the length of the file: twenty
of them that each name the one before twice would come to a million times their own length."""


class Values:
    """Reads the values of one file.

    Attributes:
        abbreviations: Each, in lower case → the text it stands for by now.
        definitions: The same → its definition as written; the months have none.
    """

    def __init__(self, bib: BibText) -> None:
        self.bib, self.text = bib, bib.text
        self.abbreviations = dict(zip(MONTHS, _MONTH_NAMES, strict=True))
        self.definitions: dict[str, str] = {}
        self._uses: dict[str, tuple[str, str, str]] = {}
        self._room = self._room_before = _MOST_EXPANDED + 10 * len(bib.text)
        self._is_expanded_too_far = False
        self._undefined = 0

    def begin(self) -> None:
        """Forget what abbreviations were used: another block begins."""
        self._uses.clear()
        self._room_before = self._room

    @property
    def uses(self) -> tuple[tuple[str, str, str], ...]:
        """The abbreviations used since :meth:`begin`, as a :class:`Reading` has them."""
        return tuple(self._uses.values())

    @property
    def used_definitions(self) -> tuple[str, ...]:
        """The definitions of those that have one."""
        return tuple([definition for _, _, definition in self._uses.values() if definition])

    @property
    def expanded(self) -> int | None:
        """How many characters they came to; nothing if that was far too much."""
        expanded = self._room_before - self._room
        return expanded if self._room >= 0 and expanded < _MOST_EXPANDED else None

    def use_again(self, reading: Reading) -> bool:
        """Use the abbreviations of an entry read before, if they still stand for the same."""
        for word, value, definition in reading.uses:
            now = self.abbreviations.get(word), self.definitions.get(word, "")
            if now != (value, definition):
                return False
        if self._room < reading.expanded:
            return False
        self._room -= reading.expanded
        self._uses = {use[0]: use for use in reading.uses}
        return True

    def read(self, position: int) -> tuple[str, int]:
        """Read pieces joined by ``#``; return the joined text and the offset behind it.

        Raises:
            SyntaxFault: There is no value, or nothing closes it.
        """
        pieces: list[str] = []
        while True:
            piece, position = self._piece(position)
            pieces.append(piece)
            rest = _HASH.match(self.text, position)
            if not rest:
                return "".join(pieces), position
            position = rest.end()

    def _piece(self, position: int) -> tuple[str, int]:
        char = self.text[position : position + 1]
        if char in {"{", '"'}:
            end = self.bib.group(position) if char == "{" else self.bib.quote(position)
            return self.text[position + 1 : end - 1], end
        match = _BARE.match(self.text, position)
        if not match:
            raise SyntaxFault(position, "A value is missing.", "Write it in braces.")
        return self.expand(match[0], position), match.end()

    def expand(self, word: str, position: int) -> str:
        """Return what a bare word stands for: a number, or an abbreviation's value."""
        if word.isdigit():
            return word
        if word.lower() in self.abbreviations:
            if not self._has_room(word, position):
                return word
            return self._used(word.lower())
        self._undefined += 1  # those who see fifty of them need no more help with each
        near = suggest(word, self.abbreviations) if self._undefined <= 50 else ""
        owner = self.bib.owner
        what = f"{owner}: the abbreviation {word!r} is not defined; it is taken as text."
        remedy = "put the value in braces, or define it with @string."
        remedy = f"{near} Otherwise {remedy}" if near else f"P{remedy[1:]}"
        self.bib.problem(position, "bib_string", what, remedy)
        return word

    def _used(self, word: str) -> str:
        value = self.abbreviations[word]
        self._uses.setdefault(word, (word, value, self.definitions.get(word, "")))
        return value

    def _has_room(self, word: str, position: int) -> bool:
        """Whether an abbreviation may still be expanded; said once if not."""
        self._room -= len(self.abbreviations[word.lower()])
        if self._room < 0 and not self._is_expanded_too_far:
            self._is_expanded_too_far = True
            owner = self.bib.owner
            what = f"{owner}: the abbreviations of this file come to far more text than it has"
            what = f"{what}; {word!r} and those behind it are taken as text."
            remedy = "Look for an @string that names another one several times."
            self.bib.problem(position, "bib_string", what, remedy)
        return self._room >= 0
