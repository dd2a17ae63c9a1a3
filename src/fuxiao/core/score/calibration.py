"""Rater calibration: subjective ratings put on one scale, so that a strict and a generous rater weigh the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from fuxiao.core.explain import Scalar, Trace, figure
from fuxiao.core.score.exact import shown


@dataclass(frozen=True, slots=True)
class PersonRating:
    """What one rater gave one person."""

    rater: str
    person: str
    given: Decimal


@dataclass(frozen=True, slots=True)
class RaterLevel:
    """How a rater rates: the mean and the standard deviation (n - 1) of what they gave, and to how many people."""

    mean: Decimal
    deviation: Decimal
    people: int


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A rating before and after, to be shown side by side."""

    rating: PersonRating
    adjusted: Decimal
    trace: Trace


def rater_level(given: Sequence[Decimal]) -> RaterLevel:
    """Mean and standard deviation of ratings, at 28 digits; the deviation of a single rating is nought."""
    count = len(given)
    mean = sum(given, Decimal(0)) / count
    squares = sum(((x - mean) ** 2 for x in given), Decimal(0))
    return RaterLevel(mean, (squares / (count - 1)).sqrt() if count > 1 else Decimal(0), count)


def calibrated(given: Decimal, *, rater: RaterLevel, overall: RaterLevel) -> tuple[Decimal, str]:
    """The rating on the common scale and its arithmetic: ``M + SD × (x − m) ÷ sd``, the standard score brought back.

    A rater who gave everyone the same is only moved by the difference of the means.
    """
    shift = f"{shown(given)} − {shown(rater.mean)}"
    with localcontext() as exact:
        exact.prec = 34
        if rater.deviation == 0:
            return overall.mean + (given - rater.mean), f"{shown(overall.mean)} + ({shift})"
        adjusted = overall.mean + overall.deviation * (given - rater.mean) / rater.deviation
    return adjusted, f"{shown(overall.mean)} + {shown(overall.deviation)} × ({shift}) ÷ {shown(rater.deviation)}"


def calibrate(
    ratings: Sequence[PersonRating],
    *,
    overall: RaterLevel | None = None,
    minimum: int = 8,
    lowest: Decimal = Decimal(0),
    highest: Decimal = Decimal(100),
) -> list[Calibrated]:
    """All ratings on one scale, in the order given and inside ``[lowest, highest]``.

    ``overall`` is the level to bring them to, by default that of all ratings together. Ratings by somebody who rated
    fewer than ``minimum`` people stay as they are: too few to tell a strict rater from a weak team.
    """
    if not ratings:
        return []
    everyone = overall or rater_level([rating.given for rating in ratings])
    levels = {rater: rater_level(given) for rater, given in _by_rater(ratings).items()}
    return [_one(r, levels[r.rater], everyone, minimum=minimum, bounds=(lowest, highest)) for r in ratings]


def _by_rater(ratings: Sequence[PersonRating]) -> Mapping[str, list[Decimal]]:
    found: dict[str, list[Decimal]] = {}
    for rating in ratings:
        found.setdefault(rating.rater, []).append(rating.given)
    return found


def _one(
    rating: PersonRating, rater: RaterLevel, overall: RaterLevel, *, minimum: int, bounds: tuple[Decimal, Decimal]
) -> Calibrated:
    params: dict[str, Scalar] = {"rater": rating.rater, "person": rating.person, "people": rater.people}
    if rater.people < minimum:
        trace = Trace("score.rating_kept", rating.given, figure(rating.given), params | {"minimum": minimum})
        return Calibrated(rating, rating.given, trace)
    raw, formula = calibrated(rating.given, rater=rater, overall=overall)
    adjusted = min(bounds[1], max(bounds[0], raw))
    return Calibrated(rating, adjusted, Trace("score.rating_calibrated", adjusted, formula, params))
