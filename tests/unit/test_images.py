"""Pictures for the web: what becomes of anything that a maintainer may drop in."""

import io
import pickle
import random
import re
import struct
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngInfo

from labsite.drawings import check_ending
from labsite.images import check_motion, check_name, make_picture
from labsite.variants import ImageProblem, Picture, Place, Variant, is_vector

PORTRAIT = Place((144, 288), 3 / 4, "9rem")
SMALL = Place((60,))
SECRET = b"PLANTED-LOCATION"
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)

Colour = tuple[int, ...]


def photo(width: int, height: int, *, grain: float = 0.1) -> Image.Image:
    """What is like a photo to an encoder: smooth parts, edges and a camera's noise."""
    chance = random.Random(f"{width} × {height}")

    def field(size: int) -> Image.Image:
        small = Image.frombytes("RGB", (size, size), chance.randbytes(size * size * 3))
        return small.resize((width, height), Image.Resampling.BICUBIC)

    image = Image.blend(Image.blend(field(5), field(30), 0.3), field(200), 0.1)
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        x, y, radius = (chance.random() * side for side in (width, height, width / 9))
        box = (x - radius, y - radius * chance.random(), x + radius, y + radius * chance.random())
        draw.ellipse(box, chance.choice([None, tuple(chance.randbytes(3))]), "black", width // 300)
    noise = Image.frombytes("RGB", image.size, chance.randbytes(width * height * 3))
    return Image.blend(image, noise, grain)


def marked(size: tuple[int, int] = (120, 80), corner: Colour = RED) -> Image.Image:
    """White, but for one corner: the upper left one."""
    image = Image.new("RGB", size, WHITE)
    image.paste(corner, (0, 0, size[0] // 2, size[1] // 2))
    return image


def exif(orientation: int = 1) -> bytes:
    """Exif as a telephone writes it: which way up, where it was taken, what on."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010E] = SECRET.decode()
    data[0x8825] = {1: "N", 2: (47.0, 3.0, 0.5), 3: "E", 4: (8.0, 18.0, 27.5), 29: SECRET.decode()}
    return data.tobytes()


def saved(path: Path, image: Image.Image, form: str | None = None, **options: Any) -> Path:
    image.save(path, form, **options)
    return path


def variants(picture: Picture) -> list[Variant]:
    return [*(variant for _, source in picture.sources for variant in source), *picture.fallback]


def pixel(path: Path, where: tuple[int, int]) -> Colour:
    with Image.open(path) as image:
        value = image.convert("RGBA").getpixel(where)
    assert isinstance(value, tuple)
    return value


def is_near(one: Colour, other: Colour, tolerance: int = 12) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(one, other, strict=False))


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()}


def fail(*_: object, **__: object) -> None:
    raise AssertionError("decoded, though there was no need")


@pytest.fixture(scope="session")
def telephone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo of 12 megapixels and about as many bytes, lying on its side."""
    path = tmp_path_factory.mktemp("telephone") / "IMG 2034.JPG"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image = photo(4000, 3000, grain=0.3)
    image.save(path, "JPEG", quality=98, exif=exif(6), icc_profile=profile, comment=SECRET)
    assert 12_000_000 < path.stat().st_size < 16_000_000
    return path


# What comes out


@pytest.mark.parametrize(
    ("place", "sizes", "most"),
    [
        (PORTRAIT, [(144, 192), (288, 384)], 25_000),
        (Place((144, 288), 1.0), [(144, 144), (288, 288)], 25_000),
        (Place((300, 600)), [(300, 400), (600, 800)], 75_000),
        (Place((600, 1200), 4 / 3), [(600, 450), (1200, 900)], 150_000),
    ],
)
def test_a_large_photo_becomes_small_ones(
    place: Place, sizes: list[tuple[int, int]], most: int, telephone: Path, tmp_path: Path
) -> None:
    picture = make_picture(telephone, place, tmp_path)
    assert (picture.width, picture.height, picture.sizes) == (*sizes[-1], place.sizes)
    for files in (*(source for _, source in picture.sources), picture.fallback):
        assert [(file.width, file.height) for file in files] == sizes
    for file in variants(picture):
        data = (tmp_path / file.path).read_bytes()
        assert len(data) < most
        with Image.open(io.BytesIO(data)) as image:
            assert image.size == (file.width, file.height)
            assert Image.MIME[image.format or ""] == file.type
            assert image.mode == "RGB"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        file.path for file in variants(picture)
    )


def test_modern_formats_come_first_and_are_smaller(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.png", photo(600, 450, grain=0.02))
    picture = make_picture(source, Place((150, 300)), tmp_path / "out")
    assert [kind for kind, _ in picture.sources] == ["image/avif", "image/webp"]
    assert {file.type for file in picture.fallback} == {"image/jpeg"}
    sizes = [
        sum((tmp_path / "out" / file.path).stat().st_size for file in files)
        for files in (*(files for _, files in picture.sources), picture.fallback)
    ]
    assert sizes == sorted(sizes)


def test_names_tell_the_source_and_are_safe_in_addresses(tmp_path: Path) -> None:
    for name, start in {
        "Grüße aus Zürich (2).JPG": "grue-aus-zurich-2-",
        "写真.jpg": "picture-",
        ".._x_%20&.jpg": "x-20-",
        "a" * 90 + ".jpg": "a" * 40 + "-",
    }.items():
        source = saved(tmp_path / name, marked(), "JPEG")
        for file in variants(make_picture(source, SMALL, tmp_path / "out")):
            assert re.fullmatch(f"{start}[0-9a-f]{{16}}-60.(avif|webp|jpeg|png)", file.path)


def test_the_same_source_gives_the_same_bytes(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.jpg", photo(400, 300))
    for folder in ("one", "other"):
        make_picture(source, Place((100, 300)), tmp_path / folder)
    one, other = (state(tmp_path / folder) for folder in ("one", "other"))
    assert {name: data for name, (_, data) in one.items()} == {
        name: data for name, (_, data) in other.items()
    }


# Size and shape


@pytest.mark.parametrize(
    ("size", "place", "expected"),
    [
        ((400, 300), Place((200, 100)), [(100, 75), (200, 150)]),
        ((150, 300), Place((100, 200)), [(100, 200), (150, 300)]),
        ((50, 50), Place((100, 200)), [(50, 50)]),
        ((400, 300), Place((100, 400), 1.0), [(100, 100), (300, 300)]),
        ((300, 400), Place((300,), 3 / 4), [(300, 400)]),
        ((301, 399), Place((1000,), 16 / 9), [(301, 169)]),
        ((1, 1), Place((144, 288), 3 / 4), [(1, 1)]),
        ((900, 1), Place((100,)), [(100, 1)]),
        ((3, 40_000), Place((3,)), [(1, 13_333)]),
    ],
)
def test_variants_are_as_large_as_wanted_but_never_larger_than_the_source(
    size: tuple[int, int], place: Place, expected: list[tuple[int, int]], tmp_path: Path
) -> None:
    picture = make_picture(saved(tmp_path / "a.png", marked(size)), place, tmp_path)
    assert [(file.width, file.height) for file in picture.fallback] == expected
    for file in variants(picture):
        with Image.open(tmp_path / file.path) as image:
            assert image.size == (file.width, file.height)


@pytest.mark.parametrize(
    ("size", "ratio", "top", "bottom"),
    [((90, 180), 1.0, 30, 120), ((180, 120), 2.0, 15, 105), ((120, 120), 2.0, 30, 90)],
)
def test_of_what_is_upright_more_of_the_upper_part_is_kept(
    size: tuple[int, int], ratio: float, top: int, bottom: int, tmp_path: Path
) -> None:
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (0, top, size[0], bottom))
    source = saved(tmp_path / "a.png", image)
    [file] = make_picture(source, Place(size[:1], ratio), tmp_path).fallback
    with Image.open(tmp_path / file.path) as result:
        assert result.convert("RGB").getcolors() == [(size[0] * (bottom - top), BLUE)]


def test_cropping_is_centred_sideways(tmp_path: Path) -> None:
    image = Image.new("RGB", (300, 100), BLUE)
    image.paste(RED, (100, 0, 200, 100))
    [file] = make_picture(saved(tmp_path / "a.png", image), Place((100,), 1.0), tmp_path).fallback
    assert all(pixel(tmp_path / file.path, (x, 50))[:3] == RED for x in (0, 99))


@pytest.mark.parametrize(
    ("size", "orientation", "place"),
    [
        ((4000, 3000), 6, PORTRAIT),
        ((4000, 3000), 1, PORTRAIT),
        ((1000, 3000), 6, Place((100,), 1 / 3)),
        ((3000, 1000), 8, Place((300,), 3.0)),
        ((3000, 1000), 1, Place((300,))),
    ],
)
def test_of_large_jpegs_little_is_decoded_yet_enough(
    size: tuple[int, int],
    orientation: int,
    place: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decoded: list[tuple[int, int]] = []
    load = JpegImageFile.load

    def spy(image: JpegImageFile) -> object:
        decoded.append(image.size)
        return load(image)

    source = saved(tmp_path / "a.jpg", Image.new("RGB", size), exif=exif(orientation))
    monkeypatch.setattr(JpegImageFile, "load", spy)
    picture = make_picture(source, place, tmp_path)
    monkeypatch.undo()
    width, height = decoded[0] if orientation == 1 else decoded[0][::-1]
    assert width >= 1.5 * picture.width
    assert height >= 1.5 * picture.height
    assert width * height < size[0] * size[1] / 3


# Upright


TURNED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""Orientation → how the camera turned the picture."""


@pytest.mark.parametrize("orientation", TURNED)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_pictures_are_set_upright(orientation: int, form: str, tmp_path: Path) -> None:
    turn = TURNED[orientation]
    image = marked() if turn is None else marked().transpose(turn)
    source = saved(tmp_path / "a", image, form, exif=exif(orientation), quality=95)
    for place in (SMALL, Place((60,), 3 / 2)):
        for file in variants(make_picture(source, place, tmp_path / "out")):
            path = tmp_path / "out" / file.path
            assert (file.width, file.height) == (60, 40)
            assert is_near(pixel(path, (8, 8)), RED, 40)
            assert all(is_near(pixel(path, at), WHITE, 40) for at in ((52, 8), (8, 32), (52, 32)))


@pytest.mark.parametrize("data", [b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"\xff" * 40])
def test_damaged_exif_is_no_obstacle(data: bytes, tmp_path: Path) -> None:
    source = saved(tmp_path / "a.jpg", marked(), exif=data)
    with warnings.catch_warnings(action="error"):
        [file] = make_picture(source, SMALL, tmp_path / "out").fallback
    assert is_near(pixel(tmp_path / "out" / file.path, (8, 8)), RED)


# Without metadata


def test_nothing_of_a_telephones_metadata_is_left(telephone: Path, tmp_path: Path) -> None:
    original = telephone.read_bytes()
    assert original.count(SECRET) >= 3
    assert b"ICC_PROFILE" in original
    for file in variants(make_picture(telephone, PORTRAIT, tmp_path)):
        check_is_bare(tmp_path / file.path)


def check_is_bare(path: Path) -> None:
    data = path.read_bytes()
    for trace in (SECRET, b"GPS", b"Exif", b"ICC_PROFILE", b"iCCP", b"ICCP", b"adobe", b"tEXt"):
        assert trace not in data
    with Image.open(path) as image:
        assert not image.getexif()
        assert not image.info.keys() & {
            "exif",
            "xmp",
            "icc_profile",
            "comment",
            "XML:com.adobe.xmp",
        }


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "GIF"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_no_format_lets_metadata_through(form: str, mode: str, tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    text = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{SECRET.decode()}</x:xmpmeta>'.encode()
    options: dict[str, Any] = {"exif": exif(), "icc_profile": profile, "xmp": text}
    image = photo(200, 150)
    if mode == "RGBA" and form != "JPEG":
        image.putalpha(Image.linear_gradient("L").resize(image.size))
    if form == "GIF":
        options = {"comment": SECRET}
    if form == "PNG":
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", text.decode())
        options["pnginfo"].add_text("Comment", SECRET.decode())
    source = saved(tmp_path / "a", image, form, **options)
    assert SECRET in source.read_bytes()
    for place in (SMALL, Place((200,))):
        for file in variants(make_picture(source, place, tmp_path / "out")):
            check_is_bare(tmp_path / "out" / file.path)


# Colour


def test_colours_are_converted_to_srgb(tmp_path: Path) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"----").replace(b"bXYZ", b"rXYZ").replace(b"----", b"bXYZ")
    for mode in ("RGB", "RGBA"):
        image = marked().convert(mode)
        if mode == "RGBA":
            image.putpixel((119, 79), (0, 0, 0, 0))
        source = saved(tmp_path / f"{mode}.png", image, icc_profile=swapped)
        [file] = make_picture(source, Place((120,)), tmp_path / mode).fallback
        assert is_near(pixel(tmp_path / mode / file.path, (8, 8)), (*BLUE, 255))


@pytest.mark.parametrize("profile", [b"", b"no profile", b"\0" * 300])
def test_a_profile_that_is_none_is_ignored(profile: bytes, tmp_path: Path) -> None:
    source = saved(tmp_path / "a.png", marked(), icc_profile=profile)
    [file] = make_picture(source, SMALL, tmp_path / "out").fallback
    assert pixel(tmp_path / "out" / file.path, (8, 8))[:3] == RED


def grey16(form: str) -> Callable[[Path], Path]:
    """A ramp of 16 bits, from black to white."""
    ramp = struct.pack("<256H", *(257 * value for value in range(256)))
    image = Image.frombytes("I;16", (256, 1), ramp).resize((256, 60), Image.Resampling.NEAREST)
    return lambda path: saved(path, image, form)


def in_mode(mode: str, form: str) -> Callable[[Path], Path]:
    """A ramp from black to white in a mode."""
    image = Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90).resize((256, 60))
    return lambda path: saved(path, image.convert(mode), form)


@pytest.mark.parametrize(
    "make",
    [
        *(grey16(form) for form in ("PNG", "TIFF")),
        *(in_mode("L", form) for form in ("JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP", "AVIF")),
        *(in_mode(mode, "PNG") for mode in ("P", "LA", "RGB", "RGBA")),
        *(in_mode(mode, "TIFF") for mode in ("I", "F", "CMYK", "YCbCr", "LA")),
        *(in_mode(mode, "JPEG") for mode in ("CMYK", "YCbCr", "RGB")),
    ],
)
def test_every_kind_of_pixel_keeps_its_brightness(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    source = make(tmp_path / "a")
    for file in variants(make_picture(source, Place((128,)), tmp_path / "out")):
        for x in (2, 32, 64, 96, 125):
            value = 2 * x + 0.5
            got = pixel(tmp_path / "out" / file.path, (x, 15))
            assert is_near(got, (round(value),) * 3, 8), (file.type, x, got)
            assert got[3] == 255


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_dark_pictures_of_16_bits_stay_dark(form: str, tmp_path: Path) -> None:
    image = Image.frombytes("I;16", (60, 40), struct.pack("<H", 0x4000) * 2400)
    image.paste(0, (0, 0, 30, 40))
    [file] = make_picture(saved(tmp_path / "a", image, form), SMALL, tmp_path / "out").fallback
    assert is_near(pixel(tmp_path / "out" / file.path, (50, 20)), (64, 64, 64), 1)


def test_one_bit_a_pixel_is_enough(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.png", marked(corner=(0, 0, 0)).convert("1"))
    [file] = make_picture(source, SMALL, tmp_path).fallback
    assert pixel(tmp_path / file.path, (8, 8))[:3] == (0, 0, 0)


# Transparency


def test_a_photo_keeps_its_transparency(tmp_path: Path) -> None:
    image = photo(240, 240)
    mask = Image.new("L", image.size, 0)
    ImageDraw.Draw(mask).ellipse((10, 10, 230, 230), 255)
    image.putalpha(mask)
    for form in ("PNG", "WEBP", "TIFF", "AVIF"):
        source = saved(tmp_path / form, image, form, speed=10)
        picture = make_picture(source, Place((60, 120)), tmp_path / "out")
        assert {file.type for file in picture.fallback} == {"image/png"}
        assert picture.sources
        for file in variants(picture):
            path = tmp_path / "out" / file.path
            assert pixel(path, (0, 0))[3] == 0
            assert pixel(path, (file.width // 2, file.height // 2))[3] >= 253
            assert path.stat().st_size < 20_000


def test_transparent_palettes_stay_transparent(tmp_path: Path) -> None:
    image = marked().quantize(4)
    clear = image.getpixel((0, 0))
    for form in ("PNG", "GIF"):
        source = saved(tmp_path / form, image, form, transparency=clear)
        for file in variants(make_picture(source, SMALL, tmp_path / "out")):
            path = tmp_path / "out" / file.path
            assert (pixel(path, (8, 8))[3], pixel(path, (50, 30))) == (0, (*WHITE, 255))


def test_alpha_that_hides_nothing_is_dropped(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.png", photo(300, 300).convert("RGBA"))
    picture = make_picture(source, Place((300,)), tmp_path / "out")
    assert {file.type for file in picture.fallback} == {"image/jpeg"}


# Flat graphics


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_flat_graphics_are_not_altered(mode: str, tmp_path: Path) -> None:
    image = Image.new("RGBA", (300, 200), (0, 0, 0, 0) if mode == "RGBA" else WHITE)
    draw = ImageDraw.Draw(image)
    draw.ellipse((20, 20, 180, 180), (10, 92, 115))
    for x in range(200, 300, 7):
        draw.line((x, 10, 480 - x, 190), (138, 74, 18), 2)
    image = image if mode == "RGBA" else image.convert("RGB")
    source = saved(tmp_path / "a.png", image if mode != "P" else image.quantize(8))
    picture = make_picture(source, Place((300,)), tmp_path / "out")
    assert [file.type for file in variants(picture)] == ["image/webp", "image/png"]
    for file in variants(picture):
        with Image.open(tmp_path / "out" / file.path) as result:
            difference = ImageChops.difference(result.convert("RGBA"), image.convert("RGBA"))
        assert not difference.getbbox(alpha_only=False)


# A second time


def test_a_picture_is_made_once(
    telephone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_picture(telephone, PORTRAIT, tmp_path)
    before = state(tmp_path)
    monkeypatch.setattr(ImageFile.ImageFile, "load", fail)
    monkeypatch.setattr(Image.Image, "save", fail)
    assert make_picture(telephone, PORTRAIT, tmp_path) == first
    assert state(tmp_path) == before


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF", "AVIF", "GIF", "BMP"])
def test_no_format_is_decoded_a_second_time(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = saved(tmp_path / "a", marked(), form)
    first = make_picture(source, SMALL, tmp_path / "out")
    monkeypatch.setattr(ImageFile.ImageFile, "load", fail)
    assert make_picture(source, SMALL, tmp_path / "out") == first


def test_names_change_with_the_source_and_the_place(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.jpg", photo(300, 200))
    places = [Place((100,)), Place((100, 200)), Place((100,), 1.0), Place((100,), sizes="50vw")]
    names = [make_picture(source, place, tmp_path / "out").fallback[0].path for place in places]
    saved(source, photo(300, 200, grain=0.2))
    names.append(make_picture(source, places[0], tmp_path / "out").fallback[0].path)
    assert names[0] == names[3], "what the page says about sizes changes no file"
    assert len(set(names)) == 4


def test_what_is_missing_is_made_again(tmp_path: Path) -> None:
    source = saved(tmp_path / "a.jpg", photo(300, 200))
    picture = make_picture(source, Place((100, 200)), tmp_path / "out")
    before = {name: data for name, (_, data) in state(tmp_path / "out").items()}
    (tmp_path / "out" / picture.fallback[0].path).unlink()
    assert make_picture(source, Place((100, 200)), tmp_path / "out") == picture
    assert {name: data for name, (_, data) in state(tmp_path / "out").items()} == before


@pytest.mark.parametrize("writes", range(5))
def test_a_full_disk_leaves_no_half_file(
    writes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = saved(tmp_path / "a.png", photo(300, 200, grain=0.02))
    done: list[Path] = []
    write = Path.write_bytes

    def fills_up(path: Path, data: bytes) -> int:
        if len(done) == writes:
            write(path, data[: len(data) // 2])
            raise OSError(28, "No space left on device")
        done.append(path)
        return write(path, data)

    whole = make_picture(source, Place((100, 200)), tmp_path / "whole")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", fills_up)
        with pytest.raises(OSError, match="No space left"):
            make_picture(source, Place((100, 200)), tmp_path / "out")
    whole_files = {name: data for name, (_, data) in state(tmp_path / "whole").items()}
    left = {name: data for name, (_, data) in state(tmp_path / "out").items()}
    assert len(left) == writes
    assert left.items() <= whole_files.items()
    assert make_picture(source, Place((100, 200)), tmp_path / "out") == whole
    assert {name: data for name, (_, data) in state(tmp_path / "out").items()} == whole_files


# What cannot be used


def png_of(width: int, height: int) -> bytes:
    """A few bytes that claim to be a large picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body


def jpeg_of(width: int, height: int) -> bytes:
    data = bytearray(encoded("JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def gif_of(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + encoded("GIF")[10:]


def encoded(form: str, image: Image.Image | None = None) -> bytes:
    buffer = io.BytesIO()
    (image or photo(90, 60)).save(buffer, form)
    return buffer.getvalue()


@pytest.mark.parametrize("size", [(50_000, 50_000), (12_000, 12_000), (65_535, 1_600)])
@pytest.mark.parametrize("make", [png_of, jpeg_of, gif_of])
def test_huge_pictures_are_refused_before_they_are_decoded(
    make: Callable[[int, int], bytes],
    size: tuple[int, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ImageFile.ImageFile, "load", fail)
    (tmp_path / "a.png").write_bytes(make(*size))
    with warnings.catch_warnings(action="error"), pytest.raises(ImageProblem) as caught:
        make_picture(tmp_path / "a.png", SMALL, tmp_path / "out")
    assert caught.value.what == (
        "The picture 'a.png' is too large: at most 100,000,000 pixels are read."
    )
    assert not (tmp_path / "out").exists()


def test_what_pillow_warns_of_is_quiet(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png_of(9_700, 9_700))
    with warnings.catch_warnings(action="error"), pytest.raises(ImageProblem, match="damaged"):
        make_picture(tmp_path / "a.png", SMALL, tmp_path)


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)
SVG = b'<?xml version="1.0"?>\n<!-- drawn --><svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "is empty"),
        (b"This is a text.\n", "is a text file"),
        ("Grüße".encode(), "is a text file"),
        (b"<!doctype html><html><body>Not found</body></html>", "is a text file"),
        (b"version https://git-lfs.github.com/spec/v1\n", "is only a pointer to Git LFS"),
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF"),
        (HEIC, "is a HEIC photo, which is not read here"),
        (SVG, "is a vector drawing"),
        (bytes(range(256)), "is of a kind that is not read here, or damaged"),
        (b"PK\x03\x04" + bytes(60), "is of a kind that is not read here, or damaged"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n\0", "is of a kind that is not read here, or damaged"),
        (encoded("JPEG2000"), "is of a kind that is not read here, or damaged"),
        (encoded("JPEG")[:-500], "is damaged or incomplete"),
        (encoded("PNG")[:-5000], "is damaged or incomplete"),
        (encoded("TIFF")[:3000], "is damaged or incomplete"),
        (encoded("BMP")[:3000], "is damaged or incomplete"),
    ],
)
def test_what_is_no_picture_gets_a_message(data: bytes, what: str, tmp_path: Path) -> None:
    source = tmp_path / "photo one.jpg"
    source.write_bytes(data)
    with warnings.catch_warnings(action="error"), pytest.raises(ImageProblem) as caught:
        make_picture(source, SMALL, tmp_path / "out")
    problem = caught.value
    assert problem.what == f"The picture 'photo one.jpg' {what}."
    assert problem.remedy[0].isupper()
    assert problem.remedy.endswith(".")
    check = check_ending if is_vector(source) else check_name  # as a build chooses
    told = check(source) is not None
    assert told == (data == SVG) or what == "is damaged or incomplete"
    assert check_motion(source) is None
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["missing.jpg", "", "a\0b.jpg"])
def test_what_is_no_file_gets_a_message(name: str, tmp_path: Path) -> None:
    with pytest.raises(ImageProblem, match="There is no file") as caught:
        make_picture(tmp_path / name, SMALL, tmp_path)
    assert caught.value.remedy == "Add it, or correct the path."
    assert check_name(tmp_path / name) is None
    assert not is_vector(tmp_path / name)


def test_a_file_that_may_not_be_read_gets_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    source = saved(tmp_path / "a.png", marked())
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ImageProblem) as caught:
        make_picture(source, SMALL, tmp_path)
    assert caught.value.what == "The picture 'a.png' cannot be opened (Permission denied)."
    assert caught.value.remedy == "Make the file readable."


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (MemoryError(), "too large"),
        (struct.error("unpack requires a buffer"), "damaged"),
        (SyntaxError("broken PNG file"), "damaged"),
        (OSError("image file is truncated"), "damaged"),
        (EOFError(), "damaged"),
        (IndexError(), "damaged"),
        (Image.DecompressionBombError("too many pixels"), "too large"),
    ],
)
def test_whatever_a_reader_raises_becomes_a_message(
    error: Exception, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(_: Image.Image) -> None:
        raise error

    source = saved(tmp_path / "a.png", marked())
    monkeypatch.setattr(ImageFile.ImageFile, "load", load)
    with pytest.raises(ImageProblem, match=what) as caught:
        make_picture(source, SMALL, tmp_path / "out")
    assert caught.value.__cause__ is error


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP"])
def test_damaged_files_give_a_picture_or_a_message(form: str, tmp_path: Path) -> None:
    chance = random.Random(form)
    whole = encoded(form, photo(48, 32))
    source = tmp_path / "a.bin"
    for number in range(40):
        data = bytearray(whole)
        if number % 2:
            del data[chance.randrange(len(data)) :]
        for _ in range(chance.randrange(4)):
            at = chance.randrange(chance.choice((100, len(whole))))
            data[at : at + 1] = chance.randbytes(1)
        source.write_bytes(data)
        with warnings.catch_warnings(action="error"):
            try:
                make_picture(source, Place((16,)), tmp_path / "out")
            except ImageProblem:
                continue


def test_a_problem_can_pass_between_processes() -> None:
    problem = pickle.loads(pickle.dumps(ImageProblem("It is so.", "Do this.")))
    assert (problem.what, problem.remedy) == ("It is so.", "Do this.")


# What is not what it seems


@pytest.mark.parametrize(
    ("name", "form", "remedy"),
    [
        ("a.jpg", "PNG", "Rename it to 'a.png'."),
        ("b c.PNG", "JPEG", "Rename it to 'b c.jpeg'."),
        ("noending", "WEBP", "Rename it to 'noending.webp'."),
        ("a.b.txt", "GIF", "Rename it to 'a.b.gif'."),
        ("a.jpg", "JPEG", None),
        ("a.JPEG", "JPEG", None),
        ("a.jpg", "MPO", None),
        ("a.mpo", "MPO", None),
        ("a.png", "MPO", "Rename it to 'a.jpeg'."),
        ("a.tif", "TIFF", None),
        ("a.avif", "AVIF", None),
    ],
)
def test_a_wrong_ending_is_said_and_does_no_harm(
    name: str, form: str, remedy: str | None, tmp_path: Path
) -> None:
    extra: dict[str, Any] = {"append_images": [marked()], "save_all": True} if form == "MPO" else {}
    source = saved(tmp_path / name, marked(), form, **extra)
    problem = check_name(source)
    assert (problem.remedy if problem else None) == remedy
    assert check_motion(source) is None
    [file] = make_picture(source, SMALL, tmp_path / "out").fallback
    assert is_near(pixel(tmp_path / "out" / file.path, (8, 8)), RED, 40)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "TIFF", "AVIF"])
def test_of_what_moves_the_first_frame_is_shown(form: str, tmp_path: Path) -> None:
    rest = [marked(corner=GREEN), marked(corner=BLUE)]
    source = saved(tmp_path / "a.img", marked(), form, save_all=True, append_images=rest)
    problem = check_motion(source)
    assert problem is not None
    assert problem.what == "Of the frames or pages of 'a.img' only the first is shown."
    for file in variants(make_picture(source, SMALL, tmp_path / "out")):
        assert is_near(pixel(tmp_path / "out" / file.path, (8, 8)), RED, 40)
        assert check_motion(tmp_path / "out" / file.path) is None


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "TIFF"])
def test_what_stands_still_is_not_said_to_move(form: str, tmp_path: Path) -> None:
    assert check_motion(saved(tmp_path / "a", marked(), form)) is None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (SVG, True),
        (b"\xef\xbb\xbf  <svg>", True),
        (b'<!DOCTYPE svg PUBLIC "-//W3C" "x.dtd" [<!ENTITY a "b">\n]>\n<SVG width="1">', True),
        (b"<!doctype html><html><svg>", False),
        (b"<svgx>", False),
        (b"<!--x-->" * 500, False),
        (b"", False),
        (encoded("PNG"), False),
    ],
)
def test_vector_drawings_are_told_by_their_beginning(
    data: bytes, expected: bool, tmp_path: Path
) -> None:
    (tmp_path / "a.svg").write_bytes(data)
    assert is_vector(tmp_path / "a.svg") is expected


def test_compressed_vector_drawings_are_told_by_their_name(tmp_path: Path) -> None:
    (tmp_path / "a.svgz").write_bytes(b"\x1f\x8b")
    assert is_vector(tmp_path / "a.svgz")
