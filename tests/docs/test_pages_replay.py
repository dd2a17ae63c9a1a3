"""Every page that shows commands is played in an empty folder, and must print what it says it prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.pages import ROOT, name
from docs.player import Player, language_of

SHOWING = [page for page in sorted((ROOT / "docs").rglob("*.md")) if "\n```console\n" in page.read_text("utf-8")]
PLAYED = [page for page in SHOWING if "three-public-logs" not in page.name]
"""That one needs files that are not ours to give: it is played where they are."""


@pytest.mark.parametrize("page", PLAYED, ids=name)
def test_a_page_prints_what_it_says(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")

    assert Player(tmp_path.resolve(), language_of(page)).play(text) == text


@pytest.mark.parametrize("ending", [".md", ".zh-CN.md"])
def test_the_tutorial_is_among_the_played_pages(ending: str) -> None:
    assert ROOT / f"docs/tutorials/first-company{ending}" in PLAYED


def test_a_page_that_prints_something_else_is_noticed(tmp_path: Path) -> None:
    page = "```console\n$ fuxiao --version\nfuxiao 0.0.0\n```"

    assert Player(tmp_path, "en").play(page) != page


def test_an_edit_of_a_line_that_is_not_there_is_refused(tmp_path: Path) -> None:
    page = "```text file=a.txt\none\n```\n\n```diff file=a.txt\n-two\n+three\n```"

    with pytest.raises(AssertionError, match=r"a\.txt: not there exactly once"):
        Player(tmp_path, "en").play(page)

    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "one\n"
