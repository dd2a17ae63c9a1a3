"""Calling a cycle off that was opened by mistake, while it runs and nothing of it is closed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from fuxiao.base.actions import announce, notify, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.cycle import Step
from fuxiao.core.errors import InputError
from fuxiao.org.queries import accounts_of
from fuxiao.performance.cycles.models import CalledOff, Cycle


@transaction.atomic
def call_off(viewer: Viewer, number: int, reason: str, *, at: datetime) -> CalledOff:
    """Take a running cycle away and keep what it was, who called it off, and why; everybody in it and their leads hear.

    It has scored nobody yet, so nothing but its live scores ends. ``InputError`` without a reason, and where its data
    is closed or somebody called it off meanwhile.
    """
    require(viewer, Permission.CYCLES_WRITE)
    if not reason.strip():
        raise InputError("cycle.no_reason")
    cycle = Cycle.objects.select_for_update().filter(pk=number, step=Step.RUNNING).first()
    if cycle is None:
        raise InputError("cycle.not_running")
    people = list(cycle.members.values_list("person", "lead"))
    kept = CalledOff.objects.create(
        cycle=cycle.pk, period=cycle.period, scheme=cycle.scheme, scheme_text=cycle.scheme_text, scope=cycle.scope,
        people=len(people), opened_at=cycle.opened_at, opened_by=cycle.opened_by, called_off_at=at,
        called_off_by=viewer.name, reason=reason.strip(),
    )  # fmt: skip
    cycle.delete()
    told = accounts_of({number for both in people for number in both} - {""}).values()
    notify(
        told, "cycle.called_off", at=at, link="/performance/", period=kept.period, by=viewer.name, reason=kept.reason
    )
    said = {"period": kept.period, "scheme": kept.scheme, "people": kept.people, "reason": kept.reason}
    record(viewer, "cycle.called_off", kind="cycle", key=str(number), label=str(kept), at=at, new=said)
    announce("performance.cycles", at=at)
    return kept
