"""Publications → RIS, the tagged records that reference managers exchange.

There is no one standard. Tags are such that Zotero's RIS translator and rispy, which follow EndNote
and the format's first specification, read back what was meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from labsite.csl import (
    address,
    form,
    institution,
    one_line,
    page_range,
    publisher,
    short_title,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from labsite.model import Name, Publication

_TYPES: Final = {
    "article": "JOUR",
    # a paper in proceedings; EndNote's CPAPER is one that was only held. Zotero writes CONF too.
    "paper": "CONF",
    "preprint": "UNPB",
    "chapter": "CHAP",
    "book": "BOOK",
    "thesis": "THES",
    "report": "RPRT",
    "dataset": "DATA",
    "software": "COMP",
    "webpage": "ELEC",
    "document": "GEN",
}


def ris_file(publications: Iterable[Publication]) -> str:
    """Return publications as a RIS file."""
    return "".join(map(ris, publications))


def ris(pub: Publication) -> str:
    """Return a publication as one RIS record: a line for each value, ended by CRLF."""
    values = ((tag, one_line(value)) for tag, value in _values(pub, form(pub)) if value)
    lines = [f"{tag}  - {value}\r\n" for tag, value in values if value]
    return "".join([*lines, "ER  - \r\n"])


def _values(pub: Publication, cited: str) -> Iterator[tuple[str, str]]:
    """Yield tags and values in the order of the record; empty values are not written."""
    container = "" if institution(pub) else pub.container.plain
    report = cited == "report"
    first, last = page_range(pub.pages)
    yield "TY", _TYPES[cited]
    for author in pub.authors:
        yield "AU", _inverted(author.name)
    for editor in pub.editors:  # A2 would be the series editor of a book
        yield "A3" if cited == "book" else "A2", _inverted(editor.name)
    yield "TI", pub.title.plain
    yield "T2", pub.series.plain if report else container
    yield "C3", container if cited == "paper" else ""  # Zotero takes T2 for the conference
    yield "T3", "" if report else pub.series.plain
    yield "J2", short_title(pub)
    yield "PY", f"{pub.date.year:04d}" if pub.date else ""
    yield "DA", _date(pub)
    yield "VL", pub.volume
    yield "IS", "" if report else pub.number
    yield "SP", first
    yield "EP", last
    yield "ET", pub.edition
    yield "SE", pub.chapter
    yield "DO", pub.doi
    yield "UR", address(pub).replace(";", "%3B")  # a bare one divides addresses
    yield "PB", publisher(pub)
    yield "CY", pub.location.plain
    yield "SN", _serial_number(pub, cited)
    yield "M3", pub.genre if cited in {"thesis", "report"} else ""  # elsewhere Zotero wants a DOI
    if cited == "preprint" and pub.eprint:
        yield "DB", pub.eprint[0]
        yield "AN", pub.eprint[1]
    yield "LA", pub.language
    yield "AB", pub.abstract.plain
    yield from (("KW", keyword) for keyword in pub.keywords)
    yield from (("N1", note) for note in _notes(pub))
    yield "ID", pub.key


def _inverted(name: Name) -> str:
    """Return ``von Family, Given, Jr``."""
    parts = [name.short, name.given, name.suffix]
    while parts and not parts[-1]:
        parts.pop()
    return ", ".join(parts)


def _date(pub: Publication) -> str:
    """Return ``yyyy/mm/dd/``, what is not known left empty."""
    if not pub.date:
        return ""
    year, month, day = [*pub.date.iso.split("-"), "", ""][:3]
    return f"{year}/{month}/{day}/"


def _serial_number(pub: Publication, cited: str) -> str:
    """Return what SN is for the type: a report's number, a journal's ISSN, a book's ISBN."""
    if cited == "report":
        return pub.number or pub.isbn or pub.issn
    return pub.issn or pub.isbn if cited == "article" else pub.isbn or pub.issn


def _notes(pub: Publication) -> Iterator[str]:
    yield pub.genre if pub.kind == "abstract" else ""
    yield pub.note.plain
    yield pub.addendum.plain
    yield "There are further authors." if pub.others else ""
    yield f"Retracted: {pub.retracted}" if pub.retracted else ""
