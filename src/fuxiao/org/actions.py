"""Writes of the organisation. Each is one transaction with one audit entry and one announcement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from fuxiao.base.actions import announce, record, require
from fuxiao.base.permissions import Permission, Role, Viewer
from fuxiao.core.errors import InputError, NotPermitted
from fuxiao.org import pinyin
from fuxiao.org.models import Membership, Person, RoleGrant, Team, User

EPOCH = date(1970, 1, 1)
SYSTEM = Viewer(account=None, name="system")


@transaction.atomic
def create_owner(*, username: str, password: str, email: str, at: datetime) -> User:
    """The first account of an installation, with every right. ``NotPermitted`` once there is any account."""
    if User.objects.select_for_update().exists():
        raise NotPermitted("setup.done_already")
    validate_password(password, User(username=username, email=email))
    user = User.objects.create_user(username=username, password=password, email=email)
    RoleGrant.objects.create(user=user, role=Role.OWNER, granted_at=at)
    record(SYSTEM, "org.owner_created", kind="org.user", key=str(user.pk), at=at, label=username)
    return user


@transaction.atomic
def grant_roles(viewer: Viewer, user: User, roles: Iterable[Role], *, at: datetime) -> None:
    """Give an account exactly these roles. Only an owner makes or unmakes an owner, and one owner must remain."""
    require(viewer, Permission.ACCOUNTS_WRITE)
    wanted, held = set(roles), set(map(Role, user.grants.values_list("role", flat=True)))
    if Role.OWNER in wanted ^ held and Role.OWNER not in viewer.roles:
        raise NotPermitted("permission.owner_only")
    if Role.OWNER in held - wanted and RoleGrant.objects.filter(role=Role.OWNER).count() == 1:
        raise InputError("org.last_owner")
    user.grants.exclude(role__in=wanted).delete()
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role, granted_at=at) for role in sorted(wanted - held))
    record(
        viewer, "org.roles_granted", kind="org.user", key=str(user.pk), label=user.username, at=at,
        old={"roles": sorted(held)}, new={"roles": sorted(wanted)},
    )  # fmt: skip
    announce("org.accounts", at=at)


Rows = Iterable[Mapping[str, Any]]


@transaction.atomic
def adopt(viewer: Viewer, *, people: Rows, teams: Rows, memberships: Rows, at: datetime) -> int:
    """Take over people, teams and memberships as the records of the lake have them; the number of people.

    Rows as the datasets ``people``, ``teams`` and ``memberships`` give them, days as numbers since 1970-01-01. What is
    already there is brought up to date; nobody is removed.
    """
    require(viewer, Permission.ORG_WRITE)
    memberships = list(memberships)
    known_teams = _adopt_teams(teams, memberships)
    known = _adopt_people(people, memberships)
    _adopt_leads(teams, known_teams, known)
    Membership.objects.filter(person__in=known.values()).delete()
    Membership.objects.bulk_create(
        Membership(
            person=known[row["person"]], team=known_teams[row["team"]], position=row["role"],
            valid_from=EPOCH + timedelta(days=row["valid_from"]), valid_to=day(row["valid_to"]),
            bonus_base=row.get("bonus_base"),
        )
        for row in memberships
    )  # fmt: skip
    record(
        viewer, "org.adopted", kind="org", key="people", at=at,
        new={"people": len(known), "teams": len(known_teams), "memberships": len(memberships)},
    )  # fmt: skip
    announce("org.people", at=at)
    return len(known)


def _adopt_teams(rows: Rows, memberships: Rows) -> dict[str, Team]:
    named: dict[str, Mapping[str, Any]] = {row["team"]: {} for row in memberships} | {row["team"]: row for row in rows}
    found: dict[str, Team] = {}
    for key, row in named.items():
        found[key], _ = Team.objects.update_or_create(
            key=key, defaults={"name": row.get("name") or key, "kind": row.get("kind") or ""}
        )
    for key, row in named.items():
        parent = found.get(row.get("parent") or "")
        if found[key].parent_id != (parent.pk if parent else None):
            found[key].parent = parent
            found[key].save(update_fields=["parent"])
    return found


def _adopt_people(rows: Rows, memberships: Rows) -> dict[str, Person]:
    named: dict[str, Mapping[str, Any]] = {row["person"]: {} for row in memberships}
    named |= {row["person"]: row for row in rows}
    found: dict[str, Person] = {}
    for number, row in named.items():
        name = row.get("name") or number
        found[number], _ = Person.objects.update_or_create(
            number=number,
            defaults={
                "name": name, **spoken(name), "hired_on": day(row.get("hired_on")), "left_on": day(row.get("left_on")),
                "wage": row.get("wage"), "bonus_base": row.get("bonus_base"),
            },
        )  # fmt: skip
    return found


def _adopt_leads(rows: Rows, teams: Mapping[str, Team], people: Mapping[str, Person]) -> None:
    for row in rows:
        lead = people.get(row.get("lead") or "")
        team = teams[row["team"]]
        if lead is not None and team.lead_id != lead.pk:
            team.lead = lead
            team.save(update_fields=["lead"])


def spoken(name: str) -> dict[str, str]:
    """The columns of a person that say the name in pinyin."""
    return {"sort": pinyin.sort_key(name), "plain": pinyin.plain(name), "initials": pinyin.initials(name)}


def day(number: int | None) -> date | None:
    """The local day that a dataset's number means."""
    return None if number is None else EPOCH + timedelta(days=number)
