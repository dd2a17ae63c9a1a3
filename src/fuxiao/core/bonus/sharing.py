"""Pools of a plan shared among the accounts of a period."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal

from fuxiao.core.bonus.earned import Account
from fuxiao.core.bonus.money import ONE, ZERO, money_of, shown
from fuxiao.core.bonus.payout import Line, LineKind, PoolSummary
from fuxiao.core.bonus.piece import weighted_output
from fuxiao.core.bonus.plan import Plan
from fuxiao.core.bonus.pool import Split, share_trace, split
from fuxiao.core.bonus.rules import PoolRule, Scope, Weight
from fuxiao.core.bonus.stint import Stretch
from fuxiao.core.errors import CalculationError, UnknownName

Amounts = Mapping[str, Decimal | Mapping[str, Decimal]]

# A weight is worked out for each stretch of the period, before attendance and length are counted.
WEIGHTS: Mapping[Weight, Callable[[Stretch, PoolRule], Decimal]] = {
    Weight.SCORE: lambda part, _: part.score,
    Weight.COEFFICIENT: lambda part, _: money_of(part.own),
    Weight.SCORE_COEFFICIENT: lambda part, _: part.score * money_of(part.own),
    Weight.BASE_COEFFICIENT: lambda part, _: part.base * money_of(part.own),
    Weight.POINTS: lambda part, _: part.points,
    Weight.OUTPUT: lambda part, rule: weighted_output(part.output, difficulty=rule.difficulty),
    Weight.EQUAL: lambda _, __: ONE,
}
COUNTED = {Weight.POINTS, Weight.OUTPUT}  # counted work already reflects the days it was done on


def share_out(plan: Plan, accounts: Sequence[Account], amounts: Amounts) -> tuple[PoolSummary, ...]:
    """Shares every pool, adds the lines to the accounts, and returns the pools in the order of the plan."""
    for key in amounts:
        if key not in plan.pools:
            raise UnknownName("pool", key, plan.pools)
    summaries: list[PoolSummary] = []
    for key, rule in plan.pools.items():
        for team, amount in parts_of(plan, key, rule, amounts).items():
            summaries.append(share_one(plan, key, accounts, team=team, amount=amount))
    return tuple(summaries)


def parts_of(plan: Plan, key: str, rule: PoolRule, amounts: Amounts) -> Mapping[str | None, Decimal]:
    """The amounts of a pool: one for the company (team ``None``), or one a team in order of names."""
    given = amounts.get(key, rule.amount)
    if given is None:
        if rule.optional:
            return {}
        raise CalculationError("bonus.pool_amount_missing", pool=key, plan=plan.plan)
    if isinstance(given, Mapping) is not (rule.scope is Scope.TEAM):
        raise CalculationError("bonus.pool_scope", pool=key, scope=rule.scope.value)
    if isinstance(given, Mapping):
        return {team: given[team] for team in sorted(given)}
    return {None: given}


def missing_pools(plan: Plan, amounts: Amounts, teams: Collection[str] = ()) -> list[str]:
    """The keys of pools that need an amount and have none: of each team one, where these ``teams`` share in pools."""
    needed = [key for key, rule in plan.pools.items() if rule.amount is None and not rule.optional]
    return [key for key in needed if key not in amounts or _lacks(amounts[key], teams)]


def _lacks(given: Decimal | Mapping[str, Decimal], teams: Collection[str]) -> bool:
    return isinstance(given, Mapping) and any(team not in given for team in teams)


def whole_amounts(plan: Plan, amounts: Amounts) -> Amounts:
    """The amounts as far as they are known, and nothing to share in the pools whose amount is still to come."""
    nothing: dict[str, Decimal | Mapping[str, Decimal]] = {
        key: {} if plan.pools[key].scope is Scope.TEAM else ZERO for key in missing_pools(plan, amounts)
    }
    return {**nothing, **amounts}


def share_one(plan: Plan, key: str, accounts: Sequence[Account], *, team: str | None, amount: Decimal) -> PoolSummary:
    """One pool shared among those who carry weight in it."""
    rule = plan.pools[key]
    weighed = ((account, weight_of(account, key, rule, team)) for account in accounts)
    weights = {account.earner.person: weight for account, weight in weighed if weight}
    result = split(amount, weights, cap=rule.cap, currency=plan.currency)
    add_shares(key, accounts, result)
    return PoolSummary(
        key=key,
        team=team or "",
        amount=amount,
        weight=result.weight,
        per_weight=result.per_weight,
        shares=result.shares,
        undistributed=result.undistributed,
    )


def weight_of(account: Account, key: str, rule: PoolRule, team: str | None) -> Decimal:
    """A person's weight: over the stretches in the pool's roles (and team), times what the gates leave."""
    weigh = WEIGHTS[rule.weight]
    total = ZERO
    for part in account.stretches:
        if (rule.roles and part.role not in rule.roles) or (team is not None and part.team != team):
            continue
        weight = weigh(part, rule)
        if rule.weight not in COUNTED:
            weight = weight * part.stay.got / part.stay.of
            weight = weight * part.present.got / part.present.of if rule.by_attendance else weight
        total += weight
    return total * account.open_for(key) if total else ZERO


def add_shares(key: str, accounts: Sequence[Account], result: Split) -> None:
    """A pool line for everyone who has a share."""
    total = shown(result.weight)
    for account in accounts:
        person = account.earner.person
        if person in result.shares:
            trace = share_trace(result, person, total=total)
            account.lines.append(Line(LineKind.POOL, key, result.shares[person], trace))
