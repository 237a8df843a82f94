"""``people.yml`` → persons, with line numbers, and nothing lost to one person's slip."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import yaml

from labsite.diagnostics import Problem, suggest
from labsite.links import orcid_fault, safe_href, safe_path
from labsite.model import STATUSES, PartialDate, Person, Source, name_key
from labsite.textfile import read_text
from labsite.vocabulary import is_reserved_id
from labsite.yamltext import Refused, compose

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_ID: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LINE_END: Final = re.compile("[\\x85\\u2028\\u2029]")  # to YAML, not to editors
_ITEM: Final = re.compile(r"^-[ \t]", re.MULTILINE)
_ID_OR_NAME: Final = re.compile(r"^[- \t]*(id|name):[ \t]*(\S.*)$", re.MULTILINE)
_BLOCK_SCALAR: Final = re.compile(r":[ \t]+[|>][-+]?[ \t]*$")
_OTHER_LINE: Final = re.compile(r"^(?!\s*+#|---\s*+$).*\S", re.MULTILINE)
_LONGEST_VALUE: Final = 12  # lines
_LONGEST_FILE: Final = 1_000_000  # characters
_LONGEST_PERSON: Final = 50_000
_MOST_LINES: Final = 50
LONGEST_ID: Final = 150
_TEXTS: Final = ("role", "title", "affiliation", "programme", "next", "email", "photo")
_LISTS: Final = ("co_supervisors", "degrees", "aliases", "directions", "formerly")
KEYS: Final = frozenset({"id", "name", "status", "since", "links", *_TEXTS, *_LISTS})


@dataclass(frozen=True, slots=True)
class People:
    """What ``people.yml`` holds."""

    people: tuple[Person, ...] = ()
    problems: tuple[Problem, ...] = ()
    unread: frozenset[str] = frozenset()
    """The ids of those of whom only id and name could be read."""


def read_people(path: Path, shown_as: str) -> People:
    """Read ``people.yml``; ``shown_as`` is how messages name it. Nothing raises."""
    text, problems = read_text(path, shown_as)
    return parse_people(text, shown_as, problems)


def parse_people(text: str, shown_as: str, problems: Iterable[Problem] = ()) -> People:
    """Parse the text of ``people.yml``; ``problems`` found before are kept in front."""
    reader = _Reader(shown_as)
    reader.problems.extend(problems)
    reader.read(_LINE_END.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")))
    return People(tuple(reader.people), tuple(reader.problems), frozenset(reader.unread))


class _Reader:
    def __init__(self, path: str) -> None:
        self.path = path
        self.people: list[Person] = []
        self.ids: set[str] = set()
        self.unread: set[str] = set()
        self.alias_lines: dict[tuple[str, str], int] = {}
        self.problems: list[Problem] = []

    def problem(self, line: int, what: str, remedy: str, subtype: str = "people_value") -> None:
        self.problems.append(Problem(self.path, line, subtype, what, remedy))

    def read(self, text: str) -> None:
        """Read the whole file, or, if it is not YAML, each person on their own."""
        if len(text) > _LONGEST_FILE:  # YAML reads some 100,000 characters a second
            self._read_apart(text)
        else:
            self._read_whole(text)
        self._check_aliases()

    def _read_whole(self, text: str) -> None:
        try:
            root = compose(text)
        except yaml.YAMLError:
            self._read_apart(text)
            return
        if isinstance(root, yaml.SequenceNode) or not _ITEM.search(text):
            self._read_list(root, 0)
        else:  # a line in front of them all has made them part of something else
            self._read_apart(text)

    def _read_apart(self, text: str) -> None:
        starts = [match.start() for match in _ITEM.finditer(text)] or [0]
        if before := _OTHER_LINE.search(text, 0, starts[0]):
            line = text.count("\n", 0, before.start()) + 1
            what = f"The line {before[0].strip()!r} belongs to no person."
            self.problem(line, what, "Delete it, or begin it with '#'.", "people_syntax")
        offset = text.count("\n", 0, starts[0])
        for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
            block = text[start:end]
            try:
                if len(block) > _LONGEST_PERSON:
                    raise Refused(problem=f"it is longer than {_LONGEST_PERSON:,} characters")
                self._read_list(compose(block), offset)
            except yaml.YAMLError as error:
                self._salvage(block, offset, error)
            offset += block.count("\n")

    def _salvage(self, block: str, offset: int, error: yaml.YAMLError) -> None:
        """Report a person who is not YAML, and keep at least the id and the name."""
        mark = getattr(error, "problem_mark", None)
        broken = 0 if len(block) > _LONGEST_PERSON else _first_broken_line(block)
        line = offset + (broken or (mark.line + 1 if mark else 1))
        reason = getattr(error, "problem", None) or "this cannot be read"
        lines = islice(_ID_OR_NAME.finditer(block), _MOST_LINES)
        found = {match[1]: _scalar(match[2]) for match in lines}
        who = found.get("id") or "?"
        self.problem(
            line,
            f"Person {who!r} is not well-formed YAML here or on the line above: {reason}.",
            "Check colons, quotation marks and indentation.",
            "people_syntax",
        )
        if is_person_id(who) and not is_reserved_id(who) and who not in self.ids:
            name = found.get("name") or who
            self._add(Person(who, name, Source(self.path, offset + 1)))
            self.unread.add(who)

    def _add(self, person: Person) -> None:
        self.people.append(person)
        self.ids.add(person.id)

    def _read_list(self, root: yaml.Node | None, offset: int) -> None:
        if root is None or root.tag.endswith(":null"):
            return
        if not isinstance(root, yaml.SequenceNode):
            what = "The file is not a list of people."
            self.problem(
                offset + root.start_mark.line + 1, what, "Begin every person with '- id: …'."
            )
            return
        for node in root.value:
            line = offset + node.start_mark.line + 1
            if isinstance(node, yaml.MappingNode):
                self._read_person(node, line, offset)
            else:
                self.problem(line, "This is not a person.", "Begin every person with '- id: …'.")

    def _read_person(self, node: yaml.MappingNode, line: int, offset: int) -> None:
        values: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            key = str(key_node.value)
            at = offset + key_node.start_mark.line + 1
            if key not in KEYS:
                remedy = suggest(key, KEYS) or f"Known are {', '.join(sorted(KEYS))}."
                self.problem(at, f"{key!r} is not known for a person.", remedy)
            elif key in values:
                self.problem(at, f"{key!r} is given twice; the first is used.", "Keep one of them.")
            else:
                values[key] = value
        identity = self._text(values, "id", offset)
        name = self._text(values, "name", offset)
        if not is_person_id(identity) or not name:
            self.problem(
                line,
                f"Person {identity or name or '?'!r} needs an id like 'given-family' and a name.",
                "Write the id in small ASCII letters, digits and hyphens, as in 'id: anna-meier', "
                f"{LONGEST_ID} at most.",
            )
            return
        if is_reserved_id(identity):
            what = f"The id {identity!r} is reserved: no person's page can have that name."
            self.problem(line, what, "Write another id, such as 'anna-meier'.")
            return
        if identity in self.ids:
            what = f"There are two people with the id {identity!r}; the first is used."
            self.problem(line, what, "Give each a different id.")
            return
        self._add(self._person(identity, name, values, Source(self.path, line), offset))

    def _person(
        self, identity: str, name: str, values: dict[str, yaml.Node], source: Source, offset: int
    ) -> Person:
        fields: dict[str, Any] = {key: self._text(values, key, offset) for key in _TEXTS}
        fields |= {key: self._texts(values, key, offset) for key in _LISTS}
        status = self._text(values, "status", offset) or "current"
        if status not in STATUSES:
            line = offset + values["status"].start_mark.line + 1
            remedy = f"Write one of {', '.join(STATUSES)}."
            self.problem(line, f"Person {identity!r} has the status {status!r}.", remedy)
            status = "alumni"
        if fields["photo"] and not safe_path(fields["photo"]):
            line = offset + values["photo"].start_mark.line + 1
            what = f"The photo of {identity!r}, {fields['photo']!r}, is no file of this site."
            self.problem(line, what, "Write its path from the folder of conf.py.")
            fields["photo"] = ""
        for alias, line in zip(
            fields["aliases"], self._lines(values, "aliases", offset), strict=True
        ):
            self.alias_lines[identity, alias] = line
        return Person(
            id=identity,
            name=name,
            source=source,
            status=status,
            since=self._since(values, identity, offset),
            links=self._links(values, identity, offset),
            direction_lines=self._lines(values, "directions", offset),
            photo_line=offset + values["photo"].start_mark.line + 1 if fields["photo"] else 0,
            **fields,
        )

    def _since(self, values: dict[str, yaml.Node], who: str, offset: int) -> PartialDate | None:
        text = self._text(values, "since", offset)
        try:
            return PartialDate.parse(text) if text else None
        except ValueError:
            line = offset + values["since"].start_mark.line + 1
            what = f"Person {who!r} has 'since: {text}', which is not a date."
            self.problem(line, what, 'Write "2024" or "2024-09", in quotation marks.')
            return None

    def _links(
        self, values: dict[str, yaml.Node], who: str, offset: int
    ) -> tuple[tuple[str, str], ...]:
        node = values.get("links")
        if node is None or node.tag.endswith(":null"):
            return ()
        if not isinstance(node, yaml.MappingNode):
            line = offset + node.start_mark.line + 1
            self.problem(line, f"The links of {who!r} are not 'name: address'.", "Mend them.")
            return ()
        links = []
        for key, value in node.value:
            if safe_href(str(value.value)) and isinstance(value, yaml.ScalarNode):
                links.append((str(key.value), str(value.value)))
                fault = orcid_fault(str(value.value)) if str(key.value).lower() == "orcid" else ""
                if fault:
                    line = offset + key.start_mark.line + 1
                    what = f"The ORCID iD of {who!r}, {value.value!r}, {fault}."
                    remedy = "Write it like https://orcid.org/0000-0002-1825-0097."
                    self.problem(line, what, remedy, "bib_link")
            else:
                line = offset + key.start_mark.line + 1
                what = f"The link {key.value!r} of {who!r} is not a web address; it is left out."
                self.problem(line, what, "Write the whole address, with https://.", "bib_link")
        return tuple(links)

    def _text(self, values: dict[str, yaml.Node], key: str, offset: int) -> str:
        node = values.get(key)
        if node is None or (isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null")):
            return ""
        if not isinstance(node, yaml.ScalarNode):
            line = offset + node.start_mark.line + 1
            self.problem(line, f"{key!r} is one text, not a list.", "Write it on one line.")
            return ""
        return " ".join(str(node.value).split())

    def _texts(self, values: dict[str, yaml.Node], key: str, offset: int) -> tuple[str, ...]:
        node = values.get(key)
        if node is not None and not _is_list_of_texts(node):
            line = offset + node.start_mark.line + 1
            self.problem(line, f"{key!r} is not a list of texts.", "Begin each with '- '.")
        return tuple(" ".join(str(item.value).split()) for item in _items(node))

    def _lines(self, values: dict[str, yaml.Node], key: str, offset: int) -> tuple[int, ...]:
        """Return the line of each of the texts that :meth:`_texts` returns."""
        return tuple(offset + item.start_mark.line + 1 for item in _items(values.get(key)))

    def _check_aliases(self) -> None:
        claimed: dict[str, Person] = {}
        for person in self.people:
            for alias in person.aliases:
                owner = claimed.setdefault(name_key(alias), person)
                if owner.id != person.id:
                    what = f"The alias {alias!r} is claimed by {owner.id!r} and {person.id!r}."
                    remedy = f"Delete it from one of them; until then {owner.id!r} has it."
                    line = self.alias_lines[person.id, alias]
                    self.problem(line, what, remedy, "people_alias")


def is_person_id(text: str) -> bool:
    """Whether a text can name a person and the person's page."""
    return len(text) <= LONGEST_ID and bool(_ID.fullmatch(text))


def _first_broken_line(block: str) -> int:
    """Return the first line, from 1, that no value in YAML begins with (an open quote, say), or 0.

    YAML notices such a line only where the text goes on, often far below.
    """
    lines = block.splitlines()
    start = 0
    while start < len(lines):
        ends = range(start + 1, min(start + 1 + _LONGEST_VALUE, len(lines) + 1))
        whole = next((end for end in ends if _is_yaml(lines[start:end])), None)
        if whole is None:
            return start + 1
        start = whole
        if _BLOCK_SCALAR.search(lines[whole - 1]):
            depth = _indent(lines[whole - 1])
            while start < len(lines) and (
                not lines[start].strip() or _indent(lines[start]) > depth
            ):
                start += 1
    return 0


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" -"))


def _is_yaml(lines: list[str]) -> bool:
    try:
        compose(textwrap.dedent("\n".join(lines)))
    except yaml.YAMLError:
        return False
    return True


def _scalar(text: str) -> str:
    """Read one value as YAML, or as it stands."""
    try:
        node = compose(text.strip())
    except yaml.YAMLError:
        return text.strip().strip("'\"")
    return str(node.value) if isinstance(node, yaml.ScalarNode) else text.strip()


def _is_list_of_texts(node: yaml.Node) -> bool:
    if isinstance(node, yaml.SequenceNode):
        return all(isinstance(item, yaml.ScalarNode) for item in node.value)
    return isinstance(node, yaml.ScalarNode)


def _items(node: yaml.Node | None) -> list[yaml.ScalarNode]:
    """Return the texts of a list, or the one text that stands in place of a list."""
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return [
        item
        for item in items
        if isinstance(item, yaml.ScalarNode)
        and not item.tag.endswith(":null")
        and item.value.strip()
    ]
