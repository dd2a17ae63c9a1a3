"""Queries thought out once are read again by the next process; whatever happens to the folder, facts are made."""

from __future__ import annotations

import re
from pathlib import Path

import ibis
import pytest

from fuxiao.datasets import fact_queries
from fuxiao.datasets.fact_queries import FactQueries
from fuxiao.datasets.making import in_duckdb
from fuxiao.engine.facts import FactPlan
from fuxiao.engine.pruning import Stage

CASES = ibis.table({"case_id": "string", "cost": "int64", "note": "string"}, name="given_cases")


class Thinking:
    """A plan of one fact table; ``times``: how often it was thought out."""

    def __init__(self):
        self.times = 0

    def __call__(self):
        self.times += 1
        stage = Stage("stage_0_cases", CASES.mutate(double=CASES.cost * 2))
        return FactPlan((stage,), {"cases": stage})


@pytest.fixture
def thinking(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return Thinking()


def in_a_new_process(thinking):
    fact_queries._tables.cache_clear()
    fact_queries._stages.cache_clear()
    return FactQueries("a company's columns and rules", thinking, in_duckdb)


def kept(tmp_path):
    return sorted((tmp_path / "fuxiao" / "queries").iterdir())


def test_the_next_process_reads_what_the_first_thought_out(thinking):
    first = in_a_new_process(thinking)
    made = first.whole(), first.tables["cases"].read().columns
    thought = thinking.times
    second = in_a_new_process(thinking)
    assert (second.whole(), second.tables["cases"].read().columns) == made
    assert thinking.times == thought


def test_a_question_is_answered_with_the_columns_that_it_reads(thinking):
    [stage] = in_a_new_process(thinking).only({"cases": ["double"]})
    assert list(stage.types) == ["double"]
    assert stage.sources == ["given_cases"]
    assert "note" not in stage.query


def test_what_was_thought_out_by_other_code_is_not_used(thinking, monkeypatch):
    in_a_new_process(thinking).whole()
    thought = thinking.times
    monkeypatch.setattr(fact_queries, "_code", lambda: "the next version")
    in_a_new_process(thinking).whole()
    assert thinking.times == 2 * thought


def test_all_code_that_thinks_queries_out_or_writes_them_tells_them_apart():
    folder = Path(fact_queries.__file__).parent
    plans = re.compile(r"^from fuxiao\..* import .*\b(?:FactPlan|plan_facts|Lookups)\b", re.MULTILINE)
    thinking = {path.stem for path in folder.rglob("*.py") if plans.search(path.read_text("utf-8"))}
    assert thinking <= {*fact_queries.THINKING}, "not kept with the code of now"
    assert {"making", "one_case"} <= thinking


def test_a_damaged_file_is_thought_out_again(thinking, tmp_path):
    made = in_a_new_process(thinking).whole()
    for path in kept(tmp_path):
        path.write_text("[{", encoding="utf-8")
    assert in_a_new_process(thinking).whole() == made
    thought = thinking.times
    assert in_a_new_process(thinking).whole() == made
    assert thinking.times == thought


def test_a_folder_that_cannot_be_there_costs_time_and_nothing_else(thinking, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert in_a_new_process(thinking).whole()
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(fact_queries.Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    assert in_a_new_process(thinking).whole()


def test_what_was_used_longest_ago_goes_first(thinking, tmp_path, monkeypatch):
    monkeypatch.setattr(fact_queries, "MOST", 3)
    for column in ("case_id", "cost", "note", "double"):
        in_a_new_process(thinking).only({"cases": [column]})
    assert len(kept(tmp_path)) == 3
    thought = thinking.times
    in_a_new_process(thinking).only({"cases": ["double"]})
    assert thinking.times == thought
