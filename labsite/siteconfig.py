"""A site as commands see it: ``conf.py`` and the data files, read without starting Sphinx."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from labsite.bib import parse_bib, read_bib
from labsite.config import OPTIONS, bib_files, read_options
from labsite.people import read_people
from labsite.source import Source, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sphinx.config import Config

    from labsite.config import Options
    from labsite.entries import Bibliography, Entry
    from labsite.people import People

_DOCS: Final = ("docs", "source", "doc", ".")
_SUFFIXES: Final = (".md", ".rst")


class SiteError(Exception):
    """There is no site here, or its ``conf.py`` cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Site:
    """What ``conf.py`` says.

    Attributes:
        root: The folder of ``conf.py``; the data files' names are relative to it.
        docs: The folder of the pages.
        bib_files: ``bibtex_bibfiles``.
        suffixes: What the names of pages may end in.
        excluded: ``exclude_patterns``.
        extra: ``html_extra_path``: what is published as it is.
        static: ``html_static_path``: what is published in ``_static/``.
        suppressed: ``suppress_warnings``.
        address: ``html_baseurl``.
    """

    root: Path
    docs: Path
    options: Options
    bib_files: tuple[str, ...]
    suffixes: tuple[str, ...]
    excluded: tuple[str, ...]
    extra: tuple[str, ...] = ()
    static: tuple[str, ...] = ()
    suppressed: tuple[str, ...] = ()
    address: str = ""

    def shown(self, name: str | Path) -> str:
        """Return how messages name a file: as it is reached from the current folder."""
        path = self.root / name
        try:
            return Path(os.path.relpath(path)).as_posix()
        except ValueError:  # on another drive
            return path.as_posix()

    def pages(self, folder: str) -> Iterator[Path]:
        """Yield the pages of a folder of :attr:`docs`, by name; but its index."""
        from sphinx.util.matching import Matcher

        is_excluded = Matcher(self.excluded)
        for path in sorted((self.docs / folder).glob("*")):
            is_page = path.suffix in self.suffixes and path.stem != "index" and path.is_file()
            if is_page and not is_excluded(path.relative_to(self.docs).as_posix()):
                yield path

    def has_file(self, name: str) -> bool:
        """Whether there is a file of a name relative to the folder of ``conf.py``."""
        return _is_file(self.root / name)

    def is_published(self, path: PurePosixPath) -> bool:
        """Whether there is a file that stands at a path of the published site."""
        places = [(self.root / name, path) for name in self.extra]
        if path.parts[:1] == ("_static",):
            places += [(self.root / name, path.relative_to("_static")) for name in self.static]
        return any(
            _is_file(folder / below) or (folder.is_file() and folder.name == str(below))
            for folder, below in places
        )

    def directions(self) -> frozenset[str]:
        """Return the ids of all directions: the names of their pages."""
        return frozenset(path.stem for path in self.pages(self.options.directions_folder))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # no file can have such a name
        return False


def find_site(start: Path | None = None) -> Site:
    """Read ``conf.py`` of a folder, or of the nearest one above the current folder.

    Raises:
        SiteError: There is none, or it cannot be used.
    """
    folders = [start] if start else [Path.cwd(), *Path.cwd().parents]
    root = next((folder for folder in folders if (folder / "conf.py").is_file()), None)
    if root is None:
        where = f"in {start}" if start else "here or in a folder above"
        raise SiteError(f"There is no conf.py {where}. Name its folder with --site.")
    return _read(root.resolve())


def _read(root: Path) -> Site:
    from sphinx.config import Config
    from sphinx.errors import ConfigError, ExtensionError
    from sphinx.util.tags import Tags

    try:
        with redirect_stdout(sys.stderr):  # what conf.py prints is no part of a command's answer
            config = Config.read(root, overrides={}, tags=Tags())
        for option in OPTIONS:
            config.add(f"labsite_{option.name}", option.default, "env", (str,))
        config.add("html_baseurl", "", "html", (str,))
        config.add("bibtex_bibfiles", None, "env", (list,))
        for name in ("html_extra_path", "html_static_path"):
            config.add(name, [], "html", (list,))
        options = read_options(config)
        names = bib_files(config)
        if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
            raise SiteError(f"conf.py: bibtex_bibfiles = {names!r} is not a list of files.")
    except (ConfigError, ExtensionError) as error:
        raise SiteError(str(error)) from error
    suffixes = config.source_suffix or ()
    known = tuple(dict.fromkeys([*([suffixes] if isinstance(suffixes, str) else suffixes),
                                 *_SUFFIXES]))  # fmt: skip
    docs = next(
        (root / name for name in _DOCS for suffix in known
         if (root / name / f"{config.root_doc}{suffix}").is_file()),
        root,
    )  # fmt: skip
    return Site(
        root, docs, options, tuple(names), known, _texts(config, "exclude_patterns"),
        _texts(config, "html_extra_path"), _texts(config, "html_static_path"),
        _texts(config, "suppress_warnings"), str(config.html_baseurl or ""),
    )  # fmt: skip


def _texts(config: Config, name: str) -> tuple[str, ...]:
    """Return a list of texts or paths in ``conf.py``; None is an empty one.

    Raises:
        SiteError: It is something else.
    """
    value = config[name]
    items = () if value is None else value
    if not isinstance(items, list | tuple | set) or not all(
        isinstance(item, str | os.PathLike) for item in items
    ):
        raise SiteError(f"conf.py: {name} = {value!r} is not a list of texts.")
    return tuple(str(item) for item in items)


@dataclass(frozen=True)
class Data:
    """What the data files of a site say.

    Attributes:
        bibliographies: In the order of the files.
        sources: The bib files themselves; of one that cannot be changed (it is missing, or not
            UTF-8) there is None.
        people: The people, with what is wrong with their file.
        directions: The ids that exist.
    """

    site: Site
    bibliographies: tuple[Bibliography, ...]
    sources: tuple[Source | None, ...]
    people: People
    directions: frozenset[str]

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, in the order of the files."""
        return tuple(entry for bib in self.bibliographies for entry in bib.entries)


def load(site: Site) -> Data:
    """Read the data files of a site. Nothing raises: what is wrong is among their problems."""
    sources: list[Source | None] = []
    for name in _read_once(site):
        try:
            sources.append(Source.read(site.root / name, site.shown(name)))
        except SourceError:
            sources.append(None)
    people = read_people(site.root / site.options.people_file, site.shown(site.options.people_file))
    return Data(site, _read_all(site, sources), tuple(sources), people, site.directions())


def _read_once(site: Site) -> list[str]:
    """Return the names of the bib files; the build, too, reads one once that is named twice."""
    once: dict[str, str] = {}
    for name in site.bib_files:
        once.setdefault(os.path.realpath(site.root / name), name)
    return list(once.values())


def with_text(data: Data, text: str) -> Data:
    """Return the data as they are if the first bib file says something else."""
    return replace(data, bibliographies=_read_all(data.site, data.sources, text))


def _read_all(
    site: Site, sources: Sequence[Source | None], first: str | None = None
) -> tuple[Bibliography, ...]:
    bibliographies: list[Bibliography] = []
    for name, source in zip(_read_once(site), sources, strict=True):
        before = bibliographies[-1] if bibliographies else None
        if first is not None and before is None:
            bibliographies.append(parse_bib(first, site.shown(name)))
        elif source is None:
            bibliographies.append(read_bib(site.root / name, site.shown(name), before))
        else:
            bibliographies.append(parse_bib(source.text, site.shown(name), source.problems, before))
    return tuple(bibliographies)
