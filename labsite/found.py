"""What a registry says of a paper, in one form whatever the registry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from labsite.identifiers import Identifier, NotAnIdentifier, read_identifier
from labsite.links import doi_of
from labsite.markup import has_guessed_formula, html_to_latex, html_to_plain, visible

LONGEST_TEXT: Final = 5_000
"""Characters of what is read of a record: a title, a name; ten times what any of them has."""
_ACTS_IN_BIBTEX: Final = re.compile(r"[{}\\\"%]")


class Malformed(ValueError):
    """A registry's reply is not what it should be; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Contributor:
    """An author or editor, in plain text; an organisation or an undivided name in ``name``."""

    family: str = ""
    given: str = ""
    suffix: str = ""
    name: str = ""
    is_organisation: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A registry's record.

    Attributes:
        registry: Who says so, as messages name it.
        type: Entry type.
        fields: Fields of the entry that are the same in every house, in LaTeX.
        date: Year, and month or 0.
        doi: Bare, in small letters.
        eprint: ``eprinttype`` and number.
        is_preprint: It is on a preprint server and has not been published there otherwise.
        others: Preprints of this paper, or what this preprint became.
        remarks: What a maintainer should know, a whole sentence each.
        doubt: Why it is likely not what the maintainer wants to add, or empty.
    """

    registry: str
    type: str
    title: str
    authors: tuple[Contributor, ...] = ()
    editors: tuple[Contributor, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    date: tuple[int, int] = (0, 0)
    doi: str = ""
    eprint: tuple[str, str] = ("", "")
    is_preprint: bool = False
    others: tuple[Identifier, ...] = ()
    remarks: tuple[str, ...] = ()
    doubt: str = ""


# What may stand in a reply -----------------------------------------------------------------------


def text_of(value: Any) -> str:
    """Return a text or number as text, less what nobody sees; anything else is empty.

    Raises:
        Malformed: It is far too long.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value)
    if len(text) > LONGEST_TEXT:
        raise Malformed(f"a text in it has more than {LONGEST_TEXT:,} characters")
    return " ".join(visible(text).split())


def doi_in(value: Any) -> str:
    """Return the DOI that a value is, in small letters, or an empty text.

    A DOI is written into the bib file as it is, so one with signs that act there is none.
    """
    doi = doi_of(text_of(value)).lower()
    return "" if _ACTS_IN_BIBTEX.search(doi) or not doi.isprintable() else doi


def mapping_of(value: Any) -> Mapping[str, Any]:
    """Return an object; anything else is an empty one."""
    return value if isinstance(value, Mapping) else {}


def list_of(value: Any) -> list[Any]:
    """Return a list; one thing is a list of it, nothing an empty one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def texts_of(value: Any) -> list[str]:
    """Return the texts of a list that are not empty."""
    return [text for text in map(text_of, list_of(value)) if text]


def first_text(value: Any) -> str:
    """Return the first text of a list, or an empty one."""
    return next(iter(texts_of(value)), "")


def identifiers_of(values: list[str]) -> tuple[Identifier, ...]:
    """Return those of some texts that name papers, each once."""
    found = []
    for value in values:
        try:
            found.append(read_identifier(value))
        except NotAnIdentifier:
            continue
    return tuple(dict.fromkeys(found))


def given_fields(fields: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the fields that are not empty."""
    return tuple((name, value) for name, value in fields.items() if value)


# What registries write otherwise than people do ---------------------------------------------------

_PUBLISHERS: Final = (
    (re.compile(r"Springer\b(?! Publishing Company)"), "Springer"),
    (re.compile(r"Institute of Electrical and Electronics Engineers|IEEE\b"), "IEEE"),
    (re.compile(r"Association for Computing Machinery|ACM\b"), "ACM"),
    (re.compile(r"Elsevier\b"), "Elsevier"),
)
_LEGAL_FORM: Final = re.compile(
    r"(?:,?\s+(?:LLC|L\.L\.C\.|Ltd\.?|Limited|Inc\.?|B\.?V\.?|AG|GmbH|S\.?A\.?|Corp\.?|Co\.?|PLC|"
    r"\([A-Z]+\)))+$"
)


def short_publisher(name: str) -> str:
    """Return a publisher's name as references have it: no places, no legal forms."""
    for pattern, short in _PUBLISHERS:
        if pattern.match(name):
            return short
    return _LEGAL_FORM.sub("", name)


FORMULA: Final = "The title has a formula: compare it with the paper."
_RETRACTED: Final = re.compile(
    r"[\s\[(*]*(?:retracted|withdrawn)(?: article| paper| chapter)?\s*(?:[\]):–—.]+|-\s)\s*",
    re.IGNORECASE,
)
_SAID_BEHIND: Final = re.compile(
    r"\s*[\[(](?:retracted|withdrawn)(?: article| paper| chapter)?[\])]\.?$", re.IGNORECASE
)
_FULL_STOP: Final = re.compile(r"(?:(?<=[^\W_]{3})|(?<=[)}\]\d$]))\.$")
_SHORTENED: Final = re.compile(
    r"(?:\bet al|\b(?:Inc|Ltd|Corp|etc|vol|dept)|\.\w+)\.$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Title:
    """A title as an entry has it.

    Attributes:
        latex: Without what says that the paper was retracted, and without a full stop.
        is_retracted: Whether that was said.
        remarks: What a maintainer should know.
    """

    latex: str
    is_retracted: bool = False
    remarks: tuple[str, ...] = ()


def title_of(title: str, subtitle: str = "") -> Title:
    """Read a title and subtitle given in HTML."""
    is_guessed = has_guessed_formula(title) or has_guessed_formula(subtitle)
    return tidied_title(_joined(title, subtitle), is_guessed=is_guessed)


def tidied_title(latex: str, *, is_guessed: bool) -> Title:
    """Take from a title what does not belong to it."""
    remarks = (FORMULA,) if is_guessed else ()
    said = _RETRACTED.match(latex)
    rest = _SAID_BEHIND.sub("", latex[said.end() :] if said else latex)
    is_retracted = rest != latex and bool(rest)
    latex = rest if is_retracted else latex
    if not _SHORTENED.search(latex):
        latex = _FULL_STOP.sub("", latex)
    return Title(latex, is_retracted, remarks)


def _joined(title: str, subtitle: str) -> str:
    whole, below = html_to_latex(title), html_to_latex(subtitle)
    if not below or html_to_plain(subtitle).casefold() in html_to_plain(title).casefold():
        return whole
    return f"{whole}{'' if whole.endswith((':', '?', '!', '.')) else ':'} {below}"


_EARLY: Final = re.compile(r"1\s*[-–—]+\s*1")
_TWICE: Final = re.compile(r"(\w+)\s*[-–—]+\s*\1")


def page_range(text: str) -> str:
    """Return pages with ``--``; ``S12-S14`` and ``e1–e9`` too.

    ``1-1`` is what IEEE writes before there are pages, ``121999-121999`` the number of an article.
    """
    if _EARLY.fullmatch(text.strip()):
        return ""
    if twice := _TWICE.fullmatch(text.strip()):
        return html_to_latex(twice[1])
    if _RANGES.fullmatch(text):
        return re.sub(r"\s*[-–—]+\s*", "--", html_to_plain(text))
    return html_to_latex(text)


_RANGES: Final = re.compile(r"\w+\s*[-–—]+\s*\w+(?:\s*[,;]\s*\w+(?:\s*[-–—]+\s*\w+)?)*")
