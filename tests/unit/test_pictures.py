"""Pictures of a build: variants of what can be used, a message about what cannot."""

from pathlib import Path

import pytest
from PIL import Image

from labsite.images import make_picture
from labsite.pictures import FOLDER, PLACES, Pictures
from labsite.variants import ImageProblem, Place

SMALL = Place((20, 40))


@pytest.fixture
def site(tmp_path: Path) -> Pictures:
    """A site with a good picture, a broken one and one of a wrong ending."""
    root, image = tmp_path / "site", Image.linear_gradient("L").convert("RGB")
    (root / "photos").mkdir(parents=True)
    image.save(root / "photos" / "good.png")
    image.save(root / "wrong.jpg", "PNG")
    (root / "broken.png").write_bytes((root / "photos" / "good.png").read_bytes()[:60])
    (root / "text.png").write_text("no picture", encoding="utf-8")
    return Pictures(root, tmp_path / "out")


def in_folder(site: Pictures) -> set[str]:
    return {f"{FOLDER}/{path.name}" for path in site.folder.glob("*")}


def test_a_picture_gets_variants_in_the_folder_of_pictures(site: Pictures, tmp_path: Path) -> None:
    picture = site.get("photos/good.png", SMALL)
    assert picture
    assert picture.fallback[-1].width == picture.width == 40
    assert site.folder == tmp_path / "out" / "_images"
    assert site.files() == in_folder(site) != set()
    assert list(site.problems("photos/good.png", SMALL)) == []


@pytest.mark.parametrize("place", PLACES)
def test_every_place_has_its_name(site: Pictures, place: str) -> None:
    picture = site.get("photos/good.png", place)
    assert picture
    assert picture == site.get(site.root / "photos" / "good.png", PLACES[place])
    assert picture.sizes == PLACES[place].sizes
    assert picture.width <= max(PLACES[place].widths)


@pytest.mark.parametrize("path", ["", "missing.png", "broken.png", "text.png", "photos"])
def test_what_cannot_be_used_is_none(site: Pictures, path: str) -> None:
    assert site.get(path, SMALL) is None
    assert site.files() == in_folder(site) == set()


@pytest.mark.parametrize("path", ["missing.png", "broken.png", "text.png", "photos"])
def test_what_cannot_be_used_is_told_every_time(site: Pictures, path: str) -> None:
    site.get(path, SMALL)
    (problem,), (again,) = site.problems(path, SMALL), site.problems(path, SMALL)
    assert isinstance(problem, ImageProblem)
    assert problem is again
    assert Path(path).name in problem.what
    assert problem.remedy


def test_what_is_not_what_it_seems_is_used_and_told(site: Pictures) -> None:
    assert site.get("wrong.jpg", SMALL)
    (problem,) = site.problems("wrong.jpg", SMALL)
    assert "PNG" in f"{problem.what} {problem.remedy}"


def test_a_drawing_under_another_name_is_used_and_told(site: Pictures) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    (site.root / "plan.png").write_text(svg, encoding="utf-8")
    assert site.get("plan.png", SMALL)
    (problem,) = site.problems("plan.png", SMALL)
    assert problem.remedy == "Rename it to 'plan.svg'."


def test_each_picture_is_made_once_for_each_place(
    site: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[str, Place]] = []

    def counted(source: Path, place: Place, folder: Path) -> object:
        made.append((source.name, place))
        return make_picture(source, place, folder)

    monkeypatch.setattr("labsite.images.make_picture", counted)
    for place in (SMALL, "portrait", PLACES["portrait"]):
        for path in ("photos/good.png", "photos/../photos/good.png", "missing.png"):
            site.get(path, place)
            list(site.problems(path, place))
    names = ("good.png", "missing.png")
    assert made == [(name, place) for place in (SMALL, PLACES["portrait"]) for name in names]


def test_the_files_are_those_of_all_pictures_asked_for(site: Pictures) -> None:
    assert site.files() == set()
    site.get("photos/good.png", SMALL)
    first = site.files()
    site.get("photos/good.png", Place((30,)))
    site.get("wrong.jpg", SMALL)
    assert first < site.files() == in_folder(site)
