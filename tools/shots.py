"""Pictures of the built site for looking at: ``python -m tools.shots [FOLDER]``.

Takes every kind of page at three widths in light and dark, all in forced colours, and pages that
people print as they come out of a printer. The browser's path comes in ``LABSITE_BROWSER``.
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tools.serve import serve

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
PAGES = (
    "index",
    "overview",
    "research/index",
    "research/robustness-safety-uncertainty",
    "people/index",
    "people/christian-baumgartner",
    "people/susu-sun",
    "publications/index",
    "publications/woerner2024medimeta",
    "resources",
    "news/index",
    "news/2025-12-08-medeurips",
    "teaching",
    "join",
    "privacy",
    "search",
    "404",
)
PRINTED = ("publications/index", "publications/woerner2024medimeta", "people/christian-baumgartner")
WIDTHS = (320, 768, 1280)
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


def take(browser: Browser, address: str, folder: Path) -> int:
    """Take all pictures of the site at ``address`` into ``folder``; return how many."""
    count = 0
    for mode in ("light", "dark"):
        for width in WIDTHS:
            page = browser.new_page(
                viewport={"width": width, "height": 900},
                color_scheme="dark" if mode == "dark" else "light",
            )
            for name in PAGES:
                page.goto(f"{address}{name}.html")
                shot = folder / f"{name.replace('/', '-')}-{mode}-{width}.png"
                page.screenshot(path=shot, full_page=True)
                count += 1
            page.close()
    page = browser.new_page(viewport={"width": 1280, "height": 900}, forced_colors="active")
    for name in PAGES:
        page.goto(f"{address}{name}.html")
        page.screenshot(path=folder / f"{name.replace('/', '-')}-forced-1280.png", full_page=True)
        count += 1
    page.close()
    page = browser.new_page()
    for name in PRINTED:
        page.goto(f"{address}{name}.html")
        page.pdf(path=folder / f"{name.replace('/', '-')}.pdf", format="A4")
        count += 1
    return count


def main() -> int:
    """Take the pictures and say where they are."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "_build" / "shots"
    folder.mkdir(parents=True, exist_ok=True)
    path = os.environ.get("LABSITE_BROWSER", "")
    with serve(SITE) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path or None, args=list(FLAGS))
        count = take(browser, address, folder)
        browser.close()
    print(f"{count} pictures in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
