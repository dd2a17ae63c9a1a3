"""Where data comes from: files by kind, how fresh and how good they are, and taking one out again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.datasets import actions, queries
from fuxiao.datasets.models import Pull, State, Work
from fuxiao.web.access import Request, allowed
from fuxiao.web.datasets.presenters import STATES, Chip, source_card, state_of
from fuxiao.web.lake import lake
from fuxiao.web.words import t

OPEN = 10


@allowed(Permission.DATA_READ)
@require_GET
def sources(request: Request) -> HttpResponse:
    """Every kind of file with its loads, the imports that are not done, and the figures' freshness."""
    with lake() as store:
        loads = store.manifest.loads
    by_load = queries.jobs_by_load(request.viewer)
    unfinished = queries.jobs(request.viewer).exclude(state=State.DONE).exclude(work=Work.PULL)[:OPEN]
    context = {
        "sources": [source_card(source, by_load, now()) for source in queries.sources(loads)],
        "databases": queries.databases(request.viewer),
        "pulls": _pulls(request),
        "unfinished": [(job, state_of(job)) for job in unfinished],
    }
    return render(request, "datasets/sources.html#list" if request.htmx else "datasets/sources.html", context)


def _pulls(request: Request) -> list[tuple[Pull, Chip | None]]:
    """What is read from databases, each with how its last reading ended."""
    found = queries.pulls(request.viewer)
    return [(each, _chip(getattr(each, "last_state", None))) for each in found]


def _chip(state: str | None) -> Chip | None:
    if not state:
        return None
    zh, en, hue = STATES[State(state)]
    return Chip(t(zh, en), hue)


@allowed(Permission.DATA_WRITE)
@require_POST
def undo(request: Request, number: int) -> HttpResponse:
    """Take a whole import out again."""
    with lake() as store:
        name = next((load.source for load in store.manifest.loads if load.number == number), "")
        actions.undo(request.viewer, store, number, at=now())
    messages.success(
        request,
        t(
            "已撤销 {name}，数据与导入前相同；指标正在更新。",
            "{name} was undone: the data is as before; figures follow.",
            name=name,
        ),
    )
    return redirect("sources")
