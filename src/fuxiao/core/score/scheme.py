"""What a scoring scheme is, once read and found sound: roles, items, rules and limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import lcm

from fuxiao.core.errors import Issue, UnknownName
from fuxiao.core.indicator import Direction
from fuxiao.core.score.curve import Curve
from fuxiao.core.score.event import PointSide, ValuePoints, VetoRule
from fuxiao.core.score.gate import GateRule
from fuxiao.core.score.grade import CoefficientRule, Grades
from fuxiao.core.score.judged import RatingRule, Rubric

TEAM_SCORE = "TSC"  # an item on this indicator is scored by the score of the person's team


class Scope(StrEnum):
    """Whose value an item is scored by."""

    OWN = "own"
    TEAM = "team"  # every member of the team gets the same points


class SmallSample(StrEnum):
    """What happens to a value with too few facts."""

    MISSING = "missing"  # its weight goes to the other items
    SHRUNK = "shrunk"  # the shrunken estimate is scored where one is given; otherwise missing


@dataclass(frozen=True, slots=True)
class IndicatorInfo:
    """What a scheme must know of an indicator: which way is better, what kind it is, and what keeps it honest.

    ``own`` is which way is better for a single person, where that differs.
    ``kind`` is ``speed``, ``volume``, ``quality``, ``voice``, ``cost``, ``safety``, ``people`` or any other word; the
    first two need one of their ``counters`` in the same role.
    """

    direction: Direction
    kind: str = "quality"
    counters: tuple[str, ...] = ()
    own: Direction | None = None

    def better(self, scope: Scope) -> Direction:
        """Which way is better of a figure of this scope."""
        return self.own if self.own is not None and scope is Scope.OWN else self.direction


@dataclass(frozen=True, slots=True)
class Item:
    """One scored line of a role: an indicator, its weight and how its value becomes points.

    ``of_norm``: the thresholds are multiples of the person's own norm. ``tenure``: the target grows with the months
    in the job. ``raters_min``: fewer people than this behind the value leave it shown but not scored. ``rubric``: the
    item is no indicator but judged by people in the lead review; its ``indicator`` is a code of the scheme's own.
    """

    indicator: str
    weight: Decimal
    curve: Curve
    scope: Scope = Scope.OWN
    small: SmallSample = SmallSample.MISSING
    tenure: bool = False
    of_norm: bool = False
    raters_min: int = 0
    subjective: bool = False
    dimension: str = ""
    counter_in: str = ""
    counter_waived: str | Mapping[str, str] = ""
    rubric: Rubric | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """The items of one role. ``team_share`` is the part of the total (0 to 1) that the team's score makes up.

    ``positions`` are those of the company that the role covers beside the one of its own key.
    """

    key: str
    items: tuple[Item, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    team_share: Fraction = Fraction(0)
    front_line: bool = True
    positions: tuple[str, ...] = ()
    shares: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Weights as whole numbers in the same proportion: the sums of a score stay whole-number arithmetic."""
        weights = [Fraction(item.weight) for item in self.items]
        scale = lcm(*(w.denominator for w in weights))
        object.__setattr__(self, "shares", tuple(int(w * scale) for w in weights))


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds a result, and when there is none.

    ``missing_share``: with more than this share of the weight missing (in %) a person is not rated and gets
    ``unrated_coefficient``, flagged. ``lowest``/``highest`` bound the total after bonus and deduction points.
    """

    missing_share: Decimal = Decimal(40)
    unrated_coefficient: Decimal = Decimal("1.0")
    lowest: Decimal = Decimal(0)
    highest: Decimal = Decimal(120)


@dataclass(frozen=True, slots=True)
class Distribution:
    """Forced distribution (强制分布): the share of each grade in %. Off by default, never under ``minimum`` people."""

    shares: Mapping[str, Decimal] = field(default_factory=dict)
    enabled: bool = False
    minimum: int = 10


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scoring scheme in one version, sound as a whole; ``warnings`` say what it does that deserves a second look."""

    key: str
    version: str
    cycle: str
    roles: Mapping[str, Role]
    grades: Grades
    coefficients: CoefficientRule
    names: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    bonus: PointSide = field(default_factory=PointSide)
    deductions: PointSide = field(default_factory=PointSide)
    vetoes: tuple[VetoRule, ...] = ()
    gates: tuple[GateRule, ...] = ()
    ratings: RatingRule = field(default_factory=RatingRule)
    distribution: Distribution = field(default_factory=Distribution)
    tenure: Mapping[int, Decimal] = field(default_factory=dict)
    ranks: str = "competition"
    warnings: tuple[Issue, ...] = ()

    def role(self, key: str) -> Role:
        """The role with this key; raises ``UnknownName`` with the nearest ones."""
        if key not in self.roles:
            raise UnknownName("role", key, self.roles)
        return self.roles[key]

    def covering(self, position: str) -> str:
        """The key of the role that covers a position, has it as its key, or is the only one with it as its name in some
        language (a list of people holds the words that the scheme is read by); the position itself where none does."""
        covers = (role.key for role in self.roles.values() if position in role.positions)
        names = {key: role.names for key, role in self.roles.items()}
        return next(covers, None) or role_called(position, names) or position

    @property
    def beside(self) -> tuple[str, ...]:
        """The indicators that rules outside the items look at: gates, and points by an indicator's value."""
        points = (*self.bonus.rules, *self.deductions.rules)
        codes = [rule.indicator for rule in points if isinstance(rule, ValuePoints)]
        return tuple(dict.fromkeys([*codes, *(gate.indicator for gate in self.gates)]))

    @property
    def rubrics(self) -> Mapping[str, Rubric]:
        """The items judged by people, by their code."""
        items = (item for role in self.roles.values() for item in role.items)
        return {item.indicator: item.rubric for item in items if item.rubric is not None}

    def tenure_factor(self, month: int | None) -> Decimal:
        """The share of the target asked for in a month of service (from 1); whole where the scheme names none."""
        return Decimal(1) if month is None else self.tenure.get(month, Decimal(1))


def role_called(word: str, names: Mapping[str, Mapping[str, str]]) -> str | None:
    """The role of this key, or the only one with it as its name in some language; ``names`` maps keys to names by
    language."""
    if word in names:
        return word
    wanted = word.strip().casefold()
    called = [key for key, words in names.items() if wanted in {str(each).casefold() for each in words.values()}]
    return called[0] if len(called) == 1 else None
