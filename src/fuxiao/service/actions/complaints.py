"""Complaints: taken in, acknowledged, settled, and judged by somebody who is not accused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from fuxiao.base.actions import announce, notify, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import Conflict, InputError, NotPermitted
from fuxiao.org.models import Person, Team, User
from fuxiao.service import feed
from fuxiao.service.actions.surveys import next_number
from fuxiao.service.history import moment
from fuxiao.service.models import Case, CaseEvent, Complaint, ComplaintStep, Customer, Survey, Validity
from fuxiao.service.queries.complaints import complaints_in_reach
from fuxiao.service.terms import terms

KIND = "service.complaint"
LONGEST = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is known of a complaint when it comes in."""

    text: str
    case: Case | None = None
    customer: Customer | None = None
    survey: Survey | None = None
    channel: str = "internal"
    severity: str = "medium"
    repeat_of: Complaint | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who is responsible: a person, a unit, or with neither the way things are done."""

    validity: Validity
    reason: str
    person: Person | None = None
    team: Team | None = None


@transaction.atomic
def take_complaint(viewer: Viewer, given: Given, *, at: datetime) -> Complaint:
    """Keep a complaint of a customer, and tell the lead of the team that it is about.

    The customer themselves (no account) may always complain; others need the permission.
    """
    if viewer.account is not None:
        require(viewer, Permission.COMPLAINTS_WRITE)
    text = given.text.strip()
    if not text or len(text) > LONGEST:
        raise InputError("complaint.text_length", most=LONGEST)
    windows, case = terms().settings.windows, given.case
    made = Complaint.objects.create(
        number=next_number("C", at=at), case=case, text=text, survey=given.survey, channel=given.channel,
        customer=given.customer or (case.customer if case else None), team=case.team if case else None,
        severity=given.severity, repeat_of=given.repeat_of, received_at=at, version=0,
        acknowledge_due_at=_due(at, windows.complaint_acknowledge_hours),
        closing_due_at=_due(at, windows.complaint_closing_hours),
    )  # fmt: skip
    _record(viewer, "complaint.received", made, at=at, new={"channel": made.channel, "severity": made.severity})
    lead = made.team.lead if made.team else None
    notify_people([lead], "complaint.received", made, at=at, by=viewer)
    return made


def _due(at: datetime, hours: int) -> datetime:
    """So many hours later: of the organisation's working time, or on the clock, as its settings say."""
    found = terms()
    if found.settings.windows.complaint_clock != "business":
        return at + timedelta(hours=hours)
    return moment(found.work(None).add_business_seconds(int(at.timestamp()), hours * 3600))


@transaction.atomic
def acknowledge(viewer: Viewer, number: str, *, version: int, at: datetime) -> Complaint:
    """The customer was told that the complaint is looked into; whoever says so looks after it, if nobody does."""
    made = _locked(viewer, number, version=version)
    if made.acknowledged_at is not None:
        raise InputError("complaint.acknowledged_already", number=number)
    made.acknowledged_at = at
    made.owner = made.owner or Person.objects.filter(number=viewer.person or "").first()
    return _record(viewer, "complaint.acknowledged", made, at=at)


@transaction.atomic
def give_to(viewer: Viewer, number: str, owner: Person, *, version: int, at: datetime) -> Complaint:
    """Have somebody look after it."""
    made = _locked(viewer, number, version=version)
    made.owner = owner
    notify_people([owner], "complaint.given", made, at=at, by=viewer)
    return _record(viewer, "complaint.given", made, at=at, text=owner.name)


@transaction.atomic
def write(viewer: Viewer, number: str, text: str, *, version: int, at: datetime) -> Complaint:
    """Say what was done or found."""
    made = _locked(viewer, number, version=version)
    if not text.strip() or len(text) > LONGEST:
        raise InputError("complaint.text_length", most=LONGEST)
    return _record(viewer, "complaint.noted", made, at=at, text=text.strip())


@transaction.atomic
def settle(viewer: Viewer, number: str, text: str, *, version: int, at: datetime) -> Complaint:
    """Close it with what was offered and agreed."""
    made = _locked(viewer, number, version=version)
    if made.resolved_at is not None:
        raise InputError("complaint.settled_already", number=number)
    if not text.strip():
        raise InputError("complaint.text_length", most=LONGEST)
    made.acknowledged_at, made.resolved_at = made.acknowledged_at or at, at
    return _record(viewer, "complaint.settled", made, at=at, text=text.strip())


@transaction.atomic
def confirm(viewer: Viewer, number: str, *, agrees: bool, version: int, at: datetime) -> Complaint:
    """What the customer says of the closing; one who does not agree has it open again."""
    made = _locked(viewer, number, version=version)
    if made.resolved_at is None:
        raise InputError("complaint.not_settled", number=number)
    made.confirmed = agrees
    if not agrees:
        made.resolved_at = None
    return _record(viewer, "complaint.confirmed" if agrees else "complaint.not_agreed", made, at=at)


@transaction.atomic
def decide(viewer: Viewer, number: str, asked: Decision, *, version: int, at: datetime) -> Complaint:
    """Say whether it is valid and who is responsible, with the reason.

    ``NotPermitted`` for whoever worked on the case, is found responsible or leads the team that is.
    """
    require(viewer, Permission.COMPLAINTS_DECIDE)
    made = _locked(viewer, number, version=version, permission=Permission.COMPLAINTS_DECIDE)
    if not asked.reason.strip():
        raise InputError("complaint.no_reason", number=number)
    if asked.validity == Validity.PENDING:
        raise InputError("complaint.no_verdict", number=number)
    if viewer.person and viewer.person in accused(made, asked):
        raise NotPermitted("complaint.accused", number=number)
    old = _verdict(made)
    valid = asked.validity == Validity.VALID
    made.validity, made.decision = asked.validity, asked.reason.strip()[:1000]
    made.cause_person, made.cause_team = (asked.person, asked.team) if valid else (None, None)
    made.decided_at, made.decider_name = at, viewer.name
    return _record(viewer, "complaint.decided", made, at=at, text=made.decision, old=old, new=_verdict(made))


def accused(made: Complaint, asked: Decision | None = None) -> frozenset[str]:
    """The numbers of those who may not judge: who worked on the case, who is named, who leads the team named."""
    found = {asked.person} if asked else set()
    if asked and asked.team:
        found.add(asked.team.lead)
    if made.case is not None:
        found.add(made.case.owner)
        events = CaseEvent.objects.filter(case=made.case, type__in=("accepted", "responded", "resolved", "visit_start"))
        found |= {event.actor for event in events.select_related("actor")}
    return frozenset(person.number for person in found if person is not None)


def _verdict(made: Complaint) -> dict[str, object]:
    return {
        "validity": str(made.validity), "person": made.cause_person.number if made.cause_person else None,
        "team": made.cause_team.key if made.cause_team else None,
    }  # fmt: skip


def _locked(
    viewer: Viewer, number: str, *, version: int, permission: Permission = Permission.COMPLAINTS_WRITE
) -> Complaint:
    require(viewer, permission)
    found = complaints_in_reach(viewer).filter(number=number).select_for_update(of=("self",)).first()
    if found is None:
        raise NotPermitted("complaint.not_yours", number=number)
    if found.version != version:
        raise Conflict("complaint.changed_meanwhile", number=number)
    return found


def _record(
    viewer: Viewer, action: str, made: Complaint, *, at: datetime, text: str = "", old: dict[str, object] | None = None,
    new: dict[str, object] | None = None,
) -> Complaint:  # fmt: skip
    """Save it as its next version, with a step, an audit entry, announcements and a note to the feed."""
    made.version += 1
    made.save()
    ComplaintStep.objects.create(complaint=made, at=at, by_name=viewer.name, kind=action.split(".")[1], text=text)
    record(viewer, action, kind=KIND, key=made.number, label=made.text[:80], at=at, old=old, new=new)
    announce("complaints", at=at)
    if made.case is not None:
        announce(f"case:{made.case.number}", at=at)
    feed.note("complaints", made.number, at=at)
    return made


def notify_people(people: list[Person | None], kind: str, made: Complaint, *, at: datetime, by: Viewer) -> None:
    ids = {person.pk for person in people if person is not None and person.number != by.person}
    accounts = User.objects.filter(person__in=ids, is_active=True).values_list("pk", flat=True)
    notify(list(accounts), kind, at=at, link=f"/complaints/{made.number}/", number=made.number, by=by.name)
