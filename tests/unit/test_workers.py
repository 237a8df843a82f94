"""Work in several processes: all of it is done, once, in order, and a failure is not lost."""

import os
import signal
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from sphinx.errors import SphinxParallelError
from sphinx.util.parallel import parallel_available

from labsite.workers import FEW, Workers

needs_processes = pytest.mark.skipif(not parallel_available, reason="processes are not forked here")


@pytest.mark.parametrize("processes", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, FEW - 1, FEW, FEW + 7])
def test_everything_is_done_once(tmp_path: Path, processes: int, count: int) -> None:
    def work(items: Sequence[int]) -> None:
        for item in items:
            with (tmp_path / f"{item}").open("x", encoding="utf-8") as file:
                file.write(str(os.getpid()))

    assert Workers(processes).do_all(work, list(range(count))) == []
    assert sorted(int(path.name) for path in tmp_path.iterdir()) == list(range(count))
    workers = {path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    if count < FEW or processes == 1 or not parallel_available:
        assert workers <= {str(os.getpid())}
    else:
        assert len(workers) > 1 and str(os.getpid()) not in workers


@pytest.mark.parametrize("processes", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, FEW + 7, 4 * FEW])
def test_results_come_in_the_order_of_the_items(processes: int, count: int) -> None:
    def doubled(items: Sequence[int]) -> list[int]:
        return [2 * item for item in items]

    assert Workers(processes).do_all(doubled, range(count)) == list(range(0, 2 * count, 2))


@needs_processes
def test_a_failure_in_another_process_is_one_here() -> None:
    def work(items: Sequence[int]) -> None:
        if FEW - 1 in items:
            raise ValueError("the last one is bad")

    with pytest.raises(SphinxParallelError) as caught:
        Workers(2).do_all(work, list(range(FEW)))
    assert "the last one is bad" in caught.value.traceback


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("size", [FEW - 1, FEW])
def test_what_nothing_waits_for_is_done_in_the_end(
    tmp_path: Path, processes: int, size: int
) -> None:
    def write(name: str) -> None:
        (tmp_path / name).write_text(str(os.getpid()))

    workers = Workers(processes)
    for name in "abc":
        workers.aside(partial(write, name), size)
    workers.join()
    by = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert by.keys() == set("abc")
    elsewhere = size >= FEW and processes > 1 and parallel_available
    assert all((pid != str(os.getpid())) == elsewhere for pid in by.values())


@pytest.mark.parametrize("processes", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, FEW + 7, 4 * FEW])
def test_many_things_that_nothing_waits_for_are_done_once(
    tmp_path: Path, processes: int, count: int
) -> None:
    def write(items: Sequence[int]) -> None:
        for item in items:
            with (tmp_path / f"{item}").open("x", encoding="utf-8") as file:
                file.write(str(os.getpid()))

    workers = Workers(processes)
    workers.all_aside(write, range(count))
    workers.join()
    assert sorted(int(path.name) for path in tmp_path.iterdir()) == list(range(count))
    by = {path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    elsewhere = count >= FEW and processes > 1 and parallel_available
    assert (str(os.getpid()) in by) is (count > 0 and not elsewhere)


@needs_processes
def test_a_failure_aside_comes_when_it_is_waited_for() -> None:
    def work() -> None:
        raise ValueError("it is bad")

    workers = Workers(2)
    workers.aside(work, FEW)
    with pytest.raises(SphinxParallelError) as caught:
        workers.join()
    assert "it is bad" in caught.value.traceback


@needs_processes
def test_a_process_that_is_ended_from_outside_is_told() -> None:
    def work() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    workers = Workers(2)
    workers.aside(work, FEW)
    with pytest.raises(SphinxParallelError, match="ended from outside"):
        workers.join()
    with pytest.raises(SphinxParallelError, match="ended from outside"):
        workers.do_all(lambda items: work(), range(FEW))
