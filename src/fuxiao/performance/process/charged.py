"""The working time of resolved cases, every second charged to who could have shortened it.

A case's time from opening to last resolution is cut into parts that add up to it: what its pauses took (customer,
parts, third party), what lay between a resolution and the reopening, what each holder had it for, and what nobody had.
Where two stops overlap, the earlier of ``STOPS`` is charged, so that no second is counted twice. Where no event tells
who had a case, its owner did since it was handed out, or else from the beginning, as on the owner's clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

import ibis
import ibis.expr.types as ir
from ibis import _

from fuxiao.core.explain import Scalar, Trace
from fuxiao.datasets.store import Store
from fuxiao.performance.window import Window, counted, rows_of

STOPS = ("customer", "parts", "third_party", "at_rest")


class Cause(StrEnum):
    """Where a stretch of time went."""

    OWN = "own"  # in the hands of whoever the time is looked at for
    COLLEAGUES = "colleagues"  # in those of others of the same team
    UNIT = "unit"  # in those of another team
    QUEUE = "queue"  # in nobody's: not handed out, or waiting to be taken
    CUSTOMER = "customer"
    PARTS = "parts"
    THIRD_PARTY = "third_party"
    AT_REST = "at_rest"  # said to be resolved, until it was reopened


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose cases are looked at: those a person owned, those a team and the teams below it owned, or all."""

    person: str = ""
    units: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Charge:
    """The working seconds charged to one cause and owner, over ``cases`` cases. ``owner`` is a team for ``UNIT``, else
    empty; ``share`` is of all seconds, 0-1."""

    cause: Cause
    owner: str
    seconds: int
    cases: int
    share: Decimal

    @property
    def trace(self) -> Trace:
        params: dict[str, Scalar] = {"cause": str(self.cause), "owner": self.owner, "cases": self.cases}
        return Trace("process.charge", self.seconds, params=params)


@dataclass(frozen=True, slots=True)
class TimeSpent:
    """The time of some cases: its parts add up to ``seconds``, the largest first."""

    cases: int
    seconds: int
    charges: tuple[Charge, ...]

    def of(self, cause: Cause) -> int:
        """The seconds of one cause, whoever its owners."""
        return sum(charge.seconds for charge in self.charges if charge.cause is cause)

    def share(self, cause: Cause) -> Decimal:
        """What part of all time that is, 0-1; nought where there is no time."""
        return Decimal(self.of(cause)) / max(1, self.seconds)

    @property
    def trace(self) -> Trace:
        inputs = tuple(charge.trace for charge in self.charges)
        return Trace("process.time_spent", self.seconds, params={"cases": self.cases}, inputs=inputs)


@dataclass(frozen=True, slots=True)
class ChargedCases:
    """Some of the cases under a charge, longest first: number and seconds; and how many there are in all."""

    rows: Sequence[tuple[str, int]]
    total: int
    seconds: int


def time_spent(store: Store, window: Window, whose: Whose) -> TimeSpent:
    """Where the time of the cases resolved in ``window`` went, seen from ``whose`` side. One scan."""
    cases = _cases(store, window, whose)
    sums = _parts(store, cases, whose).group_by("cause", "owner").agg(
        seconds=_.seconds.sum(), cases=_.case_id.nunique()
    )  # fmt: skip
    return _spent(rows_of(store, sums), _size(store, cases))


def by_person(store: Store, window: Window, whose: Whose) -> Mapping[str, TimeSpent]:
    """The same for each owner of these cases by itself: ``OWN`` is then the person's. By person, in order of number."""
    cases = _cases(store, window, whose).filter(_.ao.notnull())
    parts = _parts(store, cases, Whose(person="*"))
    sums = parts.group_by("ao", "cause", "owner").agg(seconds=_.seconds.sum(), cases=_.case_id.nunique())
    rows: dict[str, list[Mapping[str, object]]] = {}
    for row in rows_of(store, sums):
        rows.setdefault(str(row["ao"]), []).append(row)
    sizes = {str(row["ao"]): _number(row["n"]) for row in rows_of(store, cases.group_by("ao").agg(n=_.count()))}
    return {person: _spent(rows.get(person, []), sizes[person]) for person in sorted(sizes)}


def charged_cases(
    store: Store, window: Window, whose: Whose, *, cause: Cause, owner: str = "", offset: int = 0, limit: int = 50
) -> ChargedCases:
    """The cases under one charge: their seconds add up to it."""
    parts = _parts(store, _cases(store, window, whose), whose)
    mine = parts.filter(_.cause == cause.value, _.owner == owner)
    each = mine.group_by("case_id").agg(seconds=_.seconds.sum())
    [whole] = rows_of(store, each.agg(n=_.count(), seconds=_.seconds.sum()))
    page = each.order_by(ibis.desc("seconds"), "case_id").limit(limit, offset=offset)
    rows = [(str(row["case_id"]), _number(row["seconds"])) for row in rows_of(store, page)]
    return ChargedCases(rows, _number(whole["n"]), _number(whole["seconds"]))


def _cases(store: Store, window: Window, whose: Whose) -> ir.Table:
    """The resolved cases with what stopped them, each stop without what an earlier one of ``STOPS`` covers."""
    known = counted(store, "cases", "resolved", window).filter(_.own_resolution_business.notnull())
    if whose.person:
        known = known.filter(_.ao == whose.person)
    elif whose.units:
        known = known.filter(_.ao_team.isin(sorted(whose.units)))
    stopped = known.mutate(free=_.lead_business - _.own_resolution_business)
    cut = stopped.mutate(customer=ibis.least(_.pause_customer, _.free))
    cut = cut.mutate(parts=ibis.least(_.pause_parts, _.free - _.customer))
    cut = cut.mutate(third_party=ibis.least(_.pause_third_party, _.free - _.customer - _.parts))
    cut = cut.mutate(at_rest=_.free - _.customer - _.parts - _.third_party)
    return cut.select("case_id", "ao", "ao_team", "own_resolution_business", "owner_held_business", *STOPS)


def _parts(store: Store, cases: ir.Table, whose: Whose) -> ir.Table:
    """``case_id, ao, cause, owner, seconds``: the parts of each case that are longer than nothing."""
    shares = store.facts("shares").select("case_id", "person", "person_team", "held", "total")
    held = cases.inner_join(shares, "case_id").mutate(
        cause=_holder(whose), team=_.person_team.coalesce(""),
        seconds=(_.total == 0).ifelse(ibis.least(_.owner_held_business, _.own_resolution_business), _.held),
    )  # fmt: skip
    named = held.select(
        "case_id", "ao", "cause", owner=(_.cause == Cause.UNIT.value).ifelse(_.team, ""), seconds=_.seconds
    )  # fmt: skip
    by_anybody = held.group_by("case_id").agg(held=_.seconds.sum())
    rest = cases.left_join(by_anybody, "case_id").mutate(
        queue=ibis.greatest(_.own_resolution_business - _.held.coalesce(0), 0)
    )
    stops = [
        rest.select("case_id", "ao", cause=ibis.literal(name), owner=ibis.literal(""), seconds=rest[name])
        for name in (*STOPS, "queue")
    ]
    return ibis.union(named, *stops).filter(_.seconds > 0)


def _holder(whose: Whose) -> ir.StringValue:
    """Of a stretch in somebody's hands: one's own, a colleague's, or another team's."""
    if whose.person:
        return ibis.cases(
            (_.person == _.ao, Cause.OWN.value), (_.person_team == _.ao_team, Cause.COLLEAGUES.value),
            else_=Cause.UNIT.value,
        )  # fmt: skip
    if not whose.units:
        return ibis.literal(Cause.UNIT.value)
    mine = _.person_team.isin(sorted(whose.units)).fill_null(ibis.literal(value=False))
    return mine.ifelse(Cause.OWN.value, Cause.UNIT.value)


def _size(store: Store, cases: ir.Table) -> int:
    [row] = rows_of(store, cases.agg(n=_.count()))
    return _number(row["n"])


def _spent(rows: Sequence[Mapping[str, object]], cases: int) -> TimeSpent:
    whole = sum(_number(row["seconds"]) for row in rows)
    made = (
        Charge(
            Cause(str(row["cause"])), str(row["owner"]), _number(row["seconds"]), _number(row["cases"]),
            Decimal(_number(row["seconds"])) / max(1, whole),
        )
        for row in rows
    )  # fmt: skip
    return TimeSpent(cases, whole, tuple(sorted(made, key=lambda each: (-each.seconds, each.cause, each.owner))))


def _number(value: object) -> int:
    return int(str(value or 0))
