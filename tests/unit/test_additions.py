"""Registries' records → entries: as this house writes them, clean, and saying what records say."""

import json
import random
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from labsite.additions import Addition, Group, NotAdded, Wishes, check_wishes, make_addition
from labsite.arxiv import parse_arxiv
from labsite.authors import ascii_of, name_list
from labsite.bib import parse_bib
from labsite.capitals import protect_capitals, protected_names
from labsite.crossref import parse_crossref
from labsite.datacite import parse_datacite
from labsite.draft import propose_key
from labsite.entries import Bibliography
from labsite.found import Contributor, Found, Malformed, page_range
from labsite.house import house_edits
from labsite.identifiers import Identifier
from labsite.latex import decode
from labsite.markup import html_to_latex, html_to_plain, plain_to_latex, tex_to_latex
from labsite.people import read_people
from labsite.placing import place
from labsite.records import build_publications
from labsite.source import Source
from labsite.texnodes import is_tame
from tests.unit import works
from tests.unit.registries import feed

DIRECTIONS = frozenset({"interpretable-ml", "applications"})
TODAY = "2026-11-22"
WISHES = Wishes(TODAY)


@pytest.fixture(scope="module")
def group(real_bib: Bibliography, real_people_path: Path) -> Group:
    people = read_people(real_people_path, "people.yml").people
    return Group(real_bib.entries, build_publications([real_bib], people)[0], people, DIRECTIONS)


def without(group: Group, *keys: str) -> Group:
    return replace(
        group,
        entries=tuple(entry for entry in group.entries if entry.key not in keys),
        publications=tuple(pub for pub in group.publications if pub.key not in keys),
    )


def crossref(work: dict[str, Any]) -> Found:
    return parse_crossref({"message": work})


def datacite(attributes: dict[str, Any]) -> Found:
    return parse_datacite({"data": {"attributes": attributes}})


def arxiv(number: str, *arguments: Any, **options: Any) -> Found:
    found = parse_arxiv(feed(number, *arguments, **options).encode(), Identifier("arxiv", number))
    assert found
    return found


def fields_of(addition: Addition) -> dict[str, str]:
    (entry,) = parse_bib(str(addition.draft), "x.bib").entries
    return {name: item.value for name, item in entry.fields.items()}


ALL = {
    "PROTOMIL": crossref(works.PROTOMIL),
    "MEDIMETA": crossref(works.MEDIMETA),
    "ABSTRACT": crossref(works.ABSTRACT),
    "IJCNN": crossref(works.IJCNN),
    "MADE_UP": crossref(works.MADE_UP),
    "THESIS": crossref(works.THESIS),
    "MEDRXIV": crossref(works.MEDRXIV),
    "DATASET": datacite(works.DATASET),
    "ARXIV": arxiv("2601.00017", "A $\\beta$-VAE for 50% of M\\\"uller's MRI", ['J. M\\"uller']),
}


# As the house writes them -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "key", "ours"),
    [
        ("PROTOMIL", "sun2025prototype", {"direction", "selected", "summary"}),
        ("MEDIMETA", "woerner2025comprehensive",
         {"eprint", "eprinttype", "abbr", "direction", "selected", "summary", "code", "related",
          "relatedtype"}),
        ("ABSTRACT", "eberhardt2025estimating",
         {"entrysubtype", "direction", "related", "relatedtype"}),
    ],
)  # fmt: skip
def test_record_gives_the_entry_that_people_wrote(
    group: Group, name: str, key: str, ours: set[str]
) -> None:
    """But for the fields that no registry knows, and the month."""
    (written,) = (entry for entry in group.entries if entry.key == key)
    addition = make_addition(ALL[name], without(group, key, "eberhardt2024uncertainty"), WISHES)
    expected = {
        field: item.value
        for field, item in written.fields.items()
        if field not in {*ours, "added", "month"}
    }
    made = fields_of(addition)
    assert addition.draft.key == key
    assert addition.draft.type == written.type
    assert made.pop("added") == TODAY
    made.pop("month", "")
    assert made == expected


def test_entry_of_a_made_up_record(group: Group) -> None:
    wishes = Wishes(TODAY, ("interpretable-ml", "applications"))
    addition = make_addition(ALL["MADE_UP"], group, wishes)
    assert str(addition.draft) == (
        "@article{meier2026quiet,\n"
        "  title        = {Quiet \\emph{in vivo} {T\\textsubscript{2}} maps \\& {MRI} of 50\\% "
        "{Wasserstein} {U-Nets\\_}: A made-up study},\n"
        "  author       = {Meier, Anna and Sun, Susu and {Quiet Consortium}},\n"
        "  journal      = {Medical Image Analysis},\n"
        "  volume       = {101},\n"
        "  number       = {4},\n"
        "  pages        = {1--12},\n"
        "  year         = {2026},\n"
        "  month        = oct,\n"
        "  doi          = {10.1234/quiet.2026.17},\n"
        "  eprint       = {2601.00017},\n"
        "  eprinttype   = {arxiv},\n"
        "  abbr         = {MedIA},\n"
        "  direction    = {interpretable-ml, applications},\n"
        "  added        = {2026-11-22},\n"
        "}"
    )
    assert addition.notes == (
        "journal is written as in other entries; the record has 'Medical image analysis'.",
        "Of the group: Susu Sun.",
    )


@pytest.mark.parametrize(
    ("name", "entry_type", "expected"),
    [
        ("THESIS", "phdthesis", {"school": "University of Nowhere", "year": "2024"}),
        ("IJCNN", "inproceedings", {"publisher": "IEEE", "year": "2017", "pages": "2235--2242"}),
        ("MEDRXIV", "misc", {"howpublished": "medRxiv", "eprinttype": "medrxiv",
                             "eprint": "10.1101/2023.03.07.23286895", "abbr": "medRxiv 2023"}),
        ("DATASET", "dataset", {"publisher": "Zenodo", "version": "1.2", "year": "2025",
                                "title": "Quiet scans: 200 made-up volumes"}),
        ("ARXIV", "misc", {"howpublished": "arXiv:2601.00017", "eprint": "2601.00017",
                           "eprinttype": "arxiv", "abbr": "arXiv 2025", "month": "March"}),
    ],
)  # fmt: skip
def test_types_and_their_fields(
    group: Group, name: str, entry_type: str, expected: dict[str, str]
) -> None:
    gone = ("donteudjoumessi2023sparse", "hasani2017compositional")
    addition = make_addition(ALL[name], without(group, *gone), WISHES)
    assert addition.draft.type == entry_type
    assert expected.items() <= fields_of(addition).items()


def test_other_types_of_crossref() -> None:
    def made(**changes: Any) -> Found:
        return crossref(works.THESIS | changes)

    assert made(degree=["Master of Science"]).type == "mastersthesis"
    assert made(type="monograph").type == "book"
    assert made(type="report").type == "techreport"
    assert made(type="other").type == "misc"
    chapter = made(
        type="book-chapter", **{"container-title": ["Trustworthy AI in Medical Imaging"]}
    )
    assert chapter.type == "incollection"
    posted = made(type="posted-content", publisher="Research Square", institution=[])
    assert (posted.type, dict(posted.fields)["note"]) == (
        "unpublished",
        "Preprint, Research Square",
    )
    assert posted.is_preprint


def test_year_of_a_conference_is_that_of_the_meeting() -> None:
    found = ALL["PROTOMIL"]
    assert found.date == (2025, 0)
    assert found.remarks == (
        "The proceedings are dated 2026; the year of the conference is taken.",
    )


def test_retraction_is_told_and_written() -> None:
    notice = {
        "type": "retraction",
        "DOI": "10.1234/R",
        "label": "Retraction",
        "source": "publisher",
    }
    found = crossref(works.MADE_UP | {"updated-by": [notice]})
    assert dict(found.fields)["retracted"] == "https://doi.org/10.1234/r"
    assert found.remarks == ("There is a retraction of this paper: https://doi.org/10.1234/r.",)


# Clean, and saying what the record says ---------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_every_entry_is_clean_and_in_house_style(group: Group, name: str) -> None:
    others = without(group, *(entry.key for entry in group.entries))
    addition = make_addition(ALL[name], others, WISHES)
    bib = parse_bib(f"{addition.draft}\n", "x.bib")
    assert not bib.problems
    publications, problems = build_publications([bib], group.people)
    assert not problems
    source = Source.of(f"{addition.draft}\n".encode(), Path("x.bib"), "x.bib")
    assert house_edits(source) == []
    (pub,) = publications
    assert pub.year == ALL[name].date[0]
    assert pub.doi == ALL[name].doi
    assert len(pub.authors) == len(ALL[name].authors)


def test_titles_and_names_read_back(group: Group) -> None:
    pub = make_addition(ALL["MADE_UP"], group, WISHES).pub
    assert pub.title.plain == (
        "Quiet in vivo T2 maps & MRI of 50% Wasserstein U-Nets_: A made-up study"
    )
    assert [author.name.display for author in pub.authors] == [
        "Anna Meier", "Susu Sun", "Quiet Consortium",
    ]  # fmt: skip
    assert [author.person for author in pub.authors] == [None, "susu-sun", None]
    pub = make_addition(ALL["ARXIV"], group, WISHES).pub
    assert pub.title.plain == "A β-VAE for 50% of Müller's MRI"
    assert pub.authors[0].name.display == "J. Müller"


_PIECES = (
    "Deep", "MRI", "ü", "ß", "–", "--", "---", "``", "''", "'", "`", '"', "{", "}", "%", "$", "#",
    "_", "&", "~", "\\", "@article{x,", "=", ",", "and", "others", "<", ">", "< 5", "?`", "K2S",
    "\u00a0", "\u200b", "\x1b[31m", "U-Net", "(a)", "[1]", "/", "i", "日本", "et", "de", "Ł",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(200))
def test_any_plain_text_reads_back(seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(
        chance.choice(_PIECES) + chance.choice(("", " ", " "))
        for _ in range(chance.randrange(1, 9))
    )
    expected = " ".join(
        text.replace("\u200b", "").replace("\x1b", "").replace("\u00a0", " ").split()
    )
    latex = protect_capitals(plain_to_latex(text))
    read, issues = decode(latex)
    assert not issues
    assert " ".join(read.plain.split()) == expected
    entry = f"@misc{{x,\n  title = {{{latex}}},\n  year = {{2025}},\n}}"
    bib = parse_bib(entry, "x.bib")
    assert not bib.problems
    assert bib.entries[0].fields["title"].value == latex


@pytest.mark.parametrize("seed", range(200))
def test_any_names_read_back(seed: int) -> None:
    chance = random.Random(seed)

    def word() -> str:
        words = (*_PIECES, "Meier", "van", "der", "Li")
        return "".join(chance.choices(words, k=chance.randrange(1, 4)))

    people = [
        Contributor(word(), word()) if chance.random() < 0.7 else Contributor(name=word())
        for _ in range(chance.randrange(1, 5))
    ]
    value = name_list(people, ())
    entry = f"@misc{{x,\n  title = {{T}},\n  author = {{{value}}},\n  year = {{2025}},\n}}"
    bib = parse_bib(entry, "x.bib")
    assert not bib.problems
    publications, problems = build_publications([bib], ())
    assert not problems
    assert len(publications[0].authors) <= len(people)


@pytest.mark.parametrize(
    ("html", "latex"),
    [
        ("<i>In vivo</i> CO<sub>2</sub> &amp; more", r"\emph{In vivo} CO\textsubscript{2} \& more"),
        ("a <b or c> d", "a <b or c> d"),
        ("p < 0.05 and q>1", "p < 0.05 and q>1"),
        ("AT&amp;amp;T", r"AT\&T"),
        ("<jats:title>E. <jats:italic>coli</jats:italic></jats:title>", r"E. \emph{coli}"),
        ("<mml:math><mml:msub><mml:mi>T</mml:mi><mml:mn>2</mml:mn></mml:msub></mml:math> maps",
         r"T\textsubscript{2} maps"),
        ("<inline-formula><alternatives><tex-math>$$\\alpha$$</tex-math><mml:math><mml:mi>α</mml:mi>"
         "</mml:math></alternatives></inline-formula>-GAN", r"$\alpha$-GAN"),
        ("one<br/>two <xref>1</xref>", "one two"),
        ("<i>open", r"\emph{open}"),
    ],
)  # fmt: skip
def test_markup_of_registries(html: str, latex: str) -> None:
    assert html_to_latex(html) == latex
    assert not decode(latex)[1]


@pytest.mark.parametrize(
    ("tex", "latex"),
    [
        (r"$\alpha$-GAN: 100% of", r"$\alpha$-GAN: 100\% of"),
        (r"{\'E}t\'e \& x_1", r"Été \& x\_1"),
        ("It costs $5", r"It costs \$5"),
        ("a {b", r"a \lbrace{}b"),
        (r"\unknown{x}", r"\textbackslash{}unknown\lbrace{}x\rbrace{}"),
    ],
)
def test_tex_of_arxiv(tex: str, latex: str) -> None:
    assert tex_to_latex(tex) == latex


# Keys, capitals, names --------------------------------------------------------------------------


def test_keys_are_proposed_as_they_are_written_here(group: Group) -> None:
    for pub in group.publications:
        family = pub.authors[0].name.short
        assert propose_key(family, pub.year or 0, pub.title.plain, ()) == pub.key


def test_taken_keys_get_letters() -> None:
    def proposed(*taken: str) -> str:
        return propose_key("Brügger", 2025, "The 3D view", taken)

    assert proposed() == "bruegger20253d"
    assert proposed("bruegger20253d") == "bruegger20253da"
    assert proposed("bruegger20253d", "bruegger20253da") == "bruegger20253db"
    assert propose_key("", 0, "", ()) == "work"


def test_capitals_are_protected_as_here(group: Group) -> None:
    """All that can be told without knowing that Laplace was a man."""
    titles = [entry.get("title") for entry in group.entries]
    others = {title: protected_names(item for item in titles if item != title) for title in titles}
    made = {
        title: protect_capitals(html_to_plain(decode(title)[0].plain).replace("&", "\\&"), names)
        for title, names in others.items()
    }
    assert sum(title != again for title, again in made.items()) <= 4


def test_names() -> None:
    written = name_list(
        [
            Contributor("Baumgartner", "C.F."), Contributor("van Midden", "Dominique"),
            Contributor("Lise de Moura", "Hector"), Contributor("Smith", "Ann M", "Jr"),
            Contributor(name="Ana de la Cruz"), Contributor(name="John Smith Jr."),
            Contributor(name="OA-BIO Consortium"), Contributor("Strang and Sons", ""),
            Contributor(name="A, B and C", is_organisation=True), Contributor(name="Plato"),
        ],
        (),
    )  # fmt: skip
    assert written.split(" and ", 7)[:7] == [
        "Baumgartner, C. F.", "van Midden, Dominique", "{Lise de Moura}, Hector",
        "Smith, Jr, Ann M.", "de la Cruz, Ana", "Smith, Jr., John", "{OA-BIO Consortium}",
    ]  # fmt: skip
    assert written.endswith("{Strang and Sons} and {A, B and C} and Plato")


def test_names_in_capitals_are_spoken() -> None:
    assert name_list([Contributor("MÜLLER-ÅS", "JÖRG K"), Contributor("WU", "X")], ()) == (
        "Müller-Ås, Jörg K. and Wu, X."
    )


@pytest.mark.parametrize(
    ("family", "given", "written"),
    [
        ("DE LA CRUZ", "ANA", "de la Cruz, Ana"),
        ("VAN DER BERG", "JKL", "van der Berg, JKL"),
        ("DELACROIX", "LI", "Delacroix, LI"),
    ],
)
def test_particles_and_short_names_in_capitals(family: str, given: str, written: str) -> None:
    assert name_list([Contributor(family, given)], ()) == written


@pytest.mark.parametrize(
    "last",
    [
        Contributor("others"), Contributor(name="others"), Contributor(name="et al."),
        Contributor("al.", "et"), Contributor(name="Et al"), Contributor("et al"),
    ],
)  # fmt: skip
def test_others_are_others(last: Contributor) -> None:
    assert name_list([Contributor("Meier", "Anna"), last], ()) == "Meier, Anna and others"
    assert name_list([last], ()) == ""


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("S12-S14, S20", "S12--S14, S20"), ("1-2,5–9", "1--2,5--9"), ("S1-S3; 7", "S1--S3; 7"),
        ("101-101", "101"), ("5-", "5-"),
    ],
)  # fmt: skip
def test_pages(given: str, written: str) -> None:
    assert page_range(given) == written


def test_month_that_is_no_number() -> None:
    found = crossref(works.MADE_UP | {"published": {"date-parts": [[2024, True]]}})
    assert found.date[1] != 1


@pytest.mark.parametrize(
    ("tex", "latex"),
    [("Deep\\", "Deep\\textbackslash{}"), ("Deep\\\\ nets\\\\[2pt] now", "Deep nets now")],
)
def test_line_ends_of_tex(tex: str, latex: str) -> None:
    assert tex_to_latex(tex) == latex


def test_undivided_names_are_divided_as_in_other_entries(group: Group) -> None:
    whole = [Contributor(name="Kerol R. Donteu Djoumessi")]
    assert name_list(whole, group.publications) == "Donteu Djoumessi, Kerol R."
    assert name_list(whole, ()) == "Djoumessi, Kerol R. Donteu"


def test_ascii() -> None:
    assert ascii_of("Ærø Łódź Straße Ñandú 李") == "aeroe lodz strasse nandu "


def test_spelling_that_may_mean_a_member_is_told(group: Group) -> None:
    made = make_addition(ALL["IJCNN"], without(group, "hasani2017compositional"), WISHES)
    (note,) = (note for note in made.notes if "aliases" in note)
    assert note.startswith("'Baumgartner, C. F.' may be Christian F. Baumgartner: if so, add")
    assert "people.yml:" in note


# What is there already --------------------------------------------------------------------------


def test_same_doi_is_refused(group: Group) -> None:
    with pytest.raises(NotAdded, match=r"references\.bib:\d+ has this DOI"):
        make_addition(ALL["PROTOMIL"], group, WISHES)


def test_number_that_a_paper_has_as_a_link_is_refused(group: Group) -> None:
    found = arxiv("2503.08384", "Another title", ["Susu Sun"])
    with pytest.raises(NotAdded, match=r"'sun2025prototype' at .* needs no entry of its own"):
        make_addition(found, group, WISHES)


def test_nearly_the_same_title_is_refused_unless_said(group: Group) -> None:
    work = works.PROTOMIL | {"DOI": "10.1234/other", "relation": {}}
    with pytest.raises(NotAdded, match="--version-of sun2025prototype"):
        make_addition(crossref(work), group, WISHES)
    addition = make_addition(crossref(work), group, Wishes(TODAY, version_of="sun2025prototype"))
    made = fields_of(addition)
    assert (made["related"], made["relatedtype"]) == ("sun2025prototype", "version")
    assert addition.draft.key == "sun2025prototypea"


def test_published_version_of_a_preprint(group: Group) -> None:
    work = works.MADE_UP | {
        "title": ["Multiscale Metamorphic VAE for Synthesis of 3D Brain MRI"],
        "subtitle": [],
        "author": [{"given": "Jaivardhan", "family": "Kapoor"}],
        "relation": {},
    }
    by_title = crossref(work | {"title": ["Multiscale Metamorphic VAE for 3D Brain MR Synthesis"]})
    preprint = {"has-preprint": [{"id-type": "doi", "id": "10.48550/arXiv.2301.03588"}]}
    for found in (by_title, crossref(work | {"relation": preprint})):
        addition = make_addition(found, group, WISHES)
        made = fields_of(addition)
        assert (made["related"], made["relatedtype"]) == ("kapoor2023multiscale", "version")
        assert "eprint" not in made
        assert addition.notes[0].startswith(
            "This is the published version of kapoor2023multiscale at"
        )
        (old,) = (entry for entry in group.entries if entry.key == "kapoor2023multiscale")
        assert made["direction"] == old.get("direction")
        said = f"direction is that of {old.key}, {old.get('direction')}; --direction ID gives"
        assert any(note.startswith(said) for note in addition.notes)
        assert addition.notes[1] == (
            "Most papers here have one entry for both. For that, delete kapoor2023multiscale, and "
            "write eprint = {2301.03588}, eprinttype = {arxiv}, ids = {kapoor2023multiscale} here, "
            "without related and relatedtype."
        )
        asked = replace(WISHES, directions=("applications",))
        assert fields_of(make_addition(found, group, asked))["direction"] == "applications"


def test_what_stands_with_the_other_version_is_told(group: Group) -> None:
    work = works.MADE_UP | {
        "title": ["Deep Unsupervised Anomaly Detection in Brain Imaging: Large-Scale Benchmarking "
                  "and Bias Analysis"],
        "subtitle": [],
        "author": [{"given": "Alexander", "family": "Frotscher"}],
    }  # fmt: skip
    notes = make_addition(crossref(work), group, WISHES).notes
    assert "code stands with frotscher2025deep: move here what belongs here." in notes


MICCAI = "Medical Image Computing and Computer Assisted Intervention – MICCAI 2026"


@pytest.mark.parametrize(
    ("container", "year", "booktitle", "abbr"),
    [
        (MICCAI.replace("Computer Assisted", "computer-assisted"), 2026, MICCAI, "MICCAI 2026"),
        ("2026 IEEE 23rd International Symposium on Biomedical Imaging (ISBI)", 2026,
         "2026 IEEE 23rd International Symposium on Biomedical Imaging (ISBI)", "ISBI 2026"),
        ("Medical Imaging With Deep Learning 2026", 2026, "Medical Imaging with Deep Learning", ""),
        ("Days of Quiet 2026", 2026, "Days of Quiet 2026", ""),
    ],
)  # fmt: skip
def test_series_are_written_as_in_other_years(
    group: Group, container: str, year: int, booktitle: str, abbr: str
) -> None:
    work = works.IJCNN | {
        "DOI": "10.1234/meeting", "title": ["Quiet days"], "container-title": [container],
        "event": {"start": {"date-parts": [[year]]}},
    }  # fmt: skip
    made = fields_of(make_addition(crossref(work), group, WISHES))
    assert (made["booktitle"], made.get("abbr", "")) == (booktitle, abbr)


def test_keys_are_not_made_of_formulas(group: Group) -> None:
    for title in (
        r"$\mathbf{k}$-Space sampling",
        r"\mathbf space",
        r"<tex-math>k</tex-math> space",
    ):
        work = works.MADE_UP | {"title": [title], "subtitle": []}
        assert make_addition(crossref(work), group, WISHES).draft.key == "meier2026space"


def test_authors_and_volumes_that_want_a_look_are_told(group: Group) -> None:
    def notes(**changes: Any) -> str:
        return " ".join(make_addition(crossref(works.MADE_UP | changes), group, WISHES).notes)

    def by(family: str, given: str) -> str:
        return notes(author=[{"family": family, "given": given}])

    assert "authors in small letters" in by("meier", "anna")
    assert "authors in capitals" in by("MEIER", "ANNA")
    assert "authors in" not in by("Meier", "A.") + by("LI", "X.") + by("de Boer", "ann")
    chapter: dict[str, Any] = {
        "type": "book-chapter", "container-title": ["Lecture Notes in Computer Science", "Quiet"]
    }  # fmt: skip
    assert "no volume of its series" in notes(**chapter, volume="")
    assert "no volume of its series" not in notes(**chapter)


def test_preprint_of_a_published_paper(group: Group) -> None:
    published = "10.1016/j.compbiomed.2025.110997"
    extra = f"<arxiv:doi>{published}</arxiv:doi>"
    found = arxiv("2501.00001", "Artificial counterfactual tissue", ["M. Paulikat"], extra=extra)
    addition = make_addition(found, group, WISHES)
    assert fields_of(addition)["related"] == "paulikat2025studying"
    assert "eprint = {2501.00001}, eprinttype = {arxiv}" in addition.notes[1]


def test_preprint_that_has_been_published_elsewhere(group: Group) -> None:
    extra = "<arxiv:doi>10.1234/elsewhere</arxiv:doi><arxiv:comment>Accepted</arxiv:comment>"
    made = make_addition(arxiv("2501.00001", "T", ["A. B"], extra=extra), group, WISHES)
    assert made.doubt == (
        "It has been published as 10.1234/elsewhere. `python -m labsite add 10.1234/elsewhere` "
        "adds that."
    )
    notes = made.notes
    assert "Its authors' comment at arXiv: Accepted" in notes


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        (Wishes(TODAY, ("interpretable-mk",)), "Did you mean 'interpretable-ml'"),
        (Wishes(TODAY, key="Sun2025Prototype"), r"is taken by the entry at references\.bib:\d+"),
        (Wishes(TODAY, key="a b"), "cannot be part of an address"),
        (Wishes(TODAY, version_of="sun2025protoype"), "Did you mean 'sun2025prototype'"),
    ],
)
def test_wishes_that_cannot_be(group: Group, wishes: Wishes, message: str) -> None:
    with pytest.raises(NotAdded, match=message):
        check_wishes(group, wishes)


# Strangers' text --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "doi",
    [
        "10.1000/x},selected={true},award={Best", "10.1000/x}}@misc{evil,title={E", "10.1000/}",
        "10.1000/{", "10.1000/a\\", "10.1000/a%b", '10.1000/a"b', "https://doi.org/10.1000/a%00b",
    ],
)  # fmt: skip
def test_number_with_signs_that_act_in_bibtex_is_none(doi: str) -> None:
    with pytest.raises(Malformed):
        crossref(works.MADE_UP | {"DOI": doi})
    with pytest.raises(Malformed):
        datacite(works.DATASET | {"doi": doi})
    notice = {"type": "retraction", "DOI": doi}
    assert "retracted" not in dict(crossref(works.MADE_UP | {"updated-by": [notice]}).fields)


def test_name_of_a_conference_is_escaped() -> None:
    assertion = [{"name": "conference_name", "value": "A},selected={true} & B"}]
    found = crossref(works.PROTOMIL | {"container-title": [], "assertion": assertion})
    assert dict(found.fields)["booktitle"] == r"A\rbrace{},selected=\lbrace{}true\rbrace{} \& B"


@pytest.mark.parametrize("field", ["title", "doi", "eprint", "howpublished"])
@pytest.mark.parametrize(
    "value",
    ["x},selected={true", "x}}@misc{evil,title={E}", "x}", "{x", "x\u202ey", "x\x9dy", "x\ny",
     " x"],
)  # fmt: skip
def test_only_what_was_drafted_is_written(group: Group, field: str, value: str) -> None:
    """Even if a registry's module lets something through."""
    found = ALL["ARXIV"]
    changes: dict[str, Any] = {field: value}
    if field == "eprint":
        changes = {"eprint": ("arxiv", value)}
    elif field == "howpublished":
        changes = {"fields": ((field, value),)}
    with pytest.raises(NotAdded, match="cannot be written safely"):
        make_addition(replace(found, **changes), group, WISHES)


@pytest.mark.parametrize(
    "tex",
    [r"\input{/etc/passwd}", r"\write18{rm}", r"\catcode`\%=12", "^^5cinput{x}", r"a\\%b",
     r"\begin{filecontents}{x}\end{filecontents}", r"\csname input\endcsname", r"\verb|x|"],
)  # fmt: skip
def test_commands_that_act_in_tex_are_text(tex: str) -> None:
    both = f"<alternatives><tex-math>{tex}</tex-math><math><mi>q</mi></math></alternatives>"
    assert html_to_latex(f"A <inline-formula>{both}</inline-formula> b") == "A q b"
    alone = html_to_latex(f"A <inline-formula><tex-math>${tex}$</tex-math></inline-formula> b")
    for latex in (alone, tex_to_latex(f"A ${tex}$ b"), tex_to_latex(f"A {tex} b")):
        assert is_tame(latex)
        assert not decode(latex)[1]
        assert not re.search(r"\\(?:input|write|catcode|begin|csname|verb)|\^\^|(?<!\\)%", latex)


def test_what_nobody_sees_is_left_out_of_formulas() -> None:
    html = "<inline-formula><tex-math>x\u202ey\x9d</tex-math></inline-formula>"
    assert html_to_latex(html) == "$xy$"


@pytest.mark.parametrize("end", ["</b>", "</i>", "", "x"])
def test_elements_without_end_take_no_time(end: str) -> None:
    begun = time.process_time()
    html_to_latex("<i>" * 20_000 + end * 20_000)
    assert time.process_time() - begun < 3
    assert html_to_plain("<i>" * 1000 + "x") == "x"


def test_texts_have_a_bound() -> None:
    with pytest.raises(Malformed, match="more than 5,000 characters"):
        crossref(works.MADE_UP | {"title": ["x" * 5001]})


# Any reply --------------------------------------------------------------------------------------

_ODD: tuple[Any, ...] = (
    None, 5, -1, True, "", "x", [], {}, [None], [[]], [{}], {"x": 1}, "\ud800", "\x1b[2J",
    [[2025, 13]], [[2024, True]],
    {"date-parts": [[None]]}, [{"family": "{"}], ["}"], ["<i>"], "10.1000/\\", [5, "<b>x</b>"],
)  # fmt: skip
_INSIDE = (
    "}", "{", "}}", "},selected={true},x={", "}}@misc{evil,title={", "\\", "%", '"', "\u202e",
    "\x9d", "\x1b[2J", "$\\input{x}$", "\\write18{x}", "</i>", "<i>",
    "<tex-math>\\input{x}\u202e</tex-math>", "&", "#", "~", "^^5c", " and ", ", ", "@", "\n\n",
    "\u200b", "--", "and others",
)  # fmt: skip


def mutated(value: Any, chance: random.Random) -> Any:
    """Put something odd into some of the texts of a record."""
    if isinstance(value, dict):
        return {name: mutated(item, chance) for name, item in value.items()}
    if isinstance(value, list):
        return [mutated(item, chance) for item in value]
    if not isinstance(value, str) or chance.random() < 0.7:
        return value
    cut = chance.choice((0, len(value), chance.randrange(len(value) + 1)))
    return value[:cut] + chance.choice(_INSIDE) + value[cut:]


def assert_is_safe(addition: Addition) -> None:
    """The entry reads as it was drafted, and can stand in a file."""
    draft = addition.draft
    text = str(draft)
    bib = parse_bib(text, "x.bib")
    assert not bib.problems
    (entry,) = bib.entries
    meant = {name: value for name, value in draft.fields.items() if value}
    assert (entry.type, entry.key) == (draft.type, draft.key)
    assert sorted(entry.fields) == sorted(meant)
    assert {name: entry.fields[name].value for name in meant if name != "month"} == {
        name: value for name, value in meant.items() if name != "month"
    }
    assert "selected" not in entry.fields
    text.encode()
    assert text.replace("\n", "").isprintable()
    assert not re.search(r"\\(?:input|write)", text)
    assert place(f"{FILE}\n", entry, text, "x.bib").text.strip("\n") == text


FILE = "@misc{b,\n  title = {On b},\n  year = {2020},\n}"


@pytest.mark.parametrize("seed", range(300))
def test_any_reply_is_an_entry_or_malformed(group: Group, seed: int) -> None:
    chance = random.Random(seed)
    work = json.loads(json.dumps(chance.choice((works.PROTOMIL, works.MADE_UP, works.MEDRXIV))))
    attributes = json.loads(json.dumps(works.DATASET))
    if seed % 2:
        work, attributes = mutated(work, chance), mutated(attributes, chance)
    else:
        for record in (work, attributes):
            for _ in range(chance.randrange(1, 5)):
                record[chance.choice(list(record))] = chance.choice(_ODD)
    nothing = without(group, *(entry.key for entry in group.entries))
    for read, record in ((crossref, work), (datacite, attributes)):
        try:
            found = read(record)
        except Malformed:
            continue
        assert_is_safe(make_addition(found, nothing, WISHES))


@pytest.mark.parametrize("seed", range(100))
def test_any_feed_is_an_entry(group: Group, seed: int) -> None:
    chance = random.Random(seed)
    title, name, extra = (
        re.sub(r"[\x00-\x1f]", "", mutated("Quiet $x_2$ nets", chance)) for _ in range(3)
    )
    comment = f"<arxiv:comment>{escape(extra)}</arxiv:comment>"
    found = arxiv("2601.00017", title, [name, "A. Meier"], extra=comment)
    nothing = without(group, *(entry.key for entry in group.entries))
    assert_is_safe(make_addition(found, nothing, WISHES))
