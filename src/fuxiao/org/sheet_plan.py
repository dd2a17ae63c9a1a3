"""What a list of people would change: each line is new, changed, unchanged or refused with reasons. Writes nothing."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Prefetch

from fuxiao.core.errors import Issue
from fuxiao.core.numbers import written_number
from fuxiao.org.models import Membership, Person, Team
from fuxiao.org.person_actions import Post

DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?|(\d{4})(\d{2})(\d{2})")
UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Signs that nobody sees: blanks without width and turns of direction, which come along when a cell is copied."""
LENGTHS = {"number": 60, "name": 200, "phone": 40, "position": 60, "team": 120}
LARGEST = Decimal(10) ** 12


class Kind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(slots=True)
class Planned:
    """A line of the list: what is given, what differs from what is held (field → old, new), what is wrong."""

    line: int
    number: str
    person: Person | None = None
    given: dict[str, Any] = field(default_factory=dict)
    post: Post | None = None
    differs: dict[str, tuple[object, object]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        if self.issues:
            return Kind.REFUSED
        if self.person is None:
            return Kind.NEW
        return Kind.CHANGED if self.differs else Kind.UNCHANGED

    @property
    def name(self) -> str:
        return str(self.given.get("name") or (self.person.name if self.person else ""))


@dataclass(slots=True)
class Planner:
    """Reads lines against the organisation as it is now. ``code_of`` gives the code of a position written in words.

    Teams that there are not are ``unknown``; with ``make_teams`` they are to be ``made`` by their name.
    """

    code_of: Callable[[str], str]
    digits: int
    make_teams: bool = False
    unknown: list[str] = field(default_factory=list)
    made: dict[str, Team] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    numbers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def plan(self, rows: Iterable[tuple[int, Mapping[str, str]]]) -> list[Planned]:
        """A plan for every line (cells by field, an empty cell leaves its field as it is). Two queries."""
        bare = ((line, {name: UNSEEN.sub("", cell).strip() for name, cell in cells.items()}) for line, cells in rows)
        filled = [(line, {name: cell for name, cell in cells.items() if cell}) for line, cells in bare]
        self._know(filled)
        often = Counter(cells.get("number") for _, cells in filled)
        planned = [self._line(line, cells) for line, cells in filled]
        for each in planned:
            if each.number and often[each.number] > 1:
                each.issues.append(Issue("number", "org.number_twice", {"number": each.number}))
        return planned

    def _know(self, rows: list[tuple[int, dict[str, str]]]) -> None:
        held = Prefetch("memberships", Membership.objects.select_related("team").order_by("valid_from"))
        for person in Person.objects.select_related("manager").prefetch_related(held):
            self.people[person.number] = person
            self.numbers[person.name].add(person.number)
        for _, cells in rows:
            self.numbers[cells.get("name", "")].add(cells.get("number", ""))
        teams = list(Team.objects.all())
        often = Counter(team.name for team in teams)
        self.teams = {team.name: team for team in teams if often[team.name] == 1} | {team.key: team for team in teams}

    def _line(self, line: int, cells: dict[str, str]) -> Planned:
        planned = Planned(line, cells.get("number", ""))
        planned.person = self.people.get(planned.number)
        for name, text in cells.items():
            self._read(planned, name, text)
        if not planned.number or "/" in planned.number:
            planned.issues.append(Issue("number", "org.number_bad"))
        if planned.person is None and not planned.given.get("name"):
            planned.issues.append(Issue("name", "field.missing"))
        if not planned.issues:
            self._check_days(planned)
            self._post(planned, cells)
            self._compare(planned)
        return planned

    def _read(self, planned: Planned, name: str, text: str) -> None:
        try:
            value = self._value(name, text)
        except Refused as refused:
            planned.issues.append(Issue(name, refused.code, refused.params))
        else:
            if name in ("team", "position", "since", "number"):
                return
            planned.given[name] = value

    def _value(self, name: str, text: str) -> object:
        if len(text) > LENGTHS.get(name, 200):
            raise Refused("org.cell_too_long", value=text)
        if name in ("hired_on", "left_on", "since"):
            return read_day(text)
        if name in ("wage", "bonus_base"):
            return read_money(text, self.digits)
        if name == "manager":
            return self._person(text)
        if name == "team" and text not in self.teams:
            self._new_team(text)
        if name == "email":
            _check_email(text)
        return text

    def _new_team(self, name: str) -> None:
        fit = "/" not in name
        if fit and name not in self.unknown:
            self.unknown.append(name)
        if not fit or not self.make_teams:
            raise Refused("org.team_unknown", value=name)
        self.teams[name] = self.made[name] = Team(key=name, name=name)

    def _person(self, text: str) -> str:
        """The number of somebody held or in the same list."""
        if text in self.people or text in {n for found in self.numbers.values() for n in found}:
            return text
        found = self.numbers.get(text, set()) - {""}
        if len(found) != 1:
            raise Refused("org.person_ambiguous" if found else "org.person_unknown", value=text)
        return next(iter(found))

    def _check_days(self, planned: Planned) -> None:
        held = planned.person
        hired = planned.given.get("hired_on") or (held.hired_on if held else None)
        left = planned.given.get("left_on") or (held.left_on if held else None)
        if hired and left and left < hired:
            planned.issues.append(Issue("left_on", "org.leaves_before_hiring", {"hired": hired, "left": left}))

    def _post(self, planned: Planned, cells: Mapping[str, str]) -> None:
        """The post that a line gives, where it is another one than the newest held."""
        held = _held(planned.person)
        last = held[-1] if held else None
        team = self.teams.get(cells.get("team", "")) or (last.team if last else None)
        position = self.code_of(cells["position"]) if "position" in cells else last.position if last else ""
        if not {"team", "position", "since"} & cells.keys():
            return
        since = read_day(cells["since"]) if "since" in cells else None
        if any((m.team, m.position) == (team, position) and since in (None, m.valid_from) for m in held):
            return
        since = since or (planned.given.get("hired_on") if last is None else None)
        if team is None or not position or since is None:
            missing = "team" if team is None else "position" if not position else "since"
            planned.issues.append(Issue(missing, "org.post_incomplete"))
        elif last is not None and since <= last.valid_from:
            facts = {"name": planned.name, "team": last.team.name, "since": last.valid_from, "day": since}
            planned.issues.append(Issue("since", "org.overlap", facts))
        else:
            planned.post = Post(team, position, since)
            old = (last.team.name, last.position, last.valid_from) if last else (None, None, None)
            new = (team.name, position, since)
            pairs = zip(("team", "position", "since"), zip(old, new, strict=True), strict=True)
            planned.differs |= {name: pair for name, pair in pairs if pair[0] != pair[1]}

    def _compare(self, planned: Planned) -> None:
        for name, value in planned.given.items():
            held = getattr(planned.person, name) if planned.person else None
            old = held.number if isinstance(held, Person) else held
            if old != value:
                planned.differs[name] = (old, value)


class Refused(Exception):
    """A cell that cannot be read: a code and the facts for its sentence."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def read_day(text: str) -> date:
    """A day as people write it: 2026-10-01, 2026/10/1, 2026年10月1日, 20261001."""
    found = DAY.fullmatch(text)
    if found:
        year, month, day = (int(part) for part in found.groups() if part)
        try:
            return date(year, month, day)
        except ValueError:
            pass
    raise Refused("field.not_a_day", value=text)


def read_money(text: str, digits: int) -> int:
    """An amount such as 6,500.00 or ￥6500 in minor units."""
    amount = written_number(re.sub(r"[,，\s¥￥元]", "", text))
    if amount is None or not 0 <= amount <= LARGEST or amount != round(amount, digits):
        raise Refused("org.not_an_amount", value=text)
    return int(amount.scaleb(digits))


def _check_email(text: str) -> None:
    try:
        validate_email(text)
    except ValidationError as error:
        raise Refused("org.not_an_address", value=text) from error


def _held(person: Person | None) -> list[Membership]:
    return [m for m in person.memberships.all() if m.valid_to != m.valid_from] if person else []
