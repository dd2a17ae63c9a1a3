"""Lays out the help: lines break between words, in Chinese between signs, and never inside a number or a date."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence

from rich.cells import cell_len, chop_cells
from typer._click.formatting import HelpFormatter

WIDE = "\u3001-\u303f\u3400-\u9fff\uff00-\uffef"
WORD = re.compile(rf"\s+|[（《“]*(?:[{WIDE}]|[^\s{WIDE}“”]+)[、，。；：？！）》”]*|.")
"""What stays in one line: a blank, a Chinese sign or a word, with the punctuation that belongs to it."""
PIECE = re.compile(rf"\[[^]]*\]|{WORD.pattern}")
"""The same, and a whole bracket where a line has room for it."""
WIDEST, NARROWEST = 80, 20
GAP, FIRST, SECOND, BELOW = 2, 30, 44, 6
"""Between the two columns of a list; how wide the first one becomes, and the least that the second is left with.
Where that is not to be had, what stands beside a name stands below it, so far to the right."""


def lines(text: str, width: int) -> Iterator[str]:
    """The text in lines of so many cells; only what is longer than a line is broken."""
    line = ""
    for piece in _pieces(text, width):
        if line and cell_len((line + piece).rstrip()) > width:
            yield line.rstrip()
            line = ""
        *full, line = chop_cells((line + piece).lstrip(), width) or [""]
        yield from full
    if line:
        yield line.rstrip()


def _pieces(text: str, width: int) -> Iterator[str]:
    for piece in PIECE.findall(" ".join(text.split())):
        yield from [piece] if cell_len(piece) <= width else WORD.findall(piece)


class HelpText(HelpFormatter):
    """The parser's own layout, but for where lines break, and that a narrow terminal has lines as narrow."""

    def __init__(self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None) -> None:
        columns = min(shutil.get_terminal_size().columns, max_width or WIDEST)
        super().__init__(indent_increment, width or max(columns - indent_increment, NARROWEST), max_width)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        first, *rest = lines(f"{prefix or 'Usage: '}{prog} {args}", self.width - self.indent_increment)
        self.write("\n".join([first, *(" " * self.indent_increment + line for line in rest)]) + "\n")

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        paragraphs = (lines(each, self.width - len(indent)) for each in text.split("\n\n"))
        self.write("\n\n".join("\n".join(indent + line for line in each) for each in paragraphs) + "\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = FIRST, col_spacing: int = GAP) -> None:
        indent = " " * self.current_indent
        first = min(max((cell_len(name) for name, _ in rows), default=0), col_max) + col_spacing
        room = self.width - len(indent)
        below = room - first < SECOND
        first = BELOW if below else first
        for name, about in rows:
            told = list(lines(about, room - first)) or [""]
            above = list(lines(name, room)) if below or cell_len(name) > first - col_spacing else []
            for n, line in enumerate(told):
                beside = name if n == 0 and not above else ""
                above.append((beside + " " * (first - cell_len(beside)) + line).rstrip())
            self.write("".join(f"{indent}{line}\n" for line in above))
