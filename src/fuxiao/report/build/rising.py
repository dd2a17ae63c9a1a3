"""What would raise the score: in points, and while the period runs in cases and days at the person's own pace.

Never a trick: every way counts real work that comes anyway at this pace (no more cases, no other cases), says only what
is still possible in the days left, and names the counter-indicators that have to hold beside a speed or volume figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil

from fuxiao.core.indicator import Direction, Standing
from fuxiao.core.period import zone_named
from fuxiao.core.score import Gain, ItemScore, Scorecard
from fuxiao.core.score.ahead import mean_after, mean_needs, share_after, share_needs
from fuxiao.core.score.exact import half_up
from fuxiao.core.score.scheme import Scope
from fuxiao.engine.definition import Indicator, Spread
from fuxiao.report.build.items import target_text
from fuxiao.report.build.reporter import Reporter
from fuxiao.report.figures import number
from fuxiao.report.model.scorecard import Rise

ZERO = Decimal(0)
GUARDED = ("speed", "volume")
TIMES = ("minutes", "hours", "days", "minute", "hour", "day")


@dataclass(frozen=True, slots=True)
class Pace:
    """How much comes to a person: days of the period that are over and still to come; ``worked`` counts attendance."""

    over: Fraction
    left: Fraction
    worked: bool

    def more(self, counted: Fraction) -> int:
        """So many facts still come in this period where ``counted`` came so far."""
        return int(counted * self.left / self.over)

    def days(self, count: int, counted: Fraction) -> int:
        """So many days until ``count`` more have come."""
        return ceil(count * self.over / counted)


@dataclass(frozen=True, slots=True)
class Way:
    """How an item is raised: the points it brings, and the way in words."""

    points: Decimal
    text: str


def make_rises(reporter: Reporter, card: Scorecard) -> tuple[Rise, ...]:
    """What would raise the score, most first; items at or past both marks are left out."""
    lines, pace = {line.indicator: line for line in card.items}, pace_of(reporter, card)
    useful = [
        (gain, _way(reporter, card, lines[gain.indicator], gain, pace)) for gain in card.gains if nearest(gain) > 0
    ]
    useful.sort(key=lambda pair: (-pair[1].points, pair[0].indicator))
    most = useful[0][1].points if useful else ZERO
    return tuple(_rise(reporter, lines[gain.indicator], gain, way, most) for gain, way in useful)


def make_needs(reporter: Reporter, card: Scorecard) -> tuple[str, ...]:
    """For the unrated, while the period runs: how many more facts each item needs, and the days they take."""
    pace = pace_of(reporter, card)
    small = [line for line in card.items if line.missing == Standing.SMALL.value] if pace and not card.rated else []
    return tuple(_need(reporter, line, pace) for line in small if pace is not None)


def _need(reporter: Reporter, line: ItemScore, pace: Pace) -> str:
    definition, n = reporter.indicator(line.indicator), 0 if line.value is None else line.value.n
    name = reporter.indicator_name(line.indicator)
    if definition is None or not n:
        return reporter.words("rise.sample_none", name=name)
    count = max(1, definition.minimum - n)
    days = _days(reporter, pace, pace.days(count, Fraction(n)))
    return reporter.words("rise.sample", name=name, count=count, word=_word(reporter, definition, count), days=days)


def nearest(gain: Gain) -> Decimal:
    """What the next mark ahead brings: the target, or for an item at its target the stretch."""
    return gain.at_target or gain.at_stretch or ZERO


def pace_of(reporter: Reporter, card: Scorecard) -> Pace | None:
    """The pace of somebody in a period that runs; ``None`` once it is over, and on its first day."""
    source = reporter.source
    today = source.made_at.astimezone(zone_named(source.zone)).date()
    member = source.roster.members.get(card.subject)
    start, end = source.period.start, source.period.end
    if member is not None and member.stints:
        start = max(start, member.stints[0].start)
    over, left = (today - start).days, (end - today).days
    if over <= 0 or left <= 0:
        return None
    attended = member.attended if member is not None else None
    if attended:
        return Pace(Fraction(attended), Fraction(attended) * left / over, worked=True)
    return Pace(Fraction(over), Fraction(left), worked=False)


def _rise(reporter: Reporter, line: ItemScore, gain: Gain, way: Way, most: Decimal) -> Rise:
    w = reporter.words
    definition = reporter.indicator(line.indicator)
    unit = "score" if definition is None else definition.unit
    at_target = gain.at_target or ZERO
    beyond = "" if not gain.at_stretch else w("rise.stretch", points=number(gain.at_stretch, 2))
    return Rise(
        name=reporter.indicator_name(line.indicator),
        points=f"+{number(way.points, 2)}",
        width=round(float(100 * way.points / most), 1) if most else 0.0,
        target=w("rise.target", target=target_text(reporter, line, unit)) if at_target > 0 else w("rise.done"),
        gap=way.text,
        stretch=beyond if at_target > 0 else w("rise.to_stretch"),
        guard=_guard(reporter, line, definition),
    )


def _guard(reporter: Reporter, line: ItemScore, definition: Indicator | None) -> str:
    """What has to hold beside a figure of speed or volume; without it the figure alone is no gain."""
    if definition is None or definition.kind not in GUARDED or not definition.counter:
        return ""
    scored = {item.indicator for card in reporter.source.scores.cards[:1] for role in card.scheme.roles.values()
              for item in role.items if line.item in role.items}  # fmt: skip
    codes = [code for code in definition.counter if code in scored] or list(definition.counter)[:1]
    return reporter.words("rise.guard", names=reporter.words("comma").join(map(reporter.indicator_name, codes)))


def _way(reporter: Reporter, card: Scorecard, line: ItemScore, gain: Gain, pace: Pace | None) -> Way:
    """The way to the next mark: in cases and days while the period runs, in what was missing once it is over."""
    definition, value = reporter.indicator(line.indicator), line.value
    if line.item.rubric is not None:
        return Way(nearest(gain), _next_level(reporter, line))
    if definition is None or value is None or not gain.at_target or line.target.target is None:
        return Way(nearest(gain), "")
    own = line.item.scope is Scope.OWN and not line.shrunk
    if pace is not None and own and value.denominator and line.used is not None:
        ahead = _Ahead(reporter, card, line, definition, gain, pace)
        if definition.spread is Spread.PROPORTION and value.numerator is not None:
            return ahead.by_cases(Fraction(value.numerator), Fraction(value.denominator))
        if definition.spread is Spread.MEAN and definition.kind != "volume":
            return ahead.by_mean(Fraction(line.used), Fraction(value.denominator))
    return Way(nearest(gain), gap_text(reporter, line, definition) or _distance(reporter, line, definition))


def _next_level(reporter: Reporter, line: ItemScore) -> str:
    rubric, used = line.item.rubric, line.used
    above = None if rubric is None or used is None else rubric.above(used)
    level = None if rubric is None or above is None else rubric.level_of(above)
    return "" if level is None else reporter.words("rise.level", text=reporter.words.of(level.names))


@dataclass(frozen=True, slots=True)
class _Ahead:
    """One item while the period runs: what so many more facts would make of it."""

    reporter: Reporter
    card: Scorecard
    line: ItemScore
    definition: Indicator
    gain: Gain
    pace: Pace

    def by_cases(self, good: Fraction, counted: Fraction) -> Way:
        """So many of the next facts, all good; or how far those go that still come."""
        higher = self.line.curve.direction is Direction.HIGHER
        aim = Fraction(self.line.target.target or 0) / self.definition.scale
        needed, coming = share_needs(good, counted, aim, higher=higher), self.pace.more(counted)
        w, kind = self.reporter.words, "all" if higher else "none"
        if needed is not None and needed <= coming:
            days = _days(self.reporter, self.pace, self.pace.days(needed, counted))
            return Way(nearest(self.gain), w(f"rise.next_{kind}", count=needed, word=self.word(needed), days=days))
        reached = share_after(good, counted, coming, higher=higher) * self.definition.scale
        return self.partly(half_up(reached, 6), w(f"rise.left_{kind}", count=coming, word=self.word(coming)))

    def by_mean(self, mean: Fraction, counted: Fraction) -> Way:
        """So much sooner (or lower, or higher) on average; the next facts at the stretch, and the days they take."""
        aims, w = self.line.target, self.reporter.words
        distance, best = _distance(self.reporter, self.line, self.definition), aims.stretch
        needed = None if best is None else mean_needs(mean, counted, Fraction(aims.target or 0), Fraction(best))
        if needed is None or best is None:
            return Way(nearest(self.gain), distance)
        coming = self.pace.more(counted)
        shown = self.reporter.figures.quantity(best, self.definition.unit, exact=True)
        if needed <= coming:
            days = _days(self.reporter, self.pace, self.pace.days(needed, counted))
            text = w("rise.next_at", distance=distance, count=needed, word=self.word(needed), best=shown, days=days)
            return Way(nearest(self.gain), text)
        begin = w("rise.left_at", distance=distance, count=coming, word=self.word(coming), best=shown)
        return self.partly(half_up(mean_after(mean, counted, coming, Fraction(best)), 6), begin)

    def word(self, count: int) -> str:
        return _word(self.reporter, self.definition, count)

    def partly(self, reached: Decimal, begin: str) -> Way:
        """What is still possible in this period, where the target is not."""
        shown = self.reporter.figures.quantity(reached, self.definition.unit)
        text = self.reporter.words("rise.partly", begin=begin, value=shown)
        return Way(self.card.rise(self.line.indicator, reached), text)


def _days(reporter: Reporter, pace: Pace, count: int) -> str:
    return reporter.words("rise.work_days" if pace.worked else "rise.days", count=max(1, count))


def _word(reporter: Reporter, definition: Indicator, count: int) -> str:
    return reporter.words.counted(definition.sample.dataset, count)


def _distance(reporter: Reporter, line: ItemScore, definition: Indicator) -> str:
    """How far the figure is from its target, in its unit."""
    used, aim = line.used, line.target.target
    if used is None or aim is None or line.curve.direction not in (Direction.HIGHER, Direction.LOWER):
        return ""
    kind = "higher" if used < aim else "sooner" if definition.unit in TIMES else "lower"
    return reporter.words(f"rise.{kind}", gap=reporter.figures.quantity(abs(used - aim), definition.unit))


def gap_text(reporter: Reporter, line: ItemScore, definition: Indicator | None) -> str:
    """The way to the target in cases, where the figure is so many of so many; nothing elsewhere."""
    cases = None if definition is None else cases_missing(line, definition)
    if cases is None or definition is None:
        return ""
    more = line.curve.direction is Direction.HIGHER
    count = abs(cases)
    return reporter.words("rise.more" if more else "rise.fewer", count=count, word=_word(reporter, definition, count))


def cases_missing(line: ItemScore, definition: Indicator) -> int | None:
    """How many more (or, negative, fewer) of the counted facts would have been needed; ``None`` for other figures."""
    value, aim = line.value, line.target.target
    if definition.spread is not Spread.PROPORTION or value is None or aim is None:
        return None
    if value.numerator is None or value.denominator is None or line.shrunk:
        return None
    wanted = Fraction(aim) / definition.scale * Fraction(value.denominator)
    short_by = wanted - Fraction(value.numerator)
    if line.curve.direction is Direction.HIGHER:
        return max(0, ceil(short_by))
    return -max(0, ceil(-short_by))
