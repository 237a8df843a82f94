"""Addresses of records and files as a page has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from sphinx.util.osutil import relative_uri

from labsite.downloads import stem_of

if TYPE_CHECKING:
    from sphinx.builders.html import StandaloneHTMLBuilder

    from labsite.domain import LabsiteDomain
    from labsite.model import Publication


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses of records as seen from one page.

    Attributes:
        scope: What pages have in common on which all records but the page's own have the same
            addresses: for pages of publications their folder, for others their name.
        known: Page → address, of what has been asked for from pages in the same folder.
    """

    builder: StandaloneHTMLBuilder
    domain: LabsiteDomain
    docname: str
    scope: str
    known: dict[str, str]

    def page(self, docname: str, anchor: str = "") -> str:
        """Return the relative address of a page."""
        if docname == self.docname:  # an empty one
            address = self.builder.get_relative_uri(docname, docname)
        elif docname in self.known:
            address = self.known[docname]
        else:
            address = self.builder.get_relative_uri(self.docname, docname)
            self.known[docname] = address
        return f"{address}#{anchor}" if anchor else address

    def person(self, identity: str | None) -> str:
        """Return the address of a person's page or place, or an empty string."""
        person = self.domain.store.by_id.get(identity) if identity else None
        docname, anchor = self.domain.person_page(person) if person else ("", "")
        return self.page(docname, anchor) if docname else ""

    def publication(self, pub: Publication) -> str:
        """Return the address of a publication's place, or an empty string."""
        docname, anchor = self.domain.publication_page(pub)
        return self.page(docname, anchor) if docname else ""

    def file(self, path: str) -> str:
        """Return the relative address of a file beside the pages."""
        path, name = path[: path.rfind("/") + 1], path[path.rfind("/") + 1 :]
        place = f"{path}/"  # as no page is called
        if place not in self.known:
            one = relative_uri(self.builder.get_target_uri(self.docname), quote(f"{path}{name}"))
            self.known[place] = one.removesuffix(quote(name))
        return f"{self.known[place]}{quote(name)}"

    def export(self, pub: Publication, ending: str) -> str:
        """Return the relative address of one of a publication's exported files."""
        return self.file(f"{stem_of(self.domain, pub)}.{ending}")

    def asset(self, address: str) -> str:
        """Return the relative address of a script on demand, version included."""
        return relative_uri(self.builder.get_target_uri(self.docname), address)

    def href(self, href: str) -> str:
        """Return a link's address: as it is, or a file's seen from this page."""
        if ":" in href:
            return href
        return relative_uri(self.builder.get_target_uri(self.docname), href)
