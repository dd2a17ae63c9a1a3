"""Objectives of the demonstration company: what it stands for this year, and one that its teams share."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django_tasks import task

from fuxiao.base.clock import now, today
from fuxiao.cli.server.prepare import SYSTEM
from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator
from fuxiao.metrics.library import built_in
from fuxiao.metrics.values import Request, ValueTable, compute_values
from fuxiao.org.models import Team
from fuxiao.performance.objectives import actions
from fuxiao.performance.objectives.actions import Result
from fuxiao.performance.objectives.models import Level, Objective, Perspective
from fuxiao.performance.objectives.wizard import Proposed, aim, ways


@task()
@transaction.atomic
def fill_objectives(first: str, way: str) -> int:
    """Set what the wizard proposes for a ``way`` to win, from the figures of the month ``first`` on; how many.

    The teams share the objective of the process. Nothing where there are objectives already.
    """
    if Objective.objects.exists():
        return 0
    month = parse_period(first)
    chosen = ways()[way]
    with Store.open(settings.HOME) as store:
        lang = 0 if store.settings.language == "zh" else 1
        indicators = built_in().select([code for each in chosen.objectives for code in each.indicators])
        asked = [Request(indicators=indicators, first=month, last=month, by=(by,), spreads=False, exclusions=False)
                 for by in ("company", "team")]  # fmt: skip
        company, teams = (compute_values(store, each, as_of=today(store.settings.zone)) for each in asked)
    year, at = month.key[:4], now()
    actions.take_stance(SYSTEM, year, way, chosen.sentence[lang], at=at)
    for each in chosen.objectives:
        given = {"perspective": each.perspective, "title": each.title[lang], "why": each.why[lang], "period": year}
        if not (results := _results(each, company, month.key)):
            continue
        made = actions.set_objective(SYSTEM, {"level": Level.COMPANY, **given}, results, at=at)
        if each.perspective == Perspective.PROCESS:
            _share_out(made, given, list(_of_teams(each, teams, month.key)))
    return Objective.objects.count()


def _share_out(above: Objective, given: dict[str, str], parts: list[tuple[str, list[Result]]]) -> None:
    for team, results in parts:
        below = {"level": Level.TEAM, "subject": team, **given, "contribution": 100 // len(parts)}
        actions.set_objective(SYSTEM, below, results, at=now(), parent=above.pk)


def _of_teams(proposed: Proposed, values: ValueTable, month: str) -> Iterator[tuple[str, list[Result]]]:
    """The teams without others below that have a figure for each of the indicators."""
    above = set(Team.objects.exclude(parent=None).values_list("parent__key", flat=True))
    for team in Team.objects.exclude(key__in=above).order_by("key").values_list("key", flat=True):
        results = _results(proposed, values, month, subject=team)
        if len(results) == len(proposed.indicators):
            yield team, results


def _results(proposed: Proposed, values: ValueTable, month: str, **of: str) -> list[Result]:
    """What is to be reached, where there is a figure to start from and some way to go."""
    found = ((each, values.find(each.code, period=month, **of)) for each in built_in().select(proposed.indicators))
    made = [_result(each, value.value) for each, value in found if value is not None and value.value is not None]
    return [each for each in made if each.baseline != each.target]


def _result(indicator: Indicator, start: Decimal) -> Result:
    return Result(indicator.code, round(start, 2), round(aim(indicator, start), 2))
