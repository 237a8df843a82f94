"""What several unit tests share: the real data files and random well-formed bibliographies."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from labsite.bib import parse_bib
from labsite.entries import Bibliography

ROOT = Path(__file__).parents[2]

_WORDS = (
    "Deep", "{MRI}", "brain", "Fl{\\\"u}hmann", "Müller", "T$_2$", "–", "--", "50\\%", "a, b",
    "{a {b {c}}}", "x = 1", "me@home.ch", "\\emph{in vivo}", "it's", "#1", "{\"}quoted{\"}", "and",
    "(x)", "{}",
)  # fmt: skip
_NAMES = (
    "title", "author", "editor", "journal", "booktitle", "note", "URL", "Doi", "pages", "author+an",
    "x-field", "abstract", "publisher", "series", "school", "code", "direction", "abbr", "number",
)  # fmt: skip
_TYPES = ("article", "misc", "phdthesis")
_BETWEEN = (
    "",
    "\n",
    "\n\n",
    "\nA line of plain text, between the entries; it's a comment (of a kind).\n",
    "\n% a line with a per cent sign\n",
    "\n@comment{nothing in here}\n",
    '\n@preamble{"\\newcommand{\\x}{y}"}\n',
)

Lines = dict[tuple[str, str], int]
"""(Key, field name or ``""`` for the entry itself) → line."""


class _Writer:
    """Writes one random bibliography and notes on which line everything came to stand."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.text = ""
        self.lines: Lines = {}
        self.strings: list[str] = []

    def note(self, key: str, name: str) -> None:
        self.lines[key, name] = self.text.count("\n") + 1

    def blank(self) -> None:
        self.text += self.random.choice(("", " ", "  ", "\n  ", "\n\n\t"))

    def anycase(self, word: str) -> str:
        return self.random.choice((word, word.upper(), word.capitalize()))

    def words(self, separators: tuple[str, ...]) -> str:
        separator = self.random.choice(separators)
        return separator.join(self.random.choices(_WORDS, k=self.random.randrange(5)))

    def piece(self) -> str:
        form = self.random.randrange(8)
        if form < 4:
            return "{" + self.words((" ", "\n    ", " \t ")) + "}"
        if form < 6:
            return '"' + self.words((" ", "\n    ")) + '"'
        if form == 6 and self.strings:
            return self.anycase(self.random.choice(self.strings))
        return self.random.choice(("1", "2025", "jan", "Sep", "DEC"))

    def value(self) -> None:
        self.text += self.piece()
        while self.random.random() < 0.2:
            self.blank()
            self.text += "#"
            self.blank()
            self.text += self.piece()

    def definition(self) -> None:
        name = f"{self.random.choice(('venue', 'Press', 'w-x'))}{len(self.strings)}"
        opener, closer = self.random.choice(("{}", "()"))
        self.text += "@" + self.anycase("string") + opener
        self.blank()
        self.text += name + " = "
        self.value()
        self.text += closer
        self.strings.append(name)

    def entry(self, number: int) -> None:
        key = self.random.choice(("Sun", "o'neill", "a:b/c", "x_y-z.", "Ö")) + str(number)
        opener, closer = self.random.choice(("{}", "{}", "()"))
        self.note(key, "")
        self.text += "@" + self.anycase(self.random.choice(_TYPES)) + opener
        self.text += self.random.choice(("", " ", "\n")) + key
        names = self.random.sample(_NAMES, self.random.randrange(7))
        for name in names:
            self.text += self.random.choice((",\n  ", ",", ", ", "\n, "))
            self.note(key, name.lower())
            self.text += name
            self.blank()
            self.text += "="
            self.blank()
            self.value()
        self.text += self.random.choice((",\n", "\n", "", " ")) if names else ",\n"
        self.text += closer

    def write(self) -> tuple[str, Lines]:
        for number in range(self.random.randrange(1, 7)):
            self.text += self.random.choice(_BETWEEN)
            if self.random.random() < 0.3:
                self.definition()
                self.text += "\n"
            self.entry(number)
            self.text += "\n"
        newline = self.random.choice(("\n", "\n", "\r\n"))
        return self.text.replace("\n", newline), self.lines


@pytest.fixture(scope="session")
def random_bib() -> Callable[[int], tuple[str, Lines]]:
    """From a seed, a random well-formed bibliography and the line of everything in it."""
    return lambda seed: _Writer(seed).write()


@pytest.fixture(scope="session")
def real_bib_path() -> Path:
    return ROOT / "references.bib"


@pytest.fixture(scope="session")
def real_people_path() -> Path:
    return ROOT / "people.yml"


@pytest.fixture(scope="session")
def real_bib(real_bib_path: Path) -> Bibliography:
    return parse_bib(real_bib_path.read_text(encoding="utf-8"), "references.bib")
