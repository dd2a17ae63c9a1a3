"""The moments, persons and limits of each case as of the cut-off: from its events, else from its columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import reduce
from operator import add

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.core.period import day_number
from fuxiao.core.service_level import Policy
from fuxiao.engine import schema
from fuxiao.engine.facts.inputs import EXTRA, Inputs, dimensions, seconds
from fuxiao.engine.local_time import with_anchors

CARRIED = (
    "channel", "case_type", "category", "priority", "difficulty", "in_warranty", "region", "product", "customer_id",
    "device_id", "fault_code", "fault_group", "resolution_code", "root_cause", "status", "unit_id",
    "standard_minutes", "handle_seconds", "contacts", "first_contact_solved",
    "assigned_by", "event_unit", "event_transfers", "event_handoffs", "event_replies", "event_escalations",
    "event_actors", "event_ping_pong",
    "visits", "av", "first_outcome", "first_visit_fixed", "filled", "mandatory",
    "own_response_limit", "own_resolution_limit",
)  # fmt: skip
ANCHORED = ("opened_at", "appt_start", "appt_end")
CONTRACT = "contract"
"""A dimension of this name selects the service level of a contract."""


def case_moments(given: Inputs, summary: ir.Table, visits: ir.Table) -> ir.Table:
    """One row a case opened up to the cut-off: moments, persons, flags, limits and the calendar it is measured in."""
    known = _known(given)
    joined = _left(_left(known, summary), visits)
    made = {**_moments(), **_persons(), **_exclusions()}
    found = joined.select("case_id", *CARRIED, *(name for name in known.columns if name.startswith(EXTRA)), **made)
    ended = found.mutate(ended_at=_ended(found)).mutate(is_open=_.ended_at.isnull())
    settled = ended.mutate(
        resolved_at=(~_.is_open).ifelse(_.last_resolved_at, None),
        closed_at=(~_.is_open).ifelse(_.closed_at, None),
        response_end=_.first_response_at.coalesce(_.ended_at, given.rules.cut_off),
    ).mutate(resolution_end=_.resolved_at.coalesce(_.ended_at, given.rules.cut_off))
    dated = with_anchors(settled, given.local_days, {"opened": "opened_at"})
    return _with_limits(given, dated)


def _left(cases: ir.Table, other: ir.Table) -> ir.Table:
    """The cases with the columns of a table that has at most one row a case."""
    return cases.left_join(other, "case_id").drop("case_id_right")


def _known(given: Inputs) -> ir.Table:
    """The cases opened up to the cut-off; what their columns date later than that has not happened yet.

    The columns of the company's own are put aside by another name: none can be taken for something worked out here.
    """
    rules, records = given.rules, given.records("cases")
    extra = {EXTRA + name: _[name] for name in dimensions(records, "cases")}
    cases = records.select(*schema.CASES.names(), **extra)
    happened = {
        column.name: (_[column.name] <= rules.cut_off).ifelse(_[column.name], None)
        for column in schema.CASES.columns
        if column.type is schema.Type.MOMENT and column.name not in ANCHORED
    }
    filled = [(_[name].cast("string").coalesce("") != "").cast("int64") for name in rules.mandatory]
    known = cases.filter(_.case_id.notnull() & (_.opened_at <= rules.cut_off))
    return known.mutate(
        **happened,
        filled=reduce(add, filled) if filled else ibis.literal(0, "int64"),
        mandatory=ibis.literal(len(rules.mandatory), "int64"),
        own_response_limit=seconds(_.first_response_limit),
        own_resolution_limit=seconds(_.resolution_limit),
    )


def _moments() -> dict[str, ir.Value]:
    resolved, reopened = _.event_resolved.coalesce(_.resolved_at), _.event_reopened.coalesce(_.reopened_at)
    return {
        "opened_at": _.created_at.coalesce(_.opened_at),
        "assigned_at": _.event_assigned.coalesce(_.assigned_at),
        "accepted_at": _.event_accepted.coalesce(_.accepted_at),
        "first_response_at": _.event_response.coalesce(_.first_response_at),
        "on_site_at": _.event_on_site.coalesce(_.on_site_at, _.first_arrived_at),
        # Without events a case that was reopened before its last resolve was first resolved before the reopening.
        "first_resolved_at": _.event_first_resolved.coalesce(
            (_.reopened_at < _.resolved_at).ifelse(_.reopened_at, _.resolved_at)
        ),
        "last_resolved_at": resolved,
        "closed_at": _.event_closed.coalesce(_.closed_at),
        "cancelled_at": _.event_cancelled.coalesce(_.cancelled_at),
        "reopened_at": reopened,
        "reopens": (_.event_reopens.coalesce(0) > 0).ifelse(_.event_reopens, reopened.notnull().cast("int64")),
        "follow_at": _.event_follow.coalesce((_.resolved_at >= _.first_response_at).ifelse(_.resolved_at, None)),
        "ended_by_event": _.event_ended,
        "has_ending": _.event_resolved.coalesce(_.event_closed, _.event_cancelled).notnull()
        | (_.event_merges.coalesce(0) > 0),
    }


def _persons() -> dict[str, ir.Value]:
    held = _.event_resolved.isnull() & _.resolved_at.isnull()
    owner = ibis.cases(
        (_.event_resolved.notnull(), _.event_owner.coalesce(_.owner)),
        (held, _.event_holder.coalesce(_.owner)),
        else_=_.owner.coalesce(_.event_holder),
    )
    answered = _.event_response.coalesce(_.first_response_at).notnull()
    return {
        "a1": _.event_responder.coalesce(_.first_responder, answered.ifelse(None, owner)),
        "ao": owner,
        "holders": _.event_holders.coalesce(_.owner.notnull().cast("int64")),
        "ao_first": _.event_resolved.notnull().ifelse(_.event_first_owner.coalesce(_.owner), owner),
    }


def _exclusions() -> dict[str, ir.Value]:
    cancelled = _.event_cancelled.coalesce(_.cancelled_at)
    answered = _.event_response.coalesce(_.first_response_at)
    return {
        "x1": _no(_.is_test) | _no(_.is_spam),
        "x2": (_.duplicate_of.coalesce("") != "") | (_.event_merges.coalesce(0) > 0),
        "x3": cancelled.notnull() & (answered.isnull() | (cancelled < answered).coalesce(False)),
        "x7": _no(_.is_force_majeure),
        "x9": _no(_.customer_postponed),
        "x10": _no(_.is_bot_only),
    }


def _no(flag: ir.Value) -> ir.Value:
    """The flag, where it is not known: no."""
    return flag.coalesce(False)


def _ended(found: ir.Table) -> ir.Value:
    """When the case last ended; null while it is open, also where it was reopened since."""
    otherwise = found.closed_at.coalesce(found.cancelled_at)
    by_column = ibis.cases(
        (found.reopened_at > found.last_resolved_at, (otherwise >= found.reopened_at).ifelse(otherwise, None)),
        else_=found.last_resolved_at.coalesce(otherwise),
    )
    return found.has_ending.ifelse(found.ended_by_event, by_column)


def _with_limits(given: Inputs, cases: ir.Table) -> ir.Table:
    """Add the limits in seconds and the calendar: the case's own limits, else those of the service level that holds."""
    ordered = sorted(given.rules.policies, key=lambda policy: [named is None for named in policy.selectors])
    numbers = given.work.numbers
    placed = cases.mutate(policy=_policy_number(ordered, has_contract=EXTRA + CONTRACT in cases.columns))
    response = _by_policy(ordered, lambda policy: _seconds(policy.first_response_minutes))
    resolution = _by_policy(ordered, lambda policy: _seconds(policy.resolution_minutes))
    calendar = _by_policy(ordered, lambda policy: numbers[policy.calendar])
    return placed.mutate(
        first_response_limit=_.own_response_limit.coalesce(response),
        resolution_limit=_.own_resolution_limit.coalesce(resolution),
        calendar_no=calendar.coalesce(numbers[given.rules.calendar]),
    ).drop("policy", "own_response_limit", "own_resolution_limit")


def _policy_number(ordered: list[Policy], *, has_contract: bool) -> ir.Value:
    """The place of the first policy that takes the case, the most specific ones first; null where none does."""
    branches = [(_takes(policy, has_contract=has_contract), place) for place, policy in enumerate(ordered)]
    return ibis.cases(*branches).cast("int64") if branches else ibis.null("int64")


def _takes(policy: Policy, *, has_contract: bool) -> ir.Value:
    contract = _[EXTRA + CONTRACT] if has_contract else ibis.literal("")
    chosen = ((contract, policy.contract), (_.case_type, policy.case_type), (_.priority, policy.priority))
    taken = _.opened_day >= day_number(policy.valid_from or date.min)
    if policy.valid_to is not None:
        taken = taken & (_.opened_day < day_number(policy.valid_to))
    for column, wanted in chosen:
        if wanted is not None:
            taken = taken & (column == wanted)
    return taken


def _by_policy(ordered: list[Policy], value: Callable[[Policy], int | None]) -> ir.Value:
    branches = [
        (_.policy == place, found) for place, policy in enumerate(ordered) if (found := value(policy)) is not None
    ]
    return ibis.cases(*branches).cast("int64") if branches else ibis.null("int64")


def _seconds(minutes: int | None) -> int | None:
    return None if minutes is None else minutes * 60
