"""A plan applied to people: coefficients, components, stretches, gates and caps; flags say what had to be noticed."""

from decimal import Decimal

import pytest

from bonus_terms import CURVE, PERFORMANCE, amounts, earner, one, plan
from fuxiao.core.bonus.earner import Segment
from fuxiao.core.bonus.payout import LineKind
from fuxiao.core.bonus.piece import Output, Work
from fuxiao.core.bonus.settle import settle
from fuxiao.core.errors import CalculationError, UnknownName

# ── coefficients ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_given_coefficient_goes_before_grade_and_score():
    assert one(plan(), earner(coefficient=1.1, grade="D", score=99)).total == Decimal("2200.00")


def test_without_a_coefficient_the_grade_decides_and_without_a_grade_the_score():
    assert one(plan(), earner(grade="A", score=10)).total == Decimal("2400.00")
    assert one(plan(), earner(score=85)).total == Decimal("2400.00")
    assert one(plan(), earner(score=84.99)).total == Decimal("2000.00")


def test_a_plan_may_take_the_score_itself_as_the_coefficient():
    by_score = plan(coefficients={"by": "score"})
    assert one(by_score, earner(score=91.57)).total == Decimal("1831.40")
    assert one(by_score, earner()).flags == ("not_rated",)


def test_somebody_who_is_not_rated_is_paid_by_the_rule_and_flagged():
    payout = one(plan(), earner(rated=False, coefficient=0.5, score=30))
    assert (payout.total, payout.flags) == (Decimal("2000.00"), ("not_rated",))
    assert one(plan(coefficients={"not_rated": 0.9}), earner()).total == Decimal("1800.00")


def test_a_score_under_every_band_is_not_rated():
    assert one(plan(coefficients={"bands": {"A": 85}}), earner(score=80)).flags == ("not_rated",)


def test_an_unknown_grade_is_refused_with_the_known_ones():
    with pytest.raises(UnknownName) as refused:
        one(plan(), earner(grade="E"))
    assert refused.value.params["name"] == "E"


def test_a_negative_coefficient_is_refused():
    with pytest.raises(CalculationError, match=r"bonus\.negative_coefficient"):
        one(plan(), earner(coefficient=-1))


# ── base and attendance ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_persons_base_goes_before_the_components_default_and_the_roles():
    with_role_base = plan(roles={"agent": {"base": 3000, "components": [PERFORMANCE]}})
    assert one(with_role_base, earner(coefficient=1)).total == 3000
    assert one(with_role_base, earner(coefficient=1, base=1000)).total == 1000
    assert one(plan({**PERFORMANCE, "base": 500}), earner(coefficient=1, base=1000)).total == 500
    assert one(plan({**PERFORMANCE, "share": 0.25}), earner(coefficient=1)).total == 500


def test_where_nobody_gave_a_base_nothing_is_paid_and_it_is_flagged():
    payout = one(plan(defaults={}), earner(coefficient=1))
    assert (payout.total, payout.flags) == (0, ("no_base",))


def test_attendance_counts_where_the_plan_says_so():
    days = {"coefficient": 1, "attended": 11, "scheduled": 22}
    assert one(plan(), earner(**days)).total == 1000
    assert one(plan(attendance={"by": "ignored"}), earner(**days)).total == 2000
    assert one(plan({**PERFORMANCE, "by_attendance": False}), earner(**days)).total == 2000
    assert one(plan(attendance={"by": "monthly_days"}), earner(**{**days, "attended": 22})).total == 2000


def test_nobody_scheduled_and_nobody_there_is_no_attendance():
    assert one(plan(), earner(coefficient=1, attended=0, scheduled=0)).total == 0


def test_negative_days_are_refused():
    with pytest.raises(CalculationError, match=r"bonus\.negative_days"):
        one(plan(), earner(coefficient=1, attended=1, scheduled=-22))


# ── the other components ──────────────────────────────────────────────────────────────────────────────────────────


def test_piece_work_is_multiplied_by_quality_and_team_under_one_cap():
    piece = {
        "key": "piece",
        "type": "piece_rate",
        "fallback": 20,
        "rates": {"install": 35},
        "difficulty": {"install": 1.2},
        "multiply": {"factors": ["quality", "team"], "cap": 1.1},
    }
    factors = {
        "team": {"low": 0.9, "high": 1.1},
        "quality": {"by": {"QA": [{"at": 80, "gives": 0.9}, {"at": 100, "gives": 1.1}]}},
    }
    output = (Output("install", Decimal(10)), Output("odd", Decimal(2)), Output("odd", Decimal(3), work=Work.REWORK))
    facts = {"output": output, "indicators": {"QA": Decimal(85)}, "factors": {"team": Decimal(3)}}
    payout = one(plan(piece, factors=factors), earner(coefficient=1, **facts))
    assert payout.total == Decimal("480.70")
    found = payout.trace.find("bonus.multiplied")
    assert found.formula == "460 × 1.045"
    assert [row.formula for row in payout.trace.find("bonus.piece").inputs] == [
        "10 × 35 × 1.2",
        "2 × 20 × 1",
        "3 × 0 × 1",
    ]
    assert payout.trace.find("bonus.multiplier").formula == "0.95 × 1.1"
    best = {**facts, "indicators": {"QA": Decimal(100)}}
    assert one(plan(piece, factors=factors), earner(coefficient=1, **best)).total == Decimal("506.00")
    unknown = {**facts, "indicators": {}, "factors": {}}
    assert one(plan(piece, factors=factors), earner(coefficient=1, **unknown)).total == Decimal("460.00")


def test_a_factor_reads_the_score_the_team_score_and_the_company():
    by = {"score": [{"at": 0, "gives": 0}, {"at": 100, "gives": 1}]}
    of_team = {"team_score": [{"at": 0, "gives": 0}, {"at": 100, "gives": 1}]}
    terms = plan(
        {**PERFORMANCE, "multiply": {"factors": ["mine", "team", "company"]}},
        factors={"mine": {"by": by}, "team": {"by": of_team}, "company": {"high": 1.2}},
    )
    payout = one(terms, earner(score=50, team_score=80), company=Decimal("1.5"))
    assert payout.total == Decimal("960.00")
    assert payout.trace.find("bonus.multiplier").formula == "0.5 × 0.8 × 1.2"
    own = earner(score=50, team_score=80, factors={"company": Decimal(1)})
    assert one(terms, own, company=Decimal("1.5")).total == Decimal("800.00")


def test_a_payout_curve_pays_halves_by_own_and_team_result():
    halves = [
        {"key": key, "type": "payout_curve", "of": of, "share": 0.5, "curve": CURVE}
        for key, of in (("mine", "own"), ("ours", "team"))
    ]
    terms = plan(*halves)
    payout = one(terms, earner(score=92, team_score=110))
    assert amounts(payout) == [("mine", Decimal("800.00")), ("ours", Decimal("1250.00"))]
    alone = one(terms, earner(score=50, attainment=92))
    assert (alone.total, alone.flags) == (Decimal("1600.00"), ("team_score_missing",))
    unrated = one(terms, earner(team_score=110))
    assert amounts(unrated) == [("mine", Decimal("1000.00")), ("ours", Decimal("1250.00"))]
    whole = {"key": "mine", "type": "payout_curve", "curve": CURVE, "base": 100, "by_attendance": False}
    assert one(plan(whole), earner(score=130, attended=1, scheduled=2)).total == 150


def test_tiers_points_and_allowances_are_lines_of_their_own():
    terms = plan(
        {
            "key": "sales",
            "type": "tiered_commission",
            "tiers": [{"from": 0, "rate": 0.03}, {"from": 5000, "rate": 0.05}],
        },
        {"key": "points", "type": "point_value", "value": 5, "cap": 400},
        {"key": "peak", "type": "allowance", "amount": 300, "label": {"zh": "大促津贴", "en": "Peak season"}},
        {"key": "night", "type": "allowance", "amount": 50, "by_attendance": False},
    )
    payout = one(terms, earner(coefficient=1, revenue=6000, points=60, attended=11, scheduled=22))
    assert amounts(payout) == [
        ("sales", Decimal("200.00")),
        ("points", Decimal("300.00")),
        ("peak", Decimal("150.00")),
        ("night", Decimal("50.00")),
    ]
    capped = one(terms, earner(coefficient=1, points=100, revenue=-5))
    assert amounts(capped)[:2] == [("sales", Decimal("0.00")), ("points", Decimal("400.00"))]
    assert terms.role("agent").components[2].title.en == "Peak season"


def test_a_commission_can_follow_a_multiplier():
    sales = {"key": "s", "type": "tiered_commission", "tiers": [{"from": 0, "rate": 0.1}], "mode": "whole"}
    assert one(plan({**sales, "multiply": {"factors": ["own"]}}), earner(coefficient=1.2, revenue=100)).total == 12
    assert one(plan(sales), earner(coefficient=1, revenue=0)).total == 0
    assert (
        one(plan({**sales, "multiply": {"factors": ["own"], "floor": 1}}), earner(grade="D", revenue=100)).total == 10
    )


# ── transfers ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_transfer_between_roles_pays_each_stretch_under_its_own_terms():
    piece = {"key": "piece", "type": "piece_rate", "fallback": 20}
    roles = {"agent": {"components": [PERFORMANCE]}, "field": {"components": [piece]}}
    terms = plan(roles=roles, factors={"quality": {}})
    parts = (
        Segment(role="field", days=Decimal(10), of=Decimal(30), team="F", output=(Output("x", Decimal(7)),)),
        Segment(role="agent", days=Decimal(20), of=Decimal(30), coefficient=Decimal("1.5")),
    )
    payout = one(terms, earner(segments=parts, score=80))
    assert amounts(payout) == [("piece", Decimal("140.00")), ("performance", Decimal("2000.00"))]
    assert payout.flags == ()


def test_what_was_earned_without_a_stretch_counts_to_the_last_one():
    points = {"key": "points", "type": "point_value", "value": 1}
    parts = (
        Segment(role="agent", days=Decimal(1), of=Decimal(2), points=Decimal(5), revenue=Decimal(1)),
        Segment(role="agent", days=Decimal(1), of=Decimal(2)),
    )
    assert one(plan(points), earner(coefficient=1, segments=parts, points=7)).total == 12


@pytest.mark.parametrize(("days", "of"), [(3, 2), (-1, 2), (0, 0)])
def test_a_stretch_is_a_part_of_its_period(days, of):
    parts = (Segment(role="agent", days=Decimal(days), of=Decimal(of)),)
    with pytest.raises(CalculationError, match=r"bonus\.segment_days"):
        one(plan(), earner(segments=parts))


# ── gates and caps ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_veto_leaves_no_variable_pay_and_says_so():
    terms = plan(gates=[{"veto": "SAF"}])
    payout = one(terms, earner(coefficient=1, vetoes=frozenset({"SAF"})))
    assert (payout.total, payout.flags) == (0, ("gate:SAF",))
    assert payout.trace.find("bonus.gate").formula == "2000 × 0"
    assert one(terms, earner(coefficient=1, vetoes=frozenset({"other"}))).total == 2000


@pytest.mark.parametrize(
    ("bar", "value", "share"),
    [({"below": 75}, 74.9, 0), ({"below": 75}, 75, 100), ({"above": 3}, 3.1, 0), ({"above": 3}, 3, 100)],
)
def test_a_gate_takes_only_the_part_it_names(bar, value, share):
    terms = plan(gates=[{"indicator": "QA", **bar, "applies_to": ["pot"]}], pools={"pot": {"weight": "equal"}})
    people = [earner(coefficient=1, indicators={"QA": Decimal(str(value))}), earner("e2", coefficient=1)]
    result = settle(terms, people, period="2026-10", pools={"pot": Decimal(200)})
    assert result.payout("e1").of(LineKind.COMPONENT) == 2000
    assert result.payout("e1").of(LineKind.POOL) == share
    assert sum(result.pools[0].shares.values()) == 200


def test_a_gate_may_halve_and_may_be_for_some_roles_only():
    halve = {"indicator": "QA", "below": 75, "factor": 0.5}
    low = {"coefficient": 1, "indicators": {"QA": Decimal(60)}}
    assert one(plan(gates=[halve]), earner(**low)).total == 1000
    roles = {"agent": {"components": [PERFORMANCE]}, "lead": {"components": [PERFORMANCE]}}
    assert one(plan(roles=roles, gates=[{**halve, "roles": ["lead"]}]), earner(**low)).total == 2000


def test_a_roles_cap_is_a_line_of_its_own():
    payout = one(plan(cap=1500), earner(coefficient=1))
    assert amounts(payout) == [("performance", Decimal("2000.00")), ("cap", Decimal("-500.00"))]
    assert (payout.total, payout.flags) == (1500, ("capped",))
