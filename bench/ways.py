"""The ways that are measured, by name: each prepares in a home folder and gives back what is timed."""

from __future__ import annotations

from bench import cluster, facts, imports, raw, running, sealing, settling, values, with_pandas, with_polars
from bench.way import Prepare

WAYS: dict[str, Prepare] = {
    "values": values.by_product,
    "values_sql": values.by_hand,
    "values_compile": values.compiled_only,
    "facts": facts.cases_by_product,
    "facts_sql": facts.cases_by_hand,
    "facts_all": facts.all_by_product,
    "import_case": imports.by_product("case"),
    "import_case_duckdb": imports.by_duckdb("case"),
    "import_wide": imports.by_product("wide"),
    "import_wide_duckdb": imports.by_duckdb("wide", ", ignore_errors=true"),
    "import_event": imports.by_product("event"),
    "import_event_duckdb": imports.by_duckdb("event"),
    "import_state": imports.by_product("state"),
    "import_state_duckdb": imports.by_duckdb("state"),
    "import_workbook": imports.workbook,
    "raw_question": raw.by_product,
    "raw_whole": raw.whole,
    "raw_polars": with_polars.by_polars,
    "raw_pandas": with_pandas.by_pandas,
    "raw_same": raw.same,
    "live_person": running.one_person,
    "live_everybody": running.everybody,
    "settle": settling.score_and_settle,
    "work_out": sealing.compute,
    "verify": sealing.verify,
    "spark": cluster.values,
}
