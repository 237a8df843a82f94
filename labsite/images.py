"""Pictures as the web wants them: any file in, a few small variants out.

A page gets AVIF and WebP, and JPEG or PNG for the rest, as large as its place needs, upright, in
sRGB, without metadata. A variant's name stands for all it is made of: one that is there is never
made again. Imported only where there is a picture to make or to check, as it needs Pillow.
Decisions:

- A file that cannot be used raises :class:`labsite.variants.ImageProblem`, before anything is
  decoded if it can be told by then. One that is not what it seems is used: `check_name` and
  `check_motion` say so.
- Nothing moves: of an animation the first frame is shown. What moves beside text needs a switch
  (WCAG 2.2, 2.2.2), which a picture has not; a video has.
- A vector drawing needs no variants: :func:`labsite.variants.is_vector` tells it, `make_picture`
  refuses it, and :mod:`labsite.drawings` takes it.
- Flat graphics stay lossless: those that are, as PNG, hardly larger than as JPEG.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from PIL import Image, ImageCms, UnidentifiedImageError

from labsite.variants import (
    SVG_START,
    ImageProblem,
    Picture,
    Place,
    Variant,
    readable_stem,
    write_whole,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSION: Final = 1  # part of every name: raise it when the same settings give another picture
MAX_PIXELS: Final = 100_000_000  # more than a telephone's usual photo has; 400 MB decoded
MAX_BYTES: Final = 400_000_000  # of a file
_LONGEST: Final = 16383  # pixels a side of WebP has at most
_SPARE: Final = 1.5  # times the pixels wanted are decoded at least, for a sharp result
_FLAT, _TINY = 1.5, 12_000  # lossless may cost this many times a JPEG, or this many bytes
_FILTER: Final = Image.Resampling.LANCZOS
_TURNS: Final = dict(enumerate(map(Image.Transpose, (0, 3, 1, 5, 4, 6, 2)), start=2))
"""Orientation (Exif 2.3, tag 0x0112) → what sets the picture upright."""
_SIDEWAYS: Final = [_TURNS[orientation] for orientation in (5, 6, 7, 8)]
_READ: Final = ("JPEG", "MPO", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP", "HEIF")
"""Others' readers are but doors for bad files. MPO is a telephone's JPEG; HEIF needs a plug-in."""
_MISTAKEN: Final = (  # how a file begins that is no picture, what it is, and the remedy
    (rb"\Z", "is empty", "Copy it again from where it came."),
    (rb"%PDF", "is a PDF", "Export the figure as PNG or SVG."),
    (rb"version https://git-lfs", "is only a pointer to Git LFS", "Run “git lfs pull”."),
    (rb"(?s).{4}ftyp(?:he|mif1)", "is a HEIC photo, which is not read here", "Export it as JPEG."),
    (SVG_START, "is a vector drawing", "Use it as it is, under a name that ends in .svg."),
    (rb"[\t\n\r -~\x80-\xff]+\Z", "is a text file", "Put the picture itself in its place."),
    (rb"", "is of a kind that is not read here, or damaged", "Save it as JPEG or PNG."),
)


class _Format(NamedTuple):  # from the best quality to the worst; the formats' steps look alike
    name: str
    qualities: tuple[int, ...]
    options: dict[str, Any]


# AVIF in one thread, as more may mean more tiles, and other bytes
_AVIF: Final = _Format("avif", (64, 58, 54, 50, 47), {"speed": 8, "max_threads": 1})
_WEBP: Final = _Format("webp", (82, 75, 68, 61, 55), {"method": 5})
_JPEG: Final = _Format("jpeg", (82, 74, 66, 58, 50), {"optimize": True, "progressive": True})
_WHOLE: Final = _Format("webp", (75,) * 5, {"method": 5, "lossless": True})
_PNG: Final = _Format("png", (100,) * 5, {})
_FEW: Final = _Format("png", (100,) * 5, {"bits": 8})  # 256 colours, for old browsers only
_FORMATS: Final = (_AVIF, _WEBP, _WHOLE, _JPEG, _FEW, _PNG)


def make_picture(source: Path, place: Place, folder: Path) -> Picture:
    """Make the variants of a picture, unless they are there.

    Args:
        source: The maintainer's file.
        place: Where it is to be shown.
        folder: Where they go. If they are there, the source is hashed but not decoded. The fallback
            is written last: what is not there by then was not worth having.

    Raises:
        ImageProblem: The file cannot be used.
        OSError: The variants cannot be written. None is left half.
    """
    data, image = _open(source)
    turn, sizes = _plan(image, place)
    known = [form for form in _FORMATS if form.name.upper() in Image.SAVE]
    settings = repr((VERSION, place.widths, place.ratio, known)).encode()
    digest = hashlib.sha256(settings + data).hexdigest()[:16]
    name = f"{readable_stem(source)}-{digest}"
    files = {
        kind: tuple(Variant(f"{name}-{w}.{kind}", w, h, f"image/{kind}") for w, h in sizes)
        for kind in ("avif", "webp", "jpeg", "png")
    }
    kinds = [kind for kind in files if all((folder / v.path).is_file() for v in files[kind])]
    if not {"jpeg", "png"} & {*kinds}:
        with _blaming(source.name):
            large = _load(image, turn, sizes[-1])
        images = [large.resize(size, _FILTER) for size in sizes]
        encoded = _encode(images, photo=image.format in {"JPEG", "MPO", "HEIF"})
        for kind in (kinds := list(encoded)):
            for variant, content in zip(files[kind], encoded[kind], strict=True):
                write_whole(folder / variant.path, content)
    sources = tuple((f"image/{kind}", files[kind]) for kind in kinds[:-1])
    return Picture(sources, files[kinds[-1]], *sizes[-1], place.sizes)


def check_name(source: Path) -> ImageProblem | None:
    """Return what a file's ending gets wrong; None, too, if it cannot be used at all."""
    with suppress(ImageProblem):
        holds = str(_open(source)[1].format).replace("MPO", "JPEG")
        says = Image.registered_extensions().get(source.suffix.lower(), "none")
        if says.replace("MPO", "JPEG") != holds:
            what = f"The picture {source.name!r} holds {holds}, which its ending does not say."
            return ImageProblem(what, f"Rename it to '{source.stem}.{holds.lower()}'.")
    return None


def check_motion(source: Path) -> ImageProblem | None:
    """Return that of several frames or pages only the first is shown; else None, as above."""
    with suppress(ImageProblem), _blaming(source.name):
        image = _open(source)[1]
        if image.format != "MPO" and getattr(image, "is_animated", False):
            what = f"Of the frames or pages of {source.name!r} only the first is shown."
            return ImageProblem(what, "Save the one that matters as PNG, or show a video.")
    return None


def without_notes(photo: bytes) -> tuple[str, bytes] | None:
    """Return a photo without what its camera noted, before it the kind; None if nothing is noted.

    Raises:
        ImageProblem: It is damaged, or of a kind that is in no drawing.
    """
    try:
        image = Image.open(io.BytesIO(photo), formats=["PNG", "JPEG", "WEBP", "GIF"])
        if not {"exif", "xmp", "XML:com.adobe.xmp", "photoshop", "comment"} & {*image.info}:
            return None
        file, kind = io.BytesIO(), "JPEG" if image.format == "JPEG" else "PNG"
        image.info = {}
        image.save(file, kind, quality=88)
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise ImageProblem("A photo in a drawing is damaged.", "Set it in anew.") from error
    return kind.lower(), file.getvalue()


def _open(source: Path) -> tuple[bytes, Image.Image]:
    """Read a file, and of the picture in it no more than the header."""
    with _blaming(source.name):
        if not source.is_file():
            raise ImageProblem(f"There is no file {source.name!r}.", "Add it, or correct the path.")
        with source.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        Image.init()
        known: list[str] = [kind for kind in _READ if kind in Image.OPEN]
        try:
            image = Image.open(io.BytesIO(data), formats=known)
        except UnidentifiedImageError as error:
            found = next(rest for start, *rest in _MISTAKEN if re.match(start, data[:4096]))
            raise ImageProblem(f"The picture {source.name!r} {found[0]}.", found[1]) from error
        if len(data) > MAX_BYTES or image.width * image.height > MAX_PIXELS:
            raise Image.DecompressionBombError
    return data, image


@contextmanager
def _blaming(name: str) -> Iterator[None]:
    """Let what goes wrong with a file out as `ImageProblem`, and warnings not at all."""
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    except ImageProblem:
        raise
    except (Image.DecompressionBombError, MemoryError) as error:
        what = f"The picture {name!r} is too large: at most {MAX_PIXELS:,} pixels are read."
        raise ImageProblem(what, "Scale it down; 4000 pixels a side are plenty.") from error
    except Exception as error:  # readers of broken files raise nearly anything
        if isinstance(error, OSError) and error.strerror:
            what = f"The picture {name!r} cannot be opened ({error.strerror})."
            raise ImageProblem(what, "Make the file readable.") from error
        what = f"The picture {name!r} is damaged or incomplete."
        raise ImageProblem(what, "Copy it again, or save it anew in an image program.") from error


def _plan(image: Image.Image, place: Place) -> tuple[Image.Transpose | None, list[tuple[int, int]]]:
    """Decide by the header alone how to turn a picture, and how large it gets: never larger."""
    exif, turn = Image.Exif(), None
    with suppress(Exception), warnings.catch_warnings(action="ignore"):  # damaged: not turned
        exif.load(image.info.get("exif", b""))
        turn = _TURNS.get(exif.get(0x0112, 1))
    width, height = image.size[::-1] if turn in _SIDEWAYS else image.size
    ratio = place.ratio or width / height
    most = max(1, int(min(width, height * ratio, _LONGEST * ratio) + 0.001))
    widths = sorted({min(wanted, most) for wanted in place.widths})
    return turn, [(width, max(1, round(width / ratio))) for width in widths]


def _load(image: Image.Image, turn: Image.Transpose | None, size: tuple[int, int]) -> Image.Image:
    """Decode as little as will do; return a picture of this size, RGB or RGBA, nothing else."""
    wanted = round(size[0] * _SPARE), round(size[1] * _SPARE)
    image.draft(None, wanted[::-1] if turn in _SIDEWAYS else wanted)
    whole = _plain(image) if turn is None else _plain(image).transpose(turn)
    scale = min(whole.width / size[0], whole.height / size[1])
    wide, high = size[0] * scale, size[1] * scale
    left = (whole.width - wide) / 2
    top = (whole.height - high) / (3 if whole.height > whole.width else 2)  # heads are above
    small = whole.resize(size, _FILTER, (left, top, left + wide, top + high), reducing_gap=2.0)
    mode = "RGBA" if small.mode == "RGBA" else "RGB"
    with suppress(Exception):  # a profile that does not fit is none
        profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
        srgb = ImageCms.createProfile("sRGB")
        small = ImageCms.profileToProfile(small, profile, srgb, outputMode=mode) or small
    small = small.convert(mode)
    small.info = {}  # some encoders write what they find here
    return small


def _plain(image: Image.Image) -> Image.Image:
    """Return a picture as L, RGB, RGBA or CMYK of 8 bits, with alpha only if it is used."""
    if image.mode[0] in "IF":
        is_16_bit = image.mode.startswith("I;16") or image.format == "PNG"
        low, high = (0, 65535) if is_16_bit else cast("tuple[float, float]", image.getextrema())
        scale = 255 / ((high - low) or 1)
        return image.convert("F").point(lambda value: value * scale - low * scale).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        if image.getchannel("A").getextrema()[0] == 255:
            image = image.convert("RGB")
    return image if image.mode in {"L", "RGB", "RGBA", "CMYK"} else image.convert("RGB")


def _encode(images: list[Image.Image], *, photo: bool) -> dict[str, list[bytes]]:
    """Encode all variants; return the formats worth having, the fallback last."""
    steps = [_step(image) for image in images]
    lossy = len(_bytes(images[-1], _JPEG, steps[-1]))
    flat = not photo and len(_bytes(images[-1], _PNG, 0)) <= max(_TINY, _FLAT * lossy)
    fallback = _FEW if images[-1].mode == "RGBA" else _JPEG
    kept, least = dict[str, list[bytes]](), float("inf")
    for form in (_PNG, _WHOLE) if flat else (fallback, _WEBP, _AVIF):
        if form.name.upper() in Image.SAVE:
            data = [_bytes(image, form, step) for image, step in zip(images, steps, strict=True)]
            if sum(map(len, data)) < least:
                kept, least = {form.name: data} | kept, sum(map(len, data))
    return kept


def _step(image: Image.Image) -> int:
    """Return how far to go down for 25 kB at 288 × 384 and 150 kB at 1200 × 900 as JPEG."""
    budget = 10_000 + 0.128 * image.width * image.height
    return next((step for step in range(4) if len(_bytes(image, _JPEG, step)) <= budget), 4)


def _bytes(image: Image.Image, form: _Format, step: int) -> bytes:
    buffer = io.BytesIO()
    image = image.convert("RGB") if form == _JPEG else image
    image = image.quantize(256, Image.Quantize.FASTOCTREE) if form == _FEW else image
    image.save(buffer, form.name, quality=form.qualities[step], **form.options)
    return buffer.getvalue()
