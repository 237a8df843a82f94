"""The ``labsite`` domain: what pages say (directions, news, lists) and cross-references.

A direction or a news item *is* its page, so those records are derived from front matter and titles
whenever they are asked for; only what cannot be derived (which lists and references a page has) is
kept in the environment.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from sphinx.domains import Domain, ObjType
from sphinx.errors import NoUri
from sphinx.roles import XRefRole
from sphinx.util.nodes import make_refnode

from labsite.build import Build
from labsite.diagnostics import Problem
from labsite.model import Direction, NewsItem, PartialDate, Person, Publication
from labsite.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Set

    from sphinx.addnodes import pending_xref
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import RoleSpec

    from labsite.config import Options

Subject = Publication | Person | NewsItem | Direction
"""What a page may be about."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A mention of a record by a page, to be checked on every build.

    Attributes:
        kind: ``person``, ``pub``, ``direction`` or ``drawing``.
    """

    kind: str
    target: str
    line: int


@dataclass(frozen=True, slots=True)
class View:
    """A placeholder in a page: what the directive ``kind`` was asked to show."""

    kind: str
    query: Any


@dataclass(frozen=True, slots=True)
class PageImage:
    """A picture in the text of a page.

    Attributes:
        path: Relative to the folder of the sources.
        source: The file that names it: the page's, or one that it includes.
        told: It has a text that stands for it, or is said to be decorative.
        width: In pixels, if it was given; else 0.
    """

    path: str
    source: str
    line: int
    told: bool
    width: int


class RecordRole(XRefRole):
    """``{person}`` and ``{pub}``: a link to a record, with the record's own name as text."""

    innernodeclass = nodes.inline

    def result_nodes(
        self, document: nodes.document, env: BuildEnvironment, node: nodes.Element, is_ref: bool
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Note the reference, so that it is checked on every build."""
        LabsiteDomain.of(env).note_reference(self.reftype, self.target, self.lineno)
        node["refdomain"] = LabsiteDomain.name  # {person} is short for {labsite:person}
        return [node], []


class LabsiteDomain(Domain):
    """Publications, people, directions and news as objects that pages refer to."""

    name = "labsite"
    label = "Research group"
    object_types: ClassVar = {
        "publication": ObjType("publication", "pub"),
        "person": ObjType("person", "person"),
        "direction": ObjType("direction"),
    }
    roles: ClassVar[dict[str, RoleSpec]] = {"pub": RecordRole(), "person": RecordRole()}
    initial_data: ClassVar[dict[str, Any]] = {
        "views": {},
        "references": {},
        "problems": {},
        "words": {},
        "images": {},
        "targets": {},
        "contents": {},
        "doctrees": {},
    }
    data_version = 8

    store: Store = Store()
    options: Options
    renderer: Any = None
    """The :class:`labsite.render.Renderer` of a build with our theme."""
    root: Path = Path()
    """The folder of conf.py."""
    template_folders: tuple[Path, ...] = ()
    """The folders of the site's own templates."""
    has_views: bool = False
    """Whether this build makes pages that have no source file."""
    build: Build = Build()
    """What this build knows."""
    _directions: tuple[Direction, ...] | None = None
    _news: tuple[NewsItem, ...] | None = None
    _subjects: dict[str, Subject] | None = None
    _places: dict[str, tuple[str, str]]

    @classmethod
    def of(cls, env: BuildEnvironment) -> LabsiteDomain:
        """Return the domain of an environment."""
        return cast("LabsiteDomain", env.get_domain(cls.name))

    @property
    def views(self) -> dict[str, list[View]]:
        """Page → its placeholders, in order."""
        return cast("dict[str, list[View]]", self.data["views"])

    @property
    def references(self) -> dict[str, list[Reference]]:
        """Page → the records it mentions."""
        return cast("dict[str, list[Reference]]", self.data["references"])

    def note_view(self, view: View) -> None:
        """Keep a placeholder of the page being read."""
        self.views.setdefault(self.env.docname, []).append(view)

    def note_reference(self, kind: str, target: str, line: int) -> None:
        """Keep a mention of a record by the page being read."""
        reference = Reference(kind, target, line)
        self.references.setdefault(self.env.docname, []).append(reference)

    @property
    def problems(self) -> dict[str, list[Problem]]:
        """Page → what was wrong with it when it was read."""
        return cast("dict[str, list[Problem]]", self.data["problems"])

    def note_problem(self, problem: Problem) -> None:
        """Keep a problem of the page being read, to be said on every build."""
        self.problems.setdefault(self.env.docname, []).append(problem)

    @property
    def words(self) -> dict[str, tuple[str, str]]:
        """Page → its first words, and all its words for the page search."""
        return cast("dict[str, tuple[str, str]]", self.data["words"])

    def note_words(self, about: str, words: str) -> None:
        """Keep the words of the page being read."""
        self.words[self.env.docname] = (about, words)

    @property
    def images(self) -> dict[str, list[PageImage]]:
        """Page → its pictures."""
        return cast("dict[str, list[PageImage]]", self.data["images"])

    def note_image(self, image: PageImage) -> None:
        """Keep a picture of the page being read."""
        self.images.setdefault(self.env.docname, []).append(image)

    @property
    def targets(self) -> dict[str, tuple[str, ...]]:
        """Page → the pages and places it refers to."""
        return cast("dict[str, tuple[str, ...]]", self.data["targets"])

    @property
    def contents(self) -> dict[str, str]:
        """Page → digest of what it says itself."""
        return cast("dict[str, str]", self.data["contents"])

    def note_content(self, digest: str) -> None:
        """Keep the digest of the page being read."""
        self.contents[self.env.docname] = digest

    def note_targets(self, targets: tuple[str, ...]) -> None:
        """Keep what the page being read refers to."""
        self.targets[self.env.docname] = targets

    @property
    def doctrees(self) -> dict[str, bytes]:
        """Page → digest of the file that Sphinx keeps its doctree in."""
        return cast("dict[str, bytes]", self.data["doctrees"])

    def clear_doc(self, docname: str) -> None:
        """Forget what a page said."""
        for name in self.initial_data:
            self.data[name].pop(docname, None)

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what a parallel reader found."""
        for name in self.initial_data:
            for docname in docnames:
                if docname in otherdata[name]:
                    self.data[name][docname] = otherdata[name][docname]

    def pages_in(self, folder: str) -> Iterator[tuple[str, dict[str, Any], str]]:
        """Yield name, front matter and title of each page of a folder but its index."""
        for docname in sorted(self.env.found_docs):
            parent, _, name = docname.rpartition("/")
            if parent == folder and name != "index" and docname in self.env.titles:
                yield docname, self.front_matter(docname), self.env.titles[docname].astext()

    def front_matter(self, docname: str) -> dict[str, Any]:
        """Return a page's front matter; MyST keeps lists and mappings in it as JSON."""
        return {key: _from_json(value) for key, value in self.env.metadata[docname].items()}

    def forget(self) -> None:
        """Derive directions and news anew: pages have been read since."""
        self._directions = self._news = self._subjects = None
        self._places = {}
        self.build.forget()

    def once(self, name: str, work_out: Callable[[LabsiteDomain], Any]) -> Any:
        """Return what is worked out from the records and pages once a build."""
        return self.build.once(name, lambda: work_out(self))

    def directions(self) -> tuple[Direction, ...]:
        """Return all directions and themes, in their own order."""
        if self._directions is None:
            self._directions = self._derive_directions()
        return self._directions

    def news(self) -> tuple[NewsItem, ...]:
        """Return all news items whose date can be read, newest first."""
        if self._news is None:
            self._news = self._derive_news()
        return self._news

    def _derive_directions(self) -> tuple[Direction, ...]:
        found = [
            Direction(
                id=docname.rpartition("/")[2],
                docname=docname,
                title=title,
                kind=str(meta.get("kind", "direction")),
                order=_int(meta.get("order")),
                description=str(meta.get("description", "")),
                question=str(meta.get("question", "")),
                drawing=str(meta.get("drawing", "")),
            )
            for docname, meta, title in self.pages_in(self.options.directions_folder)
        ]
        return tuple(sorted(found, key=lambda direction: (direction.order, direction.id)))

    def _derive_news(self) -> tuple[NewsItem, ...]:
        found = [
            NewsItem(
                docname=docname,
                title=title,
                date=date,
                description=str(meta.get("description", "")),
                people=texts_of(meta.get("people")),
                publications=texts_of(meta.get("publications")),
            )
            for docname, meta, title in self.pages_in(self.options.news_folder)
            if (date := date_of(meta.get("date")))
        ]
        newest_first = sorted(found, key=lambda item: item.docname, reverse=True)
        return tuple(sorted(newest_first, key=lambda item: item.date.sort_key, reverse=True))

    def drawings(self, name: str) -> list[Path]:
        """Return where a drawing of this name is, in the folders of the templates."""
        found = (folder / "drawings" / f"{name}.svg" for folder in self.template_folders)
        return [path for path in found if re.fullmatch(r"[\w-]+", name) and path.is_file()]

    def line_in_source(self, docname: str, text: str) -> int:
        """Return the line of a page's source that a text stands in, or 1."""
        try:
            source = self.env.doc2path(docname).read_text(encoding="utf-8")
        except OSError:
            return 1
        lines = source.splitlines()
        return next((number for number, line in enumerate(lines, 1) if text in line), 1)

    def person_page(self, person: Person) -> tuple[str, str]:
        """Return the page and anchor where a person is shown, or empty strings."""
        place = self._places.get(f"person {person.id}")
        if place is None:
            place = self._places[f"person {person.id}"] = self._person_page(person)
        return place

    def _person_page(self, person: Person) -> tuple[str, str]:
        own = f"{self.options.people_folder}/{person.id}".lstrip("/")
        own = self._docs_by_case().get(own.casefold(), own)
        if own in self.env.found_docs or (self.has_views and person.status == "current"):
            return own, ""
        overview = self.options.people_page
        return (overview, person.id) if overview in self.env.found_docs else ("", "")

    def _docs_by_case(self) -> dict[str, str]:
        found: dict[str, str] = self.once(
            "docs by case", lambda domain: {name.casefold(): name for name in domain.env.found_docs}
        )
        return found

    def publication_page(self, pub: Publication) -> tuple[str, str]:
        """Return the page and anchor where a publication is shown, or empty strings.

        Where no pages without a source are made, that is its place in the whole list.
        """
        place = self._places.get(pub.slug)
        if place is None:
            place = self._places[pub.slug] = self._publication_page(pub)
        return place

    def _publication_page(self, pub: Publication) -> tuple[str, str]:
        own = f"{self.options.publications_folder}/{pub.slug}".lstrip("/")
        own = self._docs_by_case().get(own.casefold(), own)  # file systems may not tell case
        if self.has_views or own in self.env.found_docs:
            return own, ""
        page = self.options.publications_page
        return (page, publication_anchor(pub)) if page in self.env.found_docs else ("", "")

    def subject(self, page: str) -> Subject | None:
        """Return the record that a page is about, if it is about one."""
        if self._subjects is None:
            self._subjects = dict(self._pages_of_records())
        return self._subjects.get(page)

    def _pages_of_records(self) -> Iterator[tuple[str, Subject]]:
        for pub in self.store.publications:
            page, anchor = self.publication_page(pub)
            if not anchor:
                yield page, pub
        for person in self.store.people:
            page, anchor = self.person_page(person)
            if not anchor:
                yield page, person
        for item in self.news():
            yield item.docname, item
        for direction in self.directions():
            yield direction.docname, direction

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """Resolve ``{person}`` and ``{pub}``; :mod:`labsite.checks` reports unknown ones."""
        if typ == "person" and (person := self.store.by_id.get(target)):
            docname, anchor = self.person_page(person)
            text: nodes.Node = nodes.Text(person.name)
        elif typ == "pub" and (pub := self.store.by_key.get(target)):
            docname, anchor = self.publication_page(pub)
            text = nodes.Text(pub.title.plain)
        else:
            return cast("nodes.reference", contnode)
        shown = contnode if node.get("refexplicit") else nodes.inline("", "", text)
        if not docname:
            return cast("nodes.reference", shown)
        try:
            return make_refnode(builder, fromdocname, docname, anchor, shown)
        except NoUri:  # a LaTeX document that leaves that page out
            return cast("nodes.reference", shown)

    def resolve_any_xref(self, *_: Any, **__: Any) -> list[tuple[str, nodes.reference]]:
        """Return nothing: records are named by roles of their own."""
        return []

    def get_objects(self) -> Iterable[tuple[str, str, str, str, str, int]]:
        """List publications, people and directions for the inventory (``objects.inv``).

        Not for the page search (priority -1): it finds the pages that show them.
        """
        for pub in self.store.publications:
            page, anchor = self.publication_page(pub)
            if page:
                keys = (key for key in pub.aliases if self.store.by_key.get(key) is pub)
                for key in dict.fromkeys((pub.key, *keys)):
                    yield key, pub.title.plain, "publication", page, anchor, -1
        for person in self.store.people:
            docname, anchor = self.person_page(person)
            if docname:
                yield person.id, person.name, "person", docname, anchor, -1
        for direction in self.directions():
            yield direction.id, direction.title, "direction", direction.docname, "", -1


def publication_anchor(pub: Publication) -> str:
    """Return the fragment of a publication in the whole list."""
    return f"pub-{pub.slug}"


def _from_json(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in {"[", "{"}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def texts_of(value: Any) -> tuple[str, ...]:
    """Return a front matter value as texts: a list's items, or the words of a text."""
    if isinstance(value, list):
        return tuple(str(item) for item in value)
    return tuple(str(value).replace(",", " ").split()) if value else ()


def _int(value: Any) -> int:
    return int(value) if re.fullmatch(r"-?[0-9]{1,9}", str(value or "")) else 0


def date_of(value: Any) -> PartialDate | None:
    """Return a front matter value as a date, if it is one."""
    try:
        return PartialDate.parse(str(value or ""))
    except ValueError:
        return None
