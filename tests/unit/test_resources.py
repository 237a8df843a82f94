"""Code, data and models: each address once, under its kind, with all its papers."""

from typing import Any

import pytest

from labsite.model import Link, Publication, RichText, Source
from labsite.resources import RESOURCE_KINDS, Resource, resources

LABELS = {"doi": "DOI", "eprint": "arXiv", "pdf": "PDF", "url": "example.org"}


def made(key: str, *links: str, kind: str = "article", **fields: Any) -> Publication:
    """A publication; ``links`` are words like ``"code https://…"``."""
    pairs = [link.split() for link in links]
    return Publication(
        key,
        key,
        Source("x.bib", 1),
        "misc",
        kind,
        RichText.from_plain(f"Title of {key}"),
        links=tuple(Link(role, LABELS.get(role, role), href) for role, href in pairs),
        **fields,
    )


def shown(*publications: Publication) -> list[str]:
    """Kind, address and papers of each resource."""
    return [
        " ".join([item.kind, item.href, *(pub.key for pub in item.publications)])
        for item in resources(publications)
    ]


def test_a_resource_has_every_fact_in_its_field() -> None:
    pub = made("a", "code https://www.github.com/group/repository")
    assert resources([pub]) == (
        Resource(
            kind="code",
            href="https://www.github.com/group/repository",
            name="group/repository",
            host="github.com",
            publications=(pub,),
        ),
    )


def test_without_resources_there_are_none() -> None:
    assert resources([]) == ()
    others = "doi eprint pdf slides poster video url".split()
    assert shown(made("a", *(f"{role} https://x.org/{role}" for role in others))) == []


def test_kinds_have_their_order_and_within_each_the_newest_paper_is_first() -> None:
    found = shown(
        made("new", "model https://x.org/m", "code https://x.org/c2", "code https://x.org/c1"),
        made("mid", "data https://x.org/d", "code https://x.org/a"),
        made("old", "code https://x.org/b", "model https://x.org/a"),
    )
    assert found == [
        "code https://x.org/c2 new",
        "code https://x.org/c1 new",
        "code https://x.org/a mid",
        "code https://x.org/b old",
        "data https://x.org/d mid",
        "model https://x.org/m new",
        "model https://x.org/a old",
    ]
    assert RESOURCE_KINDS == {"code": "Code", "data": "Data", "model": "Models"}
    assert list(RESOURCE_KINDS) == ["code", "data", "model"]


def test_an_address_of_several_papers_is_listed_once_with_all_of_them() -> None:
    both = "code https://x.org/a"
    found = shown(made("c", both), made("b", "code https://x.org/b", both), made("a", both))
    assert found == ["code https://x.org/a c b a", "code https://x.org/b b"]


def test_an_address_given_twice_in_one_paper_is_listed_once() -> None:
    assert shown(made("a", "code https://x.org/a", "code https://x.org/a")) == [
        "code https://x.org/a a"
    ]


@pytest.mark.parametrize("other", ["https://x.org/g/r/", "https://x.org/g/r.git"])
def test_spellings_of_one_address_are_one_resource(other: str) -> None:
    found = resources([made("a", "code https://x.org/g/r"), made("b", f"code {other}")])
    (resource,) = found
    assert resource.href == "https://x.org/g/r"
    assert [pub.key for pub in resource.publications] == ["a", "b"]


def test_addresses_that_only_look_alike_are_two() -> None:
    alike = "https://x.org/g/r https://x.org/g/R https://y.org/g/r https://x.org/g/r?v=2".split()
    assert len(resources([made("a", *(f"code {href}" for href in alike))])) == 4


def test_one_address_may_be_of_two_kinds() -> None:
    found = shown(made("a", "model https://x.org/a", "data https://x.org/a"))
    assert found == ["data https://x.org/a a", "model https://x.org/a a"]


@pytest.mark.parametrize(
    ("href", "name", "host"),
    [
        ("https://github.com/group/repository", "group/repository", "github.com"),
        ("https://github.com/group/repository.git", "group/repository", "github.com"),
        ("https://github.com/group/repository/", "group/repository", "github.com"),
        ("https://github.com/group/repository#readme", "group/repository", "github.com"),
        ("https://data.example.org", "data.example.org", "data.example.org"),
        ("https://www.example.org/", "example.org", "example.org"),
        ("https://example.org:8080/a?b=c", "a", "example.org"),
    ],
)
def test_names_are_paths_or_hosts(href: str, name: str, host: str) -> None:
    (found,) = resources([made("a", f"code {href}")])
    assert (found.href, found.name, found.host) == (href, name, host)


@pytest.mark.parametrize(("kind", "listed_as"), [("software", "code"), ("dataset", "data")])
@pytest.mark.parametrize("role", ["doi", "eprint", "url"])
def test_software_and_datasets_are_resources_under_their_title(
    kind: str, listed_as: str, role: str
) -> None:
    pub = made("a", f"{role} https://x.org/{role}", "pdf files/a.pdf", kind=kind)
    (found,) = resources([pub])
    assert (found.kind, found.href) == (listed_as, f"https://x.org/{role}")
    assert (found.name, found.publications) == ("Title of a", (pub,))


def test_software_with_a_doi_and_a_repository_has_both() -> None:
    pub = made("a", "doi https://doi.org/10.1/a", "code https://x.org/a", kind="software")
    assert shown(pub) == ["code https://doi.org/10.1/a a", "code https://x.org/a a"]


def test_software_with_a_repository_only_is_listed_once() -> None:
    assert shown(made("a", "code https://x.org/a", kind="software")) == ["code https://x.org/a a"]


def test_a_dataset_with_a_repository_of_code_is_both() -> None:
    pub = made("a", "code https://x.org/c", "url https://x.org/d", kind="dataset")
    assert [(item.kind, item.name) for item in resources([pub])] == [
        ("code", "c"),
        ("data", "Title of a"),
    ]


@pytest.mark.parametrize("link", ["pdf files/a.pdf", "slides https://x.org/s", "video https://x.v"])
def test_what_tells_of_a_dataset_is_not_the_dataset(link: str) -> None:
    assert shown(made("a", link, kind="dataset")) == []
    assert shown(made("a", link, "data https://x.org/d", kind="dataset")) == [
        "data https://x.org/d a"
    ]


def test_software_without_links_is_none() -> None:
    assert shown(made("a", kind="software"), made("b", kind="dataset")) == []


def test_a_paper_joins_the_software_it_uses() -> None:
    software = made("s", "url https://x.org/s", kind="software")
    paper = made("p", "code https://x.org/s")
    assert shown(paper, software) == ["code https://x.org/s p s"]


def test_papers_of_other_kinds_are_no_resources_themselves() -> None:
    for kind in ("article", "preprint", "other", "report"):
        assert shown(made("a", "doi https://doi.org/10.1/a", kind=kind)) == []
