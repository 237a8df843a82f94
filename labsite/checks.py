"""What pages say that cannot be so: checked on every build, whichever pages were read in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from labsite.diagnostics import Problem, suggest
from labsite.domain import LabsiteDomain, date_of, texts_of
from labsite.lint import unknown_direction
from labsite.model import DIRECTION_KINDS
from labsite.policy import breaches, share_class
from labsite.queries import is_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx


def note_html(app: Sphinx, doctree: nodes.document) -> None:
    """Handle ``doctree-read``: keep what of a page's HTML and sizes will not work."""
    domain = LabsiteDomain.of(app.env)
    for raw in doctree.findall(nodes.raw):
        if "html" in str(raw.get("format")).split() and is_shown(app, raw):
            source, line = place_in_source(app, raw)
            for below, what, remedy in breaches(raw.astext()):
                domain.note_problem(Problem(source, line + below, "html", what, remedy))
    sized: list[nodes.Element] = [*doctree.findall(nodes.figure), *doctree.findall(nodes.table)]
    for node in sized:
        width = str(node.get("width", ""))
        if width not in {"", "auto"} and not share_class(width) and is_shown(app, node):
            source, line = place_in_source(app, node)
            what = f"The width {width!r} of a {node.tagname} does not work on a page."
            remedy = "Write it in per cent, such as 50%."
            domain.note_problem(Problem(source, line, "html", what, remedy))


def is_shown(app: Sphinx, node: nodes.Node) -> bool:
    """Whether a part of a page is in this build: it may stand under ``only``."""
    only = (part for part in _and_above(node) if isinstance(part, addnodes.only))
    return all(app.tags.eval_condition(part["expr"]) for part in only)


def place_in_source(app: Sphinx, node: nodes.Node) -> tuple[str, int]:
    """Return the file and line that a part of a page comes from; the file may be included."""
    line = next((part.line for part in _and_above(node) if part.line), 1)
    source = next((part.source for part in _and_above(node) if part.source), "")
    if not source or not Path(source).is_file():
        source = str(app.env.doc2path(app.env.docname))
    return source, line


def _and_above(node: nodes.Node) -> Iterator[nodes.Node]:
    part: nodes.Node | None = node
    while part is not None:
        yield part
        part = part.parent


def check_pages(domain: LabsiteDomain) -> Iterator[Problem]:
    """Yield every mention of a record that does not exist, and unreadable front matter."""
    known = {
        "person": set(domain.store.by_id),
        "pub": set(domain.store.by_key),
        "direction": {direction.id for direction in domain.directions()},
    }
    for docname in sorted(domain.env.found_docs):
        yield from domain.problems.get(docname, ())
        path = str(domain.env.doc2path(docname))
        for item in domain.references.get(docname, ()):
            if not _exists(domain, item.kind, item.target, known):
                yield _unknown(path, item.line, item.kind, item.target, known)
        for kind, target in _mentions(domain, docname):
            if not _exists(domain, kind, target, known):
                line = domain.line_in_source(docname, target)
                yield _unknown(path, line, kind, target, known)
    yield from _check_news_dates(domain)
    yield from _check_direction_pages(domain)
    yield from _check_main_list(domain)
    yield from _check_directions(domain, known["direction"])


def _exists(domain: LabsiteDomain, kind: str, target: str, known: dict[str, set[str]]) -> bool:
    return bool(domain.drawings(target)) if kind == "drawing" else target in known[kind]


def _mentions(domain: LabsiteDomain, docname: str) -> Iterator[tuple[str, str]]:
    """Yield kind and name of the records that a page's front matter names."""
    meta, folder = domain.front_matter(docname), docname.rpartition("/")[0]
    if folder == domain.options.directions_folder and (drawing := meta.get("drawing")):
        yield "drawing", str(drawing)
    if folder == domain.options.news_folder:
        for key, kind in (("people", "person"), ("publications", "pub")):
            for target in texts_of(meta.get(key)):
                yield kind, target


def _check_news_dates(domain: LabsiteDomain) -> Iterator[Problem]:
    for docname, meta, _ in domain.pages_in(domain.options.news_folder):
        if not date_of(meta.get("date")):
            what = f"The news item has no date that can be read ({meta.get('date', 'none')!r})."
            remedy = 'Write date: "2025-09-30" or "2025-09" in its front matter.'
            yield _in_front_matter(domain, docname, "date:", what, remedy)


def _check_direction_pages(domain: LabsiteDomain) -> Iterator[Problem]:
    for docname, meta, _ in domain.pages_in(domain.options.directions_folder):
        kind, order = meta.get("kind", "direction"), str(meta.get("order", 0))
        if kind not in DIRECTION_KINDS:
            what, remedy = (
                f"The page's kind is {kind!r}.",
                f"Write one of {', '.join(DIRECTION_KINDS)}.",
            )
            yield _in_front_matter(domain, docname, "kind:", what, remedy)
        if not re.fullmatch(r"-?[0-9]{1,9}", order):
            what = f"The page's order is {order!r}, which is not a whole number."
            yield _in_front_matter(domain, docname, "order:", what, "Write order: 3, for example.")


def _in_front_matter(
    domain: LabsiteDomain, docname: str, key: str, what: str, remedy: str
) -> Problem:
    path, line = str(domain.env.doc2path(docname)), domain.line_in_source(docname, key)
    return Problem(path, line, "front_matter", what, remedy)


def _check_main_list(domain: LabsiteDomain) -> Iterator[Problem]:
    page = domain.options.publications_page
    whole = (
        view.kind == "publications" and is_whole(view.query) for view in domain.views.get(page, ())
    )
    listed = page in domain.env.found_docs and domain.store.publications
    if domain.has_views and listed and not any(whole):
        what = f"The page {page!r} has no list of all publications."
        remedy = "Add a publications directive without person, year, selected and the like."
        yield Problem(str(domain.env.doc2path(page)), 1, "reference", what, remedy)


def _check_directions(domain: LabsiteDomain, known: set[str]) -> Iterator[Problem]:
    named = [
        *(
            (f"Entry {pub.key!r}", pub.source.path, pub.direction_line, item)
            for pub in domain.store.publications
            for item in pub.directions
        ),
        *(
            (f"Person {person.id!r}", person.source.path, line, item)
            for person in domain.store.people
            for item, line in zip(person.directions, person.direction_lines, strict=True)
        ),
    ]
    folder = domain.options.directions_folder
    for who, path, line, item in named:
        if item not in known:
            yield unknown_direction(who, path, line, item, known, folder)


def _unknown(path: str, line: int, kind: str, target: str, known: dict[str, set[str]]) -> Problem:
    word, place = {
        "person": ("person", "people.yml"),
        "pub": ("publication", "the bibliography"),
        "direction": ("direction", "the research pages"),
        "drawing": ("drawing", "_templates/drawings/"),
    }[kind]
    remedy = suggest(target, known.get(kind, ())) or f"Correct the name, or add it to {place}."
    return Problem(path, line, "reference", f"There is no {word} {target!r}.", remedy)
