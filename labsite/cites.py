"""``{cite}`` without a ``bibliography`` directive, and sphinxcontrib-bibtex fed with our records.

sphinxcontrib-bibtex keeps its roles, its reference styles and, in pages that use them, its
``bibliography`` and ``footcite``. What is replaced is where entries come from (our loader, which
loses nothing) and where a citation leads (the publication's place on this site).

The contract with sphinxcontrib-bibtex 2.7 that this rests on, pinned by tests:
``BibtexDomain.data["bibdata"]`` is trusted when its files and times match; ``citations`` and
``bibliographies`` are looked up by ``resolve_xref``; ``env_updated`` refills ``citations``.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

import pybtex.errors
from docutils import nodes
from pybtex.backends.plaintext import Backend as PlaintextBackend
from pybtex.bibtex.utils import split_name_list
from pybtex.database import BibliographyData
from pybtex.database import Entry as BibtexEntry
from pybtex.database import Person as BibtexName
from pybtex.plugin import register_plugin
from pybtex.richtext import Text
from pybtex.style import FormattedEntry
from sphinxcontrib.bibtex.bibfile import BibData, BibFile, get_mtime
from sphinxcontrib.bibtex.citation_target import parse_citation_targets
from sphinxcontrib.bibtex.directives import BibliographyKey, BibliographyValue
from sphinxcontrib.bibtex.domain import BibtexDomain, Citation
from sphinxcontrib.bibtex.plugin import register_plugin as register_style
from sphinxcontrib.bibtex.roles import CiteRole
from sphinxcontrib.bibtex.style.referencing import BracketStyle, PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

from labsite.diagnostics import Problem, suggest
from labsite.domain import LabsiteDomain
from labsite.vocabulary import KIND_OF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sphinx.addnodes import pending_xref
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from labsite.entries import Entry
    from labsite.model import Author, Publication

REFERENCE_STYLE: Final = "author_year_round"
"""Name of :class:`AuthorYearRound` for ``bibtex_reference_style``."""

_STANDARD_TYPES: Final = frozenset(
    "article book booklet inbook incollection inproceedings manual mastersthesis misc phdthesis "
    "proceedings techreport unpublished".split()
)


class AuthorYearRound(AuthorYearReferenceStyle):
    """(Sun et al., 2025) and Sun et al. (2025)."""

    def __init__(self) -> None:
        round_brackets = BracketStyle(left="(", right=")")
        super().__init__(
            bracket_textual=round_brackets,
            bracket_parenthetical=BracketStyle(left="(", right=")", sep="; "),
            bracket_author=round_brackets,
            bracket_label=round_brackets,
            bracket_year=round_brackets,
            person=PersonStyle(other=" et al."),
        )


def register_styles() -> None:
    """Make our reference style known, and pybtex's plaintext backend quick to find.

    ``pybtex.plugin.find_plugin`` scans all installed packages unless a plugin is registered; it is
    called for every citation.
    """
    register_style("sphinxcontrib.bibtex.style.referencing", REFERENCE_STYLE, AuthorYearRound)
    register_plugin("pybtex.backends", "plaintext", PlaintextBackend, force=True)


class LineCiteRole(CiteRole):
    """``{cite}`` that knows its line also in Markdown."""

    def result_nodes(
        self, document: nodes.document, env: BuildEnvironment, node: nodes.Element, is_ref: bool
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Note the citation with the role's own line (MyST keeps none in the document)."""
        try:
            list(parse_citation_targets(self.target))
        except ValueError:
            what = f"{self.target!r} cannot be read as what to cite."
            remedy = "Write key, or key,key, or {see}key{p. 3}."
            path = str(env.doc2path(env.docname))
            problem = Problem(path, self.lineno, "reference", what, remedy)
            LabsiteDomain.of(env).note_problem(problem)
            return [nodes.inline("", f"[{self.target}?]", classes=["ls-missing"])], []
        refs = cite_domain(env).citation_refs
        found, messages = super().result_nodes(  # type: ignore[no-untyped-call]
            document, env, node, is_ref
        )
        refs[-1] = refs[-1]._replace(line=self.lineno)
        return found, messages


class CiteDomain(BibtexDomain):
    """The ``cite`` domain with the whole bibliography as its target."""

    roles: ClassVar = {name: LineCiteRole() for name in BibtexDomain.roles}
    _resolving: list[Citation] | None = None

    @property
    def citations(self) -> list[Citation]:
        """All citations; while one ``{cite}`` is resolved, its own in the order written."""
        return self._resolving if self._resolving is not None else self.data["citations"]

    def load(self, entries: Mapping[Path, tuple[Entry, ...]], encoding: str = "utf-8-sig") -> None:
        """Take over parsed entries, so that sphinxcontrib-bibtex finds its cache up to date."""
        wanted = _WantedEntries(entries)
        data = BibliographyData()
        data.entries = wanted
        files = {
            path: BibFile(get_mtime(path), cast("dict[str, None]", _Keys(wanted, path)))
            for path in entries
        }
        self.data["bibdata"] = BibData(encoding, files, data)

    def env_updated(self) -> Iterable[str]:
        """Format the stock bibliographies of pages that have one, then add our own targets."""
        labsite = LabsiteDomain.of(self.env)
        for place in [place for place in self.bibliographies if place.id_ == _LIST_ID]:
            del self.bibliographies[place]
        stale = list(super().env_updated())
        for key, pub in _cited(self, labsite):
            page, anchor = labsite.publication_page(pub)
            place = BibliographyKey(docname=page, id_=_LIST_ID)
            self.bibliographies.setdefault(place, _EMPTY_BIBLIOGRAPHY)
            self.citations.append(_citation(pub, key, place, anchor))
        return stale

    def check(self) -> Iterator[Problem]:
        """Yield every citation of a key that does not exist, on every build."""
        known = {citation.key for citation in self.citations}
        for ref in self.citation_refs:
            for target in ref.targets:
                if target.key not in known:
                    path = str(self.env.doc2path(ref.docname))
                    store = LabsiteDomain.of(self.env).store
                    remedy = suggest(target.key, store.by_key) or "Add it to the bibliography."
                    what = f"There is no publication {target.key!r} to cite."
                    yield Problem(path, ref.line or 1, "reference", what, remedy)

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference:
        """Resolve the keys that exist; the others stay visible (:meth:`check` reports them)."""
        known = {citation.key for citation in self.citations}
        targets = list(parse_citation_targets(target))
        found = [item for item in targets if item.key in known]
        missing = [item.key for item in targets if item.key not in known]
        result = nodes.inline(classes=["ls-cite"])
        if found:
            order = {item.key: index for index, item in enumerate(found)}
            cited = [citation for citation in self.citations if citation.key in order]
            self._resolving = sorted(cited, key=lambda citation: order[citation.key])
            written = ",".join(map(_written, found))
            try:
                result += super().resolve_xref(
                    env, fromdocname, builder, typ, written, node, contnode
                )
            finally:
                self._resolving = None
        if missing:
            result += nodes.inline("", f"[{', '.join(missing)}?]", classes=["ls-missing"])
        return cast("nodes.reference", result)  # any inline node will do (sphinx.domains)


class _WantedEntries(Mapping[str, BibtexEntry]):
    """Entries for sphinxcontrib-bibtex, which wants few of them: each is converted when asked for.

    Keys are found without regard to case; of two with one key the first counts. In Sphinx's pickle
    they are empty: the next build loads its own.
    """

    def __init__(self, files: Mapping[Path, tuple[Entry, ...]]) -> None:
        self._files = files
        self._made: dict[str, BibtexEntry] = {}

    @cached_property
    def _by_key(self) -> dict[str, tuple[Path, Entry]]:
        found: dict[str, tuple[Path, Entry]] = {}
        for path, entries in self._files.items():
            for entry in entries:
                found.setdefault(entry.key.lower(), (path, entry))
        return found

    @cached_property
    def keys_of(self) -> dict[Path, dict[str, None]]:
        """File → its keys."""
        keys: dict[Path, dict[str, None]] = {path: {} for path in self._files}
        for path, entry in self._by_key.values():
            keys[path][entry.key] = None
        return keys

    def __getitem__(self, key: str) -> BibtexEntry:
        _, entry = self._by_key[key.lower()]
        if entry.key not in self._made:
            self._made[entry.key] = _bibtex_entry(entry)
        return self._made[entry.key]

    def __iter__(self) -> Iterator[str]:
        return (entry.key for _, entry in self._by_key.values())

    def __len__(self) -> int:
        return len(self._by_key)

    def __reduce__(self) -> tuple[type, tuple[()]]:
        return dict, ()


class _Keys(Mapping[str, None]):
    """The keys of one file, as :class:`_WantedEntries`."""

    def __init__(self, entries: _WantedEntries, path: Path) -> None:
        self._entries, self._path = entries, path

    def __getitem__(self, key: str) -> None:
        return self._entries.keys_of[self._path][key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries.keys_of[self._path])

    def __len__(self) -> int:
        return len(self._entries.keys_of[self._path])

    def __reduce__(self) -> tuple[type, tuple[()]]:
        return dict, ()


_LIST_ID: Final = "labsite"
_EMPTY_BIBLIOGRAPHY: Final = BibliographyValue(
    line=1,
    bibfiles=[],
    style="plain",
    list_="citation",
    enumtype="arabic",
    start=1,
    labelprefix="",
    keyprefix="",
    filter_=ast.parse("False"),
    citation_nodes={},
    keys=[],
)


def cited_keys(domain: BibtexDomain, docname: str) -> tuple[str, ...]:
    """Return the keys that a page cites, in order, each once."""
    keys = (
        target.key
        for ref in domain.citation_refs
        if ref.docname == docname
        for target in ref.targets
    )
    return tuple(dict.fromkeys(keys))


def citing_pages(domain: BibtexDomain) -> dict[str, set[str]]:
    """Return key → the pages that cite it."""
    found: dict[str, set[str]] = {}
    for ref in domain.citation_refs:
        for target in ref.targets:
            found.setdefault(target.key, set()).add(ref.docname)
    return found


def _cited(domain: BibtexDomain, labsite: LabsiteDomain) -> list[tuple[str, Publication]]:
    """Return every key that is cited, also an earlier one, with its publication."""
    by_key = labsite.store.by_key
    return [(key, by_key[key]) for key in sorted(citing_pages(domain)) if key in by_key]


def _written(target: Any) -> str:
    pre = f"{{{target.pre}}}" if target.pre else ""
    post = f"{{{target.post}}}" if target.post else ""
    return f"{pre}{target.key}{post}"


def _citation(pub: Publication, key: str, place: BibliographyKey, anchor: str) -> Citation:
    """Make the target of a citation: what the reference styles need of an entry, and no more."""
    who, year = pub.author_year
    names = [_bibtex_name(author) for author in pub.authors or pub.editors]
    if pub.others:  # three names make "et al."
        names += [BibtexName(last="others")] * (3 - min(len(names), 3))
    persons = {"author": names or [BibtexName(last=_protected(who))]}
    entry = BibtexEntry("article", fields={"year": year, "title": pub.title.plain}, persons=persons)
    entry.key = key
    formatted = FormattedEntry(key, Text(pub.title.plain), f"{who}, {year}")
    return Citation(anchor, place, key, entry, formatted, formatted)


def _bibtex_name(author: Author) -> BibtexName:
    return BibtexName(
        prelast=_protected(author.name.prefix),
        last=_protected(author.name.family),
        first=_protected(author.name.given),
    )


def _protected(text: str) -> str:
    """Write plain text as one BibTeX word."""
    return f"{{{text}}}" if text else ""


def _bibtex_entry(entry: Entry) -> BibtexEntry:
    """Convert an entry for the stock ``bibliography`` directive.

    Types that its styles do not know become ``misc``; titles are braced, so that the styles keep
    their capitals.
    """
    known = entry.type if entry.type in _STANDARD_TYPES else _fallback_type(entry.type)
    values = {name: field.value for name, field in entry.fields.items()}
    persons = {}
    with pybtex.errors.capture():  # malformed names are reported by the loader
        for role in ("author", "editor"):
            if names := values.pop(role, ""):
                persons[role] = [BibtexName(name) for name in split_name_list(names)]
    if title := values.get("title"):
        values["title"] = f"{{{title}}}"
    converted = BibtexEntry(known, fields=values, persons=persons)
    converted.key = entry.key
    return converted


def _fallback_type(entry_type: str) -> str:
    kinds = {"article": "article", "paper": "inproceedings", "chapter": "incollection"}
    return kinds.get(KIND_OF_TYPE.get(entry_type, ""), "misc")


def cite_domain(env: BuildEnvironment) -> CiteDomain:
    """Return the ``cite`` domain of an environment."""
    return cast("CiteDomain", env.get_domain("cite"))
