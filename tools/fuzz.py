"""Feed the readers of ``references.bib`` and ``people.yml`` damaged files: ``nox -s fuzz``.

Whatever the bytes: no traceback, no hang, no memory without bound, records and messages with their
lines, and nothing that stands behind a slip is lost. A case that fails is made as short as it can
be, kept in ``_build/fuzz`` and can be run again.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import traceback
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from labsite.bib import parse_bib
from labsite.csl import csl_json
from labsite.entries import bibtex_file
from labsite.feeds import xml_text
from labsite.people import parse_people
from labsite.records import build_publications
from labsite.reference import reference_text
from labsite.ris import ris_file
from labsite.textfile import decode_text
from tools.mutate import BIB, YAML, Language, make_case, shrink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from labsite.diagnostics import Problem

ROOT: Final = Path(__file__).resolve().parent.parent
KEPT: Final = ROOT / "_build" / "fuzz"
MOST_SECONDS: Final = 3.0
"""Of processor time for one case; the usual one takes some milliseconds."""
MOST_MEMORY: Final = 1_000_000_000
"""Bytes that one case may take beside those in use."""
BATCH: Final = 500
KILLED: Final = "The process that read it was killed."
LAST_ENTRY: Final = b"\n\n@article{thelast2025,\n  title = {The Last},\n  year = 2025,\n}\n"
LAST_PERSON: Final = b"\n- id: the-last\n  name: The Last\n"


class Broken(AssertionError):
    """A reader did what it must not."""


class Hung(BaseException):
    """A reader takes too long; no ``except Exception`` of its own catches this."""


Batch: TypeAlias = tuple[str, range]
"""A target, and the numbers of some of its cases."""


class Killed(Exception):
    """A process came to its end while it read one of some batches."""

    def __init__(self, batches: Sequence[Batch]) -> None:
        self.batches = batches
        names = [f"{name} cases {numbers[0]} to {numbers[-1]}" for name, numbers in batches]
        super().__init__(f"A process was killed that read {' or '.join(names)}")


@dataclass(frozen=True)
class Target:
    """One reader.

    Attributes:
        files: What its cases are made from, relative to the repository.
        check: Reads some bytes and raises whatever is wrong.
    """

    language: Language
    files: tuple[str, ...]
    check: Callable[[bytes], None]


@dataclass(frozen=True)
class Failure:
    """A case that failed."""

    target: str
    number: int
    data: bytes
    told: str


def check_bib(raw: bytes) -> None:
    """Read bytes as a bib file, and make of its records all that a build does.

    Raises:
        Broken: Something is lost or said wrongly. Readers' own exceptions pass through.
    """
    text, problems = decode_text(_with_end(raw, LAST_ENTRY), "x.bib")
    bib = parse_bib(text, "x.bib", problems)
    publications, found = build_publications([bib], [])
    _check_problems((*bib.problems, *found), text)
    if not any(entry.key == "thelast2025" for entry in bib.entries):
        raise Broken("the last entry is lost")
    if len({pub.slug.lower() for pub in publications}) != len(publications):
        raise Broken("two publications have one address")
    written = "".join(
        [bibtex_file(pub.bibtex for pub in publications), ris_file(publications),
         csl_json(publications), *map(reference_text, publications)]
    )  # fmt: skip
    _check_text(written, xml=False)
    _check_text("".join(xml_text(pub.title.plain) for pub in publications), xml=True)


def check_people(raw: bytes) -> None:
    """Read bytes as ``people.yml``, as :func:`check_bib`."""
    text, problems = decode_text(_with_end(raw, LAST_PERSON), "p.yml")
    people = parse_people(text, "p.yml", problems)
    _check_problems(people.problems, text)
    ids = [person.id for person in people.people]
    if "the-last" not in ids:
        raise Broken("the last person is lost")
    if len(set(ids)) != len(ids):
        raise Broken("two people have one id")
    for person in people.people:
        _check_text(repr(person), xml=False)


def _with_end(raw: bytes, end: bytes) -> bytes:
    if raw.startswith(b"\xff\xfe"):
        return raw + b"\0" * (len(raw) % 2) + end.decode().encode("utf-16-le")
    if raw.startswith(b"\xfe\xff"):
        return raw + b"\0" * (len(raw) % 2) + end.decode().encode("utf-16-be")
    return raw + end


def _check_problems(problems: Iterable[Problem], text: str) -> None:
    lines = text.count("\n") + 1
    for problem in problems:
        if not 1 <= problem.line <= lines:
            raise Broken(f"line {problem.line} of {lines}: {problem.what}")
        _check_text(problem.what + problem.remedy, xml=False)


def _check_text(text: str, *, xml: bool) -> None:
    text.encode("utf-8")  # lone surrogates cannot be written
    if xml and any(ord(char) < 32 and char not in "\t\n\r" for char in text):
        raise Broken("a feed would have a control character")


TARGETS: Final = {
    "bib": Target(BIB, ("references.bib", "tests/torture.bib"), check_bib),
    "people": Target(YAML, ("people.yml", "tests/roots/tiny/people.yml"), check_people),
}


@lru_cache
def corpus(name: str) -> bytes:
    """Return what the cases of a target are made from."""
    files = (ROOT / path for path in TARGETS[name].files)
    return b"\n".join(path.read_bytes().replace(b"\r\n", b"\n") for path in files)


def case(name: str, seed: int, number: int) -> bytes:
    """Return the bytes of a case."""
    return make_case(TARGETS[name].language, corpus(name), seed, number)


def run_case(name: str, data: bytes) -> str:
    """Check one case; return what is wrong with it, or an empty string."""
    try:
        with time_limit(MOST_SECONDS), memory_limit(MOST_MEMORY):
            TARGETS[name].check(data)
    except Hung:
        return f"It took more than {MOST_SECONDS} s of processor time."
    except Exception:
        return traceback.format_exc(limit=-4)
    return ""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """End what takes more processor time; on Windows, which has no such timer, nothing is ended.

    Raises:
        Hung: It took more.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return

    def end(*_: object) -> None:
        raise Hung

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@contextmanager
def memory_limit(more: int) -> Iterator[None]:
    """Let nothing take this many bytes more than are in use, where a process can be told so: Linux.

    What takes more gets a ``MemoryError``.
    """
    if sys.platform != "linux":
        yield
        return
    import resource

    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + more, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def run_cases(name: str, seed: int, numbers: range) -> list[Failure]:
    """Check some cases of a target; return those that fail, shrunk."""
    failures = []
    for number in numbers:
        data = case(name, seed, number)
        if told := run_case(name, data):
            failures.append(_shrunk(Failure(name, number, data, told)))
    return failures


def _shrunk(failure: Failure) -> Failure:
    wanted = _gist(failure.told)
    data = shrink(failure.data, lambda some: _gist(run_case(failure.target, some)) == wanted)
    told = run_case(failure.target, data)
    return Failure(failure.target, failure.number, data, told or failure.told)


def _gist(told: str) -> str:
    """Return what two failures have in common if they are the same: the kind and the place."""
    places = [line for line in told.splitlines() if line.lstrip().startswith("File ")]
    return "\n".join(
        [*places[-1:], told.strip().splitlines()[-1].partition(":")[0] if told else ""]
    )


def keep(failure: Failure, folder: Path = KEPT) -> Path:
    """Write a failing case into a file and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{failure.target}-{failure.number}.case"
    path.write_bytes(failure.data)
    return path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the fuzzer, or one kept case, from the command line."""
    parser = argparse.ArgumentParser(prog="nox -s fuzz --", description=__doc__)
    parser.add_argument("--cases", type=int, default=200_000, help="of all targets together")
    parser.add_argument("--seed", type=int, help="the same cases again (default: new ones)")
    parser.add_argument("--jobs", type=int, help="processes (default: one for each processor)")
    parser.add_argument("--replay", type=Path, help="run one kept case again")
    options = parser.parse_args(arguments)
    if options.replay:
        told = run_case(options.replay.name.partition("-")[0], options.replay.read_bytes())
        print(told or "Nothing is wrong with this case (any more).")
        return int(bool(told))
    seed = random.SystemRandom().randrange(1_000_000) if options.seed is None else options.seed
    print(f"{options.cases:,} cases of seed {seed}", flush=True)
    again = f"The same again: nox -s fuzz -- --cases {options.cases} --seed {seed}"
    share = -(-options.cases // len(TARGETS))
    batches = [
        (name, range(start, min(start + BATCH, share)))
        for start in range(0, share, BATCH)
        for name in TARGETS
    ]
    jobs = options.jobs or min(os.cpu_count() or 1, 61)  # Windows cannot wait for more
    count = 0
    try:
        for failure in _run(seed, batches, jobs):
            count += 1
            _tell(failure)
    except Killed as killed:
        print(f"\n{killed}, of seed {seed}. Now these one by one:", flush=True)
        before = count
        for failure in _one_by_one(seed, killed.batches):
            count += 1
            _tell(failure)
        alone = "" if count > before else "None of them fails alone. "
        print(f"\n{alone}What comes after them may not have been read. {again}")
        return 1
    print(f"\n{count or 'None'} of {options.cases:,} cases failed. {again}")
    return int(count > 0)


def _run(seed: int, batches: Iterable[Batch], jobs: int) -> Iterator[Failure]:
    """Read batches in some processes.

    Raises:
        Killed: One of the processes was; the failures of all that was read have been yielded.
    """
    waiting = {}
    with ProcessPoolExecutor(jobs) as pool:
        with suppress(BrokenProcessPool):  # those submitted before will say it too
            for name, numbers in batches:
                waiting[pool.submit(run_cases, name, seed, numbers)] = (name, numbers)
        unread = []
        for done, batch in waiting.items():
            if isinstance(done.exception(), BrokenProcessPool):
                unread.append(batch)
            else:
                yield from done.result()
    if unread:
        raise Killed(unread[:jobs])  # processes take them in this order, one at a time


def _one_by_one(seed: int, batches: Iterable[Batch]) -> Iterator[Failure]:
    """Read the cases of batches in one process, up to one that kills it; this fails too."""
    cases = [(name, range(n, n + 1)) for name, numbers in batches for n in numbers]
    try:
        yield from _run(seed, cases, 1)
    except Killed as killed:
        ((name, (number,)),) = killed.batches
        yield Failure(name, number, case(name, seed, number), KILLED)


def _tell(failure: Failure) -> None:
    path = keep(failure)
    print(f"\n{failure.target} case {failure.number}: {failure.data[:200]!r}\n{failure.told}")
    print(f"Run it again with: nox -s fuzz -- --replay {path.relative_to(ROOT)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
