"""What the keeper would say of a new entry, before it stands in the file."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from labsite.diagnostics import KEEPER_KINDS
from labsite.keeper import findings
from labsite.siteconfig import with_text

if TYPE_CHECKING:
    from labsite.keeper import Finding
    from labsite.placing import Place
    from labsite.siteconfig import Data
    from labsite.source import Source

_MOST: Final = 8
_LINE_NUMBER: Final = re.compile(r":\d+\b")


def foresee(data: Data, source: Source, where: Place, key: str) -> list[str]:
    """Return what a build and ``check`` will say that they do not say now, a line each."""
    text = source.text[: where.offset] + where.text + source.text[where.offset :]
    before = Counter(map(_said, findings(data)))
    new = []
    for finding in findings(with_text(data, text)):
        if before[_said(finding)]:
            before[_said(finding)] -= 1
        else:
            new.append(_told(finding, where, key))
    rest = [f"And {len(new) - _MOST} more: `python -m labsite check` tells them."]
    return [*new[:_MOST], *(rest if len(new) > _MOST else [])]


def _said(finding: Finding) -> tuple[str, str, str]:
    """Return a finding without its place, which the new entry moves."""
    problem = finding.problem
    return problem.subtype, problem.path, _LINE_NUMBER.sub("", f"{problem.what} {problem.remedy}")


def _told(finding: Finding, where: Place, key: str) -> str:
    problem = finding.problem
    line = f"line {problem.line - where.line + 1}"
    place = f"its {line}" if finding.key == key else f"{problem.path}:{problem.line}"
    who = "`check`" if problem.subtype in KEEPER_KINDS else "The build"
    return f"{who} will warn of {place}: {problem.what} {problem.remedy} [{problem.subtype}]"
