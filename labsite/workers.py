"""Much independent work in as many processes as Sphinx was asked for (``-j``)."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeVar

from sphinx.errors import SphinxParallelError
from sphinx.util.parallel import ParallelTasks, SerialTasks, parallel_available

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")
FEW: Final = 300  # items that are done before another process has begun to pay
_ASIDE: Final = 2  # short works that run beside the long ones; what waits, Sphinx begins late
_LEAST: Final = FEW // 2  # items for which one more process is begun


class Workers:
    """The processes of one build. Where none can be forked, everything is done in this one.

    What a piece of work keeps in memory may be lost; what it returns can be pickled.

    Args:
        processes: How many there may be in all.
    """

    def __init__(self, processes: int = 1) -> None:
        self._processes = processes if parallel_available else 1
        self._aside: ParallelTasks | SerialTasks = (
            ParallelTasks(_ASIDE + processes) if self._processes > 1 else SerialTasks()
        )

    def do_all(
        self, work: Callable[[Sequence[Item]], Sequence[Result] | None], items: Sequence[Item]
    ) -> list[Result]:
        """Do work on many items, and wait for it.

        Args:
            work: Takes neighbouring items; in which process must make no difference.
            items: What takes longest first; else neighbours are those that have much in common.

        Returns:
            What it returned, in the order of the items.

        Raises:
            sphinx.errors.SphinxParallelError: The work failed in another process.
        """
        if len(items) < FEW or self._processes < 2:
            return list(work(items) or ())
        done: dict[int, Sequence[Result]] = {}
        tasks = ParallelTasks(self._processes)
        shares = list(_shares(len(items), self._processes))
        # of those that wait, Sphinx begins with the last
        for start, end in shares[: self._processes] + shares[: self._processes - 1 : -1]:
            tasks.add_task(work, items[start:end], partial(_keep, done, start))
        _join(tasks)
        return [result for start in sorted(done) for result in done[start]]

    def aside(self, work: Callable[[], None], size: int) -> None:
        """Begin work that nothing waits for; about few things (below :data:`FEW`) it is done."""
        if size < FEW:
            work()
        else:
            self._aside.add_task(work)

    def all_aside(self, work: Callable[[Sequence[Item]], None], items: Sequence[Item]) -> None:
        """Begin work on many items, as :meth:`do_all`, that nothing waits for."""
        shares = max(1, min(self._processes - 1, len(items) // FEW))
        bounds = [len(items) * number // shares for number in range(shares + 1)]
        for start, end in pairwise(bounds):
            self.aside(partial(work, items[start:end]), end - start)

    def join(self) -> None:
        """Wait for what is done aside.

        Raises:
            sphinx.errors.SphinxParallelError: Some of it failed.
        """
        _join(self._aside)


def _shares(count: int, processes: int) -> Iterator[tuple[int, int]]:
    """Yield where shares begin and end: ever smaller ones, so that all processes end together."""
    start = 0
    while start < count:
        size = max(_LEAST, (count - start) // (2 * processes))
        end = start + size if count - start - size >= _LEAST else count
        yield start, end
        start = end


def _join(tasks: ParallelTasks | SerialTasks) -> None:
    """Wait for tasks; say so if a process was ended from outside, of which Sphinx tells no more."""
    try:
        tasks.join()
    except EOFError as error:
        message = "Another process of this build was ended from outside. Is there enough memory?"
        raise SphinxParallelError(message, f"{message} With -j 1 there is one process.") from error


def _keep(
    done: dict[int, Sequence[Result]],
    start: int,
    _: Sequence[Item],
    results: Sequence[Result] | None,
) -> None:
    done[start] = results or ()
