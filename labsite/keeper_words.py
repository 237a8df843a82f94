"""How single values should be written: what the keeper's rules look for, and what mends it.

Each function is pure and knows one kind of value; a rule reports what the function would change,
``check --fix`` lets it.
"""

from __future__ import annotations

import re
from typing import Final

from labsite.links import doi_of, eprint_number, plain_address, safe_href

_TOKEN: Final = re.compile(r"\\[A-Za-z]+|\\.|.", re.DOTALL)
_BREAK: Final = re.compile(r"[\s/:,;.()!?\"`\[\]–—=+*~]")
_GROUP: Final = re.compile(r"\{[^{}]*\}")
_MAY_BE_LOOSE: Final = re.compile(
    r"[$\\]|[A-Za-z0-9'}][A-Z]|[A-Z]\S*[0-9]|[0-9]\S*[A-Z]|(?<![A-Za-z0-9])[A-Z](?![A-Za-z0-9])"
)
"""Whether it is worth to look closely: most titles have nothing of the kind."""
_LONGEST_TITLE: Final = 2_000  # what is longer is no title
_STARTER: Final = re.compile(r"(?:^|[:])\s*\Z")
_APOSTROPHES: Final = frozenset("'’")
_NO_NAMES: Final = frozenset({"RETRACTED", "WITHDRAWN", "ARTICLE"})
"""What publishers put before a title."""
_ALONE: Final = frozenset({"A", "I"})
"""Words of one capital that titles have anyway."""
_BEHIND_NAMES: Final = re.compile(
    r"\w+(?:ed|ing|ive|able|al|ous|ic)|Aware|Agnostic|Compatible|Dependent|Driven|Efficient|Free|"
    r"Invariant|Independent|Less|Level|Like|Only|Rich|Style|Type|Wide|to|To|and|And|in|In"
)
_BEFORE_NAMES: Final = re.compile(
    r"\w+(?:ed|ing|ive|able|al|ous|ic|ac)|Anti|Co|Cross|De|Full|High|Inter|Intra|Large|Low|Micro|Mini|Mono|Multi|Non|Post|Pre|Pro|Pseudo|"
    r"Quasi|Re|Real|Self|Semi|Single|Sub|Super|Ultra|Un|Weakly|Fully|Dual|Two|Three|and|And|to|To"
)
"""What stands at a hyphen beside a name and is no part of it, in titles with capitals."""


def loose_capitals(title: str) -> list[tuple[int, int]]:
    r"""Return the stretches of a title whose capitals BibTeX's styles make small.

    ``change.case$`` leaves what stands in braces, the first letter, and the first after a colon.
    A capital at the beginning of a word is no loss; in ``MRI``, ``PHiSeg``, ``T2``, ``U-Net`` or
    ``$T_2$`` it is.
    """
    bare = _GROUP.sub("{}", title)
    if len(title) > _LONGEST_TITLE or (bare.isascii() and not _MAY_BE_LOOSE.search(bare)):
        return []
    found: list[tuple[int, int]] = []
    for word in _words(title):
        offending = [_offends(title, part, word) for part in word]
        for index, part in enumerate(word):
            if offending[index] and not title.startswith("\\", part[0]):
                first, last = _widened(title, word, index, offending)
                found.append((word[first][0], word[last][1]))
    return [place for place in _joined(found) if title[slice(*place)] not in _NO_NAMES]


def protected(title: str) -> str:
    """Return a title with braces around its loose capitals."""
    for start, end in reversed(loose_capitals(title)):
        title = f"{title[:start]}{{{title[start:end]}}}{title[end:]}"
    return title


def is_shouted(title: str) -> bool:
    """Whether a title is written in capitals throughout: protecting them would be no help."""
    letters = [char for char in title if char.isalpha()]
    return len(title.split()) > 3 and sum(map(str.isupper, letters)) > 0.8 * len(letters)


_Part = tuple[int, int, str]  # from, to, and the characters outside braces; "$" marks a formula


def _words(title: str) -> list[list[_Part]]:
    """Divide a title into words, and those at hyphens into parts; braces and formulas are whole."""
    words: list[list[_Part]] = [[]]
    start, loose, depth, in_formula = 0, "", 0, False
    for token in [*_TOKEN.finditer(title), None]:
        char = token[0] if token else " "
        at = token.start() if token else len(title)
        is_free = depth == 0 and not in_formula
        if is_free and (char == "-" or _BREAK.fullmatch(char) or _is_quote(title, at)):
            if at > start:
                words[-1].append((start, at, loose))
            start, loose = at + 1, ""
            if char != "-":
                words.append([])
            continue
        if char == "$":
            in_formula = not in_formula
            loose += "$" if depth == 0 else ""
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth == 0 and char not in {"{", "}"} and not (char.startswith("\\") and len(char) > 1):
            loose += char
    return [word for word in words if word]


def _is_quote(title: str, at: int) -> bool:
    """Whether there is a quotation mark, not an apostrophe in a word."""
    if title[at : at + 1] not in _APOSTROPHES:
        return False
    return not (at and title[at - 1].isalpha() and title[at + 1 : at + 2].isalpha())


def _offends(title: str, part: _Part, word: list[_Part]) -> bool:
    start, _, loose = part
    capitals = [index for index, char in enumerate(loose) if char.isupper()]
    if not capitals:
        return False
    is_first = bool(_STARTER.search(title[:start]))
    if "$" in loose or any(char.isdigit() for char in loose):
        return not (is_first and capitals == [0] and "$" not in loose)
    bare = [char for char in loose if char.isalnum()]
    if len(bare) == 1:
        following = word[word.index(part) + 1 :]
        is_name = bool(following) and following[0][2][:1].isupper()
        return bare[0] not in _ALONE and (is_name or not is_first)
    return any(
        loose[index - 1].isalnum() or loose[index - 1] in _APOSTROPHES
        for index in capitals
        if index
    )


def _widened(title: str, word: list[_Part], index: int, offending: list[bool]) -> tuple[int, int]:
    """Take in the neighbours behind hyphens that belong to the same name.

    ``U-Net``, ``B-1``, ``nnU-Net``, ``MR-Linac``; not what only says something of it, as in
    ``MRI-based``, ``MRI-Guided`` and ``Non-MRI``.
    """

    def belongs(neighbour: int, to: int) -> bool:
        text = word[neighbour][2]
        is_single = len(word[to][2]) == 1 and text[:1].isupper()
        says_of = _BEHIND_NAMES if neighbour > to else _BEFORE_NAMES
        is_name = text[:1].isupper() and not says_of.fullmatch(text)
        return offending[neighbour] or is_single or is_name or not any(map(str.islower, text))

    first = last = index
    while first > 0 and word[first - 1][2] and belongs(first - 1, first):
        first -= 1
    while last + 1 < len(word) and word[last + 1][2] and belongs(last + 1, last):
        last += 1
    return first, last


def _joined(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join stretches that overlap."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


_NUMBER: Final = (
    r"(?:(?:[A-Za-z]{1,6}-)?[A-Za-z]{0,6}[0-9][\w.:]*(?:-[\w.:]+)*|[ivxlcdm]+|[IVXLCDM]+)"
)
_PAGES: Final = re.compile(rf"{_NUMBER}(?:\s*--\s*{_NUMBER})?(?:\+|\s?ff?\.?)?")
_LONE_HYPHEN: Final = re.compile(r"([A-Za-z]*)([0-9]+)\s*[-‐‑−]\s*([A-Za-z]*)([0-9]+)")
_RANGE: Final = re.compile(r"([A-Za-z]*)([0-9]+)\s*(?:-{1,3}|[‐‑−–—])\s*([A-Za-z]*)([0-9]+)")
_LONG_DASH: Final = re.compile(r"\s*(?:---|[–—])\s*")
_PAGE_WORD: Final = re.compile(r"^(?:pp?(?:\.[\s~]*|[\s~]+)|pp(?=[0-9]))", re.IGNORECASE)


def pages_fault(value: str) -> str:
    """Return what is wrong with a field ``pages``, or an empty text."""
    for piece in re.split(r"\s*[,;]\s*", value.strip()):
        if fault := _range_fault(piece):
            return fault
        if (lone := _LONE_HYPHEN.fullmatch(piece)) and lone[3] in {"", lone[1]}:
            return "a range is written with two hyphens"
        if _LONG_DASH.search(piece) and _PAGES.fullmatch(_LONG_DASH.sub("--", piece)):
            return "a range is written with two hyphens"
        if _PAGE_WORD.match(piece) or not _PAGES.fullmatch(piece):
            return f"{piece!r} is no page and no range"
    return ""


def _range_fault(piece: str) -> str:
    """Return what is wrong with the two ends of a range, however it is written."""
    ends = _RANGE.fullmatch(piece)
    if not ends or ends[3] not in {"", ends[1]} or not len(ends[2]) <= len(ends[4]) < 10:
        return ""
    if int(ends[4]) < int(ends[2]):
        return "the range ends before it begins"
    return "the range is one page" if int(ends[4]) == int(ends[2]) else ""


def mended_pages(value: str) -> str:
    """Return pages as BibTeX wants them, if they are sure; the value itself if not."""
    mended = _LONG_DASH.sub("--", _PAGE_WORD.sub("", value.strip()))
    mended = re.sub(rf"(?<![\w.:-]){_LONE_HYPHEN.pattern}(?![\w.:-])", r"\1\2--\3\4", mended)
    return value if pages_fault(mended) else mended


_NO_DOI: Final = re.compile(r"[^!-~]|[%?\\^`{|}\"]")
"""What no registered DOI has: it comes with an address, or from a slip."""
_OPENING: Final = {")": "(", "]": "[", ">": "<"}


def bare_doi(value: str) -> str:
    """Return a DOI without the address or the word before it, or a mark behind it.

    What is none comes back as it is.
    """
    plain = plain_address(value)
    found = doi_of(plain)
    while (shorter := _without_mark(found)) != found:
        found = shorter
    return found if doi_of(found) and found != plain else value


def _without_mark(doi: str) -> str:
    """Return a DOI without a mark of the sentence that it stood in."""
    doi = doi.rstrip(".,;:")
    opening = _OPENING.get(doi[-1:])
    return doi[:-1] if opening and doi.count(doi[-1]) > doi.count(opening) else doi


def impossible_in_doi(doi: str) -> str:
    """Return the first character of a DOI that none has, or an empty text."""
    found = _NO_DOI.search(doi)
    return found[0] if found else ""


def bare_eprint(value: str) -> str:
    """Return the number of an eprint without ``arXiv:`` or an address before it."""
    plain = plain_address(value)
    found = eprint_number(plain)
    return found if found and found != plain else value


_TWO_SCHEMES: Final = re.compile(r"https?:/*https?:", re.IGNORECASE)
_HOST: Final = re.compile(r"https?://(?:[^/@\s]*@)?([^/:?#\s]*)", re.IGNORECASE)


def address_fault(address: str) -> str:
    """Return what is wrong with a web address that a browser would take, or an empty text."""
    host = _HOST.match(address)
    if not host or not safe_href(address):  # no web address at all: the build says so
        return ""
    if _TWO_SCHEMES.match(address):
        return "it has https:// twice"
    name = host[1]
    if "." not in name.strip(".") and not name.startswith("["):
        return f"there is no host {host[1]!r}"
    if ".." in name or name.startswith(".") or "_" in name.rpartition(".")[2]:
        return f"{host[1]!r} is no host"
    return "it ends in a mark" if address[-1] in ".,;" else ""
