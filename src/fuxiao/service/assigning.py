"""Assignment by rule: which rule fits a case, who of its team could have it, and why somebody was chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q

from fuxiao.core.assignment import Candidate, least_loaded
from fuxiao.org.models import Membership, Person, Team
from fuxiao.org.queries import current
from fuxiao.org.shifts import off_on
from fuxiao.service.models import OPEN_STATES, AssignmentRule, Away, Case, Skill
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
    found = candidates([rule.team], skill=rule.skill, on=on)
    chosen = least_loaded(found)
    why |= {
        "skill": rule.skill, "people": len(found), "fitting": sum(each.fits for each in found),
        "load": chosen.load if chosen else 0, "chosen": chosen.person if chosen else "",
        "others": [[each.person, each.load, each.present, each.able] for each in found[:TOLD]],
    }  # fmt: skip
    person = Person.objects.get(number=chosen.person) if chosen else None
    return Proposal(rule.team, person, why)


def candidates(teams: Iterable[Team], *, skill: str, on: date) -> list[Candidate]:
    """Everybody of the teams on that day with what they have in hand. Five queries, however large the teams."""
    people = Person.objects.filter(
        Q(left_on__isnull=True) | Q(left_on__gt=on),
        pk__in=current(Membership.objects.filter(team__in=teams), on=on).values("person_id"),
    ).order_by("number")  # fmt: skip
    ids = list(people.values_list("pk", "number"))
    keys = [pk for pk, _ in ids]
    away = set(Away.objects.filter(day=on, person__in=keys).values_list("person_id", flat=True))
    away |= off_on(keys, on, terms().calendars)
    able = (
        set(Skill.objects.filter(name=skill, person__in=keys).values_list("person_id", flat=True))
        if skill
        else set(keys)
    )
    in_hand = {
        row["owner_id"]: (row["n"], row["newest"])
        for row in Case.objects.filter(owner__in=keys, state__in=OPEN_STATES).order_by().values("owner_id")
        .annotate(n=Count("pk"), newest=Max("assigned_at"))
    }  # fmt: skip
    return [
        Candidate(
            person=number, load=in_hand.get(pk, (0, None))[0], present=pk not in away, able=pk in able,
            newest=int(newest.timestamp()) if (newest := in_hand.get(pk, (0, None))[1]) else 0,
        )
        for pk, number in ids
    ]  # fmt: skip
