"""A scorecard: which figure counts, why one is missing, what would raise the total, and the arithmetic as a tree."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from fuxiao.core.errors import CalculationError
from fuxiao.core.indicator import Direction, Standing, Value
from fuxiao.core.score import Gain, IndicatorInfo, Scheme, Scorecard, ScoreEvent, Status, read_scheme, score_person
from fuxiao.core.score.evaluate import TeamResult
from fuxiao.core.target import Target

KNOWN = {code: IndicatorInfo(Direction.HIGHER) for code in ("FTF", "CSAT", "VPD", "UPW", "ONT")} | {
    "REO": IndicatorInfo(Direction.LOWER),
    "MTR": IndicatorInfo(Direction.RANGE),
}
TABLE = {"S": Decimal("1.5"), "A": Decimal("1.2"), "B": 1, "C": Decimal("0.8"), "D": Decimal("0.5")}
FTF = {"indicator": "FTF", "weight": 50, "floor": 85, "target": 95, "stretch": 99, "dimension": "quality"}
REO = {"indicator": "REO", "weight": 30, "floor": 8, "target": 5, "stretch": 2, "dimension": "quality"}
MTR = {
    "indicator": "MTR",
    "weight": 20,
    "curve": {"type": "range", "zero_low": 2, "low": 6, "high": 10, "zero_high": 14},
    "dimension": "speed",
}


def scheme(*items: dict[str, Any], **parts: Any) -> Scheme:
    role = {"items": list(items) or [FTF, REO, MTR], "normalise": True}
    role |= {key: parts.pop(key) for key in ("share",) if key in parts}
    plain = {"scheme": "field", "version": "3", "coefficients": TABLE, "roles": {"engineer": role}}
    return read_scheme(plain | parts, indicators=KNOWN)


def value(code: str, number: str | None, *, n: int = 30, standing: Standing = Standing.OK) -> Value:
    return Value(code, "p1", "2026-10", None if number is None else Decimal(number), n, standing=standing)


def values(**numbers: str) -> dict[str, Value]:
    return {code: value(code, number) for code, number in numbers.items()}


def score(used: Scheme, given: dict[str, Value], **more: Any) -> Scorecard:
    return score_person(used, "engineer", given, subject="p1", period="2026-10", **more)


GOOD = values(FTF="92", REO="6.2", MTR="11")


def test_a_card_adds_up_and_says_how_far_the_next_grade_is() -> None:
    card = score(scheme(), GOOD)
    assert [line.points for line in card.items] == [Decimal("88.00"), Decimal("84.00"), Decimal("75.00")]
    assert card.weighted_shown == (Decimal("44.00"), Decimal("25.20"), Decimal("15.00"))
    assert (card.total, card.grade, card.coefficient) == (Decimal("84.20"), "B", Decimal("1.00"))
    assert (card.next_grade, card.distance) == ("A", Decimal("0.80"))
    assert card.dimensions == {"quality": Fraction("69.2"), "speed": 15}
    assert [line.target_text for line in card.items] == ["85 / 95 / 99", "8 / 5 / 2", "6–10 (2…14)"]


def test_what_would_raise_the_score_is_found_by_scoring_again() -> None:
    assert score(scheme(), GOOD).gains == (
        Gain("FTF", Decimal("6.00"), Decimal("16.00")),
        Gain("REO", Decimal("4.80"), Decimal("10.80")),
        Gain("MTR", Decimal("5.00"), None),
    )


def test_a_reached_target_gains_nothing_and_a_cap_stands_in_the_way() -> None:
    card = score(scheme(limits={"highest": 90}), values(FTF="97", REO="6.2", MTR="11"))
    assert card.total == 90
    assert {gain.at_target for gain in card.gains} == {Decimal("0.00")}


def test_status_says_met_near_missed_or_missing() -> None:
    card = score(scheme(limits={"missing_share": 60}), values(FTF="95", REO="8"))
    assert [line.status for line in card.items] == [Status.MET, Status.NEAR, Status.MISSING]
    assert score(scheme(), values(FTF="80", REO="8", MTR="6")).items[0].status is Status.MISSED


def test_the_best_grade_has_no_next_one() -> None:
    card = score(scheme(), values(FTF="99", REO="2", MTR="8"))
    assert (card.grade, card.next_grade, card.distance) == ("S", None, None)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (value("FTF", "92", n=12, standing=Standing.SMALL), "small_sample"),
        (value("FTF", "92", n=3, standing=Standing.HIDDEN), "hidden"),
        (value("FTF", None, n=0, standing=Standing.EMPTY), "no_data"),
        (None, "no_value"),
    ],
)
def test_a_figure_that_may_not_be_scored_is_missing_and_says_why(given: Value | None, reason: str) -> None:
    card = score(
        scheme(FTF | {"weight": 40}, REO | {"weight": 60}), values(REO="5") | ({"FTF": given} if given else {})
    )
    line = card.items[0]
    assert (line.missing, line.points, line.weighted, line.effective_weight) == (reason, None, 0, 0)
    assert line.trace.params["missing"] == reason
    assert card.items[1].effective == 1
    assert card.total == 100


def test_a_small_sample_is_scored_by_its_shrunken_estimate_where_the_scheme_says_so() -> None:
    used = scheme(FTF | {"small_sample": "shrunk"}, REO, MTR)
    small = GOOD | {"FTF": value("FTF", "99", n=8, standing=Standing.SMALL)}
    line = score(used, small, shrunk={"FTF": Decimal(92)}).items[0]
    assert (line.used, line.shrunk, line.points) == (92, True, Decimal("88.00"))
    assert line.trace.params["shrunk"] is True
    assert score(used, small).items[0].missing == "small_sample"


def test_somebody_with_too_much_missing_is_not_rated_and_the_trace_says_so() -> None:
    card = score(scheme(), values(REO="5", MTR="8"))
    assert (card.rated, card.total, card.grade, card.grade_by) == (False, None, None, "not_rated")
    assert card.coefficient == Decimal("1.0")
    assert (card.next_grade, card.distance, card.gains) == (None, None, ())
    note = card.trace.find("score.not_rated")
    assert note is not None
    assert note.params == {"missing_share": Decimal(50), "limit": Decimal(40)}


def test_without_any_figure_nobody_is_rated_whatever_the_limit() -> None:
    card = score(scheme(limits={"missing_share": 100}), {})
    assert not card.rated
    assert card.weighted_shown == (Decimal("0.00"),) * 3


def test_own_targets_take_the_place_of_the_schemes() -> None:
    own = {"FTF": Target(Decimal(80), Decimal(90), Decimal(95)), "REO": Target(target=Decimal(4))}
    card = score(scheme(), GOOD, targets=own)
    assert [line.points for line in card.items[:2]] == [Decimal("108.00"), Decimal("78.00")]
    assert card.items[0].target == own["FTF"]
    assert card.items[1].target_text == "8 / 4 / 2"


def test_an_own_target_that_would_turn_the_curve_round_is_refused() -> None:
    with pytest.raises(CalculationError) as caught:
        score(scheme(), GOOD, targets={"FTF": Target(target=Decimal(70), floor=Decimal(75), stretch=Decimal(60))})
    assert caught.value.code == "score.target_unusable"
    assert caught.value.params == {"subject": "p1", "indicator": "FTF", "target": "75 / 70 / 60"}


def test_thresholds_in_multiples_of_the_own_norm() -> None:
    volume = {"indicator": "VPD", "weight": 100, "floor": Decimal("0.7"), "target": 1, "of_norm": True}
    used = scheme(volume)
    assert score(used, values(VPD="5"), targets={"VPD": Target(norm=Decimal(5))}).items[0].points == 100
    explicit = Target(Decimal(3), Decimal(4))
    assert score(used, values(VPD="4"), targets={"VPD": explicit}).items[0].points == 100
    assert score(used, values(VPD="5")).items[0].missing == "no_norm"
    assert score(used, values(VPD="5"), targets={"VPD": Target()}).items[0].missing == "no_norm"


def test_a_learning_period_eases_the_target_and_is_in_the_trace() -> None:
    used = scheme(
        {"indicator": "VPD", "weight": 100, "floor": 4, "target": 8, "tenure": True}, tenure={2: Decimal("0.75")}
    )
    card = score(used, values(VPD="6"), tenure_month=2)
    assert card.items[0].points == 100
    step = card.trace.find("score.tenure")
    assert step is not None
    assert (step.value, step.formula) == (Decimal("0.75"), "4 / 8 × 0.75")
    assert score(used, values(VPD="6"), tenure_month=9).items[0].points == 80
    assert score(used, values(VPD="6")).items[0].points == 80


def test_every_curve_that_has_thresholds_can_be_stated_in_norms() -> None:
    curves = [
        {"type": "attainment", "target": 1},
        {"type": "range", "zero_low": Decimal("0.5"), "low": 1},
    ]
    for curve in curves:
        used = scheme({"indicator": "VPD", "weight": 100, "curve": curve, "of_norm": True})
        assert score(used, values(VPD="5"), targets={"VPD": Target(norm=Decimal(5))}).items[0].points == 100
    lower = scheme({"indicator": "REO", "weight": 100, "curve": {"type": "lower_ratio", "target": 1}, "of_norm": True})
    assert score(lower, values(REO="5"), targets={"REO": Target(norm=Decimal(5))}).items[0].points == 100


def test_a_team_item_takes_the_teams_value_and_a_team_score_item_the_teams_score() -> None:
    team_ont = {"indicator": "ONT", "weight": 50, "scope": "team", "floor": 80, "target": 90}
    team_score = {"indicator": "TSC", "weight": 50, "scope": "team", "curve": {"type": "attainment", "target": 100}}
    used = scheme(team_ont, team_score)
    team = TeamResult(values(ONT="90"), Decimal("86.20"))
    card = score(used, values(ONT="10"), team=team)
    assert [line.points for line in card.items] == [Decimal("100.00"), Decimal("86.20")]
    assert card.items[1].trace.inputs[0].formula == "max(0, min(120, 100 × 86.2 ÷ 100))"
    alone = score(used, {}, team=TeamResult(values(ONT="90")))
    assert alone.items[1].missing == "no_team_score"


def test_the_team_share_falls_to_the_own_score_where_the_team_has_none() -> None:
    used = scheme(share={"own": 70, "team": 30})
    with_team = score(used, GOOD, team=TeamResult(score=Decimal("86.20")))
    assert with_team.total == Decimal("84.80")
    step = with_team.trace.find("score.team")
    assert step is not None
    assert step.formula == "0.7 × 84.2 + 0.3 × 86.2"
    alone = score(used, GOOD)
    assert alone.total == Decimal("84.20")
    assert alone.trace.find("score.team_missing") is not None


def test_bonus_and_deduction_points_count_confirmed_events_and_values() -> None:
    used = scheme(
        bonus={"cap": 5, "rules": [
            {"event": "idea", "points": 2, "cap": 3},
            {"indicator": "ONT", "curve": {"type": "bonus", "each": Decimal("0.5"), "cap": 2, "beyond": 95}},
        ]},
        deductions={"cap": 4, "rules": [
            {"event": "late_report", "points": 1},
            {"indicator": "CSAT", "curve": {
                "type": "deduction", "worth": 3, "each": 1, "beyond": 90, "side": "below", "rounding": "ceil"}},
        ]},
    )  # fmt: skip
    events = (
        ScoreEvent("idea", Decimal(2), confirmed=True),
        ScoreEvent("idea", Decimal(5)),
        ScoreEvent("late_report", confirmed=True),
    )
    card = score(used, GOOD | values(ONT="97", CSAT="85"), events=events)
    assert (card.extras.bonus.total, card.extras.deductions.total) == (4, 4)
    assert card.total == Decimal("84.20")
    bonus = [t.formula for t in card.extras.bonus.traces]
    assert bonus == ["min(3, 2 × 2)", ""]
    assert card.extras.bonus.traces[1].inputs[0].formula == "min(2, 2 ÷ 1 × 0.5)"
    assert [t.value for t in card.extras.deductions.traces] == [1, 3]
    small = {"ONT": value("ONT", "97", standing=Standing.SMALL), "CSAT": value("CSAT", None)}
    assert score(used, GOOD | small).extras.bonus.total == 0


def test_the_total_stays_inside_its_limits_and_the_trace_shows_the_cap() -> None:
    used = scheme(bonus={"cap": 30, "rules": [{"event": "idea", "points": 30}]}, limits={"highest": 100})
    card = score(used, GOOD, events=[ScoreEvent("idea", confirmed=True)])
    assert card.total == 100
    cap = card.trace.find("score.cap")
    assert cap is not None
    assert cap.formula == "114.2 → 100"


def test_a_veto_may_be_ignored_for_every_safeguard_it_lacks() -> None:
    used = scheme(vetoes=[{"event": "SAF", "mode": "zero"}, {"event": "CHG", "mode": "grade_cap", "grade": "C"}])
    bare = score(used, GOOD, events=[ScoreEvent("SAF"), ScoreEvent("praise")])
    assert [v.missing for v in bare.extras.vetoes] == [("confirmation", "evidence", "second_approver")]
    assert bare.total == Decimal("84.20")
    full = ScoreEvent("CHG", confirmed=True, evidence="call 12", decided_by="Li", approved_by="Wang")
    held = score(used, GOOD, events=[full])
    assert (held.total, held.grade, held.grade_by) == (Decimal("84.20"), "C", "veto")
    assert (held.next_grade, held.distance) == (None, None)
    applied = held.trace.find("score.veto")
    assert applied is not None
    assert applied.params == {"event": "CHG", "mode": "grade_cap", "evidence": "call 12"}
    low = score(used, values(FTF="85", REO="9", MTR="3"), events=[full])
    assert (low.grade, low.grade_by) == ("D", "bands")


def test_a_grade_held_by_a_veto_also_holds_a_coefficient_that_follows_the_score() -> None:
    used = scheme(coefficients={"kind": "score"}, vetoes=[{"event": "CHG", "mode": "grade_cap", "grade": "C"}])
    full = ScoreEvent("CHG", confirmed=True, evidence="call 12", decided_by="Li", approved_by="Wang")
    assert score(used, GOOD).coefficient == Decimal("0.842")
    assert score(used, GOOD, events=[full]).coefficient == Decimal("0.70")


def test_the_trace_holds_every_number_from_the_value_to_the_coefficient() -> None:
    trace = score(scheme(), GOOD).trace
    assert (trace.code, trace.value, trace.formula) == ("score.total", Decimal("84.20"), "84.2 → 84.20")
    assert trace.params["version"] == "3"
    assert [below.code for below in trace.inputs] == ["score.items", "score.grade", "score.coefficient"]
    assert trace.inputs[0].formula == "44 + 25.2 + 15"
    line = trace.inputs[0].inputs[0]
    assert (line.formula, line.value) == ("50 % × 88", 44)
    assert line.inputs[0].formula == "60 + (92 − 85) ÷ (95 − 85) × 40"
    assert (line.inputs[1].code, line.inputs[1].params["n"]) == ("score.value", 30)
    assert trace.inputs[2].formula == "B → 1"
    weighed = score(scheme(), values(FTF="92", REO="6.2")).trace.find("score.items")
    assert weighed is not None
    assert weighed.params == {"missing_share": Decimal(20)}


def test_a_coefficient_shows_how_it_came_about() -> None:
    bands = {"S": [1, 2], "A": [1, 1], "B": [Decimal("0.9"), Decimal("1.1")], "C": [0, 1], "D": [0, 0]}
    linear = score(scheme(coefficients={"kind": "linear", "bands": bands}), GOOD).trace.find("score.coefficient")
    payout = score(scheme(coefficients={"kind": "payout"}), GOOD).trace.find("score.coefficient")
    assert linear is not None
    assert payout is not None
    assert (linear.value, linear.formula) == (Decimal("1.0893"), "0.9 + (84.2 − 70) ÷ (85 − 70) × 0.2")
    assert (payout.value, payout.formula) == (Decimal("0.605"), "(50 + (84.2 − 80) ÷ (100 − 80) × 50) ÷ 100")
