"""Builds the fact tables of a home folder from its records, once for each state of records and definitions."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime

from fuxiao.base.calendars import read_calendars, read_policies
from fuxiao.base.settings import Settings
from fuxiao.core.calendar import WorkCalendar
from fuxiao.core.service_level import Policy
from fuxiao.datasets.making import Making
from fuxiao.datasets.manifest import epoch
from fuxiao.datasets.store import Change, Store
from fuxiao.engine import fact_tables as declared
from fuxiao.engine import schema
from fuxiao.engine.facts import SORTED_BY, FactRules

PATIENCE = 30
"""Seconds that the making of facts waits for another writer, such as a server's worker that is at the same, before it
says so."""
VERSION = 1
"""Version of the way facts are made; raised when the same records give other facts."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What was built: rows by fact table, and whether the stored facts were still good and nothing was done."""

    rows: dict[str, int]
    key: str
    reused: bool


def build_facts(store: Store, *, cut_off: datetime, patience: float = PATIENCE) -> BuildReport:
    """Make all fact tables as of ``cut_off``; the stored ones are kept where they were made of the same and are whole.

    All or none become visible; where the lake cannot be written, to this store alone. Raises ``DefinitionError`` for
    wrong calendars or service levels, ``StoreError`` where another writer is still at work after ``patience`` seconds.
    """
    made_of = ingredients(store, cut_off)
    if store.manifest.facts_key == made_of.key and store.facts_stand:
        return BuildReport({name: file.rows for name, file in store.manifest.facts.items()}, made_of.key, reused=True)
    writing = store.change(patience=patience) if store.writable else store.aside()
    with writing as change, store.building():
        try:
            rows = _store_all(store, change, made_of)
        finally:
            store.forget()
        # The records may have changed between the first look and the lock.
        change.name_facts(key := facts_key(store, made_of.calendars, made_of.rules))
    return BuildReport(rows, key, reused=False)


@dataclass(frozen=True, slots=True)
class Ingredients:
    """What facts are made of besides the records, and the key of facts made of these and the records of now."""

    calendars: dict[str, WorkCalendar]
    rules: FactRules
    key: str


def ingredients(store: Store, cut_off: datetime) -> Ingredients:
    """Calendars and rules as the home folder has them now; raises as ``build_facts`` does."""
    store.refresh()
    calendars = read_calendars(store.home, store.settings)
    rules = fact_rules(store.settings, read_policies(store.home, calendars), cut_off=epoch(cut_off))
    return Ingredients(calendars, rules, facts_key(store, calendars, rules))


def _store_all(store: Store, change: Change, made_of: Ingredients) -> dict[str, int]:
    """Compute and write every fact table; the number of rows of each."""
    making = Making.of(store, made_of.calendars, made_of.rules)
    names = {stage.name: name for name, stage in making.queries.tables.items()}
    rows: dict[str, int] = {}
    for stage in making.computed(making.queries.whole(), keep=names):
        name = names[stage.name]
        rows[name] = change.put_facts(name, making.query(stage), sort_by=SORTED_BY[name])
        store.show(stage.name, change.facts_path(name))
    return rows


def fact_rules(settings: Settings, policies: tuple[Policy, ...], *, cut_off: int) -> FactRules:
    """What the settings of a company say about facts; ``cut_off`` in epoch seconds."""
    windows = settings.windows
    return FactRules(
        cut_off=cut_off,
        calendar=settings.calendar,
        policies=policies,
        mandatory=settings.mandatory,
        visit_tolerance=windows.visit_tolerance_minutes * 60,
        complaint_acknowledge=windows.complaint_acknowledge_hours * 3600,
        complaint_closing=windows.complaint_closing_hours * 3600,
        complaint_business=windows.complaint_clock == "business",
        no_access_points=settings.no_access_points,
    )


def facts_key(store: Store, calendars: dict[str, WorkCalendar], rules: FactRules) -> str:
    """A digest of all that facts are made of: records, calendars, service levels, settings, cut-off, code."""
    parts = {
        "records": store.manifest.records_generation,
        "calendars": [calendars[key].as_dict() for key in sorted(calendars)],
        "rules": asdict(rules),
        "zone": store.settings.zone,
        "versions": (VERSION, schema.VERSION, declared.VERSION),
    }
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()
