"""Items that people judge by a rubric, and gates: how they are read, what they do to a score, what they refuse."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.test_score_card import FTF, GOOD, MTR, REO, TABLE, scheme, score, value
from fuxiao.core.errors import CalculationError, DefinitionError
from fuxiao.core.indicator import Direction, Standing, Value
from fuxiao.core.score import Gain, IndicatorInfo, change_grade, read_scheme
from fuxiao.core.score.judged import Raters, RatingRule

LEVELS = [
    {"points": 60, "zh": "按要求配合", "en": "helps when asked"},
    {"points": 100, "zh": "主动带人", "en": "teaches others unasked"},
    {"points": 0, "zh": "拒绝配合", "en": "refuses to help"},
]
TEAMWORK: dict[str, Any] = {
    "indicator": "teamwork", "weight": 20, "names": {"zh": "协作", "en": "Teamwork"}, "rubric": LEVELS,
}  # fmt: skip
ITEMS = [FTF | {"weight": 50}, REO | {"weight": 30}, TEAMWORK]
GATE = {"indicator": "REO", "most": 5, "grade": "C"}


def rated(points: str, raters: int = 1) -> dict[str, Value]:
    return {**GOOD, "teamwork": value("teamwork", points, n=raters)}


def refused(item: dict[str, Any] | None = None, **parts: Any) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as caught:
        scheme(ITEMS[0], ITEMS[1], TEAMWORK | (item or {}), **parts)
    errors = [each for each in caught.value.issues if each.severity == "error"]
    return [(each.where.rpartition("items[2].")[2], each.code) for each in errors]


def test_a_rating_is_worth_the_points_of_its_level_and_counts_by_its_weight() -> None:
    card = score(scheme(*ITEMS), rated("60"))
    assert [line.points for line in card.items] == [Decimal("88.00"), Decimal("84.00"), Decimal("60.00")]
    assert card.total == Decimal("81.20")  # 44 + 25.2 + 12


def test_until_somebody_rated_the_weight_goes_to_the_other_items() -> None:
    card = score(scheme(*ITEMS), GOOD)
    assert (card.items[2].missing, card.total) == ("not_judged", Decimal("86.50"))  # (44 + 25.2) ÷ 80 %


def test_the_levels_are_read_best_first_and_each_knows_the_next() -> None:
    used = scheme(*ITEMS, ratings={"calibrate": True})
    rubric = used.rubrics["teamwork"]
    assert rubric.points == (Decimal(100), Decimal(60), Decimal(0))
    assert (rubric.above(Decimal(60)), rubric.above(Decimal(100))) == (Decimal(100), None)
    assert [rubric.needs_reason(each) for each in rubric.points] == [True, False, True]
    assert (rubric.level_of(Decimal(60)) or rubric.levels[0]).names["en"] == "helps when asked"
    assert rubric.level_of(Decimal(61)) is None
    assert (rubric.by, used.ratings) == (Raters.LEAD, RatingRule(calibrate=True))


def test_what_would_raise_a_judged_item_is_its_next_level() -> None:
    assert Gain("teamwork", Decimal("8.00"), None) in score(scheme(*ITEMS), rated("60")).gains
    assert Gain("teamwork", None, None) in score(scheme(*ITEMS), rated("100")).gains


def test_a_panel_of_too_few_is_shown_and_not_scored() -> None:
    panel = TEAMWORK | {"rated_by": "panel", "raters_min": 3}
    used = scheme(ITEMS[0], ITEMS[1], panel)
    assert score(used, rated("60", raters=2)).items[2].missing == "few_raters"
    assert score(used, rated("60", raters=3)).total == Decimal("81.20")


@pytest.mark.parametrize(
    ("item", "found"),
    [
        ({"rubric": LEVELS[:1]}, [("rubric", "scheme.rubric_levels")]),
        ({"rubric": [*LEVELS, LEVELS[0]]}, [("rubric", "scheme.rubric_points_twice")]),
        ({"rubric": [*LEVELS, {"points": 120, "zh": "超常"}]}, [("rubric[3].points", "number.out_of_range")]),
        ({"rubric": [*LEVELS, {"points": 80}]}, [("rubric[3].zh", "scheme.rubric_words")]),
        ({"rubric": [*LEVELS[:2], {"zh": "好"}]}, [("rubric[2].points", "key.missing")]),
        ({"names": {}}, [("names", "scheme.rubric_name")]),
        ({"target": 80}, [("target", "scheme.rubric_with_curve")]),
        ({"indicator": "team work"}, [("indicator", "scheme.rubric_code")]),
        ({"indicator": "CSAT"}, [("indicator", "scheme.rubric_code_taken")]),
        ({"scope": "team"}, [("rubric", "scheme.rubric_is_own")]),
        ({"subjective": False}, [("rubric", "scheme.rubric_is_own")]),
        ({"raters_min": 3}, [("raters_min", "scheme.rubric_one_rater")]),
    ],
)  # fmt: skip
def test_a_rubric_that_cannot_be_rated_by_is_refused(item: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert refused(item) == found


def test_raters_are_evened_only_where_each_rated_eight_or_more() -> None:
    assert refused(ratings={"calibrate": True, "minimum": 5}) == [("ratings.minimum", "scheme.ratings_minimum")]


def test_judged_items_of_the_front_line_weigh_at_most_thirty_per_cent() -> None:
    with pytest.raises(DefinitionError) as caught:
        scheme(ITEMS[0], ITEMS[1], TEAMWORK | {"weight": 60})
    assert [each.code for each in caught.value.issues if each.severity == "error"] == ["scheme.subjective_over"]


def test_a_gate_that_is_not_met_caps_the_grade_and_the_coefficient() -> None:
    card = score(scheme(gates=[GATE]), GOOD)  # 6.2 % reopened, at most 5
    assert (card.total, card.grade, card.grade_by) == (Decimal("84.20"), "C", "gate")
    assert (card.coefficient, card.next_grade) == (Decimal("0.80"), None)
    found = next(each for each in card.trace.inputs if each.code == "score.gate")
    assert (found.value, found.formula, found.params["grade"]) == (True, "6.2; ≤ 5", "C")


def test_a_gate_may_cap_the_score_and_hold_for_some_roles_only() -> None:
    cap = {"indicator": "FTF", "least": 95, "most": 100, "mode": "cap", "limit": 70}
    card = score(scheme(gates=[cap]), GOOD)
    assert (card.total, card.grade, card.grade_by) == (Decimal("70.00"), "B", "gate")
    trace = next(each for each in card.trace.inputs if each.code == "score.gate")
    assert (trace.formula, trace.params["limit"]) == ("92; ≥ 95, ≤ 100", 70)
    other = read_scheme(
        {"scheme": "s", "version": "1", "coefficients": TABLE, "gates": [cap | {"roles": ["lead"]}],
         "roles": {"engineer": {"items": [FTF, REO, MTR], "normalise": True},
                   "lead": {"items": [FTF, REO, MTR], "normalise": True}}},
        indicators={"FTF": IndicatorInfo(Direction.HIGHER), "REO": IndicatorInfo(Direction.LOWER),
                    "MTR": IndicatorInfo(Direction.RANGE)},
    )  # fmt: skip
    assert score(other, GOOD).total == Decimal("84.20")


def test_a_gate_on_an_indicator_outside_the_items_is_among_what_a_scheme_needs() -> None:
    used = scheme(
        gates=[{"indicator": "CSAT", "least": 90, "grade": "B"}],
        bonus={"cap": 5, "rules": [{"indicator": "UPW", "curve": {"type": "bonus", "each": 1, "cap": 3}}]},
    )
    assert used.beside == ("UPW", "CSAT")


def test_missing_and_small_figures_leave_a_gate_open() -> None:
    small = GOOD | {"REO": value("REO", "9", standing=Standing.SMALL)}
    assert score(scheme(gates=[GATE]), small).grade_by == "bands"
    assert score(scheme(gates=[GATE]), {"FTF": GOOD["FTF"], "MTR": GOOD["MTR"]}).grade_by == "bands"


def test_reaching_the_target_that_opens_a_gate_counts_among_what_would_raise_the_score() -> None:
    cap = {"indicator": "REO", "most": 5, "mode": "cap", "limit": 70}
    card = score(scheme(gates=[cap]), GOOD)
    assert card.gains[1] == Gain("REO", Decimal("19.00"), Decimal("25.00"))  # 89.00 with the gate open, now 70


def test_no_committee_lifts_a_grade_over_a_gate() -> None:
    card = score(scheme(gates=[GATE]), GOOD)
    with pytest.raises(CalculationError) as caught:
        change_grade(card, "A", reason="good year")
    assert caught.value.code == "score.gate_holds_grade"
    assert change_grade(card, "D", reason="agreed").grade == "D"


@pytest.mark.parametrize(
    ("gate", "found"),
    [
        ({"indicator": "REO", "grade": "C"}, [("gates[0].least", "scheme.gate_bound")]),
        ({"indicator": "REO", "least": 9, "most": 5, "grade": "C"}, [("gates[0].least", "scheme.gate_bound")]),
        ({"indicator": "REX", "most": 5, "grade": "C"}, [("gates[0].indicator", "indicator.unknown")]),
        ({"indicator": "REO", "most": 5}, [("gates[0].grade", "key.missing")]),
        ({"indicator": "REO", "most": 5, "mode": "cap"}, [("gates[0].limit", "key.missing")]),
        (GATE | {"roles": "pilot"}, [("gates[0].roles", "scheme.role_unknown")]),
    ],
)
def test_a_gate_that_cannot_work_is_refused(gate: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert refused(gates=[gate]) == found


def test_the_rise_by_any_figure_of_one_item_is_found_by_scoring_again() -> None:
    card = score(scheme(), GOOD)
    assert (card.rise("FTF", Decimal(95)), card.rise("FTF", Decimal(92))) == (Decimal("6.00"), Decimal("0.00"))
    assert card.rise("CSAT", Decimal(100)) == 0
