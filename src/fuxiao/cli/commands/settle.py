"""settle: from scorecards to amounts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

import typer

from fuxiao.base.wording import say
from fuxiao.cli import options
from fuxiao.cli.commands.score import Person, find_member
from fuxiao.cli.options import t
from fuxiao.cli.output import Cell, Column, Format, Places, Sheet, emit
from fuxiao.cli.session import Session, session
from fuxiao.cli.shown import money_text, role_text
from fuxiao.core.bonus.payout import Line, LineKind, Payout, Settlement
from fuxiao.core.bonus.plan import Plan
from fuxiao.core.errors import InputError, UnknownName
from fuxiao.core.explain import Trace
from fuxiao.core.numbers import written_number
from fuxiao.core.score.card import Scorecard
from fuxiao.core.score.scheme import Role
from fuxiao.incentives.results import Result, work_out
from fuxiao.incentives.settling import Terms, read_plan_text

Pools = Annotated[
    list[str] | None,
    typer.Option("--pool", metavar="KEY=AMOUNT", help=t("奖金池金额：名称=金额，可重复", "amount of a pool: key=amount; may be repeated"), show_default=False),
]  # fmt: skip
Company = Annotated[
    str | None, typer.Option("--company", help=t("公司系数，如 1.05", "company factor, e.g. 1.05"), show_default=False)
]


def settle(
    period: options.PeriodText = None,
    scheme: options.SchemeName = None,
    plan: options.PlanName = None,
    person: Person = None,
    pool: Pools = None,
    company: Company = None,
    clock: options.Clock = "business",
    role: options.Role = "",
    as_of: options.AsOf = None,
    home: options.Home = None,
    lang: options.Lang = None,
    shape: options.Shape = Format.table,
    output: options.Output = None,
) -> None:
    """Bonus amounts of everybody under a plan, to the cent; or one person's payslip lines.

    fuxiao settle -p 2026-10 -s appliance --plan appliance --pool department=20000
    """
    with session(home, lang, as_of) as now:
        recipe = now.recipe(
            now.period(period), scheme, plan, clock=clock, role=role, terms=terms_of(now, pool, company)
        )
        result = work_out(now.store, recipe)
        if person:
            sheets = [_payslip(now, result, find_payout(result, person), read_plan_text(recipe.plan))]
        else:
            sheets = settlement_sheets(now, result, read_plan_text(recipe.plan))
        emit(sheets, shape, output)


def terms_of(now: Session, pools: list[str] | None, company: str | None) -> Terms:
    """The amounts given on the line; the payroll check is made for the cut-off day."""
    given: dict[str, Decimal] = {}
    for text in pools or ():
        key, _, amount = text.partition("=")
        if key in given:
            raise InputError("cli.pool_twice", pool=key)
        given[key] = _amount(amount, text)
    return Terms(pools=given or None, company=_amount(company, company) if company else None, on=now.last_day)


def _amount(text: str, where: str) -> Decimal:
    amount = written_number(text)
    if amount is None or amount < 0:
        raise InputError("cli.not_an_amount", value=where)
    return amount


def find_payout(result: Result, text: str) -> Payout:
    """The payout of a person by number or name."""
    found = result.settlement.payout(find_member(result.run, text).person)
    if found is None:
        raise UnknownName("person", text, [payout.name for payout in result.settlement.payouts])
    return found


def settlement_sheets(now: Session, result: Result, plan: Plan) -> list[Sheet]:
    """The payouts with their notes, and the pools."""
    settlement = result.settlement
    columns = [
        Column("person", t("工号", "number")), Column("name", t("姓名", "name")), Column("role", t("岗位", "role"), detail=4),
        Column("score", t("得分", "score"), numeric=True), Column("grade", t("等级", "grade")),
        Column("earned", t("本期应得", "earned"), numeric=True, detail=1), Column("held", t("递延", "held back"), numeric=True, detail=2),
        Column("adjusted", t("更正与补发", "corrections"), numeric=True, detail=3), Column("total", t("实发奖金", "paid"), numeric=True),
        Column("flags", t("说明", "note"), detail=5),
    ]  # fmt: skip
    cards = {card.subject: card for card in result.run.scores.cards}
    roles = result.run.scheme.roles
    rows: list[list[Cell]] = [_payout_row(now, p, cards.get(p.person), roles) for p in settlement.payouts]
    title = now.context.say("settle.title", period=settlement.period, plan=settlement.plan, version=settlement.version)
    sheets = [Sheet(title, columns, rows, _settlement_notes(now, settlement), key="payouts")]
    return sheets + ([_pool_sheet(now, settlement, plan)] if settlement.pools else [])


def _payout_row(now: Session, payout: Payout, card: Scorecard | None, roles: Mapping[str, Role]) -> list[Cell]:
    adjusted = payout.total - payout.earned + payout.held
    return [
        payout.person, payout.name, role_text(payout.role, roles, now.lang), card.total if card else None,
        card.grade if card else None, payout.earned, payout.held.quantize(payout.total), adjusted, payout.total,
        _flags(now, payout, scored=card is not None),
    ]  # fmt: skip


def _flags(now: Session, payout: Payout, *, scored: bool) -> str:
    """What had to be noticed, in words; somebody whose role has no items is not rated for that reason."""
    words = []
    for kind, _, what in (flag.partition(":") for flag in payout.flags):
        unscored = kind == "not_rated" and not scored
        words.append(say("settle.not_scored" if unscored else f"flag.{kind}", now.lang, {"what": what}))
    return t("；", "; ").join(words)


def _settlement_notes(now: Session, settlement: Settlement) -> list[str]:
    notes = [now.context.say("settle.total", total=money_text(settlement.total), currency=settlement.currency,
                             people=len(settlement.payouts))]  # fmt: skip
    payroll = settlement.payroll
    if payroll is not None and payroll.blocked:
        steps = [say(f"procedure.{step}", now.lang) for step in payroll.missing]
        notes.append(now.context.say("settle.blocked", steps=steps))
    return notes


def _pool_sheet(now: Session, settlement: Settlement, plan: Plan) -> Sheet:
    columns = [
        Column("pool", t("奖金池", "pool"), places=Places.DATA), Column("name", t("奖金池", "pool")), Column("team", t("班组", "team")),
        Column("amount", t("金额", "amount"), numeric=True), Column("people", t("人数", "people"), numeric=True),
        Column("shared", t("已分配", "shared"), numeric=True),
        Column("undistributed", t("未分配", "undistributed"), numeric=True),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [p.key, getattr(plan.pools[p.key].label, now.lang) or p.key, p.team, p.amount.quantize(p.undistributed),
         sum(1 for share in p.shares.values() if share), sum(p.shares.values(), Decimal(0)), p.undistributed]
        for p in settlement.pools
    ]  # fmt: skip
    return Sheet(t("奖金池", "Pools"), columns, rows, key="pools")


def _payslip(now: Session, result: Result, payout: Payout, plan: Plan) -> Sheet:
    columns = [
        Column("line", t("项目", "line")), Column("component", t("内容", "component")),
        Column("amount", t("金额", "amount"), numeric=True), Column("formula", t("算式", "arithmetic")),
    ]  # fmt: skip
    titles = _titles(plan, payout.role, now.lang)
    rows: list[list[Cell]] = [
        [say(f"line.{line.kind.value}", now.lang), _content(now, line, titles), line.amount, _arithmetic(line.trace)]
        for line in payout.lines
    ]
    rows.append([say("line.total", now.lang), "", payout.total, ""])
    scored = any(card.subject == payout.person for card in result.run.scores.cards)
    note = _flags(now, payout, scored=scored)
    return Sheet(payout.name or payout.person, columns, rows, [note] if note else [])


def _content(now: Session, line: Line, titles: Mapping[str, str]) -> str:
    """What a line pays: the component's label; for a correction which period it belongs to and why it was made."""
    if line.kind is LineKind.ADJUSTMENT:
        return say(f"trace.{line.trace.code}", now.lang, line.trace.params)
    return titles.get(line.component, "")


def _titles(plan: Plan, role: str, lang: str) -> dict[str, str]:
    """The labels of a role's components and of the pools, by key."""
    terms = plan.role(role)
    labels = {each.key: each.title for each in terms.components} if terms else {}
    labels |= {key: rule.label for key, rule in plan.pools.items()}
    return {key: getattr(label, lang) or key for key, label in labels.items()}


def _arithmetic(trace: Trace) -> str:
    """The arithmetic of a line: that of the step below where the line itself only rounds."""
    while trace.code == "bonus.line" and len(trace.inputs) == 1:
        trace = trace.inputs[0]
    return trace.formula
