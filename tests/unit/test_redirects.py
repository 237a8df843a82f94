"""Former addresses: which page answers at them."""

import pytest

from labsite.redirects import page_of


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("about/", "about/index"),
        ("/about/", "about/index"),
        ("about", "about"),
        ("about.html", "about"),
        ("people/old-name.html", "people/old-name"),
        ("news/2023-03-24-award/", "news/2023-03-24-award/index"),
        ("research/v1.0/x", "research/v1.0/x"),
    ],
)
def test_page_of(address: str, page: str) -> None:
    assert page_of(address) == page


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/",
        "//",
        "//example.org/",
        "https://example.org/",
        "../about/",
        "a/../b",
        "a//b",
        "a b",
        "a.pdf",
        "a?b",
        "a#b",
        ".hidden",
        "<script>",
        "a\\b",
    ],
)
def test_what_is_no_address_of_the_site_raises(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        page_of(address)
