"""What there is to say and to take over if a new entry is another version of one that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from labsite.identifiers import Identifier

if TYPE_CHECKING:
    from collections.abc import Sequence

    from labsite.duplicates import Known
    from labsite.entries import Entry
    from labsite.found import Found
    from labsite.model import Publication

_OWN: Final = ("selected", "summary", "award", "preview", "code", "data", "model", "video")
"""What somebody has written for one version, and may mean for the other."""


def taken_direction(related: Sequence[str], entries: Sequence[Entry]) -> tuple[str, str]:
    """Return the directions of the first other version that has some, and its key."""
    found = (
        (entry.get("direction"), entry.key)
        for key in related
        for entry in entries
        if entry.key == key and entry.get("direction")
    )
    return next(found, ("", ""))


def version_notes(
    pub: Publication,
    related: Sequence[str],
    known: Sequence[Known],
    entries: Sequence[Entry],
    publications: Sequence[Publication],
) -> list[str]:
    """Say what the new entry is a version of, and what stands with that one."""
    notes = []
    for other in (item.pub for item in known if item.pub.key in related and item.is_version):
        where = f"{other.key} at {other.source.path}:{other.source.line}"
        if pub.kind == "preprint":
            notes.append(f"This is the preprint of {where}: they are related as versions.")
            if pub.eprint and not other.eprint:
                link = f"eprint = {{{pub.eprint[1]}}}, eprinttype = {{{pub.eprint[0].lower()}}}"
                notes.append(f"It needs no entry of its own if {other.key} gets {link}.")
        else:
            notes.append(f"This is the published version of {where}: they are related as versions.")
            notes += _habit(other, publications)
    for entry in (entry for key in related for entry in entries if entry.key == key):
        if own := [name for name in _OWN if entry.get(name)]:
            verb = "stands" if len(own) == 1 else "stand"
            notes.append(f"{', '.join(own)} {verb} with {entry.key}: move here what belongs here.")
    return notes


def _habit(preprint: Publication, publications: Sequence[Publication]) -> list[str]:
    """Say how to have one entry for both, if that is what most papers here have."""
    papers = [pub for pub in publications if pub.kind != "preprint"]
    preprints = {pub.key: pub for pub in publications if pub.kind == "preprint"}
    named = {item.key for pub in papers for item in pub.related}
    in_one = sum(bool(pub.eprint) for pub in papers)
    in_two = sum(bool(pub.related) or key in named for key, pub in preprints.items())
    if not preprint.eprint or in_one <= in_two:
        return []
    number, archive = preprint.eprint[1], preprint.eprint[0].lower()
    fields = f"eprint = {{{number}}}, eprinttype = {{{archive}}}, ids = {{{preprint.key}}}"
    return [
        f"Most papers here have one entry for both. For that, delete {preprint.key}, and write "
        f"{fields} here, without related and relatedtype."
    ]


def unlisted(found: Found, related: Sequence[str]) -> tuple[str, str]:
    """Return which other versions the record names that have no entry: a note, and a doubt."""
    own = {Identifier("doi", found.doi), Identifier("arxiv", found.eprint[1])}
    others = [item for item in found.others if item not in own]
    if related or not others:
        return "", ""
    if found.is_preprint:
        named = " and ".join(map(str, others))
        hint = f"`python -m labsite add {others[0]}` adds that."
        return "", f"It has been published as {named}. {hint}"
    named = ", ".join(str(item) for item in others if item.kind == "doi")
    return (f"The record names another version of it, {named}." if named else ""), ""
