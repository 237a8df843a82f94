"""Pages that are views of a record and have no source file of their own."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from markupsafe import escape
from sphinx.builders.html import StandaloneHTMLBuilder

from labsite.digests import everyone, listed
from labsite.domain import LabsiteDomain
from labsite.downloads import stem_of, written_by
from labsite.fingerprint import digest_of
from labsite.frame import edit_link, head_of
from labsite.landing import around, landing, landing_digest, mentions
from labsite.largelist import cut_list, is_divided, year_pages, year_record
from labsite.links import site_path
from labsite.metadata import publication_description
from labsite.model import Person, Publication
from labsite.queries import PublicationQuery, group
from labsite.redirects import NOT_FOUND, SEARCH, all_redirects, view_pages
from labsite.slots import Frames, RecordPage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.application import Sphinx
    from sphinx.builders import Builder

    from labsite.landing import Around
    from labsite.redirects import Redirect
    from labsite.render import Renderer

_ALL_VIEWS: Final = "*"
"""What all views together are called among the digests; no page has that name."""
_FRAME: Final = {"layout": "record", "meta": {}, "display_toc": False}
Page = tuple[str, dict[str, Any], str]
"""What ``html-collect-pages`` wants: page name, template context, template."""


def page_file(builder: Builder, name: str) -> str:
    """Return the path of a page's file, relative to the output folder."""
    if not isinstance(builder, StandaloneHTMLBuilder):
        return f"{name}.txt"
    if type(builder).get_output_path is StandaloneHTMLBuilder.get_output_path:
        return f"{name}{builder.out_suffix}"  # the same much faster, for thousands of pages
    path, root = str(builder.get_output_path(name)), str(builder.outdir)
    return path[len(root) + 1 :].replace(os.sep, "/")


def record_pages(domain: LabsiteDomain) -> tuple[str, ...]:
    """Return the names of all pages that have no source file."""
    if not domain.has_views:
        return ()
    redirects = (redirect.page for redirect in all_redirects(domain)[0])
    return (*view_pages(domain), *redirects, SEARCH, NOT_FOUND)


@dataclass(frozen=True, slots=True)
class View:
    """A page that shows a record.

    Attributes:
        title: Plain text.
        template: A component template.
        record: What it shows; ``description`` also goes into the page's head (of a publication it
            is made of the record), ``crumb`` stands for a long title in the breadcrumbs.
    """

    name: str
    title: str
    template: str
    record: dict[str, Any]


Candidate = tuple[str, tuple[str, str], Callable[[], View]]
"""A page's name, its template and a digest of what it shows, and what makes the view: for the few
pages that are to be written."""


def collect_pages(app: Sphinx) -> Iterator[Page]:
    """Handle ``html-collect-pages``: make the pages that are not as the last build left them.

    Those of records are written here, in frames; the few others are Sphinx's to write.
    """
    domain = LabsiteDomain.of(app.env)
    renderer: Renderer | None = domain.renderer
    if renderer is None or not domain.has_views:
        return
    surroundings = _surroundings(domain)
    new = []
    for name, shown, make in () if _are_left(domain, renderer, surroundings) else _views(domain):
        digest = digest_of((surroundings, *shown))
        if not domain.build.is_left(name, digest, [page_file(renderer.builder, name)]):
            new.append(make)

    def write(makers: Sequence[Callable[[], View]]) -> None:
        scratch = Path(app.doctreedir) / f"labsite-frame-{os.getpid()}.html"
        frames = Frames(renderer.builder, scratch)
        for make in makers:
            view = make()
            path = page_file(renderer.builder, view.name)
            domain.build.write(path, frames.fill(render_page(renderer, view)))

    domain.build.workers.do_all(write, new)
    for name, context, template in _other_pages(app, domain, renderer):
        # everything in a context is plain data, so that its text says all about it
        digest = digest_of((surroundings, template, sorted(context.items(), key=itemgetter(0))))
        if not domain.build.is_left(name, digest, [page_file(renderer.builder, name)]):
            yield name, context, template


def _are_left(domain: LabsiteDomain, renderer: Renderer, surroundings: str) -> bool:
    """Say whether nothing that any view shows has changed: one look instead of one at each."""
    store, pictures, build = domain.store, renderer.pictures, domain.build
    previews = [pictures.get(pub.preview, "preview") for pub in store.publications if pub.preview]
    names = view_pages(domain)
    shown = (surroundings, store.digest, names, sorted(mentions(domain).items()), previews)
    paths = [page_file(renderer.builder, name) for name in names]
    are_left = build.is_left(_ALL_VIEWS, digest_of(shown), paths)
    known = {name: build.before.digests[name] for name in names if name in build.before.digests}
    if are_left and len(known) == len(names):
        build.digests |= known
        return True
    return False


def _views(domain: LabsiteDomain) -> Iterator[Candidate]:
    mentioned = mentions(domain)
    views = set(view_pages(domain))
    for name, page in year_pages(domain):
        record = year_record(domain, page)
        # of other years it shows no numbers, which change with every publication
        years = [(*item, replace(year, count=0)) for *item, year in record["years"]]
        bare = {**record, "page": replace(page, publications=()), "years": years}
        view = View(name, page.title, "publication-year", record)
        digest = digest_of((listed(page.publications), bare))
        yield name, (view.template, digest), partial(_made, view)
    for person in domain.store.people:
        name, _ = domain.person_page(person)
        if name in views:
            record = _person(domain, person)
            view = View(name, person.name, "person-page", record)
            digest = digest_of((person, record["cut"], listed(record["publications"])))
            yield name, (view.template, digest), partial(_made, view)
    for pub in domain.store.publications:
        name, _ = domain.publication_page(pub)
        if name in views:
            beside = around(domain, pub, mentioned)
            shown = "publication-page", landing_digest(domain, pub, beside)
            yield name, shown, partial(_publication, domain, pub, beside)


def _publication(domain: LabsiteDomain, pub: Publication, beside: Around) -> View:
    name, _ = domain.publication_page(pub)
    return View(name, pub.title.plain, "publication-page", landing(domain, pub, beside))


def _made(view: View) -> View:
    return view


def _other_pages(app: Sphinx, domain: LabsiteDomain, renderer: Renderer) -> Iterator[Page]:
    for redirect in all_redirects(domain)[0]:
        yield _redirect_page(renderer, redirect, app.config.html_baseurl)
    yield _search_page(domain)
    yield _not_found_page(app, renderer)


def _surroundings(domain: LabsiteDomain) -> str:
    """Return a digest of what every page of a record may show besides that."""
    around = (domain.once("everyone", everyone), domain.directions())
    titles, options = domain.env.titles, domain.options
    above = (options.publications_page, options.people_page)
    parents = [titles[name].astext() for name in above if name in titles]
    return digest_of((domain.build.common_digest, options, parents, around))


def render_page(renderer: Renderer, view: View) -> RecordPage:
    """Make one page: the record's template filled, to be framed by the theme."""
    domain, name = renderer.domain, view.name
    parents = _parents(renderer, name)
    edit_address, edit_text = edit_link(domain, name)
    pub = view.record.get("pub")
    description = publication_description(pub) if pub else view.record["description"]
    return RecordPage(
        name=name,
        title=view.title,
        body=renderer(view.template, name, level=1, **view.record),
        head=head_of(domain, name, view.title, description, parents),
        crumb=view.record.get("crumb") or view.title,
        edit_address=edit_address,
        edit_text=edit_text,
        frame={"parents": parents, **_FRAME},
    )


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
    folder = renderer.builder.get_target_uri(name).rpartition("/")[0]

    def above(domain: LabsiteDomain) -> list[dict[str, str]]:
        link = renderer.builder.get_relative_uri(name, overview)
        return [{"link": link, "title": escape(titles[overview].astext())}]

    found: list[dict[str, str]] = renderer.domain.once(f"{overview} above {folder}", above)
    return found


def _search_page(domain: LabsiteDomain) -> Page:
    about = "Search the publications, people, news and pages of this site, as you type."
    head = head_of(domain, SEARCH, "Search", about, ())
    context = {"title": "Search", "head": head, "layout": "record", "meta": {}, "parents": []}
    return SEARCH, context, "search.html"


def _not_found_page(app: Sphinx, renderer: Renderer) -> Page:
    """Make the page for missing addresses, which offers home and the main pages.

    It has a frame of its own: it is shown at any depth.
    """
    prefix, titles = site_path(app.config.html_baseurl), app.env.titles
    names = [app.config.root_doc, *app.env.toctree_includes.get(app.config.root_doc, [])]
    pages = [
        (
            f"{prefix}{app.builder.get_target_uri(name)}",
            "Home" if name == app.config.root_doc else titles[name].astext(),
        )
        for name in names
        if name in titles
    ]
    title = "Page not found"
    context = {
        "edit_address": "",
        "edit_text": "",
        "title": title,
        "body": renderer("not-found", NOT_FOUND, level=1, pages=pages),
        "head": head_of(renderer.domain, NOT_FOUND, title, "", ()),
        "crumb": "",
        "parents": _parents(renderer, NOT_FOUND),
        **_FRAME,
    }
    return NOT_FOUND, context, "page.html"


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
    publications, cut = cut_list(domain, written_by(domain).get(person.id, ()), query)
    who = ", ".join(filter(None, (person.name, person.role, person.affiliation)))
    about = f"{who}: research directions and publications."
    return {
        "person": person,
        "groups": group(publications, "year", domain.directions()),
        "publications": publications,
        "cut": cut,
        "compact": is_divided(domain),
        "stem": stem_of(domain, person) if publications else "",
        "description": about,
    }
