"""A research group's website from ``references.bib`` and ``people.yml``.

Only registers; what each handler does stands in its module. See ``maintaining/architecture.md``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite import (
    digests,
    doctrees,
    files,
    formulas,
    handlers,
    incremental,
    pages,
    pictures,
    search,
    unwritten,
)
from labsite.checks import note_html
from labsite.cites import CiteDomain, LineCiteRole, register_styles
from labsite.config import VERSION, register_options
from labsite.directives import (
    DirectionsDirective,
    DrawingDirective,
    NewsListDirective,
    PeopleDirective,
    ProfileDirective,
    PublicationsDirective,
    ResourcesDirective,
    TimelineDirective,
)
from labsite.domain import LabsiteDomain, RecordRole
from labsite.frame import add_page_context, limit_toc
from labsite.frontmatter import check_front_matter
from labsite.nodes import view_placeholder
from labsite.render import THEME
from labsite.transforms import ReferencesTransform, ViewTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = VERSION


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register everything with Sphinx."""
    for extension in ("sphinxcontrib.bibtex", "sphinx_design"):
        app.setup_extension(extension)
    register_options(app)
    register_styles()
    app.add_html_theme("labsite", str(THEME))
    app.add_domain(LabsiteDomain)
    app.add_domain(CiteDomain, override=True)
    app.add_role("cite", LineCiteRole(), override=True)
    app.add_node(view_placeholder)
    app.add_node(pictures.picture_image, html=(pictures.visit_picture, None))
    app.add_directive("publications", PublicationsDirective)
    app.add_directive("resources", ResourcesDirective)
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
    app.add_transform(pictures.PlainNames)
    app.add_post_transform(pictures.PictureTransform)
    app.connect("config-inited", handlers.configure)
    app.connect("builder-inited", handlers.load, priority=400)  # before sphinxcontrib-bibtex (500)
    app.connect("builder-inited", unwritten.be_strict)
    app.connect("builder-inited", unwritten.drop_torn_info)
    app.connect("source-read", check_front_matter)
    app.connect("env-get-outdated", doctrees.damaged_doctrees)
    app.connect("env-updated", doctrees.note_doctrees)
    app.connect("env-updated", handlers.check, priority=800)  # after sphinxcontrib-bibtex (500)
    app.connect("env-updated", incremental.stale_pages, priority=900)
    app.connect("env-updated", files.write_files, priority=950)
    app.connect("env-check-consistency", incremental.trust_digests)
    app.connect("html-collect-pages", pages.collect_pages)
    app.connect("doctree-resolved", incremental.note_begun)
    app.connect("doctree-read", search.note_words)
    app.connect("doctree-read", digests.note_targets)
    app.connect("doctree-read", note_html)
    app.connect("doctree-read", pictures.note_images, priority=900)  # after Sphinx found them
    app.connect("html-page-context", add_page_context, priority=400)  # before the base theme (500)
    app.connect("html-page-context", limit_toc, priority=900)
    app.connect("build-finished", incremental.finish, priority=900)  # after the base theme (500)
    return {
        "version": __version__,
        "env_version": 8,  # one more whenever placeholders or the domain's data change
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
