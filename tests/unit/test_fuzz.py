"""Any bytes give records and messages: damaged files from a seed, and sizes nobody writes."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final, TypeAlias

import pytest

from labsite import bib
from labsite.bib import parse_bib
from labsite.people import parse_people
from labsite.records import build_publications
from labsite.textfile import decode_text
from tools import fuzz
from tools.mutate import BIB, make_case, shrink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Fuzzer: TypeAlias = Callable[[Callable[[bytes], None]], int]

SEED: Final = 6
CASES: Final = 1500
"""Of each target; ``nox -s fuzz`` runs 200,000."""


@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_damaged_files_are_read(name: str) -> None:
    failures = fuzz.run_cases(name, SEED, range(CASES))
    assert [(failure.number, failure.data, failure.told) for failure in failures] == []


def test_plain_fields_are_read_as_all_others_are(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [path.read_bytes() for path in (fuzz.ROOT / "tests").glob("*.bib")]
    cases = [make_case(BIB, file, SEED, number) for file in files for number in range(CASES // 3)]
    texts = [decode_text(case, "x.bib")[0] for case in (*files, *cases)]
    read = [parse_bib(text, "x.bib") for text in texts]
    monkeypatch.setattr(bib, "_PLAIN_FIELD", re.compile("(?!)"))
    for text, found in zip(texts, read, strict=True):
        assert parse_bib(text, "x.bib") == found


def test_cases_are_the_same_every_time() -> None:
    cases = [make_case(BIB, b"@misc{a,\n}\n", 1, number) for number in range(50)]
    assert cases == [make_case(BIB, b"@misc{a,\n}\n", 1, number) for number in range(50)]
    assert len(set(cases)) > 40


def test_a_failing_case_is_shrunk_kept_and_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def check(raw: bytes) -> None:
        assert b"{" not in raw

    target = fuzz.Target(BIB, ("tests/torture.bib",), check)
    monkeypatch.setitem(fuzz.TARGETS, "bib", target)
    failures = fuzz.run_cases("bib", 1, range(20))
    assert {failure.data for failure in failures} == {b"{"}
    kept = fuzz.keep(failures[0], tmp_path)
    assert fuzz.main(["--replay", str(kept)]) == 1
    assert "AssertionError" in capsys.readouterr().out
    kept.write_bytes(b"mended")
    assert fuzz.main(["--replay", str(kept)]) == 0


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no such timer")
def test_a_reader_that_hangs_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(raw: bytes) -> None:
        while True:
            pass

    monkeypatch.setattr(fuzz, "MOST_SECONDS", 0.05)
    monkeypatch.setitem(fuzz.TARGETS, "bib", fuzz.Target(BIB, ("tests/torture.bib",), check))
    assert "more than 0.05 s" in fuzz.run_case("bib", b"")


@pytest.mark.skipif(sys.platform != "linux", reason="no process can be told so")
def test_a_reader_that_takes_too_much_memory_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(raw: bytes) -> None:
        assert bytes(2 * fuzz.MOST_MEMORY)

    monkeypatch.setitem(fuzz.TARGETS, "bib", fuzz.Target(BIB, ("tests/torture.bib",), check))
    assert "MemoryError" in fuzz.run_case("bib", b"")
    assert bytes(2 * fuzz.MOST_MEMORY)  # the limit was for the case


@pytest.fixture
def fuzzer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fuzzer]:
    """Return what fuzzes with a check of the test's own: small batches, two processes."""
    if not hasattr(os, "fork"):
        pytest.skip("other processes would not know of the check")
    forking = partial(ProcessPoolExecutor, mp_context=get_context("fork"))
    monkeypatch.setattr(fuzz, "ProcessPoolExecutor", forking)
    monkeypatch.setattr(fuzz, "BATCH", 5)
    monkeypatch.setattr(fuzz, "keep", lambda failure: fuzz.ROOT / f"{failure.number}.case")

    def run(check: Callable[[bytes], None]) -> int:
        for name in fuzz.TARGETS:
            target = fuzz.Target(BIB, ("tests/torture.bib",), check)
            monkeypatch.setitem(fuzz.TARGETS, name, target)
        fuzz.corpus.cache_clear()
        return fuzz.main(["--cases", "40", "--seed", "3", "--jobs", "2"])

    yield run
    fuzz.corpus.cache_clear()


def test_the_case_that_kills_a_process_is_named(
    fuzzer: Fuzzer, capsys: pytest.CaptureFixture[str]
) -> None:
    deadly = make_case(BIB, (fuzz.ROOT / "tests/torture.bib").read_bytes(), 3, 7)

    def check(raw: bytes) -> None:
        if raw == deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    assert fuzzer(check) == 1
    said = capsys.readouterr()
    assert re.search(r"A process was killed that read .*\bcases 5 to 9\b.*, of seed 3\.", said.out)
    assert re.search(r" case 7: .*\nThe process that read it was killed\.\n", said.out)
    assert "nox -s fuzz -- --replay 7.case" in said.out
    assert said.out.endswith("The same again: nox -s fuzz -- --cases 40 --seed 3\n")
    assert said.err == ""


def test_a_process_that_is_killed_only_once_is_told(
    fuzzer: Fuzzer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def check(raw: bytes) -> None:
        with suppress(FileExistsError):
            (tmp_path / "killed").mkdir()
            os.kill(os.getpid(), signal.SIGKILL)

    assert fuzzer(check) == 1
    assert "None of them fails alone." in capsys.readouterr().out


def test_nothing_is_told_of_cases_that_are_read(
    fuzzer: Fuzzer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fuzzer(lambda raw: None) == 0
    assert "None of 40 cases failed." in capsys.readouterr().out


def test_shrinking_leaves_what_is_needed() -> None:
    assert shrink(b"abcXdefghYij" * 3, lambda data: b"X" in data and b"Y" in data) == b"XY"


def _repeated(text: str, times: int) -> str:
    return "".join(text.replace("%", str(number)) for number in range(times))


LAST: Final = "\n@article{last,\n  title = {Last},\n}\n"
BIBS: Final = {  # what nobody writes → how
    "a field of ten megabytes": "@misc{a, note = {" + "word " * 2_000_000 + "}}",
    "a field of LaTeX of ten megabytes": "@misc{a, note = {" + r"\'e " * 2_500_000 + "}}",
    "a million braces": "@misc{a, note = " + "{" * 500_000 + "}" * 500_000 + "}",
    "a million open braces": "@misc{a, note = " + "{" * 1_000_000,
    "entries without an end": _repeated("@article{k%,\n  title = {A,\n  year = 2020,\n", 5_000),
    "quotes without an end": _repeated('@article{k%,\n  title = "A,\n  year = 2020,\n}\n', 5_000),
    "round ones without an end": _repeated("@article(k%,\n  title = {A},\n", 5_000),
    "comments without an end": "@comment{\n" * 10_000 + "@comment(\n" * 10_000,
    "strings without an end": "@string{a = {b\n" * 10_000,
    "strings that double": "@string{s0 = {abc}}\n"
    + _repeated("@string{s% = s% # s%}\n", 1).replace("s0 =", "s1 =")
    + "".join(f"@string{{s{n} = s{n - 1} # s{n - 1}}}\n" for n in range(2, 10_000)),
    "a long string used often": "@string{s = {" + "x" * 100_000 + "}}\n" + "@misc{a, note = s}" * 9,
    "unknown strings": _repeated("@string{s% = {x}}\n@misc{k%, note = t%}\n", 3_000),
    "one key": "@misc{k, note = {x}}\n" * 5_000,
    "no key": "@misc{, note = {x}}\n" * 3_000,
    "a key without an end": "@misc{" + "k" * 1_000_000 + ", note = {x}}",
    "a type without an end": "@" + "a" * 300_000,
    "at signs": "@" * 300_000,
    "spaces": " " * 300_000 + "\n@misc{a" + " " * 300_000 + "}",
    "missing parents": _repeated("@misc{k%, crossref = {p%}}\n", 3_000),
    "missing relations": _repeated("@misc{k%, related = {p%}}\n", 3_000),
    "a circle of parents": "".join(
        f"@misc{{k{n}, crossref = {{k{(n + 1) % 3000}}}}}\n" for n in range(3000)
    ),
    "brackets that double": "@misc{a, title = {" + r"\sqrt[" * 500 + "}}",
    "commands in commands": "@misc{a, title = {" + r"\emph" * 5_000 + r"\em " * 5_000 + "}}",
    "a thousand ands": "@misc{a, author = {" + " and" * 1_000 + " and A and B" * 1_000 + "}}",
    "a name of open braces": "@misc{a,\n author = {@" + "{" * 500 + "\n",
    "numbers without an end": "@misc{a, year = 1, month = {" + "1" * 5_000 + "}, author+an = {"
    + "1" * 5_000 + "=equal}}",
    "fields without a comma": "@misc{k " + "title = {a} " * 10_000 + "}",
    "percent signs": "% @misc{a,\n x = {1}\n" * 5_000,
    "nested without a line end": "@misc{a, t={" * 20_000 + "}!}" * 20_000,
}  # fmt: skip


@pytest.fixture
def little_memory() -> Iterator[None]:
    """Let the test take a gigabyte more than there is in use, where a process can be told so."""
    with fuzz.memory_limit(fuzz.MOST_MEMORY):
        yield


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("name", BIBS)
def test_sizes_nobody_writes_are_read_soon(name: str) -> None:
    started = time.process_time()
    read = parse_bib(BIBS[name] + LAST, "x.bib")
    publications, problems = build_publications([read], [])
    assert time.process_time() - started < 10
    assert read.entries[-1].key == "last"
    assert publications
    assert all(len(problem.what) < 1100 for problem in (*read.problems, *problems))
    assert sum(len(entry.get("note")) for entry in read.entries) < 20_000_000


def test_abbreviations_that_come_to_far_too_much_are_told_once() -> None:
    read = parse_bib(BIBS["strings that double"], "x.bib")
    told = [problem for problem in read.problems if "far more text" in problem.what]
    assert len(told) == 1
    assert sum(map(len, read.values.values())) < 12_000_000


_LAUGHS: Final = "- &a [x]\n" + "".join(
    f"- &{chr(n)} [*{chr(n - 1)}, *{chr(n - 1)}]\n" for n in range(ord("b"), ord("z"))
)
PEOPLE: Final = {
    "billion laughs": _LAUGHS,
    "deep lists": "- id: " + "[" * 20_000,
    "deep mappings": "- id: " + "{a: " * 20_000,
    "dashes": "- " * 20_000,
    "a name of ten megabytes": "- id: a\n  name: " + "x" * 10_000_000,
    "quotes without an end": _repeated("- id: p%\n  name: \"N%\n", 500),
    "one id": "- id: a\n  name: b\n" * 2_000,
    "no such character": '- id: a\n  name: "\\UFFFFFFFF"',
    "half a character": '- id: a\n  name: "\\ud800"',
    "a version without an end": "%YAML 1." + "9" * 5_000 + "\n---\n- id: a\n  name: b",
    "text in front": "something else\n- id: a\n  name: b",
    "a text of all": "--- |\n- id: a\n  name: b",
    "in a mapping": "people:\n- id: a\n  name: b",
}  # fmt: skip


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("name", PEOPLE)
def test_people_nobody_writes_are_read_soon(name: str) -> None:
    started = time.process_time()
    people = parse_people(f"{PEOPLE[name]}\n- id: the-last\n  name: The Last\n", "p.yml")
    assert time.process_time() - started < 10
    assert people.people[-1].id == "the-last"
    assert people.problems
    assert all(len(problem.what) < 1100 for problem in people.problems)
    assert all(re.fullmatch(r"people_\w+", problem.subtype) for problem in people.problems)
