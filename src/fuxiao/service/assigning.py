"""Assignment by rule: which rule fits a case, who of its team could have it, and why somebody was chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q, QuerySet

from fuxiao.base.written import written_once
from fuxiao.core.assignment import Candidate, least_loaded
from fuxiao.org.models import Person, Team
from fuxiao.org.queries import members
from fuxiao.org.shifts import off_in
from fuxiao.service.models import AssignmentRule, Away, Case, Skill, StillOpen
from fuxiao.service.terms import terms

TOLD = 12
"""So many candidates are kept with the reason."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The team that a case goes to, the person where one was chosen, and the reason to be kept with the case."""

    team: Team
    person: Person | None
    why: dict[str, object]


def proposal_for(case: Case, *, on: date) -> Proposal | None:
    """What the first rule that fits says; ``None`` where none does."""
    rule = next((each for each in active_rules() if fits(each, case)), None)
    return None if rule is None else decided(rule, on=on)


def active_rules() -> Iterable[AssignmentRule]:
    return AssignmentRule.objects.filter(active=True).select_related("team", "category", "product")


def fits(rule: AssignmentRule, case: Case) -> bool:
    """Whether every condition of the rule holds; what is empty always does. A category takes those below it too."""
    product = case.product_id or (case.device.product_id if case.device else None)
    plain = ((rule.case_type, case.case_type), (rule.region, case.region), (rule.priority, case.priority))
    return (
        all(not wanted or wanted == has for wanted, has in plain)
        and (rule.product_id is None or rule.product_id == product)
        and (rule.category_id is None or rule.category_id in _with_parent(case))
    )


def _with_parent(case: Case) -> set[int | None]:
    return {case.category_id, case.category.parent_id} if case.category else set()


def decided(rule: AssignmentRule, *, on: date) -> Proposal:
    """The rule's team, and whoever of it has least in hand; nobody where the rule only names the queue."""
    why: dict[str, object] = {"rule": rule.name, "team": rule.team.name}
    if not rule.pick:
        return Proposal(rule.team, None, why)
    found = candidates([rule.team.pk], skill=rule.skill, on=on)
    chosen = least_loaded(found)
    why |= {
        "skill": rule.skill, "people": len(found), "fitting": sum(each.fits for each in found),
        "load": chosen.load if chosen else 0, "chosen": chosen.person if chosen else "",
        "others": [[each.person, each.load, each.present, each.able] for each in found[:TOLD]],
    }  # fmt: skip
    person = Person.objects.get(number=chosen.person) if chosen else None
    return Proposal(rule.team, person, why)


def candidates(teams: Iterable[int], *, skill: str, on: date) -> list[Candidate]:
    """Everybody of these teams, by their ids, on that day with what they have in hand. Six queries for any size."""
    of = tuple(teams)
    people = people_in(of, on=on)
    away = {*_away(of, on=on), *off_in(of, on, terms().calendars)}
    able = set(_able(of, on=on, skill=skill)) if skill else {pk for pk, *_ in people}
    in_hand = {owner: (n, newest) for owner, n, newest in _in_hand(of, on=on)}
    return [
        Candidate(
            person=number, load=in_hand.get(pk, (0, None))[0], present=pk not in away, able=pk in able,
            newest=int(newest.timestamp()) if (newest := in_hand.get(pk, (0, None))[1]) else 0,
        )
        for pk, number, _ in people
    ]  # fmt: skip


def people_in(teams: Iterable[int], *, on: date) -> list[tuple[int, str, str]]:
    """Id, number and name of everybody of the teams on that day."""
    return _people(tuple(teams), on=on)


@written_once
def _people(teams: tuple[int, ...], *, on: date) -> QuerySet[Person, tuple[int, str, str]]:
    employed = Q(left_on__isnull=True) | Q(left_on__gt=on)
    found = Person.objects.filter(employed, pk__in=members(teams, on=on)).order_by("number")
    return found.values_list("pk", "number", "name")


@written_once
def _away(teams: tuple[int, ...], *, on: date) -> QuerySet[Away, int]:
    return Away.objects.filter(day=on, person__in=members(teams, on=on)).order_by().values_list("person_id", flat=True)


@written_once
def _able(teams: tuple[int, ...], *, on: date, skill: str) -> QuerySet[Skill, int]:
    found = Skill.objects.filter(name=skill, person__in=members(teams, on=on)).order_by()
    return found.values_list("person_id", flat=True)


@written_once
def _in_hand(teams: tuple[int, ...], *, on: date) -> QuerySet[Case, tuple[int, int, datetime | None]]:
    found = Case.objects.filter(StillOpen("state"), owner__in=members(teams, on=on)).order_by().values("owner_id")
    return found.annotate(n=Count("pk"), newest=Max("assigned_at")).values_list("owner_id", "n", "newest")
