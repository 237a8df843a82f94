"""Accessibility: axe-core on every kind of page, and no sideways scrolling on a narrow screen."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage

PAGES = (
    "index.html",
    "overview.html",
    "research/index.html",
    "research/robustness-safety-uncertainty.html",
    "people/index.html",
    "people/christian-baumgartner.html",
    "people/susu-sun.html",
    "publications/index.html",
    "publications/woerner2024medimeta.html",
    "publications/sun2025attri.html",
    "resources.html",
    "news/index.html",
    "news/2025-12-08-medeurips.html",
    "teaching.html",
    "join.html",
    "privacy.html",
    "search.html",
    "404.html",
)
# target-size is WCAG 2.2 AA; axe-core leaves it off by default
OPTIONS: dict[str, Any] = {"rules": {"target-size": {"enabled": True}}}


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    new_page: NewPage, address: str, name: str, mode: str, width: int
) -> None:
    # a touch screen has no hovering: what comes with it is there all the time
    page = new_page(width=width, color_scheme=mode, reduced_motion="reduce", has_touch=width < 700)
    page.goto(address + name)
    page.wait_for_load_state("networkidle")
    assert violations(page) == []


def violations(page: Page) -> list[tuple[str, Any, str]]:
    """What axe-core finds on a page as it is now."""
    results = Axe().run(page, options=OPTIONS)
    return [
        (item["id"], node["target"], node.get("failureSummary", ""))
        for item in results.response["violations"]
        for node in item["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    """What sticks out of the screen to the right."""
    wide: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right >
        innerWidth + 1).map((e) => e.outerHTML.slice(0, 120)).slice(0, 5)"""
    )
    return wide


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_a_narrow_screen(new_page: NewPage, address: str, name: str) -> None:
    page = new_page(width=320)
    page.goto(address + name)
    assert too_wide(page) == []


@pytest.mark.parametrize("width", [1023, 1087, 1088, 1130, 1180, 1280])
def test_the_header_is_in_order_at_any_width(new_page: NewPage, address: str, width: int) -> None:
    page = new_page(width=width)
    page.goto(address)
    name = page.locator(".ls-brand").bounding_box()
    search = page.locator("a[data-ls-search]").bounding_box()
    assert name and search
    assert abs(name["y"] + name["height"] / 2 - search["y"] - search["height"] / 2) < 12
    assert search["x"] > width / 2
    assert name["y"] >= 4


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_open_bibtex_on_a_narrow_screen(new_page: NewPage, address: str, mode: str) -> None:
    page = new_page(width=320, color_scheme=mode, reduced_motion="reduce")
    page.goto(address + "publications/index.html")
    page.evaluate(
        "document.querySelectorAll('.ls-bibtex').forEach((item, n) => { item.open = n < 20; })"
    )
    opened = page.locator(".ls-bibtex[open] pre")
    expect(opened.first).to_be_visible()
    assert opened.count() == 20
    assert too_wide(page) == []
    inside = page.locator("article").evaluate("(item) => item.scrollWidth - item.clientWidth")
    assert inside <= 0, "the article itself scrolls sideways"
    assert violations(page) == []


def test_forced_colours_mark_one_item_of_the_menu(new_page: NewPage, address: str) -> None:
    page = new_page(forced_colors="active")
    page.goto(address + "publications/index.html")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    items = page.get_by_label("Main").get_by_role("link")
    assert items.count() > 1
    bordered = items.evaluate_all(
        """(links) => links.filter((link) => {
            const style = getComputedStyle(link);
            return ['Top', 'Right', 'Bottom', 'Left'].some((side) =>
                parseFloat(style[`border${side}Width`]) > 0 &&
                !['none', 'hidden'].includes(style[`border${side}Style`]));
        }).map((link) => link.textContent.trim())"""
    )
    current = page.get_by_label("Main").locator("[aria-current]:visible").all_inner_texts()
    # Any border is painted here, a transparent one too.
    assert bordered == current == ["Publications"]
