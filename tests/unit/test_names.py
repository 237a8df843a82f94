"""Author lists: BibTeX's four parts, corporate authors, and nothing guessed."""

import pytest

from labsite.model import Name, name_key
from labsite.names import parse_annotations, parse_names


def one(value: str) -> Name:
    (name,), others, issues = parse_names(value)
    assert not others
    assert issues == ()
    return name


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Sun, Susu", Name("Sun", "Susu")),
        ("Susu Sun", Name("Sun", "Susu")),
        ("Baumgartner, Christian F.", Name("Baumgartner", "Christian F.")),
        ("Morshuis, Jan Nikolas", Name("Morshuis", "Jan Nikolas")),
        ("Ludwig van Beethoven", Name("Beethoven", "Ludwig", prefix="van")),
        ("van Beethoven, Ludwig", Name("Beethoven", "Ludwig", prefix="van")),
        ("de la Cruz, Ana María", Name("Cruz", "Ana María", prefix="de la")),
        ("von der Leyen", Name("Leyen", "", prefix="von der")),
        ("King, Jr., Martin Luther", Name("King", "Martin Luther", suffix="Jr.")),
        ("de Souza, III, Ana", Name("Souza", "Ana", prefix="de", suffix="III")),
        ("{van Beethoven}, Ludwig", Name("van Beethoven", "Ludwig")),
        ("Plato", Name("Plato")),
        ("Doe , John", Name("Doe", "John")),
        ("O'Neill, Ann-Marie", Name("O'Neill", "Ann-Marie")),
    ],
)
def test_the_four_parts(value: str, expected: Name) -> None:
    assert one(value) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("{World Health Organization}", "World Health Organization"),
        ("{Barnes and Noble}", "Barnes and Noble"),
        ("{The {MS} Group, Inc.}", "The MS Group, Inc."),
        ("{Universit{\\'e} de Gen{\\`e}ve}", "Université de Genève"),
    ],
)
def test_a_whole_name_in_braces_is_a_corporate_author(value: str, text: str) -> None:
    assert one(value) == Name(text, corporate=True)


def test_braces_around_one_part_make_no_corporate_author() -> None:
    assert not one("{Sun} {Susu}").corporate
    assert not one("{Sun}, Susu").corporate


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (r"M{\"u}ller, J{\"o}rg", Name("Müller", "Jörg")),
        (r"{\"O}zg{\"u}n {\c C}i{\c c}ek", Name("Çiçek", "Özgün")),
        (r"Per{\v s}in, A{\"a}ron", Name("Peršin", "Aäron")),
        (r"{\L}uczak, Micha{\l}", Name("Łuczak", "Michał")),
        ("Küstner, Thomas", Name("Küstner", "Thomas")),
        ("Fischer, {\\emph{Paul}}", Name("Fischer", "Paul")),
    ],
)
def test_latex_in_names(value: str, expected: Name) -> None:
    assert one(value) == expected


def test_a_list_keeps_its_order() -> None:
    names, others, issues = parse_names("Sun, Susu and {The Group} and Koch, Lisa M.")
    assert [name.display for name in names] == ["Susu Sun", "The Group", "Lisa M. Koch"]
    assert (others, issues) == (False, ())


@pytest.mark.parametrize("last", ["others", "Others"])
def test_and_others(last: str) -> None:
    names, others, issues = parse_names(f"Sun, Susu and {last}")
    assert names == (Name("Sun", "Susu"),)
    assert others
    assert issues == ()


def test_nothing_is_nobody() -> None:
    assert parse_names("") == ((), False, ())


@pytest.mark.parametrize(
    "value",
    [
        "Sun, Susu and and Koch, Lisa",
        "and Sun, Susu and Koch, Lisa",
        "Sun, Susu and Koch, Lisa and",
        "Sun, Susu and {} and Koch, Lisa",
    ],
)
def test_an_empty_name_is_reported_and_the_others_are_kept(value: str) -> None:
    names, others, issues = parse_names(value)
    assert [name.display for name in names if name.family] == ["Susu Sun", "Lisa Koch"]
    assert not others
    assert len(issues) == 1
    assert issues[0].endswith(".")


def test_too_many_commas_are_reported_and_the_name_is_kept_as_it_stands() -> None:
    names, _, issues = parse_names("Sun, Susu, Koch, Lisa, Doe, J. and Hein, Matthias")
    assert [name.display for name in names] == ["Sun, Susu, Koch, Lisa, Doe, J.", "Matthias Hein"]
    assert len(issues) == 1
    assert "too many commas" in issues[0]


def test_others_in_the_middle_is_a_name_like_any() -> None:
    names, others, _ = parse_names("Sun, Susu and others and Koch, Lisa")
    assert len(names) == 3
    assert not others


@pytest.mark.parametrize("value", ["And, Ann", "Anderson, Andy", "Brand, Andrea and Sand, George"])
def test_a_name_may_hold_the_letters_of_and(value: str) -> None:
    names, _, issues = parse_names(value)
    assert issues == ()
    assert len(names) == value.count(",")


@pytest.mark.parametrize(
    "value", ["{", "}", ",", ", ,", "{Sun, Susu", "\\", "a and b and", "~", "{}"]
)
def test_no_value_raises(value: str) -> None:
    names, _, _ = parse_names(value)
    assert all(isinstance(name, Name) for name in names)


# Annotations ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", {}),
        ("1=equal; 2=equal", {1: {"equal"}, 2: {"equal"}}),
        ("1=equal;12=equal,corresponding", {1: {"equal"}, 12: {"equal", "corresponding"}}),
        ('2 = "equal"', {2: {"equal"}}),
        ("nonsense", {}),
    ],
)
def test_annotations(value: str, expected: dict[int, set[str]]) -> None:
    assert parse_annotations(value) == expected


# Keys for comparison ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one_way", "other_way"),
    [
        ("Sun, Susu", "Susu Sun"),
        ("Baumgartner, Christian F.", "Christian F. Baumgartner"),
        ("van Beethoven, Ludwig", "Ludwig van Beethoven"),
        ("Sun,  Susu", "Susu\u00a0Sun"),
        ("Ku\u0308stner, Thomas", "Thomas Küstner"),
    ],
)
def test_both_orders_have_one_key(one_way: str, other_way: str) -> None:
    assert name_key(one_way) == name_key(other_way)


@pytest.mark.parametrize(
    "other",
    [
        "Baumgartner, C. F.",
        "Baumgartner, C.",
        "Baumgartner, Christian",
        "Baumgartner, Christian F",
        "Baumgärtner, Christian F.",
        "baumgartner, christian f.",
    ],
)
def test_nothing_else_has_the_key_of_a_name(other: str) -> None:
    assert name_key(other) != name_key("Baumgartner, Christian F.")
