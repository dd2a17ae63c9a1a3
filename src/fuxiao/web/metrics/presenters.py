"""Figures as a page shows them: number and unit, interval, remarks, the change against the period before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fuxiao.base.shown import exclusions_text, is_hidden
from fuxiao.base.wording import say
from fuxiao.core.indicator import Standing, Value
from fuxiao.engine.definition import Indicator, Spread
from fuxiao.metrics.values import ValueTable
from fuxiao.performance.fair import Trend, trend
from fuxiao.report.drawing.small import Spark, spark
from fuxiao.report.figures import Quantity
from fuxiao.web.metrics.wording import formats
from fuxiao.web.words import language, t

Series = Sequence[Value | None]
MOST_FINER = 3
"""So many more digits at most tell a value from a limit; limits have four."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A short remark with its tone (``near``, ``bad``, ``good`` or none)."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure ready to be shown; ``number`` is empty where there is none, or the sample rule hides it."""

    number: str = ""
    unit: str = ""
    glued: bool = False
    n: int = 0
    interval: str = ""
    marks: tuple[Mark, ...] = ()
    exclusions: str = ""
    small: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """The step from the period before: signed text, its direction, and whether it is signal or noise.

    ``tone`` colours signals only: a move inside the natural limits gets no praise and no blame.
    """

    text: str
    icon: str
    word: str
    why: str
    tone: str = ""


def figure(value: Value | None, indicator: Indicator) -> Figure:
    """The value in words; nothing but a remark where nothing counted."""
    if value is None:
        return Figure(marks=(Mark(say("standing.no_data", language())),))
    left = exclusions_text(value, language())
    if is_hidden(value):
        return Figure(n=value.n, marks=_marks(value), exclusions=left, small=True)
    shown = quantity(value.value, indicator)
    return Figure(
        shown.number, shown.unit, shown.glued, value.n, interval(value, indicator), _marks(value), left,
        value.standing is Standing.SMALL,
    )  # fmt: skip


def quantity(value: Decimal | None, indicator: Indicator) -> Quantity:
    return formats().quantity(value, indicator.unit)


def target(value: Decimal, indicator: Indicator) -> Quantity:
    """A target as it is written; one that was computed like the figure."""
    return formats().quantity(value, indicator.unit, exact=True)


def interval(value: Value, indicator: Indicator) -> str:
    """The 95 % interval without its unit."""
    if value.interval is None or is_hidden(value):
        return ""
    return " – ".join(quantity(end, indicator).number for end in (value.interval.low, value.interval.high))


def _marks(value: Value) -> tuple[Mark, ...]:
    marks = []
    if value.standing is Standing.SMALL:
        marks.append(Mark(t("小样本", "Small sample"), "near"))
    elif value.standing is not Standing.OK:
        marks.append(Mark(say(f"standing.{value.standing.value}", language())))
    if value.provisional:
        marks.append(Mark(t("未定", "Provisional")))
    return tuple(marks)


def series_of(table: ValueTable, periods: Iterable[str]) -> Mapping[str, Series]:
    """For each indicator its values over the periods, of a table that knows one subject."""
    keys = list(periods)
    found: dict[str, dict[str, Value]] = {}
    for value in table:
        found.setdefault(value.indicator, {})[value.period] = value
    return {code: [cells.get(key) for key in keys] for code, cells in found.items()}


def shown_values(series: Series) -> list[Decimal]:
    """The numbers of a series that may be shown."""
    return [v.value for v in series if v is not None and v.value is not None and not is_hidden(v)]


def judged(series: Series, indicator: Indicator) -> Trend:
    """What may be said of the last value of a series: noise, or a signal."""
    return trend(shown_values(series), direction=indicator.direction)


def change(series: Series, indicator: Indicator) -> Change | None:
    """The step from the last period but one to the last; ``None`` where one of them is not shown.

    A figure that may still change is not judged: half a month is no month, and repeats take their time to come. Nor is
    one that stands still: a change is level or a signal, not both.
    """
    if len(series) < 2 or len(shown_values(series[-2:])) < 2:
        return None
    before, now = shown_values(series[-2:])
    text = _step(now - before, indicator)
    icon = "arrow-right" if text[0] not in "+−" else "trending-up" if now > before else "trending-down"
    if not is_firm(series):
        word = t("未定，不作判断", "provisional, not judged")
        return Change(text, icon, word, word)
    found = judged(series, indicator)
    word, tone = _verdict(found.sentence.code) if text[0] in "+−" else ("", "")
    return Change(text, icon, word, sentence(found, indicator), tone)


def is_firm(series: Series) -> bool:
    """Whether the last value is shown and final."""
    last = series[-1]
    return last is not None and not last.provisional and not is_hidden(last)


def sentence(found: Trend, indicator: Indicator) -> str:
    """What may be said of the trend, its limits in the indicator's unit.

    A value that would read like the limit it is outside of is told along, both with as many digits as tell them apart.
    """
    facts: dict[str, object] = dict(found.sentence.params)
    numbers = {
        name: fact for name in ("lower", "upper", "mean", "value") if isinstance(fact := facts.get(name), Decimal)
    }
    numbers |= {name: _possible(numbers[name], indicator) for name in ("lower", "upper") if name in numbers}
    shown = _apart(numbers, indicator) if ".outside." in found.sentence.code else None
    facts |= shown or _written(numbers, indicator)
    told = say(f"trace.{found.sentence.code}", language(), facts)
    return t("{told}，本期 {value}", "{told}; this period {value}", told=told, value=shown["value"]) if shown else told


def _possible(limit: Decimal, indicator: Indicator) -> Decimal:
    """The limit as far as the figure can go: of so many among so many none are less than none or more than all."""
    share = indicator.spread is Spread.PROPORTION and indicator.unit == "percent"
    return min(max(limit, Decimal(0)), Decimal(100)) if share else limit


def _written(numbers: Mapping[str, Decimal], indicator: Indicator, finer: int = 0) -> dict[str, str]:
    return {name: str(formats().quantity(x, indicator.unit, finer=finer)) for name, x in numbers.items()}


def _apart(numbers: Mapping[str, Decimal], indicator: Indicator) -> dict[str, str] | None:
    """The numbers with more digits, where the value would read like a limit; ``None`` where it does not."""
    for finer in range(MOST_FINER + 1):
        shown = _written(numbers, indicator, finer)
        if shown["value"] not in (shown["lower"], shown["upper"]):
            return shown if finer else None
    return shown


def _verdict(code: str) -> tuple[str, str]:
    end = code.rpartition(".")[2]
    if end in ("noise", "too_few"):
        return (t("波动", "Noise") if end == "noise" else t("期数不足", "Too few periods")), ""
    return t("信号", "Signal"), {"better": "good", "worse": "bad"}.get(end, "near")


def _step(step: Decimal, indicator: Indicator) -> str:
    shown = formats().quantity(abs(step), indicator.unit)
    if shown.number == quantity(Decimal(0), indicator).number:
        return t("持平", "level")
    sign = "+" if step > 0 else "−"
    unit = t(" 个百分点", " pp") if indicator.unit == "percent" else f" {shown.unit}" if shown.unit else ""
    return f"{sign}{shown.number}{unit}"


def sparkline(series: Series) -> Spark | None:
    """The small picture of a series; ``None`` with fewer than two figures."""
    return spark([None if v is None or is_hidden(v) else v.value for v in series], None)
