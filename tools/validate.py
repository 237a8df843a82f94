"""The Nu HTML checker over every page of the built site: ``python -m tools.validate [FOLDER]``.

The checker is a Java program that comes as an npm package. It is fetched once into ``.venv/npm``,
and run only if it is, byte for byte, the file that this module pins. Checking needs no network.
"""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build" / "html"
STORE = ROOT / ".venv" / "npm"

# Raise both together; the message about another file names the new digest.
PACKAGE, VERSION = "vnu-jar", "26.9.27"
SHA256 = "22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47"
JAVA = 17  # what this version of the checker needs

NO_JAVA = (
    f"The HTML checker needs Java {JAVA} or newer, and {{found}}. On Debian and Ubuntu: apt-get "
    "install default-jre-headless; elsewhere install any OpenJDK. It is looked for in JAVA_HOME "
    "and on the PATH."
)
NO_NPM = (
    f"The HTML checker is the npm package {PACKAGE}, and there is no npm on the PATH. On Debian "
    "and Ubuntu: apt-get install npm; elsewhere install Node.js, which brings it."
)
QUICK, DOWNLOAD, CHECK = 60.0, 300.0, 900.0  # time limits in seconds
NOT_PAGES = "_static"  # the theme keeps a template with the ending .html there


class CheckProblem(Exception):
    """The pages cannot be checked; the message says why and what to do."""


@dataclass(frozen=True)
class Finding:
    """One error: in which file, where in it (from 1; 0 if the checker names no place), and what."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


def pages(site: Path) -> list[str]:
    """The paths of all pages of a site, relative to it, in order."""
    found = (path.relative_to(site) for path in site.rglob("*.html"))
    return sorted(path.as_posix() for path in found if path.parts[0] != NOT_PAGES)


def check(site: Path, java: str, jar: Path) -> list[Finding]:
    """Have every page of a site checked, all of them in one run.

    Raises:
        CheckProblem: If there are no pages, or the checker does not do its work on all of them.
    """
    names = pages(site)
    if not names:
        raise CheckProblem(f"There are no pages in {site}. Build them first: make html")
    options = ["--errors-only", "--no-langdetect", "--verbose", "--format", "json"]
    with tempfile.TemporaryDirectory() as folder:
        # Java reads its arguments from a file, since thousands of names are too many for Windows.
        arguments = Path(folder) / "arguments"
        arguments.write_text(_quoted(["-jar", str(jar), *options, *names]), encoding="utf-8")
        encodings = ["-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-Dstderr.encoding=UTF-8"]
        done = _run([java, *encodings, f"@{arguments}"], CHECK, cwd=site)
    try:
        findings = read_findings(done.stderr, site)
    except ValueError:
        raise CheckProblem(f"The HTML checker failed: {_excerpt(done)}") from None
    if missed := unchecked(names, done.stdout):
        raise CheckProblem(f"The HTML checker passed over these pages: {', '.join(missed)}")
    return findings


def unchecked(names: Iterable[str], output: str) -> list[str]:
    """The pages that the checker does not name among those that it has checked.

    It says nothing about a file that it cannot find, and ends as if all were well.
    """
    checked = {Path(line).as_posix() for line in output.splitlines()}
    return [name for name in names if name not in checked]


def _quoted(arguments: Iterable[str]) -> str:
    """Arguments as a file that ``java @file`` reads."""
    escaped = (text.replace("\\", "\\\\").replace('"', '\\"') for text in arguments)
    return "".join(f'"{text}"\n' for text in escaped)


def read_findings(output: str, site: Path) -> list[Finding]:
    """Read the checker's JSON; files are named as in the site.

    Besides errors in pages it has errors of the checker's own, such as a file it could not read:
    they count too.

    Raises:
        ValueError: If this is not the checker's output.
    """
    # Java may say things of its own before the report, which is one line.
    report = json.loads(next((text for text in output.splitlines() if text.startswith("{")), ""))
    if not isinstance(report, dict) or not isinstance(report.get("messages"), list):
        raise ValueError("no list of messages")
    findings = [_finding(message, site) for message in report["messages"] if _is_error(message)]
    return sorted(findings, key=lambda finding: (finding.file, finding.line, finding.column))


def _is_error(message: dict[str, Any]) -> bool:
    """Whether a message is more than advice."""
    return message.get("type") != "info"


def _finding(message: dict[str, Any], site: Path) -> Finding:
    """One message; the checker leaves out the first line where it is the last one, too."""
    line = message.get("firstLine", message.get("lastLine", 0))
    column = message.get("firstColumn", message.get("lastColumn", 0))
    text = " ".join(message.get("message", "no message").split())
    return Finding(_name(message.get("url", ""), site), line, column, text)


def _name(url: str, site: Path) -> str:
    """The path that a ``file:`` address stands for, relative to the site if it is in there."""
    parts = urlsplit(url)
    if parts.scheme != "file":
        return url or "?"
    path = Path(url2pathname(parts.path))
    for base in (site, site.resolve()):
        if path.is_relative_to(base):
            return path.relative_to(base).as_posix()
    return str(path)


def find_java() -> str:
    """The Java that runs the checker.

    Raises:
        CheckProblem: If there is none, it does not start, or is too old.
    """
    home = os.environ.get("JAVA_HOME")
    places = [str(Path(home) / "bin")] if home else []
    java = shutil.which("java", path=os.pathsep.join([*places, os.environ.get("PATH", "")]))
    if not java:
        raise CheckProblem(NO_JAVA.format(found="there is none"))
    asked = _run([java, "-version"], QUICK)
    version = re.search(r'version "(\d+)', asked.stderr + asked.stdout)
    if asked.returncode or not version:  # macOS has a java that only says where to get one
        raise CheckProblem(NO_JAVA.format(found=f"{java} does not start"))
    if int(version[1]) < JAVA:
        raise CheckProblem(NO_JAVA.format(found=f"{java} is older"))
    return java


def fetch_checker(store: Path = STORE) -> Path:
    """The checker's jar, fetched by npm unless the right one is there.

    Raises:
        CheckProblem: If npm is missing or fails, or brings another file than the pinned one.
    """
    jar = store / "node_modules" / PACKAGE / "build" / "dist" / "vnu.jar"
    if jar.is_file() and _digest(jar) == SHA256:
        return jar
    npm = shutil.which("npm")
    if not npm:
        raise CheckProblem(NO_NPM)
    print(f"Fetching {PACKAGE} {VERSION} with npm", flush=True)
    shutil.rmtree(store, ignore_errors=True)  # npm would take a half-written package as installed
    store.mkdir(parents=True)
    # No scripts: the package's own would download a Java.
    options = ["--ignore-scripts", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"]
    command = [npm, "install", "--prefix", str(store), *options, f"{PACKAGE}@{VERSION}"]
    done = _run(command, DOWNLOAD)
    if done.returncode or not jar.is_file():
        raise CheckProblem(
            f"npm could not fetch {PACKAGE} {VERSION}, for which it needs the network this once: "
            f"{_excerpt(done)}"
        )
    if (digest := _digest(jar)) != SHA256:
        raise CheckProblem(
            f"{jar} is not the file that tools/validate.py pins, so it is not run. Its SHA-256 is "
            f"{digest} instead of {SHA256}. Pin that only if you have just changed the version."
        )
    return jar


def _digest(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _run(
    command: Sequence[str], limit: float, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command without input, and keep what it prints.

    Raises:
        CheckProblem: If it cannot be started, or takes longer than ``limit`` seconds.
    """
    # Without the locale, Java on Linux may not find a file whose name is not ASCII.
    environ = {**os.environ, "LC_ALL": "C.UTF-8"}
    try:
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
            errors="replace", timeout=limit, cwd=cwd, env=environ, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CheckProblem(f"`{command[0]}` could not do its work: {error}") from None


def _excerpt(done: subprocess.CompletedProcess[str]) -> str:
    """How a command ended, and the end of what it printed."""
    lines = (done.stdout + done.stderr).rstrip().splitlines()[-12:]
    return "\n    ".join([f"exit status {done.returncode}", *lines])


def main() -> int:
    """Print every finding, then how many there are; 1 if there are any."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # messages quote the pages: any character
        sys.stdout.reconfigure(errors="backslashreplace")
    site = Path(sys.argv[1]) if len(sys.argv) > 1 else SITE
    try:
        findings = check(site.absolute(), find_java(), fetch_checker())
    except CheckProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    for finding in findings:
        print(f"{site.as_posix()}/{finding}")
    print(f"{len(pages(site))} pages checked, errors found: {len(findings)}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
