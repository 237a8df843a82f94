"""BibTeX files → entries, each with its line, its verbatim source and nothing lost.

A scanner rather than pybtex's parser, because that one does not know where an entry began, stops at
a duplicate key and drops everything behind an unclosed brace. On well-formed files both agree field
by field (a test compares them). Grammar: the BibTeX manual ("BibTeXing", Patashnik 1988) and
Tame the BeaST (Markey 2009), section 4.

Recovery: an entry whose braces do not match is read again line by line, up to the line where the
next entry begins, so that a slip costs neither the rest of the entry nor what follows it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from labsite.diagnostics import Problem, suggest
from labsite.textfile import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES: Final = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip

_BLOCK: Final = re.compile(r"@[ \t]*([A-Za-z]+)\s*([{(])")
_BLOCK_AT_LINE_START: Final = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]", re.MULTILINE)
_ENTRY_IN_VALUE: Final = re.compile(r"^@[ \t]*[A-Za-z]+[ \t]*\{[^\s{},=]+,[ \t]*$", re.MULTILINE)
_KEY: Final = re.compile(r"\s*([^\s,{}=\"#]*)\s*")
_FIELD: Final = re.compile(r"\s*([A-Za-z][^\s={}(),\"#%'@]*)\s*=\s*")
_BARE_VALUE: Final = re.compile(r"[^\s,{}()=\"#%']+")
_FIELD_IN_LINES: Final = re.compile(
    r"(?:^|,)[ \t]*([A-Za-z][\w:+-]*)[ \t]*=[ \t]*(?=[{\"\w])", re.MULTILINE
)


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


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it was written.

    Attributes:
        type: Entry type, lower case.
        fields: Lower-case field name → field, in the order of the file.
        raw: The entry's own text, from ``@`` to its closing brace; empty if it is not well-formed.
        strings: The ``@string`` abbreviations it uses, lower case.
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
    """

    entries: tuple[Entry, ...] = ()
    strings: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


class _SyntaxFault(Exception):
    """The strict reading of one block failed."""

    def __init__(self, position: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.position, self.what, self.remedy = position, what, remedy


def read_bib(path: Path, shown_as: str) -> Bibliography:
    """Read a bib file; ``shown_as`` is how messages name it.

    Nothing raises: an unreadable file is a problem among :attr:`Bibliography.problems`.
    """
    text, problems = read_text(path, shown_as)
    return parse_bib(text, shown_as, problems)


def parse_bib(text: str, shown_as: str, problems: tuple[Problem, ...] = ()) -> Bibliography:
    """Parse BibTeX source; ``problems`` found before are kept in front."""
    scanner = _Scanner(text, shown_as)
    scanner.run()
    found = (*problems, *sorted(scanner.problems))
    return Bibliography(tuple(scanner.entries), scanner.definitions, found)


class _Scanner:
    """One pass over one file."""

    def __init__(self, text: str, path: str) -> None:
        self.text, self.path = text, path
        self.newlines = [match.start() for match in re.finditer("\n", text)]
        self.entries: list[Entry] = []
        self.problems: list[Problem] = []
        self.definitions: dict[str, str] = {}
        self.values = dict(zip(MONTHS, _MONTH_NAMES, strict=True))
        self.used: list[str] = []
        self.block_start = 0

    def run(self) -> None:
        """Read every block of the file."""
        position = 0
        while match := _BLOCK.search(self.text, position):
            line_start = self.text.rfind("\n", position, match.start()) + 1
            kind = match[1].lower()
            if "%" in self.text[max(line_start, position) : match.start()] and kind != "comment":
                position = self._commented_out(match)
            elif kind in {"comment", "preamble"}:
                position = self._skip_group(match)
            elif kind == "string":
                position = self._string(match)
            else:
                position = self._entry(match)

    def line(self, position: int) -> int:
        """Return the line number of an offset."""
        return bisect_right(self.newlines, position - 1) + 1

    def problem(self, position: int, subtype: str, what: str, remedy: str) -> None:
        """Note a problem at an offset."""
        self.problems.append(Problem(self.path, self.line(position), subtype, what, remedy))

    def _next_block(self, position: int) -> int:
        match = _BLOCK_AT_LINE_START.search(self.text, position)
        return match.start() if match else len(self.text)

    def _commented_out(self, match: re.Match[str]) -> int:
        self.problem(
            match.start(),
            "bib_syntax",
            f"A % does not hide this @{match[1]} from BibTeX; this site leaves it out.",
            "Delete the entry, or wrap it in @comment{…}.",
        )
        end = self._next_block(match.end())
        commented = re.compile(r"^(?![ \t]*%).*\S", re.MULTILINE).search(
            self.text, match.end(), end
        )
        return commented.start() if commented else end

    def _skip_group(self, match: re.Match[str]) -> int:
        try:
            return self._group(match.end() - 1)[1]
        except _SyntaxFault as fault:
            self.problem(
                match.start(), "bib_syntax", f"This @{match[1]} is not closed.", fault.remedy
            )
            return self._next_block(match.end())

    def _string(self, match: re.Match[str]) -> int:
        try:
            name = self._field_name(match.end())
            value, end = self._value(name.end())
            end = self._closer(end, match[2])
        except _SyntaxFault as fault:
            place = max(fault.position, match.start())
            self.problem(place, "bib_syntax", f"@string: {fault.what}", fault.remedy)
            return self._next_block(match.end())
        self.values[name[1].lower()] = value
        self.definitions[name[1].lower()] = self.text[match.start() : end]
        self.used.clear()
        return end

    def _entry(self, match: re.Match[str]) -> int:
        """Read an entry strictly, or line by line if that fails; return where to go on."""
        self.used.clear()
        self.block_start = match.start()
        key = _KEY.match(self.text, match.end())
        assert key is not None  # every part of the pattern may be empty
        seen = len(self.problems)
        try:
            fields, end = self._fields(key, match[2])
            swallowed = _ENTRY_IN_VALUE.search(self.text, match.end(), end)
            following = _BLOCK.search(self.text, end)
            rest = following.start() if following else len(self.text)
            orphan = _FIELD_IN_LINES.search(self.text, end, rest)
            if swallowed:
                raise _SyntaxFault(match.start(), "A closing brace is missing.", "Add it.")
            if orphan:
                raise _SyntaxFault(
                    orphan.start(), "There is a closing brace too many.", "Delete it."
                )
        except _SyntaxFault as fault:
            del self.problems[seen:]
            fields, end = self._recover(match, key, fault)
        sound = len(self.problems) == seen
        raw = self.text[match.start() : end] if sound else ""
        line, strings = self.line(match.start()), tuple(dict.fromkeys(self.used))
        self.entries.append(Entry(match[1].lower(), key[1], self.path, line, fields, raw, strings))
        return end

    def _fields(self, key: re.Match[str], opener: str) -> tuple[dict[str, Field], int]:
        """Read ``, name = value`` until the entry ends."""
        fields: dict[str, Field] = {}
        position = key.end()
        after = f"key {key[1]!r}"
        while True:
            position = self._skip_blank(position)
            char = self.text[position : position + 1]
            if char == ("}" if opener == "{" else ")"):
                return fields, position + 1
            if char == ",":
                position = self._skip_blank(position + 1)
                if self.text[position : position + 1] in {",", "}", ")"}:
                    continue
            elif _FIELD.match(self.text, position):
                before = self.text.rfind("\n", 0, position)
                place = before if self.text[before:position].isspace() else position
                what = f"In entry {key[1]!r}, a comma is missing after {after}."
                self.problem(place, "bib_syntax", what, "Add the comma at the end of this line.")
            name = self._field_name(position)
            value, position = self._value(name.end())
            after = f"field {name[1]!r}"
            self._add_field(fields, key[1], name, value, position)

    def _add_field(
        self, fields: dict[str, Field], key: str, name: re.Match[str], value: str, end: int
    ) -> None:
        lower = name[1].lower()
        start, end = name.start(1) - self.block_start, end - self.block_start
        if lower in fields:
            what = f"Entry {key!r} has two fields {lower!r}; the first is used."
            self.problem(name.start(1), "bib_field", what, "Keep one of them.")
        else:
            line = self.line(name.start(1))
            fields[lower] = Field(lower, " ".join(value.split()), line, start, end)

    def _skip_blank(self, position: int) -> int:
        """Skip white space and ``%`` lines (which BibTeX does not know, hence the message)."""
        while True:
            match = re.compile(r"\s*").match(self.text, position)
            position = match.end() if match else position
            if self.text[position : position + 1] != "%":
                return position
            what = "A % does not start a comment inside an entry; this line is left out."
            self.problem(position, "bib_syntax", what, "Delete the line.")
            end = self.text.find("\n", position)
            position = end if end >= 0 else len(self.text)

    def _field_name(self, position: int) -> re.Match[str]:
        if match := _FIELD.match(self.text, position):
            return match
        found = self.text[position : position + 12].split("\n")[0]
        if not found or found[0] == "@":
            raise _SyntaxFault(-1, "The closing brace is missing.", "Add a } where it ends.")
        what = f"A field like 'name = {{…}}' is expected, not {found!r}."
        raise _SyntaxFault(position, what, "Mend this line.")

    def _value(self, position: int) -> tuple[str, int]:
        """Read pieces joined by ``#``; return the joined text and the offset behind it."""
        pieces: list[str] = []
        while True:
            piece, position = self._piece(position)
            pieces.append(piece)
            rest = re.compile(r"\s*#\s*").match(self.text, position)
            if not rest:
                return "".join(pieces), position
            position = rest.end()

    def _piece(self, position: int) -> tuple[str, int]:
        char = self.text[position : position + 1]
        if char == "{":
            start, end = self._group(position)
            return self.text[start : end - 1], end
        if char == '"':
            return self._quoted(position)
        match = _BARE_VALUE.match(self.text, position)
        if not match:
            raise _SyntaxFault(position, "A value is missing.", "Write it in braces.")
        return self._expand(match[0], position), match.end()

    def _expand(self, word: str, position: int) -> str:
        """Return what a bare word stands for: a number, or an abbreviation's value."""
        if word.isdigit():
            return word
        if word.lower() in self.values:
            if word.lower() in self.definitions:
                self.used.append(word.lower())
            return self.values[word.lower()]
        near = suggest(word, self.values)
        what = f"The abbreviation {word!r} is not defined; it is taken as text."
        remedy = f"{near} Otherwise put the value in braces, or define it with @string.".strip()
        self.problem(position, "bib_string", what, remedy)
        return word

    def _group(self, position: int) -> tuple[int, int]:
        """Return the offsets inside and behind the balanced group that opens at ``position``."""
        closing = {"{": "}", "(": ")"}[self.text[position]]
        depth = 0
        for match in re.compile(r"[{}()]").finditer(self.text, position):
            char = match[0]
            if char == "{" or (char == "(" and match.start() == position):
                depth += 1
            elif char == "}" or (char == closing and depth == 1):
                depth -= 1
                if depth == 0:
                    return position + 1, match.end()
        raise _SyntaxFault(position, "A closing brace is missing.", "Add the closing brace.")

    def _quoted(self, position: int) -> tuple[str, int]:
        depth = 0
        for match in re.compile(r'[{}"]').finditer(self.text, position + 1):
            if match[0] == '"' and depth == 0:
                return self.text[position + 1 : match.start()], match.end()
            depth += {"{": 1, "}": -1}.get(match[0], 0)
        raise _SyntaxFault(position, "A closing quotation mark is missing.", "Add it.")

    def _closer(self, position: int, opener: str) -> int:
        position = self._skip_blank(position)
        if self.text[position : position + 1] == ",":
            position = self._skip_blank(position + 1)
        if self.text[position : position + 1] != ("}" if opener == "{" else ")"):
            raise _SyntaxFault(position, "A closing brace is missing.", "Add the closing brace.")
        return position + 1

    def _recover(
        self, match: re.Match[str], key: re.Match[str], fault: _SyntaxFault
    ) -> tuple[dict[str, Field], int]:
        """Read an ill-formed entry line by line, up to where the next one begins."""
        end = self._next_block(match.end())
        fields: dict[str, Field] = {}
        culprit: tuple[int, str, str] | None = None
        names = list(_FIELD_IN_LINES.finditer(self.text, key.end(), end))
        for index, name in enumerate(names):
            last = index + 1 == len(names)
            stop = end if last else names[index + 1].start()
            raw = self.text[name.end() : stop].strip().rstrip(",").rstrip()
            balance = raw.count("{") - raw.count("}")
            if last and balance < 0:  # the brace that ends the entry
                raw, balance = raw[: raw.rfind("}")].rstrip().rstrip(",").rstrip(), balance + 1
            if balance and culprit is None:
                slip = "A closing brace is missing." if balance > 0 else "There is a } too many."
                remedy = "Add the } where the value ends." if balance > 0 else "Delete one }."
                culprit = (name.start(1), f"field {name[1]!r}: {slip}", remedy)
            self._add_field(fields, key[1], name, self._loose_value(raw, name.end()), stop)
        place, slip, remedy = culprit or (fault.position, fault.what, fault.remedy)
        what = f"Entry {key[1]!r} is not well-formed. {slip[:1].upper()}{slip[1:]}"
        self.problem(place if place >= 0 else match.start(), "bib_syntax", what, remedy)
        return fields, end

    def _loose_value(self, raw: str, position: int) -> str:
        if raw[:1] in {"{", '"'}:
            inner = raw[1:].removesuffix("}" if raw[0] == "{" else '"')
            excess = inner.count("}") - inner.count("{")
            return inner.rstrip("}") if excess > 0 else inner
        return self._expand(raw, position) if _BARE_VALUE.fullmatch(raw) else raw
