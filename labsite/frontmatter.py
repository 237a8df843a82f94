r"""Front matter that would end the build is found before MyST reads it.

MyST tells of YAML that is not well-formed and refuses what is too large; but values that YAML
itself stumbles over (``\UFFFFFFFF``, ``2025-02-30``), and half characters, which no file can hold,
come through as tracebacks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import yaml

from labsite.diagnostics import Problem
from labsite.domain import LabsiteDomain

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_FRONT_MATTER: Final = re.compile(r"---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
PLACEHOLDER: Final = "% One paragraph, in place of this line."
"""How a line begins that the command ``news`` leaves for the writer of the item."""
_SURROGATE: Final = re.compile("[\\ud800-\\udfff]")


def check_front_matter(app: Sphinx, docname: str, content: list[str]) -> None:
    """Handle ``source-read``: leave out front matter that cannot be read, and note it."""
    _check_placeholder(app, content[0])
    found = _FRONT_MATTER.match(content[0])
    if found is None or not (reason := _reason(found[1])):
        return
    what = f"The page's front matter cannot be read ({reason}); all of it is left out."
    path = str(app.env.doc2path(docname))
    problem = Problem(
        path, 1, "front_matter", what, "Mend it, or put the value in quotation marks."
    )
    LabsiteDomain.of(app.env).note_problem(problem)
    content[0] = "\n" * found[0].count("\n") + content[0][found.end() :]


def _check_placeholder(app: Sphinx, text: str) -> None:
    """Note a news item that was begun, but not written."""
    place = 0 if text.startswith(PLACEHOLDER) else text.find(f"\n{PLACEHOLDER}") + 1
    if place or text.startswith(PLACEHOLDER):
        path, line = str(app.env.doc2path(app.env.docname)), text.count("\n", 0, place) + 1
        what = "The page is not written yet: the line for its paragraph is still there."
        remedy = "Write the paragraph in place of that line, and the description above."
        problem = Problem(path, line, "front_matter", what, remedy)
        LabsiteDomain.of(app.env).note_problem(problem)


def _reason(text: str) -> str:
    """Return what YAML stumbles over, or an empty string; MyST tells of YAMLErrors itself."""
    try:
        value = yaml.safe_load(text)
        if "\\" in text and _SURROGATE.search(yaml.safe_dump(value, allow_unicode=True)):
            return "it names half a character"
    except yaml.YAMLError:
        return ""
    except (ValueError, OverflowError, RecursionError, TypeError) as error:
        return str(error) or "it is nested too deeply"
    return ""
