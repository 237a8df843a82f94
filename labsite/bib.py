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
from functools import partial
from typing import TYPE_CHECKING, Final

from labsite.bibtext import UNOPENED_ENTRY, BibText, SyntaxFault
from labsite.braces import SHALLOW
from labsite.entries import MONTHS, Bibliography, Entry, Field
from labsite.readings import LaterFields, Readings
from labsite.salvage import Slip, find_field, salvage
from labsite.textfile import read_text
from labsite.values import Values
from labsite.vocabulary import KIND_OF_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from labsite.diagnostics import Problem
    from labsite.entries import Reading

# "++" and "*+" never give back what they took: no text makes these patterns slow
_BLOCK: Final = re.compile(r"@[ \t]*+([A-Za-z]++)\s*+([{(])")
_UNOPENED: Final = re.compile(f"^{UNOPENED_ENTRY}", re.MULTILINE)
_ORPHAN: Final = re.compile(
    r"^[ \t]*+,?[ \t]*+([A-Za-z][\w:+-]*+)[ \t]*+=[ \t]*+[{\"]", re.MULTILINE
)
_BLANK_LINE: Final = re.compile(r"\n[ \t\r]*\n")
_ENTRY_IN_VALUE: Final = re.compile(r"^@[ \t]*[A-Za-z]+[ \t]*\{[^\s{},=]+,[ \t]*\r?$", re.MULTILINE)
_UNCOMMENTED: Final = re.compile(r"^(?![ \t]*%).*\S", re.MULTILINE)
_CONFLICT: Final = re.compile(r"^(?:<{7}|>{7})(?:[ \t].*)?$", re.MULTILINE)
_KEY: Final = re.compile(r"\s*((?!@)[^\s,{}=\"#]*+|)\s*")
_FIELD: Final = re.compile(r"\s*([A-Za-z][^\s={}(),\"#%'@]*)\s*=\s*")
# most fields: a value with at most one more level of braces in its own, or a number
_PLAIN_FIELD: Final = re.compile(
    r"\s*+,\s*+([A-Za-z][^\s={}(),\"#%'@]*+)\s*+=\s*+"
    rf"(?:\{{({SHALLOW})\}}|([0-9]++)(?=[\s,}}]))(?!\s*+#)"
)


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
    scanner = _Scanner(BibText(text, shown_as), known or {})
    values = scanner.values
    if before:
        values.definitions.update(before.strings)
        values.abbreviations.update(before.values)
    scanner.run()
    entries = tuple(scanner.entries)
    lines = [entry.line for entry in entries]
    named = (_name_entry(problem, entries, lines) for problem in problems)
    found = (*named, *sorted(scanner.bib.problems))
    own = {name: text for name, text in values.abbreviations.items() if name not in MONTHS}
    return Bibliography(entries, values.definitions, found, own, scanner.readings.found)


def _read_later(reading: Reading, path: str, line: int) -> Mapping[str, Field]:
    """Return the fields of an entry that begins on a line and was read before."""
    scanner = _Scanner(BibText(reading.raw, path, line), {})
    for word, value, definition in reading.uses:
        scanner.values.abbreviations[word] = value
        scanner.values.definitions |= {word: definition} if definition else {}
    scanner.run()
    return scanner.entries[0].fields


def _name_entry(problem: Problem, entries: tuple[Entry, ...], lines: list[int]) -> Problem:
    """Add to a problem of a mere line the key of the entry that it is in."""
    before = bisect_right(lines, problem.line)
    key = entries[before - 1].key if before else ""
    return replace(problem, what=f"Entry {key!r}: {problem.what}") if before else problem


class _Scanner:
    """One pass over one file."""

    def __init__(self, bib: BibText, known: Mapping[str, Reading]) -> None:
        self.bib, self.text = bib, bib.text
        self.values = Values(bib)
        self.readings = Readings(bib.text, known, self.values)
        self.entries: list[Entry] = []
        self.block_start = 0
        self.has_conflicts = "<<<<<<<" in self.text or ">>>>>>>" in self.text

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
        known = len(self.bib.problems)
        if kind in {"comment", "preamble"}:
            end = self._skip_group(match)
        else:
            end = self._string(match) if kind == "string" else self._entry(match)
        # else it has been told as what it did to the block
        if kind != "comment" and len(self.bib.problems) == known:
            self._check_merge(match.start(), end)
        return end

    def _check_merge(self, start: int, end: int) -> None:
        """Report what git could not merge."""
        if self.has_conflicts and (conflict := _CONFLICT.search(self.text, start, end)):
            what = f"Git could not merge what stands here: {conflict[0].strip()!r}."
            remedy = "Keep what is right, and delete the lines of <<<<<<<, ======= and >>>>>>>."
            self.bib.problem(conflict.start(), "bib_syntax", what, remedy)

    def _unopened(self, position: int, end: int) -> int:
        """Read an entry whose opening brace is missing; return where to go on, or 0 if none is."""
        match = _UNOPENED.search(self.text, position, end)
        if not match or not find_field(self.text, match.end(), self.bib.next_block(match.end())):
            return 0
        self._check_gap(position, match.start(1))
        word, key = match[2], match[3]
        if not key:  # the type and the key have run together
            types = [name for name in KIND_OF_TYPE if word.lower().startswith(name)]
            known = max(types, key=len, default=word)
            word, key = word[: len(known)], word[len(known) :]
        self._begin(match.start(1), f"Entry {key!r}")
        remedy = f"Begin it with @{word}{{{key}."
        slip = SyntaxFault(match.start(1), "Its opening brace is missing.", remedy)
        fields, end = self._salvage(match.start(1), match.end(), slip)
        self._add_entry(word, key, self.bib.line(match.start(1)), fields, "")
        return end

    def _check_gap(self, start: int, end: int) -> None:
        """Report what git could not merge, and fields outside all entries: their head is gone."""
        self._check_merge(start, end)
        if orphan := _ORPHAN.search(self.text, start, end):
            what = (
                f"The field {orphan[1]!r} and what follows belong to no entry; they are left out."
            )
            remedy = "Begin them with a line like @article{key, or delete them."
            self.bib.problem(orphan.start(1), "bib_syntax", what, remedy)

    def _begin(self, position: int, owner: str) -> None:
        self.values.begin()
        self.block_start, self.bib.owner = position, owner

    def _add_entry(
        self, entry_type: str, key: str, line: int, fields: Mapping[str, Field], raw: str
    ) -> None:
        path, strings = self.bib.path, self.values.used_definitions
        self.entries.append(Entry(entry_type.lower(), key, path, line, fields, raw, strings))

    def _commented_out(self, match: re.Match[str]) -> int:
        key = _KEY.match(self.text, match.end())
        what = f"A % does not hide {key[1] if key else ''!r} from BibTeX; this site leaves it out."
        remedy = f"Delete the @{match[1]}, or move it to another file."
        self.bib.problem(match.start(), "bib_syntax", what, remedy)
        end = self.bib.next_block(match.end())
        try:  # a % before the first line only
            return max(self.bib.group(match.end() - 1), match.end())
        except SyntaxFault:
            uncommented = _UNCOMMENTED.search(self.text, match.end(), end)
            return uncommented.start() if uncommented else end

    def _skip_group(self, match: re.Match[str]) -> int:
        try:
            return self.bib.group(match.end() - 1)
        except SyntaxFault as fault:
            what = f"This @{match[1]} is not closed."
            self.bib.problem(match.start(), "bib_syntax", what, fault.remedy)
            return self.bib.next_block(match.end())

    def _string(self, match: re.Match[str]) -> int:
        self._begin(match.start(), "An @string")
        try:
            name = self._field_name(match.end())
            self.bib.owner = f"@string {name[1]!r}"
            value, end = self.values.read(name.end())
            self.values.abbreviations[name[1].lower()] = value
            self.values.definitions[name[1].lower()] = f"@string{{{name[1]} = {{{value}}}}}"
            end = self._closer(end, match[2])
        except SyntaxFault as fault:
            what = f"{self.bib.owner}: {fault.what}"
            self.bib.problem(match.start(), "bib_syntax", what, fault.remedy)
            return self.bib.next_block(match.end())
        if not self.values.used_definitions:
            # as it was written; one that uses others is written with its text
            self.values.definitions[name[1].lower()] = self.text[match.start() : end]
        return end

    def _entry(self, match: re.Match[str]) -> int:
        """Read an entry strictly, or field by field if that fails; return where to go on."""
        key = _KEY.match(self.text, match.end())
        assert key is not None  # every part of the pattern may be empty
        self._begin(match.start(), f"Entry {key[1]!r}")
        seen, line = len(self.bib.problems), self.bib.line(match.start())
        fields: Mapping[str, Field]
        try:
            if known := self.readings.known(key[1], match.start()):
                end = match.start() + len(known.raw)
                fields = LaterFields(known.names, partial(_read_later, known, self.bib.path, line))
            else:
                fields, end = self._fields(key, match[2])
                if _ENTRY_IN_VALUE.search(self.text, match.end(), end):
                    raise SyntaxFault(match.start(), "A closing brace is missing.", "Add the }.")
            self._check_behind(end, fields)
        except SyntaxFault as fault:
            del self.bib.problems[seen:]
            self.values.begin()
            behind_key = key.end() if key[1] else match.end()  # the next entry may follow at once
            fields, end = self._salvage(match.start(), behind_key, fault)
        raw = self.text[match.start() : end] if len(self.bib.problems) == seen else ""
        self._add_entry(match[1], key[1], line, fields, raw)
        if raw and match[2] == "{":
            self.readings.note(key[1], raw, fields)
        return end

    def _check_behind(self, end: int, fields: Mapping[str, Field]) -> None:
        """Find an entry that left fields of its own outside."""
        following = _BLOCK.search(self.text, end)
        rest = following.start() if following else len(self.text)
        if self.text[end:rest].isspace():
            return
        unopened = _UNOPENED.search(self.text, end, rest)
        rest = unopened.start() if unopened else rest
        blank = _BLANK_LINE.search(self.text, end, rest)
        orphan = find_field(self.text, end, blank.start() if blank else rest)
        if orphan and orphan[1].lower() not in fields:
            raise SyntaxFault(orphan.start(), "There is a closing brace too many.", "Delete it.")

    def _fields(self, key: re.Match[str], opener: str) -> tuple[dict[str, Field], int]:
        """Read ``, name = value`` until the entry ends."""
        fields: dict[str, Field] = {}
        position = behind = key.end(1)
        last = ""
        while True:
            if plain := _PLAIN_FIELD.match(self.text, position):
                position = behind = plain.end()
                last = plain[1]
                self._add_field(fields, plain, plain[3] or plain[2], position)
                continue
            position = self.bib.skip_blank(position)
            char = self.text[position : position + 1]
            if char == ("}" if opener == "{" else ")"):
                return fields, position + 1
            if char == ",":
                position = self.bib.skip_blank(position + 1)
                if self.text[position : position + 1] in {",", "}", ")"}:
                    continue
            elif _FIELD.match(self.text, position):
                after = f"field {last!r}" if last else "the key"
                what = f"{self.bib.owner}: a comma is missing after {after}."
                self.bib.problem(behind, "bib_syntax", what, "Add the comma.")
            name = self._field_name(position)
            value, position = self.values.read(name.end())
            behind, last = position, name[1]
            self._add_field(fields, name, value, position)

    def _add_field(
        self, fields: dict[str, Field], name: re.Match[str], value: str, end: int
    ) -> None:
        lower = name[1].lower()
        start, end = name.start(1) - self.block_start, end - self.block_start
        if lower in fields:
            what = f"{self.bib.owner} has two fields {lower!r}; the first is used."
            self.bib.problem(name.start(1), "bib_field", what, "Keep one of them.")
        else:
            line = self.bib.line(name.start(1))
            fields[lower] = Field(lower, " ".join(value.split()), line, start, end)

    def _field_name(self, position: int) -> re.Match[str]:
        if match := _FIELD.match(self.text, position):
            return match
        found = self.text[position : position + 12].split("\n")[0]
        if not found or found[0] == "@":
            raise SyntaxFault(
                self.block_start, "Its closing brace is missing.", "Add a } where it ends."
            )
        what = f"A field like 'name = {{…}}' is expected, not {found!r}."
        raise SyntaxFault(position, what, "Mend this line.")

    def _closer(self, position: int, opener: str) -> int:
        position = self.bib.skip_blank(position)
        if self.text[position : position + 1] == ",":
            position = self.bib.skip_blank(position + 1)
        if self.text[position : position + 1] != ("}" if opener == "{" else ")"):
            raise SyntaxFault(position, "A closing brace is missing.", "Add the closing brace.")
        return position + 1

    def _salvage(
        self, start: int, behind_key: int, fault: SyntaxFault
    ) -> tuple[dict[str, Field], int]:
        """Read an ill-formed entry field by field, up to where the next one begins."""
        end = self.bib.next_block(behind_key)
        found = salvage(self.text, start, behind_key, end, self.values.expand)
        fields: dict[str, Field] = {}
        for name, value, position in found.fields:
            lower = name.lower()
            if lower not in fields:
                fields[lower] = Field(lower, " ".join(value.split()), self.bib.line(position))
        slip = found.slip or Slip(fault.position, fault.what, fault.remedy)
        what = f"{self.bib.owner} is not well-formed. {slip.what}"
        self.bib.problem(slip.position, "bib_syntax", what, slip.remedy)
        return fields, end
