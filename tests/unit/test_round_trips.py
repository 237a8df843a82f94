"""Every export reads back to the same facts, on the real bibliography and on a nasty one.

Readers that share no code with the site: pybtex and bibtexparser for BibTeX, rispy for RIS, and for
CSL-JSON the names that CSL's own schema has and citeproc-py, which formats it.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares.names import (
    parse_single_name_into_parts,
    split_multiple_persons_names,
)
from bibtexparser.model import DuplicateBlockKeyBlock, Entry, String
from citeproc import (
    SCHEMA_PATH,
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from lxml import etree
from pybtex.bibtex.utils import split_name_list
from pybtex.database import Person as BibtexName
from pybtex.database.input.bibtex import Parser

from labsite.bib import parse_bib
from labsite.csl import csl_item, csl_json
from labsite.entries import Bibliography, bibtex_file
from labsite.exports import NOT_EXPORTED
from labsite.latex import decode
from labsite.model import Name, Publication
from labsite.people import parse_people
from labsite.records import build_publications
from labsite.ris import ris, ris_file
from labsite.vocabulary import KIND_OF_TYPE

TORTURE = Path(__file__).parents[1] / "torture.bib"

Publications = tuple[Publication, ...]


@pytest.fixture(scope="module", params=["real", "torture"])
def bib(request: pytest.FixtureRequest, real_bib: Bibliography) -> Bibliography:
    if request.param == "real":
        return real_bib
    return parse_bib(TORTURE.read_text(encoding="utf-8"), "torture.bib")


@pytest.fixture(scope="module")
def publications(bib: Bibliography, real_people_path: Path) -> Publications:
    people = parse_people(real_people_path.read_text(encoding="utf-8"), "people.yml").people
    found, problems = build_publications([bib], people)
    assert (*bib.problems, *problems) == ()
    return found


def line(text: str) -> str:
    return " ".join(text.split())


def plain(latex: str) -> str:
    return line(decode(latex)[0].plain)


# BibTeX -----------------------------------------------------------------------------------------


@dataclass
class Read:
    """What a reader found: the type and the fields, abbreviations expanded, LaTeX as it was."""

    type: str
    fields: dict[str, str] = field(default_factory=dict)


Reader = Callable[[str], dict[str, Read]]
Parts = tuple[str, str, str, str]
"""Given name, von, family name, Jr: LaTeX as it was."""


def pybtex_entries(text: str) -> dict[str, Read]:
    found = Parser(person_fields=()).parse_string(text).entries.items()
    return {
        key: Read(item.type, {name.lower(): line(value) for name, value in item.fields.items()})
        for key, item in found
    }


def pybtex_names(value: str) -> Iterator[Parts]:
    for text in split_name_list(value):
        name = BibtexName(text)
        given = [*name.first_names, *name.middle_names]
        parts = (given, name.prelast_names, name.last_names, name.lineage_names)
        yield tuple(map(" ".join, parts))  # type: ignore[misc]


def bibtexparser_entries(text: str) -> dict[str, Read]:
    """Read with bibtexparser; what it leaves alone, abbreviations and ``#``, is expanded here."""
    found: dict[str, Read] = {}
    strings = {month[:3].lower(): month for month in MONTHS}
    # it takes every type that begins with "comment" for a comment
    text = text.replace("@commentary", "@xcommentary")
    for block in parse_string(text, parse_stack=[]).blocks:
        if isinstance(block, DuplicateBlockKeyBlock):  # an abbreviation that is defined anew
            assert isinstance(block.ignore_error_block, String)
            block = block.ignore_error_block  # noqa: PLW2901
        if isinstance(block, String):
            strings[block.key.lower()] = expanded(block.value, strings)
        else:
            assert isinstance(block, Entry), block
            values = {
                item.key.lower(): line(expanded(item.value, strings)) for item in block.fields
            }
            found[block.key] = Read(block.entry_type.lower().removeprefix("x"), values)
    return found


MONTHS = (
    "January February March April May June July August September October November December"
).split()


def expanded(value: str, strings: Mapping[str, str]) -> str:
    """Join the pieces of a value: ``{…}``, ``"…"``, numbers and abbreviations."""
    text, depth, quoted, pieces = "", 0, False, []
    for char in value + "#":
        if char == "#" and not (depth or quoted):
            pieces.append(text.strip())
            text = ""
            continue
        depth += {"{": 1, "}": -1}.get(char, 0)
        quoted ^= char == '"' and not depth
        text += char
    return "".join(
        piece[1:-1] if piece[0] in '{"' else piece if piece.isdigit() else strings[piece.lower()]
        for piece in pieces
    )


def bibtexparser_names(value: str) -> Iterator[Parts]:
    for text in split_multiple_persons_names(value):
        name = parse_single_name_into_parts(text)
        yield tuple(map(" ".join, (name.first, name.von, name.last, name.jr)))  # type: ignore[misc]


READERS = pytest.mark.parametrize(
    ("read", "names"),
    [(pybtex_entries, pybtex_names), (bibtexparser_entries, bibtexparser_names)],
    ids=["pybtex", "bibtexparser"],
)

INHERITED = (
    "booktitle journal journaltitle year date month volume number publisher series editor location"
).split()


def with_parents(item: Read, entries: Mapping[str, Read]) -> dict[str, str]:
    """Add what an entry takes from those it refers to, nearest first."""
    fields = dict(item.fields)
    for how in ("crossref", "xdata"):
        for key in filter(None, re.split(r"[\s,]+", item.fields.get(how, ""))):
            parent = with_parents(entries[key], entries)
            if how == "crossref" and "title" in parent:
                parent["booktitle"] = parent["title"]
            for name in INHERITED:
                if name in parent:
                    fields.setdefault(name, parent[name])
    return fields


def facts_read(
    fields: Mapping[str, str], names: Callable[[str], Iterator[Parts]]
) -> dict[str, Any]:
    """Return the facts in the fields of an entry."""
    authors = [tuple(map(plain, parts)) for parts in names(fields.get("author", ""))]
    others = bool(authors) and authors[-1] == ("", "", "others", "")
    venues = ("journal", "journaltitle", "booktitle", "school", "institution")
    pages = fields.get("pages", fields.get("eid", ""))
    titles = [plain(fields[name]) for name in ("title", "subtitle") if name in fields]
    return {
        "title": ": ".join(titles),
        "authors": authors[:-1] if others else authors,
        "others": others,
        "year": int((fields.get("date") or fields["year"])[:4]),
        "venue": next((plain(fields[name]) for name in venues if name in fields), ""),
        "doi": fields.get("doi", "").replace("\\_", "_"),
        "pages": re.sub("-+", "–", pages),
        "volume": plain(fields.get("volume", "")),
        "number": plain(fields.get("number", fields.get("issue", ""))),
        "eprint": fields.get("eprint", ""),
    }


def facts(pub: Publication) -> dict[str, Any]:
    """Return the same facts as the record has them."""
    names = [author.name for author in pub.authors]
    return {
        "title": line(pub.title.plain),
        "authors": [(name.given, name.prefix, name.family, name.suffix) for name in names],
        "others": pub.others,
        "year": pub.year,
        "venue": line(pub.container.plain),
        "doi": pub.doi,
        "pages": pub.pages,
        "volume": line(pub.volume),
        "number": line(pub.number),
        "eprint": pub.eprint[1] if pub.eprint else "",
    }


@READERS
def test_the_bibtex_of_each_entry_reads_back_to_its_facts(
    publications: Publications, read: Reader, names: Callable[[str], Iterator[Parts]]
) -> None:
    for pub in publications:
        entries = read(str(pub.bibtex))
        assert next(iter(entries)) == pub.key
        assert entries[pub.key].type == pub.entry_type
        assert facts_read(with_parents(entries[pub.key], entries), names) == facts(pub)


@READERS
def test_the_bibtex_of_all_entries_reads_back_to_their_facts(
    publications: Publications, read: Reader, names: Callable[[str], Iterator[Parts]]
) -> None:
    entries = read(bibtex_file(pub.bibtex for pub in publications))
    parents = {parent.text for pub in publications for parent in pub.bibtex.parents}
    in_order = [pub.key for pub in publications if pub.bibtex.text not in parents]
    assert list(entries)[: len(in_order)] == in_order
    assert {pub.key for pub in publications} <= set(entries)
    for pub in publications:
        assert facts_read(with_parents(entries[pub.key], entries), names) == facts(pub)


@READERS
def test_no_latex_is_lost(
    bib: Bibliography, publications: Publications, read: Reader, names: object
) -> None:
    """Every field comes through as the maintainer wrote it."""
    entries = read(bibtex_file(pub.bibtex for pub in publications))
    for entry in bib.entries:
        if entry.type == "set":
            continue
        values = {name: item.value for name, item in entry.fields.items()}
        exported = {name: value for name, value in values.items() if name not in NOT_EXPORTED}
        fields = {name: line(value) for name, value in exported.items()}
        if entry.key in entries or entry.type != "xdata":  # unless nothing refers to it
            assert entries[entry.key].fields == fields


def test_parents_stand_behind_those_that_refer_to_them() -> None:
    """BibTeX finds the parent of a crossref only further down."""
    bib = parse_bib(TORTURE.read_text(encoding="utf-8"), "torture.bib")
    publications, _ = build_publications([bib], [])
    entries = pybtex_entries(bibtex_file(pub.bibtex for pub in publications))
    keys = list(entries)
    for key, entry in entries.items():
        if parent := entry.fields.get("crossref"):
            assert keys.index(parent) > keys.index(key)


def test_line_ends_make_no_difference(real_bib_path: Path) -> None:
    for path in (TORTURE, real_bib_path):
        text = path.read_text(encoding="utf-8")
        found = [
            build_publications([parse_bib(variant, path.name)], [])[0]
            for variant in (text, text.replace("\n", "\r\n"))
        ]
        one, other = [
            (bibtex_file(pub.bibtex for pub in pubs), ris_file(pubs), csl_json(pubs))
            for pubs in found
        ]
        assert one == other
        assert "\r" not in other[0] + other[2]


def test_the_torture_has_every_type_of_entry() -> None:
    torture = parse_bib(TORTURE.read_text(encoding="utf-8"), "torture.bib")
    assert {entry.type for entry in torture.entries} == set(KIND_OF_TYPE)


# RIS --------------------------------------------------------------------------------------------

RIS_TYPES = {
    "article": "JOUR",
    "paper": "CONF",
    "chapter": "CHAP",
    "book": "BOOK",
    "thesis": "THES",
    "preprint": "UNPB",
    "report": "RPRT",
    "dataset": "DATA",
    "software": "COMP",
}


def ris_name(name: Name) -> str:
    family = " ".join(part for part in (name.prefix, name.family) if part)
    return ", ".join(part for part in (family, name.given, name.suffix) if part)


def ris_pages(record: Mapping[str, Any]) -> str:
    return "-".join(filter(None, (record.get("start_page"), record.get("end_page"))))


def test_ris_reads_back_to_the_facts(publications: Publications) -> None:
    records = rispy.loads(ris_file(publications))
    assert [record["id"] for record in records] == [pub.key for pub in publications]
    for record, pub in zip(records, publications, strict=True):
        is_report, own = pub.kind == "report", pub.kind in {"report", "thesis"}
        if pub.kind in RIS_TYPES:
            assert record["type_of_reference"] == RIS_TYPES[pub.kind]
        assert record["title"] == line(pub.title.plain)
        assert record.get("authors", []) == [ris_name(author.name) for author in pub.authors]
        editors = record.get("secondary_authors", record.get("tertiary_authors", []))
        assert editors == [ris_name(editor.name) for editor in pub.editors]
        assert int(record["year"]) == pub.year
        assert record["date"].rstrip("/") == (pub.date.iso if pub.date else "").replace("-", "/")
        venue = record.get("publisher" if own else "secondary_title", "")
        assert venue == line((pub.container or (pub.publisher if own else pub.container)).plain)
        assert record.get("doi", "") == pub.doi
        assert ris_pages(record) == pub.pages.replace("–", "-")
        assert record.get("volume", "") == line(pub.volume)
        assert record.get("issn" if is_report else "number", "") == line(pub.number)
        assert record.get("keywords", []) == list(pub.keywords)
        if pub.url:
            assert record["urls"] == [pub.url.replace(";", "%3B")]
        if pub.kind == "preprint" and pub.eprint:
            assert (record["name_of_database"], record["accession_number"]) == pub.eprint
        assert "unknown_tag" not in record


def test_each_ris_record_is_its_part_of_the_file(publications: Publications) -> None:
    records = rispy.loads(ris_file(publications))
    assert [rispy.loads(ris(pub)) for pub in publications] == [[record] for record in records]


# CSL --------------------------------------------------------------------------------------------

CSL = {
    definition.get("name"): {value.text for value in definition.iter("{*}value")}
    for definition in etree.parse(SCHEMA_PATH).iter("{*}define")
}
"""What CSL 1.0.2 knows, by the schema of its styles: types and variables of each sort."""
NAME_PARTS = {"family", "given", "dropping-particle", "non-dropping-particle", "suffix", "literal"}


def is_text(value: object) -> bool:
    return isinstance(value, str) and value == line(value) != ""


def is_names(value: object) -> bool:
    return isinstance(value, list) and all(
        name and set(name) <= NAME_PARTS and all(map(is_text, name.values())) for name in value
    )


def is_date(value: Any) -> bool:
    [parts] = value["date-parts"]
    return set(value) == {"date-parts"} and 1 <= len(parts) <= 3 and all(map(is_int, parts))


def is_int(value: object) -> bool:
    return type(value) is int


def test_csl_json_is_valid(publications: Publications) -> None:
    """As csl-data.json asks: no package has that schema, but citeproc-py has the one of its names.

    Beyond it, no value is empty.
    """
    items = json.loads(csl_json(publications))
    assert [item["id"] for item in items] == [pub.key for pub in publications]
    for item in items:
        rest = dict(item)
        assert is_text(rest.pop("id"))
        assert rest.pop("type") in CSL["item-types"]
        assert is_text(rest.pop("language", "en"))
        for name, value in rest.items():
            if name in CSL["variables.names"]:
                assert is_names(value), (item["id"], name)
            elif name in CSL["variables.dates"]:
                assert is_date(value), (item["id"], name)
            else:
                sorts = ("strings", "titles", "numbers")
                assert any(name in CSL[f"variables.{sort}"] for sort in sorts), name
                assert is_text(value), (item["id"], name)


def test_csl_json_has_the_facts(publications: Publications) -> None:
    for pub in publications:
        item = csl_item(pub)
        names = [author.name for author in pub.authors]
        assert [
            tuple(name.get(part, "") for part in ("given", "non-dropping-particle", "family"))
            if "family" in name
            else ("", "", name["literal"])
            for name in item.get("author", [])
        ] == [(name.given, name.prefix, name.family) for name in names]
        assert ("further authors" in item.get("note", "")) == pub.others
        assert item["title"] == line(pub.title.plain)
        assert item["issued"]["date-parts"][0][0] == pub.year
        assert item.get("DOI", "") == pub.doi
        assert item.get("page", "") == pub.pages.replace("–", "-")
        own = pub.kind in {"report", "thesis"}
        venue = item.get("publisher" if own else "container-title", "")
        assert not pub.container or venue == line(pub.container.plain)
        assert item.get("volume", "") == line(pub.volume)
        if not (pub.kind == "preprint" and pub.eprint):
            numbers = ("issue", "number", "collection-number")
            assert [item[name] for name in numbers if name in item] == [line(pub.number)] * bool(
                pub.number
            )


def bare(text: str) -> str:
    """Letters and figures only: neither tags nor quotes nor case."""
    text = unicodedata.normalize("NFKC", re.sub(r"</?(?:i|b|sup|sub|span)\b[^<>]*>", "", text))
    return "".join(char for char in text.casefold() if char.isalnum())


def formatted(items: Sequence[dict[str, Any]]) -> list[str]:
    """Format with citeproc-py and the style it brings along."""
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    result = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    for item in items:
        result.register(Citation([CitationItem(item["id"].lower())]))
    return [str(reference) for reference in result.bibliography()]


@pytest.mark.filterwarnings("ignore::UserWarning")  # of fields the style or citeproc-py leaves out
def test_csl_json_is_formatted_by_a_citation_processor(publications: Publications) -> None:
    items = json.loads(csl_json(publications))
    for item, pub in zip(items, publications, strict=True):
        [reference] = formatted([item])
        first = (pub.authors or pub.editors)[0].name
        assert bare(first.family) in bare(reference)
        assert str(pub.year) in reference
        assert bare(pub.title.plain) in bare(reference)
