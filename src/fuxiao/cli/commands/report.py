"""report: scorecards as HTML pages, a department overview, a workbook."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from ibis import _

from fuxiao.cli import options
from fuxiao.cli.commands.settle import Company, Pools, terms_of
from fuxiao.cli.options import t
from fuxiao.cli.output import print_line
from fuxiao.cli.server.prepare import reads_database
from fuxiao.cli.session import Session, session
from fuxiao.core.period import Period, day_number
from fuxiao.incentives.results import Recipe, Result, work_out
from fuxiao.incentives.seals import path_of
from fuxiao.incentives.settling import read_plan_text
from fuxiao.performance.process import analyse
from fuxiao.performance.scoring import ScoreRun, score_periods
from fuxiao.performance.signals import SignalReport, find_signals
from fuxiao.report.gather import HISTORY, Extras, gather
from fuxiao.report.publish import Published, publish
from fuxiao.report.sealed import Past, as_sealed
from fuxiao.report.source import PastScore


def report(
    period: options.PeriodText = None,
    scheme: options.SchemeName = None,
    plan: options.PlanName = None,
    pool: Pools = None,
    company: Company = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FOLDER", help=t("输出目录", "folder to write to"), show_default=False),
    ] = None,
    clock: options.Clock = "business",
    role: options.Role = "",
    as_of: options.AsOf = None,
    home: options.Home = None,
    lang: options.Lang = None,
) -> None:
    """Write one self-contained HTML scorecard a person, a department overview and an XLSX.

    fuxiao report -p 2026-10 -o reports/2026-10
    """
    with session(home, lang, as_of) as now:
        at = now.period(period)
        recipe = now.recipe(at, scheme, plan, clock=clock, role=role, terms=terms_of(now, pool, company))
        result = work_out(now.store, recipe)
        made = write_report(now, recipe, result, output or now.context.home / "reports" / at.key)
        now.context.tell("report.written", people=len(made.scorecards), folder=str(made.index.parent))
        print_line(str(made.index.resolve()))


def write_report(
    now: Session, recipe: Recipe, result: Result, folder: Path, *, signals: SignalReport | None = None
) -> Published:
    """The whole report of a result: signals, process and earlier scores are looked up here."""
    run = result.run
    seal = path_of(run.period)
    manifest = now.store.manifest
    extras = Extras(
        past=_past(now, run, recipe.default_role),
        signals=signals or find_signals(now.store, run.period, roster=run.roster, as_of=run.as_of),
        process=analyse(now.store, run.period),
        sealed=seal in manifest.seals,
        lang=now.lang,
        digests={"facts": manifest.facts_key}
        | ({"seal": manifest.seals[seal].sha256} if seal in manifest.seals else {}),
    )
    source = gather(
        now.store, result, read_plan_text(recipe.plan), now.library.indicators, extras, made_at=now.context.now
    )
    return publish(replace(source, past=told(now, source.past)), folder, lang=now.lang)


def told(now: Session, past: Past) -> dict[str, list[PastScore]]:
    """The trends as people know them: what review cycles closed and what was sealed is not worked out again."""
    if not reads_database(now.context.home):
        return as_sealed(now.store, past)
    from fuxiao.report.past import as_closed

    return as_closed(now.store, past)


def _past(now: Session, run: ScoreRun, role: str) -> list[ScoreRun]:
    """The scores of the periods before, under the scheme of today, for the trend; closed and sealed ones are shown as they were told."""
    periods, at = [], run.period
    for _step in range(HISTORY - 1):
        at = at.previous()
        if not _has_data(now, at):
            break
        periods.append(at)
    if not periods:
        return []
    return score_periods(
        now.store, run.scheme, periods[::-1], library=now.library.indicators, decisions=now.decisions,
        as_of=run.as_of, clock=run.clock, default_role=role,
    )  # fmt: skip


def _has_data(now: Session, period: Period) -> bool:
    cases = now.store.facts("cases")
    inside = cases.filter(_.opened_day >= day_number(period.start), _.opened_day < day_number(period.end))
    return bool(now.store.execute(inside.limit(1)).num_rows)
