"""Records and compiled templates kept from one build to the next, beside Sphinx's own pickle.

Nothing depends on it but time: a file that is not whole, or that another version wrote, is none.
"""

from __future__ import annotations

import builtins
import hashlib
import pickle
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import jinja2

from labsite.fingerprint import code_digest
from labsite.manifest import replace_file

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2.bccache import Bucket

CACHE: Final = "labsite.pickle"
TEMPLATES: Final = "labsite-templates"
KNOWN: Final = frozenset({"_operator", "jinja2", "labsite", "markupsafe", "sphinx"})
"""Where filters, tests and extensions of kept templates come from."""
_DIGEST_SIZE: Final = hashlib.sha256().digest_size


def read_cache(path: Path) -> Any:
    """Return what :func:`write_cache` kept, or None if it is not there as it was written.

    Like Sphinx's own pickle it lies in the folder of the doctrees, which only builds write to.
    """
    try:
        data = _unsealed(path)
        return None if data is None else pickle.loads(data)
    except Exception:  # unpickling raises anything
        return None


def write_cache(path: Path, value: Any) -> None:
    """Keep a value for the next build; a full disk costs that build its time, and no more."""
    _write_sealed(path, pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL))


class CompiledTemplates(jinja2.BytecodeCache):
    """Jinja's compiled templates, a file for each; Jinja itself tells one of another source.

    What filters and extensions make of a template is compiled in. So nothing is kept if any are
    not of the packages in :data:`KNOWN`, whose versions seal the files.

    Args:
        folder: Of one environment: others compile the same template to something else.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled in an earlier build, if it is whole."""
        data = _unsealed(self.folder / bucket.key) if _is_known(bucket.environment) else None
        if data is not None:
            bucket.bytecode_from_string(bytes(data))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if _is_known(bucket.environment):
            _write_sealed(self.folder / bucket.key, bucket.bytecode_to_string())


def _is_known(environment: jinja2.Environment) -> bool:
    """Say whether all that takes part in compiling comes from packages whose versions are known."""
    extensions = map(type, environment.extensions.values())
    parts = (*environment.filters.values(), *environment.tests.values(), *extensions)
    return all(map(_is_of_package, parts))


def _is_of_package(part: Any) -> bool:
    """Say whether a function or class is of a package in :data:`KNOWN`, or Python's own.

    A function of ``conf.py`` has no module; a class of it has that of Python's own.
    """
    module = str(getattr(part, "__module__", ""))
    if module == "builtins":
        return getattr(builtins, getattr(part, "__name__", ""), None) is part
    return module.partition(".")[0] in KNOWN


def _unsealed(path: Path) -> memoryview | None:
    """Return what is in a file, or None if it is not as it was written."""
    try:
        data = memoryview(path.read_bytes())
    except OSError:
        return None
    return data[_DIGEST_SIZE:] if data[:_DIGEST_SIZE] == _seal(data[_DIGEST_SIZE:]) else None


def _write_sealed(path: Path, data: bytes) -> None:
    with suppress(OSError):
        replace_file(path, _seal(data) + data)


def _seal(data: bytes | memoryview) -> bytes:
    """Return what stands before the data: another one for other data and for other code."""
    return hashlib.sha256(code_digest().encode("ascii") + hashlib.sha256(data).digest()).digest()
