"""Work of the desk in the background: promises are looked after."""

from __future__ import annotations

from django_tasks import task

from fuxiao.base.clock import now
from fuxiao.service.actions.watching import look_at_promises


@task()
def watch_promises() -> int:
    """Warn, record and escalate what is due by now; how many cases were looked at."""
    return look_at_promises(at=now())
