"""Entries and people → publications: decoded, linked, in the order of every list."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from labsite.exports import bibtex
from labsite.fingerprint import digest_of
from labsite.inherit import inherit
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
from labsite.lint import (
    LONGEST_KEY,
    check_entry,
    check_keys,
    check_latex,
    check_related,
    check_required,
    directions_of,
    divided,
    is_listed,
    is_safe_key,
    month_number,
)
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
    name_key,
)
from labsite.names import parse_annotations, parse_names
from labsite.vocabulary import KIND_OF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from labsite.diagnostics import Problem
    from labsite.entries import Bibliography, BibTeX, Entry
    from labsite.inherit import Heir
    from labsite.model import Person

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
_NOT_LISTED: Final = frozenset({"abstract", "added", "ids", "keywords", "related", "relatedtype"})
"""Fields that no list shows, but in its BibTeX."""
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


def build_publications(
    bibliographies: Iterable[Bibliography],
    people: Iterable[Person],
    known: Mapping[str, Publication] | None = None,
) -> tuple[tuple[Publication, ...], tuple[Problem, ...]]:
    """Turn what the bib files hold into records.

    Args:
        bibliographies: The files' contents, in the order of the files.
        people: Group members; their aliases link author names to them.
        known: Digest → a record made earlier of an entry in which nothing is wrong: what has that
            digest is not decoded again.

    Returns:
        The publications in list order (year down, then month and day down where given, then the
        order of the files), and every problem found. No entry is dropped: one whose key is taken or
        unsafe gets a safe :attr:`~labsite.model.Publication.slug`.
    """
    entries = [entry for bib in bibliographies for entry in bib.entries]
    problems = [*check_keys(entries), *check_related(entries)]
    inherited, found_missing = inherit(entries)
    problems.extend(found_missing)
    aliases, known = _aliases(people), known or {}
    claimed = digest_of(sorted(aliases.items()))
    written: dict[int, BibTeX] = {}
    found = []
    for entry, heir, slug in zip(entries, inherited, _slugs(entries), strict=True):
        digest = digest_of((claimed, slug, _as_written(heir)))
        if pub := known.get(digest):
            found.append(_placed(pub, heir.entry))
            continue
        count = len(problems)
        problems.extend(check_entry(entry))
        problems.extend(check_required(heir.entry))
        if is_listed(entry):
            source = _with_parents(entry, heir, written)
            pub = _publication(heir.entry, slug, aliases, source, problems)
            listed = _listed(heir.entry, slug, claimed, source)
            faulty = len(problems) > count
            found.append(replace(pub, digest=digest, listed=listed, faulty=faulty))
    found.sort(key=lambda pub: pub.date.sort_key if pub.date else (0, 0, 0), reverse=True)
    return _with_labels(found), tuple(problems)


def _as_written(heir: Heir) -> tuple[object, ...]:
    """Return all that a record is made of, but the place in the file."""
    return tuple(
        (entry.type, entry.key, entry.raw, entry.strings, values)
        for entry in (heir.entry, *heir.ancestors)
        for values in [[(field.name, field.value) for field in entry.fields.values()]]
    )


def _placed(pub: Publication, entry: Entry) -> Publication:
    """Return a record with the lines on which its entry stands now."""
    if pub.source == (source := Source(entry.path, entry.line)):
        return pub
    return replace(pub, source=source, **_lines(entry))


def _lines(entry: Entry) -> dict[str, Any]:
    return {f"{name}_line": entry.line_of(name) for name in ("direction", "related", "preview")}


def _listed(entry: Entry, slug: str, claimed: str, source: BibTeX) -> str:
    """Return a digest of what lists show of a publication, and of little more."""
    fields = [(item.name, item.value) for item in entry.fields.values()]
    shown = [field for field in fields if field[0] not in _NOT_LISTED]
    return digest_of((claimed, slug, entry.type, entry.key, shown, source))


def _with_parents(entry: Entry, heir: Heir, written: dict[int, BibTeX]) -> BibTeX:
    """Return an entry's BibTeX with that of its ancestors, of which there is one copy each."""
    for one in (entry, *heir.ancestors):
        if id(one) not in written:
            written[id(one)] = bibtex(one)
    parents = tuple(written[id(parent)] for parent in heir.ancestors)
    return replace(written[id(entry)], parents=parents)


def _aliases(people: Iterable[Person]) -> dict[str, str]:
    aliases: dict[str, str] = {}
    for person in people:
        for alias in person.aliases:
            aliases.setdefault(name_key(alias), person.id)
    return aliases


def _slugs(entries: Sequence[Entry]) -> list[str]:
    """Return a safe page name for each entry, unique without regard to case."""
    taken = {entry.key.lower() for entry in entries if is_safe_key(entry.key)}
    used: set[str] = set()
    numbers: defaultdict[str, int] = defaultdict(lambda: 2)
    slugs = []
    for entry in entries:
        slug = entry.key
        if not is_safe_key(slug) or slug.lower() in used:
            base = re.sub(r"[^A-Za-z0-9_-]+", "-", slug[:LONGEST_KEY]).strip("-_") or "entry"
            base = base if base[0].isalpha() else f"entry-{base}"
            while True:
                slug = f"{base}-{numbers[base.lower()]}"
                if slug.lower() not in taken and slug.lower() not in used:
                    break
                numbers[base.lower()] += 1
        used.add(slug.lower())
        slugs.append(slug)
    return slugs


def _publication(
    entry: Entry, slug: str, aliases: Mapping[str, str], source: BibTeX, problems: list[Problem]
) -> Publication:
    def rich(*names: str) -> RichText:
        text, issues = decode(entry.get(*names))
        if issues and not faulty:
            faulty.append(True)
            problems.extend(check_latex(entry))
        return text

    faulty: list[bool] = []
    authors, others = _authors(entry, "author", aliases)
    editors, _ = _authors(entry, "editor", aliases)
    return Publication(
        key=entry.key,
        slug=slug,
        source=Source(entry.path, entry.line),
        entry_type=entry.type,
        kind=_kind(entry),
        title=_title(rich("title"), rich("subtitle")) or RichText.from_plain(f"[{entry.key}]"),
        authors=authors,
        others=others,
        editors=editors,
        date=_date(entry),
        container=rich("journal", "journaltitle", "booktitle", "school", "institution"),
        abbr=rich("abbr"),
        series=rich("series"),
        publisher=rich("publisher", "organization"),
        volume=rich("volume").plain,
        number=rich("number", "issue").plain,
        pages=_pages(rich("pages").plain) or rich("eid").plain,
        directions=directions_of(entry),
        selected=entry.get("selected").lower() in _TRUE,
        award=rich("award"),
        addendum=rich("addendum"),
        note=rich("note"),
        links=_links(entry),
        bibtex=source,
        summary=rich("summary"),
        abstract=rich("abstract"),
        doi=doi_of(plain_address(entry.get("doi"))),
        eprint=_eprint(entry),
        url=_first_address(entry, "url"),
        isbn=plain_address(entry.get("isbn")),
        issn=plain_address(entry.get("issn")),
        location=rich("location", "address"),
        edition=rich("edition").plain,
        chapter=rich("chapter").plain,
        genre=_GENRES.get(entry.get("type") or entry.type, rich("type").plain)
        or (KINDS["abstract"][0] if _kind(entry) == "abstract" else ""),
        language=_language(entry.get("langid")) or _language(entry.get("language")),
        keywords=divided(rich("keywords").plain, "[,;]"),
        aliases=divided(entry.get("ids")),
        related=tuple(
            Relation(key, entry.get("relatedtype").lower()) for key in divided(entry.get("related"))
        ),
        added=_added(entry),
        retracted=next(
            filter(None, map(safe_href, plain_address(entry.get("retracted")).split())), ""
        ),
        preview=safe_path(plain_address(entry.get("preview"))),
        **_lines(entry),
    )


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


def _with_labels(publications: list[Publication]) -> tuple[Publication, ...]:
    """Add author–year labels; what would read the same gets a, b, c from the oldest on."""
    alike: defaultdict[tuple[str, str], list[Publication]] = defaultdict(list)
    for pub in publications:
        alike[_who(pub), str(pub.year) if pub.year else "n.d."].append(pub)
    labels: dict[str, tuple[str, str]] = {}
    for (who, year), group in alike.items():
        group.sort(key=lambda pub: (pub.date.sort_key if pub.date else (0, 0, 0), pub.slug))
        for index, pub in enumerate(group):
            letters = _letters(index) if len(group) > 1 else ""
            labels[pub.slug] = (who, year + letters)
    return tuple(
        pub if pub.author_year == labels[pub.slug] else replace(pub, author_year=labels[pub.slug])
        for pub in publications
    )


def _letters(index: int) -> str:
    """Return a … z, aa, ab … for 0, 1 …."""
    letters = ""
    while True:
        letters = chr(ord("a") + index % 26) + letters
        index = index // 26 - 1
        if index < 0:
            return letters


def _who(pub: Publication) -> str:
    names = [author.name.short for author in pub.authors or pub.editors]
    if not names:
        return pub.key
    if len(names) > 2 or pub.others:
        return f"{names[0]} et al."
    return " and ".join(names)
