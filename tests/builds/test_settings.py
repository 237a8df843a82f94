"""Settings of conf.py that this frame or its policy cannot follow are told; what no page loads is
not published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.builds.sites import Site

SETTINGS = {
    'html_theme_options["icon_links"] = [{"name": "a", "url": "b", "icon": "c"}]': "'icon_links'",
    'html_theme_options["announcement"] = "https://example.org/news.html"': "is an address",
    'html_theme_options["footer_links"] = "imprnt"': "'imprnt'",
    'html_js_files = ["https://example.org/count.js"]': "html_js_files",
    'html_css_files = [("https://example.org/a.css", {"media": "print"})]': "html_css_files",
    'html_logo = "https://example.org/logo.png"': "html_logo",
    'html_js_files = [(None, {"body": "let a;"})]': "a script without a file",
    'html_theme_options["navbar_end"] = ["theme-switcher"]': "'components/theme-switcher'",
    'html_theme_options["announcement"] = \'<b style="color: red">!</b>\'': "sets a style",
}


@pytest.mark.parametrize("line", SETTINGS)
def test_a_setting_that_does_not_work_is_told(site: Site, line: str) -> None:
    site.append("conf.py", f"\n{line}\n")
    build = site.build()
    assert build.status == 1
    (warned,) = build.warnings()
    assert SETTINGS[line] in warned.text and "labsite.option" in warned.text
    assert (warned.file, warned.line) == ("conf.py", site.line_of("conf.py", line))


@pytest.mark.parametrize(
    "line",
    [
        'html_theme_options["announcement"] = "We move house"',
        'html_theme_options["show_toc_level"] = 1',
        'html_theme_options["icon_links"] = []',
    ],
)
def test_a_setting_that_works_is_not(site: Site, line: str) -> None:
    site.append("conf.py", f"\n{line}\n")
    build = site.build()
    assert (build.status, build.stderr) == (0, "")


def test_a_theme_of_a_groups_own_keeps_its_files_and_options(site: Site) -> None:
    site.write(
        "themes/mine/theme.toml",
        '[theme]\ninherit = "labsite"\nstylesheets = ["labsite.css", "mine.css"]\n'
        '[options]\nmotto = ""\n',
    )
    site.write("themes/mine/static/mine.css", ".a {}\n")
    site.write("themes/mine/static/img/bg.png", b"x")
    site.edit("conf.py", 'html_theme = "labsite"', 'html_theme = "mine"')
    site.append("conf.py", '\nhtml_theme_path = ["themes"]\nhtml_theme_options = {"motto": "m"}\n')
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    assert {"_static/mine.css", "_static/img/bg.png"} <= set(build.files())
    assert "_static/scripts/bootstrap.js" not in build.files()


def test_another_theme_has_no_policy(site: Site) -> None:
    site.edit("conf.py", 'html_theme = "labsite"', 'html_theme = "basic"')
    site.edit("conf.py", 'html_theme_options = {"footer_links": "research/index"}\n', "")
    site.append("docs/research/quiet-models.md", '\n<b style="color: red">Red</b>\n')
    for builder in ("html", "text"):
        assert "labsite.html" not in site.build(builder).stderr


def test_the_general_index_has_no_styles(site: Site) -> None:
    site.append("docs/research/quiet-models.md", "\n```{index} knee; left, knee; right\n```\n")
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    page = build.page("genindex")
    assert not page.select("[style]")
    assert [item.text for item in page.select("article li li")] == ["left", "right"]


def test_what_no_page_loads_is_not_published(site: Site) -> None:
    site.append("conf.py", '\nhtml_static_path = ["_static"]\n')
    site.write("_static/own/data.csv", "1,2\n")
    site.write("_static/scripts/bootstrap.js", "let own;\n")  # the name of one of the base theme's
    for build in (site.build(), site.build()):
        assert (build.status, build.stderr) == (0, "")
        found = {name for name in build.files() if name.startswith("_static/")}
        assert found == {
            *("_static/labsite.css", "_static/labsite.js", "_static/own/data.csv"),
            *("_static/js/search.js", "_static/js/large-list.js", "_static/scripts/bootstrap.js"),
            *("_static/sphinx-design.min.css", "_static/design-tabs.js"),
        }
        assert build.text("_static/scripts/bootstrap.js") == "let own;\n"
        loaded = {
            str(item.get("src") or item.get("href"))
            .partition("?")[0]
            .replace("../", "")
            .lstrip("/")
            for page in build.pages().values()
            for item in page.select("script[src], link[rel=stylesheet]")
        }
        assert loaded <= found
