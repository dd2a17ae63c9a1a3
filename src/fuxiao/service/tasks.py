"""Work of the desk in the background: promises are looked after, customers asked."""

from __future__ import annotations

from django_tasks import task
from django_tasks_db.models import DBTaskResult

from fuxiao.base.clock import now
from fuxiao.service.actions.surveys import send_due
from fuxiao.service.actions.watching import look_at_promises
from fuxiao.service.models import OPEN_STATES, Case, Survey, SurveyChannel
from fuxiao.service.survey_mail import mail

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


@task()
def send_surveys() -> int:
    """Mail the surveys that are due, and remind of those that are not answered; how many were sent."""
    return send_due(mail, at=now())


def send_soon() -> None:
    """Have them sent, where any is due or may need a reminder, and nobody was asked for it yet."""
    waiting = DBTaskResult.objects.filter(task_path=send_surveys.module_path, status=WAITING)
    due = Survey.objects.filter(
        channel=SurveyChannel.MAIL, due_at__lte=now(), ends_at__gt=now(), answered_at__isnull=True,
        withdrawn_at__isnull=True, reminded_at__isnull=True,
    )  # fmt: skip
    if due.exists() and not waiting.exists():
        send_surveys.enqueue()
