"""One style sheet and one script: all parts, in order, the group's own first."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from labsite.assets import (
    LARGE_LIST,
    SEARCH,
    mode_script,
    script_bundle,
    style_bundle,
    unused,
    version_of,
    wanted_script,
    wanted_style,
)

STATIC = Path(__file__).parents[2] / "labsite" / "theme" / "static"

PARTS = (
    "css/tokens.css", "css/base.css", "css/content.css", "css/components/zebra.css",
    "css/components/apple.css", "css/stray.css", "js/mode.js", SEARCH, LARGE_LIST, "js/zebra.js",
    "js/apple.js",
)  # fmt: skip


def folder(path: Path, *names: str, mark: str = "") -> Path:
    """A folder of parts, each of which says its own name."""
    for name in names:
        part = path / name
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(f"[{mark}{name}]\n", encoding="utf-8")
    return path


def said(text: str) -> list[str]:
    return re.findall(r"\[(.*?)\]", text)


# Bundles ----------------------------------------------------------------------------------------


def test_styles_come_from_the_general_to_the_components(tmp_path: Path) -> None:
    assert said(style_bundle([folder(tmp_path, *PARTS)])) == [
        "css/tokens.css",
        "css/base.css",
        "css/content.css",
        "css/components/apple.css",
        "css/components/zebra.css",
    ]


def test_scripts_are_all_but_those_that_come_on_demand_or_stand_in_the_page(tmp_path: Path) -> None:
    assert said(script_bundle([folder(tmp_path, *PARTS)])) == ["js/apple.js", "js/zebra.js"]
    assert said(mode_script([tmp_path])) == ["js/mode.js"]
    assert mode_script([tmp_path]) == "[js/mode.js]"


def test_a_groups_own_file_takes_the_place_of_a_part(tmp_path: Path) -> None:
    names = "css/base.css", "css/components/apple.css", "js/zebra.js", "js/mode.js"
    own = folder(tmp_path / "own", *names, mark="own ")
    folders = [own, folder(tmp_path / "theme", *PARTS)]
    assert said(style_bundle(folders)) == [
        "css/tokens.css",
        "own css/base.css",
        "css/content.css",
        "own css/components/apple.css",
        "css/components/zebra.css",
    ]
    assert said(script_bundle(folders)) == ["js/apple.js", "own js/zebra.js"]
    assert said(mode_script(folders)) == ["own js/mode.js"]
    assert said(mode_script(folders[::-1])) == ["js/mode.js"]


def test_a_group_may_add_parts(tmp_path: Path) -> None:
    own = folder(tmp_path / "own", "css/components/more.css", "js/more.js", "css/other.css")
    folders = [own, tmp_path / "missing", folder(tmp_path / "theme", *PARTS)]
    assert [name for name in said(style_bundle(folders)) if "components" in name] == [
        "css/components/apple.css",
        "css/components/more.css",
        "css/components/zebra.css",
    ]
    assert said(script_bundle(folders)) == ["js/apple.js", "js/more.js", "js/zebra.js"]


def test_comments_in_styles_are_left_out(tmp_path: Path) -> None:
    part = folder(tmp_path, *PARTS) / "css" / "base.css"
    part.write_text("/* one\n * two */\na { b: c }\n/**/ d { e: f } /* g */\n", encoding="utf-8")
    text = style_bundle([tmp_path])
    assert "*" not in text
    assert "a { b: c }" in text
    assert "d { e: f }" in text


def test_the_themes_own_bundles_hold_every_part_once() -> None:
    style, script = style_bundle([STATIC]), script_bundle([STATIC])
    components = {path.name for path in (STATIC / "css" / "components").glob("*.css")}
    assert components
    assert "/*" not in style
    assert style.count("{") == style.count("}")
    on_demand = {Path(SEARCH).name, Path(LARGE_LIST).name, "mode.js"}
    for path in (STATIC / "js").glob("*.js"):
        text = path.read_text(encoding="utf-8").strip()
        assert script.count(text) == (path.name not in on_demand)


def test_a_version_is_new_for_new_content_only() -> None:
    assert version_of(b"a") == version_of(b"a") != version_of(b"b")
    assert re.fullmatch(r"[0-9a-f]{8}", version_of("ü 深".encode()))


# What a page needs ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "body", "wanted"),
    [
        ("_static/pygments.css", '<div class="highlight-python notranslate">', False),  # ours are
        ("_static/sphinx-design.min.css", '<div class="sd-card">', True),
        ("_static/sphinx-design.min.css", "<p></p>", False),
        ("_static/labsite.css", "", True),
        ("https://example.org/own.css", "", True),
    ],
)
def test_a_style_sheet_is_loaded_where_it_is_needed(name: str, body: str, wanted: bool) -> None:
    assert wanted_style(SimpleNamespace(filename=name), body) is wanted


@pytest.mark.parametrize(
    ("name", "body", "wanted"),
    [
        ("_static/doctools.js", "sd-tab", False),
        ("_static/sphinx_highlight.js", "", False),
        ("_static/documentation_options.js", "", False),
        ("_static/translations.js", "", False),  # comes with every language but plain English
        ("_static/design-tabs.js", '<div class="sd-tab-set">', True),
        ("_static/design-tabs.js", '<div class="sd-card">', False),
        ("_static/labsite.js", "", True),
        ("https://example.org/own.js", "", True),
    ],
)
def test_a_script_is_loaded_where_it_is_needed(name: str, body: str, wanted: bool) -> None:
    assert wanted_script(SimpleNamespace(filename=name, attributes={}), body) is wanted


@pytest.mark.parametrize("name", ["", None])
def test_of_scripts_in_the_page_sphinxs_options_go_and_others_stay(name: str | None) -> None:
    for body, wanted in (("DOCUMENTATION_OPTIONS.x = 1", False), ("let a;", True), (None, True)):
        attributes = {} if body is None else {"body": body}
        assert wanted_script(SimpleNamespace(filename=name, attributes=attributes), "") is wanted


# What no page loads -----------------------------------------------------------------------------


def test_what_themes_bring_and_no_page_loads_is_named(tmp_path: Path) -> None:
    base = folder(tmp_path / "base", "scripts/big.js", "basic.css.jinja", "vendor/a/b.woff2")
    ours = folder(tmp_path / "ours", SEARCH, LARGE_LIST, "css/base.css")
    own = folder(tmp_path / "own", "vendor/a/b.woff2", "logo.svg", "pygments.css")
    found = unused([base, ours, tmp_path / "missing"], [own])
    assert {"scripts/big.js", "basic.css", "css/base.css", "doctools.js"} <= found
    assert not {SEARCH, LARGE_LIST, "labsite.css", "labsite.js", "design-tabs.js"} & found
    assert not {"vendor/a/b.woff2", "logo.svg", "pygments.css"} & found
