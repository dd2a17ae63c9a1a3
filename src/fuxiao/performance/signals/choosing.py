"""Evidence on who takes, passes on and re-labels cases: G1 cherry picking, G3 ping-pong, G11 difficulty inflation."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.base.calendars import read_calendars
from fuxiao.core.gaming.choosing import (
    DifficultyLimits,
    InflationLimits,
    PickingLimits,
    cherry_picking,
    difficulty_inflation,
    picking_by_difficulty,
    ping_pong,
)
from fuxiao.core.gaming.signal import ShareLimits, Signal
from fuxiao.core.worktime import DAY_SECONDS
from fuxiao.performance.process.hand_offs import ping_pongs, returned_cases
from fuxiao.performance.signals.evidence import Evidence, Look, number, tally, whole

ARROW = " → "
WORKING_DAYS = 5
FEWEST_PAIRS_CASES = 100


def offers(evidence: Evidence) -> ir.Table:
    """``person, team, day, case_id, difficulty, picked, easy``: each first taking of a case, and whether by own choice.

    A case is easy where its difficulty is under the mean of what the team got in the window. What the team took on a
    day stands for the queue that was offered on that day.
    """
    taken = evidence.events("accepted", "assigned").filter(_.difficulty.notnull())
    in_order = ibis.window(group_by="case_id", order_by=["at", "seq"])
    # A dispatcher's assignment is followed by the engineer's acceptance: the acceptance says who took the case and how.
    person = (_.type == "accepted").ifelse(_.actor, _.to_person)
    firsts = taken.mutate(person=person, picked=_.self_picked.coalesce(False)).filter(
        (_.type == "accepted") | _.self_picked.notnull()
    )
    first = firsts.mutate(place=ibis.row_number().over(in_order)).filter(_.place == 0)
    team = _.to_unit.coalesce(_.from_unit, "")
    queue = first.select("case_id", "person", "picked", "difficulty", team=team, day=_["at"] // DAY_SECONDS)
    of_team = ibis.window(group_by="team")
    factor = _.difficulty.cast("float64")
    return queue.mutate(easy=factor < factor.mean().over(of_team)).filter(_.person.notnull())


def _offered(evidence: Evidence) -> ir.Table:
    """``person`` and what they picked, beside what their teams were offered on the days on which they picked."""
    queue = evidence.store.temporary("signals_queue", offers(evidence))
    hard = _.difficulty.cast("float64")
    picks = queue.filter(_.picked).group_by("person", "team", "day").agg(
        picked=_.count(), easy_picked=_.easy.sum(), sum_picked=hard.sum()
    )  # fmt: skip
    offered = queue.group_by("team", "day").agg(
        offered=_.count(), easy_offered=_.easy.sum(), sum_offered=hard.sum(), squares=(hard * hard).sum()
    )
    joined = picks.inner_join(offered, ["team", "day"])
    names = ("picked", "easy_picked", "sum_picked", "offered", "easy_offered", "sum_offered", "squares")
    return joined.group_by("person").agg(**{name: joined[name].sum() for name in names})


def find_picking(evidence: Evidence, limits: PickingLimits) -> Iterator[Signal]:
    for row in evidence.rows(_offered(evidence).order_by("person")):
        counts = {name: whole(row, name) for name in ("easy_picked", "picked", "easy_offered", "offered")}
        yield cherry_picking(str(row["person"]), **counts, limits=limits)


def find_light_picking(evidence: Evidence, limits: DifficultyLimits) -> Iterator[Signal]:
    for row in evidence.rows(_offered(evidence).order_by("person")):
        picked, offered = whole(row, "picked"), whole(row, "offered")
        mean = number(row, "sum_offered") / offered
        spread = max(0.0, number(row, "squares") / offered - mean**2) ** 0.5
        if spread > 0 and mean > 0:
            own = number(row, "sum_picked") / picked
            yield picking_by_difficulty(
                str(row["person"]),
                mean_picked=own,
                mean_offered=mean,
                sd_offered=spread,
                picked=picked,
                limits=limits,
            )


def picked_cases(evidence: Evidence, person: str) -> ir.Table:
    """The easiest cases the person picked."""
    mine = offers(evidence).filter(_.person == person, _.picked, _.easy)
    return mine.order_by("difficulty", ibis.desc("day"), "case_id").select("case_id")


def find_ping_pong(evidence: Evidence, limits: ShareLimits) -> Iterator[Signal]:
    """One signal for two units: of both directions the one with more hand-offs, since each return is also a sending."""
    pairs = {(p.sender, p.receiver): p for p in ping_pongs(evidence.store, evidence.log, within=within(evidence))}
    sent = sum(p.hand_offs for p in pairs.values())
    back = sum(p.returns for p in pairs.values())
    for (sender, receiver), pair in sorted(pairs.items()):
        other = pairs.get((receiver, sender))
        if other is None or (pair.hand_offs, sender) > (other.hand_offs, receiver):
            others = sent - pair.hand_offs - (other.hand_offs if other else 0)
            returned = back - pair.returns - (other.returns if other else 0)
            usual = (returned + 1) / (others + 2) if others >= FEWEST_PAIRS_CASES else None
            yield ping_pong(
                (sender, receiver), returns=pair.returns, hand_offs=pair.hand_offs, usual=usual, limits=limits
            )


def within(evidence: Evidence) -> int:
    """Five working days in the company's own calendar, in seconds."""
    settings = evidence.store.settings
    calendar = read_calendars(evidence.store.home, settings)[settings.calendar]
    minutes = [sum(span.end - span.start for span in spans) for spans in calendar.week]
    longest = sorted(minutes, reverse=True)[:WORKING_DAYS]
    return 60 * sum(longest)


def ping_pong_cases(evidence: Evidence, pair: str) -> ir.Table:
    sender, _arrow, receiver = pair.partition(ARROW)
    return returned_cases(evidence.log, sender, receiver, within=within(evidence))


def _raised_difficulty(evidence: Evidence) -> ir.Table:
    """Resolved cases with ``inflated``: the owner re-coded them, and a later version is harder than the one before."""
    versions = evidence.store.history("cases")
    in_order = ibis.window(group_by="case_id", order_by=["_load", "_row"])
    steps = versions.mutate(before=_.difficulty.lag().over(in_order)).filter(_.difficulty > _.before)
    harder = steps.select("case_id").distinct()
    recoded = evidence.events("recoded").filter(_.actor == _.ao).select("case_id").distinct()
    both = recoded.semi_join(harder, "case_id").mutate(inflated=True)
    cases = evidence.resolved().select("case_id", "ao", "resolved_at")
    return cases.left_join(both, "case_id").select("case_id", "ao", "resolved_at", inflated=_.inflated.coalesce(False))


def find_inflation(evidence: Evidence, limits: InflationLimits) -> Iterator[Signal]:
    counted = _raised_difficulty(evidence)
    found = tally(evidence, counted, by="ao", hit=counted.inflated)
    for person in found:
        hits, peers = found.peers(person)
        yield difficulty_inflation(
            person,
            raised_own=found.hits[person],
            own=found.cases[person],
            raised_peers=hits,
            peers=peers,
            limits=limits,
        )


def inflated_cases(evidence: Evidence, person: str) -> ir.Table:
    mine = _raised_difficulty(evidence).filter(_.ao == person, _.inflated)
    return mine.order_by(ibis.desc("resolved_at"), "case_id").select("case_id")


PICKING = ("records.case_events.self_picked", "cases.difficulty")
LOOKS = (
    Look("cherry_picking", PICKING, find_picking, picked_cases),
    Look("picking_by_difficulty", PICKING, find_light_picking, picked_cases),
    Look("ping_pong", ("records.case_events.actor",), find_ping_pong, ping_pong_cases),
    Look(
        "difficulty_inflation", ("records.case_events.type=recoded", "cases.difficulty"), find_inflation, inflated_cases
    ),
)
