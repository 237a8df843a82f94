"""LaTeX in fields: accents, markup and math come out as text and structure, and nothing raises."""

import logging
import random

import pytest

from labsite import latex
from labsite.entries import Bibliography
from labsite.latex import MAX_DEPTH, decode, decode_plain
from labsite.model import RichText, Span
from labsite.plaintex import read_apart
from labsite.texnodes import math_text


def plain(source: str) -> str:
    """The plain text, when nothing is wrong with the source."""
    text, issues = decode(source)
    assert issues == ()
    return text.plain


def spans(source: str) -> tuple[Span, ...]:
    text, issues = decode(source)
    assert issues == ()
    return text.spans


def text(words: str) -> Span:
    return Span("text", words)


def styled(kind: str, *children: Span | str) -> Span:
    wrapped = [text(child) if isinstance(child, str) else child for child in children]
    return Span(kind, children=tuple(wrapped))


# Plain text -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"{\"u}", "ü"),
        (r"\"{u}", "ü"),
        (r"\"u", "ü"),
        (r"\'e\`a\^o\~n", "éàôñ"),
        (r"{\c c}\c{s}", "çş"),
        (r"\v{s}\u{g}\H{o}", "šğő"),
        (r"\.{z}\={a}\d{a}\k{a}\r{a}", "żāạąå"),
        (r"{\aa}{\AA}{\ae}{\AE}{\oe}{\o}{\O}{\ss}", "åÅæÆœøØß"),
        (r"{\l}{\L}{\i}{\dj}{\th}", "łŁıđþ"),
        (r"\'{\i}na{\"\i}ve", "ínaïve"),
        (r"\o{}x \ss x", "øx ßx"),
        (r"{\'E}cole Polytechnique F{\'e}d{\'e}rale", "École Polytechnique Fédérale"),
        ("Zürich, naïve, 東京", "Zürich, naïve, 東京"),
        ("Zürich {and} 東京", "Zürich and 東京"),
    ],
)
def test_accents_and_letters(source: str, expected: str) -> None:
    assert plain(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("594--603", "594–603"),
        ("a---b", "a—b"),
        ("image-based", "image-based"),
        (r"a\textendash b \textemdash{} c", "a–b — c"),
        ("``quoted''", "“quoted”"),
        (r"\enquote{quoted}", "‘quoted’"),
        ("it's", "it's"),
        (r"\ldots", "…"),
        ("Figure~1", "Figure\u00a01"),
    ],
)
def test_dashes_quotes_and_spaces(source: str, expected: str) -> None:
    assert plain(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"50\% of \$5 \& a\_b \#1 \{x\}", "50% of $5 & a_b #1 {x}"),
        ("R&D", "R&D"),
        ("Diagnosis & Treatment of {MRI}", "Diagnosis & Treatment of MRI"),
        ("a_b ^ #1 @ <x> {y}", "a_b ^ #1 @ <x> y"),
        ('<script>alert("x")</script> & {y}', '<script>alert("x")</script> & y'),
        ("&amp; &lt; {y}", "&amp; &lt; y"),
    ],
)
def test_signs_stay(source: str, expected: str) -> None:
    assert plain(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{MRI} Scan of the Brain", "MRI Scan of the Brain"),
        ("{CUTE-MRI}: {T}ime", "CUTE-MRI: Time"),
        ("{{a}{B {c}}}", "aB c"),
        ("lower and UPPER", "lower and UPPER"),
        ("{}", ""),
        ("", ""),
        ("a {}b", "a b"),
    ],
)
def test_protecting_braces_go_and_capitals_stay(source: str, expected: str) -> None:
    assert plain(source) == expected


def test_white_space_is_evened_out() -> None:
    assert plain("a\n   b\t{c}\n d") == "a b c d"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\url{https://example.org/a_b}", "https://example.org/a_b"),
        (r"see \href{https://example.org}{the {MRI} page} here", "see the MRI page here"),
        (r"\mbox{a b} \textrm{c} \text{d}", "a b c d"),
    ],
)
def test_commands_that_leave_their_text(source: str, expected: str) -> None:
    assert plain(source) == expected


# Structure --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\emph{in vivo}", (styled("em", "in vivo"),)),
        (r"an \textit{x} b", (text("an "), styled("em", "x"), text(" b"))),
        (r"\textbf{x}", (styled("strong", "x"),)),
        (r"\texttt{x}", (styled("code", "x"),)),
        (r"\textsc{x}", (styled("smallcaps", "x"),)),
        (r"CO\textsubscript{2}", (text("CO"), styled("sub", "2"))),
        (r"\textsuperscript{18}F", (styled("sup", "18"), text("F"))),
        (r"{\em x} y", (styled("em", "x"), text(" y"))),
        (r"{\bf x} y", (styled("strong", "x"), text(" y"))),
        (r"a {\itshape b {\bfseries c}}", (text("a "), styled("em", "b ", styled("strong", "c")))),
        (r"\emph{a \textbf{b} c}", (styled("em", "a ", styled("strong", "b"), " c"),)),
        (r"\emph{{MRI} \"u}", (styled("em", "MRI ü"),)),
        (r"{M}{R}{I}", (text("MRI"),)),
        (r"\emph{}", ()),
    ],
)
def test_markup(source: str, expected: tuple[Span, ...]) -> None:
    assert spans(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("T$_2$-weighted", (text("T"), styled("sub", "2"), text("-weighted"))),
        ("T$_{2}$", (text("T"), styled("sub", "2"))),
        ("H$_2$O", (text("H"), styled("sub", "2"), text("O"))),
        ("$^{18}$F", (styled("sup", "18"), text("F"))),
        ("Ca$^{2+}$", (text("Ca"), styled("sup", "2+"))),
        (r"\emph{T$_1$}", (styled("em", "T", styled("sub", "1")),)),
    ],
)
def test_a_lone_script_is_text(source: str, expected: tuple[Span, ...]) -> None:
    assert spans(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"$\alpha$-divergence", (Span("math", r"\alpha"), text("-divergence"))),
        (r"$T_2^*$", (Span("math", "T_2^*"),)),
        (r"{$\beta$-VAE}", (Span("math", r"\beta"), text("-VAE"))),
        (r"$a$ and $b$", (Span("math", "a"), text(" and "), Span("math", "b"))),
        (r"\(x<y\)", (Span("math", "x<y"),)),
        (r"\[x\]", (Span("math", "x"),)),
        (r"\$5 and $x$", (text("$5 and "), Span("math", "x"))),
        (r"$50\%$", (Span("math", r"50\%"),)),
    ],
)
def test_math_keeps_its_source(source: str, expected: tuple[Span, ...]) -> None:
    assert spans(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"$\alpha$-divergence", "α-divergence"),
        (r"T$_2$ and $\mathbb{R}$", "T2 and ℝ"),
        (r"$2\times 2$", "2×2"),
        (r"$\frac{a}{b}$", "a/b"),
        (r"\ensuremath{\alpha}", "α"),
    ],
)
def test_math_as_plain_text(source: str, expected: str) -> None:
    assert plain(source) == expected


# What cannot be read ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected", "command"),
    [
        (r"a \unknowncmd{b} c", "a b c", r"\unknowncmd"),
        (r"{\noopsort}2020", "2020", r"\noopsort"),
        (r"\foo{\emph{b}}", "b", r"\foo"),
    ],
)
def test_an_unknown_command_is_reported_and_its_text_kept(
    source: str, expected: str, command: str
) -> None:
    found, issues = decode(source)
    assert found.plain == expected
    assert len(issues) == 1
    assert f"{command} " in issues[0]


def test_the_same_issue_is_reported_once() -> None:
    assert len(decode(r"\foo{a} \foo{b} \baz{c}")[1]) == 2


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("50% of the brain", "50% of the brain"),
        ("100%", "100%"),
        ("10% and 20%", "10% and 20%"),
        (r"50% of {MRI} and \emph{CT}", "50% of MRI and CT"),
        (r"\emph{50% off} today", "50% off today"),
    ],
)
def test_a_bare_per_cent_is_reported_and_kept(source: str, expected: str) -> None:
    found, issues = decode(source)
    assert found.plain == expected
    assert [issue for issue in issues if "%" in issue] == list(issues) != []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("for 5$ only", "for 5$ only"),
        ("$", "$"),
        (r"5$ for {MRI} and \emph{CT}", "5$ for MRI and CT"),
    ],
)
def test_a_bare_dollar_is_reported_and_kept(source: str, expected: str) -> None:
    found, issues = decode(source)
    assert found.plain == expected
    assert len(issues) == 1
    assert "$" in issues[0]


def test_braces_nested_deeply_are_reported_and_their_text_kept() -> None:
    found, issues = decode("{" * 5000 + "text" + "}" * 5000)
    assert found == RichText((text("text"),), "text")
    assert len(issues) == 1


@pytest.mark.parametrize("source", [r"a \sqrt[", r"50% of \sqrt[", r"5$ of \sqrt["])
def test_what_cannot_be_read_stays_as_it_was_typed(source: str) -> None:
    found, issues = decode(source)
    assert found == RichText.from_plain(source)
    assert issues


@pytest.mark.parametrize("depth", [1, 10, MAX_DEPTH])
def test_braces_nested_less_deeply_are_read(depth: int) -> None:
    assert plain("{" * depth + r"\"u" + "}" * depth) == "ü"


@pytest.mark.parametrize(
    "source",
    [
        "{",
        "}",
        "a}b",
        "\\",
        r"\emph",
        r"\emph{",
        r"\frac",
        r"\sqrt",
        r"$\sqrt[$",
        r"\textcolor",
        r"\href",
        r"\href{a}",
        r"\verb",
        r"\begin{array}x",
        r"\begin{x}",
        r"\end{x}",
        r"$\frac$",
        r"$x_{$",
        r"\item",
        "$$",
        "\x00",
    ],
)
def test_what_is_cut_off_does_not_raise(source: str) -> None:
    found, _ = decode(source)
    assert isinstance(found.plain, str)
    assert "%s" not in found.plain


_PIECES = (
    *"abc $%{}\\&_^~#'`\"-@[]()<>|=+*0123é\u00a0",
    *r"\emph{ \textbf{ \frac \sqrt[ \begin{ \end{ \begin{array} \( \) \[ \] $$ \alpha".split(),
    *r"\verb \item \left( \right \foo \\ \c \ensuremath{ \enquote{ \text -- `` '' \% \$".split(),
    *r"\href{ \mathbb \textcolor \input{x} \newcommand{".split(),
    r"\em ",
)


def test_random_strings_never_raise(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)  # pylatexenc says a lot about such input
    chance = random.Random(20250930)
    failed = []
    for _ in range(2000):
        source = "".join(chance.choices(_PIECES, k=chance.randrange(30)))
        try:
            found, issues = decode(source)
            decode_plain(source)
        except Exception as error:
            failed.append((len(source), source, repr(error)))
            continue
        assert found.plain == spelled(found.spans), source
        assert all(issue.endswith(".") for issue in issues)
    assert not failed, f"{len(failed)} raise, such as {min(failed)[1:]}"


def spelled(parts: tuple[Span, ...]) -> str:
    """The text of spans, read from left to right."""
    return "".join(
        spelled(part.children) + (math_text(part.text) if part.kind == "math" else part.text)
        for part in parts
    )


@pytest.mark.parametrize(
    "source",
    [
        r"\emph{T$_2$} of \textbf{{MRI} -- \emph{in vivo}}",
        r"$\alpha$ and {\bf b} and T$^{+}$",
        "nothing special",
    ],
)
def test_plain_text_is_the_text_of_the_spans(source: str) -> None:
    found = decode(source)[0]
    assert found.plain == spelled(found.spans) != ""


def test_decode_plain_is_the_plain_text_alone() -> None:
    assert decode_plain(r"\emph{J{\"o}rg}") == "Jörg"


def test_spans_hold_text_or_children_never_both_and_no_neighbours_of_text() -> None:
    stack = [*spans(r"a {b} \emph{c {d} e} f$_1$ $x$ {\it g} {h}")]
    assert [span.kind for span in stack] == [
        "text", "em", "text", "sub", "text", "math", "text", "em", "text",
    ]  # fmt: skip
    for span in stack:
        assert bool(span.text) != bool(span.children)


# Read apart or as a whole ------------------------------------------------------------------------

_PIECES = (
    "a", "Deep ", "{", "}", "{MRI}", "-", "--", "---", "'", "''", "`", "``", "~", " ", '\\"o',
    '\\"{u}', "\\%", "\\&", "$x^2$", "$_2$", "$", "&", "#", "!", "?", "<", ">", "<<", "?`", "^",
    "_", "é", "\\'e", "5", '"', "\\$", "\\_", ".", "\\.z", "\\~n", '{\\"u}', "\\=", "\\o", "\\ss ",
    "\\emph{x}", "\\", "b c", "(", "1", "\\,", "\\emph{in vivo}", "\\textit{a b}", "$n\\log n$",
    "$\\log$",
    "$ \\times 2$", "\\log", "[x]", "\\textbf",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_pieces_read_apart_say_the_same_as_read_as_a_whole(seed: int) -> None:
    pick = random.Random(seed)
    for _ in range(100):
        source = " ".join("".join(pick.choices(_PIECES, k=pick.randrange(1, 9))).split())
        apart = read_apart(source, latex._read)
        assert apart is None or (apart, ()) == latex._read(source), source


def test_most_of_the_real_bibliography_is_read_apart(real_bib: Bibliography) -> None:
    values = [field.value for entry in real_bib.entries for field in entry.fields.values()]
    marked = [" ".join(value.split()) for value in values if latex._NEEDS_READING.search(value)]
    apart = {value: read_apart(value, latex._read) for value in marked}
    plain = {value: text for value, text in apart.items() if text is not None}
    assert len(plain) > 0.8 * len(apart)
    for value, text in plain.items():
        assert (text, ()) == latex._read(value)
