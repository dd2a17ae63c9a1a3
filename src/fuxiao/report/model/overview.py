"""The page of a whole department, and the index of all pages."""

from __future__ import annotations

from dataclasses import dataclass

from fuxiao.report.drawing.charts import Funnel, Whisker, Whiskers
from fuxiao.report.figures import Quantity
from fuxiao.report.model.parts import Chip, Fact, Frame, Tile


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team: its people, its own score and grade, the mean of its people's scores, its bonus."""

    name: str
    lead: str
    people: str
    rated: str
    score: str
    grade: str
    mean: str
    low_high: str
    bonus: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A person of a class; within a class the order is by name, never by figure."""

    name: str
    file: str
    value: Quantity
    n: str
    whisker: Whisker


@dataclass(frozen=True, slots=True)
class ClassGroup:
    """One of the classes with its people."""

    title: str
    note: str
    tone: str
    people: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One indicator compared fairly: classes with whiskers, and the funnel."""

    name: str
    definition: str
    centre: str
    groups: tuple[ClassGroup, ...]
    too_few: str
    axis: Whiskers
    funnel: Funnel
    funnel_text: str


@dataclass(frozen=True, slots=True)
class GradeBar:
    """How many people have a grade; ``width`` in per cent of the widest bar."""

    grade: str
    name: str
    people: str
    share: str
    width: float
    tone: str


@dataclass(frozen=True, slots=True)
class Pool:
    """A bonus pool: what was in it, shared out and left."""

    name: str
    team: str
    amount: str
    per_weight: str
    shared: str
    left: str


@dataclass(frozen=True, slots=True)
class Money:
    """The bonus of the period as a whole."""

    total: str
    by_team: tuple[Fact, ...]
    pools: tuple[Pool, ...]
    payroll: Chip
    payroll_note: str
    flags: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A pattern that asks for a review."""

    code: str
    name: str
    subject: str
    meaning: str
    evidence: str
    strength: str
    chance: str
    cure: str


@dataclass(frozen=True, slots=True)
class HandOff:
    """Hand-offs from one unit to another; ``width`` of the waiting bar in per cent of the longest."""

    sender: str
    receiver: str
    count: str
    cases: str
    total: str
    p50: str
    p90: str
    width: float
    bottleneck: bool


@dataclass(frozen=True, slots=True)
class Process:
    """How cases travelled between units."""

    facts: tuple[Fact, ...]
    sentence: str
    hand_offs: tuple[HandOff, ...]


@dataclass(frozen=True, slots=True)
class CostBar:
    """One class or kind of quality cost."""

    name: str
    amount: str
    width: float
    tone: str


@dataclass(frozen=True, slots=True)
class QualityCost:
    """What poor quality cost."""

    total: str
    share: str
    classes: tuple[CostBar, ...]
    kinds: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class FileRow:
    """One imported file."""

    file: str
    rows: str
    rejected: str


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One kind of fault in the data."""

    text: str
    place: str
    treatment: str
    count: str


@dataclass(frozen=True, slots=True)
class Quality:
    """What came in and what was wrong with it."""

    sentence: str
    files: tuple[FileRow, ...]
    faults: tuple[FaultRow, ...]


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """Everything on the department's page; a part nobody supplied is ``None`` or empty, and the page says so."""

    frame: Frame
    tiles: tuple[Tile, ...]
    teams: tuple[TeamRow, ...]
    comparisons: tuple[Comparison, ...]
    grades: tuple[GradeBar, ...]
    money: Money | None
    signals: tuple[SignalRow, ...]
    signals_looked: bool
    process: Process | None
    cost: QualityCost | None
    quality: Quality | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One person in the index."""

    name: str
    number: str
    file: str
    role: str
    score: str
    grade: str
    tone: str
    bonus: str
    note: str


@dataclass(frozen=True, slots=True)
class TeamEntries:
    """The people of a team, by name."""

    name: str
    people: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class IndexPage:
    """The way to every page."""

    frame: Frame
    teams: tuple[TeamEntries, ...]
    people: str
    lead: Chip
