"""What fills the demonstration company in the background, and goes on where a worker was killed at it."""

from __future__ import annotations

from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from fuxiao.cli.server.demo_cycles import fill_cycles
from fuxiao.cli.server.demo_past import fill_past, review_past, seal_past

FILLING = (fill_cycles, fill_past, review_past, seal_past)


def take_up_filling() -> None:
    """Hand the filling that a worker was killed at to the next one."""
    paths = [each.module_path for each in FILLING]
    filling = DBTaskResult.objects.filter(task_path__in=paths, status=TaskResultStatus.RUNNING)
    filling.update(status=TaskResultStatus.READY)
