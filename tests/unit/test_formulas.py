"""Formulas as MathML: right where they are right, harmless where they are not."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from labsite.formulas import mathml


def names(tex: str) -> set[str]:
    return {element.tag for element in ET.fromstring(mathml(tex)).iter()}


def test_formula_becomes_mathml() -> None:
    root = ET.fromstring(mathml(r"\frac{\alpha^2}{n}"))
    assert root.tag.endswith("math") and root.get("display") == "inline"
    assert "".join(root.itertext()) == "α2n"
    assert any(tag.endswith("mfrac") for tag in names(r"\frac{a}{b}"))


def test_block_is_displayed() -> None:
    assert ET.fromstring(mathml("x", block=True)).get("display") == "block"


@pytest.mark.parametrize(
    "tex",
    [
        r"\text{<script>alert(1)</script>}",
        r"\mbox{<img src=x onerror=alert(1)>}",
        r"\text{&lt;img src=x onerror=alert(1)&gt;}",
        r"\href{javascript:alert(1)}{x}",
        r"\style{color:red}{x}",
        r"\class{ls-hidden}{x}",
        r"\id{main}{x}",
        r"\color{red\" onclick=\"alert(1)}{x}",
        r"</math><script>alert(1)</script>",
    ],
)
def test_nothing_in_a_formula_acts(tex: str) -> None:
    root = ET.fromstring(mathml(tex))
    for element in root.iter():
        assert not element.tag.endswith(("script", "img"))
        assert not {name.lower() for name in element.attrib} & {"href", "style", "class", "id"}
        assert not any(name.lower().startswith("on") for name in element.attrib)


def test_what_cannot_be_converted_stays_as_code() -> None:
    assert mathml(r"a_b_c<") == "<code>a_b_c&lt;</code>"
