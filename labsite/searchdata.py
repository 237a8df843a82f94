"""Records and pages → the data of the page search. Pure functions.

Authors and venues are written once and named by number, so that 10,000 publications take about
half a megabyte on the wire.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from labsite.model import Publication

_LINE_ENDS: Final = str.maketrans({"\u2028": "\\u2028", "\u2029": "\\u2029", "<": "\\u003c"})


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page to be found.

    Attributes:
        address: Relative to the site's root.
        kind: ``page``, ``direction``, ``person`` or ``news``.
        about: What a result shows under the title.
        words: Further words that lead to it.
    """

    address: str
    title: str
    kind: str
    about: str
    words: str = ""


class _Numbers:
    """Numbers texts in the order in which they come."""

    def __init__(self) -> None:
        self.of: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        return self.of.setdefault(text, len(self.of))


def search_data(
    pages: Iterable[SearchPage],
    publications: Iterable[Publication],
    address: str,
    *,
    whole: bool,
) -> str:
    """Return the data as a script that calls ``labsiteSearch``.

    Args:
        pages: Everything but publications.
        publications: In list order.
        address: Of a publication's page relative to the site's root, ``*`` for its slug.
        whole: Publications are found by DOI, archive number and summary, too. With thousands of
            them that would be too much to load.
    """
    authors, venues = _Numbers(), _Numbers()
    listed: list[list[Any]] = [
        [
            pub.slug,
            pub.title.plain,
            [authors(author.name.display) for author in pub.authors or pub.editors],
            venues(_venue(pub)),
            pub.year or "",
            *([_more(pub)] if whole else ()),
        ]
        for pub in publications
    ]
    data = {
        "pages": [[page.address, page.title, page.kind, page.about, page.words] for page in pages],
        "publications": listed,
        "authors": list(authors.of),
        "venues": list(venues.of),
        "address": address,
    }
    return script_call("labsiteSearch", data)


def script_call(function: str, data: Any) -> str:
    """Return data as a script that calls a function with them: a page on disk can load that."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"{function}({text.translate(_LINE_ENDS)});\n"


def _more(pub: Publication) -> str:
    """Return what else leads to a publication."""
    number = pub.eprint[1] if pub.eprint else ""
    return " ".join(filter(None, (pub.doi, number, words_of(pub.summary.plain))))


def _venue(pub: Publication) -> str:
    """Return the venue as it is shown and, behind a tab, in full, if that is something else."""
    short, full = pub.venue.plain, pub.container.plain
    return f"{short}\t{full}" if full and full != short else short


def words_of(text: str) -> str:
    """Return a text's words, each once, in lower case and alphabetical order; short ones go."""
    found = {word for word in re.findall(r"[^\W_][\w-]*", text.lower()) if len(word) > 2}
    return " ".join(sorted(found))
