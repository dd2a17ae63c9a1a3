"""The kinds of cases behind a move: their shares and what was reached on each, in both periods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fuxiao.core.fairness.strata import OTHER, Stratum
from fuxiao.core.moved import NONE, Part, by_kind
from fuxiao.report.moves import FigureMove
from fuxiao.web.fair.kinds import level_words
from fuxiao.web.metrics.presenters import quantity
from fuxiao.web.words import t

MOST_KINDS = 12
Sides = dict[Stratum, tuple[Fraction, Fraction]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of case on both sides: what it is, its share of the cases and the figure reached on it."""

    name: str
    shares: tuple[str, str]
    figures: tuple[str, str]


def decimal_of(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def kinds_of(found: FigureMove) -> list[Kind]:
    """The kinds of cases as they were compared, most cases first; nothing where the figure knows none."""
    halves = found.halves
    if halves.cells is None or Part.MIX in found.move.unsplit or not halves.strata:
        return []
    stayed = [cell for cell in halves.cells[0] if cell.member not in halves.left]
    sides = by_kind(stayed, [cell for cell in halves.cells[1] if cell.member not in halves.joined])
    totals = [sum((below for _, below in side.values()), NONE) for side in sides]
    cases = {kind: sum((side.get(kind, (NONE, NONE))[1] for side in sides), NONE) for kind in {*sides[0], *sides[1]}}
    order = sorted(cases, key=lambda kind: (-cases[kind], kind))
    return [_kind(kind, found, sides, totals) for kind in order[:MOST_KINDS]]


def _kind(kind: Stratum, found: FigureMove, sides: Sequence[Sides], totals: Sequence[Fraction]) -> Kind:
    """Shares and figures of both periods; a dash where there was no such case."""
    indicator, shares, reached = found.moving.own, [], []
    for side, total in zip(sides, totals, strict=True):
        above, below = side.get(kind, (NONE, NONE))
        shares.append(f"{float(below / total):.0%}" if total else "—")
        reached.append(str(quantity(decimal_of(above / below * indicator.scale), indicator)) if below else "—")
    name = " · ".join(_level(column, value) for column, value in zip(found.halves.strata, kind, strict=False) if value)
    return Kind(name or t("（未填）", "(not given)"), (shares[0], shares[1]), (reached[0], reached[1]))


def _level(column: str, value: str) -> str:
    """One property of a kind of case in words; what was too rare to stand alone went with the most frequent."""
    return t("等", "and the like") if value == OTHER else level_words(column, value)
