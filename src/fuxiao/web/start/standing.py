"""How things stand, on the first page: the own score, the cycles at work, the company's objectives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.cycle import Step
from fuxiao.performance.cycles import queries as cycles
from fuxiao.performance.cycles.models import Cycle
from fuxiao.performance.objectives.models import Level, Objective
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.metrics.periods import Picker
from fuxiao.web.objectives.presenters import Card, cards, live_values
from fuxiao.web.performance.own import coming, recent
from fuxiao.web.performance.presenters import cycle_title, step_word
from fuxiao.web.words import language, t

LATEST = 3
"""So many of the own cycles are looked through for a score; the running one has none yet."""
AT_WORK = 2
GOALS = 4
DONE = {
    Step.SELF_REVIEW: ("self_reviewed_at", ("已自评", "self-reviews written")),
    Step.LEAD_REVIEW: ("reviewed_at", ("已写评语", "reviews written")),
    Step.SHARED: ("answered_at", ("已确认", "confirmed")),
}
"""What people do in a step, and the column that says so."""


@dataclass(frozen=True, slots=True)
class OwnScore:
    """The newest score of the reader: ``hero`` as on the scorecard, the estimated bonus as text, the way to both."""

    title: str
    step: str
    hero: Mapping[str, Any]
    symbol: str
    bonus: str
    final: bool
    tip: str
    href: str


@dataclass(frozen=True, slots=True)
class AtWork:
    """A cycle that is not sealed: its step, and how many of the people in reach have done their part."""

    title: str
    step: str
    href: str
    people: int
    done: int | None
    word: str


def own_score(viewer: Viewer) -> OwnScore | None:
    """The stored score of the newest cycle that has one, as its person may see it."""
    if not viewer.person or not viewer.may(Permission.SCORES_READ):
        return None
    for member in cycles.own_memberships(viewer).select_related(None).select_related("cycle")[:LATEST]:
        page = f"result__pages__{language()}"
        found = cycles.held_cards(viewer, member).values_list(f"{page}__hero", f"{page}__bonus").first()
        if found is not None:
            hero, bonus = found[0], found[1] or {}
            return OwnScore(
                cycle_title(member.cycle), step_word(member.cycle.at), hero, bonus.get("symbol", ""),
                bonus.get("total", ""), member.cycle.at in (Step.FINAL, Step.SEALED), bonus.get("tip") or "",
                reverse("scorecard", args=[member.cycle_id, member.person]),
            )  # fmt: skip
    return None


def own_coming(viewer: Viewer, *, on: date) -> list[str]:
    """What of the own scores is being worked out."""
    if not viewer.person or not viewer.may(Permission.SCORES_READ):
        return []
    return coming(recent(viewer), on=on)


def at_work(viewer: Viewer) -> list[AtWork]:
    """The newest cycles that are not sealed, for whoever runs or leads them."""
    if not viewer.may(Permission.CYCLES_READ):
        return []
    found = list(cycles.cycles(viewer).exclude(step=Step.SEALED)[:AT_WORK])
    counts = {column: Count("pk", filter=Q(**{f"{column}__isnull": False})) for column, _words in DONE.values()}
    reached = cycles.members(viewer).filter(cycle__in=found).order_by().values("cycle")
    known: dict[int, Any] = {row["cycle"]: row for row in reached.annotate(reached=Count("pk"), **counts)}
    return [_at_work(each, known[each.pk]) for each in found if each.pk in known]


def _at_work(cycle: Cycle, counted: Mapping[str, Any]) -> AtWork:
    column, words = DONE.get(cycle.at, ("", ("", "")))
    return AtWork(
        cycle_title(cycle), step_word(cycle.at), reverse("cycle", args=[cycle.pk]), counted["reached"],
        counted[column] if column else None, t(*words),
    )  # fmt: skip


def company_goals(at: Desk, picker: Picker) -> list[Card]:
    """The company's open objectives of this year with their progress."""
    if not at.viewer.may(Permission.RULES_READ):
        return []
    open_ones = Objective.objects.filter(level=Level.COMPANY, closed_at=None, period__startswith=f"{at.day.year}")
    found = list(open_ones.prefetch_related("results", "check_ins")[:GOALS])
    return cards(at, found, live_values(at, picker, found)) if found else []
