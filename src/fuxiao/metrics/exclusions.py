"""How many facts each indicator left out, by reason: shown beside the value, for leaving out is itself a signal."""

from __future__ import annotations

from collections.abc import Mapping

from fuxiao.core.period import from_index
from fuxiao.engine.compile import Compiled
from fuxiao.engine.rows import PERIOD
from fuxiao.metrics.source import COMPANY, JOIN, Source

Place = tuple[str, str, str]


def counted_exclusions(compiled: Compiled, source: Source) -> Mapping[Place, Mapping[str, int]]:
    """Counts above zero by reason, for each (indicator, subject, period); a fact counts for its first reason only."""
    scope = source.scope
    found: dict[Place, dict[str, int]] = {}
    for plan in compiled.plans:
        for row in source.store.execute(plan.expr).to_pylist():
            subject = JOIN.join(str(row[key]) for key in scope.keys) or COMPANY
            period = from_index(scope.kind, row[PERIOD]).key
            for (code, reason), column in plan.columns.items():
                if row[column]:
                    found.setdefault((code, subject, period), {})[reason] = row[column]
    return found
