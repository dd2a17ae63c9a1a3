"""A period worked out as a whole, and the rows of it that a seal keeps: every figure under a name of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from fuxiao.core.bonus.payout import Settlement
from fuxiao.core.explain import figure
from fuxiao.core.indicator import Value
from fuxiao.core.period import Period
from fuxiao.core.score.card import Scorecard
from fuxiao.datasets.build import build_facts
from fuxiao.datasets.store import Store
from fuxiao.incentives.settling import Terms, read_plan_text, settle_period
from fuxiao.metrics.library import read_library
from fuxiao.metrics.source import facts_in
from fuxiao.performance.decisions import read_decisions, read_scheme_text
from fuxiao.performance.rulings import Ruling
from fuxiao.performance.scoring import ScoreRun, indicator_infos, score_period

Rows = Mapping[str, str]
"""Every figure of a result as text, by its path, e.g. ``score/E017/total``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything a result depends on beside the records: the texts of scheme and plan, terms, rulings, moment."""

    period: Period
    scheme: str
    plan: str
    as_of: datetime
    clock: str = "business"
    default_role: str = ""
    terms: Terms
    rulings: tuple[Ruling, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A period scored and settled."""

    run: ScoreRun
    settlement: Settlement


def work_out(store: Store, recipe: Recipe) -> Result:
    """Facts as of the recipe's moment, then scores, then amounts, under the definitions of the store's home folder."""
    build_facts(store, cut_off=recipe.as_of)
    tables, currency = facts_in(store).declared, store.settings.currency
    library = read_library(store.home / "indicators", tables=tables, currency=currency)
    scheme = read_scheme_text(recipe.scheme, indicator_infos(library.indicators))
    run = score_period(
        store,
        scheme,
        recipe.period,
        library=library.indicators,
        decisions=read_decisions(store.home),
        as_of=recipe.as_of,
        clock=recipe.clock,
        default_role=recipe.default_role,
        rulings=recipe.rulings,
    )
    return Result(run, settle_period(store, read_plan_text(recipe.plan), run, recipe.terms))


def result_rows(result: Result) -> dict[str, str]:
    """All figures of a result by path, in a steady order."""
    rows: dict[str, str] = {}
    for scope, cells in (("value", result.run.values), ("team", result.run.team_values)):
        for (subject, code), value in sorted(cells.items()):
            rows.update(value_rows(f"{scope}/{subject}/{code}", value))
    for card in sorted(result.run.scores.cards, key=lambda each: each.subject):
        rows.update(card_rows(card))
    rows.update(_payout_rows(result.settlement))
    return rows


def value_rows(path: str, value: Value) -> Iterator[tuple[str, str]]:
    """The sums of one value and the value itself, by path."""
    for name in ("numerator", "denominator", "value"):
        number = getattr(value, name)
        if number is not None:
            yield f"{path}/{name}", figure(number)
    yield f"{path}/n", str(value.n)


def card_rows(card: Scorecard) -> Iterator[tuple[str, str]]:
    """The figures of one scorecard by path."""
    path = f"score/{card.subject}"
    for line in card.items:
        if line.percent is not None:
            yield f"{path}/{line.indicator}", str(line.percent)
    yield f"{path}/total", "" if card.total is None else figure(card.total)
    yield f"{path}/grade", card.grade or ""
    yield f"{path}/coefficient", figure(card.coefficient)
    yield f"{path}/role", card.role.key
    yield f"{path}/team", card.team


def _payout_rows(settlement: Settlement) -> Iterator[tuple[str, str]]:
    for payout in settlement.payouts:
        for at, line in enumerate(payout.lines):
            yield f"payout/{payout.person}/{at}-{line.kind.value}-{line.component}", _money(line.amount)
        yield f"payout/{payout.person}/total", _money(payout.total)
    for pool in settlement.pools:
        yield f"pool/{pool.key}/{pool.team}/amount", _money(pool.amount)
        yield f"pool/{pool.key}/{pool.team}/undistributed", _money(pool.undistributed)


def _money(amount: Decimal) -> str:
    return format(amount, "f")
