"""Saved views on list pages: kept, forgotten, and the one that a page opens with.

A page takes part with its line in ``PAGES``, ``{% saved_views "its key" %}`` in its template, and in its view
``if answer := opened(request, "its key"): return answer``.
"""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from fuxiao.base.clock import now, today
from fuxiao.org import saved_views
from fuxiao.web.access import Request, signed_in
from fuxiao.web.shell.home import organisation

PAGES = {"people": "people", "values": "values", "cases": "desk"}
"""The pages that have views, with the names of their addresses."""


def opened(request: Request, page: str) -> HttpResponse | None:
    """Where to go instead: the reader's default view, for an address that asks for nothing; none without one."""
    if request.GET or request.htmx or request.method != "GET":
        return None
    query = saved_views.default_query(request.viewer, page)
    return redirect(f"{request.path}?{query}") if query else None


def _address(page: str, query: str = "") -> str:
    if page not in PAGES:
        raise Http404
    return reverse(PAGES[page]) + (f"?{query}" if query else "?all=1")


@signed_in
@require_POST
def save(request: Request) -> HttpResponse:
    """Keep the filters of a page under a name."""
    given, page = request.POST, request.POST.get("of", "")
    _address(page)
    found = saved_views.save_view(
        request.viewer, page, given.get("name", ""), given.get("query", ""), team=given.get("team", ""),
        is_default=given.get("default") == "1", on=today(organisation().zone), at=now(),
    )  # fmt: skip
    return redirect(_address(page, found.query))


@signed_in
@require_POST
def delete(request: Request, number: int) -> HttpResponse:
    """Forget an own view."""
    return redirect(_address(saved_views.delete_view(request.viewer, number, at=now())))
