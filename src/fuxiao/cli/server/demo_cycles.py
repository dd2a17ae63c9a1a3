"""Review cycles of the demonstration company: last month's scores are out for self-review, this month is running."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django_tasks import task

from fuxiao.base.clock import day_start, now, today
from fuxiao.base.permissions import Viewer
from fuxiao.core.cycle import Step
from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.org.models import Person
from fuxiao.performance.cycles.actions import advancing
from fuxiao.performance.cycles.actions.giving import give_amounts
from fuxiao.performance.cycles.actions.opening import Opening
from fuxiao.performance.cycles.amounts import Given, plan_in
from fuxiao.performance.cycles.models import Cycle
from fuxiao.report import by_calendar, running
from fuxiao.simulate.layout import pool_of


@task()
def fill_cycles(last: str, definitions: str) -> int:
    """Open the cycle of the month ``last``, close its data as of yesterday, score it and ask for self-reviews.

    The month after runs. Scheme and plan are named ``definitions``. None is opened where there are cycles already; how
    many were. The worker does it while the first visitor looks around; taken up again, it does what is left.
    """
    period, before = parse_period(last), Cycle.objects.count()
    with Store.open(settings.HOME) as store:
        day, at = today(store.settings.zone), now()
        if not before:
            closing = max(period.end, day - timedelta(days=1))
            opening = Opening(period=period, scheme=definitions, plan=definitions, cut_off_on=closing, repeats=True)
            by_calendar.open_with(running.SYSTEM, store, opening, at=at)
        by_calendar.open_next(store, today=day, at=at)
        for number in Cycle.objects.filter(step=Step.RUNNING, amounts_given=0).values_list("pk", flat=True):
            give_pool(running.SYSTEM, number, at=at)
        by_calendar.close_due(store, as_of=day_start(store.settings.zone), today=day, at=at)
        for number in Cycle.objects.filter(period=last, step__in=(Step.CUT_OFF, Step.COMPUTED)).values_list(
            "pk", flat=True
        ):
            running.compute_cycle(store, number, at=at)
            cycle = Cycle.objects.get(pk=number)
            advancing.advance(running.SYSTEM, number, version=cycle.version, today=day, at=at)
    return Cycle.objects.count() - before


def give_pool(viewer: Viewer, number: int, *, at: datetime) -> None:
    """The amount of the department's pool, as HR gives it; nothing under a plan of the visitor's own without one."""
    cycle = Cycle.objects.get(pk=number)
    given = Given({"department": Decimal(pool_of(Person.objects.count()))})
    if cycle.plan_text and given.pools.keys() <= plan_in(cycle.plan_text).pools.keys():
        give_amounts(viewer, number, given, version=cycle.version, at=at)
