"""The command ``add``: from a paper's name to its entry in the bib file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from labsite.additions import Addition, Group, NotAdded, Wishes, check_wishes, make_addition
from labsite.bib import parse_bib
from labsite.duplicates import find_named
from labsite.fetch import FetchError, Registries, Web, fetch
from labsite.identifiers import NotAnIdentifier, read_identifier
from labsite.placing import CannotPlace, Place, place
from labsite.records import build_publications
from labsite.siteconfig import load
from labsite.source import Edit, Source, SourceError

if TYPE_CHECKING:
    from labsite.console import Console
    from labsite.diagnostics import Problem
    from labsite.found import Found
    from labsite.identifiers import Identifier
    from labsite.report import Progress
    from labsite.siteconfig import Data, Site


@dataclass(frozen=True, slots=True)
class Request:
    """What ``add`` was called with.

    Attributes:
        name: What the paper is called by: a DOI, an arXiv id, an address.
        yes: Add it without asking.
        dry_run: Only show it.
    """

    name: str
    wishes: Wishes
    yes: bool = False
    dry_run: bool = False


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
        found = _fetch(identifier, site, progress, version)
        addition = make_addition(found, group, request.wishes)
        where = _place(addition, source)
    except SourceError as error:  # says itself that nothing was changed
        console.complain(f"labsite add: {error}")
        return 1
    except (FetchError, NotAdded, CannotPlace) as error:
        console.complain(f"labsite add: {error} Nothing was changed.")
        return 1
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
    _show(addition, where, source, _warnings(addition, data), console)
    if request.dry_run:
        console.say("Nothing was changed (--dry-run).")
        return 0
    if not _is_wanted(request, source, console):
        return 1
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


def _fetch(identifier: Identifier, site: Site, progress: Progress, version: str) -> Found:
    with Web(site.address, version, say=progress.step) as web:
        return fetch(identifier, Registries.of(), web)


def _place(addition: Addition, source: Source) -> Place:
    written = str(addition.draft)
    (entry,) = parse_bib(written, source.shown_as).entries
    return place(source.text, entry, written, source.shown_as)


def _warnings(addition: Addition, data: Data) -> tuple[Problem, ...]:
    """Return what the build would warn of in the entry, with lines counted from its own first.

    Its key is free and what it is related to exists, so it can be looked at alone.
    """
    bib = parse_bib(str(addition.draft), "")
    _, problems = build_publications([bib], data.people.people)
    return tuple(problem for problem in problems if problem.subtype != "bib_crossref")


def _show(
    addition: Addition,
    where: Place,
    source: Source,
    warnings: tuple[Problem, ...],
    console: Console,
) -> None:
    console.say(f"For {source.shown_as}, line {where.line}:\n\n{addition.draft}\n")
    for note in addition.notes:
        console.say(f"- {note}")
    for problem in warnings:
        what = f"{problem.what} {problem.remedy}"
        console.say(f"- The build will warn of its line {problem.line}: {what}")


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
