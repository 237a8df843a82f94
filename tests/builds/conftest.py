"""Fixtures of the tests that build tiny sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builds.sites import Site

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def new_site(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Site]:
    """Return a function that makes a fresh copy of the tiny site, alone in its folder."""
    return lambda: Site.copy("tiny", tmp_path_factory.mktemp("site") / "tiny")


@pytest.fixture
def site(new_site: Callable[[], Site]) -> Site:
    """Return a copy of the tiny site for one test."""
    return new_site()
