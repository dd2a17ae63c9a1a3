"""One indicator compared fairly: three classes with intervals instead of a league table, and the funnel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from fuxiao.core.fairness.classes import Class, Placed, classify_rates
from fuxiao.core.fairness.intervals import wilson
from fuxiao.core.indicator import Direction, Standing, Value
from fuxiao.core.score.scheme import Scope
from fuxiao.engine.definition import Indicator, Spread
from fuxiao.report.build.reporter import Reporter
from fuxiao.report.drawing import charts
from fuxiao.report.figures import number
from fuxiao.report.model import overview as model

TONE = {Class.ABOVE: "ok", Class.ALIKE: "", Class.BELOW: "bad"}
FEWEST_PEOPLE = 3
MOST = 2


@dataclass(frozen=True, slots=True)
class Compared:
    """One person's figure with class and interval."""

    subject: str
    value: Decimal
    n: int
    placed: Placed
    low: Decimal
    high: Decimal


def make_comparisons(reporter: Reporter) -> tuple[model.Comparison, ...]:
    """The comparisons asked for, else those of the two heaviest rates of the schemes' roles."""
    codes = reporter.source.compare or _heaviest(reporter)
    made = (_comparison(reporter, code) for code in codes)
    return tuple(comparison for comparison in made if comparison is not None)


def _heaviest(reporter: Reporter) -> Sequence[str]:
    """Own rates by the sum of their weights over all people: what counts most for most."""
    weights: dict[str, Decimal] = {}
    for card in reporter.source.scores.cards:
        for line in card.items:
            definition = reporter.indicator(line.indicator)
            if definition is not None and _comparable(definition) and line.item.scope is Scope.OWN:
                weights[line.indicator] = weights.get(line.indicator, Decimal(0)) + line.weight
    return sorted(weights, key=lambda code: (-weights[code], code))[:MOST]


def _comparable(definition: Indicator) -> bool:
    return definition.spread is Spread.PROPORTION and definition.direction is not Direction.RANGE


def _comparison(reporter: Reporter, code: str) -> model.Comparison | None:
    definition = reporter.indicator(code)
    values = _values(reporter, code)
    if definition is None or not _comparable(definition) or len(values) < FEWEST_PEOPLE:
        return None
    people = _compared(definition, values)
    enough = [one for one in people if one.placed.place is not Class.TOO_FEW]
    if len(enough) < FEWEST_PEOPLE:
        return None
    centre = Decimal(str(round(people[0].placed.centre, 9))) * definition.scale.numerator / definition.scale.denominator
    axis = charts.whiskers([(one.value, one.low, one.high) for one in enough], centre=centre)
    pairs = list(zip(enough, axis.rows, strict=True))
    w = reporter.words
    return model.Comparison(
        name=reporter.indicator_name(code),
        definition=w.of(definition.plain),
        centre=str(reporter.figures.quantity(centre, definition.unit)),
        groups=tuple(group for place in TONE if (group := _group(reporter, definition, place, pairs)).people),
        too_few=_too_few(reporter, definition, len(people) - len(enough)),
        axis=axis,
        funnel=_funnel(reporter, definition, people),
        funnel_text=_funnel_text(reporter, definition, people),
    )


def _values(reporter: Reporter, code: str) -> dict[str, Value]:
    """This period's figures of the people with at least five facts."""
    found: dict[str, Value] = {}
    for card in reporter.source.scores.cards:
        for line in card.items:
            value = line.value
            usable = value is not None and value.standing in (Standing.OK, Standing.SMALL)
            if line.indicator == code and line.item.scope is Scope.OWN and value is not None and usable:
                found[card.subject] = value
    return {subject: value for subject, value in found.items() if value.denominator}


def _compared(definition: Indicator, values: dict[str, Value]) -> list[Compared]:
    hits = [float(value.numerator or 0) for value in values.values()]
    trials = [float(value.denominator or 0) for value in values.values()]
    placed = classify_rates(hits, trials, minimum=definition.minimum, direction=definition.direction)
    people = []
    for (subject, value), place in zip(values.items(), placed, strict=True):
        low, high = _ends(value, definition)
        people.append(Compared(subject, value.value or Decimal(0), int(value.denominator or 0), place, low, high))
    return people


def _ends(value: Value, definition: Indicator) -> tuple[Decimal, Decimal]:
    """The figure's own interval, else Wilson's."""
    if value.interval is not None:
        return value.interval.low, value.interval.high
    bounds = wilson(int(value.numerator or 0), int(value.denominator or 0))
    scale = Decimal(definition.scale.numerator) / definition.scale.denominator
    return Decimal(str(round(bounds.low, 9))) * scale, Decimal(str(round(bounds.high, 9))) * scale


def _group(
    reporter: Reporter, definition: Indicator, place: Class, pairs: Sequence[tuple[Compared, charts.Whisker]]
) -> model.ClassGroup:
    w = reporter.words
    people = [
        model.Placed(
            name=reporter.source.name(one.subject),
            file=reporter.file(one.subject),
            value=reporter.figures.quantity(one.value, definition.unit),
            n=str(one.n),
            whisker=whisker,
        )
        for one, whisker in pairs
        if one.placed.place is place
    ]
    return model.ClassGroup(
        title=w(f"class.{place}", count=len(people)),
        note=w(f"class.{place}.note"),
        tone=TONE[place],
        people=tuple(sorted(people, key=lambda one: (one.name, one.file))),
    )


def _too_few(reporter: Reporter, definition: Indicator, count: int) -> str:
    return reporter.words("class.too_few", count=count, minimum=definition.minimum) if count else ""


def _funnel(reporter: Reporter, definition: Indicator, people: Sequence[Compared]) -> charts.Funnel:
    centre = people[0].placed.centre
    lines = charts.limits([one.n for one in people], centre)
    dots = [(reporter.source.name(one.subject), one.n, one.value, TONE.get(one.placed.place, "")) for one in people]
    return charts.funnel(lines, dots, centre=centre, scale_to=float(definition.scale))


def _funnel_text(reporter: Reporter, definition: Indicator, people: Sequence[Compared]) -> str:
    outside = [one for one in people if one.placed.place in (Class.ABOVE, Class.BELOW)]
    name = reporter.words.of(definition.name, definition.code)
    return reporter.words("funnel.text", name=name, people=number(Decimal(len(people))), outside=len(outside))
