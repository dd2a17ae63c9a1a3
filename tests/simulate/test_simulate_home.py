"""The simulated company goes through the ordinary import, and its home folder reads without an issue."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from fuxiao.base.settings import read_settings
from fuxiao.core.calendar import parse_calendar
from fuxiao.core.service_level import parse_policies
from fuxiao.datasets.importing.mapping_read import read_mapping
from fuxiao.datasets.importing.run import ImportReport, import_file
from fuxiao.datasets.store import Store
from fuxiao.performance.decisions import read_decisions
from fuxiao.simulate import Truths, simulate, write_home
from fuxiao.simulate.layout import COUNTERS, FILES


@pytest.fixture(scope="module")
def truths(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truths]:
    folder = tmp_path_factory.mktemp("raw")
    return folder, simulate(folder, seed=11, start=date(2026, 7, 1), months=4, cases_per_person_month=20)


@pytest.fixture(scope="module")
def reports(truths: tuple[Path, Truths], tmp_path_factory: pytest.TempPathFactory) -> dict[str, ImportReport]:
    folder, planted = truths
    home = tmp_path_factory.mktemp("home")
    write_home(home, truths=planted)
    store = Store.open(home)
    at = datetime(2026, 11, 8, tzinfo=UTC)
    return {
        file.stem: import_file(store, folder / file.name, read_mapping(home / "mappings" / f"{file.stem}.toml"), at=at)
        for file in FILES
    }


def test_every_file_is_imported_and_nothing_is_refused_but_the_planted_faults(
    truths: tuple[Path, Truths], reports: dict[str, ImportReport]
) -> None:
    faults = [fault for fault in truths[1].faults if fault.kind != "duplicate_row"]
    found = {(r.source, f.line, f.column, f.value) for r in reports.values() for f in r.findings}
    assert {(fault.file, fault.line, fault.column, fault.value) for fault in faults} <= found
    refused = {"impossible_date", "missing_key", "not_an_amount", "missing_person"}
    assert sum(r.rejected for r in reports.values()) == sum(fault.kind in refused for fault in faults)
    assert all(report.accepted for report in reports.values())


def test_late_cases_come_as_new_ones(truths: tuple[Path, Truths], reports: dict[str, ImportReport]) -> None:
    added = reports["工单_补录"].datasets["cases"]
    assert (added.new, added.replaced) == (truths[1].late_cases, 0)


def test_every_counter_is_one_that_the_indicators_know(truths: tuple[Path, Truths]) -> None:
    counters = next(column.values for column in COUNTERS.columns if column.target == "counter")
    with (truths[0] / COUNTERS.name).open(encoding=COUNTERS.encoding, newline="") as file:
        assert {row["计数项"] for row in csv.DictReader(file)} == set(counters)


def test_the_home_folder_reads_without_an_issue(truths: tuple[Path, Truths], tmp_path: Path) -> None:
    written = write_home(tmp_path, truths=truths[1], templates={"schemes/own.yaml": "scheme: own\n"})
    assert (tmp_path / "schemes/own.yaml") in written
    assert read_settings(tmp_path).name == "澜川电器服务部"
    calendars = {
        calendar.key: calendar
        for path in (tmp_path / "calendars").iterdir()
        for calendar in [parse_calendar(yaml.safe_load(path.read_text(encoding="utf-8")))]
    }
    assert set(calendars) == {"service", "field", "office"}
    levels = yaml.safe_load((tmp_path / "service_levels.yaml").read_text(encoding="utf-8"))
    assert [p.priority for p in parse_policies(levels["policies"], calendars=calendars)] == ["紧急", "普通", "低"]
    assert truths[1].better_engineer in read_decisions(tmp_path).events


def test_the_office_calendar_knows_national_day_and_its_make_up_workday(
    truths: tuple[Path, Truths], tmp_path: Path
) -> None:
    write_home(tmp_path, truths=truths[1])
    office = parse_calendar(yaml.safe_load((tmp_path / "calendars/office.yaml").read_text(encoding="utf-8")))
    assert office.spans_on(date(2026, 10, 1)) == ()
    assert office.spans_on(date(2026, 10, 10)) == office.spans_on(date(2026, 10, 12)) != ()
    assert office.spans_on(date(2026, 10, 11)) == ()
