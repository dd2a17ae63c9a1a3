"""Who held a case: shares of the time, transfers with their waits, and the log of holds."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.engine.asof import with_teams
from fuxiao.engine.business_time import with_worked
from fuxiao.engine.fact_tables import HOLDS, SHARES, TRANSFERS, FactTable
from fuxiao.engine.facts.cases import with_case
from fuxiao.engine.facts.events import LAST_PLACE
from fuxiao.engine.facts.held import held_time
from fuxiao.engine.facts.inputs import Inputs, Stages, dimensions, shaped
from fuxiao.engine.local_time import with_anchors

NANO = 1_000_000_000
"""A share has nine places."""


def share_facts(given: Inputs, stages: Stages, cases: ir.Table, stretches: ir.Table) -> ir.Table:
    """One row a resolved case and person who held it in working time; where nobody did, all of it is the owner's."""
    times = held_time(stages, stretches.filter(_.told), "case_id", "person")
    held = given.keep("held", times.filter(_.held_business > 0).select("case_id", "person", held=_.held_business))
    owners = cases.filter(_.resolved & _.ao.notnull()).anti_join(held, "case_id")
    alone = owners.select("case_id", person=_.ao, held=ibis.literal(0, "int64"))
    everyone = held.union(alone)
    of_case = ibis.window(group_by="case_id")
    so_far = ibis.window(group_by="case_id", order_by="person", preceding=(None, 0))
    before = ibis.window(group_by="case_id", order_by="person", preceding=(None, 1))
    summed = everyone.mutate(
        total=_.held.sum().over(of_case), upto=_.held.sum().over(so_far), after=_.held.sum().over(before).coalesce(0)
    )
    shared = given.keep("shared", summed.mutate(share=_share()).drop("upto", "after"))
    mine = cases.select(
        *[name for name in cases.columns if name in (*SHARES.schema(), *dimensions(given.records("cases"), "cases"))]
    )
    joined = shared.inner_join(mine, "case_id")
    teamed = with_teams(joined, stages.spans, {"person": "resolved_day"}, fallback="unit")
    return shaped(teamed, SHARES, dimensions(given.records("cases"), "cases"))


def _share() -> ir.Value:
    """Differences of rounded-down running shares: they add up to exactly 1, and each is right to the last place."""
    upto, after = (_.upto * NANO // _.total), (_.after * NANO // _.total)
    nano = (_.total > 0).ifelse(upto - after, NANO)
    whole, part = (nano // NANO).cast("string"), (nano % NANO).cast("string").lpad(9, "0")
    return (whole + "." + part).cast("decimal(18, 9)")


def transfer_facts(given: Inputs, stages: Stages, attributes: ir.Table) -> ir.Table:
    """One row a transfer with the wait until the receiver's first act: the named person's, else anybody else's.

    The wait is null where the case was passed on again before.
    """
    in_order = ibis.window(group_by="case_id", order_by="place")
    sent = given.keep("transfers_sent", _sent(stages).mutate(
        seq=ibis.row_number().over(in_order) + 1, next_transfer=_.place.lead().over(in_order)
    ))  # fmt: skip
    acts = stages.steps.filter(_.actor.notnull()).select("case_id", act_at=_.at, act_place=_.place, who=_.actor)
    receiver = ibis.cases((_.to_person.notnull(), _.who == _.to_person), else_=_.who != _.ax.coalesce(""))
    answers = sent.inner_join(acts, "case_id").filter(
        (_.act_place > _.place) & (_.act_place <= _.next_transfer.coalesce(_.act_place)) & receiver
    )
    first = answers.group_by("case_id", "seq").agg(taken_at=_.act_at.min())
    joined = sent.left_join(first, ["case_id", "seq"]).drop("case_id_right", "seq_right")
    return _finished(given, stages, joined, attributes, declared=TRANSFERS, wait=("at", "taken_at"))


def _sent(stages: Stages) -> ir.Table:
    """The transfers; where one does not say from which unit, it is that of the hold that it ends."""
    sent = stages.steps.filter(_.type == "transferred").select(
        "case_id", "at", "place", "to_unit", "to_person", "wrong", said_unit="from_unit", ax="actor"
    )
    left = stages.holds.select("case_id", "unit", "place", "end_place")
    fits = [sent.case_id == left.case_id, sent.place > left.place, sent.place <= left.end_place.coalesce(LAST_PLACE)]
    return sent.left_join(left, fits).select(*sent.columns, from_unit=_.said_unit.coalesce(_.unit)).drop("said_unit")


def hold_facts(given: Inputs, stages: Stages, attributes: ir.Table) -> ir.Table:
    """One row a hold: from the holder's first act to the last, and the wait before.

    The act that passes the case on is the last of who does it. A hold in which nobody acted is all waiting.
    """
    acts = stages.steps.filter(_.actor.notnull()).select("case_id", act_at=_.at, act_place=_.place, who=_.actor)
    mine = (_.who == _.person) & (_.act_place <= _.end_place.coalesce(_.act_place))
    inside = (_.act_place > _.place) & (_.act_place < _.end_place.coalesce(_.act_place + 1))
    done = stages.holds.inner_join(acts, "case_id").filter((_.act_place >= _.place) & (mine | inside))
    worked = done.group_by("case_id", "step").agg(start=_.act_at.min(), end=_.act_at.max())
    joined = stages.holds.drop("actor").left_join(worked, ["case_id", "step"]).drop("case_id_right", "step_right")
    taken = given.keep("holds_taken", joined.mutate(taken_at=_.start.coalesce(_.end_at)))
    return _finished(given, stages, taken, attributes, declared=HOLDS, wait=("start_at", "taken_at"))


def _finished(
    given: Inputs, stages: Stages, table: ir.Table, attributes: ir.Table, *, declared: FactTable, wait: tuple[str, str]
) -> ir.Table:
    """Add the wait under both clocks, the anchor, the team and the case; only for cases that are known."""
    start, end = wait
    person = "ax" if "ax" in table.columns else "person"
    placed = table.inner_join(stages.work.select("case_id", "calendar_no"), "case_id")
    worked = with_worked(placed, given.work, {start: "w_sent", end: "w_taken"})
    waited = worked.mutate(wait_business=_.w_taken - _.w_sent, wait_calendar=_[end] - _[start])
    dated = with_anchors(waited, given.local_days, {"event": start})
    teamed = with_teams(dated, stages.spans, {person: "event_day"})
    return shaped(with_case(teamed, attributes), declared, dimensions(given.records("cases"), "cases"))
