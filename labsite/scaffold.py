"""The command ``person``: what has to stand in the people file, where it has to stand, no more."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import yaml

from labsite.authors import ascii_of, nearly
from labsite.markup import visible
from labsite.model import STATUSES, name_key
from labsite.names import parse_names
from labsite.people import is_person_id, parse_people
from labsite.source import Edit
from labsite.vocabulary import is_reserved_id
from labsite.yamltext import compose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from labsite.entries import Entry
    from labsite.model import Person
    from labsite.source import Source

_TITLE: Final = re.compile(
    r"(?:^|\s)((?:Prof(?:essor)?|Dr|PD|Mrs?|Ms|Dipl)\b\.?)(?=\s)"
    r"|[,\s]\s*((?:Ph\.?\s?D|M\.D|MD|[BM]\.?Sc)\.?)$"
)


class NotMade(Exception):
    """Nothing was written; the message says why, and what to do instead."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to add to the people file.

    Attributes:
        name: ``Given Family`` or ``Family, Given``.
        id: Empty for the one that the name gives. One that is given says that this is somebody
            else than those with nearly the same name, and that the name is right as it is.
    """

    name: str
    id: str = ""
    role: str = ""
    status: str = "current"


@dataclass(frozen=True, slots=True)
class Block:
    """A person's block and its place.

    Attributes:
        text: The block.
        edit: What puts it, with blank lines, into the file.
        line: On which it will stand.
    """

    id: str
    text: str
    edit: Edit
    line: int


def make_person(new: NewPerson, source: Source, pages: Mapping[str, str] | None = None) -> Block:
    """Write a person's block: behind the last person of the same status.

    Args:
        new: Who.
        source: The people file.
        pages: Name → file of the pages beside those that are made of people.

    Raises:
        NotMade: The id or the name is taken, or the file cannot be added to.
    """
    _check_name(new)
    family, given = _divided(new.name)
    name = f"{given} {family}".strip()
    identity = new.id or _identity(given, family)
    example = "given-family in small ASCII letters, such as anna-meier"
    if is_reserved_id(identity):
        raise NotMade(f"The id {identity!r} is reserved. Name another with --id: {example}.")
    if not is_person_id(identity):
        raise NotMade(f"{identity or name!r} cannot be an id. Name one with --id: {example}.")
    people = parse_people(source.text, source.shown_as).people
    _check_new(name, people, source, is_sure=bool(new.id))
    _check_free(identity, people, source, pages or {})
    values = {"id": identity, "name": name, "role": new.role, "status": new.status}
    alias = f"{family}, {given}" if given else family
    lines = [f"{key}: {_scalar(value)}" for key, value in values.items() if value]
    text = "\n".join([f"- {lines[0]}", *(f"  {line}" for line in lines[1:]),
                      "  aliases:", f"    - {_scalar(alias)}"])  # fmt: skip
    block = _placed(identity, text, source, people, new.status)
    added = _check_whole(block, source, people)
    if (added.name, added.aliases) != (name, (alias,)):
        raise NotMade(f"{name!r} cannot be written so that it is read back. Add it by hand.")
    return block


def _divided(name: str) -> tuple[str, str]:
    """Return family and given names; ``Family, Given`` says itself which is which."""
    name = " ".join(visible(name).split())
    if "," in name:
        family, _, given = name.partition(",")
        return family.strip(), given.strip()
    parsed = parse_names(name)[0]
    if len(parsed) == 1 and parsed[0].display == name:
        return parsed[0].short, parsed[0].given
    return name, ""


def _identity(given: str, family: str) -> str:
    words = [word for word in given.split() if len(word.strip(".")) > 1]  # initials are left out
    parts = re.findall(r"[a-z0-9]+", ascii_of(" ".join([*words, family])))
    return "-".join(parts)


def _check_name(new: NewPerson) -> None:
    """Check that a name is a name, and is written like one.

    Raises:
        NotMade: It has a title, or no capital.
    """
    if title := _TITLE.search(new.name):
        said = (title[1] or title[2]).strip()
        hint = "Leave it out; people.yml has the key 'title' for it, which is shown."
        raise NotMade(f"{said!r} is a title, no part of the name. {hint}")
    if new.name.islower() and not new.id:
        raise NotMade(
            f"The name {new.name!r} is in small letters. Write {new.name.title()!r}; if it is "
            "right as it is, name the id with --id."
        )


def _check_new(name: str, people: Sequence[Person], source: Source, *, is_sure: bool) -> None:
    """Check that nobody is there who has this name, or who may be meant by it.

    Raises:
        NotMade: Somebody is.
    """
    for person in people:
        names = {name_key(text) for text in (person.name, *person.aliases)}
        if name_key(name) in names:
            where = f"{source.shown_as}:{person.source.line}"
            raise NotMade(f"{name} is there already, as {person.id!r} at {where}.")
    alike = [person for one in parse_names(name)[0] for person in nearly(one, people)]
    if alike and not is_sure:
        person = alike[0]
        raise NotMade(
            f"This may be {person.id!r} ({source.shown_as}:{person.source.line}). If it is, add "
            "the name to their aliases; if it is somebody else, name the id with --id."
        )


def _check_free(
    identity: str, people: Sequence[Person], source: Source, pages: Mapping[str, str]
) -> None:
    for person in people:
        earlier = {item.strip("/").removesuffix(".html").rpartition("/")[2]
                   for item in person.formerly}  # fmt: skip
        if identity in {person.id, *earlier}:
            where = f"{source.shown_as}:{person.source.line}"
            raise NotMade(f"The id {identity!r} is taken at {where}. Name another with --id.")
    if identity in pages:
        page = pages[identity]
        raise NotMade(f"The page {page} has the name {identity!r}. Name another id with --id.")


_EMPTY: Final = re.compile(
    r"(?:[ \t]*+(?:#[^\n]*+|---[ \t]*+)?\n)*+(\[\s*+\])[ \t]*+(?:#[^\n]*+)?\s*+(?:#[^\n]*+\s*+)*+"
)
"""A list of nobody, and comments."""


def _scalar(text: str) -> str:
    """Write a text so that YAML reads it as one: as it is where that does, else in quotes."""
    with suppress(yaml.YAMLError):
        node = compose(f"- x: {text}")
        if isinstance(node, yaml.SequenceNode) and isinstance(node.value[0], yaml.MappingNode):
            ((_, value),) = node.value[0].value
            if value.value == text and value.tag.endswith(":str") and " #" not in text:
                return text
    return json.dumps(text, ensure_ascii=False)


def _placed(
    identity: str, text: str, source: Source, people: Sequence[Person], status: str
) -> Block:
    """Find the place: behind the last person whose status comes no later, in the file's order."""
    rank = STATUSES.index(status)
    behind = [person for person in people if STATUSES.index(person.status) <= rank]
    starts = [0, *(match.end() for match in re.finditer("\n", source.text))]
    if not people and (nobody := _EMPTY.fullmatch(source.text)):
        line = source.text.count("\n", 0, nobody.start(1)) + 1
        return Block(identity, text, Edit(nobody.start(1), nobody.end(1), text), line)
    if not people:
        before = source.text.rstrip("\n")
        offset, written = len(source.text), f"{'' if not before else _gap(source.text)}{text}\n"
    elif behind:
        offset = _end_of(behind[-1], people, source.text, starts)
        written = f"\n\n{text}"
    else:
        offset, written = starts[people[0].source.line - 1], f"{text}\n\n"
    leading = len(written) - len(written.lstrip("\n"))
    line = source.text.count("\n", 0, offset) + leading + 1
    return Block(identity, text, Edit(offset, offset, written), line)


def _gap(text: str) -> str:
    return "\n" * max(0, 2 - (len(text) - len(text.rstrip("\n"))))


def _end_of(person: Person, people: Sequence[Person], text: str, starts: Sequence[int]) -> int:
    """Return the offset behind the last line of a person's block, before what is said of the next.

    A block has no line at the left edge but its first, and ends before the blank line that ends it.
    """
    place = list(people).index(person)
    start = starts[person.source.line - 1]
    following = people[place + 1].source.line if place + 1 < len(people) else len(starts) + 1
    end = starts[following - 1] if following <= len(starts) else len(text)
    lines = text[start:end].split("\n")
    count = 1
    for index, line in enumerate(lines[1:], start=1):
        if line[:1] in {" ", "\t"} and line.strip():
            count = index + 1
        elif line.strip():
            break
    return start + len("\n".join(lines[:count]))


def _check_whole(block: Block, source: Source, people: Sequence[Person]) -> Person:
    """Return the person added, if the file then has them, and all others as they were.

    Raises:
        NotMade: It would not.
    """
    edit = block.edit
    before = parse_people(source.text, source.shown_as)
    text = source.text[: edit.start] + edit.new + source.text[edit.end :]
    after = parse_people(text, source.shown_as)
    others = [_facts(person) for person in after.people if person.id != block.id]
    added = [person.source.line for person in after.people if person.id == block.id]
    as_before = others == [_facts(person) for person in people]
    is_no_list = bool(before.problems) and not before.people
    if (
        is_no_list
        or added != [block.line]
        or not as_before
        or len(after.problems) > len(before.problems)
    ):
        where = next((f" See line {problem.line}." for problem in before.problems), "")
        message = f"{source.shown_as} is not a plain list of people, so nothing was added."
        raise NotMade(f"{message}{where} Mend it, or add the person by hand.")
    return next(person for person in after.people if person.id == block.id)


def _facts(person: Person) -> Person:
    return replace(person, source=replace(person.source, line=0), direction_lines=(), photo_line=0)


def names_in(
    entries: Iterable[Entry], person: Person, people: Iterable[Person] = ()
) -> dict[str, int]:
    """Return spellings in entries that may mean a person and are nobody's alias, and how often."""
    known = {name_key(alias) for one in (person, *people) for alias in one.aliases}
    found: dict[str, int] = {}
    for entry in entries:
        for name in parse_names(entry.get("author"))[0]:
            if name_key(name.display) not in known and nearly(name, [person]):
                spelling = ", ".join(part for part in (name.short, name.suffix, name.given) if part)
                found[spelling] = found.get(spelling, 0) + 1
    return found
