"""Damaged data files for the fuzzer, each made from a seed alone.

Half of what makes a reader stumble looks almost right: so most cases begin as entries that are
whole, and a few of their parts are deleted, doubled, swapped, spliced or flipped. The rest are made
from the grammar's own words, or from bytes that mean nothing.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_TOKEN: Final = re.compile(rb"[A-Za-z0-9_.-]+|\s+|.", re.DOTALL)
_ENDS: Final = (b"\n", b"\r\n", b"\r", b"\n\n", b" ")
_ODD: Final = (
    b"\0", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\x1b", b"\xc2\x85",
    "\u2028".encode(), "\u00b2".encode(), "\u0660".encode(), "\U0001f98a".encode(), b"\\ud800",
)  # fmt: skip
_NUMBERS: Final = (b"0", b"-1", b"10000", b"9" * 5000, b"2025-02-30", b"0000", b"1e9")


@dataclass(frozen=True)
class Language:
    """What files of one kind are made of.

    Attributes:
        start: Matches where a piece (an entry, a person) begins.
        words: Words that mean something in it.
    """

    start: re.Pattern[bytes]
    words: tuple[bytes, ...]


BIB: Final = Language(
    re.compile(rb"^(?=[ \t]*@)", re.MULTILINE),
    (
        *rb"""@ @article{ @article( @inproceedings{k, @string{ @string{a= @comment{ @comment(
        @preamble{ @misc{x, { } {{ }} ( ) " , = # % \ $ $$ \emph \em \textbf{ \begin{a} \end{a} \(
        \[ \sqrt[ \frac \" \'e \\ ~ -- `` '' ^ _ & \input{x} \verb| \char \symbol{ title= author=
        year= month= date= crossref={k} xdata={k,x} related={k} ids={k} doi={10.1000/ url={http://
        pdf={../ key and others jan a 1 2025 editor={ pages={1-2} abstract={ author+an={1=equal}
        direction={ options={skipbib} added={ retracted={http://[ preview={ langid={""".split(),
        *(b" and ", b" # ", b"\n@article{new,\n", b"\n}\n", b",\n  title = {"),
    ),
)
YAML: Final = Language(
    re.compile(rb"^(?=- )", re.MULTILINE),
    (
        *rb"""- : ? | > & * ! !! % @ ` ' " # , [ ] { } --- ... &a *a !!binary !!int !!python/object
        <<: ~ null true 2025-13-45 0x_ id: name: role: status: since: links: aliases: photo:
        |- >+ "\UFFFFFFFF "\ud800" "\x" %YAML %TAG anna-meier""".split(),
        *(b"\n- id: x\n", b"\n  ", b"\t", b": ", b"- ", b"\n  name: ", b"\n  aliases:\n    - "),
    ),
)


def make_case(language: Language, corpus: bytes, seed: int, number: int) -> bytes:
    """Make one case: the same bytes for the same arguments, on every machine.

    Args:
        language: What the corpus is written in.
        corpus: A whole file.
        seed: Of the run.
        number: Of the case.
    """
    chance = random.Random(f"{seed}:{number}")
    kind = chance.random()
    if kind < 0.1:
        return chance.randbytes(chance.randrange(120))
    if kind < 0.3:
        words = (*language.words, *_ENDS, *_ODD)
        return b"".join(chance.choices(words, k=chance.randrange(1, 60)))
    pieces = language.start.split(corpus)
    data = b"".join(chance.choices(pieces, k=chance.randrange(1, 4)))
    for _ in range(min(chance.randrange(1, 9), chance.randrange(1, 9))):
        data = chance.choice(_MUTATIONS)(data, chance, language)
    return data


def _delete(data: bytes, chance: random.Random, language: Language) -> bytes:
    start, end = _stretch(data, chance)
    return data[:start] + data[end:]


def _double(data: bytes, chance: random.Random, language: Language) -> bytes:
    start, end = _stretch(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 1, 2, 40)) + data[end:]


def _swap(data: bytes, chance: random.Random, language: Language) -> bytes:
    tokens = _TOKEN.findall(data) or [b""]
    one, other = chance.randrange(len(tokens)), chance.randrange(len(tokens))
    tokens[one], tokens[other] = tokens[other], tokens[one]
    return b"".join(tokens)


def _drop_token(data: bytes, chance: random.Random, language: Language) -> bytes:
    marks = [match.span() for match in re.finditer(rb"[^\w\s]", data)] or [(0, 0)]
    start, end = chance.choice(marks)
    return data[:start] + data[end:]


def _splice(data: bytes, chance: random.Random, language: Language) -> bytes:
    place = chance.randrange(len(data) + 1)
    word = chance.choice((*language.words, *language.words, *_ODD, *_NUMBERS))
    return data[:place] + word * chance.choice((1, 1, 1, 3, 100)) + data[place:]


def _flip(data: bytes, chance: random.Random, language: Language) -> bytes:
    changed = bytearray(data or b"\0")
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(data: bytes, chance: random.Random, language: Language) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _line_ends(data: bytes, chance: random.Random, language: Language) -> bytes:
    return data.replace(b"\n", chance.choice(_ENDS))


def _encode(data: bytes, chance: random.Random, language: Language) -> bytes:
    return data.decode("utf-8", "replace").encode(chance.choice(("utf-16", "cp1252")), "replace")


_MUTATIONS: Final[
    tuple[Callable[[bytes, random.Random, Language], bytes], ...]
] = (
    _delete, _delete, _double, _swap, _swap, _drop_token, _drop_token, _drop_token, _splice,
    _splice, _splice, _flip, _flip, _cut, _line_ends, _encode,
)  # fmt: skip


def _stretch(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 2, 5, 20, 100)))


def shrink(data: bytes, fails: Callable[[bytes], bool], tries: int = 2000) -> bytes:
    """Return the least of some bytes that still fails: parts are left out as long as it does.

    Delta debugging after Zeller and Hildebrandt (2002), without its complements.

    Args:
        data: Fails.
        fails: Whether some bytes fail in the same way.
        tries: How often that may be asked.
    """
    size = max(1, len(data) // 2)
    while size:
        start, is_shorter = 0, False
        while start < len(data) and tries > 0:
            tries -= 1
            shorter = data[:start] + data[start + size :]
            if fails(shorter):
                data, is_shorter = shorter, True
            else:
                start += size
        size = size if is_shorter and tries > 0 and size == 1 else size // 2
    return data
