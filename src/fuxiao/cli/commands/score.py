"""score: from values to scorecards."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fuxiao.base.wording import say, say_issue
from fuxiao.cli import options
from fuxiao.cli.options import t
from fuxiao.cli.output import Cell, Column, Format, Sheet, emit, printable
from fuxiao.cli.session import Session, session
from fuxiao.cli.shown import figure_text, role_text
from fuxiao.core.errors import InputError, UnknownName
from fuxiao.core.score.card import ItemScore, Scorecard
from fuxiao.performance.roster import Member
from fuxiao.performance.scoring import ScoreRun

UNSAFE = re.compile(r"[^\w-]")
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
    text = "".join(f"{line}\n" for line in lines)
    if lines and not _holds(file, text):
        for line in lines:
            Console(stderr=True).print(line, style="yellow", markup=False, highlight=False, soft_wrap=True)
        with suppress(OSError):  # a home that only reads is told again each time
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
    if lines and _holds(file, text):
        now.context.tell("score.warnings", count=len(lines), path=str(file))
    unknown = sorted({m.role for m in run.roster.members.values() if m.role not in run.scheme.roles})
    if unknown:
        now.context.tell("score.roles_without_items", roles=role_names(now, run, unknown), known=role_names(now, run))
    if named := _known_by_name(run):
        name, number = next(iter(named.items()))
        now.context.tell("score.names_for_numbers", count=len(named), names=list(named)[:5], name=name, number=number)


def _known_by_name(run: ScoreRun) -> dict[str, str]:
    """Whoever the records credit by a name that the list of people has under an employee number, with that number:
    nothing of theirs counts until the records say the number too."""
    strangers = sorted({subject for subject, _ in run.values} - set(run.roster.members))
    found = {each: run.roster.find(each) for each in strangers}
    return {each: members[0].person for each, members in found.items() if members}


def _holds(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8", errors="replace") == text


def role_names(now: Session, run: ScoreRun, keys: Iterable[str] | None = None) -> list[str]:
    """Roles in words: these, or all of the scheme."""
    roles = run.scheme.roles
    return [role_text(key, roles, now.lang) for key in (roles if keys is None else keys)]


def find_member(run: ScoreRun, text: str) -> Member:
    """Somebody of the roster by number or name; ``UnknownName`` where there is no such person, refused where several
    have the name."""
    found = run.roster.find(text)
    if not found:
        raise UnknownName("person", text, [m.name for m in run.roster.members.values()])
    if len(found) > 1:
        raise InputError("score.namesakes", name=text, people=[member.person for member in found])
    return found[0]


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
