"""Logs of changed fields: a row tells which field of a case got which value, as issue trackers keep their history."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.activities import Activities, guess_activities
from fuxiao.datasets.importing.mapping import Condition, Expression
from fuxiao.datasets.importing.match import Matcher, means, synonyms
from fuxiao.datasets.importing.profile import FileProfile
from fuxiao.datasets.importing.raw import TABLE
from fuxiao.datasets.importing.sql import Connection

ASSIGNED = "assigned"
"""What it means that the field of the owner changed."""


@dataclass(frozen=True, slots=True)
class History:
    """The columns of such a log, and the fields among its cells that are a case's status and its owner.

    What happened is the status that a case got; of another field, that it changed.
    """

    field: str
    value: str
    old: str
    statuses: tuple[str, ...]
    owners: tuple[str, ...]

    @property
    def activity(self) -> Expression:
        got = Expression(columns=(self.value,), when=(Condition(self.field, self.statuses),))
        return Expression(first_of=(got, Expression(columns=(self.field,))))

    @property
    def to_person(self) -> Expression | None:
        if not self.owners:
            return None
        return Expression(columns=(self.value,), when=(Condition(self.field, self.owners),))

    def activities(self, connection: Connection, profile: FileProfile) -> Activities:
        """What the statuses stand for; a new owner is an assignment, any other field nothing. Only a status reopens."""
        field, value = profile.cell(self.field), profile.cell(self.value)
        counted = sql.rows(
            connection,
            f"select coalesce(case when {field} in {sql.texts(self.statuses)} then {value} end, {field}) as a, "
            f"count(*) as n, bool_or({field} in {sql.texts(self.statuses)}) from {TABLE} group by a "
            "having a is not null order by n desc, a",
        )
        statuses = {activity for activity, _, is_status in counted if is_status}
        owners = {activity for activity, *_ in counted} & {*self.owners} - statuses
        said = tuple((ASSIGNED if activity in owners else activity, n) for activity, n, _ in counted)
        found = guess_activities(said)
        types = {each: found.types[ASSIGNED if each in owners else each] for each, *_ in counted}
        if owners:  # whoever changes a status takes no case: the field of the owner tells whose it is
            types = {a: tuple(t for t in each if t.type != "accepted") or each for a, each in types.items()}
        return replace(found, types=types, reopen_on=tuple(each for each in found.reopen_on if each in statuses))


def history_of(match: Matcher, profile: FileProfile, *, taken: Collection[str]) -> History | None:
    """The file as a log of changed fields; ``None`` where it is none or tells no status."""
    names = synonyms()["history"]
    field = match.find(names["field"], None, without=taken)
    value = match.find(names["new"], None, without=taken)
    if field is None or value is None:
        return None
    fields, states = profile.columns[field].values, synonyms()["columns"]["states"]
    statuses, owners = (tuple(f for f in fields if means(f, states[name])) for name in ("status", "owner"))
    old = match.find(names["old"], None, without=[*taken, field, value])
    return History(field, value, old or "", statuses, owners) if statuses else None
