"""What a score gives besides money: honours, the points ladder, training; and the limits of damage compensation."""

from datetime import date
from decimal import Decimal

import pytest

from fuxiao.core.bonus.damage import DamageClaim, deductions
from fuxiao.core.bonus.honours import CATEGORIES, Candidate, category_of, star
from fuxiao.core.bonus.ladder import Deed, PointEvent, standing
from fuxiao.core.bonus.training import ItemResult, needs
from fuxiao.core.errors import CalculationError, UnknownName


def candidate(subject, score, n=30, *vetoes):
    return Candidate(subject, None if score is None else Decimal(score), n, frozenset(vetoes))


def test_the_star_needs_a_score_no_veto_and_enough_cases():
    honour = star(
        [candidate("a", "99", 4), candidate("b", "98", 40, "SAF"), candidate("c", None), candidate("d", "91.5")],
        n_min=20,
    )
    assert honour.winners == ("d",)
    assert honour.refused == {"a": "small_sample", "b": "veto", "c": "no_score"}
    assert (honour.trace.value, honour.trace.params["winners"], honour.trace.params["refused"]) == (
        Decimal("91.50"),
        "d",
        3,
    )


def test_equal_shown_scores_share_the_honour_whatever_the_order():
    people = [candidate("b", "91.504"), candidate("a", "91.496"), candidate("c", "91.49")]
    assert star(people, n_min=20).winners == star(people[::-1], n_min=20).winners == ("a", "b")


def test_where_nobody_qualifies_nobody_is_honoured():
    honour = star([candidate("a", None)], n_min=20, category="rescue")
    assert (honour.winners, honour.score, honour.category) == ((), None, "rescue")


def test_categories_take_turns_by_month():
    assert [category_of(2026 * 12 + month) for month in range(4)] == list(CATEGORIES)
    with pytest.raises(CalculationError, match=r"honour\.no_categories"):
        category_of(1, categories=())


def test_points_expire_after_two_years_and_only_the_last_twelve_months_open_the_next_level():
    events = [
        PointEvent(on=date(2024, 10, 31), grade="S"),  # two years old to the day: expired
        PointEvent(on=date(2024, 11, 1), grade="S"),
        PointEvent(on=date(2025, 11, 1), grade="A"),
        PointEvent(on=date(2026, 10, 31), deed=Deed.ARTICLE, times=25),
        PointEvent(on=date(2026, 11, 1), grade="S"),  # not yet
    ]
    found = standing(events, on=date(2026, 10, 31))
    assert (found.balance, found.recent, found.expired, found.eligible) == (18, 8, 10, False)
    assert found.trace.formula == "10 + 6 + 2"
    assert standing(events[::-1], on=date(2026, 10, 31)) == found


def test_a_short_month_ends_the_window_on_its_last_day():
    events = [PointEvent(on=date(2024, 2, 29), grade="B"), PointEvent(on=date(2024, 3, 1), grade="A")]
    assert standing(events, on=date(2026, 2, 28)).balance == 9
    assert standing(events, on=date(2026, 3, 31)).balance == 0


def test_an_unknown_grade_gives_no_points_but_an_error():
    with pytest.raises(UnknownName):
        standing([PointEvent(on=date(2026, 1, 1), grade="E")], on=date(2026, 2, 1))


def test_training_follows_the_points_lost_and_a_gap_without_a_course_is_listed():
    items = [
        ItemResult("FTF", Decimal(40), Decimal(20)),
        ItemResult("CSAT", Decimal(20), Decimal(20)),
        ItemResult("ONT", Decimal(0), Decimal(5)),
        ItemResult("DOC", Decimal(59), Decimal(10)),
        ItemResult("QA", Decimal(60), Decimal(30)),
        ItemResult("RPR", None, Decimal(15)),
    ]
    found = needs(items, catalogue={"FTF": ["diagnosis"], "CSAT": ["talking with customers"]})
    assert [(need.indicator, need.lost, need.courses) for need in found] == [
        ("CSAT", 16, ("talking with customers",)),
        ("FTF", 12, ("diagnosis",)),
        ("ONT", 5, ()),
    ]
    assert found[0].trace.formula == "20 × (100 − 20) ÷ 100"


MONTH = {"wages": [Decimal(5200)], "minimum": Decimal(2500), "on": date(2026, 10, 31)}


@pytest.mark.parametrize(("agreement", "evidence"), [("", "file"), ("clause 7", " ")])
def test_without_agreement_and_evidence_nothing_is_deducted(agreement, evidence):
    with pytest.raises(CalculationError, match=r"bonus\.damage_without_agreement"):
        deductions(DamageClaim("e1", Decimal(100), agreement, evidence), **MONTH)


def test_where_no_rule_allows_deductions_there_are_none():
    with pytest.raises(CalculationError, match=r"bonus\.damage_not_allowed"):
        deductions(DamageClaim("e1", Decimal(100), "clause 7", "file"), jurisdiction="DE", **MONTH)


def test_half_a_cent_above_the_legal_share_is_not_deducted():
    claim = DamageClaim("e1", Decimal(3000), "clause 7", "file")
    (step,) = deductions(claim, **{**MONTH, "wages": [Decimal("5200.03")]})
    assert step.value == Decimal("1040.00")
    assert step.formula == "min(3000, 5200.03 × 0.2, 2700.03)"
