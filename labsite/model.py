"""The records that everything else is a view of.

Frozen, picklable, free of Sphinx. Field names follow biblatex where it has one.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, ClassVar, Final

from labsite.entries import BibTeX


class Record:
    """A base of frozen records of two fields or more, which pickles them by their fields.

    What dataclasses do for frozen ones with slots takes five times as long.
    """

    __slots__: tuple[str, ...] = ()
    _values: ClassVar[attrgetter[tuple[Any, ...]]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.__slots__:  # which a dataclass has on being made for the second time
            cls._values = attrgetter(*cls.__slots__)

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), self._values(self)


@dataclass(frozen=True, slots=True)
class Span(Record):
    """A piece of formatted text.

    Attributes:
        kind: ``text`` and ``math`` carry ``text`` (for math: TeX source); ``em``, ``strong``,
            ``code``, ``sub``, ``sup`` and ``smallcaps`` carry ``children``.
    """

    kind: str
    text: str = ""
    children: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class RichText(Record):
    """Text decoded from LaTeX: its spans, and the same as plain Unicode."""

    spans: tuple[Span, ...] = ()
    plain: str = ""

    def __bool__(self) -> bool:
        return bool(self.plain)

    @classmethod
    def from_plain(cls, text: str) -> RichText:
        """Wrap plain text."""
        return cls((Span("text", text),), text) if text else cls()


@dataclass(frozen=True, slots=True)
class PartialDate(Record):
    """A date known to the year, the month or the day (ISO 8601 reduced precision)."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day needs a month")
        dt.date(self.year, self.month or 1, self.day or 1)

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read ``2025``, ``2025-09`` or ``2025-09-30``.

        Raises:
            ValueError: The text is none of these, or no such day exists.
        """
        parts = text.strip().split("-")
        lengths = tuple(len(part) for part in parts)
        if lengths not in {(4,), (4, 2), (4, 2, 2)} or not all(
            part.isascii() and part.isdigit() for part in parts
        ):
            raise ValueError(f"{text!r} is not a date like 2025, 2025-09 or 2025-09-30")
        try:
            date = cls(*(int(part) for part in parts))
        except ValueError as error:
            raise ValueError(f"{text!r} is not a date: {error}") from None
        if 0 in (date.month, date.day):
            raise ValueError(f"{text!r} is not a date: months and days count from 1")
        return date

    @property
    def sort_key(self) -> tuple[int, int, int]:
        """For ordering; what is not known counts as earliest."""
        return (self.year, self.month or 0, self.day or 0)

    @property
    def iso(self) -> str:
        """The date as ISO 8601, as precise as it is known."""
        parts = [f"{self.year:04d}"]
        if self.month is not None:
            parts.append(f"{self.month:02d}")
        if self.day is not None:
            parts.append(f"{self.day:02d}")
        return "-".join(parts)


@dataclass(frozen=True, slots=True)
class Source(Record):
    """Where a record stands in the maintainer's files."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Name(Record):
    """A name in BibTeX's four parts, or a corporate author in ``family`` alone."""

    family: str
    given: str = ""
    prefix: str = ""
    suffix: str = ""
    corporate: bool = False

    @property
    def display(self) -> str:
        """``Given von Family, Jr``."""
        name = " ".join(filter(None, (self.given, self.prefix, self.family)))
        return f"{name}, {self.suffix}" if self.suffix else name

    @property
    def short(self) -> str:
        """``von Family``, as in author–year citations."""
        return f"{self.prefix} {self.family}".strip()


def even_name(text: str) -> str:
    """Even out the spacing and the Unicode composition of a name."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def name_key(text: str) -> str:
    """Return the form in which names are compared.

    ``"Meier, Anna"`` and ``"Anna Meier"`` give the same. Only spacing
    and Unicode composition are evened out: an initial never stands for a name.
    """
    text = even_name(text)
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 2:
        return f"{parts[1]} {parts[0]}"
    if len(parts) == 3:  # Family, Jr, Given
        return f"{parts[2]} {parts[0]}, {parts[1]}"
    return text


@dataclass(frozen=True, slots=True)
class Author(Record):
    """One author (or editor) of a publication.

    Attributes:
        person: Id of the group member whose alias this name is, if any.
        equal: Contributed equally (biblatex ``author+an`` annotation ``equal``).
    """

    name: Name
    person: str | None = None
    equal: bool = False


@dataclass(frozen=True, slots=True)
class Link(Record):
    """Something a reader can open.

    Attributes:
        role: What it is, in the vocabulary of the bib fields: ``doi``, ``eprint``, ``pdf``,
            ``code``, ``data``, ``slides``, ``poster``, ``video``, ``url``.
        label: Visible text, such as ``arXiv``.
        href: http(s) address, or a path relative to the site's root.
    """

    role: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Relation(Record):
    """A related entry, in biblatex's words (manual, section 3.5).

    Attributes:
        key: As written.
        type: ``relatedtype``, lower case: ``extends``, ``extendedby``, ``version`` …, or empty.
    """

    key: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Publication(Record):
    """One entry of the bibliography, decoded, checked and linked to people.

    Attributes:
        key: As written in the bib file; what ``{cite}`` uses.
        slug: The key as it appears in addresses: the key itself unless that is unsafe.
        entry_type: BibTeX/biblatex entry type, lower case.
        kind: What it is to a reader, a key of :data:`KINDS`.
        author_year: ``("Sun et al.", "2025a")``: the label of author–year citations, the year
            disambiguated over the whole bibliography.
        others: The author list ends in ``and others``.
        container: Journal, book, proceedings or school.
        direction_line: Where the directions stand in the file.
        doi: Bare, ``10.…``.
        eprint: Archive and number, such as ``("arXiv", "2503.10382")``, or empty.
        url: The entry's own address; its DOI and eprint are not among it.
        genre: What kind of thesis or report, in words.
        keywords: The ``keywords`` field, divided.
        aliases: Earlier keys (biblatex ``ids``), which still cite and redirect.
        related: Other entries about the same work, or otherwise related.
        added: The day the entry came to the site.
        retracted: Address of the retraction notice.
        preview: Path of a picture, relative to conf.py.
        digest: Another one whenever anything but the place in the file is another.
        listed: The same of what lists show.
        faulty: A problem was found in its entry.
    """

    key: str
    slug: str
    source: Source
    entry_type: str
    kind: str
    title: RichText
    authors: tuple[Author, ...] = ()
    others: bool = False
    editors: tuple[Author, ...] = ()
    date: PartialDate | None = None
    author_year: tuple[str, str] = ("", "")
    container: RichText = field(default_factory=RichText)
    abbr: RichText = field(default_factory=RichText)
    series: RichText = field(default_factory=RichText)
    publisher: RichText = field(default_factory=RichText)
    volume: str = ""
    number: str = ""
    pages: str = ""
    directions: tuple[str, ...] = ()
    direction_line: int = 0
    selected: bool = False
    award: RichText = field(default_factory=RichText)
    addendum: RichText = field(default_factory=RichText)
    note: RichText = field(default_factory=RichText)
    links: tuple[Link, ...] = ()
    bibtex: BibTeX = field(default_factory=BibTeX)
    summary: RichText = field(default_factory=RichText)
    abstract: RichText = field(default_factory=RichText)
    doi: str = ""
    eprint: tuple[str, str] | None = None
    url: str = ""
    isbn: str = ""
    issn: str = ""
    location: RichText = field(default_factory=RichText)
    edition: str = ""
    chapter: str = ""
    genre: str = ""
    language: str = ""
    keywords: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    related: tuple[Relation, ...] = ()
    related_line: int = 0
    added: PartialDate | None = None
    retracted: str = ""
    preview: str = ""
    preview_line: int = 0
    digest: str = field(default="", compare=False)
    listed: str = field(default="", compare=False)
    faulty: bool = field(default=False, compare=False)

    @property
    def year(self) -> int | None:
        """Year of publication, if known."""
        return self.date.year if self.date else None

    @property
    def venue(self) -> RichText:
        """The short name of where it appeared, or the long one."""
        return self.abbr or self.container

    @property
    def people(self) -> tuple[str, ...]:
        """Ids of the group members among the authors and editors, in their order."""
        found = [author.person for author in (*self.authors, *self.editors) if author.person]
        return tuple(dict.fromkeys(found))

    def written_by(self, person: str) -> bool:
        """Whether the person with this id is among the authors or editors."""
        return person in self.people


KINDS: Final[dict[str, tuple[str, str]]] = {
    "article": ("Journal article", "Journal articles"),
    "paper": ("Conference paper", "Conference papers"),
    "abstract": ("Conference abstract", "Conference abstracts"),
    "chapter": ("Book chapter", "Book chapters"),
    "book": ("Book", "Books"),
    "thesis": ("Thesis", "Theses"),
    "preprint": ("Preprint", "Preprints"),
    "report": ("Report", "Reports"),
    "dataset": ("Dataset", "Datasets"),
    "software": ("Software", "Software"),
    "other": ("Other", "Other"),
}
"""Kind → singular and plural, in the order in which lists by type show them."""
NAMED_KINDS: Final = frozenset({"abstract", "preprint", "chapter", "thesis"})
"""Kinds that entries of lists name; of the others the venue says enough."""


STATUSES: Final = ("current", "visitor", "alumni")


@dataclass(frozen=True, slots=True)
class Person(Record):
    """One person of the group.

    Attributes:
        id: Part of addresses; written by hand, never derived.
        status: One of :data:`STATUSES`.
        since: ``2021-10`` or ``2021``.
        aliases: The names under which the person appears in author lists.
        links: ``(profile, address)`` in the maintainer's order.
        direction_lines: Where each direction stands in the file.
        formerly: Earlier ids and addresses, which redirect.
        photo: Path of a portrait, relative to conf.py.
    """

    id: str
    name: str
    source: Source
    role: str = ""
    status: str = "current"
    title: str = ""
    affiliation: str = ""
    since: PartialDate | None = None
    programme: str = ""
    next: str = ""
    co_supervisors: tuple[str, ...] = ()
    degrees: tuple[str, ...] = ()
    email: str = ""
    links: tuple[tuple[str, str], ...] = ()
    aliases: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    direction_lines: tuple[int, ...] = ()
    formerly: tuple[str, ...] = ()
    photo: str = ""
    photo_line: int = 0

    @property
    def initials(self) -> str:
        """First letters of the first and the last word of the name, for the monogram."""
        words = [word for word in self.name.replace("-", " ").split() if word[0].isalpha()]
        letters = [words[0][0], words[-1][0]] if len(words) > 1 else [self.name[:1]]
        return "".join(letters).upper()


DIRECTION_KINDS: Final = ("direction", "theme")


@dataclass(frozen=True, slots=True)
class Direction:
    """A research direction or theme: its page in ``docs/research/``."""

    id: str
    docname: str
    title: str
    kind: str = "direction"
    order: int = 0
    description: str = ""
    question: str = ""
    drawing: str = ""


@dataclass(frozen=True, slots=True)
class NewsItem:
    """A news item: its page in ``docs/news/``."""

    docname: str
    title: str
    date: PartialDate
    description: str = ""
    people: tuple[str, ...] = ()
    publications: tuple[str, ...] = ()
