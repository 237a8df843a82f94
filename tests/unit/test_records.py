"""Entries and people become publications: in order, labelled, linked, and none is dropped."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from labsite.bib import parse_bib
from labsite.diagnostics import Problem
from labsite.entries import Bibliography, BibTeX
from labsite.latex import decode
from labsite.lint import is_safe_key
from labsite.model import PartialDate, Person, Publication, RichText, Source
from labsite.people import parse_people
from labsite.records import build_publications
from labsite.vocabulary import FIELDS


def build(
    *sources: str, people: Sequence[Person] = ()
) -> tuple[tuple[Publication, ...], tuple[Problem, ...]]:
    """Build from bib sources; what is wrong with their syntax is among the problems."""
    bibs = [parse_bib(source, f"{number}.bib") for number, source in enumerate(sources, 1)]
    publications, problems = build_publications(bibs, people)
    return publications, (*(problem for bib in bibs for problem in bib.problems), *problems)


def entry(key: str = "k", kind: str = "misc", author: str = "Sun, Susu", **fields: object) -> str:
    """An entry with all it needs, unless ``fields`` say otherwise (``None`` leaves one out)."""
    values: dict[str, object] = {"title": f"Title {key}", "author": author, "year": 2025, **fields}
    lines = [f"  {name} = {{{value}}}," for name, value in values.items() if value is not None]
    return "\n".join([f"@{kind}{{{key},", *lines, "}\n"])


def one(source: str, people: Sequence[Person] = ()) -> Publication:
    (publication,), problems = build(source, people=people)
    assert problems == ()
    return publication


def keys(publications: Sequence[Publication]) -> list[str]:
    return [publication.key for publication in publications]


# The real data ----------------------------------------------------------------------------------


def test_the_real_bibliography_becomes_publications_without_a_problem(
    real_bib: Bibliography,
) -> None:
    publications, problems = build_publications([real_bib], [])
    assert problems == ()
    assert sorted(keys(publications)) == sorted(entry.key for entry in real_bib.entries)
    assert [pub.slug for pub in publications] == keys(publications)
    years = [pub.year or 0 for pub in publications]
    assert years == sorted(years, reverse=True)
    assert len({pub.author_year for pub in publications}) == len(publications)
    for pub in publications:
        assert pub.title
        assert pub.authors
        assert not {"{", "}", "\\", "$"} & set(pub.title.plain)


@pytest.mark.parametrize(("count", "loaded"), [(1, False), (500, True)])
def test_the_parser_is_loaded_before_many_entries_are_shared_among_processes(
    count: int, loaded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def share(work: Callable[[Sequence[Any]], list[Any]], items: Sequence[Any]) -> list[Any]:
        done.append(f"share {len(items)}")
        return work(items[:1])

    monkeypatch.setattr("labsite.records.load_parser", lambda: done.append("load"))
    bib = parse_bib("".join(entry(f"k{number}") for number in range(count)), "1.bib")
    build_publications([bib], [], share=share)
    assert done == [*(["load"] if loaded else []), f"share {count}"]


# Order ------------------------------------------------------------------------------------------


def test_lists_go_from_new_to_old_then_by_month_then_as_in_the_file() -> None:
    publications, _ = build(
        entry("y2024", year=2024)
        + entry("plain1")
        + entry("march", month="mar")
        + entry("undated", year=None)
        + entry("day", year=None, date="2025-09-30")
        + entry("plain2")
        + entry("month", year=None, date="2025-09")
        + entry("march2", month="3")
    )
    assert keys(publications) == [
        "day", "month", "march", "march2", "plain1", "plain2", "y2024", "undated",
    ]  # fmt: skip


def test_files_follow_each_other() -> None:
    publications, _ = build(entry("a") + entry("b"), entry("c") + entry("d"))
    assert keys(publications) == ["a", "b", "c", "d"]
    assert [pub.source for pub in publications] == [
        Source("1.bib", 1), Source("1.bib", 6), Source("2.bib", 1), Source("2.bib", 6),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"year": "2025"}, PartialDate(2025)),
        ({"year": "2025", "month": "sep"}, PartialDate(2025, 9)),
        ({"year": "2025", "month": "12"}, PartialDate(2025, 12)),
        ({"year": None, "date": "2025"}, PartialDate(2025)),
        ({"year": None, "date": "2025-09"}, PartialDate(2025, 9)),
        ({"year": None, "date": "2025-09-30"}, PartialDate(2025, 9, 30)),
        ({"year": "2024", "date": "2025-09"}, PartialDate(2025, 9)),
    ],
)
def test_the_date(fields: dict[str, object], expected: PartialDate) -> None:
    assert one(entry(**fields)).date == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"year": None}, None),
        ({"year": "in press"}, None),
        ({"year": "2025a"}, PartialDate(2025)),
        ({"year": "about 2025"}, PartialDate(2025)),
        ({"year": "20255"}, None),
        ({"year": "0000"}, None),
        ({"month": "Herbst"}, PartialDate(2025)),
        ({"month": "13"}, PartialDate(2025)),
        ({"year": None, "date": "2025-13"}, PartialDate(2025)),
        ({"year": None, "date": "30.9.2025"}, PartialDate(2025)),
        ({"year": "2024", "date": "soon"}, PartialDate(2024)),
    ],
)
def test_a_date_that_cannot_be_read_is_one_problem_and_as_much_as_there_is(
    fields: dict[str, object], expected: PartialDate | None
) -> None:
    (publication,), problems = build(entry(**fields))  # type: ignore[arg-type]
    assert publication.date == expected
    assert len(problems) == 1 or fields["year"] == "0000"


# Labels -----------------------------------------------------------------------------------------


def labels(*entries: str) -> dict[str, tuple[str, str]]:
    return {pub.key: pub.author_year for pub in build("".join(entries))[0]}


@pytest.mark.parametrize(
    ("author", "who"),
    [
        ("Sun, Susu", "Sun"),
        ("Sun, Susu and Koch, Lisa M.", "Sun and Koch"),
        ("Sun, Susu and Koch, Lisa M. and Hein, Matthias", "Sun et al."),
        ("Sun, Susu and others", "Sun et al."),
        ("van Beethoven, Ludwig", "van Beethoven"),
        ("{The MS Group}", "The MS Group"),
        (r"M{\"u}ller, J.", "Müller"),
    ],
)
def test_who_a_citation_names(author: str, who: str) -> None:
    assert labels(entry(author=author)) == {"k": (who, "2025")}


def test_editors_stand_in_for_authors_and_the_key_for_nobody() -> None:
    source = "@book{b, editor={Koch, Lisa}, title={T}, year=2025}\n@misc{m, title={T}, year=2025}"
    assert labels(source) == {"b": ("Koch", "2025"), "m": ("m", "2025")}


def test_what_reads_the_same_gets_letters_from_the_oldest_on() -> None:
    found = labels(
        entry("late", month="dec"),
        entry("zulu", month="jan"),
        entry("mike", month="jan"),
        entry("other", author="Koch, Lisa"),
        entry("earlier", year=2024),
        entry("two", author="Sun, Susu and Koch, Lisa"),
    )
    assert found == {
        "mike": ("Sun", "2025a"),
        "zulu": ("Sun", "2025b"),
        "late": ("Sun", "2025c"),
        "other": ("Koch", "2025"),
        "earlier": ("Sun", "2024"),
        "two": ("Sun and Koch", "2025"),
    }


def test_letters_do_not_depend_on_the_order_of_the_file() -> None:
    entries = [entry(f"k{number}", month=number % 3 + 1) for number in range(9)]
    expected = labels(*entries)
    random.Random(1).shuffle(entries)
    assert labels(*entries) == expected


def test_after_z_comes_aa() -> None:
    found = labels(*(entry(f"k{number:02}") for number in range(54)))
    letters = [found[key][1].removeprefix("2025") for key in sorted(found)]
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    assert letters == [*alphabet, *(f"a{letter}" for letter in alphabet), "ba", "bb"]


def test_undated_entries_are_labelled_too() -> None:
    found = labels(
        entry("a", year=None), entry("b", year=None), entry("c", "book", "X, Y", year=None)
    )
    assert found["c"] == ("X", "n.d.")
    assert found["a"] != found["b"]
    assert found["a"][1].startswith("n.d.")


# Keys and page names ----------------------------------------------------------------------------


def slugs(*found: str) -> list[str]:
    publications, _ = build("".join(entry(key) for key in found))
    return [pub.slug for pub in publications]


def test_a_safe_key_is_its_own_page_name() -> None:
    assert slugs("sun2025", "Koch-2024_b.x") == ["sun2025", "Koch-2024_b.x"]


@pytest.mark.parametrize(
    "bad",
    [
        "../x",
        "index",
        "INDEX",
        "all",
        "2025sun",
        "müller",
        "a:b",
        "sun.",
        "",
        "...",
        "/etc/passwd",
        "con",
    ],
)
def test_a_bad_key_gets_a_safe_page_name_and_one_problem(bad: str) -> None:
    publications, problems = build(entry(bad) + entry("good"))
    assert keys(publications) == [bad, "good"]
    assert [problem.subtype for problem in problems] == ["bib_key"]
    assert is_safe_key(publications[0].slug)
    assert publications[1].slug == "good"


@pytest.mark.parametrize(
    "found",
    [
        ("sun", "sun"),
        ("sun", "SUN", "Sun"),
        ("sun", "sun", "sun-2"),
        ("sun-2", "sun", "sun"),
        ("index", "index-2", "index"),
        ("a:b", "a/b", "a-b", "a-b-2"),
        ("../x", "x", "x-2", "./x"),
        ("ü", "ö", "entry", "entry-2"),
        ("2025", "2025", "entry-2025"),
    ],
)
def test_page_names_are_unique_without_regard_to_case(found: tuple[str, ...]) -> None:
    names = slugs(*found)
    assert len(names) == len(found)
    assert len({name.lower() for name in names}) == len(names)
    assert all(is_safe_key(name) for name in names)
    for key, name in zip(found, names, strict=True):  # a good key keeps its address
        if is_safe_key(key) and [other.lower() for other in found].count(key.lower()) == 1:
            assert name == key


def test_of_one_key_the_first_in_the_file_keeps_the_address() -> None:
    assert slugs("sun", "SUN")[0] == "sun"


def test_an_entry_whose_key_is_taken_is_kept_and_reported_once() -> None:
    publications, problems = build(entry("sun", title="A") + entry("Sun", title="B") + entry("z"))
    assert [pub.title.plain for pub in publications] == ["A", "B", "Title z"]
    assert [(problem.line, problem.subtype) for problem in problems] == [(6, "bib_duplicate_key")]


# Nothing is dropped -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "@nosuchtype{k}",
        "@misc{k}",
        "@misc{k, title = {}}",
        "@misc{k, author = {and}, year = {?}}",
        "@misc{k, title = {x",
        "@misc{k, title = {{{{}",
        "@misc{k title = {x}}",
        "@misc{../k, title = {x}}",
        "@misc{k, title = undefined}",
        r"@misc{k, title = {\frac}}",
        r"@misc{k, title = {$\sqrt[$}}",
    ],
)
def test_no_entry_is_dropped(source: str) -> None:
    publications, problems = build(f"{entry('a')}{source}\n\n{entry('z')}")
    assert len(publications) == 3
    assert {pub.title.plain for pub in publications} > {"Title a", "Title z"}
    assert all(pub.title and pub.slug and str(pub.bibtex) for pub in publications)
    assert problems


def test_a_publication_without_a_title_shows_its_key() -> None:
    (publication,), _ = build(entry(title=None))
    assert publication.title.plain == "[k]"


def test_entries_that_only_hold_data_are_no_publications() -> None:
    source = "@xdata{x, journal={J}}\n@set{s, entryset={a,b}}\n" + entry(
        "a", options="skipbib=true"
    )
    assert build(source) == ((), ())


FAULTS = {
    "missing comma": ("Title k},", "Title k}", 2),
    "missing brace": ("Title k},", "Title k,", 2),
    "duplicate key": ("@misc{k", entry("k") + "@misc{k", 6),
    "duplicate key by case": ("@misc{k", entry("K") + "@misc{k", 6),
    "unknown type": ("@misc", "@msic", 1),
    "missing author": ("  author = {Sun, Susu},\n", "", 1),
    "missing year": ("  year = {2025},\n", "", 1),
    "year in words": ("{2025}", "{two thousand}", 4),
    "key outside the set": ("@misc{k", "@misc{../k", 1),
    "reserved key": ("@misc{k", "@misc{index", 1),
    "undefined abbreviation": ("  author", "  note = nothing,\n  author", 3),
    "bare per cent": ("Title k", "50% k", 2),
    "bare per cent in a name": ("Sun, Susu", "Sun%, Susu", 3),
    "bare dollar": ("Title k", "5$ k", 2),
    "unknown command": ("Title k", r"Title \nosuch{k}", 2),
    "unknown field": ("  author", "  autor = {x},\n  author", 3),
    "unsafe address": ("  author", "  url = {javascript:alert(1)},\n  author", 3),
}


@pytest.mark.parametrize(("old", "new", "line"), FAULTS.values(), ids=FAULTS.keys())
def test_each_fault_is_one_message_with_line_and_key(old: str, new: str, line: int) -> None:
    source = entry()
    assert source.count(old) == 1
    publications, problems = build(source.replace(old, new) + entry("z"))
    assert "z" in keys(publications)
    (problem,) = problems
    assert (problem.path, problem.line) == ("1.bib", line)
    assert any(repr(key) in problem.what for key in keys(publications) if key != "z")
    assert problem.remedy


# crossref and xdata -----------------------------------------------------------------------------

PARENT = """\
@proceedings{conf,
  title = {Proceedings of the Conference},
  editor = {Koch, Lisa},
  publisher = {Press},
  year = {2025},
  direction = {apps},
  selected = {true},
}
"""


def test_an_entry_inherits_from_its_crossref() -> None:
    source = "@inproceedings{k, author={Sun, Susu}, title={T}, crossref={conf}, publisher={Own}}\n"
    publications, problems = build(source + PARENT)
    assert problems == ()
    publication = next(pub for pub in publications if pub.key == "k")
    assert publication.title.plain == "T"
    assert publication.container.plain == "Proceedings of the Conference"
    assert publication.publisher.plain == "Own"
    assert publication.year == 2025
    assert [editor.name.display for editor in publication.editors] == ["Lisa Koch"]
    assert publication.directions == ()
    assert not publication.selected


def test_an_entry_inherits_from_xdata() -> None:
    source = "@xdata{x, journal={J}, year=2025}\n@article{k, author={A}, title={T}, xdata={x}}\n"
    publication = one(source)
    assert publication.container.plain == "J"
    assert publication.year == 2025


def test_own_fields_win_over_inherited_ones() -> None:
    child = entry("k", "inproceedings", crossref="CONF", booktitle="Own Book", year=2024)
    publication = next(pub for pub in build(child + PARENT)[0] if pub.key == "k")
    assert publication.container.plain == "Own Book"
    assert publication.year == 2024


@pytest.mark.parametrize(
    ("target", "remedy"), [("cnf", "Did you mean 'conf'?"), ("k", "."), ("zzzzzz", ".")]
)
def test_a_crossref_to_nothing_is_one_problem(target: str, remedy: str) -> None:
    child = entry("k", "inproceedings", crossref=target)
    publications, problems = build(child + PARENT)
    assert len(publications) == 2
    (problem,) = problems
    assert (problem.line, problem.subtype) == (5, "bib_crossref")
    assert "'k'" in problem.what
    assert problem.remedy.endswith(remedy)


def test_crossrefs_in_a_circle_end() -> None:
    source = entry("a", "inproceedings", crossref="b") + entry("b", "inproceedings", crossref="a")
    assert sorted(keys(build(source)[0])) == ["a", "b"]


# People -----------------------------------------------------------------------------------------

PEOPLE = parse_people(
    """\
- id: christian-baumgartner
  name: Christian F. Baumgartner
  aliases: ["Baumgartner, Christian F.", "Baumgartner, Christian Frederik"]
- id: susu-sun
  name: Susu Sun
  aliases: Sun, Susu
- id: ludwig
  name: Ludwig van Beethoven
  aliases: van Beethoven, Ludwig
- id: martin-king
  name: Martin King
  aliases: King, Jr., Martin
- id: joerg
  name: Jörg Müller
  aliases: Müller, Jörg
- id: nobody
  name: Lisa M. Koch
- id: second
  name: Second Sun
  aliases: Susu Sun
""",
    "people.yml",
).people


@pytest.mark.parametrize(
    ("author", "person"),
    [
        ("Baumgartner, Christian F.", "christian-baumgartner"),
        ("Christian F. Baumgartner", "christian-baumgartner"),
        ("Christian~F. Baumgartner", "christian-baumgartner"),
        ("Baumgartner, Christian Frederik", "christian-baumgartner"),
        ("Sun, Susu", "susu-sun"),
        ("{Sun}, {Susu}", "susu-sun"),
        ("van Beethoven, Ludwig", "ludwig"),
        ("Ludwig van Beethoven", "ludwig"),
        ("King, Jr., Martin", "martin-king"),
        (r"M{\"u}ller, J{\"o}rg", "joerg"),
        ("Mu\u0308ller, Jo\u0308rg", "joerg"),
        ("Baumgartner, C. F.", None),
        ("Baumgartner, C.", None),
        ("Baumgartner, Christian", None),
        ("Baumgartner, Christian Friedrich", None),
        ("Baumgartner, Christoph F.", None),
        ("Sun, S.", None),
        ("Susu, Sun", None),
        ("King, Martin", None),
        ("Koch, Lisa M.", None),
        ("{Susu Sun}", None),
        ("{Sun, Susu}", None),
    ],
)
def test_an_author_is_a_member_by_alias_and_never_by_guess(author: str, person: str | None) -> None:
    publication = one(entry(author=author), PEOPLE)
    assert [found.person for found in publication.authors] == [person]


def test_editors_are_linked_too() -> None:
    publication = one("@book{k, editor={Sun, Susu}, title={T}, year=2025}", PEOPLE)
    assert publication.written_by("susu-sun")


def test_equal_contribution_is_marked_by_position() -> None:
    source = entry(
        author="Sun, Susu and {The Group} and Koch, Lisa and others",
        **{"author+an": "1=equal; 3=equal,corresponding"},
    )
    publication = one(source)
    assert [author.equal for author in publication.authors] == [True, False, True]
    assert publication.others


# Values -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("article", {"journal": "J"}, "article"),
        ("article", {"journal": "J", "entrysubtype": "abstract"}, "abstract"),
        ("inproceedings", {"booktitle": "B"}, "paper"),
        ("inproceedings", {"booktitle": "B", "entrysubtype": "Abstract"}, "abstract"),
        ("inproceedings", {"booktitle": "B", "eprint": "2501.00001"}, "paper"),
        ("incollection", {"booktitle": "B"}, "chapter"),
        ("book", {}, "book"),
        ("phdthesis", {"school": "S"}, "thesis"),
        ("misc", {"eprint": "2501.00001", "eprinttype": "arxiv"}, "preprint"),
        ("online", {"eprint": "2501.00001"}, "preprint"),
        ("misc", {}, "other"),
        ("techreport", {"institution": "I"}, "report"),
        ("dataset", {}, "dataset"),
        ("software", {}, "software"),
    ],
)
def test_what_it_is_to_a_reader(kind: str, fields: dict[str, object], expected: str) -> None:
    publication = one(entry("k", kind, **fields))  # type: ignore[arg-type]
    assert publication.kind == expected
    assert publication.entry_type == kind


def links(**fields: object) -> list[tuple[str, str, str]]:
    publications, _ = build(entry(**fields))  # type: ignore[arg-type]
    return [(link.role, link.label, link.href) for link in publications[0].links]


def test_every_kind_of_link_in_its_order() -> None:
    found = links(
        url="https://www.example.org/page",
        video="https://example.org/v",
        poster="files/poster.pdf",
        slides="https://example.org/s",
        data="https://example.org/d",
        code="https://example.org/c",
        pdf="files/k.pdf",
        eprint="2501.00001",
        eprinttype="arxiv",
        doi="https://doi.org/10.1000/abc",
    )
    assert found == [
        ("doi", "DOI", "https://doi.org/10.1000/abc"),
        ("url", "example.org", "https://www.example.org/page"),
        ("eprint", "arXiv", "https://arxiv.org/abs/2501.00001"),
        ("pdf", "PDF", "files/k.pdf"),
        ("code", "Code", "https://example.org/c"),
        ("data", "Data", "https://example.org/d"),
        ("slides", "Slides", "https://example.org/s"),
        ("poster", "Poster", "files/poster.pdf"),
        ("video", "Video", "https://example.org/v"),
    ]


def test_no_fields_no_links() -> None:
    assert links() == []


@pytest.mark.parametrize(
    "field", ["url", "code", "data", "video", "pdf", "slides", "poster", "doi", "eprint"]
)
@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "JAVASCRIPT://a.b/%0aalert(1)", "../../x"],
)
def test_a_link_leads_nowhere_unsafe(field: str, address: str) -> None:
    for _, _, href in links(**{field: address}):
        assert href.startswith("https://arxiv.org/abs/")


@pytest.mark.parametrize(
    "field", ["url", "code", "data", "video", "pdf", "slides", "poster", "doi"]
)
def test_a_link_that_is_left_out_is_one_problem(field: str) -> None:
    (publication,), problems = build(entry(**{field: "javascript:alert(1)"}))
    assert publication.links == ()
    assert [(problem.line, problem.subtype) for problem in problems] == [(5, "bib_link")]


def test_files_of_the_site_are_no_addresses_of_code_or_data() -> None:
    assert links(code="files/code.zip", data="files/data.zip", url="files/x.html") == []


def test_a_field_may_hold_several_addresses() -> None:
    found = links(code="https://example.org/a\n    https://example.org/b")
    assert [href for _, _, href in found] == ["https://example.org/a", "https://example.org/b"]


def test_the_address_of_another_link_is_not_repeated() -> None:
    assert links(pdf="https://example.org/a.pdf", url="https://example.org/a.pdf") == [
        ("pdf", "PDF", "https://example.org/a.pdf")
    ]


def test_a_mail_address_is_called_email() -> None:
    assert links(url="mailto:a@example.org") == [("url", "Email", "mailto:a@example.org")]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"eprint": "2501.00001"}, ("arXiv", "https://arxiv.org/abs/2501.00001")),
        (
            {"eprint": "arXiv:2501.00001", "archiveprefix": "arXiv"},
            ("arXiv", "https://arxiv.org/abs/2501.00001"),
        ),
        (
            {"eprint": "123", "eprinttype": "pubmed", "archiveprefix": "arXiv"},
            ("PubMed", "https://pubmed.ncbi.nlm.nih.gov/123/"),
        ),
    ],
)
def test_eprints_lead_to_their_archive(
    fields: dict[str, object], expected: tuple[str, str]
) -> None:
    assert links(**fields) == [("eprint", *expected)]


@pytest.mark.parametrize(
    ("field", "value", "href"),
    [
        ("doi", r"10.1000/foo\_bar", "https://doi.org/10.1000/foo_bar"),
        ("url", r"https://example.org/a\_b\%20c", "https://example.org/a_b%20c"),
        ("code", r"https://example.org/a\&b\#c", "https://example.org/a&b#c"),
        ("eprint", r"hal\_1", "https://arxiv.org/abs/hal_1"),
    ],
)
def test_latex_in_an_address_is_undone_or_reported(field: str, value: str, href: str) -> None:
    """Reference managers export underscores so; a link that is silently broken helps nobody."""
    (publication,), problems = build(entry(**{field: value}))
    assert problems or [link.href for link in publication.links] == [href]


@pytest.mark.parametrize(
    ("fields", "attribute", "expected"),
    [
        ({"pages": "594--603"}, "pages", "594–603"),
        ({"pages": "S12-S15"}, "pages", "S12–S15"),
        ({"pages": "1 -- 2, 7--8"}, "pages", "1–2, 7–8"),
        ({"eid": "103895"}, "pages", "103895"),
        ({"volume": "12", "number": "3"}, "volume", "12"),
        ({"issue": "3"}, "number", "3"),
        ({"direction": "a, b;c d"}, "directions", ("a", "b", "c", "d")),
        ({"direction": ""}, "directions", ()),
        ({"selected": "true"}, "selected", True),
        ({"selected": "Yes"}, "selected", True),
        ({"selected": "false"}, "selected", False),
        ({}, "selected", False),
    ],
)
def test_plain_values(fields: dict[str, object], attribute: str, expected: object) -> None:
    publications, problems = build(entry(**fields))  # type: ignore[arg-type]
    assert problems == ()
    assert getattr(publications[0], attribute) == expected


def test_the_line_of_the_directions_is_known() -> None:
    assert one(entry(note="x", direction="a, b")).direction_line == 6


@pytest.mark.parametrize(
    "field",
    ["title", "abbr", "series", "publisher", "award", "addendum", "note", "summary", "abstract"],
)
def test_latex_in_texts_is_decoded_and_reported_with_its_line(field: str) -> None:
    publication = one(entry(**{field: r"The {MRI} of \emph{M{\"u}ller}"}))
    assert getattr(publication, field).plain == "The MRI of Müller"
    line = 2 if field == "title" else 5
    _, problems = build(entry(**{field: r"\nosuch{x}"}))
    assert [(problem.line, problem.subtype) for problem in problems] == [(line, "bib_latex")]
    assert f"'{field}'" in problems[0].what


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("article", "journal"),
        ("article", "journaltitle"),
        ("inproceedings", "booktitle"),
        ("phdthesis", "school"),
        ("techreport", "institution"),
    ],
)
def test_where_it_appeared(kind: str, field: str) -> None:
    assert one(entry("k", kind, **{field: '{ETH} Z{\\"u}rich'})).container.plain == "ETH Zürich"


def test_hostile_text_stays_text() -> None:
    script, image, quotes = (
        '<script>alert("x")</script>',
        '<img src=x onerror="alert(1)">',
        "'\"><b>",
    )
    publication = one(entry(title=script, author=f"{{{image}}}", note=quotes, journal=r"a\&b <i>"))
    assert publication.title.plain == script
    assert publication.authors[0].name.family == image
    assert publication.note.plain == quotes
    assert publication.container.plain == "a&b <i>"


def test_bibtex_stands_alone_with_the_abbreviations_of_its_file() -> None:
    publications, problems = build(
        '@string{j = "J"}\n' + "@article{k, author={A}, title={T},\n"
        " journal = j, year=2025, code={https://example.org}}"
    )
    assert problems == ()
    assert str(publications[0].bibtex).startswith('@string{j = "J"}\n@article{k,')
    assert "code" not in str(publications[0].bibtex)


def test_each_file_has_its_own_abbreviations() -> None:
    files = [f'@string{{j = "{name}"}}\n@misc{{{name}, title = j}}' for name in ("one", "two")]
    publications, _ = build(*files)
    for pub in publications:
        assert pub.title.plain == pub.key
        assert f'"{pub.key}"' in str(pub.bibtex)


# Identifiers, relations, dates ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "subtitle", "expected"),
    [
        ("A Title", "A Subtitle", "A Title: A Subtitle"),
        ("Does it end?", "It does", "Does it end? It does"),
        ("Stop!", "Now", "Stop! Now"),
        ("A stop.", "Go", "A stop. Go"),
        ("A colon:", "Here", "A colon: Here"),
        ("{Why?}", "So", "Why? So"),
        (r"The \emph{T}", r"{I}n \emph{vivo}", "The T: In vivo"),
        ("A Title", None, "A Title"),
        ("A Title", "", "A Title"),
    ],
)
def test_a_subtitle_joins_the_title(title: str, subtitle: str | None, expected: str) -> None:
    publication = one(entry(title=title, subtitle=subtitle))
    assert publication.title.plain == expected


def test_a_subtitle_keeps_its_markup_and_is_no_title_itself() -> None:
    title = one(entry(title=r"The \emph{T}", subtitle=r"\emph{In vivo}")).title
    assert [span.kind for span in title.spans] == ["text", "em", "text", "em"]
    (publication,), problems = build(entry(title=None, subtitle="Only"))
    assert publication.title.plain == "[k]"
    assert [problem.subtype for problem in problems] == ["bib_required"]


def test_a_subtitle_of_the_proceedings_is_not_that_of_the_paper() -> None:
    parent = "@proceedings{conf, title={Proceedings}, subtitle={Part One}, year=2025}\n"
    child = entry("k", "inproceedings", crossref="conf")
    publications = {pub.key: pub for pub in build(child + parent)[0]}
    assert publications["k"].title.plain == "Title k"
    assert publications["k"].container.plain == "Proceedings"
    assert publications["conf"].title.plain == "Proceedings: Part One"


def test_an_article_of_a_periodical_has_its_journal() -> None:
    parent = "@periodical{p, title={The Journal}, year=2025}\n"
    publications, problems = build(entry("k", "article", crossref="p", year=None) + parent)
    assert problems == ()
    article = next(pub for pub in publications if pub.key == "k")
    assert (article.container.plain, article.year) == ("The Journal", 2025)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"related": ""}, []),
        ({"related": " , "}, []),
        ({"related": "a"}, [("a", "")]),
        ({"related": "a", "relatedtype": "Extends"}, [("a", "extends")]),
        ({"related": " b ,a,b", "relatedtype": "version"}, [("b", "version"), ("a", "version")]),
        ({"relatedtype": "version"}, []),
    ],
)
def test_relations(fields: dict[str, object], expected: list[tuple[str, str]]) -> None:
    publications, problems = build(entry(**fields) + entry("a") + entry("b"))  # type: ignore[arg-type]
    assert problems == ()
    assert [(found.key, found.type) for found in publications[0].related] == expected


def test_the_line_of_the_relations_is_known() -> None:
    publications, _ = build(entry(note="x", related="a") + entry("a"))
    assert publications[0].related_line == 6


@pytest.mark.parametrize(
    ("wrong", "remedy"),
    [
        ("k", "Correct the key, or add that entry."),
        ("sun2O25", "Did you mean 'sun2025'?"),
        ("Sun2025", "Did you mean 'sun2025'?"),
        ("nothing-alike", "Correct the key, or add that entry."),
    ],
)
def test_a_relation_to_nothing_is_one_problem_and_kept_as_written(wrong: str, remedy: str) -> None:
    publications, problems = build(entry(related=f"sun2025, {wrong}") + entry("sun2025"))
    (problem,) = problems
    assert (problem.path, problem.line, problem.subtype) == ("1.bib", 5, "bib_crossref")
    assert problem.remedy == remedy
    assert [found.key for found in publications[0].related] == ["sun2025", wrong]


def test_a_relation_may_lead_to_another_file_and_to_an_earlier_key() -> None:
    _, problems = build(
        entry("a", related="b, old"), entry("b", related="a") + entry("c", ids="old")
    )
    assert problems == ()


@pytest.mark.parametrize(
    ("ids", "expected"),
    [("", ()), ("old", ("old",)), ("old, older,old , ", ("old", "older")), ("K", ("K",))],
)
def test_earlier_keys(ids: str, expected: tuple[str, ...]) -> None:
    assert one(entry(ids=ids)).aliases == expected


@pytest.mark.parametrize("position", [0, 1])
def test_an_earlier_key_that_is_taken_is_one_problem_at_its_line(position: int) -> None:
    entries = [entry("new", ids="taken"), entry("taken")]
    publications, problems = build("".join(entries[:: 1 if position else -1]))
    assert {pub.key for pub in publications} == {"new", "taken"}
    (problem,) = problems
    assert problem.line == (5 if position else 10)
    assert problem.subtype == "bib_duplicate_key"


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ("2026-03-14", PartialDate(2026, 3, 14)),
        ("2026-03", PartialDate(2026, 3)),
        ("2026", PartialDate(2026)),
        ("", None),
    ],
)
def test_when_an_entry_came(added: str, expected: PartialDate | None) -> None:
    assert one(entry(added=added)).added == expected


def test_when_an_entry_came_is_never_guessed() -> None:
    assert one(entry(year=None, date="2026-03-14")).added is None


@pytest.mark.parametrize("added", ["soon", "14.3.2026", "2026-02-30", "2026-3-14", "2026-13"])
def test_a_day_that_is_none_is_one_problem_and_left_out(added: str) -> None:
    (publication,), problems = build(entry(added=added))
    assert publication.added is None
    assert [(problem.line, problem.subtype) for problem in problems] == [(5, "bib_value")]
    assert "'added'" in problems[0].what


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.org/notice", "https://example.org/notice"),
        (r"https://example.org/a\_b\%20c", "https://example.org/a_b%20c"),
        ('https://example.org/"x"', "https://example.org/%22x%22"),
        ("https://example.org/a https://example.org/b", "https://example.org/a"),
        ("", ""),
    ],
)
def test_the_address_of_a_retraction(address: str, expected: str) -> None:
    assert one(entry(retracted=address)).retracted == expected


@pytest.mark.parametrize("address", ["javascript:alert(1)", "files/notice.html", "true", "//x.org"])
def test_a_retraction_without_an_address_is_one_problem(address: str) -> None:
    (publication,), problems = build(entry(retracted=address))
    assert publication.retracted == ""
    assert [(problem.line, problem.subtype) for problem in problems] == [(5, "bib_link")]
    assert "'retracted'" in problems[0].what


def test_a_retractions_first_usable_address_is_taken() -> None:
    (publication,), _ = build(entry(retracted="notice.html javascript:x https://example.org/{b}"))
    assert publication.retracted == "https://example.org/%7Bb%7D"


def test_nothing_is_retracted_by_inheritance() -> None:
    parent = entry("conf", "proceedings", retracted="https://example.org/notice", added="2026")
    child = entry("k", "inproceedings", crossref="conf")
    publication = next(pub for pub in build(child + parent)[0] if pub.key == "k")
    assert (publication.retracted, publication.added) == ("", None)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"langid": "english"}, "en"),
        ({"langid": "British"}, "en-GB"),
        ({"langid": "ngerman"}, "de"),
        ({"langid": "nswissgerman"}, "de-CH"),
        ({"language": "french"}, "fr"),
        ({"langid": "en-US"}, "en-US"),
        ({"langid": " EN-gb "}, "EN-gb"),
        ({"language": "DE"}, "DE"),
        ({"language": "de"}, "de"),
        ({"langid": "german", "language": "english"}, "de"),
        ({"langid": "klingonian", "language": "english"}, "en"),
        ({"langid": "german and french"}, ""),
        ({"langid": 'en" onload="x'}, ""),
        ({"langid": "-"}, ""),
        ({}, ""),
    ],
)
def test_languages_are_as_html_wants_them(fields: dict[str, object], expected: str) -> None:
    assert one(entry(**fields)).language == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("phdthesis", {"school": "S"}, "PhD thesis"),
        ("mastersthesis", {"school": "S"}, "Master’s thesis"),
        ("thesis", {"school": "S", "type": "phdthesis"}, "PhD thesis"),
        ("thesis", {"school": "S", "type": "mathesis"}, "Master’s thesis"),
        ("thesis", {"school": "S", "type": "bathesis"}, "Bachelor’s thesis"),
        ("phdthesis", {"school": "S", "type": "Habilitation"}, "Habilitation"),
        ("thesis", {"school": "S", "type": r"Th{\`e}se"}, "Thèse"),
        ("thesis", {"school": "S"}, ""),
        ("techreport", {"institution": "I"}, "Technical report"),
        ("report", {"institution": "I", "type": "resreport"}, "Research report"),
        ("techreport", {"institution": "I", "type": "White paper"}, "White paper"),
        ("article", {"journal": "J"}, ""),
        ("misc", {"type": "Poster"}, "Poster"),
    ],
)
def test_the_genre_in_words(kind: str, fields: dict[str, object], expected: str) -> None:
    assert one(entry("k", kind, **fields)).genre == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ("", ()),
        ("one", ("one",)),
        ("one, two words; three", ("one", "two words", "three")),
        ("b, a,b ,, ;", ("b", "a")),
        (r"R\&D, {\"U}ber", ("R&D", "Über")),
    ],
)
def test_keywords_are_divided(keywords: str, expected: tuple[str, ...]) -> None:
    assert one(entry(keywords=keywords)).keywords == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"pages": "7"}, "7"),
        ({"pages": "i-iv"}, "i–iv"),
        ({"pages": "S3387 - S3389"}, "S3387–S3389"),
        ({"pages": "5–9"}, "5–9"),
        ({"pages": "A-1--A-9"}, "A-1–A-9"),
        ({"pages": "3--5, 9"}, "3–5, 9"),
        ({"pages": "12", "eid": "e9"}, "12"),
        ({"pages": "", "eid": "e1017"}, "e1017"),
        ({}, ""),
    ],
)
def test_pages(fields: dict[str, object], expected: str) -> None:
    assert one(entry(**fields)).pages == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("own", [{}, {"eid": "e5"}])
def test_the_pages_of_the_proceedings_are_not_those_of_the_paper(own: dict[str, str]) -> None:
    parent = "@proceedings{conf, title={P}, year=2025, pages={1--600}}\n"
    child = entry("k", "inproceedings", crossref="conf", **own)
    publication = next(pub for pub in build(child + parent)[0] if pub.key == "k")
    assert publication.pages == own.get("eid", "")


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("2503.10382", "2503.10382"),
        ("arXiv:2503.10382v2", "2503.10382v2"),
        ("ARXIV:2503.10382", "2503.10382"),
        ("https://arxiv.org/abs/2503.10382", "2503.10382"),
        ("http://www.arxiv.org/abs/2503.10382", "2503.10382"),
        ("https://arxiv.org/pdf/2503.10382v1", "2503.10382v1"),
        ("https://arxiv.org/pdf/2503.10382v1.pdf", "2503.10382v1"),
        (" hep-th/9901001 ", "hep-th/9901001"),
    ],
)
def test_the_number_of_an_eprint_whatever_stands_before_it(value: str, number: str) -> None:
    publication = one(entry(eprint=value, eprinttype="arxiv"))
    assert publication.eprint == ("arXiv", number)
    assert [link.href for link in publication.links] == [f"https://arxiv.org/abs/{number}"]
    assert publication.kind == "preprint"


@pytest.mark.parametrize("fields", [{}, {"eprint": ""}, {"eprint": "1", "eprinttype": "nowhere"}])
def test_without_an_archive_there_is_no_eprint(fields: dict[str, object]) -> None:
    publications, _ = build(entry(**fields))  # type: ignore[arg-type]
    assert publications[0].eprint is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a https://example.org/b", "https://example.org/a"),
        ("files/x.html https://example.org/b", "https://example.org/b"),
        ('https://example.org/"a|b"', "https://example.org/%22a%7Cb%22"),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_the_address_is_the_first_that_may_be_linked_to(url: str, expected: str) -> None:
    assert build(entry(url=url, doi="10.1000/a"))[0][0].url == expected


@pytest.mark.parametrize(
    ("preview", "expected"),
    [
        ("previews/sun.png", "previews/sun.png"),
        (r"previews/a\_b.png", "previews/a_b.png"),
        ("", ""),
        ("/sun.png", ""),
        ("../sun.png", ""),
        ("https://example.org/sun.png", ""),
    ],
)
def test_a_preview_is_a_path_inside_the_site_with_its_line(preview: str, expected: str) -> None:
    publication = build(entry(preview=preview))[0][0]
    assert (publication.preview, publication.preview_line) == (expected, 5)


def test_identifiers_are_bare() -> None:
    publication = one(
        entry(
            "k", "book", doi="https://doi.org/10.1000/a_b", isbn="978-3-16-148410-0", issn=r"1\_2"
        )
    )
    assert (publication.doi, publication.isbn, publication.issn) == (
        "10.1000/a_b", "978-3-16-148410-0", "1_2",
    )  # fmt: skip


CONTROLS = ["\x00", "\x07", "\x0b", "\x0c", "\x1b", "\x1f", "\x7f"]


@pytest.mark.parametrize("char", CONTROLS, ids=lambda char: f"U+{ord(char):04X}")
def test_control_characters_come_into_no_record(char: str) -> None:
    names = "title subtitle abstract summary note addendum award abbr series publisher location"
    names += " volume number pages edition chapter type keywords isbn issn language langid journal"
    fields: dict[str, object] = dict.fromkeys(names.split(), f"1{char}2")
    fields |= {"author": f"S{char}n, Su{char}su", "editor": f"{{The{char}Group}}"}
    addresses = dict.fromkeys(("url", "code", "retracted"), f"https://example.org/a{char}b")
    publications, _ = build(entry("k", "article", **fields, **addresses))  # type: ignore[arg-type]
    record = replace(publications[0], bibtex=BibTeX())
    assert repr(char)[1:-1] not in repr(record)
    assert record.title.plain == "1 2: 1 2"
    assert record.volume == record.number == "1 2"
    assert [author.name.display for author in record.authors] == ["Su su S n"]


@pytest.mark.parametrize("char", CONTROLS, ids=lambda char: f"U+{ord(char):04X}")
def test_a_key_with_a_control_character_gets_a_safe_page_name(char: str) -> None:
    (publication,), problems = build(entry(f"su{char}n"))
    assert is_safe_key(publication.slug)
    (problem,) = problems  # some of them are white space, which ends a key
    assert problem.subtype == ("bib_syntax" if char.isspace() else "bib_key")


@pytest.mark.parametrize("name", sorted(FIELDS - {"author", "editor"}))
def test_latex_is_told_in_every_field_that_is_decoded(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The list of :mod:`labsite.lint` and the fields that become text are the same."""
    decoded: list[str] = []

    def note(source: str) -> tuple[RichText, tuple[str, ...]]:
        decoded.append(source)
        return decode(source)

    monkeypatch.setattr("labsite.decoding.decode", note)
    entry = parse_bib(f"@misc{{a, {name} = {{of $seven}}}}", "x.bib").entries[0]
    _, problems = build_publications([Bibliography((entry,))], [])
    told = [problem for problem in problems if problem.subtype == "bib_latex"]
    assert len(told) == ("of $seven" in decoded)
