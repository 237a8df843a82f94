"""What names a paper to ``add``: a DOI or an arXiv id, in any of its spellings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

_DOI: Final = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_DOI_IN_TEXT: Final = re.compile(r"(?<![\w.])10\.\d{4,9}(?:\.\d+)*/[^\s\"<>?#&]+")
_OLD_ARCHIVES: Final = (
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas "
    "cond-mat cs dg-ga funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin "
    "nucl-ex nucl-th patt-sol physics plasm-ph q-alg q-bio quant-ph solv-int supr-con"
).split()
_NUMBER: Final = (
    rf"(?:\d{{4}}\.\d{{4,5}}|(?:{'|'.join(_OLD_ARCHIVES)})(?:\.[A-Z]{{2}})?/\d{{7}})(?:v\d+)?"
)
_ARXIV: Final = re.compile(rf"(?:arxiv\s*:\s*)?({_NUMBER})", re.IGNORECASE)
_ARXIV_ADDRESS: Final = re.compile(
    rf"(?:arxiv\.org|alphaxiv\.org|ar5iv\.(?:labs\.arxiv\.)?org)/[a-z]+/({_NUMBER})"
    r"(?:\.pdf)?/?(?:[?#].*)?$",
    re.IGNORECASE,
)
_ARXIV_DOI: Final = re.compile(rf"10\.48550/arxiv\.({_NUMBER})", re.IGNORECASE)
_DOI_PREFIX: Final = re.compile(
    r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi:\s*)", re.IGNORECASE
)
_NATURE: Final = re.compile(
    r"nature\.com/articles/([\w.-]+?)(?:\.pdf)?/?(?:[?#].*)?$", re.IGNORECASE
)
# what publishers' addresses put behind the DOI of the paper that they show
_BEHIND: Final = re.compile(
    r"/(?:full|abstract|pdf|epdf|epub|meta|html|summary|fulltext|references|download)$"
    r"|\.full(?:\.pdf|-text)?$|\.pdf$|\.html$",
    re.IGNORECASE,
)
_BIORXIV: Final = re.compile(r"(10\.(?:1101|64898)/[\d.]+)v\d.*", re.IGNORECASE)
HELP: Final = (
    "Give a DOI (10.1000/abc, also as doi:… or https://doi.org/…), an arXiv id (2104.12345, "
    "cs/0112017, also as an arxiv.org address), or a publisher's address that contains the DOI."
)


class NotAnIdentifier(ValueError):
    """The text names no paper; the message says why, and what would."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A name of a paper.

    Attributes:
        kind: ``doi`` or ``arxiv``.
        value: The DOI in small letters, which DOIs do not tell from capitals; or the arXiv id
            without its version.
    """

    kind: str
    value: str

    def __str__(self) -> str:
        return f"arXiv:{self.value}" if self.kind == "arxiv" else self.value


def read_identifier(text: str) -> Identifier:
    """Read what a maintainer has typed or pasted.

    Raises:
        NotAnIdentifier: It is neither a DOI nor an arXiv id.
    """
    text = text.strip().strip("<>\"'").strip()
    if found := _ARXIV.fullmatch(text) or _ARXIV_ADDRESS.search(unquote(text)):
        return _arxiv(found[1])
    bare = _DOI_PREFIX.sub("", text, count=1)
    if bare != text and "//" in text:
        bare = unquote(bare)
    if _DOI.fullmatch(bare):
        return _doi(bare)
    if found := _NATURE.search(text):
        return _doi(f"10.1038/{found[1]}")
    if found := _DOI_IN_TEXT.search(unquote(text)):
        return _doi(_without_ending(found[0]) if "/" in text[: found.start()] else found[0])
    if re.match(r"https?://|www\.", text, re.IGNORECASE):
        raise NotAnIdentifier(f"There is no DOI or arXiv id in the address {text!r}. {HELP}")
    raise NotAnIdentifier(f"{text!r} is neither a DOI nor an arXiv id. {HELP}")


def _without_ending(doi: str) -> str:
    """Return the DOI that an address begins with, without what the publisher puts behind it."""
    if found := _BIORXIV.fullmatch(doi):
        return found[1]
    doi = doi.rstrip("/")
    while (shorter := _BEHIND.sub("", doi)) != doi and "/" in shorter:
        doi = shorter
    return doi


def _doi(text: str) -> Identifier:
    while (shorter := _without_mark(text)) != text:
        text = shorter
    if found := _ARXIV_DOI.fullmatch(text):
        return _arxiv(found[1])
    return Identifier("doi", text.lower())


def _without_mark(text: str) -> str:
    """Return a DOI without a mark of the sentence that it stood in."""
    text = text.rstrip(".,;:")
    opening = {")": "(", "]": "[", "}": "{"}.get(text[-1:])
    return text[:-1] if opening and text.count(text[-1]) > text.count(opening) else text


def _arxiv(text: str) -> Identifier:
    number = re.sub(r"v\d+$", "", text, flags=re.IGNORECASE)
    archive, slash, rest = number.partition("/")
    return Identifier("arxiv", f"{archive.split('.')[0].lower()}/{rest}" if slash else number)
