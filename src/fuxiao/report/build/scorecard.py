"""The page of one person, put together."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from fuxiao.core.score import Scorecard
from fuxiao.core.score.exact import half_up
from fuxiao.report.build.bonus import make_bonus
from fuxiao.report.build.hero import make_hero, make_trend
from fuxiao.report.build.items import make_rows, make_sums, make_tallies
from fuxiao.report.build.reporter import INDEX, OVERVIEW, Reporter
from fuxiao.report.build.rising import make_needs, make_rises
from fuxiao.report.figures import NOTHING, number, short
from fuxiao.report.model.parts import Link
from fuxiao.report.model.scorecard import Person, ScorecardPage


def make_scorecard(reporter: Reporter, card: Scorecard) -> ScorecardPage:
    """The view-model of one person's page."""
    w = reporter.words
    person = make_person(reporter, card)
    trend, trend_text, trend_note = make_trend(reporter, card)
    rises = make_rises(reporter, card)
    own = half_up(sum((line.weighted for line in card.items), Fraction(0)), 2)
    trail = (Link(w("index.title"), INDEX), Link(w("overview.title"), OVERVIEW))
    return ScorecardPage(
        frame=reporter.frame(w("scorecard.title", name=person.name), trail=trail),
        person=person,
        hero=make_hero(reporter, card),
        trend=trend,
        trend_text=trend_text,
        trend_note=trend_note,
        bonus=make_bonus(reporter, card, rises),
        rows=make_rows(reporter, card),
        tallies=make_tallies(reporter, card),
        weight_total=f"{short(sum((line.weight for line in card.items), Decimal(0)))}%",
        items_total=number(own, 2) if any(line.used is not None for line in card.items) else NOTHING,
        sums=make_sums(reporter, card),
        rises=rises,
        file=reporter.file(card.subject),
        needs=make_needs(reporter, card),
    )


def make_person(reporter: Reporter, card: Scorecard) -> Person:
    """Name, role, team, number and lead, as far as they are known."""
    source, w = reporter.source, reporter.words
    name = source.name(card.subject)
    line = [reporter.role_name(card)]
    if card.team:
        line.append(source.name(card.team))
    if name != card.subject:
        line.append(w("person.number", number=card.subject))
    team = source.roster.teams.get(card.team)
    if team is not None and team.lead and team.lead != card.subject:
        line.append(w("person.lead", name=source.name(team.lead)))
    return Person(card.subject, name, name.strip()[:1].upper() or "?", tuple(line))
