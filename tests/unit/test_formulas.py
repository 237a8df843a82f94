"""Formulas: MathML, and nothing in it that acts."""

from xml.etree import ElementTree as ET

import pytest

from labsite.formulas import mathml

MATHML = "{http://www.w3.org/1998/Math/MathML}"


def tags(tex: str) -> list[str]:
    return [element.tag.removeprefix(MATHML) for element in ET.fromstring(mathml(tex)).iter()]


@pytest.mark.parametrize(
    ("tex", "tag"),
    [(r"\alpha", "mi"), ("T_2^*", "msubsup"), (r"\frac{a}{b}", "mfrac"), (r"\sqrt{n}", "msqrt")],
)
def test_formulas_are_mathml(tex: str, tag: str) -> None:
    assert tags(tex)[0] == "math"
    assert tag in tags(tex)


def test_a_formula_stands_in_the_line_or_on_its_own() -> None:
    assert 'display="inline"' in mathml("x")
    assert 'display="block"' in mathml("x", block=True)


def test_signs_are_escaped_once() -> None:
    assert "".join(ET.fromstring(mathml("a<b")).itertext()) == "a<b"


@pytest.mark.parametrize("tex", [r"\frac", r"x_{<b>", r"\begin{nosuch}<script>"])
def test_what_cannot_be_converted_does_not_raise(tex: str) -> None:
    assert "<script" not in mathml(tex)
    assert "<b>" not in mathml(tex)


@pytest.mark.parametrize(
    "tex",
    [
        r"\text{<script>alert(1)</script>}",
        r"\href{javascript:alert(1)}{x}",
        r"\style{color:red}{x}",
        r"\class{a}{x}",
        r"<img src=x onerror=alert(1)>",
        r"\mathrm{&lt;script&gt;}",
    ],
)
def test_nothing_in_a_formula_acts(tex: str) -> None:
    for element in ET.fromstring(mathml(tex)).iter():
        assert element.tag.removeprefix(MATHML) not in {"script", "img", "a"}
        assert not {"href", "style", "class", "id", "src", "onerror"} & set(element.attrib)
