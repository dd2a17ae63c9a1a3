"""A table in a terminal: every word of it can be read, at any width."""

from __future__ import annotations

import io
import re

import pytest

from fuxiao.cli.sheet import Column, Sheet
from fuxiao.cli.table import print_table

WORDS = "not firm yet, may still change; rescheduled by the customer 14"
SHEET = Sheet(
    "Values",
    [
        Column("code", "code"), Column("name", "name"), Column("period", "period", detail=2),
        Column("value", "value", numeric=True), Column("interval", "95 % interval", numeric=True, detail=1),
        Column("note", "note"),
    ],
    [
        ["FTF", "First-time fix rate", "2026-10", "86.04", "80.86 – 89.98", WORDS],
        ["FRT", "Average first response time", "2026-10", "1541297.2", "28.2 – 36.3", ""],
    ],
)  # fmt: skip


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("width", range(40, 130))
def test_a_narrow_terminal_cuts_no_word_off(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    print_table(SHEET, stream)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue()).splitlines()
    assert max(map(len, lines)) <= width
    shown = " ".join(" ".join(lines).split())
    assert all(word in shown for word in [*WORDS.split(), "Average", "response", "86.04", "1541297.2"]), shown
