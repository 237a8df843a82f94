"""Asking registries for the record of a paper: Crossref, DataCite, arXiv.

Sources of the rules: Crossref's "Tips for using the REST API" (who asks says so; pauses are kept),
RFC 9110 section 10.2.3 (``Retry-After``).
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
from dataclasses import dataclass, field, replace
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError
from urllib3.exceptions import TimeoutError as AnyTimeoutError
from urllib3.util.retry import Retry

from labsite.arxiv import parse_arxiv
from labsite.crossref import parse_crossref
from labsite.datacite import parse_datacite
from labsite.found import Found, Malformed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from labsite.identifiers import Identifier

TIMEOUTS: Final = (10.0, 20.0)
"""Seconds to wait for a connection, and for the next bytes."""
LONGEST: Final = 60.0
"""Seconds that a whole reply may take, with all redirects and pauses before it."""
LARGEST: Final = 10_000_000
"""Bytes that a reply may have, unpacked."""
LONGEST_PAUSE: Final = 15
"""Seconds that are waited when a registry asks for it; a longer pause is for the maintainer."""
MOST_MOVES: Final = 5
"""Redirects that are followed."""
_BUSY: Final = frozenset({429, 502, 503, 504})
_OWN_HOSTS: Final = re.compile(r"(?:[a-z0-9-]+\.)*(?:crossref|datacite|arxiv)\.org")
"""The registries' servers, for redirects."""
_TOO_SLOW: Final = "{} answers too slowly. Try again later."


class FetchError(Exception):
    """A record could not be fetched; the message says why, and what to do."""


class NotRegistered(FetchError):
    """The registry does not know the identifier."""


@dataclass(frozen=True, slots=True)
class Registries:
    """Where the registries answer. The environment may name others.

    A group may have a mirror or a proxy; tests have a server of their own. ``LABSITE_CROSSREF``,
    ``LABSITE_DATACITE`` and ``LABSITE_ARXIV`` are what stands before ``/works/``, ``/dois/`` and
    ``/api/query``: ``https://mirror.example.org/crossref``, with a scheme and without a query.
    """

    crossref: str = "https://api.crossref.org"
    datacite: str = "https://api.datacite.org"
    arxiv: str = "https://export.arxiv.org"

    @classmethod
    def of(cls, environ: Mapping[str, str] = os.environ) -> Registries:
        """Return the registries that the environment names, and the usual ones for the rest."""
        usual = cls()
        return cls(
            **{
                name: environ.get(f"LABSITE_{name.upper()}", "").rstrip("/") or getattr(usual, name)
                for name in ("crossref", "datacite", "arxiv")
            }
        )

    def unusual(self, kind: str) -> str:
        """Return a sentence that names the addresses of one's own that ``kind`` is asked at."""
        names = ("arxiv",) if kind == "arxiv" else ("crossref", "datacite")
        own = [
            f"LABSITE_{name.upper()} = {getattr(self, name)}"
            for name in names
            if getattr(self, name) != getattr(Registries(), name)
        ]
        return f" Asked was what the environment names: {', '.join(own)}." if own else ""


class _Session(requests.Session):
    """A session that leaves redirects to its caller.

    ``requests`` reads the body of each, however long, even if it is told not to follow them.
    """

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Follow nothing."""


@dataclass
class Web:
    """A polite client: says who asks, waits only so long, reads only so much.

    Nobody's password goes out: ``.netrc`` is not read. Redirects are followed to the same server
    and to those of the registries only.

    Attributes:
        asked_by: The site's address, for the registries.
        say: Told what is being waited for.
    """

    asked_by: str = ""
    version: str = ""
    say: Callable[[str], None] = lambda message: None
    timeouts: tuple[float, float] = TIMEOUTS
    longest: float = LONGEST
    session: requests.Session = field(default_factory=_Session)

    def __post_init__(self) -> None:
        retries = Retry(  # replies that ask for it are dealt with below: this would read them whole
            total=2, connect=1, read=1, status=0, redirect=0, other=0,
            allowed_methods={"GET"}, backoff_factor=0.5, respect_retry_after_header=False,
        )  # fmt: skip
        self.session.mount("http://", HTTPAdapter(max_retries=retries))
        self.session.mount("https://", HTTPAdapter(max_retries=retries))
        self.session.auth = _without_password
        about = f" ({self.asked_by})" if self.asked_by else ""
        self.session.headers["User-Agent"] = f"labsite/{self.version or '0'}{about}"

    def __enter__(self) -> Web:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.session.close()

    def get(self, registry: str, url: str, accept: str) -> bytes:
        """Return what a registry answers.

        Raises:
            NotRegistered: It knows no such thing.
            FetchError: There is no answer, or none that can be used.
        """
        self.say(f"Waiting for {registry} …")
        answers: Queue[bytes | Exception] = Queue()
        deadline = time.monotonic() + self.longest

        def ask() -> None:
            try:
                answers.put(self._answer(registry, url, accept, deadline))
            except Exception as error:  # raised below, where somebody waits for it
                answers.put(error)

        # a thread, since headers that trickle in keep whoever reads them for as long as they like
        threading.Thread(target=ask, daemon=True).start()
        answer = _first(answers, deadline)
        if isinstance(answer, requests.RequestException | HTTPError | OSError):
            raise FetchError(_reason(registry, answer)) from answer
        if isinstance(answer, Exception):
            raise answer
        if answer is None:
            raise FetchError(_TOO_SLOW.format(registry))
        return answer

    def _answer(self, registry: str, url: str, accept: str, deadline: float) -> bytes:
        """Ask until there is an answer, as often as is polite."""
        begun, moves, pauses = url, 0, 0
        while True:
            with self.session.get(
                url,
                headers={"Accept": accept},
                timeout=self.timeouts,
                stream=True,
                allow_redirects=False,
            ) as response:
                pause = _pause(response) or 0.5 * 2**pauses
                if response.is_redirect:
                    moves += 1
                    url = _next_address(registry, begun, response)
                    if moves > MOST_MOVES:
                        raise requests.TooManyRedirects
                    continue
                if response.status_code not in _BUSY or pauses == 2 or pause > LONGEST_PAUSE:
                    _check_status(registry, response)
                    return _body(registry, response, deadline)
            pauses += 1
            time.sleep(max(0, min(pause, deadline - time.monotonic())))


def _without_password(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _first(answers: Queue[bytes | Exception], deadline: float) -> bytes | Exception | None:
    """Return the first answer until a deadline; in short waits, between which Ctrl-C is heard."""
    while (left := deadline - time.monotonic()) > 0:
        try:
            return answers.get(timeout=min(left, 0.2))
        except Empty:
            continue
    return None


def _body(registry: str, response: requests.Response, deadline: float) -> bytes:
    body = bytearray()
    while piece := response.raw.read1(65536, decode_content=True):
        body += piece
        if len(body) > LARGEST:
            raise FetchError(f"{registry}'s reply is far too large; it was not read.")
        if time.monotonic() > deadline:
            raise FetchError(_TOO_SLOW.format(registry))
    return bytes(body)


def _next_address(registry: str, begun: str, response: requests.Response) -> str:
    """Return where a redirect leads, if that is a place to ask."""
    try:
        new = urljoin(response.url, response.headers["Location"])
        first, then = urlsplit(begun), urlsplit(new)
        host, port = then.hostname or "", then.port
    except ValueError:
        raise requests.exceptions.InvalidURL from None
    is_safe = then.scheme == "https" and port in {None, 443} and bool(_OWN_HOSTS.fullmatch(host))
    is_same = (then.scheme, then.netloc) == (first.scheme, first.netloc)
    if not (is_same or (is_safe and first.scheme == "https")):
        message = f"{registry} sends on to another server, which cannot be used"
        raise FetchError(f"{message}: it is none of the registries'.")
    return new


def _check_status(registry: str, response: requests.Response) -> None:
    status = response.status_code
    if status in {400, 404, 410}:  # arXiv and Crossref refuse ids that cannot be any with 400
        raise NotRegistered(f"{registry} does not know it.")
    if status == 429 or (status == 503 and "Retry-After" in response.headers):
        pause = _pause(response)
        when = f"in {pause} seconds" if pause else "in a few minutes"
        raise FetchError(f"{registry} asks for a pause: too many requests. Try again {when}.")
    if status in {401, 403, 407}:
        message = f"{registry}, or what stands between, refuses to answer (HTTP status {status})."
        raise FetchError(f"{message} A proxy may want a password.")
    if status != 200:
        raise FetchError(f"{registry} cannot answer now (HTTP status {status}). Try again later.")


def _pause(response: requests.Response) -> int:
    """Return the seconds that a reply asks to wait, or 0."""
    try:
        return max(0, round(Retry().parse_retry_after(response.headers.get("Retry-After", ""))))
    except (HTTPError, ValueError, OverflowError):
        return 0


def _reason(registry: str, error: Exception) -> str:
    """Say in one line what went wrong on the way."""
    first = error.args[0] if error.args else None
    cause = first.reason if isinstance(first, MaxRetryError) else first
    if isinstance(cause, NewConnectionError):
        return f"{registry} cannot be reached. Is this computer online?"
    timeouts = (requests.Timeout, AnyTimeoutError, TimeoutError)
    if isinstance(error, timeouts) or isinstance(cause, timeouts):
        return f"{registry} has not answered in time. Try again later."
    for kind, message in _TROUBLE.items():
        if isinstance(error, kind):
            return message.format(registry)
    return f"The connection to {registry} broke off. Try again."


_TROUBLE: Final[dict[type[Exception], str]] = {
    requests.TooManyRedirects: "{} sends from one address to another without end.",
    requests.exceptions.SSLError: "The connection to {} is not safe, so it was ended.",
    requests.exceptions.ProxyError: "The proxy between this computer and {} does not answer.",
    requests.exceptions.InvalidURL: "The address of {} cannot be used.",
    requests.exceptions.InvalidSchema: "The address of {} cannot be used.",
    requests.exceptions.MissingSchema: "The address of {} cannot be used.",
}


def fetch(identifier: Identifier, registries: Registries, web: Web) -> Found:
    """Fetch the record of a paper.

    Raises:
        NotRegistered: Nobody knows it.
        FetchError: There is no record now, or none that can be used.
    """
    try:
        return _fetch(identifier, registries, web)
    except FetchError as error:
        raise type(error)(f"{error}{registries.unusual(identifier.kind)}") from error


def _fetch(identifier: Identifier, registries: Registries, web: Web) -> Found:
    if identifier.kind == "arxiv":
        return _from_arxiv(identifier, registries.arxiv, web)
    doi = quote(identifier.value, safe="")
    try:
        reply = web.get("Crossref", f"{registries.crossref}/works/{doi}", "application/json")
        return _as_asked(identifier, _read("Crossref", parse_crossref, reply))
    except NotRegistered:
        pass
    try:
        reply = web.get("DataCite", f"{registries.datacite}/dois/{doi}", "application/vnd.api+json")
        return _as_asked(identifier, _read("DataCite", parse_datacite, reply))
    except NotRegistered:
        message = f"Neither Crossref nor DataCite knows the DOI {identifier}. Check it for slips"
        raise NotRegistered(
            f"{message}; a new one may take a few days, and some are with other agencies."
        ) from None


def _as_asked(asked: Identifier, found: Found) -> Found:
    """Note that the record is of another DOI: registries keep several for one paper."""
    if found.doi == asked.value:
        return found
    remark = f"Asked for {asked}, {found.registry} answered with {found.doi}: is it the same paper?"
    return replace(found, remarks=(remark, *found.remarks))


def _read(registry: str, parse: Callable[[Any], Found], reply: bytes) -> Found:
    try:
        return parse(json.loads(reply))
    except Malformed as error:
        raise FetchError(f"{registry}'s reply cannot be used: {error}.") from error
    except (ValueError, RecursionError) as error:
        raise FetchError(f"{registry}'s reply cannot be read: it is not JSON.") from error


def _from_arxiv(identifier: Identifier, address: str, web: Web) -> Found:
    url = f"{address}/api/query?id_list={quote(identifier.value, safe='/')}&max_results=1"
    try:
        found = parse_arxiv(web.get("arXiv", url, "application/atom+xml"), identifier)
    except Malformed as error:
        raise FetchError(f"arXiv's reply cannot be used: {error}.") from error
    if found is None:
        raise NotRegistered(f"arXiv has no paper {identifier.value}. Check it for slips.")
    return found
