"""Cycles in the background: the calculation after the data cut-off."""

from __future__ import annotations

from django.conf import settings
from django_tasks import task

from fuxiao.base.clock import day_start, now, today
from fuxiao.datasets.store import Store
from fuxiao.report import by_calendar, running


@task()
def compute_cycle(number: int) -> bool:
    """Score everybody of this cycle; nothing where that was done."""
    with Store.open(settings.HOME) as store:
        return running.compute_cycle(store, number, at=now())


@task()
def recompute_cycle(number: int) -> int:
    """Score everybody again after decisions; how many scorecards changed."""
    with Store.open(settings.HOME) as store:
        return running.recompute_cycle(store, number, at=now())


@task()
def cycles_of_the_day() -> int:
    """Open the next cycles, close data on its day, remind whoever is late; how many cycles were opened or closed."""
    with Store.open(settings.HOME) as store:
        zone, at = store.settings.zone, now()
        opened = by_calendar.open_next(store, today=today(zone), at=at)
        closed = by_calendar.close_due(store, as_of=day_start(zone), today=today(zone), at=at)
    for number in closed:
        compute_cycle.enqueue(number)
    by_calendar.remind_all(today=today(zone), at=at)
    return len(opened) + len(closed)


@task()
def take_up_cycles() -> int:
    """Compute what a worker that died left: closed cycles, decisions not heard yet; how many there were."""
    waiting, undecided = running.waiting()
    if not waiting and not undecided:
        return 0
    with Store.open(settings.HOME) as store:
        computed = sum(running.compute_cycle(store, number, at=now()) for number in waiting)
        for number in undecided:
            running.recompute_cycle(store, number, at=now())
    return computed + len(undecided)
