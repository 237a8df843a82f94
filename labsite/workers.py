"""Much independent work in as many processes as Sphinx was asked for (``-j``)."""

from __future__ import annotations

import os
import traceback
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sphinx.errors import SphinxParallelError
from sphinx.util.parallel import ParallelTasks, parallel_available

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Item = TypeVar("Item")
Result = TypeVar("Result")
FEW: Final = 300  # items that are done before another process has begun to pay
_ASIDE: Final = 2  # short works that run beside the long ones; what waits, Sphinx begins late
_LEAST: Final = FEW // 2  # items for which one more process is begun


@dataclass(frozen=True, slots=True)
class _Failure:
    """An error in another process, as far as it can be told here."""

    what: str
    traceback: str


class Workers:
    """The processes of one build. Where none can be forked, everything is done in this one.

    What a piece of work keeps in memory may be lost; what it returns can be pickled.

    Args:
        processes: How many share work that is waited for. What is done aside has others.
    """

    def __init__(self, processes: int = 1) -> None:
        self._processes = processes if parallel_available else 1
        self._main = os.getpid()
        self._aside = _Pool(self._processes + _ASIDE)

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
        pool = _Pool(self._processes)
        shares = list(_shares(len(items), self._processes))
        first, rest = shares[: self._processes], shares[self._processes :]
        for start, end in [*first, *reversed(rest)]:  # of those that wait, Sphinx takes the last
            pool.begin(start, partial(work, items[start:end]))
        done = pool.join()
        return [result for start in sorted(done) for result in done[start] or ()]

    def aside(self, work: Callable[[], None], size: int) -> None:
        """Begin work that nothing waits for; about few things (below :data:`FEW`) it is done."""
        if size < FEW or self._processes < 2:
            work()
        else:
            self._aside.begin(self._aside.begun, work)

    def all_aside(self, work: Callable[[Sequence[Item]], None], items: Sequence[Item]) -> None:
        """Begin work on many items that nothing waits for, in equal shares."""
        shares = max(1, min(self._processes - 1, len(items) // FEW))
        bounds = [len(items) * number // shares for number in range(shares + 1)]
        for start, end in pairwise(bounds):
            self.aside(partial(work, items[start:end]), end - start)

    def join(self) -> None:
        """Wait for what is done aside.

        Raises:
            sphinx.errors.SphinxParallelError: Some of it failed.
        """
        self._aside.join()

    def stop_if_orphaned(self) -> None:
        """End this process if it is another than the main one, and that one is no more.

        A build that was killed must not write over what the next one writes.
        """
        if os.getpid() != self._main != os.getppid():
            os._exit(1)


class _Pool:
    """Pieces of work in other processes, of which none is lost without a word.

    Sphinx's own pool forgets a failure if it comes to know of it when the next work is begun. So
    failures are results here, and whatever brought none is one.
    """

    def __init__(self, processes: int) -> None:
        self.begun = 0
        self._tasks = ParallelTasks(processes)
        self._done: dict[int, Any] = {}

    def begin(self, number: int, work: Callable[[], Any]) -> None:
        """Begin work, now or when another has ended; its result gets a number."""
        self.begun += 1
        self._tasks.add_task(partial(_caught, work), None, partial(self._keep, number))

    def join(self) -> dict[int, Any]:
        """Wait for all of it, and return number → result.

        Raises:
            sphinx.errors.SphinxParallelError: Some of it failed, or was ended from outside.
        """
        with suppress(EOFError, OSError):  # a process is gone: what it did not bring is missing
            self._tasks.join()
        for result in self._done.values():
            if isinstance(result, _Failure):
                raise SphinxParallelError(result.what, result.traceback)
        if len(self._done) < self.begun:
            what = "Another process of this build was ended from outside. Is there enough memory?"
            raise SphinxParallelError(what, f"{what} With -j 1 there is one process.")
        return self._done

    def _keep(self, number: int, _: None, result: Any) -> None:
        self._done[number] = result


def _caught(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception as error:
        what = traceback.format_exception_only(error)[-1].strip()
        return _Failure(what, traceback.format_exc())


def _shares(count: int, processes: int) -> Iterator[tuple[int, int]]:
    """Yield where shares begin and end: ever smaller ones, so that all processes end together."""
    start = 0
    while start < count:
        size = max(_LEAST, (count - start) // (2 * processes))
        end = start + size if count - start - size >= _LEAST else count
        yield start, end
        start = end
