"""Formatted references: one style, whatever is known and whatever is odd."""

from typing import Any

import pytest

from labsite.model import Author, Name, PartialDate, Publication, RichText, Source, Span
from labsite.reference import ReferencePart, reference, reference_text

rich = RichText.from_plain


def made(kind: str = "article", entry_type: str = "article", **fields: Any) -> Publication:
    facts = {"key": "k", "slug": "k", "source": Source("x.bib", 1), "title": rich("A title")}
    dated = {**facts, "date": PartialDate(2025)}
    return Publication(**{**dated, **fields, "kind": kind, "entry_type": entry_type})


def by(*names: Name) -> tuple[Author, ...]:
    return tuple(map(Author, names))


SUN, KOCH, BERG = Name("Sun", "Susu"), Name("Koch", "Lisa M."), Name("Berg", "Anna", "van der")
DOI = "https://doi.org/10.1000/a"


def test_the_parts_of_a_paper() -> None:
    title = RichText(
        (Span("em", "", (Span("text", "In vivo"),)), Span("text", " T2")), "In vivo T2"
    )
    pub = made(
        "paper",
        "inproceedings",
        title=title,
        authors=by(SUN, KOCH, BERG),
        author_year=("Sun et al.", "2025a"),
        container=rich("MICCAI"),
        abbr=rich("MICCAI 2025"),
        series=rich("LNCS"),
        volume="15973",
        number="1",
        pages="594–603",
        publisher=rich("Springer"),
        location=rich("Cham"),
        doi="10.1000/a",
        url="https://example.org",
        eprint=("arXiv", "2503.10382"),
        note=rich("A note"),
        addendum=rich("Oral"),
        award=rich("Best paper"),
    )
    parts = reference(pub)
    assert [(part.kind, part.text.plain, part.href) for part in parts] == [
        ("text", "Susu Sun, Lisa M. Koch and Anna van der Berg (2025). ", ""),
        ("title", "In vivo T2", ""),
        ("text", ". ", ""),
        ("container", "MICCAI", ""),
        ("text", ", LNCS, vol. 15973, no. 1, pp. 594–603. Springer, Cham. ", ""),
        ("address", DOI, DOI),
    ]
    assert parts[1].text == title
    assert "".join(span.text for span in parts[4].text.spans) == parts[4].text.plain


def test_text_keeps_its_markup() -> None:
    series = RichText((Span("strong", "", (Span("text", "LNCS"),)),), "LNCS")
    [*_, last] = reference(made(container=rich("J"), series=series))
    assert last.text.spans[1:-1] == series.spans


@pytest.mark.parametrize(
    ("names", "others", "expected"),
    [
        ([SUN], False, "Susu Sun (2025). A title."),
        ([SUN, KOCH], False, "Susu Sun and Lisa M. Koch (2025). A title."),
        ([SUN], True, "Susu Sun et al. (2025). A title."),
        ([SUN, KOCH], True, "Susu Sun, Lisa M. Koch et al. (2025). A title."),
        ([Name("King", "Martin", "", "Jr.")], False, "Martin King, Jr. (2025). A title."),
        ([Name("Plato")], False, "Plato (2025). A title."),
        (
            [Name("Acme, Inc.", corporate=True), SUN],
            False,
            "Acme, Inc. and Susu Sun (2025). A title.",
        ),
        ([], False, "A title (2025)."),
        ([], True, "A title (2025)."),
    ],
)
def test_names(names: list[Name], others: bool, expected: str) -> None:
    assert reference_text(made(authors=by(*names), others=others)) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([KOCH], "Lisa M. Koch (ed.) (2025). A title."),
        ([KOCH, SUN], "Lisa M. Koch and Susu Sun (eds.) (2025). A title."),
    ],
)
def test_editors_come_first_where_there_are_no_authors(names: list[Name], expected: str) -> None:
    assert reference_text(made("book", editors=by(*names))) == expected


def test_a_chapter_names_the_editors_of_its_book() -> None:
    fields = {"editors": by(KOCH, BERG), "container": rich("A Book"), "chapter": "3"}
    pub = made("chapter", "incollection", authors=by(SUN), edition="2", **fields)
    assert reference_text(pub) == (
        "Susu Sun (2025). A title. A Book, edited by Lisa M. Koch and Anna van der Berg, "
        "2nd edition, chap. 3."
    )
    pub = made("chapter", "incollection", **fields)
    assert reference_text(pub).startswith(
        "Lisa M. Koch and Anna van der Berg (eds.) (2025). A title."
    )
    assert "edited by" not in reference_text(pub)


def test_five_hundred_authors_are_all_there() -> None:
    authors = by(*(Name(f"Family{number}", "A.") for number in range(500)))
    text = reference_text(made(authors=authors))
    assert text.startswith("A. Family0, A. Family1, ")
    assert "A. Family498 and A. Family499 (2025)" in text
    assert text.count("A. Family") == 500


@pytest.mark.parametrize(
    ("date", "expected"),
    [(None, "A title (n.d.)."), (PartialDate(2025, 9, 3), "A title (2025).")],
)
def test_the_year(date: PartialDate | None, expected: str) -> None:
    assert reference_text(made(date=date)) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Is it?", "Susu Sun (2025). Is it? J."),
        ("It is!", "Susu Sun (2025). It is! J."),
        ("It is.", "Susu Sun (2025). It is. J."),
        ("And so on …", "Susu Sun (2025). And so on … J."),
        ("Who asks “why?”", "Susu Sun (2025). Who asks “why?” J."),
        ("Is it (or not?)", "Susu Sun (2025). Is it (or not?). J."),
        ('A < B & "C" <i>', 'Susu Sun (2025). A < B & "C" <i>. J.'),
        ("A\ntitle\x07 of\u2028lines", "Susu Sun (2025). A title of lines. J."),
    ],
)
def test_no_stop_after_a_mark(title: str, expected: str) -> None:
    pub = made(title=rich(title), authors=by(SUN), container=rich("J"))
    assert reference_text(pub) == expected


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ("S3387–S3389", "A title (2025). J, pp. S3387–S3389."),
        ("3–5, 9", "A title (2025). J, pp. 3–5, 9."),
        ("3, 9", "A title (2025). J, pp. 3, 9."),
        ("103895", "A title (2025). J, 103895."),
        ("", "A title (2025). J."),
    ],
)
def test_pages(pages: str, expected: str) -> None:
    assert reference_text(made(pages=pages, container=rich("J"))) == expected


@pytest.mark.parametrize(
    ("edition", "expected"),
    [
        ("1", "1st edition"),
        ("2", "2nd edition"),
        ("3", "3rd edition"),
        ("4", "4th edition"),
        ("11", "11th edition"),
        ("112", "112th edition"),
        ("23", "23rd edition"),
        ("Second", "Second edition"),
        ("2nd ed.", "2nd ed."),
        ("revised", "revised edition"),
    ],
)
def test_the_edition(edition: str, expected: str) -> None:
    text = reference_text(made("book", "book", edition=edition))
    assert text == f"A title (2025). {expected}".removesuffix(".") + "."


@pytest.mark.parametrize(
    ("pub", "expected"),
    [
        (
            made("thesis", "phdthesis", container=rich("King's College"), genre="PhD thesis"),
            "PhD thesis, King's College.",
        ),
        (made("thesis", "thesis", container=rich("ETH")), "Thesis, ETH."),
        (
            made("report", "report", container=rich("ETH"), genre="White paper", number="5"),
            "White paper, ETH, no. 5.",
        ),
        (made("report", "manual", publisher=rich("Makers")), "Makers."),
        (
            made("dataset", "dataset", publisher=rich("Archive"), doi="10.1000/a"),
            f"Dataset. Archive. {DOI}",
        ),
        (made("software", "software", url="https://e.org"), "Software. https://e.org"),
        (made("other", "misc", genre="Poster"), "Poster."),
        (made("paper", "inproceedings", abbr=rich("MICCAI 2025")), "MICCAI 2025."),
    ],
)
def test_what_it_is_and_who_issued_it(pub: Publication, expected: str) -> None:
    assert reference_text(pub) == f"A title (2025). {expected}"


def test_a_school_is_not_set_as_a_title() -> None:
    pub = made("thesis", "phdthesis", container=rich("ETH"), genre="PhD thesis")
    assert {part.kind for part in reference(pub)} == {"text", "title"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "arXiv: 2503.10382."),
        ({"doi": "10.1000/a"}, f"arXiv: 2503.10382. {DOI}"),
        ({"url": "https://e.org"}, "arXiv: 2503.10382. https://e.org"),
        ({"abbr": rich("arXiv 2025")}, "arXiv: 2503.10382."),
    ],
)
def test_a_preprint_has_its_number(fields: dict[str, Any], expected: str) -> None:
    pub = made("preprint", "misc", eprint=("arXiv", "2503.10382"), **fields)
    assert reference_text(pub) == f"A title (2025). {expected}"
    label = ReferencePart("address", rich("arXiv: 2503.10382"), "https://arxiv.org/abs/2503.10382")
    assert label in reference(pub)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "J. arXiv: 1."),
        ({"url": "https://e.org"}, "J. https://e.org"),
        ({"doi": "10.1000/a", "url": "https://e.org"}, f"J. {DOI}"),
    ],
)
def test_the_best_address_there_is(fields: dict[str, Any], expected: str) -> None:
    pub = made(container=rich("J"), eprint=("arXiv", "1"), **fields)
    assert reference_text(pub) == f"A title (2025). {expected}"


def test_an_odd_doi_is_an_address_that_can_be_opened() -> None:
    [*_, last] = reference(made(doi="10.1000/a<b>c d"))
    assert last.href == last.text.plain == "https://doi.org/10.1000/a%3Cb%3Ec%20d"


def test_what_was_retracted_says_so_at_the_end() -> None:
    pub = made(doi="10.1000/a", retracted="https://example.org/notice")
    assert reference_text(pub) == f"A title (2025). {DOI} Retracted."
    assert reference_text(made(retracted="https://e.org")) == "A title (2025). Retracted."
