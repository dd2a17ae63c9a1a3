"""An import is all or nothing whatever happens to it, done twice it changes nothing, what it refused can be mended."""

from __future__ import annotations

import csv
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from command_line import NOW, fuxiao
from fuxiao.cli.commands import data

MAPPING = """shape = "case"
[cases.columns]
case_id = "id"
opened_at = "opened"
owner = "owner"
status = "status"
"""
MANY = 20_000
WRONG = 1_000


def day(n: int) -> str:
    return f"2026-10-{n % 28 + 1:02d} 09:00"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    fuxiao("init", home)
    (home / "mappings").mkdir()
    (home / "mappings/log.toml").write_text(MAPPING, "utf-8")
    return home


def log(folder: Path, lines: list[str]) -> Path:
    file = folder / "log.csv"
    file.write_text("id,opened,owner,status\n" + "\n".join(lines) + "\n", "utf-8")
    return file


def cases(home: Path) -> int:
    fuxiao("export", "cases", "-o", home / "cases.csv", home=home)
    return len((home / "cases.csv").read_text("utf-8-sig").splitlines()) - 1


def cells(report: list[dict[str, object]]) -> tuple[object, ...]:
    return tuple(report[0][name] for name in ("accepted", "new", "replaced", "unchanged"))


def brought(home: Path, file: Path, *more: str) -> tuple[object, ...]:
    answered = fuxiao("import", file, "-f", "json", *more, home=home).data
    return cells(answered["sheet_1"] if isinstance(answered, dict) else answered)


def test_the_same_file_twice_changes_nothing_and_a_newer_version_replaces_the_older(office: Path) -> None:
    first = log(office, [f"C{n},{day(n)},wang,open" for n in range(5)])
    assert brought(office, first) == (5, 5, 0, 0)
    manifest = (office / "lake/manifest.json").read_bytes()
    assert (
        "changed nothing" in fuxiao("import", first, home=office).out or fuxiao("import", first, home=office).code == 0
    )
    assert (office / "lake/manifest.json").read_bytes() == manifest
    newer = log(office, [f"C{n},{day(n)},wang,{'closed' if n == 3 else 'open'}" for n in range(5)])
    assert brought(office, newer) == (5, 0, 1, 4)
    assert cases(office) == 5
    fuxiao("export", "history.cases", "-o", office / "history.csv", home=office)
    with (office / "history.csv").open(encoding="utf-8-sig", newline="") as file:
        history = [row for row in csv.DictReader(file) if row["case_id"] == "C3"]
    assert {row["status"] for row in history} == {"open", "closed"}


def test_a_thousand_planted_errors_are_a_thousand_rows_with_their_place_and_come_in_once_mended(office: Path) -> None:
    lines = [f"C{n},{day(n)},wang,open" for n in range(3 * WRONG)]
    for n in range(WRONG):
        lines[3 * n] = f"C{3 * n},2026-13-45 09:00,wang,open" if n % 2 else f",{day(n)},w{n},open"
    file = log(office, lines)
    told = fuxiao("import", file, "--strict", home=office, code=1)
    assert f"{WRONG:,}".replace(",", "") in told.out.replace(",", "")
    [rejected] = [path for path in (office / "rejected").glob("*.csv") if "findings" not in path.name]
    with rejected.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(int(row["_line"]), row["_column"]) for row in rows] == [
        (3 * n + 2, "opened" if n % 2 else "id") for n in range(WRONG)
    ]
    assert cases(office) == 2 * WRONG
    for row in rows:
        place = int(row["_line"]) - 2
        row |= {"id": f"C{place}", "opened": day(place)}
    mended = office / "mended.csv"
    with mended.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    mapping = ("--map", str(office / "mappings/log.toml"))
    assert brought(office, mended, *mapping) == (WRONG, WRONG, 0, 0)
    assert cases(office) == 3 * WRONG


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not known here")
def test_an_import_killed_at_any_moment_happened_whole_or_not_at_all(office: Path) -> None:
    file = log(office, [f"C{n},{day(n)},wang,open" for n in range(MANY)])
    command = [sys.executable, "-m", "fuxiao", "import", str(file), "--home", str(office)]
    environment = {**os.environ, "FUXIAO_NOW": NOW, "PYTHONPATH": os.pathsep.join(sys.path)}
    for delay in (0.0, 0.05, 0.2):
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
            lock = office / "lake/writer.lock"
            while child.poll() is None and not lock.exists():
                time.sleep(0.005)
            time.sleep(delay)
            child.send_signal(signal.SIGKILL)
        assert cases(office) in (0, MANY)
        lock.unlink(missing_ok=True)
    fuxiao("import", file, home=office)
    assert cases(office) == MANY
    fuxiao("import", file, home=office)
    assert cases(office) == MANY


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT reaches no other process here")
def test_an_import_stopped_by_the_person_ends_with_130_and_changes_nothing(office: Path) -> None:
    file = log(office, [f"C{n},{day(n)},wang,open" for n in range(25 * MANY)])
    command = [sys.executable, "-m", "fuxiao", "import", str(file), "--home", str(office), "--lang", "en"]
    environment = {**os.environ, "FUXIAO_NOW": NOW, "PYTHONPATH": os.pathsep.join(sys.path)}
    sessions, codes, is_in = office / "lake/sessions", [], False
    # Where the tests themselves run in the background, the signal may be ignored, and so it would be by the command.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for delay in (0.0, 0.1, 0.4):
        before = set(sessions.glob("*"))
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as child:
            while child.poll() is None and set(sessions.glob("*")) <= before:
                time.sleep(0.005)
            time.sleep(delay)
            child.send_signal(signal.SIGINT)
            said = child.communicate()[1].decode()
        codes.append(child.returncode)
        assert child.returncode in (0, 130), said
        assert ("Stopped; " in said) == (child.returncode == 130)
        is_in = is_in or child.returncode == 0 or "what was finished before that stays" in said
        assert cases(office) == (25 * MANY if is_in else 0)
    assert 130 in codes


def test_an_import_stopped_at_its_second_file_says_that_what_was_finished_stays(office: Path, monkeypatch) -> None:
    file, one = log(office, [f"C{n},{day(n)},wang,open" for n in range(5)]), data._one

    def stopped(now, path, mapping, *, check):
        if path.name == "second.csv":
            raise KeyboardInterrupt
        return one(now, path, mapping, check=check)

    monkeypatch.setattr(data, "_one", stopped)
    second, mapping = shutil.copy(file, office / "second.csv"), office / "mappings/log.toml"
    answer = fuxiao("import", second, file, "-m", mapping, home=office, code=130)
    assert "Stopped; the data is as it was before." in answer.err
    answer = fuxiao("import", file, second, "-m", mapping, home=office, code=130)
    assert "Stopped; what was finished before that stays." in answer.err
    assert cases(office) == 5


HELD = """
import ctypes, sys, duckdb
from fuxiao.cli import main
from fuxiao.cli.commands import data
held = duckdb.connect()
ctypes.pythonapi.Py_IncRef(ctypes.py_object(held))  # as a thread in the middle of a query holds it
def stopped(*given, **named):
    raise KeyboardInterrupt
data.make_home = stopped
sys.argv = ["fuxiao", "init", sys.argv[1], "--lang", "en"]
main.main()
"""


def test_a_command_stopped_by_the_person_says_so_and_nothing_of_what_it_held(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", HELD, str(tmp_path / "home")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "\nStopped; the data is as it was before.\n")


READ_ONLY = """
import os, sys
from pathlib import Path
from command_line import fuxiao
home = Path(sys.argv[1])
fuxiao("values", "-p", "2026-10", "-i", "VOL", home=home, code=None)  # what is loaded late is loaded now
os.seteuid(65534) if os.geteuid() == 0 else None
for words in (("values", "-p", "2026-10", "-i", "VOL", "-f", "csv", "--as-of", "2026-11-03"),
              ("rows", "VOL", "-p", "2026-10", "-f", "csv", "--as-of", "2026-11-03"), ("import", home / "log.csv")):
    answer = fuxiao(*words, home=home, code=None)
    print(answer.code, answer.out.strip() or answer.err.strip())
"""


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="folders cannot be closed to a user here")
def test_a_home_that_cannot_be_written_answers_every_question_and_refuses_to_change_in_words() -> None:
    asked = ("-p", "2026-10", "-f", "csv", "--as-of", "2026-11-03")
    with TemporaryDirectory() as folder:  # pytest's own folders are closed to other users
        home = Path(folder) / "home"
        fuxiao("init", home)
        (home / "mappings").mkdir()
        (home / "mappings/log.toml").write_text(MAPPING, "utf-8")
        fuxiao("import", log(home, [f"C1,{day(1)},wang,open"]), home=home)
        figures = [fuxiao("values", "-i", "VOL", *asked, home=home).out, fuxiao("rows", "VOL", *asked, home=home).out]
        fuxiao("values", "-p", "2026-10", "-i", "VOL", home=home)  # the facts in the lake are of another day again
        log(home, [f"C1,{day(1)},wang,open", f"C2,{day(2)},wang,open"])
        before = {path: path.stat().st_mtime_ns for path in home.rglob("*.*")}
        everything = [Path(folder), home, *home.rglob("*")]
        for path in everything:
            path.chmod(0o555 if path.is_dir() else 0o444)
        try:
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
            done = subprocess.run(
                [sys.executable, "-c", READ_ONLY, str(home)],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            )
        finally:
            for path in everything:
                path.chmod(0o755)
        assert {path: path.stat().st_mtime_ns for path in home.rglob("*.*")} == before
    refused = f"This user may not write to {home}; nothing was changed. Do it as somebody who may, or change the "
    told = [f"0 {each.strip()}" for each in figures] + [f"5 {refused}permissions of the folder."]
    assert done.stdout.splitlines() == "\n".join(told).splitlines()
