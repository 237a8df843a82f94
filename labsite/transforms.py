"""Post-transforms: placeholders → content, and references for builders without a web of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.errors import NoUri
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

from labsite.cites import cite_domain, cited_keys
from labsite.directives import NewsQuery
from labsite.domain import LabsiteDomain, publication_anchor
from labsite.downloads import feed_path, stem_of, stem_of_list, written_by
from labsite.largelist import cut_list, division_of, is_divided, page_name
from labsite.model import Publication
from labsite.nodes import (
    news_date,
    people_list,
    publication_item,
    publication_list,
    resource_lists,
    titled_list,
    view_placeholder,
)
from labsite.queries import PublicationQuery, facets, group, select
from labsite.resources import resources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from labsite.directives import DirectionsQuery, PeopleQuery
    from labsite.domain import View
    from labsite.model import Direction, NewsItem, Person, Publication
    from labsite.render import Renderer
    from labsite.resources import Resource, ResourceQuery


def shown_people(domain: LabsiteDomain, query: PeopleQuery) -> tuple[Person, ...]:
    """Return the people that a directive asks for, in the order of people.yml."""
    return tuple(
        person
        for person in domain.store.people
        if (not query.statuses or person.status in query.statuses)
        and (not query.directions or any(item in person.directions for item in query.directions))
    )


def shown_news(domain: LabsiteDomain, query: NewsQuery) -> tuple[NewsItem, ...]:
    """Return the news items that a directive asks for, newest first."""
    found = [
        item
        for item in domain.news()
        if not query.people or any(person in item.people for person in query.people)
    ]
    return tuple(found[: query.limit])


def shown_directions(domain: LabsiteDomain, query: DirectionsQuery) -> tuple[Direction, ...]:
    """Return the directions that a directive asks for, in their own order."""
    return tuple(
        item for item in domain.directions() if not query.kinds or item.kind in query.kinds
    )


def shown_resources(domain: LabsiteDomain, query: ResourceQuery) -> tuple[Resource, ...]:
    """Return the code, data and models that a directive asks for, by kind."""
    wanted = PublicationQuery(people=query.people, directions=query.directions)
    found = resources(select(domain.store.publications, wanted))
    return tuple(item for item in found if not query.kinds or item.kind in query.kinds)


def shown_profile(domain: LabsiteDomain, identity: str) -> tuple[Person, ...]:
    """Return the person of a profile; nobody, if there is none with this id."""
    person = domain.store.by_id.get(identity)
    return (person,) if person else ()


def shown(domain: LabsiteDomain, view: View) -> Any:
    """Return the records a placeholder shows. Also what decides whether a page is out of date."""
    if view.kind == "publications":
        return select(domain.store.publications, view.query)
    pick: dict[str, Callable[[LabsiteDomain, Any], Any]] = {
        "people": shown_people,
        "news-list": shown_news,
        "directions": shown_directions,
        "profile": shown_profile,
        "resources": shown_resources,
        "drawing": lambda _, name: (name,),
    }
    return pick[view.kind](domain, view.query)


def _list_context(
    domain: LabsiteDomain,
    query: PublicationQuery,
    records: tuple[Publication, ...],
    *,
    main: bool,
) -> dict[str, Any]:
    """Return what the template of a list shows.

    A large bibliography's whole list is divided by years, however it is to be grouped.
    """
    division = division_of(domain) if main else None
    divided = bool(division and division.pages)
    listed, cut = (division.overview, None) if division else cut_list(domain, records, query)
    by = "year" if divided else query.group_by
    older = division.pages[0] if division and division.pages else None
    return {
        "groups": group(listed, by, domain.directions()),
        "publications": records,
        "main": main,
        "used": facets(records),
        "stem": stem_of_list(domain, query) if domain.has_views else "",
        "years": [(year, page_name(domain, year.page)) for year in division.years]
        if division and by == "year"
        else [],
        "older": older and (older.title, page_name(domain, older.name)),
        "divided": divided,
        "script": domain.renderer.large_list_address if divided else "",
        "compact": is_divided(domain),
        "cut": cut,
    }


class ViewTransform(SphinxPostTransform):
    """Replace each placeholder by what its directive asked for."""

    # before sphinx.transforms.post_transforms.ReferencesResolver (10), as bibtex's own does
    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Fill all placeholders of the document."""
        domain = LabsiteDomain.of(self.env)
        renderer: Renderer | None = domain.renderer
        for node in list(self.document.findall(view_placeholder)):
            if self.app.builder.format == "html" and renderer:
                html = self._html(domain, renderer, node)
                node.replace_self(nodes.raw("", html, format="html") if html else [])
            else:
                node.replace_self(list(self._plain(domain, node)))

    def _docname(self, node: nodes.Element) -> str:
        """Return the page a node came from: LaTeX puts all pages into one document."""
        start: nodes.Node | None = node
        while start is not None:
            if isinstance(start, nodes.Element) and start.get("docname"):
                return str(start["docname"])
            start = start.parent
        return self.env.docname

    def _html(self, domain: LabsiteDomain, render: Renderer, node: nodes.Element) -> str:
        view: View = node["view"]
        records = shown(domain, view)
        docname = self.env.docname
        main = docname == domain.options.publications_page and node["main"]
        context: dict[str, Any] = {"level": _level(node), "query": view.query}
        if view.kind == "publications":
            context |= _list_context(domain, view.query, records, main=main)
            # Zotero takes a page for a list if it finds context objects in it
            context["z3988"] = not isinstance(domain.subject(docname), Publication)
            context["feed"] = render.feed(feed_path(context["stem"]))
            return render("publications", docname, **context)
        if view.kind == "profile" and records:
            context |= {"level": 1, "title": self._take_title(node)}
        context["records"] = records
        context["main"] = docname == domain.options.people_page
        if view.kind == "news-list":
            whole = domain.has_views and view.query == NewsQuery()
            context["feed"] = (
                render.feed(f"{domain.options.news_folder}/atom.xml") if whole else None
            )
        if view.kind == "people":
            context["anchored"] = self._anchored(domain, docname, node)
            authors = written_by(domain)
            context["exported"] = {
                person.id: stem_of(domain, person)
                for person in records
                if domain.has_views and person.id in authors
            }
        return render(view.kind, docname, **context)

    def _anchored(self, domain: LabsiteDomain, docname: str, node: nodes.Element) -> frozenset[str]:
        """Return who gets an anchor here: on the people page everyone, where they come first."""
        if docname != domain.options.people_page or node["view"].kind != "people":
            return frozenset()
        earlier = {
            person.id
            for view in domain.views[docname][: node["index"]]
            if view.kind == "people"
            for person in shown_people(domain, view.query)
        }
        shown_here = shown_people(domain, node["view"].query)
        return frozenset(person.id for person in shown_here) - earlier

    def _take_title(self, node: nodes.Element) -> str:
        """Remove the title of the section around a profile, which will show it itself."""
        title = next(iter(node.parent.findall(nodes.title)), None)
        if title is None or title.parent is not node.parent:
            return ""
        node.parent.remove(title)
        return str(title.astext())

    def _plain(self, domain: LabsiteDomain, node: nodes.Element) -> Iterator[nodes.Node]:
        view: View = node["view"]
        records = shown(domain, view)
        docname = self._docname(node)
        if not records or view.kind == "drawing":
            return
        if view.kind == "publications":
            main = docname == domain.options.publications_page and node["main"]
            groups = group(records, view.query.group_by, domain.directions())
            yield from publication_list(groups, page=docname if main else "")
        elif view.kind in {"people", "profile"}:
            yield people_list(records, anchored=self._anchored(domain, docname, node))
        elif view.kind == "resources":
            yield from resource_lists(records)
        elif view.kind == "news-list":
            yield titled_list(
                (f"{news_date(item)}: ", "", self._link(docname, item.docname, item.title))
                for item in records
            )
        else:
            yield titled_list(
                ("", f": {item.description}", self._link(docname, item.docname, item.title))
                for item in records
            )

    def _link(self, fromdocname: str, todocname: str, text: str) -> nodes.Element:
        inner = nodes.inline("", text)
        try:
            return make_refnode(self.app.builder, fromdocname, todocname, None, inner)
        except NoUri:  # a LaTeX document that leaves that page out
            return inner


def _level(node: nodes.Node) -> int:
    """Return the HTML heading level of what stands at this place."""
    level, parent = 1, node.parent
    while parent is not None:
        level += isinstance(parent, nodes.section)
        parent = parent.parent
    return min(level, 6)


class ReferencesTransform(SphinxPostTransform):
    """Append the cited works to each document of a builder that cannot link to them.

    In HTML a citation leads to the publication. A text page stands alone, and a LaTeX book has only
    the entries that one of its pages lists; the others would be dangling labels.
    """

    default_priority = 6  # after the lists are filled, before citations are resolved
    builders = ("text", "latex", "texinfo", "man")

    def run(self, **kwargs: Any) -> None:
        """Append what is cited and not listed."""
        labsite, cites = LabsiteDomain.of(self.env), cite_domain(self.env)
        keys = {key for docname in self._docnames() for key in cited_keys(cites, docname)}
        listed = self._listed()
        missing = [
            pub
            for pub in labsite.store.publications
            if pub.key in keys and publication_anchor(pub) not in listed
        ]
        if missing:
            page = labsite.options.publications_page
            items = [publication_item(pub, page=page) for pub in missing]
            section = nodes.section("", nodes.title("", "References"), ids=["labsite-references"])
            section += nodes.bullet_list("", *items)
            if self.app.builder.format == "latex":
                # its labels begin with the name of the page: the one that citations lead to
                self.document += addnodes.start_of_file("", section, docname=page)
            else:
                self.document += section

    def _docnames(self) -> set[str]:
        files = self.document.findall(addnodes.start_of_file)
        return {str(node["docname"]) for node in files} | {self.env.docname}

    def _listed(self) -> set[str]:
        """Return the anchors of what is listed: in LaTeX only where a citation can lead to it."""
        if self.app.builder.format == "latex":
            return {
                anchor for node in self.document.findall(nodes.target) for anchor in node["ids"]
            }
        items = self.document.findall(nodes.list_item)
        return {f"pub-{item['publication']}" for item in items if "publication" in item}
