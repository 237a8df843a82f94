"""Work in several processes: all of it is done, once, in order, and a failure is not lost."""

import os
import signal
import time
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


def _end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@needs_processes
@pytest.mark.parametrize(
    ("end", "told"), [(False, "it is bad"), (True, "ended from outside")], ids=["failed", "killed"]
)
def test_what_went_wrong_aside_is_told_though_more_was_begun_since(
    tmp_path: Path, end: bool, told: str
) -> None:
    """Sphinx's own pool forgets a failure that it meets on beginning something new."""

    def work() -> None:
        if end:
            _end()
        raise ValueError("it is bad")

    workers = Workers(2)
    workers.aside(work, FEW)
    time.sleep(0.3)  # until it has ended
    workers.aside((tmp_path / "a").touch, FEW)
    with pytest.raises(SphinxParallelError, match=told):
        workers.join()


@needs_processes
@pytest.mark.parametrize("place", [0, 1, -1])
@pytest.mark.parametrize("end", [False, True], ids=["failed", "killed"])
def test_no_share_that_went_wrong_is_forgotten(place: int, end: bool) -> None:
    items = range(8 * FEW)

    def work(some: Sequence[int]) -> list[int]:
        if items[place] in some:
            if end:
                _end()
            raise ValueError("it is bad")
        time.sleep(0.05)  # so that others are still to be begun when this one has ended
        return list(some)

    with pytest.raises(SphinxParallelError, match="ended from outside" if end else "it is bad"):
        Workers(2).do_all(work, items)


@needs_processes
def test_a_process_whose_main_one_is_no_more_ends(tmp_path: Path) -> None:
    written = tmp_path / "written"

    def work() -> None:
        for number in range(1000):
            workers.stop_if_orphaned()
            written.write_text(str(number))
            time.sleep(0.01)

    main = os.fork()
    if main == 0:
        workers = Workers(2)
        workers.aside(work, FEW)
        time.sleep(60)
    while not written.exists():
        time.sleep(0.01)
    os.kill(main, signal.SIGKILL)
    os.waitpid(main, 0)
    time.sleep(0.3)
    last = written.read_text()
    time.sleep(0.3)
    assert written.read_text() == last


def test_the_main_process_goes_on() -> None:
    Workers(2).stop_if_orphaned()
