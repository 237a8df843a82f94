"""One commit gives one output: wherever, whenever and by however many processes it is built."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

from tests.builds.sites import REPOSITORY, differences

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.builds.sites import Build, Site

LATER = """
import os, sys

sys.path.insert(0, os.environ["LABSITE_ROOT"])
if "LATER" in os.environ:
    from tests.builds.clock import move

    move(float(os.environ["LATER"]))
"""
"""At the beginning of conf.py: the clock is wrong by some seconds."""

SOURCES = {".py", ".html", ".xml", ".svg", ".txt", ".toml"}
FAR = str(400 * 86_400)
DAYS = {
    "time": "time.strftime('%Y-%m-%d', time.gmtime(time.time()))",
    "known-time": "str(seconds() // 86_400)",
    "local": "time.strftime('%Y-%m-%d')",
    "date": "datetime.date.today().isoformat()",
    "datetime": "f'{datetime.datetime.now():%Y-%m-%d}'",
    "known-datetime": "f'{Known.now(datetime.UTC):%Y-%m-%d}'",
    "sphinx": "format_date('%Y-%m-%d', language='en')",
}
"""Page → how it comes to know what day it is."""
ASKING = f"""
import datetime
import time
from datetime import datetime as Known
from time import time as seconds

from sphinx.util.i18n import format_date

myst_enable_extensions += ["substitution"]
myst_substitutions = {{{", ".join(f'"{name}": {asked}' for name, asked in DAYS.items())}}}
"""


def with_clock(site: Site) -> Site:
    """Let a site's clock be as wrong as the variable LATER says."""
    site.write("conf.py", LATER + site.read("conf.py"))
    return site


@pytest.fixture(scope="module")
def first(new_site: Callable[[], Site]) -> Build:
    """Return a clean build by one process."""
    return with_clock(new_site()).build("html", "-j", "1")


@pytest.mark.parametrize("jobs", [4, 8])
def test_number_of_processes_changes_nothing(
    new_site: Callable[[], Site], first: Build, jobs: int
) -> None:
    site = with_clock(new_site())
    assert differences(first, site.build("html", "-j", str(jobs))) == []


def test_day_zone_locale_seed_and_path_change_nothing(
    site: Site, first: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = site.root.with_name("Élsewhere, with a long name")
    with_clock(site)
    site.root.rename(moved)
    site.root = moved
    surroundings = {
        "LATER": FAR,
        "TZ": "Pacific/Kiritimati",
        "LANG": "tr_TR.UTF-8",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "12345",
    }
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    assert differences(first, build) == []


def test_a_site_that_tells_the_day_would_be_noticed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_clock(site).append("conf.py", ASKING)
    for name in DAYS:
        text = f"---\norphan: true\n---\n\n# A page\n\nIt is {{{{ {name} }}}}.\n"
        site.write(f"docs/{name}.md", text)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    one = site.build()
    monkeypatch.setenv("LATER", FAR)
    other = site.build(into="later")
    assert (one.stderr, other.stderr) == ("", "")
    found = {line.partition(".html: ")[0] for line in differences(one, other)}
    assert found >= set(DAYS)
    assert "index" not in found


def test_nothing_asks_what_day_it_is() -> None:
    asked = re.compile(
        r"\b(?:today|now|utcnow|time_ns|localtime|gmtime|c?time|strftime)\(|last_updated|%Y"
    )
    files = [
        *(path for path in (REPOSITORY / "labsite").rglob("*") if path.suffix in SOURCES),
        *(path for path in (REPOSITORY / "_templates").rglob("*") if path.suffix in SOURCES),
        REPOSITORY / "conf.py",
    ]
    assert len(files) > 100
    found = {
        path.relative_to(REPOSITORY).as_posix()
        for path in files
        if asked.search(path.read_text(encoding="utf-8"))
    }
    assert found == {
        "labsite/build.py",  # compares when a build began with the times of its files
        "labsite/making.py",  # a command, on the day of a news item: no build comes there
        "labsite/writing.py",  # as above, on that of a new paper too
    }


def test_output_names_no_day_of_its_making(first: Build) -> None:
    today = time.strftime("%Y-%m-%d")
    texts = {name: data for name, data in first.files().items() if name.endswith((".html", ".xml"))}
    assert [name for name, data in texts.items() if today.encode() in data] == []
