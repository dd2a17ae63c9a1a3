"""Cycles in the background: the calculation after the data cut-off."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django_tasks import task

from fuxiao.base.clock import now, today
from fuxiao.datasets import workers
from fuxiao.datasets.store import Store
from fuxiao.report import by_calendar, jobs, running


@task()
def compute_cycle(number: int) -> bool:
    """Score everybody of this cycle, with what was given while that ran; nothing where it was done."""
    with Store.open(settings.HOME) as store:
        kept = running.compute_cycle(store, number, at=now())
        running.recompute_cycle(store, number, at=now())
        return kept


@task()
def recompute_cycle(number: int) -> int:
    """Score everybody of this cycle's period again after decisions; how many scorecards changed."""
    with Store.open(settings.HOME) as store:
        return running.recompute_cycle(store, number, at=now())


@task()
def do_job(number: int) -> bool:
    """Verify or seal as somebody asked; nothing where that was done."""
    with Store.open(settings.HOME) as store:
        return jobs.do_job(store, number)


@task()
def cycles_of_the_day() -> int:
    """Open the next cycles, close data on its day, remind whoever is late; how many cycles were opened or closed."""
    with Store.open(settings.HOME) as store:
        return _day(store, today(store.settings.zone), at=now())


@task()
def cycles_between(before: str, after: str) -> int:
    """The same for each day between these two, when a demonstration's clock was moved on; how many cycles in all."""
    first, last = date.fromisoformat(before), date.fromisoformat(after)
    days = [first + timedelta(days=each) for each in range(1, (last - first).days)]
    with Store.open(settings.HOME) as store:
        local = now().astimezone(ZoneInfo(store.settings.zone))
        return sum(_day(store, day, at=datetime.combine(day, local.time(), local.tzinfo)) for day in days)


def _day(store: Store, day: date, *, at: datetime) -> int:
    as_of = datetime.combine(day, time(), ZoneInfo(store.settings.zone)).astimezone(UTC)
    opened = by_calendar.open_next(store, today=day, at=at)
    closed = by_calendar.close_due(store, as_of=as_of, today=day, at=at)
    for number in closed:
        compute_cycle.enqueue(number)
    by_calendar.remind_all(today=day, at=at)
    return len(opened) + len(closed)


@task()
def take_up_cycles() -> int:
    """Do what a worker that died left: closed cycles, decisions not heard yet, seals, verifications; how many."""
    waiting, undecided, asked = running.waiting(at=now())
    if not waiting and not undecided and not asked:
        return 0
    with Store.open(settings.HOME) as store:
        computed = sum(running.compute_cycle(store, number, at=now()) for number in waiting)
        for number in undecided:
            running.recompute_cycle(store, number, at=now())
        done = sum(jobs.do_job(store, number) for number in asked)
    return computed + len(undecided) + done


workers.register(cycles_between=cycles_between.enqueue)
