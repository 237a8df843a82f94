"""How fast the filters answer on a large list: ``python -m bench.keystroke [N]``.

Builds a bench site of N publications (10,000), types into the text filter as a reader would, and
prints how long the page's own thread worked on a keystroke, by the browser's own entries (Event
Timing). A figure of one machine at one time: no test goes by it. The browser's path comes in
``LABSITE_BROWSER``.
"""

import os
import statistics
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.generate import generate
from tools.serve import serve

ROOT = Path(__file__).resolve().parents[1]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
TEXTS = ("segmentation mri", "bayesian knee", "2015")
GOAL = 50  # milliseconds
ROUNDS = 3

OBSERVE = """() => {
    window.seen = [];
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => window.seen.push(
        [entry.name, entry.processingEnd - entry.processingStart],
    ))).observe({ type: 'event', durationThreshold: 16 });
}"""


def build(size: int) -> Path:
    """Build the bench site, unless it is there; return its folder."""
    folder = ROOT / "_build" / "bench" / str(size)
    out = folder / "_build"
    if not (folder / "conf.py").is_file():
        generate(size, folder)
    environ = os.environ | {"LABSITE_ROOT": str(ROOT), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-c", str(folder)]
    subprocess.run([*command, str(folder / "docs"), str(out)], cwd=ROOT, env=environ, check=True)
    return out


def measure(page: Page, address: str) -> list[float]:
    """Return, for each round, the longest that the page worked on one keystroke, in ms."""
    page.goto(f"{address}publications/index.html")
    field = page.get_by_label("Title, author or venue")
    field.press_sequentially("x")  # loads the data
    page.wait_for_timeout(3000)
    page.evaluate(OBSERVE)
    longest = []
    for _ in range(ROUNDS):
        for text in TEXTS:
            field.fill("")
            field.press_sequentially(text, delay=80)
        page.wait_for_timeout(500)
        seen = page.evaluate("window.seen.splice(0)")
        longest.append(
            max((time for name, time in seen if name in {"keydown", "input"}), default=0.0)
        )
    return longest


def main() -> int:
    """Print the figures; the status says whether the goal was met."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with serve(build(size), compressed=True) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ["LABSITE_BROWSER"], args=FLAGS
        )
        longest = measure(browser.new_page(), address)
        browser.close()
    median = statistics.median(longest)
    print(f"{size} publications: the slowest keystroke took {median:.0f} ms (goal: {GOAL} ms)")
    print(f"by round: {', '.join(f'{time:.0f}' for time in longest)} ms")
    return int(median > GOAL)


if __name__ == "__main__":
    raise SystemExit(main())
