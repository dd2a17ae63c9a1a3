"""A plan applied to people: lines that add up to the cent, flags that say what had to be noticed."""

from datetime import date
from decimal import Decimal

import pytest

from fuxiao.core.bonus.earner import Adjustment, Earner, Release, Segment
from fuxiao.core.bonus.money import money_of
from fuxiao.core.bonus.payout import LineKind
from fuxiao.core.bonus.piece import Output, Work
from fuxiao.core.bonus.plan import read_plan
from fuxiao.core.bonus.settle import settle
from fuxiao.core.errors import CalculationError, UnknownName
from fuxiao.core.explain import Trace

PERFORMANCE = {"key": "performance", "type": "base_coefficient"}
CURVE = [{"at": 80, "gives": 50}, {"at": 100, "gives": 100}, {"at": 120, "gives": 150}]


def plan(*components, **more):
    role = {"components": list(components or (PERFORMANCE,)), "cap": more.pop("cap", None)}
    plain = {
        "plan": "p",
        "version": "3",
        "valid_from": "2026-01-01",
        "currency": "CNY",
        "cycle": "month",
        "defaults": {"base": 2000},
        "roles": {"agent": role},
    }
    return read_plan({**plain, **more})


def earner(person="e1", role="agent", **facts):
    exact = {key: Decimal(str(value)) if type(value) in {int, float} else value for key, value in facts.items()}
    return Earner(person=person, role=role, **exact)


def one(terms, who, **inputs):
    return settle(terms, [who], period="2026-10", **inputs).payouts[0]


def amounts(payout):
    return [(line.component, line.amount) for line in payout.lines]


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


# ── pools ─────────────────────────────────────────────────────────────────────────────────────────────────────────

POT = {"pot": Decimal("100.00")}


@pytest.mark.parametrize(
    ("weight", "first"),
    [
        ("score", "60.00"),  # 90 : 60
        ("coefficient", "60.00"),  # 1.2 : 0.8
        ("score_x_coefficient", "69.23"),  # 108 : 48
        ("base_x_coefficient", "60.00"),
        ("points", "75.00"),  # 3 : 1
        ("output", "66.67"),  # 4 : 2
        ("equal", "50.00"),
    ],
)
def test_a_pool_is_shared_by_the_weight_it_names(weight, first):
    rule = {"weight": weight, "difficulty": {"hard": 2}} if weight == "output" else {"weight": weight}
    people = [
        earner("e1", score=90, grade="A", points=3, output=(Output("hard", Decimal(2)),)),
        earner(
            "e2",
            score=60,
            grade="C",
            points=1,
            output=(Output("easy", Decimal(2)), Output("easy", Decimal(9), work=Work.REWORK)),
        ),
    ]
    result = settle(plan(pools={"pot": rule}), people, period="2026-10", pools=POT)
    assert result.pools[0].shares["e1"] == Decimal(first)
    assert sum(result.pools[0].shares.values()) == 100


def test_attendance_and_length_of_stay_count_in_a_pool_but_not_for_counted_work():
    half = {"attended": 11, "scheduled": 22, "points": 1, "coefficient": 1}
    people = [earner("e1", **half), earner("e2", coefficient=1, points=1)]

    def first(rule):
        return settle(plan(pools={"pot": rule}), people, period="2026-10", pools=POT).pools[0].shares["e1"]

    assert first({"weight": "equal"}) == Decimal("33.33")
    assert first({"weight": "equal", "by_attendance": False}) == Decimal("50.00")
    assert first({"weight": "points"}) == Decimal("50.00")


def test_a_pool_is_for_its_roles_and_a_team_pool_for_its_team():
    roles = {"agent": {"components": [PERFORMANCE]}, "lead": {"components": [PERFORMANCE]}}
    pools = {"pot": {"weight": "equal", "roles": ["agent"], "scope": "team"}}
    moved = (
        Segment(role="agent", team="A", days=Decimal(15), of=Decimal(30)),
        Segment(role="agent", team="B", days=Decimal(15), of=Decimal(30)),
    )
    people = [
        earner("e1", team="A", coefficient=1),
        earner("e2", team="B", coefficient=1, segments=moved),
        earner("e3", role="lead", team="A", coefficient=1),
    ]
    given = {"pot": {"B": Decimal(50), "A": Decimal(90), "C": Decimal(10)}}
    result = settle(plan(roles=roles, pools=pools), people, period="2026-10", pools=given)
    assert [(pool.team, pool.shares, pool.undistributed) for pool in result.pools] == [
        ("A", {"e1": 60, "e2": 30}, 0),
        ("B", {"e2": 50}, 0),
        ("C", {}, 10),
    ]
    assert result.payout("e2").of(LineKind.POOL) == 80


def test_a_pool_that_nobody_weighs_in_stays_undistributed():
    result = settle(plan(pools={"pot": {"weight": "points"}}), [earner(coefficient=1)], period="2026-10", pools=POT)
    assert (result.pools[0].undistributed, result.pools[0].per_weight) == (100, None)


def test_a_plan_may_name_the_amount_and_a_pool_may_be_optional():
    named = plan(pools={"pot": {"weight": "equal", "amount": 70}})
    assert one(named, earner(coefficient=1)).of(LineKind.POOL) == 70
    assert one(plan(pools={"pot": {"weight": "equal", "optional": True}}), earner(coefficient=1)).of(LineKind.POOL) == 0


@pytest.mark.parametrize(
    ("pools", "code"),
    [
        (None, "bonus.pool_amount_missing"),
        ({"pot": {"A": Decimal(1)}}, "bonus.pool_scope"),
        ({"pot": Decimal(-1)}, "bonus.negative_pool"),
        ({"pot": Decimal("0.001")}, "bonus.pool_finer_than_unit"),
    ],
)
def test_a_pool_without_a_usable_amount_is_refused(pools, code):
    with pytest.raises(CalculationError) as refused:
        one(plan(pools={"pot": {"weight": "equal"}}), earner(coefficient=1), pools=pools)
    assert refused.value.code == code


def test_an_unknown_pool_is_refused_with_the_nearest():
    with pytest.raises(UnknownName) as refused:
        one(plan(pools={"pot": {"weight": "equal"}}), earner(), pools={"pott": Decimal(1)})
    assert refused.value.near == ("pot",)


def test_a_negative_weight_is_refused():
    with pytest.raises(CalculationError, match=r"bonus\.negative_weight"):
        one(plan(pools={"pot": {"weight": "score"}}), earner(score=-1, grade="A"), pools=POT)


# ── from the amount to the payslip ────────────────────────────────────────────────────────────────────────────────


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
