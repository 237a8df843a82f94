"""Pictures on pages: portraits, previews of papers, images in Markdown, each as its place needs.

What a maintainer drops in may be a telephone's 12 MB: a page never loads that file, but small
variants of it (:mod:`labsite.images`), made once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from labsite.diagnostics import Problem
from labsite.domain import LabsiteDomain
from labsite.images import (
    ImageProblem,
    Picture,
    Place,
    check_motion,
    check_name,
    check_weight,
    is_vector,
    make_drawing,
    make_picture,
)
from labsite.policy import is_elsewhere, pixels, share_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

FOLDER: Final = "_images"
"""Where the variants go, relative to the output folder."""
PLACES: Final = {
    "portrait": Place((72, 144), ratio=1, sizes="68px"),
    "portrait-large": Place((144, 288), ratio=1, sizes="144px"),
    "preview": Place((360, 720), sizes="(min-width: 60rem) 45rem, 100vw"),
    "page": Place((400, 800, 1200), sizes="(min-width: 71rem) 66rem, 100vw"),
    "logo": Place((80, 160, 320), sizes="80px"),
}
_KINDS: Final = ("svg+xml", "avif", "webp", "png", "jpeg", "gif")
"""Which of several files of one name is taken, as media types."""


class Pictures:
    """The pictures of one build.

    Args:
        root: The folder that paths in data files are relative to.
        outdir: The output folder.
    """

    def __init__(self, root: Path, outdir: Path) -> None:
        self.root, self.folder = root, outdir / FOLDER
        self._made: dict[tuple[Path, Place], Picture | ImageProblem] = {}

    def get(self, path: str | Path, place: Place | str) -> Picture | None:
        """Return a picture for a place; None if there is none or it cannot be used."""
        made = self._make(self.root / path, place) if path else None
        return made if isinstance(made, Picture) else None

    def problems(self, path: str | Path, place: Place | str) -> Iterator[ImageProblem]:
        """Yield what is wrong with a picture."""
        made = self._make(self.root / path, place)
        if isinstance(made, ImageProblem):
            yield made
            return
        checks = (check_name, check_motion, check_weight)
        yield from filter(None, (check(self.root / path) for check in checks))

    def files(self) -> set[str]:
        """Return all variants asked for so far, relative to the output folder."""
        made = (picture for picture in self._made.values() if isinstance(picture, Picture))
        return {
            f"{FOLDER}/{variant.path}"
            for picture in made
            for variants in (picture.fallback, *(found for _, found in picture.sources))
            for variant in variants
        }

    def _make(self, source: Path, place: Place | str) -> Picture | ImageProblem:
        wanted = PLACES[place] if isinstance(place, str) else place
        key = source.resolve(), wanted
        if key not in self._made:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                make = make_drawing if is_vector(source) else make_picture
                self._made[key] = make(source, wanted, self.folder)
            except ImageProblem as problem:
                self._made[key] = problem
        return self._made[key]


def note_images(app: Sphinx, doctree: nodes.document) -> None:
    """Handle ``doctree-read``: keep which pictures a page has, to be checked on every build."""
    domain = LabsiteDomain.of(app.env)
    for node in doctree.findall(nodes.image):
        path = _path_of(node)
        line = next((part.line for part in (node, *_above(node)) if part.line), 1)
        if is_elsewhere(path):
            what = f"The picture {path!r} is on another site, which would learn who reads this one."
            remedy = "Keep a copy beside the page, if its licence allows, or link to it."
            page = str(domain.env.doc2path(domain.env.docname))
            domain.note_problem(Problem(page, line, "image", what, remedy))
        elif not path.startswith("data:"):
            told = bool(node.get("alt")) or "decorative" in node["classes"]
            domain.note_image(path, line, told=told, width=_width(node))


def _path_of(node: nodes.image) -> str:
    """Return a picture's file; of those that ``name.*`` stands for, the best."""
    if not str(node["uri"]).endswith(".*"):
        return str(node["uri"])
    found: dict[str, str] = node.get("candidates", {})
    return next((found[f"image/{kind}"] for kind in _KINDS if f"image/{kind}" in found), "")


def _above(node: nodes.Node) -> Iterator[nodes.Node]:
    while node.parent is not None:
        node = node.parent
        yield node


def check_pictures(domain: LabsiteDomain) -> Iterator[Problem]:
    """Yield what is wrong with portraits, previews, the logo and pictures on pages.

    After that every picture of the site has been made, so that what else there is is stale.
    """
    pictures: Pictures = domain.renderer.pictures
    for path, line, what, source, places in _wanted(domain):
        problems = [found for place in places for found in pictures.problems(source, place)]
        for found in {found.what: found for found in problems}.values():
            yield Problem(path, line, "image", f"{what}: {found.what}", found.remedy)
    for docname, images in sorted(domain.images.items()):
        for image in images:
            if not image.told:
                what = f"The picture {image.path!r} has no text for those who cannot see it."
                remedy = (
                    "Write ![what it shows](file), or give it the class 'decorative' "
                    "if it says nothing."
                )
                path = str(domain.env.doc2path(docname))
                yield Problem(path, image.line, "image", what, remedy)


_Wanted = tuple[str, int, str, "str | Path", "tuple[Place | str, ...]"]
"""File and line that name a picture, what it is, the picture itself, its places."""


def _wanted(domain: LabsiteDomain) -> Iterator[_Wanted]:
    for person in domain.store.people:
        if person.photo:
            what = f"The photo of {person.id!r}, {person.photo}"
            places = ("portrait", "portrait-large")
            yield person.source.path, person.photo_line, what, person.photo, places
    for pub in domain.store.publications:
        if pub.preview:
            what = f"The preview of {pub.key!r}, {pub.preview}"
            yield pub.source.path, pub.preview_line, what, pub.preview, ("preview",)
    logo = domain.env.config.html_logo
    if logo and not is_elsewhere(logo):
        yield "conf.py", 1, f"The logo, {logo}", logo, ("logo",)
    for docname, images in sorted(domain.images.items()):
        path = str(domain.env.doc2path(docname))
        for image in images:
            source = Path(domain.env.srcdir) / image.path
            if source.is_file():  # Sphinx tells of missing ones
                what = f"The picture {image.path!r}"
                yield path, image.line, what, source, (place_of(image.width),)


class picture_image(nodes.image):
    """A picture that is shown in variants; still an image, as links around it want one."""


def visit_picture(translator: Any, node: picture_image) -> None:
    """Write a picture's HTML, which a template has made."""
    translator.body.append(node["html"])
    raise nodes.SkipNode


class PictureTransform(SphinxPostTransform):
    """Put small variants in the place of a page's pictures, so that Sphinx copies no original."""

    default_priority = 8
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Replace every picture that can be used; the others stay as Sphinx has them."""
        domain = LabsiteDomain.of(self.env)
        renderer = domain.renderer
        if renderer is None:
            return
        images = list(self.document.findall(nodes.image))
        for number, node in enumerate(images):
            source, width = Path(self.env.srcdir) / _path_of(node), _width(node)
            picture = renderer.pictures.get(source, place_of(width)) if source.is_file() else None
            if picture is None:
                continue
            html = renderer(
                "page-picture",
                self.env.docname,
                picture=picture,
                alt=node.get("alt", ""),
                eager=number == 0,
                classes=[*node["classes"], *_alignment(node), *_share(node)],
                width=width,
                identity=next(iter(node["ids"]), ""),
                title=node.get("title", ""),
            )
            # "?" tells Sphinx not to look for the file, nor to copy it
            shown = picture_image("", html=html, uri=node["uri"], candidates={"?": ""})
            node.replace_self(shown)


def _width(node: nodes.image) -> int:
    """Return the width asked for in pixels, or 0."""
    return pixels(str(node.get("width", "")))


def place_of(width: int) -> Place | str:
    """Return the place of a picture with a width of its own in pixels, or the page's."""
    return Place((width, 2 * width), sizes=f"min({width}px, 100vw)") if width else "page"


def _share(node: nodes.image) -> list[str]:
    """Return the class for a width in per cent: style attributes are forbidden."""
    asked = str(node.get("width", "")) or f"{node.get('scale', '')}%"
    return [share] if (share := share_class(asked)) else []


def _alignment(node: nodes.image) -> list[str]:
    return [f"align-{node['align']}"] if node.get("align") else []
