"""Scholar's tags and COinS: what Google Scholar and Zotero need, and nothing that misleads them."""

import re
from typing import Any
from urllib.parse import parse_qsl

import pytest

from labsite.citation import coins, scholar_tags
from labsite.entries import Bibliography
from labsite.model import Author, Name, PartialDate, Publication, RichText, Source
from labsite.records import build_publications

rich = RichText.from_plain

TYPE_SETTING = {
    "citation_journal_title",
    "citation_conference_title",
    "citation_dissertation_institution",
    "citation_technical_report_institution",
    "citation_book_title",
    "citation_inbook_title",
    "citation_conference",
}
"""The tags that Zotero's Embedded Metadata translator takes the type of the item from."""


def made(kind: str = "article", entry_type: str = "article", **fields: Any) -> Publication:
    facts = {"key": "k", "slug": "k", "source": Source("x.bib", 1), "title": rich("A title")}
    return Publication(**{**facts, **fields, "kind": kind, "entry_type": entry_type})


def by(*names: Name) -> tuple[Author, ...]:
    return tuple(map(Author, names))


def tagged(pub: Publication, name: str) -> list[str]:
    return [value for tag, value in scholar_tags(pub) if tag == name]


ARTICLE = made(
    title=rich("A < B & C"),
    authors=by(Name("Berg", "Anna", "van der"), Name("Sun", "Susu")),
    date=PartialDate(2025, 9, 3),
    container=rich("Medical Image Analysis"),
    abbr=rich("MedIA"),
    publisher=rich("Elsevier"),
    volume="12",
    number="3",
    pages="594–603",
    doi="10.1000/a_b(1)",
    url="https://example.org/a?b=1&c=2",
    isbn="978-3-16-148410-0",
    issn="1234-5679",
    eprint=("arXiv", "2503.10382"),
    language="en",
    keywords=("one", "two words"),
)

# Scholar ----------------------------------------------------------------------------------------


def test_the_tags_of_an_article() -> None:
    tags = scholar_tags(ARTICLE, page_url="https://lab/k.html", pdf_url="https://lab/k.pdf")
    assert tags == [
        ("citation_title", "A < B & C"),
        ("citation_author", "van der Berg, Anna"),
        ("citation_author", "Sun, Susu"),
        ("citation_publication_date", "2025/09/03"),
        ("citation_journal_title", "Medical Image Analysis"),
        ("citation_journal_abbrev", "MedIA"),
        ("citation_volume", "12"),
        ("citation_issue", "3"),
        ("citation_firstpage", "594"),
        ("citation_lastpage", "603"),
        ("citation_doi", "10.1000/a_b(1)"),
        ("citation_issn", "1234-5679"),
        ("citation_isbn", "978-3-16-148410-0"),
        ("citation_publisher", "Elsevier"),
        ("citation_arxiv_id", "2503.10382"),
        ("citation_language", "en"),
        ("citation_keywords", "one"),
        ("citation_keywords", "two words"),
        ("citation_abstract_html_url", "https://lab/k.html"),
        ("citation_pdf_url", "https://lab/k.pdf"),
    ]


def test_only_what_is_known_has_a_tag() -> None:
    assert scholar_tags(made()) == [("citation_title", "A title")]


@pytest.mark.parametrize(
    ("kind", "entry_type", "expected"),
    [
        ("article", "article", "citation_journal_title"),
        ("abstract", "article", "citation_journal_title"),
        ("abstract", "inproceedings", "citation_conference_title"),
        ("paper", "inproceedings", "citation_conference_title"),
        ("chapter", "incollection", "citation_book_title"),
        ("thesis", "phdthesis", "citation_dissertation_institution"),
        ("report", "techreport", "citation_technical_report_institution"),
        ("book", "book", None),
        ("preprint", "misc", None),
        ("dataset", "dataset", None),
        ("software", "software", None),
        ("other", "misc", None),
    ],
)
def test_one_tag_at_most_tells_the_type(kind: str, entry_type: str, expected: str | None) -> None:
    tags = scholar_tags(made(kind, entry_type, container=rich("X"), publisher=rich("P")))
    assert [tag for tag, _ in tags if tag in TYPE_SETTING] == [expected] * bool(expected)


def test_every_real_page_has_what_scholar_asks_for(real_bib: Bibliography) -> None:
    publications, _ = build_publications([real_bib], [])
    for pub in publications:
        tags = scholar_tags(pub)
        names = [tag for tag, _ in tags]
        assert names.count("citation_title") == names.count("citation_publication_date") == 1
        assert names.count("citation_author") == len(pub.authors) > 0
        [date] = tagged(pub, "citation_publication_date")
        assert re.fullmatch(r"\d{4}(/\d{1,2}/\d{1,2})?", date)
        assert len(TYPE_SETTING & set(names)) == (pub.kind != "preprint")
        assert all(value.strip() == value != "" for _, value in tags)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        (None, []),
        (PartialDate(2025), ["2025"]),
        (PartialDate(2025, 9), ["2025"]),
        (PartialDate(2025, 9, 3), ["2025/09/03"]),
    ],
)
def test_dates_are_whole_or_a_year(date: PartialDate | None, expected: list[str]) -> None:
    assert tagged(made(date=date), "citation_publication_date") == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([Name("Sun", "Susu")], ["Sun, Susu"]),
        ([Name("King", "Martin", "", "Jr.")], ["King, Martin Jr."]),
        ([Name("Plato")], ["Plato"]),
        ([Name("OA-BIO Consortium", corporate=True)], ["OA-BIO Consortium"]),
        # Zotero would make two people of one who stands alone, with words on both sides of a comma
        ([Name("Berg", "Anna Maria", "van der")], ["Anna Maria van der Berg"]),
        ([Name("Berg", "Anna", "van der")], ["van der Berg, Anna"]),
        (
            [Name("Berg", "Anna Maria", "van der"), Name("Plato")],
            ["van der Berg, Anna Maria", "Plato"],
        ),
    ],
)
def test_authors(names: list[Name], expected: list[str]) -> None:
    assert tagged(made(authors=by(*names)), "citation_author") == expected


def test_editors_stand_in_for_authors_only() -> None:
    editors = by(Name("Koch", "Lisa"))
    assert tagged(made("book", editors=editors), "citation_author") == ["Koch, Lisa"]
    pub = made(editors=editors, authors=by(Name("Sun", "Susu")))
    assert tagged(pub, "citation_author") == ["Sun, Susu"]


def test_five_hundred_authors_have_a_tag_each() -> None:
    authors = by(*(Name(f"Family{number}", "A.") for number in range(500)))
    assert tagged(made(authors=authors), "citation_author") == [
        f"Family{n}, A." for n in range(500)
    ]


@pytest.mark.parametrize(
    ("pages", "first", "last"),
    [
        ("S3387–S3389", ["S3387"], ["S3389"]),
        ("103895", ["103895"], []),
        ("3–5, 9", ["3"], []),
        ("", [], []),
    ],
)
def test_pages(pages: str, first: list[str], last: list[str]) -> None:
    assert tagged(made(pages=pages), "citation_firstpage") == first
    assert tagged(made(pages=pages), "citation_lastpage") == last


def test_a_report_has_its_number_and_no_issue() -> None:
    pub = made("report", "techreport", number="TR-5", container=rich("ETH"))
    assert tagged(pub, "citation_technical_report_number") == ["TR-5"]
    assert not tagged(pub, "citation_issue") + tagged(pub, "citation_publisher")


def test_only_arxiv_has_an_arxiv_number() -> None:
    pub = made("preprint", eprint=("medRxiv", "10.1101/1"))
    assert not tagged(pub, "citation_arxiv_id")
    assert tagged(pub, "citation_publisher") == ["medRxiv"]


def test_no_tag_has_a_line_break() -> None:
    pub = made(title=rich('A\n"B" \x00<c>\u2028&'), keywords=("\x07",))
    assert scholar_tags(pub) == [("citation_title", 'A "B" <c> &')]


# COinS ------------------------------------------------------------------------------------------


def read(pub: Publication) -> list[tuple[str, str]]:
    """Read as a form is, and as Zotero does: whose parts are split at every ``&`` and ``=``."""
    text = coins(pub)
    assert all(part.count("=") == 1 for part in text.split("&"))
    assert text.isascii() and "+" not in text
    return parse_qsl(text, strict_parsing=True)


def test_the_context_object_of_an_article() -> None:
    assert read(ARTICLE) == [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"),
        ("rft.genre", "article"),
        ("rft.atitle", "A < B & C"),
        ("rft.jtitle", "Medical Image Analysis"),
        ("rft.stitle", "MedIA"),
        ("rft.date", "2025-09-03"),
        ("rft.volume", "12"),
        ("rft.issue", "3"),
        ("rft.spage", "594"),
        ("rft.epage", "603"),
        ("rft.pages", "594-603"),
        ("rft.isbn", "978-3-16-148410-0"),
        ("rft.issn", "1234-5679"),
        ("rft.language", "en"),
        ("rft.aulast", "van der Berg"),
        ("rft.aufirst", "Anna"),
        ("rft.au", "van der Berg, Anna"),
        ("rft.au", "Sun, Susu"),
        ("rft_id", "info:doi/10.1000/a_b(1)"),
        ("rft_id", "https://example.org/a?b=1&c=2"),
    ]


@pytest.mark.parametrize(
    ("kind", "entry_type", "expected"),
    [
        ("article", "article", ("journal", "article", None)),
        ("abstract", "article", ("journal", "article", None)),
        ("abstract", "inproceedings", ("book", "proceeding", None)),
        ("paper", "inproceedings", ("book", "proceeding", None)),
        ("chapter", "incollection", ("book", "bookitem", None)),
        ("book", "book", ("book", "book", None)),
        ("report", "techreport", ("book", "report", None)),
        ("thesis", "phdthesis", ("dissertation", None, None)),
        ("preprint", "misc", ("dc", None, "preprint")),
        ("dataset", "dataset", ("dc", None, "dataset")),
        ("software", "software", ("dc", None, "computerProgram")),
        ("other", "misc", ("dc", None, "document")),
    ],
)
def test_the_format(kind: str, entry_type: str, expected: tuple[str | None, ...]) -> None:
    found = dict(read(made(kind, entry_type)))
    kev = found["rft_val_fmt"].rpartition(":")[2]
    assert (kev, found.get("rft.genre"), found.get("rft.type")) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("article", {"rft.atitle": "A title", "rft.jtitle": "In"}),
        ("paper", {"rft.atitle": "A title", "rft.btitle": "In", "rft.pub": "P"}),
        ("chapter", {"rft.atitle": "A title", "rft.btitle": "In", "rft.pub": "P"}),
        ("book", {"rft.btitle": "A title", "rft.pub": "P"}),
        ("report", {"rft.btitle": "A title", "rft.pub": "In"}),
        ("thesis", {"rft.title": "A title", "rft.inst": "In", "rft.degree": "PhD thesis"}),
        ("dataset", {"rft.title": "A title", "rft.source": "In", "rft.publisher": "P"}),
    ],
)
def test_titles_and_publishers(kind: str, expected: dict[str, str]) -> None:
    pub = made(kind, "x", container=rich("In"), publisher=rich("P"), genre="PhD thesis")
    kept = set("atitle btitle jtitle title pub inst degree source publisher".split())
    assert {key: value for key, value in read(pub) if key.partition(".")[2] in kept} == expected


def people(*names: Name) -> list[tuple[str, str]]:
    return [pair for pair in read(made(authors=by(*names))) if pair[0].startswith("rft.au")]


@pytest.mark.parametrize("given", ["Susu", "Christian F.", "Trung-Dung", "Jean-P.", "José María"])
def test_the_first_author_comes_in_parts_too(given: str) -> None:
    assert people(Name("Sun", given), Name("Koch", "Lisa"))[:3] == [
        ("rft.aulast", "Sun"),
        ("rft.aufirst", given),
        ("rft.au", f"Sun, {given}"),
    ]


@pytest.mark.parametrize("given", ["C.F.", "JP", "J-P", "Md. Ali", "Ö.", "Lisa M", ""])
def test_no_parts_where_zotero_would_count_the_first_author_twice(given: str) -> None:
    """It writes such names anew in ``rft.au``, and then the parts are no longer the same."""
    assert people(Name("Sun", given)) == [("rft.au", f"Sun, {given}" if given else "Sun")]


def test_a_consortium_that_comes_first_is_not_taken_apart() -> None:
    assert people(Name("OA-BIO Consortium", corporate=True), Name("Sun", "Susu")) == [
        ("rft.aucorp", "OA-BIO Consortium"),
        ("rft.au", "Sun, Susu"),
    ]


def test_every_author_is_listed_in_order() -> None:
    names = [Name(f"Family{number}", "Anna") for number in range(500)]
    assert [value for key, value in people(*names) if key == "rft.au"] == [
        f"Family{number}, Anna" for number in range(500)
    ]


def test_what_is_in_a_value_stays_in_it() -> None:
    title = "a&rft.title=b =\"'<>+%20;#\r\n\x00ü山"
    found = read(made(title=rich(title)))
    assert found[3] == ("rft.atitle", "a&rft.title=b =\"'<>+%20;# ü山")
    assert "rft.title" not in dict(found)


def test_pages_that_are_no_range() -> None:
    found = dict(read(made(pages="3–5, 9")))
    assert found["rft.pages"] == "3-5, 9"
    assert not {"rft.spage", "rft.epage"} & set(found)


def test_a_preprint_is_found_in_its_archive() -> None:
    found = read(made("preprint", "misc", eprint=("arXiv", "2503.10382")))
    assert ("rft_id", "https://arxiv.org/abs/2503.10382") in found
    assert ("rft.publisher", "arXiv") in found
