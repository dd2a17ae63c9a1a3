"""One figure over time in sentence codes: a move inside the limits gets no story, no praise and no blame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from fuxiao.core.explain import Scalar, Trace
from fuxiao.core.fairness.figures import exact
from fuxiao.core.fairness.intervals import Estimate, difference
from fuxiao.core.fairness.xmr import FEWEST, Limits, Rule, Signal, limits, signals
from fuxiao.core.indicator import Direction


@dataclass(frozen=True, slots=True)
class Sentence:
    """What may be said, as a code with its facts; a face words it."""

    code: str
    params: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trend:
    """A series and what may be said of its last value. ``limits`` are ``None`` while there are too few values;
    ``signals`` are all of the series, places counted from 0."""

    values: tuple[Decimal, ...]
    limits: Limits | None
    signals: tuple[Signal, ...]
    sentence: Sentence

    @property
    def trace(self) -> Trace:
        inputs = () if self.limits is None else (self.limits.trace,)
        last = self.values[-1] if self.values else None
        return Trace(self.sentence.code, last, params=self.sentence.params, inputs=inputs)


def trend(values: Sequence[Decimal], *, direction: Direction = Direction.HIGHER) -> Trend:
    """Judge the last value against the limits of those before it (of all, while there are just six).

    Codes: ``trend.too_few`` (under six values), ``trend.noise``, else ``trend.<rule>.<better|worse|moved>`` with the
    rule ``outside``, ``run`` (eight on one side) or ``near_limit`` (three of four).
    """
    points = tuple(values)
    if len(points) < FEWEST:
        return Trend(points, None, (), Sentence("trend.too_few", {"points": len(points), "fewest": FEWEST}))
    drawn = limits(points[:-1] if len(points) > FEWEST else points)
    found = signals(points, against=drawn)
    return Trend(points, drawn, found, _sentence(points, drawn, found, direction))


def _sentence(points: Sequence[Decimal], drawn: Limits, found: Sequence[Signal], direction: Direction) -> Sentence:
    bounds: dict[str, Scalar] = {"value": points[-1], "mean": exact(drawn.mean, 4), "firm": drawn.firm}
    bounds |= {"lower": exact(drawn.lower, 4), "upper": exact(drawn.upper, 4)}
    now = [signal for signal in found if signal.at == len(points) - 1]
    if not now:
        return Sentence("trend.noise", bounds)
    first = min(now, key=lambda signal: signal.rule)
    side = _merit(above=float(points[-1]) > drawn.mean, direction=direction)
    return Sentence(f"trend.{Rule(first.rule).name.lower()}.{side}", {**bounds, "since": first.since})


def _merit(*, above: bool, direction: Direction) -> str:
    if direction is Direction.RANGE:
        return "moved"
    return "better" if above == (direction is Direction.HIGHER) else "worse"


@dataclass(frozen=True, slots=True)
class Change:
    """After minus before of a rate (0-1), with its interval, and what may be said."""

    estimate: Estimate
    sentence: Sentence

    @property
    def proven(self) -> bool:
        return self.estimate.excludes(0)

    @property
    def trace(self) -> Trace:
        return Trace(
            self.sentence.code, exact(self.estimate.point), params=self.sentence.params, inputs=(self.estimate.trace,)
        )


def change(
    before: tuple[float, float], after: tuple[float, float], *, direction: Direction = Direction.HIGHER
) -> Change:
    """Compare two rates, each as (successes, trials), by Newcombe's interval (1998).

    Codes: ``change.not_proven``, ``change.better``, ``change.worse``, ``change.moved``.
    """
    found = difference(before, after)
    params: dict[str, Scalar] = {"change": exact(found.point), "low": exact(found.low), "high": exact(found.high)}
    if not found.excludes(0):
        return Change(found, Sentence("change.not_proven", params))
    return Change(found, Sentence(f"change.{_merit(above=found.point > 0, direction=direction)}", params))
