"""Looking for signals in the background: on a button, and once for every month that is over."""

from __future__ import annotations

from django.conf import settings
from django_tasks import task

from fuxiao.base.clock import day_start, now, today
from fuxiao.base.permissions import NOBODY, Permission, Reach, Viewer
from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.performance.reviews.actions import keep_report
from fuxiao.performance.reviews.queries import is_due
from fuxiao.performance.roster import read_roster
from fuxiao.performance.signals import find_signals, policy_of

CALENDAR = Viewer(account=None, name="", reach=Reach.ALL, permissions=frozenset({Permission.SIGNALS_REVIEW}))


@task()
def look_for_signals(period: str, account: int | None = None, name: str = "") -> int:
    """Look into the months that end with this one and keep what is found; how many findings are new."""
    who = CALENDAR if account is None else Viewer(account=account, name=name, person=NOBODY)
    with Store.open(settings.HOME) as store:
        at = parse_period(period)
        policy = policy_of(settings.HOME)
        roster = read_roster(store, at)
        report = find_signals(store, at, roster=roster, as_of=day_start(store.settings.zone), thresholds=policy.limits)
    return len(keep_report(who, report, roster, told=policy.told, at=now())[1])


@task()
def signals_of_the_month() -> int:
    """Look into the month that is over, once; how many findings are new."""
    with Store.open(settings.HOME) as store:
        due = is_due(today(store.settings.zone))
        known = "case_events" in store.manifest.records
    return look_for_signals.func(due) if due and known else 0
