"""Writes of files and imports. Each is one transaction with one audit entry and one announcement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from fuxiao.base.actions import announce, record, require
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import Conflict, StoreError
from fuxiao.datasets import arrivals, files, folding, pull_actions, queries, workers
from fuxiao.datasets.importing.edit import with_people
from fuxiao.datasets.importing.mapping import Mapping as FileMapping
from fuxiao.datasets.importing.mapping_read import parse_mapping
from fuxiao.datasets.importing.mapping_write import mapping_text
from fuxiao.datasets.importing.workspace import remove_left_behind
from fuxiao.datasets.models import ImportJob, State, Upload, Work
from fuxiao.datasets.store import Store

ORGANISATION = frozenset({"people", "teams", "memberships"})
"""Datasets that change the organisation: importing them needs the right to do so."""


def receive(viewer: Viewer, name: str, pieces: Iterable[bytes], *, at: datetime) -> ImportJob:
    """Keep a file and have it looked at. The same file sent twice while it is open is the same import.

    Raises ``InputError`` for a file of unknown kind, an empty one, or one that is too big.
    """
    require(viewer, Permission.DATA_WRITE)
    safe = files.safe_name(name)
    kept = files.keep(settings.HOME, safe, pieces, limit=settings.UPLOAD_LIMIT)
    with transaction.atomic():
        open_states = (State.DRAFT, State.QUEUED, State.RUNNING)
        again = ImportJob.objects.filter(
            by_id=viewer.account, upload__digest=kept.digest, upload__name=safe, state__in=open_states
        ).first()
        if again is not None:
            files.remove(settings.HOME, kept.path)
            return again
        upload = Upload.objects.create(
            name=safe, path=kept.path, size=kept.size, digest=kept.digest, at=at, by_id=viewer.account,
            by_name=viewer.name,
        )  # fmt: skip
        job = ImportJob.objects.create(upload=upload, at=at, by_id=viewer.account, by_name=viewer.name)
        new = {"size": kept.size, "digest": kept.digest}
        record(viewer, "data.uploaded", kind="data.import", key=str(job.pk), label=safe, at=at, new=new)
        _enqueue(job, at=at)
    return job


@transaction.atomic
def look_again(viewer: Viewer, job: ImportJob, layout: Mapping[str, Any], *, version: int, at: datetime) -> None:
    """Read the file with another sheet, header line or member of the archive, and propose anew."""
    require(viewer, Permission.DATA_WRITE)
    _change(job, version, state=State.QUEUED, work=Work.LOOK, layout=dict(layout), found={}, people={})
    record(
        viewer, "data.layout_changed", kind="data.import", key=str(job.pk), label=job.upload.name, at=at,
        new=dict(layout),
    )  # fmt: skip
    _enqueue(job, at=at)


@transaction.atomic
def change_mapping(viewer: Viewer, job: ImportJob, mapping: FileMapping, *, version: int, at: datetime) -> None:
    """Say what the columns mean."""
    text = mapping_text(mapping, (job.look or {}).get("notes") or {})
    _change_text(viewer, job, text, version=version, at=at)


@transaction.atomic
def change_mapping_text(viewer: Viewer, job: ImportJob, text: str, *, version: int, at: datetime) -> None:
    """The same as TOML. Raises ``DefinitionError`` with every issue."""
    parse_mapping(text)
    _change_text(viewer, job, text, version=version, at=at)


def _change_text(viewer: Viewer, job: ImportJob, text: str, *, version: int, at: datetime) -> None:
    require(viewer, Permission.DATA_WRITE)
    old = job.mapping
    _change(job, version, mapping=text, found={}, problems={})
    record(
        viewer, "data.mapping_changed", kind="data.import", key=str(job.pk), label=job.upload.name, at=at,
        old={"mapping": old}, new={"mapping": text},
    )  # fmt: skip
    announce("data.jobs", at=at)


@transaction.atomic
def check(viewer: Viewer, job: ImportJob, *, version: int, at: datetime) -> None:
    """Have the import tried without storing anything."""
    require(viewer, Permission.DATA_WRITE)
    _change(job, version, state=State.QUEUED, work=Work.CHECK, found={}, problems={}, stop_asked=False)
    record(viewer, "data.check_asked", kind="data.import", key=str(job.pk), label=job.upload.name, at=at)
    _enqueue(job, at=at)


@transaction.atomic
def name_people(viewer: Viewer, job: ImportJob, people: Mapping[str, str], *, version: int, at: datetime) -> None:
    """Say which employee number stands for a name in the file; an empty one keeps the name."""
    require(viewer, Permission.DATA_WRITE)
    old = job.people
    _change(job, version, people=dict(people))
    record(
        viewer, "data.people_named", kind="data.import", key=str(job.pk), label=job.upload.name, at=at,
        old=old, new=dict(people),
    )  # fmt: skip


@transaction.atomic
def start(
    viewer: Viewer, job: ImportJob, *, people: Mapping[str, str], save_as: str, version: int, at: datetime
) -> None:
    """Have the file imported. A second call while it is on its way changes nothing.

    ``people`` says which employee number stands for a name in the file. ``save_as`` keeps the mapping under this name;
    empty, it is not kept.
    """
    require(viewer, Permission.DATA_WRITE)
    mapping = with_people(parse_mapping(job.mapping, name=job.upload.file.stem), people)
    if ORGANISATION & {table.dataset for table in mapping.tables}:
        require(viewer, Permission.ORG_WRITE)
    path = files.mapping_path(settings.HOME, save_as) if save_as else None
    text = mapping_text(mapping, (job.look or {}).get("notes") or {})
    begun = ImportJob.objects.filter(pk=job.pk, state=State.DRAFT, version=version).update(
        state=State.QUEUED, work=Work.IMPORT, mapping=text, saved_as=save_as, people=dict(people), stop_asked=False,
        problems={},
        report={},
        version=F("version") + 1,
    )  # fmt: skip
    if not begun:
        _refuse_draft(job)
        return
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    record(
        viewer, "data.import_started", kind="data.import", key=str(job.pk), label=job.upload.name, at=at,
        new={"mapping": text, "saved_as": save_as},
    )  # fmt: skip
    _enqueue(job, at=at)


def _refuse_draft(job: ImportJob) -> None:
    """What is on its way was started by an earlier click; a draft was changed by somebody else (``Conflict``)."""
    if ImportJob.objects.filter(pk=job.pk, state=State.DRAFT).exists():
        raise Conflict("import.changed", name=job.upload.name)


@transaction.atomic
def cancel(viewer: Viewer, job: ImportJob, *, at: datetime) -> None:
    """Stop what a worker does for this job, at its next step; nothing of an import stopped in time is stored."""
    require(viewer, Permission.DATA_WRITE)
    waiting = ImportJob.objects.filter(pk=job.pk, state=State.QUEUED)
    stopped = waiting.exclude(work=Work.CHECK).update(state=State.CANCELLED, version=F("version") + 1)
    stopped += waiting.filter(work=Work.CHECK).update(state=State.DRAFT, version=F("version") + 1)
    stopped += ImportJob.objects.filter(pk=job.pk, state=State.RUNNING).update(stop_asked=True)
    if stopped:
        record(viewer, "data.import_cancelled", kind="data.import", key=str(job.pk), label=job.upload.name, at=at)
        announce("data.jobs", at=at)


@transaction.atomic
def reopen(viewer: Viewer, job: ImportJob, *, at: datetime) -> None:
    """Go back to the mapping of an import that failed or was stopped."""
    require(viewer, Permission.DATA_WRITE)
    ended = ImportJob.objects.filter(pk=job.pk, state__in=(State.FAILED, State.CANCELLED)).exclude(mapping="")
    if ended.update(state=State.DRAFT, stop_asked=False, found={}, version=F("version") + 1):
        record(viewer, "data.import_reopened", kind="data.import", key=str(job.pk), label=job.upload.name, at=at)
        announce("data.jobs", at=at)


@transaction.atomic
def discard(viewer: Viewer, job: ImportJob, *, at: datetime) -> None:
    """Throw away a file that was not imported. ``Conflict`` where a worker has it or it is imported."""
    require(viewer, Permission.DATA_WRITE)
    idle = (State.DRAFT, State.FAILED, State.CANCELLED)
    if not ImportJob.objects.filter(pk=job.pk, state__in=idle, load=None).exists():
        raise Conflict("import.in_use", name=job.upload.name)
    record(viewer, "data.discarded", kind="data.import", key=str(job.pk), label=job.upload.name, at=at)
    announce("data.jobs", at=at)
    job.upload.delete()
    files.remove(settings.HOME, job.upload.path)


def undo(viewer: Viewer, store: Store, load: int, *, at: datetime) -> None:
    """Take a load out of the lake again; figures follow in the background.

    Raises ``StoreError`` where it cannot be undone, or somebody else is writing.
    """
    require(viewer, Permission.DATA_WRITE)
    found = next((each for each in store.manifest.loads if each.number == load), None)
    if found is None:
        raise StoreError("undo.unknown", load=load)
    if folding.is_stream(found.source):
        raise StoreError("undo.stream", source=found.source)
    if ORGANISATION & set(found.datasets):
        require(viewer, Permission.ORG_WRITE)
    with store.change() as change:
        change.undo_load(load, at=at)
    with transaction.atomic():
        record(
            viewer, "data.load_undone", kind="data.load", key=str(load), label=found.source, at=at,
            old={"records": dict(found.datasets)},
        )  # fmt: skip
        pull_actions.undone(load, at=at)
        announce("data.loads", at=at)
        workers.ask("refresh_facts")
    arrivals.tell(viewer, store, frozenset(found.datasets), at=at)


@transaction.atomic
def save_mapping(viewer: Viewer, name: str, text: str, *, before: str, at: datetime) -> None:
    """Replace a kept mapping. ``DefinitionError`` with every issue; ``Conflict`` where it is no longer ``before``."""
    require(viewer, Permission.DATA_WRITE)
    parse_mapping(text, name=name)
    old = queries.saved_mapping(settings.HOME, name)
    if old != before:
        raise Conflict("mapping.changed", name=name)
    files.mapping_path(settings.HOME, name).write_text(text, encoding="utf-8")
    record(
        viewer, "data.mapping_saved", kind="data.mapping", key=name, label=name, at=at,
        old={"mapping": old}, new={"mapping": text},
    )  # fmt: skip
    announce("data.mappings", at=at)


@transaction.atomic
def delete_mapping(viewer: Viewer, name: str, *, at: datetime) -> None:
    """Forget a kept mapping; the audit trail keeps its text."""
    require(viewer, Permission.DATA_WRITE)
    old = queries.saved_mapping(settings.HOME, name)
    files.mapping_path(settings.HOME, name).unlink()
    record(viewer, "data.mapping_deleted", kind="data.mapping", key=name, label=name, at=at, old={"mapping": old})
    announce("data.mappings", at=at)


@transaction.atomic
def queue_lost(*, at: datetime) -> list[int]:
    """Hand jobs whose worker died to another one; ``at`` by the machine's clock. Their numbers."""
    found = list(queries.lost_jobs(at=at).select_for_update())
    for job in found:
        ImportJob.objects.filter(pk=job.pk).update(state=State.QUEUED)
        _enqueue(job, at=at)
    return [job.pk for job in found]


def clear_away(*, at: datetime) -> None:
    """Remove what killed processes left: folders of imports, and uploads of a day ago that no import knows."""
    remove_left_behind()
    known = {str(PurePosixPath(path).parent) for path in Upload.objects.values_list("path", flat=True)}
    files.remove_forgotten(settings.HOME, known, before=(at - timedelta(days=1)).timestamp())


def _change(job: ImportJob, version: int, **values: object) -> None:
    """Change a draft that nobody else changed meanwhile. ``Conflict`` otherwise."""
    changed = ImportJob.objects.filter(pk=job.pk, version=version, state=State.DRAFT).update(
        **values, version=F("version") + 1
    )
    if not changed:
        raise Conflict("import.changed", name=job.upload.name)


def _enqueue(job: ImportJob, *, at: datetime) -> None:
    """Ask a worker; in the transaction of the change, so that neither is there without the other."""
    announce("data.jobs", at=at)
    workers.ask("run_job", job.pk)
