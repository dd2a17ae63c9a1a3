"""Notices by mail, sent by the worker, each in the language of its account."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import send_mail
from django_tasks import task

from fuxiao.base.letters import Facts
from fuxiao.base.queries import NOTICE
from fuxiao.base.wording import say
from fuxiao.org.models import User


@task()
def mail_notice(accounts: list[int], kind: str, facts: dict[str, str | dict[str, str]], link: str) -> int:
    """Send one notice to those of the accounts that are open and have an address; how many that are."""
    users = User.objects.filter(pk__in=accounts, is_active=True).exclude(email="")
    for user in users:
        text = say(f"{NOTICE}{kind}", "en" if user.language == "en" else "zh", facts)
        send_mail(text, f"{text}\n\n{_address(link)}", None, [user.email])
    return len(users)


def post(accounts: Sequence[int], kind: str, facts: Facts, link: str) -> None:
    """Hand a notice to the worker, where there is a mail server."""
    if settings.EMAIL_HOST:
        said = {name: fact if isinstance(fact, str) else dict(fact) for name, fact in facts.items()}
        mail_notice.enqueue(list(accounts), kind, said, link)


def _address(link: str) -> str:
    """The whole address where the installation knows its own, else the part behind it."""
    return f"{settings.ADDRESS}{link}" if link else ""
