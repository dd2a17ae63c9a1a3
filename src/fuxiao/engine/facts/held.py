"""For how long each person held a case while its clock ran, all pauses taken off.

Says the same as ``fuxiao.core.clock.held_seconds``, and of the owner the same as the clock ``RESOLUTION_OWNER``.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.engine.business_time import with_worked
from fuxiao.engine.facts.events import HANDING_OVER
from fuxiao.engine.facts.inputs import Inputs, Stages


def held_stretches(given: Inputs, stages: Stages) -> ir.Table:
    """``case_id, person, ao, told, w_low, w_high, low, high``: who held a resolved case from when to when, inside its
    life.

    An owner who is never ``told`` to have held it is taken to have done so since the last hand-over to anybody, else
    since it was assigned, else since it was opened.
    """
    times = stages.work.filter(_.resolved_at >= _.opened_at).select(
        "case_id", "calendar_no", "ao", "opened_at", "assigned_at", "accepted_at", "resolved_at", "w_opened",
        "w_resolution",
    )  # fmt: skip
    in_order = ibis.window(group_by="case_id", order_by="place")
    turns = stages.steps.filter(_.type.isin(HANDING_OVER)).mutate(until=_.at.lead().over(in_order))
    begun = turns.select("case_id", "person", "until", start_at=_.at).inner_join(times, "case_id")
    handed = given.keep("handed", _inside(given, begun.filter(_.start_at <= _.resolved_at)))
    held = handed.filter(_.person == _.ao)
    alone = given.keep("alone", times.filter(_.ao.notnull()).anti_join(held, "case_id"))
    last = handed.semi_join(alone, "case_id").group_by("case_id").agg(last=_.start_at.max())
    since = alone.left_join(last, "case_id").drop("case_id_right").mutate(
        person=_.ao, until=ibis.null("int64"), taken=_.last.coalesce(_.assigned_at, _.accepted_at)
    )  # fmt: skip
    assumed = since.mutate(start_at=(_.taken <= _.resolved_at).ifelse(_.taken, None).coalesce(_.opened_at))
    told = handed.filter(_.person.notnull()).mutate(told=ibis.literal(value=True))
    return told.union(_inside(given, assumed).mutate(told=ibis.literal(value=False))).drop("start_at")


def _inside(given: Inputs, spans: ir.Table) -> ir.Table:
    """The part of each span inside the life of its case, under both clocks; one without an end lasts to the last."""
    placed = with_worked(spans, given.work, {"start_at": "w_from", "until": "w_until"})
    return placed.select(
        "case_id", "person", "ao", "start_at",
        w_low=ibis.greatest(_.w_from, _.w_opened),
        w_high=ibis.least(_.w_until.coalesce(_.w_resolution), _.w_resolution),
        low=ibis.greatest(_.start_at, _.opened_at), high=ibis.least(_.until.coalesce(_.resolved_at), _.resolved_at),
    )  # fmt: skip


def held_time(stages: Stages, stretches: ir.Table, *key: str) -> ir.Table:
    """``key`` with the ``held_business`` and ``held_calendar`` seconds of these stretches, less what stood still."""
    whole = stretches.group_by(key).agg(
        business=ibis.greatest(_.w_high - _.w_low, 0).sum(), calendar=ibis.greatest(_.high - _.low, 0).sum()
    )
    stops = stages.pieces.filter(_.from_person < _.end).select(
        "case_id", "w_end", "end", w_start="w_from_person", start="from_person"
    )
    lost = stretches.inner_join(stops, "case_id").group_by(key).agg(
        less_business=ibis.greatest(ibis.least(_.w_end, _.w_high) - ibis.greatest(_.w_start, _.w_low), 0).sum(),
        less_calendar=ibis.greatest(ibis.least(_.end, _.high) - ibis.greatest(_.start, _.low), 0).sum(),
    )  # fmt: skip
    return whole.left_join(lost, key).select(*key, **{
        f"held_{clock}": (_[clock] - _[f"less_{clock}"].coalesce(0)).cast("int64") for clock in ("business", "calendar")
    })  # fmt: skip


def owner_held(given: Inputs, stages: Stages, stretches: ir.Table) -> ir.Table:
    """``case_id`` with what the owner's clock shows, for the resolved cases that have an owner."""
    held = held_time(stages, stretches.filter(_.person == _.ao), "case_id")
    return given.keep("owner_held", held.rename("owner_{name}").rename(case_id="owner_case_id"))
