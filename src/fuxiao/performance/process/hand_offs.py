"""Hand-offs between units under one clock: how many, how long they waited, which came straight back, which loop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.core.explain import Trace, figure
from fuxiao.core.process.network import Edge, Network, minutes
from fuxiao.datasets.store import Store
from fuxiao.performance.process.log import ROUND, Log
from fuxiao.performance.window import rows_of

COLUMNS = {"calendar": ("start", "end"), "business": ("w_start", "w_end")}


@dataclass(frozen=True, slots=True)
class PingPong:
    """How often a unit's hand-offs to another came straight back, nothing done meanwhile."""

    sender: str
    receiver: str
    hand_offs: int
    returns: int

    @property
    def share(self) -> Decimal:
        return Decimal(self.returns) / self.hand_offs

    @property
    def trace(self) -> Trace:
        params = {"sender": self.sender, "receiver": self.receiver}
        return Trace("process.ping_pong", self.share, f"{self.returns} ÷ {self.hand_offs}", params)


@dataclass(frozen=True, slots=True)
class Flow:
    """The sums of a log under one clock; ``ping_pong`` and ``rework`` count the cases that went straight back, and that
    came to a unit twice."""

    cases: int
    work: timedelta
    lead: timedelta
    hand_offs: int
    loops: int
    ping_pong: int
    rework: int

    @property
    def efficiency(self) -> Decimal | None:
        """Work over lead, 0-1; ``None`` where no time passed."""
        return minutes(self.work) / minutes(self.lead) if self.lead else None

    @property
    def ping_pong_share(self) -> Decimal:
        return Decimal(self.ping_pong) / max(1, self.cases)

    @property
    def rework_share(self) -> Decimal:
        return Decimal(self.rework) / max(1, self.cases)

    @property
    def trace(self) -> Trace:
        work, lead = minutes(self.work), minutes(self.lead)
        params = {"cases": self.cases, "hand_offs": self.hand_offs, "loops": self.loops, "ping_pong": self.ping_pong}
        return Trace("process.flow_efficiency", self.efficiency, f"{figure(work)} ÷ {figure(lead)}", params)


def hand_offs(holds: ir.Table, *, clock: str) -> ir.Table:
    """``case_id, round, place, sender, receiver, wait, sent_at, taken_at, back``: each hand-off, waits in seconds.

    ``back``: seconds until the sender acts again where the receiver sent it straight back with nothing done, else null.
    """
    start, end = COLUMNS[clock]
    in_order = ibis.window(group_by=ROUND, order_by="place")
    seen = holds.mutate(
        receiver=_.unit.lead().over(in_order),
        taken=_[start].lead().over(in_order),
        idle=~_.progress.lead().over(in_order),
        third=_.unit.lead(2).over(in_order),
        third_at=_[start].lead(2).over(in_order),
        taken_at=_.start.lead().over(in_order),
    ).filter(_.receiver.notnull())
    return seen.select(
        *ROUND, "place", "receiver", "taken_at",
        sender=_.unit,
        sent_at=_.end,
        wait=ibis.greatest(_.taken - _[end], 0),
        back=((_.third == _.unit) & _.idle).ifelse(_.third_at - _[end], None),
    )  # fmt: skip


def network(store: Store, log: Log, *, clock: str) -> Network:
    """All edges under one clock, the longest total wait first."""
    pairs = hand_offs(log.holds, clock=clock).group_by("sender", "receiver").agg(
        count=_.count(), cases=_.case_id.nunique(), total=_.wait.sum(),
        p50=_.wait.quantile(0.5), p90=_.wait.quantile(0.9),
    )  # fmt: skip
    edges = [_edge(row) for row in rows_of(store, pairs)]
    return Network(tuple(sorted(edges, key=lambda edge: (-edge.total, edge.pair))))


def _edge(row: Mapping[str, object]) -> Edge:
    total, p50, p90 = (timedelta(seconds=float(str(row[name]))) for name in ("total", "p50", "p90"))
    return Edge(
        str(row["sender"]), str(row["receiver"]), int(str(row["count"])), int(str(row["cases"])), total, p50, p90
    )


def ping_pongs(store: Store, log: Log, *, within: int | None = None, clock: str = "business") -> tuple[PingPong, ...]:
    """The pairs with returns, most returns first. ``within``: the longest time away in seconds that counts."""
    moves = hand_offs(log.holds, clock=clock)
    soon = moves.back.notnull() if within is None else (moves.back <= within).coalesce(False)
    pairs = moves.group_by("sender", "receiver").agg(hand_offs=moves.count(), returns=soon.sum())
    found = [
        PingPong(str(r["sender"]), str(r["receiver"]), int(str(r["hand_offs"])), int(str(r["returns"])))
        for r in rows_of(store, pairs.filter(_.returns > 0))
    ]
    return tuple(sorted(found, key=lambda pair: (-pair.returns, pair.sender, pair.receiver)))


def returned_cases(log: Log, sender: str, receiver: str, *, within: int, clock: str = "business") -> ir.Table:
    """The cases a pair sent there and straight back, the longest away first."""
    moves = hand_offs(log.holds, clock=clock)
    mine = moves.filter(_.sender == sender, _.receiver == receiver, _.back <= within)
    return mine.group_by("case_id").agg(back=_.back.max()).order_by(ibis.desc("back"), "case_id")


def flow(store: Store, log: Log, *, clock: str) -> Flow | None:
    """The sums of the log; ``None`` for a log without cases."""
    start, end = COLUMNS[clock]
    journeys = log.holds.group_by(*ROUND).agg(
        holds=_.count(), units=_.unit.nunique(),
        work=(_[end] - _[start]).sum(), lead=_[end].max() - _[start].min(),
    )  # fmt: skip
    sums = journeys.agg(
        cases=_.case_id.nunique(), work=_.work.sum(), lead=_.lead.sum(), hand_offs=(_.holds - 1).sum(),
        loops=(_.holds - _.units).sum(), rework=_.case_id.nunique(where=_.holds > _.units),
    )  # fmt: skip
    [row] = rows_of(store, sums)
    back = hand_offs(log.holds, clock=clock).filter(_.back.notnull())
    [returned] = rows_of(store, back.agg(cases=_.case_id.nunique()))
    if not row["cases"]:
        return None
    cases, work, lead, moves, loops, rework = (
        int(str(row[name])) for name in ("cases", "work", "lead", "hand_offs", "loops", "rework")
    )
    spans = (timedelta(seconds=work), timedelta(seconds=lead))
    return Flow(cases, *spans, moves, loops, int(str(returned["cases"])), rework)
