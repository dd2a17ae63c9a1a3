"""Sessions and accounts as Django keeps them. Every request asks for both, hence by questions that are written once."""

from __future__ import annotations

from datetime import datetime

from allauth.account import auth_backends
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from fuxiao.base.written import written_once
from fuxiao.org.models import User


@written_once
def _sessions(*, key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


@written_once
def _accounts(*, key: int) -> QuerySet[User]:
    return User.objects.filter(pk=key).order_by()


class SessionStore(db.SessionStore):
    """The store that ``SESSION_ENGINE`` names."""

    def _get_session_from_db(self) -> Session | None:
        found = next(iter(_sessions(key=self.session_key, now=timezone.now())), None)
        if found is None:
            self._session_key = None
        return found


class AuthenticationBackend(auth_backends.AuthenticationBackend):  # type: ignore[misc]
    """Signs in as django-allauth does."""

    def get_user(self, user_id: int) -> User | None:
        found = next(iter(_accounts(key=user_id)), None)
        return found if found is not None and self.user_can_authenticate(found) else None
