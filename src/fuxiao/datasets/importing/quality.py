"""The data-quality report: everything that was wrong with a file, what was done about it, and how often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from fuxiao.datasets.importing import words


@dataclass(frozen=True, slots=True)
class Item:
    """One kind of fault in one column.

    ``treatment`` is ``reject``, ``skip``, ``mend``, ``blank``, ``keep`` or ``drop``; ``examples`` are the most frequent
    values with their counts, ``lines`` the first lines of the file it occurs in. Where several tables are read as one
    a line is ``3月:12``; of a table that is not read ``examples`` has the name and its rows. ``near`` counts the names
    of something unknown that would be known but for how they are written, by what is different.
    """

    code: str
    dataset: str
    column: str
    treatment: str
    count: int
    examples: tuple[tuple[str, int], ...] = ()
    lines: tuple[int | str, ...] = ()
    near: tuple[tuple[str, int], ...] = ()

    def worded(self, language: str) -> str:
        """What is wrong, in words."""
        return words.problem(self.code, language, near_ones=self.near, count=self.count)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at one place of the file: line, column as the file names it, the cell, the reason code; and the table
    where several are read as one."""

    line: int
    dataset: str
    column: str
    value: str
    code: str
    treatment: str
    table: str = ""


KEYS = ("problem", "dataset", "column", "treatment", "count", "examples", "lines")
"""What programs call the columns of the table."""
HEADINGS = {
    "zh": ("问题", "数据集", "列", "处理", "次数", "例", "行号"),
    "en": ("what", "dataset", "column", "treatment", "count", "examples", "lines"),
}


@dataclass(frozen=True, slots=True)
class QualityReport:
    """All items, the gravest treatment first."""

    items: tuple[Item, ...] = ()

    def count(self, code: str, column: str | None = None) -> int:
        """How often this happened, in one column or in all."""
        return sum(i.count for i in self.items if i.code == code and column in {None, i.column})

    def as_dict(self) -> dict[str, object]:
        return {"items": [asdict(item) for item in self.items]}

    def advice(self, language: str) -> list[str]:
        """What to do, a line for each kind of fault that asks for anything."""
        return words.advised((item.code for item in self.items), language)

    def table(self, language: str) -> list[tuple[str, ...]]:
        """Headings and one row an item, worded."""
        return [HEADINGS[language], *(_row(item, language) for item in self.items)]


def _row(item: Item, language: str) -> tuple[str, ...]:
    return (
        item.worded(language),
        item.dataset,
        item.column,
        words.treatment(item.treatment, language),
        str(item.count),
        ", ".join(_example(value, count) for value, count in item.examples),
        ", ".join(map(str, item.lines)),
    )


def _example(value: str, count: int) -> str:
    short = value if len(value) <= 40 else value[:39] + "…"
    return short if count < 2 else f"{short} ×{count}"


GRAVITY = ("reject", "skip", "blank", "keep", "mend", "drop")


def ordered(items: Iterable[Item]) -> Iterator[Item]:
    """Gravest treatment first, then the most frequent; nothing that did not happen."""
    happened = [item for item in items if item.count]
    yield from sorted(happened, key=lambda i: (GRAVITY.index(i.treatment), -i.count, i.code, i.dataset, i.column))
