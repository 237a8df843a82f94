"""Plain LaTeX, read without a parser, says what the parser says of it."""

import string
from itertools import product

import pytest

from labsite import latex
from labsite.model import RichText
from labsite.plaintex import read_apart

Read = tuple[RichText, tuple[str, ...]]


def no_math(source: str) -> Read:
    raise AssertionError(f"{source!r} is handed to the parser")


@pytest.mark.parametrize("accent", "\"'`^~=.")
def test_every_accent_on_every_letter(accent: str) -> None:
    for letter in string.ascii_letters:
        for source in (f"\\{accent}{letter}", f"\\{accent}{{{letter}}}"):
            assert (read_apart(source, no_math), ()) == latex._read(source)


@pytest.mark.parametrize("sign", "%&#_$,")
def test_every_escaped_sign(sign: str) -> None:
    for source in (f"\\{sign}", f"a\\{sign}b"):
        assert (read_apart(source, no_math), ()) == latex._read(source)


@pytest.mark.parametrize("first", "~`'<>!?&#\"^_-")
def test_every_run_of_signs_that_may_join(first: str) -> None:
    signs = "~`'<>!?&#\"^_-"
    rests = [rest for length in range(3) for rest in product(signs, repeat=length)]
    for source in (first + "".join(rest) for rest in rests):
        assert (read_apart(source, no_math), ()) == latex._read(source)
    for source in (first * 4, first * 5, f"{first}---", f"---{first}--"):
        assert (read_apart(source, no_math), ()) == latex._read(source)


@pytest.mark.parametrize(
    "source",
    [
        "{Deep} Learning -- {MRI}'s ``best''",
        "594--603",
        "{M\\\"uller} and {\\'E}cole~Polytechnique",
        r"\emph{in vivo} \textit{a  b} \textbf{1} \texttt{x y}",
        "T$_2$-weighted, x$^i$ and $ _2 $",
        "",
        "{}",
    ],
)
def test_what_is_plain_needs_no_parser(source: str) -> None:
    assert (read_apart(source, no_math), ()) == latex._read(source)


@pytest.mark.parametrize("source", [r"\o", r"\emph{\"u}", "a}{b", "{", "$$x$$", "50%", "\\"])
def test_what_is_not_plain_is_not_read(source: str) -> None:
    assert read_apart(source, latex._read) is None


def test_only_formulas_are_handed_on_and_one_that_cannot_be_read_makes_none_of_it() -> None:
    asked = []

    def read(source: str) -> Read:
        asked.append(source)
        return latex._read(source)

    found = read_apart("{An} $x^2$-like $_2$ model", read)
    assert (found, ()) == latex._read("{An} $x^2$-like $_2$ model")
    assert asked == ["$x^2$"]
    assert read_apart("a $x$", lambda _: (RichText(), ("It is wrong.",))) is None
