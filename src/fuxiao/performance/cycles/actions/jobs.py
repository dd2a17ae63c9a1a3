"""Asking for a verification or a seal, telling how far it is, and keeping what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from fuxiao.base.actions import announce, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.process import is_gone
from fuxiao.core.cycle import Step
from fuxiao.core.errors import Conflict
from fuxiao.performance.cycles.models import Cycle, CycleJob
from fuxiao.performance.cycles.parts import JobKind

TOPIC = "cycle_jobs"
FAILED, LOST = "{kind}.failed", "{kind}.lost"
"""What is said of one that a fault stopped, and of one whose worker is gone."""
SILENCE = timedelta(minutes=15)
"""After so long without a sign of life its worker is gone, and it may be asked for again."""


@transaction.atomic
def ask_verification(viewer: Viewer, cycle: Cycle, *, at: datetime) -> tuple[CycleJob, bool]:
    """The verification that runs, or a new one; whether it is new."""
    require(viewer, Permission.CYCLES_READ)
    made, is_new = _asked(viewer, cycle, JobKind.VERIFY, at=at)
    if is_new:
        record(viewer, "cycle.verified", kind="cycle", key=str(cycle.pk), label=str(cycle), at=at)
    return made, is_new


@transaction.atomic
def ask_seal(viewer: Viewer, cycle: Cycle, *, at: datetime) -> tuple[CycleJob, bool]:
    """The sealing that runs, or a new one; whether it is new. The audit trail tells of the seal when it is there."""
    require(viewer, Permission.CYCLES_WRITE)
    if cycle.at is not Step.FINAL:
        raise Conflict("cycle.moved_on", step=cycle.step)
    return _asked(viewer, cycle, JobKind.SEAL, at=at)


def _asked(viewer: Viewer, cycle: Cycle, kind: JobKind, *, at: datetime) -> tuple[CycleJob, bool]:
    Cycle.objects.select_for_update().only("pk").get(pk=cycle.pk)
    running = CycleJob.objects.filter(cycle=cycle, kind=kind, ended_at=None).first()
    if running is not None and not is_lost(running, at=at):
        return running, False
    if running is not None:
        given_up = CycleJob.objects.filter(pk=running.pk, ended_at=None)
        given_up.update(failed=LOST.format(kind=kind), ended_at=at)
    made = CycleJob.objects.create(
        cycle=cycle, kind=kind, account_id=viewer.account, asked_by=viewer.name, asked_at=at, seen_at=at
    )
    announce(TOPIC, at=at)
    return made, True


def take(held: CycleJob, worker: str, *, at: datetime) -> bool:
    """Have this worker be at it, and no other: ``False`` where it is over, or another is and shows signs of life.

    One statement of the database, so that of several workers of any machines one gets it.
    """
    took = CycleJob.objects.filter(is_free(at=at), pk=held.pk).update(worker=worker, seen_at=at)
    held.refresh_from_db(fields=["worker", "ended_at"])
    return bool(took)


def is_free(*, at: datetime) -> Q:
    """Jobs that nobody is at: not begun, left by a process of this machine that is gone, or silent for too long."""
    held = CycleJob.objects.filter(ended_at=None).exclude(worker="").values_list("worker", flat=True)
    gone = [worker for worker in held if is_gone(worker)]
    return Q(ended_at=None) & (Q(worker="") | Q(worker__in=gone) | Q(seen_at__lt=at - SILENCE))


def beat(held: CycleJob, *, at: datetime) -> None:
    """Show a sign of life, as long as it is still held."""
    _mine(held).update(seen_at=at)


def _mine(held: CycleJob) -> QuerySet[CycleJob]:
    return CycleJob.objects.filter(pk=held.pk, worker=held.worker, ended_at=None)


def is_lost(held: CycleJob, *, at: datetime) -> bool:
    """Whether it runs no more without having ended."""
    return held.ended_at is None and held.seen_at < at - SILENCE


@transaction.atomic
def begin(held: CycleJob, part: str, *, at: datetime) -> None:
    """This part is being done now; ``Conflict`` where another worker took the job up meanwhile."""
    if not _mine(held).update(part=part, seen_at=at):
        raise Conflict("cycle.job_taken_up")
    announce(TOPIC, at=at)


@transaction.atomic
def end(held: CycleJob, found: Mapping[str, Any], *, failed: str = "", at: datetime) -> None:
    """It is over, with what was found or what stopped it; whoever holds it no more says nothing."""
    _mine(held).update(found=dict(found), failed=failed, ended_at=at)
    announce(TOPIC, at=at)
