"""Builds the fact tables of a home folder from its records, once for each state of records and definitions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache

import ibis.expr.types as ir
import pyarrow as pa

from fuxiao.base.calendars import read_calendars, read_policies
from fuxiao.base.settings import Settings
from fuxiao.core.calendar import WorkCalendar
from fuxiao.core.service_level import Policy
from fuxiao.core.worktime import DAY_SECONDS
from fuxiao.datasets.manifest import epoch
from fuxiao.datasets.store import Change, Store
from fuxiao.engine import fact_tables as declared
from fuxiao.engine import schema
from fuxiao.engine.business_time import WorkTables, calendar_tables, width_of
from fuxiao.engine.facts import SORTED_BY, FactPlan, FactRules, Inputs, Keep, plan_facts
from fuxiao.engine.local_time import local_day_table
from fuxiao.engine.pruning import Stage

BEFORE_DAYS, AFTER_DAYS = 3, 800
"""How far the tables of days reach beyond the first and last moment: due moments lie in the future."""
EARLIEST_DAY, LATEST_DAY = -25_000, 83_000
"""The days that calendars can tell (1901 to 2197); moments beyond them have no business time."""
VERSION = 1
"""Version of the way facts are made; raised when the same records give other facts."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What was built: rows by fact table, and whether the stored facts were still good and nothing was done."""

    rows: dict[str, int]
    key: str
    reused: bool


def build_facts(store: Store, *, cut_off: datetime) -> BuildReport:
    """Make all fact tables as of ``cut_off``; the stored ones are kept where they were made of the same.

    All or none become visible. Raises ``DefinitionError`` for wrong calendars or service levels, ``StoreError`` where
    another writer is at work.
    """
    made_of = ingredients(store, cut_off)
    if store.manifest.facts_key == made_of.key:
        return BuildReport({name: file.rows for name, file in store.manifest.facts.items()}, made_of.key, reused=True)
    with store.change() as change, store.building():
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


def fact_plan(store: Store, made_of: Ingredients, *, only: Iterable[str] = ()) -> FactPlan:
    """How the fact tables are made of this store's records."""
    return plan_facts(lambda keep: inputs(store, made_of.calendars, made_of.rules, keep), only=only)


def _store_all(store: Store, change: Change, made_of: Ingredients) -> dict[str, int]:
    """Compute and write every fact table; the number of rows of each."""
    plan = fact_plan(store, made_of)
    names = {stage.name: name for name, stage in plan.tables.items()}
    rows: dict[str, int] = {}
    for stage in computed(store, plan.whole(), keep=names):
        name = names[stage.name]
        rows[name] = change.put_facts(name, stage.table, sort_by=SORTED_BY[name])
        store.show(stage.name, change.facts_path(name))
    return rows


def computed(
    store: Store, stages: Sequence[Stage], *, keep: Container[str], in_memory: bool = False
) -> Iterator[Stage]:
    """Compute the stages one after the other, and let go of each after its last reader; those of ``keep`` are handed
    out in their turn instead."""
    last = {source: stage.name for stage in stages for source in stage.sources}
    for stage in stages:
        if stage.name in keep:
            yield stage
        else:
            store.stage(stage, in_memory=in_memory)
        for source in stage.sources:
            if last[source] == stage.name and source not in keep:
                store.drop(source)


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


def inputs(store: Store, calendars: dict[str, WorkCalendar], rules: FactRules, keep: Keep) -> Inputs:
    """What the fact expressions need, over this store."""
    lookups = lookup_tables(calendars, rules, zone=store.settings.zone, span=span_of(store, rules.cut_off))
    days, spans, local = (store.temporary(name, lookups.tables[name]) for name in ("days", "spans", "local_days"))
    work = WorkTables(numbers=lookups.numbers, days=days, spans=spans, width=width_of(lookups.tables["days"]))
    return Inputs(
        records=_current_records(store, keep),
        present=frozenset(store.manifest.records),
        keep=keep,
        work=work,
        local_days=local,
        rules=rules,
    )


def _current_records(store: Store, keep: Keep) -> Callable[[str], ir.Table]:
    """The records by name; where there are several versions, the newest are searched for once."""

    @cache
    def records(name: str) -> ir.Table:
        held = store.manifest.records.get(name)
        current = store.records(name)
        return keep(f"current_{name}", current) if held is not None and held.overlap else current

    return records


@dataclass(frozen=True, slots=True)
class Lookups:
    """The tables ``days``, ``spans`` and ``local_days`` as Arrow, for any engine, and the numbers of the calendars."""

    numbers: dict[str, int]
    tables: dict[str, pa.Table]


def lookup_tables(calendars: dict[str, WorkCalendar], rules: FactRules, *, zone: str, span: tuple[int, int]) -> Lookups:
    """The look-up tables for moments in ``span``; only calendars that something uses are spread out."""
    used = {rules.calendar, *(policy.calendar for policy in rules.policies)}
    first, last = (min(max(day, EARLIEST_DAY), LATEST_DAY) for day in span)
    numbers, days, spans = calendar_tables((calendars[key] for key in used), first_day=first, last_day=last)
    local = local_day_table(zone, first_day=first, last_day=last)
    return Lookups(numbers, {"days": days, "spans": spans, "local_days": local})


def span_of(store: Store, cut_off: int) -> tuple[int, int]:
    """The first and last UTC day that a moment of the records may fall on, with a margin."""
    moments = [cut_off]
    for name, contract in schema.DATASETS.items():
        if name in store.manifest.records:
            moments += _extremes(store, contract)
    return min(moments) // DAY_SECONDS - BEFORE_DAYS, max(moments) // DAY_SECONDS + AFTER_DAYS


def _extremes(store: Store, contract: schema.Dataset) -> list[int]:
    """Least and greatest moment of a dataset, days taken at their first second."""
    table = store.records(contract.name)
    exprs: dict[str, ir.Value] = {}
    for column in contract.columns:
        if column.type in {schema.Type.MOMENT, schema.Type.DAY}:
            scale = DAY_SECONDS if column.type is schema.Type.DAY else 1
            moment = table[column.name].cast("int64") * scale
            exprs |= {f"min_{column.name}": moment.min(), f"max_{column.name}": moment.max()}
    if not exprs:
        return []
    [found] = store.execute(table.aggregate(**exprs)).to_pylist()
    return [value for value in found.values() if value is not None]
