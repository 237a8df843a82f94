"""The Content-Security-Policy is in force in all browser tests, and it is a strict one."""

from __future__ import annotations

import re

from playwright.sync_api import Browser

from tests.browser.conftest import SITE, NewPage


def test_the_policy_is_sent_and_strict(new_page: NewPage, address: str) -> None:
    response = new_page().goto(address)
    assert response is not None
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"https?:|\*", policy)
    assert response.headers["x-content-type-options"] == "nosniff"


def test_what_the_policy_forbids_does_not_run(chromium: Browser, address: str) -> None:
    """Else the tests would be run without it. A page of ``new_page`` may not even try."""
    context = chromium.new_context()
    page = context.new_page()
    page.goto(address)
    forbidden = page.evaluate(
        """() => new Promise((resolve) => {
            const told = (event) => resolve(event.effectiveDirective);
            document.addEventListener('securitypolicyviolation', told);
            const image = document.createElement('img');
            image.src = 'https://example.org/x.png';
            document.body.append(image);
        })"""
    )
    context.close()
    assert forbidden == "img-src"


def test_every_page_has_the_same_inline_script_and_no_style_attribute() -> None:
    inline = set()
    for path in SITE.rglob("*.html"):
        if "_static" in path.relative_to(SITE).parts:
            continue
        text = path.read_text(encoding="utf-8")
        inline |= set(re.findall(r"<script>(.*?)</script>", text, re.DOTALL))
        assert not re.search(r"<[a-z][^>]*\sstyle=", text), path.name
        assert not re.search(r"<[a-z][^>]*\son\w+=", text), path.name
        assert "<style" not in text, path.name
    assert len(inline) == 1
