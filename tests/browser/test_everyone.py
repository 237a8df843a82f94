"""Accessibility: axe-core on every kind of page, and no sideways scrolling on a narrow screen."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

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
    page = new_page(width=width, color_scheme=mode, reduced_motion="reduce")
    page.goto(address + name)
    page.wait_for_load_state("networkidle")
    results = Axe().run(page, options=OPTIONS)
    found = [
        (item["id"], node["target"], node.get("failureSummary", ""))
        for item in results.response["violations"]
        for node in item["nodes"]
    ]
    assert found == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_a_narrow_screen(new_page: NewPage, address: str, name: str) -> None:
    page = new_page(width=320)
    page.goto(address + name)
    wide = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right >
        innerWidth + 1).map((e) => e.outerHTML.slice(0, 120)).slice(0, 5)"""
    )
    assert wide == []
