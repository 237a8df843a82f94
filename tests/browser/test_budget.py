"""No page outgrows its budget; and the measure counts what a first visit moves."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tools.budget import BUDGETS, SITE, Budget, BudgetProblem, Load, measure, table
from tools.serve import serve

HOME = Budget("home", "index.html", 60, requests=10)


@pytest.fixture(scope="module")
def served(address: str) -> Iterator[str]:
    """The built site, compressed; `address` has seen to it that there is one."""
    with serve(SITE, compressed=True) as compressed:
        yield compressed


@pytest.mark.parametrize("budget", BUDGETS, ids=lambda budget: budget.title)
def test_page_keeps_to_its_budget(served: str, chromium: Browser, budget: Budget) -> None:
    page = budget.page(SITE)
    excess = measure(chromium, served + page).excess(budget)
    assert not excess, page


def noise(count: int) -> bytes:
    """Text that gzip makes no smaller than ``count`` bytes."""
    return base64.b64encode(random.Random(count).randbytes(count))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    head = '<link rel="icon" href="favicon.svg"><link rel="stylesheet" href="base.css">'
    pictures = '<img src="photo.jpg" alt=""><img src="drawing.svg" alt="">'
    script = "const late = document.createElement('script'); late.src = 'late.js';"
    (tmp_path / "index.html").write_text(
        f"<!DOCTYPE html><title>Home</title>{head}{pictures}{pictures}"
        f"<script>{script} onload = () => document.head.append(late);</script>"
    )
    (tmp_path / "404.html").write_text("<!DOCTYPE html><title>Not found</title>")
    (tmp_path / "base.css").write_text("p { color: black }\n" * 10_000)
    noisy = Image.frombytes("RGB", (300, 300), random.Random(0).randbytes(270_000))
    noisy.save(tmp_path / "photo.jpg", quality=95)
    (tmp_path / "drawing.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (tmp_path / "favicon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (tmp_path / "late.js").write_bytes(b"//" + noise(30_000))
    return tmp_path


def load(site: Path, chromium: Browser) -> Load:
    with serve(site, compressed=True) as address:
        return measure(chromium, f"{address}index.html")


def test_what_counts_is_compressed_and_counted_once(site: Path, chromium: Browser) -> None:
    found = load(site, chromium)
    sizes = {request.url.rpartition("/")[2]: request.size for request in found.requests}
    assert {"index.html", "base.css", "drawing.svg", "late.js"} <= set(sizes)
    assert set(sizes) <= {"index.html", "base.css", "drawing.svg", "late.js", "favicon.svg"}
    assert len(sizes) == len(found.requests)
    assert 200 < sizes["base.css"] < 2_000
    assert 30_000 < sizes["late.js"] < 31_500
    assert found.size == sum(sizes.values())
    [photo] = found.photos
    assert photo.size > (site / "photo.jpg").stat().st_size > 70_000
    assert found.excess(HOME) == []


def test_page_that_is_too_heavy_is_told_with_what_weighs_most(
    site: Path, chromium: Browser
) -> None:
    (site / "late.js").write_bytes(b"//" + noise(70_000))
    [message] = load(site, chromium).excess(HOME)
    assert "kB (limit 60; largest: late.js 7" in message


def test_picture_that_is_broken_off_counts(site: Path, chromium: Browser) -> None:
    (site / "photo.jpg").write_bytes(b"no picture" * 10_000)
    [photo] = load(site, chromium).photos
    assert photo.size > 0


def test_page_with_too_many_requests_is_told(site: Path, chromium: Browser) -> None:
    drawings = "".join(f'<img src="drawing.svg?{number}" alt="">' for number in range(9))
    with (site / "index.html").open("a") as page:
        page.write(drawings)
    [message] = load(site, chromium).excess(HOME)
    assert message.endswith("requests (limit 10)")


def test_missing_page_is_not_a_light_page(site: Path, chromium: Browser) -> None:
    with serve(site, compressed=True) as address, pytest.raises(BudgetProblem, match="status 404"):
        measure(chromium, f"{address}people.html")


def test_largest_page_of_a_kind_is_measured(tmp_path: Path) -> None:
    for name, size in (("index", 90), ("short", 10), ("long", 20)):
        (tmp_path / f"{name}.html").write_text("x" * size)
    assert Budget("a page", "*.html", 60).page(tmp_path) == "long.html"
    assert HOME.page(tmp_path) == "index.html"
    with pytest.raises(BudgetProblem, match="make html"):
        Budget("news", "news/*.html", 60).page(tmp_path)


def test_table_says_how_far_below_the_budget_a_page_is(site: Path, chromium: Browser) -> None:
    head, row = table([(HOME, "index.html", load(site, chromium))]).splitlines()
    assert head.split()[:3] == ["kB", "limit", "below"]
    title, size, limit, below, *_, page = row.split()
    assert (title, limit, page) == ("home", "60", "index.html")
    assert below == f"{1 - float(size) / 60:.0%}"
