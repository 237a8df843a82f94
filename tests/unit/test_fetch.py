"""Asking registries, against a local server: each source, and each way in which it goes wrong."""

import gzip
import json
import socket
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import requests

from labsite.fetch import FetchError, NotRegistered, Registries, Web, _next_address, fetch
from labsite.found import Found
from labsite.identifiers import Identifier, read_identifier
from tests.unit.registries import EMPTY_FEED, Reply, Server, as_json, feed, running

DOI = "10.1234/abc(1)"
AT_CROSSREF = "/crossref/works/10.1234%2Fabc%281%29"
WORK: dict[str, Any] = {
    "DOI": "10.1234/ABC(1)",
    "type": "journal-article",
    "title": ["Quiet models"],
    "container-title": ["Journal of Quiet"],
    "published": {"date-parts": [[2025, 3]]},
}


@pytest.fixture
def server() -> Iterator[Server]:
    with running() as found:
        yield found


def ask(server: Server, name: str = DOI, **options: Any) -> Found:
    with Web(**({"timeouts": (2.0, 2.0)} | options)) as web:
        return fetch(read_identifier(name), server.registries, web)


def message(server: Server, name: str = DOI, **options: Any) -> str:
    with pytest.raises(FetchError) as raised:
        ask(server, name, **options)
    assert "\n" not in str(raised.value)
    said, named, addresses = str(raised.value).partition(" Asked was what the environment names: ")
    assert named
    assert f"= {server.address}/" in addresses
    return said


# Success ----------------------------------------------------------------------------------------


def test_crossref_is_asked_first(server: Server) -> None:
    server.has_crossref(DOI, WORK)
    found = ask(server)
    assert (found.registry, found.doi, found.title) == ("Crossref", DOI, "Quiet models")
    assert [path for path, _ in server.asked] == [AT_CROSSREF]


def test_datacite_is_asked_when_crossref_does_not_know(server: Server) -> None:
    server.has_datacite(DOI, {"doi": DOI, "titles": [{"title": "Quiet data"}]})
    found = ask(server)
    assert (found.registry, found.doi, found.title) == ("DataCite", DOI, "Quiet data")


@pytest.mark.parametrize("number", ["2503.01234", "cs/0112017"])
def test_arxiv(server: Server, number: str) -> None:
    server.has_arxiv(number, feed(number, "Quiet\n  nets", ["Anna Meier"]))
    found = ask(server, f"https://arxiv.org/abs/{number}v2")
    assert (found.registry, found.eprint) == ("arXiv", ("arxiv", number))
    assert (found.title, found.date) == ("Quiet nets", (2025, 3))


def test_who_asks_says_so(server: Server) -> None:
    server.has_crossref(DOI, WORK)
    ask(server, version="1.2", asked_by="https://group.example.org/")
    headers = server.asked[0][1]
    assert headers["User-Agent"] == "labsite/1.2 (https://group.example.org/)"
    assert headers["Accept"] == "application/json"


def test_what_is_waited_for_is_said(server: Server) -> None:
    said: list[str] = []
    with pytest.raises(NotRegistered):
        ask(server, say=said.append)
    assert said == ["Waiting for Crossref …", "Waiting for DataCite …"]


def test_redirects_are_followed(server: Server) -> None:
    server.has_crossref("10.1234/new", WORK)
    server.says(
        AT_CROSSREF,
        Reply(status=301, headers={"Location": "/crossref/works/10.1234%2Fnew"}),
    )
    assert ask(server).title == "Quiet models"


def test_packed_replies_are_read(server: Server) -> None:
    body = gzip.compress(as_json({"message": WORK}).body)
    server.says(AT_CROSSREF, Reply(body, headers={"Content-Encoding": "gzip"}))
    assert ask(server).title == "Quiet models"


def test_registries_may_be_named_by_the_environment() -> None:
    named = Registries.of({"LABSITE_ARXIV": "http://localhost:1/", "LABSITE_DATACITE": ""})
    assert named == Registries(arxiv="http://localhost:1")


def test_other_doi_than_asked_for_is_told(server: Server) -> None:
    server.has_crossref("10.1234/alias", WORK)
    (remark,) = ask(server, "10.1234/alias").remarks
    assert remark == f"Asked for 10.1234/alias, Crossref answered with {DOI}: is it the same paper?"
    server.has_crossref(DOI, WORK)
    assert not ask(server).remarks


def test_own_addresses_are_named_in_trouble() -> None:
    named = Registries(arxiv="http://localhost:1")
    assert named.unusual("arxiv").endswith(": LABSITE_ARXIV = http://localhost:1.")
    assert not named.unusual("doi")


# Trouble ----------------------------------------------------------------------------------------


def test_doi_that_nobody_knows(server: Server) -> None:
    assert message(server).startswith(f"Neither Crossref nor DataCite knows the DOI {DOI}.")


@pytest.mark.parametrize("reply", [Reply(EMPTY_FEED.encode()), Reply(b"no such id", 400)])
def test_arxiv_id_that_does_not_exist(server: Server, reply: Reply) -> None:
    server.says("/arxiv/api/query?id_list=2503.99999&max_results=1", reply)
    with pytest.raises(NotRegistered):
        ask(server, "2503.99999")


def test_short_pause_is_kept(server: Server) -> None:
    server.has_crossref(DOI, WORK)
    server.replies[AT_CROSSREF].insert(0, Reply(status=429, headers={"Retry-After": "1"}))
    begun = time.monotonic()
    assert ask(server).title == "Quiet models"
    assert time.monotonic() - begun >= 1


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("as_date", [False, True])
def test_long_pause_is_told(server: Server, status: int, as_date: bool) -> None:
    pause = formatdate(time.time() + 90, usegmt=True) if as_date else "90"
    server.says(AT_CROSSREF, Reply(status=status, headers={"Retry-After": pause}))
    begun = time.monotonic()
    said = message(server)
    assert time.monotonic() - begun < 1
    assert "asks for a pause" in said
    assert any(f"in {seconds} seconds" in said for seconds in range(60, 91))
    assert len(server.asked) == 1


def test_rate_limit_that_does_not_say_how_long(server: Server) -> None:
    server.says(AT_CROSSREF, Reply(status=429))
    assert "in a few minutes" in message(server)


def test_server_that_has_trouble_is_asked_again(server: Server) -> None:
    server.has_crossref(DOI, WORK)
    server.replies[AT_CROSSREF].insert(0, Reply(status=502))
    assert ask(server).title == "Quiet models"
    server.says(AT_CROSSREF, Reply(status=500))
    assert "HTTP status 500" in message(server)


def test_slow_reply(server: Server) -> None:
    server.says(AT_CROSSREF, Reply(pause=5))
    begun = time.monotonic()
    assert message(server, timeouts=(0.3, 0.3)) == (
        "Crossref has not answered in time. Try again later."
    )
    assert time.monotonic() - begun < 3


def test_reply_that_trickles(server: Server) -> None:
    server.says(AT_CROSSREF, Reply(b"x" * 1000, trickle=0.05))
    begun = time.monotonic()
    assert "too slowly" in message(server, longest=0.5)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("cut", [0, 1, 30])
def test_cut_connection(server: Server, cut: int) -> None:
    body = as_json({"message": WORK}).body
    server.says(AT_CROSSREF, Reply(body, cut=cut))
    assert message(server) == "The connection to Crossref broke off. Try again."


def test_huge_reply(server: Server) -> None:
    server.says(AT_CROSSREF, Reply(endless=True))
    assert "far too large" in message(server)


def test_small_reply_that_unpacks_to_a_huge_one(server: Server) -> None:
    body = gzip.compress(b" " * 50_000_000)
    server.says(AT_CROSSREF, Reply(body, headers={"Content-Encoding": "gzip"}))
    assert "far too large" in message(server)


def test_redirects_without_end(server: Server) -> None:
    server.says(AT_CROSSREF, Reply(status=302, headers={"Location": AT_CROSSREF}))
    assert "without end" in message(server)


def test_redirect_to_what_is_no_web_address(server: Server) -> None:
    server.says(AT_CROSSREF, Reply(status=302, headers={"Location": "file:///etc/passwd"}))
    assert "cannot be used" in message(server)


TO_NEW = {"Location": "/crossref/works/10.1234%2Fnew"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_bodies_of_redirects_are_not_read(server: Server, status: int) -> None:
    server.has_crossref("10.1234/new", WORK)
    server.says(AT_CROSSREF, Reply(status=status, headers=TO_NEW, endless=True))
    assert ask(server).title == "Quiet models"
    assert server.sent < 20_000_000  # what the system's buffers take


def test_bodies_of_busy_replies_are_not_read(server: Server) -> None:
    server.has_crossref(DOI, WORK)
    server.replies[AT_CROSSREF].insert(0, Reply(status=503, endless=True))
    assert ask(server).title == "Quiet models"
    assert server.sent < 20_000_000


def test_headers_that_trickle(server: Server) -> None:
    server.says(AT_CROSSREF, Reply(slow_headers=0.05))
    begun = time.monotonic()
    assert "too slowly" in message(server, longest=0.5)
    assert time.monotonic() - begun < 2


def test_time_is_of_all_redirects_and_pauses(server: Server) -> None:
    server.says(AT_CROSSREF, Reply(status=302, headers=TO_NEW, pause=0.4))
    server.says(TO_NEW["Location"], Reply(status=503, headers={"Retry-After": "5"}))
    begun = time.monotonic()
    assert "too slowly" in message(server, longest=0.8)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("same_host", [True, False])
def test_redirect_to_another_server_is_refused(server: Server, same_host: bool) -> None:
    with running() as other:
        other.has_crossref(DOI, WORK)
        address = other.address if same_host else other.address.replace("127.0.0.1", "localhost")
        location = {"Location": f"{address}{AT_CROSSREF}"}
        server.says(AT_CROSSREF, Reply(status=302, headers=location))
        assert "another server, which cannot be used" in message(server)
        assert not other.asked


@pytest.mark.parametrize(
    ("begun", "location", "is_followed"),
    [
        ("https://api.crossref.org/a", "/b", True),
        ("https://export.arxiv.org/a", "https://arxiv.org/a", True),
        ("https://api.crossref.org/a", "http://api.crossref.org/a", False),
        ("https://api.crossref.org/a", "https://api.crossref.org:8443/a", False),
        ("https://api.crossref.org/a", "https://x@api.crossref.org.evil.example/", False),
        ("https://api.crossref.org/a", "https://evilcrossref.org/", False),
        ("https://api.crossref.org/a", "https://[::1/", False),
        ("https://api.crossref.org/a", "//169.254.169.254/latest", False),
        ("http://mirror.example/a", "https://api.crossref.org/a", False),
        ("http://mirror.example/a", "http://mirror.example/b", True),
    ],
)
def test_where_redirects_may_lead(begun: str, location: str, is_followed: bool) -> None:
    response = requests.Response()
    response.url = begun
    response.headers["Location"] = location
    if is_followed:
        assert _next_address("Crossref", begun, response) == urljoin(begun, location)
    else:
        with pytest.raises((FetchError, requests.exceptions.InvalidURL)):
            _next_address("Crossref", begun, response)


def test_no_password_is_sent(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login somebody password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server.has_crossref(DOI, WORK)
    ask(server)
    assert "Authorization" not in server.asked[0][1]


def test_pause_that_is_no_number(server: Server) -> None:
    server.says(AT_CROSSREF, Reply(status=429, headers={"Retry-After": "soon"}))
    assert "asks for a pause: too many requests. Try again in a few minutes." in message(server)


@pytest.mark.parametrize("status", [401, 403, 407])
def test_who_is_not_let_in_is_told_so(server: Server, status: int) -> None:
    server.says(AT_CROSSREF, Reply(status=status))
    said = message(server)
    assert f"refuses to answer (HTTP status {status})" in said
    assert "later" not in said


def test_offline() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with Web(timeouts=(0.5, 0.5)) as web, pytest.raises(FetchError, match=r"computer online\?"):
        fetch(Identifier("doi", DOI), Registries(address, address, address), web)


def test_name_that_cannot_be_resolved() -> None:
    nowhere = "http://registry.invalid"
    with Web(timeouts=(0.5, 0.5)) as web, pytest.raises(FetchError, match=r"computer online\?"):
        fetch(Identifier("doi", DOI), Registries(nowhere, nowhere, nowhere), web)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>Log in to the hotel's network</html>", b"\xff\xfe", b"[" * 100_000, b"null",
        b"[]", b'{"message": []}', b'{"message": {"DOI": 5}}', b'{"message": {"DOI": "10.1234/x"}}',
        json.dumps({"message": WORK | {"title": []}}).encode(),
        json.dumps({"message": WORK | {"type": "journal"}}).encode(),
    ],
)  # fmt: skip
def test_malformed_records(server: Server, body: bytes) -> None:
    server.says(AT_CROSSREF, Reply(body))
    assert message(server).startswith("Crossref's reply cannot be")


@pytest.mark.parametrize(
    "body",
    [
        "", "<html/>", "{}", "<feed/>", feed("2503.01234", "", []),
        feed("2503.55555", "Another", []),
        '<!DOCTYPE x [<!ENTITY a "b">]>' + feed("2503.01234", "x", []).partition("?>")[2],
    ],
)  # fmt: skip
def test_malformed_feeds(server: Server, body: str) -> None:
    server.has_arxiv("2503.01234", body)
    assert message(server, "2503.01234").startswith("arXiv's reply cannot be used")
