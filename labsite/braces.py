"""Which brace closes which, worked out once for a whole file.

A reader that looked for each closing brace by itself would look through the rest of the file for
every brace that nothing closes, and take minutes over a file with thousands of them.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from typing import Final

_BRACE: Final = re.compile(r"[{}]")
SHALLOW: Final = r"(?:[^{}]++|\{[^{}]*+\})*+"
"""Matches text with at most one level of braces in it, as nearly every value is."""


class Braces:
    """The pairs of curly braces of a text; arrays, since a field may be all braces."""

    def __init__(self, text: str) -> None:
        self._opening, self._closing = array("q"), array("q")
        waiting = array("q")  # places in those arrays
        for match in _BRACE.finditer(text):
            if match[0] == "{":
                waiting.append(len(self._opening))
                self._opening.append(match.start())
                self._closing.append(-1)
            elif waiting:
                self._closing[waiting.pop()] = match.start()

    def closing(self, position: int) -> int:
        """Return the offset of the brace that closes the one at ``position``, or -1."""
        return self._closing[bisect_left(self._opening, position)]
