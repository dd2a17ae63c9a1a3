"""Who belonged where on a day: the as-of join of facts with effective-dated memberships, and the tree of teams."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from ibis import _

FAR_DAY = 2_000_000
"""A day after every other: the end of what is still open."""
DEEPEST = 12
"""How many levels a tree of teams may have; a circle of parents ends here too."""


def membership_spans(memberships: ir.Table) -> ir.Table:
    """Rows ``person, team, from_day, to_day`` that never overlap for a person: where two do, the later start wins.

    A membership that was taken back (it ends on the day it starts) ends no other one.
    """
    in_order = ibis.window(group_by="person", order_by="valid_from")
    some_day = _.valid_to.isnull() | (_.valid_from < _.valid_to)
    spans = memberships.filter(_.person.notnull() & _.valid_from.notnull() & some_day).mutate(
        after=_.valid_from.lead().over(in_order)
    )
    ends = ibis.least(_.valid_to.coalesce(FAR_DAY), _.after.coalesce(FAR_DAY))
    return spans.select(person=_.person, team=_.team, from_day=_.valid_from, to_day=ends).filter(_.from_day < _.to_day)


def with_teams(table: ir.Table, spans: ir.Table, days: Mapping[str, str], *, fallback: str = "") -> ir.Table:
    """Add ``<person>_team`` for each person column of ``days``, which names the column of the local day.

    The team of the person on that day, else the column ``fallback``, else null.
    """
    kept = [column for column in table.columns if column not in {f"{person}_team" for person in days}]
    joined = table.select(*kept)
    for person, day in days.items():
        member = spans.rename({f"{column}_of_{person}": column for column in spans.columns})
        joined = joined.left_join(
            member,
            [
                joined[person] == member[f"person_of_{person}"],
                joined[day] >= member[f"from_day_of_{person}"],
                joined[day] < member[f"to_day_of_{person}"],
            ],
        )
    teams = {person: _[f"team_of_{person}"] for person in days}
    if fallback:
        teams = {person: team.coalesce(_[fallback]) for person, team in teams.items()}
    return joined.select(*kept, **{f"{person}_team": team for person, team in teams.items()})


def team_paths(teams: ir.Table) -> ir.Table:
    """``team, ancestor, level``: each team with itself and all above it; ``level`` 0 is the ancestor at the top."""
    step = teams.select(team=_.team, ancestor=_.team, distance=ibis.literal(0, "int64"))
    parents = teams.select(below=_.team, above=_.parent).filter(_.above.notnull())
    paths = step
    for distance in range(1, DEEPEST):
        step = step.inner_join(parents, [("ancestor", "below")]).select(
            team=_.team, ancestor=_.above, distance=ibis.literal(distance, "int64")
        )
        paths = paths.union(step)
    nearest = paths.group_by("team", "ancestor").agg(distance=_.distance.min())
    depth = nearest.group_by("team").agg(level=_.count() - 1).select(above=_.team, level=_.level)
    known = nearest.left_join(depth, [("ancestor", "above")])
    return known.select(team=_.team, ancestor=_.ancestor, level=_.level.coalesce(0).cast("int64"))
