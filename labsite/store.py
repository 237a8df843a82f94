"""The records of one build, loaded once before anything is read.

They live beside Sphinx's environment, not in it: what is set on ``env`` is pickled with every
build, and the data files are the truth anyway.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from labsite.bib import read_bib
from labsite.division import Division, divide
from labsite.people import read_people
from labsite.records import build_publications
from labsite.relations import Relations

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from labsite.diagnostics import Problem
    from labsite.entries import Bibliography, Entry
    from labsite.model import Person, Publication


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
    """

    publications: tuple[Publication, ...] = ()
    people: tuple[Person, ...] = ()
    entries: Mapping[Path, tuple[Entry, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    by_key: Mapping[str, Publication] = field(default_factory=dict)
    by_id: Mapping[str, Person] = field(default_factory=dict)
    relations: Relations = field(default_factory=lambda: Relations((), {}))
    division: Division = field(default_factory=Division)


def load_store(root: Path, bib_files: Sequence[str], people_file: str) -> Store:
    """Read all data files.

    Args:
        root: The folder of ``conf.py``, which the other paths are relative to.
        bib_files: As in ``bibtex_bibfiles``.
        people_file: As in ``labsite_people_file``.
    """
    read: dict[Path, Bibliography] = {}
    for name in bib_files:
        before = next(reversed(read.values()), None)
        read[(root / name).resolve()] = read_bib(root / name, name, before)
    people = read_people(root / people_file, people_file)
    publications, found = build_publications(read.values(), people.people)
    problems = [problem for bib in read.values() for problem in bib.problems]
    by_key = _first_by_key(publications, bib_files)
    return Store(
        publications=publications,
        people=people.people,
        entries={path: bib.entries for path, bib in read.items()},
        problems=tuple(sorted({*problems, *found, *people.problems})),
        by_key=by_key,
        by_id={person.id: person for person in people.people},
        relations=Relations(publications, by_key),
        division=divide(publications),
    )


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
