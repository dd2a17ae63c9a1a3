"""Where the working time of cases went while nobody worked on them, and whose waiting it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.core.explain import Trace
from fuxiao.core.process.network import minutes
from fuxiao.datasets.store import Store
from fuxiao.performance.process.hand_offs import hand_offs
from fuxiao.performance.process.log import ROUND, Log, with_business
from fuxiao.performance.window import rows_of

PAUSES = ("customer", "parts", "third_party")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Waiting of one cause in business time. ``owner`` is who can shorten it: ``customer``, ``parts``, ``third_party``,
    or for the cause ``hand_off`` the unit that let a case lie. ``share`` is of the lead time of all cases, 0-1."""

    cause: str
    owner: str
    total: timedelta
    share: Decimal

    @property
    def trace(self) -> Trace:
        return Trace("process.waiting", minutes(self.total), params={"cause": self.cause, "owner": self.owner})


def waiting(store: Store, cases: ir.Table, log: Log) -> tuple[Waiting, ...]:
    """Waiting by cause and owner, longest first.

    A pause for customer, parts or a third party explains the time it covers; what of a hand-off's wait lies outside all
    pauses is the receiving unit's. So no second is counted twice between the two.
    """
    [row] = rows_of(store, cases.agg(lead=_.lead_business.sum(), **{n: _[f"pause_{n}"].sum() for n in PAUSES}))
    lead = int(str(row["lead"] or 0))
    found = [("pause", name, int(str(row[name] or 0))) for name in PAUSES]
    waits = rows_of(store, _unexplained(store, log).group_by("receiver").agg(wait=_.net.sum()))
    found += [("hand_off", str(each["receiver"]), int(str(each["wait"] or 0))) for each in waits]
    made = (Waiting(c, o, timedelta(seconds=s), Decimal(s) / lead if lead else Decimal(0)) for c, o, s in found if s)
    return tuple(sorted(made, key=lambda each: (-each.total, each.cause, each.owner)))


def _unexplained(store: Store, log: Log) -> ir.Table:
    """``receiver, net``: the business seconds of each hand-off's wait outside pauses."""
    waits = hand_offs(log.holds, clock="business").select(*ROUND, "place", "receiver", "wait")
    ends = log.holds.select(*ROUND, "place", w_from="w_end")
    placed = waits.inner_join(ends, [*ROUND, "place"]).mutate(w_until=_.w_from + _.wait).filter(_.wait > 0)
    stops = pauses(store, log)
    covered = placed.inner_join(stops, "case_id").mutate(
        low=ibis.greatest(_.w_from, _.w_begin), high=ibis.least(_.w_until, _.w_finish)
    )
    lost = covered.group_by(*ROUND, "place").agg(lost=ibis.greatest(_.high - _.low, 0).sum())
    netted = placed.left_join(lost, [*ROUND, "place"]).mutate(part=_.wait - _.lost.coalesce(0))
    # Overlapping pauses of one case could take more than there is.
    return netted.select("receiver", net=ibis.greatest(_.part, 0))


def pauses(store: Store, log: Log) -> ir.Table:
    """``case_id, kind, actor, begun_at, w_begin, w_finish``: each pause of the log's cases in working seconds.

    It ends with the next event that ends one, or resolves the case; one that never ends covers nothing.
    """
    events = store.records("case_events").semi_join(log.acts.select("case_id").distinct(), "case_id")
    marks = events.filter(_.type.isin(["pend_start", "pend_end", "resolved"]), _.at.notnull())
    following = ibis.window(group_by="case_id", order_by=["at", "seq"])
    begun = marks.mutate(finish=_.at.lead().over(following)).filter(_.type == "pend_start", _.finish.notnull())
    worked = with_business(store, begun, {"at": "w_begin", "finish": "w_finish"})
    return worked.select("case_id", "kind", "actor", "w_begin", "w_finish", begun_at=_["at"])
