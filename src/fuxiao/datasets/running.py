"""One worker's run of an import: it takes the job, says how far it is, hears that it should stop, and ends it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Q, QuerySet

from fuxiao.base.actions import announce, announce_alone, notify
from fuxiao.base.clock import now, ticking
from fuxiao.base.heartbeat import beating
from fuxiao.base.permissions import Permission, Reach, Viewer
from fuxiao.core.errors import StoreError
from fuxiao.datasets.importing.mapping import Mapping as FileMapping
from fuxiao.datasets.importing.mapping_read import parse_mapping
from fuxiao.datasets.importing.progress import Cancelled, Progress, Watch
from fuxiao.datasets.models import ImportJob, State

Done = TypeVar("Done")
BEAT = 1.0
"""Seconds between two notes of how far it is; each is a sign of life and a look whether to stop."""
PULLING = "pull"
"""The stage of reading rows from a database."""


@dataclass
class Run:
    """A job in the hands of a worker. What an earlier worker of the same job still writes goes nowhere."""

    job: ImportJob
    shown: dict[str, object] = field(default_factory=dict)
    stop: bool = False

    @classmethod
    def begin(cls, number: int) -> Run | None:
        """Take the job; ``None`` where it is not waiting for a worker."""
        taken = ImportJob.objects.filter(pk=number, state=State.QUEUED).update(
            state=State.RUNNING, attempt=F("attempt") + 1, alive_at=ticking(), stage="", done=0, total=0, rows=0
        )
        if not taken:
            return None
        announce_alone("data.jobs", at=now())
        job = ImportJob.objects.select_related("upload", "pull__database").get(pk=number)
        return cls(job, stop=job.stop_asked)

    @property
    def path(self) -> Path:
        return self.job.upload.file

    @property
    def mapping(self) -> FileMapping:
        return parse_mapping(self.job.mapping, name=self.path.stem)

    @property
    def viewer(self) -> Viewer:
        """Whoever asked for it; what is permitted was looked at then."""
        permissions = frozenset({Permission.DATA_WRITE, Permission.ORG_WRITE})
        return Viewer(self.job.by_id, self.job.by_name, reach=Reach.ALL, permissions=permissions)

    def mine(self) -> QuerySet[ImportJob]:
        """The job's row, as long as no other worker took it."""
        return ImportJob.objects.filter(pk=self.job.pk, attempt=self.job.attempt, state=State.RUNNING)

    def progress(self, at: Progress) -> None:
        """Remember how far it is. Called from threads of the database that reads the file: it asks nothing itself."""
        self.shown = {"stage": at.stage.value, "done": at.done, "total": at.total, "rows": at.rows}

    def count(self, rows: int) -> None:
        """Remember how many rows a database gave so far, and stop where a person asked for it."""
        self.shown = {"stage": PULLING, "rows": rows}
        if self.stop:
            raise Cancelled

    def cancelled(self) -> bool:
        """Whether to stop: a person asked for it, or another worker took over."""
        return self.stop

    def exchange(self) -> None:
        """Say how far it is, and hear whether to stop."""
        self.mine().update(alive_at=ticking(), **self.shown)
        mine = Q(attempt=self.job.attempt, state=State.RUNNING, stop_asked=False)
        self.stop = self.stop or ImportJob.objects.filter(pk=self.job.pk).exclude(mine).exists()

    def watch(self) -> Watch:
        return Watch(self.progress, self.cancelled)

    def end(self, state: State, **values: object) -> str:
        """Leave the job in this state, if it is still in these hands."""
        with transaction.atomic():
            kept = {name: plain(value) for name, value in values.items()}
            if self.mine().update(state=state, finished_at=now(), version=F("version") + 1, **kept):
                announce("data.jobs", at=now())
        return state

    def notify(self, kind: str, **facts: str) -> None:
        """Let whoever asked for it know."""
        link = f"/data/import/{self.job.pk}/"
        notify([self.job.by_id], kind, at=now(), link=link, name=self.job.upload.name, **facts)

    def beating(self) -> AbstractContextManager[None]:
        """Exchange once a second while the block runs."""
        return beating(self.exchange, every=BEAT)


def patiently(do: Callable[[], Done], watch: Watch | None = None) -> Done:
    """Do it as soon as no other writer is at work; a lock dies with its process, so it is a matter of time."""
    while True:
        try:
            return do()
        except StoreError as error:
            if not error.code.endswith(".locked"):
                raise
            if watch is not None and watch.cancelled():
                raise Cancelled from error
            time.sleep(0.5)


def plain(value: object) -> object:
    """The same without what a database cannot keep in a text: zero characters and halves of characters."""
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {plain(key): plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value
