"""Vector drawings: what is shown stays, what was noted goes, what cannot be shown is told."""

import base64
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from labsite.drawings import check_ending, check_parts, check_weight, make_drawing
from labsite.variants import ImageProblem, Place

PLACE = Place((200, 400))
XMLNS = 'xmlns="http://www.w3.org/2000/svg"'
SECRET = "47.0502"


def drawn(folder: Path, text: str | bytes, name: str = "Plan A.svg") -> bytes:
    """Make a drawing and return what stands on the disk."""
    source = folder / name
    source.write_bytes(text if isinstance(text, bytes) else text.encode())
    (variant,) = make_drawing(source, PLACE, folder / "out").fallback
    return (folder / "out" / variant.path).read_bytes()


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('viewBox="0 0 320 200"', (320, 200)),
        ('viewBox="0,0,3000,1000"', (400, 133)),  # as wide as the place
        ('width="120" height="60"', (120, 60)),
        ('width="2cm" height="1cm" viewBox="0 0 20 10"', (76, 38)),
        ('width="100" viewBox="0 0 20 10"', (100, 50)),
        ('height="100" viewBox="0 0 20 10"', (200, 100)),
        ('width="100%" viewBox="0 0 20 10"', (300, 150)),
        ("", (300, 150)),
        ('viewBox="0 0 0 0"', (300, 150)),
        ('viewBox="0 0 nan 1"', (300, 150)),
        ('viewBox="0 0 1e300 1e-300"', (400, 1)),
    ],
)
def test_a_drawing_is_as_large_as_it_says(
    tmp_path: Path, attributes: str, size: tuple[int, int]
) -> None:
    drawn(tmp_path, f"<svg {XMLNS} {attributes}/>")
    picture = make_drawing(tmp_path / "Plan A.svg", PLACE, tmp_path / "out")
    (variant,) = picture.fallback
    assert (picture.width, picture.height) == (variant.width, variant.height) == size
    assert variant.type == "image/svg+xml"
    assert re.fullmatch(r"plan-a-[0-9a-f]{16}\.svg", variant.path)
    before = (tmp_path / "out" / variant.path).stat().st_mtime_ns
    assert make_drawing(tmp_path / "Plan A.svg", PLACE, tmp_path / "out") == picture
    assert (tmp_path / "out" / variant.path).stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.svg", f"<svg {XMLNS}><path></svg>", "is damaged (mismatched tag"),
        ("a.svg", f"<svg {XMLNS} viewBox='a b c d'/>", "is damaged (could not convert"),
        ("a.svg", f"<svg {XMLNS} viewBox='0 0 inf 1'/>", "is damaged"),
        ("a.svg", "<svg viewBox='0 0 3 2'/>", "does not say that it is one"),
        ("a.svg", '<foo xmlns="urn:x"/>', "does not say that it is one"),
        ("a.svgz", "\x1f", "is compressed"),
        ("a.svg", None, "cannot be opened"),
    ],
)
def test_a_drawing_that_cannot_be_used_gets_a_message(
    tmp_path: Path, name: str, data: str | None, said: str
) -> None:
    if data is not None:
        (tmp_path / name).write_text(data, encoding="utf-8")
    with pytest.raises(ImageProblem) as caught:
        make_drawing(tmp_path / name, PLACE, tmp_path / "out")
    assert said in caught.value.what
    assert not (tmp_path / "out").exists()


NOTED = (
    f"<metadata>{SECRET}</metadata >",
    f'<metadata id="x/&gt;y">{SECRET}</metadata>',
    f'<svg:metadata xmlns:svg="http://www.w3.org/2000/svg">{SECRET}</svg:metadata>',
    f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{SECRET}</x:xmpmeta>',
    f"<?xpacket {SECRET}?>",
    f"<!-- {SECRET} -->",
    f"<!--[{SECRET}]-->",
    f'<g xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:export-filename="/{SECRET}"/>',
    f"<script>let a = {SECRET}</script>",
    f'<g onclick="alert({SECRET})"/>',
)


@pytest.mark.parametrize("noted", NOTED)
def test_what_a_program_noted_goes_and_the_drawing_stays(tmp_path: Path, noted: str) -> None:
    inner = f'{noted}<path id="kept" d="M0 0h9"/>{noted}<text>&lt;metadata&gt;</text>'
    data = drawn(tmp_path, f'<?xml version="1.0"?><svg {XMLNS}>{inner}</svg>')
    assert SECRET.encode() not in data
    root = ElementTree.fromstring(data)
    assert [node.get("id") for node in root.iter("{http://www.w3.org/2000/svg}path")] == ["kept"]
    assert "".join(root.itertext()) == "<metadata>"


def test_sections_of_plain_text_are_no_comments(tmp_path: Path) -> None:
    style = "<style><![CDATA[<!-- .a > .b {fill: red} -->]]></style>"
    text = "<text><![CDATA[ <!-- ]]></text><path/><text><![CDATA[ --> ]]></text>"
    root = ElementTree.fromstring(drawn(tmp_path, f"<svg {XMLNS}>{style}{text}</svg>"))
    assert [node.tag.rpartition("}")[2] for node in root] == ["style", "text", "path", "text"]
    assert root[0].text == "<!-- .a > .b {fill: red} -->"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "damaged"])
def test_a_photo_in_a_drawing_loses_what_its_camera_noted(tmp_path: Path, kind: str) -> None:
    image, file = Image.new("RGB", (40, 30), "teal"), io.BytesIO()
    exif = image.getexif()
    exif[0x010E] = SECRET
    image.save(file, "JPEG" if kind == "damaged" else kind, exif=exif)
    assert SECRET.encode() in file.getvalue()
    content = file.getvalue()[:90] if kind == "damaged" else file.getvalue()
    text = base64.b64encode(content).decode()
    link = f'xlink:href="data:image/{kind.lower().replace("damaged", "jpeg")};base64,{text}"'
    data = drawn(
        tmp_path,
        f'<svg {XMLNS} xmlns:xlink="http://www.w3.org/1999/xlink"><image {link}/></svg>',
    )
    (shown,) = re.findall(rb'href="(data:[^"]*)"', data)
    found = base64.b64decode(shown.partition(b",")[2])
    assert SECRET.encode() not in found
    if kind != "damaged":
        with Image.open(io.BytesIO(found)) as again:
            assert again.size == (40, 30)


def test_a_photo_without_notes_stays_as_it_is(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.new("RGB", (4, 3)).save(file, "PNG")
    link = f'href="data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"'
    assert link.encode() in drawn(tmp_path, f"<svg {XMLNS}><image {link}/></svg>")


@pytest.mark.parametrize(
    ("part", "missing"),
    [
        ('<image href="photo.png"/>', True),
        ('<image xlink:href="https://example.org/a.png"/>', True),
        ('<use href="other.svg#a"/>', True),
        ('<use href="#a"/>', False),
        ('<image href="data:image/png;base64,AA"/>', False),
        ('<a href="https://example.org"><path/></a>', False),
        ("<image/>", False),
    ],
)
def test_what_a_drawing_needs_and_does_not_have_is_told(
    tmp_path: Path, part: str, missing: bool
) -> None:
    text = f'<svg {XMLNS} xmlns:xlink="http://www.w3.org/1999/xlink">{part}</svg>'
    (tmp_path / "a.svg").write_text(text, encoding="utf-8")
    problem = check_parts(tmp_path / "a.svg")
    assert (problem is not None) == missing


def test_entities_that_grow_without_bound_do_not(tmp_path: Path) -> None:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 20))
    text = f'<!DOCTYPE svg [<!ENTITY a0 "ha">{lines}]><svg {XMLNS}><text>&a19;</text></svg>'
    with pytest.raises(ImageProblem, match="damaged"):
        drawn(tmp_path, text)


def test_a_deep_drawing_is_drawn_and_a_far_too_deep_one_told(tmp_path: Path) -> None:
    data = drawn(tmp_path, f"<svg {XMLNS}>{'<g>' * 500}<path/>{'</g>' * 500}</svg>")
    assert data.count(b"<g") == 500
    with pytest.raises(ImageProblem, match="a thousand deep"):
        drawn(tmp_path, f"<svg {XMLNS}>{'<g>' * 9000}<path/>{'</g>' * 9000}</svg>")


def test_only_a_large_file_is_told_to_be_heavy(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_bytes(b"<svg>" + b" " * 600_000 + b"</svg>")
    (tmp_path / "b.svg").write_bytes(b"<svg></svg>")
    problem = check_weight(tmp_path / "a.svg")
    assert problem
    assert "0.6 MB" in problem.what
    assert check_weight(tmp_path / "b.svg") is None
    assert check_weight(tmp_path / "missing.svg") is None


def test_a_drawing_named_as_a_photo_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"<svg></svg>")
    problem = check_ending(tmp_path / "a.jpg")
    assert problem
    assert problem.what == "The picture 'a.jpg' holds a drawing, which its ending does not say."
    assert problem.remedy == "Rename it to 'a.svg'."


@pytest.mark.parametrize("name", ["a.svg", "a.SVG", "a.svgz", "a.jpg.svg"])
def test_a_drawing_named_as_one_is_not_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"<svg></svg>")
    assert check_ending(tmp_path / name) is None
