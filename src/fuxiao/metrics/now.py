"""Figures of the running month that are seconds old: one open month a process, kept up by what changed since.

The month is opened in the background over the facts as last built. What changed since comes from a feed, which the
service desk registers, so that it need not be opened again when facts are made of these changes: only for a new day, an
import or other definitions. Opening takes seconds, following a change milliseconds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from fuxiao.base.settings import read_settings
from fuxiao.core.indicator import Value
from fuxiao.core.period import Period, PeriodKind, local_day, period_of
from fuxiao.datasets.manifest import FILE, Load, Manifest, epoch, read_manifest
from fuxiao.datasets.store import Store
from fuxiao.engine.compile import unanswerable
from fuxiao.engine.definition import Indicator
from fuxiao.engine.rows import Scope
from fuxiao.metrics.availability import available
from fuxiao.metrics.library import read_library
from fuxiao.metrics.live import LiveMonth, told_by_nobody
from fuxiao.metrics.month_facts import GROUPS
from fuxiao.metrics.source import facts_in
from fuxiao.metrics.values import ValueTable

Named = tuple[str, str]
"""A record by its dataset and its key in the feed."""
MEMORY = "500MB"
IN_FLIGHT = 1_000
"""A lower number may become visible after a higher one, but not after so many more."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What changed: the entries with a number above one, oldest first, each with the record it names; the records by
    dataset; and the source of the loads that carry them into the lake."""

    changed: Callable[[int], Sequence[tuple[int, Named]]]
    records: Callable[[Iterable[Named]], Mapping[str, Sequence[Mapping[str, Any]]]]
    source: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of persons in the running month, by person and indicator, as of ``data_at``."""

    month: Period
    values: Mapping[str, Mapping[str, Value]]
    indicators: Mapping[str, Indicator]
    data_at: datetime


@dataclass(frozen=True, slots=True)
class Tables:
    """Figures of everybody, of all teams and of the company in the running month; equal ``state``, equal figures."""

    state: tuple[int, int, date]
    people: ValueTable
    teams: ValueTable
    whole: ValueTable


@dataclass(frozen=True, slots=True)
class _Origin:
    """What a month in memory is made of. ``facts`` is the key of the facts, empty where there are none.

    ``definitions`` are the files that say what counts; ``loads`` what came into the lake from elsewhere; ``datasets``
    those that there are records of: with the first record of another, more indicators have an answer.
    """

    facts: str
    day: date
    definitions: Hashable
    loads: Hashable
    datasets: frozenset[str]

    @property
    def month(self) -> Period:
        return period_of(PeriodKind.MONTH, self.day)

    def serves(self, wanted: _Origin) -> bool:
        """Whether a month made of this gives, with the changes since, what one made of ``wanted`` would give."""
        if (self.month, self.definitions) != (wanted.month, wanted.definitions):
            return False
        held, asked = ((each.day, each.loads, each.datasets) for each in (self, wanted))
        return self.facts == wanted.facts or held == asked


@dataclass
class _Opened:
    """A month in memory; ``seen`` are the newest entries that it contains, ``behind`` those still to be taken in."""

    origin: _Origin
    store: Store
    live: LiveMonth
    indicators: Mapping[str, Indicator]
    behind: Sequence[tuple[int, Named]]
    library: Mapping[str, Indicator]
    seen: set[int] = field(default_factory=set)
    taken: int = 0
    number: int = field(default_factory=count(1).__next__)
    tables: dict[tuple[str, ...], Tables] = field(default_factory=dict)

    def close(self) -> None:
        self.live.close()
        self.store.close()


class Running:
    """The running month of one home folder, for all threads of a process."""

    def __init__(self, home: Path, feed: Feed) -> None:
        self.home = home
        self._feed = feed
        self._turn = threading.Lock()
        self._opened: _Opened | None = None
        self._opening: threading.Thread | None = None
        self._failed: _Origin | None = None

    def figures(self, people: Iterable[str], *, now: datetime) -> Figures | None:
        """The figures of these persons with every change until now; ``None`` while the month is being opened."""
        self.look(now=now)
        with self._turn:
            opened = self._opened
            if opened is None:
                return None
            self._catch_up(opened, now=now)
            return Figures(opened.origin.month, opened.live.people(people), opened.indicators, now)

    def tables(self, codes: Iterable[str], month: Period, *, now: datetime) -> Tables | None:
        """The figures of these indicators with every change until now; ``None`` where this month is not open."""
        wanted = self._wanted(now)
        if wanted.month != month:
            return None
        self.look(now=now)
        with self._turn:
            opened = self._opened
            if opened is None or opened.origin.month != month or not opened.origin.serves(wanted):
                return None
            self._catch_up(opened, now=now)
            known = tuple(code for code in codes if code in opened.library)
            held, state = opened.tables.get(known), (opened.number, opened.taken, wanted.day)
            if held is None or held.state != state:
                asked, as_of = [opened.library[code] for code in known], wanted.day
                found = [opened.live.facts.values(asked, by=group, as_of=as_of) for group in GROUPS]
                opened.tables[known] = held = Tables(state, *found)
            return held

    def look(self, *, now: datetime) -> None:
        """Open the month in the background where there is none yet, or the one there is no longer serves."""
        wanted = self._wanted(now)
        opened = self._opened
        if not wanted.facts or wanted == self._failed or (opened is not None and opened.origin.serves(wanted)):
            return
        with self._turn:
            if self._opening is not None and self._opening.is_alive():
                return
            # Looked at before the store is opened: what is forgotten later is in the facts that it opens.
            behind = self._feed.changed(0)
            self._opening = threading.Thread(target=self._open, args=(wanted, behind, now), daemon=True)
            self._opening.start()

    def has_facts(self, *, now: datetime) -> bool:
        """Whether there is anything to open."""
        return bool(self._wanted(now).facts)

    def wait(self) -> None:
        """Until the month that is being opened is there."""
        if self._opening is not None:
            self._opening.join()

    def close(self) -> None:
        self.wait()
        with self._turn:
            if self._opened is not None:
                self._opened.close()
            self._opened = None

    def _wanted(self, now: datetime) -> _Origin:
        path = self.home / "lake" / FILE
        facts, zone, loads, datasets = _lake(self.home, path.stat().st_mtime_ns if path.exists() else 0)
        others = tuple((load.number, load.undone) for load in loads if load.undone or load.source != self._feed.source)
        return _Origin(facts, local_day(epoch(now), zone), _definitions(self.home), others, datasets)

    def _open(self, origin: _Origin, behind: Sequence[tuple[int, Named]], now: datetime) -> None:
        try:
            made = self._made(origin, behind, now)
        except Exception:
            self._failed = origin  # the same would fail again
            raise
        with self._turn:
            before, self._opened = self._opened, made
            if before is not None:
                before.close()

    def _made(self, origin: _Origin, behind: Sequence[tuple[int, Named]], now: datetime) -> _Opened:
        store = Store.open(self.home, memory=MEMORY, threads=1)
        try:
            library = _library(store)
            indicators = personal(store, library.values(), origin.month)
            live = LiveMonth(
                store, list(indicators.values()), origin.month, now=now, library=list(library.values())
            )  # fmt: skip
        except BaseException:
            store.close()
            raise
        return _Opened(origin, store, live, indicators, behind, library)

    def _catch_up(self, opened: _Opened, *, now: datetime) -> None:
        """Take in every record that changed and is not known yet."""
        entries = [*opened.behind, *self._feed.changed(max(opened.seen, default=0) - IN_FLIGHT)]
        fresh = {number: named for number, named in entries if number not in opened.seen}
        by_case: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
        for dataset, rows in self._feed.records(dict.fromkeys(fresh.values())).items():
            for row in rows:
                if row.get("case_id") is not None:
                    by_case.setdefault(row["case_id"], {}).setdefault(dataset, []).append(row)
                elif "case_id" in row:
                    opened.live.record_alone(dataset, [row], now=now)
        for case_id, news in by_case.items():
            opened.live.record_case(case_id, news, now=now)
        opened.behind = ()
        opened.taken += len(fresh)
        opened.seen |= fresh.keys()
        newest = max(opened.seen, default=0)
        opened.seen = {number for number in opened.seen if number > newest - 2 * IN_FLIGHT}


def _library(store: Store) -> Mapping[str, Indicator]:
    """All indicators, built in and own, by code."""
    tables, currency = facts_in(store).declared, store.settings.currency
    return read_library(store.home / "indicators", tables=tables, currency=currency).indicators


def personal(store: Store, library: Iterable[Indicator], month: Period) -> dict[str, Indicator]:
    """The indicators that single persons have, by code, but those about what no record tells."""
    facts = facts_in(store)
    scope = Scope(by=("person",), kind=month.kind, first=month.index, last=month.index)
    found = [each for each in library if unanswerable(each.by(("person",)), facts, scope) is None]
    unknown = {f"cases.{column}" for column in told_by_nobody(store)}
    missing = available(found, store, scope=scope) if unknown else {}
    return {each.code: each for each in found if unknown.isdisjoint(missing.get(each.code, ()))}


def _definitions(home: Path) -> Hashable:
    """The files that say what counts, with when they changed."""
    files = [home / "fuxiao.toml", home / "service_levels.yaml"]
    files += [path for folder in ("calendars", "indicators") for path in sorted((home / folder).glob("*.yaml"))]
    return tuple((path.name, path.stat().st_mtime_ns) for path in files if path.exists())


@lru_cache(maxsize=8)
def _lake(home: Path, changed: int) -> tuple[str, str, tuple[Load, ...], frozenset[str]]:
    """The key of the facts, the zone, the loads and the datasets; read again where the manifest ``changed``."""
    manifest = read_manifest(home / "lake") if changed else Manifest()
    key = manifest.facts_key if "cases" in manifest.facts else ""
    return key, read_settings(home).zone, manifest.loads, frozenset(manifest.records)


_feeds: list[Feed] = []
_running: dict[Path, Running] = {}
_making = threading.Lock()


def register(feed: Feed) -> None:
    """Have changes come from here."""
    _feeds[:] = [feed]


def running(home: Path) -> Running:
    """The running month of this home folder in this process."""
    with _making:
        if home not in _running:
            _running[home] = Running(home, _feeds[0] if _feeds else Feed(lambda _: (), lambda _: {}, ""))
        return _running[home]


def figures_now(home: Path, people: Iterable[str], *, now: datetime) -> Figures | None:
    """The figures of these persons in the running month, as fresh as the last record; ``None`` while it is opened.

    Whoever asks has looked whose figures the reader may see.
    """
    return running(home).figures(people, now=now)
