"""Honours: the star of the month, for people and for teams, with categories that rotate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from fuxiao.core.errors import CalculationError
from fuxiao.core.explain import Scalar, Trace

CATEGORIES = ("quality", "rescue", "knowledge", "improvement")
SHOWN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person or team up for an honour: ``score`` (in the category), ``n`` counted facts, confirmed ``vetoes``."""

    subject: str
    score: Decimal | None
    n: int
    vetoes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Honour:
    """Who is honoured (several where the shown scores are equal, nobody where nobody qualifies), and why not others."""

    category: str
    winners: tuple[str, ...]
    score: Decimal | None
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def trace(self) -> Trace:
        """The score that won, with the number of candidates refused."""
        params: dict[str, Scalar] = {
            "category": self.category,
            "winners": ", ".join(self.winners),
            "refused": len(self.refused),
        }
        return Trace("honour.star", self.score, params=params)


def star(candidates: Iterable[Candidate], *, n_min: int, category: str = "overall") -> Honour:
    """The star: the highest score among those with a score, without a veto and with enough facts.

    Scores that are equal as shown (two digits) are equal: all of them are honoured. The same rule serves a team award.
    """
    everyone = sorted(candidates, key=lambda each: each.subject)
    reasons = {each.subject: reason for each in everyone if (reason := refusal(each, n_min))}
    fit = [each for each in everyone if each.subject not in reasons]
    marks = {each.subject: as_shown(each.score) for each in fit if each.score is not None}
    best = max(marks.values(), default=None)
    winners = tuple(subject for subject, score in marks.items() if score == best)
    return Honour(category, winners, best, reasons)


def refusal(candidate: Candidate, n_min: int) -> str:
    """Why a candidate cannot be honoured; empty where they can."""
    if candidate.vetoes:
        return "veto"
    if candidate.score is None:
        return "no_score"
    return "small_sample" if candidate.n < n_min else ""


def as_shown(score: Decimal) -> Decimal:
    """A score as people see it."""
    return score.quantize(SHOWN, rounding=ROUND_HALF_UP)


def category_of(number: int, *, categories: Sequence[str] = CATEGORIES) -> str:
    """The category of the month with this running number (year × 12 + month − 1): each in turn."""
    if not categories:
        raise CalculationError("honour.no_categories")
    return categories[number % len(categories)]
