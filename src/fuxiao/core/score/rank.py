"""Ranks with ties, and forced distribution with its guards."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fuxiao.core.errors import UnknownName
from fuxiao.core.explain import Scalar, Trace
from fuxiao.core.score.exact import largest_remainder

RANKINGS = ("competition", "dense", "fractional")


def ranks(scores: Sequence[Decimal], *, ranking: str = "competition") -> list[Decimal]:
    """The rank of each score, 1 for the highest; equal scores share one.

    ``competition``: 1, 2, 2, 4. ``dense``: 1, 2, 2, 3. ``fractional``: 1, 2.5, 2.5, 4 (the mean of the places).
    """
    if ranking not in RANKINGS:
        raise UnknownName("ranking", ranking, RANKINGS)
    lower = sorted(-score for score in scores)
    places = {score: place for place, score in enumerate(sorted(set(scores), reverse=True), start=1)}
    result: list[Decimal] = []
    for score in scores:
        first, last = bisect_left(lower, -score) + 1, bisect_right(lower, -score)
        by = {"competition": Decimal(first), "dense": Decimal(places[score])}
        result.append(by.get(ranking, Decimal(first + last) / 2))
    return result


@dataclass(frozen=True, slots=True)
class Distributed:
    """Grades by forced distribution in the order of the scores; ``None`` where a guard stood in the way."""

    grades: tuple[str, ...] | None
    trace: Trace


def quotas(shares: Mapping[str, Decimal], people: int) -> dict[str, int]:
    """How many people each grade gets, best first, by largest remainder; they add up to ``people``."""
    whole = largest_remainder([Fraction(share) for share in shares.values()], people)
    return dict(zip(shares, whole, strict=True))


def distribute(scores: Sequence[Decimal], shares: Mapping[str, Decimal], *, minimum: int = 10) -> Distributed:
    """Grades by quota; a tie at a cut takes the better grade and uses up the next quota.

    ``shares`` are in % from the best grade to the worst. Groups under ``minimum`` are not distributed.
    """
    people = len(scores)
    params: dict[str, Scalar] = {"people": people, "minimum": minimum}
    if people < minimum:
        return Distributed(None, Trace("score.distribution_blocked", None, params=params))
    quota = quotas(shares, people)
    cuts = _cuts(quota)
    above = sorted(-score for score in scores)
    given = tuple(_grade_at(bisect_left(above, -score), cuts) for score in scores)
    formula = ", ".join(f"{grade}: {count}" for grade, count in quota.items())
    return Distributed(given, Trace("score.distribution", people, formula, params))


def _cuts(quota: Mapping[str, int]) -> list[tuple[int, str]]:
    """Up to which place (exclusive) each grade reaches."""
    cuts, end = [], 0
    for grade, count in quota.items():
        end += count
        cuts.append((end, grade))
    return cuts


def _grade_at(place: int, cuts: Sequence[tuple[int, str]]) -> str:
    """The grade of the person with ``place`` people ahead; everyone in a tie has the place of its first."""
    return next(grade for end, grade in cuts if place < end)
