"""Rules for single entries of a bib file. Each rule is a generator of problems."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from labsite.diagnostics import Problem, Suggestions, suggest
from labsite.entries import MONTHS
from labsite.latex import BARE_PERCENT, decode
from labsite.links import (
    doi_of,
    eprint_number,
    is_arxiv_number,
    plain_address,
    safe_href,
    safe_path,
)
from labsite.model import PartialDate
from labsite.names import parse_names
from labsite.vocabulary import (
    FIELDS,
    KIND_OF_TYPE,
    UNLISTED_TYPES,
    is_reserved_key,
    is_tool_field,
    required_fields,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from labsite.entries import Entry

_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
LONGEST_KEY: Final = 150
"""File systems take names of 255 bytes; endings and what is put before a key need some of them."""
_YEAR: Final = "Write the year in four digits; what is yet to come out has pubstate = {inpress}."
_NUMBERS: Final = re.compile(r"\s*[0-9]{4}-[0-9-]+\s*")
LATEX_FIELDS: Final = tuple(
    tuple(names.split("|"))
    for names in (
        "title subtitle journal|journaltitle|booktitle|school|institution abbr series "
        "publisher|organization volume number|issue pages eid award addendum note summary abstract "
        "location|address edition chapter type keywords"
    ).split()
)
"""The fields that become text; of each group the first that is there."""
_ADDRESS_IN_TEXT: Final = r"\\(?:url|nolinkurl|path|href)\s*+\{[^{}]*+\}"
_PERCENT: Final = re.compile(r"(?<!\\)%")
_NO_PERCENT: Final = re.compile(_ADDRESS_IN_TEXT)
SIGN_FIELDS: Final = frozenset(
    "title subtitle journal journaltitle booktitle school institution series publisher "
    "organization volume number pages note addendum location address edition howpublished".split()
)
"""The fields that BibTeX's styles put into a document."""
_SIGN: Final = re.compile(r"[&_#]")
_NO_SIGN: Final = re.compile(rf"\$[^$]*\$|{_ADDRESS_IN_TEXT}|\\.", re.DOTALL)
_BOOLEANS: Final = frozenset({"true", "yes", "1", "false", "no", "0"})
SUBTYPES: Final = frozenset({"abstract", "shortpaper"})
_ADDRESSES: Final = ("url", "code", "data", "model", "video", "retracted")
_FILES: Final = ("pdf", "slides", "poster")
_VERBATIM: Final = frozenset({*_ADDRESSES, *_FILES, "doi", "eprint", "file", "preview"})


def bare_percents(value: str) -> list[int]:
    r"""Return the offsets of per cent signs that LaTeX takes for comments; in ``\url`` none is."""
    return _outside(_NO_PERCENT, _PERCENT, value) if "%" in value else []


def bare_signs(value: str) -> list[int]:
    """Return where in a field there is an ``&``, ``_`` or ``#`` that LaTeX takes for a command.

    In formulas and addresses none is.
    """
    return _outside(_NO_SIGN, _SIGN, value) if _SIGN.search(value) else []


def _outside(hidden: re.Pattern[str], wanted: re.Pattern[str], value: str) -> list[int]:
    """Return the offsets of what is wanted, but in what is hidden."""
    masked = hidden.sub(lambda found: " " * len(found[0]), value)
    return [found.start() for found in wanted.finditer(masked)]


def is_safe_key(key: str) -> bool:
    """Whether a key can be a file name on every system and is not one of the site's own."""
    free = not is_reserved_key(key)
    fits = len(key) <= LONGEST_KEY and not key.endswith(".")
    return free and fits and bool(_KEY.fullmatch(key))


def check_entry(entry: Entry) -> Iterator[Problem]:
    """Yield everything that is wrong with what stands in one entry."""
    for rule in _RULES:
        yield from rule(entry)


def check_latex(entry: Entry) -> Iterator[Problem]:
    """Yield the LaTeX in an entry that cannot become text, inherited fields counted."""
    for names in LATEX_FIELDS:
        for issue in decode(entry.get(*names))[1]:
            if issue != BARE_PERCENT:  # said by a rule of its own, with its own remedy
                what = f"Entry {entry.key!r}, field {names[0]!r}: {issue}"
                remedy = "Write it in plain LaTeX, or use the Unicode character."
                yield Problem(entry.path, entry.line_of(*names), "bib_latex", what, remedy)


def is_listed(entry: Entry) -> bool:
    """Whether an entry is a publication: not data for others, and not kept out of the lists."""
    return entry.type not in UNLISTED_TYPES and "skipbib" not in entry.get("options")


def directions_of(entry: Entry) -> tuple[str, ...]:
    """Return the ids of directions that an entry names."""
    return tuple(filter(None, re.split(r"[\s,;]+", entry.get("direction"))))


def unknown_direction(
    who: str, path: str, line: int, name: str, known: Collection[str], folder: str
) -> Problem:
    """Return the problem of ``who`` naming a direction that has no page in ``folder``."""
    what = f"{who} names the direction {name!r}, which has no page."
    remedy = suggest(name, known) or f"Add a page for it in {folder}/, or correct the name."
    return Problem(path, line, "bib_direction", what, remedy)


def check_keys(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Yield what is wrong among the keys of all entries."""
    seen: dict[str, Entry] = {}
    for entry in entries:
        first = seen.setdefault(entry.key.lower(), entry)
        if first is not entry:
            same = "" if first.key == entry.key else f" (written {first.key!r})"
            yield Problem(
                entry.path,
                entry.line,
                "bib_duplicate_key",
                f"The key {entry.key!r} is taken by the entry at {first.path}:{first.line}{same}.",
                "Give this entry another key, or delete one of the two.",
            )
    for entry in entries:
        for key in divided(entry.get("ids")):
            other = seen.setdefault(key.lower(), entry)
            if other is not entry or key == entry.key:
                yield Problem(
                    entry.path,
                    entry.line_of("ids"),
                    "bib_duplicate_key",
                    f"The earlier key {key!r} of entry {entry.key!r} is taken by the entry at "
                    f"{other.path}:{other.line}.",
                    "Delete it from 'ids'.",
                )


def check_related(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Yield every ``related`` entry that does not exist."""
    known = {key for entry in entries for key in (entry.key, *divided(entry.get("ids")))}
    suggestions = Suggestions(known)
    for entry in entries:
        for key in divided(entry.get("related")):
            if key not in known or key == entry.key:
                what = f"Entry {entry.key!r} is related to {key!r}, which is no other entry."
                remedy = suggestions.near(key, entry.key) or "Correct the key, or add that entry."
                yield Problem(entry.path, entry.line_of("related"), "bib_crossref", what, remedy)


def divided(value: str, separator: str = ",") -> tuple[str, ...]:
    """Divide a field's list; each item once, without the space around it."""
    items = (item.strip() for item in re.split(separator, value))
    return tuple(dict.fromkeys(item for item in items if item))


def _key(entry: Entry) -> Iterator[Problem]:
    if is_reserved_key(entry.key):
        what = f"The key {entry.key!r} is reserved: the site or Windows has another use for it."
        yield Problem(entry.path, entry.line, "bib_key", what, "Give the entry another key.")
    elif not is_safe_key(entry.key):
        yield Problem(
            entry.path,
            entry.line,
            "bib_key",
            f"The key {entry.key!r} cannot be used in an address.",
            f"Begin with a letter, use only A–Z, a–z, 0–9, '_', '.', '-', {LONGEST_KEY} at most.",
        )


def _type(entry: Entry) -> Iterator[Problem]:
    if entry.type not in KIND_OF_TYPE:
        remedy = suggest(entry.type, KIND_OF_TYPE) or "Use a type of biblatex, such as 'misc'."
        what = f"Entry {entry.key!r} has the unknown type {entry.type!r}."
        yield Problem(entry.path, entry.line, "bib_type", what, remedy)


@lru_cache(maxsize=4096)
def _near_field(name: str) -> str:
    """Return which field is likely meant: each of ten thousand entries may have the same slip."""
    return suggest(name, FIELDS)


def _fields(entry: Entry) -> Iterator[Problem]:
    for name, field in entry.fields.items():
        if name not in FIELDS and not is_tool_field(name):
            remedy = _near_field(name) or "Delete it, or see the list of fields in maintaining/."
            what = f"Entry {entry.key!r} has the unknown field {name!r}."
            yield Problem(entry.path, field.line, "bib_field", what, remedy)


def check_required(entry: Entry) -> Iterator[Problem]:
    """Yield the fields that an entry of its type needs and has not, inherited ones counted."""
    if entry.type in UNLISTED_TYPES:
        return
    for names in required_fields(entry.type):
        if not any(name in entry.fields and entry.fields[name].value for name in names):
            what = f"Entry {entry.key!r} ({entry.type}) has no {' or '.join(names)}."
            yield Problem(entry.path, entry.line, "bib_required", what, f"Add {names[0]} = {{…}}.")


def _date(entry: Entry) -> Iterator[Problem]:
    year, month = entry.get("year"), entry.get("month")
    if year and not re.fullmatch(r"\d{4}", year):
        what = f"Entry {entry.key!r} has the year {year!r}, which is not a number like 2025."
        line = entry.line_of("year")
        yield Problem(entry.path, line, "bib_value", what, _YEAR)
    elif year and not 1400 <= int(year) <= 2099:
        what = f"Entry {entry.key!r} has the year {year}, in which nothing was printed."
        yield Problem(entry.path, entry.line_of("year"), "bib_value", what, "Correct the year.")
    if month and month_number(month) is None:
        what = f"Entry {entry.key!r} has the month {month!r}, which is not a month."
        remedy = "Write a month without braces, such as month = sep."
        yield Problem(entry.path, entry.line_of("month"), "bib_value", what, remedy)
    day = entry.get("day")
    if re.fullmatch(r"[0-9]{1,9}", day) and not 1 <= int(day) <= 31:
        what = f"Entry {entry.key!r} has the day {day!r}, which no month has."
        yield Problem(entry.path, entry.line_of("day"), "bib_value", what, "Correct the day.")
    for name in ("date", "added", "urldate", "eventdate"):
        for value in _dates(entry, name):
            try:
                PartialDate.parse(value)
            except ValueError as error:
                what = f"Entry {entry.key!r}, field {name!r}: {error}."
                line = entry.line_of(name)
                yield Problem(entry.path, line, "bib_value", what, "Write the date so.")
                break


def _dates(entry: Entry, name: str) -> Iterator[str]:
    """Yield what must be a date: both ends of a range, unless it is open."""
    if not (value := entry.get(name)):
        return
    for end in value.split("/", 1):
        # the others may also be words: nothing is made of them
        if end.strip() not in {"", ".."} and (name in {"date", "added"} or _NUMBERS.fullmatch(end)):
            yield end


def _words(entry: Entry) -> Iterator[Problem]:
    """Yield what is wrong with fields that have a few values only."""
    selected, subtype = entry.get("selected"), entry.get("entrysubtype").lower()
    if selected and selected.lower() not in _BOOLEANS:
        what = f"Entry {entry.key!r}, field 'selected': {selected!r} is neither true nor false."
        remedy = "Write selected = {true}, or delete the field."
        yield Problem(entry.path, entry.line_of("selected"), "bib_value", what, remedy)
    if subtype and subtype not in SUBTYPES and (near := suggest(subtype, SUBTYPES)):
        what = f"Entry {entry.key!r} has the entrysubtype {subtype!r}, which nothing goes by."
        yield Problem(entry.path, entry.line_of("entrysubtype"), "bib_value", what, near)


def month_number(value: str) -> int | None:
    """Return 1–12 for a month given as a number, a name or its first three letters."""
    word = value.strip().lower()
    if word.isascii() and word.isdigit():
        number = int(word[-9:]) if not word[:-9].strip("0") else 0  # Python reads no endless ones
        return number if 1 <= number <= 12 else None
    names = (name[:3] for name in re.findall(r"[a-z]{3,}", word))  # also in 10~September
    return next((MONTHS.index(name) + 1 for name in names if name in MONTHS), None)


def _names(entry: Entry) -> Iterator[Problem]:
    for name in ("author", "editor"):
        for issue in parse_names(entry.get(name))[2]:
            what = f"Entry {entry.key!r}, field {name!r}: {issue}"
            remedy = "Write 'Family, Given and Family, Given'."
            yield Problem(entry.path, entry.line_of(name), "bib_value", what, remedy)


def _is_verbatim(name: str) -> bool:
    return name in _VERBATIM or is_tool_field(name)


def _percent(entry: Entry) -> Iterator[Problem]:
    for name, field in entry.fields.items():
        if "%" in field.value and not _is_verbatim(name) and bare_percents(field.value):
            what = f"Entry {entry.key!r}, field {name!r}: a bare % starts a comment in LaTeX."
            yield Problem(
                entry.path, field.line, "bib_latex", what, r"Write \% for a per cent sign."
            )


def _signs(entry: Entry) -> Iterator[Problem]:
    for name, field in entry.fields.items():
        if name in SIGN_FIELDS and (places := bare_signs(field.value)):
            sign = field.value[places[0]]
            what = f"Entry {entry.key!r}, field {name!r}: a bare {sign} is a command in LaTeX."
            remedy = f"Write \\{sign} for the sign."
            yield Problem(entry.path, field.line, "bib_latex", what, remedy)


def _addresses(entry: Entry) -> Iterator[Problem]:
    for name in (*_ADDRESSES, *_FILES):
        for address in plain_address(entry.get(name)).split():
            if not (safe_href(address) or (name in _FILES and safe_path(address))):
                what = f"Entry {entry.key!r}, field {name!r}: {address!r} is not a web address."
                remedy = "Write the whole address, with https://; until then there is no link."
                yield Problem(entry.path, entry.line_of(name), "bib_link", what, remedy)
    if (doi := plain_address(entry.get("doi"))) and not doi_of(doi):
        what = f"Entry {entry.key!r} has the DOI {doi!r}, which is not one."
        yield Problem(
            entry.path, entry.line_of("doi"), "bib_link", what, "Write it like 10.1000/abc."
        )
    number, archive = plain_address(entry.get("eprint")), entry.get("eprinttype", "archiveprefix")
    if number and archive.lower() in {"", "arxiv"} and not is_arxiv_number(eprint_number(number)):
        what = f"Entry {entry.key!r} has the arXiv number {number!r}, which is not one."
        remedy = "Write it like 2501.01234; of another archive, name that in 'eprinttype'."
        yield Problem(entry.path, entry.line_of("eprint"), "bib_link", what, remedy)


_RULES: Final[tuple[Callable[[Entry], Iterator[Problem]], ...]] = (
    _key,
    _type,
    _fields,
    _date,
    _names,
    _percent,
    _signs,
    _words,
    _addresses,
)
