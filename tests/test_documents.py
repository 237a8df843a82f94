"""The maintainers' documents name what there is: warnings, options, fields, dependencies."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

from labsite.cli import COMMANDS
from labsite.config import OPTIONS
from labsite.diagnostics import KEEPER_KINDS, LIKELY, SUBTYPES
from labsite.fixes import FIXED
from labsite.model import KINDS
from labsite.vocabulary import SITE_FIELDS

ROOT = Path(__file__).resolve().parents[1]


def document(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_kind_of_warning_has_its_remedy() -> None:
    rows = re.findall(
        r"^\| `labsite\.(\w+)` \|[^|]+\|[^|]+\|$", document("maintaining/warnings.md"), re.M
    )
    assert rows == list(SUBTYPES)


def test_every_finding_of_the_keeper_has_its_remedy() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (error|warning): [^|]+\|[^|]+\|$", document("maintaining/keeper.md"), re.M
    )
    severity = {kind: "warning" if kind in LIKELY else "error" for kind in KEEPER_KINDS}
    assert rows == list(severity.items())


def test_the_hooks_call_commands_that_there_are() -> None:
    hooks = yaml.safe_load(document(".pre-commit-hooks.yaml"))
    called = [hook["entry"].removeprefix("python -m labsite ").split()[0] for hook in hooks]
    assert called == ["check", "format"]
    assert {*called} <= {command.name for command in COMMANDS}
    (repository,) = yaml.safe_load(document(".pre-commit-config.yaml"))["repos"]
    (hook,) = repository["hooks"]
    assert hook["entry"].endswith("-m nox --session check")
    assert "\ndef check(" in document("noxfile.py")
    assert [bool(re.search(hook["files"], name)) for name in ("references.bib", "x.py")] == [
        *(True, False)
    ]


def test_every_mend_is_explained() -> None:
    text = document("maintaining/keeper.md").split("## What `--fix` mends")[1].split("\n## ")[0]
    assert len(re.findall("^- ", text, re.M)) == len(FIXED)


def test_every_option_is_explained_with_its_default() -> None:
    text = document("maintaining/configuration.md")
    for option in OPTIONS:
        assert f'| `labsite_{option.name}` | `"{option.default}"` |' in text


def test_every_field_of_ours_is_explained() -> None:
    text = document("maintaining/publications.md")
    assert [field for field in sorted(SITE_FIELDS) if f"`{field}`" not in text] == []
    for kind in KINDS:
        assert kind in text


def test_the_readme_says_why_each_dependency_is_there() -> None:
    project = tomllib.loads(document("pyproject.toml"))
    groups = project["dependency-groups"].values()
    wanted = project["project"]["dependencies"] + [
        item for group in groups for item in group if isinstance(item, str)
    ]
    names = {re.split(r"[<>=\[; ]", item)[0].lower() for item in wanted}
    table = document("README.md").split("| dependency | why |")[1].lower()
    assert sorted(name for name in names if name not in table) == []


def test_links_between_documents_lead_somewhere() -> None:
    for path in [*ROOT.glob("*.md"), *ROOT.glob("maintaining/*.md")]:
        prose = re.sub(r"^(`{3,}).*?^\1", "", path.read_text("utf-8"), flags=re.M | re.S)
        for target in re.findall(r"\]\((?!https?:|mailto:)([^)#]+)", prose):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_every_test_that_the_faults_name_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", document("maintaining/faults.md"))
    assert len(named) > 20
    for path, name in named:
        assert f"def {name}(" in document(path), f"{path}::{name}"
