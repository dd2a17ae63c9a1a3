"""Which items of a scheme the data answers: what comes out of the figures, and what a cycle would leave unscored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from fuxiao.core.score.scheme import Limits
from fuxiao.metrics.availability import available
from fuxiao.metrics.extent import CASES
from fuxiao.performance.scheme_text import Plain
from fuxiao.web.lake import lake
from fuxiao.web.metrics.figures import library_of, remembered


def unfed(codes: Iterable[str]) -> frozenset[str]:
    """The indicators among ``codes`` that wait for data; none before there is a single case."""
    wanted = tuple(sorted(set(codes)))
    with lake() as store:
        if CASES not in store.manifest.facts:
            return frozenset()
        known = library_of(store).indicators
        asked = [known[code] for code in wanted if code in known]
        waiting = remembered(store, ("unfed", wanted), lambda: available(asked, store))
    return frozenset(code for code, columns in waiting.items() if columns)


def codes_of(plain: Plain) -> list[str]:
    """The indicators of all roles."""
    return [str(row.get("indicator") or "") for role in _roles(plain).values() for row in _rows(role)]


def starved(plain: Plain) -> dict[str, Decimal]:
    """Roles of which nobody will be rated, as too much of the weight waits for data; by key, the per cent waiting."""
    waiting, limit = (
        unfed(codes_of(plain)),
        _number((plain.get("limits") or {}).get("missing_share"), Limits().missing_share),
    )
    shares = {key: _share(role, waiting) for key, role in _roles(plain).items()}
    return {key: share for key, share in shares.items() if share > limit}


def _share(role: Mapping[str, Any], waiting: frozenset[str]) -> Decimal:
    rows = [row for row in _rows(role) if "rubric" not in row and row.get("indicator") in waiting]
    return sum((_number(row.get("weight"), Decimal(0)) for row in rows), Decimal(0))


def _number(value: object, otherwise: Decimal) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return otherwise


def _roles(plain: Plain) -> dict[str, Mapping[str, Any]]:
    return {key: role for key, role in (plain.get("roles") or {}).items() if isinstance(role, Mapping)}


def _rows(role: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [row for row in role.get("items") or [] if isinstance(row, Mapping)]
