"""Keyboard alone, large type, forced colours, less motion (WCAG 2.2, levels A and AA)."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage

PAGES = (
    "index.html",
    "publications/index.html",
    "publications/woerner2024medimeta.html",
    "people/christian-baumgartner.html",
    "research/applications.html",
)

FOCUSED = """() => {
    const element = document.activeElement;
    const box = [...element.getClientRects()].find((rect) => rect.width && rect.height);
    if (!box || element === document.body) return null;
    const style = getComputedStyle(element);
    const x = Math.min(Math.max(box.left + Math.min(box.width, 20) / 2, 0), innerWidth - 1);
    const y = box.top + box.height / 2;
    const top = document.elementFromPoint(x, y);
    return {
        name: element.outerHTML.slice(0, 160),
        inside: y >= 0 && y <= innerHeight,
        uncovered: !!top && (element.contains(top) || top.contains(element)),
        outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    };
}"""


def walk(page: Page, stops: int) -> list[dict[str, Any]]:
    """Press Tab and return where the focus went."""
    found = []
    for _ in range(stops):
        page.keyboard.press("Tab")
        place = page.evaluate(FOCUSED)
        if place is None:
            break
        found.append(place)
    return found


@pytest.mark.parametrize("size", [(1280, 900), (320, 256)])
@pytest.mark.parametrize("name", PAGES)
def test_focus_is_seen_wherever_it_goes(
    new_page: NewPage, address: str, name: str, size: tuple[int, int]
) -> None:
    """The second size is a window of 1280 by 1024 pixels, enlarged four times."""
    page = new_page(width=size[0], height=size[1], reduced_motion="reduce")
    page.goto(address + name)
    places = walk(page, 45)
    assert len(places) > 15
    hidden = [place for place in places if not (place["inside"] and place["uncovered"])]
    assert hidden == []
    assert [place["name"] for place in places if not place["outlined"]] == []


def test_skip_link_comes_first_and_leads_past_the_menu(new_page: NewPage, address: str) -> None:
    page = new_page()
    page.goto(address + "publications/index.html")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("name", PAGES)
def test_large_type_needs_no_sideways_scrolling(new_page: NewPage, address: str, name: str) -> None:
    page = new_page(width=320, height=256)
    page.goto(address + name)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_forced_colours_keep_controls_and_marks(new_page: NewPage, address: str) -> None:
    page = new_page(forced_colors="active")
    page.goto(address + "publications/index.html")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    edges = page.evaluate(
        """() => [...document.querySelectorAll('main :is(button, select, input), .ls-mode select')]
            .filter((control) => control.offsetParent)
            .filter((control) => {
                const style = getComputedStyle(control);
                return style.borderTopStyle === 'none' && style.appearance !== 'auto';
            }).map((control) => control.outerHTML.slice(0, 100))"""
    )
    assert edges == []
    marks = page.evaluate(
        """() => [...document.querySelectorAll('.ls-direction')].slice(0, 20).map((mark) => {
            const before = getComputedStyle(mark, '::before');
            return [before.backgroundColor, before.boxShadow, before.forcedColorAdjust].join(' ');
        })"""
    )
    assert marks and all("none" in mark for mark in marks)  # they keep their own colours
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["outlined"]


def test_nothing_moves_for_those_who_asked_for_less_motion(new_page: NewPage, address: str) -> None:
    page = new_page(reduced_motion="reduce")
    page.goto(address)
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter((element) => {
            const style = getComputedStyle(element);
            return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0;
        }).length"""
    )
    assert moving == 0
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_each_link_says_what_it_belongs_to(new_page: NewPage, address: str) -> None:
    """ "DOI" alone says nothing in a list of links."""
    page = new_page()
    page.goto(address + "publications/index.html")
    names = page.locator("a.ls-pub-link").evaluate_all(
        "(links) => links.map((link) => link.textContent.trim())"
    )
    assert len(names) > 100
    assert all(len(name) > 20 for name in names)
    twice = {name for name in names if names.count(name) > 1}
    assert twice == set()
