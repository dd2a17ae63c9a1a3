"""The tables of days that facts are made with: working seconds of each calendar, and local days of each UTC day."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

import pyarrow as pa
import pyarrow.parquet as pq

from fuxiao.core.bulk import bulk
from fuxiao.core.calendar import WorkCalendar
from fuxiao.core.worktime import DAY_SECONDS
from fuxiao.datasets.store import Store
from fuxiao.engine import schema
from fuxiao.engine.business_time import calendar_tables
from fuxiao.engine.facts import FactRules
from fuxiao.engine.local_time import local_day_table

BEFORE_DAYS, AFTER_DAYS = 3, 800
"""How far the tables of days reach beyond the first and last moment: due moments lie in the future."""
EARLIEST_DAY, LATEST_DAY = -25_000, 83_000
"""The days that calendars can tell (1901 to 2197); moments beyond them have no business time."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """The tables ``days``, ``spans`` and ``local_days`` as Arrow, for any engine, and the numbers of the calendars."""

    numbers: Mapping[str, int]
    tables: Mapping[str, pa.Table]


def lookup_tables(
    calendars: Mapping[str, WorkCalendar], rules: FactRules, *, zone: str, span: tuple[int, int]
) -> Lookups:
    """The look-up tables for moments in ``span``; only calendars that something uses are spread out."""
    used = sorted({rules.calendar, *(policy.calendar for policy in rules.policies)})
    first, last = (min(max(day, EARLIEST_DAY), LATEST_DAY) for day in span)
    key = json.dumps([calendars[name].as_dict() for name in used], default=str, sort_keys=True)
    return _spread(_Used(key, tuple(calendars[name] for name in used)), zone, first, last)


@dataclass(frozen=True, slots=True)
class _Used:
    """Calendars, told apart by what they say."""

    key: str
    calendars: tuple[WorkCalendar, ...] = field(compare=False)


@lru_cache(maxsize=4)
@bulk
def _spread(used: _Used, zone: str, first: int, last: int) -> Lookups:
    numbers, days, spans = calendar_tables(used.calendars, first_day=first, last_day=last)
    local = local_day_table(zone, first_day=first, last_day=last)
    return Lookups(numbers, {"days": days, "spans": spans, "local_days": local})


def span_of(store: Store, cut_off: int) -> tuple[int, int]:
    """The first and last UTC day that a moment of the records may fall on, with a margin."""
    moments = [cut_off]
    for name, contract in schema.DATASETS.items():
        if name in store.manifest.records:
            moments += _extremes(store, contract)
    return min(moments) // DAY_SECONDS - BEFORE_DAYS, max(moments) // DAY_SECONDS + AFTER_DAYS


def _extremes(store: Store, contract: schema.Dataset) -> Iterator[int]:
    """Least and greatest moments of a dataset, days taken at their first second; of all versions, as the ends of its
    files tell them without a row being read."""
    lengths = {
        column.name: DAY_SECONDS if column.type is schema.Type.DAY else 1
        for column in contract.columns
        if column.type in {schema.Type.MOMENT, schema.Type.DAY}
    }
    for path in store.records_paths(contract.name) if lengths else ():
        told = pq.read_metadata(path)
        places = [n for n, name in enumerate(told.schema.names) if name in lengths]
        for group, n in product(range(told.num_row_groups), places):
            values = told.row_group(group).column(n).statistics
            if values is not None and values.has_min_max:
                length = lengths[told.schema.names[n]]
                yield from (values.min_raw * length, values.max_raw * length)
