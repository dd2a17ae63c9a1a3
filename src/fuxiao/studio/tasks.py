"""Work in the background: the demonstration company comes in."""

from __future__ import annotations

import logging

from django.conf import settings
from django_tasks import task

from fuxiao.base.clock import day_start, now, today
from fuxiao.base.permissions import Permission, Reach, Viewer
from fuxiao.datasets import workers
from fuxiao.datasets.build import build_facts
from fuxiao.datasets.running import patiently
from fuxiao.datasets.store import Store
from fuxiao.org.tasks import publish_soon
from fuxiao.studio import sample

logger = logging.getLogger("fuxiao.studio")


@task()
def fill_sample(account: int | None, name: str) -> str:
    """Bring the demonstration company in; the state it is left in."""
    permissions = frozenset({Permission.DATA_WRITE, Permission.ORG_WRITE})
    viewer = Viewer(account, name, reach=Reach.ALL, permissions=permissions)
    try:
        with Store.open(settings.HOME) as store:
            zone = store.settings.zone
            found = sample.fill(viewer, store, today=today(zone), at=now(), build=lambda each: patiently(
                lambda: build_facts(each, cut_off=day_start(zone))))  # fmt: skip
    except Exception:
        logger.exception("the demonstration company did not come in")
        sample.fail(at=now())
        raise
    return found.state


workers.register(fill_sample=fill_sample.enqueue, publish_organisation=publish_soon)
