"""What is given beside the bonus plan of a cycle: the amounts of its pools, and the company's factor of the period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from fuxiao.core.bonus.plan import Plan, read_plan
from fuxiao.core.bonus.sharing import Amounts, whole_amounts
from fuxiao.performance.decisions import parse_table


@dataclass(frozen=True, slots=True)
class Given:
    """Amounts by pool (by team for a pool of each team), and the company's factor where the plan asks for one."""

    pools: Amounts = field(default_factory=dict)
    company: Decimal | None = None

    def plain(self) -> dict[str, Any]:
        """As a cycle keeps it."""
        pools = {key: _texts(each) if isinstance(each, Mapping) else f"{each:f}" for key, each in self.pools.items()}
        return {"pools": pools} if self.company is None else {"pools": pools, "company": f"{self.company:f}"}

    def whole(self, plan: Plan) -> Amounts:
        """Amounts for every pool that needs one: nothing to share where it is still to come."""
        return whole_amounts(plan, self.pools)


def given_in(kept: Mapping[str, Any]) -> Given:
    """What was given so far, of the form that a cycle keeps."""
    pools, company = kept.get("pools", {}), kept.get("company")
    amounts = {key: _numbers(each) if isinstance(each, Mapping) else Decimal(each) for key, each in pools.items()}
    return Given(amounts, None if company is None else Decimal(company))


def plan_in(text: str) -> Plan:
    """The plan as it was when the cycle was opened."""
    return read_plan(parse_table(text, "plan"))


def _texts(amounts: Mapping[str, Decimal]) -> dict[str, str]:
    return {team: f"{amount:f}" for team, amount in amounts.items()}


def _numbers(amounts: Mapping[str, str]) -> dict[str, Decimal]:
    return {team: Decimal(amount) for team, amount in amounts.items()}
