"""Pages of what review cycles pay: all of them, everybody's amounts of one (a file for the payroll too), what is given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from fuxiao.base.clock import now, today
from fuxiao.base.permissions import Permission
from fuxiao.base.wording import say
from fuxiao.core.bonus.payout import LineKind
from fuxiao.core.bonus.plan import Plan
from fuxiao.core.bonus.rules import Scope
from fuxiao.core.cycle import CLOSED
from fuxiao.core.errors import Conflict
from fuxiao.performance.cycles import queries
from fuxiao.performance.cycles.actions.giving import give_amounts
from fuxiao.performance.cycles.amounts import Given, given_in, plan_in
from fuxiao.performance.cycles.models import Cycle, OtherPayout
from fuxiao.report.tasks import recompute_cycle
from fuxiao.web.access import Request, allowed
from fuxiao.web.editing import form_page
from fuxiao.web.metrics.wording import formats, joined
from fuxiao.web.org.positions import position_word
from fuxiao.web.org.sheets import KINDS, download
from fuxiao.web.pages import page_of
from fuxiao.web.performance.forms import AmountsForm, Pool, amounts_form
from fuxiao.web.performance.named import plan_of
from fuxiao.web.performance.presenters import cycle_title, step_word
from fuxiao.web.shell.home import organisation
from fuxiao.web.words import language, t

ROWS = 100
"""People on one page."""
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Paid:
    """What one person is paid: the lines by kind and component, and what is to be noticed."""

    person: str
    name: str
    team: str
    team_name: str
    position: str
    score: Decimal | None
    grade: str
    lines: Mapping[Key, Decimal]
    earned: Decimal
    total: Decimal
    notes: str
    beside: bool = False
    """Whether the person has no scorecard of the period."""

    @property
    def other(self) -> Decimal:
        """What earlier or later periods change about it: held back, released, corrected, topped up."""
        return self.total - self.earned


@dataclass(slots=True)
class Sum:
    """People and their amounts together."""

    name: str
    people: int = 0
    total: Decimal = field(default_factory=Decimal)


@allowed(Permission.PAY_READ)
@require_GET
def listed(request: Request) -> HttpResponse:
    """The cycles that pay something, newest first."""
    page = page_of(request, queries.paying(request.viewer))
    rows = [(each, cycle_title(each), plan_of(each), step_word(each.at), each.at in CLOSED) for each in page]
    return render(request, "performance/pays.html", {"rows": rows, "page": page})


@allowed(Permission.PAY_READ)
@require_GET
def pay(request: Request, number: int) -> HttpResponse:
    """Everybody's amounts; as a file with ``?as=xlsx`` or ``csv``."""
    cycle = queries.paying_cycle(request.viewer, number)
    plan, given = plan_in(cycle.plan_text), given_in(cycle.amounts)
    rows, (first, others) = list(queries.paid(request.viewer, cycle)), queries.paid_beside(request.viewer, cycle)
    scored = list(_people(rows))
    people, titles = [*scored, *(_beside(each) for each in others if first == cycle)], _titles(plan)
    if request.GET.get("as") in KINDS:
        return _sheet(cycle, people, titles, request.GET["as"])
    teams: dict[tuple[bool, str], Sum] = {}
    names = queries.teams_of(cycle)
    for each in people:
        key, name = ("", t("没有评分卡", "no scorecard")) if each.beside else (each.team, names.get(each.team, ""))
        team = teams.setdefault((each.beside, key), Sum(name))
        team.people, team.total = team.people + 1, team.total + each.total
    context = {
        "cycle": cycle, "title": cycle_title(cycle), "plan": plan_of(cycle), "step": step_word(cycle.at),
        "is_final": cycle.at in CLOSED, "page": page_of(request, people, size=ROWS), "people": len(people), "teams": teams.values(),
        "unread": len(rows) - len(scored), "others": len(others), "first": None if first == cycle else first, "looks_on": queries.looks_on(request.viewer, cycle),
        "total": sum((each.total for each in people), Decimal()), "earned": sum((each.earned for each in people), Decimal()),
        "pools": list(_pools(plan, given, people)), "missing": queries.pools_missing(cycle),
        "company": given.company,
        "asks": bool(_open_pools(plan)) or plan.uses("company"), "blocked": _blocked(plan), "pending": cycle.is_behind,
        "may_give": request.viewer.may(Permission.CYCLES_WRITE) and not request.viewer.read_only and not queries.is_paid(cycle),
        "may_open": request.viewer.may(Permission.SCORES_READ), "may_board": request.viewer.may(Permission.CYCLES_READ),
    }  # fmt: skip
    return render(request, "performance/pay.html", context)


@allowed(Permission.CYCLES_WRITE)
@require_http_methods(["GET", "POST"])
def amounts(request: Request, number: int) -> HttpResponse:
    """Give the amounts that the plan leaves open."""
    cycle = queries.paying_cycle(request.viewer, number)
    if queries.is_paid(cycle):
        raise Conflict("cycle.amounts_stand", period=cycle.period)
    plan = plan_in(cycle.plan_text)
    form = _form(cycle, plan)(request.POST or None)

    def save() -> str:
        with transaction.atomic():
            new = Given(form.pools, form.cleaned_data.get("company"))
            if give_amounts(request.viewer, number, new, version=form.cleaned_data["version"], at=now()):
                recompute_cycle.enqueue(number)
        return reverse("pay", args=[number])

    def saved() -> Mapping[str, object]:
        cycle.refresh_from_db()
        return {name: each.initial for name, each in _form(cycle, plan).base_fields.items()}

    return form_page(
        request, form, save, saved=saved, title=t("奖金池与公司系数", "Pools and company factor"),
        crumbs=[(reverse("pays"), t("奖金发放", "Pay")), (reverse("pay", args=[number]), cycle_title(cycle))],
        note=t("定案前都可以改；已经算过分的，会按新金额重算奖金，金额变了的评分卡出一个新版本，由本人重新确认。留空表示还没有定。",
               "These may change until the results are final. Where scores are computed already, amounts are worked out again: scorecards whose amount changes get a new version and are acknowledged anew. Leave empty what is not decided."),
    )  # fmt: skip


def _form(cycle: Cycle, plan: Plan) -> type[AmountsForm]:
    given = given_in(cycle.amounts)
    return amounts_form(list(_asked(cycle, plan, given)), given.company, version=cycle.version, plan=plan)


def _people(rows: Iterable[Mapping[str, Any]]) -> Iterator[Paid]:
    """Those of them whose scorecards keep amounts: an earlier version kept none."""
    for each in rows:
        raw = each["payout"]
        if raw is None:
            continue
        who = {name: value for name, value in each.items() if name != "payout"}
        yield Paid(**who, **_amounts(raw), notes=joined([_flag(flag) for flag in raw["flags"]]))


def _beside(each: OtherPayout) -> Paid:
    """Somebody without a scorecard, marked as such."""
    notes = joined([t("没有评分卡", "no scorecard"), *(_flag(flag) for flag in each.payout["flags"])])
    return Paid(each.person, each.name, each.team, each.team_name, each.position, None, "", **_amounts(each.payout),
                notes=notes, beside=True)  # fmt: skip


def _amounts(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The amounts of a payout, of the form that a cycle keeps: lines of one kind and component together."""
    lines: dict[Key, Decimal] = {}
    for kind, component, amount in raw["lines"]:
        lines[kind, component] = lines.get((kind, component), Decimal()) + Decimal(amount)
    return {"lines": lines, "earned": Decimal(raw["earned"]), "total": Decimal(raw["total"])}


def _flag(flag: str) -> str:
    kind, _, what = flag.partition(":")
    return say(f"flag.{kind}", language(), {"what": what})


def _titles(plan: Plan) -> dict[str, str]:
    """The plan's own names of its components and pools, by key; all of them where roles call one differently."""
    components = [(each.key, each.title) for role in plan.roles.values() for each in role.components]
    found: dict[str, dict[str, None]] = {}
    for key, label in [*components, *((key, rule.label) for key, rule in plan.pools.items())]:
        found.setdefault(key, {})[getattr(label, language()) or key] = None
    return {key: " / ".join(names) for key, names in found.items()}


def _column(key: Key, titles: Mapping[str, str]) -> str:
    """The heading of a line: the plan's name of a component or pool, else the kind's word."""
    kind, component = key
    return titles[component] if component in titles else say(f"line.{kind}", language())


def _pools(plan: Plan, given: Given, people: Sequence[Paid]) -> Iterator[tuple[str, str, str]]:
    """The pools: name, amount and what of it the people of this cycle get."""
    titles, write = _titles(plan), formats()
    for key, rule in plan.pools.items():
        held = given.pools.get(key, rule.amount)
        amount = sum(held.values(), Decimal()) if isinstance(held, Mapping) else held
        shared = sum((each.lines.get((LineKind.POOL.value, key), Decimal()) for each in people), Decimal())
        yield titles[key], "" if amount is None else write.money(amount), write.money(shared)


def _open_pools(plan: Plan) -> list[str]:
    """The pools whose amount the plan does not say itself."""
    return [key for key, rule in plan.pools.items() if rule.amount is None]


def _asked(cycle: Cycle, plan: Plan, given: Given) -> Iterator[Pool]:
    """What is asked for: one amount of each open pool, of a pool of each team one a team."""
    titles = _titles(plan)
    for key in _open_pools(plan):
        held: Any = given.pools.get(key)
        if plan.pools[key].scope is not Scope.TEAM:
            yield Pool(key, "", titles[key], held)
            continue
        for team, name in queries.teams_of(cycle).items():
            yield Pool(key, team, f"{titles[key]} · {name}", None if held is None else held.get(team))


def _blocked(plan: Plan) -> str:
    """What the law still asks for before this plan may move pay; empty where nothing is missing."""
    status = plan.status(on=today(organisation().zone))
    if not status.blocked:
        return ""
    steps = t("、", ", ").join(say(f"procedure.{step}", language()) for step in status.missing)
    return say("settle.blocked", language(), {"steps": steps})


def _sheet(cycle: Cycle, people: Sequence[Paid], titles: Mapping[str, str], kind: str) -> HttpResponse:
    """A row a person and a column a line, for the payroll."""
    order = [each.value for each in LineKind]
    keys = sorted({key for each in people for key in each.lines}, key=lambda key: (order.index(key[0]), key[1]))
    headings = [
        t("工号", "number"), t("姓名", "name"), t("班组", "team"), t("岗位", "position"), t("得分", "score"), t("等级", "grade"),
        *(_column(key, titles) for key in keys), t("实发奖金", "paid"), t("币种", "currency"), t("说明", "note"), t("状态", "standing"),
    ]  # fmt: skip
    currency, standing = organisation().currency, step_word(cycle.at)
    rows = [
        [each.person, each.name, each.team_name, position_word(each.position), each.score, each.grade,
         *(each.lines.get(key) for key in keys), each.total, currency, each.notes, standing]
        for each in people
    ]  # fmt: skip
    name = f"{t('奖金', 'pay')}-{cycle.period}"
    return download(name, headings, rows, kind, stamp=today(organisation().zone))
