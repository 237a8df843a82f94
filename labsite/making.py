"""The commands ``person`` and ``news``: what they write, and what they say of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from labsite.newspage import NewNews, make_news, write_new
from labsite.people import parse_people
from labsite.scaffold import NewPerson, NotMade, make_person, names_in
from labsite.siteconfig import load
from labsite.source import Source, SourceError
from labsite.textfile import read_text

if TYPE_CHECKING:
    from pathlib import Path

    from labsite.console import Console
    from labsite.siteconfig import Site


def add_person(new: NewPerson, site: Site, console: Console) -> int:
    """Add a person to the people file; return 0, or 1 if nothing was changed."""
    name = site.options.people_file
    try:
        source = Source.read(site.root / name, site.shown(name))
        pages = {path.stem: site.shown(path) for path in site.pages(site.options.people_folder)}
        block = make_person(new, source, pages)
        source.save(changed := source.edited([block.edit]))
    except (NotMade, SourceError) as error:
        console.complain(f"labsite person: {error} Nothing was changed.")
        return 1
    console.say(f"Added to {source.shown_as}, line {block.line}:\n\n{block.text}\n")
    people = parse_people(changed.decode("utf-8-sig"), source.shown_as).people
    person = next(person for person in people if person.id == block.id)
    for spelling, count in names_in(load(site).entries, person, people).items():
        papers = "paper" if count == 1 else "papers"
        console.say(f"- {count} {papers} by {spelling!r}: is it they? Then add it to the aliases.")
    missing = "affiliation, since, links, directions"
    console.say(f"Fill in what you know: {missing if new.role else f'role, {missing}'}.")
    return 0


def add_news(new: NewNews, site: Site, console: Console) -> int:
    """Write a news item's file; return 0, or 1 if nothing was written."""
    data = load(site)
    try:
        name, text = make_news(new, data.entries, data.people.people)
        path = site.docs / site.options.news_folder / name
        shown = site.shown(path)
        write_new(path, text, shown)
    except NotMade as error:
        console.complain(f"labsite news: {error} Nothing was written.")
        return 1
    console.say(f"Written: {shown}")
    console.say("Next: its paragraph and its description; `make live` shows it.")
    console.say("A build warns of the item until the line beginning with % is gone.")
    if new.date.sort_key > _today():
        console.say(f"Its date, {new.date.iso}, is to come; the site shows it with the next build.")
    index = path.with_name("index.md")
    if index.is_file() and not _takes_all(index):
        console.say(f"And its name, {path.stem}, into the toctree of {site.shown(index)}.")
    return 0


def _today() -> tuple[int, int, int]:
    today = dt.date.today()
    return (today.year, today.month, today.day)


def _takes_all(index: Path) -> bool:
    """Whether the toctree of a folder names its pages by a pattern."""
    return ":glob:" in read_text(index, index.name)[0]
