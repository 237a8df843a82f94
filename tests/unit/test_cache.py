"""What is kept for the next build: the same records in less time, and nothing else."""

import pickle
from pathlib import Path
from typing import Any

import jinja2
import pytest

from labsite import cache, decoding, records
from labsite.cache import CACHE, CompiledTemplates, read_cache, write_cache
from labsite.relations import Relations
from labsite.store import Store, load_store

BIB = """\
@misc{sun, title={First $x^2$}, author={Sun, Susu}, year=2024, date={2024-05-06}}
@misc{koch, title={Second}, author={Koch, Lisa}, year=2025, direction={a}, keywords={b, c}}
@misc{may, title={Third}, author={May, Ann}, month={soon}, year=2025, crossref={none}}
@misc{lee, title={Fourth}, author={Lee, Kai}, yaer=2025} @misc{ray, title={Fifth}, year=2025}
"""
PEOPLE = "- id: susu-sun\n  name: Susu Sun\n  aliases: Sun, Susu\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "a.bib").write_text(BIB, encoding="utf-8")
    (tmp_path / "people.yml").write_text(PEOPLE, encoding="utf-8")
    return tmp_path


def load(root: Path, *, kept: bool = True) -> Store:
    return load_store(root, ["a.bib"], "people.yml", root / CACHE if kept else None)


def assert_same(one: Store, other: Store) -> None:
    assert one.publications == other.publications
    assert [pub.digest for pub in one.publications] == [pub.digest for pub in other.publications]
    assert (one.people, one.problems) == (other.people, other.problems)
    assert one.problems
    assert dict(one.entries) == dict(other.entries)


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the keys of the entries that are decoded from now on."""
    found: list[str] = []
    make = decoding.make_publication

    def noting(entry, *rest):  # type: ignore[no-untyped-def]
        found.append(entry.key)
        return make(entry, *rest)

    monkeypatch.setattr(records, "make_publication", noting)
    return found


def test_related_work_is_found_as_if_nothing_were_kept(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["tumour", "imaging", "causal", "retina", "shape", "noise", "atlas", "dose"]
    titles = [f"{words[n % 8]} {words[n // 3 % 8]} {words[n % 5]}" for n in range(60)]
    searched: list[int] = []
    near = Relations._near

    def noting(self: Relations, own: int, *rest: Any) -> tuple[int, ...]:
        searched.append(own)
        return near(self, own, *rest)

    monkeypatch.setattr(Relations, "_near", noting)
    for step in range(6):
        titles[7 * step] = f"{words[step]} anew"
        if step == 3:
            titles.insert(20, "noise and dose")
        entries = [
            f"@misc{{k{number}, title={{{title}}}, author={{Sun, S and A{number % 7}, B}}}}"
            for number, title in enumerate(titles)
        ]
        (root / "a.bib").write_text("\n".join(entries), encoding="utf-8")
        kept = load(root).relations.nearest
        again = len(searched)
        assert kept == load(root, kept=False).relations.nearest
        del searched[again:]
    assert len(searched) < 6 * 60 - 30


def test_what_is_kept_is_what_would_be_read(root: Path, decoded: list[str]) -> None:
    first = load(root)
    assert len(decoded) == len(first.publications) == 5
    again = load(root)
    assert len(decoded) == 5
    assert_same(again, first)


EDITS = {  # what is edited → what is decoded, besides entries in which something is wrong
    "an entry": ("Second", "Another", {"koch"}),
    "lines above": ("@misc{sun", "A comment\non two lines\n@misc{sun", set[str]()),
    "an entry is new": ("@misc{may", "@misc{new, title={N}, year=2025}\n@misc{may", {"new"}),
    "an entry goes": ("@misc{koch", "@comment{koch", set[str]()),
}


@pytest.mark.parametrize("edit", EDITS)
def test_only_entries_that_changed_are_decoded(root: Path, decoded: list[str], edit: str) -> None:
    load(root)
    before, after, expected = EDITS[edit]
    text = (root / "a.bib").read_text(encoding="utf-8")
    (root / "a.bib").write_text(text.replace(before, after), encoding="utf-8")
    decoded.clear()
    again = load(root)
    assert set(decoded) - {"may", "lee", "ray"} == expected
    assert_same(again, load(root, kept=False))


def test_other_people_are_found_in_entries_that_did_not_change(root: Path) -> None:
    load(root)
    more = "- id: lisa-koch\n  name: Lisa Koch\n  aliases: Koch, Lisa\n"
    (root / "people.yml").write_text(PEOPLE + more, encoding="utf-8")
    again = load(root)
    assert again.by_key["koch"].people == ("lisa-koch",)
    assert_same(again, load(root, kept=False))


def damages(whole: bytes) -> dict[str, bytes]:
    middle = len(whole) // 2
    return {
        "empty": b"",
        "cut off": whole[:-1],
        "half": whole[:middle],
        "one byte": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "zeros": bytes(len(whole)),
        "another pickle": pickle.dumps(["something"]),
        "text": "Ärger".encode("latin-1"),
    }


@pytest.mark.parametrize("damage", damages(bytes(9)))
def test_a_damaged_cache_is_none(root: Path, damage: str) -> None:
    first = load(root)
    path = root / CACHE
    path.write_bytes(damages(path.read_bytes())[damage])
    assert read_cache(path) is None
    assert_same(load(root), first)
    assert read_cache(path) is not None


def test_a_cache_that_cannot_be_written_is_no_obstacle(root: Path) -> None:
    (root / CACHE).mkdir()
    assert_same(load(root), load(root, kept=False))


def test_other_code_trusts_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / CACHE
    write_cache(path, {"a": 1})
    assert read_cache(path) == {"a": 1}
    monkeypatch.setattr(cache, "code_digest", lambda: "another")
    assert read_cache(path) is None


def rendered(folder: Path, source: str, **context: object) -> str:
    """Render a template as a build does, with what earlier ones compiled."""
    loader = jinja2.DictLoader({"a.html": source})
    environment = jinja2.Environment(
        loader=loader, autoescape=True, bytecode_cache=CompiledTemplates(folder)
    )
    return environment.get_template("a.html").render(context)


def test_compiled_templates_are_kept_and_follow_their_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rendered(tmp_path / "kept", "One {{ x }}", x=1) == "One 1"
    (kept,) = (tmp_path / "kept").iterdir()
    compiled: list[str] = []
    compile_ = jinja2.Environment.compile

    def noted(self: jinja2.Environment, source: str, *args: object, **options: object) -> object:
        compiled.append(source)
        return compile_(self, source, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(jinja2.Environment, "compile", noted)
    assert rendered(tmp_path / "kept", "One {{ x }}", x=2) == "One 2"
    assert compiled == []
    assert rendered(tmp_path / "kept", "Two {{ x }}", x=3) == "Two 3"
    assert compiled == ["Two {{ x }}"]

    data = kept.read_bytes()
    for damaged in (b"", data[:40], data[:-1], data[:-9] + b"x" + data[-8:], bytes(len(data))):
        kept.write_bytes(damaged)
        compiled.clear()
        assert rendered(tmp_path / "kept", "Two {{ x }}", x=4) == "Two 4"
        assert compiled == ["Two {{ x }}"]
        assert kept.read_bytes() == data


def test_compiled_templates_that_cannot_be_kept_cost_only_time(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file", encoding="utf-8")
    assert rendered(tmp_path / "kept", "One {{ x }}", x=1) == "One 1"
