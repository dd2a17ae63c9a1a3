"""The index: everybody by team and name, with the way to their page."""

from __future__ import annotations

from fuxiao.core.score import Scorecard
from fuxiao.report.build.reporter import OVERVIEW, Reporter
from fuxiao.report.build.teams import team_name
from fuxiao.report.figures import NOTHING, number
from fuxiao.report.model.overview import Entry, IndexPage, TeamEntries
from fuxiao.report.model.parts import Chip, Link


def make_index(reporter: Reporter) -> IndexPage:
    """The view-model of the index."""
    w = reporter.words
    cards = reporter.source.scores.cards
    teams = {card.team for card in cards}
    groups = [
        TeamEntries(team_name(reporter, team), tuple(_people(reporter, [c for c in cards if c.team == team])))
        for team in teams
    ]
    return IndexPage(
        frame=reporter.frame(w("index.title"), trail=(Link(w("overview.title"), OVERVIEW),)),
        teams=tuple(sorted(groups, key=lambda group: group.name)),
        people=w("index.people", count=len(cards)),
        lead=Chip(w("index.confidential"), "warn"),
    )


def _people(reporter: Reporter, cards: list[Scorecard]) -> list[Entry]:
    entries = [_entry(reporter, card) for card in cards]
    return sorted(entries, key=lambda entry: (entry.name, entry.number))


def _entry(reporter: Reporter, card: Scorecard) -> Entry:
    settlement = reporter.source.settlement
    payout = None if settlement is None else settlement.payout(card.subject)
    return Entry(
        name=reporter.source.name(card.subject),
        number=card.subject,
        file=reporter.file(card.subject),
        role=reporter.role_name(card),
        score=NOTHING if card.total is None else number(card.total, 2),
        grade=card.grade or "",
        tone=reporter.grade_tone(card),
        bonus=NOTHING if payout is None else reporter.figures.money(payout.total),
        note="" if card.rated else reporter.words("not_rated"),
    )
