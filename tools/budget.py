"""What a first visit to a page moves over the network: ``python -m tools.budget [FOLDER]``.

Each page is opened in a browser that has nothing of the site yet, on a phone's screen, with the
site served compressed. What counts is what the browser itself says it received, headers included.
Photos stand aside: they are content, and have limits of their own. The browser's path comes in
``LABSITE_BROWSER``.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tools.browser import BrowserNotFound, Machine, find_browser
from tools.serve import serve

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
SCREEN: ViewportSize = {"width": 412, "height": 823}  # Lighthouse's phone
TIME = 60_000.0  # milliseconds for one page


class BudgetProblem(Exception):
    """A page cannot be measured; the message says why and what to do."""


@dataclass(frozen=True)
class Budget:
    """What pages of one kind may weigh; 1 kB is 1,000 bytes.

    Of the pages that ``pattern`` matches the largest is measured: what the others of the kind load
    beside their own text is the same.
    """

    title: str
    pattern: str
    kilobytes: int
    requests: int | None = None  # None: as many as they like

    def page(self, site: Path) -> str:
        """The page to measure, as its path in the site.

        Raises:
            BudgetProblem: If there is none.
        """
        files = [path for path in site.glob(self.pattern) if self._is_meant(path)]
        if not files:
            raise BudgetProblem(f"No page in {site} matches {self.pattern}. Build it: make html")
        largest = max(files, key=lambda path: (path.stat().st_size, path.name))
        return largest.relative_to(site).as_posix()

    def _is_meant(self, path: Path) -> bool:
        """Whether a page is of this kind: an overview is a kind of its own."""
        return path.name != "index.html" or self.pattern.endswith("index.html")


BUDGETS = (
    Budget("home", "index.html", 60, requests=10),
    Budget("a direction", "research/*.html", 60),
    Budget("people", "people/index.html", 60),
    Budget("the PI", "people/christian-baumgartner.html", 60),
    Budget("publications", "publications/index.html", 80),
    Budget("a landing page", "publications/*.html", 45),
    Budget("a news item", "news/*.html", 60),
)


@dataclass
class Request:
    """One request of a page, and how many bytes its answer took."""

    url: str
    size: int = 0
    type: str = ""  # of the content, as ``text/css``
    is_cached: bool = False  # nothing went over the network

    @property
    def is_photo(self) -> bool:
        """Whether it is a picture other than a drawing or the site's icon."""
        is_icon = self.url.partition("?")[0].endswith((".ico", "/favicon.png"))
        return self.type.startswith("image/") and self.type != "image/svg+xml" and not is_icon

    def __str__(self) -> str:
        name = self.url.partition("?")[0].rstrip("/").rpartition("/")[2]
        return f"{name} {kilobytes(self.size)}"


@dataclass(frozen=True)
class Load:
    """All requests of one page, the largest first."""

    requests: Sequence[Request]
    photos: Sequence[Request]

    @property
    def size(self) -> int:
        """Bytes moved, photos aside."""
        return sum(request.size for request in self.requests)

    def excess(self, budget: Budget) -> list[str]:
        """What the page has too much of; empty if it keeps to its budget."""
        found = []
        if self.size > budget.kilobytes * 1000:
            limit = f"limit {budget.kilobytes}"
            largest = ", ".join(str(request) for request in self.requests[:5])
            found.append(f"{kilobytes(self.size)} kB ({limit}; largest: {largest})")
        if budget.requests is not None and len(self.requests) > budget.requests:
            found.append(f"{len(self.requests)} requests (limit {budget.requests})")
        return found


@dataclass
class Traffic:
    """Notes what DevTools' Network domain reports; the methods take its events."""

    requests: dict[str, Request] = field(default_factory=dict)
    finished: list[Request] = field(default_factory=list)

    def sent(self, event: dict[str, Any]) -> None:
        """``requestWillBeSent``: a new request, or one that follows a redirect."""
        if (redirect := event.get("redirectResponse")) and event["requestId"] in self.requests:
            before = self.requests[event["requestId"]]
            before.size = round(redirect["encodedDataLength"])
            self.finished.append(before)
        self.requests[event["requestId"]] = Request(event["request"]["url"])

    def answered(self, event: dict[str, Any]) -> None:
        """``responseReceived``: what it is, and whether it was there already."""
        if request := self.requests.get(event["requestId"]):
            response = event["response"]
            request.type = response["mimeType"]
            request.is_cached |= bool(response.get("fromDiskCache"))

    def cached(self, event: dict[str, Any]) -> None:
        """``requestServedFromCache``: asked for a second time."""
        if request := self.requests.get(event["requestId"]):
            request.is_cached = True

    def arrived(self, event: dict[str, Any]) -> None:
        """``dataReceived``: a part of it; all there is of one that is broken off."""
        if request := self.requests.get(event["requestId"]):
            request.size += round(event["encodedDataLength"])

    def loaded(self, event: dict[str, Any]) -> None:
        """``loadingFinished``: the whole size, with the headers."""
        if request := self.requests.get(event["requestId"]):
            request.size = round(event["encodedDataLength"])

    def load(self) -> Load:
        """What there was, without what came from no network."""
        every = [*self.finished, *self.requests.values()]
        real = [item for item in every if item.url.startswith("http") and not item.is_cached]
        real.sort(key=lambda request: (-request.size, request.url))
        photos = [request for request in real if request.is_photo]
        return Load([request for request in real if not request.is_photo], photos)


def measure(browser: Browser, url: str) -> Load:
    """Open a page in a browser context of its own, so that nothing is in its cache.

    Raises:
        BudgetProblem: If the page is not there.
    """
    context = browser.new_context(viewport=SCREEN, is_mobile=True, device_scale_factor=1.75)
    try:
        page = context.new_page()
        session, traffic = context.new_cdp_session(page), Traffic()
        session.on("Network.requestWillBeSent", traffic.sent)
        session.on("Network.responseReceived", traffic.answered)
        session.on("Network.requestServedFromCache", traffic.cached)
        session.on("Network.dataReceived", traffic.arrived)
        session.on("Network.loadingFinished", traffic.loaded)
        session.send("Network.enable")
        answer = page.goto(url, wait_until="networkidle", timeout=TIME)
        if answer is None or not answer.ok:
            raise BudgetProblem(f"{url} is not there: status {answer.status if answer else '?'}")
        return traffic.load()
    finally:
        context.close()


def kilobytes(size: int) -> str:
    """A number of bytes in kB, with one decimal."""
    return f"{size / 1000:.1f}"


def table(rows: Sequence[tuple[Budget, str, Load]]) -> str:
    """What each page weighs, and by how much that is below its budget."""
    lines = [["", "kB", "limit", "below", "requests", "limit", "photos kB", "page"]]
    for budget, page, load in rows:
        below = f"{1 - load.size / (budget.kilobytes * 1000):.0%}"
        limit = "" if budget.requests is None else str(budget.requests)
        photos = kilobytes(sum(photo.size for photo in load.photos))
        sizes = [kilobytes(load.size), str(budget.kilobytes), below]
        lines.append([budget.title, *sizes, str(len(load.requests)), limit, photos, page])
    return aligned(lines)


def aligned(lines: Sequence[Sequence[str]]) -> str:
    """A table of texts: the first column begins at the left, the others end at the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join([first.ljust(widths[0]), *map(str.rjust, rest, widths[1:])])
        for first, *rest in lines
    )


def browser_path() -> Path:
    """The browser: the one in ``LABSITE_BROWSER``, or else the one the tests would use.

    Raises:
        BudgetProblem: If there is none.
    """
    if given := os.environ.get("LABSITE_BROWSER"):
        if not Path(given).is_file():
            raise BudgetProblem(f"LABSITE_BROWSER is {given}, and there is no such file.")
        return Path(given)
    try:
        return find_browser(Machine.current(Path(sys.executable)))
    except BrowserNotFound as problem:
        raise BudgetProblem(str(problem)) from None


def weigh(site: Path) -> list[tuple[Budget, str, Load]]:
    """Measure one page of each kind.

    Raises:
        BudgetProblem: If a page or the browser is missing.
    """
    pages = [(budget, budget.page(site)) for budget in BUDGETS]
    path = browser_path()
    with serve(site, compressed=True) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        rows = [(budget, page, measure(browser, address + page)) for budget, page in pages]
        browser.close()
    return rows


def main() -> int:
    """Print the table, then every page that outgrew its budget; 1 if there are any."""
    site = Path(sys.argv[1]) if len(sys.argv) > 1 else SITE
    try:
        rows = weigh(site.absolute())
    except BudgetProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    print(table(rows))
    found = [f"{page}: {text}" for budget, page, load in rows for text in load.excess(budget)]
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
