"""Saved views of list pages: whose they are, who sees them, which one a page opens with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import Q, QuerySet

from fuxiao.base.actions import announce, record
from fuxiao.base.permissions import Viewer
from fuxiao.core.errors import InputError, NotPermitted, UnknownName
from fuxiao.org.models import Membership, SavedView, Team
from fuxiao.org.queries import current

PASSING = frozenset({"page", "after", "as", "form", "all", "period", "csrfmiddlewaretoken"})
"""Parts of a query string that belong to the moment and not to a view."""
LONGEST, MOST, FIELDS = 1000, 50, 60


def plain_query(text: str) -> str:
    """A query string as it is kept, without what is empty or of the moment. ``InputError`` for one that is too long."""
    if len(text) > 3 * LONGEST or text.count("&") > FIELDS:
        raise InputError("view.too_long")
    found = urlencode([(name, value) for name, value in parse_qsl(text.lstrip("?")) if name not in PASSING])
    if len(found) > LONGEST:
        raise InputError("view.too_long")
    return found


def views(viewer: Viewer, page: str, *, on: date) -> QuerySet[SavedView]:
    """The viewer's own views of a page, then those shared with a team that the viewer is in or has in reach."""
    seen = Q(owner=viewer.account)
    if viewer.sees_all:
        seen |= Q(team__isnull=False)
    else:
        seen |= Q(team__in=_teams_above(viewer, on=on)) | Q(team__key__in=viewer.teams)
    return SavedView.objects.filter(seen, page=page).select_related("team", "owner__person").order_by("name", "id")


def default_query(viewer: Viewer, page: str) -> str:
    """The query string that the page opens with for this viewer; empty for none."""
    found = SavedView.objects.filter(owner=viewer.account, page=page, is_default=True)
    return found.values_list("query", flat=True).first() or ""


def shareable(viewer: Viewer, *, on: date) -> list[Team]:
    """The teams that the viewer may share a view with: the own ones, and those in reach."""
    if viewer.sees_all:
        return list(Team.objects.filter(closed_on__isnull=True).order_by("sort", "key"))
    mine = Q(pk__in=_own_teams(viewer, on=on)) | Q(key__in=viewer.teams)
    return list(Team.objects.filter(mine, closed_on__isnull=True).order_by("sort", "key"))


@transaction.atomic
def save_view(
    viewer: Viewer,
    page: str,
    name: str,
    query: str,
    *,
    team: str = "",
    is_default: bool = False,
    on: date,
    at: datetime,
) -> SavedView:
    """Keep the filters under a name; one of the same name is replaced. ``InputError`` where that cannot be."""
    name = name.strip()
    if viewer.read_only or viewer.account is None:
        raise NotPermitted("permission.read_only")
    if not name or len(name) > 80:
        raise InputError("view.no_name")
    shared = next((each for each in shareable(viewer, on=on) if each.key == team), None)
    if team and shared is None:
        raise InputError("view.team_unfit")
    mine = SavedView.objects.filter(owner=viewer.account, page=page)
    if not mine.filter(name=name).exists() and mine.count() >= MOST:
        raise InputError("view.too_many", most=MOST)
    if is_default:
        mine.update(is_default=False)
    values = {"query": plain_query(query), "team": shared, "is_default": is_default}
    found, _ = SavedView.objects.update_or_create(owner_id=viewer.account, page=page, name=name, defaults=values)
    new = {"query": found.query, "team": team, "default": is_default}
    record(viewer, "org.view_saved", kind="org.view", key=str(found.pk), label=name, at=at, new=new)
    announce("org.views", at=at)
    return found


@transaction.atomic
def delete_view(viewer: Viewer, number: int, *, at: datetime) -> str:
    """Forget an own view; the key of its page. ``UnknownName`` where it is not one's own."""
    if viewer.read_only:
        raise NotPermitted("permission.read_only")
    found = SavedView.objects.filter(pk=number, owner=viewer.account).first()
    if found is None:
        raise UnknownName("view", str(number), ())
    record(viewer, "org.view_deleted", kind="org.view", key=str(number), label=found.name, at=at,
           old={"query": found.query})  # fmt: skip
    found.delete()
    announce("org.views", at=at)
    return found.page


def _own_teams(viewer: Viewer, *, on: date) -> list[int]:
    held = current(Membership.objects.filter(person__number=viewer.person or ""), on=on)
    return list(held.values_list("team_id", flat=True))


def _teams_above(viewer: Viewer, *, on: date) -> set[int]:
    """The viewer's own teams and all above them: what is shared with a department reaches its groups."""
    parents = dict(Team.objects.values_list("id", "parent_id"))
    return {team for own in _own_teams(viewer, on=on) for team in _up(own, parents)}


def _up(team: int | None, parents: Mapping[int, int | None]) -> Iterator[int]:
    while team is not None:
        yield team
        team = parents.get(team)
