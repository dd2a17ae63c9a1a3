"""The lake that a cycle's figures are made of: as it is while the cycle runs, as it stood at the cut-off after that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from fuxiao.base.clock import today
from fuxiao.core.cycle import Step
from fuxiao.datasets.store import Store
from fuxiao.performance.cycles.models import Cycle
from fuxiao.report.closing import home_of
from fuxiao.report.running import basis_of
from fuxiao.web.access import Request
from fuxiao.web.lake import closed_lake, lake
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.shell.home import organisation

_homes: dict[tuple[Path, int, datetime | None], Path] = {}
"""Where the homes of closed cycles lie; what they are made of never changes and is long to read."""


@contextmanager
def cycle_desk(request: Request, cycle: Cycle) -> Iterator[Desk]:
    """Reads of the figures behind a cycle's scorecards: their rows add up to what the scorecards say."""
    with cycle_lake(cycle) as store:
        yield Desk(request.viewer, store, today(organisation().zone))


@contextmanager
def cycle_lake(cycle: Cycle) -> Iterator[Store]:
    """The store of the cycle."""
    with lake() as store:
        if cycle.at in (Step.RUNNING, Step.CUT_OFF):
            yield store
            return
        home = _home(store, cycle)
    with closed_lake(home) as closed:
        yield closed


def _home(store: Store, cycle: Cycle) -> Path:
    key = (store.home, cycle.pk, cycle.as_of)
    if key not in _homes or not _homes[key].is_dir():
        _homes[key] = home_of(store, basis_of(cycle))
    return _homes[key]
