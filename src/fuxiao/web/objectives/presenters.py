"""Objectives as pages show them: progress from live figures, the map by perspective, the cascade below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from fuxiao.engine.definition import Indicator
from fuxiao.performance.objectives.models import KeyResult, Level, Objective, Perspective
from fuxiao.web.metrics.cuts import COMPANY, PERSON, TEAM, Cut, Subject
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.metrics.periods import Picker
from fuxiao.web.metrics.presenters import quantity
from fuxiao.web.words import language, t

PERSPECTIVES = {
    Perspective.MONEY: ("财务", "Money"), Perspective.CUSTOMER: ("客户", "Customer"),
    Perspective.PROCESS: ("流程", "Process"), Perspective.PEOPLE: ("人员", "People"),
}  # fmt: skip
LEVELS = {Level.COMPANY: ("公司", "Company"), Level.TEAM: ("班组", "Team"), Level.PERSON: ("个人", "Person")}
CONFIDENCE = {"good": ("有把握", "on the way"), "near": ("有风险", "at risk"), "bad": ("需要帮助", "needs help")}
Live = Mapping[tuple[str, str, str], Decimal]
"""The value of an indicator for a subject: by (level, subject, code)."""


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A key result: from where to where, where it is, how far in per cent (``None``: no figure yet)."""

    name: str
    code: str
    start: str
    target: str
    now: str
    percent: int | None


@dataclass(frozen=True, slots=True)
class Card:
    """An objective with its progress, who it is for, how its owner sees it, and what lies below it."""

    objective: Objective
    level: str
    who: str
    owner: str
    results: Sequence[ResultLine]
    percent: int | None
    confidence: str
    word: str
    children: Sequence[Card]

    @property
    def given_out(self) -> int:
        """How many per cent of it those below make up."""
        return sum(child.objective.contribution for child in self.children)


@dataclass(frozen=True, slots=True)
class Side:
    """A perspective of the strategy map."""

    name: str
    cards: Sequence[Card]


def live_values(desk: Desk, picker: Picker, objectives: Iterable[Objective]) -> Live:
    """Last month's figures of all indicators that key results are bound to: a question a level, as far as in reach."""
    asked: dict[str, set[str]] = {}
    subjects: dict[str, set[str]] = {}
    for each in objectives:
        asked.setdefault(each.level, set()).update(r.indicator for r in each.results.all() if r.indicator)
        subjects.setdefault(each.level, set()).add(each.subject)
    found: dict[tuple[str, str, str], Decimal] = {}
    for level, codes in asked.items():
        indicators = [desk.library.indicators[code] for code in sorted(codes) if code in desk.library.indicators]
        if not indicators or (level != Level.COMPANY and not desk.viewer.sees_all and not desk.viewer.teams):
            continue
        by = {Level.TEAM: TEAM, Level.PERSON: PERSON}.get(Level(level), "")
        for value in desk.values(indicators, Cut(Subject(COMPANY), by), picker.period, picker.period, exclusions=False):
            subject = "" if level == Level.COMPANY else value.subject
            if value.value is not None and subject in subjects[level]:
                found[level, subject, value.indicator] = value.value
    return found


def cards(desk: Desk, objectives: Sequence[Objective], live: Live) -> list[Card]:
    """The objectives that stand under no other, each with those below."""
    below: dict[int, list[Objective]] = {}
    known = {each.pk for each in objectives}
    for each in objectives:
        if each.parent_id in known:
            below.setdefault(each.parent_id or 0, []).append(each)
    return [_card(desk, each, live, below) for each in objectives if each.parent_id not in known]


def strategy_map(found: Sequence[Card]) -> list[Side]:
    """The company's objectives from money down to people."""
    return [
        Side(t(*words), [card for card in found if card.objective.perspective == perspective])
        for perspective, words in PERSPECTIVES.items()
    ]


def _card(desk: Desk, objective: Objective, live: Live, below: Mapping[int, Sequence[Objective]]) -> Card:
    results = [_result(desk, each, objective, live) for each in objective.results.all()]
    children = [_card(desk, each, live, below) for each in below.get(objective.pk, ())]
    known = [each.percent for each in results if each.percent is not None]
    newest = next(iter(objective.check_ins.all()), None)
    return Card(
        objective, t(*LEVELS[Level(objective.level)]),
        desk.names.get(objective.subject, objective.subject) if objective.subject else t("全公司", "the company"),
        desk.names.get(objective.owner, objective.owner), results, round(sum(known) / len(known)) if known else None,
        newest.confidence if newest else "", t(*CONFIDENCE[newest.confidence]) if newest else "", children,
    )  # fmt: skip


def _result(desk: Desk, result: KeyResult, objective: Objective, live: Live) -> ResultLine:
    indicator = desk.library.indicators.get(result.indicator)
    now = live.get((objective.level, objective.subject, result.indicator)) if result.indicator else result.typed
    name = indicator.name[language()] if indicator else result.title
    return ResultLine(
        name, result.indicator if indicator else "", _shown(result.baseline, indicator), _shown(result.target, indicator),
        "—" if now is None else _shown(now, indicator), None if now is None else progress(result.baseline, result.target, now),
    )  # fmt: skip


def progress(baseline: Decimal, target: Decimal, now: Decimal) -> int:
    """How much of the way from the start to the target is done, in whole per cent from 0 to 100."""
    share = (now - baseline) / (target - baseline) * 100
    return int(min(Decimal(100), max(Decimal(0), share)).quantize(Decimal(1), ROUND_HALF_UP))


def _shown(value: Decimal, indicator: Indicator | None) -> str:
    return f"{value.normalize():f}" if indicator is None else str(quantity(value, indicator))
