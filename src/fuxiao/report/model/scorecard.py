"""The page of one person."""

from __future__ import annotations

from dataclasses import dataclass

from fuxiao.report.drawing.charts import Trend
from fuxiao.report.drawing.small import Bar, Ladder, Ring, Spark
from fuxiao.report.figures import Quantity
from fuxiao.report.model.parts import Chip, Fact, Frame


@dataclass(frozen=True, slots=True)
class Person:
    """Who it is about; ``line`` holds role, team, number and lead."""

    id: str
    name: str
    initial: str
    line: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """The place among colleagues of the same role, as far as it is shown."""

    label: str
    place: str
    note: str
    bars: tuple[Bar, ...]
    bars_text: str


@dataclass(frozen=True, slots=True)
class Delta:
    """A move against the period before; ``way`` is ``up``, ``down`` or ``flat``."""

    text: str
    way: str
    tone: str


@dataclass(frozen=True, slots=True)
class Hero:
    """The score and its grade. ``unrated`` says why there is none."""

    score: str
    ring: Ring
    tone: str
    grade: str
    grade_name: str
    coefficient: str
    delta: Delta | None
    standing: Standing | None
    ladder: Ladder | None
    ladder_text: str
    distance: str
    unrated: str
    remark: str


@dataclass(frozen=True, slots=True)
class BonusLine:
    """A line of the payslip: what it is, its arithmetic, its amount. ``kind`` marks subtotals and deductions."""

    label: str
    formula: str
    amount: str
    kind: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an explanation, ``depth`` levels below the figure it explains."""

    depth: int
    text: str
    formula: str
    value: str


@dataclass(frozen=True, slots=True)
class Bonus:
    """From the base to the cent."""

    symbol: str
    total: str
    state: Chip
    lines: tuple[BonusLine, ...]
    flags: tuple[str, ...]
    steps: tuple[Step, ...]
    tip: str


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One interval of a clock. ``tone``: ok counted, warn paused, empty outside working hours."""

    start: str
    end: str
    duration: str
    reason: str
    rule: str
    tone: str


@dataclass(frozen=True, slots=True)
class Clock:
    """The ledger of one clock of a case: its name, what it shows, its intervals."""

    name: str
    total: str
    arithmetic: str
    lines: tuple[LedgerLine, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A record behind a figure, what it contributed, and its clocks."""

    id: str
    text: str
    contribution: Chip
    chips: tuple[Chip, ...]
    clocks: tuple[Clock, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """What unfolds under an indicator."""

    definition: str
    arithmetic: str
    result: str
    curve: str
    notes: tuple[str, ...]
    exclusions: tuple[Fact, ...]
    trend: Chip | None
    trend_text: str
    adjusted: str
    gaming: str
    counters: str
    version: str
    cases: tuple[Case, ...]
    cases_title: str
    cases_total: str


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator of the weighted table."""

    anchor: str
    name: str
    weight: str
    effective: str
    target: str
    actual: Quantity
    small: bool
    status: str
    status_text: str
    tone: str
    points: str
    bar: float
    weighted: str
    spark: Spark | None
    spark_text: str
    count: str
    detail: Detail


@dataclass(frozen=True, slots=True)
class Sum:
    """A line below the table on the way from the items to the score."""

    label: str
    formula: str
    amount: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class Rise:
    """What one indicator could still add to the score."""

    name: str
    points: str
    width: float
    target: str
    gap: str
    stretch: str
    guard: str = ""


@dataclass(frozen=True, slots=True)
class ScorecardPage:
    """Everything on the page of one person."""

    frame: Frame
    person: Person
    hero: Hero
    trend: Trend | None
    trend_text: str
    trend_note: str
    bonus: Bonus | None
    rows: tuple[Row, ...]
    tallies: tuple[Chip, ...]
    weight_total: str
    items_total: str
    sums: tuple[Sum, ...]
    rises: tuple[Rise, ...]
    file: str
    needs: tuple[str, ...] = ()
    """What is still missing until the unrated have a score, a sentence an item."""
