"""What is known of a person in a period when amounts are worked out: the input of a settlement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from fuxiao.core.bonus.piece import Output


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of the period under one role and team: ``days`` of the period's ``of`` days.

    What is ``None`` or empty is taken from the person; ``output``, ``points`` and ``revenue`` given here were
    earned in this stretch, those given with the person count to the last one.
    """

    role: str
    days: Decimal
    of: Decimal
    team: str = ""
    base: Decimal | None = None
    coefficient: Decimal | None = None
    output: tuple[Output, ...] = ()
    points: Decimal | None = None
    revenue: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earner:
    """A person as a plan sees them. Only ``person`` (a stable id) and ``role`` are needed.

    ``base``: bonus base of the full period; else the role's, else the plan's default. ``wage``: fixed wage of the
    period, for the minimum-wage check. ``coefficient``: as scoring gives it; else by grade, else by score.
    ``attainment``: per cent, for payout curves; else the score. ``team_score``: the team's own score.
    ``factors``: given values such as ``{"team": 1.05, "quality": 0.95}``; else worked out by the plan's curves over
    ``indicators`` (values by code, e.g. ``{"QA": 82}``). ``vetoes``: codes of confirmed events.
    ``attended``/``scheduled``: days, counted over the days on which the person belonged to the company.
    ``segments``: in order of time; none means the whole period in ``role`` and ``team``.
    """

    person: str
    role: str
    name: str = ""
    team: str = ""
    base: Decimal | None = None
    wage: Decimal | None = None
    score: Decimal | None = None
    grade: str | None = None
    coefficient: Decimal | None = None
    rated: bool = True
    attainment: Decimal | None = None
    team_score: Decimal | None = None
    attended: Decimal | None = None
    scheduled: Decimal | None = None
    segments: tuple[Segment, ...] = ()
    output: tuple[Output, ...] = ()
    points: Decimal | None = None
    revenue: Decimal | None = None
    factors: Mapping[str, Decimal] = field(default_factory=dict)
    indicators: Mapping[str, Decimal] = field(default_factory=dict)
    vetoes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A dated correction of an earlier period, paid or taken with this one: never an edit of what was settled."""

    person: str
    period: str
    amount: Decimal
    reason: str
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Money held back earlier that falls due now, with the coefficient of the whole stretch (the quarter)."""

    person: str
    held: Decimal
    coefficient: Decimal
    periods: tuple[str, ...] = ()
