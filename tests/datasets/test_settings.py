"""The settings of a home folder, its calendars and service levels: defaults, and every mistake named at once."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from facts_world import make_home
from fuxiao.base.calendars import read_calendars, read_policies
from fuxiao.base.settings import Settings, Windows, parse_settings, read_settings
from fuxiao.core.errors import DefinitionError, StoreError


def issues_of(raw: dict[str, object]) -> dict[str, str]:
    with pytest.raises(DefinitionError) as refused:
        parse_settings(raw)
    return {issue.where: issue.code for issue in refused.value.issues}


def test_what_is_not_named_keeps_its_default() -> None:
    assert parse_settings({}) == Settings()
    assert parse_settings({"windows": {"cut_off_workdays": 3}}) == Settings(windows=Windows(cut_off_workdays=3))


def test_what_homes_and_seals_of_before_set_and_nothing_reads_any_more_is_passed_over() -> None:
    assert parse_settings({"windows": {"survey_days": 7}}) == Settings()


def test_values_are_read_exactly_as_written(tmp_path: Path) -> None:
    (tmp_path / "fuxiao.toml").write_text(
        '﻿name = " 格力售后 "\nzone = "Europe/Berlin"\nno_access_points = 0.25\nmandatory = ["category"]\n',
        encoding="utf-8",
    )
    found = read_settings(tmp_path)
    assert (found.name, found.zone, found.no_access_points, found.mandatory) == (
        "格力售后", "Europe/Berlin", Decimal("0.25"), ("category",),
    )  # fmt: skip


def test_every_mistake_is_named_with_its_place() -> None:
    raw = {
        "nam": "x", "zone": "Asia/Shangha", "currency": "yuan", "language": "fr", "calendar": 5,
        "mandatory": ["categori"], "no_access_points": 2, "windows": {"cut_off_workdays": -1, "survey": 1},
    }  # fmt: skip
    assert issues_of(raw) == {
        "nam": "field.unknown", "zone": "calendar.zone_unknown", "currency": "settings.currency_unknown",
        "language": "settings.language_unknown", "calendar": "field.wrong_type", "mandatory": "settings.column_unknown",
        "no_access_points": "settings.not_a_part", "windows.cut_off_workdays": "field.wrong_type",
        "windows.survey": "field.unknown",
    }  # fmt: skip


def test_the_everyday_name_of_a_currency_is_answered_with_its_code() -> None:
    with pytest.raises(DefinitionError) as refused:
        parse_settings({"currency": "RMB"})
    (issue,) = refused.value.issues
    assert (issue.code, issue.params["near"]) == ("settings.currency_unknown", ("CNY",))


@pytest.mark.parametrize("value", [True, 1.5, "ten"])
def test_a_count_is_a_whole_number(value: object) -> None:
    assert issues_of({"windows": {"cut_off_workdays": value}}) == {"windows.cut_off_workdays": "field.wrong_type"}


def test_windows_that_are_no_table_are_refused() -> None:
    assert issues_of({"windows": 5}) == {"windows": "field.not_a_table"}
    assert issues_of({"no_access_points": "much", "mandatory": "category"}) == {
        "no_access_points": "field.wrong_type",
        "mandatory": "field.wrong_type",
    }


def test_a_folder_without_settings_is_no_home(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as missing:
        read_settings(tmp_path)
    assert missing.value.code == "home.missing"


def test_settings_that_are_no_toml_say_so(tmp_path: Path) -> None:
    (tmp_path / "fuxiao.toml").write_text("name = ", encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        read_settings(tmp_path)
    assert refused.value.issues[0].code == "toml.unreadable"


def test_calendars_and_service_levels_of_a_home_are_read(tmp_path: Path) -> None:
    home = make_home(tmp_path, service_levels="policies:\n- {key: a, calendar: desk, resolution_minutes: 60}\n")
    calendars = read_calendars(home, read_settings(home))
    assert sorted(calendars) == ["always", "desk"]
    assert [policy.resolution_minutes for policy in read_policies(home, calendars)] == [60]
    (home / "service_levels.yaml").unlink()
    assert read_policies(home, calendars) == ()


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("calendars/9.yaml", "key: [", "yaml.unreadable"),
        ("calendars/9.yaml", "- a", "field.not_a_table"),
        ("calendars/9.yaml", "{key: desk, zone: UTC, week: {mon: ['09:00-10:00']}}", "key.twice"),
        ("fuxiao.toml", 'calendar = "dask"', "calendar.unknown"),
        ("service_levels.yaml", "policies: 5", "field.not_a_list"),
    ],
)
def test_a_wrong_definition_is_refused(tmp_path: Path, file: str, text: str, code: str) -> None:
    home = make_home(tmp_path)
    (home / file).write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        read_policies(home, read_calendars(home, read_settings(home)))
    assert [issue.code for issue in refused.value.issues] == [code]
