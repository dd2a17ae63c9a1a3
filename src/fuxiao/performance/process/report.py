"""Everything the event log says about a period's flow of work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import ibis.expr.types as ir
from ibis import _

from fuxiao.core.explain import Trace
from fuxiao.core.period import Period
from fuxiao.core.process.flow import Variants
from fuxiao.core.process.network import Edge, Network
from fuxiao.core.process.waste import PoorQuality
from fuxiao.datasets.store import Store
from fuxiao.performance.process import hand_offs
from fuxiao.performance.process.hand_offs import Flow, PingPong
from fuxiao.performance.process.log import act_log
from fuxiao.performance.process.quality import UnitCosts, poor_quality
from fuxiao.performance.process.waiting import Waiting, waiting
from fuxiao.performance.process.ways import TOP, variants
from fuxiao.performance.window import Window, counted, window_of

CLOCKS = ("calendar", "business")
USUAL = UnitCosts()


@dataclass(frozen=True, slots=True)
class ProcessReport:
    """The flow of the cases that were resolved in the period.

    ``networks`` and ``flows`` by clock (``calendar``, ``business``; no flow without acts); ``variants`` the most used
    ways; ``quality`` ``None`` where no service cost is recorded. ``missing`` names datasets the log would need.
    """

    period: Period
    networks: Mapping[str, Network]
    flows: Mapping[str, Flow]
    ping_pong: tuple[PingPong, ...]
    variants: Variants | None
    waiting: tuple[Waiting, ...]
    quality: PoorQuality | None
    missing: tuple[str, ...] = field(default=())

    @property
    def bottleneck(self) -> Edge | None:
        """The hand-off where most business time passes waiting; ``None`` without hand-offs."""
        return self.networks["business"].bottleneck

    @property
    def slowest(self) -> Edge | None:
        """The hand-off that usually waits longest (median business time), of those seen in twenty cases or more."""
        edges = self.networks["business"].with_cases().edges
        return min(edges, key=lambda edge: (-edge.p50, -edge.total, edge.pair), default=None)

    @property
    def trace(self) -> Trace:
        """What the report is made of."""
        inputs = [flow.trace for flow in self.flows.values()]
        inputs += [edge.trace for edge in self.networks["business"].edges]
        inputs += [pair.trace for pair in self.ping_pong]
        inputs += [each.trace for each in self.waiting]
        inputs += [] if self.quality is None else [self.quality.trace]
        return Trace("process.report", self.period.key, inputs=tuple(inputs))


def analyse(
    store: Store, period: Period, *, unit_costs: UnitCosts = USUAL, months: int = 0, top: int = TOP
) -> ProcessReport:
    """Analyse the cases resolved in ``period``, or in the last ``months`` months that end with it.

    Everything is aggregated in the engine: only edges, ways and sums leave it. Temporary tables of the store are used
    and forgotten.
    """
    window = window_of(period, months=months)
    quality = poor_quality(store, window, costs=unit_costs)
    if "case_events" not in store.manifest.records:
        empty: dict[str, Network] = {clock: Network(()) for clock in CLOCKS}
        return ProcessReport(period, empty, {}, (), None, (), quality, ("case_events",))
    try:
        return _of_log(store, period, journeys(store, window), quality=quality, top=top)
    finally:
        store.forget()


def journeys(store: Store, window: Window) -> ir.Table:
    """The cases whose way ended in the window."""
    return counted(store, "cases", "resolved", window).filter(_.resolved)


def _of_log(store: Store, period: Period, cases: ir.Table, *, quality: PoorQuality | None, top: int) -> ProcessReport:
    log = act_log(store, cases)
    flows = {clock: hand_offs.flow(store, log, clock=clock) for clock in CLOCKS}
    return ProcessReport(
        period=period,
        networks={clock: hand_offs.network(store, log, clock=clock) for clock in CLOCKS},
        flows={clock: flow for clock, flow in flows.items() if flow is not None},
        ping_pong=hand_offs.ping_pongs(store, log),
        variants=variants(store, log, top=top),
        waiting=waiting(store, cases, log),
        quality=quality,
    )
