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
import time as _time

_shift = float(os.environ.get("LATER", 0))
_real_time, _real_local, _real_utc = _time.time, _time.localtime, _time.gmtime
if _shift:
    _time.time = lambda: _real_time() + _shift
    _time.localtime = lambda at=None: _real_local(_time.time() if at is None else at)
    _time.gmtime = lambda at=None: _real_utc(_time.time() if at is None else at)
"""
"""In conf.py: the clock goes wrong by some seconds."""


@pytest.fixture(scope="module")
def first(new_site: Callable[[], Site]) -> Build:
    """Return a clean build by one process."""
    site = new_site()
    site.append("conf.py", LATER)
    return site.build("html", "-j", "1")


@pytest.mark.parametrize("jobs", [4, 8])
def test_number_of_processes_changes_nothing(
    new_site: Callable[[], Site], first: Build, jobs: int
) -> None:
    site = new_site()
    site.append("conf.py", LATER)
    assert differences(first, site.build("html", "-j", str(jobs))) == []


def test_day_zone_locale_seed_and_path_change_nothing(
    site: Site, first: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = site.root.with_name("Élsewhere, with a long name")
    site.append("conf.py", LATER)
    site.root.rename(moved)
    site.root = moved
    surroundings = {
        "LATER": str(400 * 86_400),
        "TZ": "Pacific/Kiritimati",
        "LANG": "tr_TR.UTF-8",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "12345",
        "SOURCE_DATE_EPOCH": "",
    }
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    assert differences(first, build) == []


def test_no_module_asks_what_day_it_is() -> None:
    asked = re.compile(r"\b(?:today|now|utcnow|localtime|gmtime|strftime)\(|time\.time\(\)")
    found = {
        path.stem
        for path in (REPOSITORY / "labsite").glob("*.py")
        if asked.search(path.read_text(encoding="utf-8"))
    }
    # the day on which somebody adds a paper or a news item: no build comes there
    assert found == {"making", "writing"}


def test_output_names_no_day_of_its_making(first: Build) -> None:
    today = time.strftime("%Y-%m-%d")
    texts = {name: data for name, data in first.files().items() if name.endswith((".html", ".xml"))}
    assert [name for name, data in texts.items() if today.encode() in data] == []
