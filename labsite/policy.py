"""What the site's Content-Security-Policy lets a page do, and what stands in the place of the rest.

Nothing but the site's own files, one inline script known by its hash, no ``style`` attributes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PIXELS: Final = {  # CSS Values and Units 3, 6.2; font sizes are those of the text
    "": 1.0, "px": 1.0, "in": 96.0, "cm": 96 / 2.54, "mm": 9.6 / 2.54, "pt": 96 / 72, "pc": 16.0,
    "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0,
}  # fmt: skip
_LENGTH: Final = re.compile(r"\s*(\d{1,6}(?:\.\d{1,9})?|\.\d{1,9})\s*([a-z]*|%)\s*", re.IGNORECASE)
_TAG: Final = re.compile(r'<(col|img|figure|table)\b((?:[^"<>]++|"[^"]{0,9999}+"){0,99}+)>')
_STYLE: Final = re.compile(r'\sstyle="([^"]*)"')
_FRAMES: Final = frozenset({"iframe", "frame", "object", "embed", "applet"})
_FETCHING: Final = frozenset({"src", "poster", "data", "action", "formaction"})
_LINKS: Final = frozenset({"stylesheet", "icon", "preload", "modulepreload", "manifest"})
_SCRIPTS: Final = frozenset({"text/javascript", "application/javascript", "module"})


def script_hash(script: str) -> str:
    """Return an inline script's source expression for a Content-Security-Policy (CSP 3, 2.3.1)."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def content_security_policy(inline: str) -> str:
    """Return the policy under which every page of the site works: nothing but its own files.

    Args:
        inline: The one script that stands in the pages themselves.
    """
    own = "'self'"
    rules = {
        "default-src": "'none'",
        "script-src": f"{own} {script_hash(inline)}",
        "style-src": own,
        "img-src": f"{own} data:",
        "font-src": own,
        "media-src": own,
        "connect-src": own,
        "manifest-src": own,
        "form-action": own,
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def is_elsewhere(address: str) -> bool:
    """Whether what is at an address would be fetched from another site."""
    return re.match(r"\s*(?:[a-z][a-z0-9+.-]*:)?//", address, re.IGNORECASE) is not None


def pixels(length: str) -> int:
    """Return a length such as ``12em``, ``300px`` or ``300`` in CSS pixels; 0 if it is none."""
    match = _LENGTH.fullmatch(length)
    factor = _PIXELS.get(match[2].lower()) if match else None
    return round(float(match[1]) * factor) if match and factor else 0


def share_class(length: str) -> str:
    """Return the class for a width in per cent, in steps of five; empty if it is none."""
    match = _LENGTH.fullmatch(length)
    if not match or match[2] != "%":
        return ""
    return f"ls-w-{min(100, max(5, 5 * round(float(match[1]) / 5)))}"


def without_styles(html: str) -> str:
    """Return HTML with the widths that docutils writes as ``style`` turned into what is allowed.

    A width in per cent becomes a class, a picture's size its attributes. All else stays: where no
    policy is sent it still works.
    """
    return _TAG.sub(_restyled, html) if ' style="' in html else html


def _restyled(match: re.Match[str]) -> str:
    tag, others = match.groups()
    style = _STYLE.search(others)
    if style is None:
        return match[0]
    classes, attributes, rest = [], "", []
    for declaration in filter(None, (part.strip() for part in style[1].split(";"))):
        name, _, value = declaration.partition(":")
        if name == "width" and (share := share_class(value)):
            classes.append(share)
        elif tag == "img" and name in {"width", "height"} and (size := pixels(value)):
            attributes += f' {name}="{size}"'
        else:
            rest.append(declaration)
    others = others.replace(style[0], "", 1)
    if classes and (given := re.search(r'\sclass="([^"]*)"', others)):
        others = others.replace(given[0], f' class="{given[1]} {" ".join(classes)}"', 1)
    elif classes:
        others = f' class="{" ".join(classes)}"{others}'
    kept = f' style="{"; ".join(rest)}"' if rest else ""
    return f"<{tag}{attributes}{kept}{others}>"


def breaches(html: str) -> Iterator[tuple[int, str, str]]:
    """Yield what does not work, or not as it should, in HTML written by hand.

    Yields:
        Line in the HTML, counted from 0; what is wrong; the remedy. Whole sentences.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    yield from reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str, str]] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Note what an element does that it may not."""
        given = {name: value or "" for name, value in attrs}
        if tag in _FRAMES:
            self._refuse(f"the {tag} shows what is not on this page", "Link to it instead.")
        elif tag == "style" or "style" in given:
            remedy = "Give it a class, and the class a rule in _static/css/components/."
            self._refuse(f"{tag} sets a style", remedy)
        elif tag == "script" and "src" not in given and not _is_data(given.get("type", "")):
            self._refuse("the script is not in a file", "Put it into _static/js/.")
        for name, value in given.items():
            is_script = value.strip().lower().startswith("javascript:")
            if re.fullmatch(r"on[a-z]{3,}", name) or is_script:
                self._refuse(f"{tag} has a script in {name}", "Put it into _static/js/.")
        fetched = [given[name] for name in _FETCHING & {*given}]
        fetched += [part.strip() for part in given.get("srcset", "").split(",")]
        if tag == "link" and _LINKS & {*given.get("rel", "").lower().split()}:
            fetched.append(given.get("href", ""))
        if tag not in _FRAMES and any(map(is_elsewhere, fetched)):
            remedy = "Keep a copy beside the page, if its licence allows."
            self._refuse(f"{tag} is fetched from another site, or sent there", remedy)
        elif tag in {"img", "video", "audio", "source"} and not _is_published(given.get("src", "")):
            what = f"In the HTML, the file of the {tag} is not looked for, made fit or copied."
            said = "Write ![what it shows](file)" if tag == "img" else "Put the file into _static/"
            self._note(what, f"{said} instead.")

    def _refuse(self, what: str, remedy: str) -> None:
        self._note(f"In the HTML, {what}, which the site's policy does not let work.", remedy)

    def _note(self, what: str, remedy: str) -> None:
        self.found.append((self.getpos()[0] - 1, what, remedy))


def _is_data(kind: str) -> bool:
    """Whether a script of this type is but data (HTML, 4.12.1), which no policy minds."""
    return "/" in kind and kind.lower() not in _SCRIPTS


def _is_published(address: str) -> bool:
    """Whether what is at an address is there anyhow: among static files, or in the page."""
    return not address or "_static/" in address or address.startswith("data:")
