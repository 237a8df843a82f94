"""Publications → formatted references, in parts that a template or a node builder prints."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from labsite.csl import form, one_line
from labsite.links import doi_href, eprint_link
from labsite.model import KINDS, RichText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from labsite.model import Author, Publication


class ReferencePart(NamedTuple):
    """A piece of a reference.

    Attributes:
        kind: ``text``; ``title``, the publication's own; ``container``, that of the journal or book
            it appeared in; ``address``, which is a link.
        text: What it says.
        href: Where an address leads.
    """

    kind: str
    text: RichText
    href: str = ""


_Sentence = list[ReferencePart]
_ENDED: Final = re.compile(r"[.?!…][’”»\"']*$")
"""What needs no full stop."""
_WITH_GENRE: Final = frozenset({"thesis", "dataset", "software"})
"""Kinds that say what they are."""


def reference(pub: Publication) -> tuple[ReferencePart, ...]:
    """Return the reference: authors, year, title, where it appeared, publisher, address."""
    parts: list[ReferencePart] = []
    for sentence in (*_opening(pub), _place(pub), _publisher(pub), *_addresses(pub)):
        if sentence:
            last = sentence[-1]
            bare = last.href == last.text.plain or _ENDED.search(last.text.plain)
            parts += [*_text(" " if parts else ""), *sentence, *_text("" if bare else ".")]
    if pub.retracted:
        parts += _text(" Retracted.")
    return _joined(parts)


def reference_text(pub: Publication) -> str:
    """Return the reference as one line of plain text."""
    return one_line("".join(part.text.plain for part in reference(pub)))


def _opening(pub: Publication) -> Iterator[_Sentence]:
    """Who, when and what; without names the title comes first."""
    year = f"({pub.year:04d})" if pub.year else "(n.d.)"
    title = ReferencePart("title", pub.title)
    names = _names(pub.authors, others=pub.others)
    if not names and pub.editors:
        names = f"{_names(pub.editors)} ({'ed.' if len(pub.editors) == 1 else 'eds.'})"
    if names:
        yield _text(f"{names} {year}")
        yield [title]
    else:
        yield [title, *_text(f" {year}")]


def _names(authors: Sequence[Author], *, others: bool = False) -> str:
    names = [one_line(author.name.display) for author in authors]
    if others and names:
        return f"{', '.join(names)} et al."
    *first, last = names or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _place(pub: Publication) -> _Sentence:
    """What kind of thing it is, if that must be said, and where it appeared."""
    genre = pub.genre or (KINDS[pub.kind][0] if pub.kind in _WITH_GENRE else "")
    venue = pub.container or (pub.abbr if form(pub) in {"article", "paper", "chapter"} else None)
    own = pub.kind in {"thesis", "report"}  # there the container is an institution
    editors = pub.editors if pub.kind == "chapter" and pub.authors else ()
    items = [
        _text(genre),
        [ReferencePart("text" if own else "container", venue)] if venue else [],
        _text(f"edited by {_names(editors)}" if editors else ""),
        [ReferencePart("text", pub.series)] if pub.series else [],
        _text(_edition(pub.edition)),
        _text(f"vol. {pub.volume}" if pub.volume else ""),
        _text(f"no. {pub.number}" if pub.number else ""),
        _text(f"chap. {pub.chapter}" if pub.chapter else ""),
        _text(f"pp. {pub.pages}" if re.search(r"[–,]", pub.pages) else pub.pages),
    ]
    return _listed(items)


def _edition(edition: str) -> str:
    """Return ``3rd edition`` for 3; words stay as they are."""
    if not edition.isdecimal():
        is_whole = not edition or re.search(r"\bed(?:n|ition)?\b", edition, re.IGNORECASE)
        return edition if is_whole else f"{edition} edition"
    number = int(edition)
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in {11, 12, 13} else ending} edition"


def _publisher(pub: Publication) -> _Sentence:
    texts = [text for text in (pub.publisher, pub.location) if text]
    return _listed([ReferencePart("text", text)] for text in texts)


def _addresses(pub: Publication) -> Iterator[_Sentence]:
    """An archive's number for what has no better place; then the DOI or the address."""
    if pub.eprint and (pub.kind == "preprint" or not (pub.doi or pub.url)):
        archive, number = pub.eprint
        label = RichText.from_plain(f"{archive}: {number}")
        yield [ReferencePart("address", label, eprint_link(number, archive)[1])]
    if href := doi_href(pub.doi) if pub.doi else pub.url:
        yield [ReferencePart("address", RichText.from_plain(href), href)]


def _text(text: str) -> _Sentence:
    return [_plain(text)] if text else []


@lru_cache(maxsize=1024)  # what stands between two parts is nearly always the same
def _plain(text: str) -> ReferencePart:
    return ReferencePart("text", RichText.from_plain(text))


def _listed(items: Iterable[_Sentence]) -> _Sentence:
    """Join with commas what there is."""
    listed: _Sentence = []
    for item in filter(None, items):
        listed += [*_text(", " if listed else ""), *item]
    return listed


def _joined(parts: list[ReferencePart]) -> tuple[ReferencePart, ...]:
    """Make one of neighbouring texts."""
    joined: list[ReferencePart] = []
    for kind, neighbours in groupby(parts, key=attrgetter("kind")):
        run = list(neighbours)
        if kind == "text" and len(run) > 1:
            plain = "".join([part.text.plain for part in run])
            spans = [span for part in run for span in part.text.spans]
            is_plain = all(span.kind == "text" for span in spans)
            text = RichText.from_plain(plain) if is_plain else RichText(tuple(spans), plain)
            run = [ReferencePart(kind, text)]
        joined += run
    return tuple(joined)
