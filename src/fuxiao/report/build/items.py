"""The weighted table: one row an indicator, and the sums below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from fuxiao.core.explain import Trace
from fuxiao.core.indicator import Direction, Standing, Value
from fuxiao.core.score import ItemScore, Scorecard, Status
from fuxiao.core.score.scheme import Scope
from fuxiao.engine.definition import Indicator
from fuxiao.report.build.detail import make_detail
from fuxiao.report.build.reporter import Reporter
from fuxiao.report.drawing.small import spark
from fuxiao.report.figures import NOTHING, Quantity, number, short
from fuxiao.report.model.parts import Chip
from fuxiao.report.model.scorecard import Row, Sum

TONE = {Status.MET: "ok", Status.NEAR: "warn", Status.MISSED: "bad", Status.MISSING: ""}
PERIODS = 8
ZERO = Decimal(0)


def make_rows(reporter: Reporter, card: Scorecard) -> tuple[Row, ...]:
    """The items in the order of the scheme."""
    shown = zip(card.items, card.weighted_shown, strict=True)
    return tuple(_row(reporter, card, line, weighted) for line, weighted in shown)


def subject_of(card: Scorecard, line: ItemScore) -> str:
    """Whose value the item is scored by."""
    return card.team if line.item.scope is Scope.TEAM else card.subject


def _row(reporter: Reporter, card: Scorecard, line: ItemScore, weighted: Decimal) -> Row:
    w = reporter.words
    definition = reporter.indicator(line.indicator)
    unit = "score" if definition is None else definition.unit
    history = _history(reporter, subject_of(card, line), line)
    actual = _actual(reporter, line, unit)
    values = [value.value for value in history]
    name = reporter.indicator_name(line.indicator)
    return Row(
        anchor=f"i-{line.indicator}",
        name=name,
        weight=f"{short(line.weight)}%",
        effective="" if line.effective_weight == line.weight else f"{short(line.effective_weight)}%",
        target=target_text(reporter, line, unit),
        actual=actual,
        small=line.value is not None and line.value.standing is Standing.SMALL,
        status=line.status.value,
        status_text=w(f"status.{line.status.value}"),
        tone=TONE[line.status],
        points=NOTHING if line.points is None else number(line.points, 2),
        bar=min(100.0, max(0.0, float(line.points or 0))),
        weighted=number(weighted, 2) if line.percent is not None else NOTHING,
        spark=spark(values, line.target.target),
        spark_text=_spark_text(reporter, name, values, unit),
        count=_count(reporter, line.value, definition),
        detail=make_detail(reporter, card, line, weighted, history),
    )


def _history(reporter: Reporter, subject: str, line: ItemScore) -> Sequence[Value]:
    """The shown figures of the last periods, this one's last."""
    known = reporter.source.values.get((subject, line.indicator), ())
    return [value for value in known if value.standing is not Standing.HIDDEN][-PERIODS * 2 :]


def _actual(reporter: Reporter, line: ItemScore, unit: str) -> Quantity:
    value = line.used if line.value is None else line.value.value
    hidden = line.value is not None and line.value.standing is Standing.HIDDEN
    return Quantity(NOTHING) if hidden else reporter.figures.quantity(value, unit)


def target_text(reporter: Reporter, line: ItemScore, unit: str) -> str:
    """What was asked for, with its direction and unit."""
    aim, way = line.target.target, line.curve.direction
    if line.item.rubric is not None:
        return f"{short(line.item.rubric.points[-1])}–{short(line.item.rubric.points[0])}"
    if way is Direction.RANGE:
        return f"{line.curve.text()} {reporter.words.or_nothing('unit', unit)}".strip()
    if aim is None:
        return line.target_text
    sign = {Direction.HIGHER: "≥ ", Direction.LOWER: "≤ "}.get(way or Direction.RANGE, "")
    return f"{sign}{reporter.figures.quantity(aim, unit, exact=True)}"


def _spark_text(reporter: Reporter, name: str, values: Sequence[Decimal | None], unit: str) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return ""
    first, last = (str(reporter.figures.quantity(value, unit)) for value in (known[0], known[-1]))
    return reporter.words("spark.text", name=name, count=len(values), first=first, last=last)


def _count(reporter: Reporter, value: Value | None, definition: Indicator | None) -> str:
    if value is None or definition is None:
        return NOTHING
    return f"{number(Decimal(value.n))} {reporter.words.counted(definition.sample.dataset, value.n)}"


def make_tallies(reporter: Reporter, card: Scorecard) -> tuple[Chip, ...]:
    """How many items met, nearly met and missed their targets."""
    counts = Counter(line.status for line in card.items)
    order = (status for status in Status if counts[status])
    return tuple(Chip(reporter.words(f"tally.{status.value}", count=counts[status]), TONE[status]) for status in order)


def make_sums(reporter: Reporter, card: Scorecard) -> tuple[Sum, ...]:
    """The way from the items' mean to the score; empty where the mean is the score."""
    if card.result is None:
        return ()
    steps = tuple(_steps(reporter, card.trace.inputs[1:]))
    if not steps and card.result.own == card.result.after_veto:
        return ()
    return (*steps, Sum(reporter.words("sum.score"), "", number(card.result.score, 2), final=True))


SIGNS = {"score.bonus": "+", "score.deduction": "−"}


def _steps(reporter: Reporter, traces: Iterable[Trace]) -> Iterator[Sum]:
    w = reporter.words
    for trace in traces:
        if trace.code in ("score.grade", "score.coefficient"):
            continue
        facts = {name: str(fact) for name, fact in trace.params.items()}
        if "event" in facts:
            facts["event"] = w.or_key("event", facts["event"])
        if "indicator" in facts:
            facts["event"] = reporter.indicator_name(facts["indicator"])
        if "team" in facts:
            facts["team"] = reporter.source.name(facts["team"])
        if "mode" in facts:
            facts["mode"] = w(f"veto.{facts['mode']}")
        amount = trace.value if isinstance(trace.value, Decimal) else None
        text = "" if amount is None else SIGNS.get(trace.code, "") + number(amount, 2)
        yield Sum(w(f"sum.{trace.code}", **facts), trace.formula, text)
