"""Work in several processes: all of it is done, once, and a failure is not lost."""

import os
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sphinx.errors import SphinxParallelError
from sphinx.util.parallel import parallel_available

from labsite.workers import FEW, do_all

needs_processes = pytest.mark.skipif(not parallel_available, reason="processes are not forked here")


def app(parallel: int) -> Any:
    return cast(Any, SimpleNamespace(parallel=parallel))


@pytest.mark.parametrize("parallel", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, FEW - 1, FEW, FEW + 7])
def test_everything_is_done_once(tmp_path: Path, parallel: int, count: int) -> None:
    def work(items: Sequence[int]) -> None:
        for item in items:
            with (tmp_path / f"{item}").open("x", encoding="utf-8") as file:
                file.write(str(os.getpid()))

    do_all(app(parallel), work, list(range(count)))
    assert sorted(int(path.name) for path in tmp_path.iterdir()) == list(range(count))
    workers = {path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    if count < FEW or parallel == 1 or not parallel_available:
        assert workers <= {str(os.getpid())}
    else:
        assert len(workers) > 1 and str(os.getpid()) not in workers


@needs_processes
def test_a_failure_in_another_process_is_one_here() -> None:
    def work(items: Sequence[int]) -> None:
        if FEW - 1 in items:
            raise ValueError("the last one is bad")

    with pytest.raises(SphinxParallelError) as caught:
        do_all(app(2), work, list(range(FEW)))
    assert "the last one is bad" in caught.value.traceback
