"""Runs ``tests/cases/bonus.yaml``: each rule is an adapter from the numbers of a case to the functions."""

from datetime import date
from decimal import Decimal

import pytest

from cases_reader import Case, read_cases
from fuxiao.core.bonus.base import attendance, base_pay, daily_rate
from fuxiao.core.bonus.curve import Knot, payout
from fuxiao.core.bonus.damage import DamageClaim, deductions
from fuxiao.core.bonus.earner import Earner, Segment
from fuxiao.core.bonus.holdback import hold, release
from fuxiao.core.bonus.ladder import Deed, PointEvent, standing
from fuxiao.core.bonus.minimum import top_up
from fuxiao.core.bonus.money import Currency, Rounding, money_of, payslip
from fuxiao.core.bonus.multiplier import Multiplier, combine
from fuxiao.core.bonus.piece import Output, PieceRates, Work, piece_pay
from fuxiao.core.bonus.plan import read_plan
from fuxiao.core.bonus.pool import split
from fuxiao.core.bonus.reader import read_record
from fuxiao.core.bonus.settle import settle
from fuxiao.core.bonus.tiers import Tier, TierMode, commission
from fuxiao.core.explain import Trace

CURRENCIES = {"CNY": Currency(), "JPY": Currency("JPY", 0)}
TIERS = [
    Tier(start=Decimal(start), rate=Decimal(rate)) for start, rate in ((0, "0.03"), (5000, "0.05"), (15000, "0.08"))
]
CURVE = [Knot(at=Decimal(at), gives=Decimal(gives)) for at, gives in ((80, 50), (100, 100), (120, 150))]
PLAN = {"plan": "p", "version": "1", "valid_from": "2026-01-01", "currency": "CNY", "cycle": "month"}
PERFORMANCE = {"components": [{"key": "performance", "type": "base_coefficient"}]}


def decimals(numbers):
    return {key: Decimal(value) for key, value in numbers.items()}


def base(given):
    days = [Decimal(given[key]) if key in given else None for key in ("attended", "scheduled")]
    present = attendance(*days, monthly_days=given.get("monthly_days"))
    return payslip(money_of(base_pay(Decimal(given["base"]), factor=Decimal(given["factor"]), present=present)))


def pool(given):
    currency = CURRENCIES[given.get("currency", "CNY")]
    weights = decimals(given["weights"])
    result = split(Decimal(given["amount"]), weights, cap=given.get("cap"), currency=currency)
    assert sum(result.shares.values()) == given["amount"]
    return result.shares


def settled_pool(given):
    plan = read_plan({**PLAN, "roles": {"agent": PERFORMANCE}, "pools": {"all": {"weight": given["weight"]}}})
    people = [Earner(person=who, role="agent", **decimals(facts)) for who, facts in given["people"].items()]
    return settle(plan, people, period="2026-10", pools={"all": given["amount"]}).pools[0].shares


def piece(given):
    rows = [
        Output(row["case_type"], Decimal(row["count"]), row.get("difficulty"), Work(row.get("work", "done")))
        for row in given["output"]
    ]
    paid = piece_pay(rows, rates=PieceRates(Decimal(20), given["rates"]))
    return payslip(money_of(paid) * given["quality"])


def hold_back(given):
    held = [money_of(hold(Decimal(earned), rate=given["rate"])) for earned in given["earned"]]
    return {"paid": [earned - part for earned, part in zip(given["earned"], held, strict=True)], "held": sum(held)}


def multiplier(given):
    factors = {key: Trace("f", Decimal(given[key])) for key in ("own", "team", "company", "score") if key in given}
    issues = []
    rule = read_record(Multiplier, given["multiply"], "multiply", issues)
    assert issues == []
    factor = combine(factors, multiplier=rule)
    paid = base_pay(Decimal(given["base"]), factor=money_of(factor))
    return {"factor": factor.value, "amount": payslip(money_of(paid))}


def segments(given):
    """Through a whole plan: one component, one line, one input for each stretch."""
    plan = read_plan({**PLAN, "roles": {"agent": PERFORMANCE}})
    parts = tuple(Segment(role="agent", **decimals(part)) for part in given)
    payout_ = settle(plan, [Earner(person="e1", role="agent", segments=parts)], period="2026-10").payouts[0]
    exact = payout_.lines[0].trace.inputs[0]
    return {"parts": [payslip(money_of(part)) for part in parts_of(exact)], "total": payout_.total}


def parts_of(exact):
    return exact.inputs if exact.code == "bonus.stretches" else (exact,)


def damage(given):
    claim = DamageClaim("e1", Decimal(given["damage"]), "contract, clause 7", "damage report and consent of 3 March")
    wages = [Decimal(wage) for wage in given["wages"]]
    steps = deductions(claim, wages=wages, minimum=Decimal(given["minimum"]), on=date(2026, 10, 31))
    return [step.value for step in steps]


def minimum(given):
    variable = money_of(base_pay(Decimal(given["base"]), factor=given["coefficient"]))
    wage = Decimal(given["wage"])
    added = money_of(top_up(wage=wage, variable=variable, minimum=Decimal(given["minimum"])))
    return {"reached": wage + variable, "top_up": added, "income": wage + variable + added}


def ladder(given):
    day = date(2026, 6, 30)
    events = [PointEvent(on=day, grade=grade) for grade, times in given["grades"].items() for _ in range(times)]
    events += [PointEvent(on=day, deed=deed, times=given[deed.value]) for deed in Deed]
    found = standing(events, on=given.get("day", date(2026, 12, 31)))
    return {"recent": found.recent, "balance": found.balance, "eligible": found.eligible}


RULES = {
    "base": base,
    "daily_rate": lambda given: payslip(money_of(daily_rate(Decimal(given["monthly"])))),
    "pool": pool,
    "settled_pool": settled_pool,
    "per_weight": lambda given: split(given["amount"], decimals(given["weights"])).per_weight,
    "piece": piece,
    "tiers": lambda given: payslip(
        money_of(commission(Decimal(given["revenue"]), tiers=TIERS, mode=TierMode(given["mode"])))
    ),
    "hold_back": hold_back,
    "release": lambda given: release(Decimal(given["held"]), coefficient=given["coefficient"]).value,
    "multiplier": multiplier,
    "segments": segments,
    "damage": damage,
    "minimum": minimum,
    "rounding": lambda given: payslip(given["amount"], currency=Currency("CNY", 2, Rounding(given["rounding"]))),
    "payout_curve": lambda given: payslip(money_of(payout(CURVE, Decimal(given["attainment"])))),
    "ladder": ladder,
}


@pytest.mark.parametrize("case", read_cases("bonus.yaml"), ids=lambda case: case.name)
def test_bonus_case(case: Case) -> None:
    assert RULES[case.rule](case.given) == case.expect
