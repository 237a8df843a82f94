"""The built site, as the `tests` session leaves it in _build/html."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"


@cache
def read_page(name: str) -> BeautifulSoup:
    """Parse a page of the built site by its address."""
    return BeautifulSoup((SITE / name).read_text(encoding="utf-8"), "lxml")


@cache
def page_names() -> tuple[str, ...]:
    """Return the addresses of all pages."""
    return tuple(
        sorted(
            path.relative_to(SITE).as_posix()
            for path in SITE.rglob("*.html")
            if "_static" not in path.relative_to(SITE).parts
        )
    )


def is_redirect(name: str) -> bool:
    """Whether a page only leads to another."""
    return read_page(name).find("meta", attrs={"http-equiv": "refresh"}) is not None


@pytest.fixture(scope="session", autouse=True)
def built_site() -> Path:
    """Fail early, and say why, if there is no built site."""
    if not (SITE / "index.html").is_file():
        pytest.fail("There is no built site in _build/html: run 'make html' or 'make test'.")
    return SITE
