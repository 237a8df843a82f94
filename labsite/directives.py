"""``publications``, ``people``, ``news-list``, ``directions``, ``profile``, ``drawing`` and more.

All but the last only check their options and leave a placeholder: what they show is decided after
all pages are read, from the records.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from labsite.diagnostics import Problem
from labsite.domain import LabsiteDomain, View
from labsite.model import DIRECTION_KINDS, KINDS, STATUSES
from labsite.nodes import view_placeholder
from labsite.queries import GROUPINGS, PublicationQuery, is_whole
from labsite.resources import RESOURCE_KINDS, ResourceQuery
from labsite.vocabulary import KIND_OF_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.util.typing import OptionSpec

LAYOUTS = ("cards", "list", "strip")


@dataclass(frozen=True, slots=True)
class PeopleQuery:
    """The options of a ``people`` directive."""

    statuses: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    layout: str = "cards"


@dataclass(frozen=True, slots=True)
class NewsQuery:
    """The options of a ``news-list`` directive."""

    people: tuple[str, ...] = ()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class DirectionsQuery:
    """The options of a ``directions`` directive."""

    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Invalid:
    """An option's value that cannot be used, and why."""

    text: str
    reason: str


def kept(convert: Callable[[str | None], Any]) -> Callable[[str | None], Any]:
    """Return a converter that gives back an :class:`Invalid` instead of raising.

    docutils' own report is made only when a page is read, so that the next build is silent.
    """

    def checked(argument: str | None) -> Any:
        try:
            return convert(argument)
        except ValueError as error:
            return Invalid(argument or "", str(error).rstrip("."))

    return checked


def words(argument: str | None) -> tuple[str, ...]:
    """Convert a list separated by commas or spaces.

    Raises:
        ValueError: It is empty.
    """
    found = tuple(word for word in re.split(r"[\s,]+", argument or "") if word)
    if not found:
        raise ValueError("one or more names are expected")
    return found


def one_of(*choices: str) -> Callable[[str | None], str]:
    """Return a converter that accepts one of ``choices``."""
    return lambda argument: directives.choice((argument or "").strip(), choices)


def some_of(*choices: str) -> Callable[[str | None], tuple[str, ...]]:
    """Return a converter that accepts a list out of ``choices``."""

    def convert(argument: str | None) -> tuple[str, ...]:
        found = words(argument)
        for word in found:
            if word not in choices:
                raise ValueError(f"{word!r} is not one of {', '.join(choices)}")
        return found

    return convert


def year_range(argument: str | None) -> tuple[int, int]:
    """Convert ``2025``, ``2020-2024``, ``2020-`` or ``-2020`` to first and last year.

    Raises:
        ValueError: It is none of these.
    """
    match = re.fullmatch(r"(\d{4})?\s*([-–]?)\s*(\d{4})?", (argument or "").strip())
    if not match or not (match[1] or match[3]) or (match[1] and match[3] and not match[2]):
        raise ValueError("a year or a range such as 2020-2024 is expected")
    if not match[2]:
        return int(match[1]), int(match[1])
    first, last = int(match[1] or 0), int(match[3] or 9999)
    if first > last:
        raise ValueError(f"the range ends before it begins: {first} to {last}")
    return first, last


def positive(argument: str | None) -> int:
    """Convert a whole number of at least 1.

    Raises:
        ValueError: It is not one.
    """
    text = (argument or "").strip()
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ValueError("a whole number of at least 1 is expected")
    return int(text)


def is_main(view: View) -> bool:
    """Whether a placeholder shows all publications, so that citations can lead there."""
    return view.kind == "publications" and is_whole(view.query)


class ViewDirective(SphinxDirective):
    """A directive that leaves a placeholder."""

    kind: ClassVar[str]

    def query(self) -> Any:
        """Return the directive's options as a query."""
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        """Leave the placeholder and note what it refers to."""
        domain = LabsiteDomain.of(self.env)
        for name, value in list(self.options.items()):
            if isinstance(value, Invalid):
                del self.options[name]
                self._report(domain, name, value)
        view = View(self.kind, self.query())
        main = is_main(view) and not any(map(is_main, domain.views.get(self.env.docname, ())))
        domain.note_view(view)
        for option, reference in (("person", "person"), ("direction", "direction")):
            for target in self.options.get(option, ()):
                domain.note_reference(reference, target, self.lineno)
        placeholder = view_placeholder(
            view=view, main=main, index=len(domain.views[self.env.docname]) - 1
        )
        self.set_source_info(placeholder)
        return [placeholder]

    def _report(self, domain: LabsiteDomain, option: str, value: Invalid) -> None:
        path = self.env.doc2path(self.env.docname)
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        below = (
            number
            for number, text in enumerate(lines, start=1)
            if number >= self.lineno and text.strip().startswith(f":{option}:")
        )
        what = f"{self.name!r} cannot use its option {option!r} = {value.text!r}: {value.reason}."
        remedy = "Correct it; until then it is left out."
        domain.note_problem(Problem(str(path), next(below, self.lineno), "option", what, remedy))


class PublicationsDirective(ViewDirective):
    """A list of publications."""

    kind = "publications"
    option_spec: ClassVar[OptionSpec] = {
        "person": kept(words),
        "direction": kept(words),
        "type": kept(some_of(*KINDS, *sorted(set(KIND_OF_TYPE) - set(KINDS)))),
        "year": kept(year_range),
        "selected": directives.flag,
        "limit": kept(positive),
        "group-by": kept(one_of(*GROUPINGS)),
        "filter": directives.flag,
    }

    def query(self) -> PublicationQuery:
        """Return the list's options."""
        return PublicationQuery(
            people=self.options.get("person", ()),
            directions=self.options.get("direction", ()),
            types=self.options.get("type", ()),
            years=self.options.get("year"),
            selected="selected" in self.options,
            limit=self.options.get("limit"),
            group_by=self.options.get("group-by", ""),
            filter="filter" in self.options,
        )


class ResourcesDirective(ViewDirective):
    """Code, data and models of the publications."""

    kind = "resources"
    option_spec: ClassVar[OptionSpec] = {
        "kind": kept(some_of(*RESOURCE_KINDS)),
        "person": kept(words),
        "direction": kept(words),
    }

    def query(self) -> ResourceQuery:
        """Return the list's options."""
        return ResourceQuery(
            kinds=self.options.get("kind", ()),
            people=self.options.get("person", ()),
            directions=self.options.get("direction", ()),
        )


class PeopleDirective(ViewDirective):
    """People of the group."""

    kind = "people"
    option_spec: ClassVar[OptionSpec] = {
        "status": kept(some_of(*STATUSES)),
        "direction": kept(words),
        "layout": kept(one_of(*LAYOUTS)),
    }

    def query(self) -> PeopleQuery:
        """Return the list's options."""
        return PeopleQuery(
            statuses=self.options.get("status", ()),
            directions=self.options.get("direction", ()),
            layout=self.options.get("layout", "cards"),
        )


class NewsListDirective(ViewDirective):
    """News items, newest first."""

    kind = "news-list"
    option_spec: ClassVar[OptionSpec] = {"person": kept(words), "limit": kept(positive)}

    def query(self) -> NewsQuery:
        """Return the list's options."""
        return NewsQuery(self.options.get("person", ()), self.options.get("limit"))


class DirectionsDirective(ViewDirective):
    """Research directions and themes."""

    kind = "directions"
    option_spec: ClassVar[OptionSpec] = {"kind": kept(some_of(*DIRECTION_KINDS))}

    def query(self) -> DirectionsQuery:
        """Return the list's options."""
        return DirectionsQuery(self.options.get("kind", ()))


class ProfileDirective(ViewDirective):
    """The head of a person's page, from people.yml; in HTML it takes the place of the title."""

    kind = "profile"
    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {}

    def query(self) -> str:
        """Return the person's id."""
        return str(self.arguments[0])

    def run(self) -> list[nodes.Node]:
        """Note the person, to be checked on every build."""
        LabsiteDomain.of(self.env).note_reference("person", self.query(), self.lineno)
        return super().run()


class DrawingDirective(ViewDirective):
    """A drawing of the templates' folder ``drawings``, set into the page to have its colours.

    It is decoration: other builders than HTML leave it out.
    """

    kind = "drawing"
    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {}

    def query(self) -> str:
        """Return the drawing's name."""
        return str(self.arguments[0])

    def run(self) -> list[nodes.Node]:
        """Note the drawing: it is checked on every build, and the page depends on it."""
        domain = LabsiteDomain.of(self.env)
        domain.note_reference("drawing", self.query(), self.lineno)
        for path in domain.drawings(self.query()):
            self.env.note_dependency(path)
        return super().run()


class TimelineDirective(SphinxDirective):
    """Stations in time, written as a definition list: the term is the date."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Parse the content and mark its definition list as a timeline."""
        container = nodes.container(classes=["ls-timeline"])
        self.set_source_info(container)
        container += self.parse_content_to_nodes()
        if not list(container.findall(nodes.definition_list)):
            raise self.error(
                "A timeline is a definition list: a line with the date, then ': text'."
            )
        for term in container.findall(nodes.term):
            if term.astext().lower().startswith("since"):
                term["classes"].append("ls-now")
        return [container]
