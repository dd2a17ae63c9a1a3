"""The ways cases took through the units, each round of a reopened case by itself: the most used ones, how many."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from math import fsum, log2

import ibis
from ibis import _

from fuxiao.core.process.flow import Variant, Variants
from fuxiao.datasets.store import Store
from fuxiao.performance.process.log import ROUND, Log
from fuxiao.performance.window import rows_of

TOP = 20
BETWEEN = "\x1f"
"""Stands between units in the text of a way: the unit separator, which no name holds."""


def variants(store: Store, log: Log, *, top: int = TOP) -> Variants | None:
    """The ``top`` most used ways (equals by name) and the entropy of all; ``None`` for a log without cases.

    Only the counts of the other ways leave the engine.
    """
    ways = log.holds.group_by(*ROUND).agg(way=_.unit.group_concat(BETWEEN, order_by=_.place))
    counts = ways.group_by("way").agg(cases=_.count())
    sizes = rows_of(store, counts.group_by("cases").agg(ways=_.count()).order_by("cases"))
    total = sum(int(str(row["cases"])) * int(str(row["ways"])) for row in sizes)
    if not total:
        return None
    ranked = rows_of(store, counts.order_by(ibis.desc("cases"), "way").limit(top))
    return Variants(
        tuple(_variant(str(row["way"]), int(str(row["cases"])), total) for row in ranked),
        entropy((int(str(row["cases"])), int(str(row["ways"]))) for row in sizes),
    )


def _variant(way: str, cases: int, total: int) -> Variant:
    return Variant(tuple(way.split(BETWEEN)), cases, Decimal(cases) / total)


def entropy(sizes: Iterable[tuple[int, int]]) -> float:
    """Bits, from ``(cases, ways)``: so many ways were taken by so many cases each."""
    known = list(sizes)
    total = sum(cases * ways for cases, ways in known)
    return fsum(ways * (cases / total) * log2(total / cases) for cases, ways in known)
