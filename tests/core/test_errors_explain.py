"""Errors carry codes and facts; traces are trees that lose no digit."""

from __future__ import annotations

from decimal import Decimal

from fuxiao.core.errors import DefinitionError, FuxiaoError, Issue, UnknownName, did_you_mean
from fuxiao.core.explain import Trace, figure

TREE = Trace(
    "bonus.total",
    Decimal("2181.80"),
    "2181.82 − 0.02",
    inputs=(Trace("bonus.base", 1, params={"rate": Decimal("1.20")}),),
)


def test_an_error_says_its_code_and_facts() -> None:
    assert str(FuxiaoError("file.missing", path="a.csv")) == "file.missing(path='a.csv')"
    assert str(FuxiaoError("import.cancelled")) == "import.cancelled"


def test_a_refused_definition_lists_every_issue() -> None:
    refused = DefinitionError("scheme", [Issue("roles.a", "weight.sum", {"sum": 90}), Issue("grades", "field.missing")])
    assert str(refused) == "roles.a: weight.sum {'sum': 90}; grades: field.missing {}"
    assert str(DefinitionError("scheme", [])) == "definition.refused"


def test_near_names_come_best_first_whatever_the_case() -> None:
    assert did_you_mean("frs", ["FRT", "FRS", "CSAT"])[0] == "FRS"
    assert UnknownName("indicator", "xyz", ["FRT"]).near == ()


def test_of_a_few_names_all_are_told_where_none_is_alike() -> None:
    assert UnknownName("clock", "lunar", ["business"]).params["choices"] == ("business",)
    assert UnknownName("clock", "busines", ["business"]).params["choices"] == ()
    assert UnknownName("case", "xyz", map(str, range(1_000))).params["choices"] == ()


def test_a_trace_reads_from_the_top_and_finds_its_parts() -> None:
    assert [(depth, trace.code) for depth, trace in TREE.walk()] == [(0, "bonus.total"), (1, "bonus.base")]
    assert TREE.find("bonus.base") is TREE.inputs[0]
    assert TREE.find("bonus.cap") is None


def test_a_trace_as_plain_data_keeps_every_digit_and_nothing_empty() -> None:
    assert TREE.as_dict() == {
        "code": "bonus.total",
        "value": "2181.80",
        "formula": "2181.82 − 0.02",
        "inputs": [{"code": "bonus.base", "value": 1, "params": {"rate": "1.20"}}],
    }


def test_a_figure_in_a_formula_has_no_exponent_and_no_idle_zeros() -> None:
    assert [figure(Decimal(text)) for text in ("2.50", "1E+3", "100", "0.00")] == ["2.5", "1000", "100", "0"]
