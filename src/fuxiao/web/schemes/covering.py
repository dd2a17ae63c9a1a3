"""Which positions of the company a scheme scores: seen on its page, and decided here without a word of YAML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from fuxiao.base.clock import today
from fuxiao.base.permissions import Permission
from fuxiao.core.period import parse_period
from fuxiao.core.score.scheme import role_called
from fuxiao.performance.roster import read_roster
from fuxiao.performance.scheme_text import Plain
from fuxiao.web.access import Request, allowed
from fuxiao.web.lake import lake
from fuxiao.web.metrics.figures import remembered
from fuxiao.web.org.positions import position_word
from fuxiao.web.schemes.desk import SchemeDesk, scheme_desk
from fuxiao.web.schemes.fed import starved
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import t


@dataclass(frozen=True, slots=True)
class Covered:
    """A position of the company: how many hold it this month, and the key of the role that scores them, if any.

    ``own``: the scheme has a role of this very key or name, so that there is nothing to decide.
    """

    position: str
    word: str
    people: int
    role: str
    own: bool

    @property
    def role_word(self) -> str:
        return position_word(self.role) if self.role else ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """All positions of the company and those that the scheme names, most people first; ``bare`` have no position."""

    lines: Sequence[Covered]
    bare: int

    @property
    def left_out(self) -> list[Covered]:
        return [line for line in self.lines if not line.role and line.people]

    @property
    def people_left_out(self) -> int:
        return sum(line.people for line in self.left_out)

    @property
    def scored(self) -> int:
        return sum(line.people for line in self.lines if line.role)


def coverage(plain: Plain) -> Coverage:
    """Who of this month's roster a scheme scores."""
    held, roles = Counter(_held()), _roles(plain)
    bare = held.pop("", 0)
    taken = {position: key for key, names in roles.items() for position in names}
    known = sorted({*held, *taken}, key=lambda position: (-held[position], position))
    own = {position: "" if position in taken.keys() - roles else _own(position, plain) for position in known}
    return Coverage(
        [Covered(each, position_word(each), held[each], taken.get(each, own[each]), bool(own[each])) for each in known],
        bare,
    )


def _own(position: str, plain: Plain) -> str:
    roles = {key: role for key, role in (plain.get("roles") or {}).items() if isinstance(role, Mapping)}
    names = {key: words if isinstance(words := role.get("names"), Mapping) else {} for key, role in roles.items()}
    return role_called(position, names) or ""


def held_and_starved(plain: Plain) -> list[tuple[str, Decimal]]:
    """Roles that somebody of the company is scored by and whose items mostly wait for data: word, per cent waiting."""
    scored = {line.role for line in coverage(plain).lines if line.people}
    return [(position_word(key), share) for key, share in starved(plain).items() if key in scored]


def _held() -> Mapping[str, int]:
    month = parse_period(f"{today(organisation().zone):%Y-%m}")
    with lake() as store:
        return remembered(store, ("positions", month.key), lambda: Counter(
            member.role for member in read_roster(store, month).members.values()
        ))  # fmt: skip


def _roles(plain: Plain) -> dict[str, list[str]]:
    """The positions that each role names, as far as they can be read."""
    roles = {key: role for key, role in (plain.get("roles") or {}).items() if isinstance(role, Mapping)}
    named = {key: role.get("positions") for key, role in roles.items()}
    return {key: [str(each) for each in got] if isinstance(got, list) else [] for key, got in named.items()}


def with_positions(plain: Plain, wanted: Mapping[str, str]) -> Plain:
    """The scheme whose roles cover these positions; an empty role leaves a position out."""
    made = deepcopy(plain)
    for key, role in (made.get("roles") or {}).items():
        positions = sorted(position for position, chosen in wanted.items() if chosen == key)
        if isinstance(role, dict):
            role.pop("positions", None)
            role.update({"positions": positions} if positions else {})
    return made


@allowed(Permission.RULES_WRITE)
@require_http_methods(["GET", "POST"])
def positions(request: Request, key: str) -> HttpResponse:
    """For each position of the company the role that scores it."""
    at = scheme_desk(key)
    if request.method == "POST":
        return _saved(request, at)
    roles = [(code, position_word(code)) for code in at.plain.get("roles") or {}]
    return render(
        request, "schemes/positions.html", {"at": at, "roles": roles, "found": coverage(at.plain), "positions": True}
    )


def _saved(request: Request, at: SchemeDesk) -> HttpResponse:
    roles = at.plain.get("roles") or {}
    own = {line.position for line in coverage(at.plain).lines if line.own}
    sent = zip(request.POST.getlist("position"), request.POST.getlist("role"), strict=False)
    plain = with_positions(
        at.plain, {position: role for position, role in sent if role in roles and position not in own}
    )
    at.save(request, plain, token=request.POST.get("token", ""), reason=t("指定考核的岗位", "positions to be scored"))
    found = coverage(plain)
    told = t("已存入草稿：{n} 人会被考核。", "Kept in the draft: {n:person is/people are} scored.", n=found.scored)
    messages.success(request, told)
    return redirect("scheme", at.key)
