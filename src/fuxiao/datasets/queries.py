"""Reads of files and imports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Count, OuterRef, QuerySet, Subquery

from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import NotPermitted, UnknownName
from fuxiao.datasets.importing.names import source_name
from fuxiao.datasets.manifest import Load
from fuxiao.datasets.models import Database, ImportJob, Pull, State, Work

LOST_AFTER = timedelta(seconds=60)
"""Without a sign of life for so long, a worker is taken for dead."""


def jobs(viewer: Viewer) -> QuerySet[ImportJob]:
    """All imports, the newest first, without what is large."""
    _may_read(viewer)
    return ImportJob.objects.select_related("upload").defer("look", "found", "mapping").order_by("-id")


def job(viewer: Viewer, number: int) -> ImportJob:
    """One import; ``UnknownName`` where there is none."""
    found = jobs(viewer).defer(None).filter(pk=number).first()
    if found is None:
        raise UnknownName("import", str(number), ())
    return found


def jobs_by_load(viewer: Viewer) -> dict[int, int]:
    """The number of the import that brought each load, for those that came by the web."""
    found = jobs(viewer).filter(load__isnull=False).order_by("id").values_list("load", "pk")
    return {load: number for load, number in found if load is not None}


def lost_jobs(*, at: datetime) -> QuerySet[ImportJob]:
    """Those whose worker has given no sign of life; ``at`` by the machine's clock."""
    return ImportJob.objects.filter(state=State.RUNNING, alive_at__lt=at - LOST_AFTER)


def is_lost(job: ImportJob, *, at: datetime) -> bool:
    return job.state == State.RUNNING and job.alive_at is not None and job.alive_at < at - LOST_AFTER


@dataclass(frozen=True, slots=True)
class Source:
    """Files of one kind, told by their name without numbers; ``loads`` newest first, undone ones included."""

    name: str
    loads: tuple[Load, ...]

    @property
    def standing(self) -> tuple[Load, ...]:
        return tuple(load for load in self.loads if not load.undone)


def sources(loads: Iterable[Load]) -> Iterator[Source]:
    """The loads by kind of file, the kind with the newest load first."""
    found: dict[str, list[Load]] = {}
    for load in sorted(loads, key=lambda each: -each.number):
        found.setdefault(source_name(load.source), []).append(load)
    return (Source(name, tuple(each)) for name, each in found.items())


def saved_mappings(home: Path) -> list[tuple[str, str]]:
    """Names and texts of the mappings that the organisation keeps, by name."""
    files = sorted((home / "mappings").glob("*.toml"))
    return [(path.stem, path.read_text(encoding="utf-8-sig", errors="replace")) for path in files]


def saved_mapping(home: Path, name: str) -> str:
    """The text of a mapping; ``UnknownName`` where there is none of that name."""
    kept = dict(saved_mappings(home))
    if name not in kept:
        raise UnknownName("mapping", name, kept)
    return kept[name]


def databases(viewer: Viewer) -> QuerySet[Database]:
    """The connections to other databases, with how many pulls each has."""
    _may_read(viewer)
    return Database.objects.annotate(pulled=Count("pulls")).order_by("name")


def database(viewer: Viewer, number: int) -> Database:
    """One connection; ``UnknownName`` where there is none."""
    found = databases(viewer).filter(pk=number).first()
    if found is None:
        raise UnknownName("database", str(number), ())
    return found


def pulls(viewer: Viewer) -> QuerySet[Pull]:
    """What is read from other databases, each with the state of its last reading (``last_state``, ``last_at``)."""
    _may_read(viewer)
    runs = ImportJob.objects.filter(pull=OuterRef("pk"), work=Work.PULL).order_by("-pk")
    return Pull.objects.select_related("database").annotate(
        last_state=Subquery(runs.values("state")[:1]), last_at=Subquery(runs.values("at")[:1])
    ).order_by("name")  # fmt: skip


def pull(viewer: Viewer, number: int) -> Pull:
    """One of them; ``UnknownName`` where there is none."""
    found = pulls(viewer).filter(pk=number).first()
    if found is None:
        raise UnknownName("pull", str(number), ())
    return found


def runs(viewer: Viewer, pull: Pull) -> QuerySet[ImportJob]:
    """Its readings, the newest first."""
    return jobs(viewer).filter(pull=pull, work=Work.PULL)


def sample(viewer: Viewer, pull: Pull) -> ImportJob | None:
    """The newest sample whose columns wait for a person."""
    return jobs(viewer).filter(pull=pull).exclude(work=Work.PULL).first()


def _may_read(viewer: Viewer) -> None:
    if not viewer.may(Permission.DATA_READ):
        raise NotPermitted("permission.denied", permission=Permission.DATA_READ.value)
