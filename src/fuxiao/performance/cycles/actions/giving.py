"""Giving the amounts that a bonus plan leaves open: its pools, and the company's factor."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from fuxiao.base.actions import announce, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.cycle import CLOSED
from fuxiao.core.errors import Conflict
from fuxiao.performance.cycles.actions.together import locked
from fuxiao.performance.cycles.amounts import Given, given_in
from fuxiao.performance.cycles.models import Cycle


@transaction.atomic
def give_amounts(viewer: Viewer, number: int, given: Given, *, version: int, at: datetime) -> bool:
    """Set the amounts of all cycles of a period, none of them final; whether scores are to be computed again.

    ``Conflict`` where somebody changed the cycle meanwhile, or one of these is final.
    """
    require(viewer, Permission.CYCLES_WRITE)
    beside = locked(number)
    mine = next((each for each in beside if each.pk == number), None)
    if mine is None or mine.version != version:
        raise Conflict("cycle.moved_on", step="" if mine is None else mine.step)
    if any(each.at in CLOSED for each in beside):
        raise Conflict("cycle.amounts_stand", period=mine.period)
    new = given.plain()
    changed = [each for each in beside if given_in(each.amounts) != given]
    for each in changed:
        Cycle.objects.filter(pk=each.pk).update(
            amounts=new, amounts_given=F("amounts_given") + 1, version=F("version") + 1
        )
        record(viewer, "cycle.amounts", kind="cycle", key=str(each.pk), label=f"{each.period} {each.scheme}", at=at,
               old=each.amounts, new=new)  # fmt: skip
    announce("performance.cycles", at=at)
    return any(each.calculation for each in changed)
