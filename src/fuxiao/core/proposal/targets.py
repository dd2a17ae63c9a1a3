"""From months to floor, target and stretch, with the warnings a person should read before agreeing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import fmean

from fuxiao.core.errors import Issue
from fuxiao.core.explain import Trace
from fuxiao.core.fairness.figures import require
from fuxiao.core.proposal.account import account
from fuxiao.core.proposal.history import Month, Previous, Rules, ordinal, usable
from fuxiao.core.proposal.line import robust_line, start_after_shift
from fuxiao.core.proposal.season import Season, season_of
from fuxiao.core.proposal.steps import (
    LAST,
    Aim,
    Backtest,
    Ends,
    Level,
    aim_of,
    backtest,
    ends_of,
    level_of,
    ratchet_of,
)

HIT_LEAST, HIT_MOST, FLOOR_LEAST = 0.10, 0.60, 0.80


@dataclass(frozen=True, slots=True)
class Proposal:
    """Floor, target and stretch, rounded to the house's step and kept within scale and law.

    ``level``, ``aim`` and ``ends`` are in the indicator's unit before rounding and without the season, which ``season``
    multiplies in (1: no season). ``skipped`` counts the months before the last shift. The proposal is not a target:
    somebody confirms it, with a reason, before the period starts.
    """

    floor: Decimal
    target: Decimal
    stretch: Decimal
    level: Level
    aim: Aim
    ends: Ends
    backtest: Backtest
    season: float
    skipped: int
    warnings: tuple[Issue, ...]
    trace: Trace


def propose(
    months: Sequence[Month],
    *,
    target_months: Sequence[tuple[int, int]],
    rules: Rules,
    previous: Previous | None = None,
) -> Proposal:
    """Propose the targets of the period made of ``target_months`` (year, month).

    Months may come in any order. Errors: ``proposal.too_few_months`` where fewer than six have the minimum sample,
    ``proposal.month_twice``, ``proposal.not_ahead`` where the period does not follow the months.
    """
    kept = usable(months, minimum=rules.minimum)
    ahead = sorted(ordinal(month) for month in target_months)
    require(bool(ahead) and ahead[0] > kept[-1].ordinal, "proposal.not_ahead")
    season = season_of(kept)
    values = [rules.sign * float(month.value) / season.factor([month.ordinal]) for month in kept]
    since = start_after_shift(values)
    ordinals, values = [month.ordinal for month in kept[since:]], values[since:]
    line = robust_line(ordinals, values)
    level = level_of(line, values, horizon=fmean(ahead) - fmean(ordinals[-LAST:]), rules=rules)
    benchmark = None if rules.benchmark is None else rules.sign * float(rules.benchmark)
    aim = aim_of(level, benchmark=benchmark, ratchet=_ratchet(previous, season, rules), rules=rules)
    return _closed(level, aim, line.residuals, factor=season.factor(ahead), rules=rules, skipped=since)


def _ratchet(previous: Previous | None, season: Season, rules: Rules) -> float | None:
    """The ceiling from last period, at the level without season."""
    if previous is None:
        return None
    factor = season.factor([ordinal(month) for month in previous.months])
    target, actual = (rules.sign * float(value) / factor for value in (previous.target, previous.actual))
    return ratchet_of(target, actual, rules=rules)


def _closed(
    level: Level, aim: Aim, residuals: Sequence[float], *, factor: float, rules: Rules, skipped: int
) -> Proposal:
    """Round, clamp, test against the past, and turn everything back into the indicator's unit."""
    ends, sign = ends_of(level, aim.target), rules.sign
    floor, target, stretch = (_final(v * factor, rules) for v in (ends.floor, aim.target, ends.stretch))
    there = [sign * float(value) / factor for value in (target, floor)]
    tested = backtest(level, residuals, target=there[0], floor=there[1])
    warnings = (*_natural(aim.target, ends), *_hits(tested), *_flat(floor, target, stretch))
    if sign < 0:
        level, aim, ends = level.turned(), aim.turned(), ends.turned()
    trace = account(
        (floor, target, stretch), level=level, aim=aim, ends=ends, tested=tested, season=factor, rules=rules
    )
    return Proposal(floor, target, stretch, level, aim, ends, tested, factor, skipped, warnings, trace)


def _final(value: float, rules: Rules) -> Decimal:
    """One of the three in the indicator's unit: snapped, within the scale, never worse than the law allows."""
    exact = Decimal(str(round(rules.sign * value, 9)))
    final = (exact / rules.snap).quantize(Decimal(1), ROUND_HALF_UP) * rules.snap
    if rules.lowest is not None:
        final = max(final, rules.lowest)
    if rules.highest is not None:
        final = min(final, rules.highest)
    if rules.limit is not None:
        final = max(final, rules.limit) if rules.sign > 0 else min(final, rules.limit)
    return final


def _natural(target: float, ends: Ends) -> Iterator[Issue]:
    if target > ends.natural_limit:
        yield Issue("target", "proposal.needs_process_change", severity="warning")


def _hits(tested: Backtest) -> Iterator[Issue]:
    if tested.target < HIT_LEAST:
        yield Issue("target", "proposal.seldom_reached", {"share": tested.target}, "warning")
    if tested.target > HIT_MOST:
        yield Issue("target", "proposal.often_reached", {"share": tested.target}, "warning")
    if tested.floor < FLOOR_LEAST:
        yield Issue("floor", "proposal.floor_often_missed", {"share": tested.floor}, "warning")


def _flat(floor: Decimal, target: Decimal, stretch: Decimal) -> Iterator[Issue]:
    """Two of the three fell on one number: a score curve through them needs another step or a person's choice."""
    if floor == target:
        yield Issue("floor", "proposal.floor_meets_target", {"value": target}, "warning")
    if stretch == target:
        yield Issue("stretch", "proposal.stretch_meets_target", {"value": target}, "warning")
