"""A mapping that a person typed: read, written again, and refused with everything that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuxiao.core.errors import DefinitionError, InputError
from fuxiao.datasets.importing.mapping import Condition, EventType, Expression, Shape
from fuxiao.datasets.importing.mapping_read import parse_mapping, read_mapping
from fuxiao.datasets.importing.mapping_write import mapping_text
from importing_tools import CASES, bring, new_store

CLOSED = "cases.columns.closed_at"
ABSENT = [("cases.when.x.absent", "mapping.name_unknown")]
FULL = """
name = "calls"
shape = "event"
zone = "Europe/Rome"
decimal = ","
nulls = ["", "x"]
yes = ["si"]
no = ["non"]
drop = ["rubbish"]
[file]
encoding = "gb18030"
delimiter = ";"
quote = "'"
header = 3
sheet = "S"
member = "a.csv"
[case_events]
reopen_on = ["take"]
pause_ends = "next_event"
[case_events.columns]
case_id = {columns = ["A", "B"], join = "-"}
at = {first_of = ["C", {column = "D", format = ["%d/%m/%Y", "iso"], zone = "UTC"}]}
recorded_at = {after = "at", minutes = ["E"]}
activity = {column = "F", values = {"老" = "old"}}
actor = {column = "G", when = {H = "Y", I = ["a", "b"], J = {present = true}, K = {present = false}, L = {not = "z"}}}
source = {value = "log"}
[case_events.types]
take = ["accepted", "responded"]
hold = "pend_start:parts"
[case_events.when]
M = {present = true}
[case_events.treatments]
recorded_at = "keep"
[cases.columns]
case_id = "A"
handle_seconds = {column = "N", unit = "minutes"}
[cases.dimensions]
tenure = "Tenure Bucket"
"""


def issues(text: str) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as error:
        parse_mapping(text)
    return [(issue.where, issue.code) for issue in error.value.issues]


def test_every_form_of_a_mapping_is_read() -> None:
    mapping = parse_mapping(FULL)
    events = mapping.table("case_events")
    assert events is not None
    assert (mapping.shape, mapping.main, mapping.file.header) == (Shape.EVENT, "cases", 3)
    assert events.columns["case_id"] == Expression(columns=("A", "B"), join="-")
    assert events.columns["recorded_at"] == Expression(after="at", spans=("E",), unit="minutes")
    assert events.columns["at"].first_of[1].formats == ("%d/%m/%Y", "iso")
    assert events.columns["actor"].when == (
        Condition("H", ("Y",)), Condition("I", ("a", "b")), Condition("J"), Condition("K", negated=True),
        Condition("L", ("z",), negated=True),
    )  # fmt: skip
    assert events.types == {
        "take": (EventType("accepted"), EventType("responded")),
        "hold": (EventType("pend_start", "parts"),),
    }
    assert list(events.columns["actor"].sources()) == ["G", "H", "I", "J", "K", "L"]


def test_a_mapping_written_and_read_again_is_the_same() -> None:
    mapping = parse_mapping(FULL)
    assert parse_mapping(mapping_text(mapping)) == mapping
    assert parse_mapping(mapping_text(mapping)).digest == mapping.digest


def test_all_mistakes_are_listed_with_the_nearest_right_names() -> None:
    text = """
shap = "case"
zone = "Asia/Shangai"
[cases.columns]
case_id = "id"
opend_at = "x"
first_response_at = {colum = "y"}
closed_at = {after = "opened", seconds = "s"}
resolved_at = {after = "closed_at"}
accepted_at = {after = "closed_at", seconds = "Wait", unit = "minutes"}
handle_seconds = {column = "h", unit = "fortnights"}
[cases.treatments]
closed_at = "ignore"
[casess]
[file]
header = "first"
"""
    with pytest.raises(DefinitionError) as error:
        parse_mapping(text)
    found = {issue.where: (issue.code, issue.params.get("near")) for issue in error.value.issues}
    assert found["shap"] == ("mapping.name_unknown", ("shape",))
    assert found["casess"] == ("mapping.name_unknown", ("cases",))
    assert found["zone"][0] == "calendar.zone_unknown"
    assert found["cases.columns.opend_at"] == ("mapping.name_unknown", ("opened_at", "reopened_at", "closed_at"))
    assert found["cases.columns.opened_at"] == ("mapping.required_missing", None)
    assert found["cases.columns.first_response_at.colum"][1] is not None
    assert found["cases.columns.first_response_at"] == ("mapping.one_form", None)
    assert found["cases.columns.closed_at.after"][0] == "mapping.after_unknown"
    assert found["cases.columns.resolved_at"] == ("mapping.after_needs_span", None)
    assert found["cases.columns.accepted_at"] == ("mapping.after_needs_span", None)
    assert found["cases.columns.handle_seconds.unit"][0] == "mapping.value_unknown"
    assert found["cases.treatments.closed_at"][0] == "mapping.value_unknown"
    assert found["file.header"] == ("mapping.wrong_type", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('shape = "case"', [("mapping", "mapping.no_dataset")]),
        ('shape = "event"\n[cases.columns]\ncase_id = "a"', [("case_events", "mapping.events_missing")]),
        ('shape = "moon"\n' + CASES.replace('shape = "case"', ""), [("shape", "mapping.value_unknown")]),
        ("a = [", [("mapping", "toml.unreadable")]),
        ('cases = "x"', [("cases", "mapping.wrong_type")]),
        ("drop = 3\n" + CASES, [("drop", "mapping.wrong_type")]),
        ("name = 3\n" + CASES, [("name", "mapping.wrong_type")]),
        (CASES + '[file]\ndelimiter = "ab"', [("file.delimiter", "mapping.one_character")]),
        (CASES + '[file]\nquote = "“"', [("file.quote", "mapping.one_character")]),
        (CASES + 'closed_at = {column = "c", format = "%Q"}', [(f"{CLOSED}.format", "mapping.format_unknown")]),
        (CASES + 'closed_at = {column = "c", format = "d.m.y"}', [(f"{CLOSED}.format", "mapping.format_unknown")]),
        (CASES + 'closed_at = {after = "closed_at", days = "c"}', [(f"{CLOSED}.after", "mapping.after_after")]),
        (CASES + "[cases.when]\nx = {absent = true}", ABSENT),
        (CASES + '[cases.when]\nx = {present = "no"}', [("cases.when.x", "mapping.condition")]),
        (CASES + '[cases.when]\nx = {present = true, not = "a"}', [("cases.when.x", "mapping.condition")]),
        (CASES + "[cases.when]\nx = []", [("cases.when.x", "mapping.wrong_type")]),
        ("version = 2\n" + CASES, [("version", "mapping.value_unknown")]),
        (f"version = 1{'0' * 5000}\n" + CASES, [("mapping", "toml.unreadable")]),
        (f"drop = {'[' * 5000}{']' * 5000}\n" + CASES, [("mapping", "toml.unreadable")]),
        (f"drop = {'[' * 100}{']' * 100}\n" + CASES, [("mapping", "toml.unreadable")]),
        (CASES + "[file]\nheader = true", [("file.header", "mapping.wrong_type")]),
        (CASES + f"[file]\nheader = {10**20}", [("file.header", "mapping.wrong_type")]),
        (CASES + '[file]\ndelimiter = "\\u0000"', [("file.delimiter", "mapping.one_character")]),
        (CASES + '[file]\nquote = "A"', [("file.quote", "mapping.one_character")]),
        (CASES + '[file]\ndelimiter = ","\nquote = ","', [("file.quote", "mapping.one_character")]),
        (CASES + "closed_at = {columns = []}", [(CLOSED, "mapping.wrong_type")]),
        (CASES + "closed_at = {first_of = []}", [(f"{CLOSED}.first_of", "mapping.wrong_type")]),
        (CASES + 'closed_at = {value = ["a"]}', [(f"{CLOSED}.value", "mapping.wrong_type")]),
        (CASES + '[cases.dimensions]\nChannel = "c"', [("cases.dimensions.Channel", "mapping.dimension_column")]),
        (CASES + '[cases.dimensions]\n_load = "c"', [("cases.dimensions._load", "mapping.dimension_name")]),
        (CASES + '[cases.dimensions]\n"" = "c"', [("cases.dimensions.", "mapping.dimension_name")]),
        (CASES + '[cases.dimensions]\nAbc = "c"\nabc = "d"', [("cases.dimensions.abc", "mapping.dimension_twice")]),
    ],
)
def test_single_mistakes(text: str, expected: list[tuple[str, str]]) -> None:
    assert issues(text) == expected


def test_a_mapping_needs_activities_for_an_event_log_and_a_status_for_a_state_log() -> None:
    text = '[case_events.columns]\ncase_id = "a"\nat = "b"\n'
    assert issues(f'shape = "event"\n{text}') == [("case_events.columns.activity", "mapping.required_missing")]
    assert issues(f'shape = "state"\n{text}') == [("case_events.columns.status", "mapping.required_missing")]


def test_a_mapping_file_is_read_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text(CASES, encoding="utf-8-sig")
    assert read_mapping(path).name == "m"
    with pytest.raises(InputError, match=r"file\.missing"):
        read_mapping(tmp_path / "none.toml")
    path.write_bytes(b"\xff\xff")
    with pytest.raises(DefinitionError):
        read_mapping(path)


@pytest.mark.parametrize("encoding", ["hex", "rot13", "base64", "nothing", "a\\u0000b"])
def test_an_encoding_that_is_none_of_text_is_refused_by_name(tmp_path: Path, encoding: str) -> None:
    with new_store(tmp_path) as store, pytest.raises(InputError, match=r"encoding\.unknown"):
        bring(store, "id,opened\nA,2026-10-01\n", CASES + f'[file]\nencoding = "{encoding}"\n')


def test_a_column_nobody_mapped_is_never_called_like_a_dimension_that_differs_in_case_only(tmp_path: Path) -> None:
    mapping = CASES.replace('first_response_at = "answered"\nowner = "owner"\n', '[cases.dimensions]\nBrand = "made"\n')
    with new_store(tmp_path) as store:
        bring(store, "id,opened,brand,made\nA,2026-10-01,north,south\n", mapping)
        row = store.execute(store.records("cases")).to_pylist()[0]
    assert (row["Brand"], row["brand_2"]) == ("south", "north")
