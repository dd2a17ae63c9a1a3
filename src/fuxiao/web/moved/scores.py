"""Why a score moved between two cycles: its lines' figures split, and read by the curves of the later cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.cycle import Step
from fuxiao.core.indicator import Direction
from fuxiao.core.moved import NONE, Move, Part
from fuxiao.core.period import parse_period
from fuxiao.core.score import Scorecard as LiveCard
from fuxiao.core.score.exact import half_up
from fuxiao.core.score.scheme import Item, Scope
from fuxiao.metrics.queries import in_reach
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.models import CycleMember
from fuxiao.performance.moving import Moving
from fuxiao.report.moves import SCORE_PLACES, FigureMove, Scored, ScoreMove, score_move, scored_kept, scored_live
from fuxiao.web.access import Request, allowed
from fuxiao.web.metrics.desk import Desk, desk
from fuxiao.web.moved.drawing import Step as Bar
from fuxiao.web.moved.drawing import waterfall
from fuxiao.web.moved.presenters import MEANS, NAMES, MovedPage, Row, amounts, sentence_of, tone_of
from fuxiao.web.moved.views import mover
from fuxiao.web.pages import whole
from fuxiao.web.performance.live import card_of, live_source
from fuxiao.web.performance.presenters import cycle_title
from fuxiao.web.words import language, t

RUNNING = (Step.RUNNING, Step.CUT_OFF)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the scorecard: what its points moved, part by part, and where its figure's move is shown."""

    name: str
    total: str
    parts: Sequence[str]
    href: str


@allowed(Permission.SCORES_READ)
@require_GET
def score(request: Request, number: int, person: str) -> HttpResponse:
    """Why one person's score is not what it was in an earlier cycle."""
    member = queries.member_of(request.viewer, number, person)
    earlier = _earlier(request.viewer, member)
    asked = whole(request.GET.get("before", ""), 0)
    before = next((each for each in earlier if each.cycle_id == asked), earlier[0] if earlier else None)
    page, lines, columns = None, [], []
    if before is not None:
        with desk(request) as at:
            found = _move(at, before, member)
            if found is not None:
                page = _page(found, (cycle_title(before.cycle), cycle_title(member.cycle)))
                columns = [row.part for row in page.rows]
                lines = _lines(at, found, columns, before, member)
    context = {
        "member": member, "cycle": member.cycle, "title": cycle_title(member.cycle), "before": before, "page": page,
        "earlier": [(each.cycle_id, cycle_title(each.cycle)) for each in earlier], "lines": lines,
        "columns": [t(*NAMES[part]) for part in columns], "before_title": cycle_title(before.cycle) if before else "",
    }  # fmt: skip
    return render(request, "moved/score.html", context)


def _earlier(viewer: Viewer, member: CycleMember) -> list[CycleMember]:
    """The person's earlier cycles of the same length, newest first."""
    period = parse_period(member.cycle.period)
    found = queries.history(viewer, member.person).defer("scorecard__result")
    known = [(each, parse_period(each.cycle.period)) for each in found]
    return [each for each, at in known if at.kind is period.kind and at.index < period.index][:12]


def _move(at: Desk, before: CycleMember, after: CycleMember) -> ScoreMove | None:
    """``None`` where one of the cycles has no score."""
    now = card_of(live_source(at.store, after.cycle), after.person)
    ends = _scored(at, before), _scored(at, after, now)
    if now is None or ends[0] is None or ends[1] is None:
        return None
    return score_move(ends[0], ends[1], now, _moves(at, now, before, after))


def _scored(at: Desk, member: CycleMember, now: LiveCard | None = None) -> Scored | None:
    if member.cycle.at in RUNNING:
        live = now or card_of(live_source(at.store, member.cycle), member.person)
        return None if live is None else scored_live(live)
    card = queries.held_card(at.viewer, member)
    return None if card is None else scored_kept(card, member, mover(at).scheme(member.cycle))


def _moves(at: Desk, now: LiveCard, before: CycleMember, after: CycleMember) -> Mapping[str, Move]:
    """The moves of the figures that the lines are scored by."""
    found: dict[str, Move] = {}
    for line in now.items:
        moving = _moving(at, line.indicator, line.item.scope, before, after)
        made = None if moving is None else _figure_move(at, moving)
        if made is not None:
            found[line.indicator] = made.move
    return found


def _figure_move(at: Desk, moving: Moving) -> FigureMove | None:
    return at.kept(("moved", moving.key), lambda: mover(at).figure(moving))


def _moving(at: Desk, code: str, scope: Scope, before: CycleMember, after: CycleMember) -> Moving | None:
    if code not in at.library.indicators:
        return None
    by, who = ("team", after.team) if scope is Scope.TEAM else ("person", after.person)
    periods = parse_period(before.cycle.period), parse_period(after.cycle.period)
    return Moving(at.library.get(code), by, who, *periods)


def _page(found: ScoreMove, titles: tuple[str, str]) -> MovedPage:
    before, after = (f"{each.total:.{SCORE_PLACES}f}" for each in (found.before, found.after))
    told = amounts(found.parts, before, after)
    rows = [
        Row(part, t(*NAMES[part]), told.signed(amount), tone_of(part, amount, Direction.HIGHER), t(*MEANS[part]))
        for part, amount in told.parts.items()
        if amount or part is not Part.ROSTER
    ]
    bars = [Bar(row.name, told.parts[row.part], row.text, row.tone) for row in rows]
    picture = waterfall(Bar(titles[0], told.before, before, "whole"), bars, Bar(titles[1], told.after, after, "whole"))
    said = sentence_of(told, rows, titles, (before, after))
    return MovedPage(before, after, told.signed(told.change), "", said, (), rows, picture)


def _lines(at: Desk, found: ScoreMove, columns: Sequence[Part], before: CycleMember, after: CycleMember) -> list[Line]:
    scopes = {item.indicator: item.scope for item in _items(at, after)}
    made = []
    for code, parts in found.lines.items():
        name = at.library.get(code).name[language()] if code in at.library.indicators else _other(code)
        href = _href(at, code, scopes.get(code, Scope.OWN), before, after)
        made.append(
            Line(name, _points(sum(parts.values(), NONE)), [_points(parts.get(part, NONE)) for part in columns], href)
        )
    return made


def _items(at: Desk, member: CycleMember) -> Sequence[Item]:
    roles = mover(at).scheme(member.cycle).roles
    return roles[member.position].items if member.position in roles else ()


def _other(code: str) -> str:
    return t("班组得分", "The team's score") if code else t("加减分与上限", "Extra points")


def _points(amount: Fraction) -> str:
    shown = half_up(amount, SCORE_PLACES)
    return "—" if not shown else f"+{shown}" if shown > 0 else f"−{abs(shown)}"


def _href(at: Desk, code: str, scope: Scope, before: CycleMember, after: CycleMember) -> str:
    """The page of the figure's move; empty where the reader may not open it."""
    by, who = ("team", after.team) if scope is Scope.TEAM else ("person", after.person)
    if code not in at.library.indicators or not in_reach(at.viewer, by, who, at.people):
        return ""
    asked = {"of": f"{by}:{who}", "period": after.cycle.period, "before": before.cycle.period}
    return f"{reverse('moved', args=[code])}?{urlencode(asked)}"
