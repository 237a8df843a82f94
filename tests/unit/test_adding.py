"""The commands ``add``, ``person`` and ``news`` as they are called, on a site of their own."""

import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from labsite.adding import Request, add
from labsite.additions import Wishes
from labsite.cli import main
from labsite.console import Console
from labsite.keeper import findings
from labsite.report import Progress
from labsite.siteconfig import find_site, load
from labsite.textfile import decode_text
from tests.unit import works
from tests.unit.registries import Reply, Server, feed, running

ROOT = Path(__file__).parents[2]
QUIET = "10.1234/quiet.2026.17"
DOI_OF_PROTOMIL = "10.1007/978-3-032-05185-1_49"


@dataclass
class Desk:
    """A site, a server of registries, and what was said."""

    root: Path
    server: Server
    capture: pytest.CaptureFixture[str]
    out: str = ""
    err: str = ""

    def run(self, *arguments: str) -> int:
        status = main([*arguments, "--site", str(self.root)])
        self.out, self.err = self.capture.readouterr()
        return status

    @property
    def bib(self) -> Path:
        return self.root / "references.bib"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as found:
        for work in (works.MADE_UP, works.PROTOMIL, works.THESIS):
            found.has_crossref(work["DOI"].lower(), work)
        found.has_crossref(
            "10.1234/undated", works.THESIS | {"DOI": "10.1234/undated", "issued": {}}
        )
        found.has_datacite(works.DATASET["doi"], works.DATASET)
        found.has_arxiv("2601.00017", feed("2601.00017", "Loud models", ["Susu Sun", "A. Meier"]))
        yield found


@pytest.fixture
def desk(
    tmp_path: Path,
    server: Server,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    for name in ("conf.py", "references.bib", "people.yml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    for name, value in server.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, server, capsys)


def test_paper_by_doi(desk: Desk) -> None:
    before = desk.bib.read_bytes()
    status = desk.run(
        "add", f"https://doi.org/{QUIET}", "--yes", "--direction", "interpretable-ml", "--added",
        "2026-11-22",
    )  # fmt: skip
    assert status == 0, desk.err
    after = desk.bib.read_bytes()
    place = after.index(b"@article{meier2026quiet,")
    entry, rest = after[place:].split(b"}\n\n", 1)
    assert after[:place] + rest == before
    assert b"added        = {2026-11-22}" in entry
    assert f"For references.bib, line {after[:place].count(10) + 1}:" in desk.out
    assert entry.decode() in desk.out
    assert "Of the group: Susu Sun." in desk.out
    assert "Added meier2026quiet to references.bib:5" in desk.out
    assert not findings(load(find_site(desk.root)))


@pytest.mark.parametrize("name", [works.DATASET["doi"], "arXiv:2601.00017v3", "10.1234/thesis.9"])
def test_other_registries_and_types(desk: Desk, name: str) -> None:
    assert desk.run("add", name, "-y") == 0, desk.err
    assert "The build will warn" not in desk.out
    assert not [
        found for found in findings(load(find_site(desk.root))) if found.severity == "error"
    ]


def test_twice_is_refused(desk: Desk) -> None:
    assert desk.run("add", "2601.00017", "-y") == 0
    after, asked = desk.bib.read_bytes(), len(desk.server.asked)
    assert desk.run("add", "https://arxiv.org/abs/2601.00017", "-y") == 1
    assert "It is there already: 'sun2025loud' at references.bib:" in desk.err
    assert desk.bib.read_bytes() == after
    assert len(desk.server.asked) == asked


def test_without_a_terminal_nothing_is_added(desk: Desk) -> None:
    before = desk.bib.read_bytes()
    assert desk.run("add", QUIET) == 1
    assert "@article{meier2026quiet," in desk.out
    assert "nobody is there to be asked. --yes adds it" in desk.err
    assert desk.bib.read_bytes() == before


def test_dry_run(desk: Desk) -> None:
    before = desk.bib.read_bytes()
    assert desk.run("add", QUIET, "--dry-run") == 0
    assert "@article{meier2026quiet," in desk.out
    assert desk.bib.read_bytes() == before


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("answer", "status"), [("y\n", 0), ("Yes\n", 0), ("n\n", 1), ("\n", 1), ("", 1), ("yn\n", 1)]
)
def test_at_a_terminal_it_asks(desk: Desk, answer: str, status: int) -> None:
    before = desk.bib.read_bytes()
    console = Console(io.StringIO(), io.StringIO(), _Terminal(answer))
    request = Request(QUIET, Wishes("2026-11-22"))
    with Progress(io.StringIO()) as progress:
        assert add(request, find_site(desk.root), console, progress, "0") == status
    assert "Add it to references.bib? [y/N] " in console.out.getvalue()  # type: ignore[attr-defined]
    assert (desk.bib.read_bytes() != before) == (status == 0)


def test_what_the_build_would_warn_of_is_said_before(desk: Desk) -> None:
    assert desk.run("add", "10.1234/undated", "--dry-run") == 0
    said = "The build will warn of its line 1: Entry 'meiermade' (phdthesis) has no year"
    assert said in desk.out


def test_what_check_would_say_is_said_before(desk: Desk) -> None:
    work = works.MADE_UP | {
        "DOI": "10.1234/variant", "relation": {}, "title": ["Wholly other things about quiet"],
        "author": [{"family": "Baumgärtner", "given": "Christian F."}],
        "container-title": ["IEEE Transaction on Medical Imaging"],
    }  # fmt: skip
    desk.server.has_crossref("10.1234/variant", work)
    assert desk.run("add", "10.1234/variant", "--yes") == 0, desk.err
    foreseen = {line for line in desk.out.splitlines() if "will warn of" in line}
    found = findings(load(find_site(desk.root)))
    assert found
    assert len(foreseen) == len(found)
    for finding in found:
        said = f"{finding.problem.what} {finding.problem.remedy} [{finding.problem.subtype}]"
        assert any(line.endswith(said) for line in foreseen), said


def test_preprint_of_a_published_paper_is_not_added_silently(desk: Desk) -> None:
    extra = "<arxiv:doi>10.1234/elsewhere</arxiv:doi>"
    desk.server.has_arxiv("2601.00018", feed("2601.00018", "Mute nets", ["A. Meier"], extra=extra))
    before = desk.bib.read_bytes()
    assert desk.run("add", "2601.00018", "--yes") == 1
    assert "It has been published as 10.1234/elsewhere." in desk.err
    assert "--anyway adds this one. Nothing was changed." in desk.err
    assert desk.bib.read_bytes() == before
    assert desk.run("add", "2601.00018", "--yes", "--anyway") == 0


def test_correction_is_not_added_silently(desk: Desk) -> None:
    update = {"type": "correction", "DOI": "10.1234/paper"}
    work = works.MADE_UP | {"DOI": "10.1234/c", "update-to": [update], "relation": {}}
    desk.server.has_crossref("10.1234/c", work)
    assert desk.run("add", "10.1234/c", "--yes") == 1
    assert "It is a correction of 10.1234/paper, not a paper of its own." in desk.err


def test_without_a_terminal_waiting_is_told_after_a_second(desk: Desk) -> None:
    body = json.dumps({"message": works.MADE_UP | {"DOI": "10.1234/slow"}}).encode()
    desk.server.says("/crossref/works/10.1234%2Fslow", Reply(body, pause=1.4))
    assert desk.run("add", "10.1234/slow", "--dry-run") == 0
    assert desk.err == "Waiting for Crossref …\n"
    assert desk.run("add", QUIET, "--dry-run") == 0
    assert not desk.err


def test_interrupted_it_says_that_nothing_was_changed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    before = desk.bib.read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr("labsite.adding.fetch", interrupt)
        assert desk.run("add", QUIET, "--yes") == 130
    assert desk.err == "labsite add: interrupted. Nothing was changed.\n"
    monkeypatch.setattr("labsite.adding._is_wanted", interrupt)
    assert desk.run("add", QUIET) == 130
    assert desk.err == "labsite add: interrupted. Nothing was changed.\n"
    assert desk.bib.read_bytes() == before


@pytest.mark.parametrize("date", ["14.3.2026", "2026-02-30", "soon"])
def test_wrong_day_names_the_form_that_is_right(desk: Desk, date: str) -> None:
    assert desk.run("add", QUIET, "--added", date) == 2
    assert f"--added: {date!r} is not a date like 2026-03-14, 2026-03 or 2026" in desk.err


def test_wrong_date_of_news_names_the_forms_that_are_right(desk: Desk) -> None:
    assert desk.run("news", "X", "--date", "14.3.2026") == 2
    assert "'14.3.2026' is not a date like 2026-03-14 or 2026-03" in desk.err


def test_trouble_is_one_line_and_changes_nothing(desk: Desk) -> None:
    before = desk.bib.read_bytes()
    busy = Reply(status=429, headers={"Retry-After": "99"})
    desk.server.says("/crossref/works/10.1234%2Fbusy", busy)
    for arguments, status, said in (
        (["10.1234/unknown"], 1, "Neither Crossref nor DataCite knows the DOI 10.1234/unknown"),
        (["10.1234/busy"], 1, "Try again in 99 seconds"),
        (["a nice paper"], 2, "is neither a DOI nor an arXiv id"),
        ([QUIET, "--direction", "nowhere"], 1, "There is no direction 'nowhere'"),
        ([DOI_OF_PROTOMIL], 1, "'sun2025prototype' at references.bib:198"),
    ):
        assert desk.run("add", *arguments, "--yes") == status
        assert desk.err.startswith("labsite add: ")
        assert said in desk.err
        assert desk.err.count("\n") == 1
    assert desk.run("add", QUIET, "--added", "soon") == 2
    assert desk.bib.read_bytes() == before


def test_file_that_is_not_utf_8_or_not_there(desk: Desk) -> None:
    desk.bib.write_bytes("@misc{x, title = {Größe}}".encode("cp1252"))
    assert desk.run("add", QUIET, "-y") == 1
    assert "references.bib:1 is not UTF-8" in desk.err
    desk.bib.unlink()
    assert desk.run("add", QUIET, "-y") == 1
    assert "references.bib cannot be opened" in desk.err


def test_empty_file(desk: Desk) -> None:
    desk.bib.write_bytes(b"")
    assert desk.run("add", QUIET, "-y") == 0
    assert desk.bib.read_text(encoding="utf-8").startswith("@article{meier2026quiet,\n")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_moment_it_leaves_the_old_file_or_the_new_one(desk: Desk) -> None:
    before = desk.bib.read_bytes()
    assert desk.run("add", QUIET, "-y", "--added", "2026-11-22") == 0
    after = desk.bib.read_bytes()
    left = set()
    for step in range(200):
        desk.bib.write_bytes(before)
        status = in_child(lambda: main(["add", QUIET, "-y", "--added", "2026-11-22"]), step)
        left.add(desk.bib.read_bytes())
        if status == 0:
            break
    else:
        pytest.fail("it never came to its end")
    assert left == {before, after}


def in_child(work: Callable[[], int], step: int) -> int:
    """Run something in a child that dies at its so-manieth act on a file; return its status."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    acts = {"open", "os.rename", "os.remove", "os.chmod", "os.link", "shutil.copymode"}
    left, here = step, str(Path.cwd())

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in acts and str(arguments[0]).startswith(here):
            if not left:
                os._exit(9)
            left -= 1

    try:
        sys.stdout = sys.stderr = io.StringIO()
        sys.addaudithook(hook)
        os._exit(work())
    finally:
        os._exit(8)


# People and news --------------------------------------------------------------------------------


def test_person(desk: Desk) -> None:
    path = desk.root / "people.yml"
    before = path.read_bytes()
    assert desk.run("person", "Zoë M. van der Berg", "--role", "PhD student: AI") == 0
    block = (
        '- id: zoe-van-der-berg\n  name: Zoë M. van der Berg\n  role: "PhD student: AI"\n'
        "  status: current\n  aliases:\n    - van der Berg, Zoë M.\n\n"
    )
    after = path.read_bytes()
    assert after.replace(block.encode(), b"") == before
    people = load(find_site(desk.root)).people
    assert not people.problems
    statuses = [person.status for person in people.people]
    assert statuses == sorted(statuses, key=["current", "visitor", "alumni"].index)
    assert desk.run("person", "van der Berg, Zoë M.") == 1
    assert "is there already, as 'zoe-van-der-berg' at people.yml:" in desk.err
    assert desk.run("person", "Zoë van der Berg") == 1
    assert "This may be 'zoe-van-der-berg'" in desk.err


def test_spellings_in_papers_are_proposed_as_aliases(desk: Desk) -> None:
    assert desk.run("person", "Lisa Koch", "--status", "alumni") == 0
    assert "papers by 'Koch, Lisa M.': is it they? Then add it to the aliases." in desk.out


def test_news(desk: Desk) -> None:
    arguments = ("news", "Two *papers* at the MICCAI", "--date", "2026-10-01")
    assert desk.run(*arguments, "--publications", "sun2025prototype", "--people", "susu-sun") == 0
    path = desk.root / "docs/news/2026-10-01-two-papers-miccai.md"
    text = path.read_text(encoding="utf-8")
    assert text.startswith(
        '---\ndate: "2026-10-01"\npeople: [susu-sun]\npublications: [sun2025prototype]\n'
    )
    assert "\n# Two \\*papers\\* at the MICCAI\n" in text
    assert "docs/news/2026-10-01-two-papers-miccai.md" in desk.out
    assert desk.run(*arguments) == 1
    assert "is there already" in desk.err
    assert path.read_text(encoding="utf-8") == text
    assert not list(path.parent.glob(".*"))


def test_news_that_cannot_be(desk: Desk) -> None:
    for arguments, status, said in (
        (
            ["X", "--people", "susu-sin"],
            1,
            "There is no person 'susu-sin'. Did you mean 'susu-sun'?",
        ),
        (["X", "--publications", "nothing2000"], 1, "There is no publication 'nothing2000'."),
        (["日本"], 1, "Name one with --slug"),
        (["X", "--date", "2026"], 2, "has no month"),
        (["X", "--date", "2026-02-30"], 2, "argument --date"),
    ):
        assert desk.run("news", *arguments) == status
        assert said in desk.err


def test_data_files_stay_readable(desk: Desk) -> None:
    for arguments in (["add", QUIET, "-y"], ["person", "Anna Meier"], ["news", "X"]):
        assert desk.run(*arguments) == 0
    for name in ("references.bib", "people.yml"):
        assert not decode_text((desk.root / name).read_bytes(), name)[1]
