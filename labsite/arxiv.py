"""arXiv's records. Their form: the arXiv API user's manual, "Details of Atom results returned"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from labsite.found import (
    Contributor,
    Found,
    Malformed,
    identifiers_of,
    text_of,
    tidied_title,
)
from labsite.identifiers import Identifier, NotAnIdentifier, read_identifier
from labsite.latex import decode_plain
from labsite.links import eprint_link
from labsite.markup import has_guessed_tex, tex_to_latex

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from labsite.found import Title

REGISTRY: Final = "arXiv"
_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_OWN: Final = "{http://arxiv.org/schemas/atom}"
_PUBLISHED: Final = re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])-\d\d")


def parse_arxiv(reply: bytes, wanted: Identifier) -> Found | None:
    """Read a reply of ``/api/query?id_list=<id>``.

    Returns:
        The record; None if arXiv has no such paper.

    Raises:
        Malformed: It is no Atom feed, or lacks what every entry needs.
    """
    entry = _feed(reply).find(f"{_ATOM}entry")
    if entry is None or "/api/errors" in _text(entry, f"{_ATOM}id"):
        return None
    try:
        found = read_identifier(_text(entry, f"{_ATOM}id"))
    except NotAnIdentifier:
        raise Malformed(f"the record of {wanted} has no arXiv id") from None
    title = _title(_text(entry, f"{_ATOM}title"))
    if found != wanted:
        raise Malformed(f"it is the record of {found}, not of {wanted}")
    if not title.latex:
        raise Malformed(f"the record of {wanted} has no title")
    address = eprint_link(found.value, "arxiv")[1]
    retracted = (("retracted", address),) if title.is_retracted and address else ()
    date = _PUBLISHED.match(_text(entry, f"{_ATOM}published"))
    return Found(
        registry=REGISTRY,
        type="misc",
        title=title.latex,
        authors=tuple(_authors(entry)),
        fields=(("howpublished", str(found)), *retracted),
        date=(int(date[1]), int(date[2])) if date else (0, 0),
        eprint=("arxiv", found.value),
        is_preprint=True,
        others=identifiers_of([_text(entry, f"{_OWN}doi")]),
        remarks=(*title.remarks, *_remarks(entry)),
    )


def _feed(reply: bytes) -> Element:
    """Read the feed; one that defines entities is refused: they may stand for anything."""
    try:
        if b"<!" in reply[:1000] or b"<!ENTITY" in reply:
            raise Malformed("it is not an Atom feed")
        feed = ElementTree.fromstring(reply)
    except (ElementTree.ParseError, ValueError, RecursionError) as error:
        if isinstance(error, Malformed):
            raise
        raise Malformed("it is not XML") from error
    if feed.tag != f"{_ATOM}feed":
        raise Malformed("it is not an Atom feed")
    return feed


def _text(element: Element, path: str) -> str:
    return text_of(element.findtext(path))


def _title(tex: str) -> Title:
    return tidied_title(tex_to_latex(tex), is_guessed=has_guessed_tex(tex))


def _authors(entry: Element) -> list[Contributor]:
    names = (_text(author, f"{_ATOM}name") for author in entry.iterfind(f"{_ATOM}author"))
    return [Contributor(name=decode_plain(tex_to_latex(name))) for name in names if name]


def _remarks(entry: Element) -> list[str]:
    reference, comment = _text(entry, f"{_OWN}journal_ref"), _text(entry, f"{_OWN}comment")
    remarks = [f"arXiv says that it has appeared in: {_plain(reference)}"] if reference else []
    return [*remarks, f"Its authors' comment at arXiv: {_plain(comment)}"] if comment else remarks


def _plain(text: str) -> str:
    return decode_plain(tex_to_latex(text))
