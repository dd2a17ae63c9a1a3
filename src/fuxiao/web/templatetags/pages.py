"""What pages are put together with: saved views, what a reader may do, places in tables and messages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from django import template
from django.template import Context

from fuxiao.base.clock import today
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import InputError
from fuxiao.org.saved_views import plain_query, shareable
from fuxiao.org.saved_views import views as kept_views
from fuxiao.web.shell.home import organisation
from fuxiao.web.shell.kept import known
from fuxiao.web.undo import Undo
from fuxiao.web.undo import undo_in as _undo_in

register = template.Library()


@register.inclusion_tag("components/saved_views.html", takes_context=True)
def saved_views(context: Context, page: str) -> dict[str, object]:
    """``{% saved_views "people" %}``: the views of a list page, and the form that keeps its filters as one."""
    request = context["request"]
    on, query, keepable = today(organisation().zone), "", not request.viewer.read_only
    try:
        query = plain_query(request.GET.urlencode())
    except InputError:
        keepable = False
    viewer = request.viewer
    found = known(request, ("views", page, viewer, on), lambda: list(kept_views(viewer, page, on=on)))
    return {
        "views": found, "active": next((each for each in found if query and each.query == query), None), "query": query,
        "path": request.path, "of": page, "account": request.viewer.account, "may_save": keepable,
        "teams": known(request, ("shareable", viewer, on), lambda: shareable(viewer, on=on)), "csrf_token": context.get("csrf_token"),
    }  # fmt: skip


@register.filter
def may(viewer: Viewer, permission: str) -> bool:
    """Whether somebody has the permission, for example ``data.write``."""
    return viewer.may(Permission(permission))


@register.filter
def beyond(cases: Iterable[Mapping[str, str]], opens: Collection[str]) -> bool:
    """Whether some of these cases are not the reader's to open."""
    return any(case["id"] not in opens for case in cases)


@register.filter
def at(table: Mapping[str, object], key: str) -> object:
    """What a table has under a key."""
    return table[key]


@register.filter
def nth(rows: Sequence[object], place: int) -> object:
    """The row at a place, counted from nought."""
    return rows[place]


@register.filter
def undo_in(tags: str) -> Undo | None:
    """What a message offers to take back."""
    return _undo_in(tags)
