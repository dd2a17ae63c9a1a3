"""Scores of earlier periods as they were told: what a cycle or a seal closed is not worked out again for a trend."""

from __future__ import annotations

from collections.abc import Collection

from fuxiao.core.cycle import Step
from fuxiao.datasets.store import Store
from fuxiao.performance.cycles.models import Cycle, CycleMember, Scorecard
from fuxiao.report.sealed import Closed, Past, Told, periods_of, sealed_scores, told_as
from fuxiao.report.source import PastScore

TOLD = (Step.SHARED, Step.FINAL, Step.SEALED)
"""From here on people know what holds; before that, what was computed first."""
OPEN = (Step.RUNNING, Step.CUT_OFF)


def closed_state() -> tuple[tuple[int, str, int], ...]:
    """Equal where no cycle was closed, taken a step further or decided about since."""
    return tuple(Cycle.objects.exclude(step__in=OPEN).order_by("id").values_list("id", "step", "applied"))


def as_closed(store: Store, past: Past) -> dict[str, list[PastScore]]:
    """The same trends with what was closed in its place, with rulings and ratings, and the mean of the team then.

    Periods that nobody ever closed, and people who took no part, stay as they were worked out.
    """
    keys = periods_of(past)
    return told_as(past, {**dict(sealed_scores(store, keys)), **_in_cycles(keys)})


def _in_cycles(keys: Collection[str]) -> Closed:
    members = CycleMember.objects.filter(cycle__period__in=keys).exclude(cycle__step__in=OPEN)
    told = Scorecard.objects.filter(pk__in=members.filter(cycle__step__in=TOLD).values("scorecard"))
    first = Scorecard.objects.filter(n=1, member__in=members.exclude(cycle__step__in=TOLD).values("pk"))
    cards = [
        card for found in (told, first)
        for card in found.values_list("member__cycle__period", "member__person", "member__team", "score")
    ]  # fmt: skip
    return {(period, person): Told(team, score) for period, person, team, score in cards}
