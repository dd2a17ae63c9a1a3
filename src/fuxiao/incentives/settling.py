"""Settles a period: scorecards, output and attendance under a plan, to the cent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from fuxiao.core.bonus.earner import Adjustment, Earner, Release, Segment
from fuxiao.core.bonus.payout import Settlement
from fuxiao.core.bonus.plan import Plan, read_plan
from fuxiao.core.bonus.settle import settle
from fuxiao.core.bonus.sharing import Amounts
from fuxiao.core.errors import InputError
from fuxiao.core.indicator import Standing
from fuxiao.core.score.card import Scorecard
from fuxiao.datasets.store import Store
from fuxiao.incentives.output import Produced, produced
from fuxiao.performance.decisions import parse_table
from fuxiao.performance.roster import Member
from fuxiao.performance.scoring import ScoreRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is given with a settlement beside the plan: pool amounts, the company factor, corrections, releases."""

    pools: Amounts | None = None
    company: Decimal | None = None
    releases: Sequence[Release] = ()
    adjustments: Sequence[Adjustment] = ()
    on: date | None = None


def read_plan_text(text: str) -> Plan:
    """A plan from YAML text; ``DefinitionError`` with the whole list of issues."""
    return read_plan(parse_table(text, "plan"))


def settle_period(store: Store, plan: Plan, run: ScoreRun, terms: Terms, made: Produced | None = None) -> Settlement:
    """Everybody's payout for the period that ``run`` scored; ``made`` is what people put out, where that is known.

    ``InputError`` (``settle.currency``) for a plan in another currency than the company keeps its amounts in.
    """
    must_be_payable(store, plan)
    return settle(
        plan,
        earners(run, made or produced(store, run.period)),
        period=run.period.key,
        pools=terms.pools,
        company=terms.company,
        releases=terms.releases,
        adjustments=terms.adjustments,
        on=terms.on,
    )


def must_be_payable(store: Store, plan: Plan) -> None:
    """``InputError`` for a plan in another currency than the company keeps its amounts in."""
    if plan.currency.code != store.settings.currency:
        raise InputError("settle.currency", plan=plan.currency.code, home=store.settings.currency)


def earners(run: ScoreRun, made: Produced) -> Iterator[Earner]:
    """Everybody on the roster as a plan sees them; people without a scorecard take part unrated."""
    cards = {card.subject: card for card in run.scores.cards}
    figures = _figures(run)
    for member in run.roster.members.values():
        yield _earner(run, member, cards.get(member.person), made, figures.get(member.person, {}))


def _earner(
    run: ScoreRun, member: Member, card: Scorecard | None, made: Produced, figures: Mapping[str, Decimal]
) -> Earner:
    who = member.person
    team = run.scores.teams.get(member.team)
    return Earner(
        person=who,
        name=member.name,
        role=member.role,
        team=member.team,
        base=member.base,
        wage=member.wage,
        score=card.total if card else None,
        grade=card.grade if card else None,
        coefficient=card.coefficient if card and card.rated else None,
        rated=card is not None and card.rated,
        team_score=team.total if team else None,
        attended=member.attended,
        scheduled=member.scheduled,
        segments=tuple(_segments(run, member)),
        output=made.output.get(who, ()),
        points=made.points.get(who),
        revenue=made.revenue.get(who),
        indicators=figures,
        vetoes=_vetoes(card),
    )


def _segments(run: ScoreRun, member: Member) -> Iterator[Segment]:
    """The stretches of a period, where there is more than the whole of it in one place."""
    days = Decimal((run.period.end - run.period.start).days)
    whole = len(member.stints) == 1 and member.stints[0].days == days
    for stint in () if whole else member.stints:
        yield Segment(role=stint.role, team=stint.team, base=stint.base, days=Decimal(stint.days), of=days)


def _figures(run: ScoreRun) -> dict[str, dict[str, Decimal]]:
    """Each person's own values that may steer a factor or a gate: those with a large enough sample."""
    found: dict[str, dict[str, Decimal]] = {}
    for (who, code), value in run.values.items():
        if value.value is not None and value.standing is Standing.OK:
            found.setdefault(who, {})[code] = value.value
    return found


def _vetoes(card: Scorecard | None) -> frozenset[str]:
    return frozenset(veto.rule.event for veto in card.extras.vetoes if veto.applied) if card else frozenset()
