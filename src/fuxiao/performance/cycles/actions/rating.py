"""Ratings of judged items by their rubrics: given with the lead's review, and heard by the score all at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.db import transaction

from fuxiao.base.actions import announce, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.cycle import Step
from fuxiao.core.errors import CalculationError, InputError, NotPermitted
from fuxiao.core.score import Scheme
from fuxiao.core.score.calibration import PersonRating, calibrate
from fuxiao.core.score.exact import half_up
from fuxiao.core.score.judged import Raters, Rubric
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.actions.together import add_rulings, locked_one, plain_ruling
from fuxiao.performance.cycles.models import Cycle, CycleMember, Rating
from fuxiao.performance.cycles.panels import to_rate
from fuxiao.performance.rulings import Ruling, RulingKind

PLACES = 4


@dataclass(frozen=True, slots=True)
class Given:
    """A rating: which item, the points of the level chosen, and what happened."""

    item: str
    points: Decimal
    reason: str = ""


@transaction.atomic
def rate(
    viewer: Viewer, member: CycleMember, given: Iterable[Given], *, scheme: Scheme, at: datetime, beside: bool = False
) -> None:  # fmt: skip
    """Rate somebody by the rubrics of their position while leads review; rating again replaces the own rating.

    ``beside`` the lead's review only what a panel rates is asked for: the lead's own ratings stay. So rates whoever may
    review the person, and a colleague who was asked to.
    ``InputError`` where a judged item has no rating, where the points are no level of its rubric, or where an end of
    the scale comes without a reason.
    """
    if not (beside and _is_asked(viewer, member)):
        require(viewer, Permission.SCORES_REVIEW)
        if not queries.may_review(viewer, member):
            raise NotPermitted("cycle.not_your_people")
    if member.cycle.at is not Step.LEAD_REVIEW:
        raise CalculationError("cycle.not_now", step=member.cycle.step)
    asked, told = judged_items(scheme, member.position, beside=beside), {each.item: each for each in given}
    missing = [rubric for item, rubric in asked.items() if item not in told]
    if missing:
        raise InputError("rating.missing", names=[next(iter(each.names.values())) for each in missing])
    for item, rubric in asked.items():
        _keep(viewer, member, told[item], rubric, at)
    label = f"{member.name} {member.cycle.period}"
    record(viewer, "scorecard.rated", kind="scorecard", key=f"{member.cycle_id}/{member.person}", label=label, at=at,
           new={item: [str(told[item].points), told[item].reason.strip()] for item in asked})  # fmt: skip
    announce("performance.scorecards", at=at)


def _is_asked(viewer: Viewer, member: CycleMember) -> bool:
    return not viewer.read_only and to_rate(viewer).filter(pk=member.pk).exists()


def judged_items(scheme: Scheme, position: str, *, beside: bool = False) -> dict[str, Rubric]:
    """The items of a position that people judge, in the order of the scheme; ``beside`` the lead those of a panel."""
    role = scheme.covering(position)
    items = scheme.roles[role].items if role in scheme.roles else ()
    judged = {item.indicator: item.rubric for item in items if item.rubric is not None}
    return {item: rubric for item, rubric in judged.items() if not beside or rubric.by is Raters.PANEL}


def _keep(viewer: Viewer, member: CycleMember, given: Given, rubric: Rubric, at: datetime) -> None:
    if given.points not in rubric.points:
        raise InputError("rating.no_level", points=given.points)
    if rubric.needs_reason(given.points) and not given.reason.strip():
        raise InputError("rating.say_why", name=next(iter(rubric.names.values())))
    mine = viewer.signature
    if rubric.by is Raters.LEAD:
        Rating.objects.filter(member=member, item=given.item).exclude(rater=mine).delete()
    kept = {"points": given.points, "reason": given.reason.strip(), "rater_name": viewer.name, "at": at}
    Rating.objects.update_or_create(
        member=member, item=given.item, rater=mine, defaults={**kept, "adjusted": None, "how": ""}
    )


@transaction.atomic
def count_ratings(cycle: int, scheme: Scheme) -> bool:
    """Once every lead has reviewed, even the raters out and let the score hear of all ratings at once.

    Until then nobody can rate towards a total. Whether anything is new to the score, so that it is to be computed.
    """
    if not scheme.rubrics:
        return False
    held = locked_one(cycle)
    unreviewed = held.members.filter(queries.OWED)
    if held.at is not Step.LEAD_REVIEW or unreviewed.exists():
        return False
    rulings = [each for item in scheme.rubrics for each in _rulings(_evened(held, item, scheme))]
    known = {(each["subject"], each["indicator"]): each for each in held.rulings if each["kind"] == RulingKind.RATING}
    new = [each for each in rulings if plain_ruling(each) != known.get((each.subject, each.indicator))]
    if new:
        add_rulings(cycle, new)
    return bool(new)


def _evened(cycle: Cycle, item: str, scheme: Scheme) -> list[Rating]:
    """The ratings of one item with what each counts: as given, or on the common scale where the scheme evens raters."""
    found = list(Rating.objects.filter(member__cycle=cycle, item=item).select_related("member").order_by("id"))
    given = [PersonRating(each.rater, each.member.person, each.points) for each in found]
    rule = scheme.ratings
    evened = calibrate(given, minimum=rule.minimum) if rule.calibrate else None
    for at, rating in enumerate(found):
        adjusted = evened[at] if evened else None
        moved = adjusted is not None and adjusted.trace.code == "score.rating_calibrated"
        rating.adjusted = half_up(Fraction(adjusted.adjusted if adjusted else rating.points), PLACES)
        rating.how = adjusted.trace.formula if adjusted and moved else ""
    Rating.objects.bulk_update(found, ["adjusted", "how"])
    return found


def _rulings(ratings: Sequence[Rating]) -> list[Ruling]:
    by_person: dict[str, list[Rating]] = {}
    for rating in ratings:
        by_person.setdefault(rating.member.person, []).append(rating)
    return [_ruling(person, mine) for person, mine in sorted(by_person.items())]


def _ruling(person: str, ratings: Sequence[Rating]) -> Ruling:
    names: Mapping[str, None] = dict.fromkeys(each.rater_name for each in ratings)
    return Ruling(
        kind=RulingKind.RATING, subject=person, indicator=ratings[0].item, n=len(ratings), by=", ".join(names),
        reason="; ".join(each.reason for each in ratings if each.reason),
        numerator=sum((each.adjusted or Decimal(0) for each in ratings), Decimal(0)),
    )  # fmt: skip
