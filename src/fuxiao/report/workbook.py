"""The report as a workbook: overview, scorecards, indicator lines, bonus, signals, data quality; figures as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from fuxiao.base.wording import say
from fuxiao.core.bonus.payout import Settlement
from fuxiao.core.score import ItemScore, Scorecard
from fuxiao.datasets.export import write_workbook
from fuxiao.report.build.bonus import label_of
from fuxiao.report.build.items import subject_of
from fuxiao.report.build.overview import make_tiles
from fuxiao.report.build.reporter import Reporter
from fuxiao.report.build.teams import make_teams, team_name
from fuxiao.report.source import ReportInput

Cell = str | int | Decimal | bool | None
Rows = list[list[Cell]]
Table = tuple[Sequence[str], Sequence[Sequence[Cell]]]


def write_report_workbook(source: ReportInput, path: Path, *, lang: str) -> None:
    """Six sheets, each with headings in the language asked for."""
    write_workbook(path, sheets(Reporter.of(source, lang)))


def sheets(reporter: Reporter) -> dict[str, Table]:
    """The sheets by title: headings and rows; texts as they are (the writer keeps them from becoming formulas)."""
    w = reporter.words
    made = {
        "overview": _overview(reporter), "scorecards": _scorecards(reporter), "items": _items(reporter),
        "bonus": _bonus(reporter), "signals": _signals(reporter), "quality": _quality(reporter),
    }  # fmt: skip
    return {w(f"sheet.{name}"): (_headings(reporter, name), rows) for name, rows in made.items()}


COLUMNS = {
    "overview": ("what", "figure", "note"),
    "scorecards": (
        "number", "person", "role", "team", "period", "score", "grade", "coefficient", "rank", "rank_of", "rated",
    ),
    "items": (
        "number", "person", "code", "indicator", "weight", "effective", "target", "value", "numerator", "denominator",
        "n", "low", "high", "standing", "points", "weighted", "status", "subject", "provisional",
    ),
    "bonus": ("number", "person", "team", "line", "component", "formula", "amount"),
    "signals": ("code", "signal", "subject", "raised", "strength", "p", "adjusted_p", "evidence"),
    "quality": ("fault", "dataset", "column", "treatment", "count"),
}  # fmt: skip


def _headings(reporter: Reporter, sheet: str) -> list[str]:
    return [reporter.words(f"head.{column}") for column in COLUMNS[sheet]]


def _overview(reporter: Reporter) -> Rows:
    rows: Rows = [[fact.label, fact.text, ""] for fact in reporter.frame("").footer]
    rows += [[tile.label, str(tile.figure), tile.note] for tile in make_tiles(reporter)]
    return rows + [[team.name, team.score, team.bonus] for team in make_teams(reporter)]


def _scorecards(reporter: Reporter) -> Rows:
    return [_card(reporter, card) for card in reporter.source.scores.cards]


def _card(reporter: Reporter, card: Scorecard) -> list[Cell]:
    return [
        card.subject, reporter.source.name(card.subject), reporter.role_name(card), team_name(reporter, card.team),
        card.period, card.total, card.grade, card.coefficient, card.rank, card.rank_of or None, card.rated,
    ]  # fmt: skip


def _items(reporter: Reporter) -> Rows:
    return [
        _item(reporter, card, line, weighted)
        for card in reporter.source.scores.cards
        for line, weighted in zip(card.items, card.weighted_shown, strict=True)
    ]


def _item(reporter: Reporter, card: Scorecard, line: ItemScore, weighted: Decimal) -> list[Cell]:
    value = line.value
    interval = None if value is None else value.interval
    figures: list[Cell] = [line.used, None, None, None, None, None, ""]
    if value is not None:
        ends = (None, None) if interval is None else (interval.low, interval.high)
        figures = [
            value.value,
            value.numerator,
            value.denominator,
            value.n,
            *ends,
            say(f"standing.{value.standing}", reporter.words.lang),
        ]
    return [
        card.subject, reporter.source.name(card.subject), line.indicator, reporter.indicator_name(line.indicator),
        line.weight, line.effective_weight, line.target_text, *figures, line.points, weighted,
        reporter.words(f"status.{line.status.value}"), subject_of(card, line), value is not None and value.provisional,
    ]  # fmt: skip


def _bonus(reporter: Reporter) -> Rows:
    settlement = reporter.source.settlement
    return [] if settlement is None else _payslips(reporter, settlement)


def _payslips(reporter: Reporter, settlement: Settlement) -> Rows:
    w, rows = reporter.words, Rows()
    for payout in settlement.payouts:
        who: list[Cell] = [payout.person, reporter.source.name(payout.person), team_name(reporter, payout.team)]
        for line in payout.lines:
            exact = line.trace.inputs[0] if line.trace.inputs else line.trace
            rows.append(
                [*who, w(f"bonus.kind.{line.kind}"), label_of(reporter, payout, line), exact.formula, line.amount]
            )
        rows.append([*who, w("bonus.total"), "", "", payout.total])
    return rows


def _signals(reporter: Reporter) -> Rows:
    return [
        [
            signal.code, reporter.signal_name(signal.code), signal.subject, signal.raised, _number(signal.strength),
            _number(signal.p), _number(signal.adjusted_p), ", ".join(f"{k}={v:g}" for k, v in signal.evidence.items()),
        ]
        for signal in reporter.source.signals
    ]  # fmt: skip


def _number(value: float | None) -> Decimal | None:
    return None if value is None or value in (float("inf"), float("nan")) else Decimal(str(round(value, 8)))


def _quality(reporter: Reporter) -> Rows:
    found = reporter.source.quality
    if found is None:
        return []
    w = reporter.words
    loads: Rows = [[w("quality.loaded"), load.file, "", "", load.rows] for load in found.loads]
    loads += [[w("quality.rejected"), load.file, "", "", load.rejected] for load in found.loads]
    return loads + [[f.text, f.dataset, f.column, f.treatment, f.count] for f in found.faults]
