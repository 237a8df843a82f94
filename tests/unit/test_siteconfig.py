"""A site as commands see it: what ``conf.py`` says, without Sphinx's application."""

from __future__ import annotations

from pathlib import Path

import pytest

from labsite.siteconfig import Site, SiteError, find_site, load

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "conf.py").write_text("", encoding="utf-8")
    (tmp_path / "docs/research").mkdir(parents=True)
    (tmp_path / "docs/index.md").touch()
    return tmp_path


def configured(folder: Path, text: str) -> Site:
    (folder / "conf.py").write_text(text, encoding="utf-8")
    return find_site(folder)


def test_this_site() -> None:
    site = find_site(ROOT)
    assert (site.root, site.docs) == (ROOT, ROOT / "docs")
    assert site.bib_files == ("references.bib",)
    assert site.options.people_file == "people.yml"
    assert {"interpretable-ml", "applications"} <= site.directions()
    assert "index" not in site.directions()
    data = load(site)
    assert len(data.entries) > 80
    assert len(data.people.people) > 20
    assert all(data.sources)


def test_defaults_are_those_of_the_build(folder: Path) -> None:
    site = configured(folder, "")
    assert site.bib_files == ("references.bib",)
    assert site.options.directions_folder == "research"


def test_bib_files_that_are_none_are_those_of_the_build(folder: Path) -> None:
    assert configured(folder, "bibtex_bibfiles = None").bib_files == ("references.bib",)
    assert configured(folder, "bibtex_bibfiles = []").bib_files == ()


def test_lists_that_are_none_are_empty(folder: Path) -> None:
    names = "exclude_patterns html_extra_path html_static_path suppress_warnings source_suffix"
    site = configured(folder, "\n".join(f"{name} = None" for name in names.split()))
    assert (site.excluded, site.extra, site.static, site.suppressed) == ((), (), (), ())


def test_what_conf_says(folder: Path) -> None:
    site = configured(
        folder,
        'bibtex_bibfiles = ["a.bib", "b/c.bib"]\nlabsite_people_file = "all.yml"\n'
        'labsite_directions_folder = "themes"\nexclude_patterns = ["themes/draft*"]\n',
    )
    (folder / "docs/themes").mkdir()
    for name in ("a.md", "b.rst", "draft-c.md", "index.md", "d.txt"):
        (folder / "docs/themes" / name).touch()
    assert site.bib_files == ("a.bib", "b/c.bib")
    assert site.options.people_file == "all.yml"
    assert site.directions() == {"a", "b"}


def test_pages_beside_conf(tmp_path: Path) -> None:
    (tmp_path / "index.rst").touch()
    assert configured(tmp_path, "").docs == tmp_path


def test_conf_is_looked_for_above(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / "docs/research")
    site = find_site()
    assert site.root == folder.resolve()
    assert site.shown("references.bib") == "../../references.bib"


def test_files_are_named_as_they_are_reached(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert find_site().shown("data/references.bib") == "data/references.bib"


def test_no_conf_is_told(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"There is no conf\.py in"):
        find_site(tmp_path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 +", "conf"),
        ("1 / 0", "conf"),
        ("raise SystemExit", "conf"),
        ("bibtex_bibfiles = 'a.bib'", "bibtex_bibfiles = 'a.bib' is not a list"),
        ("bibtex_bibfiles = [1]", "is not a list"),
        ("exclude_patterns = 3", "exclude_patterns = 3 is not a list"),
        ("html_extra_path = 'extra'", "html_extra_path = 'extra' is not a list"),
        ("labsite_people_file = 3", "labsite_people_file = 3 is not"),
    ],
)
def test_a_conf_that_cannot_be_used_is_told(folder: Path, text: str, expected: str) -> None:
    with pytest.raises(SiteError, match=expected):
        configured(folder, text)


def test_files_that_are_missing_or_not_utf_8_are_problems(folder: Path) -> None:
    site = configured(folder, 'bibtex_bibfiles = ["no.bib", "latin.bib"]')
    (folder / "latin.bib").write_bytes(b"@misc{a, title = {\xfc}}\n")
    data = load(site)
    assert data.sources == (None, None)
    assert [bib.problems[0].subtype for bib in data.bibliographies] == ["file", "bib_encoding"]
    assert [entry.key for entry in data.entries] == ["a"]
    assert data.people.problems[0].subtype == "file"


def test_abbreviations_hold_in_the_files_behind(folder: Path) -> None:
    site = configured(folder, 'bibtex_bibfiles = ["a.bib", "b.bib"]')
    (folder / "a.bib").write_text("@string{v = {Venue}}\n", encoding="utf-8")
    (folder / "b.bib").write_text("@misc{a, title = v}\n", encoding="utf-8")
    assert load(site).entries[0].get("title") == "Venue"
