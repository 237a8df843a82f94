"""DataCite's records of DOIs. Their form: the metadata schema 4.6, as the REST API has it."""

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
    title_of,
)
from labsite.links import doi_href
from labsite.markup import html_to_latex, html_to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from labsite.found import Title

REGISTRY: Final = "DataCite"
_TYPES: Final = {
    "journalarticle": "article",
    "datapaper": "article",
    "conferencepaper": "inproceedings",
    "conferenceproceeding": "proceedings",
    "bookchapter": "incollection",
    "book": "book",
    "dissertation": "phdthesis",
    "report": "techreport",
    "dataset": "dataset",
    "collection": "dataset",
    "software": "software",
    "computationalnotebook": "software",
    "preprint": "unpublished",
}
"""``resourceTypeGeneral`` in small letters → entry types; others are ``misc``."""
_RELATIONS: Final = frozenset({"IsPreprintOf", "HasPreprint", "IsPreviousVersionOf"})
_PAPERS: Final = frozenset({"article", "inproceedings", "incollection"})


def parse_datacite(reply: Any) -> Found:
    """Read a reply of ``/dois/<doi>``.

    Raises:
        Malformed: It is not a record, or lacks what every entry needs.
    """
    work = mapping_of(mapping_of(mapping_of(reply).get("data")).get("attributes"))
    doi = doi_in(work.get("doi"))
    if not doi:
        raise Malformed("it is not a record of a DOI")
    title = _title(work)
    if not title.latex:
        raise Malformed(f"the record of {doi} has no title")
    kind = text_of(mapping_of(work.get("types")).get("resourceTypeGeneral"))
    entry_type = _TYPES.get(kind.lower(), "misc")
    if entry_type in _PAPERS and not _container(work):
        entry_type = "misc"  # what a paper needs, it has not
    retracted = doi_href(doi) if title.is_retracted else ""
    return Found(
        registry=REGISTRY,
        type=entry_type,
        title=title.latex,
        authors=_creators(work),
        fields=given_fields({**_fields(work, entry_type), "retracted": retracted}),
        date=_date(work, entry_type),
        doi=doi,
        is_preprint=entry_type == "unpublished",
        others=_others(work),
        remarks=(*title.remarks, *_remarks(title)),
    )


def _title(work: Mapping[str, Any]) -> Title:
    titles = list(map(mapping_of, list_of(work.get("titles"))))
    main = first_text([item.get("title") for item in titles if not item.get("titleType")])
    below = [item.get("title") for item in titles if item.get("titleType") == "Subtitle"]
    return title_of(main or first_text([item.get("title") for item in titles]), first_text(below))


def _remarks(title: Title) -> list[str]:
    said = "Its title says that it was retracted; retracted is its own address, as long as you know"
    return [f"{said} no notice."] if title.is_retracted else []


def _creators(work: Mapping[str, Any]) -> tuple[Contributor, ...]:
    found = []
    for item in map(mapping_of, list_of(work.get("creators"))):
        name, family, given = (
            html_to_plain(text_of(item.get(part))) for part in ("name", "familyName", "givenName")
        )
        if family:
            found.append(Contributor(family, given))
        elif item.get("nameType") == "Organizational" and name:
            found.append(Contributor(name=name, is_organisation=True))
        elif name.count(",") == 1:
            before, _, behind = name.partition(",")
            found.append(Contributor(before.strip(), behind.strip()))
        elif name:
            found.append(Contributor(name=name))
    return tuple(found)


def _container(work: Mapping[str, Any]) -> str:
    return html_to_latex(text_of(mapping_of(work.get("container")).get("title")))


def _fields(work: Mapping[str, Any], entry_type: str) -> dict[str, str]:
    container = mapping_of(work.get("container"))
    publisher = html_to_latex(short_publisher(html_to_plain(_publisher(work))))
    first, last = text_of(container.get("firstPage")), text_of(container.get("lastPage"))
    numbers = {
        "volume": html_to_latex(text_of(container.get("volume"))),
        "number": html_to_latex(text_of(container.get("issue"))),
        "pages": page_range(f"{first}-{last}" if first and last and first != last else first),
    }
    match entry_type:
        case "article":
            return {"journal": _container(work), **numbers}
        case "inproceedings" | "incollection":
            return {"booktitle": _container(work), **numbers, "publisher": publisher}
        case "phdthesis":
            return {"school": publisher}
        case "techreport":
            return {"institution": publisher}
        case "unpublished":
            return {"note": f"Preprint, {publisher}" if publisher else "Preprint"}
        case "dataset" | "software":
            version = html_to_latex(text_of(work.get("version")))
            return {"publisher": publisher, "version": version}
        case "book" | "proceedings":
            return {"publisher": publisher}
    return {"howpublished": _container(work) or publisher}


def _publisher(work: Mapping[str, Any]) -> str:
    """Return the publisher, which is a text, or an object with a name."""
    publisher = work.get("publisher")
    return text_of(publisher) or text_of(mapping_of(publisher).get("name"))


def _date(work: Mapping[str, Any], entry_type: str) -> tuple[int, int]:
    year_text = text_of(work.get("publicationYear"))
    year = int(year_text) if re.fullmatch(r"[12]\d{3}", year_text) else 0
    for item in map(mapping_of, list_of(work.get("dates"))):
        found = re.match(r"([12]\d{3})(?:-(0[1-9]|1[0-2]))?(?!\d)", text_of(item.get("date")))
        if item.get("dateType") == "Issued" and found and year in {0, int(found[1])}:
            return int(found[1]), 0 if entry_type == "inproceedings" else int(found[2] or 0)
    return year, 0


def _others(work: Mapping[str, Any]) -> tuple[Any, ...]:
    related = map(mapping_of, list_of(work.get("relatedIdentifiers")))
    return identifiers_of(
        [
            text_of(item.get("relatedIdentifier"))
            for item in related
            if text_of(item.get("relationType")) in _RELATIONS
        ]
    )
