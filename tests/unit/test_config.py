"""The extension's options: checked when they are read, and the message says what is expected."""

from typing import Any, cast

import pytest
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from labsite.config import OPTIONS, Options, read_options, register_options


def read(**values: Any) -> Options:
    settings = {f"labsite_{option.name}": option.default for option in OPTIONS}
    settings |= {f"labsite_{name}": value for name, value in values.items()}
    return read_options(cast("Config", settings))


def test_the_defaults_are_valid() -> None:
    options = read()
    for option in OPTIONS:
        assert getattr(options, option.name) == option.default
        assert option.help.endswith(".")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("people_file", "data/people.yml"),
        ("publications_page", "papers"),
        ("people_page", "team/all-people"),
        ("directions_folder", "research/directions"),
        ("news_folder", "neuigkeiten_ü"),
        ("repository", "https://example.org/group/site"),
        ("repository", ""),
    ],
)
def test_values_that_are_accepted(name: str, value: str) -> None:
    assert getattr(read(**{name: value}), name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("people_file", ""),
        ("people_file", 3),
        ("publications_page", ""),
        ("publications_page", "/publications/index"),
        ("publications_page", "publications/index.html"),
        ("publications_page", "../index"),
        ("publications_page", "a//b"),
        ("people_page", None),
        ("directions_folder", "research/"),
        ("news_folder", "a b"),
        ("repository", "github.com/group/site"),
        ("repository", "javascript:alert(1)"),
        ("repository", ["https://example.org"]),
    ],
)
def test_values_that_are_not(name: str, value: object) -> None:
    with pytest.raises(ConfigError) as error:
        read(**{name: value})
    message = str(error.value)
    assert message.startswith(f"conf.py: labsite_{name} = {value!r} is not ")
    assert message.endswith(".")


def test_the_repository_has_no_slash_at_its_end() -> None:
    assert read(repository="https://example.org/group/").repository == "https://example.org/group"


@pytest.mark.parametrize(
    ("page", "folder"), [("people/index", "people"), ("people", ""), ("a/b/c", "a/b")]
)
def test_people_have_their_pages_beside_the_overview(page: str, folder: str) -> None:
    assert read(people_page=page).people_folder == folder


def test_every_option_is_declared_to_sphinx_so_that_a_change_rebuilds() -> None:
    declared = {}

    class App:
        def add_config_value(self, name: str, default: str, rebuild: str, *_: object) -> None:
            declared[name] = (default, rebuild)

    register_options(cast("Sphinx", App()))
    assert declared == {f"labsite_{option.name}": (option.default, "env") for option in OPTIONS}
