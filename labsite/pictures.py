"""Pictures on pages: portraits, previews of papers, images in Markdown, each as its place needs.

What a maintainer drops in may be a telephone's 12 MB: a page never loads that file, but small
variants of it (:mod:`labsite.images`), made once.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from labsite.checks import is_shown, place_in_source
from labsite.diagnostics import Problem, suggest
from labsite.domain import LabsiteDomain, PageImage
from labsite.drawings import check_ending, check_parts, check_weight, make_drawing
from labsite.policy import is_elsewhere, pixels, share_class
from labsite.variants import ImageProblem, Picture, Place, is_vector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
_PHOTOS: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".avif", ".tif", ".tiff", ".heic"})


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
            yield _with_hint(made, self.root / path)
            return
        source = self.root / path
        yield from filter(None, (check(source) for check in _checks(source)))

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
                self._made[key] = _maker(source)(source, wanted, self.folder)
            except ImageProblem as problem:
                self._made[key] = problem
        return self._made[key]


def _maker(source: Path) -> Callable[[Path, Place, Path], Picture]:
    if is_vector(source):
        return make_drawing
    from labsite.images import make_picture  # and Pillow, which a site of drawings does not need

    return make_picture


def _checks(source: Path) -> tuple[Callable[[Path], ImageProblem | None], ...]:
    if is_vector(source):
        return check_ending, check_weight, check_parts
    from labsite.images import check_motion, check_name  # as above

    return check_name, check_motion


class PlainNames(SphinxTransform):
    """Give pictures their files' names again, where Markdown has encoded a letter or a space."""

    default_priority = 300

    def apply(self, **kwargs: Any) -> None:
        """Decode each name that is no file's as it is."""
        for node in self.document.findall(nodes.image):
            plain = unquote(str(node["uri"]))
            if plain != node["uri"] and Path(self.env.relfn2path(plain)[1]).is_file():
                node["uri"] = plain


def _with_hint(problem: ImageProblem, source: Path) -> ImageProblem:
    """Add to a missing file's problem which one may have been meant."""
    if source.exists() or not source.parent.is_dir():
        return problem
    near = suggest(source.name, (path.name for path in source.parent.iterdir()))
    if not near:
        return problem
    rename = " Rename it without the space." if " " in near.partition("'")[2] else ""
    return ImageProblem(problem.what, near + rename)


def note_images(app: Sphinx, doctree: nodes.document) -> None:
    """Handle ``doctree-read``: keep which pictures a page has, to be checked on every build."""
    domain = LabsiteDomain.of(app.env)
    for node in doctree.findall(nodes.image):
        if not is_shown(app, node):
            continue
        path, (source, line) = _path_of(node), place_in_source(app, node)
        for what, remedy in _check_sizes(node):
            domain.note_problem(Problem(source, line, "html", what, remedy))
        if is_elsewhere(path):
            what = f"The picture {path!r} is on another site, which would learn who reads this one."
            remedy = "Keep a copy beside the page, if its licence allows, or link to it."
            domain.note_problem(Problem(source, line, "image", what, remedy))
        elif not path.startswith("data:"):
            told = bool(node.get("alt")) or "decorative" in node["classes"]
            domain.note_image(PageImage(path, source, line, told, _width(node)))
    for link in doctree.findall(addnodes.download_reference):
        target = str(link.get("reftarget", ""))
        if Path(target).suffix.lower() in _PHOTOS and is_shown(app, link):
            source, line = place_in_source(app, link)
            what = f"The link publishes {target!r} as it is, with what its camera noted."
            remedy = "Show the picture without the link, or put a clean copy into _static/."
            domain.note_problem(Problem(source, line, "image", what, remedy))


def _check_sizes(node: nodes.image) -> Iterator[tuple[str, str]]:
    width = str(node.get("width", ""))
    if width and not pixels(width) and not share_class(width):
        yield f"The width {width!r} of a picture does not work.", "Write it as 50% or 300px."
    for name in ("height", "scale"):
        if node.get(name):
            what = f"A picture's {name} is not followed: its height goes by its width."
            yield what, "Write a width, such as 50% or 300px."


def _path_of(node: nodes.image) -> str:
    """Return a picture's file; of those that ``name.*`` stands for, the best."""
    if not str(node["uri"]).endswith(".*"):
        return str(node["uri"])
    found: dict[str, str] = node.get("candidates", {})
    return next((found[f"image/{kind}"] for kind in _KINDS if f"image/{kind}" in found), "")


def check_pictures(domain: LabsiteDomain) -> Iterator[Problem]:
    """Yield what is wrong with portraits, previews, the logo and pictures on pages.

    After that every picture of the site has been made, so that what else there is is stale.
    """
    pictures: Pictures = domain.renderer.pictures
    for path, line, what, source, places in _wanted(domain):
        problems = [found for place in places for found in pictures.problems(source, place)]
        for found in {found.what: found for found in problems}.values():
            yield Problem(path, line, "image", f"{what}{found.what}", found.remedy)
    for image in _page_images(domain):
        if not image.told:
            what = f"The picture {image.path!r} has no text for those who cannot see it."
            remedy = (
                "Write ![what it shows](file), or give it the class 'decorative' "
                "if it says nothing."
            )
            yield Problem(image.source, image.line, "image", what, remedy)


def missing_pictures(domain: LabsiteDomain) -> Iterator[Problem]:
    """Yield pictures on pages that are not there: all that other builders and themes ask for."""
    for image in _page_images(domain):
        source = Path(domain.env.srcdir) / image.path
        if not source.is_file():
            missing = ImageProblem(
                f"There is no file {source.name!r}.", "Add it, or correct the path."
            )
            found = _with_hint(missing, source)
            yield Problem(image.source, image.line, "image", found.what, found.remedy)


def pictures_of(domain: LabsiteDomain, docname: str) -> list[Picture | None]:
    """Return the pictures in the text of a page, None for those that cannot be shown."""
    pictures: Pictures = domain.renderer.pictures
    return [
        pictures.get(Path(domain.env.srcdir) / image.path, place_of(image.width))
        for image in domain.images.get(docname, ())
    ]


def _page_images(domain: LabsiteDomain) -> Iterator[PageImage]:
    for _, images in sorted(domain.images.items()):
        yield from images


_Wanted = tuple[str, int, str, "str | Path", "tuple[Place | str, ...]"]
"""File and line that name a picture, what it is for, the picture itself, its places."""


def _wanted(domain: LabsiteDomain) -> Iterator[_Wanted]:
    for person in domain.store.people:
        if person.photo:
            what = f"The photo of {person.id!r}, {person.photo}: "
            places = ("portrait", "portrait-large")
            yield person.source.path, person.photo_line, what, person.photo, places
    for pub in domain.store.publications:
        if pub.preview:
            what = f"The preview of {pub.key!r}, {pub.preview}: "
            yield pub.source.path, pub.preview_line, what, pub.preview, ("preview",)
    logo = domain.env.config.html_logo
    if logo and not is_elsewhere(logo):
        yield "conf.py", 1, f"html_logo = {logo!r}: ", logo, ("logo",)
    for image in _page_images(domain):
        source = Path(domain.env.srcdir) / image.path
        yield image.source, image.line, "", source, (place_of(image.width),)


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
            path, width = _path_of(node), _width(node)
            if is_elsewhere(path) or path.startswith("data:"):
                continue  # told, or in the page itself
            picture = renderer.pictures.get(Path(self.env.srcdir) / path, place_of(width))
            if picture is None:  # told; its file is not published
                node.replace_self(nodes.inline("", node.get("alt", ""), classes=["ls-missing"]))
                continue
            share = next(iter(_share(node)), "")
            html = renderer(
                "page-picture",
                self.env.docname,
                picture=replace(picture, sizes=_sizes(picture.sizes, share)),
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
    return [share] if (share := share_class(str(node.get("width", "")))) else []


def _sizes(sizes: str, share: str) -> str:
    """Return the attribute ``sizes`` of a picture that has a part of the page's width only."""
    part = int(share.rpartition("-")[2] or 100) / 100
    return re.sub(r"\d+(?=rem$|rem,|vw)", lambda size: f"{int(size[0]) * part:g}", sizes)


def _alignment(node: nodes.image) -> list[str]:
    return [f"align-{node['align']}"] if node.get("align") else []
