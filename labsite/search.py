"""What the page search knows of pages that have no source file: publications and people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes
from sphinx.search import IndexBuilder

from labsite.domain import LabsiteDomain
from labsite.model import Person, Publication
from labsite.redirects import view_pages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx


class RecordIndex(IndexBuilder):
    """Sphinx's index, which also keeps pages that Sphinx has no document for."""

    records: frozenset[str] = frozenset()

    @classmethod
    def of(cls, index: IndexBuilder) -> RecordIndex:
        """Take over what has been indexed."""
        taken = cls.__new__(cls)
        taken.__dict__.update(index.__dict__)
        return taken

    def prune(self, docnames: Iterable[str]) -> None:
        """Remove every page but these and the records'."""
        super().prune({*docnames, *self.records})


def feed_index(app: Sphinx) -> list[tuple[str, dict[str, str], str]]:
    """Handle ``html-collect-pages``: feed the records' pages to the index, and name no page."""
    domain, builder = LabsiteDomain.of(app.env), app.builder
    index = getattr(builder, "indexer", None)
    if index is None or not domain.has_views:
        return []
    pages = frozenset(view_pages(domain))
    index = builder.indexer = RecordIndex.of(index)  # type: ignore[attr-defined]
    index.records = pages
    for page in sorted(pages):
        subject = domain.subject(page)
        if isinstance(subject, Publication):
            title, year = subject.title.plain, str(subject.year or "")
            index.feed(page, f"{page}.html", title, _document(title, _words(subject), year))
        elif isinstance(subject, Person):
            words = f"{subject.role} {subject.title} {subject.affiliation}"
            index.feed(page, f"{page}.html", subject.name, _document(subject.name, words))
    return []


def _words(pub: Publication) -> str:
    """Return by which words a publication is found besides its title."""
    authors = " ".join(author.name.display for author in (*pub.authors, *pub.editors))
    texts = (pub.container, pub.abbr, pub.summary, pub.abstract, pub.award)
    return " ".join([authors, *(text.plain for text in texts), *pub.keywords])


def _document(title: str, words: str, entry: str = "") -> nodes.document:
    """Make a document to be indexed.

    Args:
        title: Its heading.
        words: Its text. The search drops words that are only digits.
        entry: An entry of its index, which may be a number.
    """
    document = new_document("")
    document += nodes.section("", nodes.title("", title), nodes.paragraph("", words), ids=[""])
    if entry:
        document += addnodes.index(entries=[("single", entry, "", "main", None)])
    return document
