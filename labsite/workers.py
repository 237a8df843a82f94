"""Much independent work in as many processes as Sphinx was asked for (``-j``)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from sphinx.errors import SphinxParallelError
from sphinx.util.parallel import ParallelTasks, SerialTasks, parallel_available

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")
FEW: Final = 300  # items that are done before another process has begun to pay
_SHARES: Final = 2  # of each process, since no two take equally long


class Workers:
    """The processes of one build. Where none can be forked, everything is done in this one.

    What a piece of work keeps in memory may be lost; what it returns can be pickled.

    Args:
        processes: How many there may be in all.
    """

    def __init__(self, processes: int = 1) -> None:
        self._processes = processes if parallel_available else 1
        self._aside: ParallelTasks | SerialTasks = (
            ParallelTasks(processes - 1) if self._processes > 1 else SerialTasks()
        )

    def do_all(
        self, work: Callable[[Sequence[Item]], Sequence[Result] | None], items: Sequence[Item]
    ) -> list[Result]:
        """Do work on many items, and wait for it.

        Args:
            work: Takes neighbouring items; in which process must make no difference.
            items: In an order in which neighbours have much in common.

        Returns:
            What it returned, in the order of the items.

        Raises:
            sphinx.errors.SphinxParallelError: The work failed in another process.
        """
        if len(items) < FEW or self._processes < 2:
            return list(work(items) or ())
        size = -(-len(items) // (_SHARES * self._processes))
        done: dict[int, Sequence[Result]] = {}
        tasks = ParallelTasks(self._processes)
        for start in range(0, len(items), size):
            tasks.add_task(work, items[start : start + size], partial(_keep, done, start))
        _join(tasks)
        return [result for start in sorted(done) for result in done[start]]

    def aside(self, work: Callable[[], None], size: int) -> None:
        """Begin work that nothing waits for; about few things (below :data:`FEW`) it is done."""
        if size < FEW:
            work()
        else:
            self._aside.add_task(work)

    def join(self) -> None:
        """Wait for what is done aside.

        Raises:
            sphinx.errors.SphinxParallelError: Some of it failed.
        """
        _join(self._aside)


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
