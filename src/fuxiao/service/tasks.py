"""Work of the desk in the background: promises are looked after."""

from __future__ import annotations

from django_tasks import task
from django_tasks_db.models import DBTaskResult

from fuxiao.base.clock import now
from fuxiao.service.actions.watching import look_at_promises
from fuxiao.service.models import OPEN_STATES, Case

WAITING = "READY"


@task()
def watch_promises() -> int:
    """Warn, record and escalate what is due by now; how many cases were looked at."""
    return look_at_promises(at=now())


def watch_soon() -> None:
    """Have it done, where something is due and nobody was asked for it yet."""
    waiting = DBTaskResult.objects.filter(task_path=watch_promises.module_path, status=WAITING)
    due = Case.objects.filter(state__in=OPEN_STATES, warn_at__lte=now())
    if due.exists() and not waiting.exists():
        watch_promises.enqueue()
