"""A sheet as a table that fits the terminal: details are left out before words are broken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fuxiao.base.wording import say
from fuxiao.cli.options import language
from fuxiao.cli.sheet import Column, Places, Sheet, printable, text_of

GAP = 1
"""Blanks between two columns."""
NARROW, WIDE = 12, 24
"""A column of words is never made narrower than its longest word, within these widths."""


def print_table(sheet: Sheet, stream: TextIO) -> None:
    """Print the sheet; where the result is no terminal (a pipe, a file) every row stays on one line, whole."""
    texts = [["" if cell is None else printable(text_of(cell)) for cell in row] for row in sheet.rows]
    filled = [
        at for at, column in enumerate(sheet.columns)
        if column.places is not Places.DATA and (not texts or any(row[at] for row in texts))
    ]  # fmt: skip
    console = Console(file=stream, highlight=False)
    if console.is_terminal:
        shown = fitting(sheet, texts, filled, console.width)
    else:
        shown = filled
        console = Console(file=stream, highlight=False, width=_longest(sheet, texts, filled))
    if filled:
        console.print(_table(sheet, texts, shown, console.width))
    elif sheet.title:
        console.print(Text(printable(sheet.title), style="bold"))
    for note in _notes(sheet, filled, shown):
        console.print(Text(printable(note), style="dim"), soft_wrap=not console.is_terminal)
    console.print()


def _notes(sheet: Sheet, filled: Sequence[int], shown: Sequence[int]) -> list[str]:
    hidden = [sheet.columns[at].heading for at in filled if at not in shown]
    return [*sheet.notes, *([say("table.hidden", language(), {"listed": hidden})] if hidden else [])]


def _table(sheet: Sheet, texts: Sequence[Sequence[str]], shown: Sequence[int], width: int) -> Table:
    table = Table(
        title=Text(printable(sheet.title)) if sheet.title else None,
        title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, GAP, 0, 0),
    )  # fmt: skip
    for at, wide in zip(shown, widths(sheet, texts, shown, width), strict=True):
        column = sheet.columns[at]
        table.add_column(
            Text(column.heading), justify="right" if column.numeric else "left", overflow="fold", width=wide
        )
    for row in texts:
        table.add_row(*(Text(row[at]) for at in shown))
    return table


def fitting(sheet: Sheet, texts: Sequence[Sequence[str]], filled: Sequence[int], width: int) -> list[int]:
    """The columns that fit: the least important ones go first, those of rank 0 never."""
    shown = list(filled)
    while sum(_least(sheet.columns[at], texts, at) + GAP for at in shown) > width:
        least = max(shown, key=lambda at: (sheet.columns[at].detail, at))
        if not sheet.columns[least].detail:
            break
        shown.remove(least)
    return shown


def widths(sheet: Sheet, texts: Sequence[Sequence[str]], shown: Sequence[int], width: int) -> list[int]:
    """The width of each column: as wide as it is, or less where all of them are too much. The widest gives way first,
    down to its least; below that only words do, and only where there is no other way."""
    found = [_natural(sheet.columns[at], texts, at) for at in shown]
    least = [_least(sheet.columns[at], texts, at) for at in shown]
    words = [least[n] if sheet.columns[at].numeric else 1 for n, at in enumerate(shown)]
    for lowest in (least, words):
        while sum(found) + GAP * len(found) > width:
            wide = [n for n, floor in enumerate(lowest) if found[n] > floor]
            if not wide:
                break
            found[max(wide, key=found.__getitem__)] -= 1
    return found


def _natural(column: Column, texts: Sequence[Sequence[str]], at: int) -> int:
    return max(cell_len(column.heading), *(cell_len(row[at]) for row in texts), 1)


def _least(column: Column, texts: Sequence[Sequence[str]], at: int) -> int:
    """The narrowest a column reads well at: whole numbers, whole words."""
    if column.numeric:
        return max([cell_len(word) for word in column.heading.split()] + [cell_len(row[at]) for row in texts])
    cells = [column.heading, *(row[at] for row in texts)]
    longest = max((cell_len(word) for cell in cells for word in cell.split()), default=0)
    return min(_natural(column, texts, at), max(NARROW, min(longest, WIDE)))


def _longest(sheet: Sheet, texts: Sequence[Sequence[str]], filled: Sequence[int]) -> int:
    rows = [[column.heading for column in sheet.columns], *texts]
    widths = [max(cell_len(row[at]) for row in rows) + GAP for at in filled]
    return max(sum(widths), cell_len(sheet.title), 1)
