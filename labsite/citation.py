"""Publications → what other programs read off a page: Google Scholar's tags, COinS.

Sources: Google Scholar's inclusion guidelines for webmasters; the OpenURL standard Z39.88-2004 with
its KEV formats; what Zotero's Embedded Metadata and COinS translators make of both.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from labsite.csl import address, form, institution, one_line, page_range, publisher, short_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.model import Author, Name, Publication

_TYPE_TAGS: Final = {
    "article": "citation_journal_title",
    "paper": "citation_conference_title",
    "chapter": "citation_book_title",
    "thesis": "citation_dissertation_institution",
    "report": "citation_technical_report_institution",
}
"""Form → the tag that tells it; Zotero takes the type from whichever it meets last."""
_GENRES: Final = {"paper": "proceeding", "chapter": "bookitem", "book": "book", "report": "report"}
"""Form → ``rft.genre`` of the KEV format for books."""
_DC_TYPES: Final = {
    "preprint": "preprint",
    "dataset": "dataset",
    "software": "computerProgram",
    "webpage": "webpage",
    "document": "document",
}
"""Form → Zotero's item type, which it reads from ``rft.type``."""
_STABLE_NAMES: Final = re.compile(r"(?![A-Z]{1,3}$)(?:(?:^|[ -])(?:[^ .-]{2,}|[A-Z]\.))+")
"""Given names that Zotero keeps as they are. It rewrites others ("C.F.", "Md. A."), no longer knows
that ``rft.au`` and ``rft.aufirst`` are one person, and lists the first author twice."""


def scholar_tags(
    pub: Publication, *, page_url: str = "", pdf_url: str = ""
) -> list[tuple[str, str]]:
    """Return the tags of Google Scholar: ``(name, content)`` of ``meta`` elements.

    Names are ``Family, Given``, as in Scholar's own example: it allows both orders, and with the
    comma Zotero keeps a family name of several words whole. What has no authors has its editors
    instead, for Scholar passes over a page without ``citation_author``. One tag at most tells the
    type. Dates are whole or a year; nothing is said of a month alone.

    Args:
        pub: The publication.
        page_url: The absolute address of its page.
        pdf_url: The absolute address of a PDF in the same folder as that page.
    """
    first, last = page_range(pub.pages)
    cited = form(pub)
    arxiv = pub.eprint[1] if pub.eprint and pub.eprint[0] == "arXiv" else ""
    number = "citation_technical_report_number" if cited == "report" else "citation_issue"
    tags = [
        ("citation_title", pub.title.plain),
        *(("citation_author", name) for name in _scholar_names(pub)),
        ("citation_publication_date", _scholar_date(pub)),
        (_TYPE_TAGS.get(cited, ""), institution(pub) or pub.container.plain),
        ("citation_journal_abbrev", short_title(pub)),
        ("citation_volume", pub.volume),
        (number, pub.number),
        ("citation_firstpage", re.split(r"[-,\s]", first)[0] if not last else first),
        ("citation_lastpage", last),
        ("citation_doi", pub.doi),
        ("citation_issn", pub.issn),
        ("citation_isbn", pub.isbn),
        ("citation_publisher", "" if institution(pub) else publisher(pub)),
        ("citation_arxiv_id", arxiv),
        ("citation_language", pub.language),
        *(("citation_keywords", keyword) for keyword in pub.keywords),
        ("citation_abstract_html_url", page_url),
        ("citation_pdf_url", pdf_url),
    ]
    return [(name, value) for name, text in tags if name and text and (value := one_line(text))]


def _scholar_names(pub: Publication) -> list[str]:
    authors = pub.authors or pub.editors
    names = [inverted(author.name) for author in authors]
    if len(names) == 1 and re.fullmatch(r"[^,]* [^,]*, [^,]* [^,]*", names[0]):
        return [authors[0].name.display]  # Zotero takes "van Berg, Anna Maria" alone for two people
    return names


def _scholar_date(pub: Publication) -> str:
    if not pub.date:
        return ""
    return pub.date.iso.replace("-", "/") if pub.date.day else f"{pub.date.year:04d}"


def inverted(name: Name) -> str:
    """Return ``von Family, Given Jr``: one comma, whatever the name is made of."""
    given = f"{name.given} {name.suffix}".strip()
    return one_line(f"{name.short}, {given}" if given else name.short)


def coins(pub: Publication) -> str:
    """Return an OpenURL ContextObject for the title of a ``span`` of class ``Z3988``.

    The form is key/encoded-value (KEV), its ``&`` as they are: they are to be escaped in HTML.
    """
    pairs = [("ctx_ver", "Z39.88-2004"), *_kev(pub), *_creators(pub.authors or pub.editors)]
    if pub.doi:
        pairs.append(("rft_id", f"info:doi/{pub.doi}"))
    pairs.append(("rft_id", address(pub)))
    texts = ((key, one_line(value)) for key, value in pairs if value)
    return "&".join(f"{key}={_quoted(text)}" for key, text in texts if text)


@lru_cache(maxsize=8192)
def _quoted(text: str) -> str:
    """Return a text for an address; names and venues come again and again."""
    return quote(text, safe="")


def _kev(pub: Publication) -> Iterator[tuple[str, str]]:
    """Yield the format and what it has of the publication, apart from people and identifiers."""
    cited = form(pub)
    title, container = pub.title.plain, pub.container.plain
    own: dict[str, str]
    if cited == "article":
        kev, own = "journal", {"genre": cited, "atitle": title, "jtitle": container}
        own["stitle"] = short_title(pub)
    elif cited in _GENRES:
        whole = cited in {"book", "report"}
        titles = {"btitle": title} if whole else {"atitle": title, "btitle": container}
        kev, own = "book", {"genre": _GENRES[cited], **titles, "pub": publisher(pub)}
        own |= {"series": pub.series.plain, "edition": pub.edition}
    elif cited == "thesis":
        kev, own = "dissertation", {"title": title, "inst": publisher(pub), "degree": pub.genre}
    else:
        kev, own = "dc", {"type": _DC_TYPES[cited], "title": title, "source": container}
        own["publisher"] = publisher(pub)
    first, last = page_range(pub.pages)
    own |= {
        "place": pub.location.plain,
        "date": pub.date.iso if pub.date else "",
        "volume": pub.volume,
        "issue": pub.number,
        "spage": first if last else "",
        "epage": last,
        "pages": f"{first}-{last}" if last else first,
        "isbn": pub.isbn,
        "issn": pub.issn,
        "language": pub.language,
    }
    yield "rft_val_fmt", f"info:ofi/fmt:kev:mtx:{kev}"
    yield from ((f"rft.{key}", value) for key, value in own.items())


def _creators(authors: tuple[Author, ...]) -> Iterator[tuple[str, str]]:
    """Yield every author as ``rft.au``, and what links are resolved by: the parts of the first.

    A consortium that comes first is ``rft.aucorp`` instead: as ``rft.au`` it would be taken apart.
    """
    for index, name in enumerate(author.name for author in authors):
        if index == 0 and name.corporate:
            yield "rft.aucorp", name.family
            continue
        if index == 0 and _STABLE_NAMES.fullmatch(name.given):
            yield "rft.aulast", name.short
            yield "rft.aufirst", name.given
        yield "rft.au", inverted(name)
