"""Pages of one person's scorecard: the own, those of people led, and what stands behind a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_GET

from fuxiao.base.clock import today
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.cycle import Step
from fuxiao.core.errors import NotPermitted
from fuxiao.core.period import parse_period
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.models import Cycle, CycleMember, Scorecard
from fuxiao.performance.cycles.turns import turns
from fuxiao.web.access import Request, allowed
from fuxiao.web.cases.reach import openable
from fuxiao.web.lake import lake
from fuxiao.web.metrics.cuts import Cut
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.metrics.periods import Picker
from fuxiao.web.metrics.views import rows_answer
from fuxiao.web.performance import ratings
from fuxiao.web.performance.appeals import state_word
from fuxiao.web.performance.closed import cycle_desk
from fuxiao.web.performance.items import Behind, item_behind, subject_behind
from fuxiao.web.performance.live import MOVED_BY, live_page
from fuxiao.web.performance.own import coming, elsewhere, first_of, is_ready, recent
from fuxiao.web.performance.presenters import cycle_title, place_word, reasons_text, share_text, stations
from fuxiao.web.shell.home import organisation
from fuxiao.web.shell.kept import kept
from fuxiao.web.words import language


@allowed(Permission.SCORES_READ)
@require_GET
@kept
def mine(request: Request) -> HttpResponse:
    """The own scorecard that waits for something to be done, or else the newest with a score; the others beside it.

    Without one, what it will be, and to whoever runs cycles the way to those. What takes its time is asked for by a page
    that comes at once.
    """
    viewer, own = request.viewer, recent(request.viewer)
    pending = bool(own) and not request.htmx and "wait" not in request.GET and not is_ready(viewer, own)
    if pending or not own:
        context = {"coming": coming(own, on=_today()), "begun": queries.cycles_exist(), "pending": pending,
                   "may_see": viewer.may(Permission.CYCLES_READ), "may_open": viewer.may(Permission.CYCLES_WRITE)}  # fmt: skip
        answer = render(request, "performance/none.html", context)
        if pending:
            add_never_cache_headers(answer)
        return answer
    shown = first_of(viewer, own)
    beside = {"mine": True, "elsewhere": elsewhere(viewer, own, shown), "coming": coming(own, on=_today())}
    return card_page(request, shown.cycle_id, shown.person, beside=beside)


@allowed(Permission.SCORES_READ)
@require_GET
@kept
def scorecard(request: Request, number: int, person: str) -> HttpResponse:
    """A scorecard: live while the cycle runs, the stored version after it."""
    return card_page(request, number, person)


def card_page(
    request: Request,
    number: int,
    person: str,
    *,
    problems: Sequence[str] = (),
    beside: Mapping[str, object] | None = None,
) -> HttpResponse:
    """The page; with what was sent still in its form where there are ``problems``."""
    member = queries.member_of(request.viewer, number, person)
    card, page = page_for(request, member)
    viewer, cycle = request.viewer, member.cycle
    looks_on = card is not None and member.person != viewer.own_number and queries.looks_on(viewer, cycle)
    if page and looks_on:
        page = page | {"bonus": _first_bonus(member)}
    appealed = list(queries.appeals(viewer).filter(member=member))
    place = queries.place_of(member, appeal_open=any(each.state == "open" for each in appealed))
    own = viewer.person == member.person and not viewer.read_only
    reviews = cycle.at is Step.LEAD_REVIEW and queries.may_review(viewer, member)
    context = {
        "member": member, "cycle": cycle, "card": card, "page": page, "own": own, "title": cycle_title(cycle),
        "stations": list(stations(cycle)), "place": place_word(place), "share": share_text(member),
        "reasons": reasons_text(member), "comments": queries.comments(viewer, member),
        "others": others(viewer, person), "live": cycle.at is Step.RUNNING, "moved_by": MOVED_BY,
        "may_self_review": own and cycle.at is Step.SELF_REVIEW,
        "turns": turns(viewer, cycle, member) if reviews else None, "address": "scorecard",
        "may_review": reviews, "review": _review(request, member) if reviews else {}, "problems": problems,
        "may_remark": own or queries.may_review(viewer, member),
        "may_answer": own and cycle.at is Step.SHARED and member.answered_at is None,
        "may_appeal": own and window_open(cycle), "appeals": [(each, *state_word(each)) for each in appealed],
        "talks": cycle.at in (Step.SHARED, Step.FINAL, Step.SEALED) and (own or queries.may_review(viewer, member)),
        "opens": openable(request, named_cases((page or {}).get("rows", ()))),
        "sees_rows": viewer.may(Permission.ROWS_READ), "whole": card is None or queries.is_whole(card),
        "looks_on": looks_on,
        "coming": coming([member], on=_today()), **(beside or {}),
    }  # fmt: skip
    page_name = (
        "performance/scorecard.html#main"
        if request.htmx and "page" not in request.GET
        else "performance/scorecard.html"
    )
    return render(request, page_name, context, status=400 if problems else 200)


def _first_bonus(member: CycleMember) -> dict[str, Any] | None:
    """The bonus as first computed: later ones tell whoever looks on what is left of a pool for them."""
    found = member.scorecards.filter(n=1).values_list(f"result__pages__{language()}__bonus", flat=True)
    return found.first()


def _review(request: Request, member: CycleMember) -> dict[str, object]:
    """The form of a lead's review: what was sent, or what the lead wrote before; the rubrics of judged items."""
    held = member.comments.filter(kind="lead").first()
    kept = {"strengths": held.strengths, "weaknesses": held.weaknesses} if held else {}
    said = {name: request.POST.get(name, kept.get(name, "")) for name in ("strengths", "weaknesses")}
    viewer, scheme = request.viewer, ratings.scheme_of(member.cycle)
    beside = held is not None and held.author != viewer.signature
    of_panel = ratings.questions(viewer, member, scheme, request.POST, beside=True)
    asked = {**said, "may_ask": bool(of_panel), "panel_of": ratings.panel_of(member)}
    if beside and of_panel:
        return {**asked, "questions": of_panel, "panel": True}
    return {**asked, "questions": ratings.questions(viewer, member, scheme, request.POST), "panel": False}


def others(viewer: Viewer, person: str) -> list[tuple[CycleMember, Scorecard | None]]:
    """The person's last cycles with the version to show of each."""
    found = queries.history(viewer, person).defer("scorecard__result")[:12]
    return [(each, None if queries.is_untold(viewer, each) else each.scorecard) for each in found]


def _today() -> date:
    return today(organisation().zone)


def window_open(cycle: Cycle) -> bool:
    """Whether the results are shared and the days to appeal are not over."""
    ends = cycle.window_ends
    return cycle.at is Step.SHARED and ends is not None and _today() <= ends


def page_for(request: Request, member: CycleMember) -> tuple[Scorecard | None, dict[str, Any] | None]:
    """The stored version with its page in the reader's language; while the cycle runs, the page as of now."""
    if member.cycle.at in (Step.RUNNING, Step.CUT_OFF):
        with lake() as store:
            return None, live_page(store, member.cycle, member.person)
    card = queries.held_card(request.viewer, member)
    return card, None if card is None else card.result["pages"][language()]


@allowed(Permission.SCORES_READ)
@require_GET
@kept
def item(request: Request, number: int, person: str, code: str) -> HttpResponse:
    """What stands behind one row: its course with natural limits, and the cases."""
    member = queries.member_of(request.viewer, number, person)
    _, page = page_for(request, member)
    row = next((each for each in (page or {}).get("rows", ()) if each["anchor"] == f"i-{code}"), None)
    if row is None:
        raise Http404
    with cycle_desk(request, member.cycle) as at:
        found, composed = _behind(at, member, code), code not in at.library.indicators
    rubric = None if found is not None else ratings.scheme_of(member.cycle).rubrics.get(code)
    context = {"member": member, "row": row, "code": code, "found": found, "composed": composed, "cycle": member.cycle,
               "rubric": rubric, "ratings": ratings.shown(request.viewer, member, code, rubric) if rubric else [],
               "opens": openable(request, named_cases([row])), "ruled": queries.ruled_out(member, code)}  # fmt: skip
    return render(request, "performance/item.html#behind" if request.htmx else "performance/item.html", context)


def named_cases(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The cases that stand under rows of a stored page."""
    yield from (case["id"] for row in rows for case in row["detail"]["cases"])


def _behind(at: Desk, member: CycleMember, code: str) -> Behind | None:
    """``None`` where the figure is a team's that the reader may not open, or there are no cases behind it."""
    try:
        return item_behind(at, member, code, parse_period(member.cycle.period), day=today(organisation().zone))
    except NotPermitted:
        return None


@allowed(Permission.ROWS_READ)
@require_GET
def item_rows(request: Request, number: int, person: str, code: str) -> HttpResponse:
    """All rows under one figure of a scorecard, as a page or a file: they add up to it, also when data came later."""
    member = queries.member_of(request.viewer, number, person)
    cycle = member.cycle
    chosen = Picker(parse_period(cycle.period), today(organisation().zone))
    told = {"member": member, "as_of": cycle.as_of, "ruled": queries.ruled_out(member, code)}
    with cycle_desk(request, cycle) as at:
        return rows_answer(request, at, code, Cut(subject_behind(at, member, code)), chosen, context=told)
