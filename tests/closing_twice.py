"""``python closing_twice.py FOLDER ROUNDS``: two processes close one cycle at the same moment, again and again.

Both press the button, both keep a result that was computed; of each one succeeds and one learns that it was too late.
Then both press the button that seals it, and two workers seal it: there is one seal, told once.
"""

from __future__ import annotations

import os
import pickle
import shutil
import sys
import time
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path

from fuxiao.performance.cycles.made import Computed
from killing import child, succeeds
from killing_cycles import load, make_ready

WON, LOST = 3, 4
AHEAD = 0.1
"""Seconds until both begin."""


def press(number: int, version: int) -> bool:
    """Whether the button answered that the step was taken; the other one is told of a conflict."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(get_user_model().objects.get(username="hr"))
    answer = client.post(f"/performance/cycles/{number}/advance/", {"version": version})
    assert answer.status_code in (302, 409), answer.content.decode()
    return answer.status_code == 302


def keep(number: int, made: Computed) -> bool:
    """Whether the result was kept."""
    from fuxiao.base.clock import now
    from fuxiao.performance.cycles.actions import advancing
    from fuxiao.report.running import SYSTEM

    return advancing.keep_computed(SYSTEM, number, made, applied=0, amounts=0, at=now())


def winners(work: Callable[[], bool]) -> int:
    """How many of two processes that begin at the same moment say that they did it; both have to say something."""
    begins = time.monotonic() + AHEAD

    def run() -> None:
        time.sleep(max(0.0, begins - time.monotonic()))
        os._exit(WON if work() else LOST)

    found = [os.waitstatus_to_exitcode(os.waitpid(each, 0)[1]) for each in (child(run), child(run))]
    assert set(found) <= {WON, LOST}, found
    return found.count(WON)


def one_round(number: int, made: Computed) -> bool:
    """Close and keep at once from the beginning; whether one of each won and what is there is one whole result."""
    from django.db import connections

    from fuxiao.performance.cycles.models import Cycle, CycleMember, Scorecard

    CycleMember.objects.update(scorecard=None)
    Scorecard.objects.all().delete()
    Cycle.objects.update(step="running", as_of=None, basis={}, calculation=0, computed_at=None)
    before = Cycle.objects.get().version
    connections.close_all()
    closed = winners(lambda: press(number, before))
    kept = winners(lambda: keep(number, made))
    held = CycleMember.objects.exclude(scorecard=None).count(), Scorecard.objects.count()
    after = Cycle.objects.get()
    connections.close_all()
    found = (closed, kept, held, after.step, after.version)
    if fine := found == (1, 1, (len(made.cards),) * 2, "computed", before + 2):
        return fine
    print(f"at fault: {found}, before {before}")
    return False


def seal_round(home: Path, number: int, last: datetime) -> bool:
    """Press and seal at once, the cycle being final; whether it was asked for once and one seal is there and told."""
    from django.db import connections

    from fuxiao.base.models import AuditEntry
    from fuxiao.datasets.store import Store
    from fuxiao.performance.cycles.models import Cycle, CycleJob
    from fuxiao.report.tasks import do_job

    manifest = home / "lake" / "manifest.json"
    before, told = manifest.read_bytes(), AuditEntry.objects.filter(action="cycle.sealed").count()
    CycleJob.objects.all().delete()
    Cycle.objects.update(step="final", final_by="hr", final_at=last, seal="", sealed_at=None)
    version = Cycle.objects.get().version
    connections.close_all()
    pressed = winners(lambda: press(number, version))
    jobs = list(CycleJob.objects.values_list("pk", flat=True))
    connections.close_all()
    winners(lambda: do_job.call(jobs[0]))
    after, job = Cycle.objects.get(), CycleJob.objects.get()
    with Store.open(home, threads=1) as store:
        seals = dict(store.manifest.seals)
    said = AuditEntry.objects.filter(action="cycle.sealed").count() - told
    connections.close_all()
    whole = after.seal in {each.sha256 for each in seals.values()} and job.ended_at is not None
    found = (pressed, len(jobs), after.step, after.version, whole, len(seals), said, job.failed)
    if fine := found == (2, 1, "sealed", version + 1, True, 2, 1, ""):
        manifest.write_bytes(before)
        shutil.rmtree(home / "lake" / "seals")
        return fine
    print(f"at fault: {found}, {seals}")
    return False


def computed(home: Path, kept: Path) -> None:
    """Close the cycle once and write down everybody's result."""
    from fuxiao.base.clock import now
    from fuxiao.datasets.store import Store
    from fuxiao.performance.cycles.models import Cycle
    from fuxiao.report.closing import compute
    from fuxiao.report.running import basis_of

    cycle = Cycle.objects.get()
    assert press(cycle.pk, cycle.version)
    with Store.open(home, threads=1) as store:
        kept.write_bytes(pickle.dumps(compute(store, basis_of(Cycle.objects.get()), made_at=now())))


def main(home: Path, rounds: int) -> int:
    load(home)
    assert succeeds(child(lambda: make_ready(home)))
    from django.conf import settings
    from django.db import connections

    from fuxiao.performance.cycles.models import Cycle

    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    kept = home.parent / "computed"
    # In a process of its own: the threads of DuckDB do not live on in forks.
    assert succeeds(child(lambda: computed(home, kept)))
    made, number = pickle.loads(kept.read_bytes()), Cycle.objects.get().pk  # noqa: S301 - written above
    connections.close_all()
    fine = sum(one_round(number, made) for _ in range(rounds))
    print(f"{fine} of {rounds} rounds had one winner")
    last = import_module("fuxiao.base.clock").now()
    once = sum(seal_round(home, number, last) for _ in range(rounds))
    print(f"{once} of {rounds} sealed once")
    return 0 if fine == once == rounds else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
