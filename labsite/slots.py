"""The theme's frame around pages of records: rendered once for all that share it, then filled.

A frame is a page that Sphinx makes as any other, with slots in the place of what differs. It is
split at them once, so that nothing that is filled in is taken for a slot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from markupsafe import escape

from labsite.assets import needles_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.builders.html import StandaloneHTMLBuilder

_TEXTS: Final = ("title", "crumb", "edit_address", "edit_text")
"""The slots of plain text, which templates put in elements and attributes."""


def slot(name: str) -> str:
    """Return what stands for a slot: no template, filter or quoting changes it."""
    return f"LabsiteSlot-{name}-"


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A page to be framed.

    Attributes:
        name: Which is its address without ``.html``.
        title: Plain text.
        body: HTML.
        head: HTML.
        crumb: Plain text: what breadcrumbs call the page.
        edit_address: Where to correct it, or empty.
        frame: What the frame is besides, the same for many pages: template variables.
    """

    name: str
    title: str
    body: str
    head: str
    crumb: str
    edit_address: str
    edit_text: str
    frame: Mapping[str, Any]

    @property
    def kind(self) -> tuple[Any, ...]:
        """What pages have in common that share a frame."""
        folder = self.name.rpartition("/")[0]
        return folder, bool(self.edit_address), needles_in(self.body), repr(self.frame)

    def parts(self) -> dict[str, str]:
        """Return slot → HTML."""
        title = " ".join(self.title.split())  # as Jinja's striptags leaves it
        texts = (title, self.crumb, self.edit_address, self.edit_text)
        return {
            "page": quote(self.name.rpartition("/")[2]),
            "body": self.body,
            "head": self.head,
            **{name: str(escape(text)) for name, text in zip(_TEXTS, texts, strict=True)},
        }


class Frames:
    """The frames of one build.

    Args:
        builder: Renders them.
        scratch: A file that may be written and deleted.
    """

    def __init__(self, builder: StandaloneHTMLBuilder, scratch: Path) -> None:
        self._builder, self._scratch = builder, scratch
        self._made: dict[tuple[Any, ...], list[str]] = {}

    def fill(self, page: RecordPage) -> bytes:
        """Return a page as it is to be written."""
        kind, parts = page.kind, page.parts()
        if (pieces := self._made.get(kind)) is None:
            pieces = self._made[kind] = self._split(page)
        texts = [parts[piece] if number % 2 else piece for number, piece in enumerate(pieces)]
        return "".join(texts).encode(self._encoding, "xmlcharrefreplace")

    @property
    def _encoding(self) -> str:
        return str(self._builder.config.html_output_encoding)

    def _split(self, page: RecordPage) -> list[str]:
        """Render a frame and return its pieces: every second one is the name of a slot."""
        needles = "".join(f" {needle}" for needle in needles_in(page.body))  # they load styles
        names = ("page", "body", "head", *_TEXTS)
        slots = {name: slot(name) for name in names} | {"body": f"{slot('body')}{needles}"}
        context = {**page.frame, **slots}
        if not page.edit_address:
            context |= {"edit_address": "", "edit_text": ""}
        folder, slash, _ = page.name.rpartition("/")
        name = f"{folder}{slash}{context.pop('page')}"
        self._builder.handle_page(name, context, "page.html", outfilename=self._scratch)
        html = self._scratch.read_bytes().decode(self._encoding).replace("\r\n", "\n")
        self._scratch.unlink()
        by_text = {text: name for name, text in slots.items()}
        found = re.split(f"({'|'.join(map(re.escape, by_text))})", html)
        return [by_text[piece] if number % 2 else piece for number, piece in enumerate(found)]
