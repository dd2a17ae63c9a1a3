"""Work in the background: the records of the lake follow the organisation, soon after the last of several changes."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from fuxiao.base.clock import now
from fuxiao.core.errors import StoreBusy
from fuxiao.datasets.tasks import refresh_facts
from fuxiao.org.publish import publish

PAUSE = timedelta(seconds=5)
"""Changes that come within this time are written together."""
WAITING = "READY"


@task()
def publish_organisation() -> bool:
    """Write the organisation into the lake and make the facts anew; later, where another writer is at work."""
    try:
        added = publish(settings.HOME, at=now())
    except StoreBusy:
        publish_soon()
        return False
    if any(each.new or each.replaced for each in added.values()):
        refresh_facts.enqueue()
    return True


def publish_soon() -> None:
    """Have it written, unless that waits to be done already: what waits will see every change made until it starts."""
    waiting = DBTaskResult.objects.filter(task_path=publish_organisation.module_path, status=WAITING)
    if settings.HOME.joinpath("fuxiao.toml").exists() and not waiting.exists():
        defers = publish_organisation.get_backend().supports_defer
        later = publish_organisation.using(run_after=timezone.now() + PAUSE) if defers else publish_organisation
        later.enqueue()
