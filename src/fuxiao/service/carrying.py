"""Work in the background: what changed at the desk becomes records of the lake, and the facts follow."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from fuxiao.base.actions import announce_alone
from fuxiao.base.clock import day_start, now, ticking
from fuxiao.core.errors import StoreBusy
from fuxiao.datasets import folding, workers
from fuxiao.datasets.build import build_facts
from fuxiao.datasets.running import patiently
from fuxiao.datasets.store import Store
from fuxiao.datasets.tasks import fold_lake
from fuxiao.service.models import FeedEntry
from fuxiao.service.publish import publish, waiting

PAUSE = timedelta(seconds=3)
"""Changes that come within this time are written together."""
KEPT = timedelta(days=2)
"""Entries are kept so long after they were carried: the running month that a process opened this morning follows them,
whether somebody looks at it every minute or once a day."""
CASES_A_SECOND = 1_000
SHORTEST, LONGEST = 10, 1_800
READY = "READY"


@task()
def carry_feed() -> int:
    """Write what waits into the lake, and have the facts follow; the number of entries carried."""
    try:
        carried = publish(settings.HOME, at=now(), carried_at=ticking())
    except StoreBusy:
        carry_soon()
        return 0
    if waiting().exists():
        carry_soon()
    if carried:
        _follow()
    return carried


def _follow() -> None:
    """Facts are made again after a while, which is longer the more cases there are; a lake of many files is folded."""
    with Store.open(settings.HOME) as store:
        held = store.manifest.records.get("cases")
        cases = sum(file.rows for file in held.files) if held else 0
        many = folding.is_due(store)
    _later(follow_facts, timedelta(seconds=min(LONGEST, max(SHORTEST, cases // CASES_A_SECOND))))
    if many:
        _later(fold_lake, PAUSE)


@task()
def follow_facts() -> bool:
    """Make the facts of all records there are, and forget the entries that they contain; whether they were new."""
    begun = ticking()
    with Store.open(settings.HOME) as store:
        built = patiently(lambda: build_facts(store, cut_off=day_start(store.settings.zone)))
    forget(before=begun)
    if not built.reused:
        announce_alone("values", at=now())
    return not built.reused


def forget(*, before: datetime) -> None:
    """Remove entries that were carried before facts began to be made, and that no open reader needs any more."""
    FeedEntry.objects.filter(carried_at__lt=min(before, ticking() - KEPT)).delete()


def carry_soon() -> None:
    """Have what changed carried, unless that waits to be done already: it will see every change until it starts."""
    if settings.HOME.joinpath("fuxiao.toml").exists():
        _later(carry_feed, PAUSE)


def take_up_waiting() -> None:
    """Have carried what waits though nobody has it carried: a process died after its change was written."""
    if waiting().exists():
        carry_soon()


def _later(work: Task[[], int] | Task[[], bool], pause: timedelta) -> None:
    if DBTaskResult.objects.filter(task_path=work.module_path, status=READY).exists():
        return
    deferred = work.get_backend().supports_defer
    (work.using(run_after=timezone.now() + pause) if deferred else work).enqueue()


workers.register(carry_feed=carry_soon)
