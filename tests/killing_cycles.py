"""``python killing_cycles.py FOLDER KILLS SEED``: cycles whose server and worker are killed while they are closed.

Each round closes the data, computes, changes a grade, computes again, shares, makes final and seals. It is killed some
times at any moment, somebody looks at what is there, and it is brought to its end. Ends with 1 at the first fault.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from importlib import import_module
from pathlib import Path

from killing import PATIENCE, SERVER, WORKER, child, succeeds, work

AFTER_THE_WINDOW = "2026-11-11T09:00:00+08:00"
EACH = 8
"""Kills a cycle, so that all of its way is met."""
LOADED = (
    "fuxiao.config.urls", "fuxiao.report.tasks", "fuxiao.core.fairness.distributions", "fuxiao.web.performance.urls",
    "ibis.backends.duckdb", "chinese_calendar", "pyarrow.parquet",
)  # fmt: skip
"""Read once, before the first fork: the processes that follow have their work to do, not their modules to load."""
STEPS = ("opened", "cut_off", "computed", "calibration", "shared", "final", "sealed")


def serve() -> None:
    """Press whatever button is due until the cycle is sealed and whoever asked for it is told."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from fuxiao.performance.cycles.models import Cycle, CycleJob
    from fuxiao.report.tasks import take_up_cycles

    client, until = Client(SERVER_NAME="localhost"), time.monotonic() + PATIENCE
    client.force_login(get_user_model().objects.get(username="hr"))
    take_up_cycles.enqueue()
    while True:
        busy = CycleJob.objects.filter(ended_at=None).exists()  # asked first: what ends after this has moved the cycle
        cycle = Cycle.objects.get()
        if cycle.step == "sealed" and not busy:
            return
        assert time.monotonic() < until, f"the cycle does not end: {cycle.step}"
        if busy or cycle.step == "cut_off" or cycle.applied < len(cycle.rulings):
            time.sleep(0.02)
        else:
            press(client, cycle)


def press(client, cycle) -> None:
    address = f"/performance/cycles/{cycle.pk}/"
    if cycle.step == "calibration" and not cycle.rulings:
        change = {"person": "E3", "grade": "B", "reason": "与同组比较。"}
        assert client.post(address + "calibration/", change).status_code == 302
        return
    if cycle.step == "shared":
        os.environ["FUXIAO_NOW"] = AFTER_THE_WINDOW
    answer = client.post(address + "advance/", {"version": cycle.version})
    assert answer.status_code == 302, answer.content.decode()


def look(*, ended: bool) -> None:
    """Everything there is belongs together: all scorecards or none, each version and each step once."""
    from django.conf import settings
    from django.db import connection

    from fuxiao.base.models import AuditEntry
    from fuxiao.base.queries import audit_breaks
    from fuxiao.core.period import parse_period
    from fuxiao.datasets.manifest import damaged_files
    from fuxiao.datasets.store import Store
    from fuxiao.incentives.sealing import verify_period
    from fuxiao.performance.cycles import queries
    from fuxiao.performance.cycles.models import Cycle, CycleJob, CycleMember, GradeChange, Scorecard
    from fuxiao.report.papers import paper_differences

    cycle, people = Cycle.objects.get(), CycleMember.objects.count()
    told = list(AuditEntry.objects.filter(kind="cycle").order_by("id").values_list("action", flat=True))
    steps = [action.removeprefix("cycle.") for action in told if action != "cycle.recomputed"]
    assert steps == list(STEPS[: len(steps)]), steps
    assert cycle.step == {"opened": "running"}.get(steps[-1], steps[-1])
    first = Scorecard.objects.filter(n=1).count()
    assert first == (people if "computed" in steps else 0), first
    assert Scorecard.objects.filter(n__gt=1).count() == cycle.applied == told.count("cycle.recomputed") <= 1
    assert not CycleJob.objects.exclude(failed="").exists()
    assert CycleJob.objects.count() <= 1
    assert GradeChange.objects.count() == len(cycle.rulings) <= 1
    for member in CycleMember.objects.exclude(scorecard=None).select_related("scorecard"):
        assert member.scorecard.n == member.scorecards.count()
    assert list(queries.broken(cycle)) == list(audit_breaks()) == []
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with Store.open(settings.HOME, memory="500MB", threads=1) as store:
        assert damaged_files(store.lake, store.manifest) == []
        assert paper_differences(store, cycle) == []
        if ended:
            assert verify_period(store, parse_period(cycle.period)).whole
            assert len(store.manifest.seals) == 2
            assert [each.name for each in store.home.glob(".aside-*") if any(each.iterdir())] == []
            assert steps == list(STEPS)


def killed_once(delay: float, first: str) -> bool:
    """Let server and worker go on for a moment, kill one and then the other, look; whether all is well."""
    running = {SERVER: child(serve), WORKER: child(work)}
    time.sleep(delay)
    for which in sorted(running, key=lambda each: each != first):
        os.kill(running[which], signal.SIGKILL)
        os.waitpid(running[which], 0)
    return succeeds(child(lambda: look(ended=False)))


def ends() -> bool:
    """Let server and worker bring the cycle to its end, and look."""
    worker = child(work)
    done = succeeds(child(serve))
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    return done and succeeds(child(lambda: look(ended=True)))


def load(home: Path) -> None:
    """Django for this home, which need not be there yet, and what every fork would otherwise load again."""
    import_module("fuxiao.cli.server.prepare").load_django(home)
    for name in LOADED:
        import_module(name)
    import_module("django.db").connections.close_all()


def make_ready(home: Path) -> None:
    """A home with a running cycle and the account that takes it on; nothing open that a fork could share."""
    from fuxiao.base.clock import now
    from fuxiao.cli.server.prepare import prepare
    from kept_tables import put_tables
    from web.cycles_home import unclosed_home

    unclosed_home(home)
    put_tables(home)
    prepare(home, at=now())
    from django.db import connections
    from django.test import Client

    from fuxiao.base.permissions import Role
    from fuxiao.org.models import RoleGrant, User
    from web.test_cycles import OPEN

    user = User.objects.create_user(username="hr", password="sturdy-harbour-42")
    RoleGrant.objects.create(user=user, role=Role.HR, granted_at=now())
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    answer = client.post("/performance/cycles/new/", OPEN | {"stages": ["calibration"]})
    assert answer.status_code == 302, answer.content.decode()
    connections.close_all()


def main(folder: Path, kills: int, seed: int) -> int:
    home, kept = folder / "home", folder / "kept"
    load(home)
    assert succeeds(child(lambda: make_ready(home)))
    shutil.copytree(home, kept)
    began, chance = time.monotonic(), random.Random(seed)
    fine, longest = ends(), time.monotonic() - began
    print(f"undisturbed in {longest:.2f} s")
    for number in range(1, kills + 1):
        if number % EACH == 1:
            shutil.rmtree(home)
            shutil.copytree(kept, home)
        delay, first = chance.uniform(0, longest / 5), chance.choice((SERVER, WORKER))
        fine = fine and killed_once(delay, first)
        print(f"kill {number}: {first} first, after {delay:.2f} s, {'fine' if fine else 'at fault'}", flush=True)
        if number % EACH == 0 or number == kills:
            fine = fine and ends()
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
