"""The commands ``person`` and ``news``: what has to stand there, where it has to stand, no more."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import yaml

from labsite.authors import ascii_of, nearly
from labsite.diagnostics import suggest
from labsite.lint import divided
from labsite.markup import visible
from labsite.model import STATUSES, PartialDate, name_key
from labsite.names import parse_names
from labsite.people import is_person_id, parse_people
from labsite.source import Edit
from labsite.yamltext import compose

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from labsite.entries import Entry
    from labsite.model import Person
    from labsite.source import Source

_SLUG_WORDS: Final = 6
_LONGEST_SLUG: Final = 60
_SKIPPED: Final = frozenset("a an the of in at on to for from with by and or our we is are".split())
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class NotMade(Exception):
    """Nothing was written; the message says why, and what to do instead."""


# A person ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to add to the people file.

    Attributes:
        name: ``Given Family`` or ``Family, Given``.
        id: Empty for the one that the name gives.
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


def make_person(new: NewPerson, source: Source) -> Block:
    """Write a person's block: behind the last person of the same status.

    Raises:
        NotMade: The id or the name is taken, or the file cannot be added to.
    """
    family, given = _divided(new.name)
    name = f"{given} {family}".strip()
    identity = new.id or _identity(given, family)
    if not is_person_id(identity):
        example = "given-family in small ASCII letters, such as anna-meier"
        raise NotMade(f"{identity or name!r} cannot be an id. Name one with --id: {example}.")
    people = parse_people(source.text, source.shown_as).people
    _check_free(identity, name, people, source)
    values = {"id": identity, "name": name, "role": new.role, "status": new.status}
    alias = f"{family}, {given}" if given else family
    lines = [f"{key}: {_scalar(value)}" for key, value in values.items() if value]
    text = "\n".join([f"- {lines[0]}", *(f"  {line}" for line in lines[1:]),
                      "  aliases:", f"    - {_scalar(alias)}"])  # fmt: skip
    block = _placed(identity, text, source, people, new.status)
    _check_whole(block, source, people)
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


def _check_free(identity: str, name: str, people: Sequence[Person], source: Source) -> None:
    for person in people:
        where = f"{source.shown_as}:{person.source.line}"
        names = {name_key(text) for text in (person.name, *person.aliases)}
        if name_key(name) in names:
            raise NotMade(f"{name} is there already, as {person.id!r} at {where}.")
        if identity in {person.id, *person.formerly}:
            raise NotMade(f"The id {identity!r} is taken at {where}. Name another with --id.")


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


def _check_whole(block: Block, source: Source, people: Sequence[Person]) -> None:
    """Check that the file then has one person more, and all others as they were.

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


def _facts(person: Person) -> Person:
    return replace(person, source=replace(person.source, line=0), direction_lines=(), photo_line=0)


def names_in(entries: Iterable[Entry], person: Person) -> dict[str, int]:
    """Return spellings in entries that may mean a person and are no alias, and how often."""
    known = {name_key(alias) for alias in person.aliases}
    found: dict[str, int] = {}
    for entry in entries:
        for name in parse_names(entry.get("author"))[0]:
            if name_key(name.display) not in known and nearly(name, [person]):
                spelling = ", ".join(part for part in (name.short, name.suffix, name.given) if part)
                found[spelling] = found.get(spelling, 0) + 1
    return found


# A news item -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewNews:
    """A news item to be.

    Attributes:
        slug: Empty for the one that the title gives.
    """

    title: str
    date: PartialDate
    publications: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    slug: str = ""


def make_news(new: NewNews, entries: Sequence[Entry], people: Sequence[Person]) -> tuple[str, str]:
    """Return the name and the text of a news item's file.

    Raises:
        NotMade: It names somebody or something that is not there, or gives no file name.
    """
    keys = {key for entry in entries for key in (entry.key, *divided(entry.get("ids")))}
    _check_names("publication", new.publications, keys)
    _check_names("person", new.people, {person.id for person in people})
    title = " ".join(visible(new.title).split())
    slug = new.slug or _slug(title)
    if not title or not _ID.fullmatch(slug):
        raise NotMade(
            f"{slug or new.title!r} cannot be part of a file name. Name one with --slug: small "
            "ASCII letters, digits and hyphens, such as miccai-papers."
        )
    listed = {
        "people": f"[{', '.join(new.people)}]" if new.people else "",
        "publications": f"[{', '.join(map(_scalar_in_list, new.publications))}]"
        if new.publications
        else "",
    }
    lines = [
        "---",
        f'date: "{new.date.iso}"',
        *(f"{name}: {value}" for name, value in listed.items() if value),
        "# description: One sentence for search engines. Take away the # in front.",
        "---",
        "",
        f"# {_heading(title)}",
        "",
        "% One paragraph, in place of this line. To link: {person}`id`, {pub}`key`, {cite:p}`key`.",
    ]
    return f"{new.date.iso}-{slug}.md", "\n".join(lines) + "\n"


def _check_names(kind: str, names: Sequence[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            raise NotMade(f"There is no {kind} {name!r}. {suggest(name, known)}".strip())


def _scalar_in_list(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z][\w.-]*", key) else json.dumps(key, ensure_ascii=False)


def _slug(title: str) -> str:
    words = re.findall(r"[a-z0-9]+", ascii_of(title))
    counted = [word for word in words if word not in _SKIPPED] or words
    slug = "-".join(counted[:_SLUG_WORDS])
    return slug[:_LONGEST_SLUG].rstrip("-")


def _heading(title: str) -> str:
    """Escape what Markdown, MyST and its math would take for something else."""
    return re.sub(r"([\\`*_{}\[\]<>$#])", r"\\\1", title)


def write_new(path: Path, text: str, shown_as: str) -> None:
    """Write a file that must not be there yet, whole or not at all.

    Raises:
        NotMade: It is there, or cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        try:
            os.link(temporary, path)  # unlike a rename, never in place of another file
        except FileExistsError:
            raise NotMade(f"{shown_as} is there already; name another with --slug.") from None
        except OSError:  # not every file system has links
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
    except FileExistsError:
        raise NotMade(f"{shown_as} is there already; name another with --slug.") from None
    except OSError as error:
        raise NotMade(f"{shown_as} cannot be written ({error.strerror}).") from error
    finally:
        temporary.unlink(missing_ok=True)
