"""The records of one build, loaded once before anything is read.

They live beside Sphinx's environment, not in it: what is set on ``env`` is pickled with every
build, and the data files are the truth anyway.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from labsite.bib import read_bib
from labsite.cache import read_cache, write_cache
from labsite.division import Division, divide
from labsite.fingerprint import digest_of
from labsite.people import People, read_people
from labsite.records import build_publications
from labsite.relations import Relations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from labsite.diagnostics import Problem
    from labsite.entries import Bibliography, Entry, Reading
    from labsite.model import Person, Publication
    from labsite.relations import Nearest


@dataclass(frozen=True, slots=True)
class Store:
    """Everything the data files say.

    Attributes:
        publications: In list order.
        entries: The raw entries of each bib file, for sphinxcontrib-bibtex.
        problems: What is wrong with the data, in the order of the files.
        by_key: Key, or earlier key, → publication.
        relations: How the publications hang together.
        division: Which page the publications stand on, where there is one for each year.
        digest: Of the data files.
    """

    publications: tuple[Publication, ...] = ()
    people: tuple[Person, ...] = ()
    entries: Mapping[Path, tuple[Entry, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    by_key: Mapping[str, Publication] = field(default_factory=dict)
    by_id: Mapping[str, Person] = field(default_factory=dict)
    relations: Relations = field(default_factory=lambda: Relations((), {}))
    division: Division = field(default_factory=Division)
    digest: str = ""


@dataclass(frozen=True)
class BibFiles(Mapping[Path, tuple["Entry", ...]]):
    """The bib files' contents, read when somebody asks for them.

    Attributes:
        known: File → how its entries were read in an earlier build.
    """

    root: Path
    names: tuple[str, ...]
    known: Mapping[str, Mapping[str, Reading]] = field(default_factory=dict)

    @cached_property
    def read(self) -> dict[Path, Bibliography]:
        """Path → what the file holds, in their order."""
        read: dict[Path, Bibliography] = {}
        for name in self.names:
            before = next(reversed(read.values()), None)
            read[(self.root / name).resolve()] = read_bib(
                self.root / name, name, before, self.known.get(name)
            )
        return read

    def __getitem__(self, path: Path) -> tuple[Entry, ...]:
        return self.read[path].entries

    def __iter__(self) -> Iterator[Path]:
        return iter([(self.root / name).resolve() for name in self.names])

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class _Kept:
    """What is kept for the next build.

    Attributes:
        source: Digest of the data files that it was made of.
        nearest: See :attr:`labsite.relations.Relations.nearest`.
        readings: File → :attr:`labsite.entries.Bibliography.readings`.
    """

    source: str
    publications: tuple[Publication, ...]
    people: tuple[Person, ...]
    problems: tuple[Problem, ...]
    nearest: Nearest
    readings: dict[str, Mapping[str, Reading]]


def _at_once(work: Callable[[], None], size: int) -> None:
    work()


def load_store(
    root: Path,
    bib_files: Sequence[str],
    people_file: str,
    cache: Path | None = None,
    share: Callable[..., list[Any]] | None = None,
    aside: Callable[[Callable[[], None], int], None] = _at_once,
) -> Store:
    """Read all data files.

    Args:
        root: The folder of ``conf.py``, which the other paths are relative to.
        bib_files: As in ``bibtex_bibfiles``.
        people_file: As in ``labsite_people_file``.
        cache: Where records are kept from one build to the next.
        share: Does work on many items, such as :meth:`labsite.workers.Workers.do_all`.
        aside: Does work of some size that nothing waits for.
    """
    kept = read_cache(cache) if cache else None
    bibs = BibFiles(root, tuple(bib_files), kept.readings if kept else {})
    source = _digest_of_files(root, (*bib_files, people_file))
    if kept is None or kept.source != source:
        kept = _read(bibs, read_people(root / people_file, people_file), kept, source, share)
        if cache:
            aside(partial(write_cache, cache, kept), len(kept.publications))
    by_key = _first_by_key(kept.publications, bib_files)
    relations = Relations(kept.publications, by_key)
    relations.__dict__["nearest"] = kept.nearest
    return Store(
        publications=kept.publications,
        people=kept.people,
        entries=bibs,
        problems=kept.problems,
        by_key=by_key,
        by_id={person.id: person for person in kept.people},
        relations=relations,
        division=divide(kept.publications),
        digest=source,
    )


def _digest_of_files(root: Path, names: Sequence[str]) -> str:
    found = []
    for name in names:
        try:
            found.append((name, hashlib.sha256((root / name).read_bytes()).digest()))
        except OSError as error:
            found.append((name, str(error).encode()))
    return digest_of(found)


def _read(
    bibs: BibFiles,
    people: People,
    before: _Kept | None,
    source: str,
    share: Callable[..., list[Any]] | None,
) -> _Kept:
    earlier = before.publications if before else ()
    known = {pub.digest: pub for pub in earlier if not pub.faulty}  # faults are told every time
    publications, found = build_publications(bibs.read.values(), people.people, known, share)
    problems = {problem for bib in bibs.read.values() for problem in bib.problems}
    problems.update(found, people.problems)
    by_key = _first_by_key(publications, bibs.names)
    nearest = _nearest(publications, by_key, before)
    readings = {
        name: bib.readings for name, bib in zip(bibs.names, bibs.read.values(), strict=False)
    }
    return _Kept(source, publications, people.people, tuple(sorted(problems)), nearest, readings)


def _nearest(
    publications: tuple[Publication, ...], by_key: Mapping[str, Publication], before: _Kept | None
) -> Nearest:
    if before is None:
        return Relations(publications, by_key).nearest
    digests = [pub.digest for pub in before.publications]
    known = dict(zip(digests, before.nearest.traits, strict=True))
    return Relations(publications, by_key, before=before.nearest, known=known).nearest


def _first_by_key(
    publications: Sequence[Publication], files: Sequence[str]
) -> dict[str, Publication]:
    """Map keys to publications; of two with one key the first in the files is cited.

    A present key goes before an earlier one of another entry.
    """
    found: dict[str, Publication] = {}
    in_files = sorted(publications, key=lambda pub: (files.index(pub.source.path), pub.source.line))
    for pub in in_files:
        found.setdefault(pub.key, pub)
    for pub in in_files:
        for key in pub.aliases:
            found.setdefault(key, pub)
    return found
