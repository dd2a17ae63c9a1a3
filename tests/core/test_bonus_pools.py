"""Pools shared among people: by what weight, for whom, and when there is nothing to share."""

from decimal import Decimal

import pytest

from bonus_terms import PERFORMANCE, POT, earner, one, plan
from fuxiao.core.bonus.earner import Segment
from fuxiao.core.bonus.payout import LineKind
from fuxiao.core.bonus.piece import Output, Work
from fuxiao.core.bonus.settle import settle
from fuxiao.core.bonus.sharing import missing_pools, whole_amounts
from fuxiao.core.errors import CalculationError, UnknownName


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


def test_a_pool_whose_amount_is_still_to_come_shares_nothing_out_and_is_told():
    pools = {
        "pot": {"weight": "equal"},
        "teams": {"weight": "equal", "scope": "team"},
        "extra": {"weight": "equal", "optional": True},
        "fixed": {"weight": "equal", "amount": 40},
    }
    terms, people = plan(pools=pools), [earner("e1", coefficient=1, team="A"), earner("e2", coefficient=1, team="B")]
    assert missing_pools(terms, {}) == ["pot", "teams"]
    early = settle(terms, people, period="2026-10", pools=whole_amounts(terms, {}))
    assert {pool.key: pool.amount for pool in early.pools} == {"pot": 0, "fixed": 40}
    given = whole_amounts(terms, {"pot": Decimal(10), "teams": {"A": Decimal(6)}})
    late = settle(terms, people, period="2026-10", pools=given)
    assert {(pool.key, pool.team): pool.amount for pool in late.pools} == {
        ("pot", ""): 10, ("teams", "A"): 6, ("fixed", ""): 40,
    }  # fmt: skip
    assert missing_pools(terms, {"pot": Decimal(10), "teams": {}}) == []


def test_a_plan_says_whether_it_multiplies_by_the_companys_factor():
    with_company = plan(
        {**PERFORMANCE, "multiply": {"factors": ["own", "company"]}}, factors={"company": {"high": 1.2}}
    )
    assert with_company.uses("company")
    assert not plan().uses("company")
    assert plan().uses("own")
