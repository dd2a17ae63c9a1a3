"""Work that a worker does in the background: facts brought up to the day."""

from __future__ import annotations

from django.conf import settings
from django_tasks import task

from fuxiao.base.actions import announce_alone
from fuxiao.base.clock import day_start, now
from fuxiao.datasets.build import build_facts
from fuxiao.datasets.store import Store


@task()
def refresh_facts() -> bool:
    """Make the facts as of the beginning of today, in the organisation's zone; whether there was anything to do."""
    with Store.open(settings.HOME) as store:
        built = build_facts(store, cut_off=day_start(store.settings.zone))
    if not built.reused:
        announce_alone("values", at=now())
    return not built.reused
