"""Whether a paper is there already, as itself or as another version of the same work."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from labsite.found import identifiers_of
from labsite.identifiers import Identifier
from labsite.keeper_facts import fold
from labsite.keeper_titles import FEWEST_WORDS, are_near
from labsite.links import eprint_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from labsite.model import Publication

_ALIKE: Final = 0.85


@dataclass(frozen=True, slots=True)
class Known:
    """A publication that is the new one, or another version of it.

    Attributes:
        is_version: The one is a preprint of the other; else they are the same.
        why: What they have in common, as in "has …".
    """

    pub: Publication
    is_version: bool
    why: str


def find_known(
    new: Publication, others: Iterable[Identifier], publications: Sequence[Publication]
) -> list[Known]:
    """Look for a new publication among those there are.

    Args:
        new: The new one.
        others: What its record says to be its preprint, or what became of it.
        publications: Those there are.
    """
    named = frozenset(others)
    found = (_compare(new, named, pub) for pub in publications)
    return [known for known in found if known]


def find_named(identifier: Identifier, publications: Sequence[Publication]) -> str:
    """Say which publication has this number, or return an empty text."""
    for pub in publications:
        if identifier in _numbers(pub):
            where = f"{pub.key!r} at {pub.source.path}:{pub.source.line} has {identifier}"
            is_link = identifier.kind == "arxiv" and pub.kind != "preprint"
            return f"{where} as its preprint, which needs no entry of its own" if is_link else where
    return ""


def _compare(new: Publication, named: frozenset[Identifier], pub: Publication) -> Known | None:
    one_is_preprint = (new.kind == "preprint") != (pub.kind == "preprint")
    if new.doi and new.doi == pub.doi.lower():
        return Known(pub, is_version=False, why="this DOI")
    if new.eprint and pub.eprint and _numbers(new) & _numbers(pub):
        name = f"{new.eprint[0]} number"
        own = new.kind == pub.kind == "preprint"
        return Known(pub, is_version=False, why=f"this {name}" if own else f"this {name} as a link")
    if named & _numbers(pub) and one_is_preprint:
        return Known(pub, is_version=True, why="the number that the record names")
    if _share_author(new, pub) and _same_title(new, pub, is_version=one_is_preprint):
        return Known(pub, is_version=one_is_preprint, why="nearly the same title and authors")
    return None


def _numbers(pub: Publication) -> frozenset[Identifier]:
    """Return the numbers under which a publication is known."""
    found = set(identifiers_of([pub.doi]))
    if pub.eprint:
        archive, number = pub.eprint[0].lower(), eprint_number(pub.eprint[1]).lower()
        number = re.sub(r"v\d+$", "", number)
        found.add(Identifier("arxiv" if archive == "arxiv" else "doi", number))
    return frozenset(found)


def _words(pub: Publication) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\W_]+", fold(pub.title.plain)))


def _same_title(one: Publication, other: Publication, *, is_version: bool) -> bool:
    """Whether two titles are nearly the same; a preprint's may differ more from the paper's."""
    mine, theirs = _words(one), _words(other)
    if mine == theirs or min(len(mine), len(theirs)) < FEWEST_WORDS:
        return mine == theirs
    if not is_version:
        return are_near(mine, theirs)
    numbers = ({word for word in words if not word.isalpha()} for words in (mine, theirs))
    matcher = SequenceMatcher(None, " ".join(mine)[:300], " ".join(theirs)[:300], autojunk=False)
    return (
        len({frozenset(item) for item in numbers}) == 1
        and matcher.real_quick_ratio() > _ALIKE
        and matcher.quick_ratio() > _ALIKE
        and matcher.ratio() > _ALIKE
    )


def _share_author(one: Publication, other: Publication) -> bool:
    mine, theirs = (
        {fold(author.name.family) for author in (*pub.authors, *pub.editors)}
        for pub in (one, other)
    )
    return bool(mine & theirs) or not (mine and theirs)
