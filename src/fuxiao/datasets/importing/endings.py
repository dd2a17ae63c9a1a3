"""Looks into an event log what its activities are by where they stand: which end a case, which begin it again."""

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


def by_their_place(
    connection: Connection, profile: FileProfile, guessed: Activities, *, case_id: str, at: str, activity: str
) -> Activities:
    """The guess without endings and reopenings that are none.

    After most merges and cancellations a case is not solved any more: where it is, such an activity speaks of something
    else, of a defect that was found twice, of an appointment that fell through. Work that reopens a case comes before a
    solution: what mostly comes after the last one, a call back or a survey, is part of how cases end.
    """
    out = [name for name, types in guessed.types.items() if OUT & {each.type for each in types}]
    solved = [name for name, types in guessed.types.items() if "resolved" in {each.type for each in types}]
    dates = profile.columns[at].dates
    if not ((out or guessed.reopen_on) and solved and dates):
        return guessed
    cells = f"{profile.cell(case_id)} as c, {moments.timestamp(profile.cell(at), dates.formats)} as t"
    query = (
        f"with log as (select {cells}, {profile.cell(activity)} as a from {TABLE}), "
        f"ends as (select c, max(t) as last from log where a in {sql.texts(solved)} group by c) "
        "select a, 2 * count(*) filter (where last > t) > count(*), 2 * count(*) filter (where last < t) > count(*) "
        f"from log left join ends using (c) where a in {sql.texts([*out, *guessed.reopen_on])} group by a"
    )
    rows = sql.rows(connection, query)
    going_on = [name for name, before, _ in rows if before and name in out]
    afterwards = [name for name, _, after in rows if after]
    return replace(
        guessed,
        types={name: (EventType("other"),) if name in going_on else types for name, types in guessed.types.items()},
        reopen_on=tuple(name for name in guessed.reopen_on if name not in afterwards),
        remarks={**(guessed.remarks or {}), **dict.fromkeys(going_on, "goes_on")},
    )
