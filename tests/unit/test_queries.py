"""What a list shows and how it is divided."""

from dataclasses import replace

import pytest

from labsite.model import Author, Direction, Link, Name, PartialDate, Publication, RichText, Source
from labsite.queries import GROUPINGS, Group, PublicationQuery, facets, group, has_resources, select


def publication(
    key: str,
    year: int | None = 2025,
    kind: str = "article",
    directions: tuple[str, ...] = (),
    people: tuple[str, ...] = (),
) -> Publication:
    return Publication(
        key,
        key,
        Source("x.bib", 1),
        {"article": "article", "paper": "inproceedings"}.get(kind, "misc"),
        kind,
        RichText.from_plain(key),
        authors=tuple(Author(Name(person), person) for person in people),
        date=PartialDate(year) if year else None,
        directions=directions,
    )


A = publication("a", 2025, "paper", ("robust", "apps"), ("sun", "koch"))
B = replace(publication("b", 2025, "article", ("apps",), ("sun",)), selected=True)
C = publication("c", 2023, "preprint", ("generative",), ("koch",))
D = replace(publication("d", 2020, "paper", ("unknown",), ()), selected=True)
E = publication("e", None, "thesis")
EVERYTHING = (A, B, C, D, E)

DIRECTIONS = (
    Direction("robust", "research/robust", "Robustness", order=1),
    Direction("generative", "research/generative", "Generative", order=2),
    Direction("apps", "research/apps", "Applications", kind="theme", order=3),
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (PublicationQuery(), "abcde"),
        (PublicationQuery(people=("sun",)), "ab"),
        (PublicationQuery(people=("sun", "koch")), "abc"),
        (PublicationQuery(people=("nobody",)), ""),
        (PublicationQuery(directions=("apps",)), "ab"),
        (PublicationQuery(directions=("robust", "generative")), "ac"),
        (PublicationQuery(types=("paper",)), "ad"),
        (PublicationQuery(types=("inproceedings",)), "ad"),
        (PublicationQuery(types=("thesis", "article")), "be"),
        (PublicationQuery(types=("misc",)), "ce"),
        (PublicationQuery(years=(2023, 2025)), "abc"),
        (PublicationQuery(years=(2020, 2023)), "cd"),
        (PublicationQuery(years=(2025, 2025)), "ab"),
        (PublicationQuery(years=(0, 2020)), "d"),
        (PublicationQuery(years=(2021, 9999)), "abc"),
        (PublicationQuery(years=(0, 9999)), "abcd"),
        (PublicationQuery(selected=True), "bd"),
        (PublicationQuery(limit=2), "ab"),
        (PublicationQuery(limit=99), "abcde"),
        (PublicationQuery(group_by="year", filter=True), "abcde"),
    ],
    ids=repr,
)
def test_each_option(query: PublicationQuery, expected: str) -> None:
    assert "".join(pub.key for pub in select(EVERYTHING, query)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (PublicationQuery(people=("sun",), types=("paper",)), "a"),
        (PublicationQuery(people=("koch",), directions=("apps",)), "a"),
        (PublicationQuery(people=("sun",), years=(2020, 2023)), ""),
        (PublicationQuery(types=("paper",), selected=True), "d"),
        (PublicationQuery(types=("paper",), years=(2025, 2025)), "a"),
        (PublicationQuery(selected=True, limit=1), "b"),
        (PublicationQuery(directions=("apps", "unknown"), limit=2), "ab"),
        (
            PublicationQuery(
                ("sun",), ("apps",), ("article",), (2025, 2025), selected=True, limit=1
            ),
            "b",
        ),
    ],
    ids=repr,
)
def test_options_together(query: PublicationQuery, expected: str) -> None:
    assert "".join(pub.key for pub in select(EVERYTHING, query)) == expected


def test_editors_count_as_people() -> None:
    edited = replace(C, authors=(), editors=(Author(Name("Sun"), "sun"),))
    assert select([edited], PublicationQuery(people=("sun",))) == (edited,)


def divided(by: str, publications: tuple[Publication, ...] = EVERYTHING) -> list[tuple[str, str]]:
    return [
        (part.heading, "".join(pub.key for pub in part.publications))
        for part in group(publications, by, DIRECTIONS)
    ]


def test_years_go_down_and_the_undated_come_last() -> None:
    assert divided("year") == [("2025", "ab"), ("2023", "c"), ("2020", "d"), ("Undated", "e")]


def test_types_come_in_the_order_of_the_kinds() -> None:
    assert divided("type") == [
        ("Journal articles", "b"),
        ("Conference papers", "ad"),
        ("Theses", "e"),
        ("Preprints", "c"),
    ]


def test_directions_come_in_their_own_order_and_each_paper_once() -> None:
    assert divided("direction") == [
        ("Robustness", "a"),
        ("Generative", "c"),
        ("Applications", "b"),
        ("Other", "de"),
    ]


def test_without_a_grouping_there_is_one_group_without_heading() -> None:
    assert group(EVERYTHING, "", DIRECTIONS) == (Group("", "", EVERYTHING),)


@pytest.mark.parametrize("by", ["", *GROUPINGS])
def test_nothing_has_no_groups(by: str) -> None:
    assert group((), by, DIRECTIONS) == ()


@pytest.mark.parametrize("by", GROUPINGS)
def test_groups_hold_everything_once_under_ids_of_their_own(by: str) -> None:
    groups = group(EVERYTHING, by, DIRECTIONS)
    assert sorted(pub.key for part in groups for pub in part.publications) == list("abcde")
    identities = [part.id for part in groups]
    assert len({*identities}) == len(identities)
    assert all(identity and identity[0].isalpha() for identity in identities)


def test_facets_count_what_a_list_holds() -> None:
    code = replace(C, links=(Link("code", "Code", "https://x.example"),))
    twice = replace(D, directions=("apps", "apps"))
    found = facets((A, B, code, twice, E))
    assert found.people == {"sun": 2, "koch": 2}
    assert found.directions == {"robust": 1, "apps": 3, "generative": 1}
    assert found.kinds == {"paper": 2, "article": 1, "preprint": 1, "thesis": 1}
    assert list(found.years.items()) == [(2025, 2), (2023, 1), (2020, 1)]
    assert (found.resources, found.equal) == (1, False)


@pytest.mark.parametrize(("role", "counts"), [("code", True), ("data", True), ("pdf", False)])
def test_what_counts_as_a_resource(role: str, counts: bool) -> None:
    assert has_resources(replace(A, links=(Link(role, "x", "https://x.example"),))) is counts
