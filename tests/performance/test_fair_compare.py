"""A fair comparison clears who got the hard cases, finds who works worse, and says nothing about luck."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from fuxiao.core.errors import CalculationError
from fuxiao.core.fairness.classes import Class
from fuxiao.core.indicator import Direction
from fuxiao.core.period import parse_period
from fuxiao.metrics.library import built_in
from fuxiao.performance.fair import change, comparable, compare, roles_with_cases, trend
from fuxiao.performance.roster import Member, Roster
from hand_facts import HandStore, case

OCTOBER = parse_period("2026-10")
FTF = built_in().get("FTF")
EASY, HARD = "1", "2"
TEAMS = {**{f"p{n}": "north" for n in range(4)}, **{f"p{n}": "south" for n in range(4, 8)}, "weak": "south"}


def jobs(person: str, difficulty: str, fixed: int, of: int) -> Iterator[dict[str, Any]]:
    """Visited cases of one engineer, so many fixed at the first visit."""
    for number in range(of):
        yield case(
            0, case_id=f"{person}-{difficulty}-{number}", av=person, av_team=TEAMS[person], difficulty=difficulty,
            case_type="repair", in_warranty=True, region="r", visits=1, first_visit_fixed=number < fixed,
        )  # fmt: skip


def everything() -> Iterable[dict[str, Any]]:
    """Easy cases are fixed nine times in ten, hard ones six in ten; the north gets the hard ones."""
    for person, team in TEAMS.items():
        easy, hard = (20, 180) if team == "north" else (180, 20)
        skill = Decimal("0.6") if person == "weak" else Decimal(1)
        yield from jobs(person, EASY, int(easy * Decimal("0.9") * skill), easy)
        yield from jobs(person, HARD, int(hard * Decimal("0.6") * skill), hard)


@pytest.fixture(scope="module")
def store() -> HandStore:
    return HandStore(cases=list(everything()))


ROSTER = Roster(OCTOBER, {p: Member(p, p, "engineer", team) for p, team in TEAMS.items()})


def test_people_with_hard_cases_look_bad_and_are_cleared(store: HandStore) -> None:
    found = compare(store, FTF, OCTOBER, roster=ROSTER, role="engineer")
    north = [row for row in found.rows if TEAMS[row.subject] == "north"]
    assert [row.raw_place.place for row in north] == [Class.BELOW] * 4
    assert [row.place.place for row in north] == [Class.ALIKE] * 4
    assert all(row.cleared for row in north)


def test_who_really_works_worse_stays_below(store: HandStore) -> None:
    found = compare(store, FTF, OCTOBER, roster=ROSTER, role="engineer")
    weak = found.of("weak")
    assert weak is not None
    assert (weak.place.place, weak.cleared) == (Class.BELOW, False)
    assert found.league[Class.BELOW] == 1
    assert weak.shrunk is not None
    assert weak.estimate.point < weak.shrunk.value < found.centre
    assert found.of("stranger") is None


def test_a_team_with_hard_cases_is_cleared_as_well(store: HandStore) -> None:
    found = compare(store, FTF, OCTOBER, roster=ROSTER, role="engineer", by="team")
    north = found.of("north")
    assert north is not None
    assert (north.estimate.n, north.raw_place.place, north.shrunk) == (800, Class.BELOW, None)
    assert north.adjusted.adjusted > north.estimate.point
    assert [row.subject for row in found.rows] == ["north", "south"]


def test_the_trace_leads_from_the_group_to_each_person(store: HandStore) -> None:
    found = compare(store, FTF, OCTOBER, roster=ROSTER, role="engineer")
    trace = found.trace
    assert [each.value for each in trace.inputs] == sorted(TEAMS)
    assert trace.find("fairness.case_mix") is not None
    assert found.lines.sizes[0] < 200 < found.lines.sizes[-1]


def test_everybodys_cases_by_kind_add_up_to_what_was_expected_of_them(store: HandStore) -> None:
    found = compare(store, FTF, OCTOBER, roster=ROSTER, role="engineer")
    for row in found.rows:
        kinds = found.mix.of[row.subject]
        assert sum(kind.n for kind in kinds) == row.adjusted.n
        assert sum(kind.successes for kind in kinds) == row.adjusted.observed
        assert round(sum(kind.expected for kind in kinds), 9) == round(row.adjusted.expected, 9)
    assert sum(kind.n for kind in found.mix.whole) == sum(row.adjusted.n for row in found.rows)
    hard = {"case_type": "repair", "difficulty": "2.0000", "in_warranty": "true", "region": "r"}
    assert found.mix.kind_of(hard) in {kind.label for kind in found.mix.whole}
    assert found.mix.kind_of({**hard, "region": "unheard of"}) is None


def test_the_roles_that_can_be_compared_are_those_with_cases(store: HandStore) -> None:
    idle = Roster(OCTOBER, {**ROSTER.members, "clerk": Member("clerk", "clerk", "agent", "desk")})
    assert roles_with_cases(store, FTF, OCTOBER, roster=idle) == {"engineer": frozenset(TEAMS)}


def test_three_months_together_count_the_cases_of_all_three(store: HandStore) -> None:
    december = parse_period("2026-12")
    with pytest.raises(CalculationError, match=r"fair\.nobody_to_compare"):
        compare(store, FTF, december, roster=ROSTER, role="engineer")
    found = compare(store, FTF, december, roster=ROSTER, role="engineer", months=3)
    assert [row.adjusted.n for row in found.rows] == [200] * 9


def test_only_rates_with_a_better_side_can_be_compared() -> None:
    mean = next(each for each in built_in() if each.statistic == "mean")
    assert (comparable(FTF), comparable(mean)) == (True, False)


def test_many_levels_of_difficulty_are_cut_into_three_bands() -> None:
    rows = [row for n, level in enumerate(("0.8", "0.9", "1.0", "1.1", "1.3", "1.6", "2.0", "2.4"))
            for p in ("p0", "p4") for row in jobs(p, level, 20 - n, 30)]  # fmt: skip
    found = compare(HandStore(cases=rows), FTF, OCTOBER, roster=ROSTER, role="engineer")
    assert [row.subject for row in found.rows] == ["p0", "p4"]
    assert found.unmatched == 0


def test_what_a_person_controls_is_refused_as_a_stratum(store: HandStore) -> None:
    for stratum in ("resolution_code", "unit", "visits"):
        with pytest.raises(CalculationError, match=r"fair\.stratum_in_hand"):
            compare(store, FTF, OCTOBER, roster=ROSTER, role="engineer", strata=(stratum,))


def test_nobody_to_compare_is_an_error_and_so_is_a_figure_that_is_no_rate(store: HandStore) -> None:
    with pytest.raises(CalculationError, match=r"fair\.nobody_to_compare"):
        compare(store, FTF, OCTOBER, roster=ROSTER, role="agent")
    with pytest.raises(CalculationError, match=r"fair\.by_whom"):
        compare(store, FTF, OCTOBER, roster=ROSTER, role="engineer", by="region")
    mean = next(each for each in built_in() if each.statistic == "mean")
    with pytest.raises(CalculationError, match=r"fair\.not_a_rate"):
        compare(store, mean, OCTOBER, roster=ROSTER, role="engineer")


MONTHS = [Decimal(value) for value in (92, 94, 91, 93, 95, 92, 90, 93, 94, 92, 91, 93)]


def test_a_month_of_87_is_noise_and_gets_no_story() -> None:
    found = trend([*MONTHS, Decimal(87)])
    assert found.sentence.code == "trend.noise"
    assert found.sentence.params["lower"] == Decimal("86.9382")
    assert found.trace.value == 87


def test_a_month_of_86_is_a_signal_for_the_worse() -> None:
    assert trend([*MONTHS, Decimal(86)]).sentence.code == "trend.outside.worse"
    assert trend([*MONTHS, Decimal(86)], direction=Direction.LOWER).sentence.code == "trend.outside.better"
    assert trend([*MONTHS, Decimal(86)], direction=Direction.RANGE).sentence.code == "trend.outside.moved"


def test_five_months_are_too_few_to_say_anything() -> None:
    found = trend(MONTHS[:5])
    assert (found.sentence.code, found.limits, found.signals) == ("trend.too_few", None, ())
    assert trend([]).trace.value is None


def test_six_months_are_judged_by_themselves() -> None:
    found = trend(MONTHS[:6])
    assert found.limits is not None
    assert (found.limits.points, found.sentence.code) == (6, "trend.noise")


def test_nine_points_more_can_be_luck() -> None:
    found = change((41, 50), (91, 100))
    assert (found.proven, found.sentence.code) == (False, "change.not_proven")
    ends = [round(Decimal(str(found.sentence.params[name])), 4) for name in ("low", "high")]
    assert ends == [Decimal("-0.0195"), Decimal("0.2247")]


def test_a_proven_change_is_better_or_worse_by_the_direction() -> None:
    assert change((410, 500), (910, 1000)).sentence.code == "change.better"
    assert change((410, 500), (910, 1000), direction=Direction.LOWER).trace.code == "change.worse"
