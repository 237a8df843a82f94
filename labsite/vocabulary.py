"""The words of a bib file: entry types, fields, and which field each type needs.

Source: the biblatex manual 3.20, sections 2.1 (entry types) and 2.2 (fields), which contains
BibTeX's own; the last group of fields is this site's and is documented in
``maintaining/publications.md``.
"""

from __future__ import annotations

import re
from typing import Final

SITE_FIELDS: Final = frozenset(
    "abbr added award code data direction keeper model pdf poster preview retracted selected "
    "slides summary video".split()
)
"""Fields that only this site knows; exports leave them out."""

TOOL_FIELDS: Final = frozenset(
    "bibsource biburl bdsk-file-1 bdsk-url-1 bdsk-url-2 copyright creationdate date-added "
    "acmid adsnote adsurl articleno collaboration date-modified file groups issue_date "
    "mendeley-groups mendeley-tags modificationdate mrclass mrnumber mrreviewer numpages "
    "owner pmcid pmid reportnumber timestamp zblnumber".split()
)
"""What DBLP, Zotero, JabRef, BibDesk, Mendeley, ACM, ADS, INSPIRE, MathSciNet and zbMATH add for
themselves; nothing shows or exports it (``file`` holds paths of somebody's computer)."""
_NUMBERED: Final = re.compile(r"bdsk-(?:file|url)-[0-9]+")


def is_tool_field(name: str) -> bool:
    """Whether a field is one of :data:`TOOL_FIELDS`; BibDesk counts its own."""
    return name in TOOL_FIELDS or bool(_NUMBERED.fullmatch(name))


BIBLATEX_FIELDS: Final = frozenset(
    "abstract addendum address afterword annotation annote annotator author author+an authortype "
    "bookauthor bookpagination booksubtitle booktitle booktitleaddon chapter commentator crossref "
    "date day doi edition editor editor+an editora editorb editorc editortype eid entryset "
    "entrysubtype eprint eprintclass eprinttype eprinttype archiveprefix primaryclass "
    "eventdate eventtitle eventtitleaddon execute "
    "foreword gender holder howpublished ids indextitle institution introduction isan isbn "
    "ismn isrn issn issue issuesubtitle issuetitle issuetitleaddon iswc journal journalsubtitle "
    "journaltitle journaltitleaddon key keywords label langid langidopts language library location "
    "mainsubtitle maintitle maintitleaddon month nameaddon note number options organization "
    "origdate origlanguage origlocation origpublisher origtitle pages pagetotal pagination part "
    "pdf presort publisher pubstate related relatedoptions relatedstring relatedtype reprinttitle "
    "school series shortauthor shorteditor shorthand shorthandintro shortjournal shortseries "
    "shorttitle sortkey sortname sortshorthand sorttitle sortyear subtitle title titleaddon "
    "translator type url urldate urlyear venue version volume volumes xdata xref "
    "year usera userb userc userd usere userf verba verbb verbc lista listb "
    "listc listd liste listf namea nameb namec".split()
)

FIELDS: Final = BIBLATEX_FIELDS | SITE_FIELDS | TOOL_FIELDS

KIND_OF_TYPE: Final = {
    "article": "article",
    "suppperiodical": "article",
    "periodical": "other",
    "review": "article",
    "inproceedings": "paper",
    "conference": "paper",
    "proceedings": "book",
    "mvproceedings": "book",
    "incollection": "chapter",
    "inbook": "chapter",
    "suppbook": "chapter",
    "suppcollection": "chapter",
    "inreference": "chapter",
    "book": "book",
    "mvbook": "book",
    "bookinbook": "book",
    "booklet": "book",
    "collection": "book",
    "mvcollection": "book",
    "reference": "book",
    "mvreference": "book",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "techreport": "report",
    "report": "report",
    "manual": "report",
    "dataset": "dataset",
    "software": "software",
    "online": "other",
    "electronic": "other",
    "www": "other",
    "misc": "other",
    "unpublished": "preprint",
    "patent": "other",
    "artwork": "other",
    "audio": "other",
    "image": "other",
    "video": "other",
    "movie": "other",
    "music": "other",
    "performance": "other",
    "commentary": "other",
    "jurisdiction": "other",
    "legislation": "other",
    "legal": "other",
    "letter": "other",
    "standard": "report",
    "xdata": "other",
    "set": "other",
}
"""Entry type → a key of :data:`labsite.model.KINDS`."""

_PUBLISHED: Final = (("author", "editor"), ("title",), ("year", "date"))
_MADE_BY: Final = ("author", "editor", "organization", "institution", "howpublished")
"""Of a website or a standard no person need be known."""
REQUIRED: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "article": (("author",), ("title",), ("journal", "journaltitle"), ("year", "date")),
    "inproceedings": (("author",), ("title",), ("booktitle", "crossref"), ("year", "date")),
    "conference": (("author",), ("title",), ("booktitle", "crossref"), ("year", "date")),
    "incollection": (("author",), ("title",), ("booktitle", "crossref"), ("year", "date")),
    "phdthesis": (("author",), ("title",), ("school", "institution"), ("year", "date")),
    "mastersthesis": (("author",), ("title",), ("school", "institution"), ("year", "date")),
    "thesis": (("author",), ("title",), ("institution", "school"), ("year", "date")),
    "techreport": (("author",), ("title",), ("institution",), ("year", "date")),
    "online": (_MADE_BY, ("title",), ("year", "date")),
    "electronic": (_MADE_BY, ("title",), ("year", "date")),
    "www": (_MADE_BY, ("title",), ("year", "date")),
    "misc": (_MADE_BY, ("title",), ("year", "date")),
    "standard": (_MADE_BY, ("title",), ("year", "date")),
    "manual": (_MADE_BY, ("title",), ("year", "date")),
    "proceedings": (("title",), ("year", "date")),
    "periodical": (("title",), ("year", "date")),
}
"""Entry type → the fields it needs; of each group one is enough."""


def required_fields(entry_type: str) -> tuple[tuple[str, ...], ...]:
    """Return the groups of fields an entry of this type needs, one of each group."""
    return REQUIRED.get(entry_type, _PUBLISHED)


UNLISTED_TYPES: Final = frozenset({"xdata", "set"})
"""Types that hold data for other entries and are no publications."""

RESERVED_KEYS: Final = frozenset({"index", "all", "atom", "feed", "search", "genindex", "undated"})
"""Names in ``publications/`` that belong to the site itself, besides ``undated-2`` and so on."""

RESERVED_IDS: Final = frozenset({"index", "search", "genindex"})
"""Names beside people's pages that belong to the site itself."""

WINDOWS_DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever ending they have."""
_UNDATED_PART: Final = re.compile(r"undated-\d+", re.IGNORECASE)


def is_reserved_key(key: str) -> bool:
    """Whether no publication's page can have a key's name: the site or Windows has a use for it."""
    others = WINDOWS_DEVICE.fullmatch(key) or _UNDATED_PART.fullmatch(key)
    return key.lower() in RESERVED_KEYS or others is not None


def is_reserved_id(text: str) -> bool:
    """Whether the site itself, or Windows, has another use for the name of a page."""
    return text in RESERVED_IDS or bool(WINDOWS_DEVICE.fullmatch(text))
