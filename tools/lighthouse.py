"""Lighthouse on one page of each kind: ``python -m tools.lighthouse [--runs N] [PAGE …]``.

Lighthouse is a Node program that comes as an npm package, fetched once into
``.venv/npm-lighthouse``. It visits the built site as a phone, served compressed on the loopback by
``tools/serve.py``, in rounds over all pages, so that a busy moment of the machine does not hit all
runs of one page. What counts is the median. Measuring needs no network: the browser resolves no
name. The browser's path comes in ``LABSITE_BROWSER``; the reports stay in ``_build/lighthouse``.
"""

import argparse
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tools.budget import BUDGETS, SITE, BudgetProblem, aligned, browser_path, kilobytes
from tools.serve import serve

ROOT = Path(__file__).resolve().parents[1]
STORE = ROOT / ".venv" / "npm-lighthouse"
REPORTS = ROOT / "_build" / "lighthouse"

PACKAGE, VERSION = "lighthouse", "12.8.2"
NODE = (18, 16)  # what this version needs
RUNS = 5
LIMITS = {"performance": 99, "accessibility": 100, "best-practices": 100, "seo": 100}
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu "
    '--host-resolver-rules="MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"'
)
QUICK, DOWNLOAD, VISIT = 60.0, 600.0, 240.0  # time limits in seconds
SHOWN = 4  # places named per finding

NO_NODE = (
    f"Lighthouse {VERSION} needs Node.js {NODE[0]}.{NODE[1]} or newer, and {{found}}. On Debian "
    "and Ubuntu: apt-get install nodejs npm; elsewhere install Node.js, which brings npm. It is "
    "looked for on the PATH."
)
NO_NPM = (
    f"Lighthouse is the npm package {PACKAGE}, and there is no npm on the PATH. On Debian and "
    "Ubuntu: apt-get install npm; elsewhere install Node.js, which brings it."
)


class LighthouseProblem(Exception):
    """The pages cannot be measured; the message says why and what to do."""


@dataclass(frozen=True)
class Run:
    """What Lighthouse says about a page: in one run, or in the middle of several."""

    scores: Mapping[str, int]  # by category, out of 100
    lcp: float  # largest contentful paint, milliseconds
    cls: float  # cumulative layout shift
    tbt: float  # total blocking time, milliseconds
    size: float  # bytes moved, headers included
    requests: int
    speed: float  # of the machine, by Lighthouse's own benchmark
    findings: Mapping[str, Mapping[str, str]]  # by category and audit: what costs points

    def shortfalls(self) -> list[str]:
        """Each category below its limit, followed by what it lost points for."""
        lines = []
        for category, limit in LIMITS.items():
            if self.scores[category] < limit:
                lines.append(f"{category}: {self.scores[category]} (limit {limit})")
                lines += [f"    {audit}: {text}" for audit, text in self.findings[category].items()]
        return lines


def read_report(report: Mapping[str, Any]) -> Run:
    """The figures of one report.

    Raises:
        LighthouseProblem: If Lighthouse could not load the page, or leaves a category unjudged.
    """
    if error := report.get("runtimeError"):
        raise LighthouseProblem(f"Lighthouse failed: {error['message']}")
    audits, categories = report["audits"], report["categories"]
    for name in LIMITS:
        if categories[name]["score"] is None:
            reasons = [_failure(audits[ref["id"]]) for ref in categories[name]["auditRefs"]]
            raise LighthouseProblem(
                f"Lighthouse could not judge {name}: {'; '.join(filter(None, reasons))}"
            )
    sent = audits["network-requests"]["details"]["items"]
    return Run(
        scores={name: round(categories[name]["score"] * 100) for name in LIMITS},
        lcp=audits["largest-contentful-paint"]["numericValue"],
        cls=audits["cumulative-layout-shift"]["numericValue"],
        tbt=audits["total-blocking-time"]["numericValue"],
        size=audits["total-byte-weight"]["numericValue"],
        requests=sum(item["url"].startswith("http") for item in sent),
        speed=report["environment"]["benchmarkIndex"],
        findings={name: _findings(categories[name]["auditRefs"], audits) for name in LIMITS},
    )


def _failure(audit: Mapping[str, Any]) -> str:
    """Why an audit did not run; empty if it did."""
    return f"{audit['id']}: {audit.get('errorMessage')}" if "errorMessage" in audit else ""


def _findings(refs: Sequence[Mapping[str, Any]], audits: Mapping[str, Any]) -> dict[str, str]:
    """What costs points, and what Lighthouse thinks would speed the page up, by audit."""
    found = {}
    for ref in refs:
        audit = audits[ref["id"]]
        costs = ref["weight"] and audit["score"] is not None and audit["score"] < 1
        is_advice = ref.get("group") != "hidden" and any(audit.get("metricSavings", {}).values())
        if costs or is_advice:
            value = f" ({audit['displayValue']})" if "displayValue" in audit else ""
            found[ref["id"]] = f"{audit['title']}{value}{_places(audit)}"
    return found


def _places(audit: Mapping[str, Any]) -> str:
    """Where in the page, or what it says: the first few items of an audit, or of its tables."""
    items = audit.get("details", {}).get("items") or []
    single = [part for item in items for part in item.get("items", [item])]
    texts = [text for item in single if (text := _place(item))]
    more = f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
    return f": {'; '.join(texts[:SHOWN])}{more}" if texts else ""


def _place(item: Mapping[str, Any]) -> str:
    """One item: an element, a message, or a file."""
    node = item.get("node")
    if isinstance(node, dict):
        return str(node.get("selector") or node.get("snippet") or "")
    for name in ("description", "source"):
        if isinstance(item.get(name), str):
            return str(item[name])
    return str(item.get("url", "")).partition("?")[0].rpartition("/")[2]


def middle(runs: Sequence[Run]) -> Run:
    """The median of each figure, and every finding that one of the runs has."""
    findings: dict[str, dict[str, str]] = {name: {} for name in LIMITS}
    for run in reversed(runs):  # the first run that has a finding words it
        for name in LIMITS:
            findings[name] |= run.findings[name]
    return Run(
        scores={name: int(median(run.scores[name] for run in runs)) for name in LIMITS},
        lcp=median(run.lcp for run in runs),
        cls=median(run.cls for run in runs),
        tbt=median(run.tbt for run in runs),
        size=median(run.size for run in runs),
        requests=int(median(run.requests for run in runs)),
        speed=median(run.speed for run in runs),
        findings=findings,
    )


def table(rows: Mapping[str, Run]) -> str:
    """One line a page."""
    titles = ("performance", "accessibility", "best practices", "SEO")
    lines = [["page", *titles, "LCP s", "CLS", "TBT ms", "kB", "requests"]]
    for page, run in rows.items():
        figures = [f"{run.lcp / 1000:.2f}", f"{run.cls:.3f}", f"{run.tbt:.0f}"]
        scores = [str(score) for score in run.scores.values()]
        lines.append([page, *scores, *figures, kilobytes(round(run.size)), str(run.requests)])
    return aligned(lines)


def find_node() -> str:
    """The Node.js that runs Lighthouse.

    Raises:
        LighthouseProblem: If there is none, it does not start, or is too old.
    """
    node = shutil.which("node")
    if not node:
        raise LighthouseProblem(NO_NODE.format(found="there is none"))
    _, output = _run([node, "--version"], QUICK)
    version = re.search(r"^v(\d+)\.(\d+)", output, re.M)
    if not version:
        raise LighthouseProblem(NO_NODE.format(found=f"{node} does not start"))
    if (int(version[1]), int(version[2])) < NODE:
        raise LighthouseProblem(NO_NODE.format(found=f"{node} is {version[0]}"))
    return node


def fetch(store: Path = STORE) -> Path:
    """Lighthouse's program, fetched by npm unless the right version is there.

    Raises:
        LighthouseProblem: If npm is missing or fails.
    """
    program = store / "node_modules" / PACKAGE / "cli" / "index.js"
    if _installed(store) == VERSION:
        return program
    npm = shutil.which("npm")
    if not npm:
        raise LighthouseProblem(NO_NPM)
    print(f"Fetching {PACKAGE} {VERSION} with npm", flush=True)
    shutil.rmtree(store, ignore_errors=True)
    store.mkdir(parents=True)
    options = ["--ignore-scripts", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"]
    command = [npm, "install", "--prefix", str(store), *options, f"{PACKAGE}@{VERSION}"]
    status, output = _run(command, DOWNLOAD)
    if status or _installed(store) != VERSION:
        raise LighthouseProblem(
            f"npm could not fetch {PACKAGE} {VERSION}, for which it needs the network this once: "
            f"{_excerpt(status, output)}"
        )
    return program


def _installed(store: Path) -> str:
    """The version there; empty if none is complete: npm writes this list when all the rest is."""
    try:
        packages = json.loads((store / "node_modules" / ".package-lock.json").read_text("utf-8"))
        return str(packages["packages"][f"node_modules/{PACKAGE}"]["version"])
    except (OSError, ValueError, KeyError):
        return ""


def visit(url: str, report: Path, *, command: Sequence[str], chromium: Path) -> Run:
    """Have Lighthouse visit a page once, as its default phone.

    Raises:
        LighthouseProblem: If it does not do its work.
    """
    options = [
        "--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={FLAGS}",
        f"--only-categories={','.join(LIMITS)}", "--no-enable-error-reporting",
        "--disable-full-page-screenshot",
    ]  # fmt: skip
    status, output = _run([*command, url, *options], VISIT, CHROME_PATH=str(chromium))
    try:
        return read_report(json.loads(report.read_text("utf-8")))
    except (OSError, ValueError):
        pass
    except LighthouseProblem as problem:
        raise LighthouseProblem(f"{url}: {problem}") from None
    raise LighthouseProblem(f"{url}: Lighthouse failed: {_excerpt(status, output)}")


def _run(command: Sequence[str], limit: float, **environ: str) -> tuple[int, str]:
    """Run a command without input; the value is its exit status and what it printed.

    Raises:
        LighthouseProblem: If it cannot be started, or takes longer than ``limit`` seconds.
    """
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", errors="replace", env={**os.environ, **environ},
        )  # fmt: skip
    except OSError as error:
        raise LighthouseProblem(f"`{command[0]}` does not start: {error}") from None
    with process:
        try:
            output, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            _stop(process)
            raise LighthouseProblem(f"`{command[0]}` took longer than {limit:.0f} s") from None
    return process.returncode, output


def _stop(process: subprocess.Popen[str]) -> None:
    """End a process; asked politely, Lighthouse ends its browser too."""
    try:
        if sys.platform == "win32":
            process.terminate()
        else:
            process.send_signal(signal.SIGINT)
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


def _excerpt(status: int, output: str) -> str:
    """How a command ended, and the end of what it printed."""
    return "\n    ".join([f"exit status {status}", *output.rstrip().splitlines()[-12:]])


def visit_all(pages: Mapping[str, str], site: Path, runs: int) -> dict[str, Run]:
    """The middle run of each page, under the page's title.

    Raises:
        LighthouseProblem: If a page, Node.js, npm or Lighthouse is missing or fails.
        BudgetProblem: If there is no browser.
    """
    if missing := [page for page in pages.values() if not (site / page).is_file()]:
        raise LighthouseProblem(f"Not in {site}: {', '.join(missing)}. Build it first: make html")
    command, chromium = [find_node(), str(fetch())], browser_path()
    shutil.rmtree(REPORTS, ignore_errors=True)
    REPORTS.mkdir(parents=True)
    found: dict[str, list[Run]] = {title: [] for title in pages}
    with serve(site, compressed=True) as address:
        for number in range(1, runs + 1):
            print(f"Round {number} of {runs}, {len(pages)} pages", flush=True)
            for title, page in pages.items():
                report = REPORTS / f"{page.replace('/', '-')}-{number}.json"
                run = visit(address + page, report, command=command, chromium=chromium)
                found[title].append(run)
    return {title: middle(every) for title, every in found.items()}


def main() -> int:
    """Print the table, then what each page lost points for; 1 if a score is below its limit."""
    parser = argparse.ArgumentParser(prog="lighthouse", description="Lighthouse on the built site.")
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="path in the site, as index.html")
    parser.add_argument("--runs", type=int, default=RUNS, help="runs a page (default: %(default)s)")
    parser.add_argument("--site", type=Path, default=SITE, help="the built site's folder")
    given = parser.parse_args()
    if given.runs < 1:
        parser.error("at least one run is needed")
    if isinstance(sys.stdout, io.TextIOWrapper):  # findings quote the pages: any character
        sys.stdout.reconfigure(errors="backslashreplace")
    site = given.site.absolute()
    try:
        pages = {page: page for page in given.pages} or {
            budget.title: budget.page(site) for budget in BUDGETS
        }
        rows = visit_all(pages, site, given.runs)
    except (LighthouseProblem, BudgetProblem) as problem:
        print(problem, file=sys.stderr)
        return 1
    speed = median(run.speed for run in rows.values())
    print(f"\nLighthouse {VERSION}, mobile, median of {given.runs}; benchmark index {speed:.0f}\n")
    print(table(rows), end="\n\n")
    short = {pages[title]: lines for title, run in rows.items() if (lines := run.shortfalls())}
    for page, lines in short.items():
        print(page, *lines, sep="\n    ")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
