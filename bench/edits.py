"""What is done to a site between two builds; whatever is not meant stays as it is, byte by byte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MARK: Final = "Revisited:"
"""The word that a changed title has more."""
ADDED: Final = "benchadded2025"
"""The key of the entry that is added."""
NEW_TITLE: Final = "A paper that was not there before"
NEW_SENTENCE: Final = "One sentence more."
_ENTRY: Final = re.compile(r"^@(?!string|comment|preamble)\w+\s*\{\s*([^\s,]+)\s*,", re.I | re.M)
_TITLE: Final = re.compile(r"^\s*title\s*=\s*\{", re.I | re.M)
_AUTHOR: Final = re.compile(r"^\s*author\s*=\s*\{(.+?)(?: and |\},?$)", re.I | re.M)
_NEW: Final = """@article{{{key},
  title       = {{{title}}},
  author      = {{{author}}},
  year        = {{2025}},
  journal     = {{Journal of Benches}},
  direction   = {{robust-models}},
}}

"""


def keys(bib: str) -> list[str]:
    """Return the keys of all entries, in their order."""
    return _ENTRY.findall(bib)


def middle_key(bib: str) -> str:
    """Return the key of the entry in the middle, the one that :func:`changed` changes."""
    found = keys(bib)
    return found[len(found) // 2]


def changed(bib: str) -> str:
    """Return a bib file in which the title of the entry in the middle has a word more.

    Raises:
        ValueError: If there is no entry, or this one has no title in braces.
    """
    entries = list(_ENTRY.finditer(bib))
    if not entries:
        raise ValueError("no entry to change")
    middle = len(entries) // 2
    end = entries[middle + 1].start() if middle + 1 < len(entries) else len(bib)
    title = _TITLE.search(bib, entries[middle].end(), end)
    if not title:
        raise ValueError(f"no title in {entries[middle][1]}")
    return f"{bib[: title.end()]}{MARK} {bib[title.end() :]}"


def added(bib: str) -> str:
    """Return a bib file with one entry more, before the first and by an author of the first."""
    first = _ENTRY.search(bib)
    author = _AUTHOR.search(bib, first.end()) if first else None
    entry = _NEW.format(key=ADDED, title=NEW_TITLE, author=author[1] if author else "Doe, Jo")
    begin = first.start() if first else len(bib)
    return f"{bib[:begin]}{entry}{bib[begin:]}"


def extended(page: str) -> str:
    """Return a page with one more paragraph."""
    return f"{page}\n{NEW_SENTENCE}\n"


def edit(path: Path, change: Callable[[str], str]) -> str:
    """Change a text file, whose line ends stay; return what it was."""
    before = path.read_bytes().decode("utf-8")
    path.write_bytes(change(before).encode("utf-8"))
    return before
