"""Docutils nodes: the placeholder that directives leave, and records as plain document nodes.

The plain nodes serve every builder but HTML (text, LaTeX, man …); HTML is made by templates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

from labsite.domain import publication_anchor
from labsite.resources import RESOURCE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from labsite.model import Author, NewsItem, Person, Publication, RichText, Span
    from labsite.queries import Group
    from labsite.resources import Resource


class view_placeholder(nodes.General, nodes.Element):
    """Stands where a directive's records will be shown.

    Attributes (docutils'): ``view`` is a :class:`labsite.domain.View`; ``main`` says whether it is
    the first list of all publications on the page, ``index`` which of the page's views it is.
    """


_INLINE: dict[str, type[nodes.TextElement]] = {
    "em": nodes.emphasis,
    "strong": nodes.strong,
    "code": nodes.literal,
    "sub": nodes.subscript,
    "sup": nodes.superscript,
    "math": nodes.math,
    "smallcaps": nodes.inline,
}


def rich_nodes(text: RichText) -> list[nodes.Node]:
    """Return rich text as inline nodes."""
    return [_span_node(span) for span in text.spans]


def _span_node(span: Span) -> nodes.Node:
    if span.kind == "text":
        return nodes.Text(span.text)
    node = _INLINE[span.kind]("", span.text) if span.text else _INLINE[span.kind]()
    node.extend(_span_node(child) for child in span.children)
    return node


def publication_list(groups: Iterable[Group], *, page: str = "") -> list[nodes.Node]:
    """Return a list of publications, a rubric for each group.

    Args:
        groups: The list, already divided.
        page: The page that citations lead to, if this is the list they lead to.
    """
    result: list[nodes.Node] = []
    for group in groups:
        if group.heading:
            result.append(nodes.rubric("", group.heading))
        items = [publication_item(pub, page=page) for pub in group.publications]
        result.append(nodes.bullet_list("", *items))
    return result


def publication_item(pub: Publication, *, page: str = "") -> nodes.list_item:
    """Return one publication as a reference: authors, year, title, venue, award, links."""
    paragraph = nodes.paragraph()
    if page:
        anchor = publication_anchor(pub)
        paragraph += nodes.target("", "", ids=[anchor])
        # where sphinxcontrib-bibtex makes citations lead to in LaTeX
        target = rf"\hypertarget{{cite.{page}:{anchor}}}{{}}"
        paragraph += nodes.raw("", target, format="latex")
    paragraph += nodes.Text(f"{_names(pub.authors or pub.editors, others=pub.others)} ")
    paragraph += nodes.Text(f"({pub.author_year[1]}). ")
    paragraph += nodes.strong("", "", *rich_nodes(pub.title))
    paragraph += nodes.Text(". ")
    if details := _details(pub):
        paragraph += nodes.Text(f"{details}. ")
    for remark in (pub.award, pub.addendum, pub.note):
        if remark:
            paragraph.extend([*rich_nodes(remark), nodes.Text(". ")])
    for index, link in enumerate(link for link in pub.links if ":" in link.href):
        if index:
            paragraph += nodes.Text(", ")
        paragraph += nodes.reference("", link.label, refuri=link.href, internal=False)
    return nodes.list_item("", paragraph, publication=pub.slug)


def _names(authors: Sequence[Author], *, others: bool) -> str:
    names = [f"{author.name.display}{'*' if author.equal else ''}" for author in authors]
    equal = " (* equal contribution)" if any(author.equal for author in authors) else ""
    return ", ".join([*names, "et al."] if others else names) + equal


def _details(pub: Publication) -> str:
    """Return where it appeared, in words: container, series, volume, number, pages."""
    parts = [(pub.container or pub.abbr).plain, pub.series.plain]
    parts += [f"vol. {pub.volume}" if pub.volume else "", f"no. {pub.number}" if pub.number else ""]
    parts += [f"pp. {pub.pages}" if "–" in pub.pages else pub.pages]
    return ", ".join(part for part in parts if part)


def people_list(people: Iterable[Person], *, anchored: frozenset[str]) -> nodes.bullet_list:
    """Return people with role, affiliation and profiles; those ``anchored`` get their target."""
    result = nodes.bullet_list()
    for person in people:
        paragraph = nodes.paragraph()
        if person.id in anchored:
            paragraph += nodes.target("", "", ids=[person.id])
        paragraph += nodes.strong("", person.name)
        about = [person.title or person.role, person.affiliation]
        paragraph += nodes.Text("".join(f", {part}" for part in about if part))
        for profile, href in person.links:
            paragraph += nodes.Text(", ")
            paragraph += nodes.reference("", profile, refuri=href, internal=False)
        result += nodes.list_item("", paragraph)
    return result


def resource_lists(resources: Iterable[Resource]) -> list[nodes.Node]:
    """Return code, data and models, a rubric and a list for each kind."""
    lists: dict[str, nodes.bullet_list] = {}
    for item in resources:
        name = nodes.reference("", item.name, refuri=item.href, internal=False)
        paragraph = nodes.paragraph("", "", name)
        for pub in item.publications:
            paragraph += [nodes.Text(". "), *rich_nodes(pub.title)]
            paragraph += nodes.Text(f" ({pub.venue.plain or pub.author_year[1]})")
        lists.setdefault(item.kind, nodes.bullet_list()).append(nodes.list_item("", paragraph))
    return [
        node
        for kind, items in lists.items()
        for node in (nodes.rubric("", RESOURCE_KINDS[kind]), items)
    ]


def titled_list(items: Iterable[tuple[str, str, nodes.Node]]) -> nodes.bullet_list:
    """Return a list of ``(before, after, link)``: news items, directions."""
    result = nodes.bullet_list()
    for before, after, link in items:
        paragraph = nodes.paragraph("", before, link, nodes.Text(after))
        result += nodes.list_item("", paragraph)
    return result


def news_date(item: NewsItem) -> str:
    """Return a news item's date as text, as precise as it is known."""
    return item.date.iso
