"""``format``: the house style of a bib file.

One field a line, in the order of :data:`ORDER`, names padded to one width, values in braces on one
line (but those with empty lines, which part paragraphs), a comma after each; an empty line between
entries. What a value says, and everything that is
no well-formed entry (comments, ``@string``, ``@preamble``, what is broken), stays byte for byte;
so does the order of entries.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from labsite.bib import parse_bib
from labsite.source import Edit, spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from labsite.entries import Bibliography, Entry
    from labsite.source import Source

ORDER: Final = tuple(
    """
    title subtitle titleaddon entrysubtype author author+an editor editor+an translator
    journal journaltitle journalsubtitle booktitle booksubtitle booktitleaddon maintitle
    eventtitle eventdate venue series school institution organization type edition volume volumes
    number issue part chapter pages eid pagetotal publisher address location year date month day
    pubstate howpublished doi eprint eprinttype eprintclass archiveprefix primaryclass url urldate
    isbn issn language langid abbr direction selected award addendum summary abstract keywords
    code data model pdf slides poster video preview retracted crossref xdata related relatedtype
    ids note keeper options added
    """.split()
)
"""The order of the fields; one that is not among them stays behind the one that it follows."""

_RANK: Final[Mapping[str, int]] = {name: rank for rank, name in enumerate(ORDER)}
_WIDTH: Final = 12
_SPACE: Final = re.compile(r"[ \t\n]+")
_NAME: Final = re.compile(r"\s*[^\s=]+\s*=\s*")
_BARE: Final = re.compile(r"[^\s,{}()=\"#%']+")
_JOIN: Final = re.compile(r"\s*#\s*")
_SIGN: Final = re.compile(r'[{}"]')
_COMMENT: Final = re.compile(r"(?<!\\)(?:\\\\)*+%")
_LAYOUT: Final = re.compile(r"\n[ \t]*+\n|\\[ \t\n]++\Z")
"""A blank line begins a paragraph; a backslash would take the brace behind it for its space."""


class HouseError(Exception):
    """A file would not say the same in house style, and nothing is done.

    It happens if an ``@string`` that is not closed takes in entries; else it is a mistake in the
    code.
    """


def house_edits(source: Source, before: Bibliography | None = None) -> list[Edit]:
    """Return what brings a file into house style.

    Args:
        source: The file.
        before: The file read before it, whose abbreviations hold in it.

    Raises:
        HouseError: Reading the result would not give the same entries.
    """
    bib = parse_bib(source.text, source.shown_as, before=before)
    edits = list(_edits(source, bib.entries))
    if edits:
        text = source.of(source.edited(edits), source.path, source.shown_as).text
        after = parse_bib(text, source.shown_as, before=before)
        if _said(bib) != _said(after):
            message = f"{source.shown_as} would not say the same in house style; it is as it was."
            if any(problem.subtype == "bib_syntax" for problem in bib.problems):
                raise HouseError(f"{message} First mend what is not well-formed: see 'check'.")
            raise HouseError(f"{message} Please report this as a mistake of the program.")
    return edits


def left_alone(source: Source, before: Bibliography | None = None) -> list[str]:
    """Return what is told of each entry that house style leaves as it is: place, key, why."""
    told = []
    entries = parse_bib(source.text, source.shown_as, before=before).entries
    for entry, place in zip(entries, spans(source.text, entries), strict=True):
        if place is not None and source.is_plain(*place):
            continue
        why = "it is not well-formed" if place is None else "it has control characters"
        where = f"{source.shown_as}:{entry.line}"
        told.append(f"{where}: Entry {entry.key!r} is left as it is: {why}. See 'check'.")
    return told


def _said(bib: Bibliography) -> tuple[object, ...]:
    """Return what a file says here and in TeX, without lines and order of fields."""
    entries = [
        (entry.type, entry.key, {item.name: (item.value, _kept(entry.raw[item.start : item.end]))
                                 for item in entry.fields.values()})
        for entry in bib.entries
    ]  # fmt: skip
    problems = sorted((problem.subtype, problem.what) for problem in bib.problems)
    return entries, problems, bib.values


def _edits(source: Source, entries: Sequence[Entry]) -> Iterator[Edit]:
    text, end = source.text, -1  # of the entry before, if that is well-formed
    for entry, place in zip(entries, spans(text, entries), strict=True):
        if place is None or not source.is_plain(*place):
            end = -1
            continue
        if end >= 0:
            yield from _gap(source, end, place[0], "\n\n")
        start, end = place
        yield from _changed(text, start, end, in_house_style(entry))
    if end >= 0:
        yield from _gap(source, end, len(text), "\n")


def _gap(source: Source, start: int, end: int, wanted: str) -> Iterator[Edit]:
    """Make a gap that is nothing but space what it should be."""
    gap = source.text[start:end]
    if gap != wanted and source.is_plain(start, end) and not gap.strip(" \t\n"):
        yield Edit(start, end, wanted)


def _changed(text: str, start: int, end: int, new: str) -> Iterator[Edit]:
    """Yield an edit of the lines of an entry that change, those above and below left alone."""
    if (old := text[start:end]) == new:
        return
    above = below = 0
    for mine, theirs in zip(old, new, strict=False):
        if mine != theirs:
            break
        above += 1
    most = min(len(old), len(new)) - above
    while below < most and old[-below - 1] == new[-below - 1]:
        below += 1
    yield Edit(start + above, end - below, new[above : len(new) - below])


def in_house_style(entry: Entry) -> str:
    """Return the text of a well-formed entry in house style."""
    fields = [
        (name, _value(entry.raw[item.start : item.end])) for name, item in entry.fields.items()
    ]
    return written(entry.type, entry.key, fields)


def written(entry_type: str, key: str, fields: Sequence[tuple[str, str]]) -> str:
    """Return an entry in house style.

    Args:
        entry_type: Small letters.
        key: As it is.
        fields: Names and values; a value is BibTeX, with its braces.
    """
    ranked: list[tuple[int, str, str]] = []
    rank = -1
    for name, value in fields:
        rank = _RANK.get(name, rank)  # what is not known goes with the one before it
        ranked.append((rank, name, value))
    ranked.sort(key=lambda item: item[0])
    lines = [f"  {name:<{_WIDTH}} = {value}," for _, name, value in ranked]
    return "\n".join([f"@{entry_type}{{{key},", *lines, "}"])


def _says_more(inner: str) -> bool:
    """Whether a value would say something else to TeX if it stood on one line."""
    last = inner.rfind("\n")
    has_comment = last >= 0 and _COMMENT.search(inner, 0, last)  # it ends with its line
    return bool(has_comment or _LAYOUT.search(inner))


def _kept(field: str) -> str:
    """Return the value of ``name = value`` if that stays as it is written, else nothing."""
    name = _NAME.match(field)
    position = name.end() if name else 0
    value = field[position:]
    while position < len(field):
        piece, position = _piece(field, position)
        if piece[0] in '{"' and _says_more(piece[1:-1]):
            return value
        join = _JOIN.match(field, position)
        position = join.end() if join else len(field)
    return ""


def _value(field: str) -> str:
    """Return the value of ``name = value`` in house style."""
    if kept := _kept(field):
        return kept
    name = _NAME.match(field)
    position = name.end() if name else 0
    pieces: list[str] = []
    while True:
        piece, position = _piece(field, position)
        pieces.append(piece)
        join = _JOIN.match(field, position)
        if not join:
            break
        position = join.end()
    if len(pieces) > 1:  # space at the ends of a piece counts
        return " # ".join(_SPACE.sub(" ", piece) for piece in pieces)
    piece = pieces[0]
    if piece[0] in '{"':
        return f"{{{_SPACE.sub(' ', piece[1:-1]).strip(' ')}}}"
    return f"{{{piece}}}" if piece.isdigit() else piece


def _piece(field: str, start: int) -> tuple[str, int]:
    """Return the piece of a value that begins at ``start``, and the offset behind it."""
    opener, depth = field[start], 0
    if opener not in '{"':
        bare = _BARE.match(field, start)
        end = bare.end() if bare else len(field)
        return field[start:end], end
    for sign in _SIGN.finditer(field, start):
        depth += {"{": 1, "}": -1}.get(sign[0], 0)
        is_end = depth == 0 and (sign[0] == "}" or (sign[0] == '"' and sign.start() > start))
        if is_end and (opener == "{") == (sign[0] == "}"):
            return field[start : sign.end()], sign.end()
    return field[start:], len(field)
