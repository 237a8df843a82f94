"""The commands ``person`` and ``news`` as they are called: what they take, and what they refuse."""

from pathlib import Path

import pytest
from jinja2 import Template

from labsite.cli import main
from labsite.frontmatter import PLACEHOLDER

ROOT = Path(__file__).parents[2]
PEOPLE = """\
- id: anna-meier
  name: Anna Meier
  aliases:
    - Meier, Anna

- id: christian-berger
  name: Christian F. Berger
  aliases:
    - Berger, Christian F.
    - Berger, C.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "docs/people").mkdir(parents=True)
    (tmp_path / "docs/index.md").touch()
    (tmp_path / "docs/people/jo-page.md").write_text("# Us\n", encoding="utf-8")
    (tmp_path / "conf.py").touch()
    (tmp_path / "references.bib").write_text(
        "@misc{a, title = {T}, author = {Berger, C. and Meier, A.}}\n@misc{b, title = {U}}\n",
        encoding="utf-8",
    )
    (tmp_path / "people.yml").write_text(PEOPLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Jo Page"], "docs/people/jo-page.md has the name 'jo-page'"),
        (["Somebody Else", "--id", "index"], "The id 'index' is reserved"),
        (["C. F. Berger"], "This may be 'christian-berger' (people.yml:6)."),
    ],
)
def test_who_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["person", *arguments]) == 1
    assert said in capsys.readouterr().err
    assert (folder / "people.yml").read_text(encoding="utf-8") == PEOPLE


def test_no_alias_is_advised_that_somebody_has(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["person", "Carla Berger", "--id", "carla-berger"]) == 0
    assert "Berger, C." not in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--people", "--publications"])
@pytest.mark.parametrize(
    "form",
    [["{0} A", "{0} B"], ["{0} A B"], ["{0} A,B", "{0} A"]],
)
def test_lists_are_given_in_any_way(folder: Path, option: str, form: list[str]) -> None:
    names = {"--people": ("anna-meier", "christian-berger"), "--publications": ("a", "b")}[option]
    arguments = " ".join(form).format(option).replace("A", names[0]).replace("B", names[1])
    assert main(["news", "Us", "--date", "2020-01-02", *arguments.split()]) == 0
    text = (folder / "docs/news/2020-01-02-us.md").read_text(encoding="utf-8")
    assert f"{option[2:]}: [{', '.join(names)}]\n" in text


def test_news_says_what_is_left_to_do(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["news", "Us", "--date", "2999-01-02"]) == 0
    said = capsys.readouterr().out
    assert "A build warns of the item until the line beginning with % is gone." in said
    assert "Its date, 2999-01-02, is to come" in said
    written = (folder / "docs/news/2999-01-02-us.md").read_text(encoding="utf-8")
    assert f"\n{PLACEHOLDER} " in written


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("2026-13", "'2026-13' is not a date like 2026-03-14 or 2026-03"),
        ("2026-02-30", "'2026-02-30' is not a date like"),
        ("March", "'March' is not a date like"),
        ("2026", "'2026' has no month; write 2026-03-14 or 2026-03"),
    ],
)
def test_dates_that_are_none(
    folder: Path, capsys: pytest.CaptureFixture[str], date: str, said: str
) -> None:
    assert main(["news", "Us", "--date", date]) == 2
    assert said in capsys.readouterr().err
    assert not (folder / "docs/news").exists()


def test_people_without_a_role_leave_no_stray_marks() -> None:
    text = (ROOT / "labsite/theme/components/people.html").read_text(encoding="utf-8")
    (line,) = (line for line in text.splitlines() if "Now: " in line)
    shown = Template(f"{line}</span>").render(person={"role": "", "next": "Post-doc in Basel"})
    assert shown == '<span class="ls-person-role">Now: Post-doc in Basel</span>'
    shown = Template(f"{line}</span>").render(person={"role": "", "affiliation": "Bern"})
    assert shown == '<span class="ls-person-role">Bern</span>'
