"""Events whose file numbers them inside their case."""

from __future__ import annotations

import pytest

from fuxiao.datasets.store import Store
from importing_tools import bring, records

# Ibis still asks DuckDB 2 for tables by a name that DuckDB has renamed.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

NUMBERED = """
shape = "case"
[case_events.columns]
case_id = "case"
seq = "n"
at = "at"
activity = "what"
[case_events.types]
open = "created"
solve = "resolved"
"""


def test_events_keep_the_numbers_of_their_file(store: Store) -> None:
    rows = "1,7,2026-08-03 09:00,look\n1,2,2026-08-03 09:01,open\n1,?,2026-08-03 09:02,solve\n"
    report = bring(store, f"case,n,at,what\n{rows}", NUMBERED)
    assert records(store, "case_events", "seq", "activity") == [(2, "open"), (7, "look")]
    assert report.rejected == 1, "numbers that the file gives are not made up where it lacks one"


def test_an_activity_of_two_events_loses_none_where_the_file_numbers_its_rows(store: Store) -> None:
    log = "case,n,at,what\n1,1,2026-08-03 09:00,open\n1,2,2026-08-03 09:10,take\n1,3,2026-08-03 09:30,solve\n"
    bring(store, log, NUMBERED + 'take = ["accepted", "responded"]\n')
    assert [kind for _, kind in records(store, "case_events", "seq", "type")] == [
        "created", "accepted", "responded", "resolved",
    ]  # fmt: skip


def test_two_events_of_one_number_are_one_and_the_later_line_holds(store: Store) -> None:
    report = bring(store, "case,n,at,what\n1,1,2026-08-03 09:00,open\n1,1,2026-08-03 09:30,solve\n", NUMBERED)
    assert records(store, "case_events", "seq", "type") == [(1, "resolved")]
    assert report.quality.count("duplicate_key") == 1
