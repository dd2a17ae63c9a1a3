"""The page of a verification: asked for, how far it is, what was found; it stays for whoever comes back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say
from fuxiao.incentives.sealing import Difference
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.actions import verifying
from fuxiao.performance.cycles.models import Verification
from fuxiao.report.tasks import verify_cycle
from fuxiao.report.verifying import Part
from fuxiao.web.access import Request, allowed
from fuxiao.web.performance.presenters import cycle_title, difference_line
from fuxiao.web.words import language, t

PARTS = {
    Part.ROWS: ("周期的每一行记录", "every row of the cycle"), Part.CARDS: ("保存的评分卡", "the stored scorecards"),
    Part.FILES: ("封存的记录文件", "the sealed record files"),
    Part.FIGURES: ("重新计算并逐一比对数字", "every figure, computed again"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A part in words, and whether it is done or being done."""

    word: str
    done: bool
    current: bool


@allowed(Permission.CYCLES_READ)
@require_http_methods(["GET", "POST"])
def verify(request: Request, number: int) -> HttpResponse:
    """Ask for a verification, or show the newest."""
    cycle = queries.cycle_of(request.viewer, number)
    if request.method == "POST":
        asked, is_new = verifying.ask(request.viewer, cycle, at=now())
        if is_new:
            verify_cycle.enqueue(asked.pk)
        return redirect("cycle_verify", number)
    held = queries.last_verification(cycle)
    context = {"cycle": cycle, "title": cycle_title(cycle), "held": held, **(_state(held) if held else {})}
    page = "performance/verified.html#state" if request.htmx else "performance/verified.html"
    return render(request, page, context)


def _state(held: Verification) -> dict[str, object]:
    lost = verifying.is_lost(held, at=now())
    running = held.ended_at is None and not lost
    lines, found = list(_lines(held)), held.found
    return {
        "running": running, "stopped": say(verifying.LOST if lost else held.failed, language()) if lost or held.failed else "", "lines": lines, "found": found,
        "done": sum(each.done for each in lines),
        "differences": [difference_line(Difference(**each)) for each in found.get("differences", ())],
    }  # fmt: skip


def _lines(held: Verification) -> Iterator[Line]:
    at = list(Part).index(Part(held.part)) if held.part else -1
    for place, part in enumerate(Part):
        yield Line(t(*PARTS[part]), done=place < at, current=place == at)
