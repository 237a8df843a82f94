"""What a reader does with the site, in a real browser."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SITE, NewPage

LIST = "publications/index.html"


def visible_keys(page: Page) -> list[str]:
    items = page.locator(".ls-pub:visible")
    return [str(item.get_attribute("data-pub-key")) for item in items.all()]


def test_text_filter_narrows_the_list_and_says_so(new_page: NewPage, address: str) -> None:
    page = new_page()
    page.goto(address + LIST)
    everything = visible_keys(page)
    page.get_by_label("Title, author or venue").fill("kustner uncertainty")
    found = visible_keys(page)
    assert 0 < len(found) < len(everything)
    for key in found:
        text = page.locator(f'[data-pub-key="{key}"]').inner_text()
        assert "Küstner" in text and "ncertainty" in text
    status = page.locator(".ls-filters [role=status]")
    expect(status).to_have_text(f"{len(found)} of {len(everything)} publications")
    focused = page.evaluate("document.activeElement.name")
    assert focused == "q", "filtering must not move the focus"
    page.get_by_role("button", name="Reset").click()
    expect(status).to_have_text(f"{len(everything)} publications")
    assert visible_keys(page) == everything


def test_filters_combine_and_the_address_keeps_them(new_page: NewPage, address: str) -> None:
    page = new_page()
    page.goto(address + LIST)
    page.get_by_label("Person").select_option("susu-sun")
    page.get_by_label("Direction").select_option("interpretable-ml")
    page.get_by_label("with code or data").check()
    found = visible_keys(page)
    assert found
    for key in found:
        item = page.locator(f'[data-pub-key="{key}"]')
        assert item.locator(".ls-member", has_text="Susu Sun").count() == 1
        assert item.get_by_role("link", name="Code of").count() == 1
    query = parse_qs(urlsplit(page.url).query)
    assert query == {"person": ["susu-sun"], "direction": ["interpretable-ml"], "code": ["1"]}
    again = new_page()
    again.goto(page.url)
    assert visible_keys(again) == found
    empty_years = again.locator(".ls-pub-group:visible").filter(
        has_not=again.locator(".ls-pub:visible")
    )
    assert empty_years.count() == 0


def test_type_filter_counts_as_the_entries_say(new_page: NewPage, address: str) -> None:
    page = new_page()
    page.goto(address + LIST)
    expected = page.locator('.ls-pub[data-type="thesis"]').count()
    page.locator("select[name=type]").select_option("thesis")
    assert len(visible_keys(page)) == expected > 0


def test_the_years_beside_the_list_follow_the_filters(new_page: NewPage, address: str) -> None:
    page = new_page()
    page.goto(address + LIST)

    def listed() -> dict[str, int]:
        groups = page.locator(".ls-pub-group:visible").all()
        return {
            group.locator(".ls-group-heading").inner_text().rstrip("#"): group.locator(
                ".ls-pub:visible"
            ).count()
            for group in groups
        }

    def counted() -> dict[str, int]:
        years = page.locator(".ls-rail button:enabled").all()
        return {
            year.locator(".ls-rail-year").inner_text(): int(
                year.locator(".ls-rail-number").inner_text()
            )
            for year in years
        }

    everything = counted()
    assert everything == listed()
    page.get_by_label("Direction").select_option("interpretable-ml")
    some = counted()
    assert some == listed()
    assert 0 < sum(some.values()) == len(visible_keys(page)) < sum(everything.values())
    page.get_by_role("button", name="Reset").click()
    expect(page.locator(".ls-rail button:enabled")).to_have_count(len(everything))
    assert counted() == everything


def results(page: Page) -> list[str]:
    """The titles that the search shows now."""
    return [str(link.text_content()) for link in page.locator(".ls-results a").all()]


def test_search_page_finds_and_keeps_its_address(new_page: NewPage, address: str) -> None:
    page = new_page()
    page.goto(f"{address}search.html?q=segmentation")
    expect(page.locator(".ls-results a").first).to_be_visible()
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ results"))
    page.get_by_role("searchbox").fill("wundram")
    assert results(page)[0] == "Anna M. Wundram"
    assert page.url.endswith("search.html?q=wundram")
    page.locator(".ls-results a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anna M. Wundram")


def test_search_opens_by_its_shortcut_and_is_used_by_keyboard(
    new_page: NewPage, address: str
) -> None:
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + "teaching.html")
    assert not [url for url in asked if "search" in url], "loaded before anybody searches"
    page.locator("a[data-ls-search]").focus()
    page.keyboard.press("Control+k")
    dialog = page.get_by_role("dialog", name="Search")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("phiseg")
    expect(dialog.locator(".ls-result-kind").first).to_have_text("Publication")
    page.keyboard.press("ArrowDown")
    expect(dialog.locator(".ls-results a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("a[data-ls-search]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/publications/baumgartner2019phiseg.html")


@pytest.mark.parametrize(
    ("query", "kind"),
    [("Susu Sun", "Person"), ("K2S challenge", "News"), ("Applications", "Research")],
)
def test_search_says_what_kind_it_found(
    new_page: NewPage, address: str, query: str, kind: str
) -> None:
    page = new_page()
    page.goto(f"{address}search.html?q={query.replace(' ', '+')}")
    expect(page.locator(".ls-result-kind").first).to_have_text(kind)


def test_search_dialog_leaves_the_page_to_its_result(new_page: NewPage, address: str) -> None:
    page = new_page()
    page.goto(address + "people/index.html")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog").get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("nina weng")
    expect(page.locator(".ls-results a").first).to_have_text("Nina Weng")
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/index.html#nina-weng")
    expect(page.get_by_role("dialog", name="Search")).to_be_hidden()


def test_search_that_cannot_be_loaded_says_so_and_tries_again(
    new_page: NewPage, address: str
) -> None:
    page = new_page()
    page.goto(address + "teaching.html")
    page.route("**/search-data.js", lambda route: route.abort())
    page.keyboard.press("Control+k")
    status = page.get_by_role("dialog").get_by_role("status")
    expect(page.get_by_role("dialog").get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("phi")
    expect(status).to_have_text("The search could not be loaded.")
    page.unroute("**/search-data.js")
    page.keyboard.type("seg")
    expect(status).to_have_text(re.compile(r"^\d+ results?"))


def test_search_shows_nothing_for_nonsense_and_says_so(new_page: NewPage, address: str) -> None:
    page = new_page()
    page.goto(f"{address}search.html?q=xyzzyxyzzy")
    expect(page.get_by_role("status")).to_have_text("No results")


def test_without_scripts_the_whole_list_is_there_and_no_dead_filters(
    new_page: NewPage, address: str
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(address + LIST)
    assert page.locator(".ls-pub:visible").count() == page.locator(".ls-pub").count() > 0
    expect(page.locator(".ls-filters")).to_be_hidden()
    page.locator(".ls-bibtex summary").first.click()
    expect(page.locator(".ls-bibtex pre").first).to_be_visible()


def test_bibtex_is_copied(new_page: NewPage, address: str) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(address + LIST)
    item = page.locator('[data-pub-key="baumgartner2019phiseg"]')
    item.get_by_text("BibTeX of").click(force=True)
    item.get_by_role("button", name="Copy").click()
    expect(item.get_by_role("status")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("@inproceedings{baumgartner2019phiseg,")
    assert copied == item.locator("pre").inner_text()


def test_a_citation_leads_to_the_publication_s_page(new_page: NewPage, address: str) -> None:
    page = new_page()
    page.goto(address + "research/interpretable-ml.html")
    cite = page.locator(".ls-cite a").first
    title = cite.get_attribute("title")
    cite.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(str(title))
    page.locator("#cited-on").get_by_role("link", name="Interpretable Machine Learning").click()
    page.wait_for_url("**/research/interpretable-ml.html")


def test_from_home_to_a_paper_its_preprint_and_a_co_author(new_page: NewPage, address: str) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    heading = page.get_by_role("heading", level=1)
    page.goto(address)
    page.get_by_role("main").get_by_role("link", name="All publications").click()
    page.get_by_label("Title, author or venue").fill("mrextrap")
    page.get_by_role("link", name=re.compile("^MRExtrap: Linear")).click()
    page.wait_for_url("**/publications/kapoor2024mrextrap.html")
    expect(heading).to_contain_text("MRExtrap: Linear Prediction of Brain Aging")

    page.get_by_role("button", name="Copy BibTeX").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("@inproceedings{kapoor2024mrextrap,")
    assert "direction" not in copied
    page.get_by_role("button", name="Copy reference").click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text.startsWith('J'))")
    reference = page.evaluate("navigator.clipboard.readText()")
    assert reference.startswith("Jaivardhan Kapoor, Jakob H. Macke and Christian F. Baumgartner")
    assert "\n" not in reference

    page.locator("#versions").get_by_role("link", name="Preprint, arXiv 2025").click()
    page.wait_for_url("**/publications/kapoor2025mrextrap.html")
    expect(page.get_by_role("link", name="arXiv: 2508.19482").first).to_have_attribute(
        "href", "https://arxiv.org/abs/2508.19482"
    )
    page.locator(".ls-paper-authors").get_by_role("link", name="Jaivardhan Kapoor").click()
    expect(heading).to_contain_text("Jaivardhan Kapoor")
    page.go_back()
    page.wait_for_url("**/publications/kapoor2025mrextrap.html")
    page.go_back()
    expect(heading).to_contain_text("MRExtrap: Linear Prediction of Brain Aging")


def test_publications_are_walked_through(new_page: NewPage, address: str) -> None:
    page = new_page()
    page.goto(address + LIST)
    keys = [str(item.get_attribute("data-pub-key")) for item in page.locator(".ls-pub").all()]
    page.goto(f"{address}publications/{keys[0]}.html")
    pager = page.get_by_label("Previous and next publication")
    expect(pager.get_by_role("link")).to_have_count(1)
    for key in keys[1:4]:
        pager.get_by_role("link", name="Next in the list").click()
        page.wait_for_url(f"**/publications/{key}.html")
    pager.get_by_role("link", name="Previous in the list").click()
    page.wait_for_url(f"**/publications/{keys[2]}.html")


@pytest.mark.parametrize(
    ("query", "paper"),
    [
        ("Capturing Uncertainty", "baumgartner2019phiseg"),
        ("Morshuis reconstruction", "morshuis2025mind"),
        ("MELBA", "sun2025attri"),
        ("2013", "baumgartner2013groupwise"),
    ],
)
def test_search_finds_papers(new_page: NewPage, address: str, query: str, paper: str) -> None:
    page = new_page()
    page.goto(f"{address}search.html?q={query.replace(' ', '+')}")
    link = page.locator(f'.ls-results a[href$="publications/{paper}.html"]')
    expect(link).to_be_visible()


def test_from_home_to_a_member_and_their_papers(new_page: NewPage, address: str) -> None:
    page = new_page()
    page.goto(address)
    page.locator(".ls-people-strip").get_by_role("link", name="Anna M. Wundram").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anna M. Wundram")
    page.locator(".ls-pub-authors").first.get_by_role("link", name="Baumgartner").click()
    page.wait_for_url("**/people/christian-baumgartner.html")
    page.get_by_label("Breadcrumb").get_by_role("link", name="People").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("People")


def test_the_colour_mode_is_switched_and_kept(new_page: NewPage, address: str) -> None:
    page = new_page(color_scheme="light")
    page.goto(address)

    def paper() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    light = paper()
    switch = page.get_by_label("Colours")
    switch.select_option("dark")
    dark = paper()
    assert dark != light
    page.goto(address + LIST)
    assert paper() == dark
    expect(switch).to_have_value("dark")
    switch.select_option("auto")
    assert paper() == light
    page.reload()
    assert paper() == light


def test_the_menu_opens_on_a_phone(new_page: NewPage, address: str) -> None:
    page = new_page(width=320)
    page.goto(address)
    button = page.get_by_role("button", name="Menu")
    link = page.get_by_label("Main").get_by_role("link", name="Publications")
    expect(link).to_be_hidden()
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(button).to_be_focused()
    button.click()
    link.click()
    page.wait_for_url(f"**/{LIST}")


@pytest.mark.parametrize("width", [1023, 1024, 1025])
def test_there_is_a_menu_at_every_width(new_page: NewPage, address: str, width: int) -> None:
    page = new_page(width=width)
    page.goto(address)
    button = page.get_by_role("button", name="Menu")
    if button.is_visible():
        button.click()
    expect(page.get_by_label("Main").get_by_role("link", name="Publications")).to_be_visible()
    expect(page.get_by_label("Colours")).to_be_visible()


def test_the_menu_is_there_without_scripts(new_page: NewPage, address: str) -> None:
    page = new_page(width=320, java_script_enabled=False)
    page.goto(address)
    expect(page.get_by_label("Main").get_by_role("link", name="Publications")).to_be_visible()
    expect(page.locator(".ls-menu-button, .ls-mode").first).to_be_hidden()


def test_the_site_works_from_disk(new_page: NewPage) -> None:
    page = new_page()
    page.goto((SITE / LIST).as_uri())
    page.get_by_label("Title, author or venue").fill("phiseg")
    assert visible_keys(page) == ["baumgartner2019phiseg"]
    page.goto((SITE / "index.html").as_uri())
    page.get_by_label("Main").get_by_role("link", name="People").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("People")


def test_no_page_asks_another_host_for_anything(new_page: NewPage, address: str) -> None:
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    files = [path for path in SITE.rglob("*.html") if "_static" not in path.parts]
    redirects = [path for path in files if 'http-equiv="refresh"' in path.read_text("utf-8")]
    names = [path.relative_to(SITE).as_posix() for path in files if path not in redirects]
    for name in names:
        page.goto(address + name, wait_until="load")
    assert len(asked) > len(names)
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def test_a_missing_page_helps_at_any_depth(new_page: NewPage, address: str) -> None:
    page = new_page()
    response = page.goto(address + "people/nobody/at/all.html")
    assert response is not None and response.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    page.locator("main").get_by_role("link", name="Publications").click()
    page.wait_for_url(f"{address}{LIST}")


def test_a_former_address_leads_on(new_page: NewPage, address: str) -> None:
    page = new_page()
    page.goto(address + "people/weng-nina/")
    page.wait_for_url(f"{address}people/index.html#nina-weng")
