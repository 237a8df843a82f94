"""What a page's frame needs to know: layout, head, breadcrumbs, where to edit it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from docutils import nodes
from markupsafe import Markup

from labsite.assets import wanted_script, wanted_style
from labsite.domain import LabsiteDomain
from labsite.head import page_head
from labsite.links import site_path
from labsite.metadata import shorten
from labsite.model import Person, Publication
from labsite.policy import without_styles
from labsite.redirects import NOT_FOUND
from labsite.render import date_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

_SECTIONS_FOR_TOC: Final = 3
_LOGO_HEIGHT: Final = 38  # pixels, as header.css has it


def add_page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Handle ``html-page-context`` before the base theme, which drops components that are empty."""
    domain = LabsiteDomain.of(app.env)
    domain.build.workers.stop_if_orphaned()  # the page is written next
    meta = context.get("meta") or {}
    layout = context.get("layout") or meta.get("layout") or _layout(pagename, doctree)
    context["layout"] = layout
    context["section"] = pagename.partition("/")[0]
    if "edit_address" not in context:
        context["edit_address"], context["edit_text"] = edit_link(domain, pagename)
    context["wanted_style"], context["wanted_script"] = wanted_style, wanted_script
    context["body"] = without_styles(str(context.get("body") or ""))
    if domain.renderer is not None:
        context["logo"] = _logo(domain, pagename)
        if context.get("favicon_url") and (version := domain.renderer.favicon_version):
            context["favicon_url"] = f"{context['favicon_url']}?v={version}"
        context["mode_script"] = domain.renderer.mode_script
        context["search_address"] = domain.renderer.search_address
        if "head" not in context:
            context["head"] = _head_of_page(domain, pagename, context, doctree)
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


def _logo(domain: LabsiteDomain, pagename: str) -> str:
    """Return the group's logo as HTML, without a text: its name stands beside it."""
    picture = domain.renderer.logo
    if picture is None:
        return ""
    wide = round(_LOGO_HEIGHT * picture.width / picture.height)
    picture = replace(picture, sizes=f"{wide}px")
    shown = {"picture": picture, "alt": "", "eager": True, "classes": ["ls-logo"]}
    return str(domain.renderer("page-picture", pagename, width=0, identity="", title="", **shown))


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


def edit_link(domain: LabsiteDomain, pagename: str) -> tuple[str, str]:
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


def _head_of_page(
    domain: LabsiteDomain, page: str, context: dict[str, Any], doctree: nodes.document | None
) -> str:
    """Return what machines read in the head of a page that has a source, or is Sphinx's own."""
    meta, titles = context.get("meta") or {}, domain.env.titles
    title = titles[page].astext() if page in titles else _plain(context, page)
    description = meta.get("description") or _first_words(doctree)
    own = 'name="description"' in str(context.get("metatags") or "")  # MyST's html_meta
    return head_of(domain, page, title, description, context.get("parents") or (), own=own)


def head_of(
    domain: LabsiteDomain,
    page: str,
    title: str,
    description: str,
    parents: Sequence[dict[str, str]],
    *,
    own: bool = False,
) -> str:
    """Return what machines read in a page's head, as HTML.

    Args:
        domain: Of the build.
        page: Its name.
        title: Plain text.
        description: Plain text; if it is empty, the title stands for it.
        parents: The pages above it but home, as Sphinx has them: ``link`` (relative) and ``title``.
        own: The page brings a description element of its own.
    """
    site, home = domain.renderer.site, domain.env.config.root_doc
    description = description or (f"{title} – {site.name}" if title != site.name else title)
    steps = []
    if page != home:
        steps = [("Home", site.page(home))]
        for parent in parents:
            folder = site.page(page).rpartition("/")[0]
            steps.append((_text(parent["title"]), _joined(f"{folder}/", parent["link"])))
    head = page_head(domain, site, domain.renderer.feeds, page, title, description, steps)
    if own:
        head = replace(head, names=tuple(item for item in head.names if item[0] != "description"))
    return str(domain.renderer("head", page, head=head))


def _first_words(doctree: nodes.document | None) -> str:
    """Return the beginning of a page's first paragraph: better than no description."""
    paragraph = next(iter(doctree.findall(nodes.paragraph)), None) if doctree else None
    return shorten(paragraph.astext()) if paragraph else ""


def _plain(context: dict[str, Any], page: str) -> str:
    """Return the title of a page without a source as plain text; Sphinx's own give none."""
    return _text(context.get("title") or page.capitalize())


@lru_cache(maxsize=64)
def _joined(folder: str, link: str) -> str:
    """Return the whole address of what pages of a folder link to; thousands are in one folder."""
    return urljoin(folder, link)


@lru_cache(maxsize=64)
def _text(html: str) -> str:
    """Return HTML, such as a title, as plain text."""
    return Markup(html).striptags()
