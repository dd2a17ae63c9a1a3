"""A table in a terminal: every word of it can be read, and no case number is broken, at any width."""

from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len

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


CASES = Sheet(
    "Rows",
    [
        Column("case_id", "case"), Column("person", "人员"), Column("team", "班组", detail=1),
        Column("numerator", "numerator", numeric=True), Column("denominator", "denominator", numeric=True),
    ],
    [
        ["FX26100300001", "LC01002", "华东售后服务一大队", "10800 s", "1"],
        ["FX26100300002", "LC01003", "", "686 s", "1"],
    ],
)  # fmt: skip


def lines_at(width: int, sheet: Sheet, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    print_table(sheet, stream)
    return [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue()).splitlines()]


@pytest.mark.parametrize("width", range(30, 100))
def test_no_case_number_is_broken_however_narrow_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = lines_at(width, CASES, monkeypatch)
    assert max(map(cell_len, lines)) <= width
    assert all(any(key in line for line in lines) for row in CASES.rows for key in (row[0], row[1], row[3])), lines


def test_what_does_not_fit_beside_each_other_is_stacked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines_at(80, CASES, monkeypatch)[1:3] == [
        "case          人员    班组               numerator denominator",
        "FX26100300001 LC01002 华东售后服务一大队   10800 s           1",
    ]
    assert lines_at(36, CASES, monkeypatch) == [
        "Rows",
        "case         FX26100300001", "人员         LC01002", "班组         华东售后服务一大队",
        "numerator    10800 s", "denominator  1",
        "",
        "case         FX26100300002", "人员         LC01003", "numerator    686 s", "denominator  1",
        "",
    ]  # fmt: skip
