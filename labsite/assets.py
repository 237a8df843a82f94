"""One style sheet and one script for all pages, put together from the theme's parts.

A group's own file of the same name in a folder of ``html_static_path`` takes the part's place.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

STYLE: Final = "labsite.css"
SCRIPT: Final = "labsite.js"
SEARCH: Final = "js/search.js"
LARGE_LIST: Final = "js/large-list.js"
_MODE: Final = "js/mode.js"
_FIRST: Final = ("css/tokens.css", "css/base.css", "css/content.css")
_NOT_BUNDLED: Final = frozenset({_MODE, SEARCH, LARGE_LIST})

_SPHINX_SCRIPTS: Final = frozenset(
    {"documentation_options.js", "doctools.js", "sphinx_highlight.js", "translations.js"}
)
_SPHINX_FILES: Final = frozenset({"pygments.css", "language_data.js", *_SPHINX_SCRIPTS})
"""What Sphinx itself puts into ``_static`` and no page loads."""
_WANTED_FOR: Final = {
    "sphinx-design.min.css": "sd-",
    "design-tabs.js": "sd-tab",
}
"""File → what a page must contain to need it."""


def style_bundle(folders: Sequence[Path]) -> str:
    """Return the style sheet of all pages: variables and base first, then the components.

    Args:
        folders: Where the parts are looked for, the group's own before the theme's.
    """
    components = sorted(_names(folders, "css/components", "css"))
    text = "\n".join(_read(folders, name) for name in (*_FIRST, *components))
    return re.sub(r"/\*.*?\*/\s*", "", text, flags=re.DOTALL)


def script_bundle(folders: Sequence[Path]) -> str:
    """Return the script of all pages: every behaviour but what is loaded on demand."""
    names = sorted(_names(folders, "js", "js") - _NOT_BUNDLED)
    return "\n".join(_read(folders, name) for name in names)


def mode_script(folders: Sequence[Path]) -> str:
    """Return what runs before a page is drawn; it stands in every page's head, always the same."""
    return _read(folders, _MODE).strip()


def unused(theme_folders: Sequence[Path], own: Sequence[Path]) -> set[str]:
    """Return what Sphinx copies to ``_static`` and no page loads.

    Args:
        theme_folders: The static folders of this theme and those it inherits from.
        own: Those of the group, and of themes that inherit from this one; what is there stays.

    Returns:
        Paths relative to ``_static``, with ``/``.
    """
    copied = {
        path.relative_to(folder).as_posix().removesuffix(".jinja").removesuffix("_t")
        for folder in theme_folders
        for path in folder.rglob("*")
        if path.is_file()
    }
    wanted = {STYLE, SCRIPT, SEARCH, LARGE_LIST}
    return {
        name
        for name in (copied | _SPHINX_FILES) - wanted
        if not any((folder / name).is_file() for folder in own)
    }


def version_of(content: bytes) -> str:
    """Return what stands behind ``?v=`` in a file's address: a new one for new content."""
    return hashlib.sha256(content).hexdigest()[:8]


def needles_in(body: str) -> tuple[str, ...]:
    """Return what a page has that needs one of Sphinx's style sheets or scripts."""
    return tuple(needle for needle in _WANTED_FOR.values() if needle in body)


def wanted_style(css: Any, body: str) -> bool:
    """Whether a page with this body needs one of Sphinx's style sheets."""
    name = Path(str(css.filename)).name
    if (
        name == "pygments.css"
    ):  # its colours follow the base theme's switch; ours are in content.css
        return False
    needle = _WANTED_FOR.get(name)
    return needle is None or needle in body


def wanted_script(js: Any, body: str) -> bool:
    """Whether a page with this body needs one of Sphinx's scripts.

    Sphinx's own serve its search and its highlighting of found words, which this theme does in
    another way; a group's own scripts (``html_js_files``) all stay.
    """
    if not js.filename:
        return not str(js.attributes.get("body", "")).startswith("DOCUMENTATION_OPTIONS")
    name = Path(str(js.filename)).name
    needle = _WANTED_FOR.get(name)
    return needle in body if needle else name not in _SPHINX_SCRIPTS


def _names(folders: Sequence[Path], below: str, ending: str) -> set[str]:
    """Return the parts in a folder: a group may add some of its own."""
    paths = (path for folder in folders for path in (folder / below).glob(f"*.{ending}"))
    return {f"{below}/{path.name}" for path in paths}


def _read(folders: Sequence[Path], name: str) -> str:
    found = next(folder / name for folder in folders if (folder / name).is_file())
    return found.read_text(encoding="utf-8")
