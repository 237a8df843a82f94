"""The extension's options, each declared once with its default, type and meaning."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from sphinx.errors import ConfigError

from labsite.links import safe_href

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.config import Config


VERSION: Final = "0.1.0"
"""Of this package."""


def _docname(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"\w[\w-]*(?:/\w[\w-]*)*", value):
        raise ValueError("a document's name without its ending, such as 'publications/index'")
    return value


def _file(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("a file's path relative to conf.py")
    return value


def _address(value: Any) -> str:
    if not isinstance(value, str) or (value and not safe_href(value)):
        raise ValueError("a whole web address, or an empty text")
    return value.rstrip("/")


@dataclass(frozen=True, slots=True)
class Option:
    """One configuration value ``labsite_<name>``.

    Attributes:
        convert: Checks and normalises the value; raises ``ValueError`` saying what is expected.
        help: What it is for, for ``maintaining/configuration.md``.
    """

    name: str
    default: str
    convert: Callable[[Any], str]
    help: str


OPTIONS: Final = (
    Option("people_file", "people.yml", _file, "The file with everyone in the group."),
    Option("publications_page", "publications/index", _docname, "The page with the whole list."),
    Option("people_page", "people/index", _docname, "The page that shows everyone."),
    Option("directions_folder", "research", _docname, "The folder with a page per direction."),
    Option("news_folder", "news", _docname, "The folder with a page per news item."),
    Option("repository", "", _address, "The repository's address, for 'edit this page'."),
)


@dataclass(frozen=True, slots=True)
class Options:
    """The checked values of :data:`OPTIONS`, by name."""

    people_file: str
    publications_page: str
    people_page: str
    directions_folder: str
    news_folder: str
    repository: str

    @property
    def publications_folder(self) -> str:
        """The folder of the publications' pages: the one of ``publications_page``."""
        return self.publications_page.rpartition("/")[0]

    @property
    def people_folder(self) -> str:
        """The folder of the people's pages: the one of ``people_page``."""
        return self.people_page.rpartition("/")[0]


def bib_files(config: Config) -> Any:
    """Return ``bibtex_bibfiles``, whatever it is; if that is None, ``["references.bib"]``."""
    files = config.bibtex_bibfiles
    return ["references.bib"] if files is None else files


def read_options(config: Config) -> Options:
    """Read and check all options.

    Raises:
        ConfigError: One of them has a value that it cannot have.
    """
    values = {}
    for option in OPTIONS:
        value = config[f"labsite_{option.name}"]
        try:
            values[option.name] = option.convert(value)
        except ValueError as error:
            message = f"conf.py: labsite_{option.name} = {value!r} is not {error}."
            raise ConfigError(message) from None
    return Options(**values)


def register_options(app: Sphinx) -> None:
    """Declare every option to Sphinx."""
    assert {option.name for option in OPTIONS} == {field.name for field in fields(Options)}
    for option in OPTIONS:
        app.add_config_value(f"labsite_{option.name}", option.default, "env", (str,), option.help)
