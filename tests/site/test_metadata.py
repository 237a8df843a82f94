"""What machines read off the pages: Scholar's tags, JSON-LD, typed links, COinS, Open Graph."""

from __future__ import annotations

import json
import re
import struct
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from bs4 import BeautifulSoup
from pybtex.database import Entry

from tests.site.conftest import ROOT, SITE, is_redirect, page_names, read_page
from tests.site.test_landing_pages import (
    HOME,
    authors,
    displayed,
    entries,
    front_matter,
    inverted,
    landing,
    leads_to,
    members,
    month_of,
    one,
    orcid,
    people,
    place_of,
    plain,
    text_of,
)
from tests.site.test_pages import content_pages

ATOM = "application/atom+xml"
FORMATS = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "json": "application/vnd.citationstyles.csl+json",
}
# The tags that Zotero's translator "Embedded Metadata" takes the type of a publication from.
TYPE_TAGS = {
    "citation_journal_title",
    "citation_conference_title",
    "citation_conference",
    "citation_book_title",
    "citation_inbook_title",
    "citation_dissertation_institution",
    "citation_technical_report_institution",
}
TYPE_TAG_OF = {
    "article": ("citation_journal_title", "journal"),
    "inproceedings": ("citation_conference_title", "booktitle"),
    "incollection": ("citation_book_title", "booktitle"),
    "phdthesis": ("citation_dissertation_institution", "school"),
}


@cache
def base() -> str:
    """Return the public address of the site, which ends in a slash."""
    address = str(one(read_page(HOME), "link[rel=canonical]")["href"])
    assert re.fullmatch(r"https?://[^/?#]+/(?:[^?#]+/)?index\.html", address)
    return address.removesuffix(HOME)


def canonical(name: str) -> str:
    return str(one(read_page(name), "head link[rel=canonical]")["href"])


def in_site(address: str) -> str:
    """Return the path of an absolute address of this site, and check that it leads somewhere."""
    assert address.startswith(base()), address
    parts = urlsplit(address.removeprefix(base()))
    path = unquote(parts.path) or HOME
    assert (SITE / path).is_file(), address
    if parts.fragment:
        assert read_page(path).find(id=parts.fragment) is not None, address
    return f"{path}#{parts.fragment}" if parts.fragment else path


def contents(page: BeautifulSoup, name: str) -> list[str]:
    """Return what the ``meta`` elements of a name or a property in the head say, in order."""
    found = page.select(f'head meta[name="{name}"], head meta[property="{name}"]')
    return [str(tag["content"]) for tag in found]


def content(page: BeautifulSoup, name: str) -> str:
    (text,) = contents(page, name)
    return text


def links(page: BeautifulSoup, relation: str) -> list[str]:
    return [str(link["href"]) for link in page.select(f'head link[rel~="{relation}"]')]


@cache
def data(name: str) -> list[dict[str, Any]]:
    """Return a page's JSON-LD objects."""
    scripts = read_page(name).select('script[type="application/ld+json"]')
    return [json.loads(script.get_text()) for script in scripts]


def the(kind: str, name: str) -> dict[str, Any]:
    """Return a page's only JSON-LD object of a type."""
    (found,) = [item for item in data(name) if item["@type"] == kind]
    return found


def listed(value: str | list[str] | None) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


# Every page


def test_every_page_has_one_canonical_address_its_own() -> None:
    for name in content_pages():
        assert canonical(name) == base() + name


def test_every_page_has_one_description() -> None:
    for name in content_pages():
        text = content(read_page(name), "description")
        assert text == " ".join(text.split()) != "", name
        assert contents(read_page(name), "og:description") == [text], name


def test_every_page_has_open_graph() -> None:
    for name in content_pages():
        page = read_page(name)
        assert content(page, "og:title") == text_of(one(page, "h1")).removesuffix("#"), name
        assert content(page, "og:type") in {"website", "article", "profile"}, name
        assert content(page, "og:url") == canonical(name), name
    types = {name: content(read_page(name), "og:type") for name in content_pages()}
    assert types[HOME] == "website"
    assert {types[f"publications/{key}.html"] for key in entries()} == {"article"}
    assert {types[place_of(person)] for person in current_people()} == {"profile"}
    assert {types[name] for name in news_pages()} == {"article"}


def test_every_page_has_a_card_image_of_the_size_it_says() -> None:
    for name in content_pages():
        path = in_site(content(read_page(name), "og:image"))
        header = (SITE / path).read_bytes()[:24]
        assert header[:8] == b"\x89PNG\r\n\x1a\n" and header[12:16] == b"IHDR", path
        size = struct.unpack(">II", header[16:24])
        said = [content(read_page(name), f"og:image:{side}") for side in ("width", "height")]
        assert size == (1200, 630) == tuple(map(int, said)), path
        assert content(read_page(name), "og:image:alt"), name


def test_each_kind_of_page_has_a_card_of_its_own() -> None:
    kinds = (HOME, "research/index.html", "people/index.html", "news/index.html")
    names = (*kinds, f"publications/{next(iter(entries()))}.html")
    cards = [(SITE / in_site(content(read_page(name), "og:image"))).read_bytes() for name in names]
    assert len(set(cards)) == len(names)


def test_feeds_are_announced_where_they_belong() -> None:
    for name in content_pages():
        folder, _, file = name.rpartition("/")
        wanted = {"publications/atom.xml", "news/atom.xml"}
        if folder == "research" and file != HOME:
            own = f"research/{file.removesuffix('.html')}.atom.xml"
            wanted |= {own} if (SITE / own).is_file() else set()
        found = read_page(name).select(f'head link[rel~=alternate][type="{ATOM}"]')
        assert all(link["title"] for link in found), name
        paths = [in_site(str(link["href"])) for link in found]
        assert len(paths) == len(set(paths)) and set(paths) == wanted, name
    assert len(list((SITE / "research").glob("*.atom.xml"))) >= 4


def test_json_ld_parses_on_every_page() -> None:
    for name in page_names():
        for item in data(name):
            assert item["@context"] == "https://schema.org", name
            assert item["@type"], name
    assert [name for name in content_pages() if not data(name)] == []


def test_pages_below_an_index_say_so_to_machines_as_to_readers() -> None:
    below = [n for n in content_pages() if "/" in n and not n.endswith("/index.html")]
    assert len(below) > len(entries())
    for name in below:
        items = the("BreadcrumbList", name)["itemListElement"]
        assert [item["position"] for item in items] == [1, 2, 3], name
        index = f"{name.partition('/')[0]}/index.html"
        assert [in_site(item["item"]) for item in items] == [HOME, index, name], name
        shown = [(text_of(a), leads_to(name, a)) for a in read_page(name).select(".ls-crumbs a")]
        assert [(item["name"], in_site(item["item"])) for item in items[:2]] == shown, name
        assert items[2]["name"] == text_of(one(read_page(name), "h1")).removesuffix("#"), name


# Publications


def test_scholar_s_tags_have_title_authors_and_date() -> None:
    for key, entry in entries().items():
        page = landing(key)
        assert content(page, "citation_title") == plain(entry.fields["title"]), key
        # Scholar takes "Family, Given" and "Given Family" alike
        names = [" ".join(name.split(", ")[::-1]) for name in contents(page, "citation_author")]
        assert names == [displayed(person) for person in authors(entry)], key
        date = content(page, "citation_publication_date")
        assert re.fullmatch(r"\d{4}(/\d{1,2}/\d{1,2})?", date), key
        assert date[:4] == entry.fields["year"], key


def test_scholar_s_tags_tell_one_type_and_the_place() -> None:
    for key, entry in entries().items():
        found = {name: contents(landing(key), name) for name in TYPE_TAGS}
        name, field = TYPE_TAG_OF.get(entry.type, ("", ""))
        wanted = {name: [plain(entry.fields[field])]} if name else {}
        assert {name: texts for name, texts in found.items() if texts} == wanted, key


def test_scholar_s_tags_have_numbers_pages_and_doi() -> None:
    for key, entry in entries().items():
        first, _, last = entry.fields.get("pages", "").partition("--")
        wanted = {
            "citation_volume": entry.fields.get("volume"),
            "citation_issue": entry.fields.get("number"),
            "citation_firstpage": first,
            "citation_lastpage": last,
            "citation_doi": entry.fields.get("doi"),
        }
        for name, text in wanted.items():
            assert contents(landing(key), name) == ([text] if text else []), (key, name)


def test_only_a_pdf_beside_the_page_is_offered_to_scholar() -> None:
    for key in entries():
        for address in contents(landing(key), "citation_pdf_url"):
            assert in_site(address).rpartition("/")[0] == "publications", key


def test_no_other_page_has_scholar_s_tags() -> None:
    pages = {f"publications/{key}.html" for key in entries()}
    tagged = {n for n in page_names() if read_page(n).select('meta[name^="citation_"]')}
    assert tagged == pages


def test_a_publication_is_a_scholarly_article_with_all_its_authors() -> None:
    for key, entry in entries().items():
        name, fields = f"publications/{key}.html", entry.fields
        article = the("ScholarlyArticle", name)
        assert article["headline"] == plain(fields["title"]), key
        assert article["url"] == canonical(name), key
        names = [author["name"] for author in article["author"]]
        assert names == [displayed(person) for person in authors(entry)], key
        month = month_of(entry)
        date = f"{fields['year']}-{month:02d}" if month else fields["year"]
        assert article["datePublished"].startswith(date), key
        doi = {f"https://doi.org/{fields['doi']}"} if "doi" in fields else set()
        assert {a for a in listed(article.get("sameAs")) if "//doi.org/" in a} == doi, key
        if place := fields.get("journal") or fields.get("booktitle"):
            assert plain(place) in names_of_wholes(article), key
        if "summary" in fields:
            assert article["description"] == plain(fields["summary"]), key
        if "abstract" in fields:
            assert article["abstract"] == plain(fields["abstract"]), key


def names_of_wholes(part: dict[str, Any]) -> set[str]:
    """Return the names of all that something is part of: a journal, a book and its series."""
    whole = part.get("isPartOf")
    return {whole.get("name", "")} | names_of_wholes(whole) if whole else set()


def test_authors_of_the_group_have_their_page_and_orcid_and_others_have_none() -> None:
    for key, entry in entries().items():
        article = the("ScholarlyArticle", f"publications/{key}.html")
        found = [author for author in article["author"] if "url" in author]
        assert [author["name"] for author in found] == group_names(entry), key
        for author, member in zip(found, members(entry), strict=True):
            assert in_site(author["url"]) == place_of(member), key
            assert listed(author.get("sameAs")) == listed(orcid(member)), key
        known = {orcid(member) for member in members(entry)}
        for author in article["author"]:
            assert set(listed(author.get("sameAs"))) <= known, key


def group_names(entry: Entry) -> list[str]:
    aliases = {alias for person in people() for alias in person.get("aliases", ())}
    return [displayed(author) for author in authors(entry) if inverted(author) in aliases]


def test_signposts_tell_what_to_cite() -> None:
    for key, entry in entries().items():
        name = f"publications/{key}.html"
        doi = entry.fields.get("doi")
        archives = {
            "arxiv": "https://arxiv.org/abs/",
            "medrxiv": "https://www.medrxiv.org/content/",
        }
        archive = archives.get(entry.fields.get("eprinttype", ""))
        preprint = f"{archive}{entry.fields['eprint']}" if archive else canonical(name)
        wanted = f"https://doi.org/{doi}" if doi else preprint
        assert links(landing(key), "cite-as") == [wanted], key


def test_signposts_lead_to_the_descriptions() -> None:
    for key in entries():
        found = landing(key).select('head link[rel~="describedby"]')
        wanted = {(kind, f"publications/{key}.{ending}") for ending, kind in FORMATS.items()}
        assert len(found) == len(wanted), key
        assert {(str(link["type"]), in_site(str(link["href"]))) for link in found} == wanted, key


def test_signposts_lead_to_the_authors_and_tell_the_type() -> None:
    for key, entry in entries().items():
        orcids = [orcid(member) for member in members(entry) if orcid(member)]
        assert links(landing(key), "author") == orcids, key
        kind = {"incollection": "Chapter", "phdthesis": "Thesis"}.get(
            entry.type, "ScholarlyArticle"
        )
        types = {"https://schema.org/AboutPage", f"https://schema.org/{kind}"}
        assert set(links(landing(key), "type")) == types, key


def test_only_publications_have_signposts() -> None:
    pages = {f"publications/{key}.html" for key in entries()}
    assert {name for name in page_names() if links(read_page(name), "cite-as")} == pages


def test_lists_have_one_context_object_an_entry_and_landing_pages_none() -> None:
    with_lists = 0
    for name in content_pages():
        page = read_page(name)
        spans = page.select("span.Z3988")
        if name.removeprefix("publications/").removesuffix(".html") in entries():
            assert spans == [], name
            continue
        items = page.select("li.ls-pub")
        assert [len(item.select("span.Z3988")) for item in items] == [1] * len(items), name
        assert len(spans) == len(items), name
        with_lists += bool(items)
    assert with_lists >= len(current_people()) // 2


def test_context_objects_say_what_the_entry_is() -> None:
    for name in content_pages():
        for item in read_page(name).select("li.ls-pub"):
            if not (spans := item.select("span.Z3988")):
                continue
            key = str(item["data-pub-key"])
            entry = entries()[key]
            said = parse_qs(str(spans[0]["title"]), strict_parsing=True)
            assert said["ctx_ver"] == ["Z39.88-2004"], key
            assert re.fullmatch(r"info:ofi/fmt:kev:mtx:\w+", said["rft_val_fmt"][0]), key
            # what is part of something has its title in atitle, what stands alone in title
            title = said.get("rft.atitle") or said.get("rft.title")
            assert title == [plain(entry.fields["title"])], key
            month = month_of(entry)
            year = entry.fields["year"]
            assert said["rft.date"] == [f"{year}-{month:02d}" if month else year], key
            assert said["rft.au"] == [inverted(person) for person in authors(entry)], key
            doi = [f"info:doi/{entry.fields['doi']}"] if "doi" in entry.fields else []
            assert [i for i in said.get("rft_id", []) if i.startswith("info:doi/")] == doi, key


# People, the group, news


def current_people() -> list[dict[str, Any]]:
    return [person for person in people() if person["status"] == "current"]


def news_pages() -> list[str]:
    sources = sorted((ROOT / "docs/news").glob("*.md"))
    return [f"news/{source.stem}.html" for source in sources if source.stem != "index"]


def test_a_person_s_page_tells_who_it_is() -> None:
    assert sum(bool(orcid(person)) for person in current_people()) >= 1
    for person in current_people():
        name = f"people/{person['id']}.html"
        found = the("Person", name)
        assert found["name"] == person["name"]
        assert found["url"] == canonical(name)
        assert set(listed(found.get("sameAs"))) == set(person.get("links", {}).values()), name
        affiliation = found.get("affiliation", {}).get("name")
        assert affiliation == person.get("affiliation"), name


def test_home_tells_what_the_group_is() -> None:
    group = the("ResearchOrganization", HOME)
    assert group["url"] == base()
    assert group["name"] == content(read_page(HOME), "og:site_name")
    found = {member["name"]: in_site(member["url"]) for member in group["member"]}
    assert found == {person["name"]: place_of(person) for person in current_people()}


def test_news_are_articles_with_their_day() -> None:
    assert len(news_pages()) >= 6
    for name in news_pages():
        article = the("NewsArticle", name)
        assert article["headline"] == text_of(one(read_page(name), "h1")).removesuffix("#")
        source = front_matter(name.removesuffix(".html") + ".md")
        assert article["datePublished"] == str(source["date"]), name
        assert article["url"] == canonical(name)
        assert article["publisher"]["@id"] == the("ResearchOrganization", HOME)["@id"]


def test_redirects_and_missing_pages_claim_to_be_nothing() -> None:
    for name in page_names():
        if is_redirect(name):
            assert data(name) == [] and not contents(read_page(name), "citation_title"), name
