"""Reads of figures for people: who looks decides whose figures, and whose rows, there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fuxiao.base.permissions import Permission, Reach, Viewer
from fuxiao.core.errors import NotPermitted
from fuxiao.engine.definition import Indicator
from fuxiao.engine.rows import Scope
from fuxiao.metrics.drill import PAGE, Kept, Page, drill_down
from fuxiao.metrics.source import FactStore
from fuxiao.metrics.values import Request

NOBODY = "\0"
"""A name that no record has: an empty reach shows nothing rather than everything."""


def authorised(viewer: Viewer, request: Request, people: frozenset[str] = frozenset()) -> Request:
    """The request narrowed to what the viewer may see of it; ``NotPermitted`` where there is no such part."""
    if not viewer.may(Permission.VALUES_READ):
        raise NotPermitted("permission.denied", permission=Permission.VALUES_READ.value)
    return replace(request, only=within(viewer, request.by, request.only, people))


def in_reach(viewer: Viewer, by: str, member: str, people: frozenset[str] = frozenset()) -> bool:
    """Whether the figures and rows of this one person, team or other group are the viewer's to see."""
    if viewer.sees_all or by == "company":
        return True
    return member in _reach(viewer, people).get(by, frozenset())


def within(viewer: Viewer, by: tuple[str, ...], only: tuple[str, ...], people: frozenset[str]) -> tuple[str, ...]:
    """``only`` narrowed to the viewer's reach; ``NotPermitted`` for groups that have no reach."""
    if viewer.sees_all or by == ("company",):
        return only
    reach = _reach(viewer, people)
    if by[0] not in reach:
        raise NotPermitted("values.out_of_reach", by=", ".join(by))
    allowed = tuple(sorted(reach[by[0]] & set(only) if only else reach[by[0]]))
    return allowed or (NOBODY,)


def _reach(viewer: Viewer, people: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """The members in reach of the groups that have a reach: persons (oneself always) and teams."""
    teams = viewer.reach is Reach.TEAMS
    own = frozenset({viewer.person} if viewer.person else ())
    return {"person": own | people if teams else own, "team": viewer.teams if teams else frozenset()}


def rows_for(
    viewer: Viewer, store: FactStore, indicator: Indicator, scope: Scope, *, people: frozenset[str] = frozenset(),
    members: Sequence[str] = (), kept: Kept = Kept.ALL, reason: str = "", offset: int = 0,
    limit: int = PAGE,
) -> Page:  # fmt: skip
    """The rows under a figure, of the people and teams in reach; the company's only for whoever sees everybody."""
    if not viewer.may(Permission.ROWS_READ):
        raise NotPermitted("permission.denied", permission=Permission.ROWS_READ.value)
    if scope.by == ("company",) and not viewer.sees_all:
        raise NotPermitted("values.out_of_reach", by="company")
    narrowed = replace(scope, only=within(viewer, scope.by, scope.only, people))
    return drill_down(store, indicator, narrowed, members=members, kept=kept, reason=reason, offset=offset, limit=limit)
