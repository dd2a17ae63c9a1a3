"""What is compared: indicator, stretch of time, persons or teams of which role, and who of them the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from fuxiao.core.errors import CalculationError
from fuxiao.core.period import Period, PeriodKind
from fuxiao.datasets.store import Store
from fuxiao.engine.compile import unanswerable
from fuxiao.engine.definition import Indicator
from fuxiao.engine.rows import Scope
from fuxiao.metrics.availability import available
from fuxiao.metrics.queries import in_reach
from fuxiao.metrics.source import facts_in
from fuxiao.org import queries as org
from fuxiao.performance.fair import Comparison, comparable, compare, roles_with_cases
from fuxiao.performance.fair.strata import count, first_of
from fuxiao.performance.roster import Roster, read_roster
from fuxiao.web.access import Request
from fuxiao.web.metrics.cuts import PERSON
from fuxiao.web.metrics.desk import Desk
from fuxiao.web.metrics.figures import remembered
from fuxiao.web.metrics.periods import Picker, title

THREE = 3
FIRST = ("FTF", "FCR", "TRS", "RPR", "CSAT")
"""What the page opens with: the first of these that somebody in reach has cases of."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The time looked at: a period, or the three months that end with it."""

    picker: Picker
    months: int

    @property
    def period(self) -> Period:
        return self.picker.period

    @property
    def first(self) -> Period:
        return first_of(self.period, self.months)

    @property
    def rolls(self) -> bool:
        """Whether three months can be asked for."""
        return self.period.kind is PeriodKind.MONTH

    @property
    def title(self) -> str:
        if self.months == 1:
            return title(self.period)
        return f"{title(self.first)} – {title(self.period)}"

    @property
    def query(self) -> dict[str, str]:
        return {"period": self.period.key, **({"months": str(self.months)} if self.months > 1 else {})}


def stretch_of(request: Request, desk: Desk) -> Stretch:
    chosen = desk.picker(request.GET.get("period", ""))
    three = request.GET.get("months") == str(THREE) and chosen.period.kind is PeriodKind.MONTH
    return Stretch(chosen, THREE if three else 1)


def people_then(desk: Desk, stretch: Stretch) -> frozenset[str]:
    """Who was in the reader's teams on the last day looked at: whoever joined later did not work for this lead then."""
    return org.numbers_in_reach(desk.viewer, on=min(stretch.period.end - timedelta(days=1), desk.day))


@dataclass(frozen=True, slots=True)
class Choice:
    """What one page compares. ``roles`` are those in which somebody in reach has cases, the usual one first."""

    indicator: Indicator
    stretch: Stretch
    by: str
    role: str
    roles: Sequence[str]
    roster: Roster
    people: frozenset[str]

    def query(self, **more: str) -> str:
        return urlencode({**self.stretch.query, "by": self.by, "role": self.role, **more})

    def is_soft(self, desk: Desk) -> bool:
        """Whether the cases looked at may still change their outcome."""
        return desk.day < self.stretch.period.end + timedelta(days=self.indicator.maturation)

    def sees(self, desk: Desk, who: str) -> bool:
        return in_reach(desk.viewer, self.by, who, self.people)


def offered(desk: Desk, stretch: Stretch) -> list[Indicator]:
    """The rates of persons that the data can answer, in the order of the library."""
    scope = Scope(by=(PERSON,), kind=stretch.period.kind, first=stretch.first.index, last=stretch.period.index)

    def found() -> list[Indicator]:
        facts = facts_in(desk.store)
        rates = [each for each in desk.library if comparable(each)]
        rates = [each for each in rates if unanswerable(each.by((PERSON,)), facts, scope) is None]
        waiting = available(rates, desk.store, scope=scope)
        return [each for each in rates if not waiting.get(each.code)]

    return remembered(desk.store, ("fair-offered", scope.kind), found)


def choice(
    desk: Desk, stretch: Stretch, rates: Sequence[Indicator], *, asked: str = "", by: str = PERSON, role: str = "",
    who: str = "",
) -> Choice | None:  # fmt: skip
    """What an address asks for, the usual where it is silent; ``None`` where nothing can be compared at all.

    ``who`` is one of those compared, whose role is the usual one then. ``UnknownName`` for an indicator there is not,
    ``CalculationError`` (``fair.not_a_rate``) for one that nobody can be compared on.
    """
    people = people_then(desk, stretch)
    if asked and not comparable(desk.library.get(asked)):
        raise CalculationError("fair.not_a_rate", indicator=asked)
    known = {each.code: each for each in rates}
    usual = [known[code] for code in FIRST if code in known] or list(rates[:1])
    found: Choice | None = None
    for indicator in [desk.library.get(asked)] if asked else usual:
        made = _choice(desk, stretch, indicator, by, people)
        found = found or made
        if made.roles:
            found = made
            break
    wanted = role or (found.roster.members[who].role if found and who in found.roster.members else "")
    return replace(found, role=wanted) if found and wanted in found.roles else found


def _choice(desk: Desk, stretch: Stretch, indicator: Indicator, by: str, people: frozenset[str]) -> Choice:
    roster = roster_of(desk.store, indicator, stretch)
    asked = ("fair-roles", indicator.code, stretch.period.key, stretch.months)
    found = remembered(desk.store, asked, lambda: roles_with_cases(
        desk.store, indicator, stretch.period, roster=roster, months=stretch.months
    ))  # fmt: skip
    seen = {role: sum(in_reach(desk.viewer, PERSON, each, people) for each in who) for role, who in found.items()}
    roles = sorted((role for role in seen if seen[role]), key=lambda role: (-seen[role], role))
    return Choice(indicator, stretch, by, roles[0] if roles else "", roles, roster, people)


def roster_of(store: Store, indicator: Indicator, stretch: Stretch) -> Roster:
    """Who was in which role; where the company keeps no memberships, everybody with cases in one role without name."""
    period = stretch.period

    def made() -> Roster:
        found = read_roster(store, period)
        if found.members:
            return found
        counts = count(
            store, indicator, period, by=PERSON, strata=(), clock="business", months=stretch.months
        )  # fmt: skip
        return read_roster(store, period, seen=sorted(set(counts.subjects)))

    return remembered(store, ("fair-roster", indicator.code, period.key, stretch.months), made)


def comparison(desk: Desk, chosen: Choice) -> Comparison:
    """Everybody of the role, whoever of them the reader may see: the expectation is that of all. Errors of ``compare``."""
    stretch = chosen.stretch
    asked = ("fair", chosen.indicator.code, stretch.period.key, stretch.months, chosen.by, chosen.role)
    return remembered(desk.store, asked, lambda: compare(
        desk.store, chosen.indicator, stretch.period, roster=chosen.roster, role=chosen.role, by=chosen.by,
        months=stretch.months,
    ))  # fmt: skip
