"""What stands behind one row of a scorecard, read from the lake for whoever looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from fuxiao.core.errors import NotPermitted
from fuxiao.core.period import Period, parse_period
from fuxiao.core.score.scheme import Scope
from fuxiao.datasets.store import Store
from fuxiao.metrics.drill import Kept
from fuxiao.metrics.queries import in_reach
from fuxiao.performance.cycles.models import Cycle, CycleMember
from fuxiao.performance.decisions import read_scheme_text
from fuxiao.performance.fair import comparable
from fuxiao.performance.roster import read_roster
from fuxiao.performance.scoring import indicator_infos
from fuxiao.web.metrics.cuts import PERSON, TEAM, Cut, Subject, company
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.metrics.detail import course_of, spoken_of
from fuxiao.web.metrics.drawing import Course
from fuxiao.web.metrics.figures import library_of, remembered
from fuxiao.web.metrics.periods import Picker, title
from fuxiao.web.metrics.presenters import Figure, figure, judged, series_of
from fuxiao.web.metrics.rows import RowLine, Slice, rows_page

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Behind:
    """The course of the figure, and the cases that count: some of them, and how many there are.

    ``address`` names the subject and the period for other pages.
    """

    name: str
    course: Course | None
    spoken: str
    table: Sequence[tuple[str, Figure]]
    cases: Sequence[RowLine]
    total: int
    left_out: int
    address: str
    comparable: bool


def item_behind(at: Desk, member: CycleMember, code: str, period: Period, *, day: date) -> Behind | None:
    """``None`` for a row without cases of its own (the team's score); ``NotPermitted`` for a team out of reach."""
    if code not in at.library.indicators:
        return None
    indicator, of = at.library.get(code), subject_behind(at, member, code)
    if not in_reach(at.viewer, of.kind, of.member, at.people):
        raise NotPermitted("values.out_of_reach", by=of.kind)
    picker, cut = Picker(period, day), Cut(of)
    own = at.values([indicator], cut, picker.first, picker.period)
    series = series_of(own, (each.key for each in picker.series)).get(code, [None] * len(picker.series))
    rows = rows_page(at, indicator, cut, "", period, asked=Slice(Kept.COUNTED, 0, SHOWN))
    return Behind(
        name=at.names.get(of.member, of.member),
        course=course_of(series, indicator, picker, judged(series, indicator.by(cut.groups))),
        spoken=spoken_of(series, indicator, picker),
        table=[(title(p), figure(v, indicator)) for p, v in zip(picker.series, series, strict=True)],
        cases=rows.lines, total=rows.counted, left_out=rows.left_out,
        address=urlencode({"of": of.address, "period": period.key}),
        comparable=of.kind == PERSON and comparable(indicator),
    )  # fmt: skip


def subject_behind(at: Desk, member: CycleMember, code: str) -> Subject:
    """Whose figure the row is scored by: the person's, or that of the nearest team above that has one."""
    if _scope(at.store, member.cycle, member.position, code) is not Scope.TEAM or code not in at.library.indicators:
        return Subject(PERSON, member.person, member.name)
    period = parse_period(member.cycle.period)
    teams = remembered(at.store, ("teams", period.key), lambda: read_roster(at.store, period).teams)
    team, passed = member.team, set[str]()
    while team in teams and team not in passed:
        found = Subject(TEAM, team, at.names.get(team, team))
        if at.values([at.library.get(code)], Cut(found), period, period).find(code, subject=team, period=period.key):
            return found
        passed.add(team)
        team = teams[team].parent
    return company()


def _scope(store: Store, cycle: Cycle, position: str, code: str) -> Scope:
    scheme = read_scheme_text(cycle.scheme_text, indicator_infos(library_of(store).indicators))
    items = scheme.roles[position].items if position in scheme.roles else ()
    return next((item.scope for item in items if item.indicator == code), Scope.OWN)
