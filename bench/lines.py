"""What is compared with what: the lines of the table, in their order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A way, measured ``repeats`` times (once more before where it is ``warm``), beside the way ``against`` which it
    is measured; ``goal`` is for the reader, nothing fails on it."""

    topic: str
    way: str
    title: str
    against: str = ""
    goal: str = ""
    repeats: int = 3
    warm: bool = True


LINES = (
    Line("values", "values_sql", "hand-written SQL on the fact tables"),
    Line("values", "values", "20 indicators × person × month from facts", "values_sql", "≤ 1.3"),
    Line("values", "values_compile", "of that: from definitions to SQL", "", "≤ 0.1 s"),
    Line("facts", "facts_sql", "hand-written SQL, the same columns of a case", repeats=1, warm=False),
    Line("facts", "facts", "fact table of cases from records", "facts_sql", "≤ 2", repeats=1, warm=False),
    Line("facts", "facts_all", "all fact tables from records", "facts_sql", "", repeats=1, warm=False),
    Line("imports", "import_case_duckdb", "read_csv into Parquet, a row a case"),
    Line("imports", "import_case", "import, a row a case", "import_case_duckdb", "≤ 3"),
    Line("imports", "import_event_duckdb", "read_csv into Parquet, a row an event"),
    Line("imports", "import_event", "import, a row an event", "import_event_duckdb", "≤ 3"),
    Line("imports", "import_state_duckdb", "read_csv into Parquet, a row a state"),
    Line("imports", "import_state", "import, a row a state", "import_state_duckdb", "≤ 3"),
    Line("imports", "import_workbook", "import of a workbook, 20,000 × 50", "", "< 60 s", warm=False),
)
