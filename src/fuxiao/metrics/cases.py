"""One case as a person may see it: particulars, events, clocks, credit; only for whoever has it in reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce

import ibis
from ibis import _
from ibis.expr import types as ir

from fuxiao.base.permissions import Permission, Reach, Viewer, reach_for
from fuxiao.core.errors import NotPermitted
from fuxiao.datasets.store import Store
from fuxiao.engine.rows import Facts
from fuxiao.metrics.ledgers import CaseClocks, case_clocks
from fuxiao.metrics.source import TEAM_PATHS, facts_in
from fuxiao.metrics.versions import Version, versions_of

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Credited:
    """Who is credited in a fact table with something of the case: the person, and the team of that day."""

    dataset: str
    credit: str
    person: str | None
    team: str | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case: its fact row, its record, its events as recorded, clocks, credit, shares, the customer, and what later
    imports changed.

    ``customer`` is empty where the reader may not see personal data, or none is known.
    """

    case_id: str
    facts: Row
    record: Row
    events: Sequence[Row]
    clocks: CaseClocks
    credits: Sequence[Credited]
    shares: Sequence[Row]
    customer: Row
    versions: Sequence[Version]


def case_for(
    viewer: Viewer, store: Store, case_id: str, *, as_of: datetime, people: frozenset[str] = frozenset()
) -> CaseView | None:
    """The case; ``None`` where there is none, or where neither its people nor its teams (of the record's day) are in
    the viewer's reach: whoever may not see a case does not learn that it exists.

    ``people`` are the numbers of those who are in the viewer's teams. Nine look-ups at most, whatever the case.
    """
    if not viewer.may(Permission.ROWS_READ):
        raise NotPermitted("permission.denied", permission=Permission.ROWS_READ.value)
    facts = facts_in(store)
    found = _rows(store, facts.tables["cases"].filter(_.case_id == case_id)) if "cases" in facts.tables else []
    if not found:
        return None
    shared = credited(store, facts, case_id)
    if not _sees(viewer, store, found[0], shared, people):
        return None
    clocks = case_clocks(store, [case_id], as_of=as_of)
    record = _records(store, "cases", case_id=case_id)
    customer = found[0]["customer_id"]
    keeps = reach_for(viewer, Permission.CUSTOMERS_READ)
    asked = customer is not None and keeps and _sees(replace(viewer, reach=keeps), store, found[0], shared, people)
    known = _records(store, "customers", customer_id=str(customer)) if asked else []
    shares = _rows(store, facts.tables["shares"].filter(_.case_id == case_id).order_by("person"))
    return CaseView(
        case_id, found[0], record[0] if record else {}, _records(store, "case_events", case_id=case_id),
        clocks[case_id], shared, shares, known[0] if known else {}, versions_of(store, case_id),
    )  # fmt: skip


def cases_in_reach(
    viewer: Viewer, store: Store, case_ids: Iterable[str], *, people: frozenset[str] = frozenset()
) -> frozenset[str]:
    """Those of these cases that ``case_for`` would show; two look-ups at most, however many they are."""
    asked, facts = frozenset(case_ids), facts_in(store)
    if not asked or not viewer.may(Permission.ROWS_READ) or "cases" not in facts.tables:
        return frozenset()
    there = {row["case_id"]: row for row in _rows(store, facts.tables["cases"].filter(_.case_id.isin(sorted(asked))))}
    if viewer.sees_all:
        return frozenset(map(str, there))
    parts = [part for name in facts.tables for part in _credits_of(facts, name, sorted(map(str, there)), "case_id")]
    shared: dict[object, list[Credited]] = {}
    for row in _rows(store, reduce(lambda a, b: a.union(b), parts).distinct()) if parts and there else ():
        own = {name: row[name] for name in ("dataset", "credit", "person", "team")}
        shared.setdefault(row["case_id"], []).append(Credited(**own))  # type: ignore[arg-type]
    seen = (key for key, case in there.items() if _sees(viewer, store, case, shared.get(key, ()), people))
    return frozenset(map(str, seen))


def credited(store: Store, facts: Facts, case_id: str) -> list[Credited]:
    """Everybody who is credited with something of the case, over all fact tables, in one look-up."""
    parts = [part for name in facts.tables for part in _credits_of(facts, name, [case_id])]
    rows = _rows(store, reduce(lambda a, b: a.union(b), parts).distinct().order_by("dataset", "credit", "person"))
    return [Credited(**row) for row in rows]  # type: ignore[arg-type]


def _credits_of(facts: Facts, name: str, case_ids: Sequence[object], *more: str) -> Iterator[ir.Table]:
    """Who is credited, with ``more`` columns of the rows."""
    table, rows = facts.declared[name], facts.tables[name]
    if "case_id" not in rows.columns:
        return
    mine = rows.filter(_.case_id.isin(case_ids))
    for code, credit in table.credits.items():
        person = ibis.null("string") if credit.person is None else mine[credit.person]
        team = mine[credit.team]
        made = mine.select(*more, dataset=ibis.literal(name), credit=ibis.literal(code), person=person, team=team)
        yield made.filter(_.person.notnull() | _.team.notnull())


def _sees(viewer: Viewer, store: Store, case: Row, found: Sequence[Credited], people: frozenset[str]) -> bool:
    if viewer.sees_all:
        return True
    own = {viewer.person} - {None}
    if viewer.reach is not Reach.TEAMS:
        return any(each.person in own for each in found)
    teams = {each.team for each in found} | {case.get("unit")}
    return any(each.person in own | people for each in found) or bool(_with_ancestors(store, teams) & viewer.teams)


def _with_ancestors(store: Store, teams: set[object]) -> set[object]:
    """These teams and those they are part of."""
    if TEAM_PATHS not in store.manifest.facts:
        return teams
    known = sorted(str(team) for team in teams if team is not None)
    paths = store.facts(TEAM_PATHS)
    return teams | {row["ancestor"] for row in _rows(store, paths.filter(_.team.isin(known)))}


def _records(store: Store, name: str, **key: str) -> list[Row]:
    """The current records with this key; none where nothing of the kind was loaded."""
    if name not in store.manifest.records:
        return []
    table = store.records(name)
    ((column, value),) = key.items()
    rows = table.filter(table[column] == value)
    return _rows(store, rows.order_by(["at", "seq"]) if name == "case_events" else rows)


def _rows(store: Store, expr: ir.Table) -> list[Row]:
    rows: list[Row] = store.execute(expr).to_pylist()
    return rows
