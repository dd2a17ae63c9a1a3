"""The trace of a proposal: each step with its arithmetic, in the indicator's unit."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from fuxiao.core.explain import Trace
from fuxiao.core.fairness.figures import exact, facts, shown
from fuxiao.core.proposal.history import Rules
from fuxiao.core.proposal.steps import Aim, Backtest, Ends, Level


def account(
    three: Sequence[Decimal],
    *,
    level: Level,
    aim: Aim,
    ends: Ends,
    tested: Backtest,
    season: float,
    rules: Rules,
) -> Trace:
    """The tree under the proposed target."""
    floor, target, stretch = three
    inputs = (
        _level(level, rules), _own(level, aim), *_benchmark(level, aim, rules), *_ratchet(aim),
        Trace("proposal.floor", floor, _floor(level, aim, rules)),
        Trace("proposal.stretch", stretch, _stretch(level, aim, rules)),
        Trace("proposal.natural_limit", exact(ends.natural_limit), _natural(level, rules)),
        Trace("proposal.backtest", exact(tested.target), params={"floor": exact(tested.floor)}),
    )  # fmt: skip
    params = {"snap": rules.snap, "limit": rules.limit, "season": exact(season), "held": aim.held}
    formula = shown(aim.target, 4) + ("" if season == 1 else f" × {shown(season, 4)}")
    return Trace("proposal.target", target, formula, params, inputs)


def _level(level: Level, rules: Rules) -> Trace:
    trend = f"{shown(level.now, 4)} + {rules.trend_share} × {shown(level.slope, 4)} × {shown(level.horizon, 2)}"
    names = ("months", "now", "measured_slope", "slope_low", "slope_high", "slope", "intercept", "horizon")
    return Trace("proposal.level", exact(level.ahead), trend, facts(level, *names))


def _own(level: Level, aim: Aim) -> Trace:
    formula = f"{shown(level.ahead, 4)} + ({shown(level.residual_p75, 4)})"
    names = ("p10", "p50", "p75", "p90", "residual_p10", "residual_p75", "residual_p90")
    return Trace("proposal.own", exact(aim.own), formula, facts(level, *names))


def _benchmark(level: Level, aim: Aim, rules: Rules) -> tuple[Trace, ...]:
    """Blend and step limit, or that the benchmark is already held; nothing without a benchmark."""
    if rules.benchmark is None or aim.step_limit is None:
        return ()
    mark, own = shown(float(rules.benchmark), 4), shown(aim.own, 4)
    if aim.held:
        return (Trace("proposal.held", exact(aim.target), f"{_most(rules)}({shown(level.p50, 4)}, {mark})"),)
    blend = f"{shown(aim.weight, 4)} × {own} + {shown(1 - aim.weight, 4)} × {mark}"
    now = shown(level.now, 4)
    step = f"{_most(rules)}({own}, {now} + {rules.gap_share} × ({mark} − {now}))"
    return (
        Trace("proposal.blend", exact(aim.blended), blend, {"weight": exact(aim.weight)}),
        Trace("proposal.step_limit", exact(aim.step_limit), step),
    )


def _ratchet(aim: Aim) -> tuple[Trace, ...]:
    return () if aim.ratchet_limit is None else (Trace("proposal.ratchet_limit", exact(aim.ratchet_limit)),)


def _floor(level: Level, aim: Aim, rules: Rules) -> str:
    swing = f"{shown(aim.target, 4)} {_back(rules)} {shown(level.sigma, 4)}"
    return f"{_least(rules)}({shown(level.ahead, 4)} + ({shown(level.residual_p10, 4)}), {swing})"


def _stretch(level: Level, aim: Aim, rules: Rules) -> str:
    swing = f"{shown(aim.target, 4)} {_on(rules)} 0.5 × {shown(level.sigma, 4)}"
    return f"{_most(rules)}({shown(level.ahead, 4)} + ({shown(level.residual_p90, 4)}), {swing})"


def _natural(level: Level, rules: Rules) -> str:
    centre = f"{shown(level.ahead, 4)} + ({shown(level.residual_mean, 4)})"
    return f"{centre} {_on(rules)} 2.66 × {shown(level.mean_range, 4)}"


def _most(rules: Rules) -> str:
    return "max" if rules.sign > 0 else "min"


def _least(rules: Rules) -> str:
    return "min" if rules.sign > 0 else "max"


def _on(rules: Rules) -> str:
    return "+" if rules.sign > 0 else "−"


def _back(rules: Rules) -> str:
    return "−" if rules.sign > 0 else "+"
