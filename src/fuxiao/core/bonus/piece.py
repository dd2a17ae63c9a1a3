"""Piece work: counted output at a rate for each kind of case, weighted by difficulty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from fuxiao.core.bonus.money import ONE, ZERO, shown
from fuxiao.core.explain import Trace


class Work(StrEnum):
    """What kind of output a row counts."""

    DONE = "done"  # successful work, paid
    REWORK = "rework"  # one's own repair done again: unpaid, the first time was paid
    RESCUE = "rescue"  # another's failed repair put right: paid in full to whoever put it right


@dataclass(frozen=True, slots=True)
class Output:
    """Counted output of one kind. Several tries at one fault by one person count once.

    ``difficulty`` is a factor (1 = normal); ``None`` takes the plan's factor for the case type.
    """

    case_type: str
    count: Decimal
    difficulty: Decimal | None = None
    work: Work = Work.DONE


@dataclass(frozen=True, slots=True)
class PieceRates:
    """Money for one piece by case type, with a rate for every type not named, and difficulty factors by type."""

    fallback: Decimal
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    difficulty: Mapping[str, Decimal] = field(default_factory=dict)


def piece_pay(output: Iterable[Output], *, rates: PieceRates) -> Trace:
    """Sum of count × rate × difficulty, unrounded, one input for each row; rework rows are shown and pay nothing."""
    rows = tuple(piece_row(row, rates) for row in sorted(output, key=row_order))
    total = sum((value for value, _ in rows), ZERO)
    return Trace("bonus.piece", total, " + ".join(t.formula for _, t in rows), inputs=tuple(t for _, t in rows))


def piece_row(row: Output, rates: PieceRates) -> tuple[Decimal, Trace]:
    """What one row pays, with its arithmetic."""
    rate = ZERO if row.work is Work.REWORK else rates.rates.get(row.case_type, rates.fallback)
    factor = difficulty_of(row, rates.difficulty)
    value = row.count * rate * factor
    formula = f"{shown(row.count)} × {shown(rate)} × {shown(factor)}"
    params = {"case_type": row.case_type, "work": row.work.value, "fallback": row.case_type not in rates.rates}
    return value, Trace("bonus.piece.row" if row.case_type else "bonus.piece.untyped", value, formula, params)


def difficulty_of(row: Output, table: Mapping[str, Decimal]) -> Decimal:
    """The row's own difficulty, else the table's, else 1."""
    return table.get(row.case_type, ONE) if row.difficulty is None else row.difficulty


def weighted_output(output: Iterable[Output], *, difficulty: Mapping[str, Decimal]) -> Decimal:
    """Output as a weight in a pool: sum of count × difficulty without rework."""
    rows = (row.count * difficulty_of(row, difficulty) for row in output if row.work is not Work.REWORK)
    return sum(rows, ZERO)


def row_order(row: Output) -> tuple[str, str, Decimal]:
    """An order of rows that does not depend on how they were given; own rework last."""
    return (row.work.value, row.case_type, row.difficulty or ZERO)
