"""Vector drawings (SVG) as a page shows them: as they are, less what drawing programs noted.

Metadata, comments, scripts and all that belongs to a program's own namespace go; photos set into
a drawing lose what their camera noted.
"""

from __future__ import annotations

import base64
import hashlib
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree

from labsite.policy import pixels
from labsite.variants import ImageProblem, Picture, Place, Variant, readable_stem, write_whole

if TYPE_CHECKING:
    from pathlib import Path

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_KEPT: Final = (
    *(_SVG, _XLINK, "http://www.w3.org/XML/1998/namespace"),
    *("http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML"),
)
"""The namespaces that browsers draw; those of programs are only notes."""
_DROPPED: Final = frozenset({"metadata", "script"})
_DATA: Final = re.compile(r"\s*data:image/(png|jpe?g|webp|gif);base64,(.*)", re.DOTALL)
_HEAVY: Final = 500_000  # bytes
_MOST: Final = 20_000_000  # bytes that are read at all
_SMALLEST: Final = 300  # pixels, of a drawing that does not say how wide it is (CSS 2.1, 10.3.2)

ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", _XLINK)


def make_drawing(source: Path, place: Place, folder: Path) -> Picture:
    """Put a vector drawing in place; its size is as it says.

    Args:
        source: The maintainer's file.
        place: Where it is to be shown, which cannot be wider than the widest variant there.
        folder: Where it goes.

    Raises:
        ImageProblem: The file cannot be used.
        OSError: It cannot be written. It is not left half.
    """
    root = _parsed(source)
    try:
        width, height = _size(root)
        shown = min(width, max(place.widths))
        size = max(1, round(shown)), max(1, round(shown * height / width))
    except (ValueError, ArithmeticError) as error:
        raise _damaged(source, str(error)) from error
    _clean(root)
    try:
        data = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    except RecursionError as error:
        raise _damaged(source, "its groups are a thousand deep") from error
    name = f"{readable_stem(source)}-{hashlib.sha256(data).hexdigest()[:16]}.svg"
    if not (folder / name).is_file():
        write_whole(folder / name, data)
    return Picture((), (Variant(name, *size, "image/svg+xml"),), *size, place.sizes)


def check_ending(source: Path) -> ImageProblem | None:
    """Return that a drawing's ending does not say that it is one."""
    if source.suffix.lower() in {".svg", ".svgz"}:
        return None
    what = f"The picture {source.name!r} holds a drawing, which its ending does not say."
    return ImageProblem(what, f"Rename it to '{source.stem}.svg'.")


def check_weight(source: Path) -> ImageProblem | None:
    """Return that a drawing, of which there are no smaller variants, is a heavy file."""
    with suppress(OSError):
        size = source.stat().st_size
        if size > _HEAVY:
            megabytes = f"{size / 1e6:.1f} MB"
            what = f"The drawing {source.name!r} has {megabytes}, and readers load it whole."
            return ImageProblem(what, "Export it as PNG, or simplify it.")
    return None


def check_parts(source: Path) -> ImageProblem | None:
    """Return that a drawing needs another file, which browsers do not load for a picture."""
    with suppress(ImageProblem):
        for node in _parsed(source).iter():
            for name in ("href", f"{{{_XLINK}}}href"):
                link = node.get(name, "").strip()
                if _local(node.tag) in {"image", "use"} and link and link[0] != "#":
                    if link.startswith("data:"):
                        continue
                    what = f"The drawing {source.name!r} needs {link!r}, which is not in it."
                    return ImageProblem(what, "Embed it in the drawing program, and save anew.")
    return None


def _parsed(source: Path) -> ElementTree.Element:
    try:
        with source.open("rb") as file:
            data = file.read(_MOST + 1)
    except OSError as error:
        what = f"The drawing {source.name!r} cannot be opened ({error.strerror})."
        raise ImageProblem(what, "Make the file readable.") from error
    if source.suffix.lower() == ".svgz":
        what = f"The drawing {source.name!r} is compressed, which browsers do not read as it is."
        raise ImageProblem(what, "Save it as plain SVG.")
    if len(data) > _MOST:
        what = f"The drawing {source.name!r} is too large."
        raise ImageProblem(what, "Export it as PNG.")
    try:  # expat itself stops at entities that grow without bound, and fetches nothing
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise _damaged(source, str(error)) from error
    if root.tag != f"{{{_SVG}}}svg":
        what = (
            f"The drawing {source.name!r} does not say that it is one: browsers will not show it."
        )
        raise ImageProblem(what, f'Begin it with xmlns="{_SVG}" in its svg element.')
    return root


def _damaged(source: Path, why: str) -> ImageProblem:
    what = f"The drawing {source.name!r} is damaged ({why})."
    return ImageProblem(what, "Save it anew in a drawing program.")


def _size(root: ElementTree.Element) -> tuple[float, float]:
    """Return a drawing's width and height in pixels (SVG 2, 8.2 and 8.6)."""
    box = [float(part) for part in re.split(r"[\s,]+", root.get("viewBox", "").strip()) if part]
    width, height = (pixels(root.get(name, "")) for name in ("width", "height"))
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        ratio = box[2] / box[3]
        wide = width or (height * ratio if height else max(box[2], _SMALLEST))
        return wide, height or wide / ratio
    return width or _SMALLEST, height or _SMALLEST / 2


def _clean(node: ElementTree.Element) -> None:
    """Take out of an element what nobody needs who looks at the drawing."""
    waiting = [node]
    while waiting:  # a drawing may be thousands deep
        node = waiting.pop()
        for name in [*node.attrib]:
            if not _is_drawn(name) or _local(name).lower().startswith("on"):
                del node.attrib[name]
            elif _local(name) == "href" and (match := _DATA.fullmatch(node.attrib[name])):
                node.attrib[name] = _without_notes(match)
        for child in [*node]:
            if not _is_drawn(child.tag) or _local(child.tag) in _DROPPED:
                node.remove(child)
        waiting += [*node]


def _is_drawn(name: object) -> bool:
    return isinstance(name, str) and (name[0] != "{" or name[1:].partition("}")[0] in _KEPT)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _without_notes(match: re.Match[str]) -> str:
    """Return a photo in a drawing without what its camera noted; a damaged one becomes empty."""
    from labsite.images import without_notes  # and Pillow: only now, as few drawings hold photos

    try:
        clean = without_notes(base64.b64decode(match[2]))
    except ValueError:  # as ImageProblem is one
        return "data:,"
    if clean is None:
        return match[0]
    kind, data = clean
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"
