"""The bonus card: payslip lines that add up, each with its arithmetic, and the steps behind them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from fuxiao.core.bonus.payout import Line, LineKind, Payout
from fuxiao.core.explain import Scalar, Trace
from fuxiao.core.score import Scorecard
from fuxiao.report.build.reporter import Reporter
from fuxiao.report.figures import number, short
from fuxiao.report.model.parts import Chip
from fuxiao.report.model.scorecard import Bonus, BonusLine, Rise, Step

EARLY = (LineKind.COMPONENT, LineKind.CAP, LineKind.POOL)
DEEPEST = 4


def make_bonus(reporter: Reporter, card: Scorecard, rises: tuple[Rise, ...]) -> Bonus | None:
    """``None`` where nothing was settled for this person."""
    settlement = reporter.source.settlement
    payout = None if settlement is None else settlement.payout(card.subject)
    if settlement is None or payout is None:
        return None
    w = reporter.words
    state = Chip(w("bonus.locked"), "ok") if reporter.source.sealed else Chip(w("bonus.open"))
    return Bonus(
        symbol=reporter.figures.symbol,
        total=reporter.figures.amount(payout.total),
        state=state,
        lines=tuple(_lines(reporter, payout)),
        flags=tuple(flag_text(reporter, flag) for flag in payout.flags),
        steps=tuple(_steps(reporter, payout)),
        tip=_tip(reporter, card, rises),
    )


def _lines(reporter: Reporter, payout: Payout) -> Iterator[BonusLine]:
    """The lines in payslip order; what was earned before anything was held or corrected as a subtotal."""
    early = [line for line in payout.lines if line.kind in EARLY]
    late = [line for line in payout.lines if line.kind not in EARLY]
    yield from (_line(reporter, payout, line) for line in early)
    if early and late:
        yield BonusLine(reporter.words("bonus.earned"), "", reporter.figures.money(payout.earned), "subtotal")
    yield from (_line(reporter, payout, line) for line in late)
    yield BonusLine(reporter.words("bonus.total"), "", reporter.figures.money(payout.total), "total")


def _line(reporter: Reporter, payout: Payout, line: Line) -> BonusLine:
    return BonusLine(
        label=label_of(reporter, payout, line),
        formula=_origin(reporter, line) if line.kind is LineKind.ADJUSTMENT else _formula(line.trace),
        amount=reporter.figures.money(line.amount),
        kind=line.kind.value,
    )


def _origin(reporter: Reporter, line: Line) -> str:
    """Which earlier period a correction belongs to, and why it was made."""
    facts = line.trace.params
    reason = reporter.words.or_key("bonus.origin", str(facts.get("reason") or ""))
    return reporter.words("bonus.origin", period=facts.get("period") or "", reason=reason)


def _formula(trace: Trace) -> str:
    """The arithmetic of the exact amount under the rounded line; nothing where it would only repeat the amount."""
    exact = trace.inputs[0] if trace.code == "bonus.line" and trace.inputs else trace
    return exact.formula if any(sign in exact.formula for sign in "+−×÷(") else ""


def label_of(reporter: Reporter, payout: Payout, line: Line) -> str:
    """The plan's own label of a component or pool, else the kind's word."""
    w, plan = reporter.words, reporter.source.plan
    if line.kind not in (LineKind.COMPONENT, LineKind.POOL):
        return w(f"bonus.kind.{line.kind}")
    if plan is None:
        return line.component
    if line.kind is LineKind.POOL:
        pool = plan.pools.get(line.component)
        return line.component if pool is None else _said(reporter, pool.label, line.component)
    roles = [plan.role(payout.role), *plan.roles.values()]
    titles = [c.title for role in roles if role is not None for c in role.components if c.key == line.component]
    return _said(reporter, titles[0], line.component) if titles else line.component


def _said(reporter: Reporter, label: object, fallback: str) -> str:
    return str(getattr(label, reporter.words.lang, "") or fallback)


def flag_text(reporter: Reporter, flag: str) -> str:
    """What a flag of a payout says."""
    name, _, what = flag.partition(":")
    known = what in reporter.source.indicators
    called = reporter.indicator_name(what) if known else reporter.words.or_key("event", what)
    return reporter.words.or_code("flag", name, what=called)


def _steps(reporter: Reporter, payout: Payout) -> Iterator[Step]:
    """The tree under the total, in reading order, without the total itself."""
    for line in payout.lines:
        exact = line.trace.inputs[0] if line.trace.code == "bonus.line" and line.trace.inputs else line.trace
        yield Step(0, label_of(reporter, payout, line), "", reporter.figures.money(line.amount))
        for depth, trace in exact.walk():
            if depth <= DEEPEST:
                yield Step(depth + 1, _step_text(reporter, trace), _formula(trace), _plain(trace.value))


def _step_text(reporter: Reporter, trace: Trace) -> str:
    w = reporter.words
    facts = {name: _plain(fact) for name, fact in trace.params.items()}
    if "factor" in facts:
        facts["factor"] = w.or_key("factor", facts["factor"])
    return w.or_code("trace", trace.code, **{"factor": "", "at": "", **facts})


def _plain(value: Scalar) -> str:
    if isinstance(value, Decimal):
        digits = value.as_tuple().exponent
        return number(value, 6).rstrip("0").rstrip(".") if isinstance(digits, int) and digits < -6 else short(value)
    return "" if value is None else str(value)


def _tip(reporter: Reporter, card: Scorecard, rises: tuple[Rise, ...]) -> str:
    """The one next step: what it brings, and what is then still missing to the next grade."""
    gains = [gain for gain in card.gains if (gain.at_target or Decimal(0)) > 0]
    if not gains or not rises:
        return ""
    best = max(gains, key=lambda gain: gain.at_target or Decimal(0))
    name, points = reporter.indicator_name(best.indicator), number(best.at_target or Decimal(0), 2)
    if card.next_grade is None or card.distance is None:
        return reporter.words("tip.plain", name=name, points=points)
    left = card.distance - (best.at_target or Decimal(0))
    key = "tip.reaches" if left <= 0 else "tip.left"
    return reporter.words(key, name=name, points=points, grade=card.next_grade, left=number(max(left, Decimal(0)), 2))
