"""Card images: what a link to a page looks like elsewhere."""

import io
import re
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from labsite.cards import SIZE, contrast, draw_card
from labsite.palette import Palette, read_palette

TOKENS = Path(__file__).parents[2] / "labsite/theme/static/css/tokens.css"
PLAIN = Palette()
WORDS = {
    "kind": "News",
    "group": "Medical AI",
    "tagline": "Machine Learning in Medical Image Analysis",
    "host": "example.org",
}
KINDS = ("", "Research", "Publication", "Person", "News")
EDGE, MARGIN = 12, 60
TEXT = (0, EDGE, 700, 495)  # left of the drawing, above the rule
HOST = (0, 505, *SIZE)

Box = tuple[int, int, int, int]


def card(words: dict[str, str] | None = None, palette: Palette = PLAIN) -> Image.Image:
    """Draw a card of the usual words but some, once for all tests."""
    return drawn(tuple(sorted({**WORDS, **(words or {})}.items())), palette)


@cache
def drawn(words: tuple[tuple[str, str], ...], palette: Palette) -> Image.Image:
    return Image.open(io.BytesIO(draw_card(palette=palette, **dict(words)))).convert("RGB")


def ink_box(image: Image.Image, area: Box = (0, EDGE, *SIZE), paper: str = PLAIN.paper) -> Box:
    """Where in an area there is anything but paper."""
    blank = Image.new("RGB", image.size, paper)
    box = ImageChops.difference(image, blank).crop(area).getbbox() or (0, 0, 0, 0)
    return box[0] + area[0], box[1] + area[1], box[2] + area[0], box[3] + area[1]


def is_blank(image: Image.Image, area: Box) -> bool:
    left, top, right, bottom = ink_box(image, area)
    return (right - left) * (bottom - top) == 0


def colours_of(image: Image.Image) -> set[str]:
    pixels = image.tobytes()
    return {f"#{pixels[at : at + 3].hex()}" for at in range(0, len(pixels), 3)}


def same(one: Image.Image, other: Image.Image, area: Box) -> bool:
    return one.crop(area).tobytes() == other.crop(area).tobytes()


def chunks(png: bytes) -> Iterator[str]:
    at = 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8].decode("ascii")
        at += length + 12


# The file


@pytest.mark.parametrize("kind", KINDS)
def test_a_small_png_of_the_right_size(kind: str) -> None:
    png = draw_card(palette=PLAIN, **{**WORDS, "kind": kind})
    with Image.open(io.BytesIO(png)) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "P", (1200, 630))
    assert len(png) < 25_000


def test_nothing_in_the_file_but_the_picture() -> None:
    """No dates, no program's name: the same card is the same bytes."""
    assert set(chunks(draw_card(palette=PLAIN, **WORDS))) == {*("IHDR", "PLTE", "IDAT", "IEND")}


def test_drawn_twice_is_the_same() -> None:
    assert draw_card(palette=PLAIN, **WORDS) == draw_card(palette=PLAIN, **WORDS)


def test_every_kind_has_its_own_picture() -> None:
    cards = [card({"kind": kind}) for kind in KINDS]
    drawings = {image.crop((700, EDGE, 1200, 490)).tobytes() for image in cards}
    words = {image.crop(TEXT).tobytes() for image in cards}
    assert len(drawings) == len(words) == len(KINDS)


@pytest.mark.parametrize("word", sorted(WORDS))
def test_every_word_is_shown(word: str) -> None:
    assert card().tobytes() != card({word: "Other"}).tobytes()


# Colours


def test_colours_of_the_theme() -> None:
    css = TOKENS.read_text(encoding="utf-8")
    assert read_palette(css) == PLAIN, "the defaults are the theme's"
    assert re.search(rf"--ls-accent: light-dark\({PLAIN.accent},", css)


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        ("light-dark(#abc, #def)", "#aabbcc"),
        ("light-dark( #A1B2C3 ,\n  #ddeeff )", "#a1b2c3"),
        ("light-dark(#abc, black)", "#aabbcc"),
        ("#012345", "#012345"),
        ("#FFF", "#ffffff"),
        ("#123 !important", "#112233"),
        ("light-dark(white, #000)", PLAIN.paper),
        ("light-dark(#abcd, #000)", PLAIN.paper),
        ("#abcd", PLAIN.paper),
        ("#12345678", PLAIN.paper),
        ("#ggg", PLAIN.paper),
        ("oklch(0.9 0.1 200)", PLAIN.paper),
        ("var(--ls-raised)", PLAIN.paper),
        ("", PLAIN.paper),
    ],
)
@pytest.mark.parametrize("end", [";", "", ";\n  color: red;"])
def test_forms_of_a_colour(value: str, colour: str, end: str) -> None:
    assert read_palette(f":root {{\n  --ls-paper: {value}{end}\n}}").paper == colour


def test_each_variable_has_its_place() -> None:
    names = ("paper", "ink", "soft", "accent", "line", "d1", "d2", "d3", "d4")
    css = "".join(f"--ls-{name}:#{n}{n}{n};" for n, name in enumerate(names, 1))
    colours = [f"#{n}{n}{n}{n}{n}{n}" for n in range(1, 10)]
    palette = read_palette(f":root{{{css}}}")
    found = [palette.paper, palette.ink, palette.soft, palette.accent, palette.line]
    assert [*found, *palette.marks] == colours


def test_later_wins() -> None:
    css = ":root { --ls-ink: light-dark(#111, #eee); --ls-d3: #333 }"
    own = ":root { --ls-ink: #222222; --ls-d3: light-dark(#456, #fff) }"
    assert read_palette(css + own).ink == "#222222"
    assert read_palette(own + css).ink == "#111111"
    assert read_palette(css + own).marks == (*PLAIN.marks[:2], "#445566", PLAIN.marks[3])


@pytest.mark.parametrize(
    "css",
    [
        "",
        "}{;:--ls-paper",
        "/* :root { --ls-paper: #000; } */",
        ':root { --ls-paper: #fcfbf8; } html[data-theme="dark"] { --ls-paper: #000; }',
        "@media (prefers-color-scheme: dark) { :root { --ls-paper: #000; } }",
        "@media print { :root { --ls-paper: #fff; } } a { color: red }",
        ":root { --ls-paper-2: #000; --x-ls-paper: #000; --pst-paper: #000 }",
    ],
)
def test_what_does_not_count_keeps_the_defaults(css: str) -> None:
    assert read_palette(css) == PLAIN


def test_what_follows_a_rule_for_dark_pages_counts() -> None:
    css = "@media print { a { --ls-ink: #333 } } [x=dark] { --ls-ink: #eee; }"
    assert read_palette(css + ":root { --ls-ink: #222 }").ink == "#222222"


def test_a_card_is_drawn_in_its_colours() -> None:
    palette = Palette("#102030", "#ffffff", "#d0d0e0", "#80d0ff", "#405060", ("#ffb060",))
    wanted = {palette.paper, palette.ink, palette.soft, palette.accent, palette.line, "#ffb060"}
    assert wanted <= colours_of(card(palette=palette))


def test_directions_may_be_none() -> None:
    assert card(palette=Palette(marks=())).size == SIZE


# Legible


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#123456", "#123456", 1)],
)
def test_contrast(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize(
    "palette",
    [
        PLAIN,
        Palette(soft="#cccccc", accent="#ffe066"),
        Palette(paper="#222222", ink="#333333", soft="#444444", accent="#555555"),
        Palette(paper="#808080", ink="#808080"),
    ],
)
@pytest.mark.parametrize("area", [(0, 80, 700, 160), (0, 160, 700, 300), (0, 300, 700, 495), HOST])
def test_text_stands_out_from_the_paper(palette: Palette, area: Box) -> None:
    colours = colours_of(card(palette=palette).crop(area))
    assert max(contrast(colour, palette.paper) for colour in colours) >= 4.5


@pytest.mark.parametrize(("area"), [TEXT, HOST])
def test_small_text_is_legible_in_a_thumbnail(area: Box) -> None:
    _, top, _, bottom = ink_box(card({"kind": "H", "group": "", "tagline": "", "host": "H"}), area)
    assert bottom - top >= 28


# Words that are too long, or that the font lacks

LONG = (
    "Machine Learning and Statistical Methods for Clinical Neuroimaging at the University Hospital"
)


@pytest.mark.parametrize("kind", [*KINDS, *map(str, range(4))])
def test_margins_stay_free(kind: str) -> None:
    left, top, right, bottom = ink_box(card({"kind": kind}))
    assert left >= MARGIN
    assert top >= MARGIN
    assert right <= SIZE[0] - MARGIN
    assert bottom <= SIZE[1] - 40


@pytest.mark.parametrize(
    "words",
    [
        {"group": LONG},
        {"tagline": LONG},
        {"group": LONG, "tagline": LONG},
        {"group": "Rechtsschutzversicherungsgesellschaftsangestelltenforschungsgruppe"},
        {"group": "W" * 120, "tagline": "i" * 200},
        {"group": f"{LONG} " * 9, "tagline": LONG},
        {"kind": "Kind of page with a long name", "group": LONG},
        {"host": "a-very-long-name-of-a-research-group.informatik.example.org"},
        {"host": f"{'long-' * 40}.example.org"},
    ],
)
def test_long_words_fit(words: dict[str, str]) -> None:
    image = card(words)
    left, top, right, bottom = ink_box(image)
    assert left >= MARGIN
    assert top >= MARGIN
    assert right <= SIZE[0] - MARGIN
    assert bottom <= SIZE[1] - 40
    assert is_blank(image, (682, EDGE, 700, 495)), "the text keeps off the drawing"
    assert is_blank(image, (0, 480, 700, 498)), "the text keeps off the rule"


def test_a_long_name_is_all_there() -> None:
    """Nothing is cut off: its last letter counts, and the tagline below it stays."""
    assert not same(card({"group": LONG}), card({"group": LONG[:-1]}), TEXT)
    assert not same(card({"group": LONG}), card({"group": LONG, "tagline": ""}), TEXT)


def test_a_long_word_is_made_smaller_before_it_is_broken() -> None:
    _, top, _, bottom = ink_box(
        card({"kind": "", "group": "Biostatisticsgroup", "tagline": ""}), TEXT
    )
    assert 40 < bottom - top < 112, "one line, of letters with a descender"


def test_a_long_address_is_made_smaller() -> None:
    host = "a-research-group-with-a-name.of-a-department.example.org"
    assert not is_blank(card({"host": host}), HOST)
    assert not same(card({"host": host}), card({"host": host[:-1]}), HOST)


def test_what_cannot_fit_is_left_out() -> None:
    endless = f"{LONG} " * 9
    assert same(card({"tagline": endless}), card({"tagline": ""}), TEXT)
    assert is_blank(card({"host": f"{'long-' * 40}.example.org"}), HOST)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        *((word, "医学 AI") for word in WORDS),
        *(("tagline", text) for text in ("Медицина", "a → b", "AI 🧠", "\U0010ffff", "□")),
    ],
)
def test_what_the_font_lacks_is_left_out(word: str, text: str) -> None:
    beside = (0, EDGE, 700, SIZE[1])  # the drawing itself goes by the kind, shown or not
    one_mark = Palette(marks=(PLAIN.accent,))
    assert same(card({word: text}, one_mark), card({word: ""}, one_mark), beside)


def test_a_name_that_cannot_be_drawn_gives_its_place_to_the_tagline() -> None:
    tagline = "Medicine"
    assert same(
        card({"group": "医学", "tagline": tagline}), card({"group": tagline, "tagline": ""}), TEXT
    )


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("Müller–Łukasz", "Muller-Lukasz"),
        ("Straße Œuvre Øre", "Strasse OEuvre Ore"),
        ("Mu\N{COMBINING DIAERESIS}ller", "Muller"),
        ("  Two\n words ", "Two words"),
        ("soft\N{SOFT HYPHEN}hyphen\N{ZERO WIDTH SPACE}", "softhyphen"),
        ("no\N{NO-BREAK SPACE}break", "no break"),
        ("eﬃcient Ａ", "efficient A"),
    ],
)
def test_what_has_a_plain_form_is_drawn_in_it(text: str, drawn: str) -> None:
    assert same(card({"group": text}), card({"group": drawn}), TEXT)
    assert not same(card({"group": text}), card({"group": ""}), TEXT)


@pytest.mark.parametrize("text", ["It’s “A” · B…", "A–Z 0–9 (x) & y/z, w; 50 % + #1 @ ~"])
def test_usual_signs_are_drawn(text: str) -> None:
    assert not same(card({"group": text}), card({"group": ""}), TEXT)


def test_an_address_is_not_respelt() -> None:
    assert is_blank(card({"host": "müller.example"}), HOST)
    assert not is_blank(card({"host": "muller.example"}), HOST)
