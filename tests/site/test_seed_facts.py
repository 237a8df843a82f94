"""Every statement of fact of the two texts the site began with, and the page that tells it.

The facts stand here as keywords, in the order of those texts: the group's overview, then the page
of its head. All the words of a row have to start words of one passage of the page (a heading, a
paragraph, a list item, a term with its definition), in any order and whatever their case;
``a|b`` allows either. Entries of publication lists do not count.
"""

from __future__ import annotations

import posixpath
import re
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from bs4 import Tag

from tests.site.conftest import read_page

HOME = "index.html"
OVERVIEW = "overview.html"
RESEARCH = "research/index.html"
ROBUST = "research/robustness-safety-uncertainty.html"
INTERPRETABLE = "research/interpretable-ml.html"
HUMAN = "research/human-in-the-loop.html"
GENERATIVE = "research/generative-modelling.html"
TASKS = "research/learning-across-tasks.html"
PI = "people/christian-baumgartner.html"
NEWS = "news/index.html"
SITE_NEWS = "news/2025-09-20-website.html"
BIAS = "news/2023-04-bias-award.html"
K2S = "news/2022-09-k2s.html"
MIDL = "news/2022-07-midl.html"


class Fact(NamedTuple):
    """One fact: the pages that tell it, and the words or the address to find on each of them."""

    name: str
    pages: tuple[str, ...]
    words: str = ""
    link: str = ""


GROUP = [
    Fact("goal", (OVERVIEW,), "image analysis, goal, outcome, patient"),
    Fact("way-faster", (OVERVIEW,), "image, faster|accelerat, simpl, part, automat"),
    Fact("way-faster-diagnosis", (OVERVIEW,), "automat, diagnos"),
    Fact("way-faster-prediction", (OVERVIEW,), "automat, predict, outcome"),
    Fact("way-faster-quantification", (OVERVIEW,), "automat, quantif|measur, image"),
    Fact("way-faster-reconstruction", (OVERVIEW,), "automat, reconstruct, image"),
    Fact("way-workflows", (OVERVIEW,), "new, clinical workflow, without, AI|algorithm"),
    Fact("way-knowledge", (OVERVIEW,), "new, clinical knowledge, large, database|dataset, image"),
    Fact("way-knowledge-decisions", (OVERVIEW,), "knowledge|learn, guide|inform, decid|decision"),
    Fact("way-knowledge-treatments", (OVERVIEW,), "learn|knowledge, guide|inform, treat"),
    Fact("way-knowledge-trials", (OVERVIEW,), "learn|knowledge, guide|inform, drug"),
    Fact("gap", (OVERVIEW,), "progress, research, little, hospital|practice|clinic"),
    Fact("reason-stakes", (OVERVIEW,), "stakes, high, medic"),
    Fact("reason-robustness", (OVERVIEW,), "stakes, algorithm, robust, far more|most|extra"),
    Fact("reason-reasoning", (OVERVIEW,), "doctor, patient, understand|follow, clinical decision"),
    Fact("reason-black-box", (OVERVIEW,), "clinician, reluctant|hesita, black box|black-box"),
    Fact("reason-certification", (OVERVIEW,), "both, certif"),
    Fact("aim", (HOME,), "machine learning, research, gap, clinic, practice|patient"),
    Fact("directions-four", (OVERVIEW, RESEARCH), "four directions"),
    Fact("direction-1", (HOME, OVERVIEW, RESEARCH), "Robustness, Safety and Uncertainty"),
    Fact("direction-2", (HOME, OVERVIEW, RESEARCH), "Interpretable Machine Learning"),
    Fact("direction-3", (HOME, OVERVIEW, RESEARCH), "Human-in-the-Loop Machine Learning Systems"),
    Fact("direction-4", (HOME, OVERVIEW, RESEARCH), "Generative Modelling on Big Medical Datasets"),
    Fact("direction-1-page", (HOME, OVERVIEW, RESEARCH), link=ROBUST),
    Fact("direction-2-page", (HOME, OVERVIEW, RESEARCH), link=INTERPRETABLE),
    Fact("direction-3-page", (HOME, OVERVIEW, RESEARCH), link=HUMAN),
    Fact("direction-4-page", (HOME, OVERVIEW, RESEARCH), link=GENERATIVE),
    Fact("name", (OVERVIEW,), "Machine Learning in Medical Image Analysis"),
    Fact("cluster", (OVERVIEW, PI), "Cluster of Excellence, Machine Learning, New Perspectives"),
    Fact("university", (OVERVIEW, PI), "group, University of Tübingen"),
    Fact("head", (OVERVIEW,), "group, led|head, Christian, Baumgartner"),
    Fact("head-page", (OVERVIEW,), link=PI),
]

POSITION = [
    Fact("position", (OVERVIEW, PI), "Assistant Professor, Health Data Science"),
    Fact("faculty", (OVERVIEW, PI), "Faculty of Health Sciences and Medicine"),
    Fact("lucerne", (OVERVIEW, PI), "Assistant Professor, University of Lucerne"),
    Fact("leads", (PI,), "leads, Medical AI, group"),
    Fact("independent", (OVERVIEW, PI), "independent, research group, Cluster of Excellence"),
    Fact("part-remains", (OVERVIEW, PI), "part, group, remain, Tübingen"),
    Fact("group-site", (PI,), link=OVERVIEW),
    Fact("earlier-address", ("about.html", "about/index.html"), link=PI),
]

FOCUS = [
    Fact("focus", (PI,), "develop, apply|applies|use, machine learning, healthcare data"),
    Fact("goal-criteria", (PI,), "criteria, machine learning, useful, clinic"),
    Fact("goal-criteria", (OVERVIEW, RESEARCH), "needs, machine learning, clinic"),
    Fact("goal-problems", (PI,), "solve, problems, keep|prevent"),
    Fact("goal-problems", (OVERVIEW, RESEARCH), "work, problems, keep|prevent|stand in the way"),
    Fact("problem-small-data", (PI,), "group, work, small, dataset"),
    Fact("problem-robustness", (PI,), "group, work, robustness, uncertainty"),
    Fact("problem-interpretable", (PI,), "group, work, interpretable"),
    Fact("problem-generative", (PI,), "group, work, generative, large, medical, dataset"),
    Fact("bridge", (PI,), "machine learning, theory, clinical"),
    Fact("collaboration", (PI, RESEARCH), "people|human, algorithm|AI, together|collaborat"),
    Fact("disease-effects", (PI, RESEARCH), "probabilistic, effects|changes, disease"),
    Fact("clinical-variables", (PI, RESEARCH), "probabilistic, connect, clinical"),
    Fact("areas", (PI,), link=RESEARCH),
]

AREAS = [
    Fact("safety", (ROBUST,), "Safety, Uncertainty"),
    Fact("safety-confident", (ROBUST,), "confident, wrong|false, harm|devastat"),
    Fact("safety-pipeline", (ROBUST,), "doubt|uncertaint, every step|pipeline"),
    Fact("safety-practice", (ROBUST,), "doubt|uncertaint, help, clinician"),
    Fact("safety-in-use", (ROBUST,), "safe, use|practice|answer"),
    Fact("few-data", (TASKS,), "learning, efficiently, few|fewer, data"),
    Fact("few-data-cost", (TASKS,), "annotat, expensive|costly, clinical professional|clinician"),
    Fact("few-data-how", (TASKS,), "learn, few|fewer, data"),
    Fact("few-data-which", (TASKS,), "training data, collect|obtain, task"),
    Fact("interpretable", (INTERPRETABLE,), "Interpretable Machine Learning"),
    Fact("interpretable-replace", (INTERPRETABLE,), "intelligence, replace, clinician, long|ever"),
    Fact("interpretable-both", (INTERPRETABLE,), "doctor|clinician, patient, algorithm"),
    Fact("interpretable-how", (INTERPRETABLE,), "reason, followed|transparent, model|decision"),
    Fact("human", (HUMAN,), "Human-in-the-Loop, Systems"),
    Fact("human-part", (HUMAN,), "people|human, part|component, every, system"),
    Fact("human-provide", (HUMAN,), "people|human, provide|prepare, training data|examples"),
    Fact("human-choose", (HUMAN,), "people|human, choose|select, train, model|system"),
    Fact("human-operate", (HUMAN,), "people|human, operate|work with|use, system|it"),
    Fact("human-effort", (HUMAN,), "less, effort, teach|annotat"),
    Fact("human-active", (HUMAN,), "active learning"),
    Fact("human-interactive", (HUMAN,), "steer|interactive, prediction"),
    Fact("tasks", (TASKS,), "sharing|exploit|shared, information, between tasks"),
    Fact(
        "tasks-scratch",
        (TASKS,),
        "algorithm|model, from scratch|from nothing, each|every, problem|task",
    ),
    Fact("tasks-related", (TASKS,), "tasks|problems, related|resemble"),
    Fact("tasks-better", (TASKS,), "related, better|more intelligent, algorithm|model"),
    Fact("big-data", (GENERATIVE,), "Big Medical Datasets"),
    Fact("big-data-size", (GENERATIVE,), "tens of thousands, images"),
    Fact("big-data-advances", (GENERATIVE,), "advances|recent|progress, probabilistic"),
    Fact("big-data-cohort", (GENERATIVE,), "German National Cohort"),
    Fact("big-data-disease", (GENERATIVE,), "understand, disease"),
]

STATIONS = [
    Fact("since-2024", (PI,), "February 2024, Assistant Professor, Lucerne"),
    Fact("since-2021", (PI,), "February 2021, independent, research group, University of Tübingen"),
    Fact("position-kept", (PI, OVERVIEW), "keeps|maintain, position, Tübingen"),
    Fact("vuforia", (PI,), "senior, research engineer, PTC Vuforia"),
    Fact("vuforia-topic", (PI,), "research, development, machine learning, augmented reality"),
    Fact("post-doc-eth", (PI,), "post-doc, Biomedical Image Computing Group, ETH Zürich"),
    Fact("post-doc-eth-with", (PI,), "Biomedical Image Computing Group, Ender Konukoglu"),
    Fact("post-doc-lab", (PI,), "post-doc, Biomedical Image Analysis Lab, Daniel Rueckert"),
    Fact("phd", (PI,), "PhD, 2016"),
    Fact("phd-supervisors", (PI,), "Andy King, Daniel Rueckert, supervised, jointly"),
    Fact("phd-place", (PI,), "King's College London, School of Biomedical Engineering"),
    Fact("phd-school", (PI,), "School of Biomedical Engineering & Imaging Sciences"),
    Fact("master", (PI,), "Master, Biomedical Engineering, ETH Zürich"),
    Fact("bachelor", (PI,), "Bachelor, Information Technology, Electrical Engineering"),
    Fact("bachelor-place", (PI,), "Bachelor, Electrical Engineering, ETH Zürich"),
]

ADDRESSES = [
    Fact(
        "link-faculty",
        (PI, OVERVIEW),
        link="https://www.unilu.ch/en/faculties/faculty-of-health-sciences-and-medicine/",
    ),
    Fact("link-lucerne", (PI, OVERVIEW), link="https://www.unilu.ch"),
    Fact(
        "link-cluster",
        (PI, OVERVIEW),
        link="https://uni-tuebingen.de/en/research/core-research/"
        "cluster-of-excellence-machine-learning/home/",
    ),
    Fact("link-tuebingen", (PI, OVERVIEW), link="https://uni-tuebingen.de/en/university/"),
    Fact(
        "link-cohort",
        (GENERATIVE,),
        link="https://www.klinikum.uni-heidelberg.de/radiologische-klinik/"
        "klinik-fuer-diagnostische-und-interventionelle-radiologie/forschung/research-projects/"
        "the-german-national-cohort",
    ),
    Fact("link-vuforia", (PI,), link="https://www.ptc.com/en/products/vuforia"),
    Fact("link-bmic", (PI,), link="https://bmic.ee.ethz.ch/"),
    Fact("link-konukoglu", (PI,), link="http://people.ee.ethz.ch/~kender/"),
    Fact("link-biomedia", (PI,), link="https://biomedia.doc.ic.ac.uk/"),
    Fact("link-rueckert", (PI,), link="http://wp.doc.ic.ac.uk/dr/"),
    Fact("link-king", (PI,), link="https://www.kcl.ac.uk/people/andrew-king"),
    Fact("link-kcl-school", (PI,), link="https://www.kcl.ac.uk/bmeis"),
    Fact("link-thesis", (PI,), link="https://baumgach.github.io/files/phd_thesis.pdf"),
    Fact(
        "link-bias",
        (BIAS,),
        link="https://www.mlmia-unitue.de/news/2023-03-24-susu-bias-award/",
    ),
    Fact(
        "link-k2s",
        (K2S,),
        link="https://www.mlmia-unitue.de/news/2022-11-03-recon-challenge-win/",
    ),
    Fact("link-midl-2022", (MIDL,), link="https://2022.midl.io/"),
    Fact("link-midl-2023", (MIDL,), link="https://2023.midl.io/"),
]

ITEMS = [
    Fact("bias", (BIAS,), "PhD student, Susu Sun, wins, best poster jury award"),
    Fact("bias-where", (BIAS,), "Bern Interpretable AI Symposium, BIAS"),
    Fact("bias-date", (BIAS, NEWS), "April 2023"),
    Fact("k2s", (K2S,), "MLMIA, team, wins, MICCAI, K2S, challenge"),
    Fact("k2s-topic", (K2S,), "K2S, reconstruction, segmentation, MR"),
    Fact("k2s-date", (K2S, NEWS), "September 2022"),
    Fact("midl", (MIDL,), "after, MIDL 2022, Zürich"),
    Fact("midl-committee", (MIDL,), "programme committee, again, MIDL 2023"),
    Fact("midl-date", (MIDL, NEWS), "July 2022"),
]

FACTS = [*GROUP, *POSITION, *FOCUS, *AREAS, *STATIONS, *ADDRESSES, *ITEMS]
ROWS = [(fact, page) for fact in FACTS for page in fact.pages]

NOT_IN_LISTS = ":not([data-pub-key], [data-pub-key] *)"
PASSAGES = ", ".join(f"{tag}{NOT_IN_LISTS}" for tag in "h1 h2 h3 h4 p li td dl".split())


@cache
def main(page: str) -> Tag:
    """Return the page's content without navigation and footer; a redirect page is all content."""
    soup = read_page(page)
    return soup.find("main") or soup


@cache
def passages(page: str) -> tuple[str, ...]:
    """Return the text of each passage of a page, white space folded."""
    found: list[str] = []
    for tag in main(page).select(PASSAGES):
        if tag.name == "dl":
            found += definitions(tag)
        else:
            found.append(folded(tag))
    return tuple(found)


def definitions(listing: Tag) -> list[str]:
    """Return each term of a definition list together with its definitions."""
    found: list[str] = []
    for part in listing.find_all(["dt", "dd"]):
        if part.name == "dt" or not found:
            found.append(folded(part))
        else:
            found[-1] += " " + folded(part)
    return found


def folded(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").replace("’", "'").split())


def says(passage: str, words: str) -> bool:
    """Whether every word, or one of its alternatives, starts a word of the passage."""
    return all(
        re.search(rf"\b(?:{'|'.join(map(re.escape, word.split('|')))})", passage, re.IGNORECASE)
        for word in words.split(", ")
    )


@cache
def targets(page: str) -> frozenset[str]:
    """Return where the links of a page lead: addresses elsewhere, or pages of this site."""
    found = set()
    for link in main(page).select(f"a[href]{NOT_IN_LISTS}"):
        href = str(link["href"])
        parts = urlsplit(href)
        if not parts.scheme and parts.path:
            href = posixpath.normpath(posixpath.join(posixpath.dirname(page), parts.path))
        found.add(href)
    return frozenset(found)


@pytest.mark.parametrize(
    ("fact", "page"), ROWS, ids=[f"{fact.name} on {page}" for fact, page in ROWS]
)
def test_the_page_tells_the_fact(fact: Fact, page: str) -> None:
    assert bool(fact.words) != bool(fact.link), "a row has either words or a link"
    if fact.link:
        assert fact.link in targets(page)
    else:
        assert any(says(passage, fact.words) for passage in passages(page)), fact.words


def test_the_stations_stand_in_order() -> None:
    stations = [
        "University of Lucerne",
        "University of Tübingen",
        "PTC Vuforia",
        "Biomedical Image Computing Group",
        "Biomedical Image Analysis Lab",
        "King's College London",
        "Master",
        "Bachelor",
    ]
    timeline = main(PI).select_one(".ls-timeline")
    assert timeline is not None
    text = folded(timeline)
    places = [text.find(station) for station in stations]
    assert -1 not in places and places == sorted(places), dict(zip(stations, places, strict=True))
