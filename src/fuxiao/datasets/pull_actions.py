"""Writes of pulls: what is read from a database, when, and each reading as an import of its own."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, time

from django.conf import settings
from django.db import transaction
from django.db.models import F

from fuxiao.base.actions import announce, notify, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.base.settings import read_settings
from fuxiao.core.errors import Conflict, InputError
from fuxiao.datasets import files, workers
from fuxiao.datasets.connecting.query import Query
from fuxiao.datasets.connecting.schedule import Every, next_run
from fuxiao.datasets.database_actions import allow
from fuxiao.datasets.importing.edit import with_people
from fuxiao.datasets.importing.mapping_read import parse_mapping
from fuxiao.datasets.importing.mapping_write import mapping_text
from fuxiao.datasets.models import Database, ImportJob, Pull, State, Upload, Work

BUSY = (State.QUEUED, State.RUNNING)
ORGANISATION = frozenset({"people", "teams", "memberships"})


@transaction.atomic
def add_pull(viewer: Viewer, database: Database, name: str, query: Query, *, at: datetime) -> ImportJob:
    """Begin to read something from a database: first a sample, whose columns a person then says the meaning of."""
    allow(viewer)
    safe = _safe(name)
    if Pull.objects.filter(name=safe).exists():
        raise InputError("pull.name_taken", name=safe)
    pull = Pull.objects.create(
        database=database, name=safe, query=query.as_dict(), at=at, by_id=viewer.account, by_name=viewer.name
    )
    _tell(viewer, "data.pull_added", pull, at=at, new=query.as_dict())
    return _queue(pull, Work.SAMPLE, by=viewer, at=at)


@transaction.atomic
def change_query(viewer: Viewer, pull: Pull, query: Query, *, version: int, at: datetime) -> ImportJob:
    """Read something else from now on: everything again, after a sample and a look at its columns."""
    allow(viewer)
    _change(pull, version, query=query.as_dict(), high={}, mapping="", next_at=None)
    _tell(viewer, "data.pull_changed", pull, at=at, old=pull.query, new=query.as_dict())
    _drop_drafts(pull)
    return _queue(pull, Work.SAMPLE, by=viewer, at=at)


@transaction.atomic
def settle(
    viewer: Viewer, job: ImportJob, people: Mapping[str, str], *, version: int, at: datetime, tick: datetime
) -> None:
    """Keep what the columns of a sample mean and who its ``people`` are, and begin to read. ``tick`` is the machine's.

    Raises ``Conflict`` where somebody else changed the sample meanwhile.
    """
    allow(viewer)
    pull = job.pull
    if pull is None or not ImportJob.objects.filter(pk=job.pk, state=State.DRAFT, version=version).exists():
        raise Conflict("import.changed", name=job.upload.name)
    read = with_people(parse_mapping(job.mapping, name=pull.name), people)
    if ORGANISATION & {table.dataset for table in read.tables}:
        require(viewer, Permission.ORG_WRITE)
    mapping = mapping_text(read, (job.look or {}).get("notes") or {})
    Pull.objects.filter(pk=pull.pk).update(
        mapping=mapping, next_at=None if pull.paused else _next(pull, tick), version=F("version") + 1
    )
    _tell(viewer, "data.pull_settled", pull, at=at, old={"mapping": pull.mapping}, new={"mapping": mapping})
    _drop_drafts(pull)
    pull.refresh_from_db()
    if not _is_busy(pull):
        _queue(pull, Work.PULL, by=viewer, at=at)


@transaction.atomic
def schedule(
    viewer: Viewer, pull: Pull, *, every: Every, at_time: time, version: int, at: datetime, tick: datetime
) -> None:
    """Say when it is read."""
    allow(viewer)
    old = {"every": pull.every, "at_time": f"{pull.at_time:%H:%M}"}
    pull.every, pull.at_time = every, at_time
    _change(pull, version, every=every, at_time=at_time, next_at=_next(pull, tick))
    new = {"every": every.value, "at_time": f"{at_time:%H:%M}"}
    _tell(viewer, "data.pull_scheduled", pull, at=at, old=old, new=new)
    announce("data.databases", at=at)


@transaction.atomic
def pause(viewer: Viewer, pull: Pull, *, paused: bool, at: datetime, tick: datetime) -> None:
    """Stop reading by the clock, or go on."""
    require(viewer, Permission.DATA_WRITE)
    if pull.paused == paused:
        return
    pull.paused = paused
    Pull.objects.filter(pk=pull.pk).update(paused=paused, next_at=_next(pull, tick), version=F("version") + 1)
    _tell(viewer, "data.pull_paused" if paused else "data.pull_resumed", pull, at=at)
    announce("data.databases", at=at)


@transaction.atomic
def run_now(viewer: Viewer, pull: Pull, *, afresh: bool = False, at: datetime) -> ImportJob:
    """Read now; ``afresh`` everything from the beginning. ``InputError`` while it is read already or not finished."""
    job = ask_now(viewer, pull, afresh=afresh, at=at)
    workers.ask("run_job", job.pk)
    return job


@transaction.atomic
def ask_now(viewer: Viewer, pull: Pull, *, afresh: bool, at: datetime) -> ImportJob:
    """A reading that waits for whoever asked to do it (``tasks.run_job``); no worker hears of it."""
    require(viewer, Permission.DATA_WRITE)
    if not pull.mapping:
        raise InputError("pull.not_finished", name=pull.name)
    if _is_busy(pull):
        raise InputError("pull.busy", name=pull.name)
    if afresh:
        Pull.objects.filter(pk=pull.pk).update(high={})
    new = {"afresh": afresh}
    _tell(viewer, "data.pull_run", pull, at=at, new=new)
    return _job(pull, Work.PULL, by=viewer, at=at)


@transaction.atomic
def delete_pull(viewer: Viewer, pull: Pull, *, at: datetime) -> None:
    """Read it no more. What came in stays, and can be undone import by import."""
    allow(viewer)
    if _is_busy(pull):
        raise InputError("pull.busy", name=pull.name)
    _drop_drafts(pull)
    _tell(viewer, "data.pull_deleted", pull, at=at, old={"query": pull.query, "mapping": pull.mapping})
    pull.delete()
    announce("data.databases", at=at)


@transaction.atomic
def queue_due(*, at: datetime, tick: datetime) -> list[int]:
    """Ask for every reading whose time has come by the machine's clock ``tick``; their numbers."""
    due = list(Pull.objects.select_for_update().filter(paused=False, next_at__lte=tick).exclude(mapping=""))
    for pull in due:
        Pull.objects.filter(pk=pull.pk).update(next_at=_next(pull, tick))
    free = [pull for pull in due if not _is_busy(pull)]
    return [_queue(pull, Work.PULL, by=Viewer(pull.by_id, pull.by_name), at=at).pk for pull in free]


@transaction.atomic
def arrived(job: ImportJob, pulled: Mapping[str, dict[str, str]]) -> None:
    """The rows are in the lake: the next reading begins where this one ended. The file is not needed any more.

    Nothing happens where another worker has taken the job over.
    """
    if not ImportJob.objects.filter(pk=job.pk, attempt=job.attempt, state=State.DONE).exists():
        return
    if job.pull and pulled.get("high"):
        Pull.objects.filter(pk=job.pull.pk).update(high=pulled["high"])
    files.remove(settings.HOME, job.upload.path)


@transaction.atomic
def undone(load: int, *, at: datetime) -> None:
    """A load was taken out: what read it waits for a person, and would then read those rows again."""
    job = ImportJob.objects.filter(load=load, pull__isnull=False).select_related("pull").order_by("id").first()
    if job is not None and job.pull is not None:
        low = job.pulled.get("low", {})
        Pull.objects.filter(pk=job.pull.pk).update(high=low, paused=True, next_at=None, version=F("version") + 1)
        announce("data.databases", at=at)


@transaction.atomic
def failed(job: ImportJob, *, at: datetime) -> None:
    """Whoever set a pull up hears of its first failure, not of each that follows."""
    pull = job.pull
    if pull is None:
        return
    before = pull.jobs.filter(pk__lt=job.pk, work=Work.PULL).order_by("-pk").values_list("state", flat=True).first()
    if before != State.FAILED:
        notify([pull.by_id], "data.pull_failed", at=at, link=f"/data/pulls/{pull.pk}/", name=pull.name)


def _queue(pull: Pull, work: Work, *, by: Viewer, at: datetime) -> ImportJob:
    """An import for a worker to do."""
    job = _job(pull, work, by=by, at=at)
    workers.ask("run_job", job.pk)
    return job


def _job(pull: Pull, work: Work, *, by: Viewer, at: datetime) -> ImportJob:
    """An import whose file is yet to be written, from the database."""
    name = f"{pull.name}.parquet"
    path = f"{files.FOLDER}/{uuid.uuid4().hex}/{name}"
    upload = Upload.objects.create(name=name, path=path, size=0, digest="", at=at, by_id=by.account, by_name=by.name)
    job = ImportJob.objects.create(
        upload=upload, pull=pull, work=work, mapping=pull.mapping if work == Work.PULL else "", at=at, by_id=by.account,
        by_name=by.name,
    )  # fmt: skip
    announce("data.jobs", at=at)
    announce("data.databases", at=at)
    return job


def _tell(
    viewer: Viewer, action: str, pull: Pull, *, at: datetime,
    old: Mapping[str, object] | None = None, new: Mapping[str, object] | None = None,
) -> None:  # fmt: skip
    record(viewer, action, kind="data.pull", key=str(pull.pk), label=pull.name, at=at, old=old, new=new)


def _change(pull: Pull, version: int, **values: object) -> None:
    if not Pull.objects.filter(pk=pull.pk, version=version).update(**values, version=F("version") + 1):
        raise Conflict("pull.changed", name=pull.name)


def _drop_drafts(pull: Pull) -> None:
    """Samples that were looked at are of no use any more."""
    for job in pull.jobs.select_related("upload").filter(load=None).exclude(work=Work.PULL):
        if job.state not in BUSY:
            files.remove(settings.HOME, job.upload.path)
            job.upload.delete()


def _is_busy(pull: Pull) -> bool:
    return pull.jobs.filter(state__in=BUSY).exists()


def _next(pull: Pull, tick: datetime) -> datetime | None:
    """When it is read next; never, while it is paused or not finished."""
    if pull.paused:
        return None
    return next_run(Every(pull.every), pull.at_time, after=tick, zone=read_settings(settings.HOME).zone)


def _safe(name: str) -> str:
    files.mapping_path(settings.HOME, name)
    return name
