"""The commands that write what is new: ``add``, ``person``, ``news``."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import TYPE_CHECKING, Final

from labsite.command import Command
from labsite.config import VERSION
from labsite.model import STATUSES, PartialDate
from labsite.siteconfig import find_site

if TYPE_CHECKING:
    from collections.abc import Iterable

    from labsite.report import Progress


def _list_option(parser: argparse.ArgumentParser, name: str, metavar: str, what: str) -> None:
    """Declare an option that takes a list: given once or more often, with words or commas."""
    parser.add_argument(
        name, nargs="+", action="extend", default=[], metavar=metavar,
        help=f"{what}; several with spaces or commas between them",
    )  # fmt: skip


def _listed(texts: Iterable[str]) -> tuple[str, ...]:
    """Return what a list option was given, each once."""
    return tuple(dict.fromkeys(word for text in texts for word in text.replace(",", " ").split()))


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paper", help="a DOI, an arXiv id, or an address that contains one")
    _list_option(
        parser, "--direction", "ID", "research directions of the paper, the main one first"
    )
    parser.add_argument(
        "--version-of", default="", metavar="KEY",
        help="the entry of another version of the same work, if that is not noticed",
    )  # fmt: skip
    parser.add_argument("--key", default="", help="a key instead of the proposed one")
    parser.add_argument(
        "--added",
        type=_added,
        metavar="DATE",
        help="the day, month or year it came to the site (default: today)",
    )
    parser.add_argument(
        "--anyway", action="store_true",
        help="with --yes: add also a preprint that has been published, or a correction",
    )  # fmt: skip
    asking = parser.add_mutually_exclusive_group()
    asking.add_argument("--dry-run", action="store_true", help="show the entry, change nothing")
    asking.add_argument("-y", "--yes", action="store_true", help="add it without asking")


def _add(arguments: argparse.Namespace, progress: Progress) -> int:
    from labsite.adding import Request, add
    from labsite.additions import Wishes
    from labsite.console import Console

    added = arguments.added or PartialDate.parse(dt.date.today().isoformat())
    wishes = Wishes(added.iso, _listed(arguments.direction), arguments.key, arguments.version_of)
    request = Request(arguments.paper, wishes, arguments.yes, arguments.dry_run, arguments.anyway)
    return add(request, find_site(arguments.site), Console(), progress, VERSION)


def _person_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="'Given Family', or 'Family, Given'")
    parser.add_argument("--role", default="", help="such as 'PhD student'")
    parser.add_argument("--status", choices=STATUSES, default="current", help="default: current")
    parser.add_argument(
        "--id", default="",
        help="part of the address (default: given-family); it never changes. Given, it says that "
        "this is nobody who is there already under nearly the same name",
    )  # fmt: skip


def _person(arguments: argparse.Namespace, progress: Progress) -> int:
    from labsite.console import Console
    from labsite.making import add_person
    from labsite.scaffold import NewPerson

    new = NewPerson(arguments.name, arguments.id, arguments.role, arguments.status)
    return add_person(new, find_site(arguments.site), Console())


def _news_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("title", help="the headline")
    parser.add_argument(
        "--date", type=_date, help="2026-03-14, or 2026-03 if no more is known (default: today)"
    )
    _list_option(parser, "--publications", "KEY", "what it is about")
    _list_option(parser, "--people", "ID", "whom it is about")
    parser.add_argument("--slug", default="", help="the words of its file name and address")


def _news(arguments: argparse.Namespace, progress: Progress) -> int:
    from labsite.console import Console
    from labsite.making import add_news
    from labsite.newspage import NewNews

    date = arguments.date or PartialDate.parse(dt.date.today().isoformat())
    publications, people = _listed(arguments.publications), _listed(arguments.people)
    new = NewNews(arguments.title, date, publications, people, arguments.slug)
    return add_news(new, find_site(arguments.site), Console())


def _date(text: str) -> PartialDate:
    try:
        date = PartialDate.parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a date like 2026-03-14 or 2026-03"
        ) from None
    if date.month is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no month; write 2026-03-14 or 2026-03")
    return date


def _added(text: str) -> PartialDate:
    try:
        return PartialDate.parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a date like 2026-03-14, 2026-03 or 2026"
        ) from None


WRITING: Final = (
    Command(
        "add",
        "add a paper to the bibliography by its DOI or arXiv id",
        """\
Asks Crossref, DataCite or arXiv for the paper, makes an entry in house style of what they
know, shows it with what you should know about it, and asks whether to add it. The entry
goes where its year and key belong, in the first bib file that conf.py names; no other byte
of the file changes. What no registry knows (direction, summary, code) is left to you.

A paper that is there already is refused. A preprint and the paper that it became are
related to each other as versions; the new entry gets the directions of the other.""",
        """\
examples:
  python -m labsite add 10.1038/s41597-025-04866-4 --direction learning-across-tasks
  python -m labsite add https://doi.org/10.1007/978-3-032-05185-1_49
  python -m labsite add arXiv:2503.08384 --dry-run

Without a terminal, nothing is added unless --yes is given. --yes does not add a preprint
whose record names the published paper, nor a correction or retraction notice; --yes with
--anyway does.

LABSITE_CROSSREF, LABSITE_DATACITE and LABSITE_ARXIV in the environment name a mirror or a
proxy of a registry: the address before /works/DOI, /dois/DOI and /api/query, as in
https://mirror.example.org/crossref.

exit status: 0 added, or shown with --dry-run; 1 nothing was changed; 2 wrong use""",
        _add_arguments,
        _add,
    ),
    Command(
        "person",
        "add a person to people.yml",
        """\
Adds a block with id, name, status and one alias behind the last person of the same status,
and says what to fill in. No other byte of the file changes.""",
        """\
examples:
  python -m labsite person "Anna Meier" --role "PhD student"
  python -m labsite person "de la Cruz, Ana" --status visitor --id ana-delacruz

exit status: 0 added, 1 nothing was changed, 2 wrong use""",
        _person_arguments,
        _person,
    ),
    Command(
        "news",
        "begin a news item",
        """\
Makes the page of a news item, named by its date and title, with what its front matter
needs. A file that is there is never written over.""",
        """\
examples:
  python -m labsite news "Two papers at MICCAI" --publications sun2025prototype
  python -m labsite news "A new colleague" --date 2026-03 --people anna-meier --slug anna

exit status: 0 written, 1 nothing was written, 2 wrong use""",
        _news_arguments,
        _news,
    ),
)
"""In the order of ``--help``."""
