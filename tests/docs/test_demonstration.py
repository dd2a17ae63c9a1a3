"""The demonstration as the README promises it: from the log to reports, printing the lines that the page shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import Answer, fuxiao
from docs.pages import ROOT

READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
FIRST = "工号    姓名"


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answer]:
    folder = tmp_path_factory.mktemp("demonstration")
    return folder, fuxiao("demo", folder, lang="zh")


def shown(page: Path) -> list[str]:
    """The lines of the block that begins with the bonus table, without what they leave out."""
    text = page.read_text(encoding="utf-8")
    block = text[text.index(FIRST) :].split("\n```", 1)[0]
    return [line.removesuffix("…").rstrip() for line in block.splitlines() if line != "…"]


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_the_demonstration_prints_what_the_readme_shows(page: Path, demonstration: tuple[Path, Answer]) -> None:
    printed = demonstration[1].lines
    assert len(shown(page)) > 5
    assert [line for line in shown(page) if not any(each.startswith(line) for each in printed)] == []


def test_it_ends_with_a_report_for_everybody_who_was_scored(demonstration: tuple[Path, Answer]) -> None:
    folder, answer = demonstration
    people = [line.split()[0] for line in answer.lines if line.startswith("LC01") and len(line.split()) > 6]
    assert len(people) > 50
    assert [who for who in people if not (folder / "report" / f"scorecard-{who}.html").is_file()] == []
    assert str(folder / "report" / "index.html") in "".join(answer.lines)
