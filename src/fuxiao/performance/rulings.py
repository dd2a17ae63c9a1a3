"""Decisions of named people about one period: cases left out, a rating by a rubric, a grade changed in calibration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from fuxiao.core.errors import CalculationError
from fuxiao.core.indicator import Value, standing
from fuxiao.core.score import GroupScores
from fuxiao.core.score.exact import half_up
from fuxiao.core.score.group import change_grade
from fuxiao.engine.definition import Indicator
from fuxiao.performance.figures import Cells


class RulingKind(StrEnum):
    LEAVE_OUT = "leave_out"
    GRADE = "grade"
    RATING = "rating"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """One decision, with its reason and who took it.

    ``leave_out``: ``cases`` no longer count for ``subject`` (a person, or a team) in ``indicator``; they had added
    ``numerator``, ``denominator`` and ``n``. ``grade``: the person has this grade. ``rating``: on the judged
    item ``indicator`` the ratings of ``n`` raters add up to ``numerator``.
    """

    kind: RulingKind
    subject: str
    reason: str
    by: str
    indicator: str = ""
    cases: tuple[str, ...] = ()
    numerator: Decimal = Decimal(0)
    denominator: Decimal = Decimal(0)
    n: int = 0
    grade: str = ""


def can_leave_out(indicator: Indicator) -> bool:
    """Whether single cases can be taken out of the figure by its sums: not of a percentile."""
    return indicator.by(("person",)).percentile is None


def without_cases(values: Cells, rulings: Iterable[Ruling], library: Mapping[str, Indicator]) -> Cells:
    """The figures without the cases that were ruled out, by the same sums that made them."""
    changed = dict(values)
    for ruling in rulings:
        key = (ruling.subject, ruling.indicator)
        if ruling.kind is RulingKind.LEAVE_OUT and key in changed and ruling.indicator in library:
            changed[key] = _less(changed[key], ruling, library[ruling.indicator])
    return changed


def with_ratings(values: Cells, rulings: Iterable[Ruling], period: str) -> Cells:
    """The figures with those of judged items: the mean of the raters; the last decision about a person holds."""
    given = {(each.subject, each.indicator): each for each in rulings if each.kind is RulingKind.RATING}
    return {**values, **{key: _rated(each, period) for key, each in given.items()}}


def _rated(ruling: Ruling, period: str) -> Value:
    mean = half_up(Fraction(ruling.numerator) / ruling.n, 4)
    count = Decimal(ruling.n)
    return Value(ruling.indicator, ruling.subject, period, mean, ruling.n, ruling.numerator, count)


def _less(value: Value, ruling: Ruling, indicator: Indicator) -> Value:
    if not can_leave_out(indicator) or value.numerator is None:
        raise CalculationError("ruling.percentile", indicator=indicator.code)
    above, n = value.numerator - ruling.numerator, value.n - ruling.n
    below = None if value.denominator is None else value.denominator - ruling.denominator
    exact = None if below == 0 else Fraction(above) / Fraction(below or 1) * indicator.scale
    figure = None if exact is None else half_up(exact, 6)
    excluded = dict(value.exclusions)
    excluded["appeal"] = excluded.get("appeal", 0) + len(ruling.cases)
    return replace(
        value, value=figure, numerator=above, denominator=below, n=n, interval=None, exclusions=excluded,
        standing=standing(n, minimum=indicator.minimum),
    )  # fmt: skip


def with_grades(scores: GroupScores, rulings: Sequence[Ruling]) -> GroupScores:
    """The cards with the grades that a calibration session gave; the last decision about a person holds."""
    given = {ruling.subject: ruling for ruling in rulings if ruling.kind is RulingKind.GRADE}
    if not given:
        return scores
    cards = tuple(
        change_grade(card, given[card.subject].grade, reason=given[card.subject].reason)
        if card.subject in given and card.grade != given[card.subject].grade
        else card
        for card in scores.cards
    )
    return replace(scores, cards=cards)
