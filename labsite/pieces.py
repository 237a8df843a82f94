"""What several pages show of a record, made once by macros of the component templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from labsite.templates import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import jinja2

    from labsite.addresses import Addresses
    from labsite.domain import LabsiteDomain
    from labsite.model import Author, Direction, Person, Publication


class Pieces:
    """Pieces of pages. Those of one scope are kept, since in it addresses read the same.

    Args:
        environment: Has the templates.
        domain: Has the records.
    """

    def __init__(self, environment: jinja2.Environment, domain: LabsiteDomain) -> None:
        self._environment, self._domain = environment, domain
        self._macros: dict[tuple[str, str], Callable[..., Markup]] = {}
        self._scope = ""
        self._made: dict[tuple[Any, ...], Markup] = {}

    def macro(self, template: str, name: str) -> Callable[..., Markup]:
        """Return a template's macro; autoescaping has it return Markup."""
        if (template, name) not in self._macros:
            module = self._environment.get_template(f"components/{template}.html").module
            self._macros[template, name] = getattr(module, name)
        return self._macros[template, name]

    def brief(self, pub: Publication, address: Addresses) -> Markup:
        """Return the brief entry of a list."""
        people, directions = self._domain.store.by_id, directions_by_id(self._domain)
        shown = (pub, address, people, directions)
        return self._piece("publication", "entry", pub.slug, address, *shown, brief=True)

    def heading(self, pub: Publication, address: Addresses, main: bool = False) -> Markup:
        """Return how an entry of a list begins: title and authors."""
        people = self._domain.store.by_id
        key = (pub.slug, main and not address.publication(pub))  # without a page it has an anchor
        return self._piece("pieces", "heading", key, address, pub, people, address, main)

    def facts(self, pub: Publication, address: Addresses) -> Markup:
        """Return what an entry of a list says besides: venue, year, kind, distinctions."""
        directions = directions_by_id(self._domain)
        return self._piece("pieces", "facts", pub.slug, address, pub, directions, address)

    def label(self, direction: Direction, address: Addresses) -> Markup:
        """Return a direction's label."""
        return self._piece("macros", "direction_label", direction.id, address, direction, address)

    def member(self, person: Person, address: Addresses) -> Markup:
        """Return one of the people on a publication's page."""
        return self._piece("pieces", "member", person.id, address, person, address)

    def authors(
        self, authors: Sequence[Author], address: Addresses, orcids: bool = False
    ) -> Markup:
        """Return an author list: members' names lead to them, the others' are one text."""
        people, texts = self._domain.store.by_id, list[str]()
        for author in author_runs(authors):
            if isinstance(author, str):
                texts.append(author)
            else:
                shown = (author, people, address, orcids)
                key = (author, orcids)
                texts.append(self._piece("pieces", "author_mark", key, address, *shown))
        return Markup("".join(map(escaped, texts)))

    def _piece(
        self, template: str, name: str, key: Any, address: Addresses, *shown: Any, **options: Any
    ) -> Markup:
        """Return what a macro makes of a record.

        Args:
            template: Where the macro is.
            name: Its name.
            key: Stands for all that it shows.
            address: Of the page.
            shown: What the macro takes.
            options: Its options, always the same.
        """
        if self._scope != address.scope:
            self._scope, self._made = address.scope, {}
        if (piece := self._made.get((name, key))) is None:
            piece = self._made[name, key] = self.macro(template, name)(*shown, **options)
        return piece


def directions_by_id(domain: LabsiteDomain) -> dict[str, Direction]:
    """Return id → direction."""
    found: dict[str, Direction] = domain.once(
        "directions by id", lambda domain: {item.id: item for item in domain.directions()}
    )
    return found


def enumerated(formats: Mapping[str, tuple[str, str]]) -> list[tuple[str, tuple[str, str], str]]:
    """Return formats with what stands behind each of them in a sentence: "A, B or C"."""
    last = len(formats) - 1
    return [
        (ending, names, "" if place == last else " or" if place == last - 1 else ",")
        for place, (ending, names) in enumerate(formats.items())
    ]


def author_runs(authors: Sequence[Author]) -> list[str | Author]:
    """Return authors with what stands between them; those who are mere names as one text."""
    runs: list[str | Author] = []
    plain = ""
    for number, author in enumerate(authors):
        plain += ", " if number else ""
        if author.person or author.equal:
            runs += [plain, author] if plain else [author]
            plain = ""
        else:
            plain += author.name.display
    return [*runs, plain] if plain else runs
