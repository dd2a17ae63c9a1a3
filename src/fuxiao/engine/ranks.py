"""The values at given ranks of each group: what the interval of a percentile is made of."""

from __future__ import annotations

import ibis
from ibis.expr import types as ir

from fuxiao.engine.compile import with_ancestors
from fuxiao.engine.definition import Indicator
from fuxiao.engine.rows import (
    PERIOD,
    Facts,
    Scope,
    columns_of,
    conditions,
    contribution,
    key_column,
    keys_of,
    placed,
)

LOW, HIGH = "low_rank", "high_rank"


def compile_ranks(indicator: Indicator, ranks: ir.Table, facts: Facts, scope: Scope) -> ir.Table:
    """For each group and period of ``ranks`` the measured values at its two ranks, as ``low`` and ``high``.

    ``ranks`` has the group columns, ``period`` and the ranks ``low_rank`` and ``high_rank`` (from 1, ascending order).
    """
    part = indicator.by(scope.keys).numerator
    rows = placed(facts, part, scope, keep=columns_of(facts, part, scope))
    if "team" in scope.keys and facts.team_paths is not None:
        rows = with_ancestors(rows, facts.team_paths, str(key_column(facts.declared[part.dataset], part, "team")))
    rows = rows.filter(*conditions(facts, part, rows, scope))
    names = (*scope.keys, PERIOD)
    values = rows.select(**keys_of(facts, part, rows, scope), value=contribution(facts, part, rows, scope))
    window = ibis.window(group_by=[values[name] for name in names], order_by=values.value)
    ranked = values.mutate(rank=ibis.row_number().over(window) + 1)
    wanted = ranks.rename({f"{name}_wanted": name for name in names})
    both = ranked.inner_join(wanted, [ranked[name] == wanted[f"{name}_wanted"] for name in names])
    ends = {"low": both[LOW], "high": both[HIGH]}
    picked = {end: both.value.max(where=both["rank"] == at) for end, at in ends.items()}
    return both.group_by(*names).aggregate(**picked)
