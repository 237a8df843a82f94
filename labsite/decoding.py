"""One entry → one record: LaTeX, names, dates and addresses decoded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from labsite.latex import decode
from labsite.links import (
    address_label,
    doi_href,
    doi_of,
    eprint_link,
    eprint_number,
    plain_address,
    safe_href,
    safe_path,
)
from labsite.lint import LATEX_FIELDS, check_latex, directions_of, divided, month_number
from labsite.model import (
    KINDS,
    Author,
    Link,
    PartialDate,
    Publication,
    Relation,
    RichText,
    Source,
    Span,
    even_name,
)
from labsite.names import parse_annotations, parse_names
from labsite.vocabulary import KIND_OF_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from labsite.diagnostics import Problem
    from labsite.entries import BibTeX, Entry

_TRUE: Final = frozenset({"true", "yes", "1"})
_LABELS: Final = {
    "pdf": "PDF",
    "code": "Code",
    "data": "Data",
    "model": "Model",
    "slides": "Slides",
    "poster": "Poster",
    "video": "Video",
}
_CHECKED: Final = ("direction", "related", "preview")
_GENRES: Final = {
    "phdthesis": "PhD thesis",
    "mastersthesis": "Master’s thesis",
    "mathesis": "Master’s thesis",
    "bathesis": "Bachelor’s thesis",
    "candthesis": "Candidate thesis",
    "techreport": "Technical report",
    "resreport": "Research report",
}
"""Entry types and biblatex's keys for ``type`` (manual, section 4.9.2.10) that name a genre."""
_LANGUAGES: Final = {
    "english": "en",
    "american": "en-US",
    "british": "en-GB",
    "ukenglish": "en-GB",
    "usenglish": "en-US",
    "german": "de",
    "ngerman": "de",
    "french": "fr",
    "italian": "it",
    "spanish": "es",
    "austrian": "de-AT",
    "naustrian": "de-AT",
    "swissgerman": "de-CH",
    "nswissgerman": "de-CH",
    "dutch": "nl",
    "portuguese": "pt",
    "brazilian": "pt-BR",
    "chinese": "zh",
    "japanese": "ja",
}
"""biblatex ``langid`` or ``language`` → BCP 47."""


_NOTHING: Final = RichText()
_GROUPS: Final = {names[0]: names for names in LATEX_FIELDS}


def make_publication(
    entry: Entry,
    slug: str,
    aliases: Mapping[str, str],
    source: BibTeX,
    problems: list[Problem],
    digests: Mapping[str, Any],
) -> Publication:
    """Decode an entry.

    Args:
        entry: With what it inherits.
        slug: What its page is called.
        aliases: Name, as :func:`labsite.model.name_key` has it → person's id.
        source: Its BibTeX for others.
        problems: Gets what cannot be decoded.
        digests: The record's, by field.
    """
    texts, kind = _Texts(entry), _kind(entry)
    authors, others = _authors(entry, "author", aliases)
    editors, _ = _authors(entry, "editor", aliases)
    pub = Publication(
        key=entry.key,
        slug=slug,
        source=Source(entry.path, entry.line),
        entry_type=entry.type,
        kind=kind,
        title=_title(texts["title"], texts["subtitle"]) or RichText.from_plain(f"[{entry.key}]"),
        authors=authors,
        others=others,
        editors=editors,
        date=_date(entry),
        bibtex=source,
        genre=_genre(entry, kind, texts["type"].plain),
        language=_language(entry.get("langid")) or _language(entry.get("language")),
        **_venue(texts),
        **_words(texts),
        **_addresses(entry),
        **_site_fields(entry),
        **digests,
    )
    if texts.are_faulty:
        problems.extend(check_latex(entry))
    return pub


class _Texts:
    """The fields of an entry that become text, each under the first name of its group."""

    __slots__ = ("are_faulty", "entry")

    def __init__(self, entry: Entry) -> None:
        self.entry, self.are_faulty = entry, False

    def __getitem__(self, name: str) -> RichText:
        if not (value := self.entry.get(*_GROUPS[name])):  # as most are
            return _NOTHING
        text, issues = decode(value)
        if issues:
            self.are_faulty = True
        return text


def _venue(texts: _Texts) -> dict[str, Any]:
    """Return where it appeared, as a record has it."""
    return {
        "container": texts["journal"],
        "abbr": texts["abbr"],
        "series": texts["series"],
        "publisher": texts["publisher"],
        "location": texts["location"],
        "volume": texts["volume"].plain,
        "number": texts["number"].plain,
        "pages": _pages(texts["pages"].plain) or texts["eid"].plain,
        "edition": texts["edition"].plain,
        "chapter": texts["chapter"].plain,
    }


def _words(texts: _Texts) -> dict[str, Any]:
    """Return what is said about it, as a record has it."""
    return {
        "award": texts["award"],
        "addendum": texts["addendum"],
        "note": texts["note"],
        "summary": texts["summary"],
        "abstract": texts["abstract"],
        "keywords": divided(texts["keywords"].plain, "[,;]"),
    }


def _addresses(entry: Entry) -> dict[str, Any]:
    """Return numbers and addresses, as a record has them."""
    return {
        "links": _links(entry),
        "doi": doi_of(plain_address(entry.get("doi"))),
        "eprint": _eprint(entry),
        "url": _first_address(entry, "url"),
        "isbn": plain_address(entry.get("isbn")),
        "issn": plain_address(entry.get("issn")),
        "retracted": _first_address(entry, "retracted"),
    }


def _site_fields(entry: Entry) -> dict[str, Any]:
    """Return what the site goes by, as a record has it."""
    kind = entry.get("relatedtype").lower()
    return {
        "directions": directions_of(entry),
        "selected": entry.get("selected").lower() in _TRUE,
        "aliases": divided(entry.get("ids")),
        "related": tuple([Relation(key, kind) for key in divided(entry.get("related"))]),
        "added": _added(entry),
        "preview": safe_path(plain_address(entry.get("preview"))),
        **lines_in(entry),
    }


def _genre(entry: Entry, kind: str, text: str) -> str:
    """Return what it is, in words: ours for what is known, else those of its own field."""
    genre = _GENRES.get(entry.get("type") or entry.type, text)
    return genre or (KINDS["abstract"][0] if kind == "abstract" else "")


def _title(title: RichText, subtitle: RichText) -> RichText:
    """Join title and subtitle as biblatex does: with a colon, unless there is a mark already."""
    if not (title and subtitle):
        return title
    mark = " " if title.plain[-1] in "?!.:" else ": "
    joined = f"{title.plain}{mark}{subtitle.plain}"
    return RichText((*title.spans, Span("text", mark), *subtitle.spans), joined)


def _first_address(entry: Entry, name: str) -> str:
    addresses = map(safe_href, plain_address(entry.get(name)).split())
    return next(filter(None, addresses), "")


def _language(value: str) -> str:
    """Return a language as BCP 47, or an empty string."""
    value = value.strip()
    known = _LANGUAGES.get(value.lower(), "")
    return known or (value if re.fullmatch(r"(?i)[a-z]{2,3}(-[a-z0-9]{2,8})*", value) else "")


def _pages(text: str) -> str:
    """Return a range with an en dash; a lone hyphen is one unless there are several."""
    simple = re.fullmatch(r"(\w+)\s*-\s*(\w+)", text.strip())
    return f"{simple[1]}–{simple[2]}" if simple else re.sub(r"\s*–\s*", "–", text)


def _eprint(entry: Entry) -> tuple[str, str] | None:
    number = plain_address(entry.get("eprint"))
    archive, href = eprint_link(number, entry.get("eprinttype", "archiveprefix"))
    return (archive, eprint_number(number)) if href else None


def _added(entry: Entry) -> PartialDate | None:
    try:
        return PartialDate.parse(entry.get("added"))
    except ValueError:  # reported by the lint rule
        return None


def _authors(
    entry: Entry, name: str, aliases: Mapping[str, str]
) -> tuple[tuple[Author, ...], bool]:
    names, others, _ = parse_names(entry.get(name))
    notes = parse_annotations(entry.get(f"{name}+an"))
    authors = tuple(
        Author(
            found,
            None if found.corporate else aliases.get(even_name(found.display)),
            equal="equal" in notes.get(position, frozenset()),
        )
        for position, found in enumerate(names, start=1)
    )
    return authors, others


def _kind(entry: Entry) -> str:
    kind = KIND_OF_TYPE.get(entry.type, "other")
    if entry.get("entrysubtype").lower() == "abstract":
        return "abstract"
    return "preprint" if kind == "other" and entry.get("eprint") else kind


def _date(entry: Entry) -> PartialDate | None:
    try:
        if date := entry.get("date"):  # of a range, its beginning
            return PartialDate.parse(date.partition("/")[0])
    except ValueError:
        pass  # reported by the lint rule
    year = re.search(r"(?<!\d)\d{4}(?!\d)", entry.get("year", "date"))
    if not year or not 1000 <= int(year[0]) <= 9999:
        return None
    return PartialDate(int(year[0]), month_number(entry.get("month")))


def _links(entry: Entry) -> tuple[Link, ...]:
    """Return what a reader can open: what was published first, then preprint and the rest."""
    doi = doi_of(plain_address(entry.get("doi")))
    archive, eprint = eprint_link(
        plain_address(entry.get("eprint")), entry.get("eprinttype", "archiveprefix")
    )
    published = [Link("doi", "DOI", doi_href(doi))] if doi else []
    others = [Link("eprint", archive, eprint)] if eprint else []
    for role, label in _LABELS.items():
        for address in plain_address(entry.get(role)).split():
            local = safe_path(address) if role in {"pdf", "slides", "poster"} else ""
            if href := safe_href(address) or local:
                others.append(Link(role, label, href))
    for address in plain_address(entry.get("url")).split():
        href = safe_href(address)
        if href and href not in {link.href for link in (*published, *others)}:
            published.append(Link("url", address_label(href), href))
    return (*published, *others)


def lines_in(entry: Entry) -> dict[str, Any]:
    """Return the lines of the fields that are checked against other files, as a record has them."""
    return {f"{name}_line": entry.line_of(name) for name in _CHECKED}


def moved_lines(pub: Publication, by: int) -> dict[str, Any]:
    """Return what :func:`lines_in` returns for an entry that has moved by some lines."""
    return {(line := f"{name}_line"): getattr(pub, line) + by for name in _CHECKED}
