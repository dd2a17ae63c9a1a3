"""Small files become few: whatever came in and went, nobody can tell the folded lake from the one beside it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from facts_world import built, facts, make_home, table_of
from fuxiao.core.errors import StoreError
from fuxiao.datasets.manifest import damaged_files
from fuxiao.datasets.store import Store
from fuxiao.datasets.store.holding import held

DESK, FILE = "desk", "file.csv"
AT = datetime(2026, 11, 2, tzinfo=UTC)
DAY = 86_400
WRITER = """
import sys
from pathlib import Path
from fuxiao.datasets.store import Store
with Store.open(Path(sys.argv[1]), threads=1) as store:
    print("ready", flush=True)
    with store.change() as change:
        change.fold(streams={"desk"}, held=(), zone="Asia/Shanghai", many=2)
    print("done", flush=True)
"""


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """A lake that is folded now and then, and one with the same history that never is."""
    with (
        Store.open(make_home(tmp_path / "folded"), memory="300MB", threads=1) as folded,
        Store.open(make_home(tmp_path / "plain"), memory="300MB", threads=1) as plain,
    ):
        yield folded, plain


def bring(store: Store, rows: list[dict[str, Any]], *, source: str = DESK, at: int = 0) -> None:
    with store.change() as change:
        load = change.begin_load(source=source, source_digest=f"{source}{at}", mapping_digest="", at=at)
        change.add_records("cases", table_of("cases", rows), load)


def fold(store: Store, *, many: int = 2, kept: frozenset[str] = frozenset()) -> int:
    with store.change() as change:
        return change.fold(streams={DESK}, held=kept, zone="Asia/Shanghai", many=many)


def case(number: int, status: str, **more: Any) -> dict[str, Any]:
    return {"case_id": f"C{number}", "opened_at": 1000 + number, "status": status, **more}


def said(store: Store) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Every record and every version, in one order and without columns that say nothing."""

    def plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        shown = [{name: value for name, value in row.items() if value is not None} for row in rows]
        return sorted(shown, key=lambda row: (row["case_id"], row.get("_load", 0), row.get("_row", 0)))

    found = (store.execute(table("cases")).to_pylist() for table in (store.records, store.history))
    return tuple(map(plain, found))  # type: ignore[return-value]


def undo(store: Store, number: int) -> str:
    try:
        with store.change() as change:
            change.undo_load(number, at=AT)
    except StoreError as refused:
        return refused.code
    return ""


@pytest.mark.parametrize("seed", range(int(os.environ.get("FUXIAO_FOLDINGS", "6"))))
def test_whatever_comes_in_is_folded_and_taken_out_the_lake_says_the_same(pair, seed):
    folded, plain = pair
    dice = random.Random(seed)
    for step in range(14):
        rows = [
            case(dice.randrange(9), dice.choice("ab"), **({"colour": dice.choice("xy")} if dice.random() < 0.3 else {}))
            for _ in range(dice.randrange(1, 4))
        ]
        source = FILE if dice.random() < 0.3 else DESK
        for store in pair:
            bring(store, rows, source=source, at=step)
        if dice.random() < 0.3:
            fold(folded)
        files = [load.number for load in folded.manifest.standing_loads() if load.source == FILE]
        if files and dice.random() < 0.3:
            number = dice.choice(files)
            assert undo(folded, number) == undo(plain, number)
        assert said(folded) == said(plain)
        assert damaged_files(folded.lake, folded.manifest) == []
    fold(folded)
    assert len(folded.manifest.records["cases"].files) <= len(plain.manifest.records["cases"].files)
    brought = [sum(sum(load.datasets.values()) for load in store.manifest.loads) for store in pair]
    assert brought[0] == brought[1]


def test_facts_need_not_be_made_again_and_a_stream_is_told_by_the_day(pair):
    folded, _ = pair
    for number in range(8):
        bring(folded, [case(number, "open")], at=DAY * (number // 4))
    built(folded, cut_off=3 * DAY)
    before, made = folded.manifest, facts(folded, "cases", "case_id")
    assert fold(folded) == 7
    assert (folded.manifest.facts_key, folded.manifest.records_generation) == (
        before.facts_key,
        before.records_generation,
    )
    assert built(folded, cut_off=3 * DAY).reused
    assert facts(folded, "cases", "case_id") == made
    assert [(load.number, load.first, load.datasets) for load in folded.manifest.loads] == [
        (4, 1, {"cases": 4}),
        (8, 5, {"cases": 4}),
    ]
    assert fold(folded) == 0
    assert folded.manifest.generation == before.generation + 1


def test_a_load_inside_a_folded_file_is_taken_out_alone(pair):
    folded, _ = pair
    for number, source in enumerate((DESK, FILE, DESK, DESK)):
        bring(folded, [case(number, "open"), case(9, f"{source}{number}")], source=source, at=number)
    assert fold(folded) == 3
    assert undo(folded, 2) == ""
    assert [row["case_id"] for row in said(folded)[0]] == ["C0", "C2", "C3", "C9"]
    assert not any(row["_load"] == 2 for row in said(folded)[1])
    assert undo(folded, 4) == ""
    assert [row["case_id"] for row in said(folded)[0]] == ["C0", "C9"]


def test_what_a_seal_names_is_neither_folded_nor_removed(pair):
    folded, _ = pair
    for number in range(4):
        bring(folded, [case(number, "open")], at=number)
    files = [each.path for each in folded.manifest.records["cases"].files]
    seal = '{"records": {"cases": {"files": [' + ", ".join(f'{{"path": "{each}"}}' for each in files[:2]) + "]}}}"
    with folded.change() as change:
        change.put_file("seals/2026-10/seal.json", seal.encode())
    for number in range(4, 8):
        bring(folded, [case(number, "open")], at=number)
    assert fold(folded, kept=held(folded.lake, folded.manifest)) == 5
    assert [each.path for each in folded.manifest.records["cases"].files][:2] == files[:2]
    assert undo(folded, 8) == "undo.sealed"
    assert fold(folded, many=1) == 2  # somebody who knew nothing of the seal
    bring(folded, [case(8, "open")])
    bring(folded, [case(9, "open")])
    assert all((folded.lake / path).is_file() for path in files[:2])
    assert not any((folded.lake / path).is_file() for path in files[2:])


def test_a_reader_of_long_ago_keeps_its_files_and_not_those_that_came_and_went_since(pair):
    folded, _ = pair
    bring(folded, [case(0, "open")])
    with Store.open(folded.home, memory="300MB", threads=1) as reader:
        for number in range(1, 5):
            bring(folded, [case(number, "open")], at=number)
        passing = [each.path for each in folded.manifest.records["cases"].files]
        assert fold(folded) == 4
        bring(folded, [case(7, "open")])
        assert [(folded.lake / path).is_file() for path in passing] == [True, False, False, False, False]
        assert [row["case_id"] for row in said(reader)[0]] == ["C0"]
    bring(folded, [case(8, "open")])
    bring(folded, [case(9, "open")])
    assert not any((folded.lake / path).is_file() for path in passing)


def test_a_file_that_is_not_as_it_was_written_stays_to_be_found(pair):
    folded, _ = pair
    for number in range(4):
        bring(folded, [case(number, "open")], at=number)
    bad = folded.lake / folded.manifest.records["cases"].files[0].path
    whole = bad.read_bytes()
    bad.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert fold(folded) == 2
    assert damaged_files(folded.lake, folded.manifest) == [bad.relative_to(folded.lake).as_posix()]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not known here")
def test_a_folding_killed_at_any_moment_leaves_the_lake_before_or_after(pair):
    folded, plain = pair
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONWARNINGS": "ignore"}
    for number, delay in enumerate((0.0, 0.02, 0.05, 0.1, None)):
        for part in range(3):
            for store in pair:
                bring(store, [case(each, f"{number}{part}") for each in range(2_000)], at=number)
        order = [sys.executable, "-c", WRITER, str(folded.home)]
        with subprocess.Popen(order, stdout=subprocess.PIPE, env=environment) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            if delay is not None:
                time.sleep(delay)
                writer.send_signal(signal.SIGKILL)
        folded.refresh()
        assert damaged_files(folded.lake, folded.manifest) == []
        assert said(folded) == said(plain)
    assert len(folded.manifest.records["cases"].files) == 1
