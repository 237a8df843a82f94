"""Records → files for reference managers. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.vocabulary import SITE_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from labsite.bib import Entry


def bibtex(entry: Entry, strings: Mapping[str, str]) -> str:
    """Return an entry as BibTeX that stands alone.

    It is what the maintainer wrote, less this site's own fields, after the ``@string`` definitions
    it uses; an entry that is not well-formed is written anew from what could be read.

    Args:
        entry: The entry.
        strings: Abbreviation → its ``@string`` definition.
    """
    kept = [field for name, field in entry.fields.items() if name not in SITE_FIELDS]
    if not entry.raw:
        lines = [f"  {field.name} = {{{field.value}}}," for field in kept]
        return "\n".join([f"@{entry.type}{{{entry.key},", *lines, "}"])
    text, position = [], 0
    for name, field in entry.fields.items():
        if name in SITE_FIELDS:
            start = len(entry.raw[: field.start].rstrip(" \t"))
            text.append(entry.raw[position:start])
            position = _after_field(entry.raw, field.end)
    text.append(entry.raw[position:])
    own = "".join(text).replace("\r\n", "\n")
    return "\n".join([*(strings[name] for name in entry.strings), own])


def _after_field(raw: str, end: int) -> int:
    """Return the offset of the next thing to keep: behind the comma and the rest of the line."""
    rest = raw[end:].lstrip(" \t")
    position = len(raw) - len(rest)
    if rest.startswith(","):
        position += 1
        blank = len(raw[position:]) - len(raw[position:].lstrip(" \t"))
        position += blank
    if raw[position : position + 2] == "\r\n":
        return position + 2
    return position + 1 if raw[position : position + 1] == "\n" else position
