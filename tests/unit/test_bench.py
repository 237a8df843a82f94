"""The bench's bibliography is what it says: any size, the same each time, well-formed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bench.bibliography import bibliography, pool_of
from bench.generate import generate
from labsite.bib import parse_bib
from labsite.store import load_store


def bib(size: int, seed: int = 1) -> str:
    return bibliography(size, pool_of(seed), seed)


def test_the_same_numbers_make_the_same_bibliography() -> None:
    assert bib(50) == bib(50)
    assert bib(50) != bib(50, seed=2)


def test_one_more_leaves_the_others_as_they_are() -> None:
    before = {entry.key: entry.raw for entry in parse_bib(bib(200), "x.bib").entries}
    after = {entry.key: entry.raw for entry in parse_bib(bib(201), "x.bib").entries}
    assert len(after) == 201
    assert before.items() < after.items()


@pytest.mark.parametrize("size", [0, 1, 700])
def test_the_site_has_no_problems(tmp_path: Path, size: int) -> None:
    generate(size, tmp_path)
    store = load_store(tmp_path, ["references.bib"], "people.yml")
    assert store.problems == ()
    assert len(store.publications) == size


def test_it_looks_like_a_real_one(tmp_path: Path) -> None:
    generate(1000, tmp_path)
    publications = load_store(tmp_path, ["references.bib"], "people.yml").publications
    years = [publication.year or 0 for publication in publications]
    assert years == sorted(years, reverse=True)
    assert years.count(2025) > 2 * years.count(2000) > 0
    names = Counter(author.name.display for pub in publications for author in pub.authors)
    (_, most), *_ = names.most_common(1)
    assert 100 < most < 700 and len(names) > 500, "a few write most"
    for wanted in ("doi", "eprint", "abstract", "award", "related"):
        some = sum(bool(getattr(pub, wanted)) for pub in publications)
        assert 0 < some < len(publications), wanted
    assert {pub.kind for pub in publications} == {"article", "paper", "preprint", "thesis"}
    assert any(span.kind == "math" for pub in publications for span in pub.title.spans)


def test_what_is_the_same_is_not_written_again(tmp_path: Path) -> None:
    generate(20, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    generate(20, tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
