"""Promises about to be missed are warned of, missed ones are put on record, and rules say who is told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from fuxiao.base.actions import record
from fuxiao.core.case_life import OPEN, Verb, life_of, row_of
from fuxiao.core.service_level import Promise
from fuxiao.org.models import Person
from fuxiao.service import history
from fuxiao.service.actions.intake import RULES
from fuxiao.service.actions.life import Act, done
from fuxiao.service.actions.writing import KIND, notify_people, promise, tell
from fuxiao.service.models import Case, EscalationRule, Miss, StillOpen
from fuxiao.service.terms import terms

AT_ONCE = 500
"""So many cases are looked at in one round; the rest in the next."""


def look_at_promises(*, at: datetime) -> int:
    """Look at every open case whose time has come; how many there were."""
    due = Case.objects.filter(StillOpen("state"), warn_at__lte=at).order_by("warn_at", "pk")
    numbers = list(due.values_list("number", flat=True)[:AT_ONCE])
    for number in numbers:
        look_at(number, at=at)
    return len(numbers)


@transaction.atomic
def look_at(number: str, *, at: datetime) -> None:
    """Warn of what is about to be missed, record what is, and set when to look again."""
    found = Case.objects.select_related("owner", "team__lead").filter(number=number, warn_at__lte=at)
    case = found.select_for_update(of=("self",)).first()
    if case is None or case.state not in OPEN:
        return
    events = [history.happened(event) for event in history.events_of(case)]
    policy = terms().named(case.policy, opened_at=case.opened_at)
    for each in terms().promises(events, policy, at=at):
        if each.runs and not each.stands and (each.is_missed or each.outcome.warned):
            _note(case, each, at=at)
    life = life_of(history.happened(event) for event in history.events_of(case))
    if life is not None and life.events != len(events):  # a rule escalated it
        return
    promise(case, events, row_of(events), at=at)
    case.save(update_fields=["response_due_at", "resolution_due_at", "next_due_at", "warn_at"])


def _note(case: Case, each: Promise, *, at: datetime) -> None:
    miss, new = Miss.objects.get_or_create(
        case=case, clock=each.clock, due_at=history.moment(each.outcome.due_at),
        defaults={"policy": case.policy, "team": case.team, "owner": case.owner, "warned_at": at},
    )  # fmt: skip
    if each.is_missed and miss.missed_at is None:
        miss.missed_at, miss.team, miss.owner = at, case.team, case.owner
        miss.save(update_fields=["missed_at", "team", "owner"])
    elif not new:
        return
    record(
        RULES, "case.missed" if each.is_missed else "case.warned", kind=KIND, key=case.number, label=case.title, at=at,
        new={"clock": each.clock, "due_at": miss.due_at.isoformat(), "policy": case.policy},
    )  # fmt: skip
    tell(case, at=at)
    _follow(case, miss, at=at)


def _follow(case: Case, miss: Miss, *, at: datetime) -> None:
    """What the first rule that fits says; without one, whoever has the case is told, and the lead of a miss."""
    missed = miss.missed_at is not None
    rules = EscalationRule.objects.filter(active=True, clock=miss.clock, missed=missed).select_related("escalate_to")
    rule = next((each for each in rules if each.priority in {"", case.priority}), None)
    lead = case.team.lead if case.team else None
    told: list[Person | None] = [case.owner if rule is None or rule.tell_owner else None]
    told.append(lead if (rule.tell_lead if rule else missed or case.owner is None) else None)
    notify_people(told, "case.missed" if missed else "case.warned", case, at=at, by=RULES, clock=miss.clock)
    if rule is not None and rule.escalate_to is not None and rule.escalate_to_id != case.team_id:
        done(RULES, case, Act(verb=Verb.ESCALATE, team=rule.escalate_to, reason=rule.name), at=at, source="rule")
        miss.escalated = True
        miss.save(update_fields=["escalated"])
