"""The page about the three public logs prints what it says, wherever the logs are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from docs.pages import ROOT
from docs.player import Player, language_of
from public_logs import FOLDER, NEEDED

pytestmark = NEEDED

FILES = {
    "helpdesk.csv": "helpdesk-italy/helpdesk.csv",
    "calls.csv": "callcenter-appliance/Call_Center.csv",
    "contacts.csv": "shopzilla-csat/dev.csv",
}


@pytest.mark.slow
@pytest.mark.parametrize("ending", [".md", ".zh-CN.md"])
def test_the_page_prints_what_it_says(ending: str, tmp_path: Path) -> None:
    page = ROOT / f"docs/tutorials/three-public-logs{ending}"
    for name, file in FILES.items():
        shutil.copyfile(FOLDER / file, tmp_path / name)
    text = page.read_text(encoding="utf-8")

    assert Player(tmp_path.resolve(), language_of(page)).play(text) == text
