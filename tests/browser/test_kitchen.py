"""A page with everything that Markdown, Sphinx and sphinx-design make, under the site's policy."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import NewPage
from tests.browser.test_everyone import too_wide, violations
from tests.builds.sites import ROOTS, Site
from tools.serve import serve

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 200">'
    '<path fill="#777" d="M0 0h400v200H0z"/></svg>'
)


@pytest.fixture(scope="session")
def kitchen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page."""
    site = Site.copy("tiny", tmp_path_factory.mktemp("kitchen") / "tiny")
    site.edit("conf.py", '["deflist"]', '["deflist", "dollarmath"]')
    site.write("docs/kitchen.md", (ROOTS / "kitchen.md").read_text(encoding="utf-8"))
    site.write("docs/drawing.svg", DRAWING)
    photo = io.BytesIO()
    Image.frombytes("RGB", (90, 60), random.Random(1).randbytes(90 * 60 * 3)).resize(
        (900, 600)
    ).save(photo, "PNG")
    site.write("docs/photo.png", photo.getvalue())
    site.append("docs/index.md", "\n```{toctree}\nkitchen\n```\n")
    build = site.build()
    assert (build.status, build.stderr) == (0, "")
    with serve(build.out) as address:
        yield f"{address}kitchen.html"


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_axe_finds_nothing(new_page: NewPage, kitchen: str, mode: str, width: int) -> None:
    page = new_page(width=width, color_scheme=mode, reduced_motion="reduce", has_touch=width < 700)
    page.goto(kitchen)
    page.wait_for_load_state("networkidle")
    for summary in page.locator("details:not([open]) > summary").all():
        summary.click()
    assert violations(page) == []
    assert too_wide(page) == []


def test_widths_of_columns_and_figures_hold(new_page: NewPage, kitchen: str) -> None:
    page = new_page()
    page.goto(kitchen)
    cells = page.get_by_role("table", name="With widths").locator("tr").first.locator("th")
    narrow, wide, between = (box["width"] for cell in cells.all() if (box := cell.bounding_box()))
    assert wide > 1.5 * between > 1.5 * narrow
    figure = page.locator("figure img").bounding_box()
    text = page.locator("section#figures").bounding_box()
    assert figure and text
    assert 0.3 < figure["width"] / text["width"] < 0.5
    small = page.get_by_alt_text("The same, small")
    assert small.get_attribute("width") == "192"


def test_pictures_stand_where_they_are_put(new_page: NewPage, kitchen: str) -> None:
    page = new_page()
    page.goto(kitchen)
    boxes = {}
    for name in ("In the middle", "At the side"):
        box = page.get_by_alt_text(name).bounding_box()
        assert box
        boxes[name] = box
    text = page.locator("section#figures").bounding_box()
    beside = page.get_by_text("Text beside it.").bounding_box()
    assert text and beside
    middle = boxes["In the middle"]
    assert abs((middle["x"] + middle["width"] / 2) - (text["x"] + text["width"] / 2)) < 3
    assert 0.27 < middle["width"] / text["width"] < 0.33
    side = boxes["At the side"]
    assert abs(side["x"] + side["width"] - text["x"] - text["width"]) < 3
    assert 0.45 < side["width"] / text["width"] < 0.55
    assert abs(beside["y"] - side["y"]) < 40  # beside it, not below
    small = page.get_by_alt_text("In the middle")
    small.scroll_into_view_if_needed()
    page.wait_for_function("(item) => item.currentSrc && item.complete", arg=small.element_handle())
    assert "-400." in small.evaluate("(item) => item.currentSrc")  # a third of the page is not wide


def test_dark_ink_has_a_light_ground_in_the_dark(new_page: NewPage, kitchen: str) -> None:
    for mode, ground in (("light", "rgba(0, 0, 0, 0)"), ("dark", "rgb(247, 245, 240)")):
        page = new_page(color_scheme=mode)
        page.goto(kitchen)
        drawing = page.get_by_alt_text("At the side")
        assert drawing.evaluate("(item) => getComputedStyle(item).backgroundColor") == ground


def test_tabs_work_by_keyboard(new_page: NewPage, kitchen: str) -> None:
    page = new_page()
    page.goto(kitchen)
    expect(page.get_by_text("apt install")).to_be_visible()
    expect(page.get_by_text("brew install")).to_be_hidden()
    page.locator(".sd-tab-set > input").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("brew install")).to_be_visible()
    focused = page.locator(".sd-tab-set > input:focus-visible + label")
    style = focused.evaluate("(item) => getComputedStyle(item).outlineStyle")
    assert style != "none", "the focus is not to be seen"
