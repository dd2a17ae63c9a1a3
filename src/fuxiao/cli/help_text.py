"""Lays out the help: lines break between words, in Chinese between signs, and never inside a number or a date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from typer._click.formatting import HelpFormatter

WIDE = "\u3001-\u303f\u3400-\u9fff\uff00-\uffef"
PIECE = re.compile(rf"\s+|\[[^]]*\]|[（《“]*(?:[{WIDE}]|[^\s{WIDE}“”]+)[、，。；：？！）》”]*|.")
"""What stays in one line: a blank, a bracket, a Chinese sign or a word, with the punctuation that belongs to it."""
GAP, FIRST = 2, 30
"""Between the two columns of a list; how wide the first one becomes."""


def lines(text: str, width: int) -> Iterator[str]:
    """The text in lines of so many cells; only what is longer than a line is broken."""
    line = ""
    for piece in PIECE.findall(" ".join(text.split())):
        if line and cell_len((line + piece).rstrip()) > width:
            yield line.rstrip()
            line = ""
        line = (line + piece).lstrip()
        while cell_len(line.rstrip()) > width:
            yield line[:width]
            line = line[width:]
    if line:
        yield line.rstrip()


class HelpText(HelpFormatter):
    """The parser's own layout, but for where lines break."""

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        paragraphs = (lines(each, self.width - len(indent)) for each in text.split("\n\n"))
        self.write("\n\n".join("\n".join(indent + line for line in each) for each in paragraphs) + "\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = FIRST, col_spacing: int = GAP) -> None:
        indent = " " * self.current_indent
        first = min(max((cell_len(name) for name, _ in rows), default=0), col_max) + col_spacing
        for name, about in rows:
            told = list(lines(about, max(self.width - first - len(indent), 10))) or [""]
            above = [] if cell_len(name) <= first - col_spacing else [name]
            for n, line in enumerate(told):
                beside = name if n == 0 and not above else ""
                above.append((beside + " " * (first - cell_len(beside)) + line).rstrip())
            self.write("".join(f"{indent}{line}\n" for line in above))
