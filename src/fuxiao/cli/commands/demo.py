"""demo · simulate: a whole company to try everything on."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from fuxiao.base.clock import demonstrate, ticking
from fuxiao.cli import options
from fuxiao.cli.bar import of_file, of_steps
from fuxiao.cli.commands.insight import signal_sheet
from fuxiao.cli.commands.report import write_report
from fuxiao.cli.commands.serve import Port, serve_in_background, show_sign_ins
from fuxiao.cli.commands.settle import settlement_sheets
from fuxiao.cli.context import Context, errors_in_words, make_context
from fuxiao.cli.options import t
from fuxiao.cli.output import Format, Sheet, emit, print_line
from fuxiao.cli.server import prepare as preparing
from fuxiao.cli.session import Session, session
from fuxiao.core.errors import StoreError
from fuxiao.core.period import parse_period
from fuxiao.datasets.importing.mapping_read import read_mapping
from fuxiao.datasets.importing.run import import_file
from fuxiao.incentives.results import work_out
from fuxiao.incentives.settling import Terms, read_plan_text
from fuxiao.performance.signals import find_signals
from fuxiao.simulate.home import write_home
from fuxiao.simulate.layout import FILES, pool_of
from fuxiao.simulate.run import simulate
from fuxiao.simulate.truths import Truths

MARK = "truths.json"
PACK = "appliance"
DAY = "2026-11-06"
"""The demonstration's cut-off: five working days after its last month."""
NOW = f"{DAY}T09:00:00+08:00"
HOURS = 8
"""The demonstration's web site stops by itself after so many hours."""
PERIOD = "2026-10"
MONTHS = 24
MOST_SEED = 2**32 - 1
LISTED = 60
"""So many people of a larger company stand in the list of amounts."""

Folder = Annotated[Path, typer.Argument(help=t("目录", "folder"))]
Seed = Annotated[
    int,
    typer.Option(
        "--seed",
        min=0,
        max=MOST_SEED,
        help=t("随机种子：同一种子得到完全相同的文件", "the same seed gives the same bytes"),
    ),
]
People = Annotated[int, typer.Option("--people", help=t("人数", "people"), min=8)]


def demo(
    folder: Folder = Path("demo"),
    seed: Seed = 7,
    people: People = 60,
    serve: Annotated[
        bool,
        typer.Option(
            "--serve",
            help=t("算完后启动网页，并列出各角色的登录账号", "then serve the pages and list a sign-in for each role"),
        ),
    ] = False,
    port: Port = 8000,
    lang: options.Lang = None,
) -> None:
    """Simulate a service department and take it from the raw log to bonus amounts; ends with the path of the report."""
    context = make_context(folder / "home", lang)
    with errors_in_words(context.home):
        truths = _fresh(context, folder, seed=seed, people=people)
    with session(folder / "home", lang, DAY) as now:
        _import(now, folder / "raw")
        recipe = now.recipe(parse_period(PERIOD), PACK, PACK, clock="business", role="", terms=_terms(now, people))
        context.tell("demo.computing")
        result = work_out(now.store, recipe)
        run = result.run
        found = find_signals(now.store, run.period, roster=run.roster, as_of=run.as_of)
        made = write_report(now, recipe, result, folder / "report", signals=found)
        amounts, *pools = settlement_sheets(now, result, read_plan_text(recipe.plan))
        emit([cut(now, amounts, people), *pools, signal_sheet(now, found, run.roster)], Format.table, None)
        planted = _planted(truths)
        now.context.tell(
            "demo.truths" if planted else "demo.no_truths", path=str(folder / "raw" / MARK), planted=planted
        )
        now.context.tell("demo.next", home=str(folder / "home"), day=DAY)
        print_line(str(made.index.resolve()))
    if serve:
        with errors_in_words(context.home):
            _serve(context, port)


def cut(now: Session, amounts: Sheet, people: int) -> Sheet:
    """What a person reads of the amounts of many, and how to see the others."""
    if len(amounts.rows) <= LISTED:
        return amounts
    pool = f"department={pool_of(people)}"
    ask = f"fuxiao settle -p {PERIOD} --pool {pool} --home {now.context.home} --as-of {DAY}"
    note = now.context.say("demo.cut", people=len(amounts.rows), shown=LISTED, ask=ask)
    return replace(amounts, rows=amounts.rows[:LISTED], notes=[note, *amounts.notes])


def _serve(context: Context, port: int) -> None:
    """The demonstration as a web site of its own, in the background, on the demonstration's day."""
    pinned = replace(context, now=datetime.fromisoformat(NOW).astimezone(UTC))
    preparing.prepare(pinned.home, at=pinned.now)
    from fuxiao.cli.server.demo_cycles import fill_cycles
    from fuxiao.cli.server.demo_desk import fill_desk
    from fuxiao.cli.server.demo_events import fill_events
    from fuxiao.cli.server.demo_objectives import fill_objectives
    from fuxiao.cli.server.demo_past import LAST, fill_past

    fill_desk(pinned.home, at=pinned.now)
    fill_objectives.enqueue(f"{PERIOD[:4]}-01", "premium")
    fill_cycles.enqueue(PERIOD, PACK)
    address = serve_in_background(pinned.home, port=port, hours=HOURS)
    show_sign_ins(pinned.home, address, context=pinned)
    fill_events.enqueue()
    fill_past.using(priority=LAST).enqueue(parse_period(PERIOD).previous().key, PACK)


def _fresh(context: Context, folder: Path, *, seed: int, people: int) -> Truths:
    """Raw files and a home folder made anew; only a folder that a demonstration made is ever replaced."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "raw" / MARK).exists():
        raise StoreError("demo.not_ours", path=str(folder))
    for name in ("raw", "home", "report"):
        shutil.rmtree(folder / name, ignore_errors=True)
    context.tell("demo.simulating", people=people)
    with of_steps(MONTHS, context.lang) as progress:
        truths = simulate(folder / "raw", seed=seed, people=people, months=MONTHS, progress=progress)
    write_home(folder / "home", truths=truths, templates=_templates())
    demonstrate(folder / "home", datetime.fromisoformat(NOW), since=ticking())
    return truths


def _templates() -> dict[str, str]:
    packages = {"schemes": "fuxiao.performance", "plans": "fuxiao.incentives"}
    return {
        f"{name}/{PACK}.yaml": resources.files(package)
        .joinpath("templates", f"{PACK}.yaml")
        .read_text(encoding="utf-8")
        for name, package in packages.items()
    }


def _import(now: Session, raw: Path) -> None:
    """All files come in on the demonstration's morning."""
    at = datetime.fromisoformat(NOW).astimezone(UTC)
    for file in FILES:
        mapping = read_mapping(now.context.home / "mappings" / f"{file.stem}.toml")
        with of_file(file.name, now.lang) as progress:
            report = import_file(now.store, raw / file.name, mapping, at=at, progress=progress)
        name = f"{file.name} · {file.sheet}" if file.sheet else file.name
        now.context.tell("demo.imported", file=name, rows=report.rows, rejected=report.rejected)


def _terms(now: Session, people: int) -> Terms:
    return Terms(pools={"department": Decimal(pool_of(people))}, on=now.last_day)


def _planted(truths: Truths) -> str:
    named = (truths.cherry_picker, truths.reopen_gamer, truths.survey_skipper, truths.over_compensator)
    return ", ".join(one for one in named if one)


def simulate_company(
    folder: Folder = Path("simulated"),
    seed: Seed = 7,
    people: People = 60,
    start: Annotated[str, typer.Option("--start", help=t("第一个月", "first month"))] = "2024-11",
    months: Annotated[int, typer.Option("--months", help=t("月数", "months"), min=1)] = MONTHS,
    lang: options.Lang = None,
) -> None:
    """Write the raw files of a simulated company (10 people or 10,000), with their mappings and the planted truths."""
    context = make_context(folder, lang)
    with errors_in_words(context.home):
        if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
            raise StoreError("simulate.not_ours", path=str(folder))
        first: date = parse_period(start).start
        with of_steps(months, context.lang) as progress:
            truths = simulate(folder, seed=seed, people=people, start=first, months=months, progress=progress)
        context.tell("simulate.done", cases=truths.cases, folder=str(folder))
