"""Events of the database as the pure life of a case knows them, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from django.db.models import QuerySet

from fuxiao.base.written import written_once
from fuxiao.core.case_life import Happened
from fuxiao.core.clock import PauseKind
from fuxiao.org.models import Person, Team
from fuxiao.service.models import Case, CaseEvent


def events_of(case: Case) -> list[CaseEvent]:
    """All events of a case in their order, with people and teams. One query."""
    return sorted(_events(case=case.pk), key=lambda event: (event.at, event.seq))


@written_once
def _events(*, case: int) -> QuerySet[CaseEvent]:
    return CaseEvent.objects.filter(case=case).select_related("actor", "to_person", "from_team", "to_team").order_by()


def happened(event: CaseEvent) -> Happened:
    return Happened(
        type=event.type, at=int(event.at.timestamp()), actor=_number(event.actor), to_person=_number(event.to_person),
        from_unit=_key(event.from_team), to_unit=_key(event.to_team), activity=event.activity,
        kind=PauseKind(event.kind) if event.kind else None, reason=event.reason, note=event.note, wrong=event.wrong,
        self_picked=event.self_picked, template=event.template,
    )  # fmt: skip


def event_rows(
    case: Case, made: Iterable[Happened], *, first: int, known: Mapping[str, Person | Team], at: datetime, source: str
) -> list[CaseEvent]:
    """Rows for new events, numbered from ``first``; ``known`` has the people by number and the teams by key."""

    def person(number: str | None) -> Person | None:
        found = known.get(f"person:{number}")
        return found if isinstance(found, Person) else None

    def team(key: str | None) -> Team | None:
        found = known.get(f"team:{key}")
        return found if isinstance(found, Team) else None

    return [
        CaseEvent(
            case=case, seq=seq, at=moment(each.at), recorded_at=at, type=each.type, activity=each.activity,
            kind=each.kind or "", actor=person(each.actor), to_person=person(each.to_person),
            from_team=team(each.from_unit), to_team=team(each.to_unit), reason=each.reason[:400], note=each.note,
            wrong=each.wrong, self_picked=each.self_picked, template=each.template, source=source,
        )
        for seq, each in enumerate(made, first)
    ]  # fmt: skip


def known_by(*found: Person | Team | None) -> dict[str, Person | Team]:
    """People and teams by what events call them."""
    named: dict[str, Person | Team] = {}
    for each in found:
        if isinstance(each, Person):
            named[f"person:{each.number}"] = each
        elif each is not None:
            named[f"team:{each.key}"] = each
    return named


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def maybe(seconds: int | None) -> datetime | None:
    return None if seconds is None else moment(seconds)


def _number(person: Person | None) -> str | None:
    return person.number if person else None


def _key(team: Team | None) -> str | None:
    return team.key if team else None
