"""Frames: rendered once for pages that share them, split at their slots, filled with anything."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from markupsafe import Markup

from labsite.slots import Frames, RecordPage, slot

PAGE = RecordPage(
    name="publications/sun2025",
    title="A  title\nof <two> lines",
    body="<p>The body</p>",
    head="<meta>",
    crumb="Sun & Koch",
    edit_address="https://example.org/?a=1&b=2",
    edit_text="Improve it",
    frame={"layout": "record"},
)


class Builder:
    """Writes what a theme would, and counts."""

    config = SimpleNamespace(html_output_encoding="utf-8")

    def __init__(self) -> None:
        self.rendered: list[str] = []

    def handle_page(
        self, name: str, context: dict[str, Any], template: str, *, outfilename: Path
    ) -> None:
        self.rendered.append(name)
        title = Markup(context["title"]).striptags()
        parts = [f"<title>{title}</title>", f"<a href={name}>{title}: {context['crumb']}</a>"]
        if context["edit_address"]:
            parts.append(f"<a href={context['edit_address']}>{context['edit_text']}</a>")
        styles = "design.css" if "sd-" in context["body"] else ""
        parts += [context["layout"], context["head"], styles, context["body"], "Ä\u0416"]
        outfilename.write_text("|".join(parts), encoding=self.config.html_output_encoding)


@pytest.fixture
def builder() -> Builder:
    return Builder()


@pytest.fixture
def frames(builder: Builder, tmp_path: Path) -> Frames:
    return Frames(cast("Any", builder), tmp_path / "frame.html")


def test_a_page_is_its_frame_with_its_parts(frames: Frames, tmp_path: Path) -> None:
    assert frames.fill(PAGE).decode().split("|") == [
        "<title>A title of &lt;two&gt; lines</title>",
        "<a href=publications/sun2025>A title of &lt;two&gt; lines: Sun &amp; Koch</a>",
        "<a href=https://example.org/?a=1&amp;b=2>Improve it</a>",
        "record",
        "<meta>",
        "",
        "<p>The body</p>",
        "Ä\u0416",
    ]
    assert list(tmp_path.iterdir()) == []


def test_pages_of_a_folder_share_a_frame(frames: Frames, builder: Builder) -> None:
    for number in range(3):
        frames.fill(replace(PAGE, name=f"publications/k{number}"))
    assert len(builder.rendered) == 1
    assert b"<a href=people/anna-meier>" in frames.fill(replace(PAGE, name="people/anna-meier"))
    assert b"<a href=home>" in frames.fill(replace(PAGE, name="home"))
    assert b"|wide|" in frames.fill(replace(PAGE, frame={"layout": "wide"}))
    assert b"Improve" not in frames.fill(replace(PAGE, edit_address="", edit_text=""))
    assert len(builder.rendered) == 5


def test_a_body_that_needs_styles_gets_them(frames: Frames) -> None:
    body = '<p class="sd-tab">x</p>'
    assert f"|design.css|{body}|" in frames.fill(replace(PAGE, body=body)).decode()
    assert b"design.css" not in frames.fill(PAGE)


@pytest.mark.parametrize("name", ["title", "body", "page", "edit_text"])
def test_the_name_of_a_slot_in_a_title_or_a_body_is_text(frames: Frames, name: str) -> None:
    text = frames.fill(replace(PAGE, title=f"On {slot(name)}", body=slot("head"))).decode()
    assert text.count(f"On {slot(name)}") == 2
    assert f"||{slot('head')}|" in text
    assert text.count("<meta>") == 1


def test_another_encoding_keeps_every_character(builder: Builder, frames: Frames) -> None:
    builder.config = SimpleNamespace(html_output_encoding="cp1251")
    builder.handle_page = lambda *_, outfilename: outfilename.write_text(  # type: ignore[method-assign]
        slot("body"), encoding="cp1251"
    )
    assert frames.fill(replace(PAGE, body="Ж ü")) == "Ж &#252;".encode("cp1251")
