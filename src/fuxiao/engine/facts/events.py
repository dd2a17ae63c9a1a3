"""What the events of the cases say: one pass over all events in order, one summary a case, one row a hold.

Says the same as ``fuxiao.core.clock.case_history``, for all cases at once.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.engine.facts.inputs import Inputs

HANDING_OVER = ("assigned", "accepted", "transferred")
ENDING = ("resolved", "closed", "merged")
REPLYING = ("responded", "contacted")
SEQUENCE = 2**29
"""A place orders the events of a case in one whole number: the moment times this, plus the sequence."""
OFFSET = 2**62
"""Added before a place becomes text, so that every place has 19 digits and text order is number order."""
DIGITS = 19


def event_steps(given: Inputs) -> ir.Table:
    """Every event up to the cut-off with what came before it and what comes after it in its case."""
    events = _placed(given)
    before = ibis.window(group_by="case_id", order_by=["at", "seq"], preceding=(None, 1))
    after = ibis.window(group_by="case_id", order_by=["at", "seq"], following=(1, None))
    steps = events.mutate(
        holder_key=_when(_.handing, _keyed(_.person)).max().over(before),
        unit_key=_when(_.handing & _.to_unit.notnull(), _keyed(_.to_unit)).max().over(before),
        next_reopen=_when(_.type == "reopened", _.at).min().over(after),
        next_resolve=_when(_.type == "resolved", _.at).min().over(after),
        next_act=_when(_.act, _.at).min().over(after),
        next_transfer=_when(_.type == "transferred", _.place).min().over(after),
        **{f"end_{kind}": _when(_ends(kind), _.at).min().over(after) for kind in ("customer", "parts", "third_party")},
    )
    return given.keep("event_steps", _with_changes(steps))


def _placed(given: Inputs) -> ir.Table:
    events = given.records("case_events")
    known = events.filter((_.at <= given.rules.cut_off) & _.case_id.notnull() & _.at.notnull())
    template = _.template.coalesce(False)
    sequence = ibis.least(ibis.greatest(_.seq.coalesce(0), 0), SEQUENCE - 1)
    return known.select(
        "case_id", "at", "kind", "actor", "to_person", "from_unit", "to_unit",
        seq=_.seq.coalesce(0),
        type=_.type,
        wrong=_.wrong.coalesce(False),
        reply=(_.type == "responded") & ~template,
        place=_.at * SEQUENCE + sequence,
        person=_.to_person.coalesce(_.actor),
        handing=_.type.isin(HANDING_OVER),
        act=(_.actor.notnull() & ~template) | (_.type == "resolved"),
    )  # fmt: skip


def _ends(kind: str) -> ir.Value:
    """Does the event end a pause of this kind? One that says no kind ends all."""
    return (_.type == "pend_end") & _.kind.coalesce(kind).isin([kind])


def _with_changes(steps: ir.Table) -> ir.Table:
    """Add who held the case before each event, and whether the event begins a hold."""
    moved = steps.mutate(
        holder=_unkeyed(_.holder_key), unit_before=_unkeyed(_.unit_key), first=_.holder_key.isnull()
    ).drop("holder_key", "unit_key")
    other_unit = _.to_unit.notnull() & (_.unit_before.isnull() | (_.to_unit != _.unit_before))
    other_person = _.person.coalesce("") != _.holder.coalesce("")
    return moved.mutate(
        unit=_.to_unit.coalesce(_.unit_before),
        begins=_.handing & (_.first | other_person | other_unit),
        handoff=_.handing & _.to_unit.notnull() & _.unit_before.notnull() & (_.to_unit != _.unit_before),
    )


def event_summary(given: Inputs, steps: ir.Table) -> ir.Table:
    """One row a case that has events: its moments, persons and counts; null or 0 where nothing of the kind happened."""
    owner = _keyed(_.holder.coalesce(_.actor))
    summary = steps.group_by("case_id").agg(
        created_at=_first("created"),
        event_assigned=_first("assigned"),
        event_accepted=_first("accepted"),
        event_on_site=_first("visit_start"),
        event_first_resolved=_first("resolved"),
        event_resolved=_last("resolved"),
        event_closed=_last("closed"),
        event_cancelled=_first("cancelled"),
        event_reopened=_first("reopened"),
        event_ended=_.at.min(where=_.type.isin(ENDING) & _.next_reopen.isnull()),
        event_response=_.at.min(where=_.reply),
        event_follow=_.next_act.min(where=_.reply),
        responder_key=_keyed(_.actor).min(where=_.reply),
        first_owner_key=owner.min(where=_.type == "resolved"),
        owner_key=owner.max(where=_.type == "resolved"),
        holder_key=_keyed(_.person).max(where=_.handing),
        unit_key=_keyed(_.to_unit).max(where=_.handing & _.to_unit.notnull()),
        event_reopens=_.count(where=_.type == "reopened"),
        event_replies=_.count(where=_.type.isin(REPLYING)),
        event_transfers=_.count(where=_.type == "transferred"),
        event_handoffs=_.count(where=_.handoff),
        event_holds=_.count(where=_.begins),
        event_escalations=_.count(where=_.type == "escalated"),
        event_merges=_.count(where=_.type == "merged"),
    )
    named = summary.mutate(
        event_responder=_unkeyed(_.responder_key),
        event_first_owner=_unkeyed(_.first_owner_key),
        event_owner=_unkeyed(_.owner_key),
        event_holder=_unkeyed(_.holder_key),
        event_unit=_unkeyed(_.unit_key),
    )
    return given.keep(
        "event_summary", named.drop("responder_key", "first_owner_key", "owner_key", "holder_key", "unit_key")
    )


def hold_spans(given: Inputs, steps: ir.Table) -> ir.Table:
    """One row a hold: person, unit, from which place and moment to which (null: the last one)."""
    in_order = ibis.window(group_by="case_id", order_by=["place", "seq"])
    holds = steps.filter(_.begins).select("case_id", "person", "unit", "place", "seq", "actor", start_at=_.at)
    return given.keep(
        "hold_spans",
        holds.mutate(
            step=ibis.row_number().over(in_order) + 1,
            end_place=_.place.lead().over(in_order),
            end_at=_.start_at.lead().over(in_order),
        ),
    )


def actor_counts(given: Inputs, steps: ir.Table) -> ir.Table:
    """``case_id, event_actors``: how many different people acted on the case."""
    pairs = steps.filter(_.actor.notnull()).select("case_id", "actor").distinct()
    return given.keep("actor_counts", pairs.group_by("case_id").agg(event_actors=_.count()))


def holder_counts(given: Inputs, holds: ir.Table) -> ir.Table:
    """``case_id, event_holders, event_ping_pong``: how many people held it, and whether it came straight back to one,
    person or unit (a-b-a), taking repeats in a row as one and leaving out who is not known."""
    pairs = holds.filter(_.person.notnull()).select("case_id", "person").distinct()
    holders = pairs.group_by("case_id").agg(event_holders=_.count())
    back = _returns(holds, "person").union(_returns(holds, "unit")).distinct().mutate(event_ping_pong=True)
    both = holders.outer_join(back, "case_id")
    case_id = _.case_id.coalesce(_.case_id_right)
    return given.keep("holder_counts", both.select("event_holders", "event_ping_pong", case_id=case_id))


def _returns(holds: ir.Table, column: str) -> ir.Table:
    """The cases whose sequence of this column has an a-b-a."""
    in_order = ibis.window(group_by="case_id", order_by="step")
    long = holds.filter(_.step == 3).select("case_id")
    known = holds.semi_join(long, "case_id").filter(_[column].notnull()).mutate(previous=_[column].lag().over(in_order))
    run = known.filter(_.previous.isnull() | (_.previous != _[column]))
    twice = run.mutate(last_but_one=_[column].lag(2).over(in_order))
    return twice.filter(_.last_but_one == _[column]).select("case_id")


def _when(condition: ir.Value, value: ir.Value) -> ir.Value:
    return ibis.cases((condition, value))


def _first(kind: str) -> ir.Value:
    return _.at.min(where=_.type == kind)


def _last(kind: str) -> ir.Value:
    return _.at.max(where=_.type == kind)


def _keyed(value: ir.Value) -> ir.Value:
    """A text behind the place of its event: the greatest of these is the value of the last event, null or not."""
    return (_.place + OFFSET).cast("string") + value.coalesce("")


def _unkeyed(key: ir.Value) -> ir.Value:
    """The value that ``_keyed`` put behind its place; null where it was null."""
    return key.substr(DIGITS).nullif("")
