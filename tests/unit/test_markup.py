"""What registries put into titles: formulas, accents, and what does not belong there."""

from __future__ import annotations

import random
from typing import Any

import pytest

from labsite.bib import parse_bib
from labsite.capitals import protect_capitals
from labsite.crossref import parse_crossref
from labsite.datacite import parse_datacite
from labsite.found import FORMULA, page_range, title_of
from labsite.latex import decode
from labsite.markup import (
    has_guessed_formula,
    has_guessed_tex,
    html_to_latex,
    html_to_plain,
    tex_to_latex,
)
from tests.unit import works

MATHML = '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML">{}</mml:math>'
T2_STAR = "<mml:msubsup> <mml:mi>T</mml:mi>\n<mml:mn>2</mml:mn><mml:mo>∗</mml:mo></mml:msubsup>"

SURE = {
    r"A <tex-math>$\ell_1$</tex-math> norm": r"A $\ell_1$ norm",
    r"${k}$ -Space": "$k$-Space",
    r"$\mathbf{k}$-Space": r"$\mathbf{k}$-Space",
    r"\(\alpha\)-GAN of $$x^2$$": r"$\alpha$-GAN of $x^2$",
    r"$\{0,1\}$ labels": r"$\lbrace 0,1\rbrace$ labels",
    "It costs $5 and $10 or $US$": r"It costs \$5 and \$10 or \$US\$",
    MATHML.format(T2_STAR) + " -weighted": "$T_2^*$-weighted",
    MATHML.format("<mml:msup><mml:mi>x</mml:mi><mml:mo>′</mml:mo></mml:msup>"): "$x'$",
    MATHML.format(
        "<mml:mrow> <mml:msub>\n <mml:mi>T</mml:mi>\n <mml:mn>2</mml:mn></mml:msub></mml:mrow>"
    ): r"T\textsubscript{2}",
    MATHML.format("<mml:mfrac><mml:mi>α</mml:mi><mml:mn>2</mml:mn></mml:mfrac>"): (
        r"$\frac{\alpha}{2}$"
    ),
    MATHML.format("<mml:mover><mml:mi>x</mml:mi><mml:mo>^</mml:mo></mml:mover>"): r"$\hat{x}$",
    MATHML.format("<mml:mi>α</mml:mi>") + "-GAN": "α-GAN",
    r"<inline-formula><tex-math>\documentclass{a}\begin{document}$$\alpha$$\end{document}"
    "</tex-math></inline-formula>": r"$\alpha$",
    "&amp;lt;i&amp;gt;in vivo&amp;lt;/i&amp;gt;": r"\emph{in vivo}",
    "&lt;i&gt;in vivo&lt;/i&gt; a &lt;b&gt; c": r"\emph{in vivo} a <b> c",
}  # fmt: skip
GUESSED = {
    r"<tex-math>\foo{x}</tex-math> y": r"\textbackslash{}foo\lbrace{}x\rbrace{} y",
    r"<inline-formula><tex-math>\foo</tex-math></inline-formula>": r"\textbackslash{}foo",
    r"$\input{x}$": r"\$\textbackslash{}input\lbrace{}x\rbrace{}\$",
    r"\alpha-stable": r"\textbackslash{}alpha-stable",
    MATHML.format("<mml:munder><mml:mi>T</mml:mi><mml:mn>2</mml:mn></mml:munder>"): "T2",
}


@pytest.mark.parametrize("html", [*SURE, *GUESSED])
def test_formulas_are_neither_lost_nor_mangled(html: str) -> None:
    latex = html_to_latex(html)
    assert latex == (SURE | GUESSED)[html]
    assert not decode(latex)[1]
    assert has_guessed_formula(html) == (html in GUESSED)
    assert title_of(html).remarks == ((FORMULA,) if html in GUESSED else ())


@pytest.mark.parametrize("html", SURE)
def test_formulas_are_read_again(html: str) -> None:
    assert html_to_plain(html)
    assert "\\" not in html_to_plain(html)


@pytest.mark.parametrize(
    ("tex", "latex", "is_guessed"),
    [
        (r'H\"older {\"O}st M{\"u}ller \v{S}imi\c{c}', "Hölder Öst Müller Šimić".replace("ć", "ç"),
         False),
        (r'na\"{\i}ve Stra{\ss}e \o re \L{}ukasz', "naïve Straße øre Łukasz", False),
        (r"$\alpha$ and \emph{x}", r"$\alpha$ and \emph{x}", False),
        (r'H\"older \foo $\ell_1$ 5%', r"Hölder \textbackslash{}foo $\ell_1$ 5\%", True),
        (r"$\alpha$ and $\foo$", r"$\alpha$ and \$\textbackslash{}foo\$", True),
    ],
)  # fmt: skip
def test_tex(tex: str, latex: str, is_guessed: bool) -> None:
    assert tex_to_latex(tex) == latex
    assert has_guessed_tex(tex) == is_guessed


_PIECES = (
    "$", "$$", "\\(", "\\)", "\\alpha", "{", "}", "k", "_", "^", "<mml:math>", "</mml:math>",
    "<mml:msub>", "</mml:msub>", "<mml:mi>", "</mml:mi>", "<tex-math>", "</tex-math>", "\\{",
    "<inline-formula>", "</inline-formula>", "<mml:msup>", "</mml:msup>", "<mml:mo>′</mml:mo>",
    " ", "x", "2", "\\", "&lt;i&gt;", "&amp;amp;lt;", "%", "#", "-Net", '\\"o', "\\c", "U",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(300))
def test_any_pieces_of_formulas_give_a_title(seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choice(_PIECES) for _ in range(chance.randrange(1, 12)))
    for read in (html_to_latex, tex_to_latex):
        latex = protect_capitals(read(text))
        assert not decode(latex)[1]
        bib = parse_bib(f"@misc{{x,\n  title = {{{latex}}},\n}}", "x.bib")
        assert not bib.problems
        assert bib.entries[0].fields["title"].value == latex


@pytest.mark.parametrize(
    ("title", "latex", "is_retracted"),
    [
        ("RETRACTED ARTICLE: Quiet nets.", "Quiet nets", True),
        ("RETRACTED: Quiet nets", "Quiet nets", True),
        ("[Retracted] Quiet nets", "Quiet nets", True),
        ("WITHDRAWN: Quiet nets", "Quiet nets", True),
        ("Quiet nets (Retracted)", "Quiet nets", True),
        ("Retracted papers and what they cost", "Retracted papers and what they cost", False),
        ("Quiet nets ...", "Quiet nets ...", False),
        ("Quiet nets of Meier et al.", "Quiet nets of Meier et al.", False),
        ("Quiet nets in the U.S.", "Quiet nets in the U.S.", False),
        ("Quiet nets (2D).", "Quiet nets (2D)", False),
    ],
)
def test_what_does_not_belong_to_a_title(title: str, latex: str, is_retracted: bool) -> None:
    found = title_of(title)
    assert (found.latex, found.is_retracted) == (latex, is_retracted)


@pytest.mark.parametrize(
    ("pages", "expected"),
    [("1-1", ""), ("121999-121999", "121999"), ("S12-S14", "S12--S14"), ("1-11", "1--11")],
)
def test_pages(pages: str, expected: str) -> None:
    assert page_range(pages) == expected


def crossref(**changes: Any) -> Any:
    return parse_crossref({"message": works.MADE_UP | changes})


def test_retraction_that_only_the_title_tells_is_kept() -> None:
    found = crossref(title=["RETRACTED: Quiet nets"], subtitle=[])
    assert found.title == "Quiet nets"
    assert dict(found.fields)["retracted"] == "https://doi.org/10.1234/quiet.2026.17"
    assert "Its title says that it was retracted" in found.remarks[0]


@pytest.mark.parametrize(
    ("kind", "said"), [("erratum", "an erratum"), ("retraction", "a retraction notice")]
)
def test_correction_is_no_paper(kind: str, said: str) -> None:
    update = {"type": kind, "DOI": "10.1234/Paper"}
    found = crossref(**{"update-to": [update]})
    assert found.doubt == f"It is {said} of 10.1234/paper, not a paper of its own."
    assert not crossref(**{"update-to": [update | {"type": "new_edition"}]}).doubt


def test_dates_are_never_those_of_the_record() -> None:
    record = {name: {"date-parts": [[2025, 4, 1]]} for name in ("created", "deposited", "indexed")}
    nothing: dict[str, Any] = {"published-print": {}, "published": {}}
    assert crossref(**record, **nothing).date == (0, 0)
    held = {**nothing, "type": "proceedings-article", "published": {"date-parts": [[2025, 6]]}}
    assert crossref(**record, **held).date == (2025, 0)
    start = {"start": {"date-parts": [[2025, 5, 3]]}}
    assert crossref(**record, **(held | {"event": start})).date == (2025, 5)
    paper = works.DATASET | {
        "types": {"resourceTypeGeneral": "ConferencePaper"}, "container": {"title": "Quiet Days"},
    }  # fmt: skip
    assert parse_datacite({"data": {"attributes": paper}}).date == (2025, 0)
