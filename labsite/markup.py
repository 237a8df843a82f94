"""Text of registries → LaTeX of ``references.bib``, such that :mod:`labsite.latex` reads it back.

Registries send plain text, HTML (Crossref's "face markup"), JATS, MathML, or TeX (arXiv).
"""

from __future__ import annotations

import html
import re
import unicodedata
from html.parser import HTMLParser
from typing import Final

from labsite.latex import decode
from labsite.texmath import Element, divide, is_balanced, is_plain, mathml_to_tex, readable_math
from labsite.texnodes import is_tame

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
JOINERS: Final = "\u200c\u200d"
"""Signs that nobody sees, but without which some scripts are not written rightly."""
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
_MATH: Final = re.compile(r"((?<!\\)\$[^$]*(?<!\\)\$)")
_DEEPEST: Final = 20
"""Elements nested deeper than this leave only their text: nobody writes them on purpose."""
_NEW_LINE: Final = re.compile(r"\\\\(?:\*|\[[^\]]*\])*")
_BARE: Final = re.compile(r"(?<!\\)[&%#_^]")
_LETTER: Final = (
    r"""\\(?:["'`^~=.]\s*(?:\{\\?[A-Za-z]\}|\\[ij](?![A-Za-z])|[A-Za-z])"""
    r"|[cvHukrbd](?:\{\\?[A-Za-z]\}|\s+[A-Za-z](?![A-Za-z]))"
    r"|(?:ss|aa|AA|ae|AE|oe|OE|o|O|l|L|i|j)(?![A-Za-z])(?:\{\}|\s+(?=[a-z]))?)"
)
_ACCENT: Final = re.compile(rf"\{{{_LETTER}\}}|{_LETTER}")
_TWICE: Final = re.compile(r"&amp;(?=(?:amp;)*(?:[A-Za-z][A-Za-z0-9]*|#\d+|#x[0-9A-Fa-f]+);)")
_ESCAPED_TAG: Final = re.compile(r"&lt;(/?)((?:jats:|mml:)?([A-Za-z]+))\s*&gt;")
_COMMAND_AS_TEXT: Final = re.compile(r"\\textbackslash\{\}(?=[A-Za-z({])")
_BEFORE_HYPHEN: Final = re.compile(
    r"((?<!\\)\$[^$]+(?<!\\)\$|\\textsu(?:b|per)script\{[^{}]*\}) +(?=-[^\W\d_])"
)
_FORMULAS: Final = frozenset({"math", "alternatives", "inline-formula", "disp-formula"})


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
        if char.isspace() or char in JOINERS or unicodedata.category(char) not in _UNSEEN
    ]
    return _HYPHEN.sub("-", "".join(seen))


def html_to_latex(text: str) -> str:
    """Turn HTML, JATS or MathML into LaTeX; tags that mean nothing here leave their text.

    What only looks like a tag (``a <b or c> d``) is text.
    """
    return _read(text)[0]


def has_guessed_formula(text: str) -> bool:
    """Whether a formula in HTML, JATS or MathML may not be what :func:`html_to_latex` says."""
    return _read(text)[1]


def _read(text: str) -> tuple[str, bool]:
    while (once := _TWICE.sub("&", text)) != text:
        text = once
    text = _as_tags(text)
    builder = _Builder()
    position = 0
    for found in _TAG.finditer(text):
        builder.feed(text[position : found.start()].replace("<", "&lt;"))
        builder.feed(_known_tag(found))
        position = found.end()
    builder.feed(text[position:].replace("<", "&lt;"))
    builder.close()
    latex = _BEFORE_HYPHEN.sub(r"\1", " ".join(builder.result().split()))
    return latex, builder.is_guessed or bool(_COMMAND_AS_TEXT.search(latex))


def _as_tags(text: str) -> str:
    """Read pairs of tags that were encoded as text: ``&lt;i&gt;in vivo&lt;/i&gt;``."""
    closed = {found[2] for found in _ESCAPED_TAG.finditer(text) if found[1]}
    opened = {found[2] for found in _ESCAPED_TAG.finditer(text) if not found[1]}
    pairs = {tag for tag in closed & opened if _local(tag) in _COMMANDS}
    return _ESCAPED_TAG.sub(
        lambda found: f"<{found[1]}{found[2]}>" if found[2] in pairs else found[0], text
    )


def html_to_plain(text: str) -> str:
    """Return only the text, as a reader sees it."""
    return " ".join(decode(html_to_latex(text))[0].plain.split())


def tex_to_latex(text: str) -> str:
    """Even out TeX that is typed by hand, as in arXiv's titles; what cannot be read is escaped."""
    pieces = _MATH.split(" ".join(visible(text).split()))
    pieces[::2] = [_ACCENT.sub(_letter, _NEW_LINE.sub(" ", piece)) for piece in pieces[::2]]
    pieces[1::2] = [_evened(piece) for piece in pieces[1::2]]
    bare = [*pieces]
    bare[::2] = [_BARE.sub(_escaped, piece) for piece in pieces[::2]]
    if _is_sound("".join(bare)):
        return " ".join("".join(bare).split())
    bare[::2] = [
        new if _is_sound(new) else _spaced(old)
        for new, old in zip(bare[::2], pieces[::2], strict=True)
    ]
    return " ".join("".join(bare).split())


def _is_sound(latex: str) -> bool:
    is_closed = is_balanced(latex) and "\\{" not in latex and "\\}" not in latex
    return is_closed and is_tame(latex) and not decode(latex)[1]


def has_guessed_tex(text: str) -> bool:
    """Whether TeX has a formula or a command that :func:`tex_to_latex` keeps as text."""
    math = _MATH.split(visible(text))[1::2]
    latex = tex_to_latex(text)
    return bool(_COMMAND_AS_TEXT.search(latex)) or any(not readable_math(item) for item in math)


def _escaped(found: re.Match[str]) -> str:
    return _ESCAPES[found[0]]


def _letter(found: re.Match[str]) -> str:
    """Return a letter with its accent as itself."""
    read, issues = decode(found[0])
    return found[0] if issues or not read.plain.strip() else read.plain


def _evened(math: str) -> str:
    tex = readable_math(math)
    return f"${tex}$" if tex else plain_to_latex(math)


def _local(tag: str) -> str:
    return tag.rpartition(":")[2].lower()


def _known_tag(found: re.Match[str]) -> str:
    tag = _local(found[1])
    is_known = tag in _COMMANDS or tag in _MATHML or tag in _OTHER_TAGS or tag in _LEFT_OUT
    return found[0] if is_known else html.escape(found[0], quote=False)


class _Builder(HTMLParser):
    """Collects LaTeX while it reads HTML.

    Attributes:
        is_guessed: Whether there is a formula that may not be what its source says.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("")]
        self.is_guessed = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        if _local(tag) in _WITHOUT_END:
            self.open[-1].parts.append(" ")
        elif len(self.open) <= _DEEPEST:
            self.open.append(Element(_local(tag)))

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
        data = visible(html.unescape(data))
        element.data += data
        if any(item.tag in _TEX for item in self.open):
            element.parts.append(data)
        elif any(item.tag == "math" for item in self.open):
            element.parts.append(_spaced(data))
        else:
            for text, tex in divide(data):
                element.parts += [_spaced(text), f"${tex}$" if tex else ""]

    def result(self) -> str:
        """Return all that was collected."""
        while len(self.open) > 1:
            self._close_one()
        return "".join(self.open[0].parts)

    def _close_one(self) -> str:
        element = self.open.pop()
        parent = self.open[-1]
        if element.tag in _TEX:
            self._take_tex(element, parent)
        elif element.tag in _FORMULAS:
            self._take_formula(element, parent)
        else:
            parent.tex = parent.tex or element.tex
            parent.parts.append(_written(element))
        parent.children.append(element)
        return element.tag

    def _take_tex(self, element: Element, parent: Element) -> None:
        source = "".join(element.parts)
        tex = readable_math(source)
        if any(item.tag in _FORMULAS for item in self.open):
            parent.tex = parent.tex or tex
            parent.data += "" if tex else source
            self.is_guessed = self.is_guessed or not tex
        else:
            self.is_guessed = self.is_guessed or not tex
            parent.parts.append(f"${tex}$" if tex else _spaced(source))

    def _take_formula(self, element: Element, parent: Element) -> None:
        if element.tex:
            parent.parts.append(f"${element.tex}$")
        elif element.tag == "math" and not is_plain(element):
            tex = mathml_to_tex(element)
            self.is_guessed = self.is_guessed or not tex
            parent.parts.append(f"${tex}$" if tex else _written(element))
        else:
            written = _written(element)
            unread = element.data if element.tag != "math" else ""
            parent.parts.append(written if written.strip() else _spaced(unread))


def _spaced(data: str) -> str:
    """Escape text, but keep that it begins or ends with a space."""
    space = (" " if data[:1].isspace() else "", " " if data[-1:].isspace() else "")
    text = plain_to_latex(data)
    return space[0] + text + space[1] if text else space[0]


def _written(element: Element) -> str:
    text = "".join(element.parts)
    if element.tag in _LEFT_OUT:
        return ""
    if element.tag in _MATHML:
        parts = [part.strip() for part in element.parts if part.strip()]
        base, script = "".join(parts[:1]), "".join(parts[1:])
        return f"{base}\\{_MATHML[element.tag]}{{{script}}}" if script else base
    command = _COMMANDS.get(element.tag)
    if not command or not text.strip():
        return f" {text} " if element.tag in {"p", "title"} else text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}\\{command}{{{text.strip()}}}{after}"
