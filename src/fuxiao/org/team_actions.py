"""Writes about teams: made, renamed, moved in the tree, closed. None is deleted: records name it for ever."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from fuxiao.base.actions import require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.versioned import Fields, at_version
from fuxiao.core.errors import InputError
from fuxiao.org.changes import plain, record_change, set_fields
from fuxiao.org.models import Membership, Team
from fuxiao.org.pinyin import team_key


@transaction.atomic
def add_team(viewer: Viewer, key: str, given: Fields, *, at: datetime) -> Team:
    """A new team. ``InputError`` for a key that is taken."""
    require(viewer, Permission.ORG_WRITE)
    if Team.objects.filter(key=key).exists():
        raise InputError("org.team_taken", key=key)
    team = Team.objects.create(key=key, **given, sort=team_key(given["name"]))
    new = {name: plain(value) for name, value in given.items() if value not in (None, "")}
    record_change(viewer, "org.team_added", team, at=at, old={}, new=new)
    return team


@transaction.atomic
def change_team(viewer: Viewer, key: str, given: Fields, *, version: int, at: datetime) -> Team:
    """Rename, move below another team or give another lead. ``InputError`` where the tree would run in a circle."""
    require(viewer, Permission.ORG_WRITE)
    team = Team.objects.select_for_update().get(key=key)
    at_version(team, version)
    _check_parent(team, given.get("parent"))
    if "name" in given:
        team.sort = team_key(given["name"])
    old, new = set_fields(team, given)
    if new:
        record_change(viewer, "org.team_changed", team, at=at, old=old, new=new)
    return team


@transaction.atomic
def close_team(viewer: Viewer, key: str, day: date | None, *, at: datetime) -> Team:
    """Nobody can be moved there from ``day`` on; ``None`` opens it again. ``InputError`` while somebody is there."""
    require(viewer, Permission.ORG_WRITE)
    team = Team.objects.select_for_update().get(key=key)
    if day is not None:
        people = Membership.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), team=team).count()
        below = team.children.filter(closed_on__isnull=True).count()
        if people or below:
            raise InputError("org.team_not_empty", team=team.name, day=day, people=people, teams=below)
    old, new = set_fields(team, {"closed_on": day})
    if new:
        record_change(viewer, "org.team_closed" if day else "org.team_reopened", team, at=at, old=old, new=new)
    return team


def _check_parent(team: Team, parent: Team | None) -> None:
    above = parent
    while above is not None:
        if above.pk == team.pk:
            raise InputError("org.team_circle", team=team.name, parent=parent and parent.name)
        above = above.parent
