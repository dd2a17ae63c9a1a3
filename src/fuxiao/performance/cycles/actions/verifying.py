"""Asking for a verification, telling how far it is, and keeping what it found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from fuxiao.base.actions import announce, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.performance.cycles.models import Cycle, Verification

TOPIC = "verifications"
FAILED = "verification.failed"
"""What is said of one that a fault stopped."""
LOST = "verification.lost"
"""What is said of one whose worker is gone."""
SILENCE = timedelta(minutes=15)
"""After so long without a sign of life its worker is gone, and it may be asked for again."""


@transaction.atomic
def ask(viewer: Viewer, cycle: Cycle, *, at: datetime) -> tuple[Verification, bool]:
    """The verification that runs, or a new one; whether it is new."""
    require(viewer, Permission.CYCLES_READ)
    Cycle.objects.select_for_update().only("pk").get(pk=cycle.pk)
    running = Verification.objects.filter(cycle=cycle, ended_at=None).first()
    if running is not None and not is_lost(running, at=at):
        return running, False
    if running is not None:
        end(running, {}, failed=LOST, at=at)
    made = Verification.objects.create(cycle=cycle, asked_by=viewer.name, asked_at=at, seen_at=at)
    record(viewer, "cycle.verified", kind="cycle", key=str(cycle.pk), label=str(cycle), at=at)
    announce(TOPIC, at=at)
    return made, True


def is_lost(held: Verification, *, at: datetime) -> bool:
    """Whether it runs no more without having ended."""
    return held.ended_at is None and held.seen_at < at - SILENCE


@transaction.atomic
def begin(held: Verification, part: str, *, at: datetime) -> None:
    """This part is being compared now."""
    Verification.objects.filter(pk=held.pk).update(part=part, seen_at=at)
    announce(TOPIC, at=at)


@transaction.atomic
def end(held: Verification, found: Mapping[str, Any], *, failed: str = "", at: datetime) -> None:
    """It is over, with what was found or what stopped it."""
    Verification.objects.filter(pk=held.pk, ended_at=None).update(found=dict(found), failed=failed, ended_at=at)
    announce(TOPIC, at=at)
