"""Self-assessment in the manner of GB/T 27922-2011 (商品售后服务评价体系): points of applicable items, stars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fuxiao.core.errors import CalculationError
from fuxiao.core.explain import Scalar, Trace
from fuxiao.core.score.exact import as_decimal, round_score, shown
from fuxiao.core.score.grade import Band, Grades

STARS = Grades(
    (
        Band("five_star", Decimal(95)),
        Band("four_star", Decimal(90)),
        Band("three_star", Decimal(80)),
        Band("passed", Decimal(70)),
        Band("failed", Decimal(0)),
    )
)
FAIL_AT_DEDUCTIONS = 5


@dataclass(frozen=True, slots=True)
class AuditItem:
    """One assessed item: the points it is worth and what it got; ``applicable`` off takes it out of the base."""

    code: str
    worth: Decimal
    got: Decimal = Decimal(0)
    applicable: bool = True


@dataclass(frozen=True, slots=True)
class AuditResult:
    """The score out of 100 over the applicable items, the final score with special points, the stars."""

    base: Fraction
    score: Decimal
    stars: str
    trace: Trace


def assess(
    items: Sequence[AuditItem], *, special_deductions: int = 0, special_bonus: bool = False, stars: Grades = STARS
) -> AuditResult:
    """Points got ÷ points of applicable items × 100, less one a special deduction, plus at most one special bonus.

    Below the pass mark, or with five special deductions, the result is the worst of ``stars`` whatever the score.
    Raises ``CalculationError`` where no item applies or one got more than it is worth.
    """
    counted = [item for item in items if item.applicable]
    worth = sum((Fraction(item.worth) for item in counted), Fraction(0))
    if not worth:
        raise CalculationError("audit.nothing_applicable")
    for item in counted:
        if not 0 <= item.got <= item.worth:
            raise CalculationError("audit.points_out_of_range", item=item.code, got=item.got, worth=item.worth)
    got = sum((Fraction(item.got) for item in counted), Fraction(0))
    base = got / worth * 100
    score = round_score(base - special_deductions + int(special_bonus))
    failed = special_deductions >= FAIL_AT_DEDUCTIONS
    grade = stars.worst if failed else stars.of(score)
    formula = f"{shown(got)} ÷ {shown(worth)} × 100 − {special_deductions} + {int(special_bonus)}"
    params: Mapping[str, Scalar] = {"stars": grade, "failed_by_deductions": failed}
    return AuditResult(base, score, grade, Trace("audit.score", score, formula, params, (_base(base, got, worth),)))


def _base(base: Fraction, got: Fraction, worth: Fraction) -> Trace:
    return Trace("audit.base", as_decimal(base), f"{shown(got)} ÷ {shown(worth)} × 100")
