"""The site builds without a word, the same every time, and cited papers have their references."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.builds.sites import Build, differences

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.builds.sites import Site

BUILDERS = ("html", "text", "latex")


@pytest.fixture(scope="module")
def builds(new_site: Callable[[], Site]) -> dict[str, Build]:
    """Build the tiny site with each builder, alone and in parallel."""
    site = new_site()
    return {
        f"{builder}-{jobs}": site.build(builder, "-j", str(jobs), into=f"{builder}-{jobs}")
        for builder in BUILDERS
        for jobs in (1, 2)
    }


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("builder", BUILDERS)
def test_no_warning(builds: dict[str, Build], builder: str, jobs: int) -> None:
    build = builds[f"{builder}-{jobs}"]
    assert (build.status, build.stderr) == (0, "")


@pytest.mark.parametrize("builder", BUILDERS)
def test_parallel_build_gives_the_same_bytes(builds: dict[str, Build], builder: str) -> None:
    assert differences(builds[f"{builder}-1"], builds[f"{builder}-2"]) == []


CITED = {  # page → what it cites, as the reference begins
    "index": ["Anna Meier, Chidi Okafor (2025b). **Clear Pictures of the Knee**"],
    "news/2024-05-start": ["Lena Fuchs, Eve Elsewhere (2024). **An Early Note**"],
    "research/quiet-models": [
        "Anna Meier, Chidi Okafor (2025a). **Steady MRI at 3 T**",
        "Anna Meier, Chidi Okafor (2025b). **Clear Pictures of the Knee**",
        "Tom Hall (2023). **On Bayesian Patience**",
    ],
    "research/clear-images": ["Okafor*, Lena Fuchs*, The Knee Consortium"],
}


@pytest.mark.parametrize("page", CITED)
def test_text_page_carries_what_it_cites(builds: dict[str, Build], page: str) -> None:
    text = " ".join(builds["text-1"].text(f"{page}.txt").split())
    for reference in CITED[page]:
        assert text.count(reference) == 1


@pytest.mark.parametrize("page", ["index", "news/2024-05-start"])
def test_text_page_that_cites_ends_with_references(builds: dict[str, Build], page: str) -> None:
    _, heading, references = builds["text-1"].text(f"{page}.txt").partition("References\n***")
    assert heading
    assert " ".join(CITED[page]) in " ".join(references.split())


def test_text_page_that_cites_nothing_has_no_references(builds: dict[str, Build]) -> None:
    for page in ("people/index", "publications/index", "news/index"):
        assert "References" not in builds["text-1"].text(f"{page}.txt")


def anchors(tex: str) -> Counter[str]:
    """Return what a LaTeX document's internal links can lead to."""
    labels = Counter(re.findall(r"\\label\{\\detokenize\{([^}]*)\}\}", tex))
    targets = Counter(re.findall(r"\\hypertarget\{(?:\\detokenize\{)?([^}]*)\}", tex))
    items = Counter(f"cite.{key}" for key in re.findall(r"\\bibitem\[[^\]]*\]\{([^}]*)\}", tex))
    return labels + targets + items


def wanted(tex: str) -> set[str]:
    """Return where a LaTeX document's internal links lead to."""
    names = re.findall(r"\\hyper(?:ref\[|link\{)(?:\\detokenize\{)?([^}\]]*)", tex)
    return set(names)


def test_latex_links_lead_to_one_place(builds: dict[str, Build]) -> None:
    tex = builds["latex-1"].tex()
    places = anchors(tex)
    assert {name: places[name] for name in wanted(tex) if places[name] != 1} == {}


def test_latex_cites_lead_to_references(builds: dict[str, Build]) -> None:
    tex = builds["latex-1"].tex()
    for key in ("meier2025clear", "meier2025steady", "hall2023thesis", "okafor2024three"):
        assert any(name.endswith(f"publications/index:pub-{key}") for name in wanted(tex))


def test_latex_of_a_site_without_the_list_has_references(site: Site) -> None:
    site.write("docs/publications/index.md", "# Publications\n\nNo list here.\n")
    build = site.build("latex")
    assert (build.status, build.stderr) == (0, "")
    tex = build.tex()
    assert "On Bayesian Patience" in tex.partition("References")[2]
    places = anchors(tex)
    cites = {name for name in wanted(tex) if name.startswith("cite.")}
    assert {name: places[name] for name in cites if places[name] != 1} == {}
