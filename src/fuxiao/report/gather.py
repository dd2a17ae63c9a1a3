"""Collects what a report shows from a store: history, earlier scores, cases with their ledgers, signals, process."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import ibis
import pyarrow as pa

from fuxiao.core.bonus.plan import Plan
from fuxiao.core.clock import Ledger
from fuxiao.core.fairness.casemix import Adjusted
from fuxiao.core.indicator import Value
from fuxiao.core.period import zone_named
from fuxiao.core.score.card import Scorecard
from fuxiao.core.score.scheme import Scope
from fuxiao.datasets.importing.run import QUALITY
from fuxiao.datasets.importing.words import reason, treatment
from fuxiao.datasets.open_references import open_references
from fuxiao.datasets.references import CODES, Unfit
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator
from fuxiao.engine.rows import Scope as Groups
from fuxiao.incentives.results import Result
from fuxiao.metrics.drill import heaviest_rows
from fuxiao.metrics.ledgers import CaseClocks, case_clocks
from fuxiao.performance.process import ProcessReport
from fuxiao.performance.scoring import ScoreRun
from fuxiao.performance.signals import SignalReport
from fuxiao.report.adjusting import adjusted_rates
from fuxiao.report.build.cases import SHOWN
from fuxiao.report.build.reporter import team_means
from fuxiao.report.source import CasePage, CaseRow, DataQuality, FaultLine, LoadLine, PastScore, ReportInput

HISTORY = 8
"""Periods in a trend, this one included."""
CLOCKS_OF = {
    "speed": ("first_response", "resolution"), "volume": ("resolution_person",),
}  # fmt: skip
"""Which clocks are shown beside a case, by the kind of indicator."""
NAMED = {
    "first_response": "first_response", "dispatch": "dispatch", "resolution": "resolution",
    "owner_held": "resolution_owner",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Extras:
    """What was analysed beside scores and amounts; ``adjusted`` where somebody has the adjusted rates already."""

    past: Sequence[ScoreRun] = ()
    signals: SignalReport | None = None
    process: ProcessReport | None = None
    sealed: bool = False
    lang: str = "zh"
    digests: Mapping[str, str] | None = None
    adjusted: Mapping[tuple[str, str], Adjusted] | None = None


def gather(
    store: Store, result: Result, plan: Plan, library: Mapping[str, Indicator], extras: Extras, *, made_at: datetime
) -> ReportInput:
    """Everything in one place; figures are computed for all people at once, never one by one."""
    run = result.run
    behind = _Behind(store, run, library)
    loads = store.manifest.standing_loads()
    process = extras.process
    return ReportInput(
        period=run.period,
        made_at=made_at,
        zone=store.settings.zone,
        roster=run.roster,
        scores=run.scores,
        indicators=library,
        organisation=store.settings.name,
        currency=store.settings.currency,
        data_at=datetime.fromtimestamp(max(load.at for load in loads), tz=made_at.tzinfo) if loads else None,
        settlement=result.settlement,
        plan=plan,
        values=history([*extras.past, run]),
        past=_past(run.scores.cards, extras.past),
        cases=behind.cases,
        ledgers=behind.ledgers,
        adjusted=adjusted_rates(store, run, library) if extras.adjusted is None else extras.adjusted,
        signals=tuple(finding.signal for finding in extras.signals.findings) if extras.signals else (),
        network=process.networks.get("business") if process else None,
        flow=process.flows.get("business") if process else None,
        poor_quality=process.quality if process else None,
        quality=data_quality(store, extras.lang),
        sealed=extras.sealed,
        digests=extras.digests or {},
    )


def data_quality(store: Store, lang: str) -> DataQuality:
    """The loads of the store with what was refused, and the faults their data-quality reports kept. References that fit
    nothing are those of the store as it is: what came later has closed some of them."""
    loads, faults = [], [_open(unfit, lang) for unfit in open_references(store)]
    for load in store.manifest.standing_loads():
        path = store.home / QUALITY / f"{load.number:06d}.json"
        kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"items": []}
        loads.append(LoadLine(load.source, kept.get("rows", sum(load.datasets.values())), load.rejected))
        faults += [_fault(item, lang) for item in kept["items"] if item["code"] not in CODES.values()]
    return DataQuality(tuple(loads), tuple(faults))


def _fault(item: Mapping[str, Any], lang: str) -> FaultLine:
    worded = reason(item["code"], lang), treatment(item["treatment"], lang)
    return FaultLine(worded[0], item["dataset"], item["column"], worded[1], item["count"])


def _open(unfit: Unfit, lang: str) -> FaultLine:
    reference = unfit.reference
    return FaultLine(
        unfit.worded(lang), reference.dataset, reference.column, treatment("keep", lang), unfit.records
    )  # fmt: skip


def history(runs: Sequence[ScoreRun]) -> dict[tuple[str, str], list[Value]]:
    """The values of the periods by (subject, indicator), oldest first; teams are subjects too."""
    found: dict[tuple[str, str], list[Value]] = {}
    for run in sorted(runs, key=lambda each: each.period.start):
        for cells in (run.values, run.team_values):
            for key, value in cells.items():
                found.setdefault(key, []).append(value)
    return found


def _past(cards: Iterable[Scorecard], runs: Sequence[ScoreRun]) -> dict[str, list[PastScore]]:
    past: dict[str, list[PastScore]] = {card.subject: [] for card in cards}
    for run in sorted(runs, key=lambda each: each.period.start):
        means = team_means(run.scores.cards)
        for card in run.scores.cards:
            if card.subject in past:
                past[card.subject].append(PastScore(run.period, card.total, means.get(card.team)))
    return past


class _Behind:
    """The cases behind the figures, and their clocks: each fetched for everybody at the first question."""

    def __init__(self, store: Store, run: ScoreRun, library: Mapping[str, Indicator]) -> None:
        self._store, self._run, self._library = store, run, library
        self._pages: dict[tuple[str, str], CasePage] | None = None
        self._clocks: dict[str, CaseClocks] | None = None

    def cases(self, subject: str, code: str) -> CasePage:
        """The cases that weigh most under one figure."""
        if self._pages is None:
            self._pages = self._fetch()
        return self._pages.get((subject, code), CasePage((), 0))

    def ledgers(self, case: str, code: str) -> Sequence[Ledger]:
        """The ledgers of one case that say something about the indicator."""
        if self._clocks is None:
            self._clocks = self._timed()
        clocks = self._clocks.get(case)
        if clocks is None or code not in self._library:
            return ()
        return [clocks.ledgers[name] for name in clocks_of(self._library[code]) if name in clocks.ledgers]

    def _fetch(self) -> dict[tuple[str, str], CasePage]:
        items = [item for role in self._run.scheme.roles.values() for item in role.items]
        groups = {Scope.OWN: "person", Scope.TEAM: "team"}
        pages: dict[tuple[str, str], CasePage] = {}
        for code, by in sorted({(item.indicator, groups[item.scope]) for item in items}):
            if code in self._library:
                pages |= self._pages_of(self._library[code], by)
        titles = self._titles(_cases_of(pages))
        return {key: _titled(page, titles) for key, page in pages.items()}

    def _timed(self) -> dict[str, CaseClocks]:
        """The clocks of all cases shown; pages that show none never ask."""
        items = (item for role in self._run.scheme.roles.values() for item in role.items)
        known = {item.indicator for item in items} & self._library.keys()
        clocks = sorted({name for code in known for name in clocks_of(self._library[code])})
        cases = _cases_of(self._pages or {})
        return case_clocks(self._store, cases, as_of=self._clock_end(), clocks=clocks)

    def _clock_end(self) -> datetime:
        """A month after the period: by then a case of it has ended, or what its clock shows is told by "running"."""
        zone = zone_named(self._store.settings.zone)
        month_after = datetime.combine(self._run.period.end + timedelta(days=31), time(), zone)
        return min(self._run.as_of, month_after.astimezone(UTC))

    def _pages_of(self, indicator: Indicator, by: str) -> dict[tuple[str, str], CasePage]:
        period = self._run.period
        scope = Groups(by=(by,), kind=period.kind, first=period.index, last=period.index, clock=self._run.clock)
        found: dict[str, list[CaseRow]] = {}
        totals: dict[str, int] = {}
        for row in heaviest_rows(self._store, indicator, scope, most=SHOWN).to_pylist():
            made = CaseRow(row["case_id"], "", row["numerator"], row["denominator"], row["reason"] or "")
            found.setdefault(str(row[by]), []).append(made)
            totals[str(row[by])] = row["total"]
        return {(subject, indicator.code): CasePage(tuple(rows), totals[subject]) for subject, rows in found.items()}

    def _titles(self, cases: Iterable[str]) -> dict[str, tuple[str, tuple[str, ...]]]:
        wanted = ibis.memtable(pa.table({"case_id": pa.array(sorted(cases), pa.string())}))
        table = self._store.records("cases").semi_join(wanted, "case_id")
        chosen = table.select("case_id", "title", "product", "case_type", "category", "fault_code")
        return {row["case_id"]: _title(row) for row in self._store.execute(chosen).to_pylist()}


def _cases_of(pages: Mapping[tuple[str, str], CasePage]) -> set[str]:
    return {row.case for page in pages.values() for row in page.rows}


def clocks_of(indicator: Indicator) -> tuple[str, ...]:
    """The clocks that an indicator is about, for persons too: those its expressions name, else those of its kind."""
    needs = " ".join(name for each in (indicator, indicator.by(("person",))) for name in each.numerator.needs())
    named = tuple(clock for word, clock in NAMED.items() if word in needs)
    return named or CLOCKS_OF.get(indicator.kind, ("resolution",))


def _title(row: Mapping[str, str | None]) -> tuple[str, tuple[str, ...]]:
    words = row["title"] or " ".join(word for word in (row["product"], row["category"]) if word)
    return words, tuple(word for word in (row["case_type"],) if word)


def _titled(page: CasePage, titles: Mapping[str, tuple[str, tuple[str, ...]]]) -> CasePage:
    rows = []
    for row in page.rows:
        text, tags = titles.get(row.case, ("", ()))
        rows.append(replace(row, text=text, tags=tags))
    return CasePage(tuple(rows), page.total)
