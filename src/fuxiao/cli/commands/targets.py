"""targets propose: what to aim at."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

import typer

from fuxiao.base.wording import say
from fuxiao.cli import options
from fuxiao.cli.options import t
from fuxiao.cli.output import Cell, Column, Format, Sheet, emit
from fuxiao.cli.session import CLOCKS, Session, known, session
from fuxiao.cli.spoken import Command, Group, help_alone
from fuxiao.core.period import Period
from fuxiao.performance.proposing import TargetProposal, propose_targets
from fuxiao.performance.roster import read_names, read_roster


def propose(
    codes: Annotated[
        str, typer.Option("--indicator", "-i", help=t("指标代码，逗号分隔", "indicator codes, comma separated"))
    ],
    by: Annotated[str, typer.Option("--by", "-b", help="company, team, role")] = "company",
    period: options.PeriodText = None,
    months: Annotated[
        int, typer.Option("--months", help=t("看多少个月的历史", "months of history"), min=6, max=60)
    ] = 24,
    clock: options.Clock = "business",
    as_of: options.AsOf = None,
    home: options.Home = None,
    lang: options.Lang = None,
    shape: options.Shape = Format.table,
    output: options.Output = None,
) -> None:
    """Propose floor, target and stretch from own history, blended with the benchmark, with the reasons.

    fuxiao targets propose -i FTF,FRT --by team -p 2026-Q4
    """
    with session(home, lang, as_of) as now:
        at = now.period(period)
        now.facts()
        asked = now.library.select(codes.split(","))
        found = propose_targets(
            now.store, asked, at, by=known(by, ("company", "team", "role"), "by"), roster=read_roster(now.store, at),
            as_of=min(now.day, at.start), history=months, clock=known(clock, CLOCKS, "clock"),
        )  # fmt: skip
        emit([_proposals(now, found, at)], shape, output)


def _proposals(now: Session, found: Sequence[TargetProposal], at: Period) -> Sheet:
    columns = [
        Column("indicator", t("指标", "indicator")), Column("subject", t("对象", "for")),
        Column("months", t("月数", "months"), numeric=True), Column("floor", t("门槛", "floor"), numeric=True),
        Column("target", t("目标", "target"), numeric=True), Column("stretch", t("挑战", "stretch"), numeric=True),
        Column("level", t("现水平", "level now"), numeric=True), Column("why", t("说明", "why")),
    ]  # fmt: skip
    names = {"company": say("company", now.lang), **read_names(now.store)}
    rows = [_proposal_row(now, each, names) for each in found]
    return Sheet(
        t("目标建议（由负责人确认后写入 targets.yaml）", "Proposed targets (the owner decides; then targets.yaml)"),
        columns,
        rows,
        [] if rows else [now.context.say("targets.no_history", period=at.key)],
    )


def _proposal_row(now: Session, each: TargetProposal, names: dict[str, str]) -> list[Cell]:
    head: list[Cell] = [each.indicator, names.get(each.subject, each.subject), each.months]
    if each.proposal is None:
        return [
            *head,
            None,
            None,
            None,
            None,
            say(each.refused.code, now.lang, each.refused.params) if each.refused else "",
        ]
    made = each.proposal
    why = [say(issue.code, now.lang, issue.params) for issue in each.warnings]
    return [
        *head,
        made.floor,
        made.target,
        made.stretch,
        Decimal(str(made.level.now)).quantize(Decimal("0.01")),
        t("；", "; ").join(why),
    ]


targets = typer.Typer(cls=Group, no_args_is_help=True, invoke_without_command=True)


@targets.callback()
def everything(context: typer.Context, lang: options.Lang = None) -> None:
    """What holds for every command of the group."""
    del lang
    help_alone(context)


targets.command(
    "propose", cls=Command, help=t("根据历史和参照提出门槛、目标、挑战值。", (propose.__doc__ or "").strip())
)(propose)
