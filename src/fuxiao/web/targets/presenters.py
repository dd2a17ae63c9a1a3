"""Targets as pages show them: rows in words, a proposal as a picture with its steps, what the process can do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from fuxiao.base.wording import say, say_issue
from fuxiao.core.errors import Issue
from fuxiao.core.indicator import Direction
from fuxiao.engine.definition import Indicator
from fuxiao.performance.proposing import TargetProposal
from fuxiao.performance.target_actions import level_of
from fuxiao.report.figures import Quantity
from fuxiao.web.metrics.cuts import COMPANY, PERSON, TEAM, Cut, Subject
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.metrics.drawing import Course, Lines, course
from fuxiao.web.metrics.periods import Picker
from fuxiao.web.metrics.presenters import judged, quantity, series_of, shown_values, target
from fuxiao.web.metrics.wording import formats
from fuxiao.web.org.positions import position_word
from fuxiao.web.words import language, t

NUMBERS = ("floor", "target", "stretch")
SHARES = frozenset({"proposal.backtest"})
FACTORS = frozenset({"proposal.season"})
"""Steps whose value is a share of months, or a factor, and no figure of the indicator."""
LEVELS = {"role": ("岗位", "Role"), "team": ("班组", "Team"), "person": ("个人", "Person")}


@dataclass(frozen=True, slots=True)
class TargetLine:
    place: int
    indicator: str
    code: str
    level: str
    subject: str
    numbers: str
    since: date | None
    until: date | None
    reason: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A proposal for one subject: numbers as read and exact, picture, reasons; ``refused`` says why there is none."""

    name: str
    subject: str
    numbers: Mapping[str, str]
    exact: Mapping[str, str]
    drawn: Course | None
    spoken: str
    steps: Sequence[tuple[str, str, str]]
    warnings: Sequence[str]
    refused: str


def lines(rows: Sequence[Mapping[str, Any]], desk: Desk, on: date) -> list[TargetLine]:
    """All rows, those that hold first."""
    made = [_line(place, row, desk, on) for place, row in enumerate(rows)]
    return sorted(made, key=lambda line: (not line.holds, line.indicator, line.level, line.subject, line.place))


def _line(place: int, row: Mapping[str, Any], desk: Desk, on: date) -> TargetLine:
    level, subject = level_of(row)
    code, since, until = str(row.get("indicator")), row.get("valid_from"), row.get("valid_to")
    known = desk.library.indicators.get(code)
    numbers = [_told(row[name], known) for name in ("floor", "target", "stretch") if row.get(name) is not None]
    start = since if isinstance(since, date) else None
    return TargetLine(
        place, known.name[language()] if known else code, code, t(*LEVELS.get(level, (level, level))),
        subject_word(level, subject, desk), _joined(numbers) if numbers else _norm(row, known), start, until,
        str(row.get("reason") or ""), start is not None and (until is None or on < until),
    )  # fmt: skip


def _told(value: object, indicator: Indicator | None) -> Quantity:
    """A number of a row in the unit of its indicator; as it stands where that is gone."""
    if indicator is None or not isinstance(value, Decimal | int):
        return Quantity(str(value))
    return target(Decimal(value), indicator)


def _joined(numbers: Sequence[Quantity]) -> str:
    """Side by side, the unit once."""
    return str(replace(numbers[-1], number=" / ".join(each.number for each in numbers)))


def _norm(row: Mapping[str, Any], indicator: Indicator | None) -> str:
    """A row that only says what is usual: thresholds of the scheme are multiples of it."""
    return t("常态 {n}", "norm {n}", n=_told(row.get("norm", "—"), indicator))


def subject_word(level: str, subject: str, desk: Desk) -> str:
    return position_word(subject) if level == "role" else desk.names.get(subject, subject)


def beyond(desk: Desk, indicator: Indicator, row: Mapping[str, Any], picker: Picker) -> str:
    """A warning where the target is past what the process does by itself; empty where it is not, or nobody knows."""
    level, member = level_of(row)
    of = Subject(level, member) if level in (TEAM, PERSON) else Subject(COMPANY)
    table = desk.values([indicator], Cut(of), picker.first, picker.period)
    series = series_of(table, (p.key for p in picker.series)).get(indicator.code, [])
    indicator = indicator.by(Cut(of).groups)
    limits = judged(series, indicator).limits if len(shown_values(series)) > 1 else None
    target = row.get("target")
    if limits is None or not isinstance(target, Decimal | int):
        return ""
    lower = indicator.direction is Direction.LOWER
    past = float(target) < limits.lower if lower else float(target) > limits.upper
    edge = quantity(Decimal(str(limits.lower if lower else limits.upper)), indicator)
    return t(
        "目标超出了现有流程的自然界限（{edge}）：靠努力达不到，要先改流程。",
        "The target is past the natural limit of the process ({edge}): effort will not reach it, the process has to change first.",
        edge=str(edge),
    ) if past and indicator.direction is not Direction.RANGE else ""  # fmt: skip


def offers(found: Sequence[TargetProposal], desk: Desk, indicator: Indicator, histories: Mapping[str, Sequence[Any]],
           ticks: Sequence[str]) -> Iterator[Offer]:  # fmt: skip
    for each in found:
        name = subject_word(each.by, each.subject, desk) if each.by != COMPANY else t("全公司", "Whole company")
        if each.proposal is None:
            refused = say_issue(Issue("", each.refused.code, each.refused.params), language()) if each.refused else ""
            yield Offer(name, each.subject, {}, {}, None, "", (), (), refused)
            continue
        made = each.proposal
        numbers = {word: str(target(getattr(made, word), indicator)) for word in NUMBERS}
        yield Offer(
            name, each.subject, numbers, {word: str(getattr(made, word)) for word in NUMBERS}, _drawn(histories.get(each.subject, ()), ticks, made.target, indicator),
            t("{name}：近几个月与建议目标 {target}", "{name}: the last months and the proposed target {target}", name=name,
              target=numbers["target"]),
            list(_steps(each, indicator)), [say_issue(Issue("", w.code, w.params), language()) for w in made.warnings], "",
        )  # fmt: skip


def _drawn(
    values: Sequence[Decimal | None], ticks: Sequence[str], target: Decimal, indicator: Indicator
) -> Course | None:
    if not any(value is not None for value in values):
        return None
    benchmark = indicator.benchmark.value if indicator.benchmark and indicator.benchmark.value is not None else None
    titles = [f"{tick}: {quantity(value, indicator)}" for tick, value in zip(ticks, values, strict=True)]
    return course(values, list(ticks), titles, lines=Lines(centre=float(target), benchmark=None if benchmark is None else float(benchmark)),
                  signals=frozenset(), bounded=True)  # fmt: skip


def _steps(found: TargetProposal, indicator: Indicator) -> Iterator[tuple[str, str, str]]:
    """Each step of the proposal: what it is, its value, its arithmetic."""
    for _depth, step in found.trace.walk() if found.trace else ():
        if not isinstance(step.value, Decimal) or step.code in FACTORS:
            value = str(step.value)
        elif step.code in SHARES:
            value = str(formats().quantity(step.value * 100, "percent"))
        else:
            value = str(target(step.value, indicator))
        yield say(f"trace.{step.code}", language(), step.params), value, step.formula
