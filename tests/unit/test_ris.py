"""RIS: the form of the lines, the right tag for each fact."""

import re
from typing import Any

import pytest

from labsite.model import Author, Name, PartialDate, Publication, RichText, Source
from labsite.ris import ris, ris_file

rich = RichText.from_plain


def made(kind: str = "article", entry_type: str = "article", **fields: Any) -> Publication:
    facts = {"key": "k", "slug": "k", "source": Source("x.bib", 1), "title": rich("A title")}
    return Publication(**{**facts, **fields, "kind": kind, "entry_type": entry_type})


def by(*names: Name) -> tuple[Author, ...]:
    return tuple(map(Author, names))


def values(pub: Publication, tag: str) -> list[str]:
    return [line[6:] for line in ris(pub).split("\r\n") if line.startswith(f"{tag}  - ")]


def test_an_article_line_by_line() -> None:
    pub = made(
        authors=by(Name("Sun", "Susu"), Name("King", "Martin", "", "Jr.")),
        editors=by(Name("Koch", "Lisa M.")),
        date=PartialDate(2025, 9, 3),
        container=rich("Medical Image Analysis"),
        abbr=rich("MedIA"),
        series=rich("Series"),
        publisher=rich("Elsevier"),
        location=rich("Amsterdam"),
        volume="12",
        number="3",
        pages="594–603",
        doi="10.1000/a_b",
        url="https://example.org/a?b=1&c",
        isbn="978-3-16-148410-0",
        issn="1234-5679",
        language="en",
        keywords=("one", "two words"),
        abstract=rich("What it says."),
        note=rich("A note"),
        addendum=rich("Oral"),
    )
    assert ris(pub).split("\r\n") == [
        "TY  - JOUR",
        "AU  - Sun, Susu",
        "AU  - King, Martin, Jr.",
        "A2  - Koch, Lisa M.",
        "TI  - A title",
        "T2  - Medical Image Analysis",
        "T3  - Series",
        "J2  - MedIA",
        "PY  - 2025",
        "DA  - 2025/09/03/",
        "VL  - 12",
        "IS  - 3",
        "SP  - 594",
        "EP  - 603",
        "DO  - 10.1000/a_b",
        "UR  - https://example.org/a?b=1&c",
        "PB  - Elsevier",
        "CY  - Amsterdam",
        "SN  - 1234-5679",
        "LA  - en",
        "AB  - What it says.",
        "KW  - one",
        "KW  - two words",
        "N1  - A note",
        "N1  - Oral",
        "ID  - k",
        "ER  - ",
        "",
    ]


def test_only_what_is_known_has_a_line() -> None:
    assert ris(made()) == "TY  - JOUR\r\nTI  - A title\r\nID  - k\r\nER  - \r\n"


@pytest.mark.parametrize(
    ("kind", "entry_type", "expected"),
    [
        ("article", "article", "JOUR"),
        ("paper", "inproceedings", "CONF"),
        ("abstract", "article", "JOUR"),
        ("abstract", "inproceedings", "CONF"),
        ("chapter", "incollection", "CHAP"),
        ("book", "book", "BOOK"),
        ("thesis", "phdthesis", "THES"),
        ("report", "techreport", "RPRT"),
        ("dataset", "dataset", "DATA"),
        ("software", "software", "COMP"),
        ("preprint", "misc", "UNPB"),
        ("other", "misc", "GEN"),
    ],
)
def test_the_type_comes_first(kind: str, entry_type: str, expected: str) -> None:
    assert ris(made(kind, entry_type)).startswith(f"TY  - {expected}\r\n")


def test_a_page_of_the_web_has_its_type() -> None:
    assert values(made("other", "online", url="https://e.org"), "TY") == ["ELEC"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (Name("Berg", "Anna", "van der"), ["van der Berg, Anna"]),
        (Name("Cruz", "Ana", "de la", "Jr."), ["de la Cruz, Ana, Jr."]),
        (Name("Plato"), ["Plato"]),
        (Name("King", suffix="Jr."), ["King, , Jr."]),
        (Name("Acme, Inc.", corporate=True), ["Acme, Inc."]),
        (Name("New\nLine", "A\x07"), ["New Line, A"]),
        (Name(""), []),
    ],
)
def test_names(name: Name, expected: list[str]) -> None:
    assert values(made(authors=by(name)), "AU") == expected


def test_five_hundred_authors_have_a_line_each() -> None:
    authors = by(*(Name(f"Family{number}", "A.") for number in range(500)))
    assert values(made(authors=authors), "AU") == [f"Family{n}, A." for n in range(500)]


@pytest.mark.parametrize(("kind", "tag"), [("book", "A3"), ("chapter", "A2"), ("paper", "A2")])
def test_editors(kind: str, tag: str) -> None:
    pub = made(kind, editors=by(Name("Koch", "Lisa"), Name("Sun", "Susu")))
    assert values(pub, tag) == ["Koch, Lisa", "Sun, Susu"]
    assert values(pub, "AU") == []


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (PartialDate(2025), "2025///"),
        (PartialDate(2025, 9), "2025/09//"),
        (PartialDate(2025, 9, 30), "2025/09/30/"),
    ],
)
def test_the_date_is_as_precise_as_it_is_known(date: PartialDate, expected: str) -> None:
    assert values(made(date=date), "DA") == [expected]
    assert values(made(date=date), "PY") == ["2025"]


@pytest.mark.parametrize(
    ("pages", "first", "last"),
    [
        ("S3387–S3389", ["S3387"], ["S3389"]),
        ("103895", ["103895"], []),
        ("3–5, 9", ["3-5, 9"], []),
        ("", [], []),
    ],
)
def test_pages(pages: str, first: list[str], last: list[str]) -> None:
    assert values(made(pages=pages), "SP") == first
    assert values(made(pages=pages), "EP") == last


def test_a_paper_names_its_proceedings_where_zotero_looks_for_them() -> None:
    pub = made("paper", "inproceedings", container=rich("MICCAI"), series=rich("LNCS"))
    assert (values(pub, "T2"), values(pub, "C3"), values(pub, "T3")) == (
        ["MICCAI"], ["MICCAI"], ["LNCS"],
    )  # fmt: skip


def test_a_report_has_its_number_institution_and_series_where_zotero_looks_for_them() -> None:
    fields = {"container": rich("ETH"), "genre": "White paper", "series": rich("Notes")}
    pub = made("report", "report", number="TR-5", isbn="1", **fields)
    assert values(pub, "SN") == ["TR-5"]
    assert values(pub, "IS") == []
    assert values(pub, "PB") == ["ETH"]
    assert values(pub, "T2") == ["Notes"]
    assert values(pub, "M3") == ["White paper"]


def test_a_thesis_has_its_kind_and_school() -> None:
    pub = made("thesis", "phdthesis", container=rich("King's College"), genre="PhD thesis")
    assert (values(pub, "PB"), values(pub, "M3"), values(pub, "T2")) == (
        ["King's College"], ["PhD thesis"], [],
    )  # fmt: skip


def test_a_preprint_has_its_archive_and_number() -> None:
    pub = made("preprint", "misc", eprint=("arXiv", "2503.10382"))
    assert [values(pub, tag) for tag in ("PB", "DB", "AN", "UR")] == [
        ["arXiv"], ["arXiv"], ["2503.10382"], ["https://arxiv.org/abs/2503.10382"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "isbn", "issn", "expected"),
    [
        ("article", "I", "S", ["S"]),
        ("article", "I", "", ["I"]),
        ("book", "I", "S", ["I"]),
        ("paper", "", "S", ["S"]),
        ("paper", "", "", []),
    ],
)
def test_the_serial_number(kind: str, isbn: str, issn: str, expected: list[str]) -> None:
    assert values(made(kind, isbn=isbn, issn=issn), "SN") == expected


def test_a_semicolon_does_not_divide_an_address() -> None:
    assert values(made(url="https://e.org/a;b"), "UR") == ["https://e.org/a%3Bb"]


def test_notes_say_what_has_no_tag() -> None:
    pub = made(authors=by(Name("Sun")), others=True, retracted="https://e.org/notice")
    assert values(pub, "N1") == ["There are further authors.", "Retracted: https://e.org/notice"]
    assert values(made(genre="Letter"), "M3") == []  # Zotero would look for a DOI in it


def test_no_value_breaks_its_line() -> None:
    hostile = 'A <b> & "c"\r\nER  - \nTY  - BOOK\x00\x0b\x1c\u2028\u2029\x85end'
    pub = made(
        title=rich(hostile),
        authors=by(Name(hostile)),
        abstract=rich(hostile),
        note=rich(hostile),
        keywords=(hostile,),
        doi=hostile,
    )
    text = ris(pub)
    assert text.endswith("\r\nER  - \r\n")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in text.split("\r\n")[:-1])
    assert len(text.splitlines()) == text.count("\r\n") == 9
    assert values(pub, "TI") == ['A <b> & "c" ER - TY - BOOK end']


def test_a_file_is_one_record_after_the_other() -> None:
    one, two = made(), made(key="b")
    assert ris_file([one, two]) == ris(one) + ris(two)
    assert ris_file([]) == ""
