"""What a page shows beyond its own source, as a digest: records, titles of other pages, the frame.

Precise, so that one new page does not write all others again: of other pages a page shows the
titles of those it refers to, of those in its toctrees and of those above it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.util import docname_join

from labsite.cites import cite_domain, cited_keys
from labsite.domain import LabsiteDomain
from labsite.downloads import written_by
from labsite.fingerprint import code_digest, digest_of
from labsite.frame import footer_pages
from labsite.largelist import is_divided
from labsite.model import Person, Publication, Source
from labsite.pictures import pictures_of
from labsite.resources import Resource
from labsite.transforms import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from labsite.render import Renderer


def note_targets(app: Sphinx, doctree: nodes.document) -> None:
    """Handle ``doctree-read``: keep what a page says, and what others it refers to, as digest."""
    found: set[str] = set()
    for node in doctree.findall(addnodes.pending_xref):
        target = str(node.get("reftarget") or "")
        found |= {target, docname_join(str(node.get("refdoc") or ""), target)}
    domain = LabsiteDomain.of(app.env)
    domain.note_targets(tuple(sorted(found)))
    # not of the pickled doctree, whose bytes are others on each machine
    text = doctree.pformat().replace(str(app.srcdir.parent), "")
    domain.note_content(digest_of(re.sub(r" at 0x[0-9A-Fa-f]+", "", text)))


def common_digest(app: Sphinx) -> str:
    """Return a digest of what every page shows, and of what makes it.

    Header, footer, style sheet, scripts, feeds; templates, ``conf.py``, code. Sphinx notes settings
    before it has written all pages, and goes by the times of templates: a build that was killed
    or a template that was put back would leave pages as they were.
    """
    env, renderer = app.env, LabsiteDomain.of(app.env).renderer
    names = [*env.toctree_includes.get(app.config.root_doc, ()), *footer_pages(app)]
    titles = [(name, env.titles[name].astext()) for name in names if name in env.titles]
    if renderer is None:
        return digest_of((titles, code_digest()))
    settings = type(renderer.builder.build_info)(app.config, app.tags, frozenset({"html", "env"}))
    conf = Path(app.confdir) / "conf.py"  # may have code: filters, handlers
    own = conf.read_bytes() if conf.is_file() else b""
    made_by = (code_digest(), settings.config_hash, settings.tags_hash, own, _templates(renderer))
    return digest_of((titles, _of_theme(renderer), made_by, _other_names(renderer.domain)))


def _templates(renderer: Renderer) -> list[tuple[str, bytes]]:
    return [
        (path.relative_to(folder).as_posix(), path.read_bytes())
        for folder in map(Path, renderer.builder.templates.pathchain)
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".html", ".svg", ".txt", ".xml"} and path.is_file()
    ]


def _other_names(domain: LabsiteDomain) -> list[str]:
    """Return the pages written by hand whose names differ from a publication's by case only."""
    slugs = {pub.slug for pub in domain.store.publications}
    folded = {slug.casefold() for slug in slugs}
    folder = f"{domain.options.publications_folder}/".lstrip("/")
    names = (name.removeprefix(folder) for name in domain.env.found_docs if name.startswith(folder))
    return sorted(name for name in names if name not in slugs and name.casefold() in folded)


def _of_theme(renderer: Renderer) -> tuple[Any, ...]:
    own = [_files(folder) for folder in renderer.asset_folders[:-1]]  # the group's; last is ours
    feeds = [(feed.path, feed.title) for feed in renderer.feeds]
    scripts = (renderer.mode_script, renderer.search_address, renderer.large_list_address)
    marks = renderer.logo, renderer.favicon_version
    return feeds, renderer.bundles, scripts, marks, is_divided(renderer.domain), own


def _files(folder: Path) -> list[tuple[str, bytes]]:
    paths = sorted(path for kind in ("css", "js", "mjs") for path in folder.rglob(f"*.{kind}"))
    return [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths]


def page_digests(env: BuildEnvironment, common: str) -> dict[str, str]:
    """Return page → digest of all that it shows beyond its own source.

    Args:
        env: With all pages read.
        common: Digest of what every page shows.
    """
    domain = LabsiteDomain.of(env)
    above = {name: around[0] for name, around in env.collect_relations().items() if around[0]}
    return {
        docname: digest_of(
            (
                common,
                domain.contents.get(docname),
                _titles(domain, docname, above),
                _records(domain, docname),
                _cited(domain, docname),
                pictures_of(domain, docname) if domain.renderer else (),
            )
        )
        for docname in sorted(env.found_docs)
    }


def _titles(domain: LabsiteDomain, docname: str, above: dict[str, str]) -> tuple[Any, ...]:
    """Return the titles, labels and headings of other pages that a page shows."""
    env, standard = domain.env, domain.env.domains.standard_domain
    targets = domain.targets.get(docname, ())
    titles = [(name, env.titles[name].pformat()) for name in targets if name in env.titles]
    labels = [
        (name, standard.labels.get(name.lower()), standard.anonlabels.get(name.lower()))
        for name in targets
    ]
    parents: list[tuple[str, str]] = []
    page = docname
    while page in above and len(parents) < 20:  # a circle of toctrees is possible
        page = above[page]
        parents.append((page, env.titles[page].pformat() if page in env.titles else ""))
    below = [(page, env.tocs[page].pformat()) for page in _below(env, docname)]
    return titles, labels, parents, below


def _below(env: BuildEnvironment, docname: str) -> list[str]:
    """Return the pages in a page's toctrees, and theirs: it may show all their headings."""
    found: dict[str, None] = {}
    waiting = list(env.toctree_includes.get(docname, ()))
    while waiting:
        page = waiting.pop()
        if page not in found and page in env.tocs:
            found[page] = None
            waiting += env.toctree_includes.get(page, ())
    return sorted(found)


def _records(domain: LabsiteDomain, docname: str) -> list[Any]:
    views = domain.views.get(docname, ())
    references = domain.references.get(docname, ())
    found: list[Any] = [_as_shown(shown(domain, view)) for view in views]
    found += [
        (pub.title.plain, domain.publication_page(pub))
        for reference in references
        if reference.kind == "pub" and (pub := domain.store.by_key.get(reference.target))
    ]
    if views or references or docname == domain.env.config.root_doc:
        found.append(domain.once("around", _around))
    if any(view.kind in {"people", "profile"} for view in views) and domain.renderer:
        found += [domain.once("portraits", _portraits), sorted(written_by(domain))]
    if any(view.kind in {"directions", "drawing"} for view in views):
        found.append(domain.once("drawings", _drawings))
    subject = domain.subject(docname)  # a publication may have a page written by hand
    found.append(_unplaced(subject))
    if isinstance(subject, Publication) and domain.renderer:
        found.append(domain.once("everyone", everyone))
    return found


def listed(publications: Iterable[Publication]) -> tuple[tuple[str, ...], ...]:
    """Return digests of publications less what no list shows."""
    return tuple((pub.listed, *pub.author_year) for pub in publications)


def everyone(domain: LabsiteDomain) -> str:
    """Return a digest of all people, their pages and portraits."""
    people = [(_unplaced(person), domain.person_page(person)) for person in domain.store.people]
    return digest_of((people, domain.once("portraits", _portraits)))


def _as_shown(records: Any) -> Any:
    """Return records less what no list shows, so that a moved line changes nothing."""
    if isinstance(records, tuple) and records and isinstance(records[0], Publication):
        return listed(records)
    return tuple(map(_unplaced, records)) if isinstance(records, tuple) else records


def _unplaced(record: Any) -> Any:
    """Return a record without the lines that it stands on."""
    if isinstance(record, Publication):
        return record.digest, record.author_year
    if isinstance(record, Person):
        return replace(record, source=Source("", 0), direction_lines=(), photo_line=0)
    if isinstance(record, Resource):
        return replace(record, publications=()), listed(record.publications)
    return record


def _around(domain: LabsiteDomain) -> str:
    """Return a digest of whom and what records are linked to wherever they are shown."""
    people = [
        (person.id, person.name, person.status, domain.person_page(person))
        for person in domain.store.people
    ]
    directions = [(item.id, item.title, item.order, item.docname) for item in domain.directions()]
    return digest_of((people, directions))


def _portraits(domain: LabsiteDomain) -> list[Any]:
    return [
        domain.renderer.pictures.get(person.photo, place)
        for person in domain.store.people
        for place in ("portrait", "portrait-large")
        if person.photo
    ]


def _drawings(domain: LabsiteDomain) -> list[list[bytes]]:
    names = (item.drawing for item in domain.directions())
    return [[path.read_bytes() for path in domain.drawings(name)] for name in names]


def _cited(domain: LabsiteDomain, docname: str) -> list[Any]:
    found: list[Any] = []
    for key in cited_keys(cite_domain(domain.env), docname):
        pub = domain.store.by_key.get(key)
        if pub is None:
            found.append(key)
            continue
        # without links a page has the references themselves
        reference = "" if domain.renderer else pub.listed
        place = domain.publication_page(pub)
        found.append((key, pub.author_year, place, pub.title.plain, pub.authors, reference))
    return found
