"""Home folders to measure in: with facts, without facts, and a bare DuckDB over the same files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import duckdb

from bench.data import CUT_OFF
from fuxiao.base.calendars import read_calendars, read_policies
from fuxiao.datasets.build import build_facts, fact_rules
from fuxiao.datasets.days import Lookups, lookup_tables, span_of
from fuxiao.datasets.making import inputs_of
from fuxiao.datasets.manifest import Manifest, read_manifest, write_manifest
from fuxiao.datasets.store import Store
from fuxiao.engine.facts import FactRules, Inputs

MEMORY = "2GB"
AS_OF = datetime.fromtimestamp(CUT_OFF, UTC)
MONTHS = (2021 * 12 + 10, 2026 * 12 + 9)
"""The sixty months of the invented log, as numbers of months."""


def with_facts(home: Path) -> None:
    """Build the facts, if they are not there."""
    with Store.open(home, memory=MEMORY) as store:
        build_facts(store, cut_off=AS_OF)


@contextmanager
def twin(home: Path) -> Iterator[Path]:
    """A home folder over the same record files, by hard links, that has no facts yet."""
    with tempfile.TemporaryDirectory(prefix="twin-", dir=home.parent) as folder:
        other = Path(folder) / "home"
        (other / "lake").mkdir(parents=True)
        for name in ("fuxiao.toml", "service_levels.yaml"):
            (other / name).write_bytes((home / name).read_bytes())
        copytree(home / "calendars", other / "calendars")
        copytree(home / "lake" / "records", other / "lake" / "records", copy_function=os.link)
        held = read_manifest(home / "lake")
        bare = Manifest(generation=1, records_generation=1, records=held.records, loads=held.loads)
        write_manifest(other / "lake", replace(bare))
        yield other


def fact_lookups(store: Store) -> Lookups:
    """The tables of days of a store, as of the end of the log."""
    return _given(store)[0]


def _given(store: Store) -> tuple[Lookups, FactRules]:
    calendars = read_calendars(store.home, store.settings)
    rules = fact_rules(store.settings, read_policies(store.home, calendars), cut_off=CUT_OFF)
    return lookup_tables(calendars, rules, zone=store.settings.zone, span=span_of(store, CUT_OFF)), rules


def fact_inputs(store: Store) -> Inputs:
    """What the fact expressions need over a store, as of the end of the log."""
    lookups, rules = _given(store)
    return inputs_of(
        lookups,
        rules,
        records=store.records,
        present=frozenset(store.manifest.records),
        put=store.temporary,
        keep=lambda name, table: store.temporary(f"stage_{name}", table),
    )


def bare(store: Store, *, facts: tuple[str, ...] = (), records: tuple[str, ...] = ()) -> duckdb.DuckDBPyConnection:
    """A connection of the store's own DuckDB, with these files under their plain names."""
    raw = store.scratch()
    for name in facts:
        raw.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM read_parquet('{store.facts_path(name)}')")
    for name in records:
        records = store.connection.compile(store.history(name))
        raw.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {records}")
    return raw
