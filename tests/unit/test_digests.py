"""Digests of pages: new for what a page shows, the same for what no page shows."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from labsite.bib import parse_bib
from labsite.digests import _as_shown, _below, _files, _unplaced
from labsite.model import Publication
from labsite.records import build_publications

FIELDS: dict[str, str] = {
    "title": "Title", "author": "Sun, Susu", "year": "2025", "note": "Note", "added": "2025-01-01",
}  # fmt: skip
NOT_LISTED: dict[str, str] = {"added": "2026-01-01", "direction": ""}
"""Fields of which the BibTeX of a list has nothing."""
LISTED: dict[str, str] = {
    "title": "Other",
    "year": "2024",
    "summary": "In short.",
    "note": "Other",
    "preview": "a.png",
    "selected": "true",
    "retracted": "https://example.org/notice",
    "langid": "german",
    "abstract": "At length.",
}


def publication(key: str = "k", above: str = "", **fields: str) -> Publication:
    lines = [f"  {name} = {{{value}}},\n" for name, value in (FIELDS | fields).items() if value]
    bib = parse_bib(f"{above}@misc{{{key},\n{''.join(lines)}}}\n", "x.bib")
    (found,), problems = build_publications([bib], [])
    assert problems == ()
    return found


@pytest.mark.parametrize("field", NOT_LISTED)
def test_what_no_list_shows_changes_no_list(field: str) -> None:
    changed = publication(**{field: NOT_LISTED[field]})
    assert _as_shown((changed,)) == _as_shown((publication(),))


@pytest.mark.parametrize("field", LISTED)
def test_what_lists_show_changes_them(field: str) -> None:
    changed = publication(**{field: LISTED[field]})
    assert _as_shown((changed,)) != _as_shown((publication(),))
    assert _unplaced(changed) != _unplaced(publication())


def test_a_moved_entry_is_the_same() -> None:
    moved = publication(above="A comment\non two lines.\n")
    assert moved.source.line == 3
    assert _unplaced(moved) == _unplaced(publication())
    assert _as_shown((moved,)) == _as_shown((publication(),))
    assert _as_shown((publication("other"),)) != _as_shown((publication(),))


@pytest.mark.parametrize("other", [None, "text", ["a"], (), (1, "b")])
def test_what_is_no_list_of_records_stays(other: object) -> None:
    assert _as_shown(other) == other


def environment(**toctrees: str) -> Any:
    """Pages and those in their toctrees; all but "missing" are there."""
    includes = {page: below.split() for page, below in toctrees.items()}
    pages = {*includes, *(page for below in includes.values() for page in below)}
    return cast("Any", SimpleNamespace(toctree_includes=includes, tocs=pages - {"missing"}))


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
