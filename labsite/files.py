"""Files beside the pages: exports, feeds, sitemap, robots.txt and card images."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from labsite.assets import STYLE
from labsite.csl import csl_array, csl_text
from labsite.digests import everyone, listed
from labsite.domain import LabsiteDomain
from labsite.downloads import exports, stem_of
from labsite.entries import bibtex_file
from labsite.feeds import xml_text
from labsite.fingerprint import code_digest, digest_of
from labsite.head import CARDS, card_path
from labsite.largelist import filter_script, is_divided
from labsite.pages import record_pages
from labsite.palette import read_palette
from labsite.parts import EXPORTS, keep_parts, read_parts, written
from labsite.policy import content_security_policy
from labsite.redirects import NOT_FOUND, SEARCH, all_redirects
from labsite.ris import ris
from labsite.search import search_pages, search_script
from labsite.workers import FEW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from labsite.metadata import SiteFacts
    from labsite.model import Publication
    from labsite.render import Renderer

FORMATS: Final[dict[str, tuple[Callable[[Publication], Any], Callable[[Iterable[Any]], str]]]] = {
    "bib": (attrgetter("bibtex"), bibtex_file),
    "ris": (ris, "".join),
    "json": (csl_text, csl_array),
}
"""Ending → what makes a part of one publication, and what joins parts to a file."""
_KEPT: Final = ("ris", "json")
"""Endings of files whose parts take long to make and are texts."""
Export: TypeAlias = "tuple[str, Sequence[Publication]]"
"""Path less its ending, and what is in the files."""
SITEMAP: Final = "sitemap.xml"
ROBOTS: Final = "robots.txt"
SEARCH_DATA: Final = "search-data.js"
FILTER_DATA: Final = "filter-data.js"
HEADERS: Final = "_headers"


def file_names(domain: LabsiteDomain) -> Iterator[str]:
    """Yield the paths of all files beside the pages, relative to the output folder."""
    if domain.renderer is None or not domain.has_views:
        return
    site: SiteFacts = domain.renderer.site
    for stem, _ in exports(domain):
        yield from (f"{stem}.{ending}" for ending in FORMATS)
    yield from (feed.path for feed in domain.renderer.feeds)
    yield SEARCH_DATA
    if is_divided(domain):
        yield FILTER_DATA
    yield HEADERS
    if site.address:
        yield SITEMAP
        yield from (card_path(kind) for kind in CARDS)
        if not _own_robots(domain):
            yield ROBOTS


def write_files(app: Sphinx, env: BuildEnvironment) -> None:
    """Handle ``env-updated``: begin to write what is new, while pages are written."""
    domain = LabsiteDomain.of(env)
    if domain.renderer is None or not domain.has_views:
        return
    workers, new = domain.build.workers, _new_exports(domain)
    if len(new) < FEW:  # but each may be of thousands
        size = sum(len(publications) for _, publications in new)
        workers.aside(partial(_write_exports, domain, new), size)
    else:
        workers.all_aside(partial(_write_exports, domain), new)
    texts = list(_new_texts(domain, domain.renderer))
    workers.aside(partial(_write_texts, domain, texts), len(texts) * len(domain.store.publications))
    if domain.renderer.site.address:
        _draw_cards(domain, domain.renderer)


def _write(domain: LabsiteDomain, path: str, text: str) -> None:
    # what stands on the disk is what every reader gets: no translation of line ends
    domain.build.write(path, text.encode("utf-8"))


def _new_exports(domain: LabsiteDomain) -> Sequence[Export]:
    """Return the exported files that are not as the last build left them."""
    code, new = code_digest(), []
    for stem, publications in exports(domain):
        digest = digest_of((code, [pub.digest for pub in publications]))
        paths = [f"{stem}.{ending}" for ending in FORMATS]
        if not domain.build.is_left(f"{stem}.*", digest, paths):
            new.append((stem, publications))
    return new


def _write_exports(domain: LabsiteDomain, files: Sequence[Export]) -> None:
    everything, cache = stem_of(domain, None), Path(domain.env.doctreedir) / EXPORTS
    is_long = any(len(publications) >= FEW for _, publications in files)
    left = read_parts(cache, domain.build.outdir) if is_long else {}
    parts = dict[tuple[str, str], Any]()  # most publications are in several files
    whole = []
    for stem, publications in files:
        for ending, (make, join) in FORMATS.items():
            for pub in publications:
                if (ending, pub.slug) not in parts:
                    part = left.get((f"{everything}.{ending}", pub.digest))
                    parts[ending, pub.slug] = make(pub) if part is None else part
            chosen = [parts[ending, pub.slug] for pub in publications]
            text, path = join(chosen), f"{stem}.{ending}"
            _write(domain, path, text)
            if stem == everything and ending in _KEPT:
                whole.append(written(path, text, chosen))
    if whole and is_long:
        keep_parts(cache, [pub.digest for pub in domain.store.publications], whole)


def _write_texts(domain: LabsiteDomain, texts: Sequence[tuple[str, Callable[[], str]]]) -> None:
    for path, make in texts:
        _write(domain, path, make())


def _new_texts(
    domain: LabsiteDomain, renderer: Renderer
) -> Iterator[tuple[str, Callable[[], str]]]:
    """Yield path and maker of the other texts, but those that are as the last build left them."""
    common = domain.build.common_digest
    everything = (common, domain.options, listed(domain.store.publications))
    pages = search_pages(domain, renderer)
    if not domain.build.is_left(SEARCH_DATA, digest_of((everything, pages)), [SEARCH_DATA]):
        yield SEARCH_DATA, partial(search_script, domain, renderer, pages)
    if is_divided(domain):
        around = (domain.once("everyone", everyone), domain.directions())
        digest = digest_of((everything, around))
        if not domain.build.is_left(FILTER_DATA, digest, [FILTER_DATA]):
            yield FILTER_DATA, partial(filter_script, domain, renderer)
    for path, template, context in _from_templates(domain, renderer):
        if not domain.build.is_left(path, digest_of((common, context)), [path]):
            yield path, partial(_filled, renderer, template, context)


def _from_templates(
    domain: LabsiteDomain, renderer: Renderer
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield path, template and context; the contexts are plain data."""
    site = renderer.site
    author = xml_text(str(renderer.builder.config.author or site.name))
    policy = content_security_policy(renderer.mode_script)
    yield HEADERS, "headers.txt", {"policy": policy}
    for feed in renderer.feeds:
        yield feed.path, "atom.xml", {"feed": feed, "author": author}
    if site.address:
        yield SITEMAP, "sitemap.xml", {"addresses": _addresses(domain, site)}
        if not _own_robots(domain):
            yield ROBOTS, "robots.txt", {"sitemap": f"{site.address}{SITEMAP}"}


def _filled(renderer: Renderer, template: str, context: dict[str, Any]) -> str:
    home = renderer.builder.config.root_doc
    return f"{renderer.file(template, home, **context)}\n"  # Jinja takes the last one away


def _addresses(domain: LabsiteDomain, site: SiteFacts) -> list[str]:
    """Return the addresses of all pages that are worth finding: no redirects, no error page."""
    not_listed = {NOT_FOUND, SEARCH, *(redirect.page for redirect in all_redirects(domain)[0])}
    pages = {*domain.env.found_docs, *record_pages(domain)} - not_listed
    return sorted(map(site.page, pages))


def _own_robots(domain: LabsiteDomain) -> bool:
    """Whether the group brings a robots.txt of its own (``html_extra_path``)."""
    config = domain.env.config
    places = (domain.root / path for path in config.html_extra_path)
    return any(place.name == ROBOTS or (place / ROBOTS).is_file() for place in places)


def _draw_cards(domain: LabsiteDomain, renderer: Renderer) -> None:
    """Draw the cards anew if the group's name or colours changed."""
    site = renderer.site
    sheets = [renderer.bundles[STYLE]]
    for folder in renderer.asset_folders[:-1]:  # the group's own
        paths = sorted(folder.glob("*.css"))
        sheets += [path.read_text(encoding="utf-8", errors="replace") for path in paths]
    palette = read_palette("\n".join(sheets))
    host = site.address.partition("://")[2].rstrip("/")
    for kind, label in CARDS.items():
        path = card_path(kind)
        digest = digest_of((code_digest(), label, site.name, site.tagline, host, palette))
        if domain.build.is_left(path, digest, [path]):
            continue
        from labsite.cards import draw_card  # and Pillow: only now, as hardly any build draws

        picture = draw_card(
            label, group=site.name, tagline=site.tagline, host=host, palette=palette
        )
        domain.build.write(path, picture)
