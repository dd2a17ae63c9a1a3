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
from fuxiao.engine.facts.events import TURNING, when
from fuxiao.engine.facts.inputs import Inputs

KINDS = ("customer", "parts", "third_party")
PENDING = ("pend_start", "pend_end")
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
    """The cases with the working seconds before each moment that a clock needs."""
    dated = moments.mutate(cut_off_at=ibis.literal(given.rules.cut_off, "int64"))
    return given.keep("case_work", with_worked(dated, given.work, WORKED).drop("cut_off_at"))


def stop_pieces(given: Inputs, steps: ir.Table, told: ir.Table, work: ir.Table) -> ir.Table:
    """One row a stop of a known case, with the moments of the case that a clock needs and the working seconds before
    its ``start`` and ``end``.

    ``from_<set>, w_from_<set>``: from when on the clocks of this set stand still for it and for no earlier stop, and
    the working seconds before; null where the stop is not of the set, not before ``end`` where others cover it.
    """
    stops = _stops(given, steps, told)
    moments = {clock.end for clock in CLOCKS} | {clock.worked for clock in CLOCKS}
    places = work.select("case_id", "calendar_no", "opened_at", "w_opened", "resolution_limit", *sorted(moments))
    placed = with_worked(stops.inner_join(places, "case_id"), given.work, {"start": "w_start", "end": "w_end"})
    free = {}
    for name, kinds in SETS.items():
        free[f"from_{name}"] = _free("start", "end", kinds)
        free[f"w_from_{name}"] = _free("w_start", "w_end", kinds)
    return given.keep("stop_pieces", placed.mutate(**free))


def _free(start: str, end: str, kinds: tuple[str, ...]) -> ir.Value:
    """The start of a stop of these kinds, or where it is later the end of those of them that began before."""
    mine = _.kind.isin(kinds)
    covered = when(mine, _[end]).max().over(_before())
    return when(mine, ibis.greatest(_[start], covered.coalesce(_[start])))


def _before() -> ibis.expr.builders.WindowBuilder:
    """The stops of the case that began before."""
    return ibis.window(group_by="case_id", order_by=["start", "end"], preceding=(None, 1))


def _stops(given: Inputs, steps: ir.Table, told: ir.Table) -> ir.Table:
    """``case_id, kind, actor, start, end``: from each pending start to the next pending end of its kind, or of no kind;
    from each resolve to the reopening that follows, the last resolve of a case stopping nothing any more; to the
    cut-off where no end follows."""
    turned = told.filter(_.turns > 1).select("case_id", turned=ibis.literal(value=True))
    marked = steps.filter(_.type.isin((*PENDING, *TURNING))).left_join(turned, "case_id").drop("case_id_right")
    after = ibis.window(group_by="case_id", order_by="place", following=(1, None))

    def following(condition: ir.Value) -> ir.Value:
        return when(condition, _.at).min().over(after)

    ends = marked.filter(_.type.isin(PENDING) | _.turned).mutate(
        **{f"end_{kind}": following((_.type == "pend_end") & (_.kind.coalesce(kind) == kind)) for kind in KINDS},
        end_resolved=following(_.type == "reopened"),
        next_turn=following(_.type.isin(TURNING)),
    )
    paused = (_.type == "pend_start") & _.kind.isin(KINDS)
    starts = ends.filter(paused | ((_.type == "resolved") & _.next_turn.notnull())).mutate(
        kind=(_.type == "resolved").ifelse("resolved", _.kind)
    )
    end = ibis.cases(*((_.kind == kind, _[f"end_{kind}"]) for kind in (*KINDS, "resolved")))
    return starts.select("case_id", "kind", "actor", start=_.at, end=end.coalesce(given.rules.cut_off))


def stop_sums(given: Inputs, pieces: ir.Table) -> ir.Table:
    """One row a case that ever stopped: for each clock what its stops took away, in business and wall seconds, and
    ``due_stop``, the business seconds of the stops that began before the resolution limit was used up."""
    lasting = pieces.mutate(
        unit_stop=_overlap("w_from_unit", "w_end", "w_opened", "w_resolution"),
        since=ibis.greatest(_.w_from_unit, _.w_opened) - _.w_opened,
    )
    stopped = lasting.mutate(stopped=_.unit_stop.sum().over(_before()).coalesce(0))
    sums = {"due_stop": _.unit_stop.sum(where=_.since - _.stopped < _.resolution_limit)}
    for clock in CLOCKS:
        sums[f"less_{clock.name}_business"] = _overlap(f"w_from_{clock.stops}", "w_end", "w_opened", clock.worked).sum()
        sums[f"less_{clock.name}_calendar"] = _overlap(f"from_{clock.stops}", "end", "opened_at", clock.end).sum()
    return given.keep("stop_sums", stopped.group_by("case_id").agg(**sums))


def _overlap(start: str, end: str, low: str, high: str) -> ir.Value:
    """The length of ``[start, end)`` inside ``[low, high)``; null where nothing starts, without meaning where ``high``
    is null."""
    length = ibis.least(_[end], _[high]) - ibis.greatest(_[start], _[low])
    return when(_[start].notnull(), ibis.greatest(length, 0))


def case_clocks(given: Inputs, work: ir.Table, sums: ir.Table) -> ir.Table:
    """The cases with all durations, outcomes, the due moment and the one at which the case can be judged."""
    joined = work.left_join(sums, "case_id").drop("case_id_right")
    used = joined.mutate(
        **{f"used_{clock.name}_{kind}": _used(clock, kind) for clock in CLOCKS for kind in ("business", "calendar")},
        due_worked=_.w_opened + _.resolution_limit + _.due_stop.coalesce(0),
    )
    judged = with_moment_of(used, given.work, worked="due_worked", name="due_at").mutate(**_outcomes())
    plain = [name for name in work.columns if name not in WORKED.values()]
    return judged.select(*plain, "due_at", **_met(), **_shown())


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
