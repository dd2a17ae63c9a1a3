"""The rows under a figure add up to it, whatever the facts."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuxiao.core.errors import UnknownName
from fuxiao.core.fairness.intervals import percentile_interval
from fuxiao.core.indicator import Standing, standing
from fuxiao.core.period import parse_period
from fuxiao.engine.compile import compile_values
from fuxiao.engine.rows import Scope, key_column
from fuxiao.metrics.drill import drill_down
from fuxiao.metrics.intervals import _ranks
from fuxiao.metrics.library import built_in
from fuxiao.metrics.values import Request, _standings, compute_values, run
from hand_facts import DAY, OCTOBER, HandStore, case, event, table_of

CODES = ("FRT", "FRT_P90", "FRS", "TTR", "FCR", "REO", "TRF_MEAN", "PND", "DOC", "BLA", "CPC", "CPR", "SIR")
PATHS = [{"team": t, "ancestor": a} for t, a in (("d1", "d1"), ("d1", "d"), ("d2", "d2"), ("d2", "d"))]

flags = st.booleans()
maybe = st.none() | st.booleans()
seconds = st.none() | st.integers(0, 10**7)
months = st.none() | st.integers(OCTOBER - 1, OCTOBER + 2)
people = st.none() | st.sampled_from(["Wang", "Li"])
teams = st.none() | st.sampled_from(["d1", "d2", "d9"])

CASES = st.lists(
    st.builds(
        dict, opened_month=months, resolved_month=months, first_resolved_month=months, a1=people, ao=people,
        ao_first=people, a1_team=teams, ao_team=teams, ao_first_team=teams, unit=teams, x1=flags, x2=flags, x3=flags,
        x7=flags, x9=flags, x10=flags, first_response_business=seconds, resolution_business=seconds,
        owner_held_business=seconds, first_response_met=maybe, resolved=flags,
        contacts=st.none() | st.integers(0, 3),
        transfers=st.integers(0, 3), reopens=st.integers(0, 2), reopen_gap=seconds, customer_gap=seconds,
        pause_customer=seconds, lead_business=seconds, filled=st.integers(0, 5), mandatory=st.integers(0, 5),
        cost=st.none() | st.integers(-10**6, 10**9), due_day=st.none() | st.integers(DAY - 60, DAY + 60),
    ),
    min_size=1, max_size=25,
)  # fmt: skip
COMPLAINTS = st.lists(
    st.builds(
        dict, unit=teams, validity=st.none() | st.sampled_from(["valid", "invalid", "pending"]), x1=flags,
        event_month=months,
    ),
    max_size=8,
)  # fmt: skip
SURVEYS = st.lists(
    st.builds(dict, unit=teams, ao=people, ao_team=teams, delivered=maybe, invited_month=months, x2=flags), max_size=8
)


def store_of(cases, complaints, surveys):
    return HandStore(
        cases=[{"case_id": f"C{i}", **row} for i, row in enumerate(cases)],
        complaints=[{"complaint_id": f"K{i}", **row} for i, row in enumerate(complaints)],
        surveys=[{"survey_id": f"S{i}", **row} for i, row in enumerate(surveys)],
        team_paths=PATHS,
    )


@given(CASES, COMPLAINTS, SURVEYS, st.sampled_from([("company",), ("person",), ("team",)]))
@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_the_rows_under_a_figure_add_up_to_it(cases, complaints, surveys, by):
    store = store_of(cases, complaints, surveys)
    indicators = built_in().select(CODES)
    october = parse_period("2026-10")
    request = Request(indicators=indicators, first=october, last=october.next(), by=by, spreads=False, exclusions=False)
    found = compute_values(store, request, as_of=date(2027, 6, 1), missing={})
    scope = request.scope
    for indicator in indicators:
        if indicator.code in found.unanswered:
            assert drill_down(store, indicator, scope).total == 0
            continue
        rows = drill_down(store, indicator, scope, limit=10_000).rows.to_pylist()
        for value in (v for v in found if v.indicator == indicator.code):
            own = [r for r in rows if (r.get(by[0], "company"), r["period"]) == (value.subject, value.period)]
            assert sum((r["n"] or 0 for r in own), Decimal(0)) == value.n
            assert_figure(indicator.by(scope.keys), value, own)


def assert_figure(indicator, value, rows):
    above = [r["numerator"] for r in rows if r["numerator"] is not None]
    if indicator.percentile is not None:
        expected = np.quantile([float(v) for v in above], float(indicator.percentile)) * float(indicator.scale)
        assert float(value.value) == pytest.approx(expected, abs=1e-6)
        return
    assert sum(above, Decimal(0)) == value.numerator
    below = sum((r["denominator"] or 0 for r in rows), Decimal(0))
    assert below == (value.denominator or 0)
    if value.value is not None:
        exact = Fraction(value.numerator) / Fraction(value.denominator) * indicator.scale
        assert abs(Fraction(value.value) - exact) <= Fraction(1, 2_000_000)


def test_a_page_shows_some_rows_and_the_sums_of_all():
    store = HandStore(cases=[case(i, first_response_met=i != 3, x3=i == 4) for i in range(5)])
    scope = Scope(first=OCTOBER, last=OCTOBER)
    page = drill_down(store, built_in().get("FRS"), scope, offset=3, limit=2)
    assert (page.total, page.sums) == (5, {"numerator": 3, "denominator": 4, "n": 4})
    assert page.rows.to_pylist() == [
        {"dataset": "cases", "record": "C3", "case_id": "C3", "period": "2026-10", "numerator": 0, "denominator": 1,
         "n": 1, "reason": None},
        {"dataset": "cases", "record": "C4", "case_id": "C4", "period": "2026-10", "numerator": None,
         "denominator": None, "n": None, "reason": "X3"},
    ]  # fmt: skip


def test_both_sides_of_a_rate_across_tables_are_shown():
    store = HandStore(cases=[case(1, unit="d1")], complaints=[event(complaint_id="K1", unit="d1", case_id="C1")])
    page = drill_down(store, built_in().get("CPR"), Scope(by=("team",), first=OCTOBER, last=OCTOBER))
    assert [(r["dataset"], r["record"], r["case_id"], r["team"]) for r in page.rows.to_pylist()] == [
        ("cases", "C1", "C1", "d1"),
        ("complaints", "K1", "C1", "d1"),
    ]


def test_rows_without_a_case_and_of_one_team_only():
    days = [event(person="Sun", person_team=team, event_day=DAY, available_min=480, handle_min=400)
            for team in ("d1", "d2")]  # fmt: skip
    store = HandStore(attendance=days, team_paths=PATHS)
    scope = Scope(by=("team",), first=OCTOBER, last=OCTOBER, only=("d1",))
    (row,) = drill_down(store, built_in().get("OCC"), scope).rows.to_pylist()
    assert (row["record"], row["case_id"], row["numerator"], row["reason"]) == ("Sun/20736", None, 400, None)


def test_a_wide_result_has_a_row_for_each_group_that_any_scan_knows():
    store = HandStore(
        cases=[case(1, a1="Wang", first_response_met=True), case(2, ao="Li", owner_held_business=3_600)],
        surveys=[event(survey_id="S1", ag="Zhao", csat=5)],
    )
    scope = Scope(by=("person",), first=OCTOBER, last=OCTOBER)
    plans = compile_values(built_in().select(["FRS", "TTR", "CSAT"]), store.all_facts, scope).plans
    rows = run(store, plans, scope.keys).to_pylist()
    assert [(r["person"], r["FRS__num"], r["TTR__num"], r["CSAT__num"]) for r in rows] == [
        ("Li", None, 3_600, None),
        ("Wang", 1, None, None),
        ("Zhao", None, None, 1),
    ]


def test_figures_that_are_the_same_are_computed_once():
    store = HandStore(cases=[case(1)])
    scope = Scope(by=("person",), first=OCTOBER, last=OCTOBER)
    (plan,) = compile_values(built_in().select(["FRT", "FRT_P90", "FRS"]), store.all_facts, scope).plans
    assert plan.columns["FRT", "n"] == plan.columns["FRT", "den"] == plan.columns["FRT_P90", "n"] == "FRT__den"


def test_a_table_that_was_not_built_is_said():
    store = HandStore(cases=[case(1)])
    compiled = compile_values(built_in().select(["CSAT"]), store.all_facts, Scope(first=OCTOBER, last=OCTOBER))
    assert (compiled.plans, compiled.unanswered) == ((), {"CSAT": "values.no_table"})


def test_a_column_only_some_tables_have_answers_only_some_indicators():
    store = HandStore(cases=[case(1)], attendance=[event(person="Sun", event_day=DAY)])
    scope = Scope(by=("channel",), first=OCTOBER, last=OCTOBER)
    compiled = compile_values(built_in().select(["FRT", "OCC"]), store.all_facts, scope)
    assert compiled.unanswered == {"OCC": "values.no_column"}


def test_columns_a_file_brought_can_be_grouped_by():
    rows = table_of("cases", [case(1, shop="A", first_response_met=True)], shop="string", weight="int64")
    store = HandStore(cases=rows)
    october = parse_period("2026-10")
    request = Request(indicators=built_in().select(["FRS"]), first=october, last=october, by=("shop",))
    assert [v.subject for v in compute_values(store, request, as_of=date(2027, 1, 1))] == ["A"]
    assert "weight" not in store.all_facts.declared["cases"].names()


@pytest.mark.parametrize("minimum", [1, 3, 5, 20])
def test_standings_over_a_column_are_those_of_one_value(minimum):
    n = np.arange(30)
    assert [Standing(s) for s in _standings(n, minimum).to_pylist()] == [standing(int(i), minimum=minimum) for i in n]


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_ranks_over_a_column_are_those_of_one_percentile(share):
    low, high = _ranks(np.arange(1, 60).astype(float), share)
    alone = [percentile_interval(list(range(n)), share) for n in range(1, 60)]
    assert [(e.low_rank, e.high_rank) for e in alone] == list(zip(low.tolist(), high.tolist(), strict=True))


def test_an_unknown_group_column_is_named_with_near_ones():
    store = HandStore(cases=[case(1)])
    with pytest.raises(UnknownName) as caught:
        key_column(store.all_facts.declared["cases"], built_in().get("FRT").numerator, "chanel")
    assert caught.value.near[0] == "channel"
