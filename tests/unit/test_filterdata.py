"""What the filters of a large list know."""

from __future__ import annotations

import json
from typing import Any

from labsite.filterdata import Places, filter_data
from labsite.model import (
    KINDS,
    Author,
    Direction,
    Link,
    Name,
    PartialDate,
    Person,
    Publication,
    RichText,
    Source,
)

HERE = Source("x.bib", 1)
ANNA = Author(Name("Meier", "Anna"), "anna-meier")
EVE = Author(Name("Elsewhere", "Eve"))
PEOPLE = (Person("ben", "Ben", HERE), Person("anna-meier", "Anna Meier", HERE))
DIRECTIONS = (
    Direction("quiet", "research/quiet", "Quiet </script> models", order=1),
    Direction("clear", "research/clear", "Clear images", order=2),
)
PLACES = Places(
    person=lambda person: f"people/{person.id}.html" if person.id != "ben" else "",
    direction=lambda direction: f"{direction.docname}.html",
    bibtex="publications/*.bib",
)


def paper(key: str, **fields: Any) -> Publication:
    given: dict[str, Any] = {"kind": "article", "authors": (EVE,), "date": PartialDate(2025)}
    given |= {"title": RichText.from_plain(key), "slug": key, **fields}
    return Publication(key=key, source=HERE, entry_type="misc", **given)


def data(*publications: Publication) -> dict[str, Any]:
    script = filter_data(publications, PEOPLE, DIRECTIONS, PLACES)
    assert script.startswith("labsiteFilter({") and script.endswith("});\n")
    assert "<" not in script
    found: dict[str, Any] = json.loads(script.removeprefix("labsiteFilter(").removesuffix(");\n"))
    return found


def test_facets_stand_in_the_order_of_the_list() -> None:
    code = (Link("code", "Code", "https://x.example"),)
    found = data(
        paper("a", directions=("clear", "unknown", "quiet"), authors=(EVE, ANNA), links=code),
        paper("b", kind="thesis", date=None),
    )
    kinds = [kind for kind, _ in found["kinds"]]
    assert kinds == list(KINDS)
    assert [kinds[number] for number in found["kind"]] == ["article", "thesis"]
    assert found["direction"] == [[1, 0], []]
    assert found["person"] == [[1], []]
    assert found["code"] == [1, 0]


def test_records_are_named_with_their_places() -> None:
    found = data(paper("a", authors=(ANNA,)))
    assert found["people"] == [["ben", ""], ["anna-meier", "people/anna-meier.html"]]
    assert found["directions"][0] == ["quiet", "Quiet </script> models", 1, "research/quiet.html"]
    assert found["members"] == {"Anna Meier": 1}
    assert found["bibtex"] == "publications/*.bib"


def test_kinds_are_named_as_in_every_list() -> None:
    named = dict(data()["kinds"])
    assert (named["thesis"], named["article"]) == ("Thesis", "")


def test_what_is_rare_is_said_of_those_it_is_true_of() -> None:
    found = data(
        paper("a"),
        paper("b/c", slug="b-c", others=True, retracted="https://x.example/notice"),
    )
    assert found["keys"] == {"1": "b/c"}
    assert found["others"] == [1]
    assert found["retracted"] == {"1": "https://x.example/notice"}


def test_an_archive_stands_in_for_a_venue() -> None:
    preprint = (Link("eprint", "arXiv", "https://x.example"),)
    venue = RichText.from_plain("MELBA")
    found = data(paper("a"), paper("b", links=preprint), paper("c", links=preprint, abbr=venue))
    assert (found["archives"], found["archive"]) == (["arXiv"], [0, 1, 0])
