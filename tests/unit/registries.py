"""A local server that answers as Crossref, DataCite and arXiv do, and as networks do."""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from labsite.fetch import Registries

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Reply:
    """What the server says to one request.

    Attributes:
        cut: End the connection behind so many bytes of the body, although more was promised.
        pause: Seconds before anything is sent.
        trickle: Seconds between single bytes.
        slow_headers: Seconds between headers, which do not end.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    pause: float = 0
    trickle: float = 0
    endless: bool = False
    slow_headers: float = 0


@dataclass
class Server:
    """The server; ``replies`` maps a path, unquoted as it was sent, to what is said in turn.

    Attributes:
        sent: Bytes of endless bodies that somebody took.
    """

    address: str = ""
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sent: int = 0
    counts: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def registries(self) -> Registries:
        return Registries(
            f"{self.address}/crossref", f"{self.address}/datacite", f"{self.address}/arxiv"
        )

    @property
    def environ(self) -> dict[str, str]:
        """The same for a command."""
        found = self.registries
        return {
            "LABSITE_CROSSREF": found.crossref,
            "LABSITE_DATACITE": found.datacite,
            "LABSITE_ARXIV": found.arxiv,
        }

    def says(self, path: str, *replies: Reply) -> None:
        self.replies[path] = list(replies)

    def has_crossref(self, doi: str, work: dict[str, Any]) -> None:
        body = {"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": work}
        self.says(f"/crossref/works/{_quoted(doi)}", as_json(body))

    def has_datacite(self, doi: str, attributes: dict[str, Any]) -> None:
        body = {"data": {"id": doi, "type": "dois", "attributes": attributes}}
        self.says(f"/datacite/dois/{_quoted(doi)}", as_json(body))

    def has_arxiv(self, number: str, feed: str) -> None:
        self.says(f"/arxiv/api/query?id_list={number}&max_results=1", Reply(feed.encode()))


def _quoted(doi: str) -> str:
    return doi.replace("/", "%2F").replace("(", "%28").replace(")", "%29")


def as_json(body: Any) -> Reply:
    return Reply(json.dumps(body).encode(), headers={"Content-Type": "application/json"})


def feed(
    number: str,
    title: str,
    authors: list[str],
    published: str = "2025-03-13T14:00:00Z",
    extra: str = "",
) -> str:
    """Write what arXiv's API answers."""
    people = "".join(f"<author><name>{escape(name)}</name></author>" for name in authors)
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/x</id>
  <title>arXiv Query: search_query=&amp;id_list={number}&amp;start=0&amp;max_results=1</title>
  <updated>2025-12-01T00:00:00Z</updated>
  <opensearch:itemsPerPage>1</opensearch:itemsPerPage>
  <opensearch:totalResults>1</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
  <entry>
    <id>http://arxiv.org/abs/{number}v2</id>
    <title>{escape(title)}</title>
    <updated>2025-06-13T14:00:00Z</updated>
    <link href="https://arxiv.org/abs/{number}v2" rel="alternate" type="text/html"/>
    <summary>Made up.</summary>
    <category term="cs.CV" scheme="http://arxiv.org/schemas/atom"/>
    <published>{published}</published>
    {extra}
    <arxiv:primary_category term="cs.CV"/>
    {people}
  </entry>
</feed>
"""  # noqa: E501


EMPTY_FEED = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns="http://www.w3.org/2005/Atom">
  <title>arXiv Query</title>
  <opensearch:totalResults>0</opensearch:totalResults>
</feed>
"""


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever asked has left, which is what some tests are about."""


@contextmanager
def running() -> Iterator[Server]:
    """Run a server for as long as the block takes."""
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path
            server.asked.append((path, dict(self.headers)))
            replies = server.replies.get(path, [Reply(b"Resource not found.", 404)])
            reply = replies[min(server.counts[path], len(replies) - 1)]
            server.counts[path] += 1
            try:
                send(self, reply, server)
            except OSError:  # whoever asked has left
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    httpd = _QuietServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    server.address = f"http://127.0.0.1:{httpd.server_address[1]}"
    threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02}).start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()


def send(handler: BaseHTTPRequestHandler, reply: Reply, server: Server) -> None:
    time.sleep(reply.pause)
    if reply.cut == 0:  # not even a status line
        handler.close_connection = True
        return
    handler.send_response(reply.status)
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    while reply.slow_headers:
        handler.flush_headers()
        handler.send_header("X-Wait", "a little")
        time.sleep(reply.slow_headers)
    if reply.endless:
        handler.close_connection = True
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 100_000)
            server.sent += 100_000
    handler.send_header("Content-Length", str(len(reply.body)))
    handler.end_headers()
    if reply.trickle:
        for byte in reply.body:
            handler.wfile.write(bytes([byte]))
            time.sleep(reply.trickle)
    elif reply.cut is not None:
        handler.wfile.write(reply.body[: reply.cut])
        handler.close_connection = True
    else:
        handler.wfile.write(reply.body)
