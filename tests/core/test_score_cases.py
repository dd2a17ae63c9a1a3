"""The worked examples of scoring, each with its exact figures."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from cases_reader import Case, read_cases
from fuxiao.core.errors import DefinitionError
from fuxiao.core.indicator import Direction, Value
from fuxiao.core.score import IndicatorInfo, ScoreEvent, build_curve, read_scheme, score_person
from fuxiao.core.score.audit import STARS, AuditItem, assess
from fuxiao.core.score.calibration import PersonRating, RaterLevel, calibrate, calibrated
from fuxiao.core.score.evaluate import TeamResult
from fuxiao.core.score.exact import half_up, round_score, shown
from fuxiao.core.score.rank import distribute, quotas, ranks
from fuxiao.core.score.scheme import Scheme

TABLE = {"S": Decimal("1.5"), "A": Decimal("1.2"), "B": Decimal("1.0"), "C": Decimal("0.8"), "D": Decimal("0.5")}
CODES = "ABCDEFGH"
KNOWN = {code: IndicatorInfo(Direction.HIGHER) for code in CODES}


def dec(number: Any) -> Decimal:
    return Decimal(number)


def scheme_of(items: list[dict[str, Any]], **parts: Any) -> Scheme:
    role = {"items": items, "normalise": True, **{k: parts.pop(k) for k in ("share", "front_line") if k in parts}}
    plain = {"scheme": "case", "version": 1, "coefficients": TABLE, "roles": {"agent": role}, **parts}
    return read_scheme(plain, indicators=KNOWN)


def curve(given: Any) -> list[Decimal]:
    made = build_curve(given["type"], given["params"])
    return [half_up(made.points(dec(v)), 2) for v in given["values"]]


def formula(given: Any) -> str:
    return build_curve(given["type"], given["params"]).formula(dec(given["value"]))


def deducted(given: Any) -> Decimal:
    made: Any = build_curve("deduction", given["params"])
    return half_up(made.deducted(dec(given["value"])), 2)


def person(given: Any) -> dict[str, Any]:
    """Scores stand for themselves: an item whose points are its value, here exact even where they are thirds."""
    exact = [None if s is None else Fraction(str(s)) for s in given["scores"]]
    items = [
        {"indicator": code, "weight": weight, "curve": {"type": "attainment", "target": 300, "cap": 500}}
        for code, weight in zip(CODES, given["weights"], strict=False)
    ]
    parts = {k: given[k] for k in ("bonus", "limits", "vetoes", "share") if k in given}
    scheme = scheme_of(items, **parts)
    values = {
        c: Value(c, "p", "m", dec((e * 3).numerator) / (e * 3).denominator, 30)
        for c, e in zip(CODES, exact, strict=False)
        if e is not None
    }
    events = [ScoreEvent(kind, count=dec(n), confirmed=True) for kind, n in given.get("events", {}).items()]
    if "veto_event" in given:
        events.append(ScoreEvent("SAF", **given["veto_event"]))
    team = TeamResult(score=given.get("team_score"))
    card = score_person(scheme, "agent", values, subject="p", period="m", events=events, team=team)
    ignored = card.trace.find("score.veto_ignored")
    return {
        "total": card.total,
        "grade": card.grade,
        "rated": card.rated,
        "coefficient": card.coefficient,
        "effective": [i.effective_weight for i in card.items],
        "before_rounding": card.result and half_up(card.result.after_veto, 4),
        "ignored": ignored and ignored.params["missing"],
    }


def grades(given: Any) -> list[str]:
    return [scheme_of(ONE_ITEM).grades.of(dec(total)) for total in given]


def coefficient(given: Any) -> list[Decimal]:
    scheme = scheme_of(ONE_ITEM, coefficients=given["coefficients"])
    pairs = [(dec(t), scheme.grades.of(dec(t))) for t in given["totals"]]
    return [scheme.coefficients.of(t, g, grades=scheme.grades, top=Decimal(120))[0] for t, g in pairs]


def pay(given: Any) -> Decimal:
    factor = coefficient({"coefficients": given["coefficients"], "totals": [given["total"]]})[0]
    return given["base"] * given.get("fixed", 1) * factor


def calibrated_rating(given: Any) -> Decimal:
    rater = RaterLevel(dec(given["mean"]), dec(given["sd"]), 8)
    overall = RaterLevel(dec(given["overall_mean"]), dec(given["overall_sd"]), 30)
    return half_up(Fraction(calibrated(dec(given["given"]), rater=rater, overall=overall)[0]), 2)


def calibrate_all(given: Any) -> list[Decimal]:
    overall = RaterLevel(dec(given["overall_mean"]), dec(given["overall_sd"]), 30)
    ratings = [PersonRating("r", str(i), dec(x)) for i, x in enumerate(given["ratings"])]
    return [c.adjusted for c in calibrate(ratings, overall=overall)]


def audit(given: Any) -> dict[str, Any]:
    items = [
        AuditItem("5.1", dec(given["worth"]), dec(given["got"])),
        AuditItem("5.2.7", Decimal(100) - given["worth"], applicable=False),
    ]
    result = assess(items, special_deductions=given["deductions"], special_bonus=given["bonus"])
    return {"base": half_up(result.base, 4), "score": result.score, "stars": result.stars}


def subjective(given: Any) -> str | None:
    weight = given["subjective_weight"]
    items = [
        {"indicator": "A", "weight": weight, "curve": {"type": "rating", "best": 5}},
        {"indicator": "B", "weight": 50, "floor": 1, "target": 2},
        {"indicator": "C", "weight": 50 - weight, "floor": 1, "target": 2},
    ]
    try:
        issues = scheme_of(items, front_line=given["front_line"]).warnings
    except DefinitionError as refused:
        issues = refused.issues
    return next((i.severity for i in issues if i.code == "scheme.subjective_over"), None)


def raters(given: Any) -> str:
    items = [{"indicator": "A", "weight": 100, "curve": {"type": "rating", "best": 5}, "raters_min": given["at_least"]}]
    values = {"A": Value("A", "p", "m", Decimal(4), given["raters"])}
    card = score_person(scheme_of(items, front_line=False), "agent", values, subject="p", period="m")
    return card.items[0].missing


def tenure(given: Any) -> list[Decimal]:
    items = [
        {"indicator": "A", "weight": 100, "curve": {"type": "attainment", "target": given["target"]}, "tenure": True}
    ]
    factors = {1: Decimal("0.60"), 2: Decimal("0.75"), 3: Decimal("0.85")}
    scheme = scheme_of(items, tenure=factors)
    values = {"A": Value("A", "p", "m", dec(given["value"]), 30)}
    cards = [score_person(scheme, "agent", values, subject="p", period="m", tenure_month=m) for m in given["months"]]
    return [card.total or Decimal(0) for card in cards]


ONE_ITEM = [{"indicator": "A", "weight": 100, "floor": 1, "target": 2}]

RULES = {
    "curve": curve,
    "formula": formula,
    "deducted": deducted,
    "person": person,
    "ranks": lambda given: ranks([dec(s) for s in given["scores"]], ranking=given["ranking"]),
    "quotas": lambda given: quotas(given["shares"], given["people"]),
    "distribute": lambda given: distribute([dec(s) for s in given["scores"]], given["shares"]).grades,
    "grades": grades,
    "coefficient": coefficient,
    "pay": pay,
    "calibrated": calibrated_rating,
    "calibrate": calibrate_all,
    "audit": audit,
    "stars": lambda given: [STARS.of(dec(score)) for score in given],
    "subjective": subjective,
    "raters": raters,
    "rounded": lambda given: round_score(Fraction(given)),
    "tenure": tenure,
}


@pytest.mark.parametrize("case", read_cases("score.yaml"), ids=lambda case: case.name)
def test_a_worked_example_of_scoring_comes_out_exactly(case: Case) -> None:
    got: Any = RULES[case.rule](case.given)
    if isinstance(case.expect, dict) and case.rule != "quotas":
        got = {key: got[key] for key in case.expect}
    if isinstance(got, tuple):
        got = list(got)
    assert got == case.expect


def test_a_number_that_does_not_end_is_marked_in_a_formula() -> None:
    assert shown(Fraction(280, 3)) == "93.3333…"
    assert shown(Decimal("59.995")) == "59.995"
