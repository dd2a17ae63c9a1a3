"""One worker's run of an import: it takes the job, says how far it is, hears that it should stop, and ends it."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import OperationalError, connections, transaction
from django.db.models import F, Q, QuerySet

from fuxiao.base.actions import announce, announce_alone, notify, record
from fuxiao.base.clock import day_start, now, ticking
from fuxiao.base.permissions import Permission, Reach, Viewer
from fuxiao.base.wording import LANGUAGES, say, say_error
from fuxiao.core.errors import FuxiaoError, InputError, StoreError
from fuxiao.datasets import arrivals, pull_actions, pulling, queries
from fuxiao.datasets.build import build_facts
from fuxiao.datasets.importing.inspect import inspect_file
from fuxiao.datasets.importing.layout import Layout
from fuxiao.datasets.importing.look import look_at
from fuxiao.datasets.importing.mapping import Mapping as FileMapping
from fuxiao.datasets.importing.mapping_read import parse_mapping
from fuxiao.datasets.importing.progress import Cancelled, Progress, Watch
from fuxiao.datasets.importing.run import ImportReport, import_file, kept_report
from fuxiao.datasets.models import ImportJob, State, Work
from fuxiao.datasets.store import Store

logger = logging.getLogger("fuxiao.datasets")
Done = TypeVar("Done")
BEAT = 1.0
"""Seconds between two notes of how far it is; each is a sign of life and a look whether to stop."""
MOST_FINDINGS = 200
FACTS = "facts"
"""The stage after the records are stored."""
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

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Exchange once a second while the block runs, from a thread of its own."""
        over = threading.Event()
        thread = threading.Thread(target=self._beat, args=(over,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _beat(self, over: threading.Event) -> None:
        try:
            while not over.wait(BEAT):
                with suppress(OperationalError):  # the database is busy: the next beat says it
                    self.exchange()
        finally:
            connections.close_all()


def work(run: Run) -> str:
    """Do what the job asks for; the state it ends in."""
    try:
        with run.beating(), Store.open(settings.HOME) as store:
            return STEPS[Work(run.job.work)](run, store)
    except Cancelled:
        return run.end(State.DRAFT if run.job.work == Work.CHECK else State.CANCELLED, stop_asked=False)
    except FuxiaoError as refused:
        return _failed(run, {lang: say_error(refused, lang) for lang in LANGUAGES})
    except Exception:
        logger.exception("import failed", extra={"job": run.job.pk})
        _failed(run, {lang: [say("import.defect", lang, {"name": run.job.upload.name})] for lang in LANGUAGES})
        raise


def _failed(run: Run, problems: Mapping[str, list[str]]) -> str:
    """A check that fails sends the person back to the mapping; the rest has failed."""
    state = State.DRAFT if run.job.work == Work.CHECK else State.FAILED
    with transaction.atomic():
        run.end(state, problems=dict(problems))
        if run.job.work == Work.IMPORT:
            run.notify("data.import_failed")
        elif run.job.work == Work.PULL:
            pull_actions.failed(run.job, at=now())
    return state


def _look(run: Run, store: Store) -> str:
    saved = () if run.job.layout else queries.saved_mappings(settings.HOME)
    connection = store.scratch()
    try:
        layout = Layout(**run.job.layout)
        look, text = look_at(connection, run.path, layout=layout, saved=saved, watch=run.watch())
    except InputError as refused:
        if refused.code != "archive.which_member":
            raise
        return run.end(State.DRAFT, look={"members": list(_listed(refused.params["members"]))}, mapping="")
    finally:
        connection.close()
    return run.end(State.DRAFT, look=look.as_dict(), mapping=text, saved_as=look.saved, problems={})


def _listed(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else ()


def _check(run: Run, store: Store) -> str:
    watch = run.watch()
    found = inspect_file(
        store, run.path, run.mapping, at=now(), progress=watch.progress, cancelled=watch.cancelled
    )  # fmt: skip
    kept = {"report": _short(found.report), "previews": list(map(asdict, found.previews)),
            "people": list(map(asdict, found.people))}  # fmt: skip
    return run.end(State.DRAFT, found=kept, problems={})


def _import(run: Run, store: Store) -> str:
    """Store the records, then bring the figures up to date; with the records in, only the figures can fail."""
    mapping, watch = run.mapping, run.watch()
    if "after" not in run.job.report:
        run.job.report = {"after": max((load.number for load in store.manifest.loads), default=0)}
        run.mine().update(report=run.job.report)

    def once() -> ImportReport:
        return import_file(
            store, run.path, mapping, at=now(), progress=watch.progress, cancelled=watch.cancelled
        )  # fmt: skip

    report = _own(run, store, patiently(once, watch))
    run.mine().update(load=report.load, report=plain(_kept(run, report)))
    problems = _follow(run, store, report)
    with transaction.atomic():
        state = run.end(State.DONE, problems=problems)
        new = {"load": report.load, "rows": report.rows, "rejected": report.rejected}
        record(
            run.viewer, "data.imported", kind="data.import", key=str(run.job.pk), label=run.job.upload.name, at=now(),
            new=new,
        )  # fmt: skip
        announce("data.loads", at=now())
        announce("values", at=now())
        if run.job.work == Work.IMPORT:
            run.notify("data.imported", rows=f"{report.rows:,}", rejected=f"{report.rejected:,}")
    return state


def _sample(run: Run, store: Store) -> str:
    """The first rows of a database as a file, and a look at it."""
    if not pulling.fetch(run.job, run.count).rows:
        raise InputError("pull.no_rows")
    return _look(run, store)


def _pull(run: Run, store: Store) -> str:
    """What is new in a database as a file, and its import; nothing new is done at once."""
    staged = pulling.fetch(run.job, run.count)
    run.mine().update(pulled=run.job.pulled)
    state = _import(run, store) if staged.rows else run.end(State.DONE, report={"rows": 0, "rejected": 0})
    pull_actions.arrived(run.job, run.job.pulled)
    return state


def _follow(run: Run, store: Store, report: ImportReport) -> dict[str, list[str]]:
    """What comes after the records: whoever waits for them, and the figures. The lines of what went wrong."""
    run.shown = {"stage": FACTS}
    store.refresh()
    try:
        arrivals.tell(run.viewer, store, frozenset(report.accepted), at=now())
        patiently(lambda: build_facts(store, cut_off=day_start(store.settings.zone)))
    except FuxiaoError as refused:
        return {lang: [say("import.facts_failed", lang), *say_error(refused, lang)] for lang in LANGUAGES}
    return {}


def _own(run: Run, store: Store, report: ImportReport) -> ImportReport:
    """The report; where an earlier worker of this job stored the load and died, what is known of it."""
    if not report.unchanged or (report.load or 0) <= run.job.report["after"]:
        return report
    load = next(each for each in store.manifest.loads if each.number == report.load)
    return kept_report(store.home, load)


def _kept(run: Run, report: ImportReport) -> dict[str, Any]:
    """The report as kept. Refused rows of a load that brought nothing go beside the upload: its number is free."""
    kept = _short(report)
    if report.rejected_file is not None and report.load is None:
        aside = run.path.parent / "rejected.csv"
        shutil.move(report.rejected_file, aside)
        kept["rejected_file"] = str(aside)
    return kept


def _short(report: ImportReport) -> dict[str, Any]:
    whole = report.as_dict()
    return {**whole, "findings": list(whole["findings"])[:MOST_FINDINGS]}  # type: ignore[call-overload]


STEPS: Mapping[Work, Callable[[Run, Store], str]] = {
    Work.LOOK: _look, Work.CHECK: _check, Work.IMPORT: _import, Work.SAMPLE: _sample, Work.PULL: _pull,
}  # fmt: skip


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
