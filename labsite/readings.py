"""Entries that are as an earlier build read them: their fields are read when somebody asks for one.

Nothing behind the brace that closes an entry has a part in how it is read, and of what is before it
only what its abbreviations stand for. The reading itself, now or later, is the work of
:mod:`labsite.bib`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from labsite.entries import Field, Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from labsite.values import Values


class LaterFields(Mapping[str, Field]):
    """Fields of which only the names are known until somebody asks for one.

    Args:
        names: In the order of the file.
        read: Returns the fields with these names.
    """

    __slots__ = ("_fields", "_names", "_read")

    def __init__(self, names: tuple[str, ...], read: Callable[[], Mapping[str, Field]]) -> None:
        self._names, self._read = names, read
        self._fields: Mapping[str, Field] | None = None

    def __getitem__(self, name: str) -> Field:
        if name not in self._names:
            raise KeyError(name)
        if self._fields is None:
            self._fields = self._read()
        return self._fields[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Return a field, or ``default``; without an exception, as most are asked for in vain."""
        return self[name] if name in self._names else default

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Readings:
    """How the entries of one file are read, for the next time, and how they were the last time.

    Args:
        text: The file's.
        known: Key → how its entry was read the last time.
        values: Of the file.

    Attributes:
        found: Key → how its entry was read now.
    """

    def __init__(self, text: str, known: Mapping[str, Reading], values: Values) -> None:
        self._text, self._known, self._values = text, known, values
        self.found: dict[str, Reading] = {}
        self._shared: dict[Any, Any] = {}  # equal parts of readings are one

    def known(self, key: str, start: int) -> Reading | None:
        """Return how the entry that begins at ``start`` was read, if it would be read so again."""
        reading = self._known.get(key)
        if not reading or not self._text.startswith(reading.raw, start):
            return None
        return reading if self._values.use_again(reading) else None

    def note(self, key: str, raw: str, names: Iterable[str]) -> None:
        """Note how an entry was read, unless its abbreviations come to far too much."""
        if (expanded := self._values.expanded) is not None:
            parts = (tuple(names), self._values.uses)
            shared, uses = (self._shared.setdefault(part, part) for part in parts)
            self.found.setdefault(key, Reading(raw, shared, uses, expanded))
