"""Writers in processes of their own on one database: no update is lost, nothing is locked; the bench runs it long."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kept_tables import put_tables
from own_database import own_database

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.both
def test_writers_in_many_processes_lose_nothing_and_lock_nobody_out(tmp_path):
    order = [sys.executable, "-m", "bench.desk", "--processes", "4", "--seconds", "400", "--most", "25", "--cases", "3"]
    path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    drop = {"DJANGO_SETTINGS_MODULE", "FUXIAO_NOW"}
    env = {key: value for key, value in os.environ.items() if key not in drop}
    env |= {"FUXIAO_HOME": str(tmp_path / "home"), "PYTHONPATH": path, "FUXIAO_SECRET_KEY": "only for tests"}
    put_tables(tmp_path / "home")
    with own_database("many_writers") as database:
        ran = subprocess.run(
            order, capture_output=True, text=True, cwd=ROOT, env=env | database, timeout=500, check=False
        )
    assert ran.returncode == 0, ran.stderr[-2000:] + ran.stdout
    found = json.loads(ran.stdout)
    assert (found["edits"], found["lost"], found["locked"], found["versions wrong"], found["failed"]) == (
        100,
        0,
        0,
        0,
        0,
    )
