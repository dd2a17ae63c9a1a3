"""Why a figure moved between two periods: parts that add up to the change, to the last digit.

Everything but the work itself is taken away first, one thing after the other (a chain, so the parts always add up):

    as kept then → records of today (late data) → rules of today (definition) → the people of both periods (roster)
    → the kinds of cases (mix) and what was reached on them (performance) → and back again on the other side.

Mix and performance are Kitagawa's two components (E. M. Kitagawa, "Components of a Difference Between Two Rates",
Journal of the American Statistical Association 50, 1955): with the share w and the rate r of every kind of case,

    mix = Σ (w₁ − w₀) · (r₀ + r₁) / 2        performance = Σ (r₁ − r₀) · (w₀ + w₁) / 2.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from fuxiao.core.fairness.strata import Stratum, merge_small

FEWEST = 5
"""A kind of case with fewer on either side has no rate of its own and is put together with its nearest kin."""
NONE = Fraction(0)


class Part(StrEnum):
    """What moved a figure, in the order of telling."""

    PERFORMANCE = "performance"
    MIX = "mix"
    ROSTER = "roster"
    DEFINITION = "definition"
    LATE = "late"
    POINTS = "points"  # only of a score: bonus, deductions, vetoes, caps


Parts = Mapping[Part, Fraction]


@dataclass(frozen=True, slots=True)
class End:
    """One end of a move: the figure ``kept`` when its period was closed, ``recounted`` by the same rules from the
    records of today, and ``restated`` by the rules of today as well. All three are the same while nothing is closed."""

    kept: Fraction
    recounted: Fraction
    restated: Fraction

    @classmethod
    def open(cls, value: Fraction) -> End:
        return cls(value, value, value)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one member's cases of one kind add to both sides of a figure; the member is ``""`` where it is nobody's.

    A figure without a denominator (a count) has ``below`` ``None`` in all its cells.
    """

    member: str
    stratum: Stratum
    above: Fraction
    below: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A change and its parts. ``unsplit`` are those that cannot be told from performance (of a percentile, of a figure
    whose two sides know no common kinds of cases)."""

    before: End
    after: End
    parts: Parts
    unsplit: frozenset[Part] = frozenset()

    @property
    def total(self) -> Fraction:
        return self.after.kept - self.before.kept


def split(
    before: End,
    after: End,
    cells: tuple[Sequence[Cell], Sequence[Cell]] | None,
    *,
    left: Collection[str] = (),
    joined: Collection[str] = (),
    scale: Fraction = Fraction(1),
) -> Move:
    """The change from ``before`` to ``after`` in parts.

    ``cells`` are those of the restated figures, ``None`` where a figure is no sum over cases. ``left`` and ``joined``
    belonged to the team in one of the periods only; what they moved is the roster's.
    """
    work = after.restated - before.restated
    parts = dict.fromkeys((Part.PERFORMANCE, Part.MIX, Part.ROSTER), NONE)
    unsplit: frozenset[Part] = frozenset()
    if cells is None:
        parts[Part.PERFORMANCE], unsplit = work, frozenset({Part.MIX, Part.ROSTER})
    else:
        roster, mix = _of_cells(cells[0], cells[1], frozenset(left), frozenset(joined), work / scale)
        parts[Part.ROSTER], parts[Part.MIX] = roster * scale, mix * scale
        parts[Part.PERFORMANCE] = work - (roster + mix) * scale
        if _kinds(cells) <= 1:
            unsplit = frozenset({Part.MIX})
    parts[Part.DEFINITION] = (before.restated - before.recounted) + (after.recounted - after.restated)
    parts[Part.LATE] = (before.recounted - before.kept) + (after.kept - after.recounted)
    return Move(before, after, parts, unsplit)


def _kinds(cells: tuple[Sequence[Cell], Sequence[Cell]]) -> int:
    return len({cell.stratum for side in cells for cell in side if cell.below is not None})


def _of_cells(
    before: Sequence[Cell], after: Sequence[Cell], left: frozenset[str], joined: frozenset[str], work: Fraction
) -> tuple[Fraction, Fraction]:
    """Roster and mix, before the scale. Without anybody who stayed the whole change is the roster's."""
    stayed = [cell for cell in before if cell.member not in left], [cell for cell in after if cell.member not in joined]
    values = _value(stayed[0]), _value(stayed[1])
    if values[0] is None or values[1] is None:
        return work, NONE
    return work - (values[1] - values[0]), _mix(*stayed)


def _value(cells: Sequence[Cell]) -> Fraction | None:
    """The figure of some cells; ``None`` where there is nothing to divide by."""
    above = sum((cell.above for cell in cells), NONE)
    below = [cell.below for cell in cells if cell.below is not None]
    if cells and not below:
        return above
    whole = sum(below, NONE)
    return above / whole if whole else None


def _mix(before: Sequence[Cell], after: Sequence[Cell]) -> Fraction:
    """What the kinds of cases moved; nothing of a figure without a denominator."""
    sides = by_kind(before, after)
    totals = [sum((below for _, below in side.values()), NONE) for side in sides]
    moved = NONE
    for stratum in sides[0].keys() | sides[1].keys():
        (a0, n0), (a1, n1) = (side.get(stratum, (NONE, NONE)) for side in sides)
        rates = [a / n for a, n in ((a0, n0), (a1, n1)) if n]
        # A kind seen on one side only has the rate it had there: its coming or going is all mix.
        moved += (n1 / totals[1] - n0 / totals[0]) * sum(rates, NONE) / (len(rates) or 1)
    return moved


def by_kind(before: Iterable[Cell], after: Iterable[Cell]) -> list[dict[Stratum, tuple[Fraction, Fraction]]]:
    """Numerator and denominator of both sides by kind of case, small kinds put together with their nearest kin.

    A cell without a denominator belongs to no kind.
    """
    counts = [_sums(side) for side in (before, after)]
    known = counts[0].keys() | counts[1].keys()
    least = {s: float(min(side.get(s, (NONE, NONE))[1] for side in counts)) for s in sorted(known)}
    label = merge_small(least, fewest=FEWEST)
    found: list[dict[Stratum, tuple[Fraction, Fraction]]] = []
    for side in counts:
        sums: defaultdict[Stratum, tuple[Fraction, Fraction]] = defaultdict(lambda: (NONE, NONE))
        for stratum, (above, below) in side.items():
            a, n = sums[label[stratum]]
            sums[label[stratum]] = a + above, n + below
        found.append(dict(sums))
    return found


def _sums(cells: Iterable[Cell]) -> dict[Stratum, tuple[Fraction, Fraction]]:
    above: defaultdict[Stratum, Fraction] = defaultdict(Fraction)
    below: defaultdict[Stratum, Fraction] = defaultdict(Fraction)
    for cell in cells:
        if cell.below is not None:
            above[cell.stratum] += cell.above
            below[cell.stratum] += cell.below
    return {stratum: (above[stratum], below[stratum]) for stratum in below}


def walked(points: Callable[[Fraction], Fraction], move: Move) -> Parts:
    """What each part of a figure's move adds to the points it is worth: the points are read at every station of the
    way, so a curve that bends or is capped is followed and the parts add up to the points' own change."""
    at, found = move.before.kept, list[Parts]()
    for part, step in _stations(move):
        found.append({part: points(at + step) - points(at)})
        at += step
    return together(found)


def _stations(move: Move) -> list[tuple[Part, Fraction]]:
    before, after = move.before, move.after
    return [
        (Part.LATE, before.recounted - before.kept),
        (Part.DEFINITION, before.restated - before.recounted),
        *((part, move.parts[part]) for part in (Part.ROSTER, Part.MIX, Part.PERFORMANCE)),
        (Part.DEFINITION, after.recounted - after.restated),
        (Part.LATE, after.kept - after.recounted),
    ]


def together(moves: Iterable[Parts]) -> dict[Part, Fraction]:
    """Several moves added up, part by part."""
    found: defaultdict[Part, Fraction] = defaultdict(Fraction)
    for parts in moves:
        for part, amount in parts.items():
            found[part] += amount
    return dict(found)


def shown(parts: Parts, change: Decimal, *, places: int) -> dict[Part, Decimal]:
    """The parts at so many places, adding up to ``change`` as it is shown; a part that is nought stays nought.

    The rounded rest goes to those that lost most by rounding (largest remainder). Traces of a part, such as figures
    kept at six places leave, count as nought where there is anything else.
    """
    trace = Fraction(1, 2000 * 10**places)
    moved = [part for part in Part if abs(parts.get(part, NONE)) > trace] or [part for part in Part if parts.get(part)]
    whole = int(change.scaleb(places))
    found = {part: Decimal(0).scaleb(-places) for part in Part if part in parts}
    if not moved:
        return found
    units = {part: parts[part] * 10**places for part in moved}
    floors = {part: units[part].numerator // units[part].denominator for part in moved}
    rest = whole - sum(floors.values())
    order = sorted(moved, key=lambda part: (floors[part] - units[part], list(Part).index(part)))
    for at, part in enumerate(order):
        share = rest // len(order) + (1 if at < rest % len(order) else 0)
        found[part] = Decimal(floors[part] + share).scaleb(-places)
    return found
