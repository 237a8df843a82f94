"""Publications → CSL-JSON, the records of citation processors (CSL 1.0.2; csl-data.json).

How a record is read for it (:func:`form`, :func:`publisher` …) holds for the other formats too.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any, Final

from labsite.links import eprint_link
from labsite.vocabulary import KIND_OF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from labsite.model import Author, PartialDate, Publication

_TYPES: Final = {
    "article": "article-journal",
    "paper": "paper-conference",
    "preprint": "article",
    "chapter": "chapter",
    "book": "book",
    "thesis": "thesis",
    "report": "report",
    "dataset": "dataset",
    "software": "software",
    "webpage": "webpage",
    "document": "document",
}
_IN_SERIES: Final = frozenset({"paper", "chapter", "book"})
"""Forms whose ``number`` counts the books of the series (biblatex manual, section 2.2.2)."""
_OF_ISSUES: Final = frozenset({"article", "paper", "chapter", "book"})
_BREAKS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""What must not stand in a line: controls (Unicode's Cc), separators of lines (Zl, Zp)."""


def csl_json(publications: Iterable[Publication]) -> str:
    """Return publications as a CSL-JSON file: an array of items."""
    return csl_array(map(csl_text, publications))


def csl_array(items: Iterable[str]) -> str:
    """Join what :func:`csl_text` returned to a file."""
    text = ",\n".join(items)
    return f"[\n{text}\n]\n" if text else "[]\n"


def csl_text(pub: Publication) -> str:
    """Return a publication as an item of a file."""
    return f"  {_indented(csl_item(pub), '  ')}"


def _indented(value: Any, margin: str) -> str:
    """Return a value as ``json.dumps`` does with an indent of two, in a fifth of its time."""
    if isinstance(value, str):
        return encode_basestring(value)
    inner = f"{margin}  "
    if isinstance(value, dict):
        items = [
            f"{inner}{encode_basestring(key)}: {_indented(item, inner)}"
            for key, item in value.items()
        ]
        return "{\n" + ",\n".join(items) + f"\n{margin}}}" if items else "{}"
    if isinstance(value, list):
        items = [f"{inner}{_indented(item, inner)}" for item in value]
        return "[\n" + ",\n".join(items) + f"\n{margin}]" if items else "[]"
    return json.dumps(value)


def csl_item(pub: Publication) -> dict[str, Any]:
    """Return a publication as a CSL-JSON item, with the fields that are known."""
    cited = form(pub)
    notes = [one_line(note.plain) for note in (pub.note, pub.addendum)]
    notes += ["There are further authors."] if pub.others else []
    item: dict[str, Any] = {
        "id": pub.key,
        "type": _TYPES[cited],
        "title": pub.title.plain,
        "author": _names(pub.authors),
        "editor": _names(pub.editors),
        "issued": _date(pub.date),
        "container-title": "" if cited in {"thesis", "report"} else pub.container.plain,
        "container-title-short": short_title(pub),
        "collection-title": pub.series.plain,
        "publisher": publisher(pub),
        "publisher-place": pub.location.plain,
        "volume": pub.volume,
        **_number(pub, cited),
        "page": pub.pages.replace("–", "-"),
        "edition": pub.edition,
        "chapter-number": pub.chapter,
        "genre": pub.genre,
        "DOI": pub.doi,
        "URL": address(pub),
        "ISBN": pub.isbn,
        "ISSN": pub.issn,
        "language": pub.language,
        "keyword": ", ".join(pub.keywords),
        "abstract": pub.abstract.plain,
        "note": "; ".join(filter(None, notes)),
        "status": "retracted" if pub.retracted else "",
    }
    lines = {
        key: one_line(value) if isinstance(value, str) else value
        for key, value in item.items()
        if value
    }
    return {key: value for key, value in lines.items() if value}


def _number(pub: Publication, cited: str) -> dict[str, str]:
    """Return what ``number`` counts: reports, preprints, the books of a series or issues."""
    if cited == "preprint" and pub.eprint:
        return {"number": ":".join(pub.eprint)}
    if cited in _IN_SERIES and pub.series:
        return {"collection-number": pub.number}
    return {"issue" if cited in _OF_ISSUES else "number": pub.number}


def _names(authors: Iterable[Author]) -> list[dict[str, str]]:
    """Return names in their parts. CSL has no word for further authors: a note says it."""
    names = []
    for name in (author.name for author in authors):
        parts = {
            "literal": name.family if name.corporate else "",
            "family": "" if name.corporate else name.family,
            "given": name.given,
            "non-dropping-particle": name.prefix,
            "suffix": name.suffix,
        }
        known = ((key, one_line(part)) for key, part in parts.items() if part)
        names.append({key: text for key, text in known if text})
    return names


def _date(date: PartialDate | None) -> dict[str, list[list[int]]]:
    if not date:
        return {}
    parts = (date.year, date.month, date.day)
    return {"date-parts": [[part for part in parts if part is not None]]}


@lru_cache(maxsize=8192)  # several formats ask for the same texts
def one_line(text: str) -> str:
    """Return text without line breaks and control characters, evenly spaced."""
    kept = text if text.isprintable() else _BREAKS.sub(" ", text)
    return " ".join(kept.split())


def form(pub: Publication) -> str:
    """Return in what form a publication is cited.

    That is its kind, but an abstract is an article or a paper, by where it appeared, and what has
    no kind of its own is a ``webpage`` if it has only an address, else a ``document``.
    """
    if pub.kind == "abstract":
        return "article" if KIND_OF_TYPE.get(pub.entry_type) == "article" else "paper"
    if pub.kind == "other":
        return "webpage" if pub.url and not (pub.doi or pub.container) else "document"
    return pub.kind


def address(pub: Publication) -> str:
    """Return where to find it on the web: its own address, or a preprint's in its archive."""
    if pub.url or pub.kind != "preprint" or not pub.eprint:
        return pub.url if pub.url.startswith("http") else ""
    archive, number = pub.eprint
    return eprint_link(number, archive)[1]


def short_title(pub: Publication) -> str:
    """Return a journal's short title; a venue with its year, such as ``MICCAI 2025``, is none."""
    short = one_line(pub.abbr.plain)
    known = form(pub) == "article" and short != one_line(pub.container.plain)
    return short if known and not re.search(r"\b\d{4}\b", short) else ""


def institution(pub: Publication) -> str:
    """Return the school of a thesis or the institution of a report, else an empty string."""
    is_own = pub.kind in {"thesis", "report"}
    return one_line((pub.container or pub.publisher).plain) if is_own else ""


def publisher(pub: Publication) -> str:
    """Return who published it: the institution or the archive, if there is one."""
    archive = pub.eprint[0] if pub.eprint and pub.kind == "preprint" else ""
    return institution(pub) or archive or one_line(pub.publisher.plain)


def page_range(pages: str) -> tuple[str, str]:
    """Return first and last page; what is no plain range is all in the first."""
    pages = one_line(pages)
    plain = re.fullmatch(r"([^\s,–]+)–([^\s,–]+)", pages)
    return (plain[1], plain[2]) if plain else (pages.replace("–", "-"), "")
