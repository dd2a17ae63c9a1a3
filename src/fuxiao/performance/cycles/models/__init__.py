"""Tables of review cycles, by noun. Scorecards are only ever added: a new version stands beside the older ones.

``digest`` covers everything a row says.
"""

from fuxiao.performance.cycles.models.cycles import CalledOff, Cycle, CycleMember, OtherPayout, Scorecard, StandIn
from fuxiao.performance.cycles.models.decisions import Appeal, GradeChange, Minutes
from fuxiao.performance.cycles.models.jobs import CycleJob
from fuxiao.performance.cycles.models.reviews import AgreedAction, Comment, Panelist, Rating, Talk

__all__ = [
    "AgreedAction",
    "Appeal",
    "CalledOff",
    "Comment",
    "Cycle",
    "CycleJob",
    "CycleMember",
    "GradeChange",
    "Minutes",
    "OtherPayout",
    "Panelist",
    "Rating",
    "Scorecard",
    "StandIn",
    "Talk",
]
