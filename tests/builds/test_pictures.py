"""Pictures that maintainers drop in: portraits, previews of papers, images on pages."""

from __future__ import annotations

import io
import random
from typing import TYPE_CHECKING, Final

import pytest
from PIL import Image, ImageFilter

from tests.builds.sites import differences

if TYPE_CHECKING:
    from bs4 import Tag

    from tests.builds.sites import Build, Site

SECRET: Final = b"47.0502 N 8.3093 E"


def photo(width: int = 2400, height: int = 1800, *, like: str = "JPEG") -> bytes:
    """Return something like a photo, with a note of where it was taken."""
    rough = Image.frombytes("RGB", (60, 45), random.Random(1).randbytes(60 * 45 * 3))
    image = rough.resize((width, height)).filter(ImageFilter.GaussianBlur(2))
    exif = image.getexif()
    exif[0x010E] = SECRET.decode()
    file = io.BytesIO()
    image.save(file, like, quality=97, exif=exif)
    return file.getvalue()


@pytest.fixture(scope="module")
def jpeg() -> bytes:
    found = photo()
    assert SECRET in found and len(found) > 300_000
    return found


def variants(build: Build) -> dict[str, bytes]:
    """Return the pictures of the output."""
    return {name: data for name, data in build.files().items() if name.startswith("_images/")}


def assert_served_well(build: Build, picture: Tag, page: str, largest: int) -> None:
    """Check a picture element: its files are there, small, of the size it says, and clean."""
    image = picture.select("img")[0]
    assert "alt" in image.attrs and int(str(image["width"])) and int(str(image["height"]))
    named = [str(image["src"])]
    for source in picture.select("source"):
        named += [part.split()[0] for part in str(source["srcset"]).split(",")]
    types = [str(source["type"]) for source in picture.select("source")]
    assert types and set(types) <= {"image/avif", "image/webp"}  # those that are worth it
    for address in named:
        file = (build.out / page).parent / address
        data = file.read_bytes()
        assert len(data) < largest and SECRET not in data, file
    with Image.open((build.out / page).parent / named[0]) as fallback:
        assert fallback.size == (int(str(image["width"])), int(str(image["height"])))


def test_portrait(site: Site, jpeg: bytes) -> None:
    site.write("photos/anna.jpg", jpeg)
    site.edit("people.yml", "- id: anna-meier\n", "- id: anna-meier\n  photo: photos/anna.jpg\n")
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    for page in ("people/anna-meier", "people/index"):
        picture = build.page(page).select("picture.ls-monogram")[0]
        assert_served_well(build, picture, f"{page}.html", 40_000)
    assert not build.page("people/anna-meier").select("span.ls-monogram-large")
    assert not [name for name in build.files() if name.endswith("anna.jpg")]

    before = build.mtimes()
    again = site.build()
    assert {n: t for n, t in again.mtimes().items() if n.startswith("_images/")} == {
        n: t for n, t in before.items() if n.startswith("_images/")
    }
    site.write("photos/anna.jpg", photo(900, 900))
    new = site.build()
    pages = {n for n, t in new.mtimes().items() if n.endswith(".html") and before.get(n) != t}
    assert {"people/anna-meier.html", "people/index.html"} <= pages
    assert "news/index.html" not in pages


def test_preview_of_a_paper(site: Site, jpeg: bytes) -> None:
    site.write("previews/clear.jpg", jpeg)
    site.edit(
        "references.bib",
        "award     = {Best",
        "preview = {previews/clear.jpg},\n  award     = {Best",
    )
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    (picture,) = build.page("publications/meier2025clear").select(".ls-preview picture")
    assert_served_well(build, picture, "publications/meier2025clear.html", 90_000)
    assert picture.select("img")[0]["alt"] == "Picture of Clear Pictures of the Knee"


def test_picture_on_a_page(site: Site, jpeg: bytes) -> None:
    site.write("docs/knee.jpg", jpeg)
    site.append(
        "docs/research/quiet-models.md", "\n![A knee](../knee.jpg)\n\n![It again](../knee.jpg)\n"
    )
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    first, second = build.page("research/quiet-models").select("article picture")
    assert_served_well(build, first, "research/quiet-models.html", 200_000)
    assert first.select("img")[0]["alt"] == "A knee"
    assert first.select("img")[0].get("loading") is None
    assert second.select("img")[0]["loading"] == "lazy"
    assert all(SECRET not in data for data in variants(build).values())


BAD: Final = {
    "no text": (b"", "![](../x.jpg)", "no text"),
    "text": (b"I am no picture.", "![A](../x.jpg)", "is a text file"),
    "empty": (b"", "![A](../x.jpg)", "is empty"),
    "half": (b"", "![A](../x.jpg)", "damaged"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_picture_is_told_on_every_build(site: Site, jpeg: bytes, kind: str) -> None:
    data, source, said = BAD[kind]
    data = jpeg if kind == "no text" else jpeg[: len(jpeg) // 9] if kind == "half" else data
    site.write("docs/x.jpg", data)
    site.append("docs/research/quiet-models.md", f"\n{source}\n")
    line = site.line_of("docs/research/quiet-models.md", source)
    for build in (site.build(), site.build()):
        assert build.status == 1
        (warned,) = build.warnings()
        assert (warned.file, warned.line) == ("docs/research/quiet-models.md", line)
        assert said in warned.text and "labsite.image" in warned.text


@pytest.mark.parametrize("path", ["photos/nobody.jpg", "../outside.jpg"])
def test_missing_portrait_is_told_and_a_monogram_shown(site: Site, path: str) -> None:
    site.edit("people.yml", "- id: anna-meier\n", f"- id: anna-meier\n  photo: {path}\n")
    build = site.build()
    assert build.status == 1
    (warned,) = build.warnings()
    assert (warned.file, warned.line) == ("people.yml", site.line_of("people.yml", path))
    assert build.page("people/anna-meier").select("span.ls-monogram-large")


@pytest.mark.parametrize("kind", ["image", "figure"])
@pytest.mark.parametrize("target", ["https://example.org/x", "index.html"])
def test_picture_with_a_link_a_width_and_a_name(
    site: Site, jpeg: bytes, kind: str, target: str
) -> None:
    site.write("docs/pics/knee.jpg", jpeg)
    options = f":alt: A knee\n:target: {target}\n:width: 200px\n:name: the-knee\n"
    source = f"```{{{kind}}} /pics/knee.jpg\n{options}```\n\nSee {{ref}}`it <the-knee>`.\n"
    site.append("docs/research/quiet-models.md", f"\n{source}")
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    page = build.page("research/quiet-models")
    (link,) = page.select("article a:has(picture)")
    assert link["href"] == target
    (image,) = link.select("img")
    assert (image["width"], image["height"]) == ("200", "150")
    assert page.select("#the-knee")
    assert not [name for name in build.files() if name.endswith("/knee.jpg")]


@pytest.mark.parametrize("builder", ["text", "latex"])
def test_other_builders_keep_the_picture(site: Site, jpeg: bytes, builder: str) -> None:
    site.write("docs/knee.jpg", jpeg)
    site.append("docs/research/quiet-models.md", "\n![A knee](../knee.jpg)\n")
    build = site.build(builder)
    assert (build.status, build.stderr) == (0, "")


DRAWING: Final = (
    '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200" '
    'xmlns:sodipodi="http://sodipodi.example.org" sodipodi:docname="/home/anna/secret.svg">'
    "<metadata><place>47.0502 N 8.3093 E</place></metadata>"
    "<!-- 47.0502 N 8.3093 E --><path d='M0 0h300v200H0z'/></svg>"
)


def heavy(width: int, height: int, quality: int) -> bytes:
    """Return a photo that is as hard to compress as any, such as one taken at night."""
    noise = Image.frombytes("RGB", (width, height), random.Random(2).randbytes(3 * width * height))
    exif = noise.getexif()
    exif[0x010E] = SECRET.decode()
    file = io.BytesIO()
    noise.save(file, "JPEG", quality=quality, exif=exif)
    return file.getvalue()


def test_a_portrait_of_12_mb_and_a_preview_of_5_mb(site: Site) -> None:
    portrait, preview = heavy(4000, 3000, 94), heavy(2600, 2000, 94)
    assert len(portrait) > 12_000_000 and len(preview) > 5_000_000
    site.write("photos/anna.jpg", portrait)
    site.write("previews/clear.jpg", preview)
    site.edit("people.yml", "- id: anna-meier\n", "- id: anna-meier\n  photo: photos/anna.jpg\n")
    site.edit(
        "references.bib",
        "award     = {Best",
        "preview = {previews/clear.jpg},\n  award     = {Best",
    )
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    (picture,) = build.page("people/anna-meier").select("picture.ls-monogram-large")
    assert_served_well(build, picture, "people/anna-meier.html", 60_000)
    (picture,) = build.page("publications/meier2025clear").select(".ls-preview picture")
    assert_served_well(build, picture, "publications/meier2025clear.html", 200_000)
    made = variants(build)
    assert all(SECRET not in data for data in made.values())
    # a phone takes the narrower one, in the best format
    assert min(len(data) for name, data in made.items() if "clear-" in name) < 60_000

    before = build.mtimes()
    again = site.build()
    assert {name: time for name, time in again.mtimes().items() if name in made} == {
        name: before[name] for name in made
    }


def test_variants_of_a_picture_that_is_not_shown_any_more_go(site: Site, jpeg: bytes) -> None:
    site.write("docs/knee.jpg", jpeg)
    page = "docs/research/quiet-models.md"
    text = site.read(page)
    site.append(page, "\n![A knee](../knee.jpg)\n")
    site.edit("people.yml", "- id: anna-meier\n", "- id: anna-meier\n  photo: docs/knee.jpg\n")
    first = set(variants(site.build()))
    assert len({name.rpartition("-")[0] for name in first}) == 3  # page, list, own page
    site.edit(
        page, "![A knee](../knee.jpg)", "```{image} ../knee.jpg\n:alt: A knee\n:width: 200px\n```"
    )
    second = set(variants(site.build()))
    site.write(page, text)
    third = set(variants(site.build()))
    assert third < first, (third, first)
    assert third < second
    assert second - first and first - second
    site.edit("people.yml", "  photo: docs/knee.jpg\n", "")
    assert not variants(site.build())


@pytest.mark.parametrize("name", ["knee.svg", "knee.*"])
def test_drawings_serve_everywhere_without_what_was_noted_in_them(site: Site, name: str) -> None:
    site.write("docs/pics/knee.svg", DRAWING)
    if name == "knee.*":
        site.write("docs/pics/knee.png", photo(300, 200, like="PNG"))
    site.append("docs/research/quiet-models.md", f"\n![A knee](../pics/{name})\n")
    site.edit("people.yml", "- id: anna-meier\n", "- id: anna-meier\n  photo: docs/pics/knee.svg\n")
    site.edit(
        "references.bib",
        "award     = {Best",
        "preview = {docs/pics/knee.svg},\n  award     = {Best",
    )
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    for page, place, size in (
        ("research/quiet-models", "article picture:not([class])", ("300", "200")),
        ("people/anna-meier", "picture.ls-monogram-large", ("288", "192")),
        ("publications/meier2025clear", ".ls-preview picture", ("300", "200")),
    ):
        (image,) = build.page(page).select(f"{place} img")
        assert (image["width"], image["height"]) == size
        data = ((build.out / f"{page}.html").parent / str(image["src"])).read_bytes()
        assert data.startswith(b"<?xml") and b"viewBox" in data and b"M0 0h300v200H0z" in data
        assert SECRET not in data and b"secret" not in data
    assert len({*variants(build).values()}) == 1


REFUSED: Final = {
    "![A](https://example.org/a.png)": ("labsite.image", "is on another site"),
    '<img src="https://example.org/a.png" alt="A">': ("labsite.html", "another site"),
    '<b style="color: red">Red</b>': ("labsite.html", "sets a style"),
    '<iframe src="https://example.org"></iframe>': ("labsite.html", "the iframe shows"),
    '<img src="../a.png" alt="A">': ("labsite.html", "not looked for"),
    "[![A](../a.png)](../a.png)": ("labsite.image", "The link publishes"),
    "```{image} ../a.png\n:alt: A\n:width: 30vw\n```": ("labsite.html", "'30vw'"),
    "```{image} ../a.png\n:alt: A\n:height: 30px\n```": ("labsite.html", "height is not followed"),
    "```{figure} ../a.png\n:alt: A\n:figwidth: 300px\n```": ("labsite.html", "'300px'"),
}


@pytest.mark.parametrize("source", REFUSED)
def test_what_the_policy_would_refuse_is_told_on_every_build(site: Site, source: str) -> None:
    site.write("docs/a.png", photo(60, 40, like="PNG"))
    site.append("docs/research/quiet-models.md", f"\n{source}\n")
    line = site.line_of("docs/research/quiet-models.md", source)
    kind, said = REFUSED[source]
    for build in (site.build(), site.build()):
        assert build.status == 1
        found = [item for item in build.warnings() if kind in item.text and said in item.text]
        assert [(item.file, item.line) for item in found] == [
            ("docs/research/quiet-models.md", line)
        ]


def test_a_logo_stands_before_the_name(site: Site) -> None:
    site.write("logo.svg", DRAWING)
    site.append("conf.py", '\nhtml_logo = "logo.svg"\n')
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    for page in ("index", "people/anna-meier"):
        (image,) = build.page(page).select("header .ls-brand picture img")
        assert (
            image["alt"] == ""
            and ((build.out / f"{page}.html").parent / str(image["src"])).is_file()
        )


def test_another_picture_in_its_place_is_shown_everywhere(site: Site) -> None:
    site.write("logo.png", photo(300, 100, like="PNG"))
    site.write("icon.svg", DRAWING)
    site.write("photos/anna.png", photo(200, 200, like="PNG"))
    site.edit("people.yml", "- id: anna-meier\n", "- id: anna-meier\n  photo: photos/anna.png\n")
    site.write("previews/clear.png", photo(300, 200, like="PNG"))
    site.append("conf.py", '\nhtml_logo = "logo.png"\nhtml_favicon = "icon.svg"\n')
    site.edit(
        "references.bib",
        "award     = {Best",
        "preview = {previews/clear.png},\n  award     = {Best",
    )
    site.build()
    for name, data in (
        ("logo.png", photo(200, 100, like="PNG")),
        ("icon.svg", DRAWING.replace("300", "400")),
        ("previews/clear.png", photo(100, 200, like="PNG")),
        ("photos/anna.png", photo(200, 300, like="PNG")),
    ):
        site.write(name, data)
        again, clean = site.build(), site.build(into=f"clean-{name[:4]}")
        assert differences(again, clean) == []


@pytest.mark.parametrize("data", [b"", b"<svg><path/></svg>", b"no picture"])
def test_what_cannot_be_used_is_not_published(site: Site, jpeg: bytes, data: bytes) -> None:
    name = "x.svg" if data.startswith(b"<svg") else "x.jpg"
    site.write(f"docs/{name}", data or jpeg[: len(jpeg) // 9])
    site.append("docs/research/quiet-models.md", f"\n![What it shows](../{name})\n")
    build = site.build()
    assert build.status == 1
    assert not variants(build)
    page = build.page("research/quiet-models")
    assert not page.select("article img")
    assert page.select("article .ls-missing")[0].text == "What it shows"


def test_the_logo_is_published_as_shown_only(site: Site, jpeg: bytes) -> None:
    site.write("brand/logo.jpg", jpeg)
    site.append("conf.py", '\nhtml_logo = "brand/logo.jpg"\n')
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    assert all(SECRET not in data for data in build.files().values())


@pytest.mark.parametrize("name", ["gruppe-übung.jpg", "meeting room.jpg"])
def test_a_file_may_have_any_name(site: Site, jpeg: bytes, name: str) -> None:
    site.write(f"docs/{name}", jpeg)
    site.append("docs/research/quiet-models.md", f"\n![A knee](<../{name}>)\n")
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    assert build.page("research/quiet-models").select("article picture img")


def test_a_misspelt_name_is_told_with_the_nearest(site: Site, jpeg: bytes) -> None:
    site.write("docs/meeting.jpg", jpeg)
    site.append("docs/research/quiet-models.md", "\n![A](../meetnig.jpg)\n")
    for build in (site.build(), site.build(), site.build("text"), site.build("latex")):
        (warned,) = build.warnings()
        assert "There is no file 'meetnig.jpg'. Did you mean 'meeting.jpg'?" in warned.text


def test_a_picture_in_another_file_is_told_there(site: Site) -> None:
    site.write("docs/parts/part.txt", "Text\n\n![](nothing.jpg)\n")
    site.append("docs/research/quiet-models.md", "\n```{include} ../parts/part.txt\n```\n")
    found = site.build().warnings()
    assert found
    assert {(item.file, item.line) for item in found} == {("docs/parts/part.txt", 3)}


def dead(build: Build) -> list[str]:
    """Return the pictures that a page names and that are not there."""
    found = []
    for name, page in build.pages().items():
        for item in page.select("picture img, picture source"):
            named = [str(item["src"])] if "src" in item.attrs else []
            named += [part.split()[0] for part in str(item.get("srcset", "")).split(",") if part]
            folder = (build.out / f"{name}.html").parent
            found += [address for address in named if not (folder / address).is_file()]
    return found


@pytest.mark.parametrize("kind", ["some pages", "another builder", "a setting"])
def test_no_page_ever_names_a_picture_that_is_gone(site: Site, jpeg: bytes, kind: str) -> None:
    site.write("docs/knee.jpg", jpeg)
    for page in ("quiet-models", "clear-images"):
        site.append(f"docs/research/{page}.md", "\n![A knee](../knee.jpg)\n")
    shared = ("-d", "_build/doctrees/shared")
    assert not dead(site.build("html", *shared))
    if kind == "a setting":  # such as another version of Pillow
        site.append(
            "conf.py", '\nfrom PIL import Image\nImage.init()\nImage.SAVE.pop("AVIF", None)\n'
        )
    else:
        site.write("docs/knee.jpg", photo(900, 900))
    if kind == "some pages":
        # sphinx-build takes chosen files after the folders
        one = site.build("html", *shared, files=("docs/research/clear-images.md",))
        assert not dead(one)
    elif kind == "another builder":
        site.build("text", *shared)
    last = site.build("html", *shared)
    assert not dead(last)
    assert set(variants(last)) == set(variants(site.build(into="clean")))
