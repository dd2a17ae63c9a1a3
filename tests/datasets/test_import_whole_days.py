"""A log that tells the day of a solution and not its time: it was solved by the end of that day."""

from __future__ import annotations

import pytest

from fuxiao.datasets.store import Store
from importing_tools import AT, bring, epoch, records

# Ibis still asks DuckDB 2 for tables by a name that DuckDB has renamed.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
MAPPING = """
shape = "case"
[cases.columns]
case_id = "id"
opened_at = "opened"
assigned_at = "assigned"
resolved_at = "resolved"
closed_at = "closed"
"""
HEAD = "id,opened,assigned,resolved,closed\n"


def resolved(store: Store, text: str, mapping: str = MAPPING) -> list[object]:
    bring(store, HEAD + text, mapping)
    return [at for _, at in records(store, "cases", "case_id", "resolved_at")]


def test_a_solution_on_the_day_of_its_opening_counts_at_the_end_of_that_day_and_the_report_says_how_many(
    store: Store,
) -> None:
    text = "1,2026-08-03 09:00,,2026-08-03,\n2,2026-08-03 09:00,,2026/8/4,\n3,2026-08-03 09:00,,2026-08-03 10:00,\n"
    both = MAPPING.replace('"resolved"', '{column = "resolved", format = ["iso", "%Y/%m/%d"]}')
    report = bring(store, HEAD + text, both)
    assert records(store, "cases", "case_id", "resolved_at") == [
        ("1", epoch("2026-08-03 23:59:59")), ("2", epoch("2026-08-04 23:59:59")), ("3", epoch("2026-08-03 10:00:00")),
    ]  # fmt: skip
    assert [(i.code, i.column, i.treatment, i.count) for i in report.quality.items] == [
        ("day_only", "resolved", "keep", 2)
    ]


def test_a_solution_on_an_earlier_day_than_its_opening_is_still_impossible(store: Store) -> None:
    report = bring(store, HEAD + "1,2026-08-03 09:00,,2026-08-02,\n", MAPPING)
    assert report.quality.count("impossible_order", "resolved") == 1
    assert records(store, "cases", "case_id", "resolved_at") == [("1", None)]


def test_where_the_opening_tells_only_its_day_too_days_are_counted(store: Store) -> None:
    assert resolved(store, "1,2026-08-03,,2026-08-03,\n2,2026-08-03,,2026-08-05,\n") == [
        epoch("2026-08-03 00:00:00"), epoch("2026-08-05 00:00:00"),
    ]  # fmt: skip


def test_what_is_told_by_the_day_does_not_come_after_what_followed_it_that_day(store: Store) -> None:
    bring(store, HEAD + "1,2026-08-03 09:00,2026-08-03,2026-08-03,2026-08-03 17:00\n", MAPPING)
    assert records(store, "cases", "assigned_at", "resolved_at") == [(epoch("2026-08-03 17:00"),) * 2]


def test_midnights_tell_days_where_one_of_them_would_come_before_its_opening(store: Store) -> None:
    same, next_day = "1,2026-08-03 09:00,,2026-08-03 00:00:00,\n", "2,2026-08-03 09:00,,2026-08-04 00:00:00,\n"
    assert resolved(store, same + next_day) == [epoch("2026-08-03 23:59:59"), epoch("2026-08-04 23:59:59")]


def test_a_midnight_among_other_times_is_a_time(store: Store) -> None:
    text = "1,2026-08-03 09:00,,2026-08-04 00:00,\n2,2026-08-03 09:00,,2026-08-04 08:00,\n"
    assert resolved(store, text) == [epoch("2026-08-04 00:00:00"), epoch("2026-08-04 08:00:00")]


def test_a_day_of_a_clock_change_ends_with_that_day(store: Store) -> None:
    there = 'zone = "America/New_York"\n' + MAPPING
    assert resolved(store, "1,2026-03-08 09:00,,2026-03-08,\n", there) == [epoch("2026-03-09 03:59:59")]


def test_a_solution_of_today_is_not_later_than_the_import(store: Store) -> None:
    there = 'zone = "Asia/Shanghai"\n' + MAPPING
    assert resolved(store, "1,2026-11-01 07:00,,2026-11-01,\n", there) == [int(AT.timestamp())]
