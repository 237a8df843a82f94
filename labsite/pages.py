"""Pages that are views of a record and have no source file of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from labsite.domain import LabsiteDomain
from labsite.downloads import stem_of
from labsite.fingerprint import digest_of
from labsite.frame import edit_link, head_of
from labsite.landing import landing, mentions
from labsite.largelist import cut_list, is_divided, year_pages, year_record
from labsite.links import site_path
from labsite.model import Person, Publication
from labsite.queries import PublicationQuery, group, select
from labsite.redirects import NOT_FOUND, SEARCH, all_redirects, view_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from labsite.redirects import Redirect
    from labsite.render import Renderer

Page = tuple[str, dict[str, Any], str]
"""What ``html-collect-pages`` wants: page name, template context, template."""


def record_pages(domain: LabsiteDomain) -> tuple[str, ...]:
    """Return the names of all pages that have no source file."""
    if not domain.has_views:
        return ()
    redirects = (redirect.page for redirect in all_redirects(domain)[0])
    return (*view_pages(domain), *redirects, SEARCH, NOT_FOUND)


def collect_pages(app: Sphinx) -> Iterator[Page]:
    """Handle ``html-collect-pages``: yield the pages that are not as the last build left them."""
    domain = LabsiteDomain.of(app.env)
    renderer: Renderer | None = domain.renderer
    if renderer is None or not domain.has_views:
        return
    frame = _frame_digest(domain, renderer)
    for name, context, template in _pages(app, domain, renderer):
        # everything in a context is plain data, so that its text says all about it
        digest = digest_of((frame, template, sorted(context.items(), key=lambda item: item[0])))
        domain.digests[name] = digest
        written = Path(renderer.builder.get_outfilename(name)).is_file()
        if not written or domain.before.digests.get(name) != digest:
            yield name, context, template


def _pages(app: Sphinx, domain: LabsiteDomain, renderer: Renderer) -> Iterator[Page]:
    mentioned = mentions(domain)
    views = set(view_pages(domain))
    for pub in domain.store.publications:
        name, _ = domain.publication_page(pub)
        if name in views:
            record = landing(domain, pub, mentioned)
            yield render_page(renderer, name, pub.title.plain, "publication-page", record)
    for name, page in year_pages(domain):
        record = year_record(domain, page)
        yield render_page(renderer, name, page.title, "publication-year", record)
    for person in domain.store.people:
        name, _ = domain.person_page(person)
        if name in views:
            yield render_page(renderer, name, person.name, "person-page", _person(domain, person))
    for redirect in all_redirects(domain)[0]:
        yield _redirect_page(renderer, redirect, app.config.html_baseurl)
    yield _search_page(domain)
    yield render_page(renderer, NOT_FOUND, "Page not found", "not-found", _not_found(app))


def _frame_digest(domain: LabsiteDomain, renderer: Renderer) -> str:
    """Return a digest of what surrounds every page: templates, configuration, navigation."""
    builder = renderer.builder
    templates = [
        path.read_bytes()
        for folder in builder.templates.pathchain
        for path in sorted(Path(folder).rglob("*.html"))
    ]
    return digest_of((templates, builder.build_info.config_hash, domain.common_digest))


def render_page(
    renderer: Renderer, name: str, title: str, template: str, record: dict[str, Any]
) -> Page:
    """Make one page: the record's template filled, to be framed by the theme.

    Args:
        renderer: Fills the template.
        name: The page's name, which is its address without ``.html``.
        title: Plain text.
        template: A component template.
        record: What the template shows; ``description`` also goes into the page's head, ``crumb``
            stands for a long title in the breadcrumbs.
    """
    domain, parents = renderer.domain, _parents(renderer, name)
    edit_address, edit_text = edit_link(domain, name)
    context = {
        "edit_address": edit_address,
        "edit_text": edit_text,
        "title": escape(title),  # templates take a title as HTML, as Sphinx makes it
        "body": renderer(template, name, level=1, **record),
        "head": head_of(domain, name, title, record["description"], parents),
        "crumb": escape(record.get("crumb", "")),
        "parents": parents,
        "layout": "record",
        "meta": {},
        "display_toc": False,
    }
    return name, context, "page.html"


def _parents(renderer: Renderer, name: str) -> list[dict[str, str]]:
    """Return the overview that a page is under, for its breadcrumbs."""
    options, titles = renderer.domain.options, renderer.domain.env.titles
    subject = renderer.domain.subject(name)
    if isinstance(subject, Publication):
        overview = options.publications_page
    elif isinstance(subject, Person):
        overview = options.people_page
    else:
        overview = f"{name.rpartition('/')[0]}/index"
    if overview not in titles:
        return []
    link = renderer.builder.get_relative_uri(name, overview)
    return [{"link": link, "title": escape(titles[overview].astext())}]


def _search_page(domain: LabsiteDomain) -> Page:
    about = "Search the publications, people, news and pages of this site, as you type."
    head = head_of(domain, SEARCH, "Search", about, ())
    context = {"title": "Search", "head": head, "layout": "record", "meta": {}, "parents": []}
    return SEARCH, context, "search.html"


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
    builder, domain = renderer.builder, renderer.domain
    subject = domain.subject(redirect.docname)
    if isinstance(subject, Publication):
        title = subject.title.plain
    elif isinstance(subject, Person):
        title = subject.name
    elif redirect.anchor:  # a person's place in the overview
        title = domain.store.by_id[redirect.anchor].name
    else:
        title = domain.env.titles[redirect.docname].astext()
    fragment = f"#{redirect.anchor}" if redirect.anchor else ""
    context = {
        "title": title,
        "target": f"{builder.get_relative_uri(redirect.page, redirect.docname)}{fragment}",
        "canonical": f"{base}{builder.get_target_uri(redirect.docname)}" if base else "",
    }
    return redirect.page, context, "redirect.html"


def _person(domain: LabsiteDomain, person: Person) -> dict[str, Any]:
    query = PublicationQuery(people=(person.id,))
    publications, cut = cut_list(domain, select(domain.store.publications, query), query)
    where = f", {person.affiliation}" if person.affiliation else ""
    about = f"{person.name}, {person.role}{where}: research directions and publications."
    return {
        "person": person,
        "groups": group(publications, "year", domain.directions()),
        "publications": publications,
        "cut": cut,
        "compact": is_divided(domain),
        "stem": stem_of(domain, person) if publications else "",
        "description": about,
    }
