"""A sheet as a table that fits the terminal: details are left out before words are broken; what does not fit even then
is stacked, one record below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from fuxiao.base.wording import say
from fuxiao.cli.help_text import WORD, lines
from fuxiao.cli.options import language
from fuxiao.cli.sheet import Places, Sheet, printable, text_of

GAP, BESIDE = 1, 2
"""Blanks between two columns, and between the heading and the value of a stacked record."""
NARROW, SHORT = 12, 8
"""A column of words is made no narrower than this, where nothing else helps than that; so short a text stays whole."""

Texts = Sequence[Sequence[str]]
Widths = Mapping[int, int]
"""How wide each column is, by its place in the sheet."""


def print_table(sheet: Sheet, stream: TextIO) -> None:
    """Print the sheet; where the result is no terminal (a pipe, a file) every row stays on one line, whole."""
    texts = [["" if cell is None else printable(text_of(cell)) for cell in row] for row in sheet.rows]
    filled = [
        at for at, column in enumerate(sheet.columns)
        if column.places is not Places.DATA and (not texts or any(row[at] for row in texts))
    ]  # fmt: skip
    natural = {at: _natural(sheet, texts, at) for at in filled}
    console, notes = Console(file=stream, highlight=False), list(sheet.notes)
    terminal = console.is_terminal
    if not terminal:
        title = cell_len(printable(sheet.title))
        console = Console(file=stream, highlight=False, width=max(_taken(natural), title, 1))
    least = {at: _least(sheet, texts, at, NARROW) for at in filled} if terminal else natural
    shown = fitting(sheet, least, console.width)
    if _taken(shown) > console.width:
        shown = {at: _least(sheet, texts, at, SHORT) for at in shown}
    if sheet.title:
        console.print(Text(_broken(sheet.title, console.width), style="bold"))
    if _taken(shown) > console.width:
        _print_records(console, sheet, texts, filled)
    elif filled:
        console.print(_table(sheet, texts, widths(natural, shown, console.width)))
        hidden = [sheet.columns[at].heading for at in filled if at not in shown]
        notes += [say("table.hidden", language(), {"listed": hidden})] if hidden else []
    for note in notes:
        text = _broken(note, console.width) if terminal else printable(note)
        console.print(Text(text, style="dim"), soft_wrap=True)
    console.print()


def fitting(sheet: Sheet, least: Widths, width: int) -> dict[int, int]:
    """The columns that fit, each at its least: the least important ones go first, those of rank 0 never."""
    shown = dict(least)
    while _taken(shown) > width:
        last = max(shown, key=lambda at: (sheet.columns[at].detail, at))
        if not sheet.columns[last].detail:
            break
        del shown[last]
    return shown


def widths(natural: Widths, least: Widths, width: int) -> dict[int, int]:
    """Each column as wide as it is, or where all of them are too much, less: the widest gives way first, to its least."""
    found = {at: natural[at] for at in least}
    while _taken(found) > width:
        found[max((at for at in found if found[at] > least[at]), key=found.__getitem__)] -= 1
    return found


def _taken(columns: Widths) -> int:
    return sum(columns.values()) + GAP * len(columns)


def _natural(sheet: Sheet, texts: Texts, at: int) -> int:
    return max(cell_len(sheet.columns[at].heading), *(cell_len(row[at]) for row in texts), 1)


def _least(sheet: Sheet, texts: Texts, at: int, narrow: int) -> int:
    """The narrowest a column reads well at: whole numbers, whole keys, whole words."""
    column, cells = sheet.columns[at], {row[at] for row in texts}
    heading = _unbroken(column.heading)
    if column.numeric:
        return max(heading, *map(cell_len, cells), 1)
    return min(_natural(sheet, texts, at), max(heading, *map(_unbroken, cells), narrow))


def _unbroken(text: str) -> int:
    """The width of the longest piece of a text that has to stay in one line."""
    whole = cell_len(text)
    return whole if whole <= SHORT else max(map(cell_len, WORD.findall(text)))


def _broken(text: str, width: int) -> str:
    """The text in lines so wide, broken between words; one that fits is left as it is."""
    kept = printable(text)
    if cell_len(kept) <= width:
        return kept
    return "\n".join(line for each in kept.split("\n") for line in list(lines(each, width)) or [""])


def _table(sheet: Sheet, texts: Texts, shown: Widths) -> Table:
    named = any(sheet.columns[at].heading for at in shown)
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), show_header=named)
    for at, wide in shown.items():
        column = sheet.columns[at]
        heading = Text(_broken(column.heading, wide))
        table.add_column(heading, justify="right" if column.numeric else "left", width=wide)
    for row in texts:
        table.add_row(*(Text(_broken(row[at], wide)) for at, wide in shown.items()))
    return table


def _print_records(console: Console, sheet: Sheet, texts: Texts, filled: Sequence[int]) -> None:
    """Each record as lines of heading and value; of what a record has none of there is no line."""
    headings = [sheet.columns[at].heading for at in filled]
    least = max(console.width // 3, *map(_unbroken, headings))
    side = min(max(map(cell_len, headings)), least, console.width // 2)
    room = max(console.width - side - BESIDE, 1)
    for n, row in enumerate(texts):
        grid = Table.grid(padding=(0, BESIDE, 0, 0))
        for at in filled:
            if row[at]:
                heading = Text(_broken(sheet.columns[at].heading, side), style="dim")
                grid.add_row(heading, Text(_broken(row[at], room)))
        if n:
            console.print()
        console.print(grid)
