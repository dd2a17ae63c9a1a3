"""The arithmetic of a scorecard in traces, built from the finished card when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from fuxiao.core.explain import Scalar, Trace, figure
from fuxiao.core.score.exact import as_decimal, shown
from fuxiao.core.score.total import Total, missing_share

if TYPE_CHECKING:  # the card itself asks for its trace
    from fuxiao.core.score.card import ItemScore, Scorecard


def item_trace(line: ItemScore) -> Trace:
    """One line: weight × points, below it the curve's arithmetic and the learning period; or why it is missing."""
    params: dict[str, Scalar] = {"indicator": line.indicator, "weight": line.weight, "status": line.status.value}
    if line.percent is None or line.used is None:
        return Trace("score.item", None, params=params | {"missing": line.missing})
    params |= {"target": line.target_text, "shrunk": line.shrunk}
    formula = f"{shown(line.effective * 100)} % × {shown(line.percent)}"
    return Trace("score.item", as_decimal(line.weighted), formula, params, tuple(_below_item(line, line.used)))


def _below_item(line: ItemScore, used: Decimal) -> Iterator[Trace]:
    yield line.curve.trace(used)
    if line.factor != 1:
        yield Trace("score.tenure", line.factor, f"{line.item.curve.text()} × {figure(line.factor)}")
    if line.value is not None:
        params: dict[str, Scalar] = {"n": line.value.n, "standing": line.value.standing.value}
        yield Trace("score.value", line.value.value, params=params)


def card_trace(card: Scorecard) -> Trace:
    """From the items to the coefficient, in the order of evaluation."""
    params: dict[str, Scalar] = {
        "subject": card.subject,
        "period": card.period,
        "scheme": card.scheme.key,
        "version": card.scheme.version,
        "role": card.role.key,
    }
    lines = tuple(line.trace for line in card.items)
    if card.result is None or card.grade is None:
        return Trace("score.total", None, params=params, inputs=(*lines, _unrated(card)))
    steps = tuple(_steps(card, card.result, card.grade))
    return Trace("score.total", card.result.score, _rounding(card.result), params, (_mean(card, lines), *steps))


def _unrated(card: Scorecard) -> Trace:
    share = as_decimal(missing_share(card.role.shares, [line.percent for line in card.items]) * 100)
    limits = card.scheme.limits
    params: dict[str, Scalar] = {"missing_share": share, "limit": limits.missing_share}
    return Trace("score.not_rated", limits.unrated_coefficient, params=params)


def _mean(card: Scorecard, lines: tuple[Trace, ...]) -> Trace:
    parts = [shown(line.weighted) for line in card.items if line.percent is not None]
    own = sum((line.weighted for line in card.items), Fraction(0))
    missing = missing_share(card.role.shares, [line.percent for line in card.items])
    params: dict[str, Scalar] = {"missing_share": as_decimal(missing * 100)} if missing else {}
    return Trace("score.items", as_decimal(own), " + ".join(parts), params, lines)


def _rounding(result: Total) -> str:
    return f"{shown(result.after_veto)} → {result.score}"


def _steps(card: Scorecard, result: Total, grade: str) -> Iterator[Trace]:
    yield from _team(card, result)
    yield from card.extras.bonus.traces
    yield from card.extras.deductions.traces
    if result.with_points != result.with_team:
        formula = (
            f"{shown(result.with_team)} + {shown(card.extras.bonus.total)} − {shown(card.extras.deductions.total)}"
        )
        yield Trace("score.points", as_decimal(result.with_points), formula)
    if result.capped != result.with_points:
        limits = card.scheme.limits
        params: dict[str, Scalar] = {"lowest": limits.lowest, "highest": limits.highest}
        yield Trace(
            "score.cap", as_decimal(result.capped), f"{shown(result.with_points)} → {shown(result.capped)}", params
        )
    yield from (gate.trace() for gate in card.extras.gates if gate.shut)
    yield from (veto.trace() for veto in card.extras.vetoes)
    yield from _outcome(card, result.score, grade)


def _team(card: Scorecard, result: Total) -> Iterator[Trace]:
    share, score = card.role.team_share, card.extras.team_score
    if share and score is None:
        yield Trace("score.team_missing", None, params={"team": card.team})
    elif share and score is not None:
        formula = f"{shown(1 - share)} × {shown(result.own)} + {shown(share)} × {shown(score)}"
        yield Trace("score.team", as_decimal(result.with_team), formula, {"team": card.team})


def _outcome(card: Scorecard, score: Decimal, grade: str) -> Iterator[Trace]:
    scheme, top = card.scheme, card.scheme.limits.highest
    params: dict[str, Scalar] = {"by": card.grade_by, "from": scheme.grades.span(grade, top=top)[0]}
    yield Trace("score.grade", grade, params=params | ({"reason": card.grade_reason} if card.grade_reason else {}))
    basis = scheme.grades.basis(score, grade, by=card.grade_by, top=top)
    yield scheme.coefficients.trace(basis, grade, grades=scheme.grades, top=top)
