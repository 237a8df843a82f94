"""What happens at Sphinx's events that is not any one module's business."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.errors import ConfigError

from labsite.assets import SCRIPT
from labsite.build import Build
from labsite.cache import CACHE
from labsite.checks import check_pages
from labsite.cites import REFERENCE_STYLE, cite_domain
from labsite.config import bib_files, read_options
from labsite.diagnostics import warn
from labsite.domain import LabsiteDomain
from labsite.links import safe_href
from labsite.pictures import check_pictures, missing_pictures
from labsite.redirects import all_redirects
from labsite.render import THEME, Renderer
from labsite.settings import check_options
from labsite.store import load_store
from labsite.workers import Workers

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

_WITH_VIEWS: Final = frozenset({"html", "dirhtml"})
"""The builders that make pages which have no source file."""


def configure(app: Sphinx, config: Config) -> None:
    """Handle ``config-inited``: check our options and set sphinxcontrib-bibtex's defaults."""
    read_options(config)
    if config.html_baseurl and not safe_href(config.html_baseurl):
        message = (
            f"conf.py: html_baseurl (SITE_URL) = {config.html_baseurl!r} is not a web address."
        )
        raise ConfigError(f"{message} Write the whole of it, with https://.")
    if config.html_baseurl:
        config.html_baseurl = f"{config.html_baseurl.rstrip('/')}/"
    # said by labsite.pictures, on every build and with a remedy
    config.suppress_warnings = [*config.suppress_warnings, "image.not_readable"]
    config.bibtex_bibfiles = bib_files(config)
    if config.bibtex_reference_style == "label":
        config.bibtex_reference_style = REFERENCE_STYLE


def load(app: Sphinx) -> None:
    """Handle ``builder-inited``: read the data files and say what is wrong with them."""
    domain = LabsiteDomain.of(app.env)
    domain.build = Build.begin(Path(app.outdir), Workers(app.parallel))
    domain.options = read_options(app.config)
    root = domain.root = Path(app.confdir)
    domain.forget()
    files, people = app.config.bibtex_bibfiles, domain.options.people_file
    gc.disable()  # a million objects that all stay: looking through them again and again is waste
    try:
        cache, workers = Path(app.doctreedir) / CACHE, domain.build.workers
        domain.store = load_store(root, files, people, cache, workers.do_all, workers.aside)
        gc.freeze()
    finally:
        gc.enable()
    cite_domain(app.env).load(domain.store.entries, app.config.bibtex_encoding)
    domain.template_folders = tuple(root / path for path in app.config.templates_path)
    if isinstance(app.builder, StandaloneHTMLBuilder) and _has_our_theme(app.builder):
        domain.renderer = Renderer(app.builder, domain)
        domain.has_views = app.builder.name in _WITH_VIEWS
        app.add_js_file(SCRIPT, loading_method="defer")
        if domain.has_views:
            app.builder.search = False  # the site's own is labsite.search
    for problem in domain.store.problems:
        warn(problem)


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Handle ``env-updated``: say what pages mention that does not exist."""
    domain = LabsiteDomain.of(env)
    domain.forget()
    found = {*check_pages(domain), *cite_domain(env).check(), *all_redirects(domain)[1]}
    if domain.renderer is None:  # another theme, or no pages at all: no policy either
        found = {problem for problem in found if problem.subtype != "html"}
        found |= {*missing_pictures(domain)}
    else:
        found |= {*check_options(app), *check_pictures(domain)}
    for problem in sorted(found):
        warn(problem)


def _has_our_theme(builder: StandaloneHTMLBuilder) -> bool:
    """Whether our templates are in the chain of the theme in use (epub has a theme of its own)."""
    return any(Path(folder) == THEME for folder in builder.theme.get_theme_dirs())
