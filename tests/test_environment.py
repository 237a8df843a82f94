"""The shared environment: installed when needed, and only then; never removed from under us."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools import environment


class Commands:
    """Stands in for ``subprocess.run``: notes what would have run, and makes an empty venv."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.failing = ""

    def __call__(self, command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        line = " ".join(command)
        self.ran.append("venv" if "-m venv" in line else "pip" if "-m pip" in line else "check")
        if self.failing == self.ran[-1]:
            return subprocess.CompletedProcess(command, 1)
        if self.ran[-1] == "venv":
            python = environment.interpreter(Path(command[-1]).parent)
            python.parent.mkdir(parents=True)
            python.touch()
        return subprocess.CompletedProcess(command, 0)

    def since(self) -> list[str]:
        ran, self.ran = self.ran, []
        return ran


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Commands:
    stand_in = Commands()
    monkeypatch.setattr(subprocess, "run", stand_in)
    return stand_in


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    for name in ("docs", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"# {name}\n", encoding="utf-8")
    return tmp_path


def test_second_call_runs_nothing(root: Path, commands: Commands) -> None:
    environment.prepare("docs", root)
    assert commands.since() == ["venv", "pip"]
    assert environment.prepare("docs", root) == environment.interpreter(root)
    assert commands.since() == []


def test_each_file_is_installed_into_the_same_environment(root: Path, commands: Commands) -> None:
    environment.prepare("docs", root)
    commands.since()
    environment.prepare("dev", root)
    assert commands.since() == ["check", "pip"]
    environment.prepare("docs", root)
    assert commands.since() == []


def test_changed_requirements_are_installed(root: Path, commands: Commands) -> None:
    environment.prepare("docs", root)
    (root / "requirements/docs.txt").write_text("# other\n", encoding="utf-8")
    commands.since()
    environment.prepare("docs", root)
    assert commands.since() == ["check", "pip"]


def test_failed_installation_is_tried_again(root: Path, commands: Commands) -> None:
    commands.failing = "pip"
    with pytest.raises(environment.EnvironmentProblem, match=r"requirements/docs\.txt"):
        environment.prepare("docs", root)
    commands.failing = ""
    commands.since()
    environment.prepare("docs", root)
    assert commands.since() == ["check", "pip"]


def test_interrupted_creation_begins_anew(root: Path, commands: Commands) -> None:
    commands.failing = "venv"
    with pytest.raises(environment.EnvironmentProblem):
        environment.prepare("docs", root)
    commands.failing = ""
    commands.since()
    environment.prepare("docs", root)
    assert commands.since() == ["venv", "pip"]


def test_environment_that_does_not_run_is_made_anew(root: Path, commands: Commands) -> None:
    environment.prepare("docs", root)
    environment.interpreter(root).unlink()
    commands.since()
    environment.prepare("docs", root)
    assert commands.since() == ["venv", "pip"]


def test_other_python_under_the_same_name_is_noticed(root: Path, commands: Commands) -> None:
    environment.prepare("docs", root)
    python = environment.interpreter(root)
    python.rename(python.with_name("python-newer"))
    python.symlink_to("python-newer")
    commands.since()
    commands.failing = "check"
    environment.prepare("docs", root)
    assert commands.since() == ["check", "venv", "pip"]


def test_environment_that_runs_us_is_left_standing(
    root: Path, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    keepsake = root / ".venv" / "keepsake"
    keepsake.parent.mkdir()
    keepsake.touch()
    monkeypatch.setattr(sys, "prefix", str(root / ".venv"))
    environment.prepare("docs", root)
    assert commands.since() == ["pip"]
    assert keepsake.exists()


def test_half_installed_packages_are_forgotten(root: Path, commands: Commands) -> None:
    packages = root / ".venv/lib/python3.11/site-packages"
    for name in ("whole-1.dist-info", "half-1.dist-info", "~roken", "whole"):
        (packages / name).mkdir(parents=True)
    (packages / "whole-1.dist-info/INSTALLER").touch()
    environment.interpreter(root).parent.mkdir(parents=True)
    environment.interpreter(root).touch()
    environment.prepare("docs", root)
    assert commands.since() == ["check", "pip"]
    left = sorted(path.name for path in packages.iterdir())
    assert left == ["labsite.pth", "whole", "whole-1.dist-info"]


def test_missing_venv_module_is_explained(
    root: Path, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(environment.EnvironmentProblem, match="python3-venv"):
        environment.prepare("docs", root)
    assert commands.since() == []


def test_the_package_is_known_in_every_folder(tmp_path: Path) -> None:
    root = tmp_path / "a löcation"
    (root / "labsite").mkdir(parents=True)
    (root / "labsite/__init__.py").write_text("print('found')\n", encoding="utf-8")
    command = [sys.executable, "-m", "venv", "--without-pip", str(root / ".venv")]
    subprocess.run(command, check=True)
    environment._know_the_package(root)
    environment._know_the_package(root)
    done = subprocess.run(
        [environment.interpreter(root), "-c", "import labsite"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "found\n"
