"""Settings in conf.py that this frame, or the site's policy, cannot follow."""

from __future__ import annotations

import tomllib
from configparser import ConfigParser
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from labsite.diagnostics import Problem, suggest
from labsite.domain import LabsiteDomain
from labsite.frame import footer_pages
from labsite.policy import breaches, is_elsewhere
from labsite.render import THEME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

_FROM_BASE: Final = frozenset({"announcement", "templates_skip_empty_check"})
"""The options of the base theme, besides those in our theme.toml, that our frame follows."""
_NEEDS_SCRIPTS: Final = frozenset(
    {"theme-switcher", "version-switcher", "search-button", "search-button-field", "search-field"}
    | {"navbar-nav", "navbar-icon-links", "icon-links", "sidebar-nav-bs", "sidebar-collapse"}
)
"""The base theme's components that are nothing without its style sheet and scripts."""
_OWN_COMPONENTS: Final = (
    *("components/theme-switcher", "components/search-button", "components/main-nav"),
    *("components/navbar-logo", "components/page-toc", "components/edit-this"),
)


def check_options(app: Sphinx) -> Iterator[Problem]:
    """Yield a problem for each setting in conf.py that does not work with this frame or policy."""
    config, given = app.config, app.config.html_theme_options
    source = _read_conf(app)

    def told(word: str, what: str, remedy: str) -> Problem:
        lines = source.splitlines()
        line = next((number for number, text in enumerate(lines, 1) if word in text), 1)
        return Problem("conf.py", line, "option", what, remedy)

    for name in sorted({*given} & _options_of_base(app)):
        if given[name]:
            what = (
                f"The theme option {name!r} needs the base theme's scripts, which are not loaded."
            )
            yield told(name, what, "Take it out of html_theme_options.")
    for option, components in given.items():
        for name in sorted(_NEEDS_SCRIPTS & {*_names_in(components)}):
            what = f"The component {name!r} in {option} is the base theme's and needs its scripts."
            remedy = suggest(f"components/{name}", _OWN_COMPONENTS) or "Take it out."
            yield told(name, what, remedy)
    announcement = str(given.get("announcement", "")).strip()
    if is_elsewhere(announcement):
        what = "The theme option announcement is an address, which is not fetched."
        yield told("announcement", what, "Write the announcement itself.")
    for _, what, remedy in breaches(announcement):
        yield told("announcement", what, remedy)
    for setting in ("html_css_files", "html_js_files"):
        for entry in getattr(config, setting):
            address = entry if isinstance(entry, str) else str(entry[0] or "")
            if is_elsewhere(address) or not address:
                what = f"{setting} has {address or 'a script without a file'!r}, "
                what += "which the site's policy does not let work."
                yield told(setting, what, "Put a copy into _static/, if its licence allows.")
    for setting in ("html_logo", "html_favicon"):
        if is_elsewhere(getattr(config, setting) or ""):
            what = f"{setting} is on another site."
            yield told(setting, what, "Put the picture beside conf.py.")
    known = app.env.found_docs
    for name in footer_pages(app):
        if name not in known:
            what = f"The theme option footer_links names the page {name!r}, which does not exist."
            remedy = suggest(name, known) or "Correct it in html_theme_options."
            yield told(name, what, remedy)


def _read_conf(app: Sphinx) -> str:
    with suppress(OSError, ValueError):
        return (Path(app.confdir) / "conf.py").read_text(encoding="utf-8")
    return ""


def _names_in(components: Any) -> Iterator[str]:
    """Yield the components that an option names, as a text, a list or by page."""
    if isinstance(components, str):
        components = components.split(",")
    elif isinstance(components, dict):
        components = [name for names in components.values() for name in names]
    if isinstance(components, list | tuple):
        yield from (str(name).strip().removesuffix(".html") for name in components)


def _options_of_base(app: Sphinx) -> set[str]:
    """Return the options of the base theme that this frame does not follow."""
    conf = ConfigParser(interpolation=None)
    for folder in LabsiteDomain.of(app.env).renderer.themes_below[1:]:
        conf.read(folder / "theme.conf", encoding="utf-8")
    ours = tomllib.loads((THEME / "theme.toml").read_text("utf-8"))["options"]
    return {*conf["options"]} - {*ours} - _FROM_BASE
