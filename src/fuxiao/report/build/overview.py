"""The department's page, put together; and the parts that only it has: signals, process, cost, data quality."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from fuxiao.core.bonus.money import MINOR_UNITS
from fuxiao.core.gaming.signal import Number, Signal
from fuxiao.core.gaming.words import SHEETS
from fuxiao.core.process.network import Edge, Network
from fuxiao.core.process.waste import Category
from fuxiao.report.build.comparing import make_comparisons
from fuxiao.report.build.reporter import INDEX, Reporter
from fuxiao.report.build.teams import make_grades, make_money, make_teams
from fuxiao.report.figures import NOTHING, Quantity, number
from fuxiao.report.model import overview as model
from fuxiao.report.model.parts import Fact, Link, Tile

EDGES, FAULTS = 10, 12
SHARES = ("shown", "real", "gap", "usual", "excess")
AMOUNTS = ("paid", "expected")
"""In minor units, as evidence of what was paid to customers."""
COST_TONE = {
    Category.PREVENTION: "ok", Category.APPRAISAL: "pri", Category.INTERNAL_FAILURE: "warn",
    Category.EXTERNAL_FAILURE: "bad",
}  # fmt: skip


def make_overview(reporter: Reporter) -> model.OverviewPage:
    """The view-model of the department's page."""
    w = reporter.words
    return model.OverviewPage(
        frame=reporter.frame(w("overview.title"), trail=(Link(w("index.title"), INDEX),)),
        tiles=make_tiles(reporter),
        teams=make_teams(reporter),
        comparisons=make_comparisons(reporter),
        grades=make_grades(reporter),
        money=make_money(reporter),
        signals=tuple(_signal(reporter, signal) for signal in raised(reporter)),
        signals_looked=bool(reporter.source.signals),
        process=_process(reporter),
        cost=_cost(reporter),
        quality=_quality(reporter),
    )


def raised(reporter: Reporter) -> list[Signal]:
    """The signals that ask for a review, strongest first."""
    found = [signal for signal in reporter.source.signals if signal.raised]
    return sorted(found, key=lambda signal: (-signal.strength, signal.code, signal.subject))


def make_tiles(reporter: Reporter) -> tuple[Tile, ...]:
    """The four figures read first: people, mean score, bonus, signals."""
    source, w = reporter.source, reporter.words
    cards = source.scores.cards
    scores = sorted(card.total for card in cards if card.total is not None)
    people = Tile(w("tile.people"), Quantity(str(len(cards))), w("tile.rated", count=len(scores)))
    middle = Tile(
        w("tile.median"), Quantity(NOTHING if not scores else number(_median(scores), 2)), _range(reporter, scores)
    )
    found = raised(reporter)
    signals = Tile(
        w("tile.signals"),
        Quantity(str(len(found))),
        w("tile.signals.note", count=len(source.signals)),
        "warn" if found else "",
    )
    if source.settlement is None:
        return people, middle, signals
    total = source.settlement.total
    share = total / len(source.settlement.payouts) if source.settlement.payouts else Decimal(0)
    money = Tile(
        w("tile.bonus"),
        Quantity(reporter.figures.money(total)),
        w("tile.bonus.note", count=len(source.settlement.payouts), mean=reporter.figures.money(share)),
    )
    return people, middle, money, signals


def _median(scores: list[Decimal]) -> Decimal:
    low, high = (len(scores) - 1) // 2, len(scores) // 2
    return (scores[low] + scores[high]) / 2


def _range(reporter: Reporter, scores: list[Decimal]) -> str:
    if not scores:
        return ""
    return reporter.words("tile.range", low=number(scores[0], 1), high=number(scores[-1], 1))


def _signal(reporter: Reporter, signal: Signal) -> model.SignalRow:
    w = reporter.words
    sheet = SHEETS.get(signal.code)
    chance = signal.adjusted_p if signal.adjusted_p is not None else signal.p
    subject = " → ".join(reporter.source.name(part) for part in signal.subject.split(" → "))
    return model.SignalRow(
        code=signal.code,
        name=reporter.signal_name(signal.code),
        subject=subject,
        meaning="" if sheet is None else sheet.meaning.of(w.lang),
        evidence=_evidence(reporter, signal),
        strength=_times(signal.strength),
        chance=w("signal.rule") if chance is None else w("signal.chance", p=_chance(chance)),
        cure="" if sheet is None else sheet.cure.of(w.lang),
    )


def _times(strength: float) -> str:
    return "∞" if strength == float("inf") else f"{number(Decimal(str(strength)), 1)}×"


def _chance(p: float) -> str:
    return "< 0.0001" if p < 0.0001 else f"= {p:.4f}"


def _evidence(reporter: Reporter, signal: Signal) -> str:
    """The numbers with their names."""
    shown = ((name, _shown(reporter, signal.code, name, value)) for name, value in signal.evidence.items())
    return " · ".join(f"{reporter.words.or_key('evidence', name)} {text}" for name, text in shown)


def _shown(reporter: Reporter, code: str, name: str, value: Number) -> str:
    """Shares as per cent, amounts as money, whole numbers whole, others with two decimals."""
    exact = Decimal(str(value))
    if code == "P3" and name in AMOUNTS:
        return reporter.figures.money(Decimal(round(value)).scaleb(-MINOR_UNITS.get(reporter.figures.currency, 2)))
    if isinstance(value, float) and ("share" in name or name in SHARES):
        return f"{number(100 * exact, 1)}%"
    return number(exact, 0 if exact == exact.to_integral_value() else 2)


def _process(reporter: Reporter) -> model.Process | None:
    network, flow, w = reporter.source.network, reporter.source.flow, reporter.words
    if network is None or not network.edges:
        return None
    facts = [Fact(w("process.hand_offs"), number(Decimal(network.hand_offs)))]
    if flow is not None:
        if flow.efficiency is not None:
            facts.append(Fact(w("process.efficiency"), f"{number(100 * flow.efficiency, 1)}%"))
        facts.append(Fact(w("process.ping_pong"), f"{number(100 * flow.ping_pong_share, 1)}%"))
        facts.append(Fact(w("process.rework"), f"{number(100 * flow.rework_share, 1)}%"))
    return model.Process(tuple(facts), _bottleneck(reporter, network), _hand_offs(reporter, network))


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())


def _bottleneck(reporter: Reporter, network: Network) -> str:
    worst = network.bottleneck
    whole = sum((edge.total for edge in network.edges), timedelta(0))
    if worst is None or not whole:
        return ""
    name = reporter.source.name
    return reporter.words(
        "process.bottleneck",
        sender=name(worst.sender),
        receiver=name(worst.receiver),
        total=reporter.figures.duration(_seconds(worst.total)),
        share=number(Decimal(100 * _seconds(worst.total)) / max(1, _seconds(whole)), 0),
    )


def _hand_offs(reporter: Reporter, network: Network) -> tuple[model.HandOff, ...]:
    most = max(1, _seconds(network.edges[0].total))

    def row(at: int, edge: Edge) -> model.HandOff:
        name, duration = reporter.source.name, reporter.figures.duration
        return model.HandOff(
            sender=name(edge.sender),
            receiver=name(edge.receiver),
            count=number(Decimal(edge.count)),
            cases=number(Decimal(edge.cases)),
            total=duration(_seconds(edge.total)),
            p50=duration(_seconds(edge.p50)),
            p90=duration(_seconds(edge.p90)),
            width=round(100 * _seconds(edge.total) / most, 1),
            bottleneck=at == 0 and bool(edge.total),
        )

    return tuple(row(at, edge) for at, edge in enumerate(network.edges[:EDGES]))


def _cost(reporter: Reporter) -> model.QualityCost | None:
    found, w, money = reporter.source.poor_quality, reporter.words, reporter.figures.money
    if found is None:
        return None
    most = max((*found.by_category.values(), Decimal(1)))
    bars = tuple(
        model.CostBar(w(f"cost.{category}"), money(amount), round(float(100 * amount / most), 1), COST_TONE[category])
        for category, amount in found.by_category.items()
    )
    kinds = tuple(Fact(w.or_key("cost_kind", kind), money(amount)) for kind, amount in found.by_kind)
    return model.QualityCost(money(found.total), w("cost.share", share=number(found.share, 1)), bars, kinds)


def _quality(reporter: Reporter) -> model.Quality | None:
    found, w = reporter.source.quality, reporter.words
    if found is None:
        return None
    rows, rejected = sum(load.rows for load in found.loads), sum(load.rejected for load in found.loads)
    sentence = w(
        "quality.sentence", files=len(found.loads), rows=number(Decimal(rows)), rejected=number(Decimal(rejected))
    )
    files = (
        model.FileRow(load.file, number(Decimal(load.rows)), number(Decimal(load.rejected))) for load in found.loads
    )
    faults = (
        model.FaultRow(f.text, f"{f.dataset}.{f.column}".strip("."), f.treatment, number(Decimal(f.count)))
        for f in found.faults[:FAULTS]
    )
    return model.Quality(sentence, tuple(files), tuple(faults))
