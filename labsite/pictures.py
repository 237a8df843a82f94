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
from labsite.images import ImageProblem, Picture, Place, check_motion, check_name, make_picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from labsite.domain import PageImage

FOLDER: Final = "_images"
"""Where the variants go, relative to the output folder."""
PLACES: Final = {
    "portrait": Place((72, 144), ratio=1, sizes="68px"),
    "portrait-large": Place((144, 288), ratio=1, sizes="144px"),
    "preview": Place((360, 720), sizes="(min-width: 60rem) 45rem, 100vw"),
    "page": Place((400, 800, 1200), sizes="(min-width: 71rem) 66rem, 100vw"),
}
_VECTOR: Final = (".svg", ".svgz")


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
        yield from filter(None, (check_name(self.root / path), check_motion(self.root / path)))

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
                self._made[key] = make_picture(source, wanted, self.folder)
            except ImageProblem as problem:
                self._made[key] = problem
        return self._made[key]


def note_images(app: Sphinx, doctree: nodes.document) -> None:
    """Handle ``doctree-read``: keep which pictures a page has, to be checked on every build."""
    domain = LabsiteDomain.of(app.env)
    for node in doctree.findall(nodes.image):
        if "://" in node["uri"] or node["uri"].startswith("data:"):
            continue
        told = bool(node.get("alt")) or "decorative" in node["classes"]
        line = next((part.line for part in (node, *_above(node)) if part.line), 1)
        domain.note_image(node["uri"], line, told=told)


def _above(node: nodes.Node) -> Iterator[nodes.Node]:
    while node.parent is not None:
        node = node.parent
        yield node


def check_pictures(domain: LabsiteDomain) -> Iterator[Problem]:
    """Yield what is wrong with portraits, previews and pictures on pages."""
    pictures: Pictures = domain.renderer.pictures
    for person in domain.store.people:
        if person.photo:
            for found in pictures.problems(person.photo, "portrait-large"):
                what = f"The photo of {person.id!r}, {person.photo}: {found.what}"
                yield Problem(person.source.path, person.photo_line, "image", what, found.remedy)
    for pub in domain.store.publications:
        if pub.preview:
            for found in pictures.problems(pub.preview, "preview"):
                what = f"The preview of {pub.key!r}, {pub.preview}: {found.what}"
                yield Problem(pub.source.path, pub.preview_line, "image", what, found.remedy)
    for docname, images in sorted(domain.images.items()):
        for image in images:
            yield from _check_image(domain, pictures, docname, image)


def _check_image(
    domain: LabsiteDomain, pictures: Pictures, docname: str, image: PageImage
) -> Iterator[Problem]:
    path = str(domain.env.doc2path(docname))
    if not image.told:
        what = f"The picture {image.path!r} has no text for those who cannot see it."
        remedy = (
            "Write ![what it shows](file), or give it the class 'decorative' if it says nothing."
        )
        yield Problem(path, image.line, "image", what, remedy)
    source = Path(domain.env.srcdir) / image.path
    if source.suffix.lower() not in _VECTOR and source.is_file():  # Sphinx tells of missing ones
        for found in pictures.problems(source, "page"):
            what = f"The picture {image.path!r}: {found.what}"
            yield Problem(path, image.line, "image", what, found.remedy)


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
            source = Path(self.env.srcdir) / node["uri"]
            if source.suffix.lower() in _VECTOR or not source.is_file():
                continue
            picture = renderer.pictures.get(source, _place(node))
            if picture is None:
                continue
            html = renderer(
                "page-picture",
                self.env.docname,
                picture=picture,
                alt=node.get("alt", ""),
                eager=number == 0,
                classes=[*node["classes"], *_alignment(node), *_share(node)],
                width=_pixels(node),
                identity=next(iter(node["ids"]), ""),
                title=node.get("title", ""),
            )
            # "?" tells Sphinx not to look for the file, nor to copy it
            shown = picture_image("", html=html, uri=node["uri"], candidates={"?": ""})
            node.replace_self(shown)


def _pixels(node: nodes.image) -> int:
    """Return the width asked for in pixels, or 0."""
    width = str(node.get("width", "")).removesuffix("px")
    return int(width) if width.isdigit() else 0


def _place(node: nodes.image) -> Place | str:
    """Return the place of a picture with a width of its own in pixels, or the page's."""
    width = _pixels(node)
    return Place((width, 2 * width), sizes=f"min({width}px, 100vw)") if width else "page"


def _share(node: nodes.image) -> list[str]:
    """Return the class for a width in per cent, rounded to tens: style attributes are forbidden."""
    asked = str(node.get("width", "")) or f"{node.get('scale', '')}%"
    number = asked.removesuffix("%")
    if asked == number or not number.isdigit() or int(number) >= 95:
        return []
    return [f"ls-w-{max(1, round(int(number) / 10))}0"]


def _alignment(node: nodes.image) -> list[str]:
    return [f"align-{node['align']}"] if node.get("align") else []
