"""Credit: the codes, shares that add up to exactly 1, and pooled figures."""

import doctest
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuxiao.core.clock import Event, EventType, case_history
from fuxiao.core.credit import (
    ATTRIBUTIONS,
    CreditFacts,
    Finding,
    Pooled,
    Verdict,
    attribution,
    credit,
    pool,
    pooled,
    shares,
    shares_by_weight,
)
from fuxiao.core.errors import UnknownName

PEOPLE = st.sampled_from(["li", "wang", "zhao", "chen"])
HISTORIES = st.lists(
    st.builds(
        Event,
        at=st.integers(0, 99),
        seq=st.integers(0, 99),
        type=st.sampled_from(EventType),
        actor=st.none() | PEOPLE,
        to_person=st.none() | PEOPLE,
        kind=st.none() | st.just("wrong"),
    ),
    max_size=8,
    unique_by=lambda event: event.seq,
).map(case_history)
FACTS = st.builds(
    CreditFacts,
    history=st.none() | HISTORIES,
    held=st.dictionaries(PEOPLE, st.integers(0, 10**7)),
    engineers=st.lists(PEOPLE, max_size=3).map(tuple),
    previous_fixer=st.none() | PEOPLE,
    verdict=st.none() | st.builds(Verdict, st.sampled_from(Finding), st.none() | PEOPLE),
    about_person=st.none() | PEOPLE,
)


@given(code=st.sampled_from(sorted(ATTRIBUTIONS)), facts=FACTS)
def test_credit_sums_to_exactly_one_or_goes_to_nobody(code, facts):
    found = credit(code, facts)
    assert sum(found.shares.values()) == (1 if found.shares else 0)
    assert all(share > 0 for share in found.shares.values())
    assert found.trace.value == len(found.shares)


@given(facts=FACTS)
def test_the_unit_code_never_names_a_person(facts):
    assert credit("AU", facts).shares == {}


@pytest.mark.parametrize("code", sorted(ATTRIBUTIONS))
def test_without_facts_nobody_is_credited(code):
    assert credit(code, CreditFacts()).shares == {}


def test_every_code_has_names_and_a_meaning_in_both_languages():
    assert sorted(ATTRIBUTIONS) == ["A1", "AC", "AG", "AO", "AP", "AS", "AU", "AV", "AX"]
    assert sorted(shares.WEIGH) == sorted(ATTRIBUTIONS)
    for item in ATTRIBUTIONS.values():
        assert all((item.zh, item.en, item.zh_meaning, item.en_meaning))
    assert [item.code for item in ATTRIBUTIONS.values() if not item.personal] == ["AU"]


def test_an_unknown_code_is_named():
    with pytest.raises(UnknownName) as refusal:
        attribution("AZ")
    assert refusal.value.params["kind"] == "attribution"


def test_an_engineer_named_twice_counts_once():
    assert credit("AV", CreditFacts(engineers=("li", "li", "wang"))).shares == {
        "li": Fraction(1, 2),
        "wang": Fraction(1, 2),
    }


def test_a_credit_explains_each_share():
    trace = credit("AS", CreditFacts(held={"wang": 2, "li": 1, "zhao": 0})).trace
    assert trace.params == {"attribution": "AS"}
    assert [(t.params["person"], t.value) for t in trace.inputs] == [("li", "1/3"), ("wang", "2/3")]


def test_shares_come_in_order_of_name():
    assert list(shares_by_weight({"wang": 1, "li": 1})) == ["li", "wang"]


@pytest.mark.parametrize(
    ("above", "below", "text"),
    [(118, 130, "90.77"), (1, 8, "12.50"), (1, 800, "0.13"), (-1, 800, "-0.13"), (1, 3, "33.33"), (2, 3, "66.67")],
)
def test_a_percentage_is_rounded_half_up(above, below, text):
    assert pool([(above, below)]).percent() == Decimal(text)


def test_shares_of_cases_add_up_without_loss():
    third = Fraction(1, 3)
    assert pool([(third, 1), (third, 1), (third, 1)]) == Pooled(Fraction(1), Fraction(3))


def test_nothing_counted_has_no_ratio():
    assert (pool([]).ratio, pool([]).percent(), pool([(0, 0)]).trace().value) == (None, None, None)


def test_a_pooled_figure_explains_itself():
    trace = pool([(18, 20), (95, 100), (5, 10)]).trace()
    assert (trace.value, trace.formula) == (Decimal("90.77"), "118 ÷ 130 × 100")


@given(parts=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=6))
def test_a_department_is_its_teams_added_up(parts):
    teams = [pool(parts[:3]), pool(parts[3:])]
    assert pool((team.numerator, team.denominator) for team in teams) == pool(parts)


def test_the_examples_in_the_text_hold():
    assert doctest.testmod(shares).failed == 0
    assert doctest.testmod(pooled).failed == 0
