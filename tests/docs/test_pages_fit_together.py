"""No link leads nowhere, Chinese and English pages are twins, and the map of documents names every page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.pages import CHINESE, ROOT, anchors, headings, links, name, pages, prose

DOCS = ROOT / "docs"
SOURCES = {".py", ".yaml"}
IN_CHINESE = [page for page in pages() if page.name.endswith(CHINESE)]
BILINGUAL = {DOCS / "reference", DOCS / "decisions"}
"""Folders whose pages hold both languages, or are for those who work on the code."""


def twin(page: Path) -> Path:
    """The page in the other language."""
    if page.name.endswith(CHINESE):
        return page.with_name(page.name.removesuffix(CHINESE) + ".md")
    return page.with_name(page.name.removesuffix(".md") + CHINESE)


def broken(page: Path) -> list[str]:
    """The links of a page that lead to no file, or to no heading of it."""
    return [link for link in links(page) if not leads_somewhere(page, link)]


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not anchor or anchor in anchors(target))


@pytest.mark.parametrize("page", pages(), ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_a_broken_link_or_anchor_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Title here\n[a](gone.md) [b](#title-here) [c](#elsewhere) [d](page.md#title-here)\n", "utf-8")

    assert broken(page) == ["gone.md", "#elsewhere"]


@pytest.mark.parametrize("page", IN_CHINESE, ids=name)
def test_a_chinese_page_has_an_english_twin_of_the_same_structure(page: Path) -> None:
    assert [level for level, _ in headings(page)] == [level for level, _ in headings(twin(page))]


def test_every_page_for_readers_exists_in_both_languages() -> None:
    alone = [name(page) for page in DOCS.rglob("*.md") if page.parent not in BILINGUAL and not twin(page).exists()]

    assert alone == []


@pytest.mark.parametrize("ending", [".md", CHINESE])
def test_the_map_of_documents_names_every_page(ending: str) -> None:
    index = DOCS / f"index{ending}"
    named = {(DOCS / link).resolve() for link in links(index)}
    mine = {page for page in DOCS.rglob("*.md") if page.name.endswith(CHINESE) == (ending == CHINESE)}
    only_english = {page for page in DOCS.rglob("*.md") if not twin(page).exists()}

    assert mine | only_english <= {*named, index}


def test_every_word_that_the_glossary_places_in_the_code_is_there() -> None:
    code = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "src").rglob("*.*")) if path.suffix in SOURCES)
    rows = [row.split("|") for row in prose(ROOT / "GLOSSARY.md").splitlines() if row.startswith("|")]
    named = [word for row in rows for word in re.findall(r"`([^`]+)`", row[3])]

    assert len(named) > 100
    assert [word for word in named if not re.search(rf"\b{re.escape(word)}\b", code)] == []
