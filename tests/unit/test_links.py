"""Addresses: only those that are safe to open, and identifiers in all the forms they come in."""

import pytest

from labsite.links import (
    EPRINT_ARCHIVES,
    address_label,
    doi_href,
    doi_of,
    eprint_link,
    eprint_number,
    host_of,
    plain_address,
    safe_href,
    safe_path,
    site_path,
)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "http://example.org/a?b=c#d",
        "HTTPS://example.org/Ü",
        "https://example.org:8080/a,b;c",
        "mailto:someone@example.org",
    ],
)
def test_web_and_mail_addresses_are_safe(address: str) -> None:
    assert safe_href(address) == address
    assert safe_href(f"  {address}\n") == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "javascript://example.org/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.org",
        "blob:https://example.org/x",
        "//example.org",
        "/a",
        "a.html",
        "example.org",
        "www.example.org",
        "https:",
        "https://",
        "https:example.org",
        "https:///a",
        "http://[::1",
        "https://example.org/a b",
        "https://example.org/a\x00b",
        "mailto:",
        "mailto:nobody",
    ],
)
def test_nothing_else_is(address: str) -> None:
    assert safe_href(address) == ""


@pytest.mark.parametrize("path", ["a.pdf", "files/a.pdf", "a/b/c-d_e.1.pdf", "..a/b", "Ü.pdf"])
def test_paths_inside_the_site(path: str) -> None:
    assert safe_path(path) == path
    assert safe_path(f" {path} ") == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "//example.org",
        "../a.pdf",
        "a/../../b",
        "a/..",
        "..",
        "javascript:alert(1)",
        "C:\\a.pdf",
        "a\\b",
        "a b.pdf",
        'a".pdf',
        "a<b",
        "a?b",
        "a#b",
    ],
)
def test_paths_that_are_none(path: str) -> None:
    assert safe_path(path) == ""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10.1000/abc", "10.1000/abc"),
        (" 10.1000/abc ", "10.1000/abc"),
        ("https://doi.org/10.1000/abc", "10.1000/abc"),
        ("http://dx.doi.org/10.1000/abc", "10.1000/abc"),
        ("DOI: 10.1000/abc", "10.1000/abc"),
        ("doi:10.1000/abc", "10.1000/abc"),
        ("10.1007/978-3-032-05185-1_57", "10.1007/978-3-032-05185-1_57"),
        ("10.1016/s0167-8140(25)00742-x", "10.1016/s0167-8140(25)00742-x"),
        ("", ""),
        ("11.1000/abc", ""),
        ("10.1000", ""),
        ("10.1000/", ""),
        ("10.1000/a b", ""),
        ("https://example.org/10.1000/abc", ""),
        ("javascript:10.1000/abc", ""),
    ],
)
def test_doi_of(value: str, expected: str) -> None:
    assert doi_of(value) == expected


@pytest.mark.parametrize(
    ("doi", "expected"),
    [
        ("10.1000/a_b-c.(d);e:f", "https://doi.org/10.1000/a_b-c.(d);e:f"),
        ("10.1002/17<1661::x>3.0", "https://doi.org/10.1002/17%3C1661::x%3E3.0"),
        ('10.1000/a"b?c#d', "https://doi.org/10.1000/a%22b%3Fc%23d"),
        ("10.1000/50%", "https://doi.org/10.1000/50%25"),
    ],
)
def test_doi_href(doi: str, expected: str) -> None:
    assert doi_href(doi) == expected
    assert safe_href(expected) == expected


@pytest.mark.parametrize(
    ("value", "archive", "name", "href"),
    [
        ("2503.10382", "arxiv", "arXiv", "https://arxiv.org/abs/2503.10382"),
        ("2503.10382v2", "arXiv", "arXiv", "https://arxiv.org/abs/2503.10382v2"),
        ("arXiv:2503.10382", "", "arXiv", "https://arxiv.org/abs/2503.10382"),
        ("hep-th/9901001", "", "arXiv", "https://arxiv.org/abs/hep-th/9901001"),
        ("123", "pubmed", "PubMed", "https://pubmed.ncbi.nlm.nih.gov/123/"),
        ("10.1101/x", "medrxiv", "medRxiv", "https://www.medrxiv.org/content/10.1101/x"),
        ("aBc", "OpenReview", "OpenReview", "https://openreview.net/forum?id=aBc"),
        ("x&y=z", "openreview", "OpenReview", "https://openreview.net/forum?id=x%26y%3Dz"),
        ("1", "elsewhere", "", ""),
        ("", "arxiv", "", ""),
        ("arXiv:", "arxiv", "", ""),
    ],
)
def test_eprints(value: str, archive: str, name: str, href: str) -> None:
    assert eprint_link(value, archive) == (name, href)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("2503.10382", "2503.10382"),
        (" ArXiv:2503.10382 ", "2503.10382"),
        ("https://arxiv.org/abs/2503.10382v2", "2503.10382v2"),
        ("https://www.arxiv.org/pdf/2503.10382v2.pdf", "2503.10382v2"),
        ("http://arxiv.org/pdf/hep-th/9901001.pdf", "hep-th/9901001"),
        ("https://example.org/abs/1", "https://example.org/abs/1"),
        ("", ""),
    ],
)
def test_eprint_number(value: str, number: str) -> None:
    assert eprint_number(value) == number


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("https://www.example.org/a", "example.org"),
        ("https://openreview.net/forum?id=x", "OpenReview"),
        ("https://openreview.net/pdf?id=x", "OpenReview"),
        ("https://proceedings.mlr.press/v1/a.html", "PMLR"),
        ("https://proceedings.mlr.press/v1/a.pdf", "PDF"),
        ("https://example.org/A.PDF#page=2", "PDF"),
        ("https://example.org/a?file=x.pdf", "example.org"),
        ("mailto:a@example.org", "Email"),
    ],
)
def test_what_a_link_to_an_address_says(address: str, label: str) -> None:
    assert address_label(address) == label


@pytest.mark.parametrize("archive", EPRINT_ARCHIVES)
def test_every_archive_has_a_safe_address(archive: str) -> None:
    name, href = eprint_link('1"><script>', archive)
    assert name
    assert safe_href(href) == href
    assert not {'"', "<", ">"} & set(href)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.example.org/a", "example.org"),
        ("http://sub.Example.org:80/", "sub.example.org"),
        ("mailto:a@example.org", ""),
    ],
)
def test_host_of(address: str, host: str) -> None:
    assert host_of(address) == host


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (r"10.1000/foo\_bar", "10.1000/foo_bar"),
        (r"https://example.org/a\%20b\&c\#d\~e\$f", "https://example.org/a%20b&c#d~e$f"),
        ("https://example.org/a_b", "https://example.org/a_b"),
        (r"C:\a", r"C:\a"),
    ],
)
def test_plain_address(value: str, expected: str) -> None:
    assert plain_address(value) == expected


def test_what_no_address_may_have_is_encoded() -> None:
    assert safe_href('https://example.org/"a<b>') == "https://example.org/%22a%3Cb%3E"
    assert safe_href("https://example.org/a%20b?c={d}") == "https://example.org/a%20b?c=%7Bd%7D"
    assert safe_href(r"https://example.org/\^`|") == "https://example.org/%5C%5E%60%7C"
    assert safe_href('mailto:"a"@example.org') == "mailto:%22a%22@example.org"


@pytest.mark.parametrize(
    ("base", "path"),
    [
        ("https://example.org", "/"),
        ("https://example.org/", "/"),
        ("https://example.org/site/", "/site/"),
        ("", "/"),
    ],
)
def test_site_path(base: str, path: str) -> None:
    assert site_path(base) == path
