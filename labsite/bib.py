"""BibTeX files → entries, each with its line, its verbatim source and nothing lost.

A scanner rather than pybtex's parser, because that one does not know where an entry began, stops at
a duplicate key and drops everything behind an unclosed brace. On well-formed files both agree field
by field (a test compares them). Grammar: the BibTeX manual ("BibTeXing", Patashnik 1988) and
Tame the BeaST (Markey 2009), section 4.

Recovery: an entry whose braces do not match is read again field by field
(:mod:`labsite.salvage`), up to the line where the next entry begins: a slip costs neither the rest
of the entry nor what follows.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final

from labsite.braces import Braces
from labsite.diagnostics import Problem, suggest
from labsite.entries import MONTHS, Bibliography, Entry, Field, LaterFields, Reading
from labsite.salvage import Slip, find_field, salvage
from labsite.textfile import read_text
from labsite.vocabulary import KIND_OF_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_MONTH_NAMES: Final = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip

# "++" and "*+" never give back what they took: no text makes these patterns slow
_BLOCK: Final = re.compile(r"@[ \t]*+([A-Za-z]++)\s*+([{(])")
# an entry whose opening brace is missing: "@article key," with a field behind it
_UNOPENED_ENTRY: Final = (
    r"[ \t]*+(@)[ \t]*+([A-Za-z]++)[ \t]*+([^\s{}(),=@\"]*+)\s*+,"
    r"(?=\s*+[A-Za-z][^\s={}(),]*+\s*+=)"
)
_UNOPENED: Final = re.compile(f"^{_UNOPENED_ENTRY}", re.MULTILINE)
_BLOCK_AT_LINE_START: Final = re.compile(
    rf"^(?:[ \t]*+@[ \t]*+[A-Za-z]++[ \t]*+[{{(]|{_UNOPENED_ENTRY})", re.MULTILINE
)
_ORPHAN: Final = re.compile(
    r"^[ \t]*+,?[ \t]*+([A-Za-z][\w:+-]*+)[ \t]*+=[ \t]*+[{\"]", re.MULTILINE
)
_BLANK_LINE: Final = re.compile(r"\n[ \t\r]*\n")
_ENTRY_IN_VALUE: Final = re.compile(r"^@[ \t]*[A-Za-z]+[ \t]*\{[^\s{},=]+,[ \t]*\r?$", re.MULTILINE)
_UNCOMMENTED: Final = re.compile(r"^(?![ \t]*%).*\S", re.MULTILINE)
_KEY: Final = re.compile(r"\s*((?!@)[^\s,{}=\"#]*+|)\s*")
_FIELD: Final = re.compile(r"\s*([A-Za-z][^\s={}(),\"#%'@]*)\s*=\s*")
_SHALLOW: Final = r"(?:[^{}]++|\{[^{}]*+\})*+"  # with at most one level of braces in it
# most fields: a value in such braces, or a number
_PLAIN_FIELD: Final = re.compile(
    r"\s*+,\s*+([A-Za-z][^\s={}(),\"#%'@]*+)\s*+=\s*+"
    rf"(?:\{{({_SHALLOW})\}}|([0-9]++)(?=[\s,}}]))(?!\s*+#)"
)
_PLAIN_GROUP: Final = re.compile(rf"\{{{_SHALLOW}\}}")
_BARE_VALUE: Final = re.compile(r"[^\s,{}()=\"#%']+")
_SPACE: Final = re.compile(r"\s*")
_HASH: Final = re.compile(r"\s*#\s*")
_BRACE_OR_CLOSER: Final = re.compile(r"[{})]")
_QUOTE: Final = re.compile(r'[{}"]')
_MOST_EXPANDED: Final = 1_000_000
"""How many characters abbreviations may expand to, besides ten times the length of the file: twenty
of them that each name the one before twice would come to a million times their own length."""


class _SyntaxFault(Exception):
    """The strict reading of one block failed."""

    def __init__(self, position: int, what: str, remedy: str) -> None:
        super().__init__(what)
        self.position, self.what, self.remedy = position, what, remedy


def read_bib(
    path: Path,
    shown_as: str,
    before: Bibliography | None = None,
    known: Mapping[str, Reading] | None = None,
) -> Bibliography:
    """Read a bib file.

    Args:
        path: The file.
        shown_as: How messages name it.
        before: The file read before it, whose abbreviations hold here too, as in BibTeX.
        known: :attr:`Bibliography.readings` of an earlier time: the fields of entries that are as
            they were are read when somebody asks for them.

    Returns:
        Its contents. Nothing raises: an unreadable file is a problem among
        :attr:`Bibliography.problems`.
    """
    text, problems = read_text(path, shown_as)
    return parse_bib(text, shown_as, problems, before, known)


def parse_bib(
    text: str,
    shown_as: str,
    problems: tuple[Problem, ...] = (),
    before: Bibliography | None = None,
    known: Mapping[str, Reading] | None = None,
) -> Bibliography:
    """Parse BibTeX source, as :func:`read_bib`; ``problems`` found earlier are kept in front."""
    scanner = _Scanner(text, shown_as, known or {})
    if before:
        scanner.definitions.update(before.strings)
        scanner.values.update(before.values)
    scanner.run()
    entries = tuple(scanner.entries)
    lines = [entry.line for entry in entries]
    named = (_name_entry(problem, entries, lines) for problem in problems)
    found = (*named, *sorted(scanner.problems))
    own = {name: text for name, text in scanner.values.items() if name not in MONTHS}
    return Bibliography(entries, scanner.definitions, found, own, scanner.readings)


def _read_later(reading: Reading, path: str, line: int) -> Mapping[str, Field]:
    """Return the fields of an entry that begins on a line and was read before."""
    scanner = _Scanner(reading.raw, path, {}, line)
    for word, value, definition in reading.uses:
        scanner.values[word] = value
        scanner.definitions |= {word: definition} if definition else {}
    scanner.run()
    return scanner.entries[0].fields


def _name_entry(problem: Problem, entries: tuple[Entry, ...], lines: list[int]) -> Problem:
    """Add to a problem of a mere line the key of the entry that it is in."""
    before = bisect_right(lines, problem.line)
    key = entries[before - 1].key if before else ""
    return replace(problem, what=f"Entry {key!r}: {problem.what}") if before else problem


class _Scanner:
    """One pass over one file."""

    def __init__(
        self, text: str, path: str, known: Mapping[str, Reading], first_line: int = 1
    ) -> None:
        self.text, self.path, self.known, self.first_line = text, path, known, first_line
        self.newlines = [match.start() for match in re.finditer("\n", text)]
        self.room = _MOST_EXPANDED + 10 * len(text)
        self.is_expanded_too_far = False
        self.undefined = 0
        self.next_block = (0, -1)  # where it was last looked for, and where it is
        self.unclosed_round = -1  # the first ( of a block that nothing closes
        self.entries: list[Entry] = []
        self.problems: list[Problem] = []
        self.definitions: dict[str, str] = {}
        self.values = dict(zip(MONTHS, _MONTH_NAMES, strict=True))
        self.uses: dict[str, tuple[str, str, str]] = {}
        self.readings: dict[str, Reading] = {}
        self.shared: dict[Any, Any] = {}  # equal parts of readings are one
        self.owner = ""  # what is being read, as messages name it
        self.block_start = 0

    def run(self) -> None:
        """Read every block of the file."""
        position = 0
        while match := _BLOCK.search(self.text, position):
            position = self._unopened(position, match.start()) or self._block(match, position)
        if not self._unopened(position, len(self.text)):
            self._check_gap(position, len(self.text))

    def _block(self, match: re.Match[str], position: int) -> int:
        self._check_gap(position, match.start())
        line_start = self.text.rfind("\n", position, match.start()) + 1
        kind = match[1].lower()
        if "%" in self.text[max(line_start, position) : match.start()] and kind != "comment":
            return self._commented_out(match)
        if kind in {"comment", "preamble"}:
            return self._skip_group(match)
        return self._string(match) if kind == "string" else self._entry(match)

    def _unopened(self, position: int, end: int) -> int:
        """Read an entry whose opening brace is missing; return where to go on, or 0 if none is."""
        match = _UNOPENED.search(self.text, position, end)
        if not match or not find_field(self.text, match.end(), self._next_block(match.end())):
            return 0
        self._check_gap(position, match.start(1))
        word, key = match[2], match[3]
        if not key:  # the type and the key have run together
            types = [name for name in KIND_OF_TYPE if word.lower().startswith(name)]
            known = max(types, key=len, default=word)
            word, key = word[: len(known)], word[len(known) :]
        self._begin(match.start(1), f"Entry {key!r}")
        remedy = f"Begin it with @{word}{{{key}."
        slip = _SyntaxFault(match.start(1), "Its opening brace is missing.", remedy)
        fields, end = self._salvage(match.start(1), match.end(), slip)
        self._add_entry(word, key, match.start(1), fields, "")
        return end

    def _check_gap(self, start: int, end: int) -> None:
        """Report fields outside all entries: the first line of theirs is gone."""
        if orphan := _ORPHAN.search(self.text, start, end):
            what = (
                f"The field {orphan[1]!r} and what follows belong to no entry; they are left out."
            )
            remedy = "Begin them with a line like @article{key, or delete them."
            self.problem(orphan.start(1), "bib_syntax", what, remedy)

    def _begin(self, position: int, owner: str) -> None:
        self.uses.clear()
        self.block_start, self.owner = position, owner

    def _add_entry(
        self, entry_type: str, key: str, start: int, fields: Mapping[str, Field], raw: str
    ) -> None:
        strings = tuple([definition for _, _, definition in self.uses.values() if definition])
        line = self.line(start)
        self.entries.append(Entry(entry_type.lower(), key, self.path, line, fields, raw, strings))

    def line(self, position: int) -> int:
        """Return the line number of an offset."""
        return bisect_right(self.newlines, position - 1) + self.first_line

    def problem(self, position: int, subtype: str, what: str, remedy: str) -> None:
        """Note a problem at an offset."""
        self.problems.append(Problem(self.path, self.line(position), subtype, what, remedy))

    def _next_block(self, position: int) -> int:
        asked, found = self.next_block
        if not asked <= position <= found:
            match = _BLOCK_AT_LINE_START.search(self.text, position)
            found = match.start() if match else len(self.text)
            self.next_block = position, found
        return found

    def _commented_out(self, match: re.Match[str]) -> int:
        key = _KEY.match(self.text, match.end())
        what = f"A % does not hide {key[1] if key else ''!r} from BibTeX; this site leaves it out."
        remedy = f"Delete the @{match[1]}, or move it to another file."
        self.problem(match.start(), "bib_syntax", what, remedy)
        end = self._next_block(match.end())
        try:  # a % before the first line only
            return max(self._group(match.end() - 1)[1], match.end())
        except _SyntaxFault:
            uncommented = _UNCOMMENTED.search(self.text, match.end(), end)
            return uncommented.start() if uncommented else end

    def _skip_group(self, match: re.Match[str]) -> int:
        try:
            return self._group(match.end() - 1)[1]
        except _SyntaxFault as fault:
            what = f"This @{match[1]} is not closed."
            self.problem(match.start(), "bib_syntax", what, fault.remedy)
            return self._next_block(match.end())

    def _string(self, match: re.Match[str]) -> int:
        self._begin(match.start(), "An @string")
        try:
            name = self._field_name(match.end())
            self.owner = f"@string {name[1]!r}"
            value, end = self._value(name.end())
            self.values[name[1].lower()] = value
            self.definitions[name[1].lower()] = f"@string{{{name[1]} = {{{value}}}}}"
            end = self._closer(end, match[2])
        except _SyntaxFault as fault:
            what = f"{self.owner}: {fault.what}"
            self.problem(match.start(), "bib_syntax", what, fault.remedy)
            return self._next_block(match.end())
        if not any(definition for *_, definition in self.uses.values()):
            # as it was written; one that uses others is written with its text
            self.definitions[name[1].lower()] = self.text[match.start() : end]
        return end

    def _entry(self, match: re.Match[str]) -> int:
        """Read an entry strictly, or field by field if that fails; return where to go on."""
        key = _KEY.match(self.text, match.end())
        assert key is not None  # every part of the pattern may be empty
        self._begin(match.start(), f"Entry {key[1]!r}")
        seen, room = len(self.problems), self.room
        fields: Mapping[str, Field]
        try:
            if known := self._known(match, key[1]):
                fields, end = known
            else:
                fields, end = self._fields(key, match[2])
                if _ENTRY_IN_VALUE.search(self.text, match.end(), end):
                    raise _SyntaxFault(match.start(), "A closing brace is missing.", "Add the }.")
            self._check_behind(end, fields)
        except _SyntaxFault as fault:
            del self.problems[seen:]
            self.uses.clear()
            behind_key = key.end() if key[1] else match.end()  # the next entry may follow at once
            fields, end = self._salvage(match.start(), behind_key, fault)
        raw = self.text[match.start() : end] if len(self.problems) == seen else ""
        self._add_entry(match[1], key[1], match.start(), fields, raw)
        if raw and match[2] == "{":
            self._note(key[1], raw, fields, room - self.room)
        return end

    def _note(self, key: str, raw: str, fields: Mapping[str, Field], expanded: int) -> None:
        """Note how an entry was read, unless its abbreviations come to far too much."""
        if self.room >= 0 and expanded < _MOST_EXPANDED:
            parts = (tuple(fields), tuple(self.uses.values()))
            names, uses = (self.shared.setdefault(part, part) for part in parts)
            self.readings.setdefault(key, Reading(raw, names, uses, expanded))

    def _known(self, match: re.Match[str], key: str) -> tuple[Mapping[str, Field], int] | None:
        """Return the fields of an entry that was read before, and where it ends.

        Nothing behind the brace that closes it has a part in how it is read, and of what is before
        it only what its abbreviations stand for.
        """
        reading, start = self.known.get(key), match.start()
        if not reading or not self.text.startswith(reading.raw, start):
            return None
        for word, value, definition in reading.uses:
            now = self.values.get(word), self.definitions.get(word, "")
            if now != (value, definition):
                return None
        if self.room < reading.expanded:
            return None
        self.room -= reading.expanded
        self.uses = {use[0]: use for use in reading.uses}
        read = partial(_read_later, reading, self.path, self.line(start))
        return LaterFields(reading.names, read), start + len(reading.raw)

    def _check_behind(self, end: int, fields: Mapping[str, Field]) -> None:
        """Find an entry that left fields of its own outside."""
        following = _BLOCK.search(self.text, end)
        rest = following.start() if following else len(self.text)
        if self.text[end:rest].isspace():
            return
        unopened = _BLOCK_AT_LINE_START.search(self.text, end, rest)
        rest = unopened.start() if unopened else rest
        blank = _BLANK_LINE.search(self.text, end, rest)
        orphan = find_field(self.text, end, blank.start() if blank else rest)
        if orphan and orphan[1].lower() not in fields:
            raise _SyntaxFault(orphan.start(), "There is a closing brace too many.", "Delete it.")

    def _fields(self, key: re.Match[str], opener: str) -> tuple[dict[str, Field], int]:
        """Read ``, name = value`` until the entry ends."""
        fields: dict[str, Field] = {}
        position = behind = key.end(1)
        after = "the key"
        while True:
            if plain := _PLAIN_FIELD.match(self.text, position):
                position = behind = plain.end()
                after = f"field {plain[1]!r}"
                self._add_field(fields, plain, plain[3] or plain[2], position)
                continue
            position = self._skip_blank(position)
            char = self.text[position : position + 1]
            if char == ("}" if opener == "{" else ")"):
                return fields, position + 1
            if char == ",":
                position = self._skip_blank(position + 1)
                if self.text[position : position + 1] in {",", "}", ")"}:
                    continue
            elif _FIELD.match(self.text, position):
                what = f"{self.owner}: a comma is missing after {after}."
                self.problem(behind, "bib_syntax", what, "Add the comma.")
            name = self._field_name(position)
            value, position = self._value(name.end())
            behind, after = position, f"field {name[1]!r}"
            self._add_field(fields, name, value, position)

    def _add_field(
        self, fields: dict[str, Field], name: re.Match[str], value: str, end: int
    ) -> None:
        lower = name[1].lower()
        start, end = name.start(1) - self.block_start, end - self.block_start
        if lower in fields:
            what = f"{self.owner} has two fields {lower!r}; the first is used."
            self.problem(name.start(1), "bib_field", what, "Keep one of them.")
        else:
            line = self.line(name.start(1))
            fields[lower] = Field(lower, " ".join(value.split()), line, start, end)

    def _skip_blank(self, position: int) -> int:
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

    def _field_name(self, position: int) -> re.Match[str]:
        if match := _FIELD.match(self.text, position):
            return match
        found = self.text[position : position + 12].split("\n")[0]
        if not found or found[0] == "@":
            raise _SyntaxFault(
                self.block_start, "Its closing brace is missing.", "Add a } where it ends."
            )
        what = f"A field like 'name = {{…}}' is expected, not {found!r}."
        raise _SyntaxFault(position, what, "Mend this line.")

    def _value(self, position: int) -> tuple[str, int]:
        """Read pieces joined by ``#``; return the joined text and the offset behind it."""
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
            if not self._has_room(word, position):
                return word
            return self._used(word.lower())
        self.undefined += 1  # those who see fifty of them need no more help with each
        near = suggest(word, self.values) if self.undefined <= 50 else ""
        what = f"{self.owner}: the abbreviation {word!r} is not defined; it is taken as text."
        remedy = "put the value in braces, or define it with @string."
        remedy = f"{near} Otherwise {remedy}" if near else f"P{remedy[1:]}"
        self.problem(position, "bib_string", what, remedy)
        return word

    def _used(self, word: str) -> str:
        value = self.values[word]
        self.uses.setdefault(word, (word, value, self.definitions.get(word, "")))
        return value

    def _has_room(self, word: str, position: int) -> bool:
        """Whether an abbreviation may still be expanded; said once if not."""
        self.room -= len(self.values[word.lower()])
        if self.room < 0 and not self.is_expanded_too_far:
            self.is_expanded_too_far = True
            what = f"{self.owner}: the abbreviations of this file come to far more text than it has"
            what = f"{what}; {word!r} and those behind it are taken as text."
            remedy = "Look for an @string that names another one several times."
            self.problem(position, "bib_string", what, remedy)
        return self.room >= 0

    @cached_property
    def braces(self) -> Braces:
        """Of the whole file: for what :data:`_PLAIN_GROUP` does not find."""
        return Braces(self.text)

    def _group(self, position: int) -> tuple[int, int]:
        """Return the offsets inside and behind the balanced group that opens at ``position``."""
        if plain := _PLAIN_GROUP.match(self.text, position):
            return position + 1, plain.end()
        is_round = self.text[position] == "("
        closing = self._round(position) if is_round else self.braces.closing(position)
        if closing < 0:
            raise _SyntaxFault(position, "A closing brace is missing.", "Add the closing brace.")
        return position + 1, closing + 1

    def _round(self, position: int) -> int:
        """Return the offset of what closes the ``(`` of a block, or -1."""
        # after one that nothing closes the others are looked for in their own block only
        end = len(self.text) if self.unclosed_round < 0 else self._next_block(position)
        at = position + 1
        while at > 0 and (match := _BRACE_OR_CLOSER.search(self.text, at, end)):
            if match[0] != "{":
                return match.start()
            at = self.braces.closing(match.start()) + 1
        self.unclosed_round = position
        return -1

    def _quoted(self, position: int) -> tuple[str, int]:
        at = position + 1
        while at > 0 and (match := _QUOTE.search(self.text, at)):
            if match[0] == '"':
                return self.text[position + 1 : match.start()], match.end()
            at = self.braces.closing(match.start()) + 1 if match[0] == "{" else 0
        raise _SyntaxFault(position, "A closing quotation mark is missing.", "Add it.")

    def _closer(self, position: int, opener: str) -> int:
        position = self._skip_blank(position)
        if self.text[position : position + 1] == ",":
            position = self._skip_blank(position + 1)
        if self.text[position : position + 1] != ("}" if opener == "{" else ")"):
            raise _SyntaxFault(position, "A closing brace is missing.", "Add the closing brace.")
        return position + 1

    def _salvage(
        self, start: int, behind_key: int, fault: _SyntaxFault
    ) -> tuple[dict[str, Field], int]:
        """Read an ill-formed entry field by field, up to where the next one begins."""
        end = self._next_block(behind_key)
        found = salvage(self.text, start, behind_key, end, self._expand)
        fields: dict[str, Field] = {}
        for name, value, position in found.fields:
            lower = name.lower()
            if lower not in fields:
                fields[lower] = Field(lower, " ".join(value.split()), self.line(position))
        slip = found.slip or Slip(fault.position, fault.what, fault.remedy)
        what = f"{self.owner} is not well-formed. {slip.what}"
        self.problem(slip.position, "bib_syntax", what, slip.remedy)
        return fields, end
