"""``fuxiao``: the commands in the order in which a person meets them."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version as installed
from typing import Annotated

import typer

from fuxiao.cli import options
from fuxiao.cli.commands import (
    audit,
    closing,
    data,
    demo,
    explain,
    figures,
    insight,
    pull,
    quality,
    report,
    score,
    serve,
    settle,
)
from fuxiao.cli.options import begin, t
from fuxiao.cli.spoken import Command, Group

app = typer.Typer(
    cls=Group,
    name="fuxiao",
    help=t(
        "Fuxiao 服效：从原始服务日志到每一分钱都能追溯到工单的奖金。\n\n"
        "上手顺序：init → map → import → values → score → settle → explain → report；期末 seal，之后随时 verify。",
        "Fuxiao: from the raw service log to a bonus that everyone can trace back to the tickets.\n\n"
        "In order: init → map → import → values → score → settle → explain → report; then seal, and verify at any time.",
    ),
    no_args_is_help=True,
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
targets = typer.Typer(
    cls=Group,
    help=t("目标：按历史与参照提出建议。", "Targets: proposals from history and benchmark."),
    no_args_is_help=True,
)

COMMANDS: tuple[tuple[str, Callable[..., None], str], ...] = (
    ("demo", demo.demo, "模拟一家公司的售后部门，并从原始日志一直算到奖金。"),
    ("init", data.init, "新建数据目录：设置、工作日历、服务级别、考核方案与奖金方案，供修改。"),
    ("map", data.map_file, "查看一个文件并给出映射建议：哪列是什么、日期、代码、事件；核对后再导入。"),
    ("import", data.import_files, "导入文件：一个文件要么全部生效，要么完全不变；重复导入同一文件不会有任何变化。"),
    ("pull", pull.pull, "立即从连接好的数据库读取新数据；连接、查询和列对应在网页上设置。"),
    ("quality", quality.quality, "数据现状：每次导入收了多少、拒了多少，库里还有哪些引用对不上；可逐条列出。"),
    ("indicators", figures.indicators, "列出指标库，或说明一个指标的完整定义。"),
    ("values", figures.values, "指标值：n、95% 区间、剔除原因；可按人员、班组、公司或任意列分组。"),
    ("rows", figures.rows, "一个数字背后的明细：同一口径去掉汇总，逐行相加等于该数字。"),
    ("score", score.score, "全体评分卡，或一个人的完整评分卡。"),
    ("settle", settle.settle, "按奖金方案结算到分；或一个人的奖金明细。"),
    ("explain", explain.explain, "把一个人的得分和奖金解释到每一步算式；或一张工单的计时台账。"),
    ("signals", insight.signals, "作弊信号：只开启复核，从不自动处罚。"),
    ("process", insight.process, "流程：交接、瓶颈、踢皮球、变体、流动效率、不良质量成本。"),
    ("report", report.report, "每人一份 HTML 评分卡、部门总览和 XLSX。"),
    ("seal", closing.seal, "封存一个期间：输入、口径和每个数字连同摘要；之后的数据只会更正后面的期间。"),
    ("verify", closing.verify, "核对封存期间的字节并重算每个数字；有任何不一致时退出码为 1。"),
    (
        "verify-audit",
        audit.verify_audit,
        "核对网页的操作记录：逐条验证前后相连；被改、被删、被调换的都会列出，退出码为 1。",
    ),
    ("export", data.export, "把记录、历史或事实表导出为其他程序可读的文件。"),
    ("serve", serve.serve, "启动网页：准备数据库，然后网页服务与后台任务一起运行。"),
    ("backup", serve.backup, "把整个系统（数据、设置、数据库）备份成一个文件，期间照常使用。"),
    ("restore", serve.restore, "从备份恢复到一个新的数据目录，并逐个核对文件与操作记录。"),
    ("simulate", demo.simulate_company, "只生成模拟公司的原始文件，供试用或压测。"),
)
for _name, _function, _zh in COMMANDS:
    app.command(_name, cls=Command, help=t(_zh, (_function.__doc__ or "").strip()))(_function)
targets.command(
    "propose", cls=Command, help=t("根据历史和参照提出门槛、目标、挑战值。", (insight.propose.__doc__ or "").strip())
)(insight.propose)
app.add_typer(targets, name="targets")


@app.callback()
def everywhere(
    lang: options.Lang = None,
    version: Annotated[bool, typer.Option("--version", help=t("显示版本", "show the version"))] = False,
) -> None:
    """What holds for every command."""
    begin(lang)
    if version:
        typer.echo(f"fuxiao {installed('fuxiao')}")
        raise typer.Exit


def main() -> None:
    """The entry point of the ``fuxiao`` command."""
    app()


if __name__ == "__main__":
    main()
