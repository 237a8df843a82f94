"""Versions of one work and related work: complete, in order, whoever says it and how often."""

import random
from dataclasses import replace
from itertools import pairwise, permutations
from time import process_time
from typing import Any

import pytest

from labsite.model import Author, Name, Publication, Relation, RichText, Source
from labsite.relations import VERSION_TYPES, Relations


def made(
    key: str, *related: str, people: str = "", directions: str = "", **facts: Any
) -> Publication:
    """A publication; ``related`` are words like ``"extends a"``, or a key alone."""
    relations = [item.split() for item in related]
    return Publication(
        **{
            "key": key,
            "slug": key,
            "source": Source("x.bib", 1),
            "entry_type": "article",
            "kind": "article",
            "title": RichText.from_plain(key),
            "related": tuple(Relation(words[-1], " ".join(words[:-1])) for words in relations),
            "authors": tuple(Author(Name(person), person) for person in people.split()),
            "directions": tuple(directions.split()),
            **facts,
        }
    )


def hung(*publications: Publication) -> Relations:
    by_key = {key: pub for pub in publications for key in (*pub.aliases, pub.key)}
    return Relations(publications, by_key)


def versions(key: str, *publications: Publication) -> list[str]:
    relations = hung(*publications)
    return [pub.key for pub in relations.versions(relations.by_key[key])]


def related(key: str, *publications: Publication, limit: int = 4) -> list[str]:
    relations = replace(hung(*publications), limit=limit)
    return [pub.key for pub in relations.related(relations.by_key[key])]


# Versions ---------------------------------------------------------------------------------------


def test_what_stands_alone_has_no_versions() -> None:
    assert versions("a", made("a"), made("b")) == []


KINDS_OF_VERSIONS = (
    "version extends extendedby preprint preprintof published translationof translationas "
    "translationfrom reprintof reprintas reprintfrom origpubas origpubin"
).split()


def test_what_makes_a_version_is_tested_here() -> None:
    assert sorted(KINDS_OF_VERSIONS) == sorted(VERSION_TYPES)


@pytest.mark.parametrize("kind", KINDS_OF_VERSIONS)
def test_versions_know_each_other_whoever_says_it(kind: str) -> None:
    for publications in (
        [made("a", f"{kind} b"), made("b"), made("c")],
        [made("a"), made("b", f"{kind} a"), made("c")],
        [made("a", f"{kind} b"), made("b", f"{kind} a"), made("c")],
    ):
        found = versions("a", *publications)
        assert sorted(found) == ["a", "b"]
        assert versions("b", *publications) == found
        assert versions("c", *publications) == []


@pytest.mark.parametrize("kind", ["", "multivolume", "bytranslator", "dataset", "versions"])
def test_other_relations_make_no_versions(kind: str) -> None:
    publications = made("a", f"{kind} b"), made("b")
    assert versions("a", *publications) == versions("b", *publications) == []
    assert related("a", *publications) == ["b"]


@pytest.mark.parametrize("wrong", ["extends a", "version a", "extends nothing", "version A", "a"])
def test_a_relation_to_itself_or_to_nothing_is_none(wrong: str) -> None:
    assert versions("a", made("a", wrong), made("b")) == []
    assert related("a", made("a", wrong), made("b")) == []
    assert versions("a", made("a", wrong, "version b"), made("b")) == ["a", "b"]


def test_a_relation_to_its_own_earlier_key_is_none() -> None:
    assert versions("a", made("a", "version old", "x old", aliases=("old",)), made("b")) == []


def test_an_earlier_key_leads_to_the_same_work() -> None:
    publications = made("a", "extends old"), made("b", aliases=("older", "old"))
    assert versions("a", *publications) == versions("b", *publications) == ["a", "b"]


def test_versions_of_versions_are_one_family() -> None:
    publications = [made("a", "version b"), made("b", "version c"), made("c"), made("d")]
    publications += [made("e", "version d"), made("f", "version c")]
    for key in "abcf":
        assert versions(key, *publications) == ["a", "b", "c", "f"]
    for key in "de":
        assert versions(key, *publications) == ["d", "e"]


def test_of_equal_versions_the_newer_is_first() -> None:
    for order in permutations("abc"):
        a, b, c = made("a", "version b", "version c"), made("b"), made("c")
        publications = [{"a": a, "b": b, "c": c}[key] for key in order]
        assert versions("b", *publications) == list(order)


FINALITY = [made("article"), made("abstract", kind="abstract"), made("preprint", kind="preprint")]


@pytest.mark.parametrize("order", [*permutations(FINALITY)], ids=lambda it: it[0].key + it[1].key)
def test_abstracts_come_behind_and_preprints_last(order: tuple[Publication, ...]) -> None:
    head = made("head", *(f"version {pub.key}" for pub in order), kind="paper")
    assert versions("head", *order, head)[-2:] == ["abstract", "preprint"]


def test_a_preprint_that_extends_a_paper_is_still_last() -> None:
    preprint, paper = made("pre", "extends paper", kind="preprint"), made("paper", kind="paper")
    assert versions("paper", preprint, paper) == ["paper", "pre"]


@pytest.mark.parametrize(
    ("said_by_later", "said_by_earlier"),
    [("extends earlier", ""), ("", "extendedby later"), ("", "published later"),
     ("", "preprintof later"), ("preprint earlier", ""),
     ("extends earlier", "extendedby later"), ("version earlier", "extendedby later")],
)  # fmt: skip
def test_what_came_later_is_first_wherever_it_stands(
    said_by_later: str, said_by_earlier: str
) -> None:
    later, earlier = made("later", *said_by_later and [said_by_later]), made("earlier")
    if said_by_earlier:
        earlier = made("earlier", said_by_earlier)
    assert versions("later", later, earlier) == ["later", "earlier"]
    assert versions("later", earlier, later) == ["later", "earlier"]


def test_each_extension_stands_before_what_it_extends() -> None:
    chain = [made("c"), made("a", "extends b"), made("d", "extendedby c"), made("b", "extends c")]
    for order in permutations(chain):
        assert versions("d", *order) == ["a", "b", "c", "d"]


def test_extensions_hold_through_a_version_of_another_kind() -> None:
    abstract = made("abstract", "extends first", kind="abstract")
    publications = made("first"), abstract, made("last", "extends abstract")
    assert versions("first", *publications) == ["last", "first", "abstract"]


def test_two_extensions_of_one_work_come_newer_first() -> None:
    publications = made("base"), made("x", "extends base"), made("y", "extends base")
    assert versions("base", *publications) == ["x", "y", "base"]


@pytest.mark.parametrize(
    "circle",
    [
        [made("a", "extends b"), made("b", "extends a")],
        [made("a", "extendedby b"), made("b", "extendedby a")],
        [made("a", "extends b"), made("b", "extends c"), made("c", "extends a")],
        [made("a", "extends b"), made("b", "extends c"), made("c", "extends b")],
    ],
)
def test_circles_end_and_list_everyone_once(circle: list[Publication]) -> None:
    found = versions("a", *circle)
    assert sorted(found) == [pub.key for pub in circle]
    assert all(versions(pub.key, *circle) == found for pub in circle)


def test_what_extends_a_circle_stands_before_it() -> None:
    circle = [made("a", "extends b"), made("b", "extends a"), made("new", "extends b")]
    assert versions("a", *circle) == ["new", "a", "b"]


@pytest.mark.parametrize("seed", range(30))
def test_in_any_family_extensions_stand_before_and_all_agree(seed: int) -> None:
    chance = random.Random(seed)
    keys = [f"k{number}" for number in range(chance.randrange(2, 12))]
    extends = {
        key: chance.sample(keys[:index], chance.randrange(min(index, 3) + 1))
        for index, key in enumerate(keys)
    }
    publications = [made(key, *(f"extends {old}" for old in extends[key])) for key in keys]
    chance.shuffle(publications)
    relations = hung(*publications)
    for pub in publications:
        family = relations.versions(pub)
        order = [item.key for item in family]
        assert len({*order}) == len(order) != 1
        assert all(relations.versions(other) == family for other in family)
        assert all(order.index(key) < order.index(old) for key in order for old in extends[key])


def test_a_chain_of_thousands_is_one_family_in_order() -> None:
    keys = [f"k{number}" for number in range(3000)]
    chain = [made(new, f"extends {old}") for new, old in pairwise(keys)]
    chain = [made("k2999"), *chain]
    random.Random(1).shuffle(chain)
    started = process_time()
    relations = hung(*chain)
    found = [relations.versions(pub) for pub in chain]
    assert process_time() - started < 10
    assert [pub.key for pub in found[0]] == keys
    assert len({*map(id, found)}) == 1


def test_thousands_of_versions_of_one_work() -> None:
    star = [made(f"k{number}", "version k0") for number in range(3000)]
    started = process_time()
    relations = hung(*star)
    assert all(relations.versions(pub) == tuple(star) for pub in star[::500])
    assert process_time() - started < 5


# Related work -----------------------------------------------------------------------------------


def test_who_shares_nothing_is_not_related() -> None:
    publications = made("a", people="sun", directions="x"), made("b", people="koch"), made("c")
    assert [related(key, *publications) for key in "abc"] == [[], [], []]


def strangers(count: int = 16) -> list[Publication]:
    """Publications that share nothing: among many, what few share says enough."""
    return [made(f"s{number}") for number in range(count)]


def test_shared_people_and_directions_relate() -> None:
    publications = [made("a", people="sun", directions="x"), made("b", people="sun")]
    publications += [made("c", directions="y x"), made("d", directions="sun", people="x")]
    assert related("a", *publications) == ["b", "c"]
    assert related("d", *publications) == []


def test_authors_count_and_editors_do_not() -> None:
    edited = made("b", editors=(Author(Name("sun"), "sun"),))
    publications = made("a", people="sun"), edited, made("c", people="sun"), *strangers()
    assert related("a", *publications) == ["c"]
    assert related("b", *publications) == []


@pytest.mark.parametrize(
    ("name", "is_the_same"),
    [
        (Name("Berg", "Anna Maria", "van der"), True),
        (Name("Berg", "A.", "van der"), True),
        (Name("Berg", "Bert", "van der"), False),
        (Name("Berg", "Anna"), False),
        (Name("Berg", "", "van der"), False),
    ],
)
def test_authors_from_elsewhere_count_by_family_name_and_initial(
    name: Name, is_the_same: bool
) -> None:
    first = made("a", authors=(Author(Name("Berg", "Anna", "van der")),))
    second = made("b", authors=(Author(name),))
    assert related("a", first, second, *strangers()) == (["b"] if is_the_same else [])


@pytest.mark.parametrize(
    ("title", "keywords", "is_related"),
    [
        ("Segmentation of the heart", (), True),
        ("On SEGMENTATIONS", (), True),
        ("Segmented hearts", (), True),  # the first letters are enough
        ("Hearts", ("organs", "segmentation"), True),
        ("Segregation of hearts", (), False),
        ("Organs of MRI", (), False),  # short words say nothing
        ("", (), False),
    ],
)
def test_words_of_titles_and_keywords_relate(
    title: str, keywords: tuple[str, ...], is_related: bool
) -> None:
    first = made("a", title=RichText.from_plain("Segmentation of MRI"))
    second = made("b", title=RichText.from_plain(title), keywords=keywords)
    assert related("a", first, second, *strangers()) == (["b"] if is_related else [])


@pytest.mark.parametrize("count", [9, 99, 399])
def test_what_too_many_share_relates_nobody(count: int) -> None:
    most = int((count + 1) ** 0.55)
    for sharing in (2, most, most + 1, count):
        publications = [made(f"k{number}", directions="x") for number in range(sharing)]
        found = related("k0", *publications, *strangers(count - sharing))
        assert bool(found) == (sharing <= most)


def test_what_says_too_little_alone_is_enough_together() -> None:
    several = [made(key, people="sun koch", directions="x") for key in "ab"]
    several += [made(f"c{n}", people="sun") for n in range(9)]
    several += [made(f"d{n}", people="koch") for n in range(9)]
    assert related("a", *several, *strangers(20)) == ["b"]
    assert related("c0", *several, *strangers(20)) == []


def test_sharing_more_relates_more() -> None:
    publications = [made("a", people="sun koch", directions="x"), made("b", people="sun")]
    publications += [made("c", people="sun koch"), made("d", people="koch sun", directions="x")]
    assert related("a", *publications, *strangers()) == ["d", "c", "b"]


def test_what_few_share_says_more_than_what_most_share() -> None:
    publications = [made("a", people="boss guest"), *(made(key, people="boss") for key in "bcd")]
    publications += [made("z", people="guest"), *strangers()]
    assert related("a", *publications) == ["z", "b", "c", "d"]


def test_what_all_share_relates_nobody() -> None:
    assert related("b", *(made(key, directions="x") for key in "abc")) == []
    assert related("b", *(made(key, directions="x") for key in "abc"), *strangers()) == ["a", "c"]


def test_who_is_named_twice_is_shared_once() -> None:
    twice = made("b", people="boss boss", editors=(Author(Name("Boss"), "boss"),))
    publications = [made("a", people="boss boss", directions="x x"), twice]
    publications += [made("c", directions="x x x"), made("d", directions="x"), *strangers()]
    assert related("a", *publications) == ["b", "c", "d"]  # two papers of boss, three of x


def test_the_named_come_first_on_either_side_in_list_order() -> None:
    publications = [made("near", people="sun"), made("x"), made("a", "y", "x", people="sun")]
    publications += [made("y"), made("z", "supplement a")]
    assert related("a", *publications) == ["x", "y", "z", "near"]
    assert related("x", *publications) == related("z", *publications) == ["a"]


def test_the_named_come_in_list_order_however_near_they_are() -> None:
    publications = made("a", "near", "far", people="sun"), made("far"), made("near", people="sun")
    assert related("a", *publications, *strangers()) == ["far", "near"]


def test_all_that_are_named_are_listed_and_others_fill_up() -> None:
    named, near = [made(f"n{n}") for n in range(6)], [made(key, people="sun") for key in "bcd"]
    for count, limit, filled in ((6, 4, 0), (6, 0, 0), (6, 8, 2), (3, 4, 1), (1, 4, 3), (0, 2, 2)):
        keys = [pub.key for pub in named[:count]]
        publications = [*near, *named, made("a", *keys[::-1], people="sun"), *strangers(30)]
        assert related("a", *publications, limit=limit) == keys + ["b", "c", "d"][:filled]


def test_named_on_both_sides_is_listed_once() -> None:
    assert related("a", made("a", "b", "dataset b"), made("b", "a")) == ["b"]


def test_versions_are_never_related_work() -> None:
    same = {"people": "sun koch", "directions": "x"}
    publications = [made("a", "version b", **same), made("b", "version c", **same)]
    publications += [made("c", "supplement a", **same), made("d", **same), *strangers()]
    for key in "abc":
        assert related(key, *publications) == ["d"]
    assert related("d", *publications) == ["a", "b", "c"]


def test_equals_come_in_list_order_whatever_the_order_of_names() -> None:
    names = ["sun", "koch", "hein", "ott", "mai"]
    publications = [made("z", people=" ".join(names), directions="x y")]
    for number, order in enumerate([*permutations(names)][::9]):
        publications.append(made(f"k{number:02}", people=" ".join(order), directions="y x"))
    found = related("k06", *publications, *strangers(30), limit=20)
    assert found == sorted(found, key=[pub.key for pub in publications].index)
    assert len(found) == len(publications) - 1


def test_the_list_is_as_long_as_asked_at_most() -> None:
    publications = [made(f"k{number}", people="sun koch") for number in range(9)] + strangers()
    assert related("k0", *publications, limit=2) == ["k1", "k2"]
    assert len(related("k0", *publications)) == 4
    assert related("k0", *publications, limit=0) == []


@pytest.mark.parametrize("seed", range(20))
def test_relatedness_is_mutual_and_never_to_itself_or_a_version(seed: int) -> None:
    chance = random.Random(seed)
    keys = [f"k{number}" for number in range(40)]
    publications = [
        made(
            key,
            *(f"{chance.choice(('version', 'x'))} {chance.choice(keys)}",)
            * (chance.random() < 0.3),
            people=" ".join(chance.sample("abcdefgh", chance.randrange(4))),
            directions=" ".join(chance.sample("xyz", chance.randrange(3))),
        )
        for key in keys
    ]
    relations = hung(*publications)
    wide = replace(relations, limit=99)
    found = {pub.key: wide.related(pub) for pub in publications}
    for pub in publications:
        others = [other.key for other in found[pub.key]]
        assert len({*others}) == len(others)
        assert not {pub.key, *(item.key for item in relations.versions(pub))} & {*others}
        assert all(pub in found[other] for other in others)
        assert relations.related(pub) == found[pub.key][:4] == hung(*publications).related(pub)


def test_thousands_that_share_everything_are_related_to_those_near_them() -> None:
    same = {"people": "sun koch hein ott", "directions": "x y"}
    publications = [made(f"k{n}", **same) for n in range(3000)]
    relations = replace(hung(*publications, *strangers(3000)), limit=99)
    started = process_time()
    found = [relations.related(pub) for pub in publications]
    assert process_time() - started < 5
    nearest = [f"k{n}" for n in range(1492, 1509) if n != 1500]
    assert [pub.key for pub in found[1500]] == nearest
    assert all(8 <= len(others) <= 16 for others in found)


# Neighbours -------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 7])
def test_neighbours_form_one_chain_through_the_whole_list(count: int) -> None:
    publications = tuple(made(f"k{number}") for number in range(count))
    relations = hung(*publications)
    for chain, step in ((publications, 1), (publications[::-1], 0)):
        walked = [chain[0]]
        while following := relations.neighbours(walked[-1])[step]:
            walked.append(following)
        assert walked == list(chain)
    assert relations.neighbours(publications[0])[0] is None
    assert relations.neighbours(publications[-1])[1] is None


def test_neighbours_of_one_key_taken_twice_are_told_apart() -> None:
    first, second = made("a"), made("a", slug="a-2")
    relations = Relations((first, second), {"a": first})
    assert relations.neighbours(first) == (None, second)
    assert relations.neighbours(second) == (first, None)
