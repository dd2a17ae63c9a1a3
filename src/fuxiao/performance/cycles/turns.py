"""Whose turn it is with whom: the reviews, and later the talks, that wait for just one reviewer, in their order."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from fuxiao.base.permissions import Viewer
from fuxiao.core.cycle import Step
from fuxiao.performance.cycles.models import Cycle, CycleMember
from fuxiao.performance.cycles.queries import members

DUE = {Step.LEAD_REVIEW: Q(reviewed_at=None), Step.SHARED: Q(talked_at=None)}
"""What a reviewer has to do in a step: people for whom it is not done."""


@dataclass(frozen=True, slots=True)
class Turns:
    """How many wait, and who comes before and after somebody, round about; empty where nobody else waits."""

    left: int
    previous: str
    next: str


def turns(viewer: Viewer, cycle: Cycle, after: CycleMember | None = None) -> Turns | None:
    """Where the viewer stands among those who wait for them, seen from one of the people or from the beginning.

    ``None`` where nobody of the cycle is theirs to review, or the step asks nothing of reviewers.
    """
    if cycle.at not in DUE or viewer.read_only:
        return None
    mine = members(viewer).filter(_of(viewer), cycle=cycle).exclude(person=viewer.own_number)
    if not mine.exists():
        return None
    order = list(mine.filter(DUE[cycle.at]).values_list("team", "person"))
    here = (after.team, after.person) if after else ("", "")
    others = [each for each in order if each != here]
    later, earlier = [each for each in others if each > here], [each for each in others if each < here]
    round_about = [*later, *earlier]
    return Turns(len(order), *((round_about[-1][1], round_about[0][1]) if round_about else ("", "")))


def _of(viewer: Viewer) -> Q:
    """Those whom the viewer is asked to review: as lead, in the place of one, in the own teams where nobody leads."""
    led = Q(stand_in__isnull=True) & (Q(lead=viewer.own_number) | Q(lead="", team__in=viewer.teams))
    return led if viewer.account is None else led | Q(stand_in__account=viewer.account)
