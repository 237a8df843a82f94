"""Digests of pages: new for what a page shows, the same for what no page shows."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from labsite.digests import _as_shown, _bare, _below, _files, _parents
from labsite.model import PartialDate, Publication, Relation, RichText, Source

rich = RichText.from_plain

PUB = Publication("k", "k", Source("x.bib", 3), "misc", "article", rich("Title"), note=rich("Note"))

NOT_SHOWN: dict[str, Any] = {
    "source": Source("y.bib", 9),
    "direction_line": 5,
    "related_line": 6,
    "preview_line": 7,
    "added": PartialDate(2026),
    "abstract": rich("At length."),
    "aliases": ("old",),
    "keywords": ("word",),
    "related": (Relation("other"),),
}
SHOWN: dict[str, Any] = {
    "title": rich("Other"),
    "slug": "k-2",
    "date": PartialDate(2026),
    "summary": rich("In short."),
    "note": rich("Other"),
    "preview": "a.png",
    "selected": True,
    "retracted": "https://example.org/notice",
    "language": "de",
}


@pytest.mark.parametrize("field", NOT_SHOWN)
def test_what_no_list_shows_changes_nothing(field: str) -> None:
    changed = replace(PUB, **{field: NOT_SHOWN[field]})
    assert changed != PUB
    assert _bare(changed) == _bare(PUB)
    assert _as_shown((changed, "a")) == _as_shown((PUB, "a"))


@pytest.mark.parametrize("field", SHOWN)
def test_what_lists_show_changes_them(field: str) -> None:
    changed = replace(PUB, **{field: SHOWN[field]})
    assert _bare(changed) != _bare(PUB)
    assert _as_shown((changed,)) != _as_shown((PUB,)) == (_bare(PUB),)


@pytest.mark.parametrize("other", [None, "text", ["a"], (), (1, "b")])
def test_what_is_no_list_of_records_stays(other: object) -> None:
    assert _as_shown(other) == other


def environment(**toctrees: str) -> Any:
    """Pages and those in their toctrees; all but "missing" are there."""
    includes = {page: below.split() for page, below in toctrees.items()}
    pages = {*includes, *(page for below in includes.values() for page in below)}
    return cast("Any", SimpleNamespace(toctree_includes=includes, tocs=pages - {"missing"}))


def test_above_a_page_is_the_first_that_has_it() -> None:
    assert _parents(environment(index="b a", a="c", b="c d")) == {
        "a": "index",
        "b": "index",
        "c": "a",
        "d": "b",
    }


def test_below_a_page_is_all_that_its_toctrees_lead_to() -> None:
    env = environment(index="b a missing", a="c", b="c d", d="index", e="f")
    assert _below(env, "index") == ["a", "b", "c", "d", "index"]
    assert _below(env, "a") == ["c"]
    assert _below(env, "f") == []


def test_a_groups_own_styles_and_scripts_count_by_name_and_content(tmp_path: Path) -> None:
    for name, text in (("css/b.css", "b"), ("js/a.js", "a"), ("img/c.png", "c"), ("d.css", "d")):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert _files(tmp_path) == [("css/b.css", b"b"), ("d.css", b"d"), ("js/a.js", b"a")]
    assert _files(tmp_path / "missing") == []
