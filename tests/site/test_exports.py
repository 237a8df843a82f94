"""The files for reference managers beside the pages, and how search and inventory find papers."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from functools import cache
from typing import Any

from pybtex.database import parse_bytes
from sphinx.util.inventory import InventoryFile

from tests.site.conftest import SITE, read_page
from tests.site.test_landing_pages import (
    authors,
    displayed,
    entries,
    keys_in_order,
    leads_to,
    members,
    people,
    place_of,
    plain,
    words,
)

FORMATS = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "json": "application/vnd.citationstyles.csl+json",
}
# What maintainers write for this site alone, or a reference manager for itself.
OWN_FIELDS = set(
    "abbr added award code data direction model pdf poster preview retracted selected slides "
    "summary video file timestamp owner related relatedtype".split()
)


@cache
def wanted() -> dict[str, list[str]]:
    """Return path, less its ending, of every export → the keys it holds, in order."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for key in keys_in_order():
        entry = entries()[key]
        found[f"publications/{key}"].append(key)
        found["publications/all"].append(key)
        for member in members(entry):
            found[f"people/{member['id']}"].append(key)
        for direction in words(entry.fields["direction"]):
            found[f"research/{direction}"].append(key)
    return dict(found)


@cache
def text(path: str) -> str:
    return (SITE / path).read_bytes().decode("utf-8")


@cache
def records(stem: str) -> list[dict[str, Any]]:
    """Return a CSL-JSON file's items."""
    items = json.loads(text(f"{stem}.json"))
    assert isinstance(items, list)
    return items


def ris_records(stem: str) -> list[list[tuple[str, str]]]:
    """Return a RIS file's records, each as its tags with their values, between TY and ER."""
    found: list[list[tuple[str, str]]] = []
    for line in text(f"{stem}.ris").removesuffix("\r\n").split("\r\n"):
        assert re.fullmatch(r"[A-Z][A-Z0-9]  - [^\r\n]*", line), (stem, line)
        tag, value = line[:2], line[6:]
        if tag == "TY":
            assert not found or found[-1][-1] == ("ER", ""), stem
            found.append([])
        found[-1].append((tag, value))
    assert found[-1][-1] == ("ER", ""), stem
    return found


def test_there_are_exports_of_each_record_and_no_others() -> None:
    for ending in FORMATS:
        paths = (path.relative_to(SITE) for path in SITE.rglob(f"[!.]*.{ending}"))
        names = (path.as_posix() for path in paths if path.parts[0] != "_static")
        found = {name.removesuffix(f".{ending}") for name in names}
        assert found == set(wanted()), ending
    assert "publications/all" in wanted() and "people/christian-baumgartner" in wanted()


def test_exports_are_utf_8_without_a_byte_order_mark() -> None:
    for stem in wanted():
        for ending in FORMATS:
            file = (SITE / f"{stem}.{ending}").read_bytes()
            assert not file.startswith(b"\xef\xbb\xbf") and file.endswith(b"\n"), (stem, ending)
            assert "\ufffd" not in file.decode("utf-8"), (stem, ending)
    assert "Küstner" in text("publications/all.bib")


def test_bibtex_files_hold_what_they_should() -> None:
    for stem, keys in wanted().items():
        read = parse_bytes((SITE / f"{stem}.bib").read_bytes(), "bibtex").entries
        assert list(read) == keys, stem


def test_bibtex_is_as_written_less_the_site_s_own_fields() -> None:
    read = parse_bytes((SITE / "publications/all.bib").read_bytes(), "bibtex").entries
    own_in_source = set()
    for key, entry in entries().items():
        exported = {name.lower(): value for name, value in read[key].fields.items()}
        written = {name.lower(): value for name, value in entry.fields.items()}
        assert exported == {n: v for n, v in written.items() if n not in OWN_FIELDS}, key
        assert read[key].type == entry.type and read[key].persons == entry.persons, key
        own_in_source |= OWN_FIELDS & set(written)
    assert {"abbr", "added", "award", "code", "direction", "model", "selected", "summary"} <= (
        own_in_source
    )


def test_no_bibtex_file_has_a_field_of_the_site_s_own() -> None:
    for stem in wanted():
        fields = {
            field.lower() for field in re.findall(r"^\s*([\w+-]+)\s*=", text(f"{stem}.bib"), re.M)
        }
        assert "title" in fields and not fields & OWN_FIELDS, stem


def test_files_of_many_are_made_of_those_of_one() -> None:
    for stem, keys in wanted().items():
        assert text(f"{stem}.bib") == "".join(text(f"publications/{key}.bib") for key in keys), stem
        single = [records(f"publications/{key}") for key in keys]
        assert [[item] for item in records(stem)] == single, stem
        assert text(f"{stem}.ris") == "".join(text(f"publications/{key}.ris") for key in keys), stem


def test_csl_json_files_hold_what_they_should() -> None:
    for stem, keys in wanted().items():
        assert [item["id"] for item in records(stem)] == keys, stem
        titles = [plain(entries()[key].fields["title"]) for key in keys]
        assert [item["title"] for item in records(stem)] == titles, stem


def test_ris_files_hold_what_they_should() -> None:
    for stem, keys in wanted().items():
        found = ris_records(stem)
        titles = [[value for tag, value in record if tag == "TI"] for record in found]
        assert titles == [[plain(entries()[key].fields["title"])] for key in keys], stem
        assert [sum(tag == "TY" for tag, _ in record) for record in found] == [1] * len(keys), stem
        for key, record in zip(keys, found, strict=True):
            people_in = sum(tag == "AU" for tag, _ in record)
            assert people_in == len(authors(entries()[key])), key
            dois = [value for tag, value in record if tag == "DO"]
            assert dois == ([doi] if (doi := entries()[key].fields.get("doi")) else []), key


def pages_of_exports() -> dict[str, str]:
    """Return path, less its ending, of an export → the page it belongs to, if there is one."""
    pages = {stem: f"{stem}.html" for stem in wanted()} | {
        "publications/all": "publications/index.html"
    }
    alumni = {f"people/{p['id']}" for p in people() if "#" in place_of(p)}
    return {stem: page for stem, page in pages.items() if stem not in alumni}


def test_every_export_is_linked_from_its_page() -> None:
    pages = pages_of_exports()
    assert sum(stem.startswith("people/") for stem in pages) >= 6
    for stem, page in pages.items():
        found = {
            leads_to(page, link): str(link["type"])
            for link in read_page(page).select("main .ls-downloads a[download]")
        }
        assert found == {f"{stem}.{end}": kind for end, kind in FORMATS.items()}, page


# The other ways in: the site's search and the inventory for other Sphinx sites


@cache
def found_by() -> dict[str, str]:
    """Return key → all that the page search looks for words in, in small letters."""
    script = text("search-data.js").strip()
    data = json.loads(script.removeprefix("labsiteSearch(").removesuffix(");"))
    assert data["address"] == "publications/*.html"
    return {
        slug: " ".join(
            [title, *(data["authors"][n] for n in by), data["venues"][venue], str(year), more]
        ).lower()
        for slug, title, by, venue, year, more in data["publications"]
    }


def test_search_finds_papers_by_title_author_venue_year_and_numbers() -> None:
    for key, entry in entries().items():
        fields = entry.fields
        words_in = [fields["title"], *map(displayed, authors(entry)), fields["year"]]
        names = ("abbr", "journal", "booktitle", "doi", "eprint")
        words_in += [fields[name] for name in names if name in fields]
        for wanted_text in words_in:
            for word in plain(wanted_text).lower().split():
                assert word in found_by()[key], (key, word)


def test_other_sites_can_link_to_publications_people_and_directions() -> None:
    inventory = InventoryFile.loads((SITE / "objects.inv").read_bytes(), uri="").data
    papers = inventory["labsite:publication"]
    for key, entry in entries().items():
        assert papers[key].uri == f"publications/{key}.html"
        assert papers[key].display_name == plain(entry.fields["title"])
    assert {name: item.uri for name, item in inventory["labsite:person"].items()} == {
        person["id"]: place_of(person) for person in people()
    }
    directions = {name.partition("/")[2] for name in wanted() if name.startswith("research/")}
    assert {name: item.uri for name, item in inventory["labsite:direction"].items()} == {
        name: f"research/{name}.html" for name in directions
    }
