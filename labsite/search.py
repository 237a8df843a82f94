"""What the page search knows of each page; the browser's side is ``theme/static/js/search.js``.

Sphinx's own index is not made: it holds every word of every page, and every page loads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from labsite.domain import LabsiteDomain
from labsite.largelist import is_divided
from labsite.metadata import shorten
from labsite.model import Direction, NewsItem, Person, Publication
from labsite.searchdata import SearchPage, search_data, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from labsite.render import Renderer

_KINDS = {Direction: "direction", NewsItem: "news", Person: "person"}
_PLACEHOLDER = "any-publication"


def note_words(app: Sphinx, doctree: nodes.document) -> None:
    """Handle ``doctree-read``: keep a page's words, less those of lists made from records."""
    paragraph = next(iter(doctree.findall(nodes.paragraph)), None)
    about = shorten(paragraph.astext()) if paragraph else ""
    shown = (node.astext() for node in doctree.findall(nodes.Text) if not _is_key(node))
    LabsiteDomain.of(app.env).note_words(about, words_of(" ".join(shown)))


def _is_key(text: nodes.Text) -> bool:
    """Whether a text is a key in a reference, which readers see as a name or a title."""
    part: nodes.Node | None = text
    while part is not None:
        if isinstance(part, addnodes.pending_xref) and part.get("refdomain") in {"labsite", "cite"}:
            return not part.get("refexplicit")
        part = part.parent
    return False


def search_pages(domain: LabsiteDomain, renderer: Renderer) -> tuple[SearchPage, ...]:
    """Return what the search finds besides publications: people, as the first of equals, pages."""
    return (*_people(domain, renderer), *_pages(domain, renderer))


def search_script(domain: LabsiteDomain, renderer: Renderer, pages: tuple[SearchPage, ...]) -> str:
    """Return the search's data.

    Args:
        domain: Of the build.
        renderer: Of the build.
        pages: From :func:`search_pages`.
    """
    uri = renderer.builder.get_target_uri
    folder = f"{domain.options.publications_folder}/".lstrip("/")
    address = uri(f"{folder}{_PLACEHOLDER}").replace(_PLACEHOLDER, "*")
    whole = not is_divided(domain)
    return search_data(pages, domain.store.publications, address, whole=whole)


def _pages(domain: LabsiteDomain, renderer: Renderer) -> Iterator[SearchPage]:
    for docname in sorted(domain.env.found_docs):
        subject = domain.subject(docname)
        meta = domain.front_matter(docname)
        if isinstance(subject, Publication | Person) or "nosearch" in meta or "no-search" in meta:
            continue  # listed by their records
        first, words = domain.words.get(docname, ("", ""))
        named = (
            item.target for item in domain.references.get(docname, ()) if item.kind == "person"
        )
        people = (domain.store.by_id[item].name for item in named if item in domain.store.by_id)
        words = words_of(" ".join([words, *people]))
        about = str(meta.get("description") or first)
        title = domain.env.titles[docname].astext()
        kind = _KINDS.get(type(subject), "page") if subject else "page"
        address = renderer.builder.get_target_uri(docname)
        yield SearchPage(address, title, kind, about, words)


def _people(domain: LabsiteDomain, renderer: Renderer) -> Iterator[SearchPage]:
    for person in domain.store.people:
        docname, anchor = domain.person_page(person)
        if docname:
            place = f"#{anchor}" if anchor else ""
            address = f"{renderer.builder.get_target_uri(docname)}{place}"
            about = ", ".join(filter(None, (person.title or person.role, person.affiliation)))
            words = domain.words.get(docname, ("", ""))[1] if not anchor else ""
            yield SearchPage(address, person.name, "person", about, words)
