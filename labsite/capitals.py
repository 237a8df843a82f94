"""Capitals of a title that BibTeX styles would lose, and the braces that keep them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from labsite.keeper_words import protected

if TYPE_CHECKING:
    from collections.abc import Iterable

_PROTECTED: Final = re.compile(r"(?<![\\\w}])\{([^{}\\$]+)\}")
_NOT_PLAIN: Final = re.compile(
    r"(\$[^$]*\$|(?:\\(?:[A-Za-z]+|.)\s*)*\{(?:[^{}]|\{[^{}]*\})*\}|\\(?:[A-Za-z]+|.))"
)
"""Math, groups, commands with their arguments: none of them loses its capitals."""
_WORD: Final = re.compile(r"[^\W_](?:\S*[^\W_])?")
_NAME: Final = re.compile(r"(\W*)([^\W\d_]+)((?:[-–/].*|\W*))")
_METHOD: Final = re.compile(r"([A-Z]\w*-\w+):\s")
_TWO_NAMES: Final = re.compile(r"\{([A-Z][a-z ]+(?: [A-Z][a-z]+)*)\} \{([A-Z][a-z]+)\}")
_ENDS: Final = (":", "?", "!", ".", "–", "—")


def protected_names(titles: Iterable[str]) -> frozenset[str]:
    """Return the names that titles protect although they look like any words: ``Monte Carlo``."""
    found = (name for title in titles for name in _PROTECTED.findall(title))
    return frozenset(name for name in found if any(map(_is_capitalised, name.split())))


def protect_capitals(title: str, names: Iterable[str] = ()) -> str:
    """Put braces around what must keep its capitals in other people's BibTeX.

    That is what :func:`labsite.keeper_words.protected` protects, and what only a reader would know
    to be a name: a compound before a colon at the beginning (``Attri-Net:``), names that other
    titles protect, and every word that begins with a capital in a title written like a sentence.

    Args:
        title: LaTeX.
        names: What other titles protect.
    """
    for name in sorted(names, key=len, reverse=True):
        known = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        pieces = _NOT_PLAIN.split(title)
        pieces[::2] = [known.sub(r"{\g<0>}", piece) for piece in pieces[::2]]
        title = "".join(pieces)
    title = protected(title)
    if (method := _METHOD.match(title)) and "{" not in method[1]:
        title = f"{{{method[1]}}}{title[method.end(1) :]}"
    pieces = _NOT_PLAIN.split(title)
    if not is_sentence(" ".join(pieces[::2])):
        return title
    done = ""
    for index, piece in enumerate(pieces):
        for text in [piece] if index % 2 else re.split(r"(\s+)", piece):
            begins = not done.strip() or done.rstrip().endswith(_ENDS)
            done += text if index % 2 or begins else _protect(text)
    while (joined := _TWO_NAMES.sub(r"{\1 \2}", done)) != done:
        done = joined
    return done


def _protect(text: str) -> str:
    """Protect one word that begins with a capital, without the marks around it."""
    found = _NAME.fullmatch(text)
    return f"{found[1]}{{{found[2]}}}{found[3]}" if found and _is_capitalised(found[2]) else text


def _is_capitalised(word: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d_]+", word)) and word == word.capitalize()


def is_sentence(text: str) -> bool:
    """Whether most words begin with small letters, so that a capital means something."""
    words = [word for word in _WORD.findall(text)[1:] if len(word) > 3 and word[0].isalpha()]
    small = sum(word[0].islower() for word in words)
    return bool(small >= 3 and small >= 2 * (len(words) - small))
