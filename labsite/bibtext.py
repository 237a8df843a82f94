"""The text of a bib file: its lines, blocks, groups and quotes, and what is found wrong in it.

What a group or a quote is for is known to those who read with it: :mod:`labsite.bib` (blocks,
entries, fields) and :mod:`labsite.values`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import Final

from labsite.braces import SHALLOW, Braces
from labsite.diagnostics import Problem

# "++" and "*+" never give back what they took: no text makes these patterns slow
UNOPENED_ENTRY: Final = (
    r"[ \t]*+(@)[ \t]*+([A-Za-z]++)[ \t]*+([^\s{}(),=@\"]*+)\s*+,"
    r"(?=\s*+[A-Za-z][^\s={}(),]*+\s*+=)"
)
"""Matches an entry whose opening brace is missing: ``@article key,`` with a field behind it."""
_BLOCK_AT_LINE_START: Final = re.compile(
    rf"^(?:[ \t]*+@[ \t]*+[A-Za-z]++[ \t]*+[{{(]|{UNOPENED_ENTRY})", re.MULTILINE
)
_PLAIN_GROUP: Final = re.compile(rf"\{{{SHALLOW}\}}")
_SPACE: Final = re.compile(r"\s*")
_BRACE_OR_CLOSER: Final = re.compile(r"[{})]")
_QUOTE: Final = re.compile(r'[{}"]')


class SyntaxFault(Exception):
    """The strict reading of one block failed."""

    def __init__(self, position: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.position, self.what, self.remedy = position, what, remedy


class BibText:
    """A file's text, or a part of it.

    Args:
        text: The text; all positions are offsets in it.
        path: How messages name the file.
        first_line: The number of its first line.

    Attributes:
        owner: What is being read, as messages name it.
        problems: Found so far.
    """

    def __init__(self, text: str, path: str, first_line: int = 1) -> None:
        self.text, self.path, self.owner = text, path, ""
        self.problems: list[Problem] = []
        self._first_line = first_line
        self._newlines = [match.start() for match in re.finditer("\n", text)]
        self._next_block = (0, -1)  # where it was last looked for, and where it is
        self._unclosed_round = -1  # the first ( of a block that nothing closes

    def line(self, position: int) -> int:
        """Return the line number of an offset."""
        return bisect_right(self._newlines, position - 1) + self._first_line

    def problem(self, position: int, subtype: str, what: str, remedy: str) -> None:
        """Note a problem at an offset."""
        self.problems.append(Problem(self.path, self.line(position), subtype, what, remedy))

    def next_block(self, position: int) -> int:
        """Return where the next line begins that begins a block, or the end of the text."""
        asked, found = self._next_block
        if not asked <= position <= found:
            match = _BLOCK_AT_LINE_START.search(self.text, position)
            found = match.start() if match else len(self.text)
            self._next_block = position, found
        return found

    def skip_blank(self, position: int) -> int:
        """Skip white space and ``%`` lines (which BibTeX does not know, hence the message)."""
        while True:
            match = _SPACE.match(self.text, position)
            position = match.end() if match else position
            if self.text[position : position + 1] != "%":
                return position
            what = f"{self.owner}: a % starts no comment in BibTeX; the line is left out."
            self.problem(position, "bib_syntax", what, "Delete the line.")
            end = self.text.find("\n", position)
            position = end if end >= 0 else len(self.text)

    @cached_property
    def braces(self) -> Braces:
        """Of the whole text: for what :data:`_PLAIN_GROUP` does not find."""
        return Braces(self.text)

    def group(self, position: int) -> int:
        """Return the offset behind the balanced group that opens at ``position``.

        Raises:
            SyntaxFault: Nothing closes it.
        """
        if plain := _PLAIN_GROUP.match(self.text, position):
            return plain.end()
        is_round = self.text[position] == "("
        closing = self._round(position) if is_round else self.braces.closing(position)
        if closing < 0:
            raise SyntaxFault(position, "A closing brace is missing.", "Add the closing brace.")
        return closing + 1

    def _round(self, position: int) -> int:
        """Return the offset of what closes the ``(`` of a block, or -1."""
        # after one that nothing closes the others are looked for in their own block only
        end = len(self.text) if self._unclosed_round < 0 else self.next_block(position)
        at = position + 1
        while at > 0 and (match := _BRACE_OR_CLOSER.search(self.text, at, end)):
            if match[0] != "{":
                return match.start()
            at = self.braces.closing(match.start()) + 1
        self._unclosed_round = position
        return -1

    def quote(self, position: int) -> int:
        """Return the offset behind the quotation that opens at ``position``.

        Raises:
            SyntaxFault: Nothing closes it, or a brace in it does not match.
        """
        at = position + 1
        while at > 0 and (match := _QUOTE.search(self.text, at)):
            if match[0] == '"':
                return match.end()
            at = self.braces.closing(match.start()) + 1 if match[0] == "{" else 0
        raise SyntaxFault(position, "A closing quotation mark is missing.", "Add it.")
