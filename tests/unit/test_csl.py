"""CSL-JSON: what kind of thing it is, each fact in its field, nothing empty."""

import json
from typing import Any

import pytest

from labsite.csl import (
    address,
    csl_item,
    csl_json,
    form,
    one_line,
    page_range,
    publisher,
    short_title,
)
from labsite.model import Author, Name, PartialDate, Publication, RichText, Source, Span

rich = RichText.from_plain


def made(kind: str = "article", entry_type: str = "article", **fields: Any) -> Publication:
    facts = {"key": "k", "slug": "k", "source": Source("x.bib", 1), "title": rich("A title")}
    return Publication(**{**facts, **fields, "kind": kind, "entry_type": entry_type})


def by(*names: Name) -> tuple[Author, ...]:
    return tuple(map(Author, names))


def test_an_article_has_every_fact_in_its_field() -> None:
    pub = made(
        title=RichText((Span("text", "On T"), Span("sub", "", (Span("text", "2"),))), "On T2"),
        authors=by(Name("Sun", "Susu")),
        editors=by(Name("Koch", "Lisa M.")),
        date=PartialDate(2025, 9, 30),
        container=rich("Medical Image Analysis"),
        abbr=rich("MedIA"),
        series=rich("Series"),
        publisher=rich("Elsevier"),
        location=rich("Amsterdam"),
        volume="12",
        number="3",
        pages="594–603",
        edition="2",
        chapter="5",
        genre="Letter",
        doi="10.1000/a_b",
        url="https://example.org/?a=1&b=2",
        isbn="978-3-16-148410-0",
        issn="1234-5679",
        language="en-GB",
        keywords=("one", "two"),
        abstract=rich("What it says."),
        note=rich("A note"),
        addendum=rich("Oral"),
        retracted="https://example.org/notice",
    )
    assert csl_item(pub) == {
        "id": "k",
        "type": "article-journal",
        "title": "On T2",
        "author": [{"family": "Sun", "given": "Susu"}],
        "editor": [{"family": "Koch", "given": "Lisa M."}],
        "issued": {"date-parts": [[2025, 9, 30]]},
        "container-title": "Medical Image Analysis",
        "container-title-short": "MedIA",
        "collection-title": "Series",
        "publisher": "Elsevier",
        "publisher-place": "Amsterdam",
        "volume": "12",
        "issue": "3",
        "page": "594-603",
        "edition": "2",
        "chapter-number": "5",
        "genre": "Letter",
        "DOI": "10.1000/a_b",
        "URL": "https://example.org/?a=1&b=2",
        "ISBN": "978-3-16-148410-0",
        "ISSN": "1234-5679",
        "language": "en-GB",
        "keyword": "one, two",
        "abstract": "What it says.",
        "note": "A note; Oral",
        "status": "retracted",
    }


def test_only_what_is_known_is_there() -> None:
    assert csl_item(made()) == {"id": "k", "type": "article-journal", "title": "A title"}


@pytest.mark.parametrize(
    ("kind", "entry_type", "expected"),
    [
        ("article", "article", "article-journal"),
        ("paper", "inproceedings", "paper-conference"),
        ("abstract", "article", "article-journal"),
        ("abstract", "suppperiodical", "article-journal"),
        ("abstract", "inproceedings", "paper-conference"),
        ("abstract", "misc", "paper-conference"),
        ("chapter", "incollection", "chapter"),
        ("book", "proceedings", "book"),
        ("thesis", "phdthesis", "thesis"),
        ("preprint", "misc", "article"),
        ("report", "techreport", "report"),
        ("dataset", "dataset", "dataset"),
        ("software", "software", "software"),
        ("other", "misc", "document"),
    ],
)
def test_the_type(kind: str, entry_type: str, expected: str) -> None:
    assert csl_item(made(kind, entry_type))["type"] == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"url": "https://e.org"}, "webpage"),
        ({"url": "https://e.org", "doi": "10.1000/a"}, "document"),
        ({"url": "https://e.org", "container": rich("A book")}, "document"),
        ({}, "document"),
    ],
)
def test_what_has_only_an_address_is_a_page(fields: dict[str, Any], expected: str) -> None:
    assert form(made("other", "misc", **fields)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (Name("Berg", "Anna", "van der"), ("Berg", "Anna", "van der", None, None)),
        (Name("King", "Martin", "", "Jr."), ("King", "Martin", None, "Jr.", None)),
        (Name("Plato"), ("Plato", None, None, None, None)),
        (Name("Acme, Inc.", corporate=True), (None, None, None, None, "Acme, Inc.")),
        (Name("山田", "太郎"), ("山田", "太郎", None, None, None)),
    ],
)
def test_the_parts_of_a_name(name: Name, expected: tuple[str | None, ...]) -> None:
    [item] = csl_item(made(authors=by(name)))["author"]
    parts = ("family", "given", "non-dropping-particle", "suffix", "literal")
    assert tuple(item.get(part) for part in parts) == expected
    assert None not in item.values() and "" not in item.values()


def test_further_authors_are_no_person_but_a_note() -> None:
    item = csl_item(made(authors=by(Name("Sun", "Susu")), others=True))
    assert item["author"] == [{"family": "Sun", "given": "Susu"}]
    assert item["note"] == "There are further authors."


def test_five_hundred_authors_stay_in_order() -> None:
    authors = by(*(Name(f"Family{number}", "A.") for number in range(500)))
    item = csl_item(made(authors=authors))
    assert [name["family"] for name in item["author"]] == [f"Family{n}" for n in range(500)]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (PartialDate(2025), [2025]),
        (PartialDate(2025, 9), [2025, 9]),
        (PartialDate(2025, 9, 1), [2025, 9, 1]),
    ],
)
def test_the_date_is_as_precise_as_it_is_known(date: PartialDate, expected: list[int]) -> None:
    assert csl_item(made(date=date))["issued"] == {"date-parts": [expected]}


@pytest.mark.parametrize("kind", ["thesis", "report"])
def test_the_institution_is_the_publisher(kind: str) -> None:
    pub = made(kind, container=rich("King's College London"), genre="PhD thesis", number="7")
    item = csl_item(pub)
    assert item["publisher"] == "King's College London"
    assert item["genre"] == "PhD thesis"
    assert item["number"] == "7"
    assert "container-title" not in item
    assert publisher(made(kind, publisher=rich("Makers"))) == "Makers"


def test_a_preprint_is_published_by_its_archive() -> None:
    item = csl_item(made("preprint", "misc", eprint=("arXiv", "2503.10382"), number="1"))
    assert item["publisher"] == "arXiv"
    assert item["number"] == "arXiv:2503.10382"
    assert item["URL"] == "https://arxiv.org/abs/2503.10382"
    assert "issue" not in item


def test_a_published_paper_is_not_published_by_its_archive() -> None:
    pub = made("paper", "inproceedings", eprint=("arXiv", "2503.10382"), publisher=rich("ACM"))
    assert csl_item(pub)["publisher"] == "ACM"
    assert address(pub) == ""


@pytest.mark.parametrize(
    ("kind", "series", "expected"),
    [
        ("article", "", "issue"),
        ("article", "Series", "issue"),
        ("paper", "", "issue"),
        ("paper", "Series", "collection-number"),
        ("book", "Series", "collection-number"),
        ("chapter", "Series", "collection-number"),
        ("report", "Series", "number"),
        ("dataset", "", "number"),
        ("other", "", "number"),
    ],
)
def test_what_a_number_counts(kind: str, series: str, expected: str) -> None:
    item = csl_item(made(kind, "x", number="7", series=rich(series)))
    numbers = ("issue", "number", "collection-number")
    assert {name: item[name] for name in numbers if name in item} == {expected: "7"}


@pytest.mark.parametrize(
    ("kind", "abbr", "expected"),
    [
        ("article", "MedIA", "MedIA"),
        ("abstract", "MedIA", "MedIA"),
        ("article", "MICCAI 2025", ""),
        ("article", "Medical Image Analysis", ""),
        ("article", "", ""),
        ("paper", "MICCAI", ""),
    ],
)
def test_only_journals_have_a_short_title(kind: str, abbr: str, expected: str) -> None:
    pub = made(kind, abbr=rich(abbr), container=rich("Medical Image Analysis"))
    assert short_title(pub) == expected


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ("594–603", ("594", "603")),
        ("S3387–S3389", ("S3387", "S3389")),
        ("103895", ("103895", "")),
        ("3–5, 9", ("3-5, 9", "")),
        ("1–2–3", ("1-2-3", "")),
        ("", ("", "")),
    ],
)
def test_first_and_last_page(pages: str, expected: tuple[str, str]) -> None:
    assert page_range(pages) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two\nlines\r\nand\ta tab", "two lines and a tab"),
        ("a\x00b\x07c\x1bd\x85e\u2028f\u2029g", "a b c d e f g"),
        ("  spaces\u00a0 of\u2003all kinds ", "spaces of all kinds"),
        ("שלום \u200f(עולם)", "שלום \u200f(עולם)"),
        ("e\u0301 and 𝒳", "e\u0301 and 𝒳"),
        ("", ""),
    ],
)
def test_one_line(text: str, expected: str) -> None:
    assert one_line(text) == expected


def test_addresses_for_people_to_open_only() -> None:
    assert address(made(url="mailto:anna@example.org")) == ""
    assert address(made("preprint", url="https://e.org", eprint=("arXiv", "1"))) == "https://e.org"


def test_a_file_is_an_array_in_utf_8_with_the_keys_in_order() -> None:
    title = 'A < B > C & "D" </script>\n\x07 Ü 山'
    text = csl_json([made(title=rich(title)), made(key="b")])
    assert text.startswith('[\n  {\n    "id": "k",\n    "type": "article-journal",\n')
    assert text.endswith("\n]\n")
    assert 'A < B > C & \\"D\\" </script> Ü 山' in text
    assert [item["id"] for item in json.loads(text)] == ["k", "b"]
    assert csl_json([]) == "[]\n"
