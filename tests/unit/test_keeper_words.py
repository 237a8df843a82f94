"""How single values should be written."""

from __future__ import annotations

import pytest

from labsite.keeper_words import (
    address_fault,
    bare_doi,
    bare_eprint,
    is_shouted,
    loose_capitals,
    mended_pages,
    pages_fault,
    protected,
)
from labsite.latex import decode
from labsite.links import is_arxiv_number, orcid_fault

TITLES = {
    "Deep MRI of {MRI}s and PHiSeg": "Deep {MRI} of {MRI}s and {PHiSeg}",
    "U-Net: A U-Net for X-ray images": "{U-Net}: A {U-Net} for {X}-ray images",
    "X-ray imaging: X-ray": "X-ray imaging: X-ray",
    "T$_2$ and $T_2$ maps at 3D": "{T$_2$} and {$T_2$} maps at {3D}",
    "COVID-19 and B-1 cells": "{COVID-19} and {B-1} cells",
    "AI-based dose in MR-guided RT": "{AI}-based dose in {MR}-guided {RT}",
    r"{\'E}tude of \emph{MRI} and \textbf{T2}": r"{\'E}tude of \emph{MRI} and \textbf{T2}",
    "nnU-Net on an MR-Linac, Time-AdaptivE": "{nnU-Net} on an {MR-Linac}, {Time-AdaptivE}",
    "MRI-Guided, Non-MRI, {MR}-Linac": "{MRI}-Guided, Non-{MRI}, {MR}-Linac",
    "Time-adaptivE and Deep-UNet": "{Time-adaptivE} and {Deep-UNet}",
    "Self-Supervised Learning of A Thing": "Self-Supervised Learning of A Thing",
    "McClelland on Vitamin D, Hepatitis C": "{McClelland} on Vitamin {D}, Hepatitis {C}",
    "2D CNNs/RNNs (GANs) 'BAR'": "{2D} {CNNs}/{RNNs} ({GANs}) '{BAR}'",
    "O'Neill's iPhone": "{O'Neill's} {iPhone}",
    "Part II: A Part": "Part {II}: A Part",
    "RETRACTED: A thing": "RETRACTED: A thing",
    "K-means, k-NN": "K-means, k-{NN}",
    "Ärzte und KI": "Ärzte und {KI}",
    "a $b C$ {d E} F$g$": "a {$b C$} {d E} {F$g$}",
    "": "",
    "{": "{",
    "$A": "$A",
}


@pytest.mark.parametrize("title", TITLES)
def test_capitals_are_protected_where_bibtex_loses_them(title: str) -> None:
    assert protected(title) == TITLES[title]
    assert loose_capitals(protected(title)) == []


@pytest.mark.parametrize("title", [title for title in TITLES if title != "{"])
def test_protection_changes_no_letter(title: str) -> None:
    assert decode(protected(title))[0].plain == decode(title)[0].plain


def test_what_is_no_title_is_left() -> None:
    assert loose_capitals("MRI " * 10_000) == []


@pytest.mark.parametrize(
    ("title", "shouted"),
    [("DEEP MRI OF THE HEART", True), ("Deep {MRI} of the heart", False), ("MRI CT PET", False)],
)
def test_titles_in_capitals(title: str, shouted: bool) -> None:
    assert is_shouted(title) is shouted


GOOD_PAGES = (
    *("12--19", "S3387--S3389", "103895", "3--5, 9", "1234--45", "e1234", "xi--xv"),
    *("1:1--1:20", "1-1--1-20", "CD013574.pub2", "23-es", "123ff.", "123+", "1725 -- 1740", "A-12"),
)
BAD_PAGES = {
    "12-19": "12--19",
    "S1-S12": "S1--S12",
    "12 - 19": "12--19",
    "12---19": "12--19",
    "12—19": "12--19",
    "12−19": "12--19",
    "pp. 12-19": "12--19",
    "pp12--19": "12--19",
    "p.~3": "3",
    "p 3, 12-13": "3, 12--13",
    "pp. 507–517": "507--517",
    "12–19": "12--19",
    "603--594": None,
    "517–507": None,
    "12--12": None,
    "603-594": None,
    "to appear": None,
    "12 pages": None,
    "12--": None,
    "--": None,
    "?": None,
}


@pytest.mark.parametrize("pages", GOOD_PAGES)
def test_good_pages(pages: str) -> None:
    assert pages_fault(pages) == ""
    assert mended_pages(pages) == pages


@pytest.mark.parametrize("dash", ["-", "--", "–", "—", "−"])
def test_ranges_backwards_say_so(dash: str) -> None:
    assert pages_fault(f"517{dash}507") == "the range ends before it begins"
    assert pages_fault(f"517{dash}517") == "the range is one page"


@pytest.mark.parametrize("pages", BAD_PAGES)
def test_bad_pages_are_mended_if_they_are_sure(pages: str) -> None:
    assert pages_fault(pages)
    assert mended_pages(pages) == (BAD_PAGES[pages] or pages)


@pytest.mark.parametrize(
    ("value", "bare"),
    [
        ("https://doi.org/10.1000/x", "10.1000/x"),
        ("http://dx.doi.org/10.1000/x%20y", "http://dx.doi.org/10.1000/x%20y"),
        ("doi: 10.1000/x", "10.1000/x"),
        ("https://doi.org/10.1000/x.", "10.1000/x"),
        ("https://doi.org/10.1000/x).,", "10.1000/x"),
        ("10.1000/(x)", "10.1000/(x)"),
        ("10.1000/x<1::aid>", "10.1000/x<1::aid>"),
        (r"10.1000/a\_b", r"10.1000/a\_b"),
        ("10.1000/x", "10.1000/x"),
        ("nothing", "nothing"),
    ],
)
def test_bare_doi(value: str, bare: str) -> None:
    assert bare_doi(value) == bare


@pytest.mark.parametrize(
    ("value", "bare"),
    [
        ("arXiv:2501.01234", "2501.01234"),
        ("https://arxiv.org/pdf/2501.01234v2.pdf", "2501.01234v2"),
        ("2501.01234", "2501.01234"),
        ("10.1101/2023.03.07.23286895", "10.1101/2023.03.07.23286895"),
    ],
)
def test_bare_eprint(value: str, bare: str) -> None:
    assert bare_eprint(value) == bare


@pytest.mark.parametrize(
    ("address", "is_right"),
    [
        ("https://example.org/a_b?c=d#e", True),
        ("http://[2001:db8::1]:80/", True),
        ("mailto:a@example.org", True),
        ("no address", True),  # a build says so
        ("https://example.org.", False),
        ("https://https://example.org", False),
        ("https://examplecom/x", False),
        ("https://example..org/", False),
        ("https://.example.org/", False),
        ("https://example.org/x,", False),
    ],
)
def test_addresses(address: str, is_right: bool) -> None:
    assert (address_fault(address) == "") is is_right


@pytest.mark.parametrize("number", ["2501.01234", "0704.0001v3", "math.GT/0309136", "cs/9901001"])
def test_arxiv_numbers(number: str) -> None:
    assert is_arxiv_number(number)


@pytest.mark.parametrize(
    "number",
    ["2513.01234", "2501.123", "2501.0123", "1412.01234", "250101234", "math/03", "", "٢٥٠١.١٢٣٤"],
)
def test_what_is_no_arxiv_number(number: str) -> None:
    assert not is_arxiv_number(number)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://orcid.org/0000-0002-1825-0097", True),
        ("0000-0001-5109-3700", True),
        ("https://orcid.org/0000-0002-1694-233X", True),
        ("https://orcid.org/0000-0002-1825-0079", False),
        ("https://orcid.org/0000-0002-1825", False),
        ("https://example.org/0000-0002-1825-0097", False),
        ("", False),
    ],
)
def test_orcid(value: str, expected: bool) -> None:
    assert (not orcid_fault(value)) is expected
