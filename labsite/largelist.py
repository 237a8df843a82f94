"""The pages of years of a large bibliography, and the data that its filters work on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from labsite.division import LIMIT, Division, divide
from labsite.filterdata import Places, filter_data
from labsite.queries import has_equal_authors, is_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labsite.division import YearPage
    from labsite.domain import LabsiteDomain
    from labsite.model import Direction, Person, Publication
    from labsite.queries import PublicationQuery
    from labsite.render import Renderer

NEWEST: Final = "The newest publications"
"""What leads back to the overview."""


def division_of(domain: LabsiteDomain) -> Division:
    """Return how this build divides the whole list."""
    if is_divided(domain):
        return domain.store.division
    publications = domain.store.publications
    return divide(publications, max(len(publications), 1))


def is_divided(domain: LabsiteDomain) -> bool:
    """Whether the whole list is longer than a page; no list has its BibTeX in the page then.

    It is divided only where there are pages without a source, and a page that has it.
    """
    if not domain.has_views or not domain.store.division.pages:
        return False
    views = domain.views.get(domain.options.publications_page, ())
    return any(view.kind == "publications" and is_whole(view.query) for view in views)


def year_pages(domain: LabsiteDomain) -> Iterator[tuple[str, YearPage]]:
    """Yield the pages of years by name, but those that somebody wrote by hand."""
    if not is_divided(domain):
        return
    for page in division_of(domain).pages:
        name = page_name(domain, page.name)
        if name not in domain.env.found_docs:
            yield name, page


def page_name(domain: LabsiteDomain, name: str) -> str:
    """Return the page that a :class:`~labsite.division.Year` names."""
    folder = f"{domain.options.publications_folder}/".lstrip("/")
    return f"{folder}{name}" if name else domain.options.publications_page


def year_record(domain: LabsiteDomain, page: YearPage) -> dict[str, Any]:
    """Return what the template of a year's page shows."""
    division = division_of(domain)
    number = division.pages.index(page)
    overview = domain.options.publications_page
    newer = division.pages[number - 1] if number else None
    older = division.pages[number + 1] if number + 1 < len(division.pages) else None
    when = f"of {page.year}" if page.year else "without a year"
    part = f", part {page.part} of {page.parts}" if page.parts > 1 else ""
    noun = "publication" if page.total == 1 else "publications"
    return {
        "page": page,
        "years": [(year.heading, page_name(domain, year.page), year) for year in division.years],
        "newer": (newer.title, page_name(domain, newer.name)) if newer else (NEWEST, overview),
        "older": older and (older.title, page_name(domain, older.name)),
        "overview": overview,
        "equal": has_equal_authors(page.publications),
        "crumb": page.title.removeprefix("Publications of "),
        "description": f"{page.total} {noun} {when}{part}, with authors, venues and links to each.",
    }


@dataclass(frozen=True, slots=True)
class Cut:
    """What a list that is too long for its page leaves out.

    Attributes:
        shown: How many are shown.
        total: How many there are.
        page: The page with the whole list.
        query: What makes that list's filters show the same publications; or empty.
    """

    shown: int
    total: int
    page: str
    query: str


def cut_list(
    domain: LabsiteDomain, publications: tuple[Publication, ...], query: PublicationQuery
) -> tuple[tuple[Publication, ...], Cut | None]:
    """Cut a list, other than the whole one, to what a page has room for.

    A list whose own limit says how long it is stays so, and so does every list of a site where
    the rest could be found nowhere.
    """
    if query.limit or len(publications) <= LIMIT or not is_divided(domain):
        return publications, None
    overview = domain.options.publications_page
    names = {"person": query.people, "direction": query.directions, "type": query.types}
    single = {name: values[0] for name, values in names.items() if len(values) == 1}
    return publications[:LIMIT], Cut(LIMIT, len(publications), overview, urlencode(single))


def filter_script(domain: LabsiteDomain, renderer: Renderer) -> str:
    """Return the data of the filters."""
    uri = renderer.builder.get_target_uri

    def person(one: Person) -> str:
        docname, anchor = domain.person_page(one)
        return f"{uri(docname)}{f'#{anchor}' if anchor else ''}" if docname else ""

    def direction(one: Direction) -> str:
        return str(uri(one.docname))

    places = Places(person, direction, f"{page_name(domain, '*')}.bib")
    store = domain.store
    return filter_data(store.publications, store.people, domain.directions(), places)
