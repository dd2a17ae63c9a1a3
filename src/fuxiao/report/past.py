"""Scores of earlier periods as they were told: what a cycle or a seal closed is not worked out again for a trend."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fuxiao.core.cycle import Step
from fuxiao.datasets.store import Store
from fuxiao.incentives.seals import read_seal, sealed_periods
from fuxiao.performance.cycles.models import Cycle, CycleMember, Scorecard
from fuxiao.report.source import PastScore

TOLD = (Step.SHARED, Step.FINAL, Step.SEALED)
"""From here on people know what holds; before that, what was computed first."""
OPEN = (Step.RUNNING, Step.CUT_OFF)


@dataclass(frozen=True, slots=True)
class _Closed:
    team: str
    score: Decimal | None


Closed = Mapping[tuple[str, str], _Closed]
"""By period and person."""


def closed_state() -> tuple[tuple[int, str, int], ...]:
    """Equal where no cycle was closed, taken a step further or decided about since."""
    return tuple(Cycle.objects.exclude(step__in=OPEN).order_by("id").values_list("id", "step", "applied"))


def as_closed(store: Store, past: Mapping[str, Sequence[PastScore]]) -> dict[str, list[PastScore]]:
    """The same trends with what was closed in its place, with rulings and ratings, and the mean of the team then.

    Periods that nobody ever closed, and people who took no part, stay as they were worked out.
    """
    keys = {each.period.key for trend in past.values() for each in trend}
    closed = {**dict(_sealed(store, keys)), **_in_cycles(keys)}
    means = _means(closed)
    return {person: [_told(each, person, closed, means) for each in trend] for person, trend in past.items()}


def _told(each: PastScore, person: str, closed: Closed, means: Mapping[tuple[str, str], Decimal]) -> PastScore:
    held = closed.get((each.period.key, person))
    if held is None:
        return each
    return PastScore(each.period, held.score, means.get((each.period.key, held.team)))


def _sealed(store: Store, keys: Collection[str]) -> Iterator[tuple[tuple[str, str], _Closed]]:
    """What seals hold, those of the command line among them."""
    for period in sealed_periods(store):
        if period.key in keys:
            rows = read_seal(store, period).rows
            for path, total in rows.items():
                if path.startswith("score/") and path.endswith("/total"):
                    person = path.removeprefix("score/").removesuffix("/total")
                    score = Decimal(total) if total else None
                    yield (period.key, person), _Closed(rows.get(f"score/{person}/team", ""), score)


def _in_cycles(keys: Collection[str]) -> dict[tuple[str, str], _Closed]:
    members = CycleMember.objects.filter(cycle__period__in=keys).exclude(cycle__step__in=OPEN)
    told = Scorecard.objects.filter(pk__in=members.filter(cycle__step__in=TOLD).values("scorecard"))
    first = Scorecard.objects.filter(n=1, member__in=members.exclude(cycle__step__in=TOLD).values("pk"))
    cards = [
        card for found in (told, first)
        for card in found.values_list("member__cycle__period", "member__person", "member__team", "score")
    ]  # fmt: skip
    return {(period, person): _Closed(team, score) for period, person, team, score in cards}


def _means(closed: Closed) -> dict[tuple[str, str], Decimal]:
    scores: dict[tuple[str, str], list[Decimal]] = {}
    for (period, _person), held in closed.items():
        if held.score is not None:
            scores.setdefault((period, held.team), []).append(held.score)
    return {place: sum(found, Decimal(0)) / len(found) for place, found in scores.items()}
