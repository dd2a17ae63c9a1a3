"""``fuxiao``: the commands in the order in which a person meets them."""

from __future__ import annotations

import os
import signal
import sys
from importlib.metadata import version as installed
from typing import Annotated

import typer

from fuxiao.cli import options
from fuxiao.cli.offers import Offer, offering
from fuxiao.cli.options import begin, t
from fuxiao.cli.spoken import help_alone

COMMANDS = {
    "demo": Offer(
        "demo:demo",
        "模拟一家公司的售后部门，并从原始日志一直算到奖金。",
        "Simulate a service department and take it from the raw log to bonus amounts; ends with the path of the report.",
    ),
    "init": Offer(
        "data:init",
        "新建数据目录：设置、工作日历、服务级别、考核方案与奖金方案，供修改。",
        "Make a home folder: settings, a work calendar, service levels, a scheme and a plan to edit.",
    ),
    "map": Offer(
        "data:map_file",
        "查看一个文件并给出映射建议：哪列是什么、日期、代码、事件；核对后再导入。",
        "Look at a file and propose a mapping: which column means what, dates, codes, events. Correct it, then import.",
    ),
    "import": Offer(
        "data:import_files",
        "导入文件：一个文件要么全部生效，要么完全不变；重复导入同一文件不会有任何变化。",
        "Import files: all of a file becomes visible at once, or nothing. The same file twice changes nothing.",
    ),
    "pull": Offer(
        "pull:pull",
        "立即从连接好的数据库读取新数据；连接、查询和列对应在网页上设置。",
        "Read what is new from another database now. The connection, the query and its columns are set up on the pages.",
    ),
    "quality": Offer(
        "quality:quality",
        "数据现状：每次导入收了多少、拒了多少，库里还有哪些引用对不上；可逐条列出。",
        "The data as it stands: what each import brought and refused, and references that fit nothing in the store.",
    ),
    "indicators": Offer(
        "figures:indicators",
        "列出指标库，或说明一个指标的完整定义。",
        "List the indicator library, or explain one indicator.",
    ),
    "values": Offer(
        "figures:values",
        "指标值：n、95% 区间、剔除原因；可按人员、班组、公司或任意列分组。",
        "Indicator values with n, 95 % interval and what was left out.",
    ),
    "rows": Offer(
        "figures:rows",
        "一个数字背后的明细：同一口径去掉汇总，逐行相加等于该数字。",
        "The rows under a figure: the same definition with the aggregate taken off; they add up to it.",
    ),
    "score": Offer(
        "score:score",
        "全体评分卡，或一个人的完整评分卡。",
        "Scorecards of everybody, or one person's in full.",
    ),
    "settle": Offer(
        "settle:settle",
        "按奖金方案结算到分；或一个人的奖金明细。",
        "Bonus amounts of everybody under a plan, to the cent; or one person's payslip lines.",
    ),
    "explain": Offer(
        "explain:explain",
        "把一个人的得分和奖金解释到每一步算式；或一张工单的计时台账。",
        "Explain a person's score and bonus down to the arithmetic, or the clock of one case second by second.",
    ),
    "signals": Offer(
        "insight:signals",
        "作弊信号：只开启复核，从不自动处罚。",
        "Gaming signals with their evidence and the cases to look at. A signal opens a review, never a penalty.",
    ),
    "process": Offer(
        "insight:process",
        "流程：交接、瓶颈、踢皮球、变体、流动效率、不良质量成本。",
        "How cases flow: hand-offs and where they wait, ping-pong, the usual ways, and what poor quality cost.",
    ),
    "report": Offer(
        "report:report",
        "每人一份 HTML 评分卡、部门总览和 XLSX。",
        "Write one self-contained HTML scorecard a person, a department overview and an XLSX.",
    ),
    "seal": Offer(
        "closing:seal",
        "封存一个期间：输入、口径和每个数字连同摘要；之后的数据只会更正后面的期间。",
        "Seal a period: inputs, definitions and every figure with their digests. Late data then corrects later periods.",
    ),
    "verify": Offer(
        "closing:verify",
        "核对封存期间的字节并重算每个数字；有任何不一致时退出码为 1。",
        "Check the stored bytes of sealed periods, compute every figure again and compare. Exit code 1 if anything differs.",
    ),
    "verify-audit": Offer(
        "audit:verify_audit",
        "核对网页的操作记录：逐条验证前后相连；被改、被删、被调换的都会列出，退出码为 1。",
        "Check every entry of the audit trail against the one before. Exit code 1 if any was edited, removed or swapped.",
    ),
    "export": Offer(
        "data:export",
        "把记录、历史或事实表导出为其他程序可读的文件。",
        "Write records, their history or facts to a file that other programs read.",
    ),
    "serve": Offer(
        "serve:serve",
        "启动网页：准备数据库，然后网页服务与后台任务一起运行。",
        "Serve the pages: prepares the database, then web server and worker together. Ctrl-C stops both.",
    ),
    "backup": Offer(
        "serve:backup",
        "把整个系统（数据、设置、数据库）备份成一个文件，期间照常使用。",
        "Write the whole installation into one file, while people go on working. Keep the digest it prints elsewhere.",
    ),
    "restore": Offer(
        "serve:restore",
        "从备份恢复到一个新的数据目录，并逐个核对文件与操作记录。",
        "Make an installation again from its backup, in a new folder; every file and the audit trail are checked.",
    ),
    "simulate": Offer(
        "demo:simulate_company",
        "只生成模拟公司的原始文件，供试用或压测。",
        "Write the raw files of a simulated company (10 people or 10,000), with their mappings and the planted truths.",
    ),
    "targets": Offer(
        "targets:targets", "目标：按历史与参照提出建议。", "Targets: proposals from history and benchmark."
    ),
}
STOPPED, UNREAD = 128 + signal.SIGINT, 128 + signal.SIGPIPE
"""The exit codes of what a person stopped, and of what was written for nobody: ``fuxiao … | head -1``."""
app = typer.Typer(
    cls=offering(COMMANDS),
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


@app.callback()
def everywhere(
    context: typer.Context,
    lang: options.Lang = None,
    version: Annotated[bool, typer.Option("--version", help=t("显示版本", "show the version"))] = False,
) -> None:
    """What holds for every command."""
    begin(lang)
    if version:
        typer.echo(f"fuxiao {installed('fuxiao')}")
        raise typer.Exit
    help_alone(context)


def main() -> None:
    """Run the command that the line asks for.

    What a person stopped ends at once, and so does what nobody reads on: everything it held is given up by then, and
    what a thread still holds of DuckDB, or a pipe, would be complained of when the interpreter is taken down.
    """
    try:
        _run()
    except SystemExit as end:
        unwritten = _flush()
        if isinstance(unwritten or end.__context__, BrokenPipeError):
            os._exit(UNREAD)
        if unwritten or end.code == STOPPED:
            os._exit(int(end.code or 1))
        raise


def _run() -> None:
    """The command; help that cannot be written is refused like a result that cannot be."""
    try:
        app()
    except OSError as error:
        from fuxiao.cli.context import INPUT, complain_of  # what ends well needs none of it
        from fuxiao.core.errors import InputError

        name = t("标准输出", "standard output")
        complain_of(InputError("file.not_written", path=name, reason=error.strerror or str(error)))
        raise SystemExit(INPUT) from error


def _flush() -> OSError | None:
    """Write out what was said; why it cannot be."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError as error:
        return error
    return None


if __name__ == "__main__":
    main()
