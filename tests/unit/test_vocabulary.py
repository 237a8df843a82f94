"""The words of a bib file: consistent with each other, and complete for what the site promises."""

import pytest

from labsite.model import KINDS
from labsite.vocabulary import (
    FIELDS,
    KIND_OF_TYPE,
    REQUIRED,
    RESERVED_KEYS,
    SITE_FIELDS,
    UNLISTED_TYPES,
    required_fields,
)

BIBTEX_TYPES = (
    "article book booklet conference inbook incollection inproceedings manual mastersthesis misc "
    "phdthesis proceedings techreport unpublished"
)
BIBTEX_FIELDS = (
    "address annote author booktitle chapter crossref edition editor howpublished institution "
    "journal key month note number organization pages publisher school series title type volume "
    "year"
)
PROMISED_FIELDS = (
    "direction abbr selected award code data pdf slides poster video preview summary abstract "
    "added retracted related relatedtype ids author+an eprint eprinttype eprintclass doi addendum "
    "keywords entrysubtype url date"
)


@pytest.mark.parametrize("entry_type", BIBTEX_TYPES.split())
def test_every_bibtex_type_is_known(entry_type: str) -> None:
    assert entry_type in KIND_OF_TYPE


@pytest.mark.parametrize("name", [*BIBTEX_FIELDS.split(), *PROMISED_FIELDS.split()])
def test_every_bibtex_field_and_every_promised_one_is_known(name: str) -> None:
    assert name in FIELDS


def test_every_type_is_of_a_known_kind() -> None:
    assert set(KIND_OF_TYPE.values()) <= set(KINDS)
    assert set(REQUIRED) <= set(KIND_OF_TYPE)
    assert set(UNLISTED_TYPES) <= set(KIND_OF_TYPE)


def test_required_fields_are_known_ones() -> None:
    for entry_type in KIND_OF_TYPE:
        for names in required_fields(entry_type):
            assert names
            assert set(names) <= FIELDS


def test_a_title_and_a_year_are_always_needed() -> None:
    for entry_type in [*KIND_OF_TYPE, "nosuchtype"]:
        needed = required_fields(entry_type)
        assert ("title",) in needed
        assert ("year", "date") in needed


def test_words_are_in_lower_case() -> None:
    for words in (FIELDS, KIND_OF_TYPE, RESERVED_KEYS):
        assert all(word == word.lower() for word in words)


@pytest.mark.parametrize(
    "name", ["author", "title", "year", "doi", "eprint", "abstract", "related"]
)
def test_what_others_can_use_is_no_field_of_this_site_only(name: str) -> None:
    assert name not in SITE_FIELDS
