"""Pages of moves: of one indicator between two periods, of one score between two cycles."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from fuxiao.base.clock import day_start, now, today
from fuxiao.base.permissions import Permission
from fuxiao.base.shown import is_hidden
from fuxiao.core.errors import InputError
from fuxiao.core.period import Period, parse_period
from fuxiao.datasets.export import Cell
from fuxiao.engine.definition import Indicator
from fuxiao.performance.fair import comparable
from fuxiao.performance.moving import Moving
from fuxiao.report.moves import FigureMove, Mover
from fuxiao.web.access import Request, allowed
from fuxiao.web.metrics.cuts import PERSON, TEAM, Subject
from fuxiao.web.metrics.desk import Desk, desk
from fuxiao.web.metrics.exports import Download, answer
from fuxiao.web.metrics.periods import picker, title
from fuxiao.web.metrics.wording import formats
from fuxiao.web.moved.presenters import MovedPage, page_of_figure
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import language, t


def mover(at: Desk) -> Mover:
    return Mover(at.store, at.library.indicators, day_start(at.store.settings.zone), at.day)


@allowed(Permission.VALUES_READ)
@require_GET
def moved(request: Request, code: str) -> HttpResponse:
    """Why one figure of a person, a team or the company is not what it was in an earlier period."""
    chosen = picker(request.GET.get("period", ""), today(organisation().zone))
    before = _before(request.GET.get("before", ""), chosen.period)
    with desk(request) as at:
        indicator, of = at.library.get(code), at.subject(request.GET.get("of", ""))
        moving = Moving(indicator, of.kind, of.member, before, chosen.period)
        found = at.kept(("moved", moving.key), lambda: mover(at).figure(moving))
        page = None if found is None or _hidden(found) else page_of_figure(found, of, request.viewer)
        choices = at.choices
    if (form := request.GET.get("form")) and page is not None:
        name = f"{code} {of.name} {before.key} {chosen.key}"
        return answer(
            _download(
                page, name, [(t("指标", "Indicator"), indicator.name[language()]), (t("对象", "Subject"), of.name)]
            ),
            form,
        )
    context = {
        "picker": chosen, "before": before, "before_title": title(before), "of": of, "choices": choices, "page": page,
        "code": code, "name": indicator.name[language()], "earlier": _earlier(chosen.period),
        "beside": _beside(indicator, of, chosen.period),
    }  # fmt: skip
    return render(request, "moved/figure.html", context)


def _beside(indicator: Indicator, of: Subject, period: Period) -> str:
    """The page that compares the figure fairly, at its subject; empty for what cannot be compared."""
    if not comparable(indicator):
        return ""
    asked = urlencode({"indicator": indicator.code, "period": period.key})
    if of.kind in (PERSON, TEAM):
        return f"{reverse('fair_subject', args=[indicator.code, of.kind, of.member])}?{asked}"
    return f"{reverse('fair')}?{asked}"


def _before(asked: str, period: Period) -> Period:
    """The earlier period; the one before without a word. ``InputError`` for another length, or one that is not earlier."""
    before = parse_period(asked) if asked else period.previous()
    if before.kind is not period.kind or before.index >= period.index:
        raise InputError("moved.not_earlier", before=before.key, after=period.key)
    return before


def _earlier(period: Period) -> list[tuple[str, str]]:
    """Twelve periods to compare with, the newest first."""
    found = [period.previous()]
    while len(found) < 12:
        found.append(found[-1].previous())
    return [(each.key, title(each)) for each in found]


def _hidden(found: FigureMove) -> bool:
    return any(is_hidden(value) for value in found.halves.values)


def _download(page: MovedPage, name: str, about: list[tuple[str, str]]) -> Download:
    headings = [t("部分", "Part"), t("变化", "Change"), t("说明", "What it is")]
    rows: list[list[Cell]] = [[t("之前", "Before"), page.before, None]]
    rows += [[row.name, row.text, row.means] for row in page.rows]
    rows.append([t("之后", "After"), page.after, None])
    told = [*about, (t("导出时间", "Exported at"), formats().moment(int(now().timestamp())))]
    return Download(name, headings, rows, told)
