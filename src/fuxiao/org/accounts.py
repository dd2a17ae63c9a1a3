"""Writes of accounts: who may sign in and as what. Each is one transaction with one audit entry and one announcement.

Nobody but an owner touches an owner's account: whoever could reset it would have its rights.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from fuxiao.base.actions import SETUP_LOCK, announce, notify, one_writer, record, require
from fuxiao.base.permissions import Permission, Role, Viewer
from fuxiao.base.queries import history_of
from fuxiao.core.errors import InputError, NotPermitted
from fuxiao.org.models import Invitation, Person, RoleGrant, User

SYSTEM = Viewer(account=None, name="system")
KIND = "org.user"
INVITED_FOR = timedelta(days=7)


@transaction.atomic
def create_owner(*, username: str, password: str, email: str, at: datetime) -> User:
    """The first account of an installation, with every right. ``NotPermitted`` once there is any account."""
    one_writer(SETUP_LOCK)
    if User.objects.exists():
        raise NotPermitted("setup.done_already")
    validate_password(password, User(username=username, email=email))
    user = User.objects.create_user(username=username, password=password, email=email)
    RoleGrant.objects.create(user=user, role=Role.OWNER, granted_at=at)
    record(SYSTEM, "org.owner_created", kind=KIND, key=str(user.pk), at=at, label=username)
    return user


@transaction.atomic
def open_account(
    viewer: Viewer, *, username: str, email: str, person: Person | None, roles: Iterable[Role], token: str, at: datetime
) -> User:
    """A new account for somebody who sets the password by the link that holds ``token``."""
    wanted = set(roles)
    _check(viewer, held=set(), wanted=wanted)
    if User.objects.filter(username__iexact=username).exists():
        raise InputError("org.account_taken", name=username)
    if person is not None and User.objects.filter(person=person).exists():
        raise InputError("org.person_has_account", name=person.name)
    user = User.objects.create_user(username=username, email=email, person=person)
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role, granted_at=at) for role in sorted(wanted))
    _invite(user, token, at=at)
    facts = {"roles": sorted(wanted), "person": person.number if person else None}
    _tell(viewer, "org.account_opened", user, at=at, new=facts)
    return user


@transaction.atomic
def invite_again(viewer: Viewer, user: User, *, token: str, at: datetime) -> None:
    """Another link to set the password by; the earlier one is void. The password holds until the link is used."""
    _check(viewer, held=roles_of(user))
    _invite(user, token, at=at)
    _tell(viewer, "org.account_invited", user, at=at)


@transaction.atomic
def accept(token: str, *, password: str, at: datetime) -> User:
    """Set the password of the account that was invited with ``token``; the link is spent and other sessions end."""
    invitation = invitation_of(token, at=at, lock=True)
    user = invitation.user
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    invitation.delete()
    _tell(_self(user), "org.invitation_accepted", user, at=at)
    notify([_inviter(user)], "org.invitation_accepted", at=at, link=f"/accounts/{user.pk}/", name=user.shown_name)
    return user


def invitation_of(token: str, *, at: datetime, lock: bool = False) -> Invitation:
    """The invitation that still holds; ``NotPermitted`` for one that is spent, void, too old or of a closed account."""
    found = Invitation.objects.select_for_update() if lock else Invitation.objects.all()
    digest = hashlib.sha256(token.encode()).hexdigest()
    invitation = found.select_related(None if lock else "user").filter(digest=digest, ends_at__gt=at).first()
    if invitation is None or not invitation.user.is_active:
        raise NotPermitted("org.invitation_void")
    return invitation


@transaction.atomic
def grant_roles(viewer: Viewer, user: User, roles: Iterable[Role], *, at: datetime) -> None:
    """Give an account exactly these roles; its sessions end. One owner must remain."""
    wanted, held = set(roles), roles_of(user)
    _check(viewer, held=held, wanted=wanted)
    if wanted == held:
        return
    if Role.OWNER in held - wanted:
        _another_owner(user)
    user.grants.exclude(role__in=wanted).delete()
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role, granted_at=at) for role in sorted(wanted - held))
    _end_sessions(user)
    _tell(viewer, "org.roles_granted", user, at=at, old={"roles": sorted(held)}, new={"roles": sorted(wanted)})
    if user.pk != viewer.account:
        notify([user.pk], "org.roles_changed", at=at, by=viewer.name, roles=", ".join(sorted(wanted)) or "—")


@transaction.atomic
def set_active(viewer: Viewer, user: User, *, active: bool, at: datetime) -> None:
    """Close an account, or open it again. Closing ends its sessions and voids its invitation; one owner must remain."""
    held = roles_of(user)
    _check(viewer, held=held)
    if user.is_active == active:
        return
    if not active:
        if Role.OWNER in held:
            _another_owner(user)
        Invitation.objects.filter(user=user).delete()
        _end_sessions(user)
    user.is_active = active
    user.save(update_fields=["is_active"])
    _tell(viewer, "org.account_enabled" if active else "org.account_disabled", user, at=at)


@transaction.atomic
def reset_second_factor(viewer: Viewer, user: User, *, at: datetime) -> None:
    """Forget the authenticator app, passkeys and recovery codes of somebody who lost them; the sessions end."""
    _check(viewer, held=roles_of(user))
    Authenticator.objects.filter(user=user).delete()
    _end_sessions(user)
    _tell(viewer, "org.second_factor_reset", user, at=at)


@transaction.atomic
def start_viewing(viewer: Viewer, user: User, *, at: datetime) -> None:
    """Begin to look through the eyes of another account, read-only. An owner's eyes are for owners."""
    require(viewer, Permission.VIEW_AS)
    if user.pk == viewer.account:
        raise InputError("view_as.oneself")
    if not user.is_active:
        raise InputError("view_as.disabled", name=user.shown_name)
    if Role.OWNER in roles_of(user) and Role.OWNER not in viewer.roles:
        raise NotPermitted("permission.owner_only")
    _tell(viewer, "org.view_as_started", user, at=at)


@transaction.atomic
def end_viewing(viewer: Viewer, user: User, *, at: datetime) -> None:
    """The end of it, on the audit trail."""
    _tell(viewer, "org.view_as_ended", user, at=at)


@transaction.atomic
def note_own_change(user: User, action: str, *, at: datetime) -> None:
    """What somebody changed about the own sign-in, on the audit trail: a password, a second factor."""
    _tell(_self(user), action, user, at=at)


def roles_of(user: User) -> set[Role]:
    return set(map(Role, user.grants.values_list("role", flat=True)))


def touchable(viewer: Viewer, held: set[Role]) -> bool:
    """Whether the viewer may change an account with these roles."""
    return viewer.may(Permission.ACCOUNTS_WRITE) and (Role.OWNER not in held or Role.OWNER in viewer.roles)


def _check(viewer: Viewer, *, held: set[Role], wanted: set[Role] | None = None) -> None:
    require(viewer, Permission.ACCOUNTS_WRITE)
    if Role.OWNER in held | (wanted or set()) and Role.OWNER not in viewer.roles:
        raise NotPermitted("permission.owner_only")


def _another_owner(user: User) -> None:
    others = RoleGrant.objects.filter(role=Role.OWNER, user__is_active=True).exclude(user=user)
    if not any(grant.user.has_usable_password() for grant in others.select_for_update().select_related("user")):
        raise InputError("org.last_owner")


def _invite(user: User, token: str, *, at: datetime) -> None:
    digest = hashlib.sha256(token.encode()).hexdigest()
    Invitation.objects.update_or_create(user=user, defaults={"digest": digest, "ends_at": at + INVITED_FOR})


def _inviter(user: User) -> int | None:
    """The account that invited this one last."""
    told = history_of(KIND, str(user.pk)).values_list("action", "actor")
    return next((actor for action, actor in told if action.endswith(("_opened", "_invited"))), None)


def _end_sessions(user: User) -> None:
    user.session_round += 1
    user.save(update_fields=["session_round"])


def _self(user: User) -> Viewer:
    return Viewer(account=user.pk, name=user.shown_name)


def _tell(
    viewer: Viewer, action: str, user: User, *, at: datetime,
    old: Mapping[str, object] | None = None, new: Mapping[str, object] | None = None,
) -> None:  # fmt: skip
    record(viewer, action, kind=KIND, key=str(user.pk), label=user.shown_name, at=at, old=old, new=new)
    announce("org.accounts", at=at)
