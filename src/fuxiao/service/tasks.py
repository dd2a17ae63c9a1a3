"""Work of the desk in the background: promises are looked after, customers asked."""

from __future__ import annotations

from django.conf import settings
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from fuxiao.base.actions import notify
from fuxiao.base.clock import now
from fuxiao.datasets.store import Store
from fuxiao.org.models import User
from fuxiao.org.queries import viewer_of
from fuxiao.service.actions.adopting import adopt_desk
from fuxiao.service.actions.surveys import send_due
from fuxiao.service.actions.watching import look_at_promises
from fuxiao.service.models import Case, StillOpen, Survey, SurveyChannel
from fuxiao.service.survey_mail import mail
from fuxiao.service.terms import terms

WAITING = "READY"


@task()
def watch_promises() -> int:
    """Warn, record and escalate what is due by now; how many cases were looked at."""
    return look_at_promises(at=now())


def watch_soon() -> None:
    """Have it done, where something is due and nobody was asked for it yet."""
    waiting = DBTaskResult.objects.filter(task_path=watch_promises.module_path, status=WAITING)
    due = Case.objects.filter(StillOpen("state"), warn_at__lte=now())
    if due.exists() and not waiting.exists():
        watch_promises.enqueue()


@task()
def adopt_for(account: int) -> int:
    """Take over what the lake knows and the desk does not, for whoever asked; how many cases came."""
    user = User.objects.get(pk=account)
    with Store.open(settings.HOME) as store:
        made = adopt_desk(viewer_of(user, on=terms().day(now())), store, at=now())
    notify([account], "desk.adopted", at=now(), link="/desk/", cases=str(made))
    return made


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
