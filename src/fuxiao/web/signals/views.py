"""The queue of signals and one review."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.actions import require
from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.queries import history_of
from fuxiao.base.wording import say_error
from fuxiao.core.errors import Conflict, FuxiaoError, NotPermitted
from fuxiao.core.period import parse_period
from fuxiao.performance.reviews import actions, queries
from fuxiao.performance.reviews.models import Outcome, SignalReview
from fuxiao.performance.reviews.tasks import look_for_signals
from fuxiao.performance.signals import policy_of
from fuxiao.web.access import Request, allowed
from fuxiao.web.metrics.exports import Download, answer
from fuxiao.web.metrics.wording import formats, joined
from fuxiao.web.pages import page_of, whole
from fuxiao.web.shell.home import organisation
from fuxiao.web.signals.presenters import (
    OUTCOMES,
    chance_text,
    detector_word,
    evidence_of,
    outcome_word,
    sheet_of,
    strength_text,
    strip_of,
    threshold_words,
)
from fuxiao.web.words import language, t

TABS = (("open", "待复核", "To be reviewed"), ("mine", "交给我的", "Given to me"), ("decided", "已复核", "Reviewed"))


@allowed(Permission.SIGNALS_READ)
@require_GET
def queue(request: Request) -> HttpResponse:
    """What was found and waits for somebody to look, strongest first; what was decided, newest first."""
    tab = request.GET.get("tab", "open")
    kind = request.GET.get("kind", "")
    every = queries.reviews(request.viewer)
    found = _of_tab(every, request.viewer, tab)
    found = found.filter(detector=kind) if kind else found
    if form := request.GET.get("form"):
        return answer(_download(found), form)
    page = page_of(request, found)
    run = queries.last_run()
    context = {
        "rows": [(each, *outcome_word(each.outcome), strength_text(each.strength), sorted(evidence_of(each), key=lambda fact: not fact.beside)[:3]) for each in page],
        "page": page, "tab": tab, "kind": kind, "tabs": [(key, t(zh, en)) for key, zh, en in TABS],
        "kinds": [(each, detector_word(each)) for each in every.order_by("detector").values_list("detector", flat=True).distinct()],
        "run": run, "unseen": joined([detector_word(key) for key in (run.missing if run else ())]),
        "tallies": _tallies(request.viewer), "may_review": _may_review(request.viewer),
        "month": (today(organisation().zone).replace(day=1)),
    }  # fmt: skip
    return render(request, "signals/queue.html#list" if request.htmx else "signals/queue.html", context)


def _of_tab(every: QuerySet[SignalReview], viewer: Viewer, tab: str) -> QuerySet[SignalReview]:
    if tab == "decided":
        return every.exclude(outcome=Outcome.OPEN).order_by("-decided_at", "-id")
    waiting = every.filter(outcome=Outcome.OPEN)
    return waiting.filter(assigned=viewer.account or 0) if tab == "mine" else waiting


def _may_review(viewer: Viewer) -> bool:
    return viewer.may(Permission.SIGNALS_REVIEW) and not viewer.read_only


def _tallies(viewer: Viewer) -> list[tuple[str, queries.Tally, str]]:
    """Outcomes by kind, for whoever sees all of them."""
    if not viewer.sees_all:
        return []
    return [
        (detector_word(each.detector), each, "" if each.precision is None else f"{100 * each.precision:.0f}%")
        for each in queries.tallies()
    ]


def _download(found: QuerySet[SignalReview]) -> Download:
    headings = [
        t("代码", "Code"), t("信号", "Signal"), t("对象", "About"), t("编号", "Key"), t("期间", "Period"),
        t("强度", "Strength"), "p", t("证据", "Evidence"), t("先看的工单", "Cases to look at"), t("复核人", "Reviewer"),
        t("结论", "Outcome"), t("理由", "Reason"), t("结论人", "Decided by"), t("结论时间", "Decided at"),
    ]  # fmt: skip
    rows = [
        [each.code, detector_word(each.detector), each.name, each.subject, each.period, round(each.strength, 3),
         each.chance, "; ".join(f"{fact.name} {fact.text}" for fact in evidence_of(each)), ", ".join(each.cases),
         each.assigned_name or None, outcome_word(each.outcome)[0], each.reason or None, each.decided_by or None,
         formats().moment(int(each.decided_at.timestamp())) if each.decided_at else None]
        for each in found
    ]  # fmt: skip
    told = [(t("导出时间", "Exported at"), formats().moment(int(now().timestamp())))]
    return Download(t("作弊信号", "Gaming signals"), headings, rows, told)


@allowed(Permission.SIGNALS_REVIEW)
@require_POST
def look(request: Request) -> HttpResponse:
    """Have the worker look into the months that end with the last finished one."""
    require(request.viewer, Permission.SIGNALS_REVIEW)
    last = parse_period(f"{today(organisation().zone):%Y-%m}").previous()
    look_for_signals.enqueue(last.key, request.viewer.account, request.viewer.name)
    messages.success(
        request, t("正在后台查找，找到后这一页自动更新。", "Looking in the background; this page follows by itself.")
    )
    return redirect("signals")


@allowed(Permission.SCORES_READ)
@require_http_methods(["GET", "POST"])
def review(request: Request, number: int) -> HttpResponse:
    """One finding: the figures beside the peers', the cases, who looks, and what came of it."""
    told = policy_of(settings.HOME).told
    found = queries.review_of(request.viewer, number, told=told)
    problems: list[str] = []
    if request.method == "POST":
        try:
            _act(request, found)
        except (NotPermitted, Conflict):
            raise
        except FuxiaoError as refused:
            problems = say_error(refused, language())
        else:
            return redirect("signal", number)
    return render(request, "signals/review.html", _context(request, found, problems), status=400 if problems else 200)


def _context(request: Request, found: SignalReview, problems: list[str]) -> dict[str, Any]:
    decides = found.is_open and queries.may_decide(request.viewer, found)
    word, tone = outcome_word(found.outcome)
    own = request.viewer.person == found.subject
    return {
        "review": found, "sheet": sheet_of(found.code), "detector": detector_word(found.detector), "word": word,
        "tone": tone, "facts": evidence_of(found), "strip": strip_of(found), "own": own, "decides": decides,
        "strength": strength_text(found.strength), "chance": chance_text(found.chance), "problems": problems,
        "limits": threshold_words(found.thresholds),
        "reviewers": queries.reviewers(found) if decides else [],
        "outcomes": [(key, t(zh, en)) for key, (zh, en, _) in OUTCOMES.items() if key != Outcome.OPEN],
        "earlier": [] if own else [(each, *outcome_word(each.outcome)) for each in queries.earlier(found)[:5]],
        "history": [] if own else history_of("signals.review", str(found.pk)),
        "sees_rows": request.viewer.may(Permission.ROWS_READ), "given": request.POST,
    }  # fmt: skip


def _act(request: Request, found: SignalReview) -> None:
    version = whole(request.POST.get("version", ""), 0)
    if request.POST.get("act") == "assign":
        account = whole(request.POST.get("account", ""), 0)
        actions.assign(request.viewer, found, account, version=version, at=now())
        messages.success(request, t("已指派，对方会收到通知。", "Given; they are told."))
        return
    told = policy_of(settings.HOME).told
    outcome, reason = request.POST.get("outcome", ""), request.POST.get("reason", "")[:4000]
    actions.decide(request.viewer, found, outcome, reason, version=version, told=told, at=now())
    messages.success(request, t("结论已保存，得分和奖金没有变。", "The outcome is kept; no score and no pay changed."))
