"""Lighthouse's reports are read rightly, and what is missing is said."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tools import lighthouse
from tools.lighthouse import LIMITS, LighthouseProblem, Run

METRICS = {
    "largest-contentful-paint": 1234.5,
    "cumulative-layout-shift": 0.0825,
    "total-blocking-time": 20.0,
    "total-byte-weight": 36_040,
}
REQUESTS = [{"url": "http://127.0.0.1:1/index.html"}, {"url": "data:,"}]


def audit(name: str, score: float | None, **more: Any) -> dict[str, Any]:
    return {"id": name, "title": name.title(), "score": score, **more}


def report(**scores: float | None) -> dict[str, Any]:
    """A report like Lighthouse's, with one lost point in each category that has not 1."""
    audits = {name: audit(name, 1, numericValue=value) for name, value in METRICS.items()}
    audits["network-requests"] = audit("network-requests", 1, details={"items": REQUESTS})
    categories = {}
    for name in LIMITS:
        score = scores.get(name.replace("-", "_"), 1.0)
        audits[f"fault-{name}"] = audit(f"fault-{name}", score)
        categories[name] = {"score": score, "auditRefs": [{"id": f"fault-{name}", "weight": 3}]}
    return {
        "audits": audits,
        "categories": categories,
        "environment": {"benchmarkIndex": 2000},
    }


def run(performance: int, lcp: float = 1000.0, **findings: str) -> Run:
    found = {name: findings if name == "performance" else {} for name in LIMITS}
    scores = {**dict.fromkeys(LIMITS, 100), "performance": performance}
    return Run(scores, lcp, 0.0, 0.0, 36_040, 5, 2000, found)


def test_figures_of_a_report() -> None:
    found = lighthouse.read_report(report(performance=0.99))
    assert found.scores == {**dict.fromkeys(LIMITS, 100), "performance": 99}
    assert (found.lcp, found.cls, found.tbt, found.size) == (1234.5, 0.0825, 20.0, 36_040)
    assert found.requests == 1  # what stands in the page itself is not requested
    assert found.shortfalls() == []


def test_each_category_has_its_limit() -> None:
    found = lighthouse.read_report(report(performance=0.98, accessibility=0.99, seo=0.92))
    assert found.shortfalls() == [
        "performance: 98 (limit 99)",
        "    fault-performance: Fault-Performance",
        "accessibility: 99 (limit 100)",
        "    fault-accessibility: Fault-Accessibility",
        "seo: 92 (limit 100)",
        "    fault-seo: Fault-Seo",
    ]


def test_finding_says_where() -> None:
    text = report(accessibility=0.9)
    items: list[dict[str, Any]] = [{"node": {"selector": f"a.n{number}"}} for number in range(6)]
    text["audits"]["fault-accessibility"] |= {
        "displayValue": "6 links",
        "details": {"items": items},
    }
    assert lighthouse.read_report(text).findings["accessibility"] == {
        "fault-accessibility": "Fault-Accessibility (6 links): a.n0; a.n1; a.n2; a.n3 and 2 more"
    }


def test_advice_names_files_and_tables_are_read_through() -> None:
    text = report(performance=0.8)
    tables = [{"items": [{"url": "http://127.0.0.1:1/a/theme.css?v=1a"}]}, {"items": []}]
    advice = {
        "unused": audit("unused", 0, metricSavings={"LCP": 300}, details={"items": tables}),
        "harmless": audit("harmless", 0, metricSavings={"LCP": 0}),
        "twice": audit("twice", 0, metricSavings={"LCP": 300}),
    }
    text["audits"] |= advice
    refs = text["categories"]["performance"]["auditRefs"]
    refs += [{"id": name, "weight": 0} for name in ("unused", "harmless")]
    refs.append({"id": "twice", "weight": 0, "group": "hidden"})
    found = lighthouse.read_report(text).findings["performance"]
    assert list(found) == ["fault-performance", "unused"]
    assert found["unused"] == "Unused: theme.css"


def test_page_that_was_not_judged_is_a_problem() -> None:
    with pytest.raises(LighthouseProblem, match=r"status code: 404"):
        lighthouse.read_report({"runtimeError": {"message": "status code: 404"}})
    text = report(seo=None)
    text["audits"]["fault-seo"]["errorMessage"] = "no artifact"
    with pytest.raises(LighthouseProblem, match="could not judge seo: fault-seo: no artifact"):
        lighthouse.read_report(text)


def test_middle_is_the_median_of_each_figure_with_all_findings() -> None:
    runs = [run(99, 1400.0, slow="3 s"), run(100, 1200.0), run(90, 1300.0, slow="4 s", big="9 kB")]
    found = lighthouse.middle(runs)
    assert (found.scores["performance"], found.lcp) == (99, 1300.0)
    assert found.findings["performance"] == {"slow": "3 s", "big": "9 kB"}


def test_table_has_a_line_for_each_page() -> None:
    head, row = lighthouse.table({"a landing page": run(100, 987.6)}).splitlines()
    assert head.split() == [
        *"page performance accessibility best practices SEO".split(),
        *"LCP s CLS TBT ms kB requests".split(),
    ]
    assert row.split("  ")[0] == "a landing page"
    assert row.split()[3:] == ["100", "100", "100", "100", "0.99", "0.000", "0", "36.0", "5"]


class Programs:
    """Stands in for node and npm."""

    def __init__(self) -> None:
        self.names = {"node": "/bin/node", "npm": "/bin/npm"}
        self.node_version = "v20.20.2"
        self.brings = lighthouse.VERSION
        self.ran: list[list[str]] = []

    def which(self, name: str) -> str | None:
        return self.names.get(name)

    def run(self, command: list[str], limit: float, **_: str) -> tuple[int, str]:
        self.ran.append(command)
        if command[1] == "--version":
            return 0, f"{self.node_version}\n"
        modules = Path(command[command.index("--prefix") + 1], "node_modules")
        modules.mkdir()
        packages = {"node_modules/lighthouse": {"version": self.brings}}
        (modules / ".package-lock.json").write_text(json.dumps({"packages": packages}))
        return 0, "npm error 404"


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Programs:
    programs = Programs()
    monkeypatch.setattr(shutil, "which", programs.which)
    monkeypatch.setattr(lighthouse, "_run", programs.run)
    return programs


def test_node_is_there_and_new_enough(programs: Programs) -> None:
    assert lighthouse.find_node() == "/bin/node"
    programs.node_version = "v16.20.1"
    with pytest.raises(LighthouseProblem, match=r"needs Node.js 18\.16 .* /bin/node is v16\.20"):
        lighthouse.find_node()
    programs.node_version = "cannot execute"
    with pytest.raises(LighthouseProblem, match="/bin/node does not start"):
        lighthouse.find_node()
    del programs.names["node"]
    with pytest.raises(LighthouseProblem, match="there is none"):
        lighthouse.find_node()


def test_lighthouse_is_fetched_once(programs: Programs, tmp_path: Path) -> None:
    store = tmp_path / "a store"
    (store / "node_modules" / "lighthouse").mkdir(parents=True)  # npm was stopped in the middle
    program = lighthouse.fetch(store)
    assert program.relative_to(store).as_posix() == "node_modules/lighthouse/cli/index.js"
    [command] = programs.ran
    assert command[-1] == f"lighthouse@{lighthouse.VERSION}"
    assert {"--ignore-scripts", "--no-package-lock"} < set(command)
    del programs.names["npm"]
    assert lighthouse.fetch(store) == program


def test_missing_npm_and_wrong_version_are_told(programs: Programs, tmp_path: Path) -> None:
    programs.brings = "1.0.0"
    with pytest.raises(LighthouseProblem, match=r"could not fetch (?s:.*) 404"):
        lighthouse.fetch(tmp_path / "store")
    del programs.names["npm"]
    with pytest.raises(LighthouseProblem, match="no npm on the PATH"):
        lighthouse.fetch(tmp_path / "store")


def test_page_that_is_not_there_is_told_at_once(programs: Programs, tmp_path: Path) -> None:
    with pytest.raises(LighthouseProblem, match=r"people\.html\. Build it first"):
        lighthouse.visit_all({"people": "people.html"}, tmp_path, 1)
    assert programs.ran == []


def test_program_that_fails_or_hangs_is_told() -> None:
    with pytest.raises(LighthouseProblem, match="does not start"):
        lighthouse._run(["no-such-program"], 5)
    with pytest.raises(LighthouseProblem, match="took longer than 1 s"):
        lighthouse._run([sys.executable, "-c", "import time; time.sleep(60)"], 1)
