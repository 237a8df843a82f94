"""What a rebuild does not need it does not load: Pillow, pylatexenc and latex2mathml take long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.builds.sites import Build, Site

WATCH: Final = """

def setup(app):
    def note(*_):
        names = "\\n".join(sorted(sys.modules))
        Path(__file__).with_name("modules.txt").write_text(names, encoding="utf-8")

    app.connect("build-finished", note, priority=999)
"""
"""For conf.py: a build writes down what it has loaded."""
LATE: Final = frozenset(
    {
        *("labsite.texnodes", "pylatexenc", "latex2mathml"),
        *("labsite.images", "labsite.cards"),
        # PIL itself and PIL.Image are docutils' to load, and it does so in every build
        *("PIL.ImageCms", "PIL.ImageColor", "PIL.ImageDraw", "PIL.ImageFont"),
    }
)


def loaded(site: Site, build: Build) -> set[str]:
    """Return which of these modules a build loaded."""
    assert (build.status, build.stderr) == (0, "")
    names = site.read("modules.txt").split()
    assert "labsite" in names
    site.remove("modules.txt")
    return {*names} & LATE


@pytest.fixture(scope="module")
def base(new_site: Callable[[], Site]) -> Site:
    """Build a site once; one of its records has more than plain LaTeX."""
    site = new_site()
    site.append("conf.py", WATCH)
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'
    site.write("docs/plan.svg", drawing)
    site.append("docs/research/quiet-models.md", "\n![A plan](/plan.svg)\n")
    assert loaded(site, site.build()) == LATE - {"labsite.images", "PIL.ImageCms"}
    site.save()
    return site


@pytest.fixture
def site(base: Site) -> Site:
    """Return the site as it was after that build."""
    base.restore()
    return base


def test_a_rebuild_after_nothing_loads_none(site: Site) -> None:
    assert loaded(site, site.build()) == set()


@pytest.mark.parametrize(
    "title",
    ["Sharp Pictures of the Knee", r"{Sharp} Pictures -- of G{\"o}del's \emph{knee}~and T$_2$"],
)
def test_a_rebuild_after_one_changed_title_loads_none(site: Site, title: str) -> None:
    site.edit("references.bib", "Clear Pictures of the Knee", title)
    build = site.build()
    assert loaded(site, build) == set()
    assert "Pictures" in build.text("publications/meier2025clear.html")


def test_a_rebuild_after_a_changed_page_loads_none(site: Site) -> None:
    site.append("docs/research/quiet-models.md", "\nOne sentence more.\n")
    assert loaded(site, site.build()) == set()


def test_a_rebuild_with_a_new_formula_loads_what_reads_it(site: Site) -> None:
    site.edit("references.bib", "Clear Pictures of the Knee", r"Clear Pictures of $\alpha^2$")
    build = site.build()
    assert loaded(site, build) == {"labsite.texnodes", "pylatexenc", "latex2mathml"}
    assert "<math" in build.text("publications/meier2025clear.html")
