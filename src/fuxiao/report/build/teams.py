"""Teams, grades and money of a department."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from fuxiao.core.bonus.payout import PoolSummary, Settlement
from fuxiao.core.score import Scorecard
from fuxiao.report.build.bonus import flag_text
from fuxiao.report.build.reporter import Reporter
from fuxiao.report.drawing.small import TONES
from fuxiao.report.figures import NOTHING, number, short
from fuxiao.report.model.overview import GradeBar, Money, Pool, TeamRow
from fuxiao.report.model.parts import Chip, Fact

ZERO = Decimal(0)
FEWEST_FOR_SPREAD = 3


def make_teams(reporter: Reporter) -> tuple[TeamRow, ...]:
    """The teams that have people in this report, by name."""
    by_team: dict[str, list[Scorecard]] = {}
    for card in reporter.source.scores.cards:
        by_team.setdefault(card.team, []).append(card)
    rows = [_team(reporter, team, cards) for team, cards in by_team.items()]
    return tuple(sorted(rows, key=lambda row: row.name))


def team_name(reporter: Reporter, team: str) -> str:
    """A team's name; people without one stand together."""
    return reporter.source.name(team) if team else reporter.words("team.none")


def _team(reporter: Reporter, team: str, cards: Sequence[Scorecard]) -> TeamRow:
    source = reporter.source
    own, known = source.scores.teams.get(team), source.roster.teams.get(team)
    scores = [card.total for card in cards if card.total is not None]
    mean = reporter.team_mean(team)
    spread = len(scores) >= FEWEST_FOR_SPREAD
    return TeamRow(
        name=team_name(reporter, team),
        lead=source.name(known.lead) if known is not None and known.lead else "",
        people=str(len(cards)),
        rated=str(len(scores)),
        score=NOTHING if own is None or own.total is None else number(own.total, 2),
        grade="" if own is None else own.grade or "",
        mean=NOTHING if mean is None else number(mean, 2),
        low_high=f"{number(min(scores), 1)}–{number(max(scores), 1)}" if spread else NOTHING,
        bonus=NOTHING if source.settlement is None else reporter.figures.money(_paid(source.settlement, cards)),
    )


def _paid(settlement: Settlement, cards: Sequence[Scorecard]) -> Decimal:
    people = {card.subject for card in cards}
    return sum((payout.total for payout in settlement.payouts if payout.person in people), ZERO)


def make_grades(reporter: Reporter) -> tuple[GradeBar, ...]:
    """How many people have each grade, best first, and the unrated last."""
    cards = reporter.source.scores.cards
    if not cards:
        return ()
    counts = Counter(card.grade for card in cards)
    names: list[str | None] = [*cards[0].scheme.grades.names]
    if counts[None]:
        names.append(None)
    most = max(counts.values())
    bars = []
    for at, grade in enumerate(names):
        called = reporter.words("not_rated") if grade is None else reporter.grade_name(grade)
        share = number(Decimal(100) * counts[grade] / len(cards), 1)
        tone = "" if grade is None else TONES[min(at, len(TONES) - 1)]
        bars.append(
            GradeBar(grade or NOTHING, called, str(counts[grade]), f"{share}%", 100 * counts[grade] / most, tone)
        )
    return tuple(bars)


def make_money(reporter: Reporter) -> Money | None:
    """The bonus as a whole: by team, pools, whether it may be paid, what had to be noticed."""
    settlement = reporter.source.settlement
    if settlement is None:
        return None
    payroll, note = _payroll(reporter, settlement)
    return Money(
        total=reporter.figures.money(settlement.total),
        by_team=_by_team(reporter, settlement),
        pools=tuple(_pool(reporter, pool) for pool in settlement.pools),
        payroll=payroll,
        payroll_note=note,
        flags=tuple(Fact(flag_text(reporter, name), str(count)) for name, count in settlement.flags.items()),
    )


def _by_team(reporter: Reporter, settlement: Settlement) -> tuple[Fact, ...]:
    sums: dict[str, Decimal] = {}
    for payout in settlement.payouts:
        sums[payout.team] = sums.get(payout.team, ZERO) + payout.total
    rows = ((team_name(reporter, team), amount) for team, amount in sums.items())
    return tuple(Fact(name, reporter.figures.money(amount)) for name, amount in sorted(rows))


def _payroll(reporter: Reporter, settlement: Settlement) -> tuple[Chip, str]:
    w, status = reporter.words, settlement.payroll
    if status is None:
        return Chip(w("payroll.unknown")), ""
    if not status.blocked:
        return Chip(w("payroll.free"), "ok"), ""
    steps = w("comma").join(w(f"step.{name}") for name in status.missing)
    source = "" if status.rule is None else status.rule.source
    return Chip(w("payroll.blocked"), "warn"), w("payroll.missing", steps=steps, source=source)


def _pool(reporter: Reporter, pool: PoolSummary) -> Pool:
    figures, plan = reporter.figures, reporter.source.plan
    rule = None if plan is None else plan.pools.get(pool.key)
    label = "" if rule is None else str(getattr(rule.label, reporter.words.lang, ""))
    return Pool(
        name=label or pool.key,
        team=reporter.source.name(pool.team) if pool.team else "",
        amount=figures.money(pool.amount),
        per_weight=NOTHING if pool.per_weight is None else short(pool.per_weight),
        shared=figures.money(sum(pool.shares.values(), ZERO)),
        left=figures.money(pool.undistributed),
    )
