"""From which day to which day there are cases."""

from __future__ import annotations

from datetime import date

from fuxiao.core.period import local_day
from fuxiao.datasets.store import Store

CASES = "cases"


def extent(store: Store) -> tuple[date, date] | None:
    """The local days on which the first and the last case were opened; ``None`` where there are no cases."""
    if CASES not in store.manifest.facts:
        return None
    opened = store.facts(CASES).opened_at
    found = store.execute(store.facts(CASES).aggregate(first=opened.min(), last=opened.max())).to_pylist()[0]
    zone = store.settings.zone
    return None if found["last"] is None else (local_day(found["first"], zone), local_day(found["last"], zone))
