"""The calculation of a review cycle: worked out aside from records and definitions that stand still, then sealed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from fuxiao.base.wording import LANGUAGES
from fuxiao.core.bonus.payout import Payout, Settlement
from fuxiao.core.bonus.plan import Plan
from fuxiao.core.errors import InputError, StoreError
from fuxiao.core.period import Period
from fuxiao.core.score import Scorecard
from fuxiao.datasets.manifest import RecordSet
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator
from fuxiao.incentives.aside import closed_home
from fuxiao.incentives.carrying import with_earlier
from fuxiao.incentives.results import Recipe, Result, card_rows, value_rows, work_out
from fuxiao.incentives.sealing import keep_seal
from fuxiao.incentives.seals import definitions_of, path_of, read_seal
from fuxiao.incentives.settling import Terms, read_plan_text
from fuxiao.metrics.library import read_library
from fuxiao.metrics.source import facts_in
from fuxiao.performance.cycles.amounts import Given
from fuxiao.performance.cycles.made import Computed, Made, Unscored
from fuxiao.performance.cycles.parts import Part
from fuxiao.performance.decisions import read_decisions, read_scheme_text
from fuxiao.performance.figures import Figures
from fuxiao.performance.roster import Roster, read_names
from fuxiao.performance.rulings import Ruling
from fuxiao.performance.scoring import ScoreRun, indicator_infos, score_period, score_periods
from fuxiao.report.build.reporter import Reporter
from fuxiao.report.build.scorecard import make_scorecard
from fuxiao.report.gather import HISTORY, Extras, gather
from fuxiao.report.plain import plain
from fuxiao.report.source import PastScore, RankShown, ReportInput

NO_PLAN = """plan: none
version: "1"
valid_from: 2000-01-01
currency: {currency}
cycle: month
roles: {{nobody: {{components: [{{key: nothing, type: base_coefficient, base: 0}}]}}}}
"""
"""The plan of a cycle without one. It must name a role: this one is nobody's."""


Past = Mapping[str, Sequence[PastScore]]
Told = Callable[[Store, Past], Past]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a cycle's figures are made of; everything in it stands still from the data cut-off on."""

    period: Period
    scheme: str
    plan: str
    as_of: datetime
    definitions: Mapping[str, str]
    records: Mapping[str, RecordSet]
    rank_shown: RankShown = RankShown.PERCENTILE
    rulings: tuple[Ruling, ...] = ()
    given: Given = field(default_factory=Given)


def frozen(store: Store) -> dict[str, Any]:
    """Definitions and record files as they are now, in plain form."""
    records = {name: asdict(each) for name, each in store.manifest.records.items()}
    return {"definitions": definitions_of(store.home), "records": records}


def home_of(store: Store, basis: Basis) -> Path:
    """The home folder that stands still, with the facts that the figures are made of."""
    return closed_home(store, basis.definitions, basis.records, cut_off=basis.as_of)


def as_worked_out(_store: Store, past: Past) -> Past:
    """The scores of earlier periods where nobody knows how they were closed."""
    return past


def compute(store: Store, basis: Basis, *, made_at: datetime, told: Told = as_worked_out) -> Computed:
    """Everybody's scorecard and amounts; the store is only read. ``told`` puts what was closed earlier in its place."""
    with worked_out(store, basis, made_at=made_at, told=told) as (result, source):
        reporters = {lang: Reporter.of(source, lang) for lang in LANGUAGES}
        cards = [made(card, reporters) for card in source.scores.cards]
        roster = result.run.roster
        return Computed(cards, _payouts(source.settlement, roster, read_names(store)), _passed(roster))


def _payouts(settlement: Settlement | None, roster: Roster, names: Mapping[str, str]) -> list[Unscored]:
    """Whom the settlement pays or corrects something, those who left long ago among them."""
    found = settlement.payouts if settlement else ()
    return [
        Unscored(
            person=each.person, name=each.name or names.get(each.person, each.person), position=each.role,
            team=each.team, team_name=roster.name(each.team), payout=_plain(each),
        )
        for each in found
        if any(line.amount for line in each.lines)
    ]  # fmt: skip


def _passed(roster: Roster) -> dict[str, dict[str, str]]:
    """By person the teams that they were in beside their own, where there are any."""
    teams = {who: {stint.team for stint in each.stints} - {each.team, ""} for who, each in roster.members.items()}
    return {who: {team: roster.name(team) for team in sorted(found)} for who, found in teams.items() if found}


@contextmanager
def worked_out(
    store: Store, basis: Basis, *, made_at: datetime, told: Told = as_worked_out
) -> Iterator[tuple[Result, ReportInput]]:
    """The result and what pages are made from, for as long as the block runs."""
    recipe = recipe_of(store, basis)
    with Store.open(home_of(store, basis)) as aside:
        result = work_out(aside, recipe)
        library = indicators_of(aside)
        extras = Extras(past=past_runs(aside, result.run, library))
        source = gather(aside, result, read_plan_text(recipe.plan), library, extras, made_at=made_at)
        source = replace(source, past=told(store, source.past), ledgers=None)
        yield result, shown(source, plan=basis.plan, rank_shown=basis.rank_shown)


def shown(source: ReportInput, *, plan: str, rank_shown: RankShown) -> ReportInput:
    """The source as a cycle shows it: the rank by its policy, no amounts without a plan."""
    ranked = replace(source, rank_shown=rank_shown)
    return ranked if plan else replace(ranked, settlement=None, plan=None)


def recipe_of(store: Store, basis: Basis) -> Recipe:
    """The recipe with what earlier sealed periods leave for this one."""
    text = basis.plan or NO_PLAN.format(currency=store.settings.currency)
    plan = read_plan_text(text)
    given = given_terms(basis.given, plan)
    terms = with_earlier(store, plan, basis.period, given, records=basis.records, coefficient=Stretches(store, basis))
    return Recipe(
        period=basis.period, scheme=basis.scheme, plan=text, as_of=basis.as_of, terms=terms,
        rulings=basis.rulings,
    )  # fmt: skip


def given_terms(given: Given, plan: Plan) -> Terms:
    """What is given beside the plan, as far as it is known."""
    return Terms(pools=given.whole(plan) or None, company=given.company)


@dataclass(frozen=True)
class Stretches:
    """The coefficients of whole stretches (quarters) whose hold-back falls due, scored when they are asked for."""

    store: Store
    basis: Basis
    known: dict[str, Mapping[str, Decimal]] = field(default_factory=dict)

    def __call__(self, stretch: Period, person: str) -> Decimal:
        if stretch.key not in self.known:
            self.known[stretch.key] = self._scored(stretch)
        return self.known[stretch.key].get(person, Decimal(1))

    def _scored(self, stretch: Period) -> Mapping[str, Decimal]:
        with Store.open(home_of(self.store, self.basis)) as aside:
            library = indicators_of(aside)
            run = score_period(
                aside, read_scheme_text(self.basis.scheme, indicator_infos(library)), stretch, library=library,
                decisions=read_decisions(aside.home), as_of=self.basis.as_of,
            )  # fmt: skip
        return {card.subject: card.coefficient for card in run.scores.cards}


def indicators_of(store: Store) -> Mapping[str, Indicator]:
    tables, currency = facts_in(store).declared, store.settings.currency
    return read_library(store.home / "indicators", tables=tables, currency=currency).indicators


def past_runs(store: Store, run: ScoreRun, library: Mapping[str, Indicator]) -> Sequence[ScoreRun]:
    """The periods before under the same scheme, as far back as somebody had a figure, oldest first."""
    periods: list[Period] = []
    at = run.period
    for _step in range(HISTORY - 1):
        at = at.previous()
        periods.insert(0, at)
    figures = Figures.computed(
        store, [run.scheme], periods, library=library, as_of=run.as_of, clock=run.clock
    ).of(run.scheme, library)  # fmt: skip
    known = [any(value.n for value in figures.people.get(each.key, {}).values()) for each in periods]
    if True not in known:
        return []
    return score_periods(
        store, run.scheme, periods[known.index(True) :], library=library, decisions=read_decisions(store.home),
        as_of=run.as_of, clock=run.clock, figures=figures,
    )  # fmt: skip


def made(card: Scorecard, reporters: Mapping[str, Reporter]) -> Made:
    """A card as it is kept."""
    pages = {lang: plain(make_scorecard(reporter, card)) for lang, reporter in reporters.items()}
    figures = dict(card_rows(card))
    for line in card.items:
        figures |= dict(value_rows(f"value/{line.indicator}", line.value)) if line.value is not None else {}
    return Made(
        person=card.subject, score=card.total, grade=card.grade or "", coefficient=card.coefficient,
        result={"figures": figures, "trace": card.trace.as_dict(), "pages": pages, "payout": _paid(card, reporters)},
    )  # fmt: skip


def _paid(card: Scorecard, reporters: Mapping[str, Reporter]) -> dict[str, object] | None:
    """The amounts of one person as text, line by line."""
    settlement = next(iter(reporters.values())).source.settlement
    payout = None if settlement is None else settlement.payout(card.subject)
    return None if payout is None else _plain(payout)


def _plain(payout: Payout) -> dict[str, object]:
    lines = [[line.kind.value, line.component, f"{line.amount:f}"] for line in payout.lines]
    return {"total": f"{payout.total:f}", "earned": f"{payout.earned:f}", "lines": lines, "flags": list(payout.flags)}


def seal_cycle(
    store: Store, basis: Basis, *, at: datetime, by: str, begin: Callable[[str], None] = lambda _part: None
) -> str:
    """Seal the period as it was computed; the digest of the seal.

    Pressed twice, or again after a kill: the seal is keyed by the period and never written over, so the one that is
    there is taken. ``InputError`` where that was made of something else. ``begin`` hears of each part when it begins.
    """
    recipe, path = recipe_of(store, basis), path_of(basis.period)
    if path not in store.manifest.seals:
        begin(Part.FIGURES)
        with Store.open(home_of(store, basis)) as aside:
            result = work_out(aside, recipe)
        begin(Part.FILES)
        try:
            keep_seal(store, recipe, result, basis.definitions, basis.records, at=at, by=by)
        except StoreError as error:
            if error.code != "file.exists":
                raise
        store.refresh()
    seal = read_seal(store, basis.period)
    if _made_of(seal.recipe, seal.records) != _made_of(recipe, basis.records):
        raise InputError("cycle.sealed_otherwise", period=basis.period.key)
    return store.manifest.seals[path].sha256


def _made_of(recipe: Recipe, records: Mapping[str, RecordSet]) -> tuple[object, ...]:
    """All that two seals of a period have to share. What earlier periods leave follows from it."""
    given = recipe.terms.pools, recipe.terms.company
    return recipe.scheme, recipe.plan, recipe.as_of, recipe.rulings, given, dict(records)
