"""What the project trusts: pinned actions with few rights, pinned packages with hashes."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest
import yaml

import noxfile

ROOT: Final = Path(__file__).parents[1]
WORKFLOWS: Final = sorted((ROOT / ".github/workflows").glob("*.y*ml"))
REQUIREMENTS: Final = sorted((ROOT / "requirements").glob("*.txt"))
HOSTS: Final = [*WORKFLOWS, ROOT / ".readthedocs.yaml", ROOT / ".ci/run"]
"""What tells the hosts what to run."""
WRITABLE: Final = {"pages.yml": {"deploy": {"pages", "id-token"}}}
"""Workflow → job → what it may write."""


def read(path: Path) -> dict[Any, Any]:
    data: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_to_a_commit(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    used = re.findall(r"uses:\s*(\S+)(.*)", text)
    assert used
    for action, comment in used:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r"\s+# v\d+(\.\d+)*", comment), f"{action} says no version"
    assert text.count("actions/checkout@") == text.count("persist-credentials: false")


def test_an_action_has_one_version_everywhere() -> None:
    used = {
        pin
        for path in WORKFLOWS
        for pin in re.findall(r"uses:\s*(\S+)", path.read_text(encoding="utf-8"))
    }
    assert len({pin.partition("@")[0] for pin in used}) == len(used)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_have_the_least_permissions(path: Path) -> None:
    workflow = read(path)
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        given = {right for right, value in job.get("permissions", {}).items() if value != "read"}
        assert given == WRITABLE.get(path.name, {}).get(name, set()), name
        assert job["timeout-minutes"] <= 20
    assert "pull_request_target" not in path.read_text(encoding="utf-8")


def test_dependabot_watches_actions_and_packages() -> None:
    updates = {
        item["package-ecosystem"]: item for item in read(ROOT / ".github/dependabot.yml")["updates"]
    }
    assert updates["github-actions"]["directory"] == "/"
    assert (ROOT / updates["pip"]["directory"].lstrip("/")).is_dir()


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_its_hash(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and line.lstrip()[:1] not in {"#", ""}]
    assert lines
    for line in lines:
        assert re.match(r"[a-z0-9._-]+==\S+ ", line), line
        assert "--hash=sha256:" in line, line


def test_every_requirements_file_is_audited(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[tuple[Any, ...]] = []
    monkeypatch.setattr(noxfile, "run", lambda *arguments: called.append(arguments))
    session: Any = SimpleNamespace(posargs=[])
    noxfile.audit(session)
    ((_, requirements, module, *options),) = called
    assert (requirements, module) == ("audit", "pip_audit")
    files = {f"--requirement={path.relative_to(ROOT).as_posix()}" for path in REQUIREMENTS}
    assert {option for option in options if option.startswith("--requirement")} == files
    workflow = read(ROOT / ".github/workflows/audit.yml")
    assert workflow["jobs"]["audit"]["steps"][-1] == {"run": "make audit"}
    (when,) = workflow[True]["schedule"]  # YAML 1.1 takes "on" for true
    assert when["cron"].endswith(" 1")  # Monday


@pytest.mark.parametrize("path", HOSTS, ids=lambda path: path.name)
def test_hosts_install_only_what_is_pinned_with_its_hash(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = re.findall(r"(?:pip3?|uv|pipx|npm|conda)\s+(?:install|add|sync)\b.*", text)
    assert bool(found) == (path.name == ".readthedocs.yaml")
    for command in found:
        match = re.fullmatch(r"pip install --require-hashes --no-deps -r (\S+)", command)
        assert match, command
        assert ROOT / match[1] in REQUIREMENTS


def test_every_requirements_file_has_one_version_of_a_package() -> None:
    pins: dict[str, set[str]] = {}
    for path in REQUIREMENTS:
        for name, version in re.findall(r"(?m)^([a-z0-9._-]+)==(\S+)", path.read_text("utf-8")):
            pins.setdefault(name, set()).add(version)
    assert {name: found for name, found in pins.items() if len(found) > 1} == {}
