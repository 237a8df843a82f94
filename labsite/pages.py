"""Pages that are views of a record and have no source file of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import escape

from labsite.domain import LabsiteDomain
from labsite.links import site_path
from labsite.queries import PublicationQuery, group, select
from labsite.redirects import all_redirects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from labsite.model import Person
    from labsite.redirects import Redirect
    from labsite.render import Renderer

NOT_FOUND: Final = "404"
"""What web servers show for an address that is not there."""

Page = tuple[str, dict[str, Any], str]
"""What ``html-collect-pages`` wants: page name, template context, template."""


def record_pages(domain: LabsiteDomain) -> tuple[str, ...]:
    """Return the names of all pages that are views of a record."""
    if not domain.has_views:
        return ()
    redirects = (redirect.page for redirect in all_redirects(domain)[0])
    return (*(name for name, _ in _people(domain)), *redirects, NOT_FOUND)


def _people(domain: LabsiteDomain) -> Iterator[tuple[str, Person]]:
    """Yield everyone current who has no page written by hand."""
    for person in domain.store.people:
        name, anchor = domain.person_page(person)
        if name and not anchor and name not in domain.env.found_docs:
            yield name, person


def collect_pages(app: Sphinx) -> Iterator[Page]:
    """Handle ``html-collect-pages``."""
    domain = LabsiteDomain.of(app.env)
    renderer: Renderer | None = domain.renderer
    if renderer is None or not domain.has_views:
        return
    for name, person in _people(domain):
        yield render_page(renderer, name, person.name, "person-page", _person(domain, person))
    for redirect in all_redirects(domain)[0]:
        yield _redirect_page(renderer, redirect, app.config.html_baseurl)
    yield render_page(renderer, NOT_FOUND, "Page not found", "not-found", _not_found(app))


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
    context = {
        "title": escape(title),  # templates take a title as HTML, as Sphinx makes it
        "body": body,
        "description": record["description"],
        "parents": _parents(renderer, name),
        "layout": "record",
        "meta": {},
        "display_toc": False,
    }
    return name, context, "page.html"


def _parents(renderer: Renderer, name: str) -> list[dict[str, str]]:
    """Return the overview that a page is under, for its breadcrumbs."""
    overview = f"{name.rpartition('/')[0]}/index"
    titles = renderer.domain.env.titles
    if overview not in titles:
        return []
    link = renderer.builder.get_relative_uri(name, overview)
    return [{"link": link, "title": escape(titles[overview].astext())}]


def _not_found(app: Sphinx) -> dict[str, Any]:
    """Return what the page for missing addresses offers: home and the main pages."""
    prefix, titles = site_path(app.config.html_baseurl), app.env.titles
    names = [app.config.root_doc, *app.env.toctree_includes.get(app.config.root_doc, [])]
    return {
        "description": "",
        "pages": [
            (
                f"{prefix}{app.builder.get_target_uri(name)}",
                "Home" if name == app.config.root_doc else titles[name].astext(),
            )
            for name in names
            if name in titles
        ],
    }


def _redirect_page(renderer: Renderer, redirect: Redirect, base: str) -> Page:
    builder, titles = renderer.builder, renderer.domain.env.titles
    if redirect.docname in titles and not redirect.anchor:
        title = titles[redirect.docname].astext()
    else:  # a person's place in the overview, or their page without a source
        identity = redirect.anchor or redirect.docname.rpartition("/")[2]
        title = renderer.domain.store.by_id[identity].name
    fragment = f"#{redirect.anchor}" if redirect.anchor else ""
    context = {
        "title": title,
        "target": f"{builder.get_relative_uri(redirect.page, redirect.docname)}{fragment}",
        "canonical": f"{base}{builder.get_target_uri(redirect.docname)}" if base else "",
    }
    return redirect.page, context, "redirect.html"


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
