"""Finds the browser that the tests drive, or brings one; ``python -m tools.browser`` prints it.

The order: ``CHROMIUM`` in the environment, a Chromium or Chrome on this machine, Playwright's own
download, the system's package where we are root on Debian. Whoever has none of them gets an error
that names all four: browser tests are never skipped quietly.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MACOS = (
    "Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "Applications/Chromium.app/Contents/MacOS/Chromium",
)
WINDOWS = ("Google/Chrome/Application/chrome.exe", "Chromium/Application/chrome.exe")
WINDOWS_BASES = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
)
QUICK, DOWNLOAD = 60.0, 300.0  # time limits in seconds


class BrowserNotFound(Exception):
    """There is no browser for the tests; the message says where one was looked for."""


class NotHere(Exception):
    """One of the places has no browser; the message says why."""


@dataclass(frozen=True)
class Outcome:
    """How a command ended: its exit status, and what it printed on both streams."""

    status: int
    output: str

    @property
    def last_line(self) -> str:
        """The last line that says anything."""
        return self.output.rstrip().rpartition("\n")[2].strip()

    @property
    def excerpt(self) -> str:
        """How it ended and the end of the output, indented for use in a message."""
        lines = self.output.rstrip().splitlines()[-12:]
        return f"exit status {self.status}\n" + textwrap.indent("\n".join(lines), " " * 8)


def run_command(command: Sequence[str], limit: float) -> Outcome:
    """Run a command without input; after ``limit`` seconds end it and everything it started.

    The output goes through a file: a grandchild that outlives its parent could hold a pipe open
    for ever.
    """
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                env=environ, start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            return Outcome(127, str(error))
        try:
            status = process.wait(limit)
            remark = ""
        except subprocess.TimeoutExpired:
            _kill(process)
            status, remark = 124, f"\nstopped after {limit:.0f} s"
        except BaseException:
            _kill(process)
            raise
        output.seek(0)
        return Outcome(status, output.read().decode("utf-8", "replace") + remark)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and, where the system can, all that it started."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _say(message: str) -> None:
    """Tell what takes so long, apart from the path on standard output."""
    print(message, file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Machine:
    """What the search asks of the machine; tests pretend other machines."""

    platform: str  # as sys.platform
    environ: Mapping[str, str]
    home: Path
    is_root: bool
    python: Path  # an interpreter that has Playwright
    which: Callable[[str], str | None] = shutil.which
    is_file: Callable[[Path], bool] = Path.is_file
    run: Callable[[Sequence[str], float], Outcome] = run_command
    say: Callable[[str], None] = _say

    @classmethod
    def current(cls, python: Path) -> "Machine":
        """This machine, with the interpreter that has Playwright."""
        is_root = sys.platform != "win32" and os.geteuid() == 0
        return cls(sys.platform, os.environ, Path.home(), is_root, python)

    def starts(self, browser: Path) -> bool:
        """Whether a browser runs at all.

        A file alone proves little: a library may be missing, and Ubuntu's ``chromium-browser``
        may be a script that only recommends another package. On Windows ``--version`` opens a
        window, so there the file has to do.
        """
        return self.platform == "win32" or self.run([str(browser), "--version"], QUICK).status == 0


def find_browser(machine: Machine) -> Path:
    """The browser for the tests, installed if need be.

    Raises:
        BrowserNotFound: If ``CHROMIUM`` names no program, or if all four ways fail.
    """
    reasons = []
    for number, (title, look) in enumerate(WAYS, start=1):
        try:
            return look(machine)
        except NotHere as reason:
            reasons.append(f"  {number}. {title}: {reason}")
    raise BrowserNotFound(
        "There is no browser for the tests. They were looking for one in this order:\n"
        + "\n".join(reasons)
        + "\nInstall Chromium or Chrome, or set CHROMIUM to the path of one."
    )


def from_environment(machine: Machine) -> Path:
    """What ``CHROMIUM`` says, as a path or a name on the PATH: a wrong value is an error."""
    value = machine.environ.get("CHROMIUM", "")
    if not value:
        raise NotHere("not set")
    if machine.is_file(Path(value)):
        return Path(value).absolute()
    if found := machine.which(value):
        return Path(found)
    raise BrowserNotFound(f"CHROMIUM is set to {value!r}, but there is no such program.")


def from_system(machine: Machine) -> Path:
    """A Chromium or Chrome on the PATH or where macOS and Windows keep it."""
    on_path = (Path(found) for name in NAMES if (found := machine.which(name)))
    usual = (place for place in _usual_places(machine) if machine.is_file(place))
    broken = []
    for browser in (*on_path, *usual):
        if machine.starts(browser):
            return browser
        broken.append(str(browser))
    if broken:
        raise NotHere(f"does not start: {', '.join(broken)}")
    raise NotHere(f"none of {', '.join(NAMES)} on the PATH, and none in the usual places")


def _usual_places(machine: Machine) -> list[Path]:
    """Where installers put the browser without putting it on the PATH."""
    if machine.platform == "darwin":
        return [base / place for base in (Path("/"), machine.home) for place in MACOS]
    if machine.platform == "win32":
        bases = [Path(base) for name in WINDOWS_BASES if (base := machine.environ.get(name))]
        return [base / place for base in bases for place in WINDOWS]
    return []


def from_playwright(machine: Machine) -> Path:
    """Playwright's own Chromium, downloaded now if it is not there yet."""
    python = str(machine.python)
    asked = machine.run([python, "-c", ASK_PLAYWRIGHT], QUICK)
    if asked.status:
        raise NotHere(f"Playwright itself does not run: {asked.excerpt}")
    browser = Path(asked.last_line)
    if not machine.is_file(browser):
        machine.say(f"Downloading a browser for the tests ({DOWNLOAD:.0f} s at most)")
        _must(machine, [python, "-m", "playwright", "install", "chromium"], DOWNLOAD)
    if not (machine.is_file(browser) and machine.starts(browser)):
        raise NotHere(f"{browser} does not start; a library may be missing")
    return browser


def from_package(machine: Machine) -> Path:
    """The package ``chromium``, installed now: only as root, and only where there is apt-get."""
    if not (machine.which("apt-get") and machine.is_file(Path("/etc/debian_version"))):
        raise NotHere("not a Debian system")
    if not machine.is_root:
        raise NotHere("not root; an administrator may run: apt-get install chromium")
    machine.say(f"Installing the package chromium for the tests ({2 * DOWNLOAD:.0f} s at most)")
    machine.run(["apt-get", "update"], DOWNLOAD)  # one source out of reach need not matter
    install = ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]
    _must(machine, install, DOWNLOAD)
    found = machine.which("chromium")
    if not (found and machine.starts(Path(found))):
        raise NotHere("the package chromium was installed, but brought no browser that starts")
    return Path(found)


def _must(machine: Machine, command: Sequence[str], limit: float) -> None:
    """Run a command that has to succeed; what it prints matters only if it does not."""
    outcome = machine.run(command, limit)
    if outcome.status:
        raise NotHere(f"`{' '.join(command)}` failed: {outcome.excerpt}")


WAYS: tuple[tuple[str, Callable[[Machine], Path]], ...] = (
    ("CHROMIUM in the environment", from_environment),
    ("Chromium or Chrome on this machine", from_system),
    ("Playwright's own download", from_playwright),
    ("the system's package (root on Debian)", from_package),
)


def main() -> int:
    """Print the browser's path, or say on standard error why there is none."""
    try:
        print(find_browser(Machine.current(Path(sys.executable))))
    except BrowserNotFound as problem:
        _say(str(problem))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
