"""The page of a talk: prepared from the data, written by the lead, signed by both."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.cycle import Step
from fuxiao.core.errors import FuxiaoError, NotPermitted
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.actions import talking
from fuxiao.performance.cycles.models import CycleMember, Talk
from fuxiao.performance.cycles.turns import turns
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.pages import whole
from fuxiao.web.performance.presenters import TALK_PARTS, cycle_title
from fuxiao.web.performance.writing import onwards
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import language, t

LINE = 60
"""So many characters of a part are about a line."""
LINES = 3
"""Actions that one form takes."""


@allowed(Permission.SCORES_READ)
@require_http_methods(["GET", "POST"])
def talk(request: Request, number: int, person: str) -> HttpResponse:
    """What the data says, what was said and agreed, and who signed."""
    member = queries.member_of(request.viewer, number, person)
    problems: list[str] = []
    if request.method == "POST":
        try:
            _act(request, member)
        except NotPermitted:
            raise
        except FuxiaoError as refused:
            problems = say_error(refused, words.language())
        else:
            messages.success(request, t("已保存。", "Saved."))
            return onwards(request, member, "talk")
    held = queries.talk_of(member)
    leads = queries.may_review(request.viewer, member)
    own = request.viewer.person == member.person and not request.viewer.read_only
    shared = member.cycle.at is Step.SHARED
    context = {
        "member": member, "cycle": member.cycle, "title": cycle_title(member.cycle), "talk": held, "problems": problems,
        "parts": _parts(request, member, held), "lines": _lines(request, held), "facts": prepared(member), "own": own, "leads": leads,
        "turns": turns(request.viewer, member.cycle, member) if leads and shared else None, "address": "talk",
        "may_write": leads and shared and (held is None or held.person_signed_at is None),
        "may_sign": own and held is not None and held.person_signed_at is None,
        "earlier": queries.open_actions(request.viewer, member), "held_on": today(organisation().zone),
    }  # fmt: skip
    return render(request, "performance/talk.html", context, status=400 if problems else 200)


def prepared(member: CycleMember) -> dict[str, list[dict[str, Any]]]:
    """Strengths and gaps from the scorecard: rows at target, and rows below it, those that cost most first."""
    rows = member.scorecard.result["pages"][language()]["rows"] if member.scorecard else []
    below = [row for row in rows if row["status"] in ("missed", "near")]
    return {
        "strengths": [row for row in rows if row["status"] == "met"][:3],
        "gaps": sorted(below, key=lambda r: r["bar"])[:3],
    }


def _parts(request: Request, member: CycleMember, held: Talk | None) -> list[tuple[str, str, str, str, int]]:
    """Each part of the form: name, title, hint, text and height; a new one says of the reality what the data says."""
    begun = {"reality": from_data(member)} if held is None else {}
    found = []
    for name, title, hint in TALK_PARTS:
        text = request.POST.get(name, getattr(held, name, "") if held else begun.get(name, ""))
        found.append((name, t(*title), t(*hint), text, min(12, 2 + text.count("\n") + len(text) // LINE)))
    return found


def from_data(member: CycleMember) -> str:
    """Situation, behaviour and impact of each gap, a line each: the period, what was done of how much, the points."""
    return "\n".join(
        t(
            "情境：{period}，{name}。事实：{did}，目标 {target}。影响：这一行得 {points} 分。",
            "Situation: {period}, {name}. Fact: {did}, target {target}. Impact: {points:point/points} in this row.",
            period=cycle_title(member.cycle), name=row["name"], target=row["target"], points=row["points"],
            did=row["detail"]["arithmetic"] or row["actual"]["number"] + row["actual"]["unit"],
        )
        for row in prepared(member)["gaps"]
    )  # fmt: skip


def _lines(request: Request, held: Talk | None) -> list[tuple[str, str, str]]:
    """The lines of agreed actions, empty ones at the end."""
    kept = [(each.text, each.help, each.due_on.isoformat()) for each in held.actions.all()] if held else []
    given = list(zip(*(request.POST.getlist(name) for name in ("action", "help", "due")), strict=False))
    found = given or kept
    return [*found, *[("", "", "")] * max(0, LINES - len(found))]


def _act(request: Request, member: CycleMember) -> None:
    act = request.POST.get("act")
    if act == "sign":
        talking.sign_talk(request.viewer, member, objection=request.POST.get("objection", "")[:4000], at=now())
    elif act == "follow":
        number = whole(request.POST.get("action", ""), 0)
        talking.follow_up(request.viewer, member, number, effect=request.POST.get("effect", "")[:2000], at=now())
    else:
        notes = talking.Notes(**{name: request.POST.get(name, "")[:4000] for name, _, _ in TALK_PARTS})
        talking.hold_talk(request.viewer, member, notes, _agreed(request), held_on=today(organisation().zone), at=now())


def _agreed(request: Request) -> list[talking.Agreed]:
    lines = zip(*(request.POST.getlist(name) for name in ("action", "help", "due")), strict=False)
    return [
        talking.Agreed(text=text.strip()[:500], help=aid.strip()[:500], due_on=_day(due))
        for text, aid, due in lines
        if text.strip()
    ]


def _day(text: str) -> date:
    """The day given; today where none can be read: the lead sees it at once and mends it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return today(organisation().zone)
