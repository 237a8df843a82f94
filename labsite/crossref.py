"""Crossref's records of works. Their form: the REST API's documentation, "Work"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from labsite.found import (
    Contributor,
    Found,
    Malformed,
    doi_in,
    first_text,
    given_fields,
    identifiers_of,
    list_of,
    mapping_of,
    page_range,
    short_publisher,
    text_of,
    texts_of,
    title_of,
)
from labsite.links import doi_href
from labsite.markup import html_to_latex, html_to_plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from labsite.found import Title

REGISTRY: Final = "Crossref"
_TYPES: Final = {
    "journal-article": "article",
    "proceedings-article": "inproceedings",
    "book-chapter": "incollection",
    "book-section": "incollection",
    "book-part": "incollection",
    "reference-entry": "incollection",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "proceedings": "proceedings",
    "dissertation": "phdthesis",
    "report": "techreport",
    "report-component": "techreport",
    "dataset": "dataset",
}
"""Crossref's types → entry types; others are ``misc``."""
_NO_PAPERS: Final = frozenset({"component", "journal", "journal-issue", "journal-volume", "grant"})
_PROCEEDINGS_SERIES: Final = re.compile(
    r"Lecture Notes in (?:Computer Science|Artificial Intelligence|Bioinformatics|Networks and)|"
    r"Communications in Computer and Information Science|IFIP Advances|"
    r"Proceedings of Machine Learning Research"
)
"""Series whose chapters are conference papers, though Springer calls them chapters of books."""
_RELATIONS: Final = ("has-preprint", "is-preprint-of")
_ARCHIVES: Final = frozenset({"medrxiv", "biorxiv"})
"""Preprint servers that ``eprinttype`` knows; arXiv's DOIs are DataCite's."""
_WITHDRAWN: Final = frozenset({"retraction", "withdrawal", "removal"})
_NOTICES: Final = _WITHDRAWN | {
    *("correction", "corrigendum", "erratum", "addendum", "clarification"),
    *("expression_of_concern", "partial_retraction"),
}
"""What Crossref calls a notice about another work; new versions and editions are works."""


def parse_crossref(reply: Any) -> Found:
    """Read a reply of ``/works/<doi>``.

    Raises:
        Malformed: It is not a work, or lacks what every entry needs.
    """
    work = mapping_of(mapping_of(reply).get("message"))
    doi = doi_in(work.get("DOI"))
    title = title_of(first_text(work.get("title")), first_text(work.get("subtitle")))
    kind = text_of(work.get("type"))
    if not doi or not kind:
        raise Malformed("it is not a record of a work")
    if kind in _NO_PAPERS:
        raise Malformed(f"{doi} is no paper but a {kind.replace('-', ' ')}")
    if not title.latex:
        raise Malformed(f"the record of {doi} has no title")
    if kind == "posted-content" and text_of(work.get("subtype")) in {"", "preprint"}:
        return _preprint(work, doi, title)
    entry_type = _entry_type(work, kind)
    date, remarks = _date(work, entry_type)
    return Found(
        registry=REGISTRY,
        type=entry_type,
        title=title.latex,
        authors=_contributors(work.get("author")),
        editors=_contributors(work.get("editor")) if entry_type in _WITH_EDITORS else (),
        fields=given_fields(
            {**_fields(work, entry_type), "retracted": _retracted(work, doi, title)}
        ),
        date=date,
        doi=doi,
        others=_others(work),
        remarks=(*title.remarks, *remarks, *_updates(work, doi, title)),
        doubt=_doubt(work, doi),
    )


_WITH_EDITORS: Final = frozenset({"book", "proceedings"})


def _preprint(work: Mapping[str, Any], doi: str, title: Title) -> Found:
    server = _institution(work) or text_of(work.get("group-title")) or _publisher(work)
    archive = server.lower() if server.lower() in _ARCHIVES else ""
    fields = {"howpublished": html_to_latex(server)} if archive else {
        "note": f"Preprint, {html_to_latex(server)}" if server else "Preprint"
    }  # fmt: skip
    dates = (_parts(work, name) for name in ("posted", "published", "issued"))
    return Found(
        registry=REGISTRY,
        type="misc" if archive else "unpublished",
        title=title.latex,
        authors=_contributors(work.get("author")),
        fields=given_fields({**fields, "retracted": _retracted(work, doi, title)}),
        date=next(filter(None, dates), (0, 0)),
        doi=doi,
        eprint=(archive, doi) if archive else ("", ""),
        is_preprint=True,
        others=_others(work),
        remarks=(*title.remarks, *_updates(work, doi, title)),
    )


def _entry_type(work: Mapping[str, Any], kind: str) -> str:
    entry_type = _TYPES.get(kind, "misc")
    if entry_type == "incollection" and _is_conference(work):
        return "inproceedings"
    degrees = " ".join(texts_of(work.get("degree"))).lower()
    if entry_type == "phdthesis" and re.search(r"\bm\.?(?:sc|a|s|phil)\b|master", degrees):
        return "mastersthesis"
    return entry_type


def _is_conference(work: Mapping[str, Any]) -> bool:
    series = " ".join(texts_of(work.get("container-title")))
    return bool(work.get("event") or _assertions(work) or _PROCEEDINGS_SERIES.search(series))


def _assertions(work: Mapping[str, Any]) -> dict[str, str]:
    """Return what Springer says of the conference: ``conference_name``, ``conference_year`` …."""
    items = map(mapping_of, list_of(work.get("assertion")))
    found = {text_of(item.get("name")): text_of(item.get("value")) for item in items}
    return {name: value for name, value in found.items() if name.startswith("conference_")}


def _fields(work: Mapping[str, Any], entry_type: str) -> dict[str, str]:
    containers = [html_to_latex(text) for text in texts_of(work.get("container-title"))]
    publisher = html_to_latex(short_publisher(html_to_plain(_publisher(work))))
    pages = page_range(text_of(work.get("page")) or text_of(work.get("article-number")))
    numbers = {
        "volume": html_to_latex(text_of(work.get("volume"))),
        "number": html_to_latex(text_of(work.get("issue"))),
        "pages": pages,
    }
    match entry_type:
        case "article":
            return {"journal": (containers or [""])[0], **numbers}
        case "inproceedings" | "incollection":
            conference = html_to_latex(_assertions(work).get("conference_name", ""))
            book = (containers or [conference])[-1]
            series = containers[0] if len(containers) > 1 else ""
            return {"booktitle": book, "series": series, **numbers, "publisher": publisher}
        case "phdthesis" | "mastersthesis":
            return {"school": html_to_latex(_institution(work)) or publisher}
        case "techreport":
            return {"institution": html_to_latex(_institution(work)) or publisher}
        case "book" | "proceedings":
            edition = html_to_latex(text_of(work.get("edition-number")))
            series = (containers or [""])[0]
            return {"series": series, **numbers, "edition": edition, "publisher": publisher}
        case "dataset":
            return {"publisher": publisher}
    return {"howpublished": (containers or [publisher])[0], **numbers}


def _publisher(work: Mapping[str, Any]) -> str:
    return text_of(work.get("publisher"))


def _institution(work: Mapping[str, Any]) -> str:
    names = (text_of(mapping_of(item).get("name")) for item in list_of(work.get("institution")))
    return next(filter(None, names), "")


def _contributors(value: Any) -> tuple[Contributor, ...]:
    found = []
    for item in map(mapping_of, list_of(value)):
        family, given, suffix, name = (
            html_to_plain(text_of(item.get(part))) for part in ("family", "given", "suffix", "name")
        )
        if family:
            found.append(Contributor(family, given, suffix))
        elif name or given:
            found.append(Contributor(name=name or given, is_organisation=bool(name)))
    return tuple(found)


def _parts(work: Mapping[str, Any], *path: str) -> tuple[int, int] | None:
    """Return year and month (or 0) of a date, if they can be ones."""
    value: Any = work
    for name in path:
        value = mapping_of(value).get(name)
    first = list_of(mapping_of(value).get("date-parts"))[:1]
    numbers = [item for item in list_of(first[0] if first else None) if type(item) is int]
    year, month = [*numbers, 0, 0][:2]
    if not 1000 <= year <= 9999:
        return None
    return year, month if 1 <= month <= 12 else 0


def _date(work: Mapping[str, Any], entry_type: str) -> tuple[tuple[int, int], tuple[str, ...]]:
    """Return when it appeared: of a conference paper, the conference; else in print, or at all."""
    names = ("published-print", "published", "issued", "published-online")
    dates = [found for name in names if (found := _parts(work, name))]
    printed = dates[0] if dates else (0, 0)
    if entry_type != "inproceedings":
        return printed, ()
    year = _assertions(work).get("conference_year", "")
    held = _parts(work, "event", "start") or (
        int(year) if re.fullmatch(r"[12]\d{3}", year) else min(dates, default=(0, 0))[0],
        0,  # the book has a month, the conference another
    )
    if held[0] == printed[0]:
        return held, ()
    remark = f"The proceedings are dated {printed[0]}; the year of the conference is taken."
    return held, (remark,) if printed[0] else ()


def _others(work: Mapping[str, Any]) -> tuple[Any, ...]:
    relation = mapping_of(work.get("relation"))
    items = (mapping_of(item) for name in _RELATIONS for item in list_of(relation.get(name)))
    return identifiers_of([text_of(item.get("id")) for item in items])


def _notices(work: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield kind and DOI of what was published about a paper since: it was corrected, say."""
    for item in map(mapping_of, list_of(work.get("updated-by"))):
        kind, notice = text_of(item.get("type")).lower(), doi_in(item.get("DOI"))
        if kind and notice:
            yield html_to_plain(kind), notice


def _retracted(work: Mapping[str, Any], doi: str, title: Title) -> str:
    found = next((doi_href(notice) for kind, notice in _notices(work) if kind in _WITHDRAWN), "")
    return found or (doi_href(doi) if title.is_retracted else "")


def _updates(work: Mapping[str, Any], doi: str, title: Title) -> tuple[str, ...]:
    notices = dict.fromkeys(_notices(work))
    said = [f"There is a {kind} of this paper: {doi_href(notice)}." for kind, notice in notices]
    if title.is_retracted and not any(kind in _WITHDRAWN for kind, _ in notices):
        where = f"retracted is the paper's own address, {doi_href(doi)}"
        said.append(f"Its title says that it was retracted; no notice is named, so {where}.")
    return tuple(said)


def _doubt(work: Mapping[str, Any], doi: str) -> str:
    """Say that it is no paper but a note about one: a correction, an erratum, a retraction."""
    for item in map(mapping_of, list_of(work.get("update-to"))):
        kind, corrected = text_of(item.get("type")).lower(), doi_in(item.get("DOI"))
        if corrected not in {"", doi} and kind in _NOTICES:
            what = "retraction notice" if kind == "retraction" else kind.replace("_", " ")
            article = "an" if what[0] in "aeiou" else "a"
            return f"It is {article} {what} of {corrected}, not a paper of its own."
    return ""
