"""The groups of one indicator side by side: figures with intervals, and three classes instead of a league table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fuxiao.base.shown import is_hidden
from fuxiao.core.fairness.classes import Class, Placed, classify_rates, classify_z
from fuxiao.core.indicator import Direction, Standing, Value
from fuxiao.engine.definition import Indicator, Spread
from fuxiao.metrics.values import ValueTable
from fuxiao.web.metrics.cuts import PERSON, TEAM, Cut
from fuxiao.web.metrics.drawing import Whisker, whiskers
from fuxiao.web.metrics.presenters import Figure, figure
from fuxiao.web.words import t

Z95 = 1.959964
"""Half a 95 % interval in standard errors, for large samples."""
PLAIN = "plain"
"""The group of those that no class is worked out for (percentiles, sums)."""
ORDER = (Class.ABOVE, Class.ALIKE, Class.BELOW, PLAIN, Class.TOO_FEW)
SORTS = ("value", "n", "name")


@dataclass(frozen=True, slots=True)
class Line:
    """One group's line in the table."""

    member: str
    name: str
    value: Value
    figure: Figure
    group: str
    whisker: Whisker | None = None
    rows: str = ""


def lines(
    table: ValueTable, indicator: Indicator, cut: Cut, names: Mapping[str, str], *, period: str, whole: Value | None,
    sort: str,
) -> list[Line]:  # fmt: skip
    """The lines of a period: class by class, small samples apart at the end; within a class by ``sort``."""
    definition = indicator.by(cut.groups)
    found = [(cut.member_of(parts), value) for parts, value in _with_members(table) if value.period == period]
    values = [value for _, value in found]
    groups = classes(values, definition, whole)
    made = [
        Line(
            member, _name(member, cut.by or cut.of.kind, names), value, figure(value, indicator), group,
            rows=cut.query(who=member, period=period),
        )
        for (member, value), group in zip(found, groups, strict=True)
    ]  # fmt: skip
    ordered = sorted(made, key=lambda line: (ORDER.index(line.group), *_sort_key(line, sort, definition)))
    return _drawn(ordered, whole)


def _with_members(table: ValueTable) -> list[tuple[tuple[str, ...], Value]]:
    parts = zip(*(table.table[key].to_pylist() for key in table.keys), strict=True)
    return list(zip(parts, table, strict=True)) if table.keys else []


def _name(member: str, kind: str, names: Mapping[str, str]) -> str:
    if kind in (PERSON, TEAM):
        return names.get(member, member)
    known = {"true": t("是", "Yes"), "false": t("否", "No")}
    return known.get(member, member) or t("（未填）", "(not given)")


def _sort_key(line: Line, sort: str, indicator: Indicator) -> tuple[float | str, str]:
    if sort == "name":
        return line.name, line.member
    if sort == "n" or line.value.value is None:
        return -float(line.value.n), line.member
    return float(line.value.value) * (1 if indicator.direction is Direction.LOWER else -1), line.member


def _drawn(made: Sequence[Line], whole: Value | None) -> list[Line]:
    """The lines with their whiskers, all on one axis."""
    ends = [
        None if v.interval is None or v.value is None or is_hidden(v) else (v.value, v.interval.low, v.interval.high)
        for v in (line.value for line in made)
    ]
    firm = [line.group != Class.TOO_FEW for line in made]
    pictures = whiskers(ends, firm, whole.value if whole else None)
    return [replace(line, whisker=picture) for line, picture in zip(made, pictures, strict=True)]


def classes(values: Sequence[Value], indicator: Indicator, whole: Value | None) -> list[str]:
    """Where each stands against the whole: above, alike, below (by merit), too few; or ``plain`` without a test."""
    judge = _judge(values, indicator, whole)
    small = [value.standing is not Standing.OK for value in values]
    if judge is None:
        return [Class.TOO_FEW if few else PLAIN for few in small]
    return [str(placed.place) for placed in judge]


def _judge(values: Sequence[Value], indicator: Indicator, whole: Value | None) -> Sequence[Placed] | None:
    if indicator.direction is Direction.RANGE or whole is None or whole.value is None or len(values) < 2:
        return None
    if indicator.spread is Spread.PROPORTION and _are_counts(values):
        return classify_rates(
            [float(v.numerator or 0) for v in values], [float(v.denominator or 0) for v in values],
            minimum=indicator.minimum, direction=indicator.direction,
            centre=float(whole.value) / float(indicator.scale),
        )  # fmt: skip
    if indicator.spread is Spread.MEAN:
        return classify_z(
            [float(v.value or 0) for v in values], [_z(v, float(whole.value)) for v in values], [v.n for v in values],
            minimum=indicator.minimum, centre=float(whole.value), direction=indicator.direction,
        )  # fmt: skip
    return None


def _are_counts(values: Sequence[Value]) -> bool:
    """Whether all are so many of so many: whole numbers, never more than the whole."""
    return all(
        v.denominator is not None and 0 <= (v.numerator or 0) <= v.denominator
        and v.denominator % 1 == 0 and (v.numerator or 0) % 1 == 0
        for v in values
    )  # fmt: skip


def _z(value: Value, centre: float) -> float:
    """How many standard errors from the whole, the error taken from the interval; nought where there is none."""
    if value.interval is None or value.value is None or value.interval.high <= value.interval.low:
        return 0.0
    error = float(value.interval.high - value.interval.low) / 2 / Z95
    return (float(value.value) - centre) / error
