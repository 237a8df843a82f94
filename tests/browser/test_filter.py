"""The filters of the publication list: facets, counts, addresses, keyboard, export."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect
from pybtex.database import parse_file

from tests.browser.conftest import SITE, NewPage
from tests.browser.test_everyone import too_wide, violations

LIST = "publications/index.html"


def keys(page: Page) -> list[str]:
    """The keys of the entries that are shown."""
    shown: list[str] = page.eval_on_selector_all(
        ".ls-pub", "(all) => all.filter((e) => e.checkVisibility()).map((e) => e.dataset.pubKey)"
    )
    return shown


def attributes(page: Page, key: str) -> dict[str, list[str]]:
    """What an entry says about itself for the filters."""
    names = ("year", "type", "direction", "person", "code")
    entry = page.locator(f'.ls-pub[data-pub-key="{key}"]')
    return {name: (entry.get_attribute(f"data-{name}") or "").split() for name in names}


def year(page: Page, number: int) -> Locator:
    """The button of a year beside the list."""
    return page.get_by_role("navigation", name="Publications by year").get_by_role(
        "button", name=re.compile(f"^{number} ")
    )


def pressed(page: Page) -> list[int]:
    buttons = page.locator(".ls-rail button[aria-pressed=true] .ls-rail-year")
    return [int(text) for text in buttons.all_inner_texts()]


def chosen(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


@pytest.fixture
def page(new_page: NewPage, address: str) -> Page:
    page = new_page()
    page.goto(address + LIST)
    return page


def test_the_script_finds_what_it_needs(new_page: NewPage, address: str) -> None:
    """The contract between components/publication*.html and js/filter.js."""
    page = new_page(java_script_enabled=False)
    page.goto(address + LIST)
    listing = page.locator("[data-ls-filter]")
    assert listing.count() == 1
    form = listing.locator("form.ls-filters")
    expect(form).to_be_hidden()
    names = ("q", "from", "to", "direction", "person", "type", "code")
    assert [form.locator(f"[name={name}]").count() for name in names] == [1] * len(names)
    for part in ("[role=status]", "[type=reset]", "[data-ls-export][hidden] [data-ls-number]"):
        assert form.locator(part).count() == 1, part
    for entry in listing.locator(".ls-pub").all():
        for name in ("year", "type", "direction", "person"):
            assert entry.get_attribute(f"data-{name}") is not None
        assert entry.locator(".ls-bibtex pre").count() == 1
    years = listing.locator(".ls-rail a[data-year]")
    assert years.count() == listing.locator(".ls-pub-group").count() > 5
    for part in ("rect", ".ls-rail-number", ".ls-rail-year"):
        assert years.locator(part).count() == years.count()


def test_a_year_beside_the_list_is_chosen_and_left_again(page: Page) -> None:
    everything = keys(page)
    year(page, 2024).click()
    found = keys(page)
    assert 0 < len(found) < len(everything)
    assert {year for key in found for year in attributes(page, key)["year"]} == {"2024"}
    assert pressed(page) == [2024]
    assert chosen(page) == {"year": ["2024"]}
    expect(page.get_by_label("From year")).to_have_value("2024")
    year(page, 2022).click()
    assert pressed(page) == [2022]
    year(page, 2022).click()
    assert pressed(page) == [] and keys(page) == everything and chosen(page) == {}


def test_shift_extends_to_a_range(page: Page) -> None:
    year(page, 2021).click()
    year(page, 2024).click(modifiers=["Shift"])
    assert pressed(page) == [2024, 2023, 2022, 2021]
    assert chosen(page) == {"year": ["2021-2024"]}
    found = {year for key in keys(page) for year in attributes(page, key)["year"]}
    assert found == {"2021", "2022", "2023", "2024"}
    year(page, 2019).click(modifiers=["Shift"])  # from where it began
    assert pressed(page) == [2021, 2020, 2019]


def test_years_are_chosen_by_keyboard_and_by_name(page: Page) -> None:
    year(page, 2022).focus()
    page.keyboard.press("Enter")
    assert pressed(page) == [2022]
    year(page, 2023).focus()
    page.keyboard.press("Shift+Enter")
    assert pressed(page) == [2023, 2022]
    page.get_by_label("From year").select_option("")
    assert min(pressed(page)) < 2022 and max(pressed(page)) == 2023
    assert chosen(page) == {"year": ["-2023"]}
    page.get_by_label("To year").select_option("")
    page.get_by_label("From year").select_option("2024")
    assert chosen(page) == {"year": ["2024-"]} and min(pressed(page)) == 2024


def numbers(page: Page, field: str) -> dict[str, int]:
    """Option → the number beside it."""
    texts = page.locator(f"select[name={field}] option").evaluate_all(
        "(all) => all.map((option) => [option.value, option.textContent])"
    )
    return {value: int(text.rpartition("(")[2].rstrip(")")) for value, text in texts}


@pytest.mark.parametrize(
    "query", ["", "?direction=interpretable-ml", "?q=mri&year=2020-2024&code=1"]
)
def test_each_number_is_what_choosing_it_would_show(page: Page, address: str, query: str) -> None:
    page.goto(f"{address}{LIST}{query}")
    for field in ("direction", "person", "type", "from", "to"):
        before = page.locator(f"select[name={field}]").input_value()
        for value, number in numbers(page, field).items():
            option = page.locator(f'select[name={field}] option[value="{value}"]')
            if not number and value and value != before:
                expect(option).to_be_disabled()
                continue
            page.locator(f"select[name={field}]").select_option(value)
            assert len(keys(page)) == number, (field, value)
        page.locator(f"select[name={field}]").select_option(before)
    for item in page.locator(".ls-rail li").all():
        number = int(item.locator(".ls-rail-number").inner_text())
        assert item.locator("button").is_enabled() or number == 0


def test_the_numbers_are_those_of_the_entries(page: Page) -> None:
    about = [attributes(page, key) for key in keys(page)]
    for field in ("direction", "person", "type"):
        counted = Counter(value for entry in about for value in entry[field])
        shown = numbers(page, field)
        assert shown.pop("") == len(about)
        assert shown == {value: counted[value] for value in shown}
    code = sum(bool(entry["code"]) for entry in about)
    expect(page.locator(".ls-check")).to_contain_text(f"with code or data ({code})")


def test_back_and_forward_walk_through_what_was_chosen(page: Page) -> None:
    everything = keys(page)
    page.get_by_label("Direction").select_option("interpretable-ml")
    first = keys(page)
    year(page, 2025).click()
    in_2025 = keys(page)
    page.get_by_label("Title, author or venue").press_sequentially("sun")  # one step
    second, there = keys(page), page.url
    assert chosen(page) == {"direction": ["interpretable-ml"], "year": ["2025"], "q": ["sun"]}
    page.go_back()
    assert keys(page) == in_2025 and pressed(page) == [2025]
    expect(page.get_by_label("Title, author or venue")).to_have_value("")
    page.go_back()
    assert keys(page) == first and chosen(page) == {"direction": ["interpretable-ml"]}
    page.go_back()
    assert keys(page) == everything
    for _ in range(3):
        page.go_forward()
    assert page.url == there and keys(page) == second and pressed(page) == [2025]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("10.1007/978-3-032-05185-1_49", None),
        ("2503.08384", None),
        ("sun2025attri", "sun2025attri"),
        ("fluehmann", None),
        ("FLÜHMANN", None),
    ],
)
def test_numbers_keys_and_other_spellings_lead_to_papers(
    page: Page, text: str, key: str | None
) -> None:
    field = page.get_by_label("Title, author or venue")
    field.fill(text)
    found = keys(page)
    assert 0 < len(found) < 4
    assert key is None or found == [key]
    page.get_by_role("link", name="Publications", exact=True).first.press("Control+k")
    page.get_by_role("dialog").get_by_role("searchbox").fill(text)
    expect(page.get_by_role("dialog").locator(".ls-results a").first).to_be_visible()


def test_escape_closes_what_is_open_before_it_resets(page: Page) -> None:
    page.get_by_label("Direction").select_option("interpretable-ml")
    shown = keys(page)
    box = page.locator(f'.ls-pub[data-pub-key="{shown[0]}"] .ls-bibtex summary')
    box.click()
    box.press("Escape")
    assert keys(page) == shown
    page.get_by_label("Title, author or venue").press("Escape")
    assert len(keys(page)) > len(shown)


def test_what_downloads_everything_goes_when_something_is_chosen(page: Page) -> None:
    whole = page.locator(".ls-listing .ls-downloads").first
    expect(whole).to_be_visible()
    page.get_by_label("Direction").select_option("interpretable-ml")
    expect(whole).to_be_hidden()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?year=1875", {}),
        ("?year=2024-1990&person=nobody", {}),
        ("?year=1990-2014", {"to": "2014"}),
        ("?year=<b>&q=%22%3E%3Cimg%3E&type=x", {"q": '"><img>'}),
    ],
)
def test_an_address_that_asks_for_what_is_not_there(
    page: Page, address: str, query: str, shown: dict[str, str]
) -> None:
    page.goto(f"{address}{LIST}{query}")
    for field in ("q", "to", "direction", "person", "type"):
        expect(page.locator(f"[name={field}]")).to_have_value(shown.get(field, ""))
    said = f"{len(keys(page))} of" if shown else f"{len(keys(page))} publications"
    none = "No publication" if "q" in shown else said
    expect(page.locator(".ls-filters [role=status]")).to_contain_text(none)


def test_one_key_shows_everything_again(page: Page) -> None:
    everything = keys(page)
    reset = page.get_by_role("button", name="Reset")
    expect(reset).to_be_hidden()
    page.get_by_label("Person").select_option("susu-sun")
    page.get_by_label("with code or data").check()
    expect(reset).to_contain_text("Esc")
    expect(reset).to_have_attribute("aria-keyshortcuts", "Escape")
    page.locator(".ls-pub:visible a").first.focus()
    page.keyboard.press("Escape")
    assert keys(page) == everything and chosen(page) == {}
    expect(reset).to_be_hidden()
    page.go_back()
    expect(page.get_by_label("Person")).to_have_value("susu-sun")
    reset.focus()
    page.keyboard.press("Enter")
    assert keys(page) == everything
    focused = page.evaluate("document.activeElement.name")
    assert focused == "q", "the button is gone, and the focus must be somewhere"


def test_escape_elsewhere_leaves_the_filters_alone(page: Page) -> None:
    page.get_by_label("Person").select_option("susu-sun")
    page.get_by_role("link", name="Contact").first.focus()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Person")).to_have_value("susu-sun")


def test_results_are_announced_and_the_focus_stays(page: Page) -> None:
    page.evaluate(
        """() => {
            window.said = [];
            const status = document.querySelector('.ls-filters [role=status]');
            new MutationObserver(() => window.said.push(status.textContent))
                .observe(status, { childList: true, characterData: true, subtree: true });
        }"""
    )
    assert page.locator(".ls-filters [role=status]").count() == 1
    total = len(keys(page))
    field = page.get_by_label("Title, author or venue")
    field.press_sequentially("phiseg")
    expect(field).to_be_focused()
    field.press_sequentially("zzz")
    field.press("Escape")
    expect(field).to_be_focused()
    said = page.evaluate("window.said")
    assert f"1 of {total} publications" in said
    assert said[-2:] == [f"No publication of {total} matches", f"{total} publications"]


def test_everything_works_by_keyboard_alone(page: Page) -> None:
    page.get_by_label("Title, author or venue").focus()
    names = []
    for _ in range(6):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.name"))
    assert names == ["from", "to", "direction", "person", "type", "code"]
    page.keyboard.press("Space")
    expect(page.get_by_label("with code or data")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Reset")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Download these")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_label("with code or data")).not_to_be_checked()
    year(page, 2025).focus()
    page.keyboard.press("Space")
    assert pressed(page) == [2025]


def exported(page: Page, tmp_path: Path) -> set[str]:
    """The keys in the file that the export gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Download these").click()
    assert download.value.suggested_filename == "publications.bib"
    path = tmp_path / "publications.bib"
    download.value.save_as(path)
    return set(parse_file(str(path), bib_format="bibtex").entries)


def test_what_is_shown_is_exported(page: Page, tmp_path: Path) -> None:
    assert exported(page, tmp_path) == set(keys(page))
    page.get_by_label("Person").select_option("susu-sun")
    year(page, 2025).click()
    found = keys(page)
    assert exported(page, tmp_path) == set(found) and found
    entry = page.locator(f'[data-pub-key="{found[0]}"] pre').text_content()
    assert str(entry) in (tmp_path / "publications.bib").read_text(encoding="utf-8")
    page.get_by_label("Title, author or venue").fill("no such paper")
    expect(page.get_by_role("button", name="Download these")).to_be_hidden()


def test_the_export_is_one_file_that_stands_alone(page: Page, tmp_path: Path) -> None:
    """Abbreviations come once, before their use; parents once, behind all that name them."""
    page.evaluate(
        r"""() => {
            const texts = [
                '@string{jqi = {Journal}}\n@article{a,\n  journal = jqi,\n  note = {{x}\n@y},\n}',
                '@inproceedings{b,\n  crossref = {p},\n}\n@proceedings{p,\n  title = {P},\n}',
                '@string{jqi = {Journal}}\n@article{c,\n  journal = jqi,\n}',
                '@inproceedings{d,\n  crossref = {p},\n}\n@proceedings{p,\n  title = {P},\n}',
            ];
            const all = document.querySelectorAll('.ls-bibtex pre');
            all.forEach((pre, index) => { pre.textContent = texts[index % texts.length]; });
        }"""
    )
    exported(page, tmp_path)
    text = (tmp_path / "publications.bib").read_text(encoding="utf-8")
    found = re.findall(r"^@(\w+)\{(\w+)", text, re.MULTILINE)
    assert [key for _, key in found] == ["jqi", "a", "b", "c", "d", "p"]
    assert "note = {{x}\n@y}" in text


def test_the_filters_work_from_disk(new_page: NewPage) -> None:
    page = new_page()
    page.goto(f"{(SITE / LIST).as_uri()}?type=thesis")
    assert keys(page) == keys_of_type(page, "thesis")
    page.locator("select[name=type]").select_option("")
    year(page, 2019).click()
    assert "baumgartner2019phiseg" in keys(page)
    expect(page.get_by_role("button", name="Download these")).to_be_visible()


def keys_of_type(page: Page, kind: str) -> list[str]:
    entries = page.locator(f'.ls-pub[data-type="{kind}"]')
    return [str(item.get_attribute("data-pub-key")) for item in entries.all()]


def test_without_scripts_the_years_are_links_and_nothing_is_offered_that_does_not_work(
    new_page: NewPage, address: str
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(address + LIST)
    assert page.locator(".ls-listing button:visible").count() == 0
    expect(page.locator(".ls-rail-hint")).to_be_hidden()
    page.locator('.ls-rail a[data-year="2019"]').click()
    assert page.url.endswith("#y2019")
    expect(page.locator("#y2019 .ls-group-heading")).to_be_in_viewport()


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_filters_in_use_are_accessible(
    new_page: NewPage, address: str, width: int, mode: str
) -> None:
    page = new_page(width=width, color_scheme=mode, reduced_motion="reduce")
    page.goto(f"{address}{LIST}?direction=interpretable-ml&year=2024-2025&code=1")
    assert 0 < len(keys(page)) < 40 and page.locator(".ls-rail button:disabled").count() > 0
    assert too_wide(page) == []
    assert violations(page) == []
    page.get_by_label("Title, author or venue").fill("nothing at all")
    assert keys(page) == []
    assert violations(page) == []
