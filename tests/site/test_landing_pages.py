"""The page of every publication, against the data files as pybtex and PyYAML read them."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml
from bs4 import BeautifulSoup, Tag
from pybtex.database import Entry, Person, parse_file

from tests.site.conftest import ROOT, SITE, read_page
from tests.site.test_pages import content_pages

HOME = "index.html"
LIST = "publications/index.html"
ARCHIVES = {"arxiv": "https://arxiv.org/abs/", "medrxiv": "https://www.medrxiv.org/content/"}
LINKED = ("code", "data", "model", "url", "pdf", "slides", "poster", "video")

# The data files, read without labsite; the other tests of the site's views use these too.


@cache
def entries() -> dict[str, Entry]:
    """Return the bibliography, in the order of its file."""
    return dict(parse_file(str(ROOT / "references.bib"), bib_format="bibtex").entries)


@cache
def people() -> list[dict[str, Any]]:
    loaded = yaml.safe_load((ROOT / "people.yml").read_text(encoding="utf-8"))
    assert isinstance(loaded, list)
    return loaded


@cache
def front_matter(source: str) -> dict[str, Any]:
    """Return what stands between the first two rules of a page's source in docs/."""
    text = (ROOT / "docs" / source).read_text(encoding="utf-8")
    loaded = yaml.safe_load(text.split("---\n")[1]) if text.startswith("---\n") else {}
    assert isinstance(loaded, dict)
    return loaded


def plain(text: str) -> str:
    """Return a field without its markup; the real bibliography has no other than this."""
    return re.sub(r"\\([&%])", r"\1", re.sub(r"[{}]", "", text)).replace("--", "–")


def authors(entry: Entry) -> list[Person]:
    return [person for person in entry.persons["author"] if str(person) != "others"]


def displayed(person: Person) -> str:
    """`Given von Family`, as in running text."""
    given = [*person.first_names, *person.middle_names]
    return plain(" ".join([*given, *person.prelast_names, *person.last_names]))


def inverted(person: Person) -> str:
    """`von Family, Given`, which is also the form of the aliases."""
    given = " ".join([*person.first_names, *person.middle_names])
    family = " ".join([*person.prelast_names, *person.last_names])
    return plain(f"{family}, {given}" if given else family)


@cache
def member_of_alias() -> dict[str, dict[str, Any]]:
    return {alias: person for person in people() for alias in person.get("aliases", ())}


def members(entry: Entry) -> list[dict[str, Any]]:
    """Return the people of the group among the authors, in order."""
    aliases = member_of_alias()
    return [aliases[name] for name in map(inverted, authors(entry)) if name in aliases]


def orcid(person: dict[str, Any]) -> str:
    return str(person.get("links", {}).get("orcid", ""))


def words(field: str) -> list[str]:
    """Return the items of a list such as ``direction`` or ``related``."""
    return re.split(r"[\s,]+", field) if field else []


def month_of(entry: Entry) -> int:
    names = "jan feb mar apr may jun jul aug sep oct nov dec".split()
    month = entry.fields.get("month", "").lower()
    return names.index(month[:3]) + 1 if month[:3] in names else int(month or 0)


@cache
def keys_in_order() -> list[str]:
    """Return all keys as lists have them: year down, month down where given, then the file's."""
    year_and_month = {
        key: (int(entry.fields["year"]), month_of(entry)) for key, entry in entries().items()
    }
    return sorted(entries(), key=year_and_month.__getitem__, reverse=True)


# The built pages


def landing(key: str) -> BeautifulSoup:
    return read_page(f"publications/{key}.html")


def one(place: BeautifulSoup | Tag, selector: str) -> Tag:
    """Return the only element that a selector finds."""
    found = place.select(selector)
    assert len(found) == 1, f"{len(found)} of {selector}"
    return found[0]


def text_of(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def leads_to(page: str, link: Tag) -> str:
    """Return where a link of a page leads, relative to the site's root, or its whole address."""
    parts = urlsplit(str(link["href"]))
    if parts.scheme or parts.netloc:
        return str(link["href"])
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path)))
    path = path if parts.path else page
    return f"{path}#{parts.fragment}" if parts.fragment else path


def targets(key: str, selector: str) -> list[str]:
    page = f"publications/{key}.html"
    return [leads_to(page, link) for link in landing(key).select(selector)]


def place_of(person: dict[str, Any]) -> str:
    """Return where a person stands: a page for who is current, the overview for the others."""
    identity = person["id"]
    is_current = person["status"] == "current"
    return f"people/{identity}.html" if is_current else f"people/index.html#{identity}"


def assert_visible(tag: Tag) -> None:
    """Check that an element is there without a click and without a script."""
    for part in (tag, *tag.parents):
        assert part.name not in {"details", "template", "dialog", "noscript"}, part.name
        assert not part.has_attr("hidden") and part.get("aria-hidden") != "true"
        assert "ls-hidden" not in part.get_attribute_list("class")


def test_every_entry_has_a_page_and_no_page_is_left_over() -> None:
    pages = {path.stem for path in (SITE / "publications").glob("*.html")} - {"index"}
    assert pages == set(entries())


def test_title_and_authors_head_the_page() -> None:
    for key, entry in entries().items():
        page = landing(key)
        assert text_of(one(page, "h1")) == plain(entry.fields["title"]), key
        line = one(page, ".ls-paper-authors")
        assert_visible(line)
        marks = {
            id(text) for mark in line.select(".ls-orcid-mark, .ls-equal") for text in mark.strings
        }
        shown = "".join(text for text in line.strings if id(text) not in marks)
        has_more = len(authors(entry)) < len(entry.persons["author"])
        wanted = [*map(displayed, authors(entry)), *(["et al."] if has_more else [])]
        assert re.split(r"\s*,\s+", shown.strip()) == wanted, key


def test_members_are_linked_in_the_author_line_and_under_people() -> None:
    for key, entry in entries().items():
        places = [place_of(person) for person in members(entry)]
        assert targets(key, ".ls-paper-authors a.ls-member") == places, key
        assert targets(key, "#people .ls-paper-person a:not(.ls-orcid)") == places, key


def test_an_orcid_is_shown_and_linked_for_those_who_have_one() -> None:
    seen = 0
    for key, entry in entries().items():
        wanted = [orcid(person) for person in members(entry) if orcid(person)]
        assert targets(key, ".ls-paper-authors a[href*='orcid.org']") == wanted, key
        numbers = [text_of(link) for link in landing(key).select("#people a[href*='orcid.org']")]
        assert [number.rpartition("/")[2] for number in numbers] == [
            address.rpartition("/")[2] for address in wanted
        ], key
        seen += len(wanted)
    assert seen > 50


def test_year_venue_and_remarks_are_shown() -> None:
    for key, entry in entries().items():
        head = text_of(one(landing(key), ".ls-paper-head"))
        details = text_of(one(landing(key), "#details"))
        for name in ("abbr", "award", "addendum", "note"):
            assert plain(entry.fields.get(name, "")) in head, (key, name)
        for name in ("journal", "booktitle", "school", "series", "publisher", "volume", "pages"):
            assert plain(entry.fields.get(name, "")) in details, (key, name)
        assert entry.fields["year"] in f"{head} {details}", key


def test_doi_is_shown_as_its_address() -> None:
    for key, entry in entries().items():
        links = landing(key).select(".ls-paper-links a[href^='https://doi.org/']")
        wanted = [f"https://doi.org/{entry.fields['doi']}"] if "doi" in entry.fields else []
        assert [(link["href"], text_of(link)) for link in links] == [
            (address, address) for address in wanted
        ], key


def test_links_are_those_of_the_bib() -> None:
    for key, entry in entries().items():
        fields = entry.fields
        wanted = [fields[name] for name in LINKED if name in fields]
        if "doi" in fields:
            wanted.append(f"https://doi.org/{fields['doi']}")
        if "eprint" in fields:
            wanted.append(ARCHIVES[fields["eprinttype"]] + fields["eprint"])
        assert sorted(targets(key, ".ls-paper-links a")) == sorted(wanted), key
        for link in landing(key).select(".ls-paper-links a"):
            assert_visible(link)


def test_summary_and_abstract_are_visible_without_a_click() -> None:
    seen = 0
    for key, entry in entries().items():
        for name in ("summary", "abstract"):
            sections = landing(key).select(f"#{name}")
            assert len(sections) == (name in entry.fields), (key, name)
            for section in sections:
                paragraph = one(section, "p")
                assert text_of(paragraph) == plain(entry.fields[name]), (key, name)
                assert_visible(paragraph)
                seen += 1
    assert seen >= 10


def test_what_is_to_be_copied_is_marked_and_the_button_s_script_is_loaded() -> None:
    for key in entries():
        blocks = landing(key).select("#cite [data-ls-copy]")
        assert [block["data-ls-copy"] for block in blocks] == ["reference", "BibTeX"], key
        for block, name in zip(blocks, ("p", "pre"), strict=True):
            assert one(block, "[data-ls-source]").name == name, key
        scripts = [str(tag["src"]) for tag in landing(key).select("script[src]")]
        assert [src for src in scripts if urlsplit(src).path.endswith("/_static/labsite.js")], key


def test_the_bibtex_shown_is_that_of_the_file() -> None:
    for key in entries():
        shown = one(landing(key), "#cite pre")
        assert_visible(shown)
        file = (SITE / "publications" / f"{key}.bib").read_bytes().decode("utf-8")
        assert shown.get_text().rstrip("\n") == file.rstrip("\n"), key
        assert shown.get_text().count("@") == 1, key


def test_the_reference_has_authors_year_title_place_and_address_in_this_order() -> None:
    for key, entry in entries().items():
        fields, names = entry.fields, [displayed(person) for person in authors(entry)]
        reference = one(landing(key), "#cite [data-ls-copy=reference] [data-ls-source]")
        assert_visible(reference)
        place = fields.get("journal") or fields.get("booktitle") or fields.get("school") or ""
        # the year may be printed with a letter, where an author has several papers in it
        parts = [*map(re.escape, names), rf"\({fields['year']}[a-z]?\)"]
        parts += [re.escape(plain(fields["title"])), re.escape(plain(place))]
        if "doi" in fields:
            parts.append(re.escape(f"https://doi.org/{fields['doi']}"))
        assert re.search(".*".join(parts), text_of(reference)), (key, text_of(reference))
        if {"doi", "url", "eprint"} & set(fields):
            links = [str(link["href"]) for link in reference.select("a")]
            assert links and set(links) <= set(targets(key, ".ls-paper-links a")), key


def test_directions_are_linked_main_one_first() -> None:
    for key, entry in entries().items():
        wanted = [f"research/{name}.html" for name in words(entry.fields["direction"])]
        assert targets(key, "#directions a") == wanted, key


def other_versions(entry: Entry) -> list[str]:
    """Return the keys of the versions that an entry names itself."""
    is_version = entry.fields.get("relatedtype") in {"version", "extends", "extendedby"}
    return words(entry.fields["related"]) if is_version else []


@cache
def families() -> dict[str, set[str]]:
    """Return key → the keys of all versions of its work, over any number of relations."""
    family = {key: {key} for key in entries()}
    for key, entry in entries().items():
        for other in other_versions(entry):
            joined = family[key] | family[other]
            family |= dict.fromkeys(joined, joined)
    return family


def versions_on(key: str) -> list[str]:
    return [str(item["data-pub-key"]) for item in landing(key).select("#versions li")]


def test_versions_of_a_work_list_each_other() -> None:
    assert sum(len(family) > 1 for family in families().values()) >= 16
    for key, family in families().items():
        listed = versions_on(key)
        assert sorted(listed) == (sorted(family) if len(family) > 1 else []), key
        for item in landing(key).select("#versions li"):
            other = str(item["data-pub-key"])
            links = [leads_to(f"publications/{key}.html", link) for link in item.select("a")]
            assert links == ([] if other == key else [f"publications/{other}.html"]), key
            assert len(item.select("[aria-current=page]")) == (other == key), key
        assert all(versions_on(other) == listed for other in family), key


def test_the_final_version_comes_first() -> None:
    compared = 0
    for key, entry in entries().items():
        kind = entry.fields.get("relatedtype")
        for other in other_versions(entry):
            listed = versions_on(key)
            if kind == "extends":
                assert listed.index(key) < listed.index(other), key
            elif kind == "extendedby":
                assert listed.index(other) < listed.index(key), key
            elif (rank := less_final(entry)) != (others := less_final(entries()[other])):
                assert (listed.index(key) < listed.index(other)) == (rank < others), key
            else:
                newer = keys_in_order().index(key) < keys_in_order().index(other)
                assert (listed.index(key) < listed.index(other)) == newer, key
            compared += 1
    assert compared >= 16


def less_final(entry: Entry) -> int:
    """Rank what is published in full before an abstract, and that before a preprint."""
    if entry.type == "misc":
        return 2
    return int(entry.fields.get("entrysubtype") == "abstract")


def test_an_earlier_version_says_so_at_its_head() -> None:
    noticed = 0
    for key, entry in entries().items():
        notices = targets(key, ".ls-paper-head .ls-notice:not(.ls-notice-retracted) a")
        final = next(iter(versions_on(key)), key)
        is_newer = final != key and entries()[final].fields["year"] >= entry.fields["year"]
        assert notices == ([f"publications/{final}.html"] if is_newer else []), key
        noticed += len(notices)
    assert noticed >= 8


@cache
def citing() -> dict[str, set[str]]:
    """Return key → the pages that cite or name it in their prose, or in a news item's head."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name in content_pages():
        if name != LIST and name.removesuffix(".html").rpartition("/")[2] in entries():
            continue
        for link in read_page(name).select("main .ls-cite a, main a.reference.internal"):
            folder, _, file = leads_to(name, link).partition("/")
            if folder == "publications" and file.removesuffix(".html") in entries():
                found[file.removesuffix(".html")].add(name)
    for source in (ROOT / "docs/news").glob("*.md"):
        for key in front_matter(f"news/{source.name}").get("publications") or ():
            found[key].add(f"news/{source.stem}.html")
    return dict(found)


def test_cited_on_lists_exactly_the_pages_that_mention_it() -> None:
    assert len(citing()) > 20
    for key in entries():
        links = landing(key).select("#cited-on a")
        found = [leads_to(f"publications/{key}.html", link) for link in links]
        assert len(found) == len(set(found)) and set(found) == citing().get(key, set()), key
        for page, link in zip(found, links, strict=True):
            heading = one(read_page(page), "h1").get_text().removesuffix("#")
            assert text_of(link) == ("Home" if page == HOME else heading), key
        assert HOME not in found[1:], "home comes first"


def traits(key: str) -> set[str]:
    """Return what a paper may have in common with others."""
    entry = entries()[key]
    titled = re.findall(r"[a-z]{4,}", plain(entry.fields["title"]).lower())
    return {*words(entry.fields["direction"]), *map(inverted, authors(entry)), *titled}


def test_related_work_shares_something_and_is_no_version_of_the_same() -> None:
    with_some = 0
    for key, entry in entries().items():
        items = landing(key).select("#related li.ls-pub")
        found = [str(item["data-pub-key"]) for item in items]
        with_some += bool(found)
        assert len(found) == len(set(found)), key
        assert not set(found) & families()[key], key
        for other in found:
            fields = entries()[other].fields
            named = {*words(entry.fields.get("related", "")), *words(fields.get("related", ""))}
            assert traits(key) & traits(other) or named & {key, other}, (key, other)
    assert with_some > 0.8 * len(entries())


def test_newer_and_older_make_one_chain_in_the_order_of_the_list() -> None:
    listed = [str(item["data-pub-key"]) for item in read_page(LIST).select("li.ls-pub")]
    assert listed == keys_in_order()
    pages = [f"publications/{key}.html" for key in listed]
    for position, key in enumerate(listed):
        assert targets(key, "main a[rel=prev]") == pages[:position][-1:], key
        assert targets(key, "main a[rel=next]") == pages[position + 1 :][:1], key


def test_breadcrumbs_lead_back() -> None:
    for key in entries():
        crumbs = one(landing(key), "nav.ls-crumbs")
        links = [(text_of(a), leads_to(f"publications/{key}.html", a)) for a in crumbs.select("a")]
        assert links == [("Home", HOME), ("Publications", LIST)], key
        assert text_of(one(crumbs, "[aria-current=page]")), key


def test_improve_this_entry_leads_to_its_line() -> None:
    lines = (ROOT / "references.bib").read_text(encoding="utf-8").splitlines()
    for key in entries():
        (link,) = [a for a in landing(key).select("a") if text_of(a) == "Improve this entry"]
        address, _, number = str(link["href"]).partition("/references.bib?plain=1#L")
        assert re.fullmatch(r"https://[^?#]+", address), key
        assert re.fullmatch(rf"@\w+\{{{re.escape(key)},", lines[int(number) - 1]), key


def test_every_title_in_a_list_leads_to_its_page() -> None:
    seen = set()
    for name in content_pages():
        for item in read_page(name).select("li.ls-pub"):
            key = str(item["data-pub-key"])
            title = one(item, ".ls-pub-title a")
            assert leads_to(name, title) == f"publications/{key}.html", (name, key)
            assert text_of(title) == plain(entries()[key].fields["title"]), (name, key)
            seen.add(key)
    assert seen == set(entries())


def test_every_citation_leads_to_a_publication_s_page() -> None:
    pages = {f"publications/{key}.html" for key in entries()}
    cites = [
        (name, leads_to(name, link))
        for name in content_pages()
        for link in read_page(name).select(".ls-cite a")
    ]
    assert len(cites) > 50
    assert [cite for cite in cites if cite[1] not in pages] == []


def test_the_index_of_resources_is_that_of_the_bib() -> None:
    page = read_page("resources.html")
    for kind in ("code", "data", "model"):
        wanted = defaultdict(set)
        for key, entry in entries().items():
            if kind in entry.fields:
                wanted[entry.fields[kind]].add(f"publications/{key}.html")
        found: dict[str, set[str]] = {}
        for item in page.select(f"#{kind} li.ls-resource"):
            address = str(one(item, ".ls-resource-name a")["href"])
            papers = [leads_to("resources.html", a) for a in item.select(".ls-resource-paper a")]
            assert address not in found and len(papers) == len(set(papers)), address
            found[address] = set(papers)
        assert found == wanted, kind
    assert page.select("#code") and page.select("#model")
