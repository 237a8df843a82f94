"""An invented bibliography of any size that looks like a real group's; the same for the same seed.

A few people write most papers (Zipf), the years grow, some entries have DOIs, preprints, code,
abstracts; LaTeX and versions of earlier work come up now and then.
"""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from bench import vocabulary as words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2025
GROWTH: Final = 1.07
"""Each year has so many times the papers of the one before."""
_ABBREVIATED: Final = frozenset({"journal", "booktitle"})
DIRECTIONS: Final = ("robust-models", "clear-reasons", "careful-practice", "image-synthesis")


@dataclass(frozen=True, slots=True)
class Author:
    """A name as a bib file has it."""

    given: str
    family: str

    @property
    def name(self) -> str:
        """``Family, Given``."""
        return f"{self.family}, {self.given}"


@dataclass(frozen=True, slots=True)
class Venue:
    """Where papers appear.

    Attributes:
        short: Also the name of its ``@string``.
    """

    type: str
    name: str
    short: str


@dataclass(slots=True)
class Pool:
    """What entries are drawn from.

    Attributes:
        authors: The most frequent first.
        weights: Sums of how often each author writes, up to and with this one.
        keys: Those that are taken, the latest last.
    """

    authors: Sequence[Author]
    weights: Sequence[float]
    venues: Sequence[Venue]
    keys: dict[str, None] = field(default_factory=dict)


def pool_of(seed: int, size: int = 4000) -> Pool:
    """Return venues and ``size`` authors."""
    draw = random.Random(f"pool {seed}")
    authors: dict[str, Author] = {}
    while len(authors) < size:
        middle_part = draw.choice(("", "", draw.choice(words.FAMILY_ENDS[:8])))
        family = draw.choice(words.FAMILY_STARTS) + middle_part + draw.choice(words.FAMILY_ENDS)
        initial = f" {draw.choice('ABCDEFGHJKLMPRSTW')}." if draw.random() < 0.4 else ""
        author = Author(draw.choice(words.GIVEN) + initial, family)
        authors.setdefault(author.name, author)
    weights = list(accumulate(1 / (rank + 2) for rank in range(size)))
    return Pool(tuple(authors.values()), weights, tuple(_venues()))


def _venues() -> Iterator[Venue]:
    for name in words.FIELDS:
        yield Venue("article", f"Journal of {name}", f"J{name[:3]}")
        yield Venue("article", f"{name} Letters", f"{name[:4].strip()}L")
        meeting = f"International Conference on {name}"
        yield Venue("inproceedings", meeting, f"IC{name[:3].upper()}")


def bibliography(size: int, pool: Pool, seed: int) -> str:
    """Return a bib file with ``size`` entries, year down, then by key.

    Each entry is drawn by itself: one more entry leaves the others as they are.
    """
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    weights = [GROWTH ** (year - FIRST_YEAR) for year in years]
    entries: list[tuple[int, str, str]] = []
    for number in range(size):
        draw = random.Random(f"{seed} {number}")
        (year,) = draw.choices(years, weights)
        entries.append((-year, *_entry(number, year, pool, draw)))
    strings = [f"@string{{{_abbreviation(venue)} = {{{venue.name}}}}}" for venue in pool.venues]
    return "\n".join([*strings, "", *(text for _, _, text in sorted(entries))])


def _entry(number: int, year: int, pool: Pool, draw: random.Random) -> tuple[str, str]:
    """Return key and text."""
    authors = _authors(pool, draw)
    subject, method, organ = map(draw.choice, (words.SUBJECTS, words.METHODS, words.ORGANS))
    kind, where = _where(number, year, pool, draw)
    if kind == "phdthesis":
        authors = authors[:1]
    fields = {
        "title": _title(f"{method[0].upper()}{method[1:]} {subject} of {organ}", draw),
        "author": " and ".join(author.name for author in authors),
        "year": str(year),
        **where,
        "direction": ", ".join(draw.sample(DIRECTIONS, draw.choice((1, 1, 2)))),
    }
    if draw.random() < 0.5:
        sentences = " ".join(draw.sample(words.SENTENCES, draw.randrange(3, 7)))
        fields["abstract"] = sentences.format(method=method, subject=subject, organ=organ)
    if draw.random() < 0.2:
        fields["code"] = f"https://code.example.org/{number}"
    if draw.random() < 0.004:
        fields["award"] = "Best paper"
    if pool.keys and draw.random() < 0.02:
        fields |= {"related": next(reversed(pool.keys)), "relatedtype": "version"}
    key = _key(authors[0], year, method, pool)
    lines = (
        f"  {name:<11} = {value if name in _ABBREVIATED else f'{{{value}}}'},"
        for name, value in fields.items()
    )
    return key, "\n".join([f"@{kind}{{{key},", *lines, "}", ""])


def _title(title: str, draw: random.Random) -> str:
    """Return a title with what makes titles differ: LaTeX, a method's name, an aim."""
    if draw.random() < 0.4:
        title += draw.choice(words.ODDITIES)
    if draw.random() < 0.6:
        title = f"{{{''.join(draw.choices(words.SYLLABLES, k=3)).capitalize()}}}: {title}"
    if draw.random() < 0.6:
        title += f" for {' and '.join(draw.sample(words.AIMS, draw.choice((1, 1, 2))))}"
    return title


def _where(number: int, year: int, pool: Pool, draw: random.Random) -> tuple[str, dict[str, str]]:
    """Return an entry's type, and the fields that say where it appeared."""
    kind = draw.choices(("published", "misc", "phdthesis"), (86, 12, 2))[0]
    fields: dict[str, str] = {}
    if kind == "phdthesis":
        return kind, {"school": "University of the Valley"}
    if kind == "published":
        venue = draw.choice(pool.venues)
        kind, first = venue.type, draw.randrange(1, 900)
        fields["journal" if kind == "article" else "booktitle"] = _abbreviation(venue)
        fields["abbr"] = f"{venue.short} {year}"
        fields["pages"] = f"{first}--{first + draw.randrange(4, 20)}"
        if kind == "article":
            fields["volume"] = str(year - 1980)
        if draw.random() < 0.85:
            fields["doi"] = f"10.5555/{venue.short.lower()}.{year}.{number}"
    if kind == "misc" or draw.random() < 0.25:
        month = f"{year % 100:02}01"
        identifier = f"{month}.{number:05}" if year >= 2015 else f"cs/{month}{number % 1000:03}"
        fields |= {"eprint": identifier, "eprinttype": "arxiv"}
    return kind, fields


def _authors(pool: Pool, draw: random.Random) -> list[Author]:
    wanted = draw.choice((1, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9, 12))
    found: dict[str, Author] = {}
    while len(found) < wanted:
        (author,) = draw.choices(pool.authors, cum_weights=pool.weights)
        found[author.name] = author
    return list(found.values())


def _key(author: Author, year: int, word: str, pool: Pool) -> str:
    plain = re.sub(r"[^a-z]", "", ascii_of(author.family).lower())
    stem = f"{plain}{year}{re.sub('[^a-z]', '', word.lower())}"
    key, number = stem, 1
    while key in pool.keys:
        number += 1
        key = f"{stem}{number}"
    pool.keys[key] = None
    return key


def ascii_of(text: str) -> str:
    """Return a text in ASCII letters, as far as it has any."""
    text = text.replace("ø", "o").replace("Ø", "O").replace("ß", "ss")
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode("ascii")


def _abbreviation(venue: Venue) -> str:
    return re.sub(r"[^a-z]", "", venue.short.lower()) + ("c" if "Conference" in venue.name else "j")
