"""A cycle verified part by part: its rows, its stored scorecards, the sealed files, every figure computed again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.incentives.sealing import REMARKS, Difference, verify_period
from fuxiao.incentives.seals import path_of
from fuxiao.performance.cycles.models import Cycle
from fuxiao.performance.cycles.parts import Part
from fuxiao.performance.cycles.queries import broken
from fuxiao.report.papers import paper_differences

SHOWN = 100
"""Differences that are kept by name; all are counted."""


@dataclass(frozen=True, slots=True)
class Found:
    """What came of it: scorecards that were changed (name, person, version), differences with their whole number,
    remarks, and the counts of the seal with its digest; ``files`` is ``None`` where nothing is sealed."""

    broken: Sequence[tuple[str, str, int]]
    differences: Sequence[Difference]
    count: int
    remarks: Sequence[str]
    files: int | None = None
    figures: int = 0
    digest: str = ""

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def verified(store: Store, cycle: Cycle, *, begin: Callable[[str], None]) -> Found:
    """Everything compared; ``begin`` hears of each part when it begins."""
    period = parse_period(cycle.period)
    begin(Part.ROWS)
    rows = paper_differences(store, cycle)
    begin(Part.CARDS)
    cards = list(_cards(cycle))
    if path_of(period) not in store.manifest.seals:
        return _told(cards, rows)
    sealed = verify_period(store, period, begin=begin)
    told = _told(cards, [*rows, *sealed.differences])
    return Found(
        told.broken, told.differences, told.count, told.remarks, files=sealed.files, figures=sealed.figures,
        digest=sealed.digest,
    )  # fmt: skip


def _cards(cycle: Cycle) -> Iterator[tuple[str, str, int]]:
    yield from ((card.member.name, card.member.person, card.n) for card in broken(cycle))


def _told(cards: Sequence[tuple[str, str, int]], noted: Sequence[Difference]) -> Found:
    found = [each for each in dict.fromkeys(noted) if each.kind not in REMARKS]
    remarks = [each.where for each in noted if each.kind in REMARKS]
    return Found(cards, found[:SHOWN], len(found), remarks)
