"""signals · process: what the data says is wrong."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from fuxiao.base.wording import say
from fuxiao.cli import options
from fuxiao.cli.options import t
from fuxiao.cli.output import Cell, Column, Format, Sheet, Shown, emit
from fuxiao.cli.session import Session, session
from fuxiao.cli.shown import money_text
from fuxiao.core.gaming.registry import KINDS
from fuxiao.core.gaming.words import SHEETS
from fuxiao.core.process.flow import Variants
from fuxiao.core.process.waste import PoorQuality
from fuxiao.performance.process import ProcessReport, analyse
from fuxiao.performance.roster import Roster, read_names, read_roster
from fuxiao.performance.signals import Finding, SignalReport, find_signals

WAYS = 20


def signals(
    period: options.PeriodText = None,
    as_of: options.AsOf = None,
    home: options.Home = None,
    lang: options.Lang = None,
    shape: options.Shape = Format.table,
    output: options.Output = None,
) -> None:
    """Gaming signals with their evidence and the cases to look at. A signal opens a review, never a penalty."""
    with session(home, lang, as_of) as now:
        at = now.period(period)
        now.facts()
        roster = read_roster(now.store, at)
        emit([signal_sheet(now, find_signals(now.store, at, roster=roster, as_of=now.as_of), roster)], shape, output)


def signal_sheet(now: Session, found: SignalReport, roster: Roster) -> Sheet:
    """The raised signals, strongest first."""
    columns = [
        Column("code", t("代码", "code")), Column("signal", t("信号", "signal")), Column("subject", t("对象", "subject")),
        Column("strength", t("强度", "strength"), numeric=True, detail=1), Column("p", "p", numeric=True, detail=2),
        Column("evidence", t("证据", "evidence"), detail=1), Column("cases", t("先看这些工单", "look at these cases"), detail=3),
    ]  # fmt: skip
    rows = [_signal_row(now, finding, roster) for finding in found.findings]
    notes = [now.context.say("signals.review" if rows else "signals.none")]
    if found.missing:
        blind = [kind for kind in KINDS if any(look.key in found.missing for look in kind.detectors)]
        listed = [f"{kind.code} {kind.name.of(now.lang)}" for kind in blind]
        notes.append(now.context.say("signals.missing", listed=listed))
    title = now.context.say("signals.title", start=found.window.start, end=found.window.end - timedelta(days=1))
    return Sheet(title, columns, rows, notes)


def _signal_row(now: Session, finding: Finding, roster: Roster) -> list[Cell]:
    signal = finding.signal
    chance = signal.adjusted_p if signal.adjusted_p is not None else signal.p
    evidence = ", ".join(_evidence(now, signal.code, name, number) for name, number in signal.evidence.items())
    subject = " → ".join(roster.name(part) for part in signal.subject.split(" → "))
    return [
        signal.code, signal_name(signal.code, now.lang), subject, _short(signal.strength),
        None if chance is None else f"{chance:.1e}", evidence, ", ".join(finding.cases[:5]),
    ]  # fmt: skip


def _evidence(now: Session, code: str, name: str, number: float) -> str:
    """One number with its name; amounts are kept in minor units and read in the currency's own."""
    if code == "P3" and name in ("paid", "expected"):
        return f"{say(f'evidence.{name}', now.lang)} {money_text(Decimal(round(number)).scaleb(-now.places))}"
    return f"{say(f'evidence.{name}', now.lang)} {_short(number)}"


def signal_name(code: str, lang: str) -> str:
    """The name of a kind of signal."""
    return SHEETS[code].name.of(lang)


def _short(number: float) -> str:
    return f"{number:.4g}"


def process(
    period: options.PeriodText = None,
    as_of: options.AsOf = None,
    home: options.Home = None,
    lang: options.Lang = None,
    shape: options.Shape = Format.table,
    output: options.Output = None,
) -> None:
    """How cases flow: hand-offs and where they wait, ping-pong, the usual ways, and what poor quality cost."""
    with session(home, lang, as_of) as now:
        now.facts()
        emit(process_sheets(now, analyse(now.store, now.period(period))), shape, output)


def process_sheets(now: Session, found: ProcessReport) -> list[Sheet]:
    """Edges by total wait, pairs, ways, cost."""
    names = read_names(now.store)
    sheets = [_edges(now, found, names)]
    if found.ping_pong:
        sheets.append(_pairs(found, names))
    if found.variants is not None:
        sheets.append(_ways(found.variants, names))
    if found.quality is not None:
        sheets.append(_cost(now, found.quality))
    return sheets


def _edges(now: Session, found: ProcessReport, names: dict[str, str]) -> Sheet:
    columns = [
        Column("sender", t("转出", "from")), Column("receiver", t("转入", "to")),
        Column("count", t("次数", "count"), numeric=True), Column("p50", t("等待中位（小时）", "median wait, h"), numeric=True),
        Column("p90", t("等待 P90（小时）", "P90 wait, h"), numeric=True),
        Column("total", t("等待合计（小时）", "total wait, h"), numeric=True),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [names.get(e.sender, e.sender), names.get(e.receiver, e.receiver), e.count, _hours(e.p50), _hours(e.p90),
         _hours(e.total)]
        for e in found.networks["business"].edges
    ]  # fmt: skip
    notes = []
    if found.bottleneck is not None:
        pair = " → ".join(names.get(unit, unit) for unit in found.bottleneck.pair)
        notes.append(now.context.say("process.bottleneck", pair=pair, hours=_hours(found.bottleneck.total)))
    flow = found.flows.get("business")
    if flow is not None:
        notes.append(now.context.say("process.efficiency", share=_percent(flow.efficiency)))
    if found.missing:
        notes.append(now.context.say("process.missing", listed=found.missing))
    title = t("交接与等待（工作时间）", "Hand-offs and waiting (business time)")
    return Sheet(title, columns, rows, notes, key="hand_offs")


def _pairs(found: ProcessReport, names: dict[str, str]) -> Sheet:
    columns = [
        Column("sender", t("转出", "from")), Column("receiver", t("转入", "to")),
        Column("hand_offs", t("交接", "hand-offs"), numeric=True), Column("returns", t("原路退回", "came straight back"), numeric=True),
        Column("share", t("占比 %", "share %"), numeric=True),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [names.get(p.sender, p.sender), names.get(p.receiver, p.receiver), p.hand_offs, p.returns, _percent(p.share)]
        for p in found.ping_pong
    ]
    return Sheet(t("踢皮球（甲→乙→甲）", "Ping-pong (a → b → a)"), columns, rows, key="ping_pong")


def _ways(variants: Variants, names: dict[str, str]) -> Sheet:
    columns = [
        Column("way", t("路径", "way")), Column("cases", t("工单", "cases"), numeric=True),
        Column("share", t("占比 %", "share %"), numeric=True),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [" → ".join(names.get(unit, unit) for unit in v.units), v.cases, _percent(v.share)]
        for v in variants.ranked[:WAYS]
    ]
    return Sheet(t("最常见的路径", "The usual ways"), columns, rows, key="ways")


def _cost(now: Session, quality: PoorQuality) -> Sheet:
    columns = [Column("kind", t("原因", "cause")), Column("amount", t("金额", "amount"), numeric=True)]
    cents = Decimal(1).scaleb(-now.places)
    rows: list[list[Cell]] = [
        [say(f"waste.{kind}", now.lang), Shown(amount, money_text(amount.quantize(cents)))]
        for kind, amount in quality.by_kind
    ]
    share = quality.share.quantize(Decimal("0.01"))
    note = now.context.say("process.poor_quality", amount=money_text(quality.total.quantize(cents)), share=share)
    return Sheet(t("不良质量成本", "Cost of poor quality"), columns, rows, [note], key="poor_quality")


def _hours(wait: timedelta) -> Decimal:
    return (Decimal(round(wait.total_seconds())) / 3600).quantize(Decimal("0.1"))


def _percent(share: Decimal | float | None) -> Decimal | None:
    return None if share is None else (Decimal(str(share)) * 100).quantize(Decimal("0.01"))
