"""Looks into an event log whether an activity that is named like an end of the case is one."""

from __future__ import annotations

from dataclasses import replace

from fuxiao.datasets.importing import moments, sql
from fuxiao.datasets.importing.activities import Activities
from fuxiao.datasets.importing.mapping import EventType
from fuxiao.datasets.importing.profile import FileProfile
from fuxiao.datasets.importing.raw import TABLE
from fuxiao.datasets.importing.sql import Connection

OUT = {"merged", "cancelled"}
"""Types that take a case out of the figures: a case that is solved afterwards was not out."""


def only_real_endings(
    connection: Connection, profile: FileProfile, guessed: Activities, *, case_id: str, at: str, activity: str
) -> Activities:
    """The guess without merges and cancellations after which most of their cases were solved all the same.

    Such an activity speaks of something else: of a defect that was found twice, of an appointment that fell through.
    """
    out = [name for name, types in guessed.types.items() if OUT & {each.type for each in types}]
    solved = [name for name, types in guessed.types.items() if "resolved" in {each.type for each in types}]
    dates = profile.columns[at].dates
    if not (out and solved and dates):
        return guessed
    cells = f"{profile.cell(case_id)} as c, {moments.timestamp(profile.cell(at), dates.formats)} as t"
    query = (
        f"with log as (select {cells}, {profile.cell(activity)} as a from {TABLE}), "
        f"ends as (select c, max(t) as last from log where a in {sql.texts(solved)} group by c) "
        f"select a from log left join ends using (c) where a in {sql.texts(out)} "
        "group by a having 2 * count(*) filter (where last > t) > count(*)"
    )
    going_on = [name for (name,) in sql.rows(connection, query)]
    return replace(
        guessed,
        types={name: (EventType("other"),) if name in going_on else types for name, types in guessed.types.items()},
        remarks={**(guessed.remarks or {}), **dict.fromkeys(going_on, "goes_on")},
    )
