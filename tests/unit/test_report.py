"""How findings are said to people, to programs and on GitHub."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable

import pytest

from labsite.diagnostics import Problem
from labsite.keeper import Finding
from labsite.report import Progress, as_github, as_json, as_text, counts, has_colours

FOUND = (
    Finding(Problem("a.bib", 3, "capitals", "A 100%\nlie.", "Mend it."), "doe2020", "warning"),
    Finding(Problem("b,c:d.bib", 7, "bib_syntax", "Ü is wrong.", "Mend it."), "", "error"),
)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_text() -> None:
    assert as_text(FOUND[1:], 1) == (
        "b,c:d.bib:7: error: Ü is wrong. Mend it. [bib_syntax]\n1 error in 1 entry.\n"
    )
    assert as_text(FOUND, 2000).endswith("\n1 error and 1 warning in 2,000 entries.\n")
    assert as_text(FOUND[:1], 1).startswith("a.bib:3: warning: A 100%\\nlie. Mend it. [capitals]\n")
    assert as_text((), 81) == "Nothing to mend in 81 entries.\n"


def test_colours_mark_place_and_severity_only() -> None:
    text = as_text(FOUND[1:], 1, colours=True)
    assert text.startswith("\x1b[1mb,c:d.bib:7:\x1b[0m \x1b[31merror:\x1b[0m Ü is wrong.")
    assert "\x1b" not in as_text(FOUND, 1)


@pytest.mark.parametrize(
    ("stream", "environ", "expected"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ],
)
def test_colours_are_for_terminals(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, environ: dict[str, str], expected: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert has_colours(stream) is expected


def test_json_has_everything() -> None:
    read = json.loads(as_json(FOUND, 5))
    assert read["entries"] == 5
    assert read["findings"][0] == {
        "file": "a.bib",
        "line": 3,
        "key": "doe2020",
        "kind": "capitals",
        "severity": "warning",
        "what": "A 100%\nlie.",
        "remedy": "Mend it.",
    }
    assert len(read["findings"]) == 2


def test_annotations_are_escaped_as_github_says() -> None:
    assert as_github(FOUND, 5).splitlines() == [
        "::warning file=a.bib,line=3,title=capitals::A 100%25%0Alie. Mend it.",
        "::error file=b%2Cc%3Ad.bib,line=7,title=bib_syntax::Ü is wrong. Mend it.",
        "1 error and 1 warning in 5 entries.",
    ]


HOSTILE = "a\x1b[2J\x9b31m \u202etext\u2066\x00\x07\r\u2028 Ü\u00a0深"


@pytest.mark.parametrize("form", [as_text, as_github, as_json])
def test_nothing_that_a_terminal_obeys_is_printed(form: Callable[..., str]) -> None:
    found = Finding(Problem(f"{HOSTILE}.bib", 3, "capitals", HOSTILE, HOSTILE), "k", "error")
    said = form((found,), 1)
    assert said.replace("\n", "").replace("\u00a0", "").isprintable()
    assert as_github is form or "\\u202e" in said
    if form is as_json:
        assert json.loads(said)["findings"][0]["what"] == HOSTILE
        assert said.isascii()
    else:
        assert "Ü\u00a0深" in said


def test_counts() -> None:
    assert counts(1, "entry", "entries") == "1 entry"
    assert counts(1234, "entry", "entries") == "1,234 entries"
    assert counts(0, "error") == "0 errors"


def test_progress_is_said_after_a_while_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labsite.report._PATIENCE", 0.05)
    stream = Terminal()
    with Progress(stream) as progress:
        progress.step("Reading …")
        assert stream.getvalue() == ""
        time.sleep(0.3)
        assert stream.getvalue() == "\rReading …"
        progress.step("On …")
        assert stream.getvalue().endswith("\rOn …     ")
        with progress.paused():
            assert stream.getvalue().endswith("\r    \r")
    assert stream.getvalue().endswith("\r")


def test_progress_never_comes_after_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("labsite.report._PATIENCE", 0.05)
    stream = Terminal()
    with Progress(stream) as progress:
        progress.step("Reading …")
        with progress.paused():
            stream.write("answer\n")
            progress.step("On …")  # must not wait for ever
            time.sleep(0.2)
            assert stream.getvalue() == "answer\n"
        assert stream.getvalue() == "answer\n\rOn …"
        with progress.paused():
            stream.write("more\n")
        time.sleep(0.2)
    assert stream.getvalue() == "answer\n\rOn …\r    \rmore\n"
    progress._appear()  # the timer was on its way
    assert stream.getvalue().endswith("more\n")


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_a_quick_command_says_nothing(stream: io.StringIO) -> None:
    with Progress(stream) as progress:
        progress.step("Reading …")
    assert stream.getvalue() == ""
