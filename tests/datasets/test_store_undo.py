"""An import taken out again: the lake is as if it had never been, or nothing happens and the reason is said."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from facts_world import built, facts, make_home
from fuxiao.core.errors import StoreError
from fuxiao.datasets.store import Store
from importing_tools import bring, epoch, records

AT = datetime(2026, 11, 2, tzinfo=UTC)
CUT_OFF = epoch("2026-11-01 00:00")
FIRST = (
    "id,opened,answered,owner,region\n1,2026-10-05 09:00,2026-10-05 09:10,li,south\n2,2026-10-05 10:00,,wang,north\n"
)
SECOND = "id,opened,answered,owner,colour\n2,2026-10-05 10:00,2026-10-05 10:20,wang,A\n3,2026-10-06 09:00,,li,B\n"
SAME_AGAIN = "id,opened,answered,owner,colour\n2,2026-10-05 10:00,2026-10-05 10:20,wang,A\n4,2026-10-07 09:00,,li,B\n"


@pytest.fixture
def store(tmp_path):
    with Store.open(make_home(tmp_path / "home"), memory="500MB", threads=1) as opened:
        yield opened


def undo(store: Store, load: int) -> None:
    with store.change() as change:
        change.undo_load(load, at=AT)


def shown(store: Store) -> list[tuple[object, ...]]:
    return records(store, "cases", "case_id", "first_response_at", "owner")


def test_after_an_undo_the_records_their_history_and_the_facts_are_those_of_before(store):
    bring(store, FIRST, name="first.csv")
    built(store, cut_off=CUT_OFF)
    before, known = store.manifest, store.execute(store.history("cases")).to_pylist()
    computed = facts(store, "cases", "case_id")
    assert bring(store, SECOND, name="second.csv").datasets["cases"].replaced == 1
    built(store, cut_off=CUT_OFF)
    assert facts(store, "cases", "case_id") != computed
    undo(store, 2)
    built(store, cut_off=CUT_OFF)
    assert store.manifest.records == before.records
    assert store.execute(store.history("cases")).to_pylist() == known
    assert facts(store, "cases", "case_id") == computed


def test_a_load_in_the_middle_goes_and_what_came_later_stays(store):
    bring(store, FIRST, name="first.csv")
    bring(store, SECOND, name="second.csv")
    bring(store, "id,opened,answered,owner\n9,2026-10-08 09:00,,zhao\n", name="third.csv")
    undo(store, 2)
    assert [case for case, *_ in shown(store)] == ["1", "2", "9"]
    assert not store.manifest.records["cases"].overlap
    assert "colour" not in store.records("cases").columns


def test_the_only_load_of_a_dataset_leaves_no_records_at_all(store):
    bring(store, FIRST)
    undo(store, 1)
    assert dict(store.manifest.records) == {}
    assert shown(store) == []
    assert built(store, cut_off=CUT_OFF).rows["cases"] == 0


def test_an_undone_file_can_be_imported_again_under_a_new_number(store):
    bring(store, FIRST)
    undo(store, 1)
    again = bring(store, FIRST)
    assert (again.load, again.unchanged, again.datasets["cases"].new) == (2, False, 2)
    assert [(load.number, bool(load.undone)) for load in store.manifest.loads] == [(1, True), (2, False)]


def test_a_reader_of_the_older_state_keeps_it_while_a_load_is_undone(store):
    bring(store, FIRST)
    with Store.open(store.home, memory="500MB", threads=1) as reader:
        undo(store, 1)
        bring(store, SECOND, name="second.csv")
        assert [case for case, *_ in shown(reader)] == ["1", "2"]


def test_a_load_that_a_later_one_leans_on_is_refused_with_the_name_of_that_one(store):
    bring(store, FIRST, name="first.csv")
    bring(store, SECOND, name="second.csv")
    bring(store, SAME_AGAIN, name="third.csv")
    before = store.manifest
    with pytest.raises(StoreError) as refused:
        undo(store, 2)
    assert (refused.value.code, refused.value.params["later"]) == ("undo.built_on", ("third.csv",))
    assert store.refresh() == before
    undo(store, 3)
    undo(store, 2)
    assert [case for case, *_ in shown(store)] == ["1", "2"]


def test_a_load_behind_a_sealed_period_is_refused_with_the_period(store):
    bring(store, FIRST, name="first.csv")
    held = [{"path": each.path} for each in store.manifest.records["cases"].files]
    with store.change() as change:
        change.put_file("seals/2026-10/seal.json", json.dumps({"records": {"cases": {"files": held}}}).encode())
    bring(store, SECOND, name="second.csv")
    before = store.manifest
    with pytest.raises(StoreError) as refused:
        undo(store, 1)
    assert (refused.value.code, refused.value.params["periods"]) == ("undo.sealed", ("2026-10",))
    assert store.refresh() == before
    undo(store, 2)
    assert [case for case, *_ in shown(store)] == ["1", "2"]


def test_nothing_is_undone_twice_and_nothing_that_never_was(store):
    bring(store, FIRST)
    undo(store, 1)
    for number in (1, 7):
        with pytest.raises(StoreError) as refused:
            undo(store, number)
        assert refused.value.code == "undo.unknown"


def test_the_quality_report_of_a_load_is_kept_beside_the_lake(store):
    bring(store, "id,opened,answered,owner\n1,2026-10-05 09:00,,li\n2,never,,li\n")
    kept = json.loads((store.home / "quality" / "000001.json").read_text(encoding="utf-8"))
    assert (kept["rows"], kept["rejected"]) == (2, 1)
    assert [item["column"] for item in kept["items"] if item["treatment"] == "reject"] == ["opened"]
