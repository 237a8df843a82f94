"""Former addresses → where their page is now.

A page says ``formerly: [old/address/]`` in its front matter, a person in people.yml, a publication
gives its earlier keys in ``ids``: so a redirect always has a target that exists. What is written is
a small page of its own, since a plain web server knows no other way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from labsite.diagnostics import Problem
from labsite.domain import LabsiteDomain, texts_of
from labsite.largelist import year_pages
from labsite.lint import is_safe_key

if TYPE_CHECKING:
    from collections.abc import Iterator

_ADDRESS: Final = re.compile(r"/?(?:[A-Za-z0-9][\w.-]*/)*(?:[A-Za-z0-9][\w-]*(?:\.html)?)?")

NOT_FOUND: Final = "404"
"""What web servers show for an address that is not there."""
SEARCH: Final = "search"
_OTHER_PAGES: Final = (SEARCH, "genindex", NOT_FOUND)


@dataclass(frozen=True, slots=True)
class Redirect:
    """One former address.

    Attributes:
        page: Name of the page to write, without ``.html``.
        docname: The page that is meant now.
        anchor: A place in it, or empty.
    """

    page: str
    docname: str
    anchor: str


def page_of(address: str) -> str:
    """Return the name of the page that answers at an address.

    ``about/`` is answered by ``about/index``, ``about.html`` and ``about`` by ``about``.

    Raises:
        ValueError: It is not an address within the site.
    """
    if not address.strip("/") or not _ADDRESS.fullmatch(address):
        raise ValueError("not an address within the site, like old/address/ or old.html")
    page = address.removeprefix("/")
    return f"{page}index" if page.endswith("/") else page.removesuffix(".html")


def all_redirects(domain: LabsiteDomain) -> tuple[list[Redirect], list[Problem]]:
    """Return the redirects to write, and what is wrong with the others; worked out once a build."""
    found: tuple[list[Redirect], list[Problem]] = domain.once("redirects", _all_redirects)
    return found


def _all_redirects(domain: LabsiteDomain) -> tuple[list[Redirect], list[Problem]]:
    taken = {docname.lower(): docname for docname in domain.env.found_docs}
    taken |= {page.lower(): page for page in view_pages(domain)}
    taken |= {page: page for page in _OTHER_PAGES}
    found: dict[str, Redirect] = {}
    problems: list[Problem] = []
    for address, docname, anchor, path, line in _asked(domain):
        try:
            page = page_of(address)
        except ValueError as error:
            what = f"The former address {address!r} is {error}."
            problems.append(Problem(path, line, "redirect", what, "Correct it."))
            continue
        if (owner := taken.setdefault(page.lower(), docname)) != docname or page == docname:
            what = f"The former address {address!r} belongs to the page {owner!r}."
            problems.append(Problem(path, line, "redirect", what, "Delete it from 'formerly'."))
        else:
            found.setdefault(page, Redirect(page, docname, anchor))
    return list(found.values()), problems


def view_pages(domain: LabsiteDomain) -> tuple[str, ...]:
    """Return the pages that are views of records: publications, people, years of a large list."""
    found: tuple[str, ...] = domain.once("view pages", lambda domain: tuple(_view_pages(domain)))
    return found


def _view_pages(domain: LabsiteDomain) -> Iterator[str]:
    places = [domain.publication_page(pub) for pub in domain.store.publications]
    places += [domain.person_page(person) for person in domain.store.people]
    for docname, anchor in places:
        if docname and not anchor and docname not in domain.env.found_docs:
            yield docname
    yield from (name for name, _ in year_pages(domain))


def _asked(domain: LabsiteDomain) -> Iterator[tuple[str, str, str, str, int]]:
    """Yield address, page, anchor, file and line of every ``formerly``."""
    for docname in sorted(domain.env.found_docs):
        for address in texts_of(domain.front_matter(docname).get("formerly")):
            path = str(domain.env.doc2path(docname))
            yield address, docname, "", path, domain.line_in_source(docname, address)
    folder = domain.options.people_folder
    for person in domain.store.people:
        docname, anchor = domain.person_page(person)
        if not docname:
            continue
        own = [person.id] if anchor else []  # whoever has left may have had a page
        for address in (*own, *person.formerly):
            former = address if "/" in address or "." in address else f"{folder}/{address}.html"
            yield former, docname, anchor, person.source.path, person.source.line
    publications = domain.options.publications_folder
    for pub in domain.store.publications:
        docname, anchor = domain.publication_page(pub)
        for key in pub.aliases:
            current = domain.store.by_key.get(key) is pub and key.lower() != pub.slug.lower()
            if docname and current and is_safe_key(key):
                former = f"{publications}/{key}.html".lstrip("/")
                yield former, docname, anchor, pub.source.path, pub.source.line
