"""What a figure's move is split by: its sums by person and kind of case in two periods, and who joined or left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from fuxiao.core.fairness.strata import Stratum
from fuxiao.core.indicator import Value
from fuxiao.core.moved import Cell, End, Move, split
from fuxiao.core.period import Period
from fuxiao.datasets.store import Store
from fuxiao.engine.definition import Indicator
from fuxiao.engine.rows import Scope
from fuxiao.metrics.availability import available
from fuxiao.metrics.source import facts_in
from fuxiao.metrics.values import Request, compute_values
from fuxiao.performance.cycles.roll import teams_below
from fuxiao.performance.fair.strata import USUAL, bands
from fuxiao.performance.roster import Roster, read_roster

Sums = dict[tuple[str, Stratum], tuple[Fraction, Fraction | None]]
"""Numerator and denominator by member and kind of case."""


@dataclass(frozen=True, slots=True)
class Moving:
    """Which figure of whom: ``by`` is ``person``, ``team`` or ``company`` (then ``member`` is empty)."""

    indicator: Indicator
    by: str
    member: str
    before: Period
    after: Period

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """The same in a form that can be looked up by."""
        return self.indicator.code, self.by, self.member, self.before.key, self.after.key

    @property
    def only(self) -> tuple[str, ...]:
        return (self.member,) if self.member else ()

    @property
    def own(self) -> Indicator:
        """The definition that holds for this subject, whatever the figure is cut by."""
        return replace(self.indicator.by((self.by,)), person=None)


@dataclass(frozen=True, slots=True)
class Halves:
    """A move's two figures of today, with their cells (``None`` where the figure is no sum over cases), the kinds of
    cases they were cut by, and who belonged to the team in one of the periods only."""

    values: tuple[Value, Value]
    cells: tuple[Sequence[Cell], Sequence[Cell]] | None
    strata: tuple[str, ...]
    left: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()

    def ends(self) -> tuple[End, End]:
        """Both ends as of today: nothing was kept of either."""
        before, after = (End.open(Fraction(value.value or 0)) for value in self.values)
        return before, after

    def moved(self, before: End, after: End, scale: Fraction) -> Move:
        return split(before, after, self.cells, left=self.left, joined=self.joined, scale=scale)


def halves(store: Store, moving: Moving, *, as_of: date, clock: str = "business") -> Halves | None:
    """The figures of both periods from the records and rules of today; ``None`` where one of them has no figure."""
    found = figures(store, moving, as_of=as_of, clock=clock)
    if found is None:
        return None
    left, joined = _roster(store, moving)
    if moving.own.percentile is not None:
        return Halves(found, None, (), left, joined)
    strata = _strata(store, moving)
    cells = _cells(store, moving, strata, as_of=as_of, clock=clock)
    return Halves(found, cells, strata, left, joined)


def figures(store: Store, moving: Moving, *, as_of: date, clock: str = "business") -> tuple[Value, Value] | None:
    """Both figures as they are shown."""
    asked = Request(
        indicators=[moving.indicator], first=moving.before, last=moving.after, by=(moving.by,), only=moving.only,
        clock=clock, spreads=False, exclusions=False,
    )  # fmt: skip
    known = {value.period: value for value in compute_values(store, asked, as_of=as_of)}
    before, after = known.get(moving.before.key), known.get(moving.after.key)
    if before is None or after is None or before.value is None or after.value is None:
        return None
    return before, after


def _strata(store: Store, moving: Moving) -> tuple[str, ...]:
    """The kinds of cases that both sides of the figure know and the records tell apart."""
    declared, own = facts_in(store).declared, moving.own
    tables = [declared[part.dataset] for part in (own.numerator, own.denominator) if part is not None]
    known = [name for name in USUAL if all(table.column(name) is not None for table in tables)]
    period = moving.after
    scope = Scope(by=tuple(known) or ("company",), kind=period.kind, first=period.index, last=period.index)
    silent = {column.rpartition(".")[2] for column in available([own], store, scope=scope)[own.code]}
    return tuple(name for name in known if name not in silent)


def _cells(
    store: Store, moving: Moving, strata: tuple[str, ...], *, as_of: date, clock: str
) -> tuple[Sequence[Cell], Sequence[Cell]]:
    """The sums of both periods. What of a team is nobody's in particular stands under the member ``""``."""
    whole = _sums(store, moving, strata, as_of=as_of, clock=clock)
    people = _sums(store, moving, strata, as_of=as_of, clock=clock, members=True) if moving.by == "team" else None
    keys = moving.before.key, moving.after.key
    sides = [_rest(whole.get(key, {}), {} if people is None else people.get(key, {})) for key in keys]
    return sides[0], sides[1]


def _rest(whole: Sums, people: Sums) -> list[Cell]:
    """People's cells, and what is left of each kind of case under nobody."""
    rest = dict(whole)
    for (_member, stratum), (above, below) in people.items():
        a, n = rest.get(("", stratum), (Fraction(0), None if below is None else Fraction(0)))
        rest["", stratum] = a - above, None if n is None or below is None else n - below
    found = {**people, **{key: sums for key, sums in rest.items() if any(sums)}}
    return [Cell(member, stratum, above, below) for (member, stratum), (above, below) in sorted(found.items())]


def _sums(
    store: Store, moving: Moving, strata: tuple[str, ...], *, as_of: date, clock: str, members: bool = False
) -> dict[str, Sums]:
    """Sums by period, member and kind of case; many sizes of one factor are put into three bands."""
    by = tuple(name for name in (moving.by, *(("person",) if members else ())) if name != "company")
    groups = (*by, *strata) or ("company",)
    asked = Request(
        indicators=[moving.own], first=moving.before, last=moving.after, by=groups, only=moving.only, clock=clock,
        spreads=False, exclusions=False,
    )  # fmt: skip
    table = compute_values(store, asked, as_of=as_of).table
    rows = table.select([*groups[: len(by) + len(strata)], "period", "numerator", "denominator"]).to_pylist()
    cut = {name: bands([(row[name], row["denominator"] or Decimal(1)) for row in rows]) for name in strata}
    found: dict[str, Sums] = {}
    for row in rows:
        key = row["person"] if members else "", tuple(cut[name][row[name]] for name in strata)
        sums = found.setdefault(row["period"], {})
        a, n = sums.get(key, (Fraction(0), None))
        below = row["denominator"]
        sums[key] = a + Fraction(row["numerator"] or 0), n if below is None else (n or 0) + Fraction(below)
    return found


def _roster(store: Store, moving: Moving) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who left and who joined a team between the periods; nobody for a person or the company."""
    if moving.by != "team" or "memberships" not in store.manifest.records:
        return (), ()
    before, after = (belonging(read_roster(store, each), moving.member) for each in (moving.before, moving.after))
    return tuple(sorted(before - after)), tuple(sorted(after - before))


def belonging(roster: Roster, team: str) -> frozenset[str]:
    """Everybody with a stint in a team or one below it."""
    teams = teams_below(roster, (team,))
    return frozenset(
        member.person for member in roster.members.values() if any(stint.team in teams for stint in member.stints)
    )
