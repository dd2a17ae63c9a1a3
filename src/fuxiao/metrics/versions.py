"""How the record of a case came to be as it is: what each later import changed of it and of its events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from fuxiao.datasets.manifest import Load
from fuxiao.datasets.store import Store
from fuxiao.engine.schema import DATASETS

SYSTEM = ("_load", "_row")


@dataclass(frozen=True, slots=True)
class Changed:
    """One column of a record before and after; ``row`` is the record afterwards."""

    dataset: str
    row: Mapping[str, object]
    column: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Version:
    """What an import changed; nothing where it was the one that brought the case."""

    load: Load
    changed: Sequence[Changed]


def versions_of(store: Store, case_id: str) -> list[Version]:
    """The versions of the case and of its events by the import that brought them, the newest first.

    Empty where nothing was ever changed. Two look-ups at most, none where no import ever brought a record again.
    """
    found = [each for name in ("cases", "case_events") for each in _changes(store, name, case_id)]
    by_load = [(load, [each for n, each in found if n in load.numbers]) for load in store.manifest.standing_loads()]
    return [Version(load, [each for each in mine if each]) for load, mine in reversed(by_load) if mine]


def _changes(store: Store, name: str, case_id: str) -> Iterator[tuple[int, Changed | None]]:
    """Each column that a version has otherwise than the one before it, with the number of its load; ``None`` for the
    load that brought a case that was changed later."""
    held = store.manifest.records.get(name)
    if held is None or not held.overlap:
        return
    key, table = DATASETS[name].key, store.history(name)
    rows = store.execute(table.filter(table.case_id == case_id).order_by([*key, *SYSTEM])).to_pylist()
    if name == "cases" and len(rows) > 1:
        yield rows[0]["_load"], None
    for _, versions in groupby(rows, key=lambda row: tuple(row[column] for column in key)):
        for before, after in pairwise(versions):
            for column in after:
                if column not in SYSTEM and before[column] != after[column]:
                    yield after["_load"], Changed(name, after, column, before[column], after[column])
