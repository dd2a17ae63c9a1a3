"""Cycles in the background: the calculation after the data cut-off."""

from __future__ import annotations

from django.conf import settings
from django_tasks import task

from fuxiao.base.clock import now
from fuxiao.core.cycle import Step
from fuxiao.datasets.store import Store
from fuxiao.performance.cycles.models import Cycle
from fuxiao.report import running


@task()
def compute_cycle(number: int) -> bool:
    """Score everybody of this cycle; nothing where that was done."""
    with Store.open(settings.HOME) as store:
        return running.compute_cycle(store, number, at=now())


@task()
def take_up_cycles() -> int:
    """Compute the cycles whose data is closed and whose worker died; how many there were."""
    waiting = list(Cycle.objects.filter(step=Step.CUT_OFF).order_by("id").values_list("pk", flat=True))
    with Store.open(settings.HOME) as store:
        return sum(running.compute_cycle(store, number, at=now()) for number in waiting)
