"""Whose figures a page shows and how they are cut: a subject (company, team, person), and the groups within it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import Http404

from fuxiao.base.permissions import Reach, Viewer
from fuxiao.base.waiting import column_words
from fuxiao.engine.definition import Indicator
from fuxiao.engine.fact_tables import ATTRIBUTES, FactTable
from fuxiao.metrics.queries import in_reach
from fuxiao.org import queries as org
from fuxiao.web.words import language, t

COMPANY, TEAM, PERSON = "company", "team", "person"
GROUPED = tuple(name for name in ATTRIBUTES if name not in ("difficulty", "unit"))


@dataclass(frozen=True, slots=True)
class Subject:
    """The company, a team or a person. In an address: ``company``, ``team:T1``, ``person:E3``."""

    kind: str = COMPANY
    member: str = ""
    name: str = ""

    @property
    def address(self) -> str:
        return self.kind if self.kind == COMPANY else f"{self.kind}:{self.member}"


@dataclass(frozen=True, slots=True)
class Cut:
    """The figures of ``of``, whole or by a group within it: person, team or a column."""

    of: Subject
    by: str = ""

    @property
    def groups(self) -> tuple[str, ...]:
        if self.by in {"", COMPANY, self.of.kind}:
            return (self.of.kind,)
        return (self.by,) if self.of.kind == COMPANY else (self.of.kind, self.by)

    @property
    def only(self) -> tuple[str, ...]:
        """The members of the first group that are asked for; a team cut by team is all teams below it."""
        if self.of.kind == COMPANY:
            return ()
        if self.by == TEAM == self.of.kind:
            return tuple(sorted(org.teams_of(self.of.member)))
        return (self.of.member,)

    def members(self, who: str) -> tuple[str, ...]:
        """One group, named in each of ``groups``; nothing where the subject is not cut or everybody is asked for."""
        if self.by in {"", COMPANY}:
            return () if self.of.kind == COMPANY else (self.of.member,)
        return (who,) if len(self.groups) == 1 else (self.of.member, who)

    def member_of(self, parts: Sequence[str]) -> str:
        """The member that tells the groups of this cut apart."""
        return parts[-1] if parts else ""

    def query(self, **more: str) -> str:
        given = {"of": self.of.address, "by": self.by, **more}
        return urlencode({key: value for key, value in given.items() if value or key == "who"})


def company() -> Subject:
    return Subject(COMPANY, "", t("全公司", "Whole company"))


def subjects(viewer: Viewer, names: Mapping[str, str]) -> list[Subject]:
    """The subjects that the reader may choose, the usual one first."""
    if viewer.reach is Reach.TEAMS:
        return [Subject(TEAM, team.key, team.name) for team in org.top_teams(viewer)] or [company()]
    if viewer.sees_all:
        return [company(), *(Subject(TEAM, team.key, team.name) for team in org.teams())]
    if viewer.person is None:
        return [company()]
    return [Subject(PERSON, viewer.person, names.get(viewer.person, viewer.person))]


def subject_of(
    asked: str, choices: Sequence[Subject], viewer: Viewer, names: Mapping[str, str], *, on: date
) -> Subject:
    """The subject in the address, the usual one where there is none; 404 for one out of the reader's reach."""
    if not asked:
        return choices[0]
    kind, _, member = asked.partition(":")
    if kind not in (COMPANY, TEAM, PERSON) or bool(member) == (kind == COMPANY):
        raise Http404
    if not in_reach(viewer, kind, member, org.numbers_in_reach(viewer, on=on)):
        raise Http404
    return company() if kind == COMPANY else Subject(kind, member, names.get(member, member))


def is_open(of: Subject, viewer: Viewer) -> bool:
    """Whether the reader sees more of the subject than its figure: the company's rows are for those who see all."""
    return of.kind != COMPANY or viewer.sees_all


def groupings(indicator: Indicator, table: FactTable, of: Subject, viewer: Viewer) -> list[tuple[str, str]]:
    """What the figures of a subject can be cut by, with words: persons, teams, columns of the facts."""
    people = [] if of.kind == PERSON else [(PERSON, t("人员", "Person")), (TEAM, t("班组", "Team"))]
    if table.credits[indicator.by((PERSON,)).numerator.credit].person is None:
        people = [each for each in people if each[0] != PERSON]
    if not is_open(of, viewer):
        return people
    columns = [name for name in GROUPED if table.column(name) is not None]
    own = sorted(table.dimensions)
    words = [(name, _first_upper(column_words(table.name, name, language()))) for name in columns]
    return [*people, *words, *((name, name) for name in own)]


def _first_upper(words: str) -> str:
    return words[:1].upper() + words[1:]
