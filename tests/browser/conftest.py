"""A headless browser on the built site, served on the loopback."""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def public_path() -> str:
    """The path under which the site is to be published, such as ``/mia-website/``."""
    home = (SITE / "index.html").read_text(encoding="utf-8")
    canonical = re.search(r'rel="canonical" href="([^"]+)"', home)
    assert canonical is not None
    return urlsplit(canonical[1]).path.removesuffix("index.html")


class Host(SimpleHTTPRequestHandler):
    """Serves the site as its host will: under its path, with 404.html for what is not there."""

    prefix = "/"

    def translate_path(self, path: str) -> str:
        """Leave out the prefix; nothing is served outside it."""
        inside = path.removeprefix(self.prefix) if path.startswith(self.prefix) else "missing"
        return super().translate_path(f"/{inside}")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Show the site's own page."""
        page = (SITE / "404.html").read_bytes()
        self.send_response(code, message)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # the browser has gone on already
            self.wfile.write(page)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of the served site, ending in a slash."""
    if not (SITE / "index.html").is_file():
        pytest.fail("There is no built site in _build/html: run 'make html' or 'make test'.")
    Host.prefix = public_path()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{Host.prefix}"
    server.shutdown()


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


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[NewPage]:
    """Opens pages in contexts of their own, and fails if a page had a script error."""
    contexts = []
    errors: list[str] = []

    def open_page(width: int = 1280, height: int = 900, **options: Any) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
