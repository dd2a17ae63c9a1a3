"""explain: a score and an amount down to the arithmetic and the tickets, or the clocks of one case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.tree import Tree

from fuxiao.base.wording import say
from fuxiao.cli import options
from fuxiao.cli.commands.score import find_card, find_member
from fuxiao.cli.commands.settle import Company, Pools, find_payout, terms_of
from fuxiao.cli.options import t
from fuxiao.cli.output import Cell, Column, Format, Sheet, emit, printable, to_standard_output
from fuxiao.cli.session import Session, session
from fuxiao.cli.shown import figure_text, scale_text, short
from fuxiao.core.clock import Entry, Ledger, Reason
from fuxiao.core.errors import InputError
from fuxiao.core.explain import Trace, figure
from fuxiao.core.indicator import Value
from fuxiao.engine.definition import Indicator
from fuxiao.incentives.results import work_out
from fuxiao.metrics.ledgers import abridged, case_clocks
from fuxiao.performance.roster import Roster

PLACES = 4
"""Places of a figure in the tree; what is cut off is marked with an ellipsis."""
MOST_ENTRIES = 60
"""Lines of one clock; of a clock that nothing stopped the middle is told in one."""
WIDE = 10_000
"""The width of a tree that goes into a pipe or file: one line a figure."""

Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Known:
    """What the words of a figure are taken from: names of people, measured values by indicator."""

    now: Session
    roster: Roster
    values: Values


def explain(
    who: Annotated[str | None, typer.Argument(help=t("工号或姓名", "employee number or name"))] = None,
    case: Annotated[
        str | None,
        typer.Option("--case", help=t("一张工单的计时台账", "the clock ledger of one case"), show_default=False),
    ] = None,
    period: options.PeriodText = None,
    scheme: options.SchemeName = None,
    plan: options.PlanName = None,
    pool: Pools = None,
    company: Company = None,
    clock: options.Clock = "business",
    role: options.Role = "",
    as_of: options.AsOf = None,
    home: options.Home = None,
    lang: options.Lang = None,
    shape: options.Shape = Format.table,
    output: options.Output = None,
) -> None:
    """Explain a person's score and bonus down to the arithmetic, or the clock of one case second by second.

    fuxiao explain 张伟 -p 2026-10      fuxiao explain --case GD-2610-0418
    """
    with session(home, lang, as_of) as now:
        if case:
            emit(_ledger_sheets(now, case, whole=shape is not Format.table), shape, output)
            return
        if not who:
            raise InputError("explain.who")
        at = now.period(period)
        recipe = now.recipe(at, scheme, plan, clock=clock, role=role, terms=terms_of(now, pool, company))
        result = work_out(now.store, recipe)
        values: Values = {}
        traces: dict[str, Trace] = {}
        if find_member(result.run, who).role in result.run.scheme.roles:
            card = find_card(now, result.run, who)
            values = {item.indicator: item.value for item in card.items if item.value is not None}
            traces["score"] = card.trace
        traces["amount"] = find_payout(result, who).trace
        known = Known(now, result.run.roster, values)
        if shape is not Format.table or output is not None:
            emit([_tree_sheet(known, key, trace) for key, trace in traces.items()], shape, output)
            return
        for trace in traces.values():
            _print_tree(known, trace)
        if values:
            now.context.tell("explain.rows", indicator=next(iter(values)), who=who, period=at.key)


def _print_tree(known: Known, trace: Trace) -> None:
    def grow(branch: Tree, above: Trace) -> None:
        for each in above.inputs:
            grow(branch.add(_line(known, each, above)), each)

    root = Tree(_line(known, trace))
    grow(root, trace)
    terminal = Console()
    console = terminal if terminal.is_terminal else Console(width=WIDE)
    with to_standard_output():
        console.print(root, highlight=False, markup=False)


def _tree_sheet(known: Known, key: str, trace: Trace) -> Sheet:
    """The tree as rows from the top down, for programs: how deep a figure lies, what it is, its value, its arithmetic."""
    columns = [
        Column("depth", t("层", "depth"), numeric=True), Column("what", t("项", "what")),
        Column("value", t("值", "value"), numeric=True), Column("formula", t("算式", "arithmetic")),
    ]  # fmt: skip
    rows: list[list[Cell]] = []

    def grow(depth: int, each: Trace, above: Trace | None) -> None:
        rows.append([depth, *_told(known, each, above)])
        for below in each.inputs:
            grow(depth + 1, below, each)

    grow(0, trace, None)
    return Sheet(say(f"trace.sheet.{key}", known.now.lang), columns, rows, key=key)


def _line(known: Known, trace: Trace, above: Trace | None = None) -> str:
    """One figure in words: what it is, its value, the arithmetic."""
    words, value, formula = _told(known, trace, above)
    return printable(f"{words}{t('：', ': ')}{value}" + (f"   = {formula}" if formula else ""))


def _told(known: Known, trace: Trace, above: Trace | None) -> tuple[str, str, str]:
    """What a figure is, with its facts; its value; its arithmetic."""
    now, values, facts = known.now, known.values, dict(trace.params)
    facts.update({who: known.roster.name(str(facts[who])) for who in ("subject", "person") if who in facts})
    if (code := facts.get("indicator")) in now.library.indicators:
        facts["indicator"] = f"{code} {now.library.indicators[str(code)].name[now.lang]}"
    value, formula = _figure(trace), trace.formula
    measured = str(above.params.get("indicator", "")) if above and trace.code == "score.value" else ""
    if measured in values:
        indicator = now.library.get(measured)
        value = figure_text(values[measured], indicator, now.lang, now.places)
        formula = _fraction(values[measured], indicator)
    return say(f"trace.{trace.code}", now.lang, facts), value, formula


def _fraction(value: Value, indicator: Indicator) -> str:
    """Numerator ÷ denominator as they were summed up, and what makes the unit of it; nothing for a percentile."""
    above, below = short(value.numerator), short(value.denominator)
    return "" if above is None or below is None else f"{above:f} ÷ {below:f}{scale_text(indicator)}"


def _figure(trace: Trace) -> str:
    if not isinstance(trace.value, Decimal):
        return "—" if trace.value is None else str(trace.value)
    cut = trace.value.quantize(Decimal(1).scaleb(-PLACES), rounding=ROUND_HALF_UP)
    return f"{trace.value:f}" if cut == trace.value else f"{figure(cut)}…"


def _ledger_sheets(now: Session, case: str, *, whole: bool) -> list[Sheet]:
    """The clocks of a case; ``whole``: with each of their entries, however many."""
    found = case_clocks(now.store, [case], as_of=now.as_of)
    if case not in found:
        raise InputError("explain.no_case", case=case)
    ledgers = [ledger for ledger in found[case].ledgers.values() if ledger.entries]
    return [_ledger_sheet(now, ledger, most=len(ledger.entries) if whole else MOST_ENTRIES) for ledger in ledgers]


def _ledger_sheet(now: Session, ledger: Ledger, *, most: int) -> Sheet:
    columns = [
        Column("from", t("从", "from")), Column("to", t("到", "to")), Column("reason", t("计时", "what")),
        Column("minutes", t("工作分钟", "business minutes"), numeric=True),
        Column("calendar", t("自然分钟", "calendar minutes"), numeric=True),
    ]  # fmt: skip
    first, between, last = abridged(ledger.entries, most=most)
    rows = [_entry(now, entry) for entry in first]
    if between:
        counted = sum(entry.seconds for entry in between if entry.reason is Reason.COUNTED)
        words = now.context.say("explain.more", count=len(between))
        start, end = between[0].start, between[-1].end
        rows.append([_local(now, start), _local(now, end), words, _minutes(counted), _minutes(end - start)])
    rows += [_entry(now, entry) for entry in last]
    title = (
        say(f"clock.{ledger.clock}", now.lang) + f" · {_minutes(ledger.seconds)} " + t("工作分钟", "business minutes")
    )
    return Sheet(title, columns, rows, list(_remarks(now, ledger)), key=str(ledger.clock))


def _entry(now: Session, entry: Entry) -> list[Cell]:
    start, end = _local(now, entry.start), _local(now, entry.end)
    reason = say(f"reason.{entry.reason}", now.lang)
    return [start, end, reason, _minutes(entry.seconds), _minutes(entry.end - entry.start)]


def _remarks(now: Session, ledger: Ledger) -> list[str]:
    """Why the clock was still running at its end: the cut-off, or the case ended without what would have stopped it."""
    if not ledger.running:
        return []
    ended = ledger.end < int(now.as_of.timestamp())
    return [say("clock.never_stopped" if ended else "clock.running", now.lang)]


def _local(now: Session, at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(now.store.settings.zone)):%Y-%m-%d %H:%M:%S}"


def _minutes(seconds: int) -> Decimal:
    return (Decimal(seconds) / 60).quantize(Decimal("0.1"))
