"""Pages of appeals: the list with what appeals say about the rules, one of them, deciding it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from fuxiao.base.clock import now
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import FuxiaoError, InputError, NotPermitted
from fuxiao.core.period import parse_period
from fuxiao.engine.rows import Scope
from fuxiao.metrics.drill import all_rows
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.actions import appealing
from fuxiao.performance.cycles.models import Appeal, CycleMember
from fuxiao.performance.rulings import Ruling, RulingKind
from fuxiao.report import running
from fuxiao.report.tasks import recompute_cycle
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.cases.reach import openable
from fuxiao.web.lake import lake
from fuxiao.web.metrics.figures import library_of
from fuxiao.web.pages import page_of
from fuxiao.web.performance.closed import cycle_lake
from fuxiao.web.performance.presenters import APPEAL_KINDS, APPEAL_STATES, cycle_title
from fuxiao.web.performance.ratings import scheme_of, words_of
from fuxiao.web.words import language, t

MOST = 60
"""Cases to choose from on one form."""


@allowed(Permission.SCORES_READ)
@require_GET
def listed(request: Request) -> HttpResponse:
    """The own appeals; for whoever decides those of everybody in reach, and how often each rule was overturned."""
    page = page_of(request, queries.appeals(request.viewer))
    known = item_names()
    rows = [(each, name_of(each, known), *state_word(each), cycle_title(each.member.cycle)) for each in page]
    decides = request.viewer.may(Permission.APPEALS_DECIDE)
    overturned = queries.overturned()[:10] if decides else []
    context = {
        "rows": rows,
        "page": page,
        "decides": decides,
        "overturned": [(code, known.get(code, name), n, won) for code, name, n, won in overturned],
    }
    return render(request, "performance/appeals.html", context)


def name_of(appeal: Appeal, known: Mapping[str, str]) -> str:
    """The row in the reader's language: an indicator, else as the scorecard calls it; an appeal keeps the name in the
    language of the person who filed it."""
    named = known.get(appeal.indicator) or queries.row_names(appeal.member, appeal.indicator).get(language())
    return named or appeal.name


def item_names() -> dict[str, str]:
    """The indicators by code in the reader's language."""
    with lake() as store:
        return {each.code: each.name[language()] for each in library_of(store)}


def state_word(appeal: Appeal) -> tuple[str, str]:
    zh, en, tone = APPEAL_STATES[appeal.state]
    return t(zh, en), tone


@allowed(Permission.SCORES_READ)
@require_http_methods(["GET", "POST"])
def appeal(request: Request, number: int) -> HttpResponse:
    """One appeal: what is said, what the same cases count for elsewhere, and the decision."""
    found = queries.appeal_of(request.viewer, number)
    problems: list[str] = []
    if request.method == "POST":
        try:
            _act(request, found)
        except NotPermitted:
            raise
        except FuxiaoError as refused:
            problems = say_error(refused, words.language())
        else:
            return redirect("appeal", number)
    decides = queries.may_decide(request.viewer, found) and found.state == "open"
    beside, levels = [], levels_of(found) if decides else ()
    if decides and not levels:
        with cycle_lake(found.member.cycle) as store:
            beside = others_with(store, found)
    word, tone = state_word(found)
    context = {"appeal": found, "name": name_of(found, item_names()), "member": found.member, "cycle": found.member.cycle, "title": cycle_title(found.member.cycle),
               "decides": decides, "beside": beside, "opens": openable(request, found.cases), "word": word, "tone": tone, "kind": t(*APPEAL_KINDS[found.kind]),
               "own": request.viewer.person == found.member.person, "problems": problems, "levels": levels,
               "precedents": queries.precedents(found.indicator).exclude(pk=found.pk)[:5]}  # fmt: skip
    return render(request, "performance/appeal.html", context, status=400 if problems else 200)


def _act(request: Request, found: Appeal) -> None:
    act = request.POST.get("act")
    if act == "withdraw":
        appealing.withdraw(request.viewer, found, at=now())
    elif act == "receive":
        appealing.receive(request.viewer, found, at=now())
    else:
        _decide(request, found)
        messages.success(request, t("已裁定，本人会收到通知。", "Decided; the person is told."))


def _decide(request: Request, found: Appeal) -> None:
    state, reason = request.POST.get("state", ""), request.POST.get("reason", "")[:4000]
    left_out = tuple(request.POST.getlist("case"))[:MOST]
    rulings: list[Ruling] = []
    if state in ("accepted", "partly") and left_out and queries.may_decide(request.viewer, found):
        people = [found.member, *_also(request, found)]
        with lake() as store:
            for member in people:
                rulings += running.rulings_for(
                    store, member, found.indicator, left_out, reason=reason, by=request.viewer.name
                )
    elif state in ("accepted", "partly") and queries.may_decide(request.viewer, found):
        rulings += _rated_again(request, found, reason)
    decision = appealing.Decision(
        state=state, reason=reason, left_out=left_out, precedent="precedent" in request.POST, rulings=unique(rulings)
    )
    with transaction.atomic():
        cycle = appealing.decide(request.viewer, found, decision, at=now())
        if rulings:
            recompute_cycle.enqueue(cycle.pk)


def levels_of(found: Appeal) -> list[tuple[str, str]]:
    """The levels of the rubric that the line is judged by, points and words; none for an indicator."""
    rubric = scheme_of(found.member.cycle).rubrics.get(found.indicator)
    return [] if rubric is None else [(f"{each.points:f}", words_of(each.names)) for each in rubric.levels]


def _rated_again(request: Request, found: Appeal, reason: str) -> Iterator[Ruling]:
    """The level that the decision gives on a judged item, in place of all ratings."""
    level = request.POST.get("level", "")
    if not level:
        return
    if level not in dict(levels_of(found)):
        raise InputError("rating.no_level", points=level)
    yield Ruling(
        kind=RulingKind.RATING, subject=found.member.person, indicator=found.indicator, numerator=Decimal(level), n=1,
        reason=reason, by=request.viewer.name,
    )  # fmt: skip


def unique(rulings: list[Ruling]) -> list[Ruling]:
    """Each subject's sums once: people of one team share its ruling."""
    return list({(each.subject, each.indicator, each.cases): each for each in rulings}.values())


def _also(request: Request, found: Appeal) -> list[CycleMember]:
    """Those for whom the same cases count too and whom the decision includes."""
    numbers = request.POST.getlist("also")
    return list(found.member.cycle.members.filter(person__in=numbers).exclude(pk=found.member_id))


def others_with(store: Any, found: Appeal) -> list[tuple[CycleMember, list[str]]]:
    """Everybody else of the cycle for whom one of the named cases counts in the same indicator: the same error."""
    from fuxiao.web.metrics.figures import library_of

    library = library_of(store).indicators
    if not found.cases or found.indicator not in library:
        return []
    period = parse_period(found.member.cycle.period)
    scope = Scope(by=("person",), kind=period.kind, first=period.index, last=period.index)
    hit: dict[str, list[str]] = {}
    for row in all_rows(store, library[found.indicator], scope).to_pylist():
        if row["case_id"] in found.cases and not row["reason"] and row["person"] != found.member.person:
            hit.setdefault(row["person"], []).append(row["case_id"])
    return [(each, hit[each.person]) for each in found.member.cycle.members.filter(person__in=hit).order_by("person")]
