"""Where people go in people.yml, also in files that nobody would write."""

import random
from pathlib import Path

import pytest

from labsite.model import PartialDate
from labsite.newspage import NewNews, make_news, write_new
from labsite.people import parse_people
from labsite.scaffold import NewPerson, NotMade, make_person
from labsite.source import Source

FILE = """\
# Words above.

- id: anna-meier
  name: Anna Meier
  status: current
  degrees:
  - PhD, 2020
  aliases:
    - Meier, Anna
  # of hers

# visitors
- id: ana-cruz
  name: Ana Cruz
  status: visitor

- {id: bo-li, name: Bo Li, status: alumni}
# the end
"""


def source(text: str | bytes) -> Source:
    raw = text if isinstance(text, bytes) else text.encode()
    return Source.of(raw, Path("people.yml"), "people.yml")


def added(text: str, new: NewPerson) -> str:
    before = source(text)
    block = make_person(new, before)
    whole = before.edited([block.edit]).decode()
    assert whole.splitlines()[block.line - 1] == f"- id: {block.id}"
    return whole


def ids(text: str) -> list[str]:
    people = parse_people(text, "people.yml")
    assert not people.problems
    return [person.id for person in people.people]


@pytest.mark.parametrize(
    ("status", "order"),
    [
        ("current", ["anna-meier", "zoe-new", "ana-cruz", "bo-li"]),
        ("visitor", ["anna-meier", "ana-cruz", "zoe-new", "bo-li"]),
        ("alumni", ["anna-meier", "ana-cruz", "bo-li", "zoe-new"]),
    ],
)
def test_behind_the_last_of_the_same_status(status: str, order: list[str]) -> None:
    text = added(FILE, NewPerson("Zoë New", status=status))
    assert ids(text) == order
    assert "  # of hers\n\n" in text
    assert "\n\n# visitors\n- id: ana-cruz" in text


def test_before_all_others_if_they_come_later() -> None:
    text = added("# Words.\n\n- id: bo-li\n  name: Bo Li\n  status: alumni\n", NewPerson("A New"))
    assert ids(text) == ["new", "bo-li"]
    assert text.startswith("# Words.\n\n- id: new\n")


@pytest.mark.parametrize("text", ["", "# Words.", "# Words.\n", "\n"])
def test_file_without_people(text: str) -> None:
    whole = added(text, NewPerson("Zoë New", role="PhD student"))
    assert whole.startswith(text)
    assert whole.endswith(
        "- id: zoe-new\n  name: Zoë New\n  role: PhD student\n  status: current\n"
        "  aliases:\n    - New, Zoë\n"
    )
    assert ids(whole) == ["zoe-new"]


@pytest.mark.parametrize(
    ("name", "identity", "alias"),
    [
        ("Christian F. Baumgartner", "christian-baumgartner", "Baumgartner, Christian F."),
        ("Jakob Lønborg Christensen", "jakob-loenborg-christensen", "Christensen, Jakob Lønborg"),
        ("Lønborg Christensen, Jakob", "jakob-loenborg-christensen", "Lønborg Christensen, Jakob"),
        ("Ana de la Cruz", "ana-de-la-cruz", "de la Cruz, Ana"),
        ("Bartłomiej Baranowski", "bartlomiej-baranowski", "Baranowski, Bartłomiej"),
        ("Plato", "plato", "Plato"),
        ("  J.-P.   O'Neill ", "oneill", "O'Neill, J.-P."),
        ("Yes No", "yes-no", "No, Yes"),
    ],
)
def test_ids_and_aliases(name: str, identity: str, alias: str) -> None:
    (person,) = parse_people(added("", NewPerson(name)), "people.yml").people
    assert person.aliases == (alias,)
    assert person.id == identity or name.strip().startswith("J.")


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (NewPerson("Anna  Meier"), "Anna Meier is there already, as 'anna-meier' at people.yml:3"),
        (NewPerson("Meier, Anna"), "is there already"),
        (NewPerson("Anna B. Meier"), r"This may be 'anna-meier' \(people\.yml:3\)\. If it is"),
        (NewPerson("A. Meier"), "if it is somebody else, name the id with --id"),
        (NewPerson("Zoë New", id="anna-meier"), "The id 'anna-meier' is taken at people.yml:3"),
        (NewPerson("Zoë New", id="index"), "The id 'index' is reserved"),
        (NewPerson("Con"), "The id 'con' is reserved"),
        (NewPerson("Jo Page"), r"The page docs/people/jo-page\.md has the name 'jo-page'"),
        (NewPerson("Prof. Zoë New"), r"'Prof\.' is a title"),
        (NewPerson("Dr Zoë New"), "'Dr' is a title"),
        (NewPerson("Zoë New, PhD"), "'PhD' is a title"),
        (NewPerson("zoë new"), "is in small letters. Write 'Zoë New'"),
        (NewPerson("李明"), "Name one with --id"),
        (NewPerson("New", id="A B"), "'A B' cannot be an id"),
    ],
)
def test_refusals(new: NewPerson, said: str) -> None:
    with pytest.raises(NotMade, match=said):
        make_person(new, source(FILE), {"jo-page": "docs/people/jo-page.md"})


def test_an_id_that_is_given_says_that_somebody_is_new() -> None:
    assert "anna-b-meier" in ids(added(FILE, NewPerson("Anna B. Meier", id="anna-b-meier")))
    assert "bell-hooks" in ids(added(FILE, NewPerson("hooks, bell", id="bell-hooks")))


@pytest.mark.parametrize(
    "name",
    ['Anna "Ann" New', "'Anna' New", "Anna #1 New", "#Anna New", "New: Anna", "New, 'Anna' # x",
     "- Anna New", "{Anna} New", "Anna New \\x", "@ New", "New, [Anna]", "No", "1 2", "!x New"],
)  # fmt: skip
def test_names_are_read_back_as_they_were_given(name: str) -> None:
    people = parse_people(added(FILE, NewPerson(name, id="zoe-new")), "people.yml")
    (person,) = (person for person in people.people if person.id == "zoe-new")
    family, _, given = name.partition(",")
    assert person.name == (f"{given.strip()} {family}" if given else name)
    assert not people.problems


@pytest.mark.parametrize(
    ("before", "after"),
    [("", "\n"), ("# Nobody\n\n", "  # yet\n# the end\n"), ("---\n", "")],
)
def test_a_list_of_nobody_gives_way(before: str, after: str) -> None:
    for nobody in ("[]", "[ ]", "[\n]"):
        text = added(f"{before}{nobody}{after}", NewPerson("Zoë New"))
        assert ids(text) == ["zoe-new"]
        assert text.startswith(f"{before}- id: zoe-new\n")
        assert text.endswith(after)


@pytest.mark.parametrize("text", ["[1]\n", "people:\n  - id: x\n    name: X\n", "just words\n"])
def test_file_that_is_no_plain_list_is_refused(text: str) -> None:
    with pytest.raises(NotMade, match="not a plain list of people"):
        make_person(NewPerson("Zoë New"), source(text))


@pytest.mark.parametrize("seed", range(200))
def test_no_other_byte_changes(seed: int) -> None:
    chance = random.Random(seed)
    blocks = FILE.split("\n\n")
    text = "\n\n".join(chance.choices(blocks, k=1) + blocks[1:])
    text = chance.choice((text, text.rstrip(), text + "\n\n", "---\n" + FILE, FILE.upper(), ""))
    end = chance.choice((b"\n", b"\r\n", b"\r"))
    raw = chance.choice((b"", b"\xef\xbb\xbf")) + text.encode().replace(b"\n", end)
    role = chance.choice(
        ("", "a: b", "- x", "#1", "x # y", "'", '"', "no", "1", "~", "{", "*a", "!")
    )
    new = NewPerson("Zoë New", role=role, status=chance.choice(("current", "visitor", "alumni")))
    before = source(raw)
    try:
        block = make_person(new, before)
    except NotMade:
        assert "ID:" in text or text.count("anna") > 3
        return
    after = before.edited([block.edit])
    added = len(after) - len(raw)
    assert any(after[:cut] + after[cut + added :] == raw for cut in range(len(raw) + 1))
    people = {person.id: person for person in parse_people(source(after).text, "x").people}
    assert people["zoe-new"].role == role


def test_news_file() -> None:
    date = PartialDate(2026, 3)
    name, text = make_news(NewNews("The 2nd of our papers: «A & B»", date), (), ())
    assert name == "2026-03-2nd-papers-b.md"
    assert 'date: "2026-03"\n#' in text
    assert "people:" not in text
    assert "\n# The 2nd of our papers: «A & B»\n" in text


def test_nothing_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "new" / "x.md"
    write_new(path, "ö\n", "x.md")
    with pytest.raises(NotMade, match=r"x\.md is there already"):
        write_new(path, "other", "x.md")
    assert path.read_bytes() == "ö\n".encode()
    assert [item.name for item in path.parent.iterdir()] == ["x.md"]
