"""A group: teams first, ranks and distribution among people of one role, changed grades, calibrated ratings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from fuxiao.core.errors import CalculationError, UnknownName
from fuxiao.core.indicator import Direction, Value
from fuxiao.core.score import IndicatorInfo, Scheme, ScoreEvent, Subject, change_grade, read_scheme, score_group
from fuxiao.core.score.audit import AuditItem, assess
from fuxiao.core.score.calibration import PersonRating, calibrate
from fuxiao.core.score.rank import ranks
from fuxiao.core.target import Target

KNOWN = {"FTF": IndicatorInfo(Direction.HIGHER), "CSAT": IndicatorInfo(Direction.HIGHER)}
TABLE = {"S": Decimal("1.5"), "A": Decimal("1.2"), "B": 1, "C": Decimal("0.8"), "D": Decimal("0.5")}
SHARES = {"S": 10, "A": 20, "B": 50, "C": 15, "D": 5}
PLAIN = {"type": "attainment", "target": 100, "cap": 120}
VETO = ScoreEvent("SAF", confirmed=True, evidence="report 17", decided_by="Li", approved_by="Wang")


def scheme(**parts: Any) -> Scheme:
    roles = {
        "engineer": {"items": [{"indicator": "FTF", "weight": 100, "curve": PLAIN}]},
        "member": {
            "share": {"own": 70, "team": 30},
            "items": [
                {"indicator": "FTF", "weight": 60, "curve": PLAIN},
                {"indicator": "CSAT", "weight": 40, "scope": "team", "curve": PLAIN},
            ],
        },
        "lead": {"items": [{"indicator": "TSC", "weight": 100, "scope": "team", "curve": PLAIN}]},
    }
    vetoes = [{"event": "SAF", "mode": "grade_cap", "grade": "D"}]
    plain = {"scheme": "s", "version": "1", "coefficients": TABLE, "roles": roles, "vetoes": vetoes}
    return read_scheme(plain | parts, indicators=KNOWN)


def person(name: str, score: str | None, *, role: str = "engineer", **more: Any) -> Subject:
    values = {} if score is None else {"FTF": Value("FTF", name, "m", Decimal(score), 30)}
    return Subject(name, role, values, **more)


def people(*scores: str) -> list[Subject]:
    return [person(f"p{i}", score) for i, score in enumerate(scores)]


def test_ranks_are_among_one_role_and_leave_out_the_unrated_and_the_unranked() -> None:
    group = [
        *people("90", "95", "90"),
        person("new", None),
        person("trial", "99", ranked=False),
        person("m", "50", role="member"),
    ]
    got = score_group(scheme(), group, period="m")
    assert [(card.subject, card.rank, card.rank_of) for card in got.cards] == [
        ("p0", 2, 3),
        ("p1", 1, 3),
        ("p2", 2, 3),
        ("new", None, 0),
        ("trial", None, 0),
        ("m", 1, 1),
    ]
    assert got.card("p1").total == 95


def test_people_with_the_same_own_target_are_scored_by_the_same_curve() -> None:
    own = {"FTF": Target(target=Decimal(80))}
    got = score_group(scheme(), [person("a", "80", targets=own), person("b", "40", targets=own)], period="m")
    assert [card.total for card in got.cards] == [100, 50]
    assert got.cards[0].items[0].curve is got.cards[1].items[0].curve


def test_nobody_is_ranked_where_nobody_is_rated() -> None:
    got = score_group(scheme(), [person("new", None)], period="m")
    assert got.cards[0].rank is None


def test_an_unknown_person_or_role_is_named_with_the_nearest() -> None:
    got = score_group(scheme(), people("90"), period="m")
    with pytest.raises(UnknownName) as caught:
        got.card("p00")
    assert caught.value.near == ("p0",)
    with pytest.raises(UnknownName):
        score_group(scheme(), [person("p", "90", role="enginer")], period="m")
    with pytest.raises(UnknownName):
        ranks([Decimal(1)], ranking="olympic")


def test_a_team_is_scored_on_its_own_values_and_its_score_reaches_members_and_lead() -> None:
    team = Subject(
        "east",
        "member",
        {"FTF": Value("FTF", "east", "m", Decimal(80), 90), "CSAT": Value("CSAT", "east", "m", Decimal(90), 90)},
    )
    group = [person("a", "100", role="member", team="east"), person("b", None, role="lead", team="east")]
    got = score_group(scheme(), group, period="m", teams=[team])
    assert got.teams["east"].total == 84
    assert got.card("a").total == Decimal("92.40")  # 0.7 × (60 % × 100 + 40 % × 90) + 0.3 × 84
    assert got.card("b").total == 84


def test_forced_distribution_is_off_unless_switched_on_and_blocked_for_small_groups() -> None:
    on = scheme(distribution={"enabled": True, "shares": SHARES})
    small = score_group(on, people("99", "98", "97"), period="m")
    assert [card.grade for card in small.cards] == ["S", "S", "S"]
    assert [note.code for note in small.notes] == ["score.distribution_blocked"]
    assert score_group(scheme(), people("99"), period="m").notes == ()


def test_forced_distribution_gives_grades_by_place_and_their_coefficients() -> None:
    on = scheme(distribution={"enabled": True, "shares": SHARES})
    scores = [str(99 - i) for i in range(10)]
    got = score_group(on, people(*scores), period="m")
    assert [card.grade for card in got.cards] == ["S", "A", "A", "B", "B", "B", "B", "B", "C", "C"]
    assert (got.cards[9].coefficient, got.cards[9].grade_by) == (Decimal("0.80"), "distribution")
    assert got.notes[0].params["role"] == "engineer"
    assert got.notes[0].formula == "S: 1, A: 2, B: 5, C: 2, D: 0"
    grade = got.cards[9].trace.find("score.grade")
    assert grade is not None
    assert grade.params["by"] == "distribution"


def test_somebody_under_a_veto_takes_nobodys_place_in_a_distribution() -> None:
    on = scheme(distribution={"enabled": True, "shares": SHARES})
    vetoed = person("v", "110", events=(VETO,))
    got = score_group(on, [vetoed, *people(*(str(99 - i) for i in range(10)))], period="m")
    assert got.card("v").grade == "D"
    assert [card.grade for card in got.cards[1:3]] == ["S", "A"]


def test_a_committee_changes_a_grade_only_with_a_reason_and_never_above_a_veto() -> None:
    card = score_group(scheme(), people("84"), period="m").cards[0]
    changed = change_grade(card, "A", reason="covered two districts in the flood")
    assert (changed.grade, changed.coefficient, changed.grade_by) == ("A", Decimal("1.20"), "committee")
    assert (changed.next_grade, changed.total) == (None, card.total)
    step = changed.trace.find("score.grade")
    assert step is not None
    assert step.params["reason"] == "covered two districts in the flood"
    refusals = [
        (card, "A", "  ", "score.grade_change_needs_reason"),
        (score_group(scheme(), [person("n", None)], period="m").cards[0], "A", "x", "score.unrated_has_no_grade"),
        (
            score_group(scheme(), [person("v", "99", events=(VETO,))], period="m").cards[0],
            "B",
            "x",
            "score.veto_holds_grade",
        ),
    ]
    for whose, grade, reason, code in refusals:
        with pytest.raises(CalculationError) as caught:
            change_grade(whose, grade, reason=reason)
        assert caught.value.code == code
    with pytest.raises(UnknownName):
        change_grade(card, "E", reason="x")


def test_raters_of_eight_and_more_are_brought_to_one_scale_side_by_side() -> None:
    strict = [PersonRating("strict", f"s{i}", Decimal(70 + i)) for i in range(8)]
    kind = [PersonRating("kind", f"k{i}", Decimal(90 + i)) for i in range(8)]
    got = calibrate([*strict, *kind])
    assert [c.rating.given for c in got[:2]] == [70, 71]
    assert [c.adjusted for c in got[:8]] == [c.adjusted for c in got[8:]]
    assert got[0].trace.code == "score.rating_calibrated"
    assert got[0].trace.formula.startswith("83.5 + ")
    assert calibrate([]) == []


def test_a_rater_who_gave_everyone_the_same_is_only_moved() -> None:
    same = [PersonRating("same", f"s{i}", Decimal(90)) for i in range(8)]
    other = [PersonRating("few", "x", Decimal(72))]
    got = calibrate([*same, *other])
    assert {c.adjusted for c in got[:8]} == {Decimal(88)}
    assert (got[8].adjusted, got[8].trace.code) == (72, "score.rating_kept")
    assert got[0].trace.formula == "88 + (90 − 90)"


def test_a_calibrated_rating_stays_on_its_scale() -> None:
    wild = [PersonRating("r", f"s{i}", Decimal(x)) for i, x in enumerate([0, 0, 0, 0, 0, 0, 0, 100])]
    kind = [PersonRating("k", f"k{i}", Decimal(90 + i)) for i in range(8)]
    assert max(c.adjusted for c in calibrate([*wild, *kind])) == 100


def test_an_audit_refuses_points_that_cannot_be() -> None:
    with pytest.raises(CalculationError) as nothing:
        assess([AuditItem("5.1", Decimal(40), applicable=False)])
    assert nothing.value.code == "audit.nothing_applicable"
    with pytest.raises(CalculationError) as too_many:
        assess([AuditItem("5.1", Decimal(40), Decimal(41))])
    assert too_many.value.params["item"] == "5.1"
    fine = assess([AuditItem("5.1", Decimal(98), Decimal(84))], special_deductions=2, special_bonus=True)
    assert fine.trace.formula == "84 ÷ 98 × 100 − 2 + 1"
