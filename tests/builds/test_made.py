"""What the commands add, person and news make builds without a warning, and is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labsite.cli import main
from labsite.frontmatter import PLACEHOLDER
from tests.unit import works
from tests.unit.registries import running

if TYPE_CHECKING:
    import pytest

    from tests.builds.sites import Site

QUIET = "10.1234/quiet.2026.17"


def test_a_paper_a_person_and_a_news_item(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> str:
        status = main([*arguments, "--site", str(site.root)])
        said = capsys.readouterr()
        assert status == 0, said.err
        return said.out

    with running() as server:
        server.has_crossref(QUIET, works.MADE_UP)
        for name, value in server.environ.items():
            monkeypatch.setenv(name, value)
        run("person", "Susu Sun", "--status", "visitor")
        said = run("add", QUIET, "--yes", "--direction", "quiet-models")
        assert "Of the group: Anna Meier, Susu Sun." in said
        about = ("--people", "susu-sun", "--publications", "meier2026quiet")
        said = run("news", "One more paper", "--date", "2026-03-01", *about)
    assert "And its name, 2026-03-01-one-more-paper, into the toctree of" in said
    site.edit(
        "docs/news/index.md", "2025-09-01-award\n", "2026-03-01-one-more-paper\n2025-09-01-award\n"
    )

    assert "not written yet" in site.build().stderr  # it is not to go out by oversight
    item = "docs/news/2026-03-01-one-more-paper.md"
    line = next(line for line in site.read(item).splitlines() if line.startswith(PLACEHOLDER))
    site.edit(item, line, "It is out.")

    build = site.build()
    assert build.status == 0, build.stderr
    assert "<h1>One more paper" in build.text("news/2026-03-01-one-more-paper.html")
    assert "Wasserstein U-Nets" in build.text("publications/meier2026quiet.html")
    assert "Susu Sun" in build.text("people/index.html")
