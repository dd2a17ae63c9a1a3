"""The store: one writer, many readers, versions of records, and a lake that is always whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from facts_world import add, facts, make_home, table_of
from fuxiao.core.errors import StoreError, UnknownName
from fuxiao.datasets.build import build_facts
from fuxiao.datasets.importing.workspace import LOCK
from fuxiao.datasets.manifest import damaged_files, epoch
from fuxiao.datasets.store import Added, Store
from fuxiao.datasets.store.leases import READING


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home")


def case(number: int, **more: object) -> dict[str, object]:
    return {"case_id": f"C{number}", "opened_at": 1000 + number, **more}


def ids(store: Store, name: str = "cases") -> list[str]:
    return sorted(store.execute(store.records(name).select("case_id")).column("case_id").to_pylist())


def lake_files(home: Path) -> set[str]:
    lake = home / "lake"
    return {p.relative_to(lake).as_posix() for f in ("records", "facts", "seals") for p in (lake / f).rglob("*.*")}


def test_an_empty_home_has_typed_tables_without_rows(home: Path) -> None:
    with Store.open(home) as store:
        table = store.records("visits")
        assert str(table.schema()["travel_min"]) == "decimal(18, 4)"
        assert store.execute(table).num_rows == 0
        assert store.execute(store.history("visits")).column_names[-2:] == ["_load", "_row"]
        assert store.manifest.generation == 0


def test_importing_the_same_rows_twice_changes_nothing(home: Path) -> None:
    with Store.open(home) as store:
        rows = [case(1, floor="3"), case(2)]
        assert add(store, cases=rows) == {"cases": Added(2, 0, 0)}
        before, files = (home / "lake/manifest.json").read_bytes(), lake_files(home)
        assert add(store, cases=rows) == {"cases": Added(0, 0, 2)}
        assert (home / "lake/manifest.json").read_bytes() == before
        assert lake_files(home) == files


def test_a_newer_version_replaces_the_older_one_which_stays_in_history(home: Path) -> None:
    with Store.open(home) as store:
        add(store, cases=[case(1, status="open"), case(2)])
        assert add(store, cases=[case(1, status="done"), case(3)]) == {"cases": Added(1, 1, 0)}
        rows = {row["case_id"]: row for row in store.execute(store.records("cases")).to_pylist()}
        assert {key: row["status"] for key, row in rows.items()} == {"C1": "done", "C2": None, "C3": None}
        history = store.execute(store.history("cases").order_by("case_id", "_load")).to_pylist()
        assert [(row["case_id"], row["status"], row["_load"], row["_row"]) for row in history] == [
            ("C1", "open", 1, 1), ("C1", "done", 2, 1), ("C2", None, 1, 2), ("C3", None, 2, 2),
        ]  # fmt: skip
        assert [load.datasets for load in store.manifest.loads] == [{"cases": 2}, {"cases": 2}]


def test_of_two_versions_in_one_file_the_later_line_is_newer(home: Path) -> None:
    with Store.open(home) as store:
        rows = [case(1, status="open"), case(2), case(1, status="done"), case(1, status="open"), case(2)]
        assert add(store, cases=rows) == {"cases": Added(2, 0, 0)}
        assert store.execute(store.history("cases")).num_rows == 3
        found = {row["case_id"]: row["status"] for row in store.execute(store.records("cases")).to_pylist()}
        assert found == {"C1": "open", "C2": None}


def test_columns_beyond_the_contract_are_kept_and_joined_by_name(home: Path) -> None:
    with Store.open(home) as store:
        add(store, cases=[case(1, floor="3")])
        # A new empty column says nothing new about a known case; a filled one does.
        assert add(store, cases=[case(1, floor="3", wing=None), case(2, wing="east")]) == {"cases": Added(1, 0, 1)}
        assert add(store, cases=[case(1, floor="3", wing="west")]) == {"cases": Added(0, 1, 0)}
        table = store.records("cases").select("case_id", "floor", "wing").order_by("case_id")
        assert [tuple(row.values()) for row in store.execute(table).to_pylist()] == [
            ("C1", "3", "west"), ("C2", None, "east"),
        ]  # fmt: skip


def test_rows_may_come_as_parquet_reader_or_relation(home: Path) -> None:
    table = table_of("cases", [case(1), case(2)])
    pq.write_table(table, home / "in.parquet")
    with Store.open(home) as store:
        scratch = store.scratch()
        scratch.execute("create temp table incoming_cases as select 'C5' as case_id, 5 as opened_at, 9 as _row")
        with store.change() as change:
            load = change.begin_load(source="a", source_digest="", mapping_digest="", at=7)
            assert change.add_records("cases", home / "in.parquet", load) == Added(2, 0, 0)
            assert change.add_records("cases", table.to_reader(), load) == Added(0, 0, 2)
            assert change.add_records("cases", scratch.table("incoming_cases"), load) == Added(1, 0, 0)
            change.note_rejected(load, 3)
        assert ids(store) == ["C1", "C2", "C5"]
        assert [(load.at, load.rejected, load.datasets) for load in store.manifest.loads] == [(7, 3, {"cases": 3})]


def test_rows_without_their_key_are_refused(home: Path) -> None:
    with Store.open(home) as store, pytest.raises(StoreError) as refused:
        add(store, cases=[{"opened_at": 5}])
    assert refused.value.params == {"dataset": "cases", "columns": ("case_id",)}


def test_an_exception_leaves_the_lake_as_it_was(home: Path) -> None:
    with Store.open(home) as store:
        add(store, cases=[case(1)])
        before, files = (home / "lake/manifest.json").read_bytes(), lake_files(home)
        with pytest.raises(ZeroDivisionError), store.change() as change:  # noqa: PT012  # all of it is the change
            load = change.begin_load(source="a", source_digest="", mapping_digest="", at=7)
            change.add_records("cases", table_of("cases", [case(2)]), load)
            change.put_file("seals/2026-10/seal.json", b"{}")
            1 / 0  # noqa: B018
        assert (home / "lake/manifest.json").read_bytes() == before
        assert lake_files(home) == files
        assert ids(store) == ["C1"]
        add(store, cases=[case(3)])
        assert ids(store) == ["C1", "C3"]


def test_a_second_writer_is_told_that_the_store_is_locked(home: Path) -> None:
    with Store.open(home) as store, Store.open(home) as other, store.change():
        with pytest.raises(StoreError) as locked, other.change():
            pass
        assert locked.value.code == "store.locked"


def test_a_reader_keeps_its_generation_and_its_files(home: Path) -> None:
    with Store.open(home) as store, Store.open(home) as reader:
        add(store, cases=[case(1)])
        reader.refresh()
        with store.change() as change:
            change.put_facts("cases", store.records("cases"), sort_by=["case_id"])
        reader.refresh()
        kept = reader.facts("cases")
        for number in (2, 3, 4):
            add(store, cases=[case(number)])
            with store.change() as change:
                change.put_facts("cases", store.records("cases"), sort_by=["case_id"])
        assert reader.execute(kept).num_rows == 1
        assert ids(reader) == ["C1"]
        assert store.execute(store.facts("cases")).num_rows == 4
        reader.refresh()
        assert ids(reader) == ["C1", "C2", "C3", "C4"]
        with store.change() as change:
            change.put_file("seals/a", b"")
        assert len([path for path in lake_files(home) if path.startswith("facts/")]) == 1


def test_the_same_question_is_answered_by_the_lake_the_generation_and_the_stage_it_is_asked_of(
    home: Path, tmp_path: Path
) -> None:
    with Store.open(home) as one, Store.open(make_home(tmp_path / "other")) as two:
        for store, number in ((one, 1), (two, 2)):
            add(store, cases=[case(number)])
        assert (ids(one), ids(two)) == (["C1"], ["C2"])
        before = one.records("cases").select("case_id")
        add(one, cases=[case(3)])
        assert (ids(one), one.execute(before).num_rows) == (["C1", "C3"], 1)
        for store, expected in ((one, ["C1", "C3"]), (two, ["C2"])):
            for left_out in ((), ("C1", "C2")):
                rows = store.records("cases").select("case_id")
                kept = store.temporary("kept", rows.filter(rows.case_id.notin(left_out)) if left_out else rows)
                found = store.execute(kept.order_by("case_id")).column("case_id").to_pylist()
                assert found == [each for each in expected if each not in left_out]
                store.forget()


def test_leftovers_of_killed_writers_and_readers_are_swept(home: Path) -> None:
    with Store.open(home) as store:
        add(store, cases=[case(1)])
        stray = home / "lake/records/cases/load-000009-1.parquet"
        stray.write_bytes(b"half")
        dead = home / "lake/sessions/dead"
        dead.mkdir()
        (dead / "lease").touch()
        add(store, cases=[case(2)])
        assert not stray.exists()
        assert not dead.exists()


def test_facts_are_sorted_and_read_back(home: Path) -> None:
    with Store.open(home) as store:
        with store.change() as change:
            rows = pa.table({"n": list(range(5000, 0, -1)), "name": ["x"] * 5000})
            assert change.put_facts("cases", rows, sort_by=["n"]) == 5000
        assert pq.read_table(store.facts_path("cases")).column("n").to_pylist() == list(range(1, 5001))
        assert facts(store, "cases", "n")[0] == {"n": 1, "name": "x"}
        with pytest.raises(UnknownName):
            store.facts("casus")


def test_files_are_put_once_and_only_among_seals(home: Path) -> None:
    with Store.open(home) as store:
        with store.change() as change:
            change.put_file("seals/2026-10/seal.json", b"{}")
        assert store.file("seals/2026-10/seal.json") == b"{}"
        for path, code in [
            ("seals/2026-10/seal.json", "file.exists"),
            ("seals/../x", "file.outside"),
            ("x", "file.outside"),
        ]:
            with pytest.raises(StoreError) as refused, store.change() as change:
                change.put_file(path, b"")
            assert refused.value.code == code
        with pytest.raises(UnknownName):
            store.file("seals/2026-10/soul.json")


def test_damage_is_found_by_digest(home: Path) -> None:
    with Store.open(home) as store:
        add(store, cases=[case(1)], visits=[{"case_id": "C1", "visit_no": 1, "engineer": "li"}])
        assert damaged_files(store.lake, store.manifest) == []
        [cases] = store.records_paths("cases")
        [visits] = store.records_paths("visits")
        cases.write_bytes(cases.read_bytes()[:-1] + b"?")
        visits.unlink()
        assert damaged_files(store.lake, store.manifest) == [
            f"records/cases/{cases.name}", f"records/visits/{visits.name}",
        ]  # fmt: skip
        with pytest.raises(StoreError) as missing:
            store.records("visits")
        assert missing.value.code == "store.file_missing"


def test_another_file_in_the_place_of_a_data_file_is_refused_before_a_row_of_it_is_counted(home: Path) -> None:
    with Store.open(home) as store:
        add(store, cases=[case(1), case(2)])
        add(store, cases=[case(3)])
        first, second = store.records_paths("cases")
        for content in (second.read_bytes(), first.read_bytes()[:200], b""):
            first.write_bytes(content)
            with pytest.raises(StoreError) as refused:
                store.records("cases")
            assert refused.value.code == "store.file_damaged"


def test_without_its_manifest_a_lake_is_neither_read_nor_swept(home: Path) -> None:
    with Store.open(home) as store:
        add(store, cases=[case(1)])
        [cases] = store.records_paths("cases")
    (home / "lake/manifest.json").unlink()
    with pytest.raises(StoreError) as refused:
        Store.open(home)
    assert refused.value.code == "manifest.missing"
    assert cases.is_file()


def test_a_first_import_that_was_killed_leaves_a_lake_that_can_be_opened(home: Path) -> None:
    with Store.open(home) as store, store.change():
        assert (home / "lake/manifest.json").is_file()
        (home / "lake/records/cases").mkdir(parents=True)
        (home / "lake/records/cases/half.parquet").write_bytes(b"PAR1")
        with Store.open(home) as other:
            assert other.manifest.records == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "manifest.damaged"),
        ("[" * 100_000, "manifest.damaged"),
        ("[]", "manifest.damaged"),
        ('{"version": 1, "generation": 1}', "manifest.damaged"),
        ('{"version": 99}', "manifest.version"),
    ],
)
def test_a_manifest_that_cannot_be_read_says_why(home: Path, text: str, code: str) -> None:
    (home / "lake").mkdir()
    (home / "lake/manifest.json").write_text(text)
    with pytest.raises(StoreError) as refused:
        Store.open(home)
    assert refused.value.code == code


def test_the_manifest_is_the_same_bytes_for_the_same_state(home: Path) -> None:
    with Store.open(home) as store:
        add(store, cases=[case(1)])
        assert (home / "lake/manifest.json").read_bytes() == store.manifest.encoded()
        assert json.loads(store.manifest.encoded())["records"]["cases"]["files"][0]["rows"] == 1


def test_a_moment_without_a_zone_is_refused() -> None:
    assert epoch(datetime(1970, 1, 2, tzinfo=UTC)) == 86_400
    with pytest.raises(StoreError):
        epoch(datetime(1970, 1, 2))  # noqa: DTZ001


@pytest.fixture
def closed(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home with one case whose lake takes no new files; what its readers work in lies in ``tmp``."""
    with Store.open(home) as store:
        add(store, cases=[case(1)])
    sessions = home / "lake/sessions"
    sessions.rmdir()
    sessions.touch()
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    yield home
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_lake_that_cannot_be_written_is_read_and_changed_by_nobody(closed: Path) -> None:
    with Store.open(closed) as store:
        assert ids(store) == ["C1"]
        with pytest.raises(StoreError, match=r"store\.read_only"), store.change():
            pass


def test_facts_over_a_lake_that_cannot_be_written_are_made_for_the_reader_alone(closed: Path) -> None:
    before = lake_files(closed)
    for _ in range(2):
        with Store.open(closed) as store:
            assert [build_facts(store, cut_off=datetime.fromtimestamp(5000, UTC)).reused for _ in range(2)] == [
                False,
                True,
            ]
            assert store.execute(store.facts("cases").select("case_id")).column("case_id").to_pylist() == ["C1"]
            build_facts(store, cut_off=datetime.fromtimestamp(500, UTC))
            assert store.execute(store.facts("cases").count()).as_py() == 0
    assert lake_files(closed) == before


def test_what_a_killed_reader_of_such_a_lake_left_is_removed_by_the_next(closed: Path, tmp_path: Path) -> None:
    left = tmp_path / "tmp" / f"{READING}killed"
    left.mkdir()
    (left / LOCK).touch()
    (left / "generation").write_text("1")
    with Store.open(closed):
        assert not left.exists()
