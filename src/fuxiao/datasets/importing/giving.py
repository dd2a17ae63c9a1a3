"""Looks into an event log who is named where a case is given to somebody: the one who gives it, or who gets it."""

from __future__ import annotations

from fuxiao.datasets.importing import sql
from fuxiao.datasets.importing.activities import Activities
from fuxiao.datasets.importing.profile import FileProfile
from fuxiao.datasets.importing.raw import TABLE
from fuxiao.datasets.importing.sql import Connection

WORK = {"accepted", "responded", "contacted", "visit_start", "visit_end", "resolved"}
SELDOM = 0.1
"""Whoever gets a case works in it nearly always; whoever does so in fewer of their cases than this gives them out."""


def given_by_others(
    connection: Connection, profile: FileProfile, guessed: Activities, *, case_id: str, actor: str, activity: str
) -> list[str]:
    """The activities of giving a case to somebody whose actor hardly ever works in that case: a dispatcher."""
    given = [name for name, types in guessed.types.items() if "assigned" in {each.type for each in types}]
    work = [name for name, types in guessed.types.items() if WORK & {each.type for each in types}]
    if not (given and work):
        return []
    cells = ", ".join(f"{profile.cell(h)} as {n}" for h, n in ((case_id, "c"), (actor, "p"), (activity, "a")))
    query = (
        f"with log as (select {cells} from {TABLE}), "
        f"worked as (select distinct c, p, true as own from log where a in {sql.texts(work)} and p is not null) "
        f"select a from log left join worked using (c, p) where a in {sql.texts(given)} and p is not null "
        f"group by a having count(own) < {SELDOM} * count(*) order by a"
    )
    return [name for (name,) in sql.rows(connection, query)]
