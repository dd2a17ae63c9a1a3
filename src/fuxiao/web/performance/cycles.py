"""Pages of cycles: all of them, a new one, the board of one, its next step, and the proof of its seal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import day_start, now, today
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.cycle import Standing, Step, hindrances, next_step
from fuxiao.core.errors import Conflict, FuxiaoError
from fuxiao.core.period import parse_period
from fuxiao.core.score import Scorecard
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.actions import advancing
from fuxiao.performance.cycles.actions.opening import Opening
from fuxiao.performance.cycles.models import Cycle, CycleJob
from fuxiao.performance.cycles.parts import JobKind
from fuxiao.performance.cycles.turns import turns
from fuxiao.report.by_calendar import open_with
from fuxiao.report.closing import frozen
from fuxiao.report.tasks import compute_cycle
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.lake import lake
from fuxiao.web.metrics.desk import desk
from fuxiao.web.pages import page_of, whole
from fuxiao.web.performance import jobs
from fuxiao.web.performance.called_off import called_off_lines
from fuxiao.web.performance.forms import CycleForm
from fuxiao.web.performance.live import MOVED_BY, is_begun, live_cards
from fuxiao.web.performance.named import plan_of, scheme_of, titles_in
from fuxiao.web.performance.presenters import (
    NEXT,
    cycle_title,
    kind_word,
    lines,
    stations,
    step_hint,
    step_word,
    tally,
)
from fuxiao.web.schemes.covering import Coverage, coverage, held_and_starved
from fuxiao.web.schemes.desk import scheme_desk
from fuxiao.web.shell.days import workday_after
from fuxiao.web.shell.home import organisation
from fuxiao.web.shell.kept import kept
from fuxiao.web.words import t

BOARD = 100
"""People on one page of the board."""


@allowed(Permission.CYCLES_READ)
@require_GET
def listed(request: Request) -> HttpResponse:
    """All cycles, newest first."""
    page = page_of(request, queries.cycles(request.viewer))
    rows = [(each, cycle_title(each), kind_word(each), scheme_of(each), step_word(each.at)) for each in page]
    context = {
        "rows": rows,
        "page": page,
        "off": called_off_lines(request.viewer),
        "may_open": request.viewer.may(Permission.CYCLES_WRITE),
    }
    return render(request, "performance/cycles.html", context)


@allowed(Permission.CYCLES_WRITE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Open a cycle."""
    with desk(request) as at:
        days = at.extent
    form = CycleForm(
        request.POST or None, schemes=titles_in(settings.HOME / "schemes"), plans=titles_in(settings.HOME / "plans"),
        today=_today(), days=days, taken=queries.periods_taken(), asked=request.GET.get("scheme", ""),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = _open(request, form)
        except FuxiaoError as refused:
            form.refuse(say_error(refused, words.language()), refused)
        else:
            told = {"title": cycle_title(made), "n": made.members.count()}
            messages.success(
                request,
                t("{title}考核已开始，共 {n} 人。", "The cycle of {title} has begun with {n:person/people}.", **told),
            )
            return redirect("cycle", made.pk)
    context = {"form": form, "doubts": list(_doubts()), "may_rule": request.viewer.may(Permission.RULES_WRITE)}
    return render(request, "performance/cycle_new.html", context, status=200 if request.method == "GET" else 400)


def _doubts() -> Iterator[tuple[str, str, Coverage, list[tuple[str, Decimal]]]]:
    """Schemes that leave people out or unrated: key, title, who is scored, roles whose items wait for data."""
    for key, title in titles_in(settings.HOME / "schemes").items():
        plain = scheme_desk(key).plain
        found, waiting = coverage(plain), held_and_starved(plain)
        if found.left_out or waiting:
            yield key, title, found, waiting


def _open(request: Request, form: CycleForm) -> Cycle:
    given = form.cleaned_data
    opening = Opening(
        period=form.chosen, scheme=given["scheme"], plan=given["plan"], teams=tuple(given["teams"]),
        stages=form.stages_chosen, rank_shown=given["rank_shown"], cut_off_on=form.cut_off,
        appeal_days=given["appeal_days"], repeats=given["repeats"],
    )  # fmt: skip
    with lake() as store:
        return open_with(request.viewer, store, opening, at=now())


@allowed(Permission.CYCLES_READ)
@require_GET
@kept
def board(request: Request, number: int) -> HttpResponse:
    """Where everybody in reach stands, and the next step."""
    cycle = queries.cycle_of(request.viewer, number)
    members = queries.in_order(
        queries.members(request.viewer).filter(cycle=cycle).select_related("scorecard").defer("scorecard__result")
    )
    live = _live(request, cycle) if members else {}
    appealed = frozenset(queries.open_appeals(cycle).values_list("member_id", flat=True))
    found = list(lines(members, today=_today(), appeals=appealed, live=live or {}, untold=_untold(request, cycle)))
    context = {
        "cycle": cycle, "title": cycle_title(cycle), "kind": kind_word(cycle), "stations": list(stations(cycle)),
        "scheme": scheme_of(cycle), "plan": plan_of(cycle),
        "calibrates": cycle.at is Step.CALIBRATION or cycle.minutes.exists() or queries.grade_changes(cycle).exists(),
        "page": page_of(request, found, size=BOARD), "tally": tally(found), "unrated": sum(each.unrated for each in found),
        "step": step_word(cycle.at), "hint": step_hint(cycle.at), "verified": queries.last_job(cycle, JobKind.VERIFY), "sealing": _sealing(cycle), "turns": turns(request.viewer, cycle), "live": cycle.at is Step.RUNNING,
        "pays": bool(cycle.plan_text) and request.viewer.may(Permission.PAY_READ), "moved_by": MOVED_BY, "pending": live is None,
        "may_name": cycle.at is Step.LEAD_REVIEW and request.viewer.may(Permission.CYCLES_WRITE),
        "may_call_off": cycle.at is Step.RUNNING and request.viewer.may(Permission.CYCLES_WRITE), **_next(request, cycle),
    }  # fmt: skip
    answer = render(request, "performance/cycle.html#main" if request.htmx else "performance/cycle.html", context)
    if live is None:
        add_never_cache_headers(answer)
    return answer


def _live(request: Request, cycle: Cycle) -> Mapping[str, Scorecard] | None:
    """The live score of everybody; ``None`` where it takes its time: the page comes at once and asks for its fragment."""
    if cycle.at not in (Step.RUNNING, Step.CUT_OFF):
        return {}
    with lake() as store:
        waits = request.htmx or "wait" in request.GET or is_begun(store, cycle)
        return live_cards(store, cycle) if waits else None


def _sealing(cycle: Cycle) -> CycleJob | None:
    """The sealing of a final cycle that somebody asked for."""
    return queries.last_job(cycle, JobKind.SEAL) if cycle.at is Step.FINAL else None


def _untold(request: Request, cycle: Cycle) -> str | None:
    """Whoever looks, while leads and committees are at work on the own result."""
    return request.viewer.person if cycle.at in queries.UNSHARED else None


def _next(request: Request, cycle: Cycle) -> dict[str, object]:
    """The button of the next step for whoever may press it, and what stands in its way."""
    after = next_step(cycle.at, cycle.stage_steps)
    if after is None or not request.viewer.may(Permission.CYCLES_WRITE) or cycle.at is Step.CUT_OFF:
        return {}
    standing = advancing.standing_of(cycle, today=_today())
    word = NEXT[Step.RUNNING] if cycle.at is Step.RUNNING else NEXT[after]
    blocked = [
        line
        for code in hindrances(cycle.at, standing)
        for line in say_error(FuxiaoError(code, **standing.facts()), words.language())
    ]
    free = _free_on(cycle.at, standing) if blocked else None
    return {"next": t(*word), "blocked": blocked, "final": after in (Step.FINAL, Step.SEALED), "free_on": free,
            "appeals_open": cycle.at is Step.SHARED and standing.appeals_open > 0,
            "may_waive": cycle.at is Step.LEAD_REVIEW and standing.reviews_missing > 0}  # fmt: skip


def _free_on(step: Step, standing: Standing) -> date | None:
    """From which day on the calendar lets the cycle go on; ``None`` where it does so today."""
    if step is Step.RUNNING:
        free = max(standing.period_ends, standing.cut_off_on)
    elif step is Step.SHARED and standing.window_ends is not None:
        free = workday_after(standing.window_ends)
    else:
        return None
    return free if standing.today < free else None


@allowed(Permission.CYCLES_WRITE)
@require_POST
def advance(request: Request, number: int) -> HttpResponse:
    """The next step: the data closed, the results shared, made final, sealed."""
    cycle = queries.cycle_of(request.viewer, number)
    version = whole(request.POST.get("version", ""), 0)
    if version != cycle.version:  # somebody took the step that this page was showing
        raise Conflict("cycle.moved_on", step=cycle.step)
    if cycle.at is Step.RUNNING:
        _cut_off(request, cycle, version)
    elif cycle.at is Step.CUT_OFF:
        compute_cycle.enqueue(cycle.pk)
    elif next_step(cycle.at, cycle.stage_steps) is Step.SEALED:
        jobs.ask_seal(request, cycle)
        return redirect("cycle_seal", number)
    else:
        advancing.advance(request.viewer, number, version=version, today=_today(), at=now(), window_ends=_window(cycle))
    cycle.refresh_from_db()
    messages.success(request, t("现在：{step}。", "Now: {step}.", step=step_word(cycle.at)))
    return redirect("cycle", number)


def _cut_off(request: Request, cycle: Cycle, version: int) -> None:
    with lake() as store:
        basis, as_of = frozen(store), max(day_start(store.settings.zone), _end(cycle))
        # While the store is open its files stay; from the end of the transaction on the cycle holds them.
        with transaction.atomic():
            advancing.cut_off(
                request.viewer, cycle.pk, version=version, basis=basis, as_of=as_of, today=_today(), at=now()
            )  # fmt: skip
            compute_cycle.enqueue(cycle.pk)


def _end(cycle: Cycle) -> datetime:
    """The first moment after the period."""
    return parse_period(cycle.period).bounds(organisation().zone)[1]


def _window(cycle: Cycle) -> date:
    """The last day to appeal, were the scorecards shared today."""
    return workday_after(_today(), cycle.appeal_days)


def _today() -> date:
    return today(organisation().zone)
