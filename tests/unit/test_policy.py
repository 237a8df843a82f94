"""What the policy allows, what stands in the place of styles, what is told about HTML."""

import base64
import hashlib
import time
from pathlib import Path

import pytest

from labsite.assets import mode_script
from labsite.policy import (
    breaches,
    content_security_policy,
    is_elsewhere,
    pixels,
    script_hash,
    share_class,
    without_styles,
)

STATIC = Path(__file__).parents[2] / "labsite" / "theme" / "static"


@pytest.mark.parametrize("script", ["", "let a = 1;", "// ü 深\n", mode_script([STATIC])])
def test_a_scripts_hash_is_that_of_its_bytes(script: str) -> None:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert script_hash(script) == f"'sha256-{digest}'"


def test_the_hash_of_an_empty_script_is_the_known_one() -> None:
    assert script_hash("") == "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"


def test_the_policy_allows_the_sites_own_files_and_the_one_script() -> None:
    policy = content_security_policy("let a;")
    assert not {"\n", '"', "<"} & set(policy)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert len(rules) == len(policy.split("; "))
    for name in ("default-src", "base-uri", "frame-ancestors"):
        assert rules.pop(name) == "'none'"
    assert rules.pop("script-src") == f"'self' {script_hash('let a;')}"
    assert rules.pop("img-src") == "'self' data:"
    for name in ("style-src", "font-src", "connect-src", "form-action"):
        assert rules.pop(name) == "'self'"
    assert set(rules.values()) == {"'self'"}
    for loose in ("unsafe", "*", "http", "blob:"):
        assert loose not in policy


@pytest.mark.parametrize(
    ("address", "elsewhere"),
    [
        ("https://example.org/a.png", True),
        ("HTTP://example.org", True),
        ("//example.org/a.png", True),
        (" https://example.org", True),
        ("a.png", False),
        ("/a.png", False),
        ("../a//b.png", False),
        ("data:image/png;base64,AA", False),
        ("", False),
    ],
)
def test_what_is_on_another_site_is_told(address: str, elsewhere: bool) -> None:
    assert is_elsewhere(address) is elsewhere


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        ("300", 300), ("300px", 300), (" 12 em ", 192), ("2cm", 76), ("1in", 96), ("72pt", 96),
        (".5in", 48), ("10mm", 38), ("50%", 0), ("", 0), ("auto", 0), ("-3px", 0), ("3 apples", 0),
    ],
)  # fmt: skip
def test_lengths_become_pixels(length: str, expected: int) -> None:
    assert pixels(length) == expected


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        ("50%", "ls-w-50"), ("33.3%", "ls-w-35"), ("1%", "ls-w-5"), ("100%", "ls-w-100"),
        ("120%", "ls-w-100"), ("50", ""), ("50px", ""), ("", ""), ("%", ""),
    ],
)  # fmt: skip
def test_shares_become_classes_that_have_a_rule(length: str, expected: str) -> None:
    assert share_class(length) == expected
    rules = (STATIC / "css" / "content.css").read_text(encoding="utf-8")
    assert not expected or f".{expected} {{" in rules


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<col style="width: 30.0%" />', '<col class="ls-w-30" />'),
        (
            '<col class="a" id="b" style="width: 62.5%">',
            '<col class="a ls-w-60" id="b">',
        ),
        (
            '<img alt="a > b" src="x.svg" style="width: 2em; height: 10px;" />',
            '<img width="32" height="10" alt="a > b" src="x.svg" />',
        ),
        ('<figure style="width: 50%" class="c">', '<figure class="c ls-w-50">'),
        ('<div style="width: 300px">', '<div style="width: 300px">'),
        ('<img style="color: red; width: 20%">', '<img style="color: red" class="ls-w-20">'),
        ('<td style="width: 20%"><p style="width: 20%">', None),  # no rule is for them
        ('<p title="style=&quot;">no style="x" here</p>', None),
        ("<p>plain</p>", None),
    ],
)  # fmt: skip
def test_styles_become_classes_and_attributes(html: str, expected: str | None) -> None:
    assert without_styles(html) == (html if expected is None else expected)


def test_a_long_page_with_many_styles_takes_no_time() -> None:
    """Nothing is tried twice: neither a tag that never ends nor very many that do."""
    many = '<col style="width: 10%" />' * 20_000
    assert without_styles(many).count("ls-w-10") == 20_000
    for endless in (
        '<img b="c" ' * 8000 + ' style="',
        "<img" + ' style="x"' * 8000,
        "<img" + ' b="c"' * 20_000 + ' style="',
        '<img b="' * 8000 + ' style="',
        ('<img style="x"' + ' b="c"' * 20) * 2000,
    ):
        begun = time.process_time()
        assert without_styles(endless) == endless
        assert time.process_time() - begun < 5  # seconds; when it was quadratic it took 25


@pytest.mark.parametrize(
    ("html", "line", "said"),
    [
        ('<p>\n<b style="color: red">x</b>', 1, "b sets a style"),
        ("<style>p {}</style>", 0, "style sets a style"),
        ("<script>let a</script>", 0, "not in a file"),
        ('<script src="https://example.org/a.js"></script>', 0, "another site"),
        ('<script src="_static/a.js"></script>', 0, ""),
        ('<p>\n\n<iframe src="//example.org"></iframe>', 2, "the iframe shows"),
        ('<button onclick="x()">', 0, "onclick"),
        ('<img src="https://example.org/a.png" alt="">', 0, "another site"),
        ('<link rel="stylesheet" href="https://example.org/a.css">', 0, "another site"),
        ('<a href="https://example.org">fine</a>', 0, ""),
        ('<video src="a.mp4" controls></video>', 0, "not looked for"),
        ('<video src="../_static/a.mp4" controls></video>', 0, ""),
        ('<img src="a.png" alt="A">', 0, "not looked for"),
        ('<img src="a.png" srcset="b.png 1x, https://example.org/c.png 2x">', 0, "another site"),
        ("<!-- TODO <img src=x> -->", 0, ""),
        ('<script type="application/ld+json">{}</script>', 0, ""),
        ('<script type="text/javascript">a()</script>', 0, "not in a file"),
        ('<link rel="license" href="https://example.org">', 0, ""),
        ('<p one="x" on="y">', 0, ""),
        ('<iframe src="local.html"></iframe>', 0, "the iframe shows"),
        ('<form action="https://example.org"></form>', 0, "sent there"),
        ('<a href="javascript:x()">x</a>', 0, "a script in href"),
        ("<p>plain &lt;iframe&gt;", 0, ""),
        ("<", 0, ""),
    ],
)
def test_what_the_policy_does_not_let_work_is_told(html: str, line: int, said: str) -> None:
    found = list(breaches(html))
    assert len(found) == bool(said)
    for at, what, remedy in found:
        assert at == line
        assert said in what
        assert what.endswith(".") and remedy.endswith(".")
