"""Text of registries → LaTeX of ``references.bib``, such that :mod:`labsite.latex` reads it back.

Registries send plain text, HTML (Crossref's "face markup"), JATS, MathML, or TeX (arXiv).
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from labsite.latex import decode

_ESCAPES: Final = {
    **{char: f"\\{char}" for char in "&%$#_"},
    "{": "\\lbrace{}",  # BibTeX would count \{ as a brace
    "}": "\\rbrace{}",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "\\": "\\textbackslash{}",
}
_SPECIAL: Final = re.compile(r"[&%$#_{}~^\\]")
_LIGATURE: Final = re.compile(r"(?<=-)(?=-)|(?<=`)(?=`)|(?<=')(?=')|(?<=[?!])(?=`)")
"""Where TeX would make one sign of two."""
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Cn"})
_JOINERS: Final = "\u200c\u200d"
_HYPHEN: Final = re.compile("[\u2010\u2011]")
_COMMANDS: Final = {
    "i": "emph",
    "em": "emph",
    "italic": "emph",
    "b": "textbf",
    "strong": "textbf",
    "bold": "textbf",
    "sub": "textsubscript",
    "inf": "textsubscript",
    "sup": "textsuperscript",
    "tt": "texttt",
    "monospace": "texttt",
    "scp": "textsc",
    "sc": "textsc",
}
"""HTML, Crossref's face markup and JATS, without their namespace → LaTeX."""
_MATHML: Final = {"msub": "textsubscript", "msup": "textsuperscript"}
_OTHER_TAGS: Final = frozenset(
    "a br p span div title u ovl sec math mi mn mo mrow mtext mstyle mspace mfrac msqrt mover "
    "munder msubsup mtd mtr mtable mfenced semantics annotation tex-math inline-formula "
    "disp-formula alternatives named-content styled-content".split()
)
_WITHOUT_END: Final = frozenset({"br", "mspace"})
_LEFT_OUT: Final = frozenset({"annotation-xml", "script", "style", "xref", "fn"})
_TAG: Final = re.compile(
    r"</?([A-Za-z][\w:.-]*)(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>"
)
_TEX: Final = frozenset({"tex-math", "annotation"})
_BETWEEN_DOLLARS: Final = re.compile(r"\$+([^$]+)\$+")
_MATH: Final = re.compile(r"((?<!\\)\$[^$]*(?<!\\)\$)")
_BARE: Final = re.compile(r"(?<!\\)[&%#_^]")


def plain_to_latex(text: str) -> str:
    """Escape what has a meaning in LaTeX, and even out spaces."""
    return "{}".join(
        _SPECIAL.sub(lambda found: _ESCAPES[found[0]], piece)
        for piece in _LIGATURE.split(" ".join(visible(text).split()))
    )


def visible(text: str) -> str:
    """Leave out what nobody sees, above all what acts on a terminal or cannot be written."""
    seen = [
        char
        for char in unicodedata.normalize("NFC", text)
        if char.isspace() or char in _JOINERS or unicodedata.category(char) not in _UNSEEN
    ]
    return _HYPHEN.sub("-", "".join(seen))


def html_to_latex(text: str) -> str:
    """Turn HTML, JATS or MathML into LaTeX; tags that mean nothing here leave their text.

    What only looks like a tag (``a <b or c> d``) is text.
    """
    builder = _Builder()
    position = 0
    for found in _TAG.finditer(text):
        builder.feed(text[position : found.start()].replace("<", "&lt;"))
        builder.feed(_known_tag(found))
        position = found.end()
    builder.feed(text[position:].replace("<", "&lt;"))
    builder.close()
    return " ".join(builder.result().split())


def html_to_plain(text: str) -> str:
    """Return only the text, as a reader sees it."""
    return " ".join(decode(html_to_latex(text))[0].plain.split())


def tex_to_latex(text: str) -> str:
    """Even out TeX that is typed by hand, as in arXiv's titles; what cannot be read is escaped."""
    text = " ".join(visible(text).split())
    pieces = _MATH.split(text)
    pieces[::2] = [_BARE.sub(lambda found: _ESCAPES[found[0]], piece) for piece in pieces[::2]]
    escaped = "".join(pieces)
    is_balanced = _is_balanced(escaped) and "\\{" not in escaped and "\\}" not in escaped
    return escaped if is_balanced and not decode(escaped)[1] else plain_to_latex(text)


def _is_balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth < 0:
            return False
    return depth == 0


def _local(tag: str) -> str:
    return tag.rpartition(":")[2].lower()


def _known_tag(found: re.Match[str]) -> str:
    tag = _local(found[1])
    is_known = tag in _COMMANDS or tag in _MATHML or tag in _OTHER_TAGS or tag in _LEFT_OUT
    return found[0] if is_known else html.escape(found[0], quote=False)


@dataclass
class _Element:
    tag: str
    parts: list[str] = field(default_factory=list)
    tex: str = ""


class _Builder(HTMLParser):
    """Collects LaTeX while it reads HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [_Element("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        if _local(tag) in _WITHOUT_END:
            self.open[-1].parts.append(" ")
        else:
            self.open.append(_Element(_local(tag)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element without content."""
        self.open[-1].parts.append(" " if _local(tag) in _WITHOUT_END else "")

    def handle_endtag(self, tag: str) -> None:
        """End an element, and those in it that nothing ended."""
        if any(element.tag == _local(tag) for element in self.open[1:]):
            while self._close_one() != _local(tag):
                pass

    def handle_data(self, data: str) -> None:
        """Take text; some registries encode it twice."""
        element = self.open[-1]
        data = html.unescape(data)
        if any(item.tag in _TEX for item in self.open):
            element.parts.append(data)
            return
        space = (" " if data[:1].isspace() else "", " " if data[-1:].isspace() else "")
        text = plain_to_latex(data)
        element.parts.append(space[0] + text + space[1] if text else space[0])

    def result(self) -> str:
        """Return all that was collected."""
        while len(self.open) > 1:
            self._close_one()
        return "".join(self.open[0].parts)

    def _close_one(self) -> str:
        element = self.open.pop()
        parent = self.open[-1]
        if element.tag in _TEX:
            parent.tex = parent.tex or _tex(element)
        elif element.tag in {"math", "alternatives", "inline-formula", "disp-formula"}:
            parent.parts.append(f"${element.tex}$" if element.tex else _written(element))
        else:
            parent.tex = parent.tex or element.tex
            parent.parts.append(_written(element))
        return element.tag


def _tex(element: _Element) -> str:
    """Return TeX math that can be read, or an empty text."""
    text = "".join(element.parts)
    found = _BETWEEN_DOLLARS.search(text)
    text = " ".join((found[1] if found else text).split())
    readable = "$" not in text and _is_balanced(text) and "\\{" not in text and "\\}" not in text
    return text if readable and text and not decode(f"${text}$")[1] else ""


def _written(element: _Element) -> str:
    text = "".join(element.parts)
    if element.tag in _LEFT_OUT:
        return ""
    if element.tag in _MATHML:
        base, script = "".join(element.parts[:1]).strip(), "".join(element.parts[1:]).strip()
        return f"{base}\\{_MATHML[element.tag]}{{{script}}}" if script else base
    command = _COMMANDS.get(element.tag)
    if not command or not text.strip():
        return f" {text} " if element.tag in {"p", "title"} else text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}\\{command}{{{text.strip()}}}{after}"
