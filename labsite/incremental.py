"""Which pages an unchanged source still has to be written again for, and which files are stale.

Sphinx rewrites the pages whose sources changed. Here a page also shows records, other pages' titles
and the navigation. So each page has a digest of all that; a page whose digest differs from the one
of the last *finished* build is written again, without being read again. The digests stand in the
output folder. A build that does not end leaves none: the next one looks at every page.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sphinx.errors import SphinxParallelError

from labsite.assets import unused
from labsite.diagnostics import Problem, warn
from labsite.digests import common_digest, page_digests
from labsite.domain import LabsiteDomain
from labsite.files import file_names
from labsite.manifest import MANIFEST, TEMPORARY, Manifest, write_if_changed
from labsite.pages import page_file, record_pages
from labsite.pictures import FOLDER as PICTURES
from labsite.unwritten import NotWrittenError

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from labsite.build import Build
    from labsite.render import Renderer

_NOTED: Final = frozenset({"html", "dirhtml", "singlehtml", "text"})
"""The builders with files of their own for pages, which are noted."""


def stale_pages(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Handle ``env-updated``: return the pages that show something else than when written.

    Pages that are no more are deleted here, before anything else may be written in their place.

    Raises:
        NotWrittenError: It could not be noted that a build has begun.
    """
    domain = LabsiteDomain.of(env)
    if domain.renderer is not None:
        for name, text in domain.renderer.bundles.items():  # before pages ask for their versions
            write_if_changed(Path(app.outdir) / "_static" / name, text.encode("utf-8"))
    build = domain.build
    build.common_digest = common_digest(app)
    build.digests = page_digests(env, build.common_digest)
    outdir, now = Path(app.outdir), all_files(app.builder, env)
    before = build.before = Manifest.read(outdir)
    stale = [name for name, digest in build.digests.items() if before.digests.get(name) != digest]
    if app.builder.name in _NOTED:
        # pictures wait for the end: pages that are not written this time may still have them
        now |= {name for name in before.files if name.startswith(f"{PICTURES}/")}
        kept = _delete_stale(outdir, before.files, now)
        # Noted before anything is written, should this build not end: its files, but of no page
        # that it is whole. Sphinx also writes some that show nothing new.
        try:
            Manifest({}, sorted(now | kept)).write(outdir)
        except OSError as error:
            if (outdir / MANIFEST).is_file():  # it would vouch for what this build writes over
                place, why = outdir / MANIFEST, error.strerror or error
                raise NotWrittenError(f"{place} could not be written: {why}.") from error
    return stale


def note_begun(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Handle ``doctree-resolved``: note that Sphinx is about to write a page."""
    LabsiteDomain.of(app.env).build.begun.add(docname)


def trust_digests(app: Sphinx, env: BuildEnvironment) -> None:
    """Handle ``env-check-consistency``: forget which pages have others in a toctree.

    Sphinx would write those again whenever one of the others was read; their digests know better.
    The environment has been saved and checked by now, so nothing later misses it.
    """
    if app.builder.name in _NOTED:
        env.files_to_rebuild.clear()


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Handle ``build-finished``: note what was written, all of it."""
    outdir, domain = Path(app.outdir), LabsiteDomain.of(app.env)
    if exception is not None:
        with suppress(SphinxParallelError):  # the first error says more
            domain.build.workers.join()
        return
    domain.build.workers.join()
    if app.builder.name not in _NOTED:
        return
    _check_written(app, domain.build)
    before, digests = domain.build.before, dict(domain.build.digests)
    is_whole = True
    for name in app.env.found_docs & digests.keys():
        if not _is_new(outdir / page_file(app.builder, name), domain.build.started):
            digest = digests.pop(name)  # a build of chosen files leaves the others as they were
            digests |= {name: before.digests[name]} if name in before.digests else {}
            is_whole = is_whole and digests.get(name) == digest
    now = all_files(app.builder, app.env)
    pictures = {name for name in before.files if name.startswith(f"{PICTURES}/")}
    now |= _delete_stale(outdir, sorted(pictures), now) if is_whole else pictures
    try:
        Manifest(digests, sorted(now)).write(outdir)
    except OSError as error:
        what = f"What was written cannot be noted in the output folder ({error.strerror})."
        remedy = "Delete the output folder and build again."
        warn(Problem(str(outdir / MANIFEST), 1, "file", what, remedy))
    _drop_left_over(domain.build, now)
    if domain.has_views:
        _drop_unused(domain.renderer, outdir / "_static")


def _check_written(app: Sphinx, build: Build) -> None:
    """Raise if a page was not written: Sphinx's processes may fail without a word.

    Its pool forgets a failure that it meets on beginning more (as told in :mod:`labsite.workers`).

    Raises:
        NotWrittenError: Some page was begun, and is not there or is an old one.
    """
    for name in sorted(build.begun):
        path = build.outdir / page_file(app.builder, name)
        if not _is_new(path, build.started):
            why = "a process of this build failed or was ended. Is there enough memory, and disk?"
            raise NotWrittenError(f"{path} was not written: {why}")


def _drop_left_over(build: Build, now: set[str]) -> None:
    """Delete what an earlier build, which was ended, left beside its files and this one's."""
    ours = {*now, *build.before.files, MANIFEST}
    for path in build.left_over():
        if path.removesuffix(TEMPORARY) in ours:
            with suppress(OSError):  # it is only in the way
                (build.outdir / path).unlink(missing_ok=True)


def _drop_unused(renderer: Renderer, static: Path) -> None:
    """Delete what Sphinx has copied and no page loads: most of the base theme."""
    own = [*renderer.asset_folders[:-1], *(path / "static" for path in renderer.themes_on_top)]
    names = unused([path / "static" for path in renderer.themes_below], own)
    if renderer.logo is not None:
        logo = Path(renderer.builder.config.html_logo).name
        names |= {logo} if not any((folder / logo).is_file() for folder in own) else set()
    folders = set()
    with suppress(OSError):  # it is only in the way
        for name in names:
            (static / name).unlink(missing_ok=True)
            folders |= {*(static / name).parents} - {static, *static.parents}
    for folder in sorted(folders, reverse=True):
        with suppress(OSError):  # something else is in it
            folder.rmdir()


def _is_new(path: Path, started: int) -> bool:
    """Whether a file was written since this build began (nanoseconds since the epoch)."""
    try:
        return path.stat().st_mtime_ns >= started
    except OSError:
        return False


def _delete_stale(outdir: Path, before: list[str], now: set[str]) -> set[str]:
    """Delete files of the last build that this one will not have; return those that could not be.

    A file that is there under a name of other case may be the same one; nothing outside the output
    folder is touched.
    """
    stale = [name for name in before if name not in now]
    by_case = {name.casefold(): name for name in now} if stale else {}
    kept = set()
    for name in stale:
        path = outdir / name
        if not path.resolve().is_relative_to(outdir.resolve()):
            continue
        other = by_case.get(name.casefold())
        try:
            if other and (outdir / other).exists() and path.samefile(outdir / other):
                continue  # a file system that does not tell case
            path.unlink(missing_ok=True)
        except FileNotFoundError:
            continue
        except OSError as error:
            kept.add(name)
            what = f"The page of an earlier build cannot be deleted ({error.strerror})."
            warn(Problem(str(path), 1, "file", what, "Delete it by hand."))
    return kept


def all_files(builder: Builder, env: BuildEnvironment) -> set[str]:
    """Return all files of this build that are ours, relative to the output folder."""
    domain = LabsiteDomain.of(env)
    pictures = domain.renderer.pictures.files() if domain.renderer is not None else set()
    pages = {*env.found_docs, *record_pages(domain)}
    return {*(page_file(builder, page) for page in pages), *file_names(domain), *pictures}
