"""Which pages an unchanged source still has to be written again for, and which files are stale.

Sphinx rewrites the pages whose sources changed. Here a page also shows records, other pages' titles
and the navigation. So each page has a digest of all that; a page whose digest differs from the one
of the last *finished* build is written again, without being read again. The digests stand in the
output folder: what a killed build did not write is not in them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sphinx.builders.html import StandaloneHTMLBuilder

from labsite.cites import cite_domain, cited_keys
from labsite.diagnostics import Problem, warn
from labsite.domain import LabsiteDomain
from labsite.files import file_names
from labsite.links import safe_path
from labsite.manifest import MANIFEST, Manifest, digest_of
from labsite.model import Publication
from labsite.pages import record_pages
from labsite.transforms import shown

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment


_NOTED: Final = frozenset({"html", "text"})
"""Formats with a file for each page, whose digests are noted."""


def page_digests(env: BuildEnvironment) -> dict[str, str]:
    """Return for each page a digest of all it shows beyond its own source."""
    domain, cites = LabsiteDomain.of(env), cite_domain(env)
    common = common_digest(domain)
    return {
        docname: digest_of((common, _records(domain, docname), _cited(domain, cites, docname)))
        for docname in sorted(env.found_docs)
    }


def common_digest(domain: LabsiteDomain) -> str:
    """Return a digest of what every page shows, or may show, beyond its source."""
    env = domain.env
    everywhere = (
        {name: title.pformat() for name, title in sorted(env.titles.items())},
        sorted(env.toctree_includes.items()),
        sorted(env.domains.standard_domain.labels.items()),
        domain.store.people,
        [
            (item, [path.read_bytes() for path in domain.drawings(item.drawing)])
            for item in domain.directions()
        ],
        [feed.path for feed in domain.renderer.feeds] if domain.renderer else (),
    )
    return digest_of(everywhere)


def _records(domain: LabsiteDomain, docname: str) -> list[Any]:
    views = [shown(domain, view) for view in domain.views.get(docname, ())]
    mentioned = [
        pub.title.plain
        for reference in domain.references.get(docname, ())
        if reference.kind == "pub" and (pub := domain.store.by_key.get(reference.target))
    ]
    subject = domain.subject(docname)  # a publication may have a page written by hand
    below = [domain.env.tocs[page].pformat() for page in _below(domain.env, docname)]
    return [views, mentioned, below, subject if isinstance(subject, Publication) else None]


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


def _cited(domain: LabsiteDomain, cites: Any, docname: str) -> list[Any]:
    found = []
    for key in cited_keys(cites, docname):
        pub = domain.store.by_key.get(key)
        found.append((key, pub and (pub.author_year, pub.slug, pub.title.plain, pub.authors)))
    return found


def stale_pages(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Handle ``env-updated``: return the pages that show something else than when written.

    Pages that are no more are deleted here, before anything else may be written in their place.
    """
    domain = LabsiteDomain.of(env)
    domain.common_digest = common_digest(domain)
    domain.digests = page_digests(env)
    before = domain.before = Manifest.read(Path(app.outdir))
    _delete_stale(Path(app.outdir), before.files, all_files(app.builder, env))
    return [name for name, digest in domain.digests.items() if before.digests.get(name) != digest]


def trust_digests(app: Sphinx, env: BuildEnvironment) -> None:
    """Handle ``env-check-consistency``: forget which pages have others in a toctree.

    Sphinx would write those again whenever one of the others was read; their digests know better.
    The environment has been saved and checked by now, so nothing later misses it.
    """
    if app.builder.format in _NOTED:
        env.files_to_rebuild.clear()


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Handle ``build-finished``: note what was written."""
    if exception is not None or app.builder.format not in _NOTED:
        return
    outdir, domain = Path(app.outdir), LabsiteDomain.of(app.env)
    before = Manifest.read(outdir)
    files = page_files(app.builder, app.env)
    digests = {}
    for name, digest in domain.digests.items():
        if _is_new(outdir / files.get(name, name), domain.started):
            digests[name] = digest
        elif name in before.digests:  # a build of chosen files leaves the others as they were
            digests[name] = before.digests[name]
    try:
        Manifest(digests, sorted(all_files(app.builder, app.env))).write(outdir)
    except OSError as error:
        what = f"What was written cannot be noted in the output folder ({error.strerror})."
        remedy = "Delete the output folder and build again."
        warn(Problem(str(outdir / MANIFEST), 1, "file", what, remedy))


def _is_new(path: Path, started: int) -> bool:
    """Whether a file was written since this build began (nanoseconds since the epoch)."""
    try:
        return path.stat().st_mtime_ns >= started
    except OSError:
        return False


def _delete_stale(outdir: Path, before: list[str], now: set[str]) -> None:
    """Delete pages of the last build that this one will not have.

    Names are compared without regard to case, as some file systems do; nothing outside the output
    folder is touched.
    """
    kept = {name.casefold() for name in now}
    for name in before:
        if name.casefold() in kept or not safe_path(name):
            continue
        try:
            (outdir / name).unlink(missing_ok=True)
        except OSError as error:
            what = f"The page of an earlier build cannot be deleted ({error.strerror})."
            warn(Problem(str(outdir / name), 1, "file", what, "Delete it by hand."))


def all_files(builder: Builder, env: BuildEnvironment) -> set[str]:
    """Return all files of this build that are ours, relative to the output folder."""
    return set(page_files(builder, env).values()) | set(file_names(LabsiteDomain.of(env)))


def page_files(builder: Builder, env: BuildEnvironment) -> dict[str, str]:
    """Return page → its file, relative to the output folder, of all pages of this build."""
    pages = set(env.found_docs)
    if not isinstance(builder, StandaloneHTMLBuilder):
        return {page: f"{page}.txt" for page in pages}
    pages |= set(record_pages(LabsiteDomain.of(env)))
    outdir = Path(builder.outdir)
    return {
        page: Path(builder.get_outfilename(page)).relative_to(outdir).as_posix() for page in pages
    }
