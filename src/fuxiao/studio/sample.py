"""A demonstration company in an installation that has no data yet, to look around; and its removal without a trace.

How it stands is kept in ``sample.json`` of the home folder: an installation without that file has its own data only.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError

from fuxiao.base.actions import announce, announce_alone, record, require
from fuxiao.base.clock import ticking
from fuxiao.base.permissions import Permission, Viewer
from fuxiao.core.errors import InputError
from fuxiao.datasets import arrivals, workers
from fuxiao.datasets.importing.mapping_read import read_mapping
from fuxiao.datasets.importing.run import import_file
from fuxiao.datasets.store import Store
from fuxiao.org.models import Membership, Person, Team
from fuxiao.org.publish import SOURCE
from fuxiao.simulate.calendar_days import add_months
from fuxiao.simulate.layout import FILES
from fuxiao.simulate.run import simulate

FILE = "sample.json"
PEOPLE, MONTHS, SEED = 24, 12, 7
STUCK = 900
"""Seconds without a step, after which whoever worked on it is taken for dead."""
FILLING, IN, FAILED = "filling", "in", "failed"


@dataclass(frozen=True, slots=True)
class Sample:
    """How the demonstration company stands: ``done`` of ``total`` steps, and what of it is where."""

    state: str
    done: int = 0
    total: int = len(FILES) + 2
    loads: tuple[int, ...] = ()
    people: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


def sample(home: Path) -> Sample | None:
    """The demonstration company; none where there is none. One that nobody works on any more has failed."""
    path = home / FILE
    try:
        kept, changed = json.loads(path.read_text(encoding="utf-8")), path.stat().st_mtime
    except FileNotFoundError:
        return None
    if kept["state"] == FILLING and ticking().timestamp() - changed > STUCK:
        kept["state"] = FAILED
    return Sample(**{**kept, **{name: tuple(kept[name]) for name in ("loads", "people", "teams")}})


def _keep(found: Sample, *, at: datetime) -> Sample:
    """Write it down, as a whole or not at all, and tell the open pages."""
    aside = settings.HOME / f"{FILE}.new"
    aside.write_text(json.dumps(asdict(found), ensure_ascii=False), encoding="utf-8")
    aside.replace(settings.HOME / FILE)
    announce_alone("sample", at=at)
    return found


def may_fill(viewer: Viewer, store: Store) -> bool:
    """Whether the demonstration company can come in: nothing else is there, nor ever was removed halfway."""
    permitted = viewer.may(Permission.ORG_WRITE) and viewer.may(Permission.DATA_WRITE)
    return permitted and sample(store.home) is None and _is_empty(store)


def _is_empty(store: Store) -> bool:
    return not store.manifest.standing_loads() and not Person.objects.exists() and not Team.objects.exists()


def begin(viewer: Viewer, store: Store, *, at: datetime) -> None:
    """Have the demonstration company brought in. ``InputError`` where there is data of one's own."""
    require(viewer, Permission.DATA_WRITE)
    require(viewer, Permission.ORG_WRITE)
    if sample(store.home) is not None or not _is_empty(store):
        raise InputError("sample.not_empty")
    _keep(Sample(FILLING), at=at)
    with transaction.atomic():
        record(viewer, "sample.begun", kind="sample", key=FILE, at=at)
        workers.ask("fill_sample", viewer.account, viewer.name)


def fill(viewer: Viewer, store: Store, *, today: date, at: datetime, build: Callable[[Store], object]) -> Sample:
    """Simulate the company up to the last whole month and bring it in, a file a step; then the figures (``build``)."""
    start = add_months(today.replace(day=1), -MONTHS)
    with tempfile.TemporaryDirectory(prefix="fuxiao-sample-") as folder:
        raw = Path(folder)
        simulate(raw, seed=SEED, people=PEOPLE, start=start, months=MONTHS)
        found = _keep(Sample(FILLING, done=1), at=at)
        for file in FILES:
            mapping = read_mapping(raw / "mappings" / f"{file.stem}.toml")
            report = import_file(store, raw / file.name, mapping, at=at)
            loads = (*found.loads, *([report.load] if report.load else []))
            found = _keep(replace(found, done=found.done + 1, loads=loads), at=at)
            store.refresh()
    arrivals.tell(viewer, store, frozenset({"people", "teams", "memberships"}), at=at)
    found = replace(
        found, people=tuple(Person.objects.values_list("number", flat=True)),
        teams=tuple(Team.objects.values_list("key", flat=True)),
    )  # fmt: skip
    _keep(found, at=at)
    build(store)
    announce_alone("values", at=at)
    return _keep(replace(found, state=IN, done=found.total), at=at)


def fail(*, at: datetime) -> None:
    """It did not come in whole: what is there can be removed."""
    found = sample(settings.HOME)
    if found is not None:
        _keep(replace(found, state=FAILED), at=at)


def remove(viewer: Viewer, store: Store, *, at: datetime) -> None:
    """Take the demonstration company out; one's own data stays.

    Raises ``InputError`` (``sample.mixed``) where something of one's own hangs on it, ``StoreError`` where a load
    cannot be undone; then nothing has changed.
    """
    require(viewer, Permission.DATA_WRITE)
    require(viewer, Permission.ORG_WRITE)
    found = sample(store.home)
    if found is None:
        return
    with transaction.atomic():
        gone = _remove_people(found)
        record(viewer, "sample.removed", kind="sample", key=FILE, at=at, old=gone)
        _undo(store, found, at=at)
        announce("sample", at=at)
        announce("org.people", at=at)
        announce("data.loads", at=at)
        workers.ask("refresh_facts")
    (store.home / FILE).unlink(missing_ok=True)
    if Person.objects.exists():
        workers.ask("publish_organisation")


def _remove_people(found: Sample) -> Mapping[str, int]:
    """The people and teams of the company, where nothing of one's own hangs on them."""
    people, teams = Person.objects.filter(number__in=found.people), Team.objects.filter(key__in=found.teams)
    foreign = Membership.objects.filter(team__in=teams).exclude(person__in=people).select_related("person").first()
    if foreign is not None:
        raise InputError("sample.mixed", name=foreign.person.name)
    linked = people.filter(account__isnull=False).first()
    if linked is not None:
        raise InputError("sample.account", name=linked.name)
    counted = {"people": people.count(), "teams": teams.count()}
    try:
        Membership.objects.filter(person__in=people).delete()
        teams.update(parent=None, lead=None)
        people.delete()
        teams.delete()
    except ProtectedError as error:
        named = next(iter(error.protected_objects), "")
        raise InputError("sample.mixed", name=str(named)) from error
    return counted


def _undo(store: Store, found: Sample, *, at: datetime) -> None:
    """Its loads, the last first, and what the organisation wrote into the lake meanwhile: that is written anew."""
    names = {file.name for file in FILES} if found.state != IN else set()
    first = min(found.loads, default=0)
    loads: Sequence[int] = sorted(
        (
            load.number for load in store.manifest.standing_loads()
            if load.number in found.loads or load.source in names or (load.source == SOURCE and load.number > first)
        ),
        reverse=True,
    )  # fmt: skip
    if loads:
        with store.change() as change:
            for number in loads:
                change.undo_load(number, at=at)
