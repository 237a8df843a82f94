"""The bench's sites are what they say, its edits are small, and its arithmetic is right."""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench import build, edits, hugo, report, sites
from bench.bibliography import bibliography, pool_of
from bench.generate import generate
from bench.measure import BuildFailed, Cost, measure
from bench.sites import Site
from labsite.bib import parse_bib
from labsite.store import load_store

if TYPE_CHECKING:
    from collections.abc import Iterator


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


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_one_changed_entry_leaves_all_else_as_it_is(tmp_path: Path, ends: str) -> None:
    path = tmp_path / "x.bib"
    before = bib(31).replace("\n", ends)
    path.write_bytes(before.encode())
    assert edits.edit(path, edits.changed) == before
    after = path.read_bytes().decode()
    assert after.replace(f"{edits.MARK} ", "", 1) == before
    old, new = (parse_bib(text, "x.bib").entries for text in (before, after))
    (one,) = [number for number in range(31) if old[number].raw != new[number].raw]
    assert one == 15 and old[one].key == edits.middle_key(before)


def test_the_title_is_changed_and_not_the_booktitle() -> None:
    text = "@comment{none}\n@inproceedings{a2020b,\n booktitle = {B},\n TITLE = {{A} b},\n}\n"
    assert edits.keys(text) == ["a2020b"]
    assert edits.changed(text) == text.replace("{{A}", f"{{{edits.MARK} {{A}}")
    with pytest.raises(ValueError, match="no entry"):
        edits.changed("@string{a = {b}}\n")
    with pytest.raises(ValueError, match="a2020b"):
        edits.changed("@misc{a2020b,\n  year = 2020,\n}\n")


def test_one_added_entry_leaves_all_else_as_it_is(tmp_path: Path) -> None:
    generate(30, tmp_path)
    path = tmp_path / "references.bib"
    before = path.read_bytes().decode()
    edits.edit(path, edits.added)
    after = path.read_bytes().decode()
    begin = after.index(f"@article{{{edits.ADDED},")
    assert after[:begin] + after[begin + len(after) - len(before) :] == before
    assert edits.keys(after) == [edits.ADDED, *edits.keys(before)]
    store = load_store(tmp_path, ["references.bib"], "people.yml")
    assert store.problems == ()
    first, second = (store.by_key[key] for key in edits.keys(after)[:2])
    assert first.authors[0].name == second.authors[0].name


def test_an_entry_can_be_added_to_none() -> None:
    assert edits.keys(edits.added("")) == [edits.ADDED]


def test_hugo_gets_a_file_for_each_publication(tmp_path: Path) -> None:
    hugo.write_site(25, tmp_path)
    files = {path.stem: path for path in (tmp_path / hugo.SECTION).iterdir()}
    assert sorted(files) == sorted(["_index", *edits.keys(bib(25))])
    generate(25, tmp_path / "ours")
    for pub in load_store(tmp_path / "ours", ["references.bib"], "people.yml").publications:
        page = json.loads(files[pub.key].read_text(encoding="utf-8"))
        assert (page["title"], page["year"]) == (pub.title.plain, pub.year)
        assert len(page["authors"]) == len(pub.authors)
    assert (tmp_path / "layouts/page.html").is_file()


def test_one_file_of_hugo_is_changed(tmp_path: Path) -> None:
    hugo.write_site(9, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.md")}
    key = hugo.change_one(tmp_path)
    (changed,) = [path for path, content in before.items() if path.read_bytes() != content]
    assert changed.stem == key
    assert json.loads(changed.read_bytes())["title"].startswith(edits.MARK)


def test_hugo_is_the_one_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HUGO", str(tmp_path / "my-hugo"))
    assert hugo.command(tmp_path)[0] == str(tmp_path / "my-hugo")
    assert hugo.version().startswith("does not run")
    monkeypatch.setattr(hugo, "find_hugo", lambda: None)
    assert hugo.version() == "not found"
    with pytest.raises(BuildFailed, match="no Hugo"):
        hugo.command(tmp_path)


def test_medians_are_those_of_each_figure() -> None:
    costs = [Cost(1, 9, 5, 2, 7), Cost(2, 8, 4, 2, 7), Cost(3, 1, 6, 2, 7)]
    assert report.medians(costs) == Cost(2, 8, 5, 2, 7)
    assert report.medians(costs[:2]).wall == 1.5


def test_ratios_are_numbers_only_where_they_say_something() -> None:
    assert report.ratio(1, 4) == 0.25
    assert math.isnan(report.ratio(1, 0)) and math.isnan(report.ratio(1, math.nan))
    assert list(map(report.number, (0.1234, 12.34, 1234.5, math.nan))) == [
        "0.12",
        "12.3",
        "1,234",
        "–",
    ]


def figures(*, full: float = 10, memory: float = 500) -> report.Figures:
    """What a run might find: a site, whole and again, and what stands beside it."""
    costs: report.Figures = {}
    for size, times in ((1000, 1.0), (10_000, 10.0)):
        costs["this site", size, "full"] = Cost(full * times, full * times, memory, 1, 10)
        costs["this site", size, "no-op"] = Cost(1, 1, 100, 1, 10)
        costs["stock", size, "full"] = Cost(60 * times, 60 * times, 900, 1, 10)
    costs["real site", 0, "full"] = Cost(3, 4, 100, 1, 10)
    costs["empty site", 0, "full"] = Cost(1, 1, 100, 1, 10)
    return costs


def test_goals_are_met_or_not_or_not_measured() -> None:
    def verdicts(found: report.Figures) -> list[str]:
        return [goal.verdict for goal in report.goals(found)]

    unknown = ["not measured"]
    real = ["not met", *unknown * 2]
    assert verdicts(figures()) == ["met", *unknown * 3, "met", "met", "met", *real]
    slow = verdicts(figures(full=13, memory=601))
    assert slow == ["not met", *unknown * 3, "not met", "met", "met", *real]
    assert verdicts({}) == unknown * 3


def test_growth_is_measured_between_the_two_largest() -> None:
    found = figures()
    found["this site", 10_000, "full"] = Cost(111, 100, 500, 1, 10)
    (growth,) = [goal for goal in report.goals(found) if goal.number == 2 and "full" in goal.text]
    assert growth.limit == pytest.approx(11)
    assert growth.measured["wall"] == pytest.approx(11.1) and growth.verdict == "not met"


def test_tables_have_a_row_for_each_step_and_ratios_to_the_others() -> None:
    small, large, real = report.tables(figures())
    assert small.startswith("1,000 publications") and large.startswith("10,000 publications")
    (row,) = [line.split() for line in large.splitlines() if line.startswith("this site  full")]
    assert row[3:] == ["100", "100", "500", "1.00", "10", "0.17", "/", "0.17"]
    assert "to empty site" in real and "3.00 / 4.00" in real
    assert len({len(line.rstrip()) for line in large.splitlines()[2:4]}) == 1


def test_a_command_is_measured_or_says_why_it_failed(tmp_path: Path) -> None:
    cost = measure([sys.executable, "-c", "sum(range(10**6)); bytearray(50_000_000)"])
    assert cost.wall > 0
    if sys.platform != "win32":
        assert cost.cpu > 0 and 50 < cost.memory < 500
    with pytest.raises(BuildFailed, match=r"(?s)exit status 3: .*no such thing"):
        measure([sys.executable, "-c", "import sys; print('no such thing'); sys.exit(3)"])
    with pytest.raises(BuildFailed, match="nowhere"):
        measure([str(tmp_path / "nowhere")])


def test_what_fails_is_told_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def steps_of(site: Site, size: int, folder: Path) -> list[tuple[str, Cost]]:
        if site.name == "stock":
            raise BuildFailed("it broke")
        return [("full", Cost(size, 1, math.nan, 1, 1))]

    monkeypatch.setattr(build, "steps_of", steps_of)
    monkeypatch.setattr(build, "find_hugo", lambda: None)
    written = tmp_path / "new" / "bench.json"
    arguments = ["--sizes", "20,10", "--skip", "real", "--rounds", "2", "--json", str(written)]
    assert build.main(arguments) == 1
    said = capsys.readouterr()
    assert "stock could not be built: it broke" in said.out and "Hugo is not here" in said.out
    assert said.err.count("stock") == 1
    found = json.loads(written.read_text(encoding="utf-8"))
    assert [row["wall"] for row in found["figures"]] == [10, 20]
    assert found["figures"][0]["memory"] is None
    assert build.main([*arguments, "--skip", "stock,hugo,real"]) == 0


@pytest.mark.parametrize("builds", ["everything", "too little", "no change"])
def test_a_build_counts_only_if_it_shows_all(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, builds: str
) -> None:
    def build_site(_: object) -> Cost:
        (tmp_path / "_out").mkdir(exist_ok=True)
        text = (tmp_path / "text").read_text(encoding="utf-8")
        if builds != "no change" or not list((tmp_path / "_out").iterdir()):
            (tmp_path / "_out/index.html").write_text(text, encoding="utf-8")
        return Cost(1, 1, 1)

    def change(folder: Path) -> sites.Shown:
        (folder / "text").write_text("xxx new", encoding="utf-8")
        return {"index.html": "new"}

    def write(size: int, folder: Path) -> None:
        (folder / "text").write_text("x" * size, encoding="utf-8")

    def count(out: Path) -> int:
        return len((out / "index.html").read_text(encoding="utf-8")) - (builds == "too little")

    monkeypatch.setattr(sites, "measure", build_site)
    steps = sites.steps_of(Site("a", write, lambda _: [], {"again": change}, count), 3, tmp_path)
    if builds == "everything":
        assert list(steps) == [("full", Cost(1, 1, 1, 3e-6, 1)), ("again", Cost(1, 1, 1, 7e-6, 1))]
    else:
        said = {"too little": "a shows 2 .* instead of 3", "no change": "does not show 'new'"}
        with pytest.raises(BuildFailed, match=said[builds]):
            list(steps)


def test_whoever_breaks_off_gets_what_there_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def steps_of(site: Site, size: int, folder: Path) -> Iterator[tuple[str, Cost]]:
        yield "full", Cost(size, 1, 1, 1, 1)
        if size == 20:
            raise KeyboardInterrupt

    monkeypatch.setattr(build, "steps_of", steps_of)
    arguments = ["--sizes", "20", "--skip", "stock,hugo,real", "--json", str(tmp_path / "x.json")]
    assert build.main(arguments) == 0
    said = capsys.readouterr().out
    assert "20.0" in said and "Broken off" in said
