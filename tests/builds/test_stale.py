"""What a page shows by way of settings, templates, code or other pages is never out of date."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import pytest

from tests.builds.sites import Site, differences

if TYPE_CHECKING:
    from collections.abc import Callable

FOOTER: Final = "_templates/components/site-footer.html"
WAVES: Final = "_templates/drawings/waves.svg"
DRAWING: Final = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1"/></svg>'
KILL: Final = """
import os
def setup(app):
    def die(app, name, *rest):
        if name == "news/index":
            os._exit(9)
    if os.path.exists(app.confdir / "kill"):
        app.connect("html-page-context", die)
"""


def assert_clean(site: Site) -> None:
    """Build again, and compare with a build that knows nothing of an earlier one."""
    assert differences(site.build(), site.build(into="clean")) == []


def language(site: Site) -> None:
    site.edit("conf.py", '"en_GB"', '"de"')


def own_script(site: Site) -> None:
    site.write("_static/own.mjs", "let b;\n")


def without_template(site: Site) -> None:
    site.remove(FOOTER)


def older_template(site: Site) -> None:
    site.write(FOOTER, "<p>Older</p>\n")
    os.utime(site.root / FOOTER, (1e9, 1e9))


def drawing(site: Site) -> None:
    site.write(WAVES, DRAWING.replace("M1 1", "M2 2"))
    os.utime(site.root / WAVES, (1e9, 1e9))


def hand_written_page(site: Site) -> None:
    site.write("docs/publications/Meier2025Clear.md", "# By hand\n")
    site.append("docs/publications/index.md", "\n```{toctree}\nMeier2025Clear\n```\n")


def parents_title(site: Site) -> None:
    site.edit("docs/more/z.md", "# Zed", "# Zed again")


CHANGES: Final[dict[str, Callable[[Site], None]]] = {
    change.__name__: change
    for change in (
        language,
        own_script,
        without_template,
        older_template,
        drawing,
        hand_written_page,
        parents_title,
    )
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_reaches_every_page(site: Site, change: str) -> None:
    site.append(
        "conf.py",
        '\ntemplates_path = ["_templates"]\nhtml_static_path = ["_static"]\n'
        'html_js_files = ["own.mjs"]\n',
    )
    site.write("_static/own.mjs", "let a;\n")
    site.write(FOOTER, "<p>Ours</p>\n")
    site.write(WAVES, DRAWING)
    site.append("docs/index.md", "\n```{drawing} waves\n```\n\n```{toctree}\nmore/index\n```\n")
    site.write("docs/more/index.md", "# More\n\n```{toctree}\nz\na\n```\n")
    for name, title in (("z", "Zed"), ("a", "Ay")):
        site.write(f"docs/more/{name}.md", f"# {title}\n\n```{{toctree}}\nx\n```\n")
    site.write("docs/more/x.md", "# Ex\n\nText.\n")
    first = site.build()
    assert "Traceback" not in first.stderr
    CHANGES[change](site)
    assert_clean(site)


FILTER: Final = """

class Motto:
    def __call__(self, text):
        return text + " WORD"

def motto(text):
    return text + " WORD"

def setup(app):
    app.connect("builder-inited", lambda app: app.builder.templates.environment.filters.update(
        motto=KIND
    ))
"""
"""In conf.py: a filter of the group's own."""


@pytest.mark.parametrize("kind", ["motto", "Motto()"])
def test_a_filter_of_the_groups_own_is_asked_again_though_templates_are_kept(
    site: Site, kind: str
) -> None:
    site.append("conf.py", FILTER.replace("WORD", "before").replace("KIND", kind))
    site.write("_templates/layout.html", '{% extends "!layout.html" %}'
               '{% block docs_body %}{{ super() }}{{ "our"|motto }}{% endblock %}')  # fmt: skip
    site.append("conf.py", '\ntemplates_path = ["_templates"]\n')
    assert "our before" in site.build().text("index.html")
    site.write("conf.py", site.read("conf.py").replace(" before", " after"))
    assert "our after" in site.build().text("index.html")
    assert_clean(site)


def test_a_killed_build_leaves_no_page_behind(site: Site) -> None:
    site.append("conf.py", KILL)
    site.build()
    site.edit("conf.py", '"Tiny Lab"\nauthor', '"Tiny Laboratory"\nauthor')
    site.write("kill", "")
    assert site.build().status != 0
    site.remove("kill")
    assert_clean(site)


def test_builders_that_share_doctrees_show_the_same(site: Site) -> None:
    shared = ("-d", "_build/doctrees/shared")
    site.write("docs/part.txt", "Before\n")
    site.append("docs/research/quiet-models.md", "\n```{include} ../part.txt\n```\n")
    for builder in ("html", "dirhtml"):
        site.build(builder, *shared)
    site.write("docs/part.txt", "After\n")
    for builder in ("html", "dirhtml"):
        last = site.build(builder, *shared)
    assert "After" in last.text("research/quiet-models/index.html")


PARENT: Final = "\n@proceedings{proc, title={All \\unknowncmd of it}, year=2020}\n"
CHILD: Final = "\n@inproceedings{child, title={One}, author={A, B}, crossref={proc}}\n"
TWO: Final = (
    "\n@article{one, title={One}, author={A, B}, journal={J}, year=2020, month={foo}} "
    "@article{two, title={Two}, author={A, B}, journal={J}, year=2020}\n"
)


@pytest.mark.parametrize("entries", [PARENT + CHILD, TWO])
def test_every_message_comes_again(site: Site, entries: str) -> None:
    site.append("references.bib", entries)
    first = site.build()
    assert first.status == 1
    site.append("references.bib", "\n")
    again = site.build()
    assert [item.text for item in again.warnings()] == [item.text for item in first.warnings()]
