"""A research group's website from ``references.bib`` and ``people.yml``.

Only registers; what each handler does stands in its module. See ``maintaining/architecture.md``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.builders.html import StandaloneHTMLBuilder

from labsite import formulas, incremental, pages
from labsite.cites import (
    REFERENCE_STYLE,
    CiteDomain,
    LineCiteRole,
    cite_domain,
    register_styles,
)
from labsite.config import read_options, register_options
from labsite.diagnostics import warn
from labsite.directives import (
    DirectionsDirective,
    DrawingDirective,
    NewsListDirective,
    PeopleDirective,
    ProfileDirective,
    PublicationsDirective,
    TimelineDirective,
)
from labsite.domain import LabsiteDomain, RecordRole
from labsite.head import add_page_context, check_footer, limit_toc
from labsite.nodes import view_placeholder
from labsite.redirects import all_redirects
from labsite.render import Renderer
from labsite.store import load_store
from labsite.transforms import ReferencesTransform, ViewTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

__version__ = "0.1.0"

THEME = Path(__file__).parent / "theme"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register everything with Sphinx."""
    for extension in ("sphinxcontrib.bibtex", "sphinx_design", "pydata_sphinx_theme"):
        app.setup_extension(extension)
    register_options(app)
    register_styles()
    app.add_html_theme("labsite", str(THEME))
    app.add_domain(LabsiteDomain)
    app.add_domain(CiteDomain, override=True)
    app.add_role("cite", LineCiteRole(), override=True)
    app.add_node(view_placeholder)
    app.add_directive("publications", PublicationsDirective)
    app.add_directive("people", PeopleDirective)
    app.add_directive("news-list", NewsListDirective)
    app.add_directive("directions", DirectionsDirective)
    app.add_directive("profile", ProfileDirective)
    app.add_directive("drawing", DrawingDirective)
    app.add_directive("timeline", TimelineDirective)
    for name in LabsiteDomain.roles:
        app.add_role(name, RecordRole())  # {person} is short for {labsite:person}
    app.add_html_math_renderer(
        formulas.RENDERER,
        (formulas.visit_inline, formulas.depart),
        (formulas.visit_block, formulas.depart),
    )
    app.add_post_transform(ViewTransform)
    app.add_post_transform(ReferencesTransform)
    app.connect("config-inited", _configure)
    app.connect("builder-inited", _load, priority=400)  # before sphinxcontrib-bibtex (500)
    app.connect("env-updated", _check, priority=800)  # after sphinxcontrib-bibtex (500)
    app.connect("env-updated", incremental.stale_pages, priority=900)
    app.connect("html-collect-pages", pages.collect_pages)
    app.connect("html-page-context", add_page_context, priority=400)  # before the base theme (500)
    app.connect("html-page-context", limit_toc, priority=900)
    app.connect("build-finished", incremental.finish)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def _configure(app: Sphinx, config: Config) -> None:
    """Handle ``config-inited``: check our options and set sphinxcontrib-bibtex's defaults."""
    read_options(config)
    if config.bibtex_bibfiles is None:
        config.bibtex_bibfiles = ["references.bib"]
    if config.bibtex_reference_style == "label":
        config.bibtex_reference_style = REFERENCE_STYLE


def _load(app: Sphinx) -> None:
    """Handle ``builder-inited``: read the data files and say what is wrong with them."""
    domain = LabsiteDomain.of(app.env)
    domain.options = read_options(app.config)
    root = Path(app.confdir)
    domain.store = load_store(root, app.config.bibtex_bibfiles, domain.options.people_file)
    cite_domain(app.env).load(domain.store.entries, app.config.bibtex_encoding)
    if isinstance(app.builder, StandaloneHTMLBuilder):
        domain.renderer = Renderer(app.builder, domain)
    for problem in domain.store.problems:
        warn(problem)


def _check(app: Sphinx, env: BuildEnvironment) -> None:
    """Handle ``env-updated``: say what pages mention that does not exist."""
    LabsiteDomain.of(env).forget()
    _, found = all_redirects(LabsiteDomain.of(env))
    for problem in sorted(
        {*LabsiteDomain.of(env).check(), *cite_domain(env).check(), *check_footer(app), *found}
    ):
        warn(problem)
