"""Parts of exported files cut out of what an earlier build wrote: these parts, or none."""

from pathlib import Path

import pytest

from labsite.parts import EXPORTS, keep_parts, read_parts, written

PARTS = ["TY  - JOUR\nTI  - Ünïcode 𝛼\n", "", "TY  - JOUR\n", "TY  - JOUR\n"]
DIGESTS = ["a", "b", "c", "d"]
FOUND = {("all.ris", digest): part for digest, part in zip(DIGESTS, PARTS, strict=True)}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    text = "[" + ",\n".join(PARTS) + "]"
    (tmp_path / "all.ris").write_bytes(text.encode())
    keep_parts(tmp_path / EXPORTS, DIGESTS, [written("all.ris", text, PARTS)])
    return tmp_path


def test_parts_are_cut_out_as_they_were_written(kept: Path) -> None:
    assert read_parts(kept / EXPORTS, kept) == FOUND


@pytest.mark.parametrize("name", ["all.ris", EXPORTS])
@pytest.mark.parametrize("damage", ["gone", "longer", "another"])
def test_no_part_comes_from_a_file_that_is_not_as_it_was_written(
    kept: Path, name: str, damage: str
) -> None:
    path = kept / name
    data = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(data + b"x" if damage == "longer" else data.replace(b"JOUR", b"BOOK") * 2)
    assert read_parts(kept / EXPORTS, kept) == {}
