"""The HTML checker's output is read rightly, and nothing goes unchecked without a word."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tools import validate
from tools.validate import CheckProblem, Finding


class Programs:
    """Stands in for the machine's programs: what is on the PATH, and what each of them prints."""

    def __init__(self) -> None:
        self.names = {"java": "/bin/java", "npm": "/bin/npm"}
        self.java_version = 'openjdk version "17.0.15" 2025-04-15'
        self.report = report()
        self.passed_over: set[str] = set()
        self.brings = b"the checker"
        self.npm_status = 0
        self.ran: list[list[str]] = []
        self.arguments: list[str] = []

    def which(self, name: str, path: str = "") -> str | None:
        return self.names.get(name)

    def run(self, command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        self.ran.append(command)
        if command[-1] == "-version":
            return subprocess.CompletedProcess(command, 0, "", self.java_version)
        if command[1] == "install":
            return self._install(command)
        lines = Path(command[-1].removeprefix("@")).read_text(encoding="utf-8").splitlines()
        self.arguments = [line.strip('"') for line in lines]
        pages = [name for name in self.arguments if name.endswith(".html")]
        checked = "".join(f"{name}\n" for name in pages if name not in self.passed_over)
        return subprocess.CompletedProcess(command, 1, checked, self.report)

    def _install(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        jar = Path(command[command.index("--prefix") + 1], *JAR)
        if not self.npm_status:
            jar.parent.mkdir(parents=True)
            jar.write_bytes(self.brings)
        return subprocess.CompletedProcess(command, self.npm_status, "", "npm error 404")


JAR = ("node_modules", "vnu-jar", "build", "dist", "vnu.jar")
DUPLICATE = {"type": "error", "lastLine": 3, "firstColumn": 5, "lastColumn": 9, "message": "Twice."}


def report(*messages: dict[str, Any]) -> str:
    return json.dumps({"version": "1", "messages": messages}) + "\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "a site"
    for name in ("index", "people/index", "_static/macros", "news/_static"):
        (site / f"{name}.html").parent.mkdir(parents=True, exist_ok=True)
        (site / f"{name}.html").touch()
    return site


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Programs:
    programs = Programs()
    monkeypatch.setattr(shutil, "which", programs.which)
    monkeypatch.setattr(subprocess, "run", programs.run)
    monkeypatch.setattr(validate, "SHA256", hashlib.sha256(programs.brings).hexdigest())
    return programs


def test_all_pages_but_the_static_files(site: Path) -> None:
    assert validate.pages(site) == ["index.html", "news/_static.html", "people/index.html"]


def test_finding_has_the_place_where_the_error_begins(site: Path) -> None:
    url = (site / "people" / "index.html").as_uri()
    long = {**DUPLICATE, "url": url, "firstLine": 2}
    findings = validate.read_findings(report({**DUPLICATE, "url": url}, long), site)
    assert [str(finding) for finding in findings] == [
        "people/index.html:2:5: Twice.",
        "people/index.html:3:5: Twice.",
    ]


def test_advice_is_left_out_and_the_checkers_own_failure_is_not(site: Path) -> None:
    advice = {**DUPLICATE, "type": "info", "subType": "warning"}
    failure = {"type": "non-document-error", "subType": "io", "message": "Cannot\n read it"}
    findings = validate.read_findings(report(advice, failure), site)
    assert findings == [Finding("?", 0, 0, "Cannot read it")]


def test_file_outside_the_site_keeps_its_path(site: Path) -> None:
    elsewhere = site.parent / "ü.html"
    [finding] = validate.read_findings(report({**DUPLICATE, "url": elsewhere.as_uri()}), site)
    assert finding.file == str(elsewhere)


def test_what_java_says_before_the_report_does_not_matter(site: Path) -> None:
    output = "Picked up JAVA_TOOL_OPTIONS: -Da={}\n" + report(DUPLICATE)
    assert len(validate.read_findings(output, site)) == 1


@pytest.mark.parametrize("output", ["", "Killed", '{"version": "1"}', '{"messages": '])
def test_other_output_is_an_error(output: str, site: Path) -> None:
    with pytest.raises(ValueError):
        validate.read_findings(output, site)


def test_every_page_is_given_to_the_checker(site: Path, programs: Programs) -> None:
    assert validate.check(site, "java", Path("C:\\a b\\vnu.jar")) == []
    assert programs.arguments[:2] == ["-jar", "C:\\\\a b\\\\vnu.jar"]
    assert programs.arguments[-3:] == validate.pages(site)


def test_page_that_the_checker_passes_over_is_named(site: Path, programs: Programs) -> None:
    programs.passed_over = {"people/index.html"}
    with pytest.raises(CheckProblem, match=r"passed over these pages: people/index\.html"):
        validate.check(site, "java", Path("vnu.jar"))


def test_checker_that_breaks_down_says_how(site: Path, programs: Programs) -> None:
    programs.report = "java.lang.OutOfMemoryError"
    with pytest.raises(CheckProblem, match=r"exit status 1(?s:.*)OutOfMemoryError"):
        validate.check(site, "java", Path("vnu.jar"))


def test_site_that_is_not_built(tmp_path: Path) -> None:
    with pytest.raises(CheckProblem, match="Build them first: make html"):
        validate.check(tmp_path, "java", Path("vnu.jar"))


def test_java_is_found(programs: Programs) -> None:
    assert validate.find_java() == "/bin/java"


@pytest.mark.parametrize(
    ("version", "found"),
    [
        ('java version "1.8.0_292"', "/bin/java is older"),
        ('openjdk version "11.0.20" 2023-07-18', "/bin/java is older"),
        ("Unable to locate a Java Runtime.", "/bin/java does not start"),
        (None, "there is none"),
    ],
)
def test_without_java_the_message_says_how_to_get_it(
    version: str | None, found: str, programs: Programs
) -> None:
    programs.java_version = version or ""
    if version is None:
        del programs.names["java"]
    with pytest.raises(CheckProblem, match=f"needs Java 17 or newer, and {found}") as problem:
        validate.find_java()
    assert "apt-get install default-jre-headless" in str(problem.value)


def test_checker_is_fetched_once(tmp_path: Path, programs: Programs) -> None:
    store = tmp_path / "npm"
    assert validate.fetch_checker(store) == store.joinpath(*JAR)
    assert validate.fetch_checker(store) == store.joinpath(*JAR)
    [command] = programs.ran
    assert command[-1] == f"vnu-jar@{validate.VERSION}"
    assert "--ignore-scripts" in command


def test_damaged_checker_is_fetched_again(tmp_path: Path, programs: Programs) -> None:
    jar = validate.fetch_checker(tmp_path / "npm")
    jar.write_bytes(b"half of it")
    validate.fetch_checker(tmp_path / "npm")
    assert jar.read_bytes() == programs.brings


def test_other_file_than_the_pinned_one_is_refused(tmp_path: Path, programs: Programs) -> None:
    programs.brings = b"something else"
    digest = hashlib.sha256(programs.brings).hexdigest()
    with pytest.raises(CheckProblem, match=f"it is not run. Its SHA-256 is {digest}"):
        validate.fetch_checker(tmp_path / "npm")


def test_without_npm_the_message_says_how_to_get_it(tmp_path: Path, programs: Programs) -> None:
    del programs.names["npm"]
    with pytest.raises(CheckProblem, match="apt-get install npm"):
        validate.fetch_checker(tmp_path / "npm")


def test_package_that_npm_cannot_fetch(tmp_path: Path, programs: Programs) -> None:
    programs.npm_status = 1
    with pytest.raises(CheckProblem, match=r"could not fetch vnu-jar(?s:.*)npm error 404"):
        validate.fetch_checker(tmp_path / "npm")
