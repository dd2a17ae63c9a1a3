"""The reference pages are made from the program and are never older than it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

import pytest
from typer.main import get_command

from docs.pages import ROOT
from fuxiao.cli.docs.commands import Command, Group, walk
from fuxiao.cli.docs.markdown import NOTE
from fuxiao.cli.docs.pages import write_pages
from fuxiao.cli.main import app

REFERENCE = ROOT / "docs/reference"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The generated pages of today: text by file name."""
    written = write_pages(tmp_path_factory.mktemp("reference"))
    return {path.name: path.read_text(encoding="utf-8") for path in written}


def test_making_the_reference_again_changes_no_byte(made: dict[str, str]) -> None:
    for page, text in made.items():
        assert (REFERENCE / page).read_text(encoding="utf-8") == text, f"{page} is old: make docs"


def test_a_generated_page_that_nobody_generates_any_more_is_gone(made: dict[str, str]) -> None:
    marked = {
        page.name for page in REFERENCE.glob("*.md") if any(note in page.read_text("utf-8") for note in NOTE.values())
    }

    assert marked <= set(made)


def words_of(command: Command) -> Iterator[str]:
    """The options and arguments of a command, as its help shows them."""
    for each in command.params:
        yield from each.opts if each.param_type_name == "option" else [each.name.upper()]


@pytest.mark.parametrize("page", ["cli.md", "cli.zh-CN.md"])
def test_every_command_and_option_is_on_the_page_of_commands(page: str) -> None:
    text = (REFERENCE / page).read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## ([\w -]+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    commands = dict(walk(cast("Group", get_command(app))))

    missing = [(name, word) for name, one in commands.items() for word in words_of(one) if word not in sections[name]]

    assert list(sections) == list(commands)
    assert missing == []
