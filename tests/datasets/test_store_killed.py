"""A writer killed at any moment leaves the lake as before or as after, never between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from facts_world import add, make_home
from fuxiao.datasets.manifest import damaged_files
from fuxiao.datasets.store import Store

WRITER = """
import sys
from pathlib import Path
from facts_world import table_of
from fuxiao.datasets.store import Store
with Store.open(Path(sys.argv[1]), threads=1) as store:
    number = int(sys.argv[2])
    rows = [{"case_id": f"C{n}", "opened_at": n, "status": str(number)} for n in range(20_000)]
    table = table_of("cases", rows)
    print("ready", flush=True)
    with store.change() as change:
        load = change.begin_load(source="a", source_digest="", mapping_digest="", at=number)
        change.add_records("cases", table, load)
        change.put_facts("cases", table, sort_by=["case_id"])
    print("done", flush=True)
"""


def killed_after(home: Path, number: int, delay: float) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(home), str(number)], stdout=subprocess.PIPE, env=environment
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not known here")
def test_a_writer_killed_at_any_moment_leaves_the_lake_before_or_after(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    with Store.open(home, threads=1) as store:
        add(store, cases=[{"case_id": "C0", "opened_at": 0, "status": "0"}])
    for number, delay in enumerate((0.0, 0.02, 0.06, 0.12, 0.2, 0.4, 3.0), start=1):
        with Store.open(home, threads=1) as store:
            before = store.manifest
        killed_after(home, number, delay)
        with Store.open(home, threads=1) as store:
            after = store.manifest
            assert damaged_files(store.lake, after) == []
            rows = store.execute(store.records("cases").select("status")).column("status").to_pylist()
            if after == before:
                assert str(number) not in rows
            else:
                assert rows == [str(number)] * 20_000
                assert store.execute(store.facts("cases")).num_rows == 20_000
            with store.change() as change:
                change.put_file(f"seals/{number}", b"the next writer is not locked out")
            named = {each.path for each in store.manifest.files()} | {each.path for each in store.manifest.retired}
            lake = store.lake
            assert {p.relative_to(lake).as_posix() for p in (lake / "records").rglob("*.parquet")} <= named
