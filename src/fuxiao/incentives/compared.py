"""What a draft scheme does beside the one in force: who gains, what it costs, where it jumps, whom it tells apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import sqrt
from statistics import fmean

from fuxiao.core.bonus.plan import Plan
from fuxiao.core.errors import Issue
from fuxiao.core.score import Scheme, Scorecard
from fuxiao.core.score.curve import Curve
from fuxiao.core.score.exact import half_up
from fuxiao.incentives.sides import Side

SAME = Decimal("0.5")
"""A mean score that moves by less than this many points counts as unchanged."""
JUMP = 20
"""So many points between two neighbouring values are a cliff."""
NEAR = Decimal("0.02")
"""Within this share of a threshold somebody stands at the cliff."""
THRESHOLDS = ("floor", "target", "stretch", "low", "high", "zero_low", "zero_high")
Z = 1.959964


@dataclass(frozen=True, slots=True)
class Change:
    """One person over the periods: mean score, last grade and sum of the amounts under the old and the new scheme."""

    person: str
    name: str
    role: str
    team: str
    score_old: Decimal | None
    score_new: Decimal | None
    grade_old: str
    grade_new: str
    amount_old: Decimal | None = None
    amount_new: Decimal | None = None

    @property
    def score(self) -> Decimal | None:
        """The change of the mean score."""
        return None if self.score_old is None or self.score_new is None else self.score_new - self.score_old

    @property
    def amount(self) -> Decimal | None:
        return None if self.amount_old is None or self.amount_new is None else self.amount_new - self.amount_old

    @property
    def way(self) -> str:
        """``winner``, ``loser``, ``same``, or ``open`` where one of the schemes does not rate the person."""
        if self.score is None:
            return "open"
        return "same" if abs(self.score) < SAME else "winner" if self.score > 0 else "loser"


@dataclass(frozen=True, slots=True)
class TeamChange:
    team: str
    name: str
    winners: int
    losers: int
    same: int
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Cliff:
    """A place of the draft where a small step in the value moves many points, and how many results stood there.

    ``kind`` is ``curve`` (at a threshold of an indicator) or ``grade`` (at a bound, where the coefficient jumps).
    """

    kind: str
    role: str
    name: str
    at: Decimal
    jump: Decimal
    people: int


@dataclass(frozen=True, slots=True)
class RoleSpread:
    """How well a scheme tells the people of a role apart: the share that chance alone could place elsewhere."""

    role: str
    people: int
    alike_old: Decimal | None
    alike_new: Decimal | None


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of it. ``currency`` is empty without a plan; ``unpaid`` says why there are no amounts.

    ``cycles`` is how many closed review cycles were played over, ``sealed`` how many of them are sealed, ``regraded``
    how many grades a committee had changed in them (left out on both sides); none where it was whole periods as they
    stand in the lake.
    """

    periods: tuple[str, ...]
    people: tuple[Change, ...]
    teams: tuple[TeamChange, ...]
    cliffs: tuple[Cliff, ...]
    spread: tuple[RoleSpread, ...]
    grades_old: Mapping[str, int]
    grades_new: Mapping[str, int]
    budget_old: Decimal | None = None
    budget_new: Decimal | None = None
    currency: str = ""
    unpaid: Issue | None = None
    cycles: int = 0
    sealed: int = 0
    regraded: int = 0


def compared(scheme: Scheme, new: Side, old: Side, *, periods: Sequence[str], plan: Plan | None) -> Replay:
    """What the draft does beside what was: person by person, in teams, in money, at its cliffs."""
    people = tuple(_changes(new, old))
    return Replay(
        tuple(periods), people, tuple(_teams(people, new.teams)), tuple(_cliffs(scheme, new)),
        tuple(_spread(scheme, new, old)), _grades(old), _grades(new), old.total, new.total,
        plan.currency.code if plan and new.total is not None else "", new.unpaid or old.unpaid,
    )  # fmt: skip


def _changes(new: Side, old: Side) -> Iterator[Change]:
    for who in sorted(new.cards):
        member, now, was = new.members[who], new.cards[who], old.cards.get(who, [])
        yield Change(
            who, member.name, member.role, member.team, _mean(was), _mean(now), _last_grade(was), _last_grade(now),
            old.amounts.get(who) if old.total is not None else None,
            new.amounts.get(who) if new.total is not None else None,
        )  # fmt: skip


def _mean(cards: Sequence[Scorecard]) -> Decimal | None:
    """The mean of the scores of the periods in which the person is rated."""
    totals = [Fraction(card.total) for card in cards if card.total is not None]
    return half_up(sum(totals, Fraction(0)) / len(totals), 2) if totals else None


def _last_grade(cards: Sequence[Scorecard]) -> str:
    return next((card.grade for card in reversed(cards) if card.grade), "")


def _teams(people: Sequence[Change], names: Mapping[str, str]) -> Iterator[TeamChange]:
    """Teams by the gain of their members, the one that loses most first."""
    made = []
    for key in sorted({person.team for person in people}):
        inside = [person for person in people if person.team == key]
        ways = [person.way for person in inside]
        moves = [Fraction(person.score) for person in inside if person.score is not None]
        mean = half_up(sum(moves, Fraction(0)) / len(moves), 2) if moves else None
        counts = (ways.count("winner"), ways.count("loser"), ways.count("same"))
        made.append(TeamChange(key, names.get(key, key), *counts, mean))
    yield from sorted(made, key=lambda team: (team.score is None, team.score or Decimal(0), team.team))


def _grades(side: Side) -> dict[str, int]:
    """How often each grade was given."""
    counts: dict[str, int] = {}
    for cards in side.cards.values():
        for card in cards:
            counts[card.grade or ""] = counts.get(card.grade or "", 0) + 1
    return counts


def _cliffs(scheme: Scheme, side: Side) -> Iterator[Cliff]:
    """Steps in curves, then grade bounds, each with the results that stood there; those without any are left out."""
    everything = [card for cards in side.cards.values() for card in cards]
    for role in scheme.roles.values():
        for place, item in enumerate(role.items):
            lines = [card.items[place] for card in everything if card.role.key == role.key]
            values = [line.used for line in lines if line.used is not None]
            for at, jump in steps_of(item.curve):
                near = sum(abs(value - at) <= abs(at) * NEAR for value in values)
                if near:
                    yield Cliff("curve", role.key, item.indicator, at, half_up(jump, 2), near)
    table = scheme.coefficients.table
    for better, worse in pairwise(scheme.grades.bands):
        near = sum(card.total is not None and abs(card.total - better.lower) < 1 for card in everything)
        change = table.get(better.grade, Decimal(0)) - table.get(worse.grade, Decimal(0))
        if near and change:
            yield Cliff("grade", "", better.grade, better.lower, change, near)


def steps_of(curve: Curve) -> Iterator[tuple[Decimal, Fraction]]:
    """The values at which a curve jumps by many points, and by how many."""
    found = [getattr(curve, name, None) for name in THRESHOLDS]
    table = [bound for bound, _ in getattr(curve, "table", ())]
    for at in sorted({value for value in (*found, *table) if isinstance(value, Decimal)}):
        beside = abs(at) / 1_000_000 or Decimal("0.000001")
        around = [curve.percent(at + side * beside) for side in (-1, 0, 1)]
        jump = max(around) - min(around)
        if jump >= JUMP:
            yield at, jump


def _spread(scheme: Scheme, new: Side, old: Side) -> Iterator[RoleSpread]:
    for role in scheme.roles:
        now = [cards[-1] for cards in new.cards.values() if cards[-1].role.key == role]
        was = [cards[-1] for cards in old.cards.values() if cards[-1].role.key == role]
        if now:
            yield RoleSpread(role, len(now), _alike(was), _alike(now))


def _alike(cards: Sequence[Scorecard]) -> Decimal | None:
    """The share of rated people whose score, with its own uncertainty, may as well be the mean of the group."""
    rated = [card for card in cards if card.total is not None]
    if len(rated) < 2:
        return None
    centre = fmean(float(card.total or 0) for card in rated)
    near = sum(abs(float(card.total or 0) - centre) <= Z * _uncertainty(card) for card in rated)
    return half_up(Fraction(near, len(rated)) * 100, 0)


def _uncertainty(card: Scorecard) -> float:
    """The standard error of a score: that of each item's value, put through its curve and weighted."""
    total = 0.0
    for line in card.items:
        interval = line.value.interval if line.value is not None and line.percent is not None else None
        if interval is not None:
            ends = [float(line.curve.percent(end)) for end in (interval.low, interval.high)]
            total += (abs(ends[1] - ends[0]) / (2 * Z) * float(line.effective)) ** 2
    return sqrt(total)
