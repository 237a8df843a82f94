"""The commands as they are called: what they say, what they write, how they end."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from labsite.cli import COMMANDS, main

ROOT = Path(__file__).parents[2]

BIB = """\
A comment.

@misc{b, title = {Of MRI}, author = {Doe, Joan}, year = 2020, pages = {1-2}}
@misc{a, title = {Other things}, author = {Doe, Joan}}
"""
MENDED = BIB.replace("{Of MRI}", "{Of {MRI}}").replace("1-2", "1--2")
STYLED = """\
A comment.

@misc{b,
  title        = {Of MRI},
  author       = {Doe, Joan},
  pages        = {1-2},
  year         = {2020},
}

@misc{a,
  title        = {Other things},
  author       = {Doe, Joan},
}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").touch()
    (tmp_path / "conf.py").touch()
    (tmp_path / "people.yml").touch()
    (tmp_path / "references.bib").write_bytes(BIB.encode())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def bib(folder: Path) -> str:
    return (folder / "references.bib").read_bytes().decode()


def test_check_finds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 1
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.splitlines() == [
        "references.bib:3: warning: Entry 'b': BibTeX's styles make small what is capital in MRI. "
        "Put braces around it: {MRI}. [capitals]",
        "references.bib:3: error: Entry 'b' has the pages '1-2': a range is written with two "
        "hyphens. Write them like 12--19, S3--S9 or 103895. [pages]",
        "references.bib:4: error: Entry 'a' (misc) has no year or date. Add year = {…}. "
        "[labsite.bib_required]".replace("labsite.", ""),
        "2 errors and 1 warning in 2 entries.",
    ]
    assert bib(folder) == BIB


def test_check_finds_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "references.bib").write_text("")
    assert main(["check"]) == 0
    assert capsys.readouterr().out == "Nothing to mend in 0 entries.\n"


def test_check_fix_mends_and_tells_the_rest(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--fix"]) == 1
    said = capsys.readouterr()
    assert bib(folder) == MENDED
    assert said.err == ""
    assert said.out.splitlines()[:2] == [
        "references.bib:3: mended: Entry 'b': braces around capitals that BibTeX would make small.",
        "references.bib:3: mended: Entry 'b': two hyphens in a range, no 'pp.' before it.",
    ]
    assert said.out.splitlines()[3:] == ["2 findings mended. 1 error in 2 entries."]
    assert main(["check", "--fix"]) == 1
    assert "mended" not in capsys.readouterr().out
    assert bib(folder) == MENDED


def test_what_is_mended_is_no_part_of_json(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--fix", "--format", "json"]) == 1
    said = capsys.readouterr()
    assert said.err.count("mended") == 2
    assert len(json.loads(said.out)["findings"]) == 1


def test_check_for_programs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--format", "json"]) == 1
    assert [item["kind"] for item in json.loads(capsys.readouterr().out)["findings"]] == [
        *("capitals", "pages", "bib_required")
    ]
    assert main(["check", "--format", "github"]) == 1
    assert capsys.readouterr().out.startswith("::warning file=references.bib,line=3,")


def test_check_of_another_folder(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    assert main(["check", "--site", folder.name]) == 1
    assert capsys.readouterr().out.startswith(f"{folder.name}/references.bib:3: ")


def test_check_reads_a_file_that_is_not_utf_8(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "references.bib").write_bytes(BIB.encode().replace(b"Other", b"\xdcber"))
    assert main(["check", "--fix"]) == 1
    said = capsys.readouterr()
    assert said.err == ""
    assert "references.bib:4: error: Entry 'a': Byte" in said.out


def test_format(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["format", "--check"]) == 1
    assert capsys.readouterr().out == "references.bib: not in house style.\n"
    assert bib(folder) == BIB
    assert main(["format"]) == 0
    assert capsys.readouterr().out == "references.bib: formatted.\n"
    assert bib(folder) == STYLED
    assert main(["format"]) == main(["format", "--check"]) == 0
    assert capsys.readouterr() == ("", "")


def test_format_says_what_it_leaves(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "references.bib").write_bytes(
        b"@misc{a,\n}\n\n@misc{b, title = {T\n}\n\n@misc{c\x01, x = 1}\n"
    )
    told = [
        "references.bib:4: Entry 'b' is left as it is: it is not well-formed. See 'check'.",
        "references.bib:7: Entry 'c' is left as it is: it has control characters. See 'check'.",
    ]
    assert main(["format", "--check"]) == 0
    assert capsys.readouterr().err.splitlines() == told
    assert main(["format"]) == 0
    assert capsys.readouterr().err.splitlines() == told


@pytest.mark.parametrize(
    ("name", "text", "status", "said"),
    [
        ("a.md", "# A page\n", 2, "a.md is no bib file: its name must end in .bib."),
        ("a.bib", "Words.\n", 1, "a.bib has no entries, so there is nothing to format."),
    ],
)
def test_format_of_what_is_no_bibliography(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, status: int, said: str
) -> None:
    (folder / name).write_text(text)
    assert main(["format", name]) == status
    assert said in capsys.readouterr().err
    assert (folder / name).read_text() == text


def test_a_wrong_option_shows_how_its_command_is_called(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", "--fixx"]) == 2
    assert capsys.readouterr().err.startswith("usage: python -m labsite check [-h]")


def test_format_of_named_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [tmp_path / "a.bib", tmp_path / "b.bib"]
    files[0].write_text("@string{v = {V}}\n@misc{a}\n")
    files[1].write_text("@misc{b, title = v}\n")
    assert main(["format", *map(str, files)]) == 0
    assert files[1].read_text() == "@misc{b,\n  title        = v,\n}\n"


@pytest.mark.parametrize(
    "raw", [None, b"\xff", b'@string{v = "no {end"}\n@misc{a, title=v}\n@misc(b, note="x")\n']
)
def test_format_reads_all_files_before_it_writes_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], raw: bytes | None
) -> None:
    (tmp_path / "a.bib").write_bytes(b"@misc{a}")
    if raw:
        (tmp_path / "b.bib").write_bytes(raw)
    assert main(["format", str(tmp_path / "a.bib"), str(tmp_path / "b.bib")]) == 1
    assert (tmp_path / "a.bib").read_bytes() == b"@misc{a}"
    assert capsys.readouterr().out == ""


def test_a_file_that_is_named_twice_is_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["format", "references.bib", str(folder / "references.bib")]) == 0
    assert capsys.readouterr() == ("references.bib: formatted.\n", "")
    (folder / "conf.py").write_text('bibtex_bibfiles = ["references.bib", "./references.bib"]\n')
    (folder / "references.bib").write_bytes(BIB.encode())
    assert main(["check", "--fix"]) == 1
    assert bib(folder) == MENDED
    assert "duplicate" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("raw", "said"),
    [(None, "no.bib cannot be opened"), (b"@misc{a}\n\xff", "no.bib:2 is not UTF-8")],
)
def test_format_says_what_it_cannot_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], raw: bytes | None, said: str
) -> None:
    if raw:
        (tmp_path / "no.bib").write_bytes(raw)
    assert main(["format", str(tmp_path / "no.bib")]) == 1
    assert said in capsys.readouterr().err
    assert not raw or (tmp_path / "no.bib").read_bytes() == raw


@pytest.mark.parametrize(
    "arguments", [[], ["chek"], ["check", "--fixx"], ["check", "--format", "xml"], ["--site"]]
)
def test_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "usage: python -m labsite" in capsys.readouterr().err


def test_no_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--site", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("labsite check: There is no conf.py in")
    (tmp_path / "conf.py").write_text("labsite_news_folder = 3\n")
    assert main(["check", "--site", str(tmp_path)]) == 2
    assert "labsite_news_folder = 3 is not" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["", *(command.name for command in COMMANDS)])
def test_help_is_a_page(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*filter(None, [command]), "--help"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"usage: python -m labsite {command}".rstrip())
    assert "xit status" in said
    assert not command or "examples:" in said
    assert max(map(len, said.splitlines())) <= 100


def run(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "labsite", *arguments], cwd=folder, capture_output=True,
        encoding="utf-8", check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **environ},
    )  # fmt: skip


def test_as_a_program(folder: Path) -> None:
    done = run(folder, "check")
    assert (done.returncode, done.stderr) == (1, "")
    assert "\x1b" not in done.stdout
    assert done.stdout.endswith("2 errors and 1 warning in 2 entries.\n")


def test_letters_that_a_terminal_does_not_know(folder: Path) -> None:
    (folder / "references.bib").write_text("@misc{深}\n", encoding="utf-8")
    done = run(folder, "check", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert r"\u6df1" in done.stdout
    done = run(folder, "check", "--format", "json", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert "深" in str(json.loads(done.stdout))


def test_what_conf_prints_is_no_part_of_the_answer(folder: Path) -> None:
    (folder / "conf.py").write_text('print("hello from conf.py")\n')
    done = run(folder, "check", "--format", "json")
    assert len(json.loads(done.stdout)["findings"]) == 3
    assert "hello from conf.py" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk")
def test_an_answer_that_cannot_be_written_is_no_finding(folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "labsite", "check"], cwd=folder, stdout=full, check=False,
            stderr=subprocess.PIPE, encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        )  # fmt: skip
    assert done.returncode == 3
    assert done.stderr == "labsite check: No space left on device.\n"


def test_a_mistake_of_the_program_is_no_finding(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistaken(data: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("labsite.keeper.findings", mistaken)
    assert main(["check"]) == 3
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    assert "please report it" in said


def test_names_of_entries_cannot_move_the_cursor(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = BIB.replace("@misc{b", "@misc{b\u202e\x9b2J")
    (folder / "references.bib").write_bytes(text.encode())
    main(["check", "--fix"])
    said = capsys.readouterr()
    assert (said.out + said.err).replace("\n", "").isprintable()
    assert "mended: Entry" in said.out


FAULT = """
import os, signal, sys

_left = int(os.environ["FAULT_AT"])


def _fault(event, arguments):
    global _left
    is_written = event == "open" and str(arguments[0]).endswith(".tmp")
    if not is_written and event not in {"os.rename", "os.chmod"}:
        return
    _left -= 1
    if _left == 0:
        if is_written:
            os.write(os.open(arguments[0], os.O_WRONLY | os.O_CREAT), b"<ha")
        os.kill(os.getpid(), signal.SIGKILL)


if _left:
    sys.addaudithook(_fault)
"""
"""In conf.py: the command is killed when it writes, sets the mode, or is about to replace."""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("command", [("format",), ("check", "--fix")])
def test_a_killed_command_leaves_the_old_file_or_the_new_one(
    folder: Path, command: tuple[str, ...]
) -> None:
    new = STYLED if command == ("format",) else MENDED
    (folder / "conf.py").write_text(FAULT)
    killed = 0
    for at in range(1, 9):
        (folder / "references.bib").write_bytes(BIB.encode())
        done = run(folder, *command, FAULT_AT=str(at))
        killed += done.returncode == -9
        assert bib(folder) == (BIB if done.returncode == -9 else new)
        if done.returncode != -9:
            break
    assert killed == 3
    (folder / "references.bib").write_bytes(BIB.encode())
    assert run(folder, *command, FAULT_AT="0").returncode in {0, 1}
    assert bib(folder) == new
