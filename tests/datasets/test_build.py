"""Building facts: once for each state of records and definitions, all tables or none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import sleep

import pytest

from facts_world import add, at, built, fact, make_home
from fuxiao.core.errors import DefinitionError, StoreError
from fuxiao.datasets.store import Store

CUT_OFF = at("2026-10-31 18:00")
ROWS = [{"case_id": "C1", "opened_at": at("2026-10-12 09:00"), "first_response_at": at("2026-10-12 10:00")}]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home")


def test_facts_made_of_the_same_are_not_made_again(home: Path) -> None:
    with Store.open(home, threads=1) as store:
        add(store, cases=ROWS)
        first = built(store, cut_off=CUT_OFF)
        assert (first.reused, first.rows["cases"]) == (False, 1)
        generation = store.manifest.generation
        assert built(store, cut_off=CUT_OFF).reused
        assert store.manifest.generation == generation
        assert not built(store, cut_off=CUT_OFF + 1).reused
    assert not list((home / "lake").rglob("stages/*"))


@pytest.mark.parametrize("content", [None, b"", b"PAR1 torn"])
def test_facts_whose_file_is_gone_or_torn_are_made_again(home: Path, content: bytes | None) -> None:
    with Store.open(home, threads=1) as store:
        add(store, cases=ROWS)
        built(store, cut_off=CUT_OFF)
        path = store.facts_path("cases")
        path.unlink()
        if content is not None:
            path.write_bytes(content)
        assert not built(store, cut_off=CUT_OFF).reused
        assert fact(store, case_id="C1")["first_response_business"] == 3600


def test_new_records_or_other_definitions_make_new_facts(home: Path) -> None:
    with Store.open(home, threads=1) as store:
        add(store, cases=ROWS)
        built(store, cut_off=CUT_OFF)
        add(store, cases=[{"case_id": "C2", "opened_at": at("2026-10-12 09:00")}])
        assert built(store, cut_off=CUT_OFF).rows["cases"] == 2
        assert fact(store, case_id="C1")["first_response_business"] == 3600
        (home / "calendars/0.yaml").write_text("{key: desk, zone: Asia/Shanghai, week: {mon: ['09:30-18:00']}}")
        assert not built(store, cut_off=CUT_OFF).reused
        assert fact(store, case_id="C1")["first_response_business"] == 1800
        (home / "service_levels.yaml").write_text("policies: [{key: a, calendar: desk, first_response_minutes: 10}]")
        built(store, cut_off=CUT_OFF)
        assert fact(store, case_id="C1")["first_response_met"] is False


def test_building_needs_the_one_writers_lock_and_right_definitions(home: Path) -> None:
    with Store.open(home, threads=1) as store, Store.open(home, threads=1) as other:
        with store.change(), pytest.raises(StoreError) as locked:
            built(other, cut_off=CUT_OFF, patience=0)
        assert locked.value.code == "store.locked"
        (home / "calendars/0.yaml").unlink()
        with pytest.raises(DefinitionError):
            built(store, cut_off=CUT_OFF)
        assert store.manifest.facts == {}


def test_building_waits_for_another_writer_who_is_nearly_done(home: Path) -> None:
    begun = Event()

    def write() -> None:
        with Store.open(home, threads=1) as other, other.change():
            begun.set()
            sleep(0.2)

    with Store.open(home, threads=1) as store:
        add(store, cases=ROWS)
        with ThreadPoolExecutor(1) as beside:
            beside.submit(write)
            begun.wait()
            assert built(store, cut_off=CUT_OFF).rows["cases"] == 1


def test_building_may_take_more_memory_than_is_kept_before_and_after(home: Path) -> None:
    def limit() -> str:
        return str(store.scratch().execute("SELECT current_setting('memory_limit')").fetchall()[0][0])

    with Store.open(home, memory="512MiB", building="1GiB", threads=1) as store:
        add(store, cases=ROWS)
        assert limit() == "512.0 MiB"
        with store.building():
            assert limit() == "1.0 GiB"
        built(store, cut_off=CUT_OFF)
        assert limit() == "512.0 MiB"


def test_facts_see_only_the_newest_version_of_a_record(home: Path) -> None:
    with Store.open(home, threads=1) as store:
        add(store, cases=ROWS)
        add(store, cases=[{**ROWS[0], "first_response_at": at("2026-10-12 09:20"), "priority": "P1"}])
        assert built(store, cut_off=CUT_OFF).rows["cases"] == 1
        row = fact(store, case_id="C1")
        assert (row["first_response_business"], row["priority"]) == (1200, "P1")


def test_working_time_is_known_from_the_first_moment_of_the_records_to_the_last(home: Path) -> None:
    with Store.open(home, threads=1) as store:
        long_ago, long_after = at("1999-10-12 09:00"), at("2043-10-12 09:00")
        add(store, cases=[{"case_id": "C0", "opened_at": long_ago, "first_response_at": long_ago + 3600}])
        add(store, cases=[{"case_id": "C9", "opened_at": long_after, "first_response_at": long_after + 3600}])
        built(store, cut_off=at("2043-10-12 18:00"))
        assert [fact(store, case_id=case)["first_response_business"] for case in ("C0", "C9")] == [3600, 3600]


def test_each_home_and_each_cut_off_has_its_own_facts_though_the_queries_are_kept(tmp_path: Path) -> None:
    level = "policies: [{key: a, calendar: desk, first_response_minutes: 90}]"

    def answered_in_time(home: Path, *cut_offs: int, **extra: object) -> tuple[dict[str, object], list[object]]:
        (make_home(home) / "service_levels.yaml").write_text(level)
        with Store.open(home, threads=1) as store:
            answered = {"opened_at": at("2026-10-09 09:00"), "first_response_at": at("2026-10-09 09:10")}
            late = {"case_id": "C1", "opened_at": at("2026-10-12 09:00"), **extra}
            add(store, cases=[{"case_id": "C0", **answered}, late])
            found = []
            for cut_off in cut_offs:
                built(store, cut_off=cut_off)
                found.append(fact(store, case_id="C1")["first_response_met"])
            return fact(store, case_id="C1"), found

    first = answered_in_time(tmp_path / "a", at("2026-10-12 10:00"), at("2026-10-12 11:00"))
    other = answered_in_time(tmp_path / "b", at("2026-10-12 11:00"), colour="red")
    assert (first[1], other[1]) == ([None, False], [False])
    assert ("colour" in first[0], other[0]["colour"]) == (False, "red")
    assert answered_in_time(tmp_path / "c", at("2026-10-12 10:00"), at("2026-10-12 11:00")) == first
