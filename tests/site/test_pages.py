"""What every page of the built site has and has not."""

from __future__ import annotations

import itertools
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import Tag

from tests.site.conftest import SITE, is_redirect, page_names, read_page

# Sphinx's own pages, which are no content and stay out of the sitemap
SERVICE = {"genindex.html", "search.html", "404.html"}


def content_pages() -> list[str]:
    return [name for name in page_names() if name not in SERVICE and not is_redirect(name)]


def test_the_public_addresses_exist() -> None:
    addresses = """
        index.html research/index.html research/robustness-safety-uncertainty.html
        research/interpretable-ml.html research/human-in-the-loop.html
        research/generative-modelling.html research/learning-across-tasks.html
        research/applications.html people/index.html people/christian-baumgartner.html
        publications/index.html publications/all.bib publications/all.ris publications/all.json
        publications/atom.xml news/atom.xml sitemap.xml robots.txt resources.html
        people/susu-sun.bib research/interpretable-ml.ris news/index.html teaching.html join.html
        contact.html imprint.html privacy.html accessibility.html objects.inv
    """.split()
    assert [address for address in addresses if not (SITE / address).is_file()] == []


def test_every_internal_link_and_anchor_resolves() -> None:
    anchors = {
        name: {str(tag["id"]) for tag in read_page(name).find_all(id=True)} for name in page_names()
    }
    broken = []
    for name in page_names():
        for link in read_page(name).select("a[href]"):
            parts = urlsplit(str(link["href"]))
            if parts.scheme or parts.netloc or name == "404.html":
                continue
            target = name
            if parts.path:
                joined = PurePosixPath(name).parent / unquote(parts.path)
                target = _normal(joined)
            fragment = unquote(parts.fragment)
            known = anchors.get(target)
            missing_file = known is None and not (SITE / target).is_file()
            if missing_file or (fragment and known is not None and fragment not in known):
                broken.append((name, str(link["href"])))
    assert broken == []


def _normal(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


# links that a browser follows only when somebody asks for it
NOT_LOADED = {"canonical", "cite-as", "author", "describedby", "type", "alternate"}


def test_no_page_loads_anything_from_another_host() -> None:
    foreign = [
        (name, str(tag))
        for name in page_names()
        for tag in read_page(name).find_all(["script", "img", "iframe", "source", "link"])
        for attribute in ("src", "srcset", "href")
        if urlsplit(str(tag.get(attribute, ""))).netloc
        and not (tag.name == "link" and NOT_LOADED & set(tag.get("rel") or []))
    ]
    assert foreign == []


@pytest.mark.parametrize("name", content_pages())
def test_page_has_what_it_needs(name: str) -> None:
    page = read_page(name)
    assert page.html is not None and str(page.html.get("lang", "")).startswith("en")
    assert len(page.find_all("h1")) == 1
    ids = [str(tag["id"]) for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids)), "an id is used twice"
    links = {urlsplit(str(link["href"])).scheme for link in page.select("a[href]")}
    assert links <= {"", "http", "https", "mailto"}
    for heading in page.select("main h2"):
        assert heading.get_text(strip=True)
    footer = page.find("footer", class_="bd-footer")
    assert isinstance(footer, Tag)
    names = {str(link["href"]).rpartition("/")[2] for link in footer.select("a[href]")}
    for required in ("imprint.html", "privacy.html", "accessibility.html"):
        assert required in names or name == required


def test_descriptions_and_titles_are_each_page_s_own() -> None:
    seen: dict[str, str] = {}
    for name in content_pages():
        tag = read_page(name).find("meta", attrs={"name": "description"})
        assert isinstance(tag, Tag), f"{name} has no description"
        text = str(tag["content"])
        assert 40 <= len(text) <= 200, (name, text)
        assert seen.setdefault(text, name) == name, (
            f"{name} repeats the description of {seen[text]}"
        )


def test_citations_lead_to_publications() -> None:
    keys = {
        str(item["data-pub-key"])
        for item in read_page("publications/index.html").select("[data-pub-key]")
    }
    cites = [
        _normal(PurePosixPath(name).parent / str(link["href"]))
        for name in page_names()
        for link in read_page(name).select(".ls-cite a[href]")
    ]
    assert len(cites) > 50
    assert set(cites) <= {f"publications/{key}.html" for key in keys}
    assert not [name for name in page_names() if read_page(name).select(".ls-missing")]


def test_headings_do_not_skip_levels() -> None:
    for name in content_pages():
        levels = [int(tag.name[1]) for tag in read_page(name).select("main :is(h1,h2,h3,h4,h5)")]
        jumps = [(a, b) for a, b in itertools.pairwise(levels) if b > a + 1]
        assert jumps == [], (name, levels)


def test_the_missing_page_has_links_that_work_at_any_depth() -> None:
    page = read_page("404.html")
    canonical = page.find("link", rel="canonical")
    assert isinstance(canonical, Tag)
    prefix = urlsplit(str(canonical["href"])).path.removesuffix("404.html")
    for tag in page.find_all(["a", "link", "script"]):
        address = str(tag.get("href") or tag.get("src") or "#")
        if urlsplit(address).scheme or address.startswith("#"):
            continue
        assert address.startswith(prefix), address
        assert (SITE / unquote(urlsplit(address).path).removeprefix(prefix)).is_file(), address


def redirects() -> list[str]:
    return [name for name in page_names() if is_redirect(name)]


def test_the_group_s_former_addresses_redirect() -> None:
    wanted = """
        about.html about/index.html people/baumgartner-christian/index.html
        people/sun-susu/index.html people/weng-nina/index.html research/interpretability/index.html
        research/uncertainty/index.html research/meta-learning/index.html jobs/index.html
        news/2023-03-24-susu-bias-award/index.html news/2022-11-03-recon-challenge-win/index.html
    """.split()
    assert set(wanted) <= set(redirects())


def test_redirects_lead_where_they_say() -> None:
    for name in redirects():
        page = read_page(name)
        assert page.html is not None and page.html.get("lang")
        assert page.title is not None and page.title.get_text(strip=True)
        canonical = page.find("link", rel="canonical")
        refresh = page.find("meta", attrs={"http-equiv": "refresh"})
        link = page.find("a")
        assert isinstance(canonical, Tag) and isinstance(refresh, Tag) and isinstance(link, Tag)
        href = str(link["href"])
        assert refresh["content"] == f"0; url={href}"
        target = _normal(PurePosixPath(name).parent / urlsplit(href).path)
        assert str(canonical["href"]).endswith(f"/{target}") and not is_redirect(target)
        if fragment := urlsplit(href).fragment:
            assert read_page(target).find(id=fragment) is not None
