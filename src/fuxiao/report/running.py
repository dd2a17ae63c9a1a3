"""Work of a cycle that takes its time: the calculation after the data cut-off, the seal, and what the calendar asks."""

from __future__ import annotations

from datetime import datetime

from fuxiao.base.permissions import Permission, Reach, Viewer
from fuxiao.core.cycle import Step
from fuxiao.core.errors import Conflict
from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.performance.cycles.actions import advancing
from fuxiao.performance.cycles.models import Cycle
from fuxiao.report.closing import Basis, compute, seal_cycle, thawed
from fuxiao.report.source import RankShown

SYSTEM = Viewer(account=None, name="", reach=Reach.ALL, permissions=frozenset({Permission.CYCLES_WRITE}))


def basis_of(cycle: Cycle) -> Basis:
    """The frozen basis of a cycle; ``Conflict`` before its data cut-off."""
    if cycle.as_of is None:
        raise Conflict("cycle.moved_on", step=cycle.step)
    definitions, records = thawed(cycle.basis)
    return Basis(
        period=parse_period(cycle.period), scheme=cycle.scheme_text, plan=cycle.plan_text, as_of=cycle.as_of,
        definitions=definitions, records=records, rank_shown=RankShown(cycle.rank_shown),
    )  # fmt: skip


def compute_cycle(store: Store, number: int, *, at: datetime) -> bool:
    """Score everybody of a cycle whose data is closed; whether the result was kept."""
    cycle = Cycle.objects.get(pk=number)
    if cycle.at is not Step.CUT_OFF:
        return False
    return advancing.keep_computed(SYSTEM, number, compute(store, basis_of(cycle), made_at=at), at=at)


def seal(viewer: Viewer, store: Store, number: int, *, at: datetime) -> Cycle:
    """Seal a final cycle: first the lake, then its row. Killed in between, the next press finds the seal there."""
    cycle = Cycle.objects.get(pk=number)
    if cycle.at is Step.SEALED:
        return cycle
    if cycle.at is not Step.FINAL or cycle.final_at is None:
        raise Conflict("cycle.moved_on", step=cycle.step)
    digest = seal_cycle(store, basis_of(cycle), at=cycle.final_at, by=cycle.final_by)
    return advancing.mark_sealed(viewer, number, seal=digest, at=at)
