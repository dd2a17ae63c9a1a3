"""The indicators that ship with the product: complete, typed, and compiled against the fact tables."""

import re

import ibis
import pytest

from cases_reader import read_cases
from fuxiao.core.indicator import Direction
from fuxiao.engine.compile import compile_exclusions, compile_values
from fuxiao.engine.drill import compile_rows
from fuxiao.engine.fact_tables import CLOCK_REASONS, FACT_TABLES
from fuxiao.engine.rows import Scope, facts_of
from fuxiao.metrics.library import built_in

FACTS = facts_of(
    {name: ibis.table(table.schema(), name=name) for name, table in FACT_TABLES.items()},
    team_paths=ibis.table({"team": "string", "ancestor": "string", "level": "int64"}, name="team_paths"),
)
ALL = list(built_in())


def told_in_brief(code):
    """What the cases name of a definition; everything leaves out tests and duplicates where cases stand behind it."""
    unit = built_in().get(code)
    person = unit.by(("person",)).numerator.credit
    facts = {
        "person": person if person != unit.numerator.credit else None,
        "matures": unit.maturation,
        "without": [reason for reason in unit.exclusions if reason not in ("X1", "X2")],
    }
    return {
        "unit": unit.unit, "better": unit.direction, "credit": unit.numerator.credit, "period": unit.numerator.period,
        "minimum": unit.minimum, **{name: fact for name, fact in facts.items() if fact},
    }  # fmt: skip


@pytest.mark.parametrize("case", read_cases("library.yaml"), ids=lambda case: case.name)
def test_an_indicator_is_defined_as_the_field_defines_it(case):
    assert {code: told_in_brief(code) for code in case.expect} == case.expect


def test_every_definition_names_what_it_is_read_with_how_it_may_be_gamed_and_what_others_reach():
    for each in ALL:
        assert each.counter, each.code
        assert each.gaming, each.code
        assert each.benchmark, each.code  # where nobody publishes a figure, it says to find one's own
        assert each.benchmark.source or each.benchmark.value is None, each.code


@pytest.mark.parametrize("by", [("person",), ("team",), ("company",), ("team", "channel")])
def test_every_indicator_compiles_for_these_groups_or_says_why_not(by):
    scope = Scope(by=by, first=24_300, last=24_311)
    values, left_out = compile_values(ALL, FACTS, scope, spreads=True), compile_exclusions(ALL, FACTS, scope)
    assert set(values.unanswered.values()) <= {"values.no_person", "values.no_column"}
    answered = {code for plan in values.plans for code, _ in plan.columns}
    assert answered | set(values.unanswered) == {each.code for each in ALL}
    for plan in (*values.plans, *left_out.plans):
        assert ibis.to_sql(plan.expr, dialect="duckdb")
    for each in ALL:
        assert (compile_rows(each, FACTS, scope) is None) == (each.code in values.unanswered)


def test_the_company_has_every_indicator():
    assert compile_values(ALL, FACTS, Scope(by=("company",), first=24_300, last=24_311)).unanswered == {}


def test_every_indicator_is_worded_in_both_languages():
    for each in ALL:
        for texts in (each.name, each.plain, each.gaming):
            assert re.search(r"[\u4e00-\u9fff]", texts["zh"]), each.code
            assert not re.search(r"[\u4e00-\u9fff]", texts["en"]), each.code
        for texts in (each.benchmark.text, each.benchmark.source):
            assert not re.search(r"[\u4e00-\u9fff]", texts.get("en", "")), each.code
        assert (each.plain["zh"][-1], each.plain["en"][-1]) == ("。", "."), each.code


def test_reasons_are_known():
    for each in ALL:
        tables = [FACT_TABLES[p.dataset] for p in (each.numerator, each.denominator) if p is not None]
        known = {reason for table in tables for reason in table.exclusions} | set(CLOCK_REASONS)
        assert set(each.exclusions) <= known


def test_every_direction_occurs():
    assert {each.direction for each in ALL} == set(Direction)


def test_the_cost_per_case_is_lower_the_better_for_a_unit_and_a_range_for_a_person():
    cost = built_in().get("CPC")
    assert [cost.by((whose,)).direction for whose in ("company", "team", "person")] == ["lower", "lower", "range"]


def test_twenty_indicators_are_a_few_scans():
    twenty = [each for each in ALL if each.numerator.dataset in ("cases", "surveys")][:20]
    scope = Scope(by=("person",), first=24_300, last=24_359)
    assert len(compile_values(twenty, FACTS, scope).plans) <= 8
