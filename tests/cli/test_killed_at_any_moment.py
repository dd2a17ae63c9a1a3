"""``kill -9`` of server and worker while a file is on its way: nothing is lost, half-done or doubled."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from fuxiao.datasets import files
from fuxiao.datasets.importing import workspace
from fuxiao.datasets.importing.workspace import LOCK, PREFIX, remove_left_behind

SCRIPT = Path(__file__).parents[1] / "killing.py"
IMPORTS = int(os.environ.get("FUXIAO_KILLINGS", "1"))
"""So many imports, each killed three times."""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_imports_whose_server_and_worker_are_killed_at_any_moment_end_whole_and_once(tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("FUXIAO_", "DJANGO_"))}
    env |= {"PYTHONPATH": os.pathsep.join(sys.path), "FUXIAO_NOW": "2026-11-06T09:00:00+08:00", "TMPDIR": str(scratch)}
    order = [sys.executable, str(SCRIPT), str(tmp_path / "home"), str(IMPORTS), str(os.getpid())]
    done = subprocess.run(order, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("fine") == 3 * IMPORTS
    # One killed before it had its lock is empty, and removed once it is old.
    assert [each.name for each in scratch.glob(f"{PREFIX}*") if any(each.iterdir())] == []


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_the_folder_of_a_killed_import_is_removed_and_that_of_a_running_one_stays(scratch):
    left = scratch / f"{PREFIX}killed"
    left.mkdir()
    (left / LOCK).touch()
    (left / "unpacked.csv").write_text("a,b\n")
    with workspace.workspace() as running:
        assert not left.exists()
        (running / "unpacked.csv").write_text("a,b\n")
        remove_left_behind()
        assert (running / "unpacked.csv").exists()
    assert list(scratch.iterdir()) == []


def test_a_folder_whose_maker_was_killed_before_it_had_its_lock_is_removed_once_it_is_old(scratch):
    fresh, old = (scratch / f"{PREFIX}{name}" for name in ("fresh", "old"))
    for folder in (fresh, old):
        folder.mkdir()
        (folder / "half.csv").touch()
    os.utime(old, (0, 0))
    remove_left_behind()
    assert list(scratch.iterdir()) == [fresh]


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="folders cannot be closed to a user here")
def test_the_import_of_another_user_of_the_machine_is_left_alone(monkeypatch):
    with TemporaryDirectory() as shared:  # pytest's own folders are closed to other users
        theirs = Path(shared) / f"{PREFIX}theirs"
        theirs.mkdir()
        (theirs / LOCK).touch()
        theirs.chmod(0o000)
        Path(shared).chmod(0o777)
        monkeypatch.setattr("tempfile.tempdir", shared)
        me = os.geteuid()
        os.seteuid(65534 if me == 0 else me)
        try:
            with workspace.workspace() as mine:
                assert mine.exists()
        finally:
            os.seteuid(me)
            theirs.chmod(0o700)
        assert (theirs / LOCK).exists()


def test_an_upload_that_nothing_names_is_removed_after_a_day_and_no_other(tmp_path):
    forgotten, known = (files.keep(tmp_path, "a.csv", [b"a\n"], limit=9) for _ in range(2))
    people = tmp_path / files.FOLDER / "people"
    people.mkdir()
    (people / "list.csv").write_text("a\n")
    now = datetime.now(UTC)
    names = {str(Path(known.path).parent)}
    files.remove_forgotten(tmp_path, names, before=(now - timedelta(days=1)).timestamp())
    assert (tmp_path / forgotten.path).exists()
    files.remove_forgotten(tmp_path, names, before=(now + timedelta(days=1)).timestamp())
    assert not (tmp_path / forgotten.path).parent.exists()
    assert (tmp_path / known.path).exists()
    assert (people / "list.csv").exists()
