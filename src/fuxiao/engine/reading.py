"""Reads one indicator definition from plain data and lists everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from fuxiao.core.errors import DefinitionError, Issue, did_you_mean
from fuxiao.core.indicator import Direction
from fuxiao.engine.definition import (
    KINDS,
    PERCENTILES,
    PERIOD_END,
    SNAPSHOT,
    Benchmark,
    Formula,
    Indicator,
    Part,
    Spread,
    Statistic,
)  # fmt: skip
from fuxiao.engine.expression import check, parse
from fuxiao.engine.fact_tables import BASE, CLOCK_REASONS, FACT_TABLES, FactColumn, FactTable, Kind

UNITS: Mapping[str, Fraction] = {
    "percent": Fraction(100), "money": Fraction(1, 100),
    **dict.fromkeys(("points", "score", "share", "count", "days", "hours", "minutes", "seconds"), Fraction(1)),
    **dict.fromkeys(("minutes_per_day", "points_per_day"), Fraction(1)),
}  # fmt: skip
"""Units of figures, with the factor that turns a plain number into them."""
SECONDS_IN = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}

TEXTS = ("name", "plain", "gaming")
REQUIRED = ("code", "name", "plain", "unit", "direction", "minimum", "kind", "dataset", "period", "credit")
OPTIONAL = (
    "section", "scale", "maturation", "where", "numerator", "denominator", "measure", "statistic", "sample", "needs",
    "exclusions", "counter", "gaming", "benchmark", "sources", "person", "interval",
)  # fmt: skip
BLOCK = ("dataset", "period", "credit", "where", "sum", "exclusions")
BASIS = ("dataset", "period", "credit", "statistic", "exclusions")
"""Fields without which no expression can be read."""
PERSONAL = ("credit", "direction", "where", "numerator", "denominator", "measure", "sample", "exclusions")
CODE = re.compile(r"[A-Z][A-Z0-9_]{1,15}")

LARGEST = 1_000_000
"""No sample and no number of days that somebody means is greater."""
AMOUNTS = (Kind.INTEGER, Kind.NUMBER, Kind.MONEY, Kind.DURATION)
COUNTABLE = (Kind.FLAG, *AMOUNTS)


def read_indicator(
    raw: Mapping[str, Any], *, where: str = "", tables: Mapping[str, FactTable] = FACT_TABLES
) -> Indicator:
    """The indicator that ``raw`` defines; ``DefinitionError`` with all issues, each with its path.

    ``tables`` are the fact tables with the dimensions that this home's files brought.
    """
    path = where or str(raw.get("code", "indicator"))
    reader = _Reader(raw, path, tables)
    made = reader.indicator()
    if made is None or reader.issues:
        raise DefinitionError(path, reader.issues)
    return made


@dataclass(frozen=True, slots=True)
class Sides:
    """What is divided by what, and how facts are counted."""

    above: Part
    below: Part | None
    sample: Part
    statistic: Statistic


@dataclass(slots=True)
class _Reader:
    raw: Mapping[str, Any]
    path: str
    tables: Mapping[str, FactTable]
    issues: list[Issue] = field(default_factory=list)

    def report(self, name: str, code: str, **params: object) -> None:
        self.issues.append(Issue(f"{self.path}.{name}" if name else self.path, code, params))

    def indicator(self) -> Indicator | None:
        self.fields(self.raw, (*REQUIRED, *OPTIONAL), "")
        for name in REQUIRED:
            if name not in self.raw:
                self.report(name, "field.missing")
        self.texts()
        self.choices()
        unreadable = {f"{self.path}.{name}" for name in BASIS} & {issue.where for issue in self.issues}
        sides = None if unreadable else self.parts()
        return None if sides is None or self.issues else self.assembled(sides)

    def fields(self, raw: Mapping[str, Any], known: Iterable[str], prefix: str) -> None:
        for name in raw:
            if name not in (names := tuple(known)):
                self.report(f"{prefix}{name}", "field.unknown", near=tuple(did_you_mean(str(name), names)))

    def texts(self) -> None:
        for name in TEXTS:
            text = self.raw.get(name)
            if text is not None and not _in_both_languages(text):
                self.report(name, "field.both_languages")

    def choices(self) -> None:
        self.choice("unit", UNITS)
        self.choice("direction", [str(each) for each in Direction])
        self.choice("kind", KINDS)
        self.choice("statistic", [str(each) for each in Statistic if each is not Statistic.RATIO])
        self.choice("interval", [str(each) for each in Spread])
        self.choice("dataset", self.tables)
        if "code" in self.raw and not CODE.fullmatch(str(self.raw["code"])):
            self.report("code", "indicator.code", found=str(self.raw["code"]))
        for name in ("minimum", "maturation"):
            value = self.raw.get(name, 0)
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST:
                self.report(name, "field.whole_number", found=str(value))
        for name in ("exclusions", "counter", "needs", "sources"):
            if not _is_list(self.raw.get(name, [])):
                self.report(name, "field.list_of_text")
        self.benchmark_shape()

    def benchmark_shape(self) -> None:
        benchmark = self.raw.get("benchmark", {"text": {"zh": "-", "en": "-"}})
        if not isinstance(benchmark, Mapping) or not isinstance(benchmark.get("text"), Mapping):
            self.report("benchmark", "field.both_languages")
            return
        self.fields(benchmark, ("text", "value", "source"), "benchmark.")
        if isinstance(source := benchmark.get("source"), Mapping) and not _in_both_languages(source):
            self.report("benchmark.source", "field.both_languages")
        if _decimal(benchmark.get("value", 0)) is None:
            self.report("benchmark.value", "field.number", found=str(benchmark["value"]))
        if "scale" in self.raw and _decimal(self.raw["scale"]) is None:
            self.report("scale", "field.number", found=str(self.raw["scale"]))

    def choice(self, name: str, known: Iterable[str]) -> None:
        names = list(known)
        if name in self.raw and (value := self.raw[name]) not in names:
            near = tuple(did_you_mean(str(value), names))
            self.report(name, "field.choice", found=str(value), known=tuple(names), near=near)

    # The two sides

    def parts(self) -> Sides | None:
        raw = self.raw
        if ("measure" in raw) == ("numerator" in raw):
            self.report("measure", "indicator.measure_or_numerator")
            return None
        if "numerator" in raw and "denominator" not in raw:
            self.report("denominator", "field.missing")
            return None
        if isinstance(raw.get("numerator"), Mapping) or isinstance(raw.get("denominator"), Mapping):
            return self.blocks()
        base = self.part(raw, "")
        return self.measured(base) if "measure" in raw else self.rate(base)

    def measured(self, base: Part) -> Sides | None:
        statistic = Statistic(self.raw.get("statistic", "mean"))
        wanted = COUNTABLE if statistic in (Statistic.COUNT, Statistic.SUM) else AMOUNTS
        value, counted = self.formula(self.raw["measure"], "measure", base, wanted), self.sample(base)
        if value is None:
            return None
        rows = replace(base, guard=value)
        sample = counted or rows
        if statistic is Statistic.COUNT:
            return Sides(rows, None, sample, statistic)
        return Sides(replace(rows, value=value), rows if statistic is Statistic.MEAN else None, sample, statistic)

    def rate(self, base: Part) -> Sides | None:
        above = self.formula(self.raw["numerator"], "numerator", base, COUNTABLE)
        below, counted = self.formula(self.raw["denominator"], "denominator", base, COUNTABLE), self.sample(base)
        if above is None or below is None:
            return None
        rows = replace(base, guard=below)
        denominator = rows if below.kind is Kind.FLAG else replace(rows, value=below)
        return Sides(replace(rows, value=above), denominator, counted or rows, Statistic.RATIO)

    def blocks(self) -> Sides | None:
        if "where" in self.raw:
            self.report("where", "indicator.where_of_side")
        above, below = self.block("numerator"), self.block("denominator")
        if above is None or below is None:
            return None
        return Sides(above, below, self.sample(below) or replace(below, value=None), Statistic.RATIO)

    def block(self, name: str) -> Part | None:
        raw = self.raw[name]
        if not isinstance(raw, Mapping):
            self.report(name, "indicator.block")
            return None
        before = len(self.issues)
        self.fields(raw, BLOCK, f"{name}.")
        merged = {**{key: self.raw[key] for key in ("dataset", "period", "credit")}, **raw}
        known = tuple(self.tables)
        if merged["dataset"] not in known:
            near = tuple(did_you_mean(str(merged["dataset"]), known))
            self.report(f"{name}.dataset", "field.choice", found=str(merged["dataset"]), known=known, near=near)
        if len(self.issues) > before:
            return None
        base = self.part({"exclusions": self.raw.get("exclusions", []), **merged}, f"{name}.")
        if "sum" not in raw:
            return base
        value = self.formula(raw["sum"], f"{name}.sum", base, COUNTABLE)
        return None if value is None else replace(base, guard=value, value=value)

    def part(self, raw: Mapping[str, Any], prefix: str) -> Part:
        """The rows of one side without a number from them."""
        table = self.tables[raw["dataset"]]
        anchors = (*table.anchors, SNAPSHOT) if {"opened", "ended"} <= set(table.anchors) else table.anchors
        self.known(f"{prefix}period", raw["period"], anchors)
        self.known(f"{prefix}credit", raw["credit"], table.credits)
        listed = raw.get("exclusions", [])
        for reason in () if not _is_list(listed) else listed:
            # The reasons of a definition with two sides hold for the sides that know them.
            if not prefix or "exclusions" in self.raw.get(prefix.rstrip("."), {}):
                self.known(f"{prefix}exclusions", reason, (*table.exclusions, *CLOCK_REASONS))
        exclusions = tuple(r for r in table.exclusions if r in BASE or r in listed)
        base = Part(str(raw["dataset"]), str(raw["period"]), str(raw["credit"]), exclusions)
        if "where" not in raw:
            return base
        return replace(base, where=self.formula(raw["where"], f"{prefix}where", base, (Kind.FLAG,)))

    def known(self, name: str, value: object, known: Iterable[str]) -> None:
        names = tuple(known)
        if value not in names:
            self.report(
                name, "field.choice", found=str(value), known=names, near=tuple(did_you_mean(str(value), names))
            )

    def sample(self, base: Part) -> Part | None:
        if "sample" not in self.raw:
            return None
        value = self.formula(self.raw["sample"], "sample", base, (Kind.FLAG, Kind.INTEGER, Kind.NUMBER))
        return None if value is None else replace(base, guard=value, value=value)

    def formula(self, text: object, name: str, part: Part, want: tuple[Kind, ...]) -> Formula | None:
        where = f"{self.path}.{name}"
        if not isinstance(text, str | int | Decimal | float):
            self.report(name, "indicator.expression", found=str(text))
            return None
        # YAML reads a bare 1 or true as itself; an expression is its text.
        source = str(text).lower() if isinstance(text, bool) else str(text)
        try:
            node = parse(source, where=where)
            kind = check(node, self.columns(part), source, where=where, want=want)
        except DefinitionError as error:
            self.issues.extend(error.issues)
            return None
        return Formula(source, node, kind)

    def columns(self, part: Part) -> FactTable:
        table = self.tables[part.dataset]
        if part.period != SNAPSHOT:
            return table
        return replace(table, columns={**table.columns, PERIOD_END: PERIOD_END_COLUMN})

    # The whole

    def assembled(self, sides: Sides) -> Indicator | None:
        scale, person, raw = self.scale(sides.above, sides.below), self.person(), self.raw
        if self.issues or scale is None:
            return None
        return Indicator(
            code=str(raw["code"]), name=raw["name"], plain=raw["plain"], section=str(raw.get("section", "own")),
            kind=str(raw["kind"]), unit=str(raw["unit"]), scale=scale, direction=Direction(raw["direction"]),
            minimum=raw["minimum"], maturation=raw.get("maturation", 0), statistic=sides.statistic,
            spread=self.spread(sides), numerator=sides.above, denominator=sides.below, sample=sides.sample,
            needs=tuple(raw.get("needs", ())), exclusions=self.reasons(sides), counter=tuple(raw.get("counter", ())),
            gaming=raw.get("gaming", {}), benchmark=_benchmark(raw.get("benchmark")),
            sources=tuple(raw.get("sources", ())), person=person, raw=raw,
        )  # fmt: skip

    def reasons(self, sides: Sides) -> tuple[str, ...]:
        """All reasons in order of their number, those worked by the clocks included."""
        clocks = tuple(r for r in self.raw.get("exclusions", ()) if r in CLOCK_REASONS)
        found = {*sides.above.exclusions, *(sides.below.exclusions if sides.below else ()), *clocks}
        return tuple(sorted(found, key=lambda reason: int(reason[1:])))

    def person(self) -> Indicator | None:
        """The definition for single persons, made of this one with the fields under ``person`` put in."""
        changed = self.raw.get("person")
        if changed is None:
            return None
        if not isinstance(changed, Mapping):
            self.report("person", "field.not_a_table")
            return None
        self.fields(changed, PERSONAL, "person.")
        whole = {key: value for key, value in self.raw.items() if key != "person"}
        reader = _Reader({**whole, **changed}, f"{self.path}.person", self.tables)
        made = reader.indicator()
        self.issues.extend(reader.issues)
        return made

    def scale(self, above: Part, below: Part | None) -> Fraction | None:
        """From the plain quotient to the unit; a duration must be shown as time, money as money."""
        unit, top, bottom = self.raw["unit"], _kind(above), _kind(below)
        if "scale" in self.raw:
            return Fraction(str(self.raw["scale"]))
        if top is Kind.DURATION and bottom is not Kind.DURATION:
            fits, scale = unit in SECONDS_IN, Fraction(1, SECONDS_IN.get(unit, 1))
        else:
            fits, scale = (unit == "money") == (top is Kind.MONEY and bottom is not Kind.MONEY), UNITS[unit]
        if not fits:
            self.report("unit", "indicator.unit", unit=unit, found=str(top))
        return scale

    def spread(self, sides: Sides) -> Spread:
        above, below, statistic = sides.above, sides.below, sides.statistic
        if "interval" in self.raw:
            return Spread(self.raw["interval"])
        if statistic in PERCENTILES:
            return Spread.PERCENTILE
        if below is None or below.value is not None or (above.dataset, above.period) != (below.dataset, below.period):
            return Spread.NONE
        counted = _kind(above) in (None, Kind.FLAG)
        return Spread.PROPORTION if counted else Spread.MEAN


PERIOD_END_COLUMN = FactColumn(PERIOD_END, Kind.DAY, "期末日", "last day of the period")


def _benchmark(raw: Mapping[str, Any] | None) -> Benchmark | None:
    if raw is None:
        return None
    source = raw.get("source", {})
    by_language = source if isinstance(source, Mapping) else {"zh": str(source), "en": str(source)}
    return Benchmark(raw["text"], _decimal(raw.get("value")), by_language)


def _kind(part: Part | None) -> Kind | None:
    """What the rows of a side contribute; ``None`` where they are counted."""
    return None if part is None or part.value is None else part.value.kind


def _in_both_languages(text: object) -> bool:
    """A text in Chinese and English and nothing else: YAML cuts an unquoted text at its first comma."""
    return isinstance(text, Mapping) and set(text) == {"zh", "en"} and all(text.values())


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)


def _decimal(value: object) -> Decimal | None:
    """An exact number from YAML's int, float or text; ``None`` where it is none."""
    if isinstance(value, bool) or not re.fullmatch(r"-?\d+(\.\d+)?", str(value)):
        return None
    return Decimal(str(value))
