"""A scheme is refused with the whole list of what is wrong with it, each with the place and the nearest right word."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from fuxiao.core.errors import DefinitionError, Issue, UnknownName
from fuxiao.core.indicator import Direction
from fuxiao.core.score import IndicatorInfo, Scheme, read_scheme
from fuxiao.core.score.curve import build_curve
from fuxiao.core.score.curves_payout import Payout
from fuxiao.core.score.curves_step import Bonus

KNOWN = {
    "FTF": IndicatorInfo(Direction.HIGHER),
    "REO": IndicatorInfo(Direction.LOWER),
    "QA": IndicatorInfo(Direction.HIGHER),
    "CSAT": IndicatorInfo(Direction.HIGHER, "voice"),
    "FRT": IndicatorInfo(Direction.LOWER, "speed", ("QA",)),
    "MTR": IndicatorInfo(Direction.RANGE),
    "CPC": IndicatorInfo(Direction.LOWER, "cost", own=Direction.RANGE),
}
TABLE = {"S": Decimal("1.5"), "A": Decimal("1.2"), "B": 1, "C": Decimal("0.8"), "D": Decimal("0.5")}
LINE = {"indicator": "FTF", "weight": 40, "floor": 70, "target": 80, "stretch": 88}
CSAT = {"indicator": "CSAT", "weight": 30, "floor": 88, "target": 95}
REOPEN = {"indicator": "REO", "weight": 30, "floor": 8, "target": 5}


def plain(*items: dict[str, Any], **parts: Any) -> dict[str, Any]:
    role = {"items": list(items) or [LINE, CSAT, REOPEN]}
    role |= {key: parts.pop(key) for key in ("share", "front_line", "normalise", "positions") if key in parts}
    return {"scheme": "s", "version": "1", "coefficients": TABLE, "roles": {"agent": role}} | parts


def read(*items: dict[str, Any], **parts: Any) -> Scheme:
    return read_scheme(plain(*items, **parts), indicators=KNOWN)


def refused(*items: dict[str, Any], **parts: Any) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as caught:
        read(*items, **parts)
    return [(issue.where, issue.code) for issue in caught.value.issues if issue.severity == "error"]


def first_issue(plain_scheme: object) -> Issue:
    with pytest.raises(DefinitionError) as caught:
        read_scheme(plain_scheme, indicators=KNOWN)
    return caught.value.issues[0]


def with_item(**parts: Any) -> list[dict[str, Any]]:
    return [LINE | parts, CSAT, REOPEN]


def test_a_sound_scheme_reads_without_a_word() -> None:
    scheme = read()
    assert scheme.warnings == ()
    assert scheme.grades.names == ("S", "A", "B", "C", "D")
    assert [item.weight for item in scheme.role("agent").items] == [40, 30, 30]


def test_everything_wrong_is_named_at_once_with_its_place() -> None:
    issues = refused(
        {"indicator": "FTX", "weight": 40, "floor": 70, "target": 80},
        {"indicator": "CSAT", "weight": 20, "floor": 95, "target": 88},
        {"indicator": "FRT", "weight": 30, "floor": 60, "target": 30, "wieght": 1},
        colour="red",
    )
    assert issues == [
        ("colour", "key.unknown"),
        ("roles.agent.items[0].indicator", "indicator.unknown"),
        ("roles.agent.items[1].target", "scheme.direction"),
        ("roles.agent.items[2].wieght", "key.unknown"),
        ("roles.agent.items", "scheme.weights_not_100"),
        ("roles.agent.items[2].indicator", "scheme.counter_missing"),
    ]


def test_an_unknown_word_comes_with_the_ones_spelled_alike() -> None:
    assert first_issue(plain() | {"coeficients": {}}).params["near"] == ["coefficients"]
    wrong = plain({"indicator": "CSTA", "weight": 100, "floor": 88, "target": 95})
    assert first_issue(wrong).params["near"] == ["CSAT"]
    with pytest.raises(UnknownName) as caught:
        read().role("agnet")
    assert caught.value.near == ("agent",)


def test_what_is_no_mapping_is_refused() -> None:
    assert first_issue("not a scheme").code == "mapping.expected"
    assert ("roles.agent.items[0]", "mapping.expected") in refused("x")  # type: ignore[arg-type]
    role_is_text = first_issue(plain() | {"roles": {"agent": "x"}})
    assert (role_is_text.where, role_is_text.code) == ("roles.agent", "mapping.expected")


def test_a_scheme_needs_roles_and_a_role_needs_items() -> None:
    assert ("roles", "scheme.no_roles") in refused(roles={})
    assert ("roles.agent.items", "scheme.no_items") in refused(roles={"agent": {}})
    assert ("roles.agent.items", "list.expected") in refused(roles={"agent": {"items": "x"}})


@pytest.mark.parametrize(
    ("item", "where", "code"),
    [
        ({"weight": 0}, "weight", "number.not_positive"),
        ({"weight": "many"}, "weight", "number.expected"),
        ({"weight": None}, "weight", "key.missing"),
        ({"weight": True}, "weight", "number.expected"),
        ({"weight": float("inf")}, "weight", "number.expected"),
        ({"indicator": None}, "indicator", "key.missing"),
        ({"indicator": ["FTF"]}, "indicator", "text.expected"),
        ({"scope": "all"}, "scope", "choice.expected"),
        ({"small_sample": "guess"}, "small_sample", "choice.expected"),
        ({"of_norm": "yes"}, "of_norm", "flag.expected"),
        ({"curve": {"type": "tiers", "table": {90: 100}}}, "curve", "scheme.two_curves"),
        ({"floor": 80}, "target", "curve.floor_is_target"),
        ({"stretch": 75}, "stretch", "curve.stretch_order"),
        ({"floor": None}, "floor", "key.missing"),
        ({"tenure": True}, "tenure", "scheme.tenure_without_factors"),
        ({"counter_in": "RIO"}, "counter_in", "indicator.unknown"),
        ({"counter_in": "REO"}, "counter_waived", "scheme.counter_reason_missing"),
        ({"indicator": "TSC"}, "scope", "scheme.team_score_scope"),
    ],
)
def test_an_item_that_cannot_work_is_refused(item: dict[str, Any], where: str, code: str) -> None:
    issues = refused(*with_item(**item))
    wanted = (f"roles.agent.items[0].{where.removeprefix('curve.')}", code)
    assert wanted in {(place.replace(".curve.", "."), what) for place, what in issues}


def test_an_indicator_is_scored_once_in_a_role() -> None:
    assert refused(*with_item(indicator="CSAT")) == [("roles.agent.items[1].indicator", "scheme.indicator_twice")]


@pytest.mark.parametrize(
    ("curve", "where", "code"),
    [
        (None, "curve", "scheme.no_curve"),
        ({"type": "teirs"}, "curve.type", "curve.unknown"),
        ({"type": "bonus", "each": 1, "cap": 5}, "curve.type", "scheme.curve_not_for_items"),
        ({"type": "range", "low": 5}, "curve.low", "curve.range_half_side"),
        ({"type": "range"}, "curve.low", "curve.range_empty"),
        ({"type": "range", "zero_low": 6, "low": 5}, "curve.low", "curve.range_order"),
        ({"type": "range", "zero_low": 5, "low": 5}, "curve.low", "curve.range_order"),
        ({"type": "range", "zero_low": 4, "low": 5, "best": 0}, "curve.best", "curve.not_positive"),
        ({"type": "tiers", "table": {90: 50, 95: 40}}, "curve.table", "curve.points_fall"),
        ({"type": "tiers", "table": {90: 50, Decimal("90.0"): 50}}, "", ""),
        ({"type": "tiers", "table": {}}, "curve.table", "tiers.expected"),
        ({"type": "tiers", "table": {"x": 1}}, "curve.table", "tiers.expected"),
        ({"type": "tiers", "table": {90: 1}, "better": "up"}, "curve.better", "choice.expected"),
        ({"type": "deduction", "worth": 0, "each": 5, "rounding": "floor"}, "curve.worth", "curve.not_positive"),
        ({"type": "deduction", "worth": 20, "each": 5}, "curve.rounding", "key.missing"),
        ({"type": "attainment", "target": 0}, "curve.target", "curve.not_positive"),
        ({"type": "attainment", "target": 5, "cap": 90}, "curve.cap", "curve.cap_below_full"),
        ({"type": "rating", "best": 1, "lowest": 1}, "curve.best", "curve.rating_scale"),
        ({"type": "payout", "most": 90}, "curve.threshold", "curve.payout_order"),
        ({"type": "payout", "most_pays": 90}, "curve.threshold_pays", "curve.points_fall"),
        ({"type": "constant", "given": "x"}, "curve.given", "number.expected"),
        ({"type": "constant", "given": 1, "gvien": 1}, "curve.gvien", "key.unknown"),
        (
            {"type": "floor_target_stretch", "floor": 1, "target": 2, "floor_points": 120},
            "curve.floor_points",
            "curve.points_fall",
        ),
        ({}, "curve.type", "key.missing"),
    ],
)
def test_a_curve_that_cannot_work_is_refused(curve: dict[str, Any] | None, where: str, code: str) -> None:
    first = {"indicator": "FTF", "weight": 40, "curve": curve}
    if code:
        assert (f"roles.agent.items[0].{where}", code) in refused(first, CSAT, REOPEN)
    else:
        assert read(first, CSAT, REOPEN).warnings == ()


def test_a_bonus_curve_without_positive_numbers_is_refused() -> None:
    with pytest.raises(DefinitionError) as caught:
        Bonus(each=Decimal(0), cap=Decimal(5))
    assert [(i.where, i.code) for i in caught.value.issues] == [("each", "curve.not_positive")]


def test_two_equal_bounds_in_tiers_are_refused() -> None:
    from fuxiao.core.score.curves_step import Tiers

    with pytest.raises(DefinitionError) as caught:
        Tiers(((Decimal(90), Decimal(100)), (Decimal(90), Decimal(80))))
    assert [i.code for i in caught.value.issues] == ["curve.bound_twice"]


def test_a_float_counts_as_the_digits_that_were_written() -> None:
    curve = build_curve("attainment", {"target": 0.1})
    assert curve.aims.target == Decimal("0.1")


def test_a_range_indicator_under_a_rising_curve_is_worth_a_second_look() -> None:
    scheme = read({"indicator": "MTR", "weight": 40, "floor": 1, "target": 2}, CSAT, REOPEN)
    assert [(i.where, i.code) for i in scheme.warnings] == [("roles.agent.items[0].curve", "scheme.range_expected")]


@pytest.mark.parametrize(("scope", "warned"), [("own", ["scheme.range_expected"]), ("team", [])])
def test_what_is_cheap_for_a_team_may_be_service_withheld_by_a_person(scope: str, warned: list[str]) -> None:
    scheme = read({"indicator": "CPC", "weight": 40, "floor": 300, "target": 200, "scope": scope}, CSAT, REOPEN)
    assert [issue.code for issue in scheme.warnings] == warned


def test_a_curve_given_in_full_names_the_curve_when_the_direction_is_wrong() -> None:
    wrong = {"indicator": "FTF", "weight": 40, "curve": {"type": "lower_linear", "target": 5}}
    assert refused(wrong, CSAT, REOPEN) == [("roles.agent.items[0].curve", "scheme.direction")]


def test_a_speed_indicator_with_its_counter_or_a_reason_is_accepted() -> None:
    speed = {"indicator": "FRT", "weight": 40, "floor": 120, "target": 60}
    assert read(speed, {**CSAT, "indicator": "QA"}, REOPEN).warnings == ()
    waived = read({**speed, "counter_in": "REO", "counter_waived": "the lead watches reopens"}, CSAT, REOPEN)
    assert [(i.where, i.code, i.severity) for i in waived.warnings] == [
        ("roles.agent.items[0].counter_waived", "scheme.counter_waived", "warning")
    ]


def test_a_learning_period_is_for_higher_is_better_items() -> None:
    factors = {1: Decimal("0.6")}
    assert read(*with_item(tenure=True), tenure=factors).tenure == factors
    assert refused(LINE, CSAT, {**REOPEN, "tenure": True}, tenure=factors) == [
        ("roles.agent.items[2].tenure", "scheme.tenure_not_higher")
    ]
    assert refused(tenure={0: 1}) == [("tenure.0", "scheme.tenure_factor")]
    assert refused(tenure={"x": 1}) == [("tenure.x", "scheme.tenure_factor")]
    assert refused(tenure={1: 2}) == [("tenure.1", "scheme.tenure_factor")]


def test_weights_that_do_not_sum_to_100_need_to_be_normalised_on_purpose() -> None:
    assert refused(LINE, CSAT) == [("roles.agent.items", "scheme.weights_not_100")]
    codes = [i.code for i in read(LINE, CSAT, normalise=True).warnings]
    assert codes == ["scheme.weights_normalised", "scheme.item_count"]


def test_own_and_team_share_make_up_the_whole() -> None:
    assert read(share={"own": 70, "team": 30}).role("agent").team_share * 100 == 30
    assert refused(share={"own": 70, "team": 40}) == [("roles.agent.share", "scheme.shares_not_100")]


def test_grades_fall_from_best_to_worst() -> None:
    assert refused(grades={"S": 85, "A": 95}, coefficients={"kind": "score"}) == [("grades", "scheme.grades_order")]
    assert refused(grades={"S": 85}, coefficients={"kind": "score"}) == [("grades", "scheme.grades_order")]
    own = read(grades={"good": 80, "fair": 0}, coefficients={"good": 1, "fair": 0})
    assert own.grades.names == ("good", "fair")


def test_coefficients_cover_every_grade_and_never_reward_a_worse_one() -> None:
    assert refused(coefficients=TABLE | {"D": 2}) == [("coefficients", "scheme.coefficients_order")]
    assert refused(coefficients={"S": 1}) == [(f"coefficients.{g}", "key.missing") for g in "ABCD"]
    assert refused(coefficients=TABLE | {"E": 0}) == [("coefficients.E", "key.unknown")]
    assert read(coefficients={"kind": "table", "table": TABLE, "most": 1}).coefficients.most == 1
    assert refused(coefficients={"kind": "magic"}) == [("coefficients.kind", "choice.expected")]
    assert refused(coefficients={"kind": "score", "table": TABLE}) == [("coefficients.table", "key.unknown")]


def test_linear_coefficients_name_both_ends_of_each_band() -> None:
    bands = {"S": [1, 2], "A": [1, 1], "B": [2, 1], "C": 1, "D": [1, "x"]}
    assert refused(coefficients={"kind": "linear", "bands": bands}) == [
        (f"coefficients.bands.{grade}", "scheme.coefficient_ends") for grade in "BCD"
    ]


def test_a_payout_coefficient_needs_a_payout_curve() -> None:
    assert read(coefficients={"kind": "payout"}).coefficients.payout == Payout()
    wrong = {"kind": "payout", "curve": {"type": "constant", "given": 1}}
    assert refused(coefficients=wrong) == [("coefficients.curve", "scheme.payout_curve_expected")]
    broken = {"kind": "payout", "curve": {"most": 1}}
    assert refused(coefficients=broken) == [("coefficients.curve.threshold", "curve.payout_order")]


def test_bonus_rules_name_an_event_or_an_indicator_with_a_curve() -> None:
    by_event = {"event": "idea", "points": 2}
    by_value = {"indicator": "QA", "curve": {"type": "bonus", "each": 1, "cap": 3}}
    assert len(read(bonus={"cap": 5, "rules": [by_event, by_value]}).bonus.rules) == 2
    assert refused(bonus={"rules": [by_event]}) == [("bonus.cap", "scheme.bonus_without_cap")]
    assert refused(bonus={"cap": 5, "rules": [{"event": "idea"}]}) == [("bonus.rules[0].points", "key.missing")]
    wrong = [{"indicator": "QQQ", "curve": {"type": "constant", "given": 1}}, {"indicator": "QA"}]
    assert refused(bonus={"cap": 5, "rules": wrong}) == [
        ("bonus.rules[0].indicator", "indicator.unknown"),
        ("bonus.rules[0].curve", "scheme.points_curve_expected"),
        ("bonus.rules[1].curve.type", "key.missing"),
    ]


def test_a_veto_says_what_belongs_to_its_mode() -> None:
    assert refused(vetoes=[{"event": "SAF", "mode": "grade_cap"}]) == [
        ("vetoes[0].grade", "scheme.veto_grade_with_mode")
    ]
    assert refused(vetoes=[{"event": "SAF", "mode": "zero", "limit": 5}]) == [
        ("vetoes[0].limit", "scheme.veto_limit_with_mode")
    ]
    assert refused(vetoes=[{"event": "SAF", "mode": "grade_cap", "grade": "X"}]) == [
        ("vetoes[0].grade", "choice.expected")
    ]


def test_limits_stay_within_reason() -> None:
    assert refused(limits={"lowest": 100, "highest": 50}) == [("limits.highest", "scheme.limits_order")]
    assert refused(limits={"missing_share": 101}) == [("limits.missing_share", "number.out_of_range")]
    assert refused(limits={"highest": "high"}) == [("limits.highest", "number.expected")]


def test_forced_distribution_is_guarded() -> None:
    shares = {"S": 10, "A": 20, "B": 50, "C": 15, "D": 5}
    on = read(distribution={"enabled": True, "shares": shares})
    assert [i.code for i in on.warnings] == ["scheme.distribution_on"]
    assert refused(distribution={"shares": shares, "minimum": 5}) == [
        ("distribution.minimum", "scheme.distribution_minimum")
    ]
    assert refused(distribution={"shares": shares | {"D": 6}}) == [("distribution.shares", "scheme.shares_not_100")]
    assert refused(distribution={"shares": shares | {"D": -5, "C": 25}}) == [
        ("distribution.shares", "scheme.shares_not_100")
    ]
    assert refused(distribution={"shares": shares, "by_result": {"S": shares}}) == [
        ("distribution.by_result", "key.unknown")
    ]


def test_texts_and_choices_say_what_they_expect() -> None:
    assert refused(version=True) == [("version", "text.expected")]
    assert refused(cycle="fortnight") == [("cycle", "choice.expected")]
    assert refused(names={"zh": ["x"]}) == [("names.zh", "text.expected")]
    assert refused(scheme=None) == [("scheme", "key.missing")]


def test_a_role_covers_the_position_of_its_own_key_and_those_it_names() -> None:
    scheme = read(positions=["desk", "夜班客服"])
    assert [scheme.covering(position) for position in ("agent", "desk", "夜班客服")] == ["agent"] * 3
    assert scheme.covering("driver") == "driver"


def test_a_list_of_people_may_call_a_role_by_its_name_in_either_language_as_long_as_it_is_the_only_one() -> None:
    role = {"names": {"zh": "坐席", "en": "Service agent"}, "items": [LINE, CSAT, REOPEN]}
    words = ("坐席", " 坐席 ", "service AGENT", "班长")
    assert [read(roles={"agent": role}).covering(word) for word in words] == ["agent"] * 3 + ["班长"]
    assert read(roles={"day": role, "night": role}).covering("坐席") == "坐席"


def test_positions_are_a_list_of_words() -> None:
    assert refused(positions="desk") == [("roles.agent.positions", "list.expected")]
    assert refused(positions=["desk", 7]) == [("roles.agent.positions[1]", "text.expected")]


def test_no_position_is_covered_by_two_roles() -> None:
    roles = {
        "roles": {key: {"items": [LINE, CSAT, REOPEN], "positions": ["desk", "agent"]} for key in ("agent", "night")}
    }
    assert refused(**roles) == [
        ("roles.night.positions[0]", "scheme.position_twice"),
        ("roles.night.positions[1]", "scheme.position_twice"),
    ]
