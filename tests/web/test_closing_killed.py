"""``kill -9`` of server and worker while a cycle is closed and sealed, and two who do so at once: once and whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from own_database import own_database
from web.conftest import NOW

TESTS = Path(__file__).parents[1]
KILLS = int(os.environ.get("FUXIAO_CYCLE_KILLS", "2"))
ROUNDS = int(os.environ.get("FUXIAO_CLOSERS", "3"))
pytestmark = [
    pytest.mark.slow, pytest.mark.both, pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork"),
]  # fmt: skip


def run(script: str, *told: object, **more: str) -> str:
    """What a script says that brings an installation of its own; it has to end well."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("FUXIAO_", "DJANGO_"))}
    env |= {"PYTHONPATH": os.pathsep.join(sys.path), "FUXIAO_NOW": NOW.isoformat(), **more}
    order = [sys.executable, str(TESTS / script), *map(str, told)]
    done = subprocess.run(order, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif("FUXIAO_DATABASE" in os.environ, reason="a killed SQLite is what this looks at")
def test_cycles_whose_server_and_worker_are_killed_while_they_close_end_whole_and_once(tmp_path):
    assert run("killing_cycles.py", tmp_path, KILLS, os.getpid()).count("fine") == KILLS


def test_of_two_who_close_or_seal_a_cycle_at_once_one_wins_and_one_result_is_kept(tmp_path):
    with own_database("closing_twice") as database:
        said = run("closing_twice.py", tmp_path / "home", ROUNDS, **database)
    assert f"{ROUNDS} of {ROUNDS} rounds had one winner" in said
    assert f"{ROUNDS} of {ROUNDS} sealed once" in said
