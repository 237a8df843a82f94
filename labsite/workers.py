"""Much independent work in as many processes as Sphinx was asked for (``-j``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from sphinx.util.parallel import ParallelTasks, parallel_available

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sphinx.application import Sphinx

Item = TypeVar("Item")
FEW: Final = 300  # items that are done before another process has begun to pay
_SHARES: Final = 2  # of each process, since no two take equally long


def do_all(app: Sphinx, work: Callable[[Sequence[Item]], None], items: Sequence[Item]) -> None:
    """Do work that leaves nothing but files behind: what it keeps in memory may be lost.

    Args:
        app: Says how many processes there may be; where processes cannot be forked it is one.
        work: Takes neighbouring items; in which process must make no difference to what it writes.
        items: In an order in which neighbours have much in common.

    Raises:
        sphinx.errors.SphinxParallelError: The work failed in another process.
    """
    if len(items) < FEW or app.parallel < 2 or not parallel_available:
        work(items)
        return
    size = -(-len(items) // (_SHARES * app.parallel))
    tasks = ParallelTasks(app.parallel)
    for start in range(0, len(items), size):
        tasks.add_task(work, items[start : start + size])
    tasks.join()
