"""Damaged doctrees are found before a page is made from them.

Sphinx loads a page's doctree when the page is written, and ends with a traceback if a full disk or
a crash has left half of one. So each has its digest in the environment, and a page whose doctree
has another one is read again.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from labsite.domain import LabsiteDomain

if TYPE_CHECKING:
    from collections.abc import Set
    from pathlib import Path

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment


def damaged_doctrees(
    app: Sphinx, env: BuildEnvironment, added: Set[str], changed: Set[str], removed: Set[str]
) -> list[str]:
    """Handle ``env-get-outdated``: return the pages whose doctree is not as it was written."""
    noted = LabsiteDomain.of(env).doctrees
    kept = env.found_docs - added - changed
    return [name for name in sorted(kept) if _digest(_path(app, name)) != noted.get(name)]


def note_doctrees(app: Sphinx, env: BuildEnvironment) -> None:
    """Handle ``env-updated``: keep the digests of all doctrees, before the environment is saved."""
    noted = LabsiteDomain.of(env).doctrees
    noted.clear()
    noted.update({name: _digest(_path(app, name)) for name in sorted(env.found_docs)})


def _path(app: Sphinx, name: str) -> Path:
    return app.doctreedir / f"{name}.doctree"


def _digest(path: Path) -> bytes:
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return b""
