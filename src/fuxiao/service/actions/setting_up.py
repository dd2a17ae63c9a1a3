"""Rules of the desk, skills and absences: edited without code, each change on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction

from fuxiao.base.actions import announce, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import Conflict, NotPermitted
from fuxiao.org.models import Person
from fuxiao.service.actions.editing import plain
from fuxiao.service.models import AssignmentRule, Away, Choice, EscalationRule, ListKind, Skill

Rule = TypeVar("Rule", AssignmentRule, EscalationRule)


@transaction.atomic
def save_rule(viewer: Viewer, rule: Rule, given: Mapping[str, Any], *, version: int, at: datetime) -> Rule:
    """Make a rule (one without a key) or change one; ``Conflict`` where it is no longer at ``version``."""
    require(viewer, Permission.DESK_WRITE)
    fresh = rule.pk is None
    if not fresh:
        current = type(rule).objects.select_for_update().get(pk=rule.pk)
        if current.version != version:
            raise Conflict("desk.rule_changed", name=current.name)
        rule = current
    old = {} if fresh else {name: plain(getattr(rule, name)) for name in given}
    for name, value in given.items():
        setattr(rule, name, value)
    rule.version = 1 if fresh else version + 1
    rule.save()
    new = {name: plain(value) for name, value in given.items()}
    record(viewer, "desk.rule_saved", kind="desk.rule", key=str(rule.pk), label=rule.name, at=at, old=old, new=new)
    announce("desk.rules", at=at)
    return rule


@transaction.atomic
def remove_rule(viewer: Viewer, rule: AssignmentRule | EscalationRule, *, at: datetime) -> None:
    """A rule goes; what it did stays on the cases."""
    require(viewer, Permission.DESK_WRITE)
    old = {"name": rule.name, "order": rule.order}
    record(viewer, "desk.rule_removed", kind="desk.rule", key=str(rule.pk), label=rule.name, at=at, old=old)
    rule.delete()
    announce("desk.rules", at=at)


@transaction.atomic
def set_skills(viewer: Viewer, person: Person, names: frozenset[str], *, at: datetime) -> None:
    """What somebody can do, as words that rules ask for."""
    require(viewer, Permission.DESK_WRITE)
    had = set(Skill.objects.filter(person=person).values_list("name", flat=True))
    if had == names:
        return
    Skill.objects.filter(person=person).exclude(name__in=names).delete()
    Skill.objects.bulk_create(Skill(person=person, name=name) for name in sorted(names - had))
    record(
        viewer, "desk.skills", kind="org.person", key=person.number, label=str(person), at=at,
        old={"skills": sorted(had)}, new={"skills": sorted(names)},
    )  # fmt: skip
    announce("desk.rules", at=at)


@transaction.atomic
def set_visited(viewer: Viewer, keys: frozenset[str], *, at: datetime) -> None:
    """For which case types somebody may have to go there; the others never wait for a visit."""
    require(viewer, Permission.DESK_WRITE)
    types = Choice.objects.filter(kind=ListKind.CASE_TYPE)
    had = frozenset(types.filter(visits=True).values_list("key", flat=True))
    now_held = keys & frozenset(types.values_list("key", flat=True))
    if had == now_held:
        return
    types.filter(key__in=now_held).update(visits=True)
    types.exclude(key__in=now_held).update(visits=False)
    record(
        viewer, "desk.visited", kind="desk.list", key=ListKind.CASE_TYPE, label="", at=at,
        old={"types": sorted(had)}, new={"types": sorted(now_held)},
    )  # fmt: skip
    announce("desk.rules", at=at)
    announce("cases", at=at)


@transaction.atomic
def set_away(viewer: Viewer, person: Person, *, day: date, away: bool, at: datetime) -> None:
    """Somebody takes no new cases on a day, or does after all: said by themselves, or by whoever gives out cases."""
    require(viewer, Permission.CASE_WRITE)
    if person.number != viewer.person and not viewer.may(Permission.CASE_ASSIGN):
        raise NotPermitted("permission.denied", permission=Permission.CASE_ASSIGN.value)
    if away:
        Away.objects.get_or_create(person=person, day=day)
    else:
        Away.objects.filter(person=person, day=day).delete()
    record(
        viewer, "desk.away" if away else "desk.back", kind="org.person", key=person.number, label=str(person), at=at,
        new={"day": day.isoformat()},
    )  # fmt: skip
    announce("cases", at=at)
