"""Names as registries have them → ``author`` fields, and who of the group is meant."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from labsite.markup import plain_to_latex
from labsite.model import even_name
from labsite.names import parse_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from labsite.found import Contributor
    from labsite.model import Name, Person, Publication

_ORGANISATION: Final = re.compile(
    r"\b(?:consortium|collaboration|collaborators|group|initiative|investigators|network|society|"
    r"committee|project|team|university|institute|foundation)\b",
    re.IGNORECASE,
)
_SUFFIX: Final = re.compile(r",?\s+((?:Jr|Sr)\.?|II|III|IV)$")
_LETTER: Final = re.compile(r"(?<![^\s.-])([^\W\d_])(?=[\s-]|$)")
_RUN_TOGETHER: Final = re.compile(r"\.(?=[^\W\d_])")
_WORDS_BIBTEX_MINDS: Final = re.compile(r"\b(?:and|others)\b", re.IGNORECASE)
_UPPER_BEFORE_LOWER: Final = re.compile(r"\b[^\W\d_a-zß-ÿ]\w*\s+(?:\S+\s+)*[a-zß-ÿ]")
_AND_OTHERS: Final = re.compile(r"(?:and )?others|et\.? al\.?", re.IGNORECASE)
_SHOUTED_GIVEN: Final = re.compile(r"[^\W\d_]{4}|(?=[^\W\d_]{3})\w*[AEIOUYÄÖÜÁÉÍÓÚ]\w*")
"""No initials: ``JKL`` and ``LI`` may be some, ``ANA`` is not."""
_PARTICLES: Final = re.compile(
    r"^(?:(?:Van|Von|De|Del|Della|Der|Den|Dos|Das|Da|Di|Du|La|Le|Ten|Ter|Zu|Zur)\s+)+(?=\S)"
)
_TO_ASCII: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe", "ß": "ss",
     "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)  # fmt: skip


def ascii_of(text: str) -> str:
    """Return a text in small ASCII letters, as it is written in keys and ids: Brügger, bruegger."""
    text = unicodedata.normalize("NFC", text).lower().translate(_TO_ASCII)
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if char.isascii())


def name_list(contributors: Iterable[Contributor], known: Iterable[Publication]) -> str:
    """Write an ``author`` or ``editor`` field.

    Args:
        contributors: In their order.
        known: Publications whose authors tell where an undivided name is to be divided.
    """
    found = list(contributors)
    more = [item for item in found if _AND_OTHERS.fullmatch(_whole(item))]
    found = [item for item in found if item not in more]
    shouting = [item.family for item in found if item.family]
    is_shouted = bool(shouting) and all(name.isupper() and len(name) > 1 for name in shouting)
    undivided = any(item.name and not item.is_organisation for item in found)
    divisions = _divisions(known) if undivided else {}
    written = (_written(item, divisions, is_shouted=is_shouted) for item in found)
    names = [name for name in written if name.strip("{}, ")]
    return " and ".join([*names, "others"] if names and more else names)


def _whole(item: Contributor) -> str:
    return f"{item.given} {item.family or item.name}".strip()


def _divisions(known: Iterable[Publication]) -> dict[str, str]:
    """Map whole names to how they are divided in entries."""
    names = (author.name for pub in known for author in (*pub.authors, *pub.editors))
    return {name.display: _divided(name) for name in names if not name.corporate and name.given}


def _divided(name: Name) -> str:
    return _joined(name.short, name.given, name.suffix)


def _written(item: Contributor, divisions: Mapping[str, str], *, is_shouted: bool) -> str:
    if item.is_organisation:
        return f"{{{plain_to_latex(item.name)}}}"
    if not item.family:
        return _undivided(item.name, divisions)
    if _ORGANISATION.search(item.family) and not item.given:
        return f"{{{plain_to_latex(item.family)}}}"
    family = _spoken(item.family) if is_shouted else item.family
    given = _spoken(item.given) if is_shouted and _SHOUTED_GIVEN.search(item.given) else item.given
    return _joined(family, _initials_with_dots(given), item.suffix)


def _undivided(name: str, divisions: Mapping[str, str]) -> str:
    """Divide ``Given von Family, Jr``, as an entry does, or by BibTeX's rules."""
    name = _initials_with_dots(even_name(name))
    if name in divisions:
        return divisions[name]
    if _ORGANISATION.search(name):
        return f"{{{plain_to_latex(name)}}}"
    suffix = _SUFFIX.search(name)
    parsed, _, _ = parse_names(plain_to_latex(_SUFFIX.sub("", name).replace(",", " ")))
    if len(parsed) != 1 or not parsed[0].given:
        return _part(name)
    return _joined(parsed[0].short, parsed[0].given, suffix[1] if suffix else "")


def _joined(family: str, given: str, suffix: str) -> str:
    family = (
        f"{{{plain_to_latex(family)}}}" if _UPPER_BEFORE_LOWER.search(family) else _part(family)
    )
    return ", ".join(part for part in (family, suffix and _part(suffix), _part(given)) if part)


def _part(text: str) -> str:
    """Write one part of a name so that BibTeX takes it for one."""
    written = plain_to_latex(text.replace(",", " "))
    return f"{{{written}}}" if _WORDS_BIBTEX_MINDS.search(written) else written


def _initials_with_dots(given: str) -> str:
    """Write ``C F`` and ``C.F.`` as ``C. F.``; names are left alone."""
    return _LETTER.sub(
        lambda found: f"{found[1]}." if found[1].isupper() else found[1],
        _RUN_TOGETHER.sub(". ", given),
    )


def _spoken(name: str) -> str:
    words = re.sub(r"[^\W\d_]+", lambda found: found[0].capitalize(), name)
    return _PARTICLES.sub(lambda found: found[0].lower(), words)


# Who is meant ------------------------------------------------------------------------------------


def nearly(name: Name, people: Iterable[Person]) -> list[Person]:
    """Return the people who may be meant by a name that is none of their aliases.

    The family names are the same, but for accents, and the given names agree as far as both go: an
    initial agrees with every name that begins with it.
    """
    return [person for person in people if any(_agree(name, other) for other in _names_of(person))]


def _names_of(person: Person) -> list[Name]:
    return [name for text in (person.name, *person.aliases) for name in parse_names(text)[0]]


def _agree(one: Name, other: Name) -> bool:
    if one.corporate or ascii_of(one.short) != ascii_of(other.short):
        return False
    mine, theirs = _given(one), _given(other)
    return bool(mine and theirs) and all(
        a == b or (1 in {len(a), len(b)} and a[0] == b[0])
        for a, b in zip(mine, theirs, strict=False)
    )


def _given(name: Name) -> list[str]:
    return re.findall(r"[a-z]+", ascii_of(name.given))
