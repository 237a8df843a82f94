"""Addresses: which ones a page may link to, and how identifiers become addresses."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote, urlsplit

_DOI: Final = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_DOI_PREFIX: Final = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_ARXIV: Final = re.compile(
    r"(?:(?:0[7-9]|1[0-4])(?:0[1-9]|1[0-2])\.[0-9]{4}"  # since 1501 there are five digits
    r"|(?:1[5-9]|[2-8][0-9])(?:0[1-9]|1[0-2])\.[0-9]{5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7})(?:v[0-9]+)?"
)
_ORCID: Final = re.compile(r"(?:https?://orcid\.org/)?((?:[0-9]{4}-){3}[0-9]{3}[0-9Xx])/?")
_RELATIVE: Final = re.compile(r"(?!/)[^\s:?#\\<>\"\x00-\x1f\x7f]+")

EPRINT_ARCHIVES: Final[dict[str, tuple[str, str]]] = {
    "arxiv": ("arXiv", "https://arxiv.org/abs/{}"),
    "medrxiv": ("medRxiv", "https://www.medrxiv.org/content/{}"),
    "biorxiv": ("bioRxiv", "https://www.biorxiv.org/content/{}"),
    "pubmed": ("PubMed", "https://pubmed.ncbi.nlm.nih.gov/{}/"),
    "hal": ("HAL", "https://hal.science/{}"),
    "openreview": ("OpenReview", "https://openreview.net/forum?id={}"),
    "jstor": ("JSTOR", "https://www.jstor.org/stable/{}"),
}
"""biblatex ``eprinttype`` → the archive's name and the address of an item in it."""


def plain_address(value: str) -> str:
    r"""Return an address or identifier without the escapes that LaTeX needs (``\_``, ``\%``)."""
    if "\\" not in value and value.isprintable():
        return value.strip()
    return re.sub(r"\\([_%&#$~{}])", r"\1", re.sub(r"[\x00-\x1f\x7f]", " ", value)).strip()


def safe_href(address: str) -> str:
    """Return the address if a page may link to it (http, https or mailto), else an empty string.

    Everything else, ``javascript:`` and ``data:`` above all, runs code in the reader's browser.
    Characters that no address may have (RFC 3986) come back percent-encoded.
    """
    address = re.sub(r"[\"<>\\^`{|}]", lambda found: quote(found[0]), address.strip())
    if any(char.isspace() or ord(char) < 32 for char in address):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.scheme in {"http", "https"} and parts.netloc:
        return address
    return address if parts.scheme == "mailto" and "@" in parts.path else ""


def safe_path(path: str) -> str:
    """Return a path relative to the site's root if it is one and stays inside, else ''."""
    path = path.strip()
    return path if _RELATIVE.fullmatch(path) and ".." not in path.split("/") else ""


def doi_of(value: str) -> str:
    """Return the bare DOI (``10.…``) in a field's value, or an empty string."""
    bare = _DOI_PREFIX.sub("", value.strip())
    if bare != value.strip() and "//" in value:  # an address, in which the slash may be encoded
        bare = unquote(bare)
    return bare if _DOI.fullmatch(bare) else ""


def doi_href(doi: str) -> str:
    """Return the address of a DOI (Crossref DOI display guidelines: ``https://doi.org/10.…``)."""
    return f"https://doi.org/{quote(doi, safe='/:;()._-+')}"


def eprint_link(value: str, archive: str) -> tuple[str, str]:
    """Return an eprint's archive name and address, or empty strings for an unknown archive."""
    name, pattern = EPRINT_ARCHIVES.get(archive.lower() or "arxiv", ("", ""))
    bare = eprint_number(value)
    return (name, pattern.format(quote(bare, safe="/:;()._-+"))) if name and bare else ("", "")


def eprint_number(value: str) -> str:
    """Return an eprint's number without what stands before it: ``arXiv:`` or an address."""
    prefix = r"^(?:arxiv:|https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/)"
    return re.sub(prefix, "", value.strip(), flags=re.IGNORECASE).removesuffix(".pdf")


def is_arxiv_number(value: str) -> bool:
    """Whether arXiv gives such numbers (arXiv's help, "arXiv identifier"): ``2501.01234v2``."""
    return bool(_ARXIV.fullmatch(value))


def orcid_fault(value: str) -> str:
    """Return what is wrong with an ORCID iD or its address (ISO 7064, 11-2), or an empty text."""
    found = _ORCID.fullmatch(value.strip())
    if not found:
        return "is not one"
    digits, total = found[1].replace("-", "").upper(), 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    is_right = digits[-1] == "0123456789X"[(12 - total % 11) % 11]
    return "" if is_right else "has a slip: its check digit does not add up"


def site_path(base: str) -> str:
    """Return the path of the site's public address: ``/`` or, under a prefix, ``/prefix/``."""
    return urlsplit(base).path or "/"


_HOSTS: Final = {
    "openreview.net": "OpenReview",
    "proceedings.mlr.press": "PMLR",
    "ieeexplore.ieee.org": "IEEE Xplore",
    "link.springer.com": "Springer",
    "dl.acm.org": "ACM",
    "papers.nips.cc": "NeurIPS",
    "papers.neurips.cc": "NeurIPS",
    "openaccess.thecvf.com": "CVF",
    "aclanthology.org": "ACL Anthology",
    "pubmed.ncbi.nlm.nih.gov": "PubMed",
    "zenodo.org": "Zenodo",
}


def address_label(address: str) -> str:
    """Return what a link to an entry's own address says: what is there, or who keeps it."""
    if urlsplit(address).path.lower().endswith(".pdf"):
        return "PDF"
    host = host_of(address)
    return _HOSTS.get(host, host) or "Email"


def host_of(address: str) -> str:
    """Return the host of an address without ``www.``, as the visible text of a link."""
    return (urlsplit(address).hostname or "").removeprefix("www.")
