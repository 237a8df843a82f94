"""BibTeX name lists → names. The splitting rules are BibTeX's own, by pybtex."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import pybtex.errors
from pybtex.bibtex.utils import split_name_list
from pybtex.database import Person as BibtexName
from pybtex.exceptions import PybtexError

from labsite.latex import decode_plain
from labsite.model import Name

_LONE_AND: Final = re.compile(r"^and\s+|\s+and$|^and$", re.IGNORECASE)
_ANNOTATION: Final = re.compile(r"(?<!\d)(\d{1,9})\s*+=\s*+([^;]*)")


@lru_cache(maxsize=256)
def parse_names(value: str) -> tuple[tuple[Name, ...], bool, tuple[str, ...]]:
    """Read an ``author`` or ``editor`` field.

    Returns:
        The names; whether the list ends in ``and others``; what could not be read, one whole
        sentence each (the name is then kept as it stands).
    """
    names: list[Name] = []
    issues: list[str] = []
    parts = [part.strip() for part in _split(value)]
    others = bool(parts) and parts[-1].lower() == "others"
    for part in parts[:-1] if others else parts:
        if not part.strip("{} "):
            issues.append("A name is empty: there is an 'and' too many.")
            continue
        name, issue = _parse_name(part)
        names.append(name)
        issues.extend([issue] if issue else [])
    return tuple(names), others, tuple(issues)


def _split(value: str) -> list[str]:
    """Split at ``and``, also where two of them stand side by side or one at an end."""
    parts = split_name_list(value)
    pieces: list[str] = []
    for part in parts:
        head, *rest = _LONE_AND.split(part) if _LONE_AND.search(part) else [part]
        pieces += [head, *rest]
    return pieces if value.strip() else []


@lru_cache(maxsize=8192)
def _parse_name(part: str) -> tuple[Name, str]:
    if part.startswith("{") and part.endswith("}") and _one_group(part):
        text = decode_plain(part[1:-1])
        issue = f"{text!r} in braces counts as one name." if text.count(",") > 1 else ""
        return Name(text, corporate=True), issue
    try:
        with pybtex.errors.capture() as errors:
            parsed = BibtexName(part)
    except PybtexError as error:
        text = decode_plain(part)
        return Name(text, corporate=True), f"The name {text!r} cannot be read ({error})."
    if errors:
        text = decode_plain(part)
        return Name(text, corporate=True), f"The name {text!r} has too many commas."
    return (
        Name(
            family=_join(parsed.last_names),
            given=_join([*parsed.first_names, *parsed.middle_names]),
            prefix=_join(parsed.prelast_names),
            suffix=_join(parsed.lineage_names),
        ),
        "",
    )


def _one_group(part: str) -> bool:
    """Whether the first brace closes with the last one."""
    depth = 0
    for index, char in enumerate(part):
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth == 0:
            return index + 1 == len(part)
    return False


def _join(words: list[str]) -> str:
    return decode_plain(" ".join(words)).strip()


def parse_annotations(value: str) -> dict[int, frozenset[str]]:
    """Read a biblatex annotation field such as ``author+an = {1=equal; 2=equal,corresponding}``.

    Returns:
        Position in the list, from 1 → the annotations of that name.
    """
    return {
        int(match[1]): frozenset(word.strip(' "') for word in match[2].split(","))
        for match in _ANNOTATION.finditer(value)
    }
