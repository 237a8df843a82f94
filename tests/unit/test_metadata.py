"""What machines read in a page's head: every fact there is, nothing that there is not."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from labsite.files import FORMATS
from labsite.metadata import (
    EXPORTS,
    HeadLink,
    SiteFacts,
    article,
    author_list,
    breadcrumbs,
    news_data,
    orcid,
    organisation,
    person_data,
    publication_description,
    shorten,
    signposts,
)
from labsite.model import (
    KINDS,
    STATUSES,
    Author,
    Link,
    Name,
    NewsItem,
    PartialDate,
    Person,
    Publication,
    RichText,
    Source,
)

rich = RichText.from_plain

BASE = "https://example.org/site/"
PAGE = f"{BASE}publications/k.html"
HERE = Source("x.bib", 1)
ORCID = "https://orcid.org/0000-0002-1825-0097"
GROUP = {
    "@type": "ResearchOrganization",
    "name": "The Lab",
    "@id": f"{BASE}#organization",
    "url": BASE,
}

SUN = Person(
    "susu-sun",
    "Susu Sun",
    HERE,
    role="phd",
    title="PhD student",
    affiliation="University",
    email="sun@example.org",
    links=(("web", "https://sun.example"), ("orcid", ORCID), ("github", "https://git.example/s")),
)
KOCH = Person("lisa-koch", "Lisa Koch", HERE, status="alumni")
PEOPLE = {person.id: person for person in (SUN, KOCH)}


def place_of(person: Person) -> str:
    return f"{BASE}people/{person.id}.html" if person is SUN else ""


SITE = SiteFacts("The Lab", "What it does", BASE, lambda page: f"{BASE}{page}.html", place_of)
NOWHERE = SiteFacts("The Lab", "", "", lambda page: "", lambda person: "")
"""A site that does not know its public address."""


def made(kind: str = "article", entry_type: str = "article", **fields: Any) -> Publication:
    facts = {"key": "k", "slug": "k", "source": HERE, "title": rich("A title")}
    return Publication(**{**facts, **fields, "kind": kind, "entry_type": entry_type})


FULL: dict[str, Any] = {
    "authors": (
        Author(Name("Sun", "Susu"), "susu-sun", equal=True),
        Author(Name("Koch", "Lisa"), "lisa-koch"),
        Author(Name("Berg", "Anna", "van der", "Jr.")),
        Author(Name("The Testers, Inc.", corporate=True)),
        Author(Name("Unlisted", "Ulla"), "nobody-known"),
    ),
    "editors": (Author(Name("Hein", "Matthias")),),
    "date": PartialDate(2025, 9),
    "container": rich("Medical Image Analysis"),
    "abbr": rich("MedIA"),
    "series": rich("Series"),
    "publisher": rich("Press"),
    "volume": "12",
    "number": "3",
    "pages": "594–603",
    "award": rich("Best paper"),
    "doi": "10.1000/a_b",
    "eprint": ("arXiv", "2503.10382"),
    "links": (
        Link("doi", "DOI", "https://doi.org/10.1000/a_b"),
        Link("eprint", "arXiv", "https://arxiv.org/abs/2503.10382"),
        Link("pdf", "PDF", "files/k.pdf"),
        Link("code", "Code", "https://example.org/code"),
        Link("url", "example.org", "https://example.org/page"),
    ),
    "summary": rich("In short."),
    "abstract": rich("At length."),
    "isbn": "978-3-16-148410-0",
    "issn": "1234-5679",
    "keywords": ("one", "two words"),
    "language": "en-GB",
    "retracted": "https://example.org/notice",
}


def described(pub: Publication, site: SiteFacts = SITE) -> dict[str, Any]:
    return article(pub, PAGE if site.address else "", site, PEOPLE.get)


def inside(value: Any) -> Iterator[Any]:
    """All that a value holds, at any depth, itself included."""
    yield value
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in items:
        yield from inside(item)


def has_nothing_empty(data: Any) -> bool:
    objects = [item for item in inside(data) if isinstance(item, dict)]
    return all(
        item not in ("", None, [], {}) for item in inside(data)
    ) and all("@type" in item and len(item) > 1 for item in objects)  # fmt: skip


# Descriptions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("", 10, ""),
        ("one two", 7, "one two"),
        ("one two three", 12, "one two…"),
        ("one two three", 8, "one…"),
        ("  one\n\ttwo  ", 7, "one two"),
        ("one,  two three", 9, "one…"),
        ("one – two three", 9, "one…"),
        ("one. Two three", 8, "one…"),
        ("well-known facts", 12, "well-known…"),
        ("one well-known fact", 10, "one…"),
        ("abcdefghij", 5, "abcd…"),
        ("深度学习在医学影像中的应用", 6, "深度学习在…"),
        ("a" * 9 + " b", 5, "aaaa…"),
    ],
)
def test_a_text_is_shortened_at_a_word(text: str, length: int, expected: str) -> None:
    assert shorten(text, length) == expected


@pytest.mark.parametrize("length", range(12, 90))
def test_a_shortened_text_is_whole_words_and_not_too_long(length: int) -> None:
    text = (
        "Deep learning, of a kind: well-known — and (in part) new; it's 3.5 times better. So it is."
    )
    found = shorten(text, length)
    assert len(found) <= length
    if len(text) <= length:
        assert found == text
    else:
        kept = found.removesuffix("…")
        assert found == f"{kept}…"
        assert text.startswith(kept)
        words = [[word.rstrip(",;:.—") for word in part.split()] for part in (kept, text)]
        assert words[0] == words[1][: len(words[0])]
        assert len(kept) > length - 16  # no more is left out than must be


def test_a_description_is_of_the_length_that_search_engines_show() -> None:
    assert 150 < len(shorten("word " * 99)) <= 200
    assert len(shorten("x" * 999)) == 200


def test_a_publication_is_described_by_what_it_has() -> None:
    pub = made(summary=rich("In short."), abstract=rich("At length."))
    assert publication_description(pub) == "In short."
    assert publication_description(replace(pub, summary=rich(""))) == "At length."
    long = rich("word " * 99)
    for wordy in (made(abstract=long), made(title=long)):
        assert 150 < len(publication_description(wordy)) <= 200


def written_by(families: str) -> tuple[Author, ...]:
    return tuple(Author(Name(family, "Given")) for family in families.split())


@pytest.mark.parametrize(
    ("kind", "facts", "expected"),
    [
        (
            "paper",
            {
                "authors": written_by("A B C"),
                "container": rich("Venue"),
                "abbr": rich("V"),
                "date": PartialDate(2025, 9),
            },
            "A title. Conference paper by A, B and C, Venue, 2025.",
        ),
        ("article", {"authors": written_by("A B")}, "A title. Journal article by A and B."),
        (
            "article",
            {"authors": written_by("A B C D")},
            "A title. Journal article by A and others.",
        ),
        ("book", {"editors": written_by("E"), "abbr": rich("V")}, "A title. Book by E, V."),
        (
            "preprint",
            {"authors": (Author(Name("Berg", "Anna", "van der")),), "eprint": ("arXiv", "1")},
            "A title. Preprint by van der Berg, arXiv.",
        ),
        (
            "thesis",
            {"authors": written_by("A"), "genre": "PhD thesis", "date": PartialDate(2024)},
            "A title. PhD thesis by A, 2024.",
        ),
        ("dataset", {"title": rich("A title.")}, "A title. Dataset."),
    ],
)
def test_what_says_nothing_is_described_by_what_it_is(
    kind: str, facts: dict[str, Any], expected: str
) -> None:
    assert publication_description(made(kind, "misc", **facts)) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [("", ""), ("A", "A"), ("A B", "A and B"), ("A B C", "A, B and C"), ("A A", "A and A")],
)
def test_names_as_in_running_text(names: str, expected: str) -> None:
    assert author_list(names.split()) == expected


# People, organisation, news ---------------------------------------------------------------------


def test_orcid() -> None:
    assert (orcid(SUN), orcid(KOCH)) == (ORCID, "")


def test_a_person_with_everything() -> None:
    assert person_data(SUN, place_of(SUN), SITE) == {
        "@type": "Person",
        "name": "Susu Sun",
        "jobTitle": "PhD student",
        "url": f"{BASE}people/susu-sun.html",
        "email": "mailto:sun@example.org",
        "affiliation": {"@type": "Organization", "name": "University"},
        "memberOf": GROUP,
        "sameAs": [ORCID, "https://sun.example", "https://git.example/s"],
    }


def test_a_person_with_a_name_only() -> None:
    assert person_data(KOCH, "", SITE) == {"@type": "Person", "name": "Lisa Koch"}


@pytest.mark.parametrize("status", STATUSES)
def test_only_who_is_here_is_a_member(status: str) -> None:
    data = person_data(replace(KOCH, status=status), "", SITE)
    assert data.get("memberOf") == (GROUP if status == "current" else None)


def test_a_role_stands_in_for_a_title_and_what_is_no_mail_address_is_none() -> None:
    person = replace(SUN, title="", email="see the university's page")
    data = person_data(person, "", SITE)
    assert data["jobTitle"] == "phd"
    assert "email" not in data


def test_the_group_and_who_is_in_it() -> None:
    assert organisation(SITE, [KOCH, SUN]) == {
        **GROUP,
        "description": "What it does",
        "member": [
            {"@type": "Person", "name": "Lisa Koch"},
            {"@type": "Person", "name": "Susu Sun", "url": f"{BASE}people/susu-sun.html"},
        ],
    }
    assert organisation(replace(SITE, tagline="")) == GROUP


def test_news() -> None:
    item = NewsItem("news/a", "We won", PartialDate(2025, 9), "A prize")
    assert news_data(item, f"{BASE}news/a.html", SITE) == {
        "@type": "NewsArticle",
        "headline": "We won",
        "description": "A prize",
        "datePublished": "2025-09",
        "url": f"{BASE}news/a.html",
        "author": GROUP,
        "publisher": GROUP,
    }
    assert "description" not in news_data(replace(item, description=""), "x", SITE)


def test_breadcrumbs_count_from_home() -> None:
    assert breadcrumbs([("Home", BASE), ("Publications", f"{BASE}p.html"), ("K", PAGE)]) == {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "Home", "item": BASE},
            {"@type": "ListItem", "position": 2, "name": "Publications", "item": f"{BASE}p.html"},
            {"@type": "ListItem", "position": 3, "name": "K", "item": PAGE},
        ],
    }


# Publications -----------------------------------------------------------------------------------


def test_an_article_with_everything() -> None:
    data = described(made(**FULL))
    assert data.pop("author") == [
        {
            "@type": "Person",
            "name": "Susu Sun",
            "givenName": "Susu",
            "familyName": "Sun",
            "url": f"{BASE}people/susu-sun.html",
            "sameAs": ORCID,
        },
        {"@type": "Person", "name": "Lisa Koch", "givenName": "Lisa", "familyName": "Koch"},
        {
            "@type": "Person",
            "name": "Anna van der Berg, Jr.",
            "givenName": "Anna",
            "familyName": "van der Berg",
            "honorificSuffix": "Jr.",
        },
        {"@type": "Organization", "name": "The Testers, Inc."},
        {"@type": "Person", "name": "Ulla Unlisted", "givenName": "Ulla", "familyName": "Unlisted"},
    ]
    assert data == {
        "@type": "ScholarlyArticle",
        "headline": "A title",
        "editor": [
            {
                "@type": "Person",
                "name": "Matthias Hein",
                "givenName": "Matthias",
                "familyName": "Hein",
            }
        ],
        "datePublished": "2025-09",
        "isPartOf": {
            "@type": "PublicationIssue",
            "issueNumber": "3",
            "isPartOf": {
                "@type": "PublicationVolume",
                "volumeNumber": "12",
                "isPartOf": {
                    "@type": "Periodical",
                    "name": "Medical Image Analysis",
                    "issn": "1234-5679",
                },
            },
        },
        "publisher": {"@type": "Organization", "name": "Press"},
        "pagination": "594–603",
        "identifier": "https://doi.org/10.1000/a_b",
        "sameAs": [
            "https://doi.org/10.1000/a_b",
            "https://arxiv.org/abs/2503.10382",
            "https://example.org/page",
        ],
        "url": PAGE,
        "mainEntityOfPage": PAGE,
        "description": "In short.",
        "abstract": "At length.",
        "award": "Best paper",
        "keywords": ["one", "two words"],
        "inLanguage": "en-GB",
        "creativeWorkStatus": "Retracted",
    }


def test_a_publication_with_a_title_only() -> None:
    expected = {"@type": "ScholarlyArticle", "headline": "A title"}
    assert described(made()) == {**expected, "url": PAGE, "mainEntityOfPage": PAGE}
    assert described(made(), NOWHERE) == expected


def test_a_doi_becomes_an_address_that_can_be_opened() -> None:
    doi = "10.1002/17<1661::x>3.0"
    assert described(made(doi=doi))["identifier"] == "https://doi.org/10.1002/17%3C1661::x%3E3.0"


ENTRY_TYPES = {"paper": "inproceedings", "thesis": "phdthesis", "chapter": "incollection"}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("left_out", [None, *FULL])
def test_nothing_is_empty_whatever_is_known_of_whichever_kind(
    kind: str, left_out: str | None
) -> None:
    facts = {name: value for name, value in FULL.items() if name != left_out}
    for some in (facts, {left_out: FULL[left_out]} if left_out else {}):
        pub = made(kind, ENTRY_TYPES.get(kind, "misc"), **some)
        for site in (SITE, NOWHERE):
            data = described(pub, site)
            assert has_nothing_empty(data)
            assert json.loads(json.dumps(data)) == data
            assert (data["@type"], data["headline"]) == ("ScholarlyArticle", "A title")
            names = [author["name"] for author in data.get("author", [])]
            assert names == [author.name.display for author in pub.authors]


@pytest.mark.parametrize("site", [SITE, NOWHERE], ids=["somewhere", "nowhere"])
def test_nothing_else_is_empty_either(site: SiteFacts) -> None:
    item = NewsItem("news/a", "We won", PartialDate(2025, 9))
    for data in (
        organisation(site),
        organisation(site, [SUN, KOCH]),
        person_data(SUN, "", site),
        person_data(KOCH, "", site),
        news_data(item, "", site),
    ):
        assert has_nothing_empty(data)


@pytest.mark.parametrize(
    ("kind", "additional"),
    [
        ("thesis", "Thesis"),
        ("book", "Book"),
        ("chapter", "Chapter"),
        ("dataset", "Dataset"),
        ("software", "SoftwareSourceCode"),
        ("report", "Report"),
        ("article", ""),
        ("paper", ""),
        ("abstract", ""),
        ("preprint", ""),
        ("other", ""),
    ],
)
def test_what_it_is_besides_a_scholarly_article(kind: str, additional: str) -> None:
    data = described(made(kind, "misc", **FULL))
    assert data.get("additionalType", "") == (additional and f"https://schema.org/{additional}")


@pytest.mark.parametrize(
    ("kind", "entry_type", "container"),
    [
        ("paper", "inproceedings", "Book"),
        ("chapter", "incollection", "Book"),
        ("abstract", "inproceedings", "PublicationVolume"),
    ],
)
def test_where_it_appeared(kind: str, entry_type: str, container: str) -> None:
    data = described(made(kind, entry_type, **FULL))
    assert {*data["isPartOf"].pop("@type")} == {container, "PublicationVolume"}
    assert data["isPartOf"] == {
        "name": "Medical Image Analysis",
        "isbn": "978-3-16-148410-0",
        "volumeNumber": "12",
        "isPartOf": {"@type": "BookSeries", "name": "Series"},
    }
    assert data["pagination"] == "594–603"
    assert "volumeNumber" not in data
    unnumbered = described(made(kind, entry_type, **{**FULL, "volume": ""}))["isPartOf"]
    assert unnumbered["@type"] == container
    assert "volumeNumber" not in unnumbered


@pytest.mark.parametrize(("kind", "entry_type"), [("abstract", "article"), ("article", "review")])
def test_whatever_is_in_a_journal_is_part_of_the_journal(kind: str, entry_type: str) -> None:
    data = described(made(kind, entry_type, container=rich("Journal"), issn="1234-5679"))
    assert data["isPartOf"] == {"@type": "Periodical", "name": "Journal", "issn": "1234-5679"}


@pytest.mark.parametrize(
    ("facts", "levels"),
    [
        ({}, ["Periodical"]),
        ({"volume": "12"}, ["PublicationVolume", "Periodical"]),
        ({"number": "3"}, ["PublicationIssue", "Periodical"]),
    ],
)
def test_the_levels_of_a_journal_that_are_known(facts: dict[str, str], levels: list[str]) -> None:
    part = described(made(container=rich("Journal"), **facts))["isPartOf"]
    found = []
    while part:
        found.append(part["@type"])
        part = part.get("isPartOf")
    assert found == levels


@pytest.mark.parametrize("kind", ["book", "thesis", "report", "preprint", "dataset", "other"])
def test_what_appeared_on_its_own_is_part_of_nothing(kind: str) -> None:
    data = described(made(kind, "misc", **FULL))
    assert "isPartOf" not in data
    assert data["volumeNumber"] == "12"


@pytest.mark.parametrize(
    ("kind", "publisher"),
    [
        ("thesis", "Medical Image Analysis"),
        ("report", "Medical Image Analysis"),
        ("paper", "Press"),
    ],
)
def test_who_published_it(kind: str, publisher: str) -> None:
    data = described(made(kind, "misc", **FULL))
    assert data["publisher"] == {"@type": "Organization", "name": publisher}


def test_a_crowd_of_authors_is_whole_and_in_order() -> None:
    names = [f"Author{number * 37 % 100:02}" for number in range(100)]
    crowd = tuple(Author(Name(name, "A.")) for name in names)
    data = described(made(authors=crowd, editors=crowd[::-1], others=True))
    assert [author["familyName"] for author in data["author"]] == names
    assert [editor["familyName"] for editor in data["editor"]] == names[::-1]


def test_two_authors_of_one_name_are_two() -> None:
    twin = Author(Name("Sun", "Susu"))
    assert len(described(made(authors=(twin, twin)))["author"]) == 2


def test_a_corporate_author_is_an_organisation_even_if_someone_has_that_name() -> None:
    author = Author(Name("Susu Sun", corporate=True), "susu-sun")
    assert described(made(authors=(author,)))["author"] == [
        {"@type": "Organization", "name": "Susu Sun"}
    ]


# Typed links ------------------------------------------------------------------------------------

FILES = [(ending, f"{BASE}publications/k.{ending}") for ending in EXPORTS]


def test_every_export_has_a_media_type() -> None:
    assert list(EXPORTS) == list(FORMATS)


def test_the_typed_links_of_a_paper_with_a_doi() -> None:
    assert signposts(made(**FULL), PAGE, FILES, [ORCID, f"{ORCID}x"]) == [
        HeadLink("cite-as", "https://doi.org/10.1000/a_b"),
        HeadLink("author", ORCID),
        HeadLink("author", f"{ORCID}x"),
        HeadLink("describedby", f"{BASE}publications/k.bib", "application/x-bibtex", "BibTeX"),
        HeadLink(
            "describedby",
            f"{BASE}publications/k.ris",
            "application/x-research-info-systems",
            "RIS",
        ),
        HeadLink(
            "describedby",
            f"{BASE}publications/k.json",
            "application/vnd.citationstyles.csl+json",
            "CSL-JSON",
        ),
        HeadLink("type", "https://schema.org/AboutPage"),
        HeadLink("type", "https://schema.org/ScholarlyArticle"),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_the_links_and_the_data_say_the_same_of_what_it_is(kind: str) -> None:
    pub = made(kind, "misc")
    links = [link.href for link in signposts(pub, PAGE, [], []) if link.rel == "type"]
    what = described(pub).get("additionalType", "https://schema.org/ScholarlyArticle")
    assert links == ["https://schema.org/AboutPage", what]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("left_out", [None, "links"])
def test_there_is_one_address_to_cite_it_by(kind: str, left_out: str | None) -> None:
    facts = {name: value for name, value in FULL.items() if name != left_out}
    links = signposts(made(kind, "misc", **facts), PAGE, FILES, [])
    found = [link.href for link in links if link.rel == "cite-as"]
    assert found == [PAGE if left_out else "https://doi.org/10.1000/a_b"]


LINKS = {link.role: link for link in FULL["links"]}


@pytest.mark.parametrize(
    ("roles", "cited"),
    [
        ("url eprint doi", "https://doi.org/10.1000/a_b"),
        ("doi eprint", "https://doi.org/10.1000/a_b"),
        ("url pdf eprint code", "https://arxiv.org/abs/2503.10382"),
        ("url pdf code", PAGE),
        ("", PAGE),
    ],
)
def test_the_most_lasting_address_is_to_be_cited(roles: str, cited: str) -> None:
    pub = made(links=tuple(LINKS[role] for role in roles.split()))
    links = signposts(pub, PAGE, [], [])
    assert [link.href for link in links if link.rel == "cite-as"] == [cited]
    assert [link.rel for link in links] == ["cite-as", "type", "type"]


def test_of_several_addresses_of_a_kind_the_first_is_to_be_cited() -> None:
    later = Link("doi", "DOI", "https://doi.org/10.1000/later")
    links = signposts(made(links=(LINKS["doi"], later)), PAGE, [], [])
    assert links[0] == HeadLink("cite-as", "https://doi.org/10.1000/a_b")
