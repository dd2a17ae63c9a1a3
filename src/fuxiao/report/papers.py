"""The papers of a cycle in its seal: every stored row by its digest, kept in the lake and compared again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

from fuxiao.core.cycle import Step
from fuxiao.core.errors import StoreError
from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.incentives.sealing import PATIENCE, Difference, seal_difference
from fuxiao.incentives.seals import path_of
from fuxiao.performance.cycles.models import Cycle
from fuxiao.performance.cycles.papers import Paper, papers, untold, was_sealed


@dataclass(frozen=True, slots=True)
class Kept:
    """Papers as they were sealed, and when that was."""

    at: datetime
    rows: Mapping[str, Paper]


def address_of(cycle: Cycle) -> str:
    """Where the papers of a cycle lie in the lake: beside the seal of its period, which several cycles may share."""
    return f"seals/{cycle.period}/cycle-{cycle.pk}.json"


def keep_papers(store: Store, cycle: Cycle, *, at: datetime) -> Kept:
    """Write the papers down once; pressed again, or after a kill, those that are there are taken."""
    path = address_of(cycle)
    if path not in store.manifest.seals:
        rows = {key: astuple(each) for key, each in papers(cycle).items()}
        text = json.dumps({"at": at.astimezone(UTC).isoformat(), "rows": rows}, ensure_ascii=False, indent=0)
        try:
            with store.change(patience=PATIENCE) as change:
                change.put_file(path, text.encode())
        except StoreError as error:
            if error.code != "file.exists":
                raise
        store.refresh()
    return _read(store.file(path))


def _read(content: bytes) -> Kept:
    raw = json.loads(content)
    return Kept(datetime.fromisoformat(raw["at"]), {key: Paper(*each) for key, each in raw["rows"].items()})


def paper_differences(store: Store, cycle: Cycle) -> list[Difference]:
    """Every row of a cycle that is not as it was sealed; nothing before the seal."""
    path = address_of(cycle)
    if path not in store.manifest.seals:
        return [Difference("seal_missing", path)] if was_sealed(cycle) else []
    if (broken := seal_difference(store, path)) is not None:
        return [broken]
    kept = _read(store.file(path))
    return [*_end(store, cycle, kept), *_rows(kept.rows, papers(cycle)), *_untold(cycle)]


def _rows(sealed: Mapping[str, Paper], now: Mapping[str, Paper]) -> Iterator[Difference]:
    for key in sorted(sealed.keys() | now.keys()):
        before, after = sealed.get(key), now.get(key)
        if before is None and after is not None:
            yield Difference("row_added", f"{key} {after.about}", "", after.digest)
        elif before is not None and after is None:
            yield Difference("row_missing", f"{key} {before.about}", before.digest)
        elif before is not None and after is not None and before.digest != after.digest:
            yield Difference("row_changed", f"{key} {before.about}", before.digest, after.digest)


def _untold(cycle: Cycle) -> Iterator[Difference]:
    yield from (Difference("row_untold", f"{key} {each.about}") for key, each in untold(cycle))


def _end(store: Store, cycle: Cycle, kept: Kept) -> Iterator[Difference]:
    """The cycle's own word that it is sealed. A press killed between the papers and that word has none yet."""
    if not was_sealed(cycle):
        return
    seal = store.manifest.seals.get(path_of(parse_period(cycle.period)))
    sealed = {"step": Step.SEALED.value, "seal": seal.sha256 if seal else "", "sealed_at": kept.at}
    for name, expected in sealed.items():
        if getattr(cycle, name) != expected:
            yield Difference("row_changed", f"cycle/{cycle.pk} {name}", str(expected), str(getattr(cycle, name)))
