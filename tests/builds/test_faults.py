"""Bad input: one message each, with file, line, key and remedy, until it is mended.

Sources with faults are written here with marks such as ``⟦missing comma⟧``: each names a fault and
stands on the line that the message must point to.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest

from tests.builds.sites import Build, Warned, differences

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.builds.sites import Site

_MARK: Final = re.compile("⟦[^⟧]*⟧")

GOOD: Final = [
    "meier2025steady",
    "meier2025clear",
    "okafor2024three",
    "fuchs2024early",
    "hall2023thesis",
    "garcia2022accents",
]


@dataclass(frozen=True)
class Fault:
    """What must be said about one fault.

    Attributes:
        about: A text that only this message has.
        key: The entry, person or name concerned.
        remedy: What the message must suggest (a regular expression).
    """

    file: str
    about: str
    key: str
    remedy: str


ENTRIES: Final = r"""
@article{slip2021comma,
  title   = {A Missing Comma}⟦missing comma⟧
  author  = {Comma, Carl},
  journal = {Journal of Slips},
  year    = {2021},
}

@article{slip2021brace,
  title   = {A Missing Brace,⟦missing brace⟧
  author  = {Brace, Bob},
  journal = {Journal of Slips},
  year    = {2021},
}

@article{slip2021end,⟦missing end⟧
  title   = {A Missing End},
  author  = {End, Edna},
  journal = {Journal of Slips},
  year    = {2021},

@artcle{slip2021type,⟦unknown type⟧
  title   = {An Unknown Type},
  author  = {Type, Tim},
  journal = {Journal of Slips},
  year    = {2021},
}

@article{slip2021author,⟦missing author⟧
  title   = {A Missing Author},
  journal = {Journal of Slips},
  year    = {2021},
}

@article{slip2021year,⟦missing year⟧
  title   = {A Missing Year},
  author  = {Year, Yan},
  journal = {Journal of Slips},
}

@article{slip2021words,
  title   = {A Year in Words},
  author  = {Words, Will},
  journal = {Journal of Slips},
  year    = {twenty twenty-one},⟦year in words⟧
}

@article{slip2021byte,
  title   = {A Byte},
  author  = {M£ller, Max},⟦not UTF-8⟧
  journal = {Journal of Slips},
  year    = {2021},
}

@article{slip2021string,
  title   = {An Undefined Abbreviation},
  author  = {String, Stan},
  journal = jnope,⟦undefined string⟧
  year    = {2021},
}

@article{slip2021percent,
  title   = {Nearly 95% of It},⟦bare per cent⟧
  author  = {Percent, Pia},
  journal = {Journal of Slips},
  year    = {2021},
}

@article{slip2021field,
  title   = {An Unknown Field},
  author  = {Field, Fay},
  journal = {Journal of Slips},
  pagess  = {1--2},⟦unknown field⟧
  year    = {2021},
}

@article{slip2021direction,
  title     = {An Unknown Direction},
  author    = {Direction, Dora},
  journal   = {Journal of Slips},
  year      = {2021},
  direction = {quiet-modles},⟦unknown direction⟧
}
"""

KEYS: Final = r"""
@article{fuchs2024early,⟦same key⟧
  title   = {The Same Key},
  author  = {Same, Sam},
  journal = {Journal of Slips},
  year    = {2020},
}

@article{Hall2023Thesis,⟦key by case⟧
  title   = {The Same Key in Capitals},
  author  = {Case, Carla},
  journal = {Journal of Slips},
  year    = {2020},
}

@article{../x,⟦key with slash⟧
  title   = {A Way Out},
  author  = {Out, Otto},
  journal = {Journal of Slips},
  year    = {2020},
}

@article{index,⟦reserved key⟧
  title   = {A Reserved Key},
  author  = {Reserved, Rita},
  journal = {Journal of Slips},
  year    = {2020},
}
"""

PEOPLE: Final = """
- id: ben-silva
  name: Ben Silva
  role: PhD student
  aliases:
    - Silva, Ben
    - Meier, Anna⟦alias of two⟧
  directions:
    - clear-imagse⟦direction of a person⟧
"""

NEWS: Final = """---
date: "2023-03"
people: [anna-meier, chidi-okafro]⟦person in news⟧
publications: [meier2025clear, fuchs2024erly]⟦publication in news⟧
---

# An old item

% One paragraph, in place of this line. To link: {person}`id`.⟦paragraph to write⟧
"""

PAGE: Final = """
# Slips

Nobody wrote {cite:p}`meier2025staedy`.⟦cite⟧

Nobody is called {person}`ana-meier`.⟦person role⟧

Nothing is called {pub}`okafor2024tree`.⟦pub role⟧

```{publications}⟦person option⟧
:person: tom-hal
```

```{publications}⟦direction option⟧
:direction: quiet-models, quit-models
```

```{publications}
:group-by: decade⟦grouping⟧
```

```{publications}
:year: soon⟦year option⟧
```

```{people}
:status: retired⟦status⟧
```
"""

BIB: Final = "references.bib"
SLIPS: Final = "docs/slips.md"
OLD: Final = "docs/news/2023-03-old.md"

FAULTS: Final[dict[str, dict[str, Fault]]] = {
    "entries": {
        "missing comma": Fault(BIB, "slip2021comma", "slip2021comma", "Add the comma"),
        "missing brace": Fault(BIB, "slip2021brace", "slip2021brace", r"Add the \}"),
        "missing end": Fault(BIB, "slip2021end", "slip2021end", r"Add a \}"),
        "unknown type": Fault(BIB, "artcle", "slip2021type", "Did you mean 'article'"),
        "missing author": Fault(BIB, "no author", "slip2021author", "Add author ="),
        "missing year": Fault(BIB, "no year", "slip2021year", "Add year ="),
        "year in words": Fault(BIB, "twenty twenty-one", "slip2021words", "four digits"),
        "not UTF-8": Fault(BIB, "UTF-8", "slip2021byte", "Save the file as UTF-8"),
        "undefined string": Fault(BIB, "jnope", "slip2021string", "@string"),
        "bare per cent": Fault(BIB, "bare %", "slip2021percent", r"Write \\%"),
        "unknown field": Fault(BIB, "pagess", "slip2021field", "Did you mean 'pages'"),
        "unknown direction": Fault(
            BIB, "quiet-modles", "slip2021direction", "Did you mean 'quiet-models'"
        ),
    },
    "keys": {
        "same key": Fault(BIB, "'fuchs2024early'", "fuchs2024early", "another key"),
        "key by case": Fault(BIB, "'Hall2023Thesis'", "hall2023thesis", "another key"),
        "key with slash": Fault(BIB, "'../x'", "../x", "use only A–Z"),
        "reserved key": Fault(BIB, "'index' is reserved", "index", "another key"),
    },
    "pages": {
        "alias of two": Fault("people.yml", "alias", "ben-silva", "Delete it from one"),
        "direction of a person": Fault(
            "people.yml", "clear-imagse", "ben-silva", "Did you mean 'clear-images'"
        ),
        "paragraph to write": Fault(OLD, "not written yet", "page", "Write the paragraph"),
        "person in news": Fault(OLD, "chidi-okafro", "chidi-okafro", "Did you mean 'chidi-okafor'"),
        "publication in news": Fault(
            OLD, "fuchs2024erly", "fuchs2024erly", "Did you mean 'fuchs2024early'"
        ),
        "cite": Fault(SLIPS, "staedy", "meier2025staedy", "Did you mean 'meier2025steady'"),
        "person role": Fault(SLIPS, "ana-meier", "ana-meier", "Did you mean 'anna-meier'"),
        "pub role": Fault(SLIPS, "2024tree", "okafor2024tree", "Did you mean 'okafor2024three'"),
        "person option": Fault(SLIPS, "tom-hal", "tom-hal", "Did you mean 'tom-hall'"),
        "direction option": Fault(SLIPS, "quit-", "quit-models", "Did you mean 'quiet-models'"),
        "grouping": Fault(SLIPS, "decade", "group-by", "year.*type.*direction"),
        "year option": Fault(SLIPS, "soon", "year", "2020-2024"),
        "status": Fault(SLIPS, "retired", "status", "current, visitor, alumni"),
    },
    "yaml": {
        "broken YAML": Fault("people.yml", "YAML", "chidi-okafor", "Check colons"),
    },
}

LISTED: Final[dict[str, list[str]]] = {  # publications beside the good ones
    "entries": re.findall(r"@\w+\{(.*?),", ENTRIES),
    "keys": re.findall(r"@\w+\{(.*?),", KEYS),
    "pages": [],
    "yaml": [],
}


def _break_entries(site: Site) -> dict[str, str]:
    marked = site.read(BIB) + ENTRIES
    site.write(BIB, _MARK.sub("", marked).encode("utf-8").replace("£".encode(), b"\xfc"))
    return {BIB: marked}


def _break_keys(site: Site) -> dict[str, str]:
    return _write(site, {BIB: site.read(BIB) + KEYS})


def _break_pages(site: Site) -> dict[str, str]:
    site.edit("docs/index.md", "news/index\n", "news/index\nslips\n")
    site.edit("docs/news/index.md", "2024-05-start\n", "2024-05-start\n2023-03-old\n")
    return _write(site, {"people.yml": site.read("people.yml") + PEOPLE, OLD: NEWS, SLIPS: PAGE})


def _break_yaml(site: Site) -> dict[str, str]:
    good = "name: Chidi Okafor\n  role: PhD student\n"
    broken = "name: Chidi Okafor\n  role: PhD: student⟦broken YAML⟧\n"
    return _write(site, {"people.yml": site.read("people.yml").replace(good, broken)})


def _write(site: Site, marked: dict[str, str]) -> dict[str, str]:
    for file, text in marked.items():
        site.write(file, _MARK.sub("", text))
    return marked


BREAK: Final = {
    "entries": _break_entries,
    "keys": _break_keys,
    "pages": _break_pages,
    "yaml": _break_yaml,
}


@dataclass(frozen=True)
class Story:
    """A site broken, built twice into the same folders, mended and built again.

    Attributes:
        lines: Fault → the line where it stands.
        publications: Keys in the whole list of the second build.
        people: Ids on its people page.
        strays: Files and folders that appeared or disappeared outside the output.
    """

    lines: dict[str, int]
    first: Build
    second: Build
    publications: list[str]
    people: list[str]
    strays: set[str]
    mended: Build
    remains: list[str]

    def about(self, fault: Fault) -> list[Warned]:
        """Return the warnings about a fault."""
        return [item for item in self.first.warnings() if fault.about in said(item)]


def said(warned: Warned) -> str:
    """Return what a warning says, without the place in front."""
    return warned.text.partition("WARNING: ")[2] or warned.text


def tell(site: Site, group: str) -> Story:
    good = {path: path.read_bytes() for path in site.root.rglob("*.*") if path.is_file()}
    lines = {
        name: text[: text.index(f"⟦{name}⟧")].count("\n") + 1
        for text in BREAK[group](site).values()
        for name in FAULTS[group]
        if f"⟦{name}⟧" in text
    }
    before = site.sources()
    first, second = site.build(), site.build()
    strays = site.sources() ^ before
    papers = second.page("publications/index").select("[data-pub-key]")
    people = second.page("people/index").select(".ls-person[id]")
    for path in set(site.root.joinpath("docs").rglob("*.md")) - good.keys():
        path.unlink()
    for path, data in good.items():
        if path.read_bytes() != data:
            site.write(path.relative_to(site.root).as_posix(), data)
    mended, clean = site.build(), site.build(into="clean")
    return Story(
        lines=lines,
        first=first,
        second=second,
        publications=[str(item["data-pub-key"]) for item in papers],
        people=[str(item["id"]) for item in people],
        strays=strays,
        mended=mended,
        remains=differences(mended, clean),
    )


@pytest.fixture(scope="module")
def story(new_site: Callable[[], Site]) -> Callable[[str], Story]:
    """Return a function that tells a group's story, built only once."""
    return functools.cache(lambda group: tell(new_site(), group))


EACH = [(group, name) for group, faults in FAULTS.items() for name in faults]


@pytest.mark.parametrize(("group", "name"), EACH)
def test_one_message(story: Callable[[str], Story], group: str, name: str) -> None:
    assert len(story(group).about(FAULTS[group][name])) == 1, story(group).first.stderr


@pytest.mark.parametrize(("group", "name"), EACH)
def test_message_names_file_and_line(story: Callable[[str], Story], group: str, name: str) -> None:
    fault = FAULTS[group][name]
    (warned,) = story(group).about(fault)[:1]
    assert (warned.file, warned.line) == (fault.file, story(group).lines[name]), warned.text


@pytest.mark.parametrize(("group", "name"), EACH)
def test_message_names_key_and_remedy(story: Callable[[str], Story], group: str, name: str) -> None:
    fault = FAULTS[group][name]
    (warned,) = story(group).about(fault)[:1]
    assert fault.key in said(warned)
    assert re.search(fault.remedy, said(warned)), warned.text


@pytest.mark.parametrize("group", FAULTS)
def test_build_ends_and_fails(story: Callable[[str], Story], group: str) -> None:
    assert (story(group).first.status, story(group).second.status) == (1, 1)


@pytest.mark.parametrize("group", FAULTS)
def test_nothing_else_is_said(story: Callable[[str], Story], group: str) -> None:
    told = story(group)
    expected = {item.text for fault in FAULTS[group].values() for item in told.about(fault)}
    assert [item.text for item in told.first.warnings() if item.text not in expected] == []


@pytest.mark.parametrize(("group", "name"), EACH)
def test_said_again_until_mended(story: Callable[[str], Story], group: str, name: str) -> None:
    told = story(group)
    again = [item.text for item in told.second.warnings()]
    for item in told.about(FAULTS[group][name]):
        assert again.count(item.text) == 1


@pytest.mark.parametrize("group", FAULTS)
def test_nothing_new_is_said_again(story: Callable[[str], Story], group: str) -> None:
    first, second = story(group).first.warnings(), story(group).second.warnings()
    assert {item.text for item in second} <= {item.text for item in first}


@pytest.mark.parametrize("group", FAULTS)
def test_silent_once_mended(story: Callable[[str], Story], group: str) -> None:
    mended = story(group).mended
    assert (mended.status, mended.stderr) == (0, "")
    assert story(group).remains == []


@pytest.mark.parametrize("group", FAULTS)
def test_no_entry_is_lost(story: Callable[[str], Story], group: str) -> None:
    assert sorted(story(group).publications) == sorted([*GOOD, *LISTED[group]])


@pytest.mark.parametrize("group", FAULTS)
def test_no_person_is_lost(story: Callable[[str], Story], group: str) -> None:
    everyone = ["anna-meier", "chidi-okafor", "lena-fuchs", "tom-hall"]
    assert story(group).people == everyone + ["ben-silva"] * (group == "pages")


@pytest.mark.parametrize("group", FAULTS)
def test_nothing_is_written_outside_the_output(story: Callable[[str], Story], group: str) -> None:
    assert story(group).strays == set()
