"""What unfolds under an indicator: definition, arithmetic, exclusions, how sure it is, the records behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import inf

from fuxiao.base.shown import scale_text
from fuxiao.core.fairness import xmr
from fuxiao.core.fairness.casemix import Adjusted
from fuxiao.core.indicator import Standing, Value
from fuxiao.core.score import ItemScore, Scorecard
from fuxiao.core.score.exact import half_up
from fuxiao.core.score.scheme import Scope
from fuxiao.engine.definition import Indicator, Spread
from fuxiao.report.build.cases import make_cases
from fuxiao.report.build.reporter import Reporter
from fuxiao.report.figures import number, short
from fuxiao.report.model.parts import Chip, Fact
from fuxiao.report.model.scorecard import Detail

SIGNAL_Z = 1.96


def make_detail(
    reporter: Reporter, card: Scorecard, line: ItemScore, weighted: Decimal, history: Sequence[Value]
) -> Detail:
    """The unfolded part of a row."""
    w = reporter.words
    definition = reporter.indicator(line.indicator)
    move, move_text = _move(reporter, history)
    subject = card.team if line.item.scope is Scope.TEAM else card.subject
    cases, total = make_cases(reporter, subject, line, definition)
    return Detail(
        definition=_definition(reporter, line, definition),
        arithmetic=_arithmetic(reporter, line, definition),
        result="" if line.used is None else _result(reporter, line, weighted),
        curve=_curve(line),
        notes=tuple(_notes(reporter, line, definition)),
        exclusions=tuple(_exclusions(reporter, line.value)),
        trend=move,
        trend_text=move_text,
        adjusted="" if _hidden(line) else _adjusted(reporter, reporter.source.adjusted.get((subject, line.indicator))),
        gaming="" if definition is None or not definition.gaming else w.of(definition.gaming),
        counters=_counters(reporter, definition),
        version=_version(reporter, line),
        cases=cases,
        cases_title=w("cases.title"),
        cases_total=_cases_total(reporter, definition, total),
    )


def _definition(reporter: Reporter, line: ItemScore, definition: Indicator | None) -> str:
    """What the item is in words: the indicator's definition, or each level of a rubric with its points."""
    w, rubric = reporter.words, line.item.rubric
    if rubric is not None:
        levels = [w("rubric.level", points=short(each.points), text=w.of(each.names)) for each in rubric.levels]
        return w("rubric.plain", levels=w("rubric.between").join(levels))
    return w("team_score.plain") if definition is None else w.of(definition.plain)


def _arithmetic(reporter: Reporter, line: ItemScore, definition: Indicator | None) -> str:
    """``13 ÷ 318 = 4.1%``, for a percentile what it was taken of, for the team's score where it comes from."""
    w, value = reporter.words, line.value
    if definition is None:
        return "" if line.used is None else _without_definition(reporter, line, line.used)
    if value is None or value.value is None or _hidden(line):
        return ""
    shown = str(reporter.figures.quantity(value.value, definition.unit))
    if definition.percentile is not None:
        word = w.counted(definition.sample.dataset, value.n)
        kind = w(f"statistic.{definition.statistic}")
        return w("arithmetic.percentile", n=number(Decimal(value.n)), word=word, statistic=kind, value=shown)
    if value.numerator is None:
        return ""
    if value.denominator is None:
        return f"{short(value.numerator)}{scale_text(definition)} = {shown}"
    return f"{_side(value.numerator)} ÷ {_side(value.denominator)}{scale_text(definition)} = {shown}"


def _without_definition(reporter: Reporter, line: ItemScore, used: Decimal) -> str:
    if line.item.rubric is None:
        return reporter.words("team_score.sum", score=number(used, 2))
    return reporter.words("rubric.given", points=short(used), n=0 if line.value is None else line.value.n)


def _side(value: Decimal) -> str:
    whole = value == value.to_integral_value()
    return number(value, 0) if whole else short(value)


def _curve(line: ItemScore) -> str:
    if line.used is None or line.points is None:
        return ""
    formula, points = line.curve.formula(line.used), number(line.points, 2)
    return points if formula == short(line.points) else f"{formula} = {points}"


def _result(reporter: Reporter, line: ItemScore, weighted: Decimal) -> str:
    if line.points is None:
        return ""
    share = short(line.effective_weight)
    return reporter.words(
        "arithmetic.weighted", points=number(line.points, 2), weight=share, weighted=number(weighted, 2)
    )


def _ladder(reporter: Reporter, line: ItemScore) -> Iterator[str]:
    """Floor, target and stretch with the points each is worth; and that the floor was not reached, where it was not."""
    w, floor, target, stretch = reporter.words, line.target.floor, line.target.target, line.target.stretch
    if floor is None or target is None:
        return
    given = {"floor": floor, "target": target, "stretch": target if stretch is None else stretch}
    worth = {f"{name}_points": short(half_up(line.curve.points(each), 2)) for name, each in given.items()}
    kind = "note.floor" if stretch is None else "note.ladder"
    yield w(kind, **{name: short(each) for name, each in given.items()}, **worth)
    if line.used is not None and line.points is not None and (line.used - floor) * (target - floor) < 0:
        yield w("note.below_floor", points=number(line.points, 2))


def _notes(reporter: Reporter, line: ItemScore, definition: Indicator | None) -> Iterator[str]:
    """Everything a reader must know about how far the figure may be trusted."""
    w, value = reporter.words, line.value
    yield from _ladder(reporter, line)
    if line.item.scope is Scope.TEAM:
        yield w("note.team")
    if line.missing:
        yield w(f"missing.{line.missing}", minimum=0 if definition is None else definition.minimum)
    if line.factor != 1:
        yield w("note.tenure", share=short(line.factor * 100))
    if value is None or definition is None or value.standing in (Standing.HIDDEN, Standing.EMPTY):
        return
    if line.shrunk and line.used is not None:
        yield w("note.shrunk", value=reporter.figures.quantity(line.used, definition.unit))
    elif value.standing is Standing.SMALL:
        yield w("note.small", n=value.n, minimum=definition.minimum)
    if value.interval is not None:
        low, high = (
            reporter.figures.quantity(end, definition.unit) for end in (value.interval.low, value.interval.high)
        )
        yield w("note.interval", low=low, high=high)
    if value.provisional:
        yield w("note.provisional", days=definition.maturation) if definition.maturation else w("note.running")


def _exclusions(reporter: Reporter, value: Value | None) -> Iterator[Fact]:
    if value is not None:
        for reason, count in sorted(value.exclusions.items()):
            if count:
                yield Fact(reporter.words.or_key("exclusion", reason), number(Decimal(count)))


def _move(reporter: Reporter, history: Sequence[Value]) -> tuple[Chip | None, str]:
    """Noise or signal: the limits come from the earlier periods, this period's figure is judged against them."""
    points = [value.value for value in history if value.value is not None]
    w = reporter.words
    if len(points) <= xmr.FEWEST:
        return None, ""
    against = xmr.limits(points[:-1])
    last = len(points) - 1
    found = [signal for signal in xmr.signals(points, against=against) if signal.at == last]
    unit, (lowest, highest) = _unit(reporter, history), _reach(reporter.indicator(history[-1].indicator))
    facts = {
        name: reporter.figures.quantity(_decimal(min(max(end, lowest), highest)), unit)
        for name, end in (("low", against.lower), ("high", against.upper), ("mean", against.mean))
    }
    if not found:
        return Chip(w("xmr.noise")), w("xmr.noise.text", periods=against.points, **facts)
    return Chip(w("xmr.signal"), "vio"), w(f"xmr.rule.{found[0].rule.value}", periods=against.points, **facts)


def _reach(definition: Indicator | None) -> tuple[float, float]:
    """Between which ends a figure can lie at all: limits of chance beyond those are not worth telling."""
    share = definition is not None and definition.spread is Spread.PROPORTION
    return (0, 100) if share else (-inf, inf)


def _unit(reporter: Reporter, history: Sequence[Value]) -> str:
    definition = reporter.indicator(history[-1].indicator)
    return "score" if definition is None else definition.unit


def _decimal(value: float) -> Decimal:
    return Decimal(str(round(value, 6)))


def _hidden(line: ItemScore) -> bool:
    """Whether the figure is of so few that it is not shown: nothing that would tell it is."""
    return line.value is not None and line.value.standing is Standing.HIDDEN


def _adjusted(reporter: Reporter, found: Adjusted | None) -> str:
    """What the group would have reached with the same kind of cases."""
    if found is None:
        return ""
    key = "adjusted.signal" if abs(found.z) > SIGNAL_Z else "adjusted.chance"
    return reporter.words(
        key,
        expected=number(_decimal(found.expected), 1),
        observed=number(_decimal(found.observed), 0),
        n=found.n,
        adjusted=number(_decimal(100 * found.adjusted), 1),
        raw=number(_decimal(100 * found.raw), 1),
    )


def _counters(reporter: Reporter, definition: Indicator | None) -> str:
    if definition is None or not definition.counter:
        return ""
    names = reporter.words("comma").join(reporter.indicator_name(code) for code in definition.counter)
    return reporter.words("counter", names=names)


def _version(reporter: Reporter, line: ItemScore) -> str:
    source, w = reporter.source, reporter.words
    parts = [w("version.code", code=line.indicator)]
    digest = source.digests.get("definitions")
    if digest:
        parts.append(w("version.definition", digest=digest[:12]))
    if source.data_at is not None:
        parts.append(w("version.data", at=reporter.figures.moment(source.data_at)))
    return " · ".join(parts)


def _cases_total(reporter: Reporter, definition: Indicator | None, total: int) -> str:
    if definition is None or not total:
        return ""
    word = reporter.words.counted(definition.sample.dataset, total)
    return reporter.words("cases.total", total=number(Decimal(total)), word=word)
