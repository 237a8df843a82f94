"""The command ``add``: from a paper's name to its entry in the bib file."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from labsite.additions import Addition, Group, NotAdded, Wishes, check_wishes, make_addition
from labsite.bib import parse_bib
from labsite.duplicates import find_named
from labsite.fetch import FetchError, Registries, Web, fetch
from labsite.foresight import foresee
from labsite.identifiers import NotAnIdentifier, read_identifier
from labsite.placing import CannotPlace, Place, place
from labsite.records import build_publications
from labsite.siteconfig import load
from labsite.source import Edit, Source, SourceError

if TYPE_CHECKING:
    from labsite.console import Console
    from labsite.found import Found
    from labsite.identifiers import Identifier
    from labsite.report import Progress
    from labsite.siteconfig import Data, Site

_SECONDS: Final = 1.0
_INTERRUPTED: Final = 130  # as shells have it


@dataclass(frozen=True, slots=True)
class Request:
    """What ``add`` was called with.

    Attributes:
        name: What the paper is called by: a DOI, an arXiv id, an address.
        yes: Add it without asking.
        dry_run: Only show it.
        anyway: Add it without asking even if it is likely not what is wanted.
    """

    name: str
    wishes: Wishes
    yes: bool = False
    dry_run: bool = False
    anyway: bool = False


def add(request: Request, site: Site, console: Console, progress: Progress, version: str) -> int:
    """Fetch a paper's record and add its entry to the site's first bib file.

    Returns:
        0 if it was added, or shown as asked for; 1 if nothing was changed; 2 if it is called by
        nothing that names a paper.
    """
    try:
        identifier = read_identifier(request.name)
    except NotAnIdentifier as error:
        console.complain(f"labsite add: {error}")
        return 2
    progress.step("Reading the data files …")
    data = load(site)
    try:
        source = _source(data)
        group = _group(data)
        check_wishes(group, request.wishes)
        if known := find_named(identifier, group.publications):
            raise NotAdded(f"It is there already: {known}.")
        found = _fetch(identifier, site, progress, console, version)
        addition = make_addition(found, group, request.wishes)
        where = _place(addition, source)
    except SourceError as error:  # says itself that nothing was changed
        console.complain(f"labsite add: {error}")
        return 1
    except (FetchError, NotAdded, CannotPlace) as error:
        console.complain(f"labsite add: {error} Nothing was changed.")
        return 1
    except KeyboardInterrupt:
        return _interrupted(console)
    with progress.paused():
        return _offer(request, data, addition, where, source, console)


def _offer(
    request: Request,
    data: Data,
    addition: Addition,
    where: Place,
    source: Source,
    console: Console,
) -> int:
    """Show the entry, ask, and add it."""
    foreseen = foresee(data, source, where, addition.draft.key)
    _show(addition, where, source, foreseen, console)
    if request.dry_run:
        console.say("Nothing was changed (--dry-run).")
        return 0
    if request.yes and addition.doubt and not request.anyway:
        doubt = f"{addition.doubt} --anyway adds this one."
        console.complain(f"labsite add: {doubt} Nothing was changed.")
        return 1
    try:
        if not _is_wanted(request, source, console):
            return 1
    except KeyboardInterrupt:
        return _interrupted(console)
    return _save(addition, where, source, console)


def _source(data: Data) -> Source:
    names = data.site.bib_files
    if not names:
        raise SourceError("conf.py names no bib file: set bibtex_bibfiles.")
    return data.sources[0] or Source.read(data.site.root / names[0], data.site.shown(names[0]))


def _group(data: Data) -> Group:
    people = data.people.people
    publications, _ = build_publications(data.bibliographies, people)
    return Group(data.entries, publications, people, data.directions)


class _Patience:
    """Says what is being waited for: on a terminal as all progress, else once, after a second."""

    def __init__(self, progress: Progress, console: Console) -> None:
        self._progress, self._console = progress, console
        self._timer: threading.Timer | None = None

    def say(self, what: str) -> None:
        """Tell what is waited for from now on."""
        self.end()
        self._progress.step(what)
        if not self._console.err.isatty():
            self._timer = threading.Timer(_SECONDS, self._console.complain, [what])
            self._timer.daemon = True
            self._timer.start()

    def end(self) -> None:
        """Say nothing more."""
        if self._timer:
            self._timer.cancel()


def _fetch(
    identifier: Identifier, site: Site, progress: Progress, console: Console, version: str
) -> Found:
    patience = _Patience(progress, console)
    try:
        with Web(site.address, version, say=patience.say) as web:
            return fetch(identifier, Registries.of(), web)
    finally:
        patience.end()


def _place(addition: Addition, source: Source) -> Place:
    written = str(addition.draft)
    (entry,) = parse_bib(written, source.shown_as).entries
    return place(source.text, entry, written, source.shown_as)


def _show(
    addition: Addition,
    where: Place,
    source: Source,
    foreseen: list[str],
    console: Console,
) -> None:
    console.say(f"For {source.shown_as}, line {where.line}:\n\n{addition.draft}\n")
    doubts = [addition.doubt] if addition.doubt else []
    notes = (note for note in addition.notes if not _is_foreseen(note, foreseen))
    for note in (*doubts, *notes, *foreseen):
        console.say(f"- {note}")


def _is_foreseen(note: str, foreseen: list[str]) -> bool:
    """Whether ``check`` says the same of a name, and how it may be mended."""
    name, may_be, _ = note.partition(" may be ")
    return bool(may_be) and any(f" names {name}, " in line for line in foreseen)


def _interrupted(console: Console) -> int:
    console.complain("labsite add: interrupted. Nothing was changed.")
    return _INTERRUPTED


def _is_wanted(request: Request, source: Source, console: Console) -> bool:
    if request.yes:
        return True
    if not console.can_ask:
        console.complain("Nothing was changed: nobody is there to be asked. --yes adds it.")
        return False
    if console.confirm(f"\nAdd it to {source.shown_as}?"):
        return True
    console.say("Nothing was changed.")
    return False


def _save(addition: Addition, where: Place, source: Source, console: Console) -> int:
    try:
        source.save(source.edited([Edit(where.offset, where.offset, where.text)]))
    except SourceError as error:
        console.complain(f"labsite add: {error}")
        return 1
    console.say(f"Added {addition.draft.key} to {source.shown_as}:{where.line}.")
    console.say(
        "Look it through: what the registry does not know is yours to add. `make html` shows it."
    )
    return 0
