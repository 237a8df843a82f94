"""A headless browser on the built site, served on the loopback."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tools.serve import serve

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of the served site, ending in a slash."""
    if not (SITE / "index.html").is_file():
        pytest.fail("There is no built site in _build/html: run 'make html' or 'make test'.")
    with serve(SITE) as served:
        yield served


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser that the `tests` session found; its path comes in LABSITE_BROWSER."""
    path = os.environ.get("LABSITE_BROWSER", "")
    if not Path(path).is_file():
        pytest.fail(
            "LABSITE_BROWSER names no browser. Run 'make test' (nox -s tests), which "
            "finds one, or set it to what 'python -m tools.browser' prints."
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


NewPage = Callable[..., Page]


def breach(message: str) -> bool:
    """Whether the browser complains that a page does what the site's policy forbids."""
    return "Content Security Policy" in message


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[NewPage]:
    """Opens pages in contexts of their own; fails for a script error or a breach of the policy."""
    contexts = []
    errors: list[str] = []

    def open_page(width: int = 1280, height: int = 900, **options: Any) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if breach(said.text) else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
