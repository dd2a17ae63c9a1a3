"""Writes of objectives: set, cascaded, changed, checked in on, closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from fuxiao.base.actions import announce, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import Conflict, InputError, NotPermitted
from fuxiao.performance.objectives.models import CheckIn, KeyResult, Level, Objective, Stance

FIELDS = ("level", "subject", "perspective", "title", "why", "period", "owner", "contribution")


@dataclass(frozen=True, slots=True)
class Result:
    """A key result to be kept with an objective."""

    indicator: str
    baseline: Decimal
    target: Decimal
    title: str = ""
    typed: Decimal | None = None


@transaction.atomic
def set_objective(
    viewer: Viewer, given: Mapping[str, Any], results: Sequence[Result], *, at: datetime, parent: int | None = None
) -> Objective:
    """A new objective, below another where ``parent`` names one. ``InputError`` for what cannot be."""
    require(viewer, Permission.RULES_WRITE)
    above = Objective.objects.get(pk=parent) if parent else None
    _sound(given, results, above)
    made = Objective.objects.create(**{name: given[name] for name in FIELDS if name in given}, parent=above)
    KeyResult.objects.bulk_create(KeyResult(objective=made, **_columns(each)) for each in results)
    record(
        viewer, "objectives.set", kind="objectives.objective", key=str(made.pk), label=made.title, at=at,
        new={"title": made.title, "period": made.period, "results": [_told(each) for each in results]},
    )  # fmt: skip
    announce("objectives", at=at)
    return made


def _columns(result: Result) -> dict[str, Any]:
    return {"indicator": result.indicator, "baseline": result.baseline, "target": result.target, "title": result.title,
            "typed": result.typed}  # fmt: skip


def _told(result: Result) -> str:
    return f"{result.indicator or result.title} {result.baseline} → {result.target}"


def _sound(given: Mapping[str, Any], results: Sequence[Result], above: Objective | None) -> None:
    if not str(given.get("title") or "").strip():
        raise InputError("objectives.title_missing")
    if given.get("level") != Level.COMPANY and not given.get("subject"):
        raise InputError("objectives.subject_missing")
    if any(each.baseline == each.target for each in results):
        raise InputError("objectives.no_distance")
    share = int(given.get("contribution") or 0)
    taken = sum(above.children.filter(closed_at=None).values_list("contribution", flat=True)) if above else 0
    if not 0 <= share <= 100 - taken:
        raise InputError("objectives.contribution_over", taken=taken, left=100 - taken)


@transaction.atomic
def check_in(
    viewer: Viewer, number: int, *, confidence: str, note: str, at: datetime, typed: Decimal | None = None
) -> CheckIn:
    """Say how it goes. The owner may, and whoever sets objectives; a typed value only where there is no indicator."""
    objective = Objective.objects.select_for_update().get(pk=number)
    if viewer.read_only or not (
        viewer.may(Permission.RULES_WRITE) or (viewer.person and viewer.person == objective.owner)
    ):
        raise NotPermitted("permission.denied", permission=Permission.RULES_WRITE.value)
    made = CheckIn.objects.create(
        objective=objective, at=at, by_name=viewer.name, confidence=confidence, note=note.strip()
    )
    if typed is not None:
        objective.results.filter(indicator="").update(typed=typed)
    record(
        viewer, "objectives.checked_in", kind="objectives.objective", key=str(number), label=objective.title, at=at,
        new={"confidence": confidence, "note": note.strip()},
    )  # fmt: skip
    announce("objectives", at=at)
    return made


@transaction.atomic
def close_objective(viewer: Viewer, number: int, *, version: int, at: datetime, closed: bool) -> Objective:
    """End an objective, or open it again. ``Conflict`` where somebody else changed it."""
    require(viewer, Permission.RULES_WRITE)
    changed = Objective.objects.filter(pk=number, version=version).update(
        closed_at=at if closed else None, version=version + 1
    )
    objective = Objective.objects.get(pk=number)
    if not changed:
        raise Conflict("rules.changed_meanwhile", name=objective.title)
    record(
        viewer, "objectives.closed" if closed else "objectives.opened", kind="objectives.objective", key=str(number),
        label=objective.title, at=at,
    )  # fmt: skip
    announce("objectives", at=at)
    return objective


@transaction.atomic
def take_stance(viewer: Viewer, period: str, kind: str, sentence: str, *, at: datetime) -> Stance:
    """Say what the service stands for in a year."""
    require(viewer, Permission.RULES_WRITE)
    made, _new = Stance.objects.update_or_create(period=period, defaults={"kind": kind, "sentence": sentence})
    record(
        viewer,
        "objectives.stance_taken",
        kind="objectives.stance",
        key=period,
        label=sentence,
        at=at,
        new={"kind": kind},
    )
    announce("objectives", at=at)
    return made
