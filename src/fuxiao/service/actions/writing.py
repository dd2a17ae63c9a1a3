"""What every write of a case does: find and lock it, check right and version, record, announce, tell the feed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from fuxiao.base.actions import announce, notify, record
from fuxiao.base.permissions import Viewer
from fuxiao.core.case_life import Happened, Row, Verb, row_of
from fuxiao.core.errors import Conflict, NotPermitted
from fuxiao.org.models import Person, User
from fuxiao.service import feed, history
from fuxiao.service.models import NEVER, Case, CaseEvent
from fuxiao.service.queries.reach import cases_in_reach
from fuxiao.service.rights import NEEDED, may_act
from fuxiao.service.terms import terms

KIND = "service.case"


def locked_case(viewer: Viewer, number: str, *, at: datetime, version: int | None = None) -> Case:
    """The case, kept from other writers until the transaction ends.

    ``NotPermitted`` where it is not in the viewer's reach, ``Conflict`` where it is no longer at ``version``.
    """
    found = cases_in_reach(viewer, on=terms().day(at)).filter(number=number)
    case = found.select_for_update(of=("self",)).first()
    if case is None:
        raise NotPermitted("case.not_yours", number=number)
    if version is not None and case.version != version:
        raise Conflict("case.changed_meanwhile", number=number)
    return case


def check_right(viewer: Viewer, case: Case, verb: Verb) -> None:
    """``NotPermitted`` where the viewer may not do this with the case."""
    if viewer.read_only:
        raise NotPermitted("permission.read_only")
    if not viewer.may(NEEDED[verb]):
        raise NotPermitted("permission.denied", permission=NEEDED[verb].value)
    if not may_act(viewer, case, verb):
        raise NotPermitted("case.not_handler", verb=verb.value, number=case.number)


def own_person(viewer: Viewer) -> Person | None:
    """The person behind the viewer."""
    return Person.objects.filter(number=viewer.person).first() if viewer.person else None


def add_events(
    case: Case, before: Sequence[CaseEvent], made: Iterable[Happened], *, involved: Iterable[object], at: datetime,
    source: str,
) -> None:  # fmt: skip
    """Write new events behind those there are and bring the row up to all of them; the row is not saved."""
    people = [person for event in before for person in (event.actor, event.to_person)]
    teams = [team for event in before for team in (event.from_team, event.to_team)]
    given = [each for each in involved if each is not None]
    known = history.known_by(case.owner, case.team, *people, *teams, *given)  # type: ignore[arg-type]
    rows = history.event_rows(case, made, first=before[-1].seq + 1 if before else 1, known=known, at=at, source=source)
    CaseEvent.objects.bulk_create(rows)
    settle(case, [history.happened(event) for event in (*before, *rows)], known, at=at)


def settle(case: Case, events: Sequence[Happened], known: Mapping[str, object], *, at: datetime) -> None:
    """Set the row to what the events add up to, its promises included; it is not saved."""
    row = row_of(events)
    case.state, case.pause, case.on_visit = row.state.value, row.pause or "", row.on_visit
    case.owner = known.get(f"person:{row.owner}")  # type: ignore[assignment]
    case.team = known.get(f"team:{row.unit}")  # type: ignore[assignment]
    case.reopened, case.events_seen, case.last_at = row.reopened, row.events, history.moment(row.last_at)
    case.opened_at, case.assigned_at = history.moment(row.opened_at), history.maybe(row.assigned_at)
    case.accepted_at, case.cancelled_at = history.maybe(row.accepted_at), history.maybe(row.cancelled_at)
    case.first_response_at = history.maybe(row.first_response_at)
    case.resolved_at, case.closed_at = history.maybe(row.resolved_at), history.maybe(row.closed_at)
    promise(case, events, row, at=at)


def promise(case: Case, events: Sequence[Happened], row: Row, *, at: datetime) -> None:
    """Set the due moments of the case under the service level it was promised."""
    found = terms()
    policy = found.named(case.policy, opened_at=history.moment(row.opened_at)) if case.policy else None
    made = {each.clock: each for each in found.promises(events, policy, at=at)}
    due = {clock: history.moment(each.outcome.due_at) for clock, each in made.items()}
    case.response_due_at, case.resolution_due_at = due.get("first_response"), due.get("resolution")
    running = [due[clock] for clock, each in made.items() if each.runs and not each.stands]
    looks = [each.look_at for each in made.values() if each.look_at is not None]
    case.next_due_at = min(running, default=NEVER)
    case.warn_at = history.moment(min(looks)) if looks else NEVER


def save_case(
    viewer: Viewer, action: str, case: Case, *, at: datetime, old: Mapping[str, object], new: Mapping[str, object],
    events: bool = True,
) -> None:  # fmt: skip
    """Save the row as its next version; audit entry, announcements and feed with it."""
    case.version += 1
    case.save()
    record(viewer, action, kind=KIND, key=case.number, label=case.title, at=at, old=old, new=new)
    tell(case, at=at)
    feed.note("cases", case.number, at=at)
    if events:
        feed.note("case_events", case.number, at=at)


def tell(case: Case, *, at: datetime) -> None:
    """Pages that show the case, or lists of cases, ask again."""
    announce("cases", at=at)
    announce(f"case:{case.number}", at=at)


def notify_people(
    people: Iterable[Person | None], kind: str, case: Case, *, at: datetime, by: Viewer, **facts: str
) -> None:  # fmt: skip
    """Tell the accounts of these people, but not whoever did it."""
    ids = {person.pk for person in people if person is not None and person.number != by.person}
    accounts = User.objects.filter(person__in=ids, is_active=True).values_list("pk", flat=True)
    told = {"number": case.number, "title": case.title, "by": by.name, **facts}
    notify(list(accounts), kind, at=at, link=f"/desk/{case.number}/", **told)


def plain_state(case: Case) -> dict[str, object]:
    """What the audit trail keeps of where a case stands."""
    return {
        "state": case.state, "owner": case.owner.number if case.owner else None,
        "team": case.team.key if case.team else None,
    }  # fmt: skip
