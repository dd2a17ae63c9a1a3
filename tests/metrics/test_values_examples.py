"""Typical indicators on fact tables small enough to count by hand."""

from datetime import date
from decimal import Decimal

import pytest

from fuxiao.core.errors import CalculationError, UnknownName
from fuxiao.core.indicator import Interval, Standing
from fuxiao.core.period import parse_period
from fuxiao.metrics.availability import available
from fuxiao.metrics.library import built_in
from fuxiao.metrics.values import Request, compute_values
from hand_facts import DAY, OCTOBER, HandStore, case, event

LATER = date(2027, 3, 1)
MINUTE, HOUR, DAYS = 60, 3_600, 86_400
PATHS = [
    {"team": "desk-1", "ancestor": "desk-1"}, {"team": "desk-1", "ancestor": "desk"},
    {"team": "desk-2", "ancestor": "desk-2"}, {"team": "desk-2", "ancestor": "desk"},
    {"team": "desk", "ancestor": "desk"},
]  # fmt: skip


def values(store, *codes, by=("company",), first="2026-10", last=None, as_of=LATER, **more):
    request = Request(
        indicators=built_in().select(codes), first=parse_period(first), last=parse_period(last or first), by=by, **more
    )
    return compute_values(store, request, as_of=as_of)


def value(store, code, *, subject="company", by=("company",), period="2026-10", **more):
    return values(store, code, by=by, first=period, **more).find(code, subject=subject, period=period)


def shares(person, met, of, *, start, team):
    """``met`` of ``of`` cases answered in time by one person."""
    return [
        case(start + i, a1=person, a1_team=team, unit=team, first_response_met=i < met, first_response_business=60 * i)
        for i in range(of)
    ]


@pytest.fixture(scope="module")
def three_people():
    rows = [
        *shares("Wang", 18, 20, start=0, team="desk-1"),
        *shares("Li", 95, 100, start=100, team="desk-1"),
        *shares("Zhao", 5, 10, start=300, team="desk-2"),
    ]
    return HandStore(cases=rows, team_paths=PATHS)


def test_a_team_adds_up_numerators_and_denominators_never_averages_averages(three_people):
    found = values(three_people, "FRS", by=("team",))
    assert [(v.subject, v.numerator, v.denominator, round(v.value, 2)) for v in found] == [
        ("desk", 118, 130, Decimal("90.77")),
        ("desk-1", 113, 120, Decimal("94.17")),
        ("desk-2", 5, 10, Decimal("50.00")),
    ]


def test_a_rate_comes_with_wilson_s_interval(three_people):
    wang = value(three_people, "FRS", by=("person",), subject="Wang")
    assert wang.value == Decimal(90)
    assert wang.interval == Interval(Decimal("69.896635"), Decimal("97.213352"))


def test_a_value_under_the_minimum_sample_is_marked(three_people):
    found = values(three_people, "FRS", by=("person",))
    assert {v.subject: v.standing for v in found} == {
        "Li": Standing.OK,
        "Wang": Standing.OK,
        "Zhao": Standing.SMALL,
    }


def test_a_team_s_percentile_is_taken_over_all_its_cases(three_people):
    found = values(three_people, "FRT_P90", "FRT_P50", by=("team",))
    # desk-1: 0..19 and 0..99 minutes: the 108.1st of 120 values lies between 87 and 88 minutes
    assert found.find("FRT_P90", subject="desk-1", period="2026-10").value == Decimal("87.1")
    assert found.find("FRT_P50", subject="desk-2", period="2026-10").value == Decimal("4.5")
    ends = found.find("FRT_P50", subject="desk-2", period="2026-10").interval
    assert ends == Interval(Decimal(1), Decimal(8))
    assert value(three_people, "FRT_P50").interval == Interval(Decimal(23), Decimal(46))


def test_one_group_may_be_asked_for_alone(three_people):
    assert {v.subject for v in values(three_people, "FRS", by=("person",), only=("Li",))} == {"Li"}
    assert {v.subject for v in values(three_people, "FRS", "FRT_P90", by=("team",), only=("desk",))} == {"desk"}


def test_a_mean_has_student_s_interval():
    rows = [case(i, a1="Wang", first_response_business=m * MINUTE) for i, m in enumerate((30, 40, 50))]
    found = value(HandStore(cases=rows), "FRT")
    assert (found.value, found.numerator, found.n) == (Decimal(40), 7_200, 3)
    # sd 10 minutes, t(0.975, 2) = 4.302653: 40 ± 24.841377
    assert found.interval == Interval(Decimal("15.158623"), Decimal("64.841377"))


def test_the_interval_of_a_mean_time_does_not_begin_below_nothing():
    rows = [case(i, a1="Wang", first_response_business=m * MINUTE) for i, m in enumerate((10, 20, 30))]
    assert value(HandStore(cases=rows), "FRT").interval == Interval(Decimal(0), Decimal("44.841377"))


def test_one_value_has_no_interval_of_its_mean():
    found = value(HandStore(cases=[case(1, first_response_business=60)]), "FRT")
    assert (found.value, found.interval) == (Decimal(1), None)


def test_the_clock_is_the_reader_s_choice():
    store = HandStore(cases=[case(1, first_response_business=50 * MINUTE, first_response_calendar=63 * HOUR)])
    assert value(store, "FRT").value == Decimal(50)
    assert value(store, "FRT", clock="calendar").value == Decimal(63 * 60)


def test_what_is_left_out_is_counted_by_its_first_reason():
    rows = [
        case(1, first_response_met=True),
        case(2, x3=True),
        case(3, x3=True, x1=True),
        case(4, x2=True, first_response_met=False),
    ]
    found = value(HandStore(cases=rows), "FRS")
    assert (found.numerator, found.denominator) == (1, 1)
    assert found.exclusions == {"X1": 1, "X2": 1, "X3": 1}
    assert value(HandStore(cases=rows), "FRS", exclusions=False).exclusions == {}


def test_first_contact_resolution_asks_four_things():
    rows = [
        case(1, a1="Wang"),
        case(2, a1="Wang", contacts=2),
        case(3, a1="Wang", transfers=1),
        case(4, a1="Wang", customer_gap=6 * DAYS),
        case(5, a1="Wang", customer_gap=8 * DAYS),
        case(6, a1="Wang", x10=True),
        case(7, a1="Wang", resolved=False, resolved_month=None),
    ]
    found = value(HandStore(cases=rows), "FCR")
    assert (found.numerator, found.denominator, found.value) == (2, 5, Decimal(40))


def test_a_reopening_is_charged_to_whoever_resolved_first():
    rows = [
        case(1, ao_first="Wang", ao="Li", reopens=1, reopen_gap=14 * DAYS),
        case(2, ao_first="Wang", ao="Wang", reopens=1, reopen_gap=14 * DAYS + 1),
        case(3, ao_first="Li", ao="Li"),
    ]
    found = values(HandStore(cases=rows), "REO", by=("person",))
    assert {v.subject: v.value for v in found} == {"Li": Decimal(0), "Wang": Decimal(50)}


def test_a_first_time_fix_needs_one_visit_and_thirty_quiet_days():
    rows = [
        case(1, av="Sun", first_visit_fixed=True, visits=1),
        case(2, av="Sun", first_visit_fixed=True, visits=2),
        case(3, av="Sun", first_visit_fixed=True, visits=1, same_fault_gap=30 * DAYS),
        case(4, av="Sun", first_visit_fixed=True, visits=1, same_fault_gap=31 * DAYS),
        case(5, av="Sun", first_visit_fixed=False, visits=1),
        case(6, av="Sun"),
    ]
    found = value(HandStore(cases=rows), "FTF", by=("person",), subject="Sun")
    assert (found.numerator, found.denominator) == (2, 5)


def test_a_fix_that_lacked_a_part_counts_for_the_unit_and_not_for_the_engineer():
    rows = [
        case(1, av="Sun", unit="field", first_visit_fixed=True, first_outcome="fixed", visits=1),
        case(2, av="Sun", unit="field", first_visit_fixed=False, first_outcome="parts_needed", visits=2),
        case(3, av="Sun", unit="field", first_visit_fixed=False, first_outcome="wrong_diagnosis", visits=2),
    ]
    store = HandStore(cases=rows)
    engineer, whole = value(store, "FTF", by=("person",), subject="Sun"), value(store, "FTF")
    assert (engineer.numerator, engineer.denominator) == (1, 2)
    assert (whole.numerator, whole.denominator) == (1, 3)


def test_the_invitation_rate_asks_of_the_cases_resolved_in_the_period_whenever_they_were_invited():
    surveys = [
        {"survey_id": "1", "case_id": "C1", "delivered": True, "resolved_month": OCTOBER, "invited_month": OCTOBER + 1},
        {"survey_id": "2", "case_id": "C2", "delivered": False, "resolved_month": OCTOBER, "invited_month": OCTOBER},
        {"survey_id": "3", "case_id": "C0", "delivered": True, "resolved_month": OCTOBER - 1, "invited_month": OCTOBER},
    ]
    found = value(HandStore(cases=[case(1), case(2)], surveys=surveys), "SIR")
    assert (found.numerator, found.denominator, found.value) == (1, 2, Decimal(50))


def test_coverage_counts_only_checks_of_cases_drawn_at_random():
    checks = [
        event(check_id=str(at), kind=kind, random=random)
        for at, (kind, random) in enumerate([("case", True), ("case", False), ("callback", True)])
    ]
    found = value(HandStore(cases=[case(at) for at in range(10)], checks=checks), "QCR")
    assert (found.numerator, found.denominator) == (1, 10)


def test_more_cases_resolved_than_opened_are_no_proportion():
    rows = [case(1), case(2, opened_month=OCTOBER - 1), case(3, opened_month=OCTOBER - 1)]
    found = value(HandStore(cases=rows), "CLR")
    assert (found.value, found.interval) == (Decimal(300), None)


def test_twelve_promoters_five_passives_and_three_detractors_are_plus_45():
    answers = [
        event(survey_id=str(at), nps=nps) for at, nps in enumerate([9] * 6 + [10] * 6 + [7, 7, 8, 8, 8] + [0, 3, 6])
    ]
    counted = [event(counter="ENP", subject="desk", numerator=12 - 3, denominator=20)]
    store = HandStore(surveys=answers, counters=counted)
    assert [value(store, code).value for code in ("NPS", "ENP")] == [Decimal(45), Decimal(45)]


def test_maturation_keeps_a_value_provisional():
    store = HandStore(cases=[case(1, av="Sun", first_visit_fixed=True, visits=1)])
    assert value(store, "FTF", as_of=date(2026, 11, 30)).provisional
    assert not value(store, "FTF", as_of=date(2026, 12, 1)).provisional


def test_complaints_are_divided_by_cases_of_the_same_period():
    complaints = [event(complaint_id=str(i), unit="desk-1", ac="Wang", validity=v)
                  for i, v in enumerate(("valid", "pending", "invalid", None))]  # fmt: skip
    cases = [case(i, unit="desk-1", ao="Wang") for i in range(50)] + [case(90 + i, unit="desk-2") for i in range(10)]
    store = HandStore(cases=cases, complaints=complaints)
    found = values(store, "CPR", by=("team",))
    assert {v.subject: (v.numerator, v.denominator, v.value) for v in found} == {
        "desk-1": (3, 50, Decimal(6)),
        "desk-2": (0, 10, Decimal(0)),
    }
    assert value(store, "CPR").exclusions == {"X8": 1}
    assert value(store, "RCP", by=("person",), subject="Wang").value == Decimal(2)
    assert values(store, "CPR", by=("person",)).unanswered == {"CPR": "values.no_person"}


def test_a_complaint_without_a_single_case_has_no_rate():
    store = HandStore(cases=[case(1, unit="desk-1")], complaints=[event(complaint_id="1", unit="desk-9")])
    lone = value(store, "CPR", by=("team",), subject="desk-9")
    assert (lone.value, lone.numerator, lone.n, lone.standing) == (None, 1, 0, Standing.EMPTY)


def test_output_is_weighted_and_divided_by_days_of_attendance():
    held = [
        {"case_id": "C1", "person": "Wang", "share": "0.2", "standard_minutes": 90, "resolved_month": OCTOBER},
        {"case_id": "C1", "person": "Li", "share": "0.8", "standard_minutes": 90, "resolved_month": OCTOBER},
        {"case_id": "C2", "person": "Wang", "share": 1, "standard_minutes": "30.5", "resolved_month": OCTOBER},
        {"case_id": "C3", "person": "Wang", "share": 1, "standard_minutes": 60, "resolved_month": OCTOBER,
         "reopen_gap": DAYS},
    ]  # fmt: skip
    attendance = [event(person="Wang", event_day=DAY + i, days=int(i < 4)) for i in range(5)]
    found = value(HandStore(shares=held, attendance=attendance), "WOC", by=("person",), subject="Wang")
    assert (found.numerator, found.denominator, found.n, found.value) == (
        Decimal("48.5"), 4, 4, Decimal("12.125"),
    )  # fmt: skip


def test_weighted_visits_per_day_count_days_in_the_field():
    visits = [event(case_id="1", visit_no=i, av="Sun", points=p) for i, p in enumerate(("1.5", "2", "0.3"))]
    attendance = [event(person="Sun", event_day=DAY + i, field=i < 2) for i in range(4)]
    found = value(HandStore(visits=visits, attendance=attendance), "VPD", by=("person",), subject="Sun")
    assert (found.numerator, found.denominator, found.value) == (Decimal("3.8"), 2, Decimal("1.9"))


def test_promoters_less_detractors():
    answers = [9] * 12 + [7] * 5 + [6] * 3
    store = HandStore(surveys=[event(survey_id=str(i), unit="desk-1", nps=a) for i, a in enumerate(answers)])
    found = value(store, "NPS")
    assert (found.value, found.numerator, found.denominator) == (Decimal(45), 9, 20)
    assert found.interval.low < Decimal(45) < found.interval.high


def test_satisfaction_counts_the_two_best_marks():
    store = HandStore(surveys=[event(survey_id=str(i), ag="Wang", csat=m) for i, m in enumerate((5, 4, 3, None))])
    assert round(value(store, "CSAT").value, 2) == Decimal("66.67")
    assert value(store, "CSAT_MEAN").value == Decimal(4)


def test_backlog_counts_cases_at_each_period_end():
    rows = [
        case(1, opened_month=OCTOBER - 2, ended_month=OCTOBER + 1, due_day=20_700),
        case(2, opened_month=OCTOBER, ended_month=None, due_day=20_760),
        case(3, opened_month=OCTOBER, ended_month=OCTOBER),
        case(4, opened_month=OCTOBER - 1, ended_month=OCTOBER, due_day=20_800),
    ]
    found = values(HandStore(cases=rows), "BKL", "BLA", first="2026-09", last="2026-11")
    assert [(v.indicator, v.period, v.value) for v in found] == [
        ("BKL", "2026-09", 2),
        ("BKL", "2026-10", 2),
        ("BKL", "2026-11", 1),
        ("BLA", "2026-09", 50),  # case 1 was due on 2026-09-04
        ("BLA", "2026-10", 50),
        ("BLA", "2026-11", 100),  # case 2 was due on 2026-11-03
    ]


@pytest.mark.parametrize("period", ["2026-W41", "2026-10-10", "2026-Q4", "2026-H2", "2026"])
def test_backlog_at_the_end_of_any_kind_of_period(period):
    whole = parse_period(period)
    last = (whole.end - date(1970, 1, 1)).days - 1
    rows = [
        case(1, opened_day=DAY - 3, resolved_day=None, resolved_month=None, due_day=last),
        case(2, opened_day=DAY - 3, resolved_day=None, resolved_month=None, due_day=last + 1),
    ]
    assert value(HandStore(cases=rows), "BLA", period=period).value == Decimal(50)


@pytest.mark.parametrize("period", ["2026-W41", "2026-10-10", "2026-Q4", "2026-H2", "2026"])
def test_a_case_falls_into_every_kind_of_period(period):
    assert value(HandStore(cases=[case(1, first_response_met=True)]), "FRS", period=period).n == 1


def test_money_is_shown_in_whole_units():
    store = HandStore(cases=[case(1, cost=12_550), case(2, cost=7_450)])
    assert value(store, "CPC").value == Decimal(100)


def test_over_compensation_is_a_part_of_what_was_paid():
    store = HandStore(costs=[
        event(cost_id="1", kind="compensation", amount=10_000, excess=2_000, unit="desk-1"),
        event(cost_id="2", kind="refund", amount=30_000, excess=0, unit="desk-1"),
        event(cost_id="3", kind="travel", amount=99_999, excess=0, unit="desk-1"),
    ])  # fmt: skip
    assert value(store, "OCP").value == Decimal(5)


def test_counters_of_other_systems_count_their_own_sample():
    store = HandStore(counters=[
        event(counter="SVL", subject="desk-1", person_team="desk-1", numerator=160, denominator=200),
        event(counter="ABN", subject="desk-1", person_team="desk-1", numerator=6, denominator=200),
        event(counter="SAF", subject="Sun", person="Sun", person_team="field", numerator=1),
    ])  # fmt: skip
    assert (value(store, "SVL").value, value(store, "SVL").n) == (Decimal(80), 200)
    assert value(store, "ABN", by=("team",), subject="desk-1").value == Decimal(3)
    assert value(store, "SAF").value == Decimal(1)


def test_groups_by_columns_keep_what_is_not_known():
    rows = [
        case(1, channel="web", in_warranty=True, first_response_met=True),
        case(2, first_response_met=False),
    ]
    found = values(HandStore(cases=rows), "FRS", by=("channel", "in_warranty"))
    assert [(v.subject, v.value) for v in found] == [(" · ", 0), ("web · true", 100)]


def test_an_indicator_says_which_column_it_waits_for():
    store = HandStore(cases=[case(1, a1="Wang")])
    found = values(store, "FRS", "RPR", "CSAT", "BKL", by=("person",))
    assert found.missing == {
        "FRS": ("cases.first_response_met",),
        "RPR": ("cases.device_id", "cases.ao"),
        "CSAT": ("surveys.event_month", "surveys.csat", "surveys.x1", "surveys.x2"),
        "BKL": ("cases.ao",),
    }
    assert len(found) == 0
    assert available(built_in().select(["FRS"]), store)["FRS"] == ("cases.first_response_met",)


def test_availability_already_asked_for_is_not_asked_again():
    store = HandStore(cases=[case(1, first_response_met=True)])
    request = Request(
        indicators=built_in().select(["FRS"]), first=parse_period("2026-10"), last=parse_period("2026-10")
    )
    assert len(compute_values(store, request, as_of=LATER, missing={})) == 1
    assert len(compute_values(store, request, as_of=LATER, missing={"FRS": ("cases.a1",)})) == 0


def test_without_spreads_there_are_no_intervals():
    store = HandStore(cases=[case(i, first_response_met=True, first_response_business=60) for i in range(9)])
    assert {v.interval for v in values(store, "FRS", "FRT", "FRT_P90", spreads=False)} == {None}


def test_periods_of_two_kinds_are_refused():
    store = HandStore(cases=[case(1)])
    with pytest.raises(CalculationError):
        values(store, "FRS", first="2026-10", last="2026-Q4")
    with pytest.raises(CalculationError):
        values(store, "FRS", first="2026-10", last="2026-09")
    with pytest.raises(CalculationError):
        values(store, "FRS", by=())


def test_an_unknown_indicator_is_named_with_near_ones():
    assert built_in().get("frs").code == "FRS"
    with pytest.raises(UnknownName) as caught:
        built_in().get("FRSS")
    assert "FRS" in caught.value.near
