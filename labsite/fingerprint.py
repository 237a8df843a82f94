"""Short digests: of values, and of the code that makes something of them."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

_PACKAGES: Final = (
    *("Jinja2", "latex2mathml", "MarkupSafe", "pillow", "pybtex", "pylatexenc", "PyYAML", "Sphinx"),
)
"""Whose work is kept from one build to the next, besides our own."""
_FOLDER: Final = Path(__file__).parent


def digest_of(value: Any) -> str:
    """Return a short digest of anything whose ``repr`` says all about it."""
    return hashlib.sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()[:20]


@cache
def code_digest() -> str:
    """Return a digest of this package's code, of Python and of the packages it builds on."""
    # of each file a digest of its own: the repr of all their bytes takes twice as long as the rest
    code = [
        (path.name, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(_FOLDER.glob("*.py"))
    ]
    return digest_of((sys.version, [version(name) for name in _PACKAGES], code))
