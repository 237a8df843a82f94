"""The command ``news``: the page of a news item, and what is left to its writer."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from labsite.authors import ascii_of
from labsite.diagnostics import suggest
from labsite.frontmatter import PLACEHOLDER
from labsite.lint import divided
from labsite.markup import visible
from labsite.scaffold import NotMade

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from labsite.entries import Entry
    from labsite.model import PartialDate, Person

_SLUG_WORDS: Final = 6
_LONGEST_SLUG: Final = 60
_SKIPPED: Final = frozenset("a an the of in at on to for from with by and or our we is are".split())
_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


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
    if slug == "index":
        raise NotMade("The name 'index' is reserved. Name another with --slug.")
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
        f"{PLACEHOLDER} To link: {{person}}`id`, {{pub}}`key`, {{cite:p}}`key`.",
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
