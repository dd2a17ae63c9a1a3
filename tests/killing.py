"""``python killing.py HOME IMPORTS SEED``: imports whose server and worker are killed at any moment, and what is left.

One process makes ready and forks: a server that presses the buttons of the wizard, a worker of the database's queue,
and after each killing somebody who looks at what is there. Prints one line a killing; ends with 1 at the first fault.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path

ROWS = 40
SERVER, WORKER = "server", "worker"
PATIENCE = 300.0


def csv_of(number: int) -> bytes:
    lines = [f"R{number}-{row},2026-10-05 09:{row:02d},2026-10-05 15:00,张伟" for row in range(ROWS)]
    return "\n".join(["工单号,受理时间,解决时间,责任人", *lines]).encode()


def child(work: Callable[[], object]) -> int:
    """Fork a process that does this; its number."""
    if number := os.fork():
        return number
    try:
        work()
    except BaseException:  # noqa: BLE001 - a fork of this process must not go on with its work
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def succeeds(number: int) -> bool:
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]) == 0


def serve(number: int) -> None:
    """Send the file of this round and press whatever button is due until it is imported."""
    from django.contrib.auth import get_user_model
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    from fuxiao.base.clock import ticking
    from fuxiao.datasets import actions
    from fuxiao.datasets.models import ImportJob, State
    from import_site import chosen, post

    client, name = Client(SERVER_NAME="localhost"), f"{number}.csv"
    client.force_login(get_user_model().objects.get(username="owner"))
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        job = ImportJob.objects.select_related("upload").filter(upload__name=name).last()
        if job is None:
            answer = client.post("/data/import/", {"file": SimpleUploadedFile(name, csv_of(number))})
            assert answer.status_code == 302, answer.content.decode()
        elif job.state == State.DONE:
            return
        elif job.state == State.DRAFT and job.look:
            post(client, job, "start") if job.found else post(client, job, "columns", **chosen(job))
        else:
            assert job.state != State.FAILED, job.problems
            actions.queue_lost(at=ticking())
            time.sleep(0.02)
    raise TimeoutError(f"round {number} does not end")


def work() -> None:
    from django.core.management import call_command

    call_command("db_worker", interval=0.05, startup_delay=False, queue_name="*", verbosity=0)


def look(number: int, *, ended: bool) -> None:
    """Everything there is belongs together: each load whole and once, the database sound, the audit trail unbroken."""
    from django.conf import settings
    from django.db import connection

    from fuxiao.base.clock import ticking
    from fuxiao.base.queries import audit_breaks
    from fuxiao.datasets.manifest import damaged_files
    from fuxiao.datasets.models import ImportJob, State
    from fuxiao.datasets.store import Store

    with Store.open(settings.HOME, memory="500MB", threads=1) as store:
        assert damaged_files(store.lake, store.manifest) == []
        sources = [load.source for load in store.manifest.loads]
        ids = store.execute(store.records("cases").select("case_id")).column("case_id").to_pylist()
        whole = [f"R{source.removesuffix('.csv')}-{row}" for source in sources for row in range(ROWS)]
        assert sorted(ids) == sorted(whole), (len(ids), sources)
        assert len(set(sources)) == len(sources) <= number
        assert set(sources) >= {f"{before}.csv" for before in range(1, number + ended)}
        if ended:
            assert store.execute(store.facts("cases").count()).as_py() == ROWS * number
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert list(audit_breaks()) == []
    jobs = ImportJob.objects.select_related("upload")
    assert all(job.upload.file.read_bytes() == csv_of(int(job.upload.file.stem)) for job in jobs)
    assert ended <= (jobs.filter(state=State.DONE).count() == number)
    jobs.filter(state=State.RUNNING).update(alive_at=ticking() - timedelta(minutes=2))


def killed_once(number: int, delay: float, first: str) -> bool:
    """Let server and worker go on for a moment, kill one and then the other, look; whether all is well."""
    running = {SERVER: child(lambda: serve(number)), WORKER: child(work)}
    time.sleep(delay)
    for which in sorted(running, key=lambda each: each != first):
        os.kill(running[which], signal.SIGKILL)
        os.waitpid(running[which], 0)
    return succeeds(child(lambda: look(number, ended=False)))


def ends(number: int) -> bool:
    """Let server and worker bring the import to its end, and look."""
    worker = child(work)
    done = succeeds(child(lambda: serve(number)))
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    return done and succeeds(child(lambda: look(number, ended=True)))


def make_ready(home: Path) -> None:
    """Everything imported, the tables there, an owner; nothing open that a fork could share."""
    from fuxiao.base.clock import now
    from fuxiao.cli.server.prepare import prepare
    from fuxiao.studio.packs import make_home
    from kept_tables import put_tables

    make_home(home, pack="appliance", name="澜川电器", zone="Asia/Shanghai", currency="CNY", language="zh")
    put_tables(home)
    prepare(home, at=now())
    from django.db import connections

    from fuxiao.org.accounts import create_owner

    create_owner(username="owner", password="sturdy-harbour-42", email="", at=now())
    for name in ("fuxiao.datasets.working", "fuxiao.web.datasets.wizard", "import_site"):
        import_module(name)
    connections.close_all()


def main(home: Path, rounds: int, seed: int) -> int:
    make_ready(home)
    began, chance = time.monotonic(), random.Random(seed)
    fine = ends(1)
    longest = time.monotonic() - began
    print(f"undisturbed in {longest:.2f} s")
    for number in range(2, rounds + 2):
        for first in (SERVER, WORKER, SERVER):
            delay = chance.uniform(0, longest / 2)
            fine = fine and killed_once(number, delay, first)
            print(f"import {number}: {first} killed after {delay:.2f} s, {'fine' if fine else 'at fault'}", flush=True)
        fine = fine and ends(number)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
