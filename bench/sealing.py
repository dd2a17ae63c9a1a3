"""A sealed period verified against the same period worked out: both from records to amounts."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from bench.homes import AS_OF, MEMORY, twin
from bench.settling import PLAN, SCHEME
from bench.way import Work
from fuxiao.core.period import parse_period
from fuxiao.datasets.store import Store
from fuxiao.incentives.results import Recipe, result_rows, work_out
from fuxiao.incentives.sealing import seal_period, verify_period
from fuxiao.incentives.settling import Terms

MONTH = parse_period("2026-10")
RECIPE = Recipe(period=MONTH, scheme=SCHEME, plan=PLAN, as_of=AS_OF, default_role="engineer", terms=Terms())


def compute(home: Path) -> Work:
    """Facts, values, scores and amounts of a month, and every figure of them as a seal keeps it."""

    def work() -> dict[str, object]:
        with twin(home) as other, Store.open(other, memory=MEMORY) as store:
            return {"figures": len(result_rows(work_out(store, RECIPE)))}

    return work


def verify(home: Path) -> Work:
    """The same month sealed before; its records are read byte by byte, then all is worked out again and compared."""
    stack = ExitStack()
    atexit.register(stack.close)
    store = stack.enter_context(Store.open(stack.enter_context(twin(home)), memory=MEMORY))
    seal_period(store, RECIPE, at=AS_OF + timedelta(days=1))

    def work() -> dict[str, object]:
        found = verify_period(store, MONTH)
        return {"figures": found.figures, "differences": len(found.differences)}

    return work
