"""score · settle: from values to scorecards, to amounts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fuxiao.base.wording import say, say_issue
from fuxiao.cli import options
from fuxiao.cli.options import t
from fuxiao.cli.output import Cell, Column, Format, Places, Sheet, emit, printable
from fuxiao.cli.session import Session, session
from fuxiao.cli.shown import figure_text, money_text, role_text
from fuxiao.core.bonus.payout import Line, LineKind, Payout, Settlement
from fuxiao.core.bonus.plan import Plan
from fuxiao.core.errors import InputError, UnknownName
from fuxiao.core.explain import Trace
from fuxiao.core.score.card import ItemScore, Scorecard
from fuxiao.core.score.scheme import Role
from fuxiao.incentives.results import Result, work_out
from fuxiao.incentives.settling import Terms, read_plan_text
from fuxiao.performance.roster import Member
from fuxiao.performance.scoring import ScoreRun

UNSAFE = re.compile(r"[^\w-]")
Pools = Annotated[
    list[str] | None,
    typer.Option("--pool", help=t("奖金池金额：名称=金额，可重复", "amount of a pool: key=amount; may be repeated"), show_default=False),
]  # fmt: skip
Company = Annotated[
    str | None, typer.Option("--company", help=t("公司系数，如 1.05", "company factor, e.g. 1.05"), show_default=False)
]
Person = Annotated[
    str | None,
    typer.Option("--person", help=t("只看一个人：工号或姓名", "one person: number or name"), show_default=False),
]


def score(
    period: options.PeriodText = None,
    scheme: options.SchemeName = None,
    person: Person = None,
    clock: options.Clock = "business",
    role: options.Role = "",
    as_of: options.AsOf = None,
    home: options.Home = None,
    lang: options.Lang = None,
    shape: options.Shape = Format.table,
    output: options.Output = None,
) -> None:
    """Scorecards of everybody, or one person's in full.

    fuxiao score -p 2026-10 -s schemes/appliance.yaml
    """
    with session(home, lang, as_of) as now:
        run = now.score(now.period(period), scheme, clock=clock, role=role)
        _warn(now, run)
        emit(
            [_card_sheet(now, run, find_card(now, run, person))] if person else [_score_sheet(now, run)], shape, output
        )


def _warn(now: Session, run: ScoreRun) -> None:
    lines = [printable(say_issue(issue, now.lang)) for issue in run.scheme.warnings]
    file = now.context.home / "warnings" / f"{UNSAFE.sub('_', run.scheme.key) or 'scheme'}.txt"
    if lines and not _told_before(file, lines):
        for line in lines:
            Console(stderr=True).print(line, style="yellow", markup=False, highlight=False, soft_wrap=True)
    if lines:
        now.context.tell("score.warnings", count=len(lines), path=str(file))
    unknown = sorted({m.role for m in run.roster.members.values() if m.role not in run.scheme.roles})
    if unknown:
        now.context.tell("score.roles_without_items", roles=role_names(now, run, unknown), known=role_names(now, run))


def _told_before(file: Path, lines: list[str]) -> bool:
    """Whether these very remarks were told before; if not they are written down, where that can be done."""
    text = "".join(f"{line}\n" for line in lines)
    if file.is_file() and file.read_text(encoding="utf-8", errors="replace") == text:
        return True
    with suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return False


def role_names(now: Session, run: ScoreRun, keys: Iterable[str] | None = None) -> list[str]:
    """Roles in words: these, or all of the scheme."""
    roles = run.scheme.roles
    return [role_text(key, roles, now.lang) for key in (roles if keys is None else keys)]


def find_member(run: ScoreRun, text: str) -> Member:
    """Somebody of the roster by number or name; ``UnknownName`` where there is no such person."""
    member = run.roster.find(text)
    if member is None:
        raise UnknownName("person", text, [m.name for m in run.roster.members.values()])
    return member


def find_card(now: Session, run: ScoreRun, text: str) -> Scorecard:
    """The scorecard of a person by number or name; refused where there is no such person, or no card in their role."""
    member = find_member(run, text)
    if member.role not in run.scheme.roles:
        role, known = role_text(member.role, {}, now.lang), role_names(now, run)
        raise InputError("score.no_card", name=member.name, role=role, known=known)
    return run.scores.card(member.person)


def _score_sheet(now: Session, run: ScoreRun) -> Sheet:
    columns = [
        Column("person", t("工号", "number")), Column("name", t("姓名", "name")), Column("role", t("岗位", "role")),
        Column("team", t("班组", "team"), detail=3), Column("score", t("得分", "score"), numeric=True),
        Column("grade", t("等级", "grade")), Column("coefficient", t("系数", "coefficient"), numeric=True, detail=2),
        Column("rank", t("岗内名次", "rank in role"), numeric=True, detail=4),
        Column("next", t("距上一级", "to next grade"), numeric=True, detail=5), Column("note", t("说明", "note"), detail=1),
    ]  # fmt: skip
    cards = sorted(run.scores.cards, key=lambda c: (c.role.key, -(c.total or Decimal(-1)), c.subject))
    rows: list[list[Cell]] = [_score_row(now, run, card) for card in cards]
    title = f"{now.context.say('score.title', period=run.period.key)} · {run.scheme.key} {run.scheme.version}"
    return Sheet(title, columns, rows)


def _score_row(now: Session, run: ScoreRun, card: Scorecard) -> list[Cell]:
    note = "" if card.rated else say("score.unrated", now.lang)
    rank = "" if card.rank is None else f"{card.rank:f}/{card.rank_of}"
    return [
        card.subject, run.roster.name(card.subject), card.role.names.get(now.lang, card.role.key),
        run.roster.name(card.team), card.total, card.grade, _two_places(card.coefficient), rank, card.distance, note,
    ]  # fmt: skip


def _two_places(factor: Decimal) -> Decimal:
    """A coefficient with two places at the least: 1.0 stands below 0.85."""
    return max(factor, factor.quantize(Decimal("0.01")), key=lambda each: -int(each.as_tuple().exponent))


def _card_sheet(now: Session, run: ScoreRun, card: Scorecard) -> Sheet:
    columns = [
        Column("indicator", t("指标", "indicator")), Column("name", t("名称", "name")),
        Column("weight", t("权重", "weight"), numeric=True, detail=2),
        Column("effective", t("实际权重", "effective"), numeric=True, detail=6),
        Column("target", t("门槛/目标/挑战", "floor/target/stretch"), detail=4), Column("value", t("实际", "actual"), numeric=True),
        Column("n", "n", numeric=True, detail=5), Column("status", t("状态", "status"), detail=3),
        Column("points", t("得分", "points"), numeric=True), Column("weighted", t("加权", "weighted"), numeric=True, detail=1),
        Column("gain", t("达标可加", "at target adds"), numeric=True, detail=7),
    ]  # fmt: skip
    gains = {gain.indicator: gain.at_target for gain in card.gains}
    rows: list[list[Cell]] = [
        _item_row(now, item, weighted, gains.get(item.indicator))
        for item, weighted in zip(card.items, card.weighted_shown, strict=True)
    ]
    name = run.roster.name(card.subject)
    title = f"{name} · {card.role.names.get(now.lang, card.role.key)} · {run.period.key}"
    notes = [
        now.context.say("score.summary", total=card.total or "—", grade=card.grade or "—", coefficient=card.coefficient)
    ]
    if card.next_grade:
        notes.append(now.context.say("score.next", grade=card.next_grade, distance=card.distance))
    return Sheet(title, columns, rows, notes)


def _item_row(now: Session, item: ItemScore, weighted: Decimal, gain: Decimal | None) -> list[Cell]:
    indicator = now.library.indicators.get(item.indicator)
    shown: Cell = item.used
    if indicator is not None and item.value is not None:
        shown = figure_text(item.value, indicator, now.lang, now.places)
    name = indicator.name[now.lang] if indicator else say(f"indicator.{item.indicator}", now.lang)
    status = say(f"status.{item.status.value}", now.lang)
    if item.missing:
        status += f" ({say(f'missing.{item.missing}', now.lang)})"
    return [
        item.indicator, name, item.weight, item.effective_weight, item.target_text, shown,
        item.value.n if item.value else None, status, item.points, weighted, gain,
    ]  # fmt: skip


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
        given[key] = _amount(amount, text)
    return Terms(
        pools=given or None, company=_amount(company, company) if company else None, on=now.as_of.date()
    )  # fmt: skip


def _amount(text: str, where: str) -> Decimal:
    try:
        amount = Decimal(text)
    except ArithmeticError as error:
        raise InputError("cli.not_an_amount", value=where) from error
    if not amount.is_finite() or amount < 0:
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
