"""Who takes part in a cycle, and with which share of the period: joiners, leavers, transfers, leave."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from fuxiao.core.period import Period
from fuxiao.performance.roster import Member, Roster

Reason = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One person of the roll; see ``CycleMember``."""

    person: str
    name: str
    position: str
    team: str
    team_name: str
    lead: str
    lead_name: str
    days: int
    of_days: int
    reasons: tuple[Reason, ...]


def roll_of(roster: Roster, positions: Collection[str], teams: Collection[str] = ()) -> Iterator[Entry]:
    """Everybody in a position that the scheme knows; of these teams and those below them where any are named."""
    wanted = teams_below(roster, teams)
    for member in roster.members.values():
        if member.role in positions and (not teams or member.team in wanted):
            yield _entry(roster, member)


def teams_below(roster: Roster, teams: Collection[str]) -> frozenset[str]:
    """These teams and all below them."""
    found, grown = frozenset(teams), True
    while grown:
        more = found | {team.team for team in roster.teams.values() if team.parent in found}
        grown, found = more != found, more
    return found


def _entry(roster: Roster, member: Member) -> Entry:
    period = roster.period
    lead = _lead(roster, member)
    return Entry(
        person=member.person, name=member.name, position=member.role, team=member.team,
        team_name=roster.name(member.team), lead=lead, lead_name=roster.name(lead) if lead else "",
        days=sum(stint.days for stint in member.stints), of_days=(period.end - period.start).days,
        reasons=tuple(_reasons(roster, member, period)),
    )  # fmt: skip


def _lead(roster: Roster, member: Member) -> str:
    """Who leads the person's team; for a lead whoever leads the nearest team above."""
    team, seen = roster.teams.get(member.team), set[str]()
    while team is not None and team.team not in seen:
        if team.lead and team.lead != member.person:
            return team.lead
        seen.add(team.team)
        team = roster.teams.get(team.parent)
    return ""


def _reasons(roster: Roster, member: Member, period: Period) -> Iterator[Reason]:
    stints = member.stints
    if stints and stints[0].start > period.start:
        yield {"code": "joined", "day": stints[0].start.isoformat()}
    for before, after in itertools.pairwise(stints):
        code = "transferred" if before.team != after.team else "position"
        yield {"code": code, "day": after.start.isoformat(), "from": roster.name(before.team)}
    if stints and stints[-1].end < period.end:
        yield {"code": "left", "day": stints[-1].end.isoformat()}
    if member.attended is not None and member.scheduled and member.attended < member.scheduled:
        yield {"code": "leave", "attended": str(member.attended), "scheduled": str(member.scheduled)}
