"""What earlier sealed periods leave for this one: late-data corrections, held-back money due, balances carried over."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal

from fuxiao.core.bonus.earner import Adjustment, Release
from fuxiao.core.bonus.plan import Plan
from fuxiao.core.period import Period, PeriodKind, period_of
from fuxiao.datasets.manifest import RecordSet
from fuxiao.datasets.store import Store
from fuxiao.incentives.program import program
from fuxiao.incentives.sealing import work_out_again
from fuxiao.incentives.seals import Seal, read_seal, sealed_periods
from fuxiao.incentives.settling import Terms

LATE, CARRIED = "late_data", "carried_over"
CACHE = ".cache"
"""Folder of the home for what can be worked out again at any time; it may be deleted."""


def with_earlier(
    store: Store, plan: Plan, period: Period, terms: Terms,
    *, records: Mapping[str, RecordSet], coefficient: Callable[[Period, str], Decimal],
) -> Terms:  # fmt: skip
    """The terms with what earlier periods leave for ``period``, corrected by these ``records``.

    ``coefficient`` answers the performance coefficient of a person over the stretch (the quarter) whose hold-back
    falls due.
    """
    seals = [read_seal(store, each) for each in sealed_periods(store) if each.end <= period.start]
    adjustments = [*terms.adjustments, *_late(store, seals, records, on=period.start), *_carried(seals, period)]
    releases = [*terms.releases, *_due(plan, seals, period, coefficient)]
    return replace(terms, adjustments=tuple(adjustments), releases=tuple(releases))


def _late(store: Store, seals: Sequence[Seal], records: Mapping[str, RecordSet], *, on: date) -> Iterator[Adjustment]:
    """What late records would have changed in sealed periods, less what was corrected since."""
    for seal in seals:
        if seal.records == records:
            continue
        now = _earned_now(store, seal, records)
        corrected = _corrected(seals, seal.period)
        for person in sorted(seal.earned.keys() | now.keys()):
            gap = now.get(person, Decimal(0)) - seal.earned.get(person, Decimal(0)) - corrected.get(person, Decimal(0))
            if gap:
                yield Adjustment(person=person, period=seal.period.key, amount=gap, reason=LATE, on=on)


def _earned_now(store: Store, seal: Seal, records: Mapping[str, RecordSet]) -> dict[str, Decimal]:
    """What everybody would have earned in a sealed period with these records.

    Remembered beside the lake under all it depends on, so that a year of sealed months is worked out once a load.
    """
    files = {name: asdict(each) for name, each in records.items()}
    made_of = json.dumps([seal.digest, files, program()], sort_keys=True)
    path = store.home / CACHE / f"earned-{hashlib.sha256(made_of.encode()).hexdigest()[:32]}.json"
    if path.is_file():
        return {person: Decimal(amount) for person, amount in json.loads(path.read_text(encoding="utf-8")).items()}
    again = work_out_again(store, seal, records=records)
    earned = {payout.person: payout.earned for payout in again.settlement.payouts}
    if store.writable:
        path.parent.mkdir(exist_ok=True)
        aside = path.with_suffix(f".{os.getpid()}")
        aside.write_text(json.dumps({who: format(amount, "f") for who, amount in earned.items()}), encoding="utf-8")
        aside.replace(path)
    return earned


def _corrected(seals: Sequence[Seal], period: Period) -> Mapping[str, Decimal]:
    """What later seals already corrected for a period."""
    sums: dict[str, Decimal] = {}
    for seal in seals:
        for each in seal.recipe.terms.adjustments:
            if each.period == period.key and each.reason == LATE:
                sums[each.person] = sums.get(each.person, Decimal(0)) + each.amount
    return sums


def _carried(seals: Sequence[Seal], period: Period) -> Iterator[Adjustment]:
    """The negative balances of the period just before."""
    for seal in seals:
        if seal.period.end == period.start and seal.period.kind is period.kind:
            for person, amount in sorted(seal.carried.items()):
                yield Adjustment(person=person, period=seal.period.key, amount=-amount, reason=CARRIED, on=period.start)


def _due(
    plan: Plan, seals: Sequence[Seal], period: Period, coefficient: Callable[[Period, str], Decimal]
) -> Iterator[Release]:
    """Hold-back is paid with the first period after the stretch it was held for."""
    if plan.hold_back is None:
        return
    stretch = period_of(PeriodKind(plan.hold_back.release.value), period.start).previous()
    if stretch.end != period.start:
        return
    inside = [seal for seal in seals if stretch.start <= seal.period.start and seal.period.end <= stretch.end]
    held: dict[str, Decimal] = {}
    for seal in inside:
        for person, amount in seal.held.items():
            held[person] = held.get(person, Decimal(0)) + amount
    for person, amount in sorted(held.items()):
        keys = tuple(seal.period.key for seal in inside)
        yield Release(person=person, held=amount, coefficient=coefficient(stretch, person), periods=keys)
