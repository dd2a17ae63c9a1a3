"""The scans of a question: written once a process for all stores whose fact tables look alike."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from fuxiao.engine.compile import Compiled, compile_exclusions, compile_values
from fuxiao.engine.definition import Indicator
from fuxiao.engine.rows import Facts, Scope


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the scans follow from, to compare by; and with it what they are made of."""

    by: Hashable
    indicators: Sequence[Indicator] = field(compare=False)
    facts: Facts = field(compare=False)
    scope: Scope = field(compare=False)


def values_scans(indicators: Sequence[Indicator], facts: Facts, scope: Scope, *, spreads: bool) -> Compiled:
    """As ``engine.compile.compile_values`` makes them."""
    return _values(_Asked((_key(indicators, facts, scope), spreads), indicators, facts, scope), spreads=spreads)


def exclusion_scans(indicators: Sequence[Indicator], facts: Facts, scope: Scope) -> Compiled:
    """As ``engine.compile.compile_exclusions`` makes them."""
    return _exclusions(_Asked(_key(indicators, facts, scope), indicators, facts, scope))


@lru_cache(maxsize=32)
def _values(asked: _Asked, *, spreads: bool) -> Compiled:
    return compile_values(asked.indicators, asked.facts, asked.scope, spreads=spreads)


@lru_cache(maxsize=32)
def _exclusions(asked: _Asked) -> Compiled:
    return compile_exclusions(asked.indicators, asked.facts, asked.scope)


def _key(indicators: Sequence[Indicator], facts: Facts, scope: Scope) -> Hashable:
    """Tables are equal by name and columns, whichever store they are in."""
    arithmetic = tuple(
        (each.code, each.statistic, each.spread, each.numerator, each.denominator, each.sample)
        for each in (indicator.by(scope.keys) for indicator in indicators)
    )
    tables = tuple((name, table.op()) for name, table in facts.tables.items())
    return arithmetic, tables, None if facts.team_paths is None else facts.team_paths.op(), scope
