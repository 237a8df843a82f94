"""Spellings of DOIs and arXiv ids, as people paste them."""

import pytest

from labsite.identifiers import NotAnIdentifier, read_identifier

SICI = "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2"
DOIS = {
    "10.1038/nature14539": "10.1038/nature14539",
    "doi:10.1038/Nature14539": "10.1038/nature14539",
    "DOI: 10.1016/S0167-8140(25)00742-X": "10.1016/s0167-8140(25)00742-x",
    "https://doi.org/10.1016/s0167-8140(25)00742-x": "10.1016/s0167-8140(25)00742-x",
    "http://dx.doi.org/10.1007%2F978-3-031-72117-5_65": "10.1007/978-3-031-72117-5_65",
    "doi.org/10.1000/xyz/full": "10.1000/xyz/full",
    "https://link.springer.com/chapter/10.1007/978-3-031-72117-5_65": (
        "10.1007/978-3-031-72117-5_65"
    ),
    "https://link.springer.com/content/pdf/10.1007/978-3-031-72117-5_65.pdf?pdf=x": (
        "10.1007/978-3-031-72117-5_65"
    ),
    "https://onlinelibrary.wiley.com/doi/full/10.1002/acr.24539": "10.1002/acr.24539",
    "https://dl.acm.org/doi/pdf/10.1145/3292500.3330701": "10.1145/3292500.3330701",
    "https://www.medrxiv.org/content/10.1101/2023.03.07.23286895v1.full.pdf": (
        "10.1101/2023.03.07.23286895"
    ),
    "https://www.frontiersin.org/articles/10.3389/fcvm.2020.00001/full": "10.3389/fcvm.2020.00001",
    "https://www.researchsquare.com/article/10.21203/rs.3.rs-123/v1": "10.21203/rs.3.rs-123/v1",
    "https://www.nature.com/articles/s41597-025-04866-4.pdf": "10.1038/s41597-025-04866-4",
    "https://x.example/?doi=10.1000/abc&x=1": "10.1000/abc",
    "https://x.example/article?id=10.1371/journal.pone.0012345#ref": "10.1371/journal.pone.0012345",
    "see (10.1000/abc).": "10.1000/abc",
    " <https://doi.org/10.1000/abc> ": "10.1000/abc",
    SICI.upper(): SICI,
}
ARXIV = {
    "arXiv:2104.12345v2": "2104.12345",
    "2104.12345": "2104.12345",
    "0704.0001": "0704.0001",
    "arxiv: 2104.12345": "2104.12345",
    "https://arxiv.org/abs/2104.12345?context=cs": "2104.12345",
    "https://arxiv.org/pdf/2104.12345v3.pdf": "2104.12345",
    "http://export.arxiv.org/pdf/2104.12345v3": "2104.12345",
    "https://arxiv.org/html/2104.12345v1/": "2104.12345",
    "cs/0112017": "cs/0112017",
    "arXiv:cs.AI/0112017v1": "cs/0112017",
    "https://arxiv.org/abs/hep-th/9901001": "hep-th/9901001",
    "10.48550/arXiv.2104.12345": "2104.12345",
    "https://doi.org/10.48550/ARXIV.2104.12345": "2104.12345",
}
NEITHER = (
    "", "hello", "Attention is all you need", "https://example.org/paper", "10.1000", "2104.123",
    "www.example.org", "https://proceedings.mlr.press/v227/sun24a.html", "10.1000/", "foo/0112017",
)  # fmt: skip


@pytest.mark.parametrize("text", DOIS)
def test_dois(text: str) -> None:
    found = read_identifier(text)
    assert (found.kind, found.value) == ("doi", DOIS[text])
    assert read_identifier(str(found)) == found


@pytest.mark.parametrize("text", ARXIV)
def test_arxiv_ids(text: str) -> None:
    found = read_identifier(text)
    assert (found.kind, found.value) == ("arxiv", ARXIV[text])
    assert read_identifier(str(found)) == found


@pytest.mark.parametrize("text", NEITHER)
def test_anything_else_is_refused_and_says_what_works(text: str) -> None:
    with pytest.raises(NotAnIdentifier, match=r"Give a DOI .* an arXiv id"):
        read_identifier(text)
