"""Entries → BibTeX for others: what the maintainer wrote, less what only this site knows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from labsite.entries import BibTeX
from labsite.vocabulary import SITE_FIELDS, TOOL_FIELDS, is_tool_field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labsite.entries import Entry

_RELATIONS: Final = frozenset("related relatedtype relatedstring relatedoptions".split())
NOT_EXPORTED: Final = SITE_FIELDS | TOOL_FIELDS | _RELATIONS
"""Besides the site's own fields: relations, by which biblatex would look for entries that a reader
has not, or print further references that nobody asked for."""
_HEAD: Final = re.compile(r"@[ \t]*[A-Za-z]+\s*[{(]\s*[^\s,{}=\"#]*")


def bibtex(entry: Entry, ancestors: Sequence[Entry] = ()) -> BibTeX:
    """Return an entry as BibTeX that stands alone.

    It is what the maintainer wrote, less this site's own fields and those of reference managers,
    with the ``@string`` definitions it uses; an entry that is not well-formed is written anew from
    what could be read.

    Args:
        entry: As read.
        ancestors: The entries that it takes fields from, nearest first.
    """
    parents = tuple(bibtex(parent) for parent in ancestors)
    kept = [field for name, field in entry.fields.items() if _is_exported(name)]
    if not entry.raw or not kept:
        lines = [f"  {field.name} = {{{_balanced(field.value)}}}," for field in kept]
        text = "\n".join([f"@{entry.type}{{{entry.key},", *lines, "}"])
        return BibTeX(text=text, parents=parents)
    strings = tuple(definition.replace("\r\n", "\n") for definition in entry.strings)
    return BibTeX(strings, _without_own_fields(entry).replace("\r\n", "\n"), parents)


def _is_exported(name: str) -> bool:
    return name not in NOT_EXPORTED and not is_tool_field(name)


def _without_own_fields(entry: Entry) -> str:
    behind_key = _HEAD.match(entry.raw)
    text: list[str] = []
    position = end = behind_key.end() if behind_key else 0
    text.append(entry.raw[:position])
    for name, field in entry.fields.items():
        if not _is_exported(name):  # it goes with the comma before it
            text.append(entry.raw[position:end])
            position = field.end
        end = field.end
    text.append(entry.raw[position:])
    return "".join(text)


def _balanced(value: str) -> str:
    """Return a value whose braces match: those that close nothing go, the others are closed."""
    depth, kept = 0, []
    for char in value:
        if char == "}" and depth == 0:
            continue
        depth += {"{": 1, "}": -1}.get(char, 0)
        kept.append(char)
    return "".join(kept) + "}" * depth
