"""One scheme over several periods: the cards and the amounts of everybody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal

from fuxiao.core.bonus.payout import Settlement
from fuxiao.core.bonus.plan import Plan
from fuxiao.core.errors import FuxiaoError, Issue
from fuxiao.core.score import Scorecard
from fuxiao.datasets.store import Store
from fuxiao.incentives.output import Produced, produced
from fuxiao.incentives.settling import Terms, settle_period
from fuxiao.performance.roster import Member
from fuxiao.performance.scoring import ScoreRun


@dataclass(slots=True)
class Payroll:
    """Pays periods by one plan; what people put out is the same under every scheme, and read once."""

    store: Store
    plan: Plan | None
    made: dict[str, Produced] = field(default_factory=dict)

    def settle(self, plan: Plan, run: ScoreRun) -> Settlement:
        key = run.period.key
        if key not in self.made:
            self.made[key] = produced(self.store, run.period)
        return settle_period(self.store, plan, run, Terms(), self.made[key])


@dataclass(slots=True)
class Side:
    """One scheme over the periods: cards and amounts of everybody, and of whom there were any."""

    cards: dict[str, list[Scorecard]] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    total: Decimal | None = None
    unpaid: Issue | None = None
    members: dict[str, Member] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)

    def add(self, run: ScoreRun, payroll: Payroll, people: Collection[str] | None = None) -> None:
        """One period more, of everybody or of these people."""
        self.members |= run.roster.members
        self.teams |= {key: team.name for key, team in run.roster.teams.items()}
        for card in run.scores.cards:
            if people is None or card.subject in people:
                self.cards.setdefault(card.subject, []).append(card)
        if payroll.plan is not None and self.unpaid is None:
            self._pay(payroll, run, payroll.plan, people)

    def _pay(self, payroll: Payroll, run: ScoreRun, plan: Plan, people: Collection[str] | None) -> None:
        try:
            settled = payroll.settle(plan, run)
        except FuxiaoError as error:
            self.unpaid, self.total, self.amounts = Issue("plan", error.code, dict(error.params)), None, {}
            return
        for payout in settled.payouts:
            if people is None or payout.person in people:
                self.amounts[payout.person] = self.amounts.get(payout.person, Decimal(0)) + payout.earned
        self.total = sum(self.amounts.values(), Decimal(0))
