"""The clocks of the cases: business and wall seconds less pauses, limits kept or missed, and the due moment.

Says the same as ``fuxiao.core.clock.run_clock`` and ``fuxiao.core.service_level.outcome``, for all cases at once. A sum
over clipped pauses needs no ledger: ``W`` never falls, so clipping moments and clipping their ``W`` are the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.engine.business_time import with_moment_of, with_worked
from fuxiao.engine.facts.events import TURNING
from fuxiao.engine.facts.inputs import Inputs, Stages

KINDS = ("customer", "parts", "third_party")
SETS = {
    "customer": ("customer",),
    "parts": ("parts",),
    "third_party": ("third_party",),
    "waiting": KINDS,
    "unit": ("customer", "resolved"),
    "person": (*KINDS, "resolved"),
}
"""Which stops a clock of this set stands still for; ``resolved`` is from a resolve to the reopening that follows."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock from the opening to a moment: its column, that of its ``W``, and the set of stops."""

    name: str
    end: str
    worked: str
    stops: str


CLOCKS = (
    Clock("first_response", "response_end", "w_response", "customer"),
    Clock("dispatch", "assigned_at", "w_assigned", "customer"),
    Clock("on_site", "on_site_at", "w_on_site", "waiting"),
    Clock("first_resolution", "first_resolved_at", "w_first_resolved", "customer"),
    Clock("resolution", "resolution_end", "w_resolution", "unit"),
    Clock("own_resolution", "resolution_end", "w_resolution", "person"),
    Clock("wait_customer", "resolution_end", "w_resolution", "customer"),
    Clock("wait_parts", "resolution_end", "w_resolution", "parts"),
    Clock("wait_third_party", "resolution_end", "w_resolution", "third_party"),
)
WORKED = (
    {clock.end: clock.worked for clock in CLOCKS}
    | {"opened_at": "w_opened", "follow_at": "w_follow"}
    | {"cut_off_at": "w_cut_off"}
)


def case_work(given: Inputs, moments: ir.Table) -> ir.Table:
    """The moments of the cases that a clock needs, with the working seconds before each."""
    narrow = moments.select(
        "case_id", "calendar_no", "ao", "accepted_at", "first_response_at", "resolved_at", "closed_at",
        "first_response_limit", "resolution_limit", *(moment for moment in WORKED if moment != "cut_off_at"),
        cut_off_at=ibis.literal(given.rules.cut_off, "int64"),
    )  # fmt: skip
    return given.keep("case_work", with_worked(narrow, given.work, WORKED).drop("cut_off_at"))


def stop_pieces(given: Inputs, steps: ir.Table, told: ir.Table, work: ir.Table) -> ir.Table:
    """``case_id, stops, start, end, w_start, w_end``: the stops of each set, cut so that none overlap."""
    stops = given.keep("stops", _pauses(given, steps).union(_resolved_gaps(given, steps, told)))
    sets = [
        stops.filter(_.kind.isin(kinds)).select("case_id", "start", "end", stops=ibis.literal(name))
        for name, kinds in SETS.items()
    ]
    in_order = ibis.window(group_by=["case_id", "stops"], order_by=["start", "end"], preceding=(None, 1))
    covered = ibis.union(*sets).mutate(covered=_.end.max().over(in_order))
    free = covered.mutate(start=ibis.greatest(_.start, _.covered.coalesce(_.start))).filter(_.start < _.end)
    places = work.select("case_id", "calendar_no", "opened_at", "resolution_end", "w_opened", "w_resolution")
    placed = free.drop("covered").inner_join(places, "case_id")
    return given.keep("stop_pieces", with_worked(placed, given.work, {"start": "w_start", "end": "w_end"}))


def _pauses(given: Inputs, steps: ir.Table) -> ir.Table:
    """From each pending start to the next pending end of its kind, or of no kind; to the cut-off where none follows."""
    after = ibis.window(group_by="case_id", order_by="place", following=(1, None))
    pending = steps.filter(_.type.isin(("pend_start", "pend_end")))
    ends = pending.mutate(**{
        f"end_{kind}": ibis.cases(((_.type == "pend_end") & (_.kind.coalesce(kind) == kind), _.at)).min().over(after)
        for kind in KINDS
    })  # fmt: skip
    starts = ends.filter((_.type == "pend_start") & _.kind.isin(KINDS))
    end = ibis.cases(*((_.kind == kind, _[f"end_{kind}"]) for kind in KINDS))
    return starts.select("case_id", "kind", start=_.at, end=end.coalesce(given.rules.cut_off))


def _resolved_gaps(given: Inputs, steps: ir.Table, told: ir.Table) -> ir.Table:
    """From each resolve to the reopening that follows; the last resolve of a case stops nothing any more."""
    several = told.filter(_.turns > 1).select("case_id")
    after = ibis.window(group_by="case_id", order_by="place", following=(1, None))
    turns = (
        steps.filter(_.type.isin(TURNING))
        .semi_join(several, "case_id")
        .mutate(
            next_reopen=ibis.cases((_.type == "reopened", _.at)).min().over(after),
            next_turn=_.at.min().over(after),
        )
    )
    gaps = turns.filter((_.type == "resolved") & _.next_turn.notnull())
    end = _.next_reopen.coalesce(given.rules.cut_off)
    return gaps.select("case_id", kind=ibis.literal("resolved"), start=_.at, end=end)


def stop_sums(given: Inputs, stages: Stages) -> ir.Table:
    """One row a case that ever stopped: for each clock what its stops took away, in business and wall seconds."""
    ends = {clock.end for clock in CLOCKS} - {"resolution_end"}
    worked = {clock.worked for clock in CLOCKS} - {"w_resolution"}
    joined = stages.pieces.inner_join(stages.work.select("case_id", *sorted(ends), *sorted(worked)), "case_id")
    sums = {}
    for clock in CLOCKS:
        mine = _.stops == clock.stops
        sums[f"less_{clock.name}_business"] = _overlap("w_start", "w_end", "w_opened", clock.worked).sum(where=mine)
        sums[f"less_{clock.name}_calendar"] = _overlap("start", "end", "opened_at", clock.end).sum(where=mine)
    return given.keep("stop_sums", joined.group_by("case_id").agg(**sums))


def _overlap(start: str, end: str, low: str, high: str) -> ir.Value:
    """The length of ``[start, end)`` inside ``[low, high)``; without meaning where ``high`` is null."""
    return ibis.greatest(ibis.least(_[end], _[high]) - ibis.greatest(_[start], _[low]), 0)


def due_stops(given: Inputs, stages: Stages) -> ir.Table:
    """``case_id, due_stop``: business seconds of the stops that began before the resolution limit was used up."""
    in_order = ibis.window(group_by="case_id", order_by="start", preceding=(None, 1))
    mine = stages.pieces.filter(_.stops == "unit").mutate(
        length=_overlap("w_start", "w_end", "w_opened", "w_resolution"),
        since=ibis.greatest(_.w_start, _.w_opened) - _.w_opened,
    )
    summed = mine.mutate(stopped=_.length.sum().over(in_order).coalesce(0))
    joined = summed.inner_join(stages.work.select("case_id", "resolution_limit"), "case_id")
    counted = joined.filter(_.since - _.stopped < _.resolution_limit)
    return given.keep("due_stops", counted.group_by("case_id").agg(due_stop=_.length.sum()))


def case_clocks(given: Inputs, work: ir.Table, sums: ir.Table, due: ir.Table) -> ir.Table:
    """``case_id`` with all durations, outcomes, the due moment and the one at which the case can be judged."""
    joined = work.left_join(sums, "case_id").drop("case_id_right").left_join(due, "case_id").drop("case_id_right")
    used = joined.mutate(
        **{f"used_{clock.name}_{kind}": _used(clock, kind) for clock in CLOCKS for kind in ("business", "calendar")},
        due_worked=_.w_opened + _.resolution_limit + _.due_stop.coalesce(0),
    )
    judged = with_moment_of(used, given.work, worked="due_worked", name="due_at").mutate(**_outcomes())
    return given.keep("case_clocks", judged.select("case_id", "due_at", **_met(), **_shown()))


def _shown() -> dict[str, ir.Value]:
    """What is shown of the clocks: those that stopped, and what the stops took away from a resolved case."""
    answered, resolved = _.first_response_at.notnull(), _.resolved_at.notnull()
    asked = {"first_response": answered, "resolution": resolved, "own_resolution": resolved}
    clocks = {
        f"{name}_{kind}": asked[name].ifelse(_[f"used_{name}_{kind}"], None)
        if name in asked
        else _[f"used_{name}_{kind}"]
        for name in (*asked, "dispatch", "on_site", "first_resolution")
        for kind in ("business", "calendar")
    }
    pauses = {f"pause_{kind}": resolved.ifelse(_[f"less_wait_{kind}_business"].coalesce(0), None) for kind in KINDS}
    return {
        **clocks,
        **pauses,
        "lead_business": resolved.ifelse(_.w_resolution - _.w_opened, None),
        "closing": (_.closed_at >= _.opened_at).ifelse(_.closed_at - _.opened_at, None),
        "followed_up": _followed_up(),
    }


def _met() -> dict[str, ir.Value]:
    missed = ~_.resolution_met.coalesce(True)
    return {
        "first_response_met": _.first_response_met,
        "resolution_met": _.resolution_met,
        "judged_at": _.resolved_at.coalesce(missed.ifelse(_.due_at, None)),
    }


def _used(clock: Clock, kind: str) -> ir.Value:
    """What the clock shows at its end; null where that is not known or before the opening."""
    start, end = ("w_opened", clock.worked) if kind == "business" else ("opened_at", clock.end)
    shown = _[end] - _[start] - _[f"less_{clock.name}_{kind}"].coalesce(0)
    return (_[clock.end] >= _.opened_at).ifelse(shown, None)


def _outcomes() -> dict[str, ir.Value]:
    """Met, missed, or null: no limit, or the clock still runs and has time left."""
    return {
        f"{name}_met": ibis.cases(
            (_[f"{name}_limit"].isnull() | _[f"used_{name}_business"].isnull(), None),
            (_[f"used_{name}_business"] > _[f"{name}_limit"], False),
            (_[stopped].notnull(), True),
        )
        for name, stopped in (("first_response", "first_response_at"), ("resolution", "resolved_at"))
    }


def _followed_up() -> ir.Value:
    """Did a second act or the resolution follow the first reply within twice its limit (ever, where there is none)?

    Null without a reply, and while there is time left.
    """
    limit = _.first_response_limit * 2
    in_time = _.first_response_limit.isnull() | (_.w_follow - _.w_response <= limit)
    waiting = _.first_response_limit.notnull() & (_.w_cut_off - _.w_response <= limit)
    return ibis.cases(
        (_.first_response_at.isnull(), None),
        (_.follow_at.notnull(), in_time),
        (waiting, None),
        else_=False,
    )
