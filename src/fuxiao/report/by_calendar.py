"""What the calendar asks of cycles each day: the next one opened, data closed on its day, late people reminded."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction

from fuxiao.base.calendars import read_calendars
from fuxiao.base.permissions import Viewer
from fuxiao.core.cycle import Step, hindrances
from fuxiao.core.errors import Conflict, FuxiaoError
from fuxiao.core.period import Period, parse_period
from fuxiao.datasets.store import Store
from fuxiao.incentives.settling import must_be_payable, read_plan_text
from fuxiao.performance.cycles.actions import advancing, telling
from fuxiao.performance.cycles.actions.opening import Opening, open_cycle
from fuxiao.performance.cycles.models import CalledOff, Cycle
from fuxiao.performance.cycles.roll import roll_of
from fuxiao.performance.decisions import definition_text, read_scheme_text
from fuxiao.performance.roster import read_roster
from fuxiao.performance.scoring import indicator_infos
from fuxiao.report.closing import frozen, indicators_of
from fuxiao.report.running import SYSTEM

logger = logging.getLogger("fuxiao.report")
PACKAGES = {"schemes": "fuxiao.performance", "plans": "fuxiao.incentives"}


def open_with(viewer: Viewer, store: Store, opening: Opening, *, at: datetime) -> Cycle:
    """Open a cycle under scheme and plan as the home folder has them now, for everybody on the roster.

    Where people judge some of the items, leads review: that is where ratings are given. ``DefinitionError`` for a
    scheme or plan that cannot be used, ``InputError`` for a plan in another currency: nobody could be scored or paid
    once the data is closed.
    """
    text = _text(store, opening.scheme, "schemes")
    scheme = read_scheme_text(text, indicator_infos(indicators_of(store)))
    roll = roll_of(read_roster(store, opening.period).under(scheme), scheme.roles, opening.teams)
    if plan := _text(store, opening.plan, "plans"):
        must_be_payable(store, read_plan_text(plan))
    stages = tuple(dict.fromkeys([*opening.stages, *([Step.LEAD_REVIEW] if scheme.rubrics else [])]))
    whole = replace(opening, stages=stages, scheme_text=text, plan_text=plan)
    return open_cycle(viewer, whole, roll, at=at)


def _text(store: Store, name: str, folder: str) -> str:
    return definition_text(name, home=store.home, folder=folder, package=PACKAGES[folder]) if name else ""


def open_next(store: Store, *, today: date, at: datetime) -> list[Cycle]:
    """Open the cycles of periods that have begun, for cycles that repeat and have none of the new period yet."""
    opened = []
    called_off = set(CalledOff.objects.values_list("period", "scope"))
    for last in _newest():
        period = parse_period(last.period).next()
        while (period.key, last.scope) in called_off:  # somebody wanted none of this period
            period = period.next()
        if last.repeats and period.start <= today:
            try:
                opened.append(open_with(SYSTEM, store, _like(store, last, period), at=at))
            except FuxiaoError as refused:  # the other cycles and the reminders do not wait for this one
                logger.warning("cycle not opened", extra={"period": period.key, "code": refused.code})
    return opened


def _newest() -> list[Cycle]:
    """The last cycle of each kind and scope."""
    found: dict[tuple[str, str], Cycle] = {}
    for cycle in Cycle.objects.defer("basis").order_by("period", "id"):
        found[cycle.kind.value, cycle.scope] = cycle
    return list(found.values())


def _like(store: Store, last: Cycle, period: Period) -> Opening:
    """The same again for another period; the data closes as many working days after it as before, one at least."""
    calendar = read_calendars(store.home, store.settings)[store.settings.calendar]
    ended = parse_period(last.period).end
    days = (ended + timedelta(days=each) for each in range((last.cut_off_on - ended).days + 1))
    workdays = max(1, sum(calendar.is_workday(day) for day in days))
    return Opening(
        period=period, scheme=last.scheme, plan=last.plan, teams=tuple(last.teams),
        stages=tuple(Step(each) for each in last.stages), rank_shown=last.rank_shown,
        cut_off_on=calendar.workday_after(period.end - timedelta(days=1), workdays), appeal_days=last.appeal_days,
        repeats=True,
    )  # fmt: skip


def close_due(store: Store, *, as_of: datetime, today: date, at: datetime) -> list[int]:
    """Close the data of running cycles whose day has come; their numbers, to be computed."""
    closed = []
    for cycle in Cycle.objects.filter(step=Step.RUNNING, cut_off_on__lte=today).order_by("id"):
        if next(hindrances(cycle.at, advancing.standing_of(cycle, today=today)), None) is None:
            _close(store, cycle, as_of=as_of, today=today, at=at)
            closed.append(cycle.pk)
    return closed


def _close(store: Store, cycle: Cycle, *, as_of: datetime, today: date, at: datetime) -> None:
    try:
        with transaction.atomic():
            basis = frozen(store)
            advancing.cut_off(SYSTEM, cycle.pk, version=cycle.version, basis=basis, as_of=as_of, today=today, at=at)
    except Conflict:  # somebody pressed at the same moment: it is closed
        return


def remind_all(*, today: date, at: datetime) -> None:
    """Remind whoever is late in any cycle."""
    for cycle in Cycle.objects.exclude(step__in=(Step.RUNNING, Step.SEALED)).defer("basis").order_by("id"):
        telling.remind(cycle, today=today, at=at)
