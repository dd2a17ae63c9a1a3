"""Quality checks: criteria in versions, a draw that anybody can repeat, and what a checker found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from fuxiao.base.actions import announce, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import InputError, NotPermitted
from fuxiao.core.period import parse_period
from fuxiao.core.quality import GRAVEST, Criterion, drawn, judged
from fuxiao.org.models import Person
from fuxiao.service import feed
from fuxiao.service.actions.surveys import next_number
from fuxiao.service.models import Case, Check, Draw, Rubric, Sampling
from fuxiao.service.terms import terms

MOST = 60
"""Criteria of a rubric."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a checker found on a case; ``marks``: criterion → met, not met, or ``None``: does not apply."""

    rubric: Rubric
    person: Person
    sampling: Sampling
    marks: Mapping[str, bool | None]
    comment: str = ""
    reason: str = ""
    again: Check | None = None


@transaction.atomic
def save_rubric(
    viewer: Viewer, key: str, name: str, criteria: Sequence[Mapping[str, Any]], *, pass_mark: Decimal, at: datetime
) -> Rubric:
    """A list of criteria as its next version; earlier ones stay for the checks made with them."""
    require(viewer, Permission.DESK_WRITE)
    _check(criteria, name)
    before = Rubric.objects.filter(key=key).order_by("-version").first()
    made = Rubric.objects.create(
        key=key, name=name.strip(), version=before.version + 1 if before else 1, criteria=[dict(c) for c in criteria],
        pass_mark=pass_mark, at=at, by_name=viewer.name,
    )  # fmt: skip
    old = {"version": before.version, "criteria": before.criteria} if before else {}
    new = {"version": made.version, "criteria": made.criteria, "pass_mark": str(pass_mark)}
    record(viewer, "check.rubric_saved", kind="service.rubric", key=key, label=made.name, at=at, old=old, new=new)
    announce("checks", at=at)
    return made


@transaction.atomic
def use_rubric(viewer: Viewer, key: str, *, active: bool, at: datetime) -> None:
    """A list of criteria is used for new checks, or no more; checks made with it stay."""
    require(viewer, Permission.DESK_WRITE)
    if not Rubric.objects.filter(key=key).exclude(active=active).update(active=active):
        return
    record(viewer, "check.rubric_used" if active else "check.rubric_retired", kind="service.rubric", key=key, at=at)
    announce("checks", at=at)


def _check(criteria: Sequence[Mapping[str, Any]], name: str) -> None:
    if not name.strip() or not 0 < len(criteria) <= MOST:
        raise InputError("check.rubric_empty", most=MOST)
    if not all(0 < each["weight"] <= 1000 and each["critical"] in ("", *GRAVEST) and each["zh"] for each in criteria):
        raise InputError("check.criterion_bad", most=1000)


def criteria_of(rubric: Rubric) -> list[Criterion]:
    return [Criterion(each["key"], each["weight"], each["critical"]) for each in rubric.criteria]


@transaction.atomic
def draw(viewer: Viewer, month: str, person: Person, *, count: int, at: datetime) -> Draw:
    """Draw cases that this person resolved in the month, once: with a seed that is published beside the list."""
    require(viewer, Permission.CHECKS_WRITE)
    if Draw.objects.filter(month=month, person=person).exists():
        raise InputError("check.drawn_already", month=month, person=person.number)
    among = sorted(resolved_in(month, person))
    if not among:
        raise InputError("check.nothing_to_draw", month=month, person=person.number)
    seed = token_hex(8)
    made = Draw.objects.create(
        month=month, person=person, seed=seed, among=among, drawn=drawn(among, seed=seed, count=count), at=at,
        by_name=viewer.name,
    )  # fmt: skip
    key, new = f"{month}/{person.number}", {"seed": seed, "among": len(among), "drawn": made.drawn}
    record(viewer, "check.drawn", kind="service.draw", key=key, label=person.name, at=at, new=new)
    announce("checks", at=at)
    return made


def resolved_in(month: str, person: Person) -> list[str]:
    """The numbers of the cases that somebody resolved in a month."""
    start, end = parse_period(month).bounds(terms().settings.zone)
    zone = ZoneInfo("UTC")
    found = Case.objects.filter(
        owner=person, resolved_at__gte=start.astimezone(zone), resolved_at__lt=end.astimezone(zone), is_test=False,
        duplicate_of__isnull=True,
    )  # fmt: skip
    return list(found.values_list("number", flat=True))


@transaction.atomic
def check(viewer: Viewer, case: Case, found: Found, *, at: datetime) -> Check:
    """Keep what a checker found. Random only what was drawn; nobody checks their own work, nor the same twice.

    ``InputError`` where that does not hold or a criterion is not marked.
    """
    require(viewer, Permission.CHECKS_WRITE)
    checker = Person.objects.filter(number=viewer.person).first() if viewer.person else None
    if checker is not None and checker.pk == found.person.pk:
        raise NotPermitted("check.own_work", number=case.number)
    _fits(viewer, case, found)
    result = judged(criteria_of(found.rubric), found.marks, pass_mark=Decimal(found.rubric.pass_mark))
    made = Check.objects.create(
        number=next_number("Q", at=at), case=case, person=found.person, checker=checker, checker_name=viewer.name,
        rubric=found.rubric, sampling=found.sampling, reason=found.reason.strip(), checked_at=at,
        marks=dict(found.marks), score=result.score, critical=result.critical, passed=result.passed,
        comment=found.comment.strip(), again=found.again,
    )  # fmt: skip
    new = {"score": str(result.score), "critical": result.critical, "sampling": str(found.sampling)}
    record(viewer, "check.made", kind="service.check", key=made.number, label=case.number, at=at, new=new)
    announce("checks", at=at)
    announce(f"case:{case.number}", at=at)
    if found.again is None:
        feed.note("checks", made.number, at=at)
    return made


def _fits(viewer: Viewer, case: Case, found: Found) -> None:
    if found.sampling == Sampling.TARGETED and not found.reason.strip():
        raise InputError("check.no_reason", number=case.number)
    if found.again is not None:
        if found.again.checker_name == viewer.name or found.again.rubric_id != found.rubric.pk:
            raise InputError("check.not_by_the_same", number=case.number)
        return
    if found.sampling == Sampling.RANDOM and not is_drawn(case, found.person):
        raise InputError("check.not_drawn", number=case.number)
    if Check.objects.filter(case=case, person=found.person, again__isnull=True).exists():
        raise InputError("check.made_already", number=case.number)


def is_drawn(case: Case, person: Person) -> bool:
    return any(case.number in each.drawn for each in Draw.objects.filter(person=person))
