"""References that fit nothing: kept, counted, listed, hinted at, and gone as soon as what they name is there."""

from __future__ import annotations

import pytest

from fuxiao.core.errors import UnknownName
from fuxiao.datasets.importing.mapping_read import parse_mapping
from fuxiao.datasets.importing.run import check_file
from fuxiao.datasets.importing.words import advice, codes
from fuxiao.datasets.open_references import OpenRow, open_reference, open_references, open_rows
from fuxiao.datasets.store import Store
from importing_tools import AT, bring, put, records

COMPLAINTS = """
shape = "case"
[complaints.columns]
complaint_id = "no"
case_id = "case"
received_at = "at"
"""
RATED = """
shape = "case"
[cases.columns]
case_id = "id"
opened_at = "opened"
[surveys.columns]
case_id = "id"
answered_at = "opened"
csat = "stars"
"""
PEOPLE = 'shape = "case"\n[people.columns]\nperson = "number"\nname = "name"\n'


def cases(*ids: str) -> str:
    return "id,opened,answered,owner\n" + "".join(f"{each},2026-10-05 09:00,,\n" for each in ids)


def complaints(*named: str) -> str:
    return "no,case,at\n" + "".join(f"K{n},{each},2026-10-06 09:00\n" for n, each in enumerate(named, start=1))


def state(store: Store) -> dict[str, int]:
    return {each.reference.name: each.records for each in open_references(store)}


def test_complaints_about_unknown_cases_are_kept_and_counted_with_value_and_line(store: Store) -> None:
    bring(store, cases("7"))
    report = bring(store, complaints("7", "8", "9", "9", ""), COMPLAINTS)
    [item] = report.quality.items
    assert (item.code, item.dataset, item.column, item.treatment) == ("no_case", "complaints", "case", "keep")
    assert (item.count, item.examples, item.lines) == (3, (("9", 2), ("8", 1)), (3, 4))
    assert (report.rejected, len(records(store, "complaints", "complaint_id"))) == (0, 5)
    assert report.findings_file is not None
    listed = report.findings_file.read_text("utf-8-sig").splitlines()
    assert [line.split(",")[:4] for line in listed[1:]] == [
        ["3", "complaints", "case", "8"], ["4", "complaints", "case", "9"], ["5", "complaints", "case", "9"],
    ]  # fmt: skip


def test_a_check_says_the_same_before_anything_is_stored(store: Store) -> None:
    bring(store, cases("7"))
    path = put(store, "complaints.csv", complaints("7", "8"))
    report = check_file(store, path, parse_mapping(COMPLAINTS), at=AT)
    assert report.quality.count("no_case", "case") == 1
    assert records(store, "complaints", "complaint_id") == []


def test_complaints_may_come_first_and_the_figure_falls_as_the_cases_arrive(store: Store) -> None:
    assert bring(store, complaints("7", "8", "9"), COMPLAINTS).quality.count("no_case") == 3
    assert state(store) == {"complaints.case_id": 3}
    bring(store, cases("7", "8"))
    assert state(store) == {"complaints.case_id": 1}
    bring(store, cases("9"))
    assert state(store) == {}


def test_taking_the_cases_out_again_opens_the_references_again(store: Store) -> None:
    report = bring(store, cases("7"))
    bring(store, complaints("7"), COMPLAINTS)
    with store.change() as change:
        change.undo_load(report.load or 0, at=AT)
    assert state(store) == {"complaints.case_id": 1}


def test_a_record_that_was_mended_names_what_its_newest_version_names(store: Store) -> None:
    bring(store, cases("7"))
    bring(store, complaints("007", "8"), COMPLAINTS)
    bring(store, complaints("7"), COMPLAINTS)
    assert state(store) == {"complaints.case_id": 1}
    [row] = open_rows(store, open_reference(store, "complaints.case_id"))
    assert row == OpenRow(("K2",), "8", "", "file.csv", 3)


@pytest.mark.parametrize(
    ("stored", "named", "how"),
    [
        ("1001", "0001001", "zeros"), ("0001001", "1001", "zeros"), ("WO-1", "WO-001", "zeros"),
        ("1001", "1001.0", "decimal"), ("WO-1", "wo-1", "case"), ("工单A-1", "工单Ａ－１", "width"),
        ("WO-1", "wo-01", "several"),
    ],
)  # fmt: skip
def test_a_number_that_is_only_written_differently_is_said_to_be_near(
    store: Store, stored: str, named: str, how: str
) -> None:
    bring(store, cases(stored, "2002"))
    [item] = bring(store, complaints(named, "9999"), COMPLAINTS).quality.items
    assert (item.count, item.near) == (2, ((how, 1),))
    rows = open_rows(store, open_reference(store, "complaints.case_id"))
    assert [(row.value, row.near) for row in rows] == [(named, stored), ("9999", "")]


def test_a_number_that_could_be_either_of_two_is_near_to_neither(store: Store) -> None:
    bring(store, cases("7", "007"))
    [item] = bring(store, complaints("07"), COMPLAINTS).quality.items
    assert item.near == ()


def test_the_hint_is_a_sentence_with_both_numbers_in_both_languages(store: Store) -> None:
    bring(store, cases("7", "8", "WO-1"))
    [item] = bring(store, complaints("07", "08", "wo-1", "9"), COMPLAINTS).quality.items
    assert item.worded("en") == (
        "the case number fits no case; 2 of 4 would fit without the leading zeros, 1 whatever the capitals"
    )
    assert item.worded("zh") == "工单号在库里找不到；4 条中有 2 条去掉前导零后即可对上，1 条不分大小写后即可对上"


def test_a_survey_whose_case_was_refused_in_the_same_file_is_found(store: Store) -> None:
    report = bring(store, "id,opened,stars\n1,2026-10-05 09:00,5\n2,someday,4\n", RATED)
    assert (report.rejected, report.accepted["surveys"]) == (1, 2)
    assert report.quality.count("no_case", "id") == 1


def test_nobody_is_missing_where_no_list_of_people_is_kept(store: Store) -> None:
    assert bring(store, "id,opened,answered,owner\n1,2026-10-05 09:00,,Lin\n").quality.items == ()


def test_owners_who_are_on_no_list_of_people_are_counted(store: Store) -> None:
    bring(store, "number,name\nE1,Lin\n", PEOPLE)
    report = bring(store, "id,opened,answered,owner\n1,2026-10-05 09:00,,Lin\n2,2026-10-05 09:00,,E1\n")
    [item] = report.quality.items
    assert (item.code, item.column, item.examples) == ("no_person", "owner", (("Lin", 1),))
    assert state(store) == {"cases.owner": 1}


def test_asking_for_a_reference_that_does_not_exist_names_those_that_do(store: Store) -> None:
    bring(store, complaints("7"), COMPLAINTS)
    with pytest.raises(UnknownName) as refused:
        open_reference(store, "complaints.case")
    assert "complaints.case_id" in refused.value.params["near"]


def test_every_fault_asks_for_something_or_is_known_to_need_nothing() -> None:
    silent = {code for code in codes() if not advice(code, "zh")}
    assert silent == {code for code in codes() if not advice(code, "en")}
    assert silent == {
        "changed_inside_case", "duplicate_row", "empty_line", "mended", "new_column", "no_change", "note_row",
        "pause_closed",
        "reopened_added", "repeated_header", "total_row", "trailing_cells",
    }  # fmt: skip


def test_records_with_a_day_in_their_key_are_listed_with_that_day(store: Store) -> None:
    bring(store, "number,name\nE1,Lin\n", PEOPLE)
    roster = 'shape = "case"\n[attendance.columns]\nperson = "number"\ndate = "day"\n'
    bring(store, "number,day\nE1,2026-10-05\nE01,2026-10-06\n", roster)
    [row] = open_rows(store, open_reference(store, "attendance.person"))
    assert (row.key, row.near) == (("E01", "2026-10-06"), "E1")
