"""Pages of objectives: the map of a year, one of them, a new one, and the wizard that proposes a set."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import InputError
from fuxiao.engine.definition import Indicator
from fuxiao.org import queries as org
from fuxiao.performance.objectives import actions
from fuxiao.performance.objectives.actions import Result
from fuxiao.performance.objectives.models import Level, Objective, Stance
from fuxiao.performance.objectives.wizard import Proposed, aim, ways
from fuxiao.web.access import Request, allowed
from fuxiao.web.metrics.cuts import Cut, Subject
from fuxiao.web.metrics.desk import Desk, desk
from fuxiao.web.metrics.presenters import quantity
from fuxiao.web.objectives.presenters import CONFIDENCE, LEVELS, PERSPECTIVES, cards, live_values, strategy_map
from fuxiao.web.schemes.sent import number_of
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import language, t

RESULTS = 4


@allowed(Permission.RULES_READ)
@require_GET
def objectives(request: Request) -> HttpResponse:
    """The strategy map of a year: what the service stands for, objectives by perspective, progress, those below."""
    day = today(organisation().zone)
    year = request.GET.get("period", "")[:10] or f"{day.year}"
    with desk(request) as at:
        found = list(_of(year))
        month = at.picker("")
        made = cards(at, found, live_values(at, month, found))
    periods = sorted({*Objective.objects.values_list("period", flat=True).distinct(), f"{day.year}", f"{day.year + 1}"})
    context = {
        "sides": strategy_map(made), "count": len(found), "year": year, "periods": periods,
        "stance": Stance.objects.filter(period=year[:4]).first(), "may_write": request.viewer.may(Permission.RULES_WRITE),
        "month": month.title,
    }  # fmt: skip
    return render(request, "objectives/map.html", context)


@allowed(Permission.RULES_READ)
@require_GET
def objective(request: Request, number: int) -> HttpResponse:
    """One objective: key results with live values, those below it, check-ins."""
    found = _one(number)
    family: list[Objective] = [found, *_of(found.period).filter(parent=found)]
    with desk(request) as at:
        card = cards(at, family, live_values(at, at.picker(""), family))[0]
    may = request.viewer.may(Permission.RULES_WRITE)
    context = {
        "card": card, "objective": found, "check_ins": found.check_ins.all()[:20], "may_write": may,
        "may_check": may or (request.viewer.person is not None and request.viewer.person == found.owner),
        "confidences": [(code, t(*words)) for code, words in CONFIDENCE.items()],
        "typed": found.results.filter(indicator="").exists(),
    }  # fmt: skip
    return render(request, "objectives/objective.html", context)


@allowed(Permission.RULES_WRITE)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """A new objective, also below another."""
    sent = request.POST.dict() if request.method == "POST" else request.GET.dict()
    problem: list[str] = []
    above = (
        Objective.objects.filter(pk=int(str(sent["parent"]))).first()
        if str(sent.get("parent", "")).isdecimal()
        else None
    )
    with desk(request) as at:
        if request.method == "POST":
            try:
                made = actions.set_objective(
                    request.viewer, _given(sent), _results(sent, at), at=now(), parent=above.pk if above else None
                )
            except InputError as refused:
                problem = say_error(refused, language())
            else:
                messages.success(request, t("目标已设定。", "The objective is set."))
                return redirect("objective", made.pk)
        context = {
            "sent": sent, "problem": problem, "above": above, "year": f"{at.day.year}", "rows": range(RESULTS),
            "levels": [(code, t(*words)) for code, words in LEVELS.items()],
            "perspectives": [(code, t(*words)) for code, words in PERSPECTIVES.items()],
            "indicators": [(each.code, each.name[language()]) for each in at.library],
            "people": [(number, name) for number, name, _ in org.directory()], "teams": list(org.teams()),
        }  # fmt: skip
    return render(request, "objectives/new.html", context, status=422 if problem else 200)


@allowed(Permission.RULES_WRITE)
@require_http_methods(["GET", "POST"])
def wizard(request: Request) -> HttpResponse:
    """What the service stands for; then a set of objectives with indicators, targets and reasons, to be taken or not."""
    kind = (request.POST if request.method == "POST" else request.GET).get("way", "")
    year = f"{today(organisation().zone).year}"
    with desk(request) as at:
        offers = (
            [_offer(at, place, each) for place, each in enumerate(ways()[kind].objectives)] if kind in ways() else []
        )
        if request.method == "POST" and offers:
            chosen = [each for each in offers if request.POST.get(f"take{each['place']}")]
            for each in chosen:
                actions.set_objective(request.viewer, {**each["given"], "period": year}, each["results"], at=now())
            actions.take_stance(request.viewer, year, kind, t(*ways()[kind].sentence), at=now())
            told = t(
                "已设定 {n} 个目标，可以逐个修改、分解到班组和个人。",
                "Objectives set: {n}. Change them, and cascade them to teams and people.",
                n=len(chosen),
            )
            messages.success(request, told)
            return redirect("objectives")
    known = [(code, t(*way.name), t(*way.sentence)) for code, way in ways().items()]
    return render(request, "objectives/wizard.html", {
        "ways": known, "way": kind, "offers": offers, "year": year, "nothing_chosen": request.method == "POST",
    })  # fmt: skip


@allowed(Permission.VALUES_READ)
@require_POST
def check_in(request: Request, number: int) -> HttpResponse:
    """Say how an objective goes."""
    _one(number)
    confidence = request.POST.get("confidence", "")
    typed = number_of(request.POST.get("typed", "").strip() or "x")
    actions.check_in(
        request.viewer, number, confidence=confidence if confidence in CONFIDENCE else "good",
        note=request.POST.get("note", ""), at=now(), typed=typed if isinstance(typed, Decimal) else None,
    )  # fmt: skip
    messages.success(request, t("已记下。", "Noted."))
    return redirect("objective", number)


@allowed(Permission.RULES_WRITE)
@require_POST
def close(request: Request, number: int) -> HttpResponse:
    """End an objective; the same button opens it again."""
    found = _one(number)
    version = request.POST.get("version", "")
    actions.close_objective(
        request.viewer,
        number,
        version=int(version) if version.isdecimal() else 0,
        at=now(),
        closed=found.closed_at is None,
    )
    messages.success(
        request,
        t("已关闭，可以重新打开。", "Closed; it can be opened again.")
        if found.closed_at is None
        else t("已重新打开。", "Open again."),
    )
    return redirect("objective", number)


def _of(period: str) -> QuerySet[Objective]:
    open_ones = Objective.objects.filter(closed_at=None, period__startswith=period[:4])
    return open_ones.select_related("parent").prefetch_related("results", "check_ins")


def _one(number: int) -> Objective:
    found = Objective.objects.select_related("parent").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _given(sent: Mapping[str, Any]) -> dict[str, Any]:
    made = {
        name: str(sent.get(name, "")).strip()
        for name in ("level", "subject", "perspective", "title", "why", "period", "owner")
    }
    made["level"] = made["level"] if made["level"] in LEVELS else Level.COMPANY
    made["subject"] = "" if made["level"] == Level.COMPANY else made["subject"]
    made["perspective"] = made["perspective"] if made["perspective"] in PERSPECTIVES else "process"
    share = str(sent.get("contribution") or "0")
    return {**made, "period": made["period"][:10], "contribution": int(share) if share.isdecimal() else -1}


def _results(sent: Mapping[str, Any], at: Desk) -> list[Result]:
    """The key results that were filled in; a start left empty is last month's value."""
    made = []
    for place in range(RESULTS):
        code, title = str(sent.get(f"indicator{place}", "")), str(sent.get(f"title{place}", "")).strip()
        target = _number(sent, f"target{place}")
        if not (code or title) or target is None:
            continue
        start = _number(sent, f"baseline{place}")
        if start is None:
            start = (_last(at, at.library.get(code)) if code else None) or Decimal(0)
        made.append(Result(code, round(start, 2), round(target, 2), title))
    return made


def _number(sent: Mapping[str, Any], name: str) -> Decimal | None:
    """What was written there; ``None`` for nothing, ``InputError`` for what is no number."""
    text = str(sent.get(name, "")).strip()
    number = number_of(text) if text else None
    if isinstance(number, str):
        raise InputError("objectives.not_a_number", value=text[:40])
    return number


def _last(at: Desk, indicator: Indicator) -> Decimal | None:
    """The company's figure of last month."""
    month = at.picker("")
    value = at.values([indicator], Cut(Subject()), month.period, month.period).find(indicator.code, period=month.key)
    return None if value is None else value.value


def _offer(at: Desk, place: int, proposed: Proposed) -> dict[str, Any]:
    """A proposal with what is reached now and what is asked for."""
    lines, results = [], []
    for code in proposed.indicators:
        indicator = at.library.indicators.get(code)
        if indicator is None or (start := _last(at, indicator)) is None:
            continue
        target = aim(indicator, start)
        if round(start, 2) != round(target, 2):
            results.append(Result(code, round(start, 2), round(target, 2)))
            lines.append(
                (indicator.name[language()], str(quantity(start, indicator)), str(quantity(target, indicator)))
            )
    given = {
        "level": Level.COMPANY,
        "perspective": proposed.perspective,
        "title": t(*proposed.title),
        "why": t(*proposed.why),
    }
    return {
        "place": place,
        "side": t(*PERSPECTIVES[proposed.perspective]),
        "given": given,
        "results": results,
        "lines": lines,
    }
