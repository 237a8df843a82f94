"""The search for a browser, on machines that are only pretended."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tools.browser import BrowserNotFound, Machine, Outcome, find_browser, run_command

OWN = "/cache/playwright/chrome"


@dataclass
class Pretence:
    """A machine made of what is on its PATH, which files it has, and how commands end."""

    on_path: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    endings: dict[str, Outcome] = field(default_factory=dict)  # by the command's beginning
    brings: dict[str, str] = field(default_factory=dict)  # a command, and the file it leaves behind
    platform: str = "linux"
    environ: dict[str, str] = field(default_factory=dict)
    is_root: bool = False
    ran: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def run(self, command: Sequence[str], limit: float) -> Outcome:
        assert 0 < limit <= 300
        line = " ".join(command)
        self.ran.append(line)
        for beginning, file in self.brings.items():
            if line.startswith(beginning):
                self.files.add(file)
                self.on_path[Path(file).name] = file
        for beginning, outcome in self.endings.items():
            if line.startswith(beginning):
                return outcome
        if "executable_path" in line:
            return Outcome(0, OWN + "\n")
        return Outcome(0, "Chromium 1.0")

    def machine(self) -> Machine:
        return Machine(
            platform=self.platform,
            environ=self.environ,
            home=Path("/home/someone"),
            is_root=self.is_root,
            python=Path("/venv/python"),
            which=self.on_path.get,
            is_file=lambda path: path.as_posix() in self.files,
            run=self.run,
            say=self.said.append,
        )

    def find(self) -> str:
        return find_browser(self.machine()).as_posix()


DOWNLOAD = "/venv/python -m playwright install chromium"
APT = "apt-get install -y --no-install-recommends chromium"
FAILS = Outcome(1, "some noise\nno route to host\n\n")


def test_environment_comes_first() -> None:
    pretence = Pretence({"chromium": "/usr/bin/chromium"}, {"/opt/mine"})
    pretence.environ["CHROMIUM"] = "/opt/mine"
    assert pretence.find() == Path("/opt/mine").absolute().as_posix()
    assert not pretence.ran


def test_environment_may_be_a_name_on_the_path() -> None:
    pretence = Pretence({"brave": "/usr/bin/brave"}, environ={"CHROMIUM": "brave"})
    assert pretence.find() == "/usr/bin/brave"


def test_wrong_environment_is_an_error_even_if_there_is_another_browser() -> None:
    pretence = Pretence({"chromium": "/usr/bin/chromium"}, environ={"CHROMIUM": "/opt/gone"})
    with pytest.raises(BrowserNotFound, match="CHROMIUM is set to '/opt/gone'"):
        pretence.find()


def test_empty_environment_is_as_none() -> None:
    pretence = Pretence({"chromium": "/usr/bin/chromium"}, environ={"CHROMIUM": ""})
    assert pretence.find() == "/usr/bin/chromium"


@pytest.mark.parametrize(
    "name", ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
)
def test_system_browser_on_the_path(name: str) -> None:
    assert Pretence({name: f"/usr/bin/{name}"}, {OWN}).find() == f"/usr/bin/{name}"


def test_browser_that_does_not_start_is_passed_over() -> None:
    pretence = Pretence({name: f"/usr/bin/{name}" for name in ("chromium-browser", "chrome")})
    pretence.endings["/usr/bin/chromium-browser --version"] = Outcome(1, "please install the snap")
    assert pretence.find() == "/usr/bin/chrome"


@pytest.mark.parametrize("base", ["", "/home/someone"])
@pytest.mark.parametrize("name", ["Google Chrome", "Chromium"])
def test_macos_applications(base: str, name: str) -> None:
    place = f"{base}/Applications/{name}.app/Contents/MacOS/{name}"
    assert Pretence(files={place}, platform="darwin").find() == place
    with pytest.raises(BrowserNotFound):
        Pretence(files={place}, platform="linux", endings={"/venv": FAILS}).find()


@pytest.mark.parametrize("name", ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"])
@pytest.mark.parametrize("kind", ["Google/Chrome", "Chromium"])
def test_windows_programs_are_found_and_not_started(name: str, kind: str) -> None:
    place = f"C:/base/{kind}/Application/chrome.exe"
    pretence = Pretence(files={place}, platform="win32", environ={name: "C:/base"})
    assert pretence.find() == place
    assert not pretence.ran, "--version would open a window"


def test_download_that_is_already_there_is_used() -> None:
    pretence = Pretence(files={OWN})
    assert pretence.find() == OWN
    assert DOWNLOAD not in pretence.ran


def test_download_is_made_if_missing() -> None:
    pretence = Pretence(brings={DOWNLOAD: OWN}, is_root=True)
    assert pretence.find() == OWN
    assert len(pretence.said) == 1, "the output of what went well is not shown"


def test_download_without_its_libraries_is_passed_over() -> None:
    pretence = Pretence(files={OWN}, endings={f"{OWN} --version": FAILS})
    with pytest.raises(BrowserNotFound, match="a library may be missing"):
        pretence.find()


def test_package_is_the_last_way() -> None:
    pretence = Pretence({"apt-get": "/usr/bin/apt-get"}, {"/etc/debian_version"}, is_root=True)
    pretence.endings = {DOWNLOAD: FAILS, "apt-get update": FAILS}
    pretence.brings[APT] = "/usr/bin/chromium"
    assert pretence.find() == "/usr/bin/chromium"
    assert pretence.ran.index("apt-get update") < pretence.ran.index(APT)


@pytest.mark.parametrize(
    ("has_apt", "is_root", "reason"),
    [
        (False, True, "not a Debian system"),
        (True, False, "not root"),
        (
            True,
            True,
            f"`{APT}` failed: exit status 1\n        some noise\n        no route to host",
        ),
    ],
)
def test_failure_names_all_four_ways(has_apt: bool, is_root: bool, reason: str) -> None:
    pretence = Pretence(is_root=is_root, endings={DOWNLOAD: FAILS, "apt-get": FAILS})
    if has_apt:
        pretence.on_path["apt-get"] = "/usr/bin/apt-get"
        pretence.files.add("/etc/debian_version")
    with pytest.raises(BrowserNotFound) as caught:
        pretence.find()
    message = str(caught.value)
    assert [line.partition(":")[0] for line in message.splitlines() if line[2:3].isdigit()] == [
        "  1. CHROMIUM in the environment",
        "  2. Chromium or Chrome on this machine",
        "  3. Playwright's own download",
        "  4. the system's package (root on Debian)",
    ]
    assert "1. CHROMIUM in the environment: not set\n" in message
    assert "none of chromium, chromium-browser, google-chrome, google-chrome-stable" in message
    assert f"`{DOWNLOAD}` failed: exit status 1\n        some noise\n" in message
    assert f"4. the system's package (root on Debian): {reason}" in message


def test_playwright_that_does_not_run_is_said() -> None:
    with pytest.raises(BrowserNotFound, match="Playwright itself does not run: exit status 1"):
        Pretence(endings={"/venv/python -c": FAILS}).find()


def test_package_that_brings_no_browser_is_said() -> None:
    pretence = Pretence({"apt-get": "/usr/bin/apt-get"}, {"/etc/debian_version"}, is_root=True)
    pretence.endings[DOWNLOAD] = FAILS
    with pytest.raises(BrowserNotFound, match="brought no browser"):
        pretence.find()


def test_command_gives_its_status_and_both_streams() -> None:
    script = "import sys; print('out'); sys.stdout.flush(); print('err', file=sys.stderr); exit(3)"
    outcome = run_command([sys.executable, "-c", script], 30)
    assert (outcome.status, outcome.output.split()) == (3, ["out", "err"])
    assert outcome.last_line == "err"


def test_missing_command_is_an_ending_too() -> None:
    assert run_command(["/no/such/program"], 30).status == 127


def is_running(pid: int) -> bool:
    """Whether a process is there; one that has ended, though nobody waited for it, is not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    try:
        return state.read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return not state.parent.parent.is_dir()  # no /proc: trust the signal; with it: just gone


def wait_until(condition: Callable[[], bool]) -> bool:
    """Ask again and again; the deadline is only a guard against waiting for ever."""
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are a POSIX thing")
def test_time_limit_ends_the_grandchildren_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = tmp_path / "pid"
    late = (
        "import os, pathlib, time; "
        f"new = pathlib.Path({str(trace) + '.new'!r}); new.write_text(str(os.getpid())); "
        f"new.replace({str(trace)!r}); time.sleep(600)"
    )
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {late!r}])"

    def wait(process: subprocess.Popen[bytes], timeout: float | None = None) -> int:
        if timeout is None:
            return original(process)
        # The limit is over as soon as there is a grandchild to end, however slow the machine.
        assert wait_until(trace.exists)
        raise subprocess.TimeoutExpired(process.args, timeout)

    original = subprocess.Popen.wait
    monkeypatch.setattr(subprocess.Popen, "wait", wait)
    outcome = run_command([sys.executable, "-c", script], 0.5)
    assert outcome.status == 124
    assert "stopped after" in outcome.last_line
    grandchild = int(trace.read_text(encoding="ascii"))
    assert wait_until(lambda: not is_running(grandchild))


def test_a_command_that_ends_in_time_is_not_stopped() -> None:
    assert run_command([sys.executable, "-c", "pass"], 60).status == 0


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are a POSIX thing")
def test_time_limit_is_kept() -> None:
    outcome = run_command([sys.executable, "-c", "import time; time.sleep(600)"], 0.1)
    assert outcome.status == 124
