"""The data of the page search: a script that holds JSON, in which every name stands once."""

import json
from typing import Any

import pytest

from labsite.model import Author, Name, PartialDate, Publication, RichText, Source
from labsite.searchdata import SearchPage, script_call, search_data, words_of

rich = RichText.from_plain

SUN, KOCH, HEIN = (Author(Name(family, "A.")) for family in ("Sun", "Koch", "Hein"))


def paper(key: str, *authors: Author, **facts: Any) -> Publication:
    given: dict[str, Any] = {"slug": f"{key}-slug", "title": rich(f"Title {key}"), **facts}
    given |= {"entry_type": "misc", "kind": "article", "authors": authors}
    return Publication(key=key, source=Source("x.bib", 1), **given)


def data_in(script: str) -> Any:
    assert script.startswith("labsiteSearch(")
    assert script.endswith(");\n")
    return json.loads(script.removeprefix("labsiteSearch(").removesuffix(");\n"))


def data(*publications: Publication, pages: tuple[SearchPage, ...] = ()) -> Any:
    return data_in(search_data(pages, publications, "publications/*.html", whole=False))


def test_a_site_of_nothing() -> None:
    assert data() == {
        "pages": [],
        "publications": [],
        "authors": [],
        "venues": [],
        "address": "publications/*.html",
    }


def test_pages_have_all_their_facts() -> None:
    page = SearchPage("people/sun.html", "Susu Sun", "person", "PhD student", "learning robust")
    found = data(pages=(page, SearchPage("index.html", "Home", "page", "")))["pages"]
    assert found == [
        ["people/sun.html", "Susu Sun", "person", "PhD student", "learning robust"],
        ["index.html", "Home", "page", "", ""],
    ]


def test_names_and_venues_stand_once_and_are_meant_by_number() -> None:
    found = data(
        paper("a", SUN, KOCH, container=rich("Journal"), date=PartialDate(2025, 3)),
        paper("b", HEIN, SUN, container=rich("Long name"), abbr=rich("Short")),
        paper("c", container=rich("Journal"), editors=(KOCH,), date=PartialDate(2020)),
        paper("d", SUN, editors=(Author(Name("Nobody")),)),
    )
    assert found["authors"] == ["A. Sun", "A. Koch", "A. Hein"]
    assert found["venues"] == ["Journal", "Short\tLong name", ""]
    assert found["publications"] == [
        ["a-slug", "Title a", [0, 1], 0, 2025],
        ["b-slug", "Title b", [2, 0], 1, ""],
        ["c-slug", "Title c", [1], 0, 2020],
        ["d-slug", "Title d", [0], 2, ""],
    ]


def test_of_a_small_site_numbers_and_summaries_lead_to_papers() -> None:
    pub = paper("a", doi="10.1/x", eprint=("arXiv", "2503.08384"), summary=rich("We learn it."))
    script = search_data((), (pub, paper("b")), "*", whole=True)
    assert [item[5] for item in data_in(script)["publications"]] == ["10.1/x 2503.08384 learn", ""]


HOSTILE = '</script><script>alert(1)</script><!-- "\\ \u2028\u2029 ü 深'


def test_nothing_in_the_data_ends_the_script_or_a_line_of_it() -> None:
    pub = paper("k", Author(Name(HOSTILE)), title=rich(HOSTILE), container=rich(HOSTILE))
    page = SearchPage(HOSTILE, HOSTILE, "page", HOSTILE, HOSTILE)
    script = search_data([page], [pub], HOSTILE, whole=False)
    assert not {"<", "\u2028", "\u2029"} & set(script)
    assert len(script.splitlines()) == 1
    found = data_in(script)
    assert found["pages"] == [[HOSTILE, HOSTILE, "page", HOSTILE, HOSTILE]]
    assert found["publications"][0][1] == found["authors"][0] == found["venues"][0] == HOSTILE
    assert found["address"] == HOSTILE


def test_data_are_short_and_readable() -> None:
    assert script_call("f", {"ü": [1, "<"]}) == 'f({"ü":[1,"\\u003c"]});\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("The model, the MODEL and The Data.", "and data model the"),
        ("An MRI at 3 T", "mri"),
        ("well-known, state-of-the-art", "state-of-the-art well-known"),
        ("Übung macht 深度学习", "macht übung 深度学习"),
        ("_private (T2) 2025 x1", "2025 private"),
        ("<b>bold</b>", "bold"),
    ],
)
def test_the_words_of_a_text(text: str, words: str) -> None:
    assert words_of(text) == words
