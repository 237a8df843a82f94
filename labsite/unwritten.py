"""A page that cannot be written fails the build.

Sphinx only warns of it: with a full disk a build would end well and leave torn pages, one of them
perhaps the frame of thousands of others.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.errors import SphinxError
from sphinx.locale import __

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_SAID: Final = "error writing file %s: %s"
"""What Sphinx says of a page that it could not write, before translation."""


class NotWrittenError(SphinxError):
    """A page, or what vouches for pages, could not be written."""

    category = "File error"


class _Strict(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Raise what would be a warning: now, where the page is written, in whatever process.

        What was written of it goes: it is not to be taken for the page, should nobody notice.
        """
        match record.args:
            case (path, OSError() as error) if record.msg in {_SAID, __(_SAID)}:
                with suppress(OSError):
                    Path(str(path)).unlink(missing_ok=True)
                why = error.strerror or error
                raise NotWrittenError(f"{path} could not be written: {why}.") from error
        return True


def be_strict(app: Sphinx) -> None:
    """Handle ``builder-inited``: from now on a page that cannot be written fails the build."""
    for kind in type(app.builder).__mro__:
        logger = logging.getLogger(f"sphinx.{kind.__module__}")  # as Sphinx names its modules' own
        if not any(isinstance(each, _Strict) for each in logger.filters):
            logger.addFilter(_Strict())


def drop_torn_info(app: Sphinx) -> None:
    """Handle ``builder-inited``: delete a ``.buildinfo`` that Sphinx would stumble over.

    A full disk may leave it empty. Without one all pages are written.
    """
    if not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    path = Path(app.outdir) / ".buildinfo"
    with suppress(OSError):  # there is none
        try:
            type(app.builder.build_info).load(path)
        except (ValueError, IndexError):
            path.unlink()
