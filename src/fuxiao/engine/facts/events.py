"""What the events of the cases say: one pass over all events in order, one summary a case, one row a hold.

Says the same as ``fuxiao.core.clock.case_history``, for all cases at once.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.engine.facts.inputs import Inputs

HANDING_OVER = ("assigned", "accepted", "transferred")
ENDING = ("resolved", "closed", "merged", "cancelled")
REPLYING = ("responded", "contacted")
TURNING = ("resolved", "reopened")
SEQUENCE_BITS = 29
SEQUENCE = 2**SEQUENCE_BITS
"""A place orders the events of a case in one whole number: the moment times this, plus the sequence."""
OFFSET = 2**62
"""Added before a place becomes text, so that every place has 19 digits and text order is number order."""
DIGITS = 19
LAST_PLACE = 2**62


def event_steps(given: Inputs) -> ir.Table:
    """Every event up to the cut-off, with its place and what kind of step it is.

    Not kept: each use reads a few columns of the records, which costs less than writing all of them again.
    """
    events = given.records("case_events")
    known = events.filter((_.at <= given.rules.cut_off) & _.case_id.notnull() & _.at.notnull())
    template = _.template.coalesce(False)
    sequence = ibis.least(ibis.greatest(_.seq.coalesce(0), 0), SEQUENCE - 1)
    return known.select(
        "case_id", "at", "type", "kind", "actor", "to_person", "from_unit", "to_unit",
        wrong=_.wrong.coalesce(False),
        reply=(_.type == "responded") & ~template,
        place=_.at * SEQUENCE + sequence,
        person=_.to_person.coalesce((_.type == "transferred").ifelse(ibis.null(str), _.actor)),
        act=(_.actor.notnull() & ~template) | (_.type == "resolved"),
    )  # fmt: skip


def hold_spans(given: Inputs, steps: ir.Table) -> ir.Table:
    """One row a hold: person, unit, from which place and moment to which (null: the last one)."""
    in_order = ibis.window(group_by="case_id", order_by="place")
    before = ibis.window(group_by="case_id", order_by="place", preceding=(None, 1))
    handed = steps.filter(_.type.isin(HANDING_OVER)).mutate(
        turn=ibis.row_number().over(in_order),
        holder=_.person.lag().over(in_order),
        unit_key=when(_.to_unit.notnull(), keyed(_.to_unit)).max().over(before),
    )
    unit = unkeyed(_.unit_key)
    other_unit = _.to_unit.notnull() & (_.to_unit != unit.coalesce(""))
    other_person = _.person.coalesce("") != _.holder.coalesce("")
    begun = handed.filter((_.turn == 0) | other_person | other_unit).select(
        "case_id", "person", "actor", "place", start_at=_.at, unit=_.to_unit.coalesce(unit), unit_before=unit,
        handoff=other_unit & unit.notnull(),
    )  # fmt: skip
    return given.keep("hold_spans", begun.mutate(
        step=ibis.row_number().over(in_order) + 1,
        end_place=_.place.lead().over(in_order),
        end_at=_.start_at.lead().over(in_order),
    ))  # fmt: skip


def event_moments(given: Inputs, steps: ir.Table) -> ir.Table:
    """One row a case that has events: its moments, counts and turning points; null or 0 where nothing happened."""
    moments = steps.group_by("case_id").agg(
        created_at=_first("created"),
        event_assigned=_first("assigned"),
        event_accepted=_first("accepted"),
        event_on_site=_first("visit_start"),
        event_closed=_.at.max(where=_.type == "closed"),
        event_cancelled=_first("cancelled"),
        event_reopened=_first("reopened"),
        first_ended=_.at.min(where=_.type.isin(ENDING)),
        response_place=_.place.min(where=_.reply),
        first_resolve=_.place.min(where=_.type == "resolved"),
        last_resolve=_.place.max(where=_.type == "resolved"),
        last_reopen=_.place.max(where=_.type == "reopened"),
        last_handed=_.place.max(where=_.type.isin(HANDING_OVER)),
        turns=_.count(where=_.type.isin(TURNING)),
        event_reopens=_.count(where=_.type == "reopened"),
        event_replies=_.count(where=_.type.isin(REPLYING)),
        event_transfers=_.count(where=_.type == "transferred"),
        event_escalations=_.count(where=_.type == "escalated"),
        event_merges=_.count(where=_.type == "merged"),
    )
    return given.keep("event_moments", moments.mutate(
        event_first_resolved=_moment(_.first_resolve),
        event_resolved=_moment(_.last_resolve),
        event_response=_moment(_.response_place),
    ))  # fmt: skip


def event_summary(given: Inputs, steps: ir.Table, holds: ir.Table, moments: ir.Table) -> ir.Table:
    """``event_moments`` with who replied, followed up, resolved and held the case, and how often it changed hands."""
    summary = moments
    for other in (_persons(given, steps, moments), _holders(given, holds), _actors(given, steps)):
        summary = summary.left_join(other, "case_id").drop("case_id_right")
    return summary.mutate(
        event_ended=(_.event_reopens > 0).ifelse(_.ended_again, _.first_ended),
        event_owner=(_.last_handed < _.last_resolve).ifelse(_.event_holder, _.last_holder).coalesce(_.last_resolver),
        event_first_owner=(_.last_handed < _.first_resolve)
        .ifelse(_.event_holder, _.first_holder)
        .coalesce(_.first_resolver),
    )


def _persons(given: Inputs, steps: ir.Table, moments: ir.Table) -> ir.Table:
    """What is told by the events before, at or after a turning point of their case, in one pass: the first reply and
    the next act or resolve after it; who holds the case now; where it was handed over after a resolve, who held it
    before; who resolved it first and last; when it ended after the last reopening."""
    turning = moments.select("case_id", "response_place", "first_resolve", "last_resolve", "last_reopen", "last_handed")
    told = steps.filter(_.act | _.reply | _.type.isin((*HANDING_OVER, *ENDING))).inner_join(turning, "case_id")
    handed, resolved = _.type.isin(HANDING_OVER), _.type == "resolved"

    def held_before(turn: ir.Value) -> ir.Value:
        # A case, not a condition of the aggregate: the key is then written only for the few rows that need it.
        return when(handed & (_.place < turn) & (turn <= _.last_handed), keyed(_.person)).max()

    # Where several resolve at one place, the last resolver is the greatest and the first one the least, null first.
    found = told.group_by("case_id").agg(
        event_responder=_.actor.max(where=_.reply & (_.place == _.response_place)),
        event_follow=_.at.min(where=_.act & (_.place > _.response_place)),
        ended_again=_.at.min(where=_.type.isin(ENDING) & (_.place > _.last_reopen)),
        event_holder=_.person.max(where=handed & (_.place == _.last_handed)),
        last_holder=held_before(_.last_resolve),
        first_holder=held_before(_.first_resolve),
        last_resolver=_.actor.max(where=resolved & (_.place == _.last_resolve)),
        first_resolver=_.actor.coalesce("").min(where=resolved & (_.place == _.first_resolve)),
    )
    return given.keep("event_persons", found.mutate(
        last_holder=unkeyed(_.last_holder),
        first_holder=unkeyed(_.first_holder),
        first_resolver=_.first_resolver.nullif(""),
    ))  # fmt: skip


def _holders(given: Inputs, holds: ir.Table) -> ir.Table:
    """``case_id`` with the unit that holds the case now, how many held it, and how often the unit changed."""
    pairs = holds.filter(_.person.notnull()).select("case_id", "person").distinct()
    counts = pairs.group_by("case_id").agg(event_holders=_.count())
    units = holds.group_by("case_id").agg(event_handoffs=_.count(where=_.handoff))
    now = holds.filter(_.end_place.isnull()).select("case_id", event_unit=_.unit)
    joined = now.left_join(counts, "case_id").drop("case_id_right").left_join(units, "case_id").drop("case_id_right")
    back = _returns(holds, "person").union(_returns(holds, "unit"), distinct=True).mutate(event_ping_pong=True)
    joined = joined.left_join(back, "case_id").drop("case_id_right")
    return given.keep("event_holders", joined.mutate(event_holders=_.event_holders.coalesce(0)))


def _actors(given: Inputs, steps: ir.Table) -> ir.Table:
    """``case_id, event_actors``: how many different people acted on the case."""
    pairs = steps.filter(_.actor.notnull()).select("case_id", "actor").distinct()
    return given.keep("event_actors", pairs.group_by("case_id").agg(event_actors=_.count()))


def _returns(holds: ir.Table, column: str) -> ir.Table:
    """The cases whose sequence of this column has an a-b-a."""
    in_order = ibis.window(group_by="case_id", order_by="step")
    long = holds.filter(_.step == 3).select("case_id")
    known = holds.semi_join(long, "case_id").filter(_[column].notnull()).mutate(previous=_[column].lag().over(in_order))
    run = known.filter(_.previous.isnull() | (_.previous != _[column]))
    twice = run.mutate(last_but_one=_[column].lag(2).over(in_order))
    return twice.filter(_.last_but_one == _[column]).select("case_id")


def when(condition: ir.Value, value: ir.Value) -> ir.Value:
    """The value where the condition holds, else null."""
    return ibis.cases((condition, value))


def _first(kind: str) -> ir.Value:
    return _.at.min(where=_.type == kind)


def _moment(place: ir.Value) -> ir.Value:
    """The moment of a place, rounded down before 1970 too."""
    return place >> SEQUENCE_BITS


def keyed(value: ir.Value) -> ir.Value:
    """A text behind the place of its event: the greatest of these is the value of the last event, null or not."""
    return (_.place + OFFSET).cast("string") + value.coalesce("")


def unkeyed(key: ir.Value) -> ir.Value:
    """The value that ``_keyed`` put behind its place; null where it was null."""
    return key.substr(DIGITS).nullif("")
