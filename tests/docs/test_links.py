"""Every link leads somewhere, every file named is there, and every page can be found from the index."""

from __future__ import annotations

import re

import pytest

from tests.docs.conftest import ROOT, Page

LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED = re.compile(r"`((?:\.ci|bench|docs|enclaves|infra|scripts|stacks|tests)/[\w./*-]*)`")
ELSEWHERE = ("https://", "http://", "mailto:")


def anchors(page: Page) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.+)$", page.prose, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def targets(page: Page) -> list[tuple[Page, str]]:
    """Where a page's own links lead: the file and the anchor in it."""
    links = [link.partition("#") for link in LINK.findall(page.prose) if not link.startswith(ELSEWHERE)]
    return [(Page((page.path.parent / path).resolve() if path else page.path), anchor) for path, _, anchor in links]


def test_every_link_leads_somewhere(page: Page) -> None:
    for target, anchor in targets(page):
        assert target.path.exists(), f"{page}: {target.path}"
        assert not anchor or anchor in anchors(target), f"{page}: #{anchor} in {target}"


def test_every_file_named_is_there(page: Page) -> None:
    if page.path.name == "CONTRIBUTING.md":
        pytest.skip("names the files that a contributor is to write")
    for name in NAMED.findall(page.prose):
        if "NAME" not in name and "research" not in name:
            assert list(ROOT.glob(name)), f"{page}: {name}"


def test_every_page_is_linked_from_the_index() -> None:
    linked = {target.path for target, _ in targets(Page(ROOT / "docs/index.md"))}
    pages = {path for path in (ROOT / "docs").rglob("*.md") if path.name != "index.md"}
    assert pages <= linked


def test_the_readme_leads_to_every_guide() -> None:
    linked = {target.path for target, _ in targets(Page(ROOT / "README.md"))}
    assert set((ROOT / "docs/guides").glob("*.md")) | {ROOT / "docs/index.md"} <= linked
