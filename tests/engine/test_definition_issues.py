"""An indicator definition is refused with every issue, each at its path."""

from decimal import Decimal
from fractions import Fraction

import pytest

from fuxiao.core.errors import DefinitionError, UnknownName
from fuxiao.engine.definition import Spread, Statistic
from fuxiao.engine.fact_tables import CASES, FACT_TABLES, Kind, fact_table
from fuxiao.engine.reading import read_indicator

BOTH = {"zh": "及时率", "en": "in time"}
RATE = {
    "code": "OWN", "name": BOTH, "plain": BOTH, "unit": "percent", "direction": "higher", "minimum": 20,
    "kind": "speed", "dataset": "cases", "period": "opened", "credit": "A1",
    "numerator": "first_response_met", "denominator": "first_response_met is not null",
}  # fmt: skip
MEAN = {k: v for k, v in RATE.items() if k not in ("numerator", "denominator")} | {
    "unit": "minutes",
    "measure": "first_response",
}
CROSS = RATE | {"numerator": {"dataset": "complaints", "period": "event"}, "denominator": {"period": "resolved"}}
CROSS = CROSS | {"credit": "AU"}


def issues(raw):
    with pytest.raises(DefinitionError) as caught:
        read_indicator(raw)
    return [(issue.where, issue.code) for issue in caught.value.issues]


WRONG = [
    (RATE | {"nmin": 3}, "OWN.nmin", "field.unknown"),
    ({k: v for k, v in RATE.items() if k != "unit"}, "OWN.unit", "field.missing"),
    (RATE | {"name": {"zh": "及时率"}}, "OWN.name", "field.both_languages"),
    (RATE | {"plain": "in time"}, "OWN.plain", "field.both_languages"),
    (RATE | {"code": "own rate"}, "own rate.code", "indicator.code"),
    (RATE | {"unit": "percnt"}, "OWN.unit", "field.choice"),
    (RATE | {"direction": "up"}, "OWN.direction", "field.choice"),
    (RATE | {"kind": "fast"}, "OWN.kind", "field.choice"),
    (RATE | {"dataset": "case"}, "OWN.dataset", "field.choice"),
    (RATE | {"period": "open"}, "OWN.period", "field.choice"),
    (RATE | {"credit": "A2"}, "OWN.credit", "field.choice"),
    (RATE | {"exclusions": ["X11"]}, "OWN.exclusions", "field.choice"),
    (RATE | {"exclusions": "X3"}, "OWN.exclusions", "field.list_of_text"),
    (RATE | {"counter": [1]}, "OWN.counter", "field.list_of_text"),
    (RATE | {"minimum": -1}, "OWN.minimum", "field.whole_number"),
    (RATE | {"minimum": True}, "OWN.minimum", "field.whole_number"),
    (RATE | {"maturation": 10**30}, "OWN.maturation", "field.whole_number"),
    (RATE | {"direction": None}, "OWN.direction", "field.choice"),
    (RATE | {"dataset": None}, "OWN.dataset", "field.choice"),
    (RATE | {"dataset": ["cases"]}, "OWN.dataset", "field.choice"),
    (RATE | {"interval": None}, "OWN.interval", "field.choice"),
    (RATE | {"where": {}}, "OWN.where", "indicator.expression"),
    (RATE | {"where": None}, "OWN.where", "indicator.expression"),
    (RATE | {"where": 0}, "OWN.where", "expression.type"),
    (RATE | {"maturation": "14 d"}, "OWN.maturation", "field.whole_number"),
    (RATE | {"scale": "many"}, "OWN.scale", "field.number"),
    (RATE | {"benchmark": 90}, "OWN.benchmark", "field.both_languages"),
    (RATE | {"benchmark": {"text": BOTH, "value": "90 %"}}, "OWN.benchmark.value", "field.number"),
    (RATE | {"benchmark": {"text": BOTH, "source": {"zh": "协会"}}}, "OWN.benchmark.source", "field.both_languages"),
    (RATE | {"benchmark": {"text": BOTH, "values": 90}}, "OWN.benchmark.values", "field.unknown"),
    (RATE | {"numerator": "first_response_mett"}, "OWN.numerator", "expression.name"),
    (RATE | {"denominator": "channel"}, "OWN.denominator", "expression.type"),
    (RATE | {"where": "visits"}, "OWN.where", "expression.type"),
    (RATE | {"sample": "channel"}, "OWN.sample", "expression.type"),
    (RATE | {"unit": "money"}, "OWN.unit", "indicator.unit"),
    (RATE | {"measure": "visits"}, "OWN.measure", "indicator.measure_or_numerator"),
    (CROSS | {"where": "visits > 0"}, "OWN.where", "indicator.where_of_side"),
    ({k: v for k, v in RATE.items() if k != "numerator"}, "OWN.measure", "indicator.measure_or_numerator"),
    ({k: v for k, v in RATE.items() if k != "denominator"}, "OWN.denominator", "field.missing"),
    (MEAN | {"unit": "percent"}, "OWN.unit", "indicator.unit"),
    (MEAN | {"measure": "channel"}, "OWN.measure", "expression.type"),
    (MEAN | {"measure": "cost"}, "OWN.unit", "indicator.unit"),
    (MEAN | {"statistic": "p95"}, "OWN.statistic", "field.choice"),
    (MEAN | {"where": "visitss > 0"}, "OWN.where", "expression.name"),
    (MEAN | {"interval": "wide"}, "OWN.interval", "field.choice"),
    (MEAN | {"person": "a1"}, "OWN.person", "field.not_a_table"),
    (MEAN | {"person": {"unit": "hours"}}, "OWN.person.unit", "field.unknown"),
    (MEAN | {"person": {"measure": "channel"}}, "OWN.person.measure", "expression.type"),
    (CROSS | {"denominator": "visits"}, "OWN.denominator", "indicator.block"),
    (CROSS | {"numerator": {"table": "complaints"}}, "OWN.numerator.table", "field.unknown"),
    (CROSS | {"numerator": {"dataset": "complaint"}}, "OWN.numerator.dataset", "field.choice"),
    (CROSS | {"numerator": {"dataset": "complaints"}}, "OWN.numerator.period", "field.choice"),
    (CROSS | {"numerator": {"sum": "channel"}}, "OWN.numerator.sum", "expression.type"),
    (CROSS | {"numerator": {"exclusions": ["X8"]}}, "OWN.numerator.exclusions", "field.choice"),
    (CROSS | {"denominator": {"period": "resolved", "where": "1"}}, "OWN.denominator.where", "expression.type"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "where", "code"), WRONG, ids=[f"{w} {c} {n}" for n, (_, w, c) in enumerate(WRONG)])
def test_what_is_wrong_is_said_at_its_path(raw, where, code):
    assert (where, code) in issues(raw)


def test_all_issues_come_at_once():
    assert len(issues(RATE | {"unit": "percnt", "minimum": -1, "nmin": 3})) == 3
    assert len(issues(RATE | {"numerator": "a +", "denominator": "b"})) == 2
    wrong = RATE | {
        "unit": "percnt",
        "period": "opend",
        "where": "chanel = 'app' and reslution <= 4 h",
        "sample": "channel",
    }
    assert [where for where, _ in issues(wrong | {"numerator": "visit > 0"})] == [
        "OWN.unit", "OWN.period", "OWN.where", "OWN.where", "OWN.numerator", "OWN.sample",
    ]  # fmt: skip


def test_a_definition_without_a_code_is_named_by_its_place():
    with pytest.raises(DefinitionError) as caught:
        read_indicator({}, where="own.yaml: 1")
    assert {issue.where for issue in caught.value.issues} >= {"own.yaml: 1.code", "own.yaml: 1.unit"}


def test_a_rate_counts_rows_where_the_denominator_is_true():
    made = read_indicator(RATE | {"exclusions": ["X6", "X3"], "counter": ["FRQ"], "minimum": 20})
    assert (made.scale, made.statistic, made.spread) == (Fraction(100), Statistic.RATIO, Spread.PROPORTION)
    assert made.exclusions == ("X1", "X2", "X3", "X6")
    assert made.numerator.exclusions == ("X1", "X2", "X3")
    assert made.denominator.value is None
    assert made.denominator.guard.text == "first_response_met is not null"
    assert made.percentile is None
    assert made.by(("person",)) is made


def test_seconds_become_the_unit_of_the_figure():
    assert read_indicator(MEAN).scale == Fraction(1, 60)
    assert read_indicator(MEAN | {"unit": "days"}).scale == Fraction(1, 86_400)
    assert read_indicator(MEAN | {"measure": "cost", "unit": "money"}).scale == Fraction(1, 100)
    assert read_indicator(MEAN | {"measure": "reopens", "unit": "count"}).scale == 1
    assert read_indicator(RATE | {"scale": 1000}).scale == 1000


@pytest.mark.parametrize(
    ("raw", "spread"),
    [
        (MEAN, Spread.MEAN),
        (MEAN | {"statistic": "p90"}, Spread.PERCENTILE),
        (MEAN | {"statistic": "sum"}, Spread.NONE),
        (MEAN | {"statistic": "count", "unit": "count"}, Spread.NONE),
        (RATE | {"numerator": "visits"}, Spread.MEAN),
        (RATE | {"numerator": "visits", "denominator": "contacts"}, Spread.NONE),
        (CROSS, Spread.NONE),
        (CROSS | {"interval": "proportion"}, Spread.PROPORTION),
        (RATE | {"numerator": {"period": "resolved"}, "denominator": {}}, Spread.NONE),
    ],
)
def test_the_interval_is_the_one_that_is_honest_for_the_figure(raw, spread):
    assert read_indicator(raw).spread is spread


def test_a_percentile_knows_its_share():
    assert read_indicator(MEAN | {"statistic": "p90"}).percentile == Decimal("0.9")
    assert read_indicator(MEAN | {"statistic": "median"}).percentile == Decimal("0.5")


def test_a_person_may_be_measured_in_another_way_than_a_team():
    made = read_indicator(MEAN | {"person": {"credit": "AO", "measure": "own_resolution"}})
    assert made.by(("team",)).numerator.credit == "A1"
    assert made.by(("person", "channel")).numerator.credit == "AO"


def test_a_snapshot_knows_the_last_day_of_its_period():
    made = read_indicator(RATE | {"period": "snapshot", "numerator": "due_day <= period_end", "denominator": True})
    assert made.denominator.guard.text == "true"
    assert made.numerator.needs() == {"due_day", "period_end"}
    assert ("OWN.numerator", "expression.name") in issues(RATE | {"numerator": "due_day <= period_end"})
    assert ("OWN.period", "field.choice") in issues(
        RATE | {"dataset": "visits", "credit": "AV", "period": "snapshot", "numerator": "first", "denominator": "first"}
    )


def test_a_source_may_be_named_in_each_language():
    made = read_indicator(RATE | {"benchmark": {"text": BOTH, "source": {"zh": "起步值", "en": "starting value"}}})
    assert made.benchmark.source == {"zh": "起步值", "en": "starting value"}


def test_a_benchmark_keeps_its_number_and_source():
    made = read_indicator(RATE | {"benchmark": {"text": BOTH, "value": 90.5, "source": "SQM Group 2023"}})
    assert (made.benchmark.value, made.benchmark.source["zh"]) == (Decimal("90.5"), "SQM Group 2023")


def test_the_company_s_own_columns_may_be_used():
    tables = FACT_TABLES | {"cases": CASES.with_dimensions(["shop"])}
    assert read_indicator(RATE | {"where": "shop = 'A'"}, tables=tables).numerator.where.kind is Kind.FLAG


def test_an_unknown_fact_table_is_named_with_near_ones():
    assert fact_table("cases") is CASES
    with pytest.raises(UnknownName) as caught:
        fact_table("case")
    assert caught.value.near == ("cases",)
