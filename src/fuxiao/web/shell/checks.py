"""What can be wrong with an installation, each with a number and what to do: ``manage.py check --deploy`` lists it."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks

STYLE = Path(__file__).parents[1] / "static" / "fuxiao" / "style.css"


@checks.register(checks.Tags.security, deploy=True)
def check_installation(**_: Any) -> list[checks.CheckMessage]:
    return [*_hosts(), *_secret(), *_sign_in(), *_mail(), *_front()]


def _hosts() -> Iterator[checks.CheckMessage]:
    if settings.HTTPS and set(settings.ALLOWED_HOSTS) <= settings.LOCAL_HOSTS:
        yield checks.Warning(
            "Only this machine's own names are answered.", id="fuxiao.W001",
            hint="Set FUXIAO_HOSTS to the names by which people reach the site, such as service.example.com.",
        )  # fmt: skip
    if settings.HTTPS and settings.DEBUG:
        yield checks.Error(
            "FUXIAO_DEBUG shows the inside of the program to everybody.", id="fuxiao.E002", hint="Unset FUXIAO_DEBUG."
        )


def _secret() -> Iterator[checks.CheckMessage]:
    file = settings.HOME / "secret.key"
    if file.exists() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield checks.Warning(
            f"{file} can be read by other accounts of this machine.", id="fuxiao.W003", hint=f"Run chmod 600 {file}."
        )


def _sign_in() -> Iterator[checks.CheckMessage]:
    if settings.SOCIALACCOUNT_PROVIDERS and not settings.SIGN_IN_ORIGINS:
        yield checks.Warning(
            "Browsers will not follow the sign-in to the provider.", id="fuxiao.W004",
            hint="Set FUXIAO_SIGN_IN_ORIGINS to the origins of its sign-in pages, such as https://login.example.com.",
        )  # fmt: skip


def _mail() -> Iterator[checks.CheckMessage]:
    if not settings.EMAIL_HOST:
        yield checks.Info(
            "No mail is sent: invitations and new passwords go by a link that an administrator passes on.",
            id="fuxiao.I005", hint="Set FUXIAO_MAIL_HOST, and FUXIAO_MAIL_FROM to an address of yours.",
        )  # fmt: skip
    if settings.EMAIL_HOST and not settings.ADDRESS:
        yield checks.Warning(
            "Links in letters lead nowhere: the site does not know its own address.", id="fuxiao.W007",
            hint="Set FUXIAO_ORIGINS to the address of the site, such as https://service.example.com.",
        )  # fmt: skip
    if settings.EMAIL_HOST and settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        yield checks.Warning(
            "Mail leaves under an address that nobody can answer and many refuse.", id="fuxiao.W006",
            hint="Set FUXIAO_MAIL_FROM.",
        )  # fmt: skip


def _front() -> Iterator[checks.CheckMessage]:
    if not STYLE.exists():
        yield checks.Error(
            "The pages' scripts and styles were never bundled.", id="fuxiao.E007", hint="Run make front in the source."
        )
