"""Why figures and scores moved: what was kept when a cycle was closed, beside what the records and rules say today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from fuxiao.core.moved import NONE, End, Move, Part, Parts, together, walked
from fuxiao.core.score import ItemScore, Scheme
from fuxiao.core.score import Scorecard as LiveCard
from fuxiao.core.score.exact import half_up
from fuxiao.core.score.scheme import Scope
from fuxiao.core.score.total import effective_weights
from fuxiao.datasets.build import build_facts
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator
from fuxiao.incentives.aside import home_aside
from fuxiao.incentives.seals import definitions_beside
from fuxiao.performance.cycles.models import Cycle, CycleMember, Scorecard
from fuxiao.performance.decisions import read_scheme_text
from fuxiao.performance.moving import Halves, Moving, figures, halves
from fuxiao.performance.scoring import indicator_infos
from fuxiao.report.closing import indicators_of

SCORING = frozenset({"targets.yaml", "events.yaml"})
"""Definitions that make points of figures, and no figures."""
PLACES = 6
"""Figures are kept at so many places."""
SCORE_PLACES = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """A figure as a closed cycle kept it."""

    cycle: Cycle
    value: Decimal


@dataclass(frozen=True, slots=True)
class FigureMove:
    """A figure's move with what it was made from; ``kept`` says of both ends whether a closed cycle kept them."""

    moving: Moving
    move: Move
    halves: Halves
    kept: tuple[bool, bool]


@dataclass(frozen=True, slots=True)
class Mover:
    """A store with its indicators, the cut-off of its figures and the local day of it."""

    store: Store
    library: Mapping[str, Indicator]
    as_of: datetime
    day: date

    def figure(self, moving: Moving) -> FigureMove | None:
        """The move of one figure; ``None`` where one of the periods has none."""
        found = halves(self.store, moving, as_of=self.day)
        if found is None:
            return None
        before, after = (self.kept(moving, period.key) for period in (moving.before, moving.after))
        now = found.ends()
        ends = self._end(moving, before, 0, now[0].kept), self._end(moving, after, 1, now[1].kept)
        return FigureMove(moving, found.moved(*ends, moving.own.scale), found, (before is not None, after is not None))

    def kept(self, moving: Moving, period: str) -> Kept | None:
        """The figure in the scorecards of a closed cycle of that period; ``None`` where none kept it.

        A person's own figure stands on the own card, a team's on those of its members who are scored by it.
        """
        if moving.by == "company":
            return None
        person = moving.by == "person"
        held = CycleMember.objects.filter(cycle__period=period, scorecard__isnull=False)
        held = held.filter(person=moving.member) if person else held.filter(team=moving.member)
        for member in held.select_related("cycle", "scorecard").defer("cycle__basis").order_by("cycle", "person")[:20]:
            text = figures_of(member.scorecard).get(f"value/{moving.indicator.code}/value")
            own = scope_of(self.scheme(member.cycle), member.position, moving.indicator.code) is Scope.OWN
            if text is not None and own is person:
                return Kept(member.cycle, Decimal(text))
        return None

    def scheme(self, cycle: Cycle) -> Scheme:
        return read_scheme_text(cycle.scheme_text, indicator_infos(self.library))

    def _end(self, moving: Moving, kept: Kept | None, place: int, now: Fraction) -> End:
        """One end: as kept, by the rules of then from the records of today, and as it is today."""
        if kept is None:
            return End.open(now)
        then: Mapping[str, str] = kept.cycle.basis["definitions"]
        if _of_figures(then) == _of_figures(definitions_beside(then, self.store.home)):
            return End(Fraction(kept.value), now, now)
        recounted = self._by(then, moving, place)
        return End(Fraction(kept.value), now if recounted is None else recounted, now)

    def _by(self, definitions: Mapping[str, str], moving: Moving, place: int) -> Fraction | None:
        """The figure by other definitions from the records of today, worked out aside."""
        with home_aside(self.store, definitions, self.store.manifest.records) as home, Store.open(home) as aside:
            build_facts(aside, cut_off=self.as_of)
            indicator = indicators_of(aside).get(moving.indicator.code)
            if indicator is None:
                return None
            then = Moving(indicator, moving.by, moving.member, moving.before, moving.after)
            found = figures(aside, then, as_of=self.day)
        return None if found is None else Fraction(found[place].value or 0)


def _of_figures(definitions: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in definitions.items() if name not in SCORING}


def figures_of(card: Scorecard | None) -> Mapping[str, str]:
    """The figures of a stored card by path."""
    found: Mapping[str, str] = {} if card is None else card.result["figures"]
    return found


def scope_of(scheme: Scheme, position: str, code: str) -> Scope:
    """Whether a position is scored by the own figure or the team's."""
    items = scheme.roles[position].items if position in scheme.roles else ()
    return next((item.scope for item in items if item.indicator == code), Scope.OWN)


@dataclass(frozen=True, slots=True)
class Scored:
    """A card's total, and what each line adds to it."""

    total: Decimal
    lines: Mapping[str, Fraction]

    @property
    def beyond(self) -> Fraction:
        """What is not the lines': the team's share, bonus and deduction points, caps, vetoes (and the rounding)."""
        return Fraction(self.total) - sum(self.lines.values(), NONE)


def scored_live(card: LiveCard) -> Scored | None:
    """``None`` for somebody not rated."""
    if card.total is None:
        return None
    return Scored(card.total, {line.indicator: line.weighted for line in card.items})


def scored_kept(card: Scorecard, member: CycleMember, scheme: Scheme) -> Scored | None:
    """The same of a stored card, from its figures and the scheme that it was made by."""
    figures, path = figures_of(card), f"score/{member.person}"
    role = scheme.roles.get(figures.get(f"{path}/role", ""))
    if card.score is None or role is None:
        return None
    codes = [item.indicator for item in role.items]
    percents = [Fraction(figures[f"{path}/{code}"]) if f"{path}/{code}" in figures else None for code in codes]
    shares = effective_weights(role.shares, percents)
    weighted = {code: (p or NONE) * w for code, p, w in zip(codes, percents, shares, strict=True)}
    return Scored(card.score, weighted)


@dataclass(frozen=True, slots=True)
class ScoreMove:
    """A score's move: of each line the parts in points, and all of them together."""

    before: Scored
    after: Scored
    lines: Mapping[str, Parts]
    parts: Parts


def score_move(before: Scored, after: Scored, now: LiveCard, moves: Mapping[str, Move]) -> ScoreMove:
    """The change of a score in parts. ``now`` is the card by whose curves and weights points are read, ``moves`` those
    of the lines' figures; what a line's points moved without its figure is its rules' (weight, target, curve)."""
    items = {line.indicator: line for line in now.items}
    codes = list(dict.fromkeys([*after.lines, *before.lines]))
    lines = {
        code: _line(before.lines.get(code, NONE), after.lines.get(code, NONE), items.get(code), moves.get(code))
        for code in codes
    }
    beyond = after.beyond - before.beyond
    if abs(beyond) >= Fraction(1, 10**SCORE_PLACES):
        lines = {**lines, "": {Part.POINTS: beyond}}
    return ScoreMove(before, after, lines, together(lines.values()))


def _line(before: Fraction, after: Fraction, item: ItemScore | None, move: Move | None) -> Parts:
    if item is None or item.percent is None or move is None:
        return {Part.DEFINITION: after - before} if after != before else {}

    def points(value: Fraction) -> Fraction:
        return item.effective * item.curve.percent(half_up(value, PLACES))

    rules = (points(move.before.kept) - before) + (after - points(move.after.kept))
    return together([walked(points, move), {Part.DEFINITION: rules}])
