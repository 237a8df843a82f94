"""The site in tests and measurements comes as its host will send it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tools.serve import FOR_EVER, FOR_NOW, serve

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
STYLE = "p { color: black }\n" * 100


class Visitor:
    """Asks for files over one connection, as a browser does."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.prefix = parts.path
        self.connection = HTTPConnection(parts.netloc, timeout=10)
        self.body = b""

    def get(
        self, path: str, headers: Mapping[str, str] = GZIP, method: str = "GET"
    ) -> HTTPResponse:
        self.connection.request(method, path, headers=dict(headers))
        response = self.connection.getresponse()
        self.body = response.read()
        return response


@pytest.fixture
def site(tmp_path: Path) -> Path:
    canonical = '<link rel="canonical" href="https://example.org/group/index.html">'
    (tmp_path / "index.html").write_text(f"<!DOCTYPE html>{canonical}<p>Home", "utf-8")
    (tmp_path / "404.html").write_text("<!DOCTYPE html><p>Not here", "utf-8")
    (tmp_path / "base.css").write_text(STYLE, "utf-8")
    (tmp_path / "photo.webp").write_bytes(b"RIFF" * 100)
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "index.html").write_text("<p>News", "utf-8")
    (tmp_path / "news" / "atom.xml").write_text("<feed/>", "utf-8")
    return tmp_path


@pytest.fixture
def plain(site: Path) -> Iterator[Visitor]:
    with serve(site) as address:
        yield Visitor(address)


@pytest.fixture
def quick(site: Path) -> Iterator[Visitor]:
    with serve(site, compressed=True) as address:
        yield Visitor(address)


def test_site_is_under_its_path_and_nowhere_else(plain: Visitor) -> None:
    assert plain.prefix == "/group/"
    assert plain.get("/group/base.css").status == 200
    assert plain.get("/base.css").status == 404
    assert b"Not here" in plain.body


def test_nothing_is_compressed_unless_asked_for(plain: Visitor) -> None:
    response = plain.get("/group/base.css")
    assert plain.body == STYLE.encode()
    assert response.getheader("Content-Encoding") is None
    assert response.getheader("Cache-Control") is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("base.css", "text/css"),
        ("", "text/html"),
        ("news/", "text/html"),
        ("news/atom.xml", "application/xml"),
    ],
)
def test_text_is_compressed(quick: Visitor, site: Path, path: str, kind: str) -> None:
    response = quick.get(f"/group/{path}")
    file = site / path
    assert (
        gzip.decompress(quick.body) == (file / "index.html" if file.is_dir() else file).read_bytes()
    )
    assert response.getheader("Content-Type") == kind
    assert response.getheader("Content-Encoding") == "gzip"
    assert response.getheader("Content-Length") == str(len(quick.body))
    assert response.getheader("Vary") == "Accept-Encoding"


def test_pictures_and_other_browsers_get_the_file_itself(quick: Visitor) -> None:
    picture = quick.get("/group/photo.webp")
    assert picture.getheader("Content-Type") == "image/webp"
    assert picture.getheader("Content-Encoding") is None
    assert quick.body == b"RIFF" * 100
    style = quick.get("/group/base.css", {})
    assert style.getheader("Content-Encoding") is None
    assert style.getheader("Vary") == "Accept-Encoding"
    assert quick.body == STYLE.encode()


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("base.css?v=1a2b3c4d", FOR_EVER),
        ("base.css?digest=75c7c72ae941e8b558d8", FOR_EVER),
        ("base.css", FOR_NOW),
        ("index.html?q=deadbeef", FOR_NOW),
    ],
)
def test_only_an_address_with_a_fingerprint_is_kept_for_long(
    quick: Visitor, path: str, kept: str
) -> None:
    assert quick.get(f"/group/{path}").getheader("Cache-Control") == kept


def test_file_name_with_a_fingerprint_is_kept_for_long(quick: Visitor, site: Path) -> None:
    (site / "base.1a2b3c4d.css").write_text(STYLE, "utf-8")
    assert quick.get("/group/base.1a2b3c4d.css").getheader("Cache-Control") == FOR_EVER


def test_what_the_browser_has_is_not_sent_again(quick: Visitor) -> None:
    changed = quick.get("/group/base.css").getheader("Last-Modified")
    assert changed
    response = quick.get("/group/base.css", {**GZIP, "If-Modified-Since": changed})
    assert response.status == 304
    assert quick.body == b""


def test_changed_file_is_compressed_again(quick: Visitor, site: Path) -> None:
    quick.get("/group/base.css")
    (site / "base.css").write_text("p { color: white }", "utf-8")
    quick.get("/group/base.css")
    assert gzip.decompress(quick.body) == b"p { color: white }"


def test_connection_is_kept(quick: Visitor) -> None:
    assert quick.get("/group/missing.css?v=1a2b3c4d").getheader("Cache-Control") is None
    assert quick.get("/group/missing.css", method="HEAD").status == 404
    socket = quick.connection.sock
    assert quick.get("/group/news").status == 301
    assert quick.get("/group/base.css", method="HEAD").status == 200
    assert quick.get("/group/").status == 200
    assert quick.connection.sock is socket
