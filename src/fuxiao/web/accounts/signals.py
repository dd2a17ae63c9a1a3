"""What people change about their own sign-in goes on the audit trail, though django-allauth does the changing."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.dispatch import receiver

from fuxiao.base.clock import now
from fuxiao.org.accounts import note_own_change
from fuxiao.org.models import User


@receiver([account.password_changed, account.password_set])
def _password_changed(user: User, **_: Any) -> None:
    note_own_change(user, "org.password_changed", at=now())


@receiver(account.password_reset)
def _password_reset(user: User, **_: Any) -> None:
    note_own_change(user, "org.password_reset", at=now())


@receiver(mfa.authenticator_added)
def _second_factor_added(user: User, **_: Any) -> None:
    note_own_change(user, "org.second_factor_added", at=now())


@receiver(mfa.authenticator_reset)
def _recovery_codes_renewed(user: User, **_: Any) -> None:
    note_own_change(user, "org.recovery_codes_renewed", at=now())


@receiver(mfa.authenticator_removed)
def _second_factor_removed(user: User, **_: Any) -> None:
    note_own_change(user, "org.second_factor_removed", at=now())
