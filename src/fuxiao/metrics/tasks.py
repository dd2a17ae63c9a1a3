"""Work of the clock: rules whose first day has come take the place of those before."""

from __future__ import annotations

from django.conf import settings
from django_tasks import task

from fuxiao.base.clock import now, today
from fuxiao.base.settings import read_settings
from fuxiao.metrics.models import RuleState, RuleVersion
from fuxiao.metrics.rule_actions import Named, put_in_force


@task()
def put_rules_in_force() -> int:
    """Write the versions that hold today into their files; how many files changed."""
    day = today(read_settings(settings.HOME).zone)
    waiting = RuleVersion.objects.filter(state=RuleState.PUBLISHED, effective_from__lte=day)
    found = waiting.order_by("kind", "key").values_list("kind", "key").distinct()
    return sum(put_in_force(Named(settings.HOME, kind, key), today=day, at=now()) for kind, key in found)
