"""The picture that social networks and messengers show for a link: one per kind of page.

Words and colours in, a PNG out. The font is Pillow's own, so every machine draws the same. It knows
ASCII and little more: accents are left off, and what it still cannot draw is left out.
"""

from __future__ import annotations

import cmath
import io
import math
import random
import textwrap
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from PIL import Image, ImageColor, ImageDraw, ImageFont

if TYPE_CHECKING:
    from labsite.palette import Palette

SIZE: Final = (1200, 630)
"""Width and height in pixels: what readers of Open Graph show uncropped."""

_FINE: Final = 3  # all is drawn this much larger, then reduced: smooth edges
_LEFT, _COLUMN, _HEIGHT = 80, 600, 380  # where the text begins, its width and height at most
_EDGE, _RULE, _FOOT = 12, 500, 550  # the upper edge's end, the rule, the middle of the host
_SMALLEST: Final = 40  # a font size whose capitals are 28 px high: legible in a thumbnail
_LEADING, _GAP = 1.22, 12  # between lines, as a factor; between texts, on top of it
_TONES: Final = 7  # from the paper to a colour: enough for smooth edges
_ANGLES: Final = [math.tau * step / 180 for step in range(180)]
_FOLDED: Final = {ord(dash): "-" for dash in "‐‑‒–—―−"} | str.maketrans(
    {"•": "·", "‚": "‘", "„": "“", "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ı": "i"}
    | {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
)


def draw_card(kind: str, *, group: str, tagline: str, host: str, palette: Palette) -> bytes:
    """Draw the card of a kind of page.

    Args:
        kind: What the page is, in the words shown ("Publication"); empty for the home page.
        group: The group's name.
        tagline: What it works on, in a line.
        host: Where the site is, such as ``example.org``.
        palette: The colours.

    Returns:
        A PNG of `SIZE`, the same bytes for the same arguments as long as Pillow stays the same.
    """
    image = Image.new("RGB", (SIZE[0] * _FINE, SIZE[1] * _FINE), palette.paper)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, image.width, _EDGE * _FINE - 1), palette.accent)
    left, right, rule = _LEFT * _FINE, (SIZE[0] - _LEFT) * _FINE, _RULE * _FINE
    draw.rectangle((left, rule, right - 1, rule + 2 * _FINE - 1), palette.line)
    wash, mark = _draw_outlines(draw, kind, palette)
    accent, ink, soft = (_legible(c, palette) for c in (palette.accent, palette.ink, palette.soft))
    label, name, line = map(_drawable, (kind, group, tagline))
    texts = [_Text(label, 46, accent, 0.02), _Text(name or line, 112, ink, 0.022)]
    texts += [_Text(line, 44, soft)] if name else []
    _write(draw, _fitted([text for text in texts if text.words]), (_EDGE + _RULE) / 2)
    _write(draw, _address(host, soft), _FOOT)
    plain, tones = (palette.paper, palette.line, wash), (palette.accent, accent, ink, soft, mark)
    return _png(image.reduce(_FINE), plain, tones)


def contrast(one: str, other: str) -> float:
    """Return two colours' contrast ratio, 1 to 21 (WCAG 2.2, relative luminance)."""
    light = []
    for colour in (one, other):
        parts = [part / 255 for part in ImageColor.getrgb(colour)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        light.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
    return max(light) / min(light)


def _legible(colour: str, palette: Palette) -> str:
    """Return a colour for text: this one or, where it is too pale, the next that is not."""
    choices = (colour, palette.ink, "#000000", "#ffffff")
    return next(c for c in choices if contrast(c, palette.paper) >= 4.5)  # WCAG 2.2, 1.4.3


def _mixed(one: str, other: str, share: float) -> str:
    pairs = zip(ImageColor.getrgb(one), ImageColor.getrgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return cast(ImageFont.FreeTypeFont, ImageFont.load_default(size))  # it is, with a size


@cache
def _has(character: str) -> bool:
    """Tell whether the font has a character: one it lacks looks like one that nobody has."""
    glyph, missing = (_font(_SMALLEST).getmask(c) for c in (character, "\U0010ffff"))
    return glyph.size != missing.size or bytes(glyph) != bytes(missing)


def _drawable(text: str) -> str:
    """Return a text as the font can draw it, or nothing if it cannot."""
    drawn = ""
    for character in " ".join(text.split()):
        parts = character if _has(character) else unicodedata.normalize("NFKD", character)
        kept = (part for part in parts if unicodedata.category(part) not in {"Mn", "Cc", "Cf"})
        drawn += "".join(kept).translate(_FOLDED)
    return " ".join(drawn.split()) if all(map(_has, drawn)) else ""


class _Text(NamedTuple):
    words: str
    size: int
    colour: str
    bold: float = 0  # how much wider strokes are, as a share of the size
    lines: tuple[str, ...] = ()

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * _LEADING + _GAP

    def fits(self, line: str, width: int = _COLUMN) -> bool:
        return _font(self.size * _FINE).getlength(line) <= width * _FINE


def _fitted(texts: list[_Text]) -> list[_Text]:
    """Make texts fit: all of them smaller; if that is not enough, without the last."""
    for percent in range(100, 30, -5):
        sizes = (max(_SMALLEST, text.size * percent // 100) for text in texts)
        tried = [_wrapped(t._replace(size=size)) for t, size in zip(texts, sizes, strict=True)]
        cut = any(t.size > _SMALLEST and " ".join(t.lines) != t.words for t in tried)
        if not cut and sum(text.height for text in tried) <= _HEIGHT:
            return tried
    return _fitted(texts[:-1])


def _wrapped(text: _Text) -> _Text:
    """Break a text into lines, and a word only where it is wider than a line."""
    for count in range(3 * _COLUMN // text.size, 0, -1):
        lines = textwrap.wrap(text.words, count, break_on_hyphens=False)
        if all(map(text.fits, lines)):
            break
    return text._replace(lines=tuple(lines))


def _address(host: str, colour: str) -> list[_Text]:
    """Return the host as it is, since another spelling is another address, or nothing."""
    sizes = range(_SMALLEST, 27, -1) if host and _drawable(host) == host else ()
    texts = (_Text(host, size, colour, lines=(host,)) for size in sizes)
    return next(([text] for text in texts if text.fits(host, SIZE[0] - 2 * _LEFT)), [])


def _write(draw: ImageDraw.ImageDraw, texts: list[_Text], middle: float) -> None:
    top = middle - (sum(text.height for text in texts) - _GAP) / 2
    for text in texts:
        font, stroke = _font(text.size * _FINE), round(text.size * _FINE * text.bold)
        for number, line in enumerate(text.lines):
            bearing = (font.getmask(line[0]).getbbox() or (0,))[0]  # all lines begin at one edge
            height = round((top + (number + 0.5) * text.size * _LEADING) * _FINE)
            place = (_LEFT * _FINE + stroke - bearing, height)
            draw.text(place, line, text.colour, font, "lm", stroke_width=stroke)
        top += text.height


def _draw_outlines(draw: ImageDraw.ImageDraw, kind: str, palette: Palette) -> tuple[str, str]:
    """Draw outlines that one shape may have; return the colours of its area and of the kind."""
    chance = random.Random(f"contours of {kind}")
    mark = chance.choice(palette.marks or (palette.accent,))
    wash, pale = (_mixed(palette.paper, palette.accent, share) for share in (0.06, 3 / _TONES))
    unsure = chance.uniform(-0.9, 0.9)  # the side where the outlines part
    doubt = [3 + 24 * max(0.0, math.cos(angle - unsure)) ** 2 for angle in _ANGLES]
    shape = _waves(chance, range(2, 7), 22)
    draw.polygon(_ring(144, shape), wash)
    for _ in range(14):
        off = [max(-1.6, min(1.6, wave)) for wave in _waves(chance, range(5), 1)]
        other = [s + d * o for s, d, o in zip(shape, doubt, off, strict=True)]
        draw.line(_ring(144, other), pale, 5)
    draw.line(_ring(144, shape), palette.accent, 15)
    inner = _ring(50, _waves(chance, range(2, 7), 11), aside=-34)
    for start in range(0, len(_ANGLES), 9):
        draw.line(inner[start : start + 6], mark, 12)
    return wash, mark


def _waves(chance: random.Random, counts: range, size: float) -> list[float]:
    """Return a smooth random curve around a circle: a wave of each count."""
    waves = [(k, chance.uniform(-size, size) / max(k, 1), chance.random()) for k in counts]
    return [sum(a * math.cos(k * t + math.tau * p) for k, a, p in waves) for t in _ANGLES]


def _ring(radius: int, uneven: list[float], aside: int = 0) -> list[tuple[float, float]]:
    """Return a line around the drawing's middle, closed with a little overlap."""
    rays = [cmath.rect(radius + more, t) for more, t in zip(uneven, _ANGLES, strict=True)]
    points = [(912 + aside + 1.06 * ray.real, 256 + ray.imag) for ray in rays + rays[:2]]
    return [(x * _FINE, y * _FINE) for x, y in points]


def _png(image: Image.Image, plain: tuple[str, ...], tones: tuple[str, ...]) -> bytes:
    """Encode with plain colours and, as edges have them, what is between the first and others."""
    steps = [_mixed(plain[0], tone, n / _TONES) for tone in tones for n in range(1, _TONES + 1)]
    chart = Image.new("P", (1, 1))
    chart.putpalette([part for colour in (*plain, *steps) for part in ImageColor.getrgb(colour)])
    out = io.BytesIO()
    image.quantize(palette=chart, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()
