"""The demonstration as the README promises it: from the log to reports, printing the lines that the page shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import Answer, fuxiao
from docs.pages import ROOT
from fuxiao.cli.commands.demo import DAY, cut
from fuxiao.cli.output import Column, Sheet
from fuxiao.cli.session import session

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


def test_of_many_people_the_first_are_listed_with_the_way_to_see_all(demonstration: tuple[Path, Answer]) -> None:
    folder, _ = demonstration
    few, many = (Sheet("", [Column("person", "工号")], [[str(n)] for n in range(people)]) for people in (60, 61))
    with session(folder / "home", "zh", DAY) as now:
        assert cut(now, few, 60) is few
        shown = cut(now, many, 60)
    assert len(shown.rows) == 60
    note = shown.notes[0]
    assert note.startswith("共 61 人，这里列出前 60 人。全部：fuxiao settle -p 2026-10 ")
    every = fuxiao(*note.partition("fuxiao ")[2].split(), lang="zh")
    assert len([line for line in every.lines if line.startswith("LC01")]) > 50
