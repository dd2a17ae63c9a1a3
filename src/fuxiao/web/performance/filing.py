"""Filing an appeal from a row of the own scorecard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from fuxiao.base.calendars import read_calendars
from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say_error
from fuxiao.core.errors import FuxiaoError, NotPermitted
from fuxiao.core.indicator import Direction
from fuxiao.core.period import parse_period
from fuxiao.engine.rows import Scope
from fuxiao.metrics.drill import all_rows
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.actions import appealing
from fuxiao.performance.cycles.models import Appeal, CycleMember
from fuxiao.web import words
from fuxiao.web.access import Request, allowed
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.performance.appeals import MOST
from fuxiao.web.performance.closed import cycle_desk
from fuxiao.web.performance.presenters import APPEAL_KINDS, cycle_title
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import language, t


@dataclass(frozen=True, slots=True)
class Choice:
    """A case that counts for the line: and whether it is named in the appeal."""

    case: str
    chosen: bool


@allowed(Permission.SCORES_READ)
@require_http_methods(["GET", "POST"])
def file(request: Request, number: int, person: str) -> HttpResponse:
    """Appeal against one row of the own scorecard; without a row, the rows to choose from."""
    member = queries.member_of(request.viewer, number, person)
    if request.method == "GET" and not request.GET.get("item"):
        chosen_of = {
            "member": member,
            "cycle": member.cycle,
            "title": cycle_title(member.cycle),
            "rows": rows_of(member),
        }
        return render(request, "performance/appeal_row.html", chosen_of)
    code = request.POST.get("item") or request.GET.get("item", "")
    row = row_of(member, code)
    problems: list[str] = []
    given = {"kind": request.POST.get("kind", ""), "text": request.POST.get("text", "")[:4000]}
    chosen = tuple(request.POST.getlist("case"))[:MOST]
    if request.method == "POST":
        filing = appealing.Filing(indicator=code, name=row["name"], cases=chosen, **given)
        try:
            made = _file(request, member, filing)
        except NotPermitted:
            raise
        except FuxiaoError as refused:
            problems = say_error(refused, words.language())
        else:
            messages.success(
                request,
                t("申诉已提交，{day} 前裁定。", "Your appeal is filed; it is decided by {day}.", day=made.due_on),
            )
            return redirect("appeal", made.pk)
    with cycle_desk(request, member.cycle) as at:
        cases = _cases(at, member, code, frozenset(chosen))
    context = {"member": member, "cycle": member.cycle, "title": cycle_title(member.cycle), "row": row, "code": code,
               "cases": cases, "kinds": [(key, t(*both)) for key, both in APPEAL_KINDS.items()], "given": given,
               "problems": problems, "precedents": queries.precedents(code)[:3]}  # fmt: skip
    return render(request, "performance/appeal_file.html", context, status=400 if problems else 200)


def _file(request: Request, member: CycleMember, filing: appealing.Filing) -> Appeal:
    where = organisation()
    calendar = read_calendars(settings.HOME, where)[where.calendar]
    return appealing.file_appeal(request.viewer, member, filing, calendar=calendar, today=today(where.zone), at=now())


def rows_of(member: CycleMember) -> list[Mapping[str, Any]]:
    """The rows of the scorecard that holds, in the reader's language."""
    return member.scorecard.result["pages"][language()]["rows"] if member.scorecard else []


def row_of(member: CycleMember, code: str) -> Mapping[str, Any]:
    """The row of the scorecard that holds; 404 for a code it has none of."""
    found = next((row for row in rows_of(member) if row["anchor"] == f"i-{code}"), None)
    if found is None:
        raise Http404
    return found


def _cases(at: Desk, member: CycleMember, code: str, chosen: frozenset[str]) -> list[Choice]:
    """The cases that count for the person's line: those named, then those that cost most."""
    if code not in at.library.indicators:
        return []
    period = parse_period(member.cycle.period)
    scope = Scope(by=("person",), kind=period.kind, first=period.index, last=period.index, only=(member.person,))
    indicator = at.library.get(code)
    sign = 1 if indicator.direction is Direction.HIGHER else -1
    counted = [row for row in all_rows(at.store, indicator, scope).to_pylist() if row["case_id"] and not row["reason"]]
    weight = {row["case_id"]: sign * (row["numerator"] or 0) for row in counted} | dict.fromkeys(chosen, 0)
    order = sorted(weight, key=lambda case: (case not in chosen, weight[case], case))
    return [Choice(case, case in chosen) for case in order[:MOST]]
