"""Scoring a group: teams first, then their members, then ranks and, where a scheme asks for it, distribution."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from fuxiao.core.bulk import bulk
from fuxiao.core.errors import CalculationError, UnknownName
from fuxiao.core.explain import Scalar, Trace
from fuxiao.core.score.card import Scorecard
from fuxiao.core.score.evaluate import NO_TEAM, Scorer, Subject, TeamResult, coefficient_of
from fuxiao.core.score.event import veto_grade
from fuxiao.core.score.gate import gate_grade
from fuxiao.core.score.rank import distribute, ranks
from fuxiao.core.score.scheme import Scheme


@dataclass(frozen=True, slots=True)
class GroupScores:
    """The cards of a group in the order given, the teams' own cards, and what was decided about the whole group."""

    cards: tuple[Scorecard, ...]
    teams: Mapping[str, Scorecard]
    notes: tuple[Trace, ...] = ()

    def card(self, subject: str) -> Scorecard:
        """One person's card; raises ``UnknownName`` for somebody who was not in the group."""
        found = next((card for card in self.cards if card.subject == subject), None)
        if found is None:
            raise UnknownName("person", subject, [card.subject for card in self.cards])
        return found


@bulk
def score_group(
    scheme: Scheme,
    people: Iterable[Subject],
    *,
    period: str,
    teams: Iterable[Subject] = (),
) -> GroupScores:
    """Scorecards of a whole group; ranks and distribution are among the people of one role.

    ``teams`` are subjects whose ``id`` is what people name as their ``team``; their score becomes the team share, the
    value of team-score items, and their values those of team-scope items.
    """
    scorers: dict[str, Scorer] = {}
    team_cards, results = _score_teams(scheme, teams, scorers, period)
    cards = [
        _scorer(scheme, person.role, scorers).card(person, period=period, team=results.get(person.team, NO_TEAM))
        for person in people
    ]
    notes: list[Trace] = []
    for role in dict.fromkeys(card.role.key for card in cards):
        at = [i for i, card in enumerate(cards) if card.role.key == role]
        graded, note = distribute_cards([cards[i] for i in at])
        for i, card in zip(at, rank_cards(graded), strict=True):
            cards[i] = card
        notes += note
    return GroupScores(tuple(cards), team_cards, tuple(notes))


def _scorer(scheme: Scheme, role: str, known: dict[str, Scorer]) -> Scorer:
    if role not in known:
        known[role] = Scorer(scheme, scheme.role(role))
    return known[role]


def _score_teams(
    scheme: Scheme, teams: Iterable[Subject], scorers: dict[str, Scorer], period: str
) -> tuple[dict[str, Scorecard], dict[str, TeamResult]]:
    """A team is scored by the items of its role on its own values: sums over members, never a mean of their scores."""
    cards: dict[str, Scorecard] = {}
    results: dict[str, TeamResult] = {}
    for team in teams:
        card = _scorer(scheme, team.role, scorers).card(team, period=period, team=TeamResult(team.values))
        cards[team.id] = card
        results[team.id] = TeamResult(team.values, card.total)
    return cards, results


def rank_cards(cards: Sequence[Scorecard]) -> list[Scorecard]:
    """The cards with their ranks by shown score; the unrated and people not to be ranked have none."""
    scores = [card.total for card in cards if card.ranked and card.total is not None]
    if not scores:
        return list(cards)
    places = iter(ranks(scores, ranking=cards[0].scheme.ranks))
    return [
        replace(card, rank=next(places), rank_of=len(scores)) if card.ranked and card.rated else card for card in cards
    ]


def distribute_cards(cards: Sequence[Scorecard]) -> tuple[list[Scorecard], list[Trace]]:
    """The cards graded by the scheme's forced distribution, where it is switched on and no guard stands in the way.

    People held down by a veto or a gate keep their grade and take nobody's place; so do the unrated and unranked.
    """
    rule = cards[0].scheme.distribution
    if not rule.enabled:
        return list(cards), []
    inside = [i for i, card in enumerate(cards) if card.ranked and card.rated and card.grade_by == "bands"]
    scores = [total for i in inside if (total := cards[i].total) is not None]
    outcome = distribute(scores, rule.shares, minimum=rule.minimum)
    changed = list(cards)
    for i, grade in zip(inside, outcome.grades or (), strict=False):
        changed[i] = regraded(changed[i], grade, by="distribution")
    params: dict[str, Scalar] = {"role": cards[0].role.key, **outcome.trace.params}
    return changed, [replace(outcome.trace, params=params)]


def regraded(card: Scorecard, grade: str, *, by: str, reason: str = "") -> Scorecard:
    """The card with another grade and the coefficient that belongs to it."""
    total = card.total if card.total is not None else Decimal(0)
    coefficient = coefficient_of(card.scheme, total, grade, by=by)
    return replace(card, grade=grade, coefficient=coefficient, grade_by=by, grade_reason=reason)


def change_grade(card: Scorecard, grade: str, *, reason: str) -> Scorecard:
    """A committee's decision: another grade, only for a rated card, with a written reason, never above a veto or gate.

    Raises ``CalculationError`` where one of these is not met and ``UnknownName`` for a grade the scheme lacks.
    """
    grades = card.scheme.grades
    if grade not in grades.names:
        raise UnknownName("grade", grade, grades.names)
    if not card.rated:
        raise CalculationError("score.unrated_has_no_grade", subject=card.subject)
    if not reason.strip():
        raise CalculationError("score.grade_change_needs_reason", subject=card.subject, grade=grade)
    if veto_grade(grade, card.extras.vetoes, grades) != grade:
        raise CalculationError("score.veto_holds_grade", subject=card.subject, grade=grade)
    if gate_grade(grade, card.extras.gates, grades) != grade:
        raise CalculationError("score.gate_holds_grade", subject=card.subject, grade=grade)
    return regraded(card, grade, by="committee", reason=reason)
