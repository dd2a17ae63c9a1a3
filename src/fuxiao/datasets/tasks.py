"""Work that a worker does in the background: a file looked at, tried or imported; facts brought up to the day."""

from __future__ import annotations

from django.conf import settings
from django_tasks import task

from fuxiao.base.actions import announce_alone
from fuxiao.base.clock import day_start, now, ticking
from fuxiao.datasets import actions, folding, workers
from fuxiao.datasets.build import build_facts
from fuxiao.datasets.running import Run, patiently
from fuxiao.datasets.store import Store
from fuxiao.datasets.working import work


@task()
def run_job(number: int) -> str:
    """Do what an import asks for next; the state it is left in, nothing where another worker has it."""
    run = Run.begin(number)
    return work(run) if run is not None else ""


@task()
def refresh_facts() -> bool:
    """Make the facts as of the beginning of today, in the organisation's zone; whether there was anything to do.

    Imports whose worker died are handed out again on the way, and what killed processes left lying is removed.
    """
    actions.queue_lost(at=ticking())
    actions.clear_away(at=ticking())
    with Store.open(settings.HOME) as store:
        patiently(lambda: folding.fold(store))
        built = patiently(lambda: build_facts(store, cut_off=day_start(store.settings.zone)))
    if not built.reused:
        announce_alone("values", at=now())
    return not built.reused


@task()
def fold_lake() -> int:
    """Make few files of many small ones; how many there are less."""
    with Store.open(settings.HOME) as store:
        return patiently(lambda: folding.fold(store))


workers.register(run_job=run_job.enqueue, refresh_facts=refresh_facts.enqueue)
