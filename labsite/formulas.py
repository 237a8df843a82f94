"""Formulas as MathML, made at build time: browsers show it without a script from anywhere."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from docutils import nodes
from markupsafe import Markup

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

RENDERER = "mathml"
"""Our name in ``html_math_renderer``."""

_UNSAFE_ATTRIBUTE: Final = re.compile(r"href|style|class|id|on.*|xlink.*|src", re.IGNORECASE)


@lru_cache(maxsize=4096)
def mathml(tex: str, *, block: bool = False) -> Markup:
    """Return TeX math as a MathML element; what cannot be converted is shown as code.

    Args:
        tex: TeX without its dollar signs.
        block: Set it on a line of its own.
    """
    from latex2mathml.converter import convert_to_element  # most builds convert nothing

    try:
        formula = convert_to_element(tex, display="block" if block else "inline")
    except Exception:  # latex2mathml raises its own and built-in errors alike
        return Markup("<code>{}</code>").format(tex)
    for element in formula.iter():
        _make_safe(element)
    return Markup(ET.tostring(formula, encoding="unicode"))


def _make_safe(element: ET.Element) -> None:
    r"""Take from an element what could act in a page.

    latex2mathml leaves text as HTML (``\text{<script>}``) and makes addresses and styles of macros
    (``\href``, ``\style``). Its character references become characters, escaped on writing.
    """
    element.text = html.unescape(element.text or "") or None
    element.tail = html.unescape(element.tail or "") or None
    for name in [name for name in element.attrib if _UNSAFE_ATTRIBUTE.fullmatch(name)]:
        del element.attrib[name]


def visit_inline(translator: HTML5Translator, node: nodes.math) -> None:
    """Write a formula within a line."""
    translator.body.append(mathml(node.astext()))
    raise nodes.SkipNode


def visit_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    """Write a displayed formula, with its number and the target of references to it."""
    translator.body.append(translator.starttag(node, "div", CLASS="ls-formula"))
    translator.body.append(mathml(node.astext(), block=True))
    if node.get("number"):
        translator.body.append(translator.starttag(node, "span", "", CLASS="eqno", ids=[]))
        translator.body.append(f"({node['number']})")
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def depart(translator: HTML5Translator, node: nodes.Element) -> None:
    """Nothing is left to do: the visitors have written the whole formula."""
