"""What can still be read of a bib entry whose braces, quotes or commas do not match.

BibTeX gives such an entry up, and often what follows it too. But people write a field a line, and
an entry ends where the next line begins with ``@``: so each field is read by itself up to the line
where the next one begins, and the first thing that does not fit is the slip to report.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_FIELD: Final = re.compile(
    r"(?:^|(?<=,))[ \t]*([A-Za-z][\w:+-]*)[ \t]*=[ \t]*(?=[^\s,])", re.MULTILINE
)
_CLOSER: Final = re.compile(r"^[ \t]*[})][ \t]*$", re.MULTILINE)
_BARE: Final = re.compile(r"[^\s,{}()=\"#%']+")
_BEHIND_BARE: Final = re.compile(r"\s*+(?:[,#]|\Z)")  # "\Z" is also the end of what is looked at
_JOINED: Final = re.compile(r"\s*+#\s*+")
_SIGN: Final = re.compile(r'[{}"]')
_SPACE: Final = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Slip:
    """The first thing that is wrong: where, what, and what to do."""

    position: int
    what: str
    remedy: str


@dataclass(slots=True)
class Salvaged:
    """The fields as ``(name, value, position of the name)`` and the first slip."""

    fields: list[tuple[str, str, int]] = field(default_factory=list)
    slip: Slip | None = None

    def note(self, position: int, what: str, remedy: str) -> None:
        """Keep the first slip only: what follows may be its consequence."""
        if self.slip is None:
            self.slip = Slip(position, what, remedy)


def find_field(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return the first thing in ``text[start:end]`` that looks like ``name = value``."""
    return _FIELD.search(text, start, end)


def salvage(
    text: str, entry: int, start: int, end: int, expand: Callable[[str, int], str]
) -> Salvaged:
    """Read an entry field by field.

    Args:
        text: The whole file.
        entry: Offset of its ``@``.
        start: Offset behind its key.
        end: Offset where the next entry begins.
        expand: Returns what a bare word at an offset stands for.
    """
    found = Salvaged()
    names = list(_FIELD.finditer(text, start, end))
    closer = _CLOSER.search(text, names[-1].end() if names else start, end)
    stop = closer.start() if closer else end
    _check_rest(text, start, names[0].start() if names else stop, found)
    closed = closer is not None
    for index, name in enumerate(names):
        last = index + 1 == len(names)
        limit = stop if last else names[index + 1].start()
        value, behind = _value(text, name.end(), limit, found, name[1], expand)
        found.fields.append((name[1], value, name.start(1)))
        rest = text[behind:limit].strip(_SPACE + ",")
        if last and not closed and rest[:1] in {"}", ")"}:
            closed = True
        elif not last or closed or not rest.startswith("@"):
            _check_rest(text, behind, limit, found)
    if not closed:
        found.note(entry, "Its closing brace is missing.", "Add a } where the entry ends.")
    return found


def _check_rest(text: str, start: int, end: int, found: Salvaged) -> None:
    """Note what stands between two fields and is neither space nor comma."""
    commas = 0
    for position in range(start, end):
        char = text[position]
        commas += char == ","
        if char in _SPACE or (char == "," and commas == 1):
            continue
        if char == ",":
            found.note(position, "There is a comma too many.", "Delete it.")
        elif char in "})":
            found.note(position, f"There is a {char} too many.", f"Delete the {char}.")
        else:
            word = text[position:end].partition("\n")[0].strip()[:30]
            found.note(
                position, f"{word!r} is no field.", "Write it as name = {value}, or delete it."
            )
        return


def _value(
    text: str, start: int, end: int, found: Salvaged, name: str, expand: Callable[[str, int], str]
) -> tuple[str, int]:
    """Read the value that begins at ``start``, at most up to ``end``; return where it ends."""
    pieces: list[str] = []
    while True:
        piece, start = _piece(text, start, end, found, name, expand)
        pieces.append(piece)
        joined = _JOINED.match(text, start, end)
        if not joined:
            return "".join(pieces), start
        start = joined.end()


def _piece(
    text: str, start: int, end: int, found: Salvaged, name: str, expand: Callable[[str, int], str]
) -> tuple[str, int]:
    opener = text[start : start + 1]
    if opener in {"{", '"'}:
        closing = _closing(text, start, end)
        if closing is not None:
            return text[start + 1 : closing], closing + 1
        sign = "}" if opener == "{" else opener
        what = f"In field {name!r}, a closing {sign} is missing."
        found.note(start, what, f"Add the {sign} where the value ends.")
        return _trimmed(text[start + 1 : end], sign), end
    bare = _BARE.match(text, start, end)
    if bare and _BEHIND_BARE.match(text, bare.end(), end):
        return expand(bare[0], start), bare.end()
    line_end = text.find("\n", start, end)
    line_end = end if line_end < 0 else line_end
    found.note(start, f"The value of field {name!r} does not begin with a brace.", "Add the {.")
    return _trimmed(text[start:line_end], "}"), line_end


def _closing(text: str, start: int, end: int) -> int | None:
    """Return the offset of the sign that closes the one at ``start``, before ``end``."""
    quoted, depth = text[start] == '"', 0
    for sign in _SIGN.finditer(text, start, end):
        if quoted and sign[0] == '"' and depth == 0 and sign.start() > start:
            return sign.start()
        depth += {"{": 1, "}": -1}.get(sign[0], 0)
        if not quoted and depth == 0:
            return sign.start()
    return None


def _trimmed(value: str, sign: str) -> str:
    """Return an unclosed value without the comma behind it and what its closing would have been."""
    surplus = value.count("}") - value.count("{") - (sign == "}")
    end = len(value.rstrip(_SPACE + ","))
    while end and value[end - 1] in {sign, '"'} and surplus >= 0:
        surplus -= value[end - 1] == "}"
        end -= 1
        while end and value[end - 1] in _SPACE + ",":
            end -= 1
    return value[:end]
