"""What a worker does for a job: look at a file, check it, import it, or read it from a database first."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import transaction

from fuxiao.base.actions import announce, record
from fuxiao.base.clock import day_start, now
from fuxiao.base.wording import LANGUAGES, say, say_error
from fuxiao.core.errors import FuxiaoError, InputError
from fuxiao.datasets import arrivals, pull_actions, pulling, queries
from fuxiao.datasets.build import build_facts
from fuxiao.datasets.importing.inspect import inspect_file
from fuxiao.datasets.importing.layout import Layout
from fuxiao.datasets.importing.look import look_at
from fuxiao.datasets.importing.progress import Cancelled
from fuxiao.datasets.importing.run import ImportReport, import_file, kept_report
from fuxiao.datasets.models import State, Work
from fuxiao.datasets.running import Run, patiently, plain
from fuxiao.datasets.store import Store

logger = logging.getLogger("fuxiao.datasets")
MOST_FINDINGS = 200
FACTS = "facts"
"""The stage after the records are stored."""


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
