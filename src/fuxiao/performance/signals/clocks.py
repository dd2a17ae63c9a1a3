"""Evidence on clocks: G6 deadline bunching and clock stopping."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.core.gaming.closing import PauseLimits, RatioLimits, clock_stopping, deadline_bunching
from fuxiao.core.gaming.signal import Signal
from fuxiao.performance.process.log import with_business
from fuxiao.performance.process.waiting import pauses
from fuxiao.performance.signals.evidence import Evidence, Look, tally, whole
from fuxiao.performance.window import DAY

LAST_STRETCH = 20
"""The last stretch of the allowed time is one part in so many: 5 %; so is the stretch before it."""
LATE_TENTH = 10


def _stretches(evidence: Evidence) -> ir.Table:
    """Cases resolved in the last tenth of their time, with ``last``: in the second half of it."""
    cases = evidence.resolved().filter(_.ao.notnull(), _.resolution_limit > 0, _.resolution_business.notnull())
    left = (_.resolution_limit - _.resolution_business) * LAST_STRETCH
    near = cases.mutate(left=left).filter(_.left >= 0, _.left < 2 * _.resolution_limit)
    return near.mutate(last=_.left < _.resolution_limit)


def find_bunching(evidence: Evidence, limits: RatioLimits) -> Iterator[Signal]:
    rows = _stretches(evidence).group_by("ao").agg(last=_["last"].sum(), all=_.count())
    for row in evidence.rows(rows.order_by("ao")):
        last = whole(row, "last")
        before = whole(row, "all") - last
        yield deadline_bunching(str(row["ao"]), last_stretch=last, stretch_before=before, limits=limits)


def bunched_cases(evidence: Evidence, person: str) -> ir.Table:
    mine = _stretches(evidence).filter(_.ao == person, _["last"])
    return mine.order_by("left", "case_id").select("case_id")


def _stops(evidence: Evidence) -> ir.Table:
    """Pauses for the customer with ``late``: begun in the last tenth of the allowed time, no message within a day."""
    cases = evidence.resolved().filter(_.resolution_limit > 0).select("case_id", "opened_at", "resolution_limit")
    begun = pauses(evidence.store, evidence.log).filter(_.kind == "customer", _.actor.notnull())
    joined = with_business(evidence.store, begun.inner_join(cases, "case_id"), {"opened_at": "w_opened"})
    earlier = ibis.window(group_by="case_id", order_by="begun_at", preceding=(None, 1))
    paused = (_.w_finish - _.w_begin).sum().over(earlier).coalesce(0)
    timed = joined.mutate(left=_.resolution_limit - (_.w_begin - _.w_opened - paused))
    near = timed.mutate(near=(_.left >= 0) & (_.left * LATE_TENTH <= _.resolution_limit))
    messages = evidence.store.records("case_events").filter(_.type == "contacted").select("case_id", said_at="at")
    answered = near.inner_join(messages, "case_id").filter((_.said_at - _.begun_at).abs() <= DAY)
    known = answered.select("case_id", "begun_at").distinct().mutate(answered=True)
    marked = near.left_join(known, ["case_id", "begun_at"])
    return marked.select("case_id", "actor", "begun_at", late=_.near & _.answered.isnull())


def find_stopping(evidence: Evidence, limits: PauseLimits) -> Iterator[Signal]:
    stops = _stops(evidence)
    found = tally(evidence, stops, by="actor", hit=stops.late)
    for person in found:
        yield clock_stopping(person, late_pauses=found.hits[person], pauses=found.cases[person], limits=limits)


def stopped_cases(evidence: Evidence, person: str) -> ir.Table:
    mine = _stops(evidence).filter(_.actor == person, _.late).group_by("case_id").agg(at=_.begun_at.max())
    return mine.order_by(ibis.desc("at"), "case_id").select("case_id")


LIMIT = ("cases.resolution_limit", "cases.resolved_at")
LOOKS = (
    Look("deadline_bunching", LIMIT, find_bunching, bunched_cases),
    Look(
        "clock_stopping",
        (*LIMIT, "records.case_events.kind=customer", "records.case_events.actor"),
        find_stopping,
        stopped_cases,
    ),
)
