"""From the amount to the payslip: hold-back, minimum wage, corrections, who is left out, the statement."""

from datetime import date
from decimal import Decimal

import pytest

from bonus_terms import POT, amounts, earner, one, plan
from fuxiao.core.bonus.earner import Adjustment, Release
from fuxiao.core.bonus.money import money_of
from fuxiao.core.bonus.payout import LineKind
from fuxiao.core.bonus.settle import settle
from fuxiao.core.errors import CalculationError
from fuxiao.core.explain import Trace


def test_held_money_is_released_later_under_its_own_coefficient():
    terms = plan(hold_back={"rate": 0.2})
    now = one(terms, earner(coefficient=1))
    assert (now.total, now.held, now.earned) == (1600, 400, 2000)
    due = Release(person="e1", held=Decimal(620), coefficient=Decimal("0.9"), periods=("2026-07", "2026-08", "2026-09"))
    later = one(terms, earner(coefficient=1), releases=[due])
    assert later.of(LineKind.RELEASE) == 558
    assert later.total == 2158


def test_hold_back_may_name_its_parts_and_a_rate_of_zero_holds_nothing():
    terms = plan(pools={"pot": {"weight": "equal"}}, hold_back={"rate": 0.2, "of": ["pot"]})
    assert one(terms, earner(coefficient=1), pools=POT).held == 20
    assert amounts(one(plan(hold_back={"rate": 0}), earner(coefficient=1))) == [("performance", 2000)]


def test_no_more_is_held_back_than_the_minimum_wage_leaves():
    terms = plan(hold_back={"rate": 0.5}, minimum_wage={"monthly": 2500, "place": "X"})
    payout = one(terms, earner(coefficient=1, wage=800))
    assert (payout.held, payout.total, payout.flags) == (300, 1700, ("hold_reduced",))
    poor = one(terms, earner(coefficient=0.5, wage=800))
    assert (poor.held, poor.top_up, poor.total) == (0, 700, 1700)
    rich = one(terms, earner(coefficient=1, wage=5000))
    assert (rich.held, rich.flags) == (1000, ())


def test_the_minimum_wage_is_counted_for_every_month_of_the_cycle():
    terms = plan(cycle="quarter", minimum_wage={"monthly": 2500, "place": "X"})
    assert one(terms, earner(coefficient=0.1, wage=7000)).top_up == 300


def test_where_the_wage_is_not_known_the_check_is_flagged_as_not_made():
    assert one(plan(minimum_wage={"monthly": 2500, "place": "X"}), earner(coefficient=1)).flags == ("wage_unknown",)


def test_a_correction_is_a_dated_line_with_its_reason():
    fix = Adjustment(
        person="e1", period="2026-09", amount=Decimal("-120.5"), reason="visit counted twice", on=date(2026, 10, 5)
    )
    payout = one(plan(), earner(coefficient=1), adjustments=[fix])
    assert payout.total == Decimal("1879.50")
    assert payout.lines[-1].trace.params == {"period": "2026-09", "reason": "visit counted twice", "on": "2026-10-05"}


def test_a_correction_greater_than_the_bonus_waits_and_does_not_reach_the_wage():
    fix = Adjustment(person="e1", period="2026-09", amount=Decimal(-2300), reason="paid twice")
    payout = one(plan(), earner(coefficient=1), adjustments=[fix])
    assert (payout.total, payout.carried, payout.flags) == (0, 300, ("carried",))


def test_somebody_who_left_gets_a_payout_of_corrections_alone():
    fix = Adjustment(person="gone", period="2026-09", amount=Decimal(80), reason="survey arrived late")
    result = settle(plan(), [earner(coefficient=1)], period="2026-10", adjustments=[fix])
    assert [(payout.person, payout.total, payout.flags) for payout in result.payouts] == [
        ("e1", 2000, ()),
        ("gone", 80, ("only_corrections",)),
    ]


def test_who_is_not_eligible_or_has_no_role_in_the_plan_is_flagged():
    terms = plan(eligibility={"min_attended": 5, "without": ["boss"]})
    people = [
        earner("boss", coefficient=1),
        earner("new", coefficient=1, attended=4, scheduled=22),
        earner("odd", role="cook", coefficient=1),
        earner("ok", coefficient=1, attended=22, scheduled=22),
    ]
    result = settle(terms, people, period="2026-10")
    assert [(payout.person, payout.total, payout.flags) for payout in result.payouts] == [
        ("boss", 0, ("not_eligible",)),
        ("new", 0, ("not_eligible",)),
        ("odd", 0, ("role_not_in_plan",)),
        ("ok", 2000, ()),
    ]
    assert result.flags == {"not_eligible": 2, "role_not_in_plan": 1}
    assert result.total == 2000


def test_a_person_named_twice_is_refused():
    with pytest.raises(CalculationError, match=r"bonus\.person_twice"):
        settle(plan(), [earner(), earner()], period="2026-10")


def test_the_statement_reads_from_the_lines_to_the_total():
    terms = plan(hold_back={"rate": 0.2}, pools={"pot": {"weight": "equal"}})
    payout = one(terms, earner(coefficient=1), pools=POT)
    assert [(row.kind, row.component, row.amount) for row in payout.statement()] == [
        ("component", "performance", Decimal("2000.00")),
        ("pool", "pot", Decimal("100.00")),
        ("earned", "", Decimal("2100.00")),
        ("hold", "hold", Decimal("-420.00")),
        ("total", "", Decimal("1680.00")),
    ]
    assert payout.trace.formula == "2000.00 + 100.00 − 420.00"


def test_a_settlement_names_its_plan_and_whether_it_may_be_paid():
    result = settle(plan(), [earner(coefficient=1)], period="2026-10", on=date(2026, 10, 31))
    assert (result.plan, result.version, result.period, result.currency) == ("p", "3", "2026-10", "CNY")
    assert result.payroll.blocked
    assert settle(plan(), [], period="2026-10").payroll is None
    assert result.payout("nobody") is None


def test_yen_are_paid_in_whole_yen():
    payout = one(plan(currency="JPY"), earner(coefficient=1, attended=20, scheduled=21))
    assert payout.total == 1905
    assert str(payout.total) == "1905"


def test_a_trace_that_is_no_amount_is_refused_where_an_amount_is_needed():
    with pytest.raises(CalculationError, match=r"bonus\.not_an_amount"):
        money_of(Trace("x", "text"))
