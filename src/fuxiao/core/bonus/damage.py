"""Compensation for damage: apart from every score, off unless a plan's owner sets it up, inside the legal limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from fuxiao.core.bonus.money import CNY, ZERO, Currency, money_of, shown
from fuxiao.core.errors import CalculationError
from fuxiao.core.explain import Trace
from fuxiao.core.law import LAW, LegalRule, rule_as_of


@dataclass(frozen=True, slots=True)
class DamageClaim:
    """Damage that a person caused and agreed in writing to make good.

    ``agreement`` names the clause of the labour contract, ``evidence`` the file that proves damage and consent;
    without both nothing is deducted.
    """

    person: str
    amount: Decimal
    agreement: str
    evidence: str


def deduction(
    remaining: Decimal, *, wage: Decimal, minimum: Decimal, rule: LegalRule, currency: Currency = CNY
) -> Trace:
    """One month's deduction: what is left, at most the legal share of this month's wage, never into the minimum wage.

    Cut to the smallest unit, not rounded: half a cent more would be above the limit.
    """
    share = wage * rule.figures["share"]
    above = max(ZERO, wage - minimum)
    value = min(remaining, share, above).quantize(currency.step, rounding=ROUND_DOWN)
    formula = f"min({shown(remaining)}, {shown(wage)} × {shown(rule.figures['share'])}, {shown(above)})"
    return Trace("bonus.damage", value, formula, {"rule": rule.key, "minimum": minimum})


def deductions(
    claim: DamageClaim,
    *,
    wages: Sequence[Decimal],
    minimum: Decimal,
    on: date,
    jurisdiction: str = "CN",
    rules: Sequence[LegalRule] = LAW,
    currency: Currency = CNY,
) -> tuple[Trace, ...]:
    """The deductions month by month over ``wages`` until the damage is made good.

    Raises ``CalculationError`` where the agreement or the evidence is missing, or where no rule allows deductions
    at that place and day.
    """
    if not (claim.agreement.strip() and claim.evidence.strip()):
        raise CalculationError("bonus.damage_without_agreement", person=claim.person)
    rule = rule_as_of("damage_deduction", on=on, jurisdiction=jurisdiction, rules=rules)
    if rule is None:
        raise CalculationError("bonus.damage_not_allowed", jurisdiction=jurisdiction, on=on)
    steps: list[Trace] = []
    remaining = claim.amount
    for wage in wages:
        step = deduction(remaining, wage=wage, minimum=minimum, rule=rule, currency=currency)
        steps.append(step)
        remaining -= money_of(step)
    return tuple(steps)
