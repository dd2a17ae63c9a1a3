"""The three public service logs: proposed, imported as proposed, and counted against their own reference figures."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fuxiao.datasets.importing.propose import propose
from fuxiao.datasets.importing.run import ImportReport
from fuxiao.datasets.store import Store
from importing_tools import bring, records

FOLDER = Path(os.environ.get("FUXIAO_DATASETS", "/nonexistent"))
pytestmark = [
    pytest.mark.realdata,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="FUXIAO_DATASETS does not name the folder of the public logs"),
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
]


def as_proposed(store: Store, file: str) -> ImportReport:
    path = FOLDER / file
    return bring(store, path, propose(store.scratch(), path).text)


def test_the_help_desk_log_as_proposed(store: Store) -> None:
    report = as_proposed(store, "helpdesk-italy/helpdesk.csv")
    assert (report.rows, report.rejected, report.accepted["cases"]) == (21_348, 0, 4_580)
    assert report.quality.count("duplicate_row") == 127
    assert [report.quality.count("changed_inside_case", c) for c in ("seriousness_2", "service_level", "customer")] == [
        77,
        43,
        7,
    ]
    cases = records(store, "cases", "resolved_at", "opened_at", "first_response_at", "reopened_at")
    resolved = [row for row in cases if row[0] is not None]
    assert len(resolved) == 4_569
    assert sum(1 for row in resolved if row[3] is not None) == 152
    hours = [(row[2] - row[1]) / 3600 for row in resolved if row[2] is not None]
    assert len(hours) == 4_278
    assert sum(hours) / len(hours) == pytest.approx(97.301662, abs=1e-6)
    assert sum(r - o for r, o, *_ in resolved) / 3600 / len(resolved) == pytest.approx(276.912422, abs=1e-6)


def test_the_shop_contacts_as_proposed(store: Store) -> None:
    report = as_proposed(store, "shopzilla-csat/dev.csv")
    assert (report.rows, report.rejected, report.accepted) == (8_243, 0, {"cases": 8_243, "surveys": 8_243})
    assert report.quality.count("impossible_order", "issue_responded") == 321
    answered = [(a, o) for a, o in records(store, "cases", "first_response_at", "opened_at") if a is not None]
    assert len(answered) == 7_922
    assert sum(a - o for a, o in answered) / 60 / len(answered) == pytest.approx(172.880, abs=1e-3)
    ratings = [c for (c,) in records(store, "surveys", "csat")]
    assert sum(ratings) / len(ratings) == pytest.approx(4.234502, abs=1e-6)


def test_the_call_centre_as_proposed(store: Store) -> None:
    report = as_proposed(store, "callcenter-appliance/Call_Center.csv")
    assert (report.rows, report.rejected, report.accepted) == (1_772, 0, {"cases": 1_772, "surveys": 1_455})
    assert [(item.code, item.count) for item in report.quality.items] == [("dated_by_opening", 1_455)]
    cases = records(store, "cases", "opened_at", "first_response_at", "resolved_at", "handle_seconds")
    speeds = [a - o for o, a, _, _ in cases if a is not None]
    assert (len(speeds), sum(1 for row in cases if row[2] is not None)) == (1_455, 1_311)
    assert sum(speeds) / len(speeds) == pytest.approx(67.219931, abs=1e-6)
    talks = [talk for *_, talk in cases if talk is not None]
    assert sum(talks) / len(talks) == pytest.approx(226.124399, abs=1e-6)
