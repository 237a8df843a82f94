"""What a page's frame needs to know: layout, head, breadcrumbs, where to edit it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from docutils import nodes
from markupsafe import Markup

from labsite.diagnostics import Problem, suggest
from labsite.domain import LabsiteDomain
from labsite.head import page_head
from labsite.links import site_path
from labsite.metadata import shorten
from labsite.model import Person, Publication
from labsite.redirects import NOT_FOUND
from labsite.render import date_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from labsite.head import Head

_SECTIONS_FOR_TOC = 3


def add_page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Handle ``html-page-context`` before the base theme, which drops components that are empty."""
    domain = LabsiteDomain.of(app.env)
    meta = context.get("meta") or {}
    layout = context.get("layout") or meta.get("layout") or _layout(pagename, doctree)
    context["layout"] = layout
    context["section"] = pagename.partition("/")[0]
    context["edit_address"], context["edit_text"] = _edit(domain, pagename)
    if domain.renderer is not None:
        context["head"] = domain.renderer("head", pagename, head=_head(domain, context, doctree))
    if pagename == NOT_FOUND:
        _make_absolute(context, app.config.html_baseurl)
    context["date_text"] = date_text
    context["date"] = next((n.date for n in domain.news() if n.docname == pagename), None)
    footer = footer_pages(app)
    main = [
        name for name in app.env.toctree_includes.get(app.config.root_doc, ()) if name not in footer
    ]
    context["footer_pages"] = _titled(app, footer)
    context["main_pages"] = _titled(app, main)


def _titled(app: Sphinx, names: list[str]) -> list[tuple[str, str]]:
    titles = app.env.titles
    return [(name, titles[name].astext()) for name in names if name in titles]


def _make_absolute(context: dict[str, Any], base: str) -> None:
    """Make a page's links begin with ``/``: it is shown at addresses of any depth."""
    prefix = site_path(base)
    relative, css_tag, js_tag = context["pathto"], context["css_tag"], context["js_tag"]

    def absolute(address: str) -> str:
        return address if ":" in address or address[:1] in {"/", "#"} else f"{prefix}{address}"

    context["pathto"] = lambda *args, **kwargs: absolute(relative(*args, **kwargs))
    context["css_tag"] = lambda css: css_tag(css).replace('href="_', f'href="{prefix}_')
    context["js_tag"] = lambda js: js_tag(js).replace('src="_', f'src="{prefix}_')
    context["content_root"] = prefix


def footer_pages(app: Sphinx) -> list[str]:
    """Return the pages that every page's footer links to (theme option ``footer_links``)."""
    return str(app.config.html_theme_options.get("footer_links", "")).replace(",", " ").split()


def check_footer(app: Sphinx) -> Iterator[Problem]:
    """Yield a problem for each page of ``footer_links`` that does not exist."""
    known = app.env.found_docs
    for name in footer_pages(app):
        if name not in known:
            what = f"The theme option footer_links names the page {name!r}, which does not exist."
            remedy = suggest(name, known) or "Correct it in html_theme_options."
            yield Problem("conf.py", 1, "option", what, remedy)


def limit_toc(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Handle ``html-page-context`` after the base theme: "on this page" beside long prose only."""
    if context["layout"] != "prose":
        context["secondary_sidebar_items"] = []


def _layout(pagename: str, doctree: nodes.document | None) -> str:
    """Give long prose an "on this page"; leave overviews and short pages their full width."""
    if doctree is None or pagename.rpartition("/")[2] == "index":
        return "wide"
    title = next(iter(doctree.findall(nodes.section)), None)
    sections = [node for node in title or () if isinstance(node, nodes.section)]
    return "prose" if len(sections) >= _SECTIONS_FOR_TOC else "wide"


def _edit(domain: LabsiteDomain, pagename: str) -> tuple[str, str]:
    """Return where to correct this page in the repository and what the link says, or ''."""
    repository = domain.options.repository
    if not repository:
        return "", ""
    if pagename in domain.env.found_docs:
        source = domain.env.doc2path(pagename).relative_to(domain.env.srcdir.parent)
        return f"{repository}/edit/main/{source.as_posix()}", "Improve this page"
    subject = domain.subject(pagename)
    if not isinstance(subject, Person | Publication):
        return "", ""
    address = f"{repository}/blob/main/{subject.source.path}?plain=1#L{subject.source.line}"
    return address, "Improve this entry"


def _head(domain: LabsiteDomain, context: dict[str, Any], doctree: nodes.document | None) -> Head:
    """Return what machines read about a page."""
    page, site = context["pagename"], domain.renderer.site
    meta, titles = context.get("meta") or {}, domain.env.titles
    title = titles[page].astext() if page in titles else _plain(context, page)
    description = context.get("description") or meta.get("description") or _first_words(doctree)
    if not description:
        description = f"{title} – {site.name}" if title != site.name else title
    steps = []
    if page != domain.env.config.root_doc:
        steps = [("Home", site.page(domain.env.config.root_doc))]
        for parent in context.get("parents") or ():
            address = urljoin(context.get("pageurl") or "", parent["link"])
            steps.append((Markup(parent["title"]).striptags(), address))
    return page_head(domain, site, domain.renderer.feeds, page, title, description, steps)


def _first_words(doctree: nodes.document | None) -> str:
    """Return the beginning of a page's first paragraph: better than no description."""
    paragraph = next(iter(doctree.findall(nodes.paragraph)), None) if doctree else None
    return shorten(paragraph.astext()) if paragraph else ""


def _plain(context: dict[str, Any], page: str) -> str:
    """Return the title of a page without a source as plain text; Sphinx's own give none."""
    return Markup(context.get("title") or page.capitalize()).striptags()
