"""Work of a cycle that takes its time: the calculation after the data cut-off, the seal, and what the calendar asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from fuxiao.base.actions import require
from fuxiao.base.permissions import Permission, Reach, Viewer
from fuxiao.core.cycle import CLOSED, Step
from fuxiao.core.errors import CalculationError, Conflict
from fuxiao.core.period import Period, parse_period
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator
from fuxiao.engine.drill import SIDES
from fuxiao.engine.rows import Scope
from fuxiao.incentives.aside import thawed
from fuxiao.incentives.seals import rulings_of
from fuxiao.metrics.drill import rows_of_cases
from fuxiao.performance.cycles.actions import advancing
from fuxiao.performance.cycles.actions.jobs import is_free
from fuxiao.performance.cycles.amounts import given_in
from fuxiao.performance.cycles.models import Cycle, CycleJob, CycleMember
from fuxiao.performance.cycles.parts import Part
from fuxiao.performance.cycles.queries import together
from fuxiao.performance.roster import read_roster
from fuxiao.performance.rulings import Ruling, RulingKind, can_leave_out
from fuxiao.report.closing import Basis, compute, home_of, indicators_of, seal_cycle
from fuxiao.report.papers import keep_papers
from fuxiao.report.past import as_closed
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
        rulings=rulings_of(cycle.rulings), given=given_in(cycle.amounts),
    )  # fmt: skip


def compute_cycle(store: Store, number: int, *, at: datetime) -> bool:
    """Score everybody of a cycle whose data is closed; whether the result was kept."""
    cycle = Cycle.objects.get(pk=number)
    if cycle.at is not Step.CUT_OFF:
        return False
    found = compute(store, basis_of(cycle), made_at=at, told=as_closed)
    applied, amounts = cycle.decided
    return advancing.keep_computed(SYSTEM, number, found, applied=applied, amounts=amounts, at=at)


def waiting(*, at: datetime) -> tuple[list[int], list[int], list[int]]:
    """The cycles to compute, those to compute again after a decision, and the jobs that somebody asked for and no
    worker is at."""
    fresh = Cycle.objects.filter(step=Step.CUT_OFF).order_by("id").values_list("pk", flat=True)
    held = Cycle.objects.exclude(step__in=(*CLOSED, Step.RUNNING, Step.CUT_OFF)).order_by("id")
    decided = held.only("pk", "calculation", "rulings", "applied", "amounts_given", "amounts_applied")
    undecided = [cycle.pk for cycle in decided if cycle.is_behind]
    asked = CycleJob.objects.filter(is_free(at=at)).order_by("id")
    return list(fresh), undecided, list(asked.values_list("pk", flat=True))


def recompute_cycle(store: Store, number: int, *, at: datetime) -> int:
    """Score everybody of its period again after decisions; how many scorecards changed: none where all are in."""
    found = together(Cycle.objects.only("period").get(pk=number))
    return sum(_recompute(store, each, at=at) for each in found)


def _recompute(store: Store, cycle: Cycle, *, at: datetime) -> int:
    if not cycle.is_behind or cycle.at in CLOSED:
        return 0
    found = compute(store, basis_of(cycle), made_at=at, told=as_closed)
    applied, amounts = cycle.decided
    return advancing.keep_recomputed(SYSTEM, cycle.pk, found, applied=applied, amounts=amounts, at=at)


def rulings_for(
    store: Store, member: CycleMember, code: str, cases: Sequence[str], *, reason: str, by: str
) -> list[Ruling]:
    """What leaving these cases out of one figure takes from the sums of the person, of the teams above, of the company.

    The company is the subject without a name, as in the figures of teams.
    """
    basis = basis_of(member.cycle)
    with Store.open(home_of(store, basis)) as aside:
        indicator = indicators_of(aside)[code]
        if not can_leave_out(indicator):
            raise CalculationError("ruling.percentile", indicator=code)
        teams = [("team", team) for team in _teams(aside, member.team, basis.period)]
        subjects = [("person", member.person), *teams, ("company", "")]
        sums = _Sums(aside, indicator, basis.period, frozenset(cases))
        made = [sums.ruling(by_what, who) for by_what, who in subjects]
    return [replace(each, reason=reason, by=by) for each in made if each.n or each.numerator or each.denominator]


def _teams(store: Store, team: str, period: Period) -> Iterator[str]:
    """The team and those above it."""
    teams = read_roster(store, period).teams
    while team in teams:
        yield team
        team = teams[team].parent


@dataclass(frozen=True)
class _Sums:
    """What some cases add to one figure of a period."""

    store: Store
    indicator: Indicator
    period: Period
    cases: frozenset[str]

    def ruling(self, by: str, who: str) -> Ruling:
        """For one person, a team or the company; the sums are nought where none of the cases counts there."""
        only = (who,) if who else ()
        scope = Scope(by=(by,), kind=self.period.kind, first=self.period.index, last=self.period.index, only=only)
        found = rows_of_cases(self.store, self.indicator, scope, self.cases).to_pylist()
        rows = [row for row in found if not who or row[by] == who]
        sums = {side: sum((row[side] or Decimal(0) for row in rows), Decimal(0)) for side in SIDES}
        return Ruling(
            kind=RulingKind.LEAVE_OUT, subject=who, reason="", by="", indicator=self.indicator.code,
            cases=tuple(sorted({row["case_id"] for row in rows})), numerator=sums["numerator"],
            denominator=sums["denominator"], n=int(sums["n"]),
        )  # fmt: skip


def seal(
    viewer: Viewer, store: Store, number: int, *, at: datetime, begin: Callable[[str], None] = lambda _part: None
) -> Cycle:
    """Seal a final cycle: its figures and its rows in the lake, then its own row. Killed in between, the next press
    finds there what was sealed. ``begin`` hears of each part when it begins."""
    require(viewer, Permission.CYCLES_WRITE)
    cycle = Cycle.objects.get(pk=number)
    if cycle.at is Step.SEALED:
        return cycle
    if cycle.at is not Step.FINAL or cycle.final_at is None:
        raise Conflict("cycle.moved_on", step=cycle.step)
    digest = seal_cycle(store, basis_of(cycle), at=cycle.final_at, by=cycle.final_by, begin=begin)
    begin(Part.ROWS)
    kept = keep_papers(store, cycle, at=at)
    return advancing.mark_sealed(viewer, number, seal=digest, at=kept.at)
