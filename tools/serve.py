"""Serves the built site on the loopback as its host will: under its path, with its own 404.

The headers for all pages that the site's ``_headers`` names are sent, above all the
Content-Security-Policy.

With ``compressed=True`` also as fast as its host will: text compressed, connections kept open, and
told how long to keep a file. That is what the measuring tools need.
"""

import contextlib
import gzip
import io
import re
import sys
import threading
from collections.abc import Iterator
from functools import lru_cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

# Types that Python takes from the system, which may not know them, or (Windows) know others.
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".xml": "application/xml",
    ".avif": "image/avif",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
COMPRESSED = re.compile(r"text/|application/(json|xml|javascript)$|.*\+(json|xml)$")
LEVEL = 6  # gzip's own default, and what static hosts use
# An address that changes with its content: `base.css?v=1a2b3c4d`, `base.1a2b3c4d.css`.
FINGERPRINTED = re.compile(r"\?(v|digest)=[0-9a-f]{8,}$|[.-][0-9a-f]{8,}\.\w+$")
FOR_EVER, FOR_NOW = "public, max-age=31536000, immutable", "max-age=600"


class Host(SimpleHTTPRequestHandler):
    """Serves a built site under the path it is to be published at."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, **TYPES}  # noqa: RUF012
    disable_nagle_algorithm = True  # else a kept connection waits 40 ms between head and body

    def __init__(self, *args: Any, site: Path, prefix: str, compressed: bool = False) -> None:
        self.site, self.prefix, self.compressed = site, prefix, compressed
        self.status = 0  # of the answer that is being sent
        if compressed:
            self.protocol_version = "HTTP/1.1"
        super().__init__(*args, directory=str(site))

    def translate_path(self, path: str) -> str:
        """Leave out the prefix; nothing is served outside it."""
        inside = path.removeprefix(self.prefix) if path.startswith(self.prefix) else "missing"
        return super().translate_path(f"/{inside}")

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Answer with the compressed file where both sides want that."""
        file = Path(self.translate_path(self.path))
        if file.is_dir() and urlsplit(self.path).path.endswith("/"):
            file /= "index.html"
        kind = self.guess_type(str(file))
        # A browser that has the file already is answered as always: it is told so, without a body.
        if not (file.is_file() and self._may_compress(kind)) or "If-Modified-Since" in self.headers:
            return super().send_head()
        changed = file.stat()
        body = compress(file, changed.st_mtime_ns)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", self.date_time_string(changed.st_mtime))
        self.end_headers()
        return io.BytesIO(body)

    def _may_compress(self, kind: str) -> bool:
        """Whether a type is worth it, and the browser can read it."""
        accepted = [part.strip() for part in self.headers.get("Accept-Encoding", "").split(",")]
        return self.compressed and "gzip" in accepted and bool(COMPRESSED.match(kind))

    def send_response(self, code: int, message: str | None = None) -> None:
        """Remember what kind of answer this is."""
        self.status = code
        super().send_response(code, message)

    def end_headers(self) -> None:
        """Say how long a file may be kept, and that it comes in two encodings."""
        if self.compressed and self.status in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            lasting = FINGERPRINTED.search(self.path)
            self.send_header("Cache-Control", FOR_EVER if lasting else FOR_NOW)
            self.send_header("Vary", "Accept-Encoding")
        for name, value in headers_of(self.site):
            self.send_header(name, value)
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Show the site's own page."""
        page = (self.site / "404.html").read_bytes()
        self.send_response(code, message)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if self.command != "HEAD":
            with contextlib.suppress(ConnectionError):  # the browser has gone on already
                self.wfile.write(page)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Serves browsers, which drop connections as they like."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report any failure but a dropped connection."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


@lru_cache(maxsize=512)
def compress(file: Path, changed: int) -> bytes:
    """The compressed content of a file, made once for each time ``changed`` that it has."""
    return gzip.compress(file.read_bytes(), LEVEL, mtime=0)


@lru_cache
def headers_of(site: Path) -> tuple[tuple[str, str], ...]:
    """Return the headers that a site's ``_headers`` names for every address (``/*``)."""
    file = site / "_headers"
    found: list[tuple[str, str]] = []
    every = False
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        if line.startswith("/"):
            every = line.strip() == "/*"
        elif every and ":" in line and not line.startswith("#"):
            name, _, value = line.partition(":")
            found.append((name.strip(), value.strip()))
    return tuple(found)


def public_path(site: Path) -> str:
    """Return the path that a built site is to be published under, such as ``/mia-website/``."""
    home = (site / "index.html").read_text(encoding="utf-8")
    canonical = re.search(r'rel="canonical" href="([^"]+)"', home)
    return urlsplit(canonical[1]).path.removesuffix("index.html") if canonical else "/"


@contextlib.contextmanager
def serve(site: Path, *, compressed: bool = False) -> Iterator[str]:
    """Serve a built site; the value is its address, which ends in a slash.

    Args:
        site: The folder of the built site.
        compressed: Serve it as its host will to a visitor who counts bytes and milliseconds.
    """
    prefix = public_path(site)
    handler = partial(Host, site=site, prefix=prefix, compressed=compressed)
    with Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{prefix}"
        finally:
            server.shutdown()
