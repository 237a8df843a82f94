"""``people.yml``: every slip is told with its line, and nobody else is lost to it."""

from dataclasses import replace
from pathlib import Path

import pytest

from labsite.model import PartialDate, Person, Source
from labsite.people import KEYS, People, parse_people, read_people


def read(text: str) -> People:
    return parse_people(text, "people.yml")


GOOD = """\
# Everyone.

- id: susu-sun
  name: Susu Sun
  role: PhD student
  status: current
  title: Dr.
  affiliation: University of Tübingen
  since: "2021-10"
  programme: IMPRS-IS
  next: Somewhere else
  co_supervisors:
    - Matthias Hein
  degrees:
    - MSc Computer Science, 2021
    - BSc, 2019
  email: susu@example.org
  links:
    homepage: https://example.org/susu
    orcid: https://orcid.org/0000-0002-1825-0097
  aliases:
    - Sun, Susu
    - Sun, S. Susu
  directions: [interpretable-ml, applications]

- id: paul-fischer
  name: Paul Fischer
  aliases: Fischer, Paul

- id: lisa-koch
  name: "Lisa M. Koch"
  status: alumni
  since: 2020
"""
IDS = ["susu-sun", "paul-fischer", "lisa-koch"]


def test_a_good_file_is_read_whole() -> None:
    found = read(GOOD)
    assert found.problems == ()
    assert found.people == (
        Person(
            id="susu-sun",
            name="Susu Sun",
            source=Source("people.yml", 3),
            role="PhD student",
            status="current",
            title="Dr.",
            affiliation="University of Tübingen",
            since=PartialDate(2021, 10),
            programme="IMPRS-IS",
            next="Somewhere else",
            co_supervisors=("Matthias Hein",),
            degrees=("MSc Computer Science, 2021", "BSc, 2019"),
            email="susu@example.org",
            links=(
                ("homepage", "https://example.org/susu"),
                ("orcid", "https://orcid.org/0000-0002-1825-0097"),
            ),
            aliases=("Sun, Susu", "Sun, S. Susu"),
            directions=("interpretable-ml", "applications"),
            direction_lines=(24, 24),
        ),
        Person(
            id="paul-fischer",
            name="Paul Fischer",
            source=Source("people.yml", 26),
            aliases=("Fischer, Paul",),
        ),
        Person(
            id="lisa-koch",
            name="Lisa M. Koch",
            source=Source("people.yml", 30),
            status="alumni",
            since=PartialDate(2020),
        ),
    )


def test_the_real_file_has_no_problem(real_people_path: Path) -> None:
    found = read_people(real_people_path, "people.yml")
    assert found.problems == ()
    text = real_people_path.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert len(found.people) == sum(line.startswith("- id:") for line in lines)
    for person in found.people:
        assert lines[person.source.line - 1] == f"- id: {person.id}"


@pytest.mark.parametrize("text", ["", "\n\n", "# nobody yet\n", "[]"])
def test_an_empty_file_is_an_empty_group(text: str) -> None:
    assert read(text) == People()


def test_crlf_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "people.yml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read_people(path, "people.yml") == read(GOOD)


def test_a_byte_that_is_not_utf8_is_one_problem(tmp_path: Path) -> None:
    path = tmp_path / "people.yml"
    path.write_bytes(GOOD.encode("cp1252"))
    found = read_people(path, "people.yml")
    assert found.people == read(GOOD).people
    assert [(problem.line, problem.subtype) for problem in found.problems] == [(8, "bib_encoding")]


def test_a_file_that_is_not_there_is_one_problem(tmp_path: Path) -> None:
    found = read_people(tmp_path / "none.yml", "none.yml")
    assert found.people == ()
    assert [problem.subtype for problem in found.problems] == ["file"]


@pytest.mark.parametrize("text", ["anna: {name: Anna}\n", "just text\n", "3\n"])
def test_a_file_that_is_no_list_is_one_problem(text: str) -> None:
    found = read(f"# comment\n{text}")
    assert found.people == ()
    assert [problem.line for problem in found.problems] == [2]


# Broken YAML ------------------------------------------------------------------------------------

BREAKS = {
    "quote not closed": ('"2021-10"', '"2021-10', 9),
    "colon in a value": ("  role: PhD student", "  role: PhD: student", 5),
    "tab": ("  role: PhD student", "\trole: PhD student", 5),
    "indented too far": ("  role: PhD student", "    role: PhD student", 5),
    "indented too little": ("  role: PhD student", " role: PhD student", 5),
    "no colon": ("  role: PhD student", "  role PhD student", 5),
    "reserved sign": ("  role: PhD student", "  role: @student", 5),
    "bracket not closed": ("[interpretable-ml, applications]", "[interpretable-ml", 24),
    "brace not closed": ("  role: PhD student", "  role: {a", 5),
    "quote in a quoted text": ("  role: PhD student", '  role: "PhD "student""', 5),
    "alias": ("  role: PhD student", "  role: *student", 5),
}


@pytest.mark.parametrize(("old", "new", "line"), BREAKS.values(), ids=BREAKS.keys())
def test_broken_yaml_in_one_person_costs_nobody_else(old: str, new: str, line: int) -> None:
    found = read(GOOD.replace(old, new))
    assert [person.id for person in found.people] == IDS
    assert found.people[1:] == read(GOOD).people[1:]
    assert found.people[0].name == "Susu Sun"
    assert found.people[0].source.line == 3
    (problem,) = found.problems
    assert problem.subtype == "people_syntax"
    assert "'susu-sun'" in problem.what
    assert problem.line in {line, line + 1}  # the message says "here or on the line above"


def test_a_control_character_in_one_person_costs_nobody_else() -> None:
    found = read(GOOD.replace("PhD student", "PhD\x07student"))
    assert [person.id for person in found.people] == IDS
    assert found.people[1:] == read(GOOD).people[1:]
    (problem,) = found.problems
    assert 3 <= problem.line <= 5


def test_broken_yaml_in_the_last_person() -> None:
    found = read(GOOD.replace('"Lisa M. Koch"', '"Lisa M. Koch'))
    assert [(person.id, person.name) for person in found.people][2] == ("lisa-koch", "Lisa M. Koch")
    assert found.people[:2] == read(GOOD).people[:2]
    assert [problem.line for problem in found.problems] == [31]


def test_broken_yaml_in_two_people_is_two_problems() -> None:
    found = read(GOOD.replace("role: PhD", "role: PhD:").replace("Fischer, Paul", "[Fischer"))
    assert [person.id for person in found.people] == IDS
    assert ["susu-sun" in problem.what for problem in found.problems] == [True, False]
    assert ["paul-fischer" in problem.what for problem in found.problems] == [False, True]


@pytest.mark.parametrize(
    "value", ["[one,\n    two]", '"one\n    two"', ">\n    one: two: three\n    four"]
)
def test_a_slip_is_not_sought_in_values_of_several_lines(value: str) -> None:
    text = f"- id: a\n  name: A\n  degrees: {value}\n  role: b: c\n"
    line = text.splitlines().index("  role: b: c") + 1
    (problem,) = read(text).problems
    assert problem.line == line


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Siobhán O'Neill", "Siobhán O'Neill"),
        ('"Siobhán O\'Neill"', "Siobhán O'Neill"),
        ("'Anna Meier'", "Anna Meier"),
        ("Anna Meier  # since May", "Anna Meier"),
        ("Anna #1 Meier", "Anna"),
    ],
)
def test_the_name_is_saved_as_it_was_written(name: str, expected: str) -> None:
    found = read(f"- id: anna-meier\n  name: {name}\n  role: a: b\n")
    assert [(person.id, person.name) for person in found.people] == [("anna-meier", expected)]


def test_the_id_is_saved_wherever_it_stands() -> None:
    found = read("-   name: Anna Meier\n    id: anna-meier\n    role: a: b\n- id: b\n  name: B\n")
    assert [(person.id, person.name) for person in found.people] == [
        ("anna-meier", "Anna Meier"),
        ("b", "B"),
    ]


def test_a_broken_person_without_an_id_is_reported() -> None:
    found = read(f"- name: a: b\n{GOOD}")
    assert [person.id for person in found.people] == IDS
    assert [problem.line for problem in found.problems] == [1]


def laughs(levels: int) -> str:
    tenfold = [", ".join(["x" if level == 0 else f"*a{level - 1}"] * 10) for level in range(levels)]
    lines = [f"  a{level}: &a{level} [{items}]" for level, items in enumerate(tenfold)]
    return "\n".join(["- id: joker", "  name: Joker", *lines, ""])


def test_yaml_that_multiplies_is_refused_at_once() -> None:
    found = read(laughs(30) + GOOD)
    assert [person.id for person in found.people] == ["joker", *IDS]
    assert [problem.subtype for problem in found.problems] == ["people_syntax"]
    assert "alias" in found.problems[0].what


@pytest.mark.parametrize("sign", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused_at_once(sign: str) -> None:
    found = read(f"- id: deep\n  name: Deep\n  role:\n    {sign * 1200}\n{GOOD}")
    assert [person.id for person in found.people] == ["deep", *IDS]
    assert len(found.problems) == 1


def test_tags_run_nothing() -> None:
    found = read('- id: a\n  name: !!python/object/apply:os.system ["true"]\n- id: b\n  name: B\n')
    assert [person.id for person in found.people] == ["b"]


# Values -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("statis: current", "Did you mean 'status'?"),
        ("alias: Sun, Susu", "Did you mean 'aliases'?"),
        ("Name: Susu Sun", "Did you mean 'name'?"),
        ("e-mail: a@example.org", "Did you mean 'email'?"),
        ("zzz: 1", f"Known are {', '.join(sorted(KEYS))}."),
    ],
)
def test_an_unknown_key_is_reported_with_the_nearest(line: str, remedy: str) -> None:
    found = read(f"- id: a\n  {line}\n  name: A\n")
    assert [person.id for person in found.people] == ["a"]
    (problem,) = found.problems
    assert (problem.line, problem.subtype) == (2, "people_value")
    assert repr(line.split(":", maxsplit=1)[0]) in problem.what
    assert problem.remedy == remedy


def test_a_key_given_twice_is_reported_and_the_first_used() -> None:
    found = read("- id: a\n  name: A\n  role: first\n  role: second\n")
    assert found.people[0].role == "first"
    assert [problem.line for problem in found.problems] == [4]


@pytest.mark.parametrize(
    "head",
    [
        "- name: A",
        "- id: a",
        "- id: Anna\n  name: A",
        "- id: anna_meier\n  name: A",
        "- id: änna\n  name: A",
        "- id: a-\n  name: A",
        "- id: ../a\n  name: A",
        "- id: 1a\n  name: A",
        "- id:\n  name: A",
        "- id: a\n  name: ''",
    ],
)
def test_a_person_without_a_good_id_and_name_is_left_out(head: str) -> None:
    found = read(f"{head}\n{GOOD}")
    assert [person.id for person in found.people] == IDS
    (problem,) = found.problems
    assert (problem.line, problem.subtype) == (1, "people_value")


@pytest.mark.parametrize("identity", ["index", "search", "con", "lpt1"])
def test_an_id_that_no_page_can_have_is_left_out(identity: str) -> None:
    found = read(f"- id: {identity}\n  name: A\n{GOOD}")
    assert [person.id for person in found.people] == IDS
    (problem,) = found.problems
    assert (problem.line, problem.subtype) == (1, "people_value")
    assert "is reserved" in problem.what


@pytest.mark.parametrize("item", ["- just text", "- [a, b]", "-", "- 3"])
def test_what_is_no_person_is_reported(item: str) -> None:
    found = read(f"{item}\n{GOOD}")
    assert [person.id for person in found.people] == IDS
    assert [problem.line for problem in found.problems] == [1]


def test_of_two_people_with_one_id_the_first_is_used() -> None:
    found = read(f"{GOOD}\n- id: susu-sun\n  name: Another\n")
    assert found.people == read(GOOD).people
    (problem,) = found.problems
    assert (problem.line, problem.subtype) == (35, "people_value")
    assert "'susu-sun'" in problem.what


@pytest.mark.parametrize("second", ["Sun, Susu", "Susu Sun", "Sun,  Susu"])
def test_an_alias_claimed_by_two_is_one_problem(second: str) -> None:
    found = read(GOOD.replace("  aliases: Fischer, Paul", f"  aliases:\n    - {second}"))
    assert [person.id for person in found.people] == IDS
    (problem,) = found.problems
    assert problem.subtype == "people_alias"
    assert problem.line == 29
    assert "'susu-sun'" in problem.what
    assert "'paul-fischer'" in problem.what


def test_an_alias_given_twice_by_one_person_is_no_problem() -> None:
    assert read("- id: a\n  name: A\n  aliases: ['B, A', A B]\n").problems == ()


def test_null_is_nothing() -> None:
    keys = sorted(KEYS - {"id", "name"})
    for null in ("", "~", "null"):
        text = "- id: a\n  name: A\n" + "".join(f"  {key}: {null}\n" for key in keys)
        found, bare = read(text), read("- id: a\n  name: A\n")
        assert found.problems == bare.problems == ()
        assert [replace(one, photo_line=0) for one in found.people] == list(bare.people)


@pytest.mark.parametrize("key", ["aliases", "degrees", "co_supervisors", "directions"])
def test_lists_take_one_text_or_many(key: str) -> None:
    for value, expected in (
        ("one", ("one",)),
        ("[one, two]", ("one", "two")),
        ("\n    - one\n    - two", ("one", "two")),
        ("[]", ()),
        ("[~, one]", ("one",)),
    ):
        found = read(f"- id: a\n  name: A\n  {key}: {value}\n")
        assert found.problems == (), value
        assert getattr(found.people[0], key) == expected, value


def test_texts_that_look_like_something_else_stay_as_written() -> None:
    found = read("- id: a\n  name: 2020-01-01\n  role: yes\n  next: 1e3\n  title: 0x1F\n")
    assert found.problems == ()
    person = found.people[0]
    assert (person.name, person.role) == ("2020-01-01", "yes")
    assert (person.next, person.title) == ("1e3", "0x1F")


def test_wrapped_texts_are_put_on_one_line() -> None:
    found = read("- id: a\n  name: A\n  role: >\n    PhD\n    student\n  next: one\n    two\n")
    assert (found.people[0].role, found.people[0].next) == ("PhD student", "one two")


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("role: [a, b]", ("role", "")),
        ("role: {a: b}", ("role", "")),
        ("aliases: {a: b}", ("aliases", ())),
        ("aliases: [a, [b]]", ("aliases", ("a",))),
        ("links: [https://example.org]", ("links", ())),
        ("links: https://example.org", ("links", ())),
        ("status: retired", ("status", "alumni")),
        ("status: [current]", ("status", "current")),
        ("since: last year", ("since", None)),
        ("since: 2021-13", ("since", None)),
        ("since: 10/2021", ("since", None)),
        ("since: [2021]", ("since", None)),
    ],
)
def test_a_value_of_the_wrong_kind_is_one_problem(value: str, kept: tuple[str, object]) -> None:
    found = read(f"- id: a\n  name: A\n  {value}\n- id: b\n  name: B\n")
    assert [person.id for person in found.people] == ["a", "b"]
    assert getattr(found.people[0], kept[0]) == kept[1]
    (problem,) = found.problems
    assert (problem.line, problem.subtype) == (3, "people_value")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2021", PartialDate(2021)),
        ('"2021"', PartialDate(2021)),
        ("2021-10", PartialDate(2021, 10)),
        ('"2021-10"', PartialDate(2021, 10)),
        ("2021-10-01", PartialDate(2021, 10, 1)),
    ],
)
def test_since(value: str, expected: PartialDate) -> None:
    found = read(f"- id: a\n  name: A\n  since: {value}\n")
    assert found.problems == ()
    assert found.people[0].since == expected


def test_former_addresses_and_the_lines_of_directions() -> None:
    person = read(
        "- id: a\n  name: A\n  formerly: [people/old/]\n  directions:\n    - one\n\n    - two\n"
    ).people[0]
    assert person.formerly == ("people/old/",)
    assert (person.directions, person.direction_lines) == (("one", "two"), (5, 7))


@pytest.mark.parametrize("photo", ["photos/a.jpg", "Ü.png", "' photos/a.webp '"])
def test_a_photo_is_a_path_inside_the_site_with_its_line(photo: str) -> None:
    found = read(f"- id: a\n  name: A\n\n  photo: {photo}\n- id: b\n  name: B\n")
    assert found.problems == ()
    assert [(one.photo, one.photo_line) for one in found.people] == [
        (photo.strip("' "), 4),
        ("", 0),
    ]


@pytest.mark.parametrize(
    "photo", ["/a.jpg", "../a.jpg", "a/../../b.jpg", "https://example.org/a.jpg", "'C:\\a.jpg'"]
)
def test_a_photo_from_elsewhere_is_one_problem_and_left_out(photo: str) -> None:
    found = read(f"- id: a\n  name: A\n\n  photo: {photo}\n")
    assert [one.photo for one in found.people] == [""]
    (problem,) = found.problems
    assert (problem.line, problem.subtype) == (4, "people_value")
    assert "'a'" in problem.what


@pytest.mark.parametrize("status", ["current", "visitor", "alumni"])
def test_status(status: str) -> None:
    found = read(f"- id: a\n  name: A\n  status: {status}\n")
    assert found.problems == ()
    assert found.people[0].status == status


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "example.org", "''", "[a]", "{a: b}", "~"]
)
def test_a_link_that_is_no_web_address_is_left_out(address: str) -> None:
    found = read(
        f"- id: a\n  name: A\n  links:\n    bad: {address}\n    good: https://example.org\n"
    )
    assert found.people[0].links == (("good", "https://example.org"),)
    (problem,) = found.problems
    assert (problem.line, problem.subtype) == (4, "bib_link")
    assert "'bad'" in problem.what


def test_problems_found_before_stay_in_front(tmp_path: Path) -> None:
    path = tmp_path / "people.yml"
    path.write_bytes("- id: a\n  name: Zoë\n  zzz: 1\n".encode("latin-1"))
    subtypes = [problem.subtype for problem in read_people(path, "people.yml").problems]
    assert subtypes == ["bib_encoding", "people_value"]
