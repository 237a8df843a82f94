"""Loading all data files: everything that is there, whatever is wrong with it."""

from pathlib import Path

import pytest

from labsite.store import Store, load_store

BIB = """\
@misc{sun, title={First}, author={Sun, Susu}, year=2024}
@misc{koch, title={Second}, author={Koch, Lisa}, year=2025}
@misc{sun, title={Third}, author={Sun, Susu}, year=2025}
"""
PEOPLE = "- id: susu-sun\n  name: Susu Sun\n  aliases: Sun, Susu\n  zzz: 1\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "a.bib").write_text(BIB, encoding="utf-8")
    (tmp_path / "people.yml").write_text(PEOPLE, encoding="utf-8")
    return tmp_path


def test_everything_is_loaded(root: Path) -> None:
    store = load_store(root, ["a.bib"], "people.yml")
    assert [pub.title.plain for pub in store.publications] == ["Second", "Third", "First"]
    assert [person.id for person in store.people] == ["susu-sun"]
    assert store.by_id["susu-sun"].name == "Susu Sun"
    assert store.publications[1].written_by("susu-sun")
    assert [entry.key for entry in store.entries[(root / "a.bib").resolve()]] == [
        "sun",
        "koch",
        "sun",
    ]


def test_problems_are_told_once_in_the_order_of_the_files(root: Path) -> None:
    (root / "b.bib").write_text("@misc{x}\n@misc{y, title = {unclosed}\n", encoding="utf-8")
    store = load_store(root, ["b.bib", "a.bib"], "people.yml")
    places = [(problem.path, problem.line, problem.subtype) for problem in store.problems]
    assert places == sorted(places)
    assert len({*store.problems}) == len(store.problems)
    assert ("a.bib", 3, "bib_duplicate_key") in places
    assert ("b.bib", 2, "bib_syntax") in places
    assert ("people.yml", 4, "people_value") in places


def test_of_one_key_the_first_in_the_file_is_cited(root: Path) -> None:
    store = load_store(root, ["a.bib"], "people.yml")
    assert store.by_key["sun"].title.plain == "First"
    assert set(store.by_key) == {"sun", "koch"}


def test_of_one_key_in_two_files_the_first_file_is_cited(root: Path) -> None:
    source = "@misc{koch, title={Again}, author={Koch, Lisa}, year=2025}\n"
    (root / "b.bib").write_text(source, encoding="utf-8")
    store = load_store(root, ["a.bib", "b.bib"], "people.yml")
    assert store.by_key["koch"].title.plain == "Second"
    (problem,) = (item for item in store.problems if item.path == "b.bib")
    assert (problem.line, problem.subtype) == (1, "bib_duplicate_key")


def test_missing_files_are_one_problem_each(tmp_path: Path) -> None:
    store = load_store(tmp_path, ["x.bib", "y.bib"], "people.yml")
    assert store.publications == ()
    assert store.people == ()
    assert [(problem.path, problem.subtype) for problem in store.problems] == [
        ("people.yml", "file"),
        ("x.bib", "file"),
        ("y.bib", "file"),
    ]


def test_files_in_folders_are_named_as_configured(root: Path) -> None:
    (root / "data").mkdir()
    (root / "data" / "c.bib").write_text("@misc{x}", encoding="utf-8")
    store = load_store(root, ["data/c.bib"], "people.yml")
    assert store.publications[0].source.path == "data/c.bib"


def test_an_empty_store_is_empty() -> None:
    assert Store() == Store((), (), {}, (), {}, {})


def test_the_real_data_has_no_problem(real_bib_path: Path) -> None:
    store = load_store(real_bib_path.parent, [real_bib_path.name], "people.yml")
    assert store.problems == ()
    assert len(store.by_key) == len(store.publications) > 0
    for pub in store.publications:
        assert any(author.person for author in pub.authors), f"{pub.key} is by nobody of the group"
