"""Scoring: from indicator values to points, a weighted total, a grade and a coefficient, each with its arithmetic.

``read_scheme`` reads and checks a scheme, ``score_person`` and ``score_group`` apply it.
"""

from fuxiao.core.score import curves_aim, curves_line, curves_payout, curves_step
from fuxiao.core.score.card import Gain, ItemScore, Scorecard, Status
from fuxiao.core.score.curve import CURVES, Curve, build_curve
from fuxiao.core.score.evaluate import Subject, TeamResult, score_person
from fuxiao.core.score.event import ScoreEvent
from fuxiao.core.score.group import GroupScores, change_grade, score_group
from fuxiao.core.score.read_scheme import read_scheme
from fuxiao.core.score.scheme import TEAM_SCORE, IndicatorInfo, Scheme

__all__ = [
    "CURVES",
    "TEAM_SCORE",
    "Curve",
    "Gain",
    "GroupScores",
    "IndicatorInfo",
    "ItemScore",
    "Scheme",
    "ScoreEvent",
    "Scorecard",
    "Status",
    "Subject",
    "TeamResult",
    "build_curve",
    "change_grade",
    "curves_aim",
    "curves_line",
    "curves_payout",
    "curves_step",
    "read_scheme",
    "score_group",
    "score_person",
]
