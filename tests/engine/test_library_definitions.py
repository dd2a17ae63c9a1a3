"""The indicators that ship with the product: complete, typed, and compiled against the fact tables."""

import re
import time

import ibis
import pytest

from fuxiao.core.indicator import Direction
from fuxiao.engine.compile import compile_exclusions, compile_values, wide
from fuxiao.engine.drill import compile_rows
from fuxiao.engine.fact_tables import CLOCK_REASONS, FACT_TABLES
from fuxiao.engine.rows import Scope, facts_of
from fuxiao.metrics.library import built_in

FACTS = facts_of(
    {name: ibis.table(table.schema(), name=name) for name, table in FACT_TABLES.items()},
    team_paths=ibis.table({"team": "string", "ancestor": "string", "level": "int64"}, name="team_paths"),
)
CODES = [
    "FRT",
    "FRT_P50",
    "FRT_P90",
    "FRT_OPEN",
    "FRS",
    "FRQ",
    "C3M",
    "SVL",
    "ABN",
    "TTR",
    "TTR_P50",
    "TTR_P90",
    "TRS",
    "FCR",
    "FCRS",
    "REO",
    "HRR",
    "TRF",
    "PNG",
    "ESC",
    "PND",
    "BLA",
    "WOC",
    "AHT",
    "OCC",
    "DOC",
    "CSAT",
    "CSAT_MEAN",
    "SIR",
    "SRR",
    "NPS",
    "CES",
    "CPR",
    "RCP",
    "CAK",
    "CCL",
    "CRE",
    "QA",
    "CEA",
    "DSP",
    "A24",
    "ONT",
    "FTF",
    "RPR",
    "MTR",
    "VPD",
    "UTL",
    "NFF",
    "SPC",
    "WDA",
    "SAF",
    "CHG",
    "PFR",
    "PLT",
    "WPR",
    "INV",
    "OPR",
    "DOS",
    "CPC",
    "WCR",
    "OCP",
    "RFT",
    "CLR",
    "ONE",
    "IMP",
    "TRN",
    "TNV",
    "ENP",
    "APL",
    "RSD",
    "TPV",
    "DRT",
    "KBU",
    "PRC",
    "MIR",
    "UPW",
]
ALL = list(built_in())


def test_every_indicator_of_the_field_is_there():
    assert set(CODES) <= {each.code for each in ALL}


@pytest.mark.parametrize("indicator", ALL, ids=[each.code for each in ALL])
def test_an_indicator_compiles_for_persons_teams_company_and_dimensions(indicator):
    for by in (("person",), ("team",), ("company",), ("team", "channel")):
        scope = Scope(by=by, first=24_300, last=24_311)
        compiled = compile_values([indicator], FACTS, scope, spreads=True)
        if compiled.unanswered:
            assert compiled.unanswered[indicator.code] in ("values.no_person", "values.no_column")
            assert compile_rows(indicator, FACTS, scope) is None
            continue
        assert ibis.to_sql(wide(compiled.plans), dialect="duckdb")
        assert ibis.to_sql(compile_rows(indicator, FACTS, scope), dialect="duckdb")
        for plan in compile_exclusions([indicator], FACTS, scope).plans:
            assert ibis.to_sql(plan.expr, dialect="duckdb")


@pytest.mark.parametrize("indicator", ALL, ids=[each.code for each in ALL])
def test_an_indicator_is_worded_in_both_languages(indicator):
    for texts in (indicator.name, indicator.plain, indicator.gaming or indicator.name):
        assert re.search(r"[\u4e00-\u9fff]|^[A-Z0-9 ]+$", texts["zh"])
        assert not re.search(r"[\u4e00-\u9fff]", texts["en"])
    assert indicator.plain["zh"].endswith("。")
    assert indicator.plain["en"].endswith(".")


def test_speed_and_volume_bring_a_counter_indicator_and_what_may_be_gamed():
    lacking = [each.code for each in ALL if each.kind in ("speed", "volume") and not each.counter]
    assert lacking == []


def test_reasons_are_known():
    for each in ALL:
        tables = [FACT_TABLES[p.dataset] for p in (each.numerator, each.denominator) if p is not None]
        known = {reason for table in tables for reason in table.exclusions} | set(CLOCK_REASONS)
        assert set(each.exclusions) <= known


def test_every_direction_occurs():
    assert {each.direction for each in ALL} == set(Direction)


def test_twenty_indicators_compile_in_a_blink():
    twenty = [each for each in ALL if each.numerator.dataset in ("cases", "surveys")][:20]
    scope = Scope(by=("person",), first=24_300, last=24_359)
    plans = compile_values(twenty, FACTS, scope).plans
    started = time.perf_counter()
    plans = compile_values(twenty, FACTS, scope).plans
    spent = time.perf_counter() - started
    assert len(plans) <= 7
    assert spent < 1.0, f"{spent:.3f} s"
