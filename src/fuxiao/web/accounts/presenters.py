"""What the pages of accounts show: roles in words, the state of an account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from fuxiao.base.permissions import GRANTS, READ, Permission, Role, Viewer
from fuxiao.base.wording import LIST, say
from fuxiao.org.models import Invitation, User
from fuxiao.web import words
from fuxiao.web.words import t


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """A role to tick: what it sees and may, whether it is held, and whether the viewer may change it."""

    role: Role
    about: str
    held: bool
    open: bool


def role_choices(viewer: Viewer, held: set[Role]) -> Iterator[RoleChoice]:
    for role in Role:
        changeable = role is not Role.OWNER or Role.OWNER in viewer.roles
        yield RoleChoice(role, _about(role), role in held, changeable)


def _about(role: Role) -> str:
    """Whose records the role sees, and what it may beyond what every role may."""
    language = words.language()
    reach, permissions = GRANTS[role]
    if role is Role.OWNER:
        return t("全部权限", "Every right")
    if permissions == frozenset(Permission):
        return t("全部权限，所有者的账号除外", "Every right, but not over owners")
    more = [say(f"may.{each}", language) for each in Permission if each in permissions - READ]
    return LIST[language].join([say(f"reach.{reach}", language), *more])


def accounts(search: str) -> QuerySet[User]:
    """Accounts with person and roles, whether there is a second factor and an invitation; those disabled last."""
    from allauth.mfa.models import Authenticator

    found = User.objects.select_related("person").prefetch_related("grants")
    if search:
        found = found.filter(
            Q(username__icontains=search) | Q(person__name__icontains=search) | Q(person__number__icontains=search)
            | Q(person__plain__startswith=search.lower()) | Q(person__initials__startswith=search.lower())
        )  # fmt: skip
    return found.annotate(
        second_factor=Exists(Authenticator.objects.filter(user=OuterRef("pk")).exclude(type="recovery_codes")),
        invited=Exists(Invitation.objects.filter(user=OuterRef("pk"))),
    ).order_by("-is_active", "username", "pk")


@dataclass(frozen=True, slots=True)
class State:
    """Whether an account can sign in, as a word and the colour of its chip."""

    word: str
    hue: str
    note: str = ""


def state_of(user: User, *, at: datetime) -> State:
    invitation = Invitation.objects.filter(user=user).first()
    if not user.is_active:
        return State(t("已停用", "Disabled"), "bad")
    if invitation is None:
        return State(t("正常", "Active"), "good")
    if invitation.ends_at <= at:
        return State(t("邀请已过期", "Invitation too old"), "bad", t("请重新生成邀请链接。", "Make a new link."))
    return State(t("等待设置密码", "Invited"), "near")
