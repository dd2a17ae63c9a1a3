"""seal · verify: a period closed for good, and the proof that it still is what it was."""

from __future__ import annotations

from typing import Annotated

import typer

from fuxiao.base.wording import say
from fuxiao.cli import options
from fuxiao.cli.commands.settle import Company, Pools, terms_of
from fuxiao.cli.context import FOUND
from fuxiao.cli.options import t
from fuxiao.cli.output import Cell, Column, Format, Sheet, emit, print_line
from fuxiao.cli.session import Session, session
from fuxiao.core.errors import InputError
from fuxiao.core.period import parse_period
from fuxiao.incentives.sealing import Verification, seal_period, verify_period
from fuxiao.incentives.seals import sealed_periods, unlisted_periods

MOST_SHOWN = 200


def seal(
    period: options.PeriodText = None,
    scheme: options.SchemeName = None,
    plan: options.PlanName = None,
    pool: Pools = None,
    company: Company = None,
    by: Annotated[str, typer.Option("--by", help=t("由谁封存（必须是具名的人）", "who seals it: a named person"))] = "",
    clock: options.Clock = "business",
    role: options.Role = "",
    as_of: options.AsOf = None,
    home: options.Home = None,
    lang: options.Lang = None,
) -> None:
    """Seal a period: inputs, definitions and every figure with their digests. Late data then corrects later periods.

    fuxiao seal -p 2026-10 --by 李敏
    """
    with session(home, lang, as_of) as now:
        if not by.strip():
            raise InputError("seal.by_whom")
        recipe = now.recipe(
            now.period(period), scheme, plan, clock=clock, role=role, terms=terms_of(now, pool, company)
        )
        made, result = seal_period(now.store, recipe, at=now.context.now, by=by)
        total = result.settlement.total
        now.context.tell("seal.done", period=made.period.key, figures=len(made.rows), total=total)
        print_line(made.digest)


def verify(
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            "-p",
            metavar="PERIOD",
            help=t("期间（默认：全部已封存的）", "period (default: every sealed one)"),
        ),
    ] = None,
    home: options.Home = None,
    lang: options.Lang = None,
    shape: options.Shape = Format.table,
    output: options.Output = None,
) -> None:
    """Check the stored bytes of sealed periods, compute every figure again and compare. Exit code 1 if anything differs."""
    with session(home, lang) as now:
        known = [*sealed_periods(now.store), *unlisted_periods(now.store)]
        asked = [parse_period(period)] if period else known
        if stranger := next((each for each in asked if each not in known), None):
            sealed = [each.key for each in known] or None
            raise InputError("period.not_sealed", period=stranger.key, sealed=sealed)
        if not asked:
            now.context.tell("verify.nothing_sealed")
            return
        found = [verify_period(now.store, each) for each in asked]
        emit([_summary(now, found), *_differences(now, found)], shape, output)
        if not all(each.whole for each in found):
            raise typer.Exit(FOUND)


def _summary(now: Session, found: list[Verification]) -> Sheet:
    columns = [
        Column("period", t("期间", "period")), Column("result", t("结果", "result")),
        Column("figures", t("数字", "figures"), numeric=True), Column("files", t("文件", "files"), numeric=True, detail=2),
        Column("differences", t("不一致", "differences"), numeric=True), Column("digest", t("摘要", "digest"), detail=3),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [v.period.key, say("verify.whole" if v.whole else "verify.differs", now.lang), v.figures, v.files,
         len(v.differences), v.digest]
        for v in found
    ]  # fmt: skip
    return Sheet(t("复算", "Verification"), columns, rows, key="periods")


def _differences(now: Session, found: list[Verification]) -> list[Sheet]:
    columns = [
        Column("period", t("期间", "period")), Column("kind", t("类别", "kind")), Column("where", t("位置", "where")),
        Column("sealed", t("封存时", "sealed")), Column("now", t("现在", "now")),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [v.period.key, say(f"difference.{d.kind}", now.lang), d.where, d.sealed, d.now]
        for v in found
        for d in v.differences[:MOST_SHOWN]
    ]
    return [Sheet(t("不一致之处", "Differences"), columns, rows, key="differences")] if rows else []
