"""Pages that are views of a record and have no source file of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from labsite.domain import LabsiteDomain
from labsite.queries import PublicationQuery, group, select

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from labsite.model import Person
    from labsite.render import Renderer

Page = tuple[str, dict[str, Any], str]
"""What ``html-collect-pages`` wants: page name, template context, template."""


def record_pages(domain: LabsiteDomain) -> tuple[str, ...]:
    """Return the names of all pages that are views of a record."""
    return tuple(name for name, _ in _people(domain))


def _people(domain: LabsiteDomain) -> Iterator[tuple[str, Person]]:
    """Yield everyone current who has no page written by hand."""
    for person in domain.store.people:
        name, anchor = domain.person_page(person, views=True)
        if name and not anchor and name not in domain.env.found_docs:
            yield name, person


def collect_pages(app: Sphinx) -> Iterator[Page]:
    """Handle ``html-collect-pages``."""
    domain = LabsiteDomain.of(app.env)
    renderer: Renderer | None = domain.renderer
    if renderer is None:
        return
    for name, person in _people(domain):
        yield render_page(renderer, name, person.name, "person-page", _person(domain, person))


def render_page(
    renderer: Renderer, name: str, title: str, template: str, record: dict[str, Any]
) -> Page:
    """Make one page: the record's template filled, to be framed by the theme.

    Args:
        renderer: Fills the template.
        name: The page's name, which is its address without ``.html``.
        title: Plain text.
        template: A component template.
        record: What the template shows; ``description`` also goes into the page's head.
    """
    body = renderer(template, name, level=1, **record)
    overview = renderer.domain.options.people_page
    parent = renderer.domain.env.titles[overview].astext()
    context = {
        "title": title,
        "body": body,
        "description": record["description"],
        "parents": [
            {"link": f"{renderer.builder.get_relative_uri(name, overview)}", "title": parent}
        ],
        "layout": "record",
        "meta": {},
        "display_toc": False,
    }
    return name, context, "page.html"


def _person(domain: LabsiteDomain, person: Person) -> dict[str, Any]:
    publications = select(domain.store.publications, PublicationQuery(people=(person.id,)))
    where = f", {person.affiliation}" if person.affiliation else ""
    about = f"{person.name}, {person.role}{where}: research directions and publications."
    return {
        "person": person,
        "groups": group(publications, "year", domain.directions()),
        "publications": publications,
        "description": about,
    }
