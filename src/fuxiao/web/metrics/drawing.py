"""Geometry of the figures' pictures: the course with its natural limits, and whiskers on one axis. Pixels only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from fuxiao.report.drawing.scale import Scale, path, steps

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 220, 52, 700, 14, 186
WHISKER = 160


@dataclass(frozen=True, slots=True)
class Point:
    """A period's place, what a pointer over it says, and its ``tone``: ``signal``, ``soft`` (may still change) or none."""

    x: float
    y: float
    title: str
    tone: str


@dataclass(frozen=True, slots=True)
class Level:
    """A horizontal line with its text."""

    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Course:
    """Values over periods: pieces of line (a gap where nothing is shown), points, axis, natural limits and centre."""

    lines: tuple[str, ...]
    points: tuple[Point, ...]
    across: tuple[tuple[float, str], ...]
    up: tuple[Level, ...]
    band: tuple[float, float] | None
    centre: Level | None
    benchmark: Level | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    bottom: int = BOTTOM
    wide: int = RIGHT - LEFT


@dataclass(frozen=True, slots=True)
class Lines:
    """Levels to draw, in the indicator's unit: natural limits, centre, benchmark."""

    lower: float | None = None
    upper: float | None = None
    centre: float | None = None
    benchmark: float | None = None

    def known(self) -> list[float]:
        return [each for each in (self.lower, self.upper, self.centre, self.benchmark) if each is not None]


def course(
    values: Sequence[Decimal | None], ticks: Sequence[str], titles: Sequence[str], *, lines: Lines,
    signals: frozenset[int], soft: frozenset[int] = frozenset(), bounded: bool = False,
) -> Course | None:  # fmt: skip
    """``None`` without any value. ``signals`` and ``soft`` are places in ``values``; ``bounded``: nothing below nought is drawn."""
    known = [float(value) for value in values if value is not None]
    if not known:
        return None
    low, high = min([*known, *lines.known()]), max([*known, *lines.known()])
    marks = steps(max(0.0, low) if bounded else low, high, most=4)
    marks = marks if len(marks) > 1 else [marks[0], marks[0] + 1]
    across = Scale(0, max(1, len(values) - 1), LEFT + 14, RIGHT - 14)
    up = Scale(marks[0], marks[-1], BOTTOM, TOP)
    placed = [None if v is None else (across(at), up(v)) for at, v in enumerate(values)]
    pieces = [list(piece) for there, piece in groupby(placed, key=lambda p: p is not None) if there]
    clamped = [_clamp(up(each), TOP, BOTTOM) for each in (lines.upper, lines.lower) if each is not None]
    return Course(
        tuple(path([p for p in piece if p is not None]) for piece in pieces if len(piece) > 1),
        tuple(Point(*p, titles[at], "signal" if at in signals else "soft" if at in soft else "") for at, p in enumerate(placed) if p is not None),
        tuple((across(at), tick) for at, tick in enumerate(ticks) if (len(ticks) - 1 - at) % 2 == 0),
        tuple(Level(up(mark), f"{mark:g}") for mark in marks),
        (clamped[0], round(clamped[1] - clamped[0], 2)) if len(clamped) == 2 else None,
        None if lines.centre is None else Level(up(lines.centre), f"{lines.centre:g}"),
        None if lines.benchmark is None else Level(up(lines.benchmark), f"{lines.benchmark:g}"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Whisker:
    """A figure with its interval on the common axis, in a picture 160 wide; ends beyond the axis are cut."""

    x: float
    low: float
    high: float
    centre: float | None


Ends = tuple[Decimal, Decimal, Decimal]


def whiskers(figures: Sequence[Ends | None], firm: Sequence[bool], centre: Decimal | None) -> list[Whisker | None]:
    """``figures`` are (value, low, high); only ``firm`` ones and the centre decide how far the axis reaches."""
    deciding = [end for ends, is_firm in zip(figures, firm, strict=True) if ends and is_firm for end in ends]
    deciding = deciding or [end for ends in figures if ends for end in ends]
    known = [*deciding, *([] if centre is None else [centre])]
    if not known:
        return [None for _ in figures]
    axis = Scale(float(min(known)), float(max(known)), 5, WHISKER - 5)
    middle = None if centre is None else axis(centre)
    return [None if ends is None else _whisker(axis, ends, middle) for ends in figures]


def _whisker(axis: Scale, ends: Ends, middle: float | None) -> Whisker:
    x, low, high = (_clamp(axis(end), 2, WHISKER - 2) for end in ends)
    return Whisker(x, low, high, middle)


def _clamp(at: float, low: float, high: float) -> float:
    return min(high, max(low, at))
