"""Serves the built site on the loopback as its host will: under its path, with its own 404."""

import contextlib
import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class Host(SimpleHTTPRequestHandler):
    """Serves a built site under the path it is to be published at."""

    def __init__(self, *args: Any, site: Path, prefix: str) -> None:
        self.site, self.prefix = site, prefix
        super().__init__(*args, directory=str(site))

    def translate_path(self, path: str) -> str:
        """Leave out the prefix; nothing is served outside it."""
        inside = path.removeprefix(self.prefix) if path.startswith(self.prefix) else "missing"
        return super().translate_path(f"/{inside}")

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Show the site's own page."""
        page = (self.site / "404.html").read_bytes()
        self.send_response(code, message)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # the browser has gone on already
            self.wfile.write(page)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def public_path(site: Path) -> str:
    """Return the path that a built site is to be published under, such as ``/mia-website/``."""
    home = (site / "index.html").read_text(encoding="utf-8")
    canonical = re.search(r'rel="canonical" href="([^"]+)"', home)
    return urlsplit(canonical[1]).path.removesuffix("index.html") if canonical else "/"


@contextlib.contextmanager
def serve(site: Path) -> Iterator[str]:
    """Serve a built site; the value is its address, which ends in a slash."""
    prefix = public_path(site)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, site=site, prefix=prefix))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{prefix}"
    server.shutdown()
