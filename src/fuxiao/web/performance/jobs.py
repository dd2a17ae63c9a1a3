"""Pages of long work on a cycle, verified or sealed: asked for, how far it is, what came of it; that stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say
from fuxiao.core.cycle import Step
from fuxiao.incentives.sealing import Difference
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.actions import jobs
from fuxiao.performance.cycles.models import Cycle, CycleJob
from fuxiao.performance.cycles.parts import PARTS, JobKind, Part
from fuxiao.report.tasks import do_job
from fuxiao.web.access import Request, allowed
from fuxiao.web.performance.presenters import cycle_title, difference_line
from fuxiao.web.words import language, t

WORDS = {
    JobKind.VERIFY: {
        Part.ROWS: ("周期的每一行记录", "every row of the cycle"), Part.CARDS: ("保存的评分卡", "the stored scorecards"),
        Part.FILES: ("封存的记录文件", "the sealed record files"),
        Part.FIGURES: ("重新计算并逐一比对数字", "every figure, computed again"),
    },
    JobKind.SEAL: {
        Part.FIGURES: ("按截止时的数据算出每个数字", "every figure, from the data as it was closed"),
        Part.FILES: ("写下封条：数字、规则和记录文件的摘要", "the seal: figures, rules and digests of the record files"),
        Part.ROWS: ("周期每一行记录的摘要", "a digest of every row of the cycle"),
    },
}  # fmt: skip

UNDER_WAY = {JobKind.VERIFY: ("正在核验", "Verifying"), JobKind.SEAL: ("正在封存", "Sealing")}


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
        with transaction.atomic():
            asked, is_new = jobs.ask_verification(request.viewer, cycle, at=now())
            if is_new:
                do_job.enqueue(asked.pk)
        return redirect("cycle_verify", number)
    return _page(request, cycle, JobKind.VERIFY, "performance/verified.html")


@allowed(Permission.CYCLES_READ)
@require_GET
def sealing(request: Request, number: int) -> HttpResponse:
    """How far the sealing is, the seal, or what stopped it."""
    cycle = queries.cycle_of(request.viewer, number)
    if cycle.at is not Step.SEALED and queries.last_job(cycle, JobKind.SEAL) is None:
        return redirect("cycle", number)
    return _page(request, cycle, JobKind.SEAL, "performance/sealed.html")


def ask_seal(request: Request, cycle: Cycle) -> None:
    """Have the cycle sealed in the background; pressed twice, once."""
    with transaction.atomic():
        asked, is_new = jobs.ask_seal(request.viewer, cycle, at=now())
        if is_new:
            do_job.enqueue(asked.pk)


def _page(request: Request, cycle: Cycle, kind: JobKind, page: str) -> HttpResponse:
    held = queries.last_job(cycle, kind)
    may_seal = request.viewer.may(Permission.CYCLES_WRITE) and cycle.at is Step.FINAL
    context = {
        "cycle": cycle, "title": cycle_title(cycle), "held": held, "may_seal": may_seal, "word": t(*UNDER_WAY[kind]),
        **(_state(held) if held else {}),
    }  # fmt: skip
    return render(request, f"{page}#state" if request.htmx else page, context)


def _state(held: CycleJob) -> dict[str, object]:
    lost = jobs.is_lost(held, at=now())
    lines, found = list(_lines(held)), held.found
    return {
        "running": held.ended_at is None and not lost, "stopped": _stopped(held, lost=lost), "lines": lines, "found": found,
        "done": sum(each.done for each in lines),
        "differences": [difference_line(Difference(**each)) for each in found.get("differences", ())],
    }  # fmt: skip


def _stopped(held: CycleJob, *, lost: bool) -> list[str]:
    """What stopped it, and what to do; nothing where it runs or ended well."""
    if problems := held.found.get("problems"):
        return list(problems[language()])
    code = jobs.LOST.format(kind=held.kind) if lost else held.failed
    return [say(code, language())] if code else []


def _lines(held: CycleJob) -> Iterator[Line]:
    kind = JobKind(held.kind)
    at = PARTS[kind].index(Part(held.part)) if held.part else -1
    for place, part in enumerate(PARTS[kind]):
        yield Line(t(*WORDS[kind][part]), done=place < at, current=place == at)
