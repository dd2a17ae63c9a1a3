"""Reads of signal reviews: never the own ones while they are open, others' as far as the right reaches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from fuxiao.base.permissions import GRANTS, Permission, Reach, Viewer, reach_for
from fuxiao.core.errors import NotPermitted, UnknownName
from fuxiao.core.gaming.learning import Decided, at_present
from fuxiao.core.gaming.signal import Limits
from fuxiao.org.models import Team, User
from fuxiao.performance.reviews.models import Outcome, SignalReview, SignalRun
from fuxiao.performance.signals.limits import Told

ARROW = " → "


def reviews(viewer: Viewer) -> QuerySet[SignalReview]:
    """The queue of whoever looks into signals: findings in reach and those given to them, never those on oneself."""
    if not viewer.may(Permission.SIGNALS_READ):
        raise NotPermitted("permission.denied", permission=Permission.SIGNALS_READ.value)
    reach = reach_for(viewer, Permission.SIGNALS_READ)
    found = SignalReview.objects.exclude(subject=viewer.own_number)
    if reach is not Reach.ALL:
        given = Q(assigned=viewer.account) if viewer.account is not None else Q(pk__in=())
        found = found.filter(given | Q(team__in=viewer.teams) if reach is Reach.TEAMS else given)
    return found.order_by("-strength", "id")


def own_reviews(viewer: Viewer, told: Told) -> QuerySet[SignalReview]:
    """The findings on the viewer's own person that the organisation's policy has them see."""
    mine = SignalReview.objects.filter(subject=viewer.own_number).order_by("-found_at", "-id")
    if told is Told.NEVER:
        return mine.none()
    return mine if told is Told.WHEN_FOUND else mine.exclude(outcome=Outcome.OPEN)


def review_of(viewer: Viewer, number: int, *, told: Told) -> SignalReview:
    """One review; ``UnknownName`` alike for one out of reach and one that is not there."""
    found = own_reviews(viewer, told).filter(pk=number).first()
    if found is None and viewer.may(Permission.SIGNALS_READ):
        found = reviews(viewer).filter(pk=number).first()
    if found is None:
        raise UnknownName("review", str(number), ())
    return found


def may_decide(viewer: Viewer, review: SignalReview) -> bool:
    """Somebody whose right to review reaches it and who is not concerned: not the person nor the lead of one of two
    units. To read it is not enough: an auditor who leads a team reads those of all and reviews those of the team."""
    concerned = viewer.person is not None and (viewer.person == review.subject or viewer.person in leads_of(review))
    reach = reach_for(viewer, Permission.SIGNALS_REVIEW)
    given = viewer.account is not None and review.assigned_id == viewer.account
    led = reach is Reach.TEAMS and review.team in viewer.teams
    within = reach is Reach.ALL or led or (reach is not None and given)
    return within and not viewer.read_only and not concerned


def leads_of(review: SignalReview) -> frozenset[str]:
    """Who leads the two units of a pair; nobody for a person."""
    if ARROW not in review.subject:
        return frozenset()
    leads = Team.objects.filter(key__in=review.subject.split(ARROW)).values_list("lead__number", flat=True)
    return frozenset(str(each) for each in leads if each)


def reviewers(review: SignalReview) -> list[User]:
    """Who may be asked to look into this: accounts that may review and are not concerned."""
    roles = [role for role, (_, granted) in GRANTS.items() if Permission.SIGNALS_REVIEW in granted]
    free = User.objects.filter(is_active=True, grants__role__in=roles).exclude(person__number=review.subject)
    return list(free.exclude(person__number__in=leads_of(review)).order_by("username").distinct())


def earlier(review: SignalReview) -> QuerySet[SignalReview]:
    """What was decided before about the same pattern of the same subject, newest first."""
    same = SignalReview.objects.filter(detector=review.detector, subject=review.subject)
    return same.exclude(pk=review.pk).exclude(outcome=Outcome.OPEN).order_by("-decided_at", "-id")


def last_run() -> SignalRun | None:
    return SignalRun.objects.order_by("-at", "-id").first()


@dataclass(frozen=True, slots=True)
class Tally:
    """How the reviews of one detector ended; ``precision`` is the part of those decided that were confirmed."""

    detector: str
    code: str
    open: int
    confirmed: int
    explained: int
    false_alarms: int

    @property
    def decided(self) -> int:
        return self.confirmed + self.explained + self.false_alarms

    @property
    def precision(self) -> float | None:
        return self.confirmed / self.decided if self.decided else None


def tallies() -> list[Tally]:
    """Outcomes by detector over all reviews, in the order of their names. One query."""
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for detector, code, outcome in SignalReview.objects.order_by("detector").values_list("detector", "code", "outcome"):
        row = counts.setdefault((detector, code), dict.fromkeys(Outcome.values, 0))
        row[outcome] += 1
    return [
        Tally(detector, code, row["open"], row["confirmed"], row["explained"], row["false_alarm"])
        for (detector, code), row in counts.items()
    ]


def learned(detector: str, limits: Limits) -> list[Decided]:
    """The reviews of one detector that were confirmed or false alarms, their strengths at these thresholds.

    Those that were explained teach nothing: the pattern was there, and the reason is not in the records.
    """
    decided = SignalReview.objects.filter(detector=detector, outcome__in=(Outcome.CONFIRMED, Outcome.FALSE_ALARM))
    return [
        Decided(at_present(each.strength, each.thresholds, limits), each.outcome == Outcome.CONFIRMED)
        for each in decided.order_by("id")
    ]


def is_due(today: date) -> str:
    """The finished month that nobody looked into yet (as ``2026-10``); empty where that was done."""
    last = (today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    return "" if SignalRun.objects.filter(period=last).exists() else last
