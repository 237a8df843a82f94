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
}


@pytest.mark.parametrize("line", SETTINGS)
def test_a_setting_that_does_not_work_is_told(site: Site, line: str) -> None:
    site.append("conf.py", f"\n{line}\n")
    build = site.build()
    assert build.status == 1
    (warned,) = build.warnings()
    assert SETTINGS[line] in warned.text and "labsite.option" in warned.text
    assert warned.file == "conf.py"


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
