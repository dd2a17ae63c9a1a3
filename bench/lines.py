"""What is compared with what: the lines of the table, in their order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A way, measured ``repeats`` times (once more before where it is ``warm``), beside the way ``against`` which it
    is measured; ``goal`` is for the reader, nothing fails on it; ``remark`` says where it does other work than that."""

    topic: str
    way: str
    title: str
    against: str = ""
    goal: str = ""
    repeats: int = 3
    warm: bool = True
    remark: str = ""


KNOWING = (
    "less work: one calendar, no versions of records, exclusions of tests only, cases never asked for what events tell"
)
FROM_FACTS = {"values", "live", "spark"}
"""Topics that begin with facts that are there; the others make what they need."""
UNCHECKED = "less work: nothing checked or counted, each row written once"
LINES = (
    Line("values", "values_sql", "hand-written SQL on the fact tables", repeats=5),
    Line("values", "values", "20 indicators × person × month from facts", "values_sql", "≤ 1.3, ≤ 2 GB", repeats=5),
    Line("values", "values_compile", "of that: from definitions to SQL", goal="≤ 0.1 s", repeats=5),
    Line("facts", "facts_sql", "hand-written SQL, the same columns of a case", repeats=1, warm=False),
    Line("facts", "facts", "fact table of cases from records", "facts_sql", "≤ 2", repeats=1, warm=False),
    Line("facts", "facts_all", "all fact tables from records", "facts_sql", repeats=1, warm=False),
    Line(
        "raw",
        "raw_pandas",
        "pandas, from records to the same values",
        "raw_question",
        "≥ 3",
        repeats=1,
        warm=False,
        remark=KNOWING,
    ),
    Line(
        "raw",
        "raw_polars",
        "polars, from records to the same values",
        "raw_question",
        "≥ 2",
        repeats=1,
        warm=False,
        remark=KNOWING,
    ),
    Line(
        "raw", "raw_question", "the product, the facts that these values read, then the values", repeats=1, warm=False
    ),
    Line("raw", "raw_whole", "the product, all facts stored, then the values", "raw_question", repeats=1, warm=False),
    Line("raw", "raw_same", "their figures compared with the product's", repeats=1, warm=False),
    Line("imports", "import_case_duckdb", "read_csv into Parquet, a row a case", remark=UNCHECKED),
    Line("imports", "import_case", "import, a row a case", "import_case_duckdb", "≤ 3"),
    Line("imports", "import_wide_duckdb", "read_csv into Parquet, a row a case of 43 columns", remark=UNCHECKED),
    Line("imports", "import_wide", "import, a row a case of 43 columns, some bad", "import_wide_duckdb", "≤ 3"),
    Line("imports", "import_event_duckdb", "read_csv into Parquet, a row an event", remark=UNCHECKED),
    Line("imports", "import_event", "import, a row an event", "import_event_duckdb", "≤ 3"),
    Line("imports", "import_state_duckdb", "read_csv into Parquet, a row a state", remark=UNCHECKED),
    Line("imports", "import_state", "import, a row a state", "import_state_duckdb", "≤ 3"),
    Line("imports", "import_workbook", "import of a workbook, 20,000 × 50", "", "< 60 s", warm=False),
    Line("live", "live_person", "one person's month after one new event", goal="≤ 0.020 s", repeats=50),
    Line("live", "live_everybody", "everybody's month", goal="≤ 0.150 s", repeats=10),
    Line("settle", "settle", "10,000 people × 8 indicators scored and settled", goal="≤ 2 s"),
    Line("verify", "work_out", "a month from records to amounts", repeats=1, warm=False),
    Line("verify", "verify", "the same month verified from its seal", "work_out", "≤ 1", repeats=1, warm=False),
    Line("spark", "values", "DuckDB in this process, for comparison", repeats=5),
    Line("spark", "spark", "a Spark cluster of two workers with one core each", "values", "the same digits"),
)
